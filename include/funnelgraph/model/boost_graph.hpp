// A funnel as a graph that every Boost.Graph algorithm can read.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/iterator/transform_iterator.hpp>
#include <boost/property_map/property_map.hpp>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

/// A light snapshot of a funnel's structure and base rates: vertices are the stages (0 .. stages - 1, in
/// the funnel's order) and then the outcomes; edges are the transitions whose two ends exist, sorted by
/// source and in the funnel's order within one. It does not refer to the funnel. Models VertexListGraph,
/// EdgeListGraph, BidirectionalGraph (and so IncidenceGraph) and AdjacencyGraph; the property maps
/// `boost::vertex_index`, `boost::edge_index` and `boost::edge_weight` (-log of the base rate, >= 0, so that
/// a shortest path is a most probable one). Two transitions between one pair are two edges.
/// Building it costs O(stages + transitions).
class FunnelGraph {
 public:
  using vertex_descriptor = std::uint32_t;
  struct edge_descriptor {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    std::uint32_t index = 0;  ///< position among the edges, sorted by source
    auto operator<=>(const edge_descriptor&) const = default;
  };
  using directed_category = boost::directed_tag;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  struct traversal_category : boost::vertex_list_graph_tag,
                              boost::edge_list_graph_tag,
                              boost::adjacency_graph_tag,
                              boost::bidirectional_graph_tag {};
  using vertices_size_type = std::uint32_t;
  using edges_size_type = std::uint32_t;
  using degree_size_type = std::uint32_t;

  /// Reads the edge at a position, or at a position of the list of edges sorted by target.
  struct EdgeAt {
    const FunnelGraph* graph = nullptr;
    bool by_target = false;
    edge_descriptor operator()(std::uint32_t i) const {
      const std::uint32_t edge = by_target ? graph->incoming_[i] : i;
      return {graph->source_[edge], graph->target_[edge], edge};
    }
  };
  struct TargetAt {
    const FunnelGraph* graph = nullptr;
    vertex_descriptor operator()(std::uint32_t i) const { return graph->target_[i]; }
  };
  using Counter = boost::counting_iterator<std::uint32_t, std::random_access_iterator_tag, std::ptrdiff_t>;
  using vertex_iterator = Counter;
  using edge_iterator = boost::transform_iterator<EdgeAt, Counter>;
  using out_edge_iterator = edge_iterator;
  using in_edge_iterator = edge_iterator;
  using adjacency_iterator = boost::transform_iterator<TargetAt, Counter>;

  FunnelGraph() = default;
  explicit FunnelGraph(const Funnel& funnel);

  [[nodiscard]] static vertex_descriptor null_vertex() noexcept { return NameIndex::none; }
  [[nodiscard]] std::uint32_t stage_count() const noexcept { return stage_count_; }
  [[nodiscard]] bool is_stage(vertex_descriptor v) const noexcept { return v < stage_count_; }
  [[nodiscard]] vertex_descriptor vertex(StageId id) const noexcept { return id.index; }
  [[nodiscard]] vertex_descriptor vertex(OutcomeId id) const noexcept { return stage_count_ + id.index; }
  /// The transition behind an edge.
  [[nodiscard]] TransitionId transition(const edge_descriptor& e) const noexcept {
    return {transition_[e.index]};
  }
  /// The base rate of an edge.
  [[nodiscard]] double rate(const edge_descriptor& e) const noexcept { return rate_[e.index]; }

  friend vertices_size_type num_vertices(const FunnelGraph& g) noexcept { return g.vertex_count(); }
  friend edges_size_type num_edges(const FunnelGraph& g) noexcept {
    return static_cast<std::uint32_t>(g.target_.size());
  }
  friend std::pair<vertex_iterator, vertex_iterator> vertices(const FunnelGraph& g) {
    return {Counter(0), Counter(g.vertex_count())};
  }
  friend std::pair<edge_iterator, edge_iterator> edges(const FunnelGraph& g) {
    return g.edge_range(0, num_edges(g), false);
  }
  friend vertex_descriptor source(const edge_descriptor& e, const FunnelGraph&) noexcept { return e.source; }
  friend vertex_descriptor target(const edge_descriptor& e, const FunnelGraph&) noexcept { return e.target; }
  friend std::pair<out_edge_iterator, out_edge_iterator> out_edges(vertex_descriptor v,
                                                                   const FunnelGraph& g) {
    return g.edge_range(g.out_begin_[v], g.out_begin_[v + 1], false);
  }
  friend degree_size_type out_degree(vertex_descriptor v, const FunnelGraph& g) noexcept {
    return g.out_begin_[v + 1] - g.out_begin_[v];
  }
  friend std::pair<in_edge_iterator, in_edge_iterator> in_edges(vertex_descriptor v, const FunnelGraph& g) {
    return g.edge_range(g.in_begin_[v], g.in_begin_[v + 1], true);
  }
  friend degree_size_type in_degree(vertex_descriptor v, const FunnelGraph& g) noexcept {
    return g.in_begin_[v + 1] - g.in_begin_[v];
  }
  friend degree_size_type degree(vertex_descriptor v, const FunnelGraph& g) noexcept {
    return out_degree(v, g) + in_degree(v, g);
  }
  friend std::pair<adjacency_iterator, adjacency_iterator> adjacent_vertices(vertex_descriptor v,
                                                                             const FunnelGraph& g) {
    return {{Counter(g.out_begin_[v]), {&g}}, {Counter(g.out_begin_[v + 1]), {&g}}};
  }

