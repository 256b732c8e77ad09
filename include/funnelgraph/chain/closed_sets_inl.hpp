#pragma once

#include <algorithm>
#include <string>

#include <funnelgraph/chain/closed_sets.hpp>
#include <funnelgraph/chain/detail/strong_components.hpp>
#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::vector<std::vector<std::uint32_t>> closed_sets(const Elimination& elimination,
                                                                       std::span<const double> rate,
                                                                       std::span<const double> drop_off) {
  const EliminationPlan& plan = elimination.plan();
  if (rate.size() != plan.target.size() || drop_off.size() != plan.stage_count)
    throw InvalidValueError(
        "numbers of a chain",
        std::to_string(rate.size()) + " rates, " + std::to_string(drop_off.size()) + " drop-offs",
        std::to_string(plan.target.size()) + " and " + std::to_string(plan.stage_count));
  const auto flows = [](double x) { return !(x <= 0); };
  // The graph of what flows; a component is closed when nothing of its rows ends outside it.
  std::vector<std::uint32_t> begin{0}, target;
  begin.reserve(plan.row_begin.size());
  target.reserve(plan.target.size());
  std::vector<char> leaves(plan.stage_count, 0);
  for (std::uint32_t i = 0; i < plan.stage_count; ++i) {
    leaves[i] = flows(drop_off[i]);
    for (std::uint32_t e = plan.row_begin[i]; e < plan.row_begin[i + 1]; ++e) {
      if (!flows(rate[e])) continue;
      if (plan.target[e] < plan.stage_count)
        target.push_back(plan.target[e]);
      else
        leaves[i] = 1;
    }
    begin.push_back(static_cast<std::uint32_t>(target.size()));
  }
  const detail::StrongComponents components = detail::strong_components(plan.stage_count, begin, target);
  std::vector<char> open(components.begin.size() - 1, 0);
  for (std::uint32_t i = 0; i < plan.stage_count; ++i) {
    const std::uint32_t c = components.of_stage[i];
    if (leaves[i]) open[c] = 1;
    for (std::uint32_t e = begin[i]; e < begin[i + 1]; ++e)
      if (components.of_stage[target[e]] != c) open[c] = 1;
  }
  std::vector<std::vector<std::uint32_t>> sets;
  for (std::size_t c = 0; c < open.size(); ++c) {
    if (open[c]) continue;
    auto& set = sets.emplace_back(components.stages.begin() + components.begin[c],
                                  components.stages.begin() + components.begin[c + 1]);
    std::sort(set.begin(), set.end());
  }
  std::sort(sets.begin(), sets.end());
  return sets;
}

namespace detail {
FUNNELGRAPH_INLINE void throw_unsolvable(const Elimination& elimination, std::span<const double> rate,
                                         std::span<const double> drop_off, std::uint32_t stage) {
  std::vector<std::string> names;
  for (const auto& set : closed_sets(elimination, rate, drop_off))
    for (const std::uint32_t i : set) names.push_back(std::to_string(i));
  if (names.empty())
    throw UnsolvableError("what leaves stage " + std::to_string(stage) + " is too small for the number type",
                          {std::to_string(stage)});
  throw UnsolvableError(std::move(names));
}
}  // namespace detail

}  // namespace funnelgraph::inline v0
