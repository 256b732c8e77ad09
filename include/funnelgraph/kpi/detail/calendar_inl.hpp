// Definitions of calendar.hpp.
#pragma once

#include <chrono>
#include <string>

#include <funnelgraph/kpi/detail/calendar.hpp>

namespace funnelgraph::inline v0::detail {

inline std::string two_digits(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

inline std::string four_digits(int year) {
  const std::string text = std::to_string(year);
  return text.size() < 4 ? std::string(4 - text.size(), '0') + text : text;
}

inline std::chrono::year_month_day calendar_day(fit::Tick day) {
  return std::chrono::sys_days(std::chrono::days(day));
}

FUNNELGRAPH_INLINE std::string week_text(fit::Tick tick) {
  // A week belongs to the year of its Thursday; the first week has the year's first Thursday.
  const fit::Tick day = day_of(tick);
  const fit::Tick thursday = day + 3 - static_cast<fit::Tick>(weekday_of(day));
  const std::chrono::year year = calendar_day(thursday).year();
  const auto first = std::chrono::sys_days(year / std::chrono::January / 1).time_since_epoch().count();
  const auto week = static_cast<unsigned>((thursday - first) / 7 + 1);
  return four_digits(static_cast<int>(year)) + "-W" + two_digits(week);
}

FUNNELGRAPH_INLINE std::string month_text(fit::Tick tick) {
  const std::chrono::year_month_day day = calendar_day(day_of(tick));
  return four_digits(static_cast<int>(day.year())) + "-" + two_digits(static_cast<unsigned>(day.month()));
}

}  // namespace funnelgraph::inline v0::detail