  using VertexIndexMap = boost::typed_identity_property_map<vertex_descriptor>;
  struct EdgeIndexMap {
    using key_type = edge_descriptor;
    using value_type = std::uint32_t;
    using reference = std::uint32_t;
    using category = boost::readable_property_map_tag;
    friend reference get(const EdgeIndexMap&, const key_type& e) noexcept { return e.index; }
  };
  /// -log(base rate): 0 for a sure transition, infinite for one that is never taken.
  struct EdgeWeightMap {
    using key_type = edge_descriptor;
    using value_type = double;
    using reference = double;
    using category = boost::readable_property_map_tag;
    const FunnelGraph* graph = nullptr;
    friend reference get(const EdgeWeightMap& map, const key_type& e) noexcept {
      const double rate = map.graph->rate(e);
      return rate > 0 ? std::max(0.0, -std::log(rate)) : std::numeric_limits<double>::infinity();
    }
  };
  friend VertexIndexMap get(boost::vertex_index_t, const FunnelGraph&) noexcept { return {}; }
  friend EdgeIndexMap get(boost::edge_index_t, const FunnelGraph&) noexcept { return {}; }
  friend EdgeWeightMap get(boost::edge_weight_t, const FunnelGraph& g) noexcept { return {&g}; }
  friend vertex_descriptor get(boost::vertex_index_t, const FunnelGraph&, vertex_descriptor v) noexcept {
    return v;
  }
  friend std::uint32_t get(boost::edge_index_t, const FunnelGraph&, const edge_descriptor& e) noexcept {
    return e.index;
  }
  friend double get(boost::edge_weight_t weight, const FunnelGraph& g, const edge_descriptor& e) noexcept {
    return get(get(weight, g), e);
  }

 private:
  [[nodiscard]] std::uint32_t vertex_count() const noexcept {
    return static_cast<std::uint32_t>(out_begin_.size() - 1);
  }
  [[nodiscard]] std::pair<edge_iterator, edge_iterator> edge_range(std::uint32_t first, std::uint32_t last,
                                                                   bool by_target) const {
    return {{Counter(first), {this, by_target}}, {Counter(last), {this, by_target}}};
  }

  std::uint32_t stage_count_ = 0;
  std::vector<std::uint32_t> out_begin_{0}, in_begin_{0};    // by vertex, one more than vertices
  std::vector<std::uint32_t> source_, target_, transition_;  // by edge
  std::vector<double> rate_;                                 // by edge
  std::vector<std::uint32_t> incoming_;                      // edges sorted by target
};

inline FunnelGraph::FunnelGraph(const Funnel& funnel)
    : stage_count_(static_cast<std::uint32_t>(funnel.stages().size())) {
  const std::size_t vertex_total = funnel.stages().size() + funnel.outcomes().size();
  const auto transitions = funnel.transitions();
  out_begin_.assign(vertex_total + 1, 0);
  in_begin_.assign(vertex_total + 1, 0);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ends(transitions.size());
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const auto from = funnel.find_stage(transitions[i].from);
    const auto to = funnel.find_stage(transitions[i].to);
    const auto end = to ? std::nullopt : funnel.find_outcome(transitions[i].to);
    ends[i] = {null_vertex(), null_vertex()};
    if (!from || (!to && !end)) continue;
    ends[i] = {vertex(*from), to ? vertex(*to) : vertex(*end)};
    ++out_begin_[ends[i].first + 1];
    ++in_begin_[ends[i].second + 1];
  }
  for (std::size_t v = 0; v < vertex_total; ++v) {
    out_begin_[v + 1] += out_begin_[v];
    in_begin_[v + 1] += in_begin_[v];
  }
  const std::size_t edge_total = out_begin_.back();
  source_.resize(edge_total);
  target_.resize(edge_total);
  transition_.resize(edge_total);
  rate_.resize(edge_total);
  incoming_.resize(edge_total);
  std::vector<std::uint32_t> next(out_begin_.begin(), out_begin_.end() - 1);
  for (std::uint32_t i = 0; i < ends.size(); ++i) {
    if (ends[i].first == null_vertex()) continue;
    const std::uint32_t edge = next[ends[i].first]++;
    source_[edge] = ends[i].first;
    target_[edge] = ends[i].second;
    transition_[edge] = i;
    rate_[edge] = transitions[i].rate.value;
  }
  next.assign(in_begin_.begin(), in_begin_.end() - 1);
  for (std::uint32_t edge = 0; edge < edge_total; ++edge) incoming_[next[target_[edge]]++] = edge;
}

}  // namespace funnelgraph::inline v0

namespace boost {

template <>
struct property_map<funnelgraph::FunnelGraph, vertex_index_t> {
  using type = funnelgraph::FunnelGraph::VertexIndexMap;
  using const_type = type;
};
template <>
struct property_map<funnelgraph::FunnelGraph, edge_index_t> {
  using type = funnelgraph::FunnelGraph::EdgeIndexMap;
  using const_type = type;
};
template <>
struct property_map<funnelgraph::FunnelGraph, edge_weight_t> {
  using type = funnelgraph::FunnelGraph::EdgeWeightMap;
  using const_type = type;
};

}  // namespace boost
