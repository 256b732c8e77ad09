#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/compile/paths.hpp>
#include <funnelgraph/compile/paths_common_inl.hpp>
#include <funnelgraph/compile/paths_search_inl.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/boost_graph.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Where paths start, with the share of journeys that do.
[[nodiscard]] inline std::vector<std::pair<std::uint32_t, double>> path_starts(
    const Funnel& funnel, const Chain& chain, const std::optional<std::string>& start) {
  if (start) return {{static_cast<std::uint32_t>(&funnel.stage(*start) - funnel.stages().data()), 1.0}};
  std::vector<double> volume(chain.stage_count, 0.0);
  double total = 0;
  for (const ChainEntry& entry : chain.entries) {
    volume[entry.stage] += entry.volume;
    total += entry.volume;
  }
  std::vector<std::pair<std::uint32_t, double>> starts;
  for (std::uint32_t stage = 0; stage < chain.stage_count; ++stage) {
    if (volume[stage] > 0) starts.emplace_back(stage, volume[stage] / total);
  }
  return starts;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<std::string> must_pass(const Funnel& funnel, OutcomeKind kind) {
  const FunnelGraph graph(funnel);
  std::vector<bool> is_goal(num_vertices(graph), false);
  for (std::uint32_t i = 0; i < funnel.outcomes().size(); ++i) {
    is_goal[graph.vertex(OutcomeId{i})] = funnel.outcomes()[i].kind == kind;
  }
  std::vector<std::string> names;
  const detail::CommonVertices common(graph, detail::start_stages(funnel), is_goal);
  for (const std::uint32_t v : common.found()) {
    if (graph.is_stage(v)) names.push_back(funnel.stages()[v].name);
  }
  return names;
}

FUNNELGRAPH_INLINE std::vector<ProbablePath> most_probable_paths(const Funnel& funnel,
                                                                 const PathOptions& options) {
  if (options.count < 1 || options.count > path_count_limit) {
    throw InvalidValueError("count of paths", std::to_string(options.count),
                            "1 to " + std::to_string(path_count_limit));
  }
  const Compiled compiled = compile(funnel);
  const Chain& chain = compiled.chain;
  const FunnelGraph graph(funnel);
  const Outcome* wanted = options.outcome ? &funnel.outcome(*options.outcome) : nullptr;
  std::vector<std::uint32_t> goals;
  for (std::uint32_t i = 0; i < funnel.outcomes().size(); ++i) {
    const Outcome& outcome = funnel.outcomes()[i];
    if (wanted != nullptr ? wanted == &outcome : outcome.kind == OutcomeKind::won) {
      goals.push_back(graph.vertex(OutcomeId{i}));
    }
  }
  const std::vector<double> weights = detail::path_weights(chain);
  const std::vector<double> to_goal = detail::distances_to(goals, graph, weights);
  const auto starts = detail::path_starts(funnel, chain, options.start);
  auto weighted_starts = starts;
  for (auto& [stage, share] : weighted_starts) share = std::max(0.0, -std::log(share));

  detail::PathSearch search(chain, weights, to_goal, std::move(weighted_starts));
  std::vector<ProbablePath> paths;
  while (paths.size() < options.count) {
    const auto* found = search.next();
    if (found == nullptr) break;
    ProbablePath& path = paths.emplace_back();
    path.probability = std::find_if(starts.begin(), starts.end(), [&](const auto& start) {
                         return start.first == found->vertices[1];
                       })->second;
    for (std::size_t i = 1; i + 1 < found->vertices.size(); ++i) {
      const std::uint32_t from = found->vertices[i];
      path.stages.push_back(compiled.labels.stages[from]);
      const auto row = chain.target.begin() + chain.row_begin[from];
      const auto edge = static_cast<std::size_t>(
          std::find(row, chain.target.begin() + chain.row_begin[from + 1], found->vertices[i + 1]) -
          chain.target.begin());
      path.probability *= chain.rate[edge];
      path.mean_time += chain.lag_mean[edge];
    }
    path.outcome = compiled.labels.outcomes[found->vertices.back() - chain.stage_count];
  }
  std::stable_sort(paths.begin(), paths.end(), [](const ProbablePath& a, const ProbablePath& b) {
    return a.probability != b.probability ? a.probability > b.probability : a.stages.size() < b.stages.size();
  });
  return paths;
}

}  // namespace funnelgraph::inline v0
