#pragma once

#include <algorithm>
#include <functional>
#include <queue>
#include <string>

#include <Eigen/OrderingMethods>
#include <Eigen/SparseCore>

#include <funnelgraph/chain/detail/strong_components.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Mean span of a row, in stages, up to which the given order of a component is kept.
inline constexpr std::size_t natural_span_limit = 64;

/// Stages of a component in their natural order, or in one of minimum degree when rows span far.
inline void order_component(const EliminationPlan& plan, std::span<std::uint32_t> stages,
                            std::vector<std::uint32_t>& local) {
  std::sort(stages.begin(), stages.end());
  const auto size = static_cast<std::uint32_t>(stages.size());
  const std::uint32_t number = plan.block_of_stage[stages.front()];
  for (std::uint32_t q = 0; q < size; ++q) local[stages[q]] = q;
  std::size_t span = 0, inside = 0;
  for (std::uint32_t q = 0; q < size; ++q) {
    std::uint32_t low = q, high = q;
    for (std::uint32_t e = plan.row_begin[stages[q]]; e < plan.row_begin[stages[q] + 1]; ++e) {
      const std::uint32_t to = plan.target[e];
      if (to >= plan.stage_count || plan.block_of_stage[to] != number) continue;
      low = std::min(low, local[to]);
      high = std::max(high, local[to]);
      ++inside;
    }
    span += high - low;
  }
  if (span <= natural_span_limit * size) return;
  using Matrix = Eigen::SparseMatrix<double, Eigen::ColMajor, int>;
  std::vector<Eigen::Triplet<double>> entries;
  entries.reserve(2 * inside);
  for (std::uint32_t q = 0; q < size; ++q)
    for (std::uint32_t e = plan.row_begin[stages[q]]; e < plan.row_begin[stages[q] + 1]; ++e) {
      const std::uint32_t to = plan.target[e];
      if (to >= plan.stage_count || plan.block_of_stage[to] != number || local[to] == q) continue;
      entries.emplace_back(static_cast<int>(q), static_cast<int>(local[to]), 1.0);
    }
  Matrix matrix(static_cast<int>(size), static_cast<int>(size));
  matrix.setFromTriplets(entries.begin(), entries.end());
  Eigen::PermutationMatrix<Eigen::Dynamic, Eigen::Dynamic, int> permutation;
  Eigen::AMDOrdering<int>{}(matrix, permutation);
  std::vector<std::uint32_t> ordered(size);
  for (std::uint32_t q = 0; q < size; ++q)
    ordered[q] = stages[static_cast<std::uint32_t>(permutation.indices()(static_cast<int>(q)))];
  std::copy(ordered.begin(), ordered.end(), stages.begin());
}

