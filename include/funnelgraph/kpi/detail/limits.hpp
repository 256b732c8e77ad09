// Days as ticks, and which words say yes: shared by the readers of the room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0::detail {

/// The longest limit in days: the span of all times.
inline constexpr double longest_limit = 3'652'058;

/// `days` as ticks, rounded to the microsecond. Throws InvalidValueError unless in (0, longest_limit].
[[nodiscard]] fit::Tick limit_ticks(const std::string& where, double days);

/// Days between two times.
[[nodiscard]] inline double days_between(fit::Tick from, fit::Tick to) noexcept {
  return static_cast<double>(to - from) / static_cast<double>(fit::ticks_per_day);
}

/// The middle of the values, the mean of the two middle ones; NaN without any. Reorders them. O(n).
[[nodiscard]] double median_of(std::vector<double>& values);

/// What a column of yes and no says row by row: text (yes, no, true, false, 1, 0, có, không and the like, in
/// upper or lower case) or whole numbers 1 and 0. Throws DataError for another word.
[[nodiscard]] std::vector<std::optional<bool>> read_flags(const fit::Columns& table,
                                                          const std::string& column);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/detail/limits_inl.hpp>
#endif
