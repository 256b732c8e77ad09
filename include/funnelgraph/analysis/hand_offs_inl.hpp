// Definitions of hand_offs.hpp.
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/hand_offs.hpp>
#include <funnelgraph/analysis/shares.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Moves of one transition as (owner, excess): positive for givers, negative for receivers.
FUNNELGRAPH_INLINE void moved_shares(const Chain& chain, std::uint32_t from, std::uint32_t to,
                                     std::vector<std::pair<std::uint32_t, double>>& moved) {
  moved.clear();
  const auto add = [&](std::uint32_t owner, double share) {
    for (auto& [known, excess] : moved) {
      if (known == owner) {
        excess += share;
        return;
      }
    }
    moved.emplace_back(owner, share);
  };
  for_each_share(chain.stage_owners, from, chain.owner_count, add);
  for_each_share(chain.stage_owners, to, chain.owner_count,
                 [&](std::uint32_t owner, double share) { add(owner, -share); });
  std::sort(moved.begin(), moved.end());
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<HandOff> hand_offs(const Chain& chain, std::span<const double> visits) {
  std::vector<HandOff> out;
  std::vector<std::pair<std::uint32_t, double>> moved;
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      const double flowing = visits[i] * chain.rate[e];
      if (!chain.to_stage(e) || chain.target[e] == i || !(flowing > 0)) continue;
      detail::moved_shares(chain, i, chain.target[e], moved);
      double taken = 0;
      for (const auto& [owner, excess] : moved) {
        if (excess < -moved_share_tolerance) taken -= excess;
      }
      for (const auto& [giver, given] : moved) {
        if (given <= moved_share_tolerance) continue;
        for (const auto& [receiver, minus] : moved) {
          if (minus >= -moved_share_tolerance) continue;
          out.push_back({e, i, giver, receiver, flowing * given * (-minus / taken)});
        }
      }
    }
  }
  return out;
}

}  // namespace funnelgraph::inline v0
