#pragma once

#include <chrono>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/detail/limits.hpp>
#include <funnelgraph/kpi/detail/service_rules.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE std::string rule_text(const ServiceLevel& rule) {
  const std::string limit = std::isinf(rule.within) ? "" : " " + shown(rule.within) + " days";
  if (rule.promise == Promise::report) return shown(rule.to) + " every" + limit;
  return shown(rule.from) + " -> " + shown(rule.to) + (limit.empty() ? "" : " within" + limit);
}

FUNNELGRAPH_INLINE void check_rule(const ServiceLevel& rule) {
  const std::string where = "ServiceLevel(" + rule_text(rule) + ")";
  if (rule.to.empty()) throw InvalidValueError(where, "no event `to`", "the name of a stage or event");
  if (rule.promise == Promise::report) {
    if (!(rule.within >= 1) || rule.within != std::floor(rule.within) || rule.within > longest_limit) {
      throw InvalidValueError(where, shown(rule.within), "a whole number of days >= 1 between reports");
    }
    return;
  }
  if (rule.from.empty()) throw InvalidValueError(where, "no stage `from`", "the name of a stage or event");
  if (rule.from == rule.to) throw InvalidValueError(where, "the same on both ends", "two stages or events");
  if (rule.promise == Promise::feedback && std::isinf(rule.within) && rule.within > 0) return;
  (void)limit_ticks(where, rule.within);
}

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
