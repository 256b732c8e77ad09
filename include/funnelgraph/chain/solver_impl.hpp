// Definitions of Solver (solver.hpp).
#pragma once

#include <algorithm>
#include <string>

#include <funnelgraph/chain/detail/dense.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0 {

namespace detail {
/// A number of columns known when compiling, so that the loop over one column is no loop.
struct OneColumn {
  static constexpr std::size_t value() noexcept { return 1; }
};
struct ManyColumns {
  std::size_t count;
  [[nodiscard]] std::size_t value() const noexcept { return count; }
};
/// By stage: its row in the filled pattern of its block; 0 for a stage alone.
inline std::vector<std::uint32_t> rows_of_stages(const EliminationPlan& plan) {
  std::vector<std::uint32_t> row_of(plan.stage_count, 0);
  for (const CyclicBlock& block : plan.blocks)
    for (std::uint32_t p = block.begin; p < block.end; ++p)
      row_of[plan.order[p]] = block.first_row + (p - block.begin);
  return row_of;
}
}  // namespace detail

template <class T>
Solver<T>::Solver(const Elimination& elimination, std::span<const T> rate, std::span<const T> drop_off)
    : elimination_(&elimination) {
  const EliminationPlan& plan = elimination.plan();
  if (rate.size() != plan.target.size())
    throw InvalidValueError("rates of a solver", std::to_string(rate.size()),
                            std::to_string(plan.target.size()) + " (one per edge)");
  if (drop_off.size() != plan.stage_count)
    throw InvalidValueError("drop-offs of a solver", std::to_string(drop_off.size()),
                            std::to_string(plan.stage_count) + " (one per stage)");
  rate_.assign(rate.begin(), rate.end());
  pivot_.assign(plan.stage_count, T(0));
  lower_.resize(plan.lower.size());
  upper_.resize(plan.upper.size());
  dense_.resize(plan.dense_size);
  Workspace work;
  if (!plan.blocks.empty()) {
    work.row.assign(plan.stage_count, T(0));
    work.exit.assign(plan.stage_count, T(0));
    work.row_of = detail::rows_of_stages(plan);
  }
  std::uint32_t position = 0;
  for (const CyclicBlock& block : plan.blocks) {
    for (; position < block.begin; ++position) eliminate_alone(plan.order[position], drop_off);
    eliminate(block, drop_off, work);
    position = block.end;
  }
  for (; position < plan.stage_count; ++position) eliminate_alone(plan.order[position], drop_off);
}

template <class T>
void Solver<T>::refuse(std::uint32_t stage, std::span<const T> drop_off) const {
  const auto flows = [](const T& x) { return x == T(0) ? 0.0 : 1.0; };
  std::vector<double> rates(rate_.size()), drop_offs(drop_off.size());
  std::transform(rate_.begin(), rate_.end(), rates.begin(), flows);
  std::transform(drop_off.begin(), drop_off.end(), drop_offs.begin(), flows);
  detail::throw_unsolvable(*elimination_, rates, drop_offs, stage);
}

// The sums below run in the same order as those of solve: rounding is monotone, so a right-hand side that
// is at most a part of the exits never gives more than 1.
template <class T>
void Solver<T>::eliminate_alone(std::uint32_t stage, std::span<const T> drop_off) {
  const EliminationPlan& plan = elimination_->plan();
  T exit = drop_off[stage];
  for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e)
    if (plan.target[e] >= plan.stage_count) exit = exit + rate_[e];
  for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e)
    if (plan.target[e] < plan.stage_count && plan.target[e] != stage) exit = exit + rate_[e];
  pivot_[stage] = exit;
  if (exit == T(0)) refuse(stage, drop_off);
}

