#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include <funnelgraph/chain/detail/greedy_pattern.hpp>
#include <funnelgraph/chain/detail/left_graph.hpp>

namespace funnelgraph::inline v0::detail {

/// Stages up to which what is left is kept as bits (two squares of 512 kB) and the order is exactly greedy.
inline constexpr std::uint32_t bits_size = 2048;
/// Least stages worth a dense block, and how often that is looked at.
inline constexpr std::uint32_t least_dense = 32;
/// Share of possible entries above which what is left is kept as a full block. Measured on chains of 100,000
/// stages with 1,000 and 3,000 long edges back: 0.08 to 0.25 plan a little sooner and eliminate up to ten
/// times slower, for what looks dense early is far from full in the end.
inline constexpr double dense_share = 0.4;

/// Eliminates the stages of `left` exactly greedily until the rest is better kept as a full matrix; returns
/// it.
inline std::vector<std::uint32_t> eliminate_greedily(LeftBits& left, std::uint32_t size,
                                                     Eliminated& eliminated) {
  std::vector<std::uint32_t> rest(size);
  std::iota(rest.begin(), rest.end(), 0U);
  while (!rest.empty()) {
    if (rest.size() % least_dense == 0) {
      const double count = static_cast<double>(rest.size());
      double entries = 0;
      for (const std::uint32_t k : rest) entries += left.out_count(k);
      if (entries > dense_share * count * count) break;
    }
    std::size_t least = 0;
    std::uint64_t least_cost = left.cost(rest[0]);
    for (std::size_t n = 1; n < rest.size() && least_cost > 0; ++n) {
      const std::uint64_t cost = left.cost(rest[n]);
      if (cost < least_cost) {
        least = n;
        least_cost = cost;
      }
    }
    left.eliminate(rest[least], eliminated);
    rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(least));
  }
  for (std::uint32_t& k : rest) k = left.stage(k);
  return rest;
}

FUNNELGRAPH_INLINE FilledPattern greedy_pattern(const ComponentGraph& graph) {
  const std::uint32_t size = graph.size();
  Eliminated eliminated(size);
  std::vector<std::uint32_t> rest(size);
  std::iota(rest.begin(), rest.end(), 0U);
  if (size <= bits_size) {
    LeftBits left(std::move(rest), [&](std::uint32_t i, const auto& visit) {
      for (std::uint32_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) visit(graph.target[e]);
    });
    rest = eliminate_greedily(left, size, eliminated);
  } else {
    LeftLists lists(graph);
    for (std::uint64_t limit = 3; rest.size() > bits_size; limit *= 2) {
      std::size_t kept = 0;
      for (const std::uint32_t k : rest) {
        if (lists.cost(k) > limit)
          rest[kept++] = k;
        else
          lists.eliminate(k, eliminated);
      }
      rest.resize(kept);
      double entries = 0;
      for (const std::uint32_t k : rest) entries += static_cast<double>(lists.out(k).size());
      if (entries > dense_share * static_cast<double>(kept) * static_cast<double>(kept)) break;
    }
    if (rest.size() <= bits_size) {
      std::vector<std::uint32_t> place(size, 0);
      for (std::uint32_t q = 0; q < rest.size(); ++q) place[rest[q]] = q;
      const auto count = static_cast<std::uint32_t>(rest.size());
      LeftBits left(std::move(rest), [&](std::uint32_t i, const auto& visit) {
        for (const std::uint32_t j : lists.out(i)) visit(place[j]);
      });
      rest = eliminate_greedily(left, count, eliminated);
    }
  }

  FilledPattern& pattern = eliminated.pattern;
  pattern.dense = static_cast<std::uint32_t>(rest.size());
  pattern.order.insert(pattern.order.end(), rest.begin(), rest.end());
  pattern.upper_begin.resize(size + 1, static_cast<std::uint32_t>(pattern.upper.size()));
  for (const std::uint32_t i : pattern.order) {
    const std::span<const std::uint32_t> gone = eliminated.gone.of(i);
    pattern.lower.insert(pattern.lower.end(), gone.begin(), gone.end());
    pattern.lower_begin.push_back(static_cast<std::uint32_t>(pattern.lower.size()));
  }
  const auto d = std::uint64_t{pattern.dense};
  pattern.fill = pattern.lower.size() + pattern.upper.size() + d * d - d - graph.target.size();
  pattern.operations += d == 0 ? 0 : (d - 1) * d * (2 * d - 1) / 6 + d * (d - 1) / 2;
  return std::move(eliminated.pattern);
}

}  // namespace funnelgraph::inline v0::detail
