// The vertices that every path from some starts to some goals passes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <funnelgraph/compile/paths.hpp>
#include <funnelgraph/model/boost_graph.hpp>

namespace funnelgraph::inline v0::detail {

/// The stages at which journeys start: those entered by somebody, or all entered ones where nobody is.
[[nodiscard]] inline std::vector<std::uint32_t> start_stages(const Funnel& funnel) {
  for (const bool anybody : {true, false}) {
    std::vector<std::uint32_t> starts;
    for (const Entry& entry : funnel.entries()) {
      const auto stage = funnel.find_stage(entry.stage);
      if (stage && (!anybody || entry.volume.value > 0)) starts.push_back(stage->index);
    }
    if (!starts.empty()) return starts;
  }
  return {};
}

/// The vertices that every path from the starts to the goals passes. One path is found; then, walking along
/// it, `far` is the furthest of its vertices that can be reached from those behind: where nothing reaches
/// further than the next vertex, all paths pass it. Linear. (boost::lengauer_tarjan_dominator_tree finds the
/// same, but recurses as deep as the longest path, and edges from unreachable vertices lead it astray.)
class CommonVertices {
 public:
  CommonVertices(const FunnelGraph& graph, const std::vector<std::uint32_t>& starts,
                 const std::vector<bool>& is_goal)
      : graph_(graph), is_goal_(is_goal), place_(num_vertices(graph), 0), seen_(num_vertices(graph), false) {
    find_path(starts);
    if (path_.empty()) return;
    for (std::uint32_t i = 0; i < path_.size(); ++i) place_[path_[i]] = i + 1;
    for (const std::uint32_t start : starts) reach(start);
    explore();
    for (std::uint32_t i = 0; i < path_.size() && far_ <= path_.size(); ++i) {
      if (far_ == i + 1) found_.push_back(path_[i]);
      leave(path_[i]);
      explore();
    }
  }
  [[nodiscard]] const std::vector<std::uint32_t>& found() const noexcept { return found_; }

 private:
  template <class Visit>
  void each_successor(std::uint32_t v, Visit&& visit) const {
    for (auto [e, end] = out_edges(v, graph_); e != end; ++e) {
      if (graph_.rate(*e) > 0) visit((*e).target);
    }
  }

  void find_path(const std::vector<std::uint32_t>& starts) {
    const std::uint32_t none = FunnelGraph::null_vertex();
    std::vector<std::uint32_t> before(num_vertices(graph_), none);
    std::vector<std::uint32_t> queue;
    for (const std::uint32_t start : starts) {
      if (before[start] != none) continue;
      before[start] = start;
      queue.push_back(start);
    }
    for (std::size_t i = 0; i < queue.size(); ++i) {
      const std::uint32_t v = queue[i];
      if (is_goal_[v]) {
        for (std::uint32_t u = v;; u = before[u]) {
          path_.push_back(u);
          if (before[u] == u) break;
        }
        std::reverse(path_.begin(), path_.end());
        return;
      }
      each_successor(v, [&](std::uint32_t to) {
        if (before[to] != none) return;
        before[to] = v;
        queue.push_back(to);
      });
    }
  }

  /// A vertex on the path moves `far`; another is explored once.
  void reach(std::uint32_t v) {
    if (place_[v] > 0) {
      far_ = std::max<std::size_t>(far_, place_[v]);
    } else if (!seen_[v]) {
      seen_[v] = true;
      todo_.push_back(v);
    }
  }
  void leave(std::uint32_t v) {
    if (is_goal_[v]) far_ = path_.size() + 1;
    each_successor(v, [&](std::uint32_t to) { reach(to); });
  }
  void explore() {
    while (!todo_.empty()) {
      const std::uint32_t v = todo_.back();
      todo_.pop_back();
      leave(v);
    }
  }

  const FunnelGraph& graph_;
  const std::vector<bool>& is_goal_;
  std::vector<std::uint32_t> path_, found_, todo_;
  std::vector<std::uint32_t> place_;  // place on the path, from 1; 0 = not on it
  std::vector<bool> seen_;
  std::size_t far_ = 0;
};

}  // namespace funnelgraph::inline v0::detail
