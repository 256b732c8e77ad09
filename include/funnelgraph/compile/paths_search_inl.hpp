// The lightest loop-free paths of a chain, one after another.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/property_map/function_property_map.hpp>

#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/compile/paths.hpp>
#include <funnelgraph/model/boost_graph.hpp>

namespace funnelgraph::inline v0::detail {

/// -log(rate) of each edge of a chain: 0 for a sure one, infinite for one that is never taken.
[[nodiscard]] inline std::vector<double> path_weights(const Chain& chain) {
  std::vector<double> weights(chain.edge_count());
  for (std::uint32_t e = 0; e < weights.size(); ++e) {
    weights[e] =
        chain.rate[e] > 0 ? std::max(0.0, -std::log(chain.rate[e])) : std::numeric_limits<double>::infinity();
  }
  return weights;
}

/// By vertex: the weight of the lightest way to a goal, infinite where there is none.
[[nodiscard]] inline std::vector<double> distances_to(const std::vector<std::uint32_t>& goals,
                                                      const FunnelGraph& graph,
                                                      const std::vector<double>& weights) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  std::vector<double> distance(num_vertices(graph), infinity);
  if (goals.empty()) return distance;
  const boost::reverse_graph<FunnelGraph> backwards(graph);
  using Edge = boost::graph_traits<boost::reverse_graph<FunnelGraph>>::edge_descriptor;
  const auto index = get(boost::vertex_index, graph);
  const auto weight = boost::make_function_property_map<Edge, double>(
      [&](const Edge& e) { return weights[e.underlying_descx.index]; });
  boost::dijkstra_shortest_paths(backwards, goals.begin(), goals.end(), boost::dummy_property_map(),
                                 boost::make_iterator_property_map(distance.begin(), index), weight, index,
                                 std::less<double>(), boost::closed_plus<double>(infinity), infinity, 0.0,
                                 boost::dijkstra_visitor<>());
  return distance;
}

/// Enumerates loop-free paths by weight. A candidate stands for all paths that begin with a prefix of a found
/// path and do not go on to some vertices; when its best path is found, the rest is split into new ones.
/// Candidates wait under a lower bound and are only searched when that comes first.
class PathSearch {
 public:
  struct Found {
    std::vector<std::uint32_t> vertices;  // the root first
    std::vector<double> weight_to;        // by place
  };

  PathSearch(const Chain& chain, const std::vector<double>& weights, const std::vector<double>& to_goal,
             std::vector<std::pair<std::uint32_t, double>> starts)
      : chain_(chain),
        weights_(weights),
        to_goal_(to_goal),
        starts_(std::move(starts)),
        root_(chain.stage_count + chain.outcome_count),
        mark_(root_ + 1U, 0),
        best_(root_ + 1U, 0.0),
        before_(root_ + 1U, root_),
        best_mark_(root_ + 1U, 0) {
    found_.push_back({{root_}, {0.0}});
    add_candidate(0, 0, {});
  }

  /// The next path, or none. It stays valid until the next call.
  [[nodiscard]] const Found* next() {
    while (!waiting_.empty()) {
      Candidate candidate = waiting_.top();
      waiting_.pop();
      if (candidate.rest.empty()) {
        if (search(candidate)) waiting_.push(std::move(candidate));
        continue;
      }
      accept(candidate);
      return &found_.back();
    }
    return nullptr;
  }

 private:
  struct Candidate {
    double weight = 0;  // a lower bound until `rest` is known
    std::size_t parent = 0;
    std::uint32_t spur = 0;             // place in the parent where it leaves
    std::vector<std::uint32_t> banned;  // vertices not to go to from the spur
    std::vector<std::uint32_t> rest;    // vertices after the spur, once searched
    std::size_t length = 0;
    /// Heavier ones, then searched ones (so that ties are all known), then longer ones come later.
    bool operator<(const Candidate& other) const {
      return std::tuple(weight, !rest.empty(), length, rest) >
             std::tuple(other.weight, !other.rest.empty(), other.length, other.rest);
    }
  };

  template <class Visit>
  void each_edge(std::uint32_t v, Visit&& visit) const {
    if (v == root_) {
      for (const auto& [stage, weight] : starts_) visit(stage, weight);
    } else if (v < chain_.stage_count) {
      for (std::uint32_t e = chain_.row_begin[v]; e < chain_.row_begin[v + 1]; ++e) {
        visit(chain_.target[e], weights_[e]);
      }
    }
  }

