// Stages that journeys can reach and never leave.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <boost/graph/filtered_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/range/iterator_range.hpp>

#include <funnelgraph/model/boost_graph.hpp>
#include <funnelgraph/model/detail/funnel_structure.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::detail {

/// The sets of stages that can be moved between but never left, each in order.
inline std::vector<std::vector<std::uint32_t>> closed_cycles(const Funnel& funnel,
                                                             const FunnelStructure& structure) {
  const std::vector<std::uint32_t> trapped = structure.trapped();
  if (trapped.empty()) return {};
  std::vector<bool> is_trapped(structure.target_count(), false);
  for (const std::uint32_t stage : trapped) is_trapped[stage] = true;
  const FunnelGraph whole(funnel);
  const std::function<bool(FunnelGraph::edge_descriptor)> taken = [&](const auto& edge) {
    return structure.taken(whole.transition(edge).index);
  };
  const std::function<bool(std::uint32_t)> kept = [&](std::uint32_t stage) { return is_trapped[stage]; };
  const boost::filtered_graph graph(whole, taken, kept);
  std::vector<std::size_t> component(structure.target_count());
  const auto count = boost::strong_components(
      graph, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, whole)));
  std::vector<bool> left(count, false);
  for (const auto& edge : boost::make_iterator_range(edges(graph))) {
    const std::size_t from = component[source(edge, graph)];
    if (from != component[target(edge, graph)]) left[from] = true;
  }
  std::vector<std::vector<std::uint32_t>> cycles(count);
  for (const std::uint32_t stage : trapped) {
    if (!left[component[stage]]) cycles[component[stage]].push_back(stage);
  }
  std::erase_if(cycles, [](const auto& cycle) { return cycle.empty(); });
  std::sort(cycles.begin(), cycles.end());
  return cycles;
}

}  // namespace funnelgraph::inline v0::detail
