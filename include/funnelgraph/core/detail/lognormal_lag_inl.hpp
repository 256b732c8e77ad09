// Transform of lognormal waiting times.
#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/core/detail/lag_transform_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// Lambert's W, the solution w >= 0 of w exp(w) = y for y >= 0, by Halley's method.
inline double lambert_w(double y) noexcept {
  if (!(y > 0)) return 0;
  double w = y < 3 ? std::log1p(y) * 0.8 : std::log(y) - std::log(std::log(y));
  for (int i = 0; i < 12; ++i) {
    const double ratio = y * std::exp(-w);
    const double f = w - ratio;
    const double step = f / (1 + w - 0.5 * (w + 2) * f / (1 + w));
    w -= step;
    if (std::abs(step) <= 1e-15 * w) break;
  }
  return w;
}

/// E exp(-x T) for lognormal T of mean 1 and log variance `variance`.
inline DiscountFactor lognormal_discount(double x, double variance) {
  if (!(x > 0)) return {1, 0};
  constexpr double inverse_sqrt_two_pi = 0.3989422804014327;
  constexpr double half_pi = 1.5707963267948966;
  const double sigma = std::sqrt(variance);
  const double shift = std::log(x) - variance / 2;  // x T = exp(sigma Z + shift)
  // By Markov, loss <= x; beyond that guess by the median.
  if (x < 0.7 || shift < -1) {
    const auto lost = [&](double z) {
      return std::exp(-z * z / 2) * -std::expm1(-std::exp(sigma * z + shift));
    };
    const double centre = std::clamp(-shift / sigma, 0.0, sigma);
    const double loss = inverse_sqrt_two_pi * trapezoid(centre, trapezoid_step(half_pi / sigma, 0.5), lost);
    if (loss < 0.75) return from_loss(loss);
  }
  const double w = lambert_w(variance * std::exp(shift));
  const double k = w / variance;
  if (std::isinf(k) || std::isinf(x)) return {0, 1};
  const auto kept = [&](double u) {
    const double y = sigma * u;
    return std::exp(-u * u / 2 - k * (std::expm1(y) - y));
  };
  const double narrow = std::sqrt(1 + w);
  const double step = trapezoid_step(half_pi / 2 * narrow / sigma, 0.6) / narrow;
  const double log_scale = -(w / 2 + 1) * k;
  return from_factor(std::exp(log_scale) * inverse_sqrt_two_pi * trapezoid(0, step, kept));
}

/// Derivatives by Stein's lemma: d/dx = -phi(x (1 + c^2)), d/dc = x^2 c phi(x (1 + c^2)^2).
inline UnitTransform lognormal_transform(double x, double c, bool gradient) {
  const double growth = 1 + c * c;
  const double variance = std::log1p(c * c);
  if (std::isinf(growth)) return {{1, 0}, 0, 0};
  UnitTransform result{lognormal_discount(x, variance), 0, 0};
  if (gradient) {
    result.by_x = -lognormal_discount(x * growth, variance).factor;
    const double tail = lognormal_discount(x * growth * growth, variance).factor;
    result.by_c = tail > 0 ? x * x * c * tail : 0;
  }
  return result;
}

}  // namespace funnelgraph::inline v0::detail
