// Poisson numbers from a stream of random bits. Internal.
#pragma once

#include <cmath>

#include <funnelgraph/core/philox.hpp>

namespace funnelgraph::inline v0::detail {

/// ln(k!), by Stirling's series from 10 on (error below 1e-10).
[[nodiscard]] inline double log_factorial(double k) {
  if (k < 10) {
    double product = 1;
    for (int i = 2; i <= k; ++i) product *= i;
    return std::log(product);
  }
  constexpr double half_log_two_pi = 0.91893853320467274178;
  const double inverse = 1 / k, square = inverse * inverse;
  return (k + 0.5) * std::log(k) - k + half_log_two_pi +
         inverse * (1.0 / 12 - square * (1.0 / 360 - square / 1260));
}

/// A Poisson number of this mean >= 0: below 30 by inversion, else by transformed rejection (PTRS, Hörmann
/// 1993, "The transformed rejection method for generating Poisson random variables").
[[nodiscard]] inline double poisson_draw(double mean, RandomStream& stream) {
  if (!(mean > 0)) return 0;
  if (mean < 30) {
    double left = stream.uniform(), term = std::exp(-mean), k = 0;
    while (left > term && k < 1000) {
      left -= term;
      k += 1;
      term *= mean / k;
    }
    return k;
  }
  const double log_mean = std::log(mean);
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = stream.uniform() - 0.5, v = stream.uniform();
    const double side = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / side + b) * u + mean + 0.43);
    if (side >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (side < 0.013 && v > side)) continue;
    if (std::log(v * inverse_alpha / (a / (side * side) + b)) <= k * log_mean - mean - log_factorial(k))
      return k;
  }
}

}  // namespace funnelgraph::inline v0::detail
