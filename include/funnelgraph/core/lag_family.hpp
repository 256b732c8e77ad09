// What a waiting time is: its family, its two moments, its discount factor.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// The families of waiting times. `unknown` has no mean: what needs it is NaN.
enum class LagFamily : std::uint8_t {
  unknown,
  deterministic,
  exponential,
  gamma,
  lognormal,
  weibull,
  empirical
};

/// One point of an empirical distribution: `probability` in [0, 1], `value` in days, >= 0. Between
/// points the quantile function is linear.
struct LagQuantile {
  double probability = 0;
  double value = 0;
  bool operator==(const LagQuantile&) const = default;
};

/// A waiting time in days. Every family is given by `mean` and `sd` (the empirical one by its
/// quantiles, scaled so that it has `mean`), which keeps the coefficient of variation when the mean
/// moves. A mean of zero is no waiting in every family.
struct LagDistribution {
  LagFamily family = LagFamily::unknown;
  double mean = std::numeric_limits<double>::quiet_NaN();
  double sd = 0;
  /// Only for `empirical`: at least two points from probability 0 to 1, ascending in both.
  std::shared_ptr<const std::vector<LagQuantile>> quantiles;

  [[nodiscard]] bool known() const noexcept { return family != LagFamily::unknown; }
  /// NaN when unknown. An exponential lag has the deviation `mean` and a deterministic one 0, whatever
  /// `sd` says.
  [[nodiscard]] double variance() const noexcept {
    if (family == LagFamily::unknown) return std::numeric_limits<double>::quiet_NaN();
    if (family == LagFamily::deterministic || mean == 0) return 0;
    return family == LagFamily::exponential ? mean * mean : sd * sd;
  }
};

/// Laplace transform E[exp(-s T)] and its complement E[1 - exp(-s T)], each to nearly full relative
/// precision: closed forms by `expm1` and `log1p`; the lognormal and the Weibull to 1e-12 by the
/// trapezoidal rule over the real line, which converges exponentially there (Trefethen and Weideman 2014),
/// for the lognormal around the saddle point (Asmussen, Jensen and Rojas-Nandayapa 2016).
struct DiscountFactor {
  double factor = 1;
  double loss = 0;
};

}  // namespace funnelgraph::inline v0
