// Definitions of Solver (solver.hpp).
#pragma once

#include <algorithm>
#include <string>

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
  lower_.assign(plan.lower.size(), T(0));
  upper_.assign(plan.upper.size(), T(0));
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
void Solver<T>::check_pivot(std::uint32_t stage, std::span<const T> drop_off) const {
  if (!(pivot_[stage] == T(0))) return;
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
  check_pivot(stage, drop_off);
}

template <class T>
void Solver<T>::eliminate(const CyclicBlock& block, std::span<const T> drop_off, Workspace& work) {
  const EliminationPlan& plan = elimination_->plan();
  const std::uint32_t number = plan.block_of_stage[plan.order[block.begin]];
  auto& [row, exit_of, row_of] = work;
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
      if (!carries(factor)) continue;
      exit = exit + factor * exit_of[k];
      for (std::uint32_t u = plan.upper_begin[row_of[k]]; u < plan.upper_begin[row_of[k] + 1]; ++u)
        row[plan.upper[u]] = row[plan.upper[u]] + factor * upper_[u];
    }
    row[stage] = T(0);
    exit_of[stage] = exit;
    for (std::uint32_t u = plan.upper_begin[r]; u < plan.upper_begin[r + 1]; ++u) {
      upper_[u] = row[plan.upper[u]];
      row[plan.upper[u]] = T(0);
      exit = exit + upper_[u];
    }
    pivot_[stage] = exit;
    check_pivot(stage, drop_off);
  }
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
    while (position > block.end) alone(plan.order[--position]);
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      for (std::uint32_t a = plan.across_begin[r]; a < plan.across_begin[r + 1]; ++a)
        add(stage, rate_[plan.across[a]], plan.target[plan.across[a]]);
      for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l)
        add(stage, lower_[l], plan.lower[l]);
    }
    for (std::uint32_t p = block.end; p-- > block.begin;) {
      const std::uint32_t stage = plan.order[p];
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
    for (; position < block.begin; ++position) alone(plan.order[position]);
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      divide(stage);
      for (std::uint32_t u = plan.upper_begin[r]; u < plan.upper_begin[r + 1]; ++u)
        push(stage, upper_[u], plan.upper[u]);
    }
    for (std::uint32_t p = block.end; p-- > block.begin;) {
      const std::uint32_t stage = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l)
        push(stage, lower_[l], plan.lower[l]);
      for (std::uint32_t e = plan.across_begin[r]; e < plan.across_begin[r + 1]; ++e)
        push(stage, rate_[plan.across[e]], plan.target[plan.across[e]]);
    }
    position = block.end;
  }
  for (; position < plan.stage_count; ++position) alone(plan.order[position]);
}

// With G = (I - P)^-1 on the transposed pattern, from the last stage of a block to the first:
//   G_mk = sum_i G_mi l_ik           for m in upper(k), i below k
//   G_kj = (sum_m u_km G_mj) / s_k   for j below k
//   G_kk = (1 + sum_m u_km G_mk) / s_k.
// `of_upper[u]` holds G_mk of the entry (k, m) of `upper`, `of_lower[l]` holds G_ki of the entry (i, k).
template <class T>
std::vector<T> Solver<T>::self_visits() const {
  const EliminationPlan& plan = elimination_->plan();
  std::vector<T> diagonal(plan.stage_count, T(0));
  const auto loops = [&](std::uint32_t stage) {
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e)
      if (plan.target[e] == stage) return true;
    return false;
  };
  const auto alone = [&](std::uint32_t stage) {
    diagonal[stage] = loops(stage) ? T(1) / pivot_[stage] : T(1);
  };
  if (plan.blocks.empty()) {
    for (std::uint32_t i = 0; i < plan.stage_count; ++i) alone(i);
    return diagonal;
  }
  for (std::uint32_t i = 0; i < plan.stage_count; ++i)
    if (plan.block_of_stage[i] == EliminationPlan::no_block) alone(i);

  std::vector<T> of_lower(lower_.size(), T(0)), of_upper(upper_.size(), T(0)), work(plan.stage_count, T(0));
  const std::vector<std::uint32_t> row_of = detail::rows_of_stages(plan);
  std::vector<std::uint32_t> column_begin(plan.lower_begin.size() + 1, 0);
  struct Below {
    std::uint32_t stage, slot;
  };
  std::vector<Below> below(plan.lower.size());
  for (const std::uint32_t k : plan.lower) ++column_begin[row_of[k] + 2];
  for (std::size_t r = 2; r < column_begin.size(); ++r) column_begin[r] += column_begin[r - 1];
  for (const CyclicBlock& block : plan.blocks)
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t r = block.first_row + (p - block.begin);
      for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l)
        below[column_begin[row_of[plan.lower[l]] + 1]++] = {plan.order[p], l};
    }

  for (const CyclicBlock& block : plan.blocks)
    for (std::uint32_t p = block.end; p-- > block.begin;) {
      const std::uint32_t k = plan.order[p];
      const std::uint32_t r = block.first_row + (p - block.begin);
      const std::uint32_t first = plan.upper_begin[r], last = plan.upper_begin[r + 1];
      for (std::uint32_t u = first; u < last; ++u) work[plan.upper[u]] = upper_[u];
      for (std::uint32_t b = column_begin[r]; b < column_begin[r + 1]; ++b) {
        const auto [j, slot] = below[b];
        T sum = work[j] * diagonal[j];
        for (std::uint32_t l = slot + 1; l < plan.lower_begin[row_of[j] + 1]; ++l)
          sum = sum + work[plan.lower[l]] * of_lower[l];
        for (std::uint32_t u = plan.upper_begin[row_of[j]]; u < plan.upper_begin[row_of[j] + 1]; ++u)
          sum = sum + work[plan.upper[u]] * of_upper[u];
        of_lower[slot] = sum / pivot_[k];
      }
      for (std::uint32_t u = first; u < last; ++u) work[plan.upper[u]] = T(0);
      for (std::uint32_t b = column_begin[r]; b < column_begin[r + 1]; ++b) {
        const auto [i, slot] = below[b];
        const T factor = lower_[slot];
        work[i] = work[i] + factor * diagonal[i];
        for (std::uint32_t l = slot + 1; l < plan.lower_begin[row_of[i] + 1]; ++l)
          work[plan.lower[l]] = work[plan.lower[l]] + factor * of_lower[l];
        for (std::uint32_t u = plan.upper_begin[row_of[i]]; u < plan.upper_begin[row_of[i] + 1]; ++u)
          work[plan.upper[u]] = work[plan.upper[u]] + factor * of_upper[u];
      }
      T sum = T(1);
      for (std::uint32_t u = first; u < last; ++u) {
        of_upper[u] = work[plan.upper[u]];
        sum = sum + upper_[u] * of_upper[u];
      }
      diagonal[k] = sum / pivot_[k];
      for (std::uint32_t b = column_begin[r]; b < column_begin[r + 1]; ++b) {
        const auto [i, slot] = below[b];
        work[i] = T(0);
        for (std::uint32_t l = slot + 1; l < plan.lower_begin[row_of[i] + 1]; ++l) work[plan.lower[l]] = T(0);
        for (std::uint32_t u = plan.upper_begin[row_of[i]]; u < plan.upper_begin[row_of[i] + 1]; ++u)
          work[plan.upper[u]] = T(0);
      }
    }
  return diagonal;
}

}  // namespace funnelgraph::inline v0
