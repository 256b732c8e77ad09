// Definitions of lane_solver.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>

#include <funnelgraph/analysis/detail/lane_solver.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE void LaneSolver::positive(TapeValue pivot) {
  tape_.check(pivot, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max());
}

FUNNELGRAPH_INLINE LaneSolver::LaneSolver(TapeBuilder& tape, const Elimination& elimination,
                                          std::vector<TapeValue> weight, std::span<const TapeValue> leaving,
                                          std::span<const TapeValue> total)
    : tape_(tape), plan_(elimination.plan()), weight_(std::move(weight)) {
  const EliminationPlan& plan = plan_;
  pivot_.assign(plan.stage_count, 0.0);
  exit_.assign(plan.stage_count, 0.0);
  lower_.assign(plan.lower.size(), 0.0);
  upper_.assign(plan.upper.size(), 0.0);
  dense_.assign(plan.dense_size, 0.0);
  const auto alone = [&](std::uint32_t stage) {
    bool loops = false;
    Terms terms;
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e) {
      if (plan.target[e] == stage && !weight_[e].is(0))
        loops = true;
      else
        terms.push_back({weight_[e]});
    }
    if (!loops && !(total[stage].is_shared() && std::isnan(total[stage].number))) {
      pivot_[stage] = total[stage];
      return;
    }
    pivot_[stage] = tape_.sum(leaving[stage], terms);
    positive(pivot_[stage]);
  };
  std::uint32_t position = 0;
  for (const CyclicBlock& block : plan.blocks) {
    for (; position < block.begin; ++position) alone(plan.order[position]);
    eliminate(block, leaving);
    position = block.end;
  }
  for (; position < plan.stage_count; ++position) alone(plan.order[position]);
}

FUNNELGRAPH_INLINE void LaneSolver::eliminate(const CyclicBlock& block, std::span<const TapeValue> leaving) {
  const EliminationPlan& plan = plan_;
  const std::uint32_t number = plan.block_of_stage[plan.order[block.begin]];
  const std::uint32_t dense_from = block.end - block.dense;
  std::vector<Terms> row(plan.stage_count);
  const auto taken = [&](std::uint32_t to) {
    const TapeValue value = tape_.sum(0.0, row[to]);
    row[to].clear();
    return value;
  };
  const auto row_of = [&](std::uint32_t stage) {
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      if (plan.order[p] == stage) return block.first_row + (p - block.begin);
    }
    return block.first_row;
  };
  for (std::uint32_t p = block.begin; p < block.end; ++p) {
    const std::uint32_t stage = plan.order[p];
    const std::uint32_t r = block.first_row + (p - block.begin);
    Terms exit;
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e) {
      const std::uint32_t to = plan.target[e];
      if (to >= plan.stage_count)
        exit.push_back({weight_[e]});
      else if (plan.block_of_stage[to] == number)
        row[to].push_back({weight_[e]});
    }
    for (std::uint32_t a = plan.across_begin[r]; a < plan.across_begin[r + 1]; ++a)
      exit.push_back({weight_[plan.across[a]]});
    for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l) {
      const std::uint32_t k = plan.lower[l];
      const TapeValue factor = tape_.quotient(taken(k), pivot_[k]);
      lower_[l] = factor;
      exit.push_back({factor, exit_[k]});
      const std::uint32_t above = row_of(k);
      for (std::uint32_t u = plan.upper_begin[above]; u < plan.upper_begin[above + 1]; ++u)
        row[plan.upper[u]].push_back({factor, upper_[u]});
    }
    row[stage].clear();
    exit_[stage] = tape_.sum(leaving[stage], exit);
    Terms pivot;
    for (std::uint32_t u = plan.upper_begin[r]; u < plan.upper_begin[r + 1]; ++u) {
      upper_[u] = taken(plan.upper[u]);
      pivot.push_back({upper_[u]});
    }
    if (p < dense_from) {
      pivot_[stage] = tape_.sum(exit_[stage], pivot);
      positive(pivot_[stage]);
      continue;
    }
    // The dense rest: row by row, as the sparse rows, with the sparse part of the row done.
    const std::uint32_t q = p - dense_from;
    TapeValue* const full = dense_.data() + block.dense_begin + std::size_t{q} * block.dense;
    Terms leaves;
    for (std::uint32_t k = 0; k < q; ++k) {
      const std::uint32_t above = plan.order[dense_from + k];
      full[k] = tape_.quotient(taken(above), pivot_[above]);
      leaves.push_back({full[k], exit_[above]});
      for (std::uint32_t j = k + 1; j < block.dense; ++j) {
        if (j == q) continue;
        row[plan.order[dense_from + j]].push_back(
            {full[k], dense_[block.dense_begin + std::size_t{k} * block.dense + j]});
      }
    }
    exit_[stage] = tape_.sum(exit_[stage], leaves);
    for (std::uint32_t j = q + 1; j < block.dense; ++j) {
      full[j] = taken(plan.order[dense_from + j]);
      pivot.push_back({full[j]});
    }
    pivot_[stage] = tape_.sum(exit_[stage], pivot);
    positive(pivot_[stage]);
  }
}

FUNNELGRAPH_INLINE void LaneSolver::solve(std::vector<TapeValue>& a) const {
  const EliminationPlan& plan = plan_;
  std::vector<Terms> arriving(plan.stage_count);
  const auto push = [&](TapeValue from, TapeValue factor, std::uint32_t to) {
    if (!from.is(0) && !factor.is(0)) arriving[to].push_back({from, factor});
  };
  const auto settle = [&](std::uint32_t stage) {
    a[stage] = tape_.sum(a[stage], arriving[stage]);
    arriving[stage].clear();
  };
  const auto divide = [&](std::uint32_t stage) {
    settle(stage);
    a[stage] = tape_.quotient(a[stage], pivot_[stage]);
  };
  const auto alone = [&](std::uint32_t stage) {
    divide(stage);
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e) {
      if (plan.target[e] < plan.stage_count && plan.target[e] != stage)
        push(a[stage], weight_[e], plan.target[e]);
    }
  };
  std::uint32_t position = 0;
  for (const CyclicBlock& block : plan.blocks) {
    const std::uint32_t dense_from = block.end - block.dense;
    const auto dense_at = [&](std::uint32_t i, std::uint32_t j) {
      return dense_[block.dense_begin + std::size_t{i - dense_from} * block.dense + (j - dense_from)];
    };
    for (; position < block.begin; ++position) alone(plan.order[position]);
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      divide(stage);
      for (std::uint32_t u = plan.upper_begin[r]; u < plan.upper_begin[r + 1]; ++u)
        push(a[stage], upper_[u], plan.upper[u]);
      if (p < dense_from) continue;
      for (std::uint32_t j = p + 1; j < block.end; ++j) push(a[stage], dense_at(p, j), plan.order[j]);
    }
    for (std::uint32_t p = block.end; p-- > block.begin;) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      settle(stage);
      for (std::uint32_t k = dense_from; k < p; ++k) push(a[stage], dense_at(p, k), plan.order[k]);
      for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l)
        push(a[stage], lower_[l], plan.lower[l]);
      for (std::uint32_t e = plan.across_begin[r]; e < plan.across_begin[r + 1]; ++e)
        push(a[stage], weight_[plan.across[e]], plan.target[plan.across[e]]);
    }
    position = block.end;
  }
  for (; position < plan.stage_count; ++position) alone(plan.order[position]);
}

}  // namespace funnelgraph::inline v0::detail
