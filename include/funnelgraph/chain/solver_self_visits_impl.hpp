// Definition of Solver::self_visits (solver.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <funnelgraph/chain/solver_impl.hpp>

namespace funnelgraph::inline v0 {

template <class T>
std::vector<T> Solver<T>::self_visits() const {
  const EliminationPlan& plan = elimination_->plan();
  std::vector<T> diagonal(plan.stage_count, T(1));
  for (std::uint32_t i = 0; i < plan.stage_count; ++i)
    for (std::uint32_t e = plan.row_begin[i]; e < plan.row_begin[i + 1]; ++e)
      if (plan.target[e] == i) diagonal[i] = T(1) / pivot_[i];
  if (plan.blocks.empty()) return diagonal;

  SelectedInverse inverse{
      LargeArray<T>(lower_.size()),           LargeArray<T>(upper_.size()),
      std::vector<T>(plan.stage_count, T(0)), std::vector<T>(plan.stage_count, T(0)),
      detail::rows_of_stages(plan),           std::vector<std::uint32_t>(plan.lower_begin.size() + 1, 0),
      std::vector<Below>(plan.lower.size())};
  std::vector<std::uint32_t>& begin = inverse.below_begin;
  for (const std::uint32_t k : plan.lower) ++begin[inverse.row_of[k] + 2];
  for (std::size_t r = 2; r < begin.size(); ++r) begin[r] += begin[r - 1];
  for (const CyclicBlock& block : plan.blocks)
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t r = block.first_row + (p - block.begin);
      for (std::uint32_t l = plan.lower_begin[r]; l < plan.lower_begin[r + 1]; ++l)
        inverse.below[begin[inverse.row_of[plan.lower[l]] + 1]++] = {plan.order[p], l};
    }
  for (const CyclicBlock& block : plan.blocks) invert(block, inverse, diagonal);
  return diagonal;
}

// With G = (I - P)^-1 on the transposed pattern, from the last stage of a block to the first:
//   G_kj = (sum_m u_km G_mj) / s_k   for j below k (k is in lower(j)), m in upper(k)
//   G_mk = sum_i G_mi l_ik           for m in upper(k), i below k
//   G_kk = (1 + sum_m u_km G_mk) / s_k.
// The pattern holds every G_mj and G_mi that these need.
template <class T>
void Solver<T>::invert(const CyclicBlock& block, SelectedInverse& inverse, std::vector<T>& diagonal) const {
  const EliminationPlan& plan = elimination_->plan();
  auto& [of_lower, of_upper, ahead, back, row_of, below_begin, below] = inverse;
  const std::uint32_t dense_from = block.end - block.dense;
  std::vector<T> pivot(block.dense, T(0));
  std::vector<std::uint32_t> place(block.dense > 0 ? plan.stage_count : 0, block.dense);
  for (std::uint32_t q = 0; q < block.dense; ++q) {
    pivot[q] = pivot_[plan.order[dense_from + q]];
    place[plan.order[dense_from + q]] = q;
  }
  const std::vector<T> full =
      detail::dense_inverse(dense_.data() + block.dense_begin, pivot.data(), block.dense);
  for (std::uint32_t q = 0; q < block.dense; ++q)
    diagonal[plan.order[dense_from + q]] = full[std::size_t{q} * block.dense + q];

  std::vector<std::uint32_t> into_dense;  // stages of upper(k) in the dense block
  // Calls visit(m, G_mi) for a stage i below k, for at least all m in upper(k).
  const auto each = [&](const Below& entry, const auto& visit) {
    const auto [i, slot] = entry;
    for (std::uint32_t l = slot + 1; l < plan.lower_begin[row_of[i] + 1]; ++l)
      visit(plan.lower[l], of_lower[l]);
    if (block.dense > 0 && place[i] < block.dense) {
      for (const std::uint32_t m : into_dense) visit(m, full[std::size_t{place[m]} * block.dense + place[i]]);
      return;
    }
    visit(i, diagonal[i]);
    for (std::uint32_t u = plan.upper_begin[row_of[i]]; u < plan.upper_begin[row_of[i] + 1]; ++u)
      visit(plan.upper[u], of_upper[u]);
  };
  for (std::uint32_t p = dense_from; p-- > block.begin;) {
    const std::uint32_t k = plan.order[p];
    const std::uint32_t r = block.first_row + (p - block.begin);
    const std::uint32_t first = plan.upper_begin[r], last = plan.upper_begin[r + 1];
    into_dense.clear();
    for (std::uint32_t u = first; u < last; ++u) {
      ahead[plan.upper[u]] = upper_[u];
      if (block.dense > 0 && place[plan.upper[u]] < block.dense) into_dense.push_back(plan.upper[u]);
    }
    for (std::uint32_t b = below_begin[r]; b < below_begin[r + 1]; ++b) {
      const T& factor = lower_[below[b].slot];
      T sum = T(0);
      each(below[b], [&](std::uint32_t m, const T& g) {
        sum = sum + ahead[m] * g;
        back[m] = back[m] + factor * g;
      });
      of_lower[below[b].slot] = sum / pivot_[k];
    }
    T sum = T(1);
    for (std::uint32_t u = first; u < last; ++u) {
      of_upper[u] = back[plan.upper[u]];
      ahead[plan.upper[u]] = T(0);
      sum = sum + upper_[u] * of_upper[u];
    }
    diagonal[k] = sum / pivot_[k];
    for (std::uint32_t b = below_begin[r]; b < below_begin[r + 1]; ++b)
      each(below[b], [&](std::uint32_t m, const T&) { back[m] = T(0); });
  }
}

}  // namespace funnelgraph::inline v0
