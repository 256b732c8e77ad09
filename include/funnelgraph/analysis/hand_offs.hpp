// Journeys that change hands: derived from ownership, never declared.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/chain/chain.hpp>

namespace funnelgraph::inline v0 {

/// Moved shares below this are rounding of the shares' own sums, not a hand-off.
inline constexpr double moved_share_tolerance = 1e-12;

/// What one owner hands to another along one transition between two stages. Owners are positions;
/// owner_count stands for nobody.
struct HandOff {
  std::uint32_t edge = 0;
  std::uint32_t from = 0;  ///< stage
  std::uint32_t giver = 0;
  std::uint32_t receiver = 0;
  double volume = 0;  ///< journeys per period
};

/// Per transition with flow: flow * moved share; who has more of the source gives the excess, who has more of
/// the target takes it, several on both sides in proportion. Exits to outcomes are none. Sorted by edge,
/// giver, receiver. O(edges + sum of givers * receivers).
[[nodiscard]] std::vector<HandOff> hand_offs(const Chain& chain, std::span<const double> visits);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/hand_offs_inl.hpp>
#endif
