// Limits in days, as ticks. Internal.
#pragma once

#include <string>

#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0::detail {

/// The longest limit in days: the span of all times.
inline constexpr double longest_limit = 3'652'058;

/// `days` as ticks, rounded to the microsecond. Throws InvalidValueError unless in (0, longest_limit].
[[nodiscard]] fit::Tick limit_ticks(const std::string& where, double days);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/detail/limits_inl.hpp>
#endif
