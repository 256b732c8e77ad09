// What each owner received, passed on, lost, spent and earned.
#pragma once

#include <span>
#include <vector>

#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/analysis/hand_offs.hpp>

namespace funnelgraph::inline v0 {

/// received = passed_on + screened + lost; cost and value add up to the totals over all rows.
struct LedgerRow {
  double received = 0;
  double passed_on = 0;
  double screened = 0;
  double lost = 0;          ///< drop-off, lost, silent and shed
  double waiting_days = 0;  ///< over journeys, not discounted; NaN where an unknown lag is in it
  double cost = 0;          ///< discounted
  double value = 0;         ///< discounted
};

/// One row per owner and a last one for what nobody owns.
struct Ledger {
  std::vector<LedgerRow> by_journey;  ///< received: entrants and hand-offs taken; passed on: given and won
  std::vector<LedgerRow> by_visit;    ///< received: arrivals; passed on: all that moved to a stage or won
};

/// Stages count by their owners' shares, wins and screened by the source stage's. A flow in which shares
/// of a journey stay with their owner is no receipt by journey. O(edges + hand-offs).
[[nodiscard]] Ledger ledger(const Chain& chain, const Flow& flow, std::span<const HandOff> moved,
                            const Money& money);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/ledger_inl.hpp>
#endif
