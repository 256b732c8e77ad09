// Waiting times by quantiles, linear between them.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <funnelgraph/core/detail/lag_transform_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// (1 - exp(-u)) / u, u >= 0.
inline double mean_decay(double u) noexcept { return u > 0 ? -std::expm1(-u) / u : 1; }

/// 1 - (1 - exp(-u)) / u, u >= 0, without cancellation.
inline double mean_decay_loss(double u) noexcept {
  if (u > 0.5) return (u + std::expm1(-u)) / u;
  double sum = 0;
  for (int n = 16; n >= 1; --n) sum = (1 - sum) * u / (n + 1);
  return sum;
}

/// Integral over t in [0, 1] of t exp(-u t), u >= 0, without cancellation.
inline double first_moment_decay(double u) noexcept {
  if (u > 0.5) return (-std::expm1(-u) - u * std::exp(-u)) / (u * u);
  double sum = 0;
  double term = 1;
  for (int n = 0; n <= 16; ++n) {
    sum += term / (n + 2);
    term *= -u / (n + 1);
  }
  return sum;
}

inline double empirical_mean(const std::vector<LagQuantile>& points) noexcept {
  double mean = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    mean +=
        (points[i].probability - points[i - 1].probability) * (points[i].value / 2 + points[i - 1].value / 2);
  }
  return mean;
}

inline double empirical_sd(const std::vector<LagQuantile>& points, double mean) noexcept {
  double variance = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double middle = points[i].value / 2 + points[i - 1].value / 2 - mean;
    const double width = points[i].value - points[i - 1].value;
    variance += (points[i].probability - points[i - 1].probability) * (middle * middle + width * width / 12);
  }
  return std::sqrt(variance);
}

/// What the quantiles are multiplied with so that the lag has its mean.
inline double empirical_scale(const LagDistribution& lag) noexcept {
  if (!lag.quantiles || lag.quantiles->size() < 2) return unknown_days;
  const double own = empirical_mean(*lag.quantiles);
  return lag.mean == own ? 1 : lag.mean / own;
}

/// Transform at force `s` with its derivative by s (in `by_x`).
inline UnitTransform empirical_transform(const LagDistribution& lag, double s) noexcept {
  const double force = s * empirical_scale(lag);
  if (std::isnan(force)) return {{unknown_days, unknown_days}, unknown_days, 0};
  const std::vector<LagQuantile>& points = *lag.quantiles;
  double factor = 0, loss = 0, moment = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    const double share = points[i].probability - points[i - 1].probability;
    const double start = force * points[i - 1].value;
    const double width = force * (points[i].value - points[i - 1].value);
    const double decay = std::exp(-start);
    factor += share * decay * mean_decay(width);
    loss += share * (-std::expm1(-start) + decay * mean_decay_loss(width));
    if (decay > 0) moment += share * decay * (start * mean_decay(width) + width * first_moment_decay(width));
  }
  return {{factor, loss}, -moment / s, 0};
}

inline double empirical_exceedance(const LagDistribution& lag, double days) noexcept {
  const double scale = empirical_scale(lag);
  if (std::isnan(scale)) return unknown_days;
  const std::vector<LagQuantile>& points = *lag.quantiles;
  const double value = days / scale;
  const auto above = std::upper_bound(points.begin(), points.end(), value,
                                      [](double v, const LagQuantile& q) { return v < q.value; });
  if (above == points.end()) return 0;
  if (above == points.begin()) return 1;
  const LagQuantile& left = above[-1];
  const double part = (above->value - value) / (above->value - left.value);
  return (1 - above->probability) + part * (above->probability - left.probability);
}

inline double empirical_quantile(const LagDistribution& lag, double probability) noexcept {
  const double scale = empirical_scale(lag);
  if (std::isnan(scale)) return unknown_days;
  const std::vector<LagQuantile>& points = *lag.quantiles;
  const auto at = std::lower_bound(points.begin(), points.end(), probability,
                                   [](const LagQuantile& q, double p) { return q.probability < p; });
  if (at == points.begin()) return scale * at->value;
  const LagQuantile& left = at[-1];
  const double part = (probability - left.probability) / (at->probability - left.probability);
  return scale * (left.value + part * (at->value - left.value));
}

}  // namespace funnelgraph::inline v0::detail
