// What can be said of one hand-off.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// What the record of one hand-off says. `receiver`: it met the definition and was not touched within the
/// service level. `giver`: rejected in time, for a reason that is against the definition. `in_order`: touched
/// in time and not rejected. `between`: all else, and all that is not recorded. `young`: delivered so
/// recently that its time is not over; counts neither way, answered or not.
enum class HandOffVerdict : std::uint8_t { in_order, receiver, giver, between, young };

/// Why a hand-off lies between.
enum class BetweenCause : std::uint8_t {
  not_recorded,             ///< not touched in time, and nobody recorded whether it met the definition
  unfit_not_rejected,       ///< did not meet the definition, and was neither rejected nor touched in time
  rejected_late,            ///< against the definition, but after the time to reject
  rejected_undated,         ///< no date of rejection
  rejected_without_reason,  ///< no reason
  other_reason,             ///< rejected for a reason that is not in the definition
  contradiction             ///< accepted and rejected, rejected though it met the definition, dated backwards
};
inline constexpr std::size_t between_causes = 7;

/// "in_order", as it is written in code.
[[nodiscard]] std::string to_string(HandOffVerdict verdict);
[[nodiscard]] std::string to_string(BetweenCause cause);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/hand_off_verdict_inl.hpp>
#endif