template <class T>
void Solver<T>::eliminate(const CyclicBlock& block, std::span<const T> drop_off, Workspace& work) {
  const EliminationPlan& plan = elimination_->plan();
  const std::uint32_t number = plan.block_of_stage[plan.order[block.begin]];
  const std::uint32_t dense_from = block.end - block.dense;
  T* const row = work.row.data();
  T* const exit_of = work.exit.data();
  const std::uint32_t* const upper = plan.upper.data();
  T* const upper_number = upper_.data();
  for (std::uint32_t p = block.begin; p < block.end; ++p) {
    const std::uint32_t stage = plan.order[p];
    const std::uint32_t r = block.first_row + (p - block.begin);
    T exit = drop_off[stage];
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e) {
      const std::uint32_t to = plan.target[e];
      if (to >= plan.stage_count)
        exit = exit + rate_[e];
      else if (plan.block_of_stage[to] == number)
        row[to] = row[to] + rate_[e];
    }
    for (std::uint32_t a = plan.across_begin[r]; a < plan.across_begin[r + 1]; ++a)
      exit = exit + rate_[plan.across[a]];
    for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l) {
      const std::uint32_t k = plan.lower[l];
      const T factor = row[k] / pivot_[k];
      row[k] = T(0);
      lower_[l] = factor;
      exit = exit + factor * exit_of[k];
      const std::uint32_t last = plan.upper_begin[work.row_of[k] + 1];
      for (std::uint32_t u = plan.upper_begin[work.row_of[k]]; u < last; ++u)
        row[upper[u]] = row[upper[u]] + factor * upper_number[u];
    }
    row[stage] = T(0);
    T pivot = exit;
    const std::uint32_t first = plan.upper_begin[r], last = plan.upper_begin[r + 1];
    for (std::uint32_t u = first; u < last; ++u) {
      upper_number[u] = row[upper[u]];
      row[upper[u]] = T(0);
      pivot = pivot + upper_number[u];
    }
    exit_of[stage] = exit;
    if (p < dense_from) {
      pivot_[stage] = pivot;
      if (pivot == T(0)) refuse(stage, drop_off);
      continue;
    }
    T* full = dense_.data() + block.dense_begin + std::size_t{p - dense_from} * block.dense;
    for (std::uint32_t q = 0; q < block.dense; ++q) {
      full[q] = row[plan.order[dense_from + q]];
      row[plan.order[dense_from + q]] = T(0);
    }
  }
  if (block.dense > 0) eliminate_rest(block, drop_off, work);
}

template <class T>
void Solver<T>::eliminate_rest(const CyclicBlock& block, std::span<const T> drop_off, Workspace& work) {
  const EliminationPlan& plan = elimination_->plan();
  const std::uint32_t* stages = plan.order.data() + (block.end - block.dense);
  std::vector<T> pivot(block.dense, T(0));
  work.dense_exit.assign(block.dense, T(0));
  for (std::uint32_t q = 0; q < block.dense; ++q) work.dense_exit[q] = work.exit[stages[q]];
  detail::eliminate_dense(dense_.data() + block.dense_begin, pivot.data(), work.dense_exit.data(),
                          block.dense, [&](std::size_t q) {
                            pivot_[stages[q]] = pivot[q];
                            if (pivot[q] == T(0)) refuse(stages[q], drop_off);
                          });
}

template <class T>
void Solver<T>::check_size(std::size_t given, std::size_t columns) const {
  if (given != columns * pivot_.size())
    throw InvalidValueError(
        "right-hand side of a solver", std::to_string(given),
        std::to_string(pivot_.size()) + " stages x " + std::to_string(columns) + " columns");
}

template <class T>
void Solver<T>::solve(std::span<T> c, std::size_t columns) const {
  check_size(c.size(), columns);
  if (columns == 1)
    solve_columns(c.data(), detail::OneColumn{});
  else if (columns > 1)
    solve_columns(c.data(), detail::ManyColumns{columns});
}

template <class T>
void Solver<T>::solve_transposed(std::span<T> a, std::size_t columns) const {
  check_size(a.size(), columns);
  if (columns == 1)
    solve_transposed_columns(a.data(), detail::OneColumn{});
  else if (columns > 1)
    solve_transposed_columns(a.data(), detail::ManyColumns{columns});
}