/// The filled pattern of one block, row by row: row i of the elimination is its own entries joined with
/// what every earlier stage that it reaches reaches itself.
inline void fill_block(EliminationPlan& plan, EliminationStatistics& statistics, const CyclicBlock& block,
                       std::vector<std::uint32_t>& local, std::vector<std::uint32_t>& seen) {
  const std::uint32_t number = plan.block_of_stage[plan.order[block.begin]];
  const std::uint32_t size = block.end - block.begin;
  for (std::uint32_t q = 0; q < size; ++q) local[plan.order[block.begin + q]] = q;
  std::vector<std::uint32_t> later;
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> earlier;
  for (std::uint32_t q = 0; q < size; ++q) {
    const std::uint32_t stage = plan.order[block.begin + q];
    std::uint64_t own = 0;
    later.clear();
    const auto meet = [&](std::uint32_t to) {
      const std::uint32_t position = local[to];
      if (position == q || seen[to] == q + 1) return false;
      seen[to] = q + 1;
      if (position < q)
        earlier.push(position);
      else
        later.push_back(position);
      return true;
    };
    for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e) {
      const std::uint32_t to = plan.target[e];
      if (to >= plan.stage_count) continue;
      if (plan.block_of_stage[to] == number)
        own += meet(to) ? 1U : 0U;
      else
        plan.across.push_back(e);
    }
    const std::size_t before = plan.lower.size();
    while (!earlier.empty()) {
      const std::uint32_t k = earlier.top();
      earlier.pop();
      plan.lower.push_back(plan.order[block.begin + k]);
      const std::uint32_t row = block.first_row + k;
      for (std::uint32_t u = plan.upper_begin[row]; u < plan.upper_begin[row + 1]; ++u) meet(plan.upper[u]);
      statistics.operations += plan.upper_begin[row + 1] - plan.upper_begin[row] + 1;
    }
    std::sort(later.begin(), later.end());
    for (const std::uint32_t position : later) plan.upper.push_back(plan.order[block.begin + position]);
    statistics.fill += later.size() + (plan.lower.size() - before) - own;
    plan.lower_begin.push_back(static_cast<std::uint32_t>(plan.lower.size()));
    plan.upper_begin.push_back(static_cast<std::uint32_t>(plan.upper.size()));
    plan.across_begin.push_back(static_cast<std::uint32_t>(plan.across.size()));
  }
  for (std::uint32_t q = 0; q < size; ++q) seen[plan.order[block.begin + q]] = 0;
}

}  // namespace detail

FUNNELGRAPH_INLINE Elimination::Elimination(const Chain& chain)
    : Elimination(chain.stage_count, chain.row_begin, chain.target) {}

FUNNELGRAPH_INLINE Elimination::Elimination(std::uint32_t stage_count,
                                            std::span<const std::uint32_t> row_begin,
                                            std::span<const std::uint32_t> target) {
  if (row_begin.size() != std::size_t{stage_count} + 1 || row_begin.front() != 0 ||
      row_begin.back() != target.size() || !std::is_sorted(row_begin.begin(), row_begin.end()))
    throw InvalidValueError("row_begin of an elimination", std::to_string(row_begin.size()) + " numbers",
                            std::to_string(std::size_t{stage_count} + 1) + " ascending numbers from 0 to " +
                                std::to_string(target.size()));
  plan_.stage_count = stage_count;
  plan_.row_begin.assign(row_begin.begin(), row_begin.end());
  plan_.target.assign(target.begin(), target.end());
  detail::StrongComponents components = detail::strong_components(stage_count, plan_.row_begin, plan_.target);
  plan_.order = std::move(components.stages);
  statistics_.components = static_cast<std::uint32_t>(components.begin.size() - 1);
  std::uint32_t rows = 0;
  for (std::uint32_t c = 0; c < statistics_.components; ++c) {
    const std::uint32_t size = components.begin[c + 1] - components.begin[c];
    statistics_.largest_component = std::max(statistics_.largest_component, size);
    if (size == 1) continue;
    plan_.blocks.push_back({components.begin[c], components.begin[c + 1], rows, 0, 0});
    rows += size;
  }
  statistics_.cyclic_components = static_cast<std::uint32_t>(plan_.blocks.size());
  statistics_.operations = plan_.target.size();
  if (plan_.blocks.empty()) return;

  plan_.block_of_stage.assign(stage_count, EliminationPlan::no_block);
  plan_.lower_begin.assign(1, 0);
  plan_.upper_begin.assign(1, 0);
  plan_.across_begin.assign(1, 0);
  std::vector<std::uint32_t> local(stage_count, 0), seen(stage_count, 0);
  for (std::uint32_t b = 0; b < plan_.blocks.size(); ++b) {
    const CyclicBlock& block = plan_.blocks[b];
    const std::span<std::uint32_t> stages(plan_.order.data() + block.begin, block.end - block.begin);
    for (const std::uint32_t stage : stages) plan_.block_of_stage[stage] = b;
    detail::order_component(plan_, stages, local);
    detail::fill_block(plan_, statistics_, block, local, seen);
  }
}

}  // namespace funnelgraph::inline v0
