// Strongly connected components without recursion.
#pragma once

#include <algorithm>
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
  struct Step {
    std::uint32_t stage, edge, visit;
  };
  StrongComponents result;
  result.stages.resize(stage_count);
  result.of_stage.assign(stage_count, 0);
  // `lowest` is 0 when unseen, else the lowest visit that the stage is known to reach; a finished stage gets
  // one that is above all others, so that it lowers nothing.
  constexpr std::uint32_t finished = 0xffffffffU;
  std::vector<std::uint32_t> lowest(stage_count, 0), open;
  std::vector<Step> path;
  open.reserve(stage_count);
  path.reserve(stage_count);
  std::uint32_t visits = 0, component = 0;
  for (std::uint32_t start = 0; start < stage_count; ++start) {
    if (lowest[start] != 0) continue;
    Step at{start, row_begin[start], ++visits};
    std::uint32_t low = at.visit;  // of `at`; the stages on the path keep theirs in `lowest`
    for (;;) {
      const std::uint32_t last = row_begin[at.stage + 1];
      lowest[at.stage] = low;  // seen, before its own loops are looked at
      std::uint32_t deeper = stage_count;
      while (at.edge < last) {
        const std::uint32_t to = target[at.edge++];
        if (to >= stage_count) continue;
        if (lowest[to] == 0) {
          deeper = to;
          break;
        }
        low = std::min(low, lowest[to]);
      }
      lowest[at.stage] = low;
      if (deeper != stage_count) {
        path.push_back(at);
        at = {deeper, row_begin[deeper], ++visits};
        low = at.visit;
        continue;
      }
      if (low == at.visit) {
        lowest[at.stage] = finished;
        result.of_stage[at.stage] = component;
        while (!open.empty() && lowest[open.back()] >= low) {
          lowest[open.back()] = finished;
          result.of_stage[open.back()] = component;
          open.pop_back();
        }
        ++component;
      } else {
        open.push_back(at.stage);
      }
      if (path.empty()) break;
      const std::uint32_t child = lowest[at.stage];
      at = path.back();
      path.pop_back();
      low = std::min(lowest[at.stage], child);
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
