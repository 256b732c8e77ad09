// Units: time is in days, money is a double with a label.
#pragma once

#include <cmath>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Days in a month of the average Gregorian year (365.25 / 12 = 30.4375).
inline constexpr double days_per_month = 30.4375;
/// Days over which `discount_rate` is effective.
inline constexpr double days_per_year = 365.0;
inline constexpr double days_per_week = 7.0;
inline constexpr double days_per_hour = 1.0 / 24.0;

/// Force of interest per day of an effective rate per 365 days: ln(1 + rate) / 365.
[[nodiscard]] inline double discount_force(double discount_rate) noexcept {
  return std::log1p(discount_rate) / days_per_year;
}

}  // namespace funnelgraph::inline v0
