// Times in days, weeks and months. Internal.
#pragma once

#include <string>

#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0::detail {

/// Days between two times.
[[nodiscard]] inline double days_between(fit::Tick from, fit::Tick to) noexcept {
  return static_cast<double>(to - from) / static_cast<double>(fit::ticks_per_day);
}

/// The day of a time, counted from 1970-01-01.
[[nodiscard]] inline fit::Tick day_of(fit::Tick tick) noexcept {
  const fit::Tick day = tick / fit::ticks_per_day;
  return tick % fit::ticks_per_day < 0 ? day - 1 : day;
}

/// 0 = Monday.
[[nodiscard]] inline unsigned weekday_of(fit::Tick day) noexcept {
  return static_cast<unsigned>(((day + 3) % 7 + 7) % 7);  // 1970-01-01 was a Thursday
}

/// "2026-W10", ISO 8601.
[[nodiscard]] std::string week_text(fit::Tick tick);
/// "2026-03".
[[nodiscard]] std::string month_text(fit::Tick tick);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/detail/calendar_inl.hpp>
#endif
