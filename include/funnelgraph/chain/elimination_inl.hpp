#pragma once

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include <funnelgraph/chain/detail/greedy_pattern.hpp>
#include <funnelgraph/chain/detail/natural_pattern.hpp>
#include <funnelgraph/chain/detail/strong_components.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Stages up to which the natural order is compared with the greedy one, whatever it costs.
inline constexpr std::uint32_t compared_size = 256;
/// Multiply-adds a stage up to which a larger component keeps its natural order without a search.
inline constexpr std::uint64_t natural_operations = 100;

/// Calls visit(place) for the targets of stages[q] inside its block, by their place in it.
template <class Visit>
void each_inside(const EliminationPlan& plan, std::uint32_t stage, const std::vector<std::uint32_t>& local,
                 const Visit& visit) {
  const std::uint32_t number = plan.block_of_stage[stage];
  for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e)
    if (plan.target[e] < plan.stage_count && plan.block_of_stage[plan.target[e]] == number)
      visit(local[plan.target[e]]);
}

/// The edges inside a block, stages numbered by their place in it; loops and parallel edges left out.
inline ComponentGraph graph_of_block(const EliminationPlan& plan, std::span<const std::uint32_t> stages,
                                     const std::vector<std::uint32_t>& local) {
  const auto size = static_cast<std::uint32_t>(stages.size());
  ComponentGraph graph;
  graph.begin.reserve(size + 1);
  std::vector<std::uint32_t> seen_by(size, size);
  for (std::uint32_t q = 0; q < size; ++q) {
    seen_by[q] = q;
    each_inside(plan, stages[q], local, [&](std::uint32_t to) {
      if (seen_by[to] == q) return;
      seen_by[to] = q;
      graph.target.push_back(to);
    });
    graph.begin.push_back(static_cast<std::uint32_t>(graph.target.size()));
  }
  return graph;
}

/// The natural order when it is cheap, else the greedy one, or the better of both in small components.
/// A pattern of stages.
inline FilledPattern best_pattern(const EliminationPlan& plan, std::span<const std::uint32_t> stages,
                                  std::vector<std::uint32_t>& local) {
  const auto size = static_cast<std::uint32_t>(stages.size());
  for (std::uint32_t q = 0; q < size; ++q) local[stages[q]] = q;
  std::optional<FilledPattern> natural = natural_pattern(
      stages, [&](std::uint32_t stage, const auto& visit) { each_inside(plan, stage, local, visit); });
  if (natural && (size == 2 || (size > compared_size && natural->operations <= natural_operations * size)))
    return *std::move(natural);
  FilledPattern greedy = greedy_pattern(graph_of_block(plan, stages, local));
  if (natural && natural->operations <= greedy.operations) return *std::move(natural);
  for (std::vector<std::uint32_t>* places : {&greedy.order, &greedy.lower, &greedy.upper})
    for (std::uint32_t& place : *places) place = stages[place];
  return greedy;
}

/// Orders one block and appends its pattern.
inline void plan_block(EliminationPlan& plan, EliminationStatistics& statistics, CyclicBlock& block,
                       std::vector<std::uint32_t>& local) {
  const std::span<std::uint32_t> stages(plan.order.data() + block.begin, block.end - block.begin);
  const std::uint32_t number = plan.block_of_stage[stages.front()];
  FilledPattern pattern = best_pattern(plan, stages, local);
  const auto append = [](std::vector<std::uint32_t>& to, std::vector<std::uint32_t>& more) {
    if (to.size() < more.size()) {  // move the shorter one
      more.insert(more.begin(), to.begin(), to.end());
      to = std::move(more);
    } else {
      to.insert(to.end(), more.begin(), more.end());
    }
  };
  const auto append_begins = [](std::vector<std::uint32_t>& to, const std::vector<std::uint32_t>& begins) {
    const std::uint32_t offset = to.back();
    for (std::size_t r = 1; r < begins.size(); ++r) to.push_back(offset + begins[r]);
  };
  append(plan.lower, pattern.lower);
  append(plan.upper, pattern.upper);
  append_begins(plan.lower_begin, pattern.lower_begin);
  append_begins(plan.upper_begin, pattern.upper_begin);
  for (std::size_t r = 0; r < stages.size(); ++r) {
    stages[r] = pattern.order[r];
    for (std::uint32_t e = plan.row_begin[stages[r]]; e < plan.row_begin[stages[r] + 1]; ++e)
      if (plan.target[e] < plan.stage_count && plan.block_of_stage[plan.target[e]] != number)
        plan.across.push_back(e);
    plan.across_begin.push_back(static_cast<std::uint32_t>(plan.across.size()));
  }
  block.dense = pattern.dense;
  block.dense_begin = plan.dense_size;
  plan.dense_size += std::size_t{block.dense} * block.dense;
  statistics.operations += pattern.operations;
  statistics.fill += pattern.fill;
}

/// Whether every edge leads to a stage with a higher number.
inline bool runs_forward(const EliminationPlan& plan) {
  for (std::uint32_t i = 0; i < plan.stage_count; ++i)
    for (std::uint32_t e = plan.row_begin[i]; e < plan.row_begin[i + 1]; ++e)
      if (plan.target[e] < i) return false;
  return true;
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
  statistics_.operations = plan_.target.size();
  if (detail::runs_forward(plan_)) {
    plan_.order.resize(stage_count);
    std::iota(plan_.order.begin(), plan_.order.end(), 0U);
    statistics_.components = stage_count;
    statistics_.largest_component = stage_count == 0 ? 0 : 1;
    return;
  }
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
  if (plan_.blocks.empty()) return;

  plan_.block_of_stage.assign(stage_count, EliminationPlan::no_block);
  plan_.lower_begin.assign(1, 0);
  plan_.upper_begin.assign(1, 0);
  plan_.across_begin.assign(1, 0);
  for (std::uint32_t b = 0; b < plan_.blocks.size(); ++b)
    for (std::uint32_t p = plan_.blocks[b].begin; p < plan_.blocks[b].end; ++p)
      plan_.block_of_stage[plan_.order[p]] = b;
  std::vector<std::uint32_t> local(stage_count, 0);
  for (CyclicBlock& block : plan_.blocks) detail::plan_block(plan_, statistics_, block, local);
}

}  // namespace funnelgraph::inline v0
