// Shape and transform of Weibull waiting times.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <funnelgraph/core/detail/lag_transform_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// The lag is mean * E^a / Gamma(1 + a) with E exponential of mean 1 and a = 1 / shape.
struct WeibullShape {
  double a = 0;
  double a_by_c = 0;    ///< derivative of a by the coefficient of variation
  double log_norm = 0;  ///< ln Gamma(1 + a)
};

/// ln(1 + c^2) = ln Gamma(1 + 2a) - 2 ln Gamma(1 + a) and its derivative by a, without cancellation.
inline std::pair<double, double> weibull_log_dispersion(double a) {
  if (a < 0.05) {  // sum over n >= 2 of (-1)^n zeta(n) (2^n - 2) / n a^n
    constexpr double zeta[] = {1.6449340668482264, 1.2020569031595942, 1.0823232337111382, 1.0369277551433699,
                               1.0173430619844491, 1.0083492773819228, 1.0040773561979443, 1.0020083928260822,
                               1.0009945751278181, 1.0004941886041195, 1.0002460865533080, 1.0001227133475785,
                               1.0000612481350587, 1.0000305882363070, 1.0000152822594086};
    double value = 0, slope = 0;
    double power = a, two = 4;  // a^(n - 1), 2^n
    for (int n = 2; n <= 16; ++n, power *= -a, two *= 2) {
      const double term = zeta[n - 2] * (two - 2) * power;
      slope += term;
      value += term * a / n;
    }
    return {value, slope};
  }
  const QuietPolicy quiet;
  return {boost::math::lgamma(1 + 2 * a, quiet) - 2 * boost::math::lgamma(1 + a, quiet),
          2 * (boost::math::digamma(1 + 2 * a, quiet) - boost::math::digamma(1 + a, quiet))};
}

/// Newton on a convex function: from any start it is on the right of the root after one step.
inline WeibullShape weibull_shape(double c) {
  const double wanted = std::isinf(c * c) ? 2 * std::log(c) : std::log1p(c * c);
  double a = c < 1 ? 0.78 * c + 0.22 * c * c : std::max(1.0, wanted / 1.3862943611198906);
  double slope = 0;
  for (int i = 0; i < 50; ++i) {
    const auto [value, derivative] = weibull_log_dispersion(a);
    slope = derivative;
    const double next = std::max(a - (value - wanted) / slope, a / 4);
    const bool done = std::abs(next - a) <= 1e-15 * a;
    a = next;
    if (done) break;
  }
  const double by_c = c > 1e8 ? 2 / (c * slope) : 2 * c / ((1 + c * c) * slope);
  return {a, by_c, boost::math::lgamma(1 + a, QuietPolicy{})};
}

/// Integrals over v = exp(y) of exp(-v), where x T = exp(a y + shift).
inline UnitTransform weibull_transform(double x, double c, bool gradient) {
  constexpr double half_pi = 1.5707963267948966;
  const WeibullShape shape = weibull_shape(c);
  const double a = shape.a;
  const double shift = std::log(x) - shape.log_norm;
  const double step = trapezoid_step(half_pi / std::max(1.0, a), 1e-3);
  const auto scaled = [&](double y) { return std::exp(a * y + shift); };
  const auto lost = [&](double y) { return std::exp(y - std::exp(y)) * -std::expm1(-scaled(y)); };
  // Where the kept mass peaks: exp(y) + a exp(a y + shift) = 1.
  double peak = std::min(0.0, -(std::log(a) + shift) / a);
  for (int i = 0; i < 5; ++i) {
    const double e = std::exp(peak), t = a * scaled(peak);
    peak -= (e + t - 1) / (e + a * t);
  }
  const auto kept_exponent = [&](double y) { return y - std::exp(y) - scaled(y); };
  const double top = kept_exponent(peak);

  UnitTransform result;
  bool small_loss = false;
  if (x < 1) {
    const double loss = trapezoid(std::log1p(a), step, lost);
    small_loss = loss < 0.5;
    if (small_loss) result.value = from_loss(loss);
  }
  const auto kept = [&](double y) { return std::exp(kept_exponent(y) - top); };
  if (!small_loss) result.value = from_factor(std::exp(top) * trapezoid(peak, step, kept));
  if (!gradient) return result;

  const auto moved = [&](double y) { return std::exp(kept_exponent(y) - top + a * (y - peak)); };
  result.by_x = -std::exp(top + a * peak - shape.log_norm) * trapezoid(peak, step, moved);
  // d/da = -x E[T (ln v - psi) exp(-x T)] with psi = psi(1 + a); as E[T (ln v - psi)] = 0, 1 - exp(-x T)
  // can stand in for -exp(-x T) where it is the smaller.
  const double psi = boost::math::digamma(1 + a, QuietPolicy{});
  const auto weighted = [&](double y) {
    const double moment = y - std::exp(y) + a * y + shift;
    return small_loss ? (y - psi) * std::exp(moment) * -std::expm1(-scaled(y))
                      : (psi - y) * std::exp(moment - scaled(y));
  };
  double by_a = 0;
  const double low = std::min(-45.0 / (1 + a), peak - 45), high = 6;
  const auto steps = static_cast<int>(std::min((high - low) / step, 1e5));
  for (int i = 0; i <= steps; ++i) by_a += weighted(high - i * step);
  result.by_c = by_a * step * shape.a_by_c;
  return result;
}

}  // namespace funnelgraph::inline v0::detail
