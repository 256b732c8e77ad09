#pragma once

#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <funnelgraph/core/distribution_between.hpp>
#include <funnelgraph/core/distribution_normal_inl.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Where increasing `f` crosses zero between `low` and `high`: halving until both ends are known, then
/// TOMS 748.
template <class Function>
[[nodiscard]] double zero_crossing(Function f, double low, double high) {
  double at_low = std::numeric_limits<double>::quiet_NaN();
  double at_high = at_low;
  for (int step = 0; step < 1100 && (step < 4 || std::isnan(at_low) || std::isnan(at_high)); ++step) {
    const double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    const double at = f(middle);
    if (at == 0) return middle;
    (at < 0 ? low : high) = middle;
    (at < 0 ? at_low : at_high) = at;
  }
  std::uintmax_t steps = 100;
  const auto ends = boost::math::tools::toms748_solve(
      f, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(50), steps, QuietPolicy());
  return ends.first + (ends.second - ends.first) / 2;
}

inline void check_between(double low, double high, double level, double least, double most,
                          const char* allowed) {
  if (!std::isfinite(low) || !std::isfinite(high) || !(low <= high) || low < least || high > most) {
    throw InvalidValueError("interval", shown(low) + ", " + shown(high), allowed);
  }
  if (!(level > 0 && level < 1)) throw InvalidValueError("level of an interval", shown(level), "(0, 1)");
}

}  // namespace detail

FUNNELGRAPH_INLINE Distribution share_between(double low, double high, double level) {
  detail::check_between(low, high, level, 0, 1, "two numbers in [0, 1], the lower one first");
  if (low == high) return Distribution::constant(low);
  const double outside = 1 - level;
  if (low == 0 && high == 1) return Distribution::uniform(0, 1);
  if (low == 0) return Distribution::beta(1, std::log(outside) / std::log1p(-high));
  if (high == 1) return Distribution::beta(std::log(outside) / std::log(low), 1);
  // For each sum of the shapes, on a log scale, there is one mean with P(X > high) = outside / 2; P(X < low)
  // falls as the sum grows. The start is the normal's: sd = half the width over its score.
  const detail::QuietPolicy quiet;
  const auto mean_at = [&](double n) {
    return detail::zero_crossing(
        [&](double mean) { return boost::math::ibetac(mean * n, (1 - mean) * n, high, quiet) - outside / 2; },
        0.0, 1.0);
  };
  const auto excess = [&](double log_n) {
    const double n = std::exp(log_n);
    const double mean = mean_at(n);
    return outside / 2 - boost::math::ibeta(mean * n, (1 - mean) * n, low, quiet);
  };
  const double n = std::exp(detail::zero_crossing(excess, std::log(1e-3), std::log(1e14)));
  const double mean = mean_at(n);
  return Distribution::beta(mean * n, (1 - mean) * n);
}

FUNNELGRAPH_INLINE Distribution amount_between(double low, double high, double level) {
  detail::check_between(low, high, level, 0, std::numeric_limits<double>::max(),
                        "two numbers >= 0, the lower one first");
  if (low == high) return Distribution::constant(low);
  if (low == 0) return Distribution::gamma_of_shape(1, -high / std::log(1 - level));
  const double score = -detail::normal_score((1 - level) / 2);
  const double middle = (std::log(low) + std::log(high)) / 2;
  return Distribution::lognormal_of_log(middle, (std::log(high) - std::log(low)) / (2 * score));
}

FUNNELGRAPH_INLINE Distribution normal_between(double low, double high, double level) {
  constexpr double most = std::numeric_limits<double>::max();
  detail::check_between(low, high, level, -most, most, "two finite numbers, the lower one first");
  if (low == high) return Distribution::constant(low);
  const double score = -detail::normal_score((1 - level) / 2);
  return Distribution::normal({low / 2 + high / 2, (high - low) / (2 * score)});
}

}  // namespace funnelgraph::inline v0