template <class T>
template <class Columns>
void Solver<T>::solve_columns(T* c, Columns columns) const {
  const EliminationPlan& plan = elimination_->plan();
  const auto add = [&](std::uint32_t to, const T& factor, std::uint32_t from) {
    if (!carries(factor)) return;
    T* x = c + to * columns.value();
    const T* y = c + from * columns.value();
    for (std::size_t m = 0; m < columns.value(); ++m) x[m] = x[m] + factor * y[m];
  };
  const auto divide = [&](std::uint32_t stage) {
    T* x = c + stage * columns.value();
    for (std::size_t m = 0; m < columns.value(); ++m) x[m] = x[m] / pivot_[stage];
  };
  const auto alone = [&](std::uint32_t stage) {
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e)
      if (plan.target[e] < plan.stage_count && plan.target[e] != stage) add(stage, rate_[e], plan.target[e]);
    divide(stage);
  };
  std::uint32_t position = plan.stage_count;
  for (std::size_t b = plan.blocks.size(); b-- > 0;) {
    const CyclicBlock& block = plan.blocks[b];
    const std::uint32_t dense_from = block.end - block.dense;
    while (position > block.end) alone(plan.order[--position]);
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      for (std::uint32_t a = plan.across_begin[r]; a < plan.across_begin[r + 1]; ++a)
        add(stage, rate_[plan.across[a]], plan.target[plan.across[a]]);
      for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l)
        add(stage, lower_[l], plan.lower[l]);
      for (std::uint32_t k = dense_from; k < p; ++k)
        add(stage, dense_at(block, p - dense_from, k - dense_from), plan.order[k]);
    }
    for (std::uint32_t p = block.end; p-- > block.begin;) {
      const std::uint32_t stage = plan.order[p];
      if (p >= dense_from)
        for (std::uint32_t j = p + 1; j < block.end; ++j)
          add(stage, dense_at(block, p - dense_from, j - dense_from), plan.order[j]);
      const std::uint32_t r = block.first_row + (p - block.begin);
      for (std::uint32_t u = plan.upper_begin[r]; u < plan.upper_begin[r + 1]; ++u)
        add(stage, upper_[u], plan.upper[u]);
      divide(stage);
    }
    position = block.begin;
  }
  while (position > 0) alone(plan.order[--position]);
}

template <class T>
template <class Columns>
void Solver<T>::solve_transposed_columns(T* a, Columns columns) const {
  const EliminationPlan& plan = elimination_->plan();
  const auto push = [&](std::uint32_t from, const T& factor, std::uint32_t to) {
    if (!carries(factor)) return;
    const T* x = a + from * columns.value();
    T* y = a + to * columns.value();
    for (std::size_t m = 0; m < columns.value(); ++m) y[m] = y[m] + x[m] * factor;
  };
  const auto divide = [&](std::uint32_t stage) {
    T* x = a + stage * columns.value();
    for (std::size_t m = 0; m < columns.value(); ++m) x[m] = x[m] / pivot_[stage];
  };
  const auto alone = [&](std::uint32_t stage) {
    divide(stage);
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e)
      if (plan.target[e] < plan.stage_count && plan.target[e] != stage) push(stage, rate_[e], plan.target[e]);
  };
  std::uint32_t position = 0;
  for (const CyclicBlock& block : plan.blocks) {
    const std::uint32_t dense_from = block.end - block.dense;
    for (; position < block.begin; ++position) alone(plan.order[position]);
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      divide(stage);
      for (std::uint32_t u = plan.upper_begin[r]; u < plan.upper_begin[r + 1]; ++u)
        push(stage, upper_[u], plan.upper[u]);
      if (p >= dense_from)
        for (std::uint32_t j = p + 1; j < block.end; ++j)
          push(stage, dense_at(block, p - dense_from, j - dense_from), plan.order[j]);
    }
    for (std::uint32_t p = block.end; p-- > block.begin;) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      for (std::uint32_t k = dense_from; k < p; ++k)
        push(stage, dense_at(block, p - dense_from, k - dense_from), plan.order[k]);
      for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l)
        push(stage, lower_[l], plan.lower[l]);
      for (std::uint32_t e = plan.across_begin[r]; e < plan.across_begin[r + 1]; ++e)
        push(stage, rate_[plan.across[e]], plan.target[plan.across[e]]);
    }
    position = block.end;
  }
  for (; position < plan.stage_count; ++position) alone(plan.order[position]);
}

}  // namespace funnelgraph::inline v0

#include <funnelgraph/chain/solver_self_visits_impl.hpp>
