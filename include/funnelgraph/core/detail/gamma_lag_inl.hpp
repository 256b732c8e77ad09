// Transforms of exponential and gamma waiting times.
#pragma once

#include <cmath>

#include <funnelgraph/core/detail/lag_transform_inl.hpp>

namespace funnelgraph::inline v0::detail {

inline UnitTransform exponential_transform(double x) noexcept {
  const double factor = 1 / (1 + x);
  return {{factor, std::isinf(x) ? 1 : x * factor}, -factor * factor, 0};
}

/// (log1p(z) - z / (1 + z)) / z^2 for 0 <= z <= 0.1, by its series.
inline double gamma_series(double z) noexcept {
  double sum = 0;
  for (int n = 18; n >= 2; --n) sum = (n - 1.0) / n - z * sum;
  return sum;
}

inline UnitTransform gamma_transform(double x, double c) noexcept {
  const double v = c * c;  // 1 / shape
  if (std::isinf(v)) return {{1, 0}, 0, 0};
  const double z = v * x;
  const double exponent = v > 0 && z > 0 ? std::log1p(z) / v : x;
  const double factor = std::exp(-exponent);
  const double by_x = -factor / (1 + z);
  double by_c = 0;
  if (factor > 0) {
    by_c = 2 * c * factor * (z > 0.1 ? (exponent - x / (1 + z)) / v : x * x * gamma_series(z));
  }
  return {{factor, -std::expm1(-exponent)}, by_x, by_c};
}

}  // namespace funnelgraph::inline v0::detail
