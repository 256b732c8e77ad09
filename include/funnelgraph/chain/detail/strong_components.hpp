// Strongly connected components without recursion.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// Components in topological order (an edge between components leads to a later one): component c has the
/// stages stages[begin[c] .. begin[c+1]), ascending.
struct StrongComponents {
  std::vector<std::uint32_t> begin, stages, of_stage;
};

/// Tarjan's algorithm (1972) in the form of Pearce (2016), one number per stage, its own stack: chains of any
/// depth. Targets from `stage_count` on are ignored. O(stages + edges).
inline StrongComponents strong_components(std::uint32_t stage_count, std::span<const std::uint32_t> row_begin,
                                          std::span<const std::uint32_t> target) {
  StrongComponents result;
  result.stages.resize(stage_count);
  result.of_stage.assign(stage_count, 0);
  // `index` is 0 when unseen, else the visit number; a finished stage gets one that is above all others.
  constexpr std::uint32_t finished = 0xffffffffU;
  std::vector<std::uint32_t> index(stage_count, 0), path, edge, open;
  path.reserve(stage_count);
  edge.reserve(stage_count);
  open.reserve(stage_count);
  std::vector<char> root;
  root.reserve(stage_count);
  std::uint32_t visits = 0, component = 0;
  for (std::uint32_t start = 0; start < stage_count; ++start) {
    if (index[start] != 0) continue;
    const auto enter = [&](std::uint32_t stage) {
      index[stage] = ++visits;
      path.push_back(stage);
      edge.push_back(row_begin[stage]);
      root.push_back(1);
    };
    enter(start);
    while (!path.empty()) {
      const std::uint32_t stage = path.back();
      std::uint32_t e = edge.back();
      const std::uint32_t last = row_begin[stage + 1];
      std::uint32_t deeper = stage_count;
      for (; e < last; ++e) {
        const std::uint32_t to = target[e];
        if (to >= stage_count || index[to] == finished) continue;
        if (index[to] == 0) {
          deeper = to;
          break;
        }
        if (index[to] < index[stage]) {
          index[stage] = index[to];
          root.back() = 0;
        }
      }
      edge.back() = e;  // the edge into `deeper` is looked at again on return, for its lowest number
      if (deeper != stage_count) {
        enter(deeper);
        continue;
      }
      if (root.back()) {
        const std::uint32_t low = index[stage];
        index[stage] = finished;
        result.of_stage[stage] = component;
        while (!open.empty() && index[open.back()] >= low) {
          index[open.back()] = finished;
          result.of_stage[open.back()] = component;
          open.pop_back();
        }
        ++component;
      } else {
        open.push_back(stage);
      }
      path.pop_back();
      edge.pop_back();
      root.pop_back();
    }
  }
  // Found last in topological order first; the stages are dealt out in ascending order.
  result.begin.assign(component + 1, 0);
  for (std::uint32_t& c : result.of_stage) {
    c = component - 1 - c;
    ++result.begin[c + 1];
  }
  for (std::uint32_t c = 0; c < component; ++c) result.begin[c + 1] += result.begin[c];
  std::vector<std::uint32_t> next(result.begin.begin(), result.begin.end() - 1);
  for (std::uint32_t i = 0; i < stage_count; ++i) result.stages[next[result.of_stage[i]]++] = i;
  return result;
}

}  // namespace funnelgraph::inline v0::detail