  void add_candidate(std::size_t parent, std::uint32_t spur, std::vector<std::uint32_t> banned) {
    double least = std::numeric_limits<double>::infinity();
    each_edge(found_[parent].vertices[spur], [&](std::uint32_t to, double weight) {
      if (std::find(banned.begin(), banned.end(), to) != banned.end()) return;
      least = std::min(least, weight + to_goal_[to]);
    });
    if (std::isinf(least)) return;
    waiting_.push({found_[parent].weight_to[spur] + least, parent, spur, std::move(banned), {}, 0});
  }

  /// A*: the distance to the goals without the prefix in the way is never too large.
  bool search(Candidate& candidate) {
    const Found& parent = found_[candidate.parent];
    ++now_;
    for (std::uint32_t i = 0; i <= candidate.spur; ++i) mark_[parent.vertices[i]] = now_;
    using Step = std::tuple<double, double, std::uint32_t>;  // with the way to go, so far, vertex
    std::priority_queue<Step, std::vector<Step>, std::greater<>> open;
    const auto offer = [&](std::uint32_t from, std::uint32_t to, double weight) {
      if (mark_[to] == now_ || std::isinf(weight + to_goal_[to])) return;
      if (best_mark_[to] == now_ && best_[to] <= weight) return;
      best_mark_[to] = now_;
      best_[to] = weight;
      before_[to] = from;
      open.emplace(weight + to_goal_[to], weight, to);
    };
    const std::uint32_t spur = parent.vertices[candidate.spur];
    each_edge(spur, [&](std::uint32_t to, double weight) {
      const auto& banned = candidate.banned;
      if (std::find(banned.begin(), banned.end(), to) == banned.end()) offer(spur, to, weight);
    });
    while (!open.empty()) {
      const auto [estimate, weight, v] = open.top();
      open.pop();
      if (weight > best_[v]) continue;
      if (v >= chain_.stage_count) {
        candidate.weight = parent.weight_to[candidate.spur] + weight;
        for (std::uint32_t u = v; u != spur; u = before_[u]) candidate.rest.push_back(u);
        std::reverse(candidate.rest.begin(), candidate.rest.end());
        candidate.length = candidate.spur + candidate.rest.size();
        return true;
      }
      each_edge(
          v, [&, from = v, sofar = weight](std::uint32_t to, double step) { offer(from, to, sofar + step); });
    }
    return false;
  }

  void accept(const Candidate& candidate) {
    Found path;
    const Found& parent = found_[candidate.parent];
    const auto shared = static_cast<std::ptrdiff_t>(candidate.spur) + 1;
    path.vertices.assign(parent.vertices.begin(), parent.vertices.begin() + shared);
    path.weight_to.assign(parent.weight_to.begin(), parent.weight_to.begin() + shared);
    for (const std::uint32_t v : candidate.rest) {
      double least = std::numeric_limits<double>::infinity();
      each_edge(path.vertices.back(), [&](std::uint32_t to, double weight) {
        if (to == v) least = std::min(least, weight);
      });
      path.vertices.push_back(v);
      path.weight_to.push_back(path.weight_to.back() + least);
    }
    found_.push_back(std::move(path));
    const std::size_t self = found_.size() - 1;
    const std::vector<std::uint32_t> vertices = found_.back().vertices;
    std::vector<std::uint32_t> banned = candidate.banned;
    for (std::uint32_t i = candidate.spur; i + 1 < vertices.size(); ++i) {
      banned.push_back(vertices[i + 1]);
      add_candidate(self, i, std::move(banned));
      banned.clear();
    }
  }

  const Chain& chain_;
  const std::vector<double>& weights_;
  const std::vector<double>& to_goal_;
  std::vector<std::pair<std::uint32_t, double>> starts_;
  std::uint32_t root_;
  std::vector<Found> found_;
  std::priority_queue<Candidate> waiting_;
  std::uint64_t now_ = 0;
  std::vector<std::uint64_t> mark_;  // on the prefix of search `now_`
  std::vector<double> best_;
  std::vector<std::uint32_t> before_;
  std::vector<std::uint64_t> best_mark_;
};

}  // namespace funnelgraph::inline v0::detail
