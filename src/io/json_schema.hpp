// What writing and reading of the JSON schema share: words of enumerations, in their order; defaults.
#pragma once

#include <array>
#include <limits>
#include <string_view>

#include <funnelgraph/core/lag_distribution.hpp>

namespace funnelgraph::inline v0::detail {

inline constexpr std::array<std::string_view, 7> role_words{"marketing", "sales",   "care", "r_and_d",
                                                            "company",   "outside", "other"};
inline constexpr std::array<std::string_view, 4> outcome_kind_words{"won", "lost", "screened", "silent"};
inline constexpr std::array<std::string_view, 5> source_words{"assumed", "measured", "agreed", "estimated",
                                                              "placeholder"};
inline constexpr std::array<std::string_view, 7> lag_family_words{
    "unknown", "deterministic", "exponential", "gamma", "lognormal", "weibull", "empirical"};
inline constexpr std::array<std::string_view, 12> metric_words{
    "count",    "probability", "visits",      "revenue",        "cost",  "profit",
    "cost_per", "time_to",     "recoverable", "lifetime_value", "ratio", "sum"};

/// The standard deviation that is left out: NaN where it must be written.
inline double usual_sd(LagFamily family, double mean) {
  if (family == LagFamily::exponential) return mean;
  const bool none = family == LagFamily::deterministic || family == LagFamily::unknown;
  return none ? 0 : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace funnelgraph::inline v0::detail
