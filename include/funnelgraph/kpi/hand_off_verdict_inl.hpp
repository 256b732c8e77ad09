#pragma once

#include <funnelgraph/kpi/hand_off_verdict.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::string to_string(HandOffVerdict verdict) {
  constexpr const char* names[] = {"in_order", "receiver", "giver", "between", "young"};
  return names[static_cast<std::size_t>(verdict)];
}

FUNNELGRAPH_INLINE std::string to_string(BetweenCause cause) {
  constexpr const char* names[] = {"not_recorded",     "unfit_not_rejected",      "rejected_late",
                                   "rejected_undated", "rejected_without_reason", "other_reason",
                                   "contradiction"};
  return names[static_cast<std::size_t>(cause)];
}

}  // namespace funnelgraph::inline v0
