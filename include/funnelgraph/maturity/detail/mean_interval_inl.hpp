#pragma once

#include <cmath>

#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/maturity/detail/mean_interval.hpp>

namespace funnelgraph::inline v0::maturity::detail {

/// Third central moment (over n) of a sample.
[[nodiscard]] inline double third_moment(const Counted& sample) {
  double sum = 0;
  for (std::size_t i = 0; i < sample.values.size(); ++i) {
    const double distance = sample.values[i] - sample.mean;
    sum += distance * distance * distance * static_cast<double>(sample.counts[i]);
  }
  return sum / static_cast<double>(sample.n);
}

/// The interval from a value, its variance, third cumulant and degrees of freedom.
[[nodiscard]] inline Ends moved_t(double value, double variance, double third, double freedom, double level) {
  const double error = std::sqrt(variance);
  if (!(error > 0)) return {value, value};
  const double tail = (1 - level) / 2;
  const double t = -funnelgraph::detail::student_quantile(freedom, tail);
  const double z = funnelgraph::detail::central_score(level);
  const double move = third / (6 * variance * error) * (1 + 2 * z * z);
  return {value + error * (move - t), value + error * (move + t)};
}

FUNNELGRAPH_INLINE Ends mean_interval(const Counted& sample, double level) {
  const auto n = static_cast<double>(sample.n);
  return moved_t(sample.mean, sample.variance / n, third_moment(sample) / (n * n), n - 1, level);
}

FUNNELGRAPH_INLINE Ends combined_interval(const Counted& a, double wa, const Counted& b, double wb,
                                          double level) {
  const auto na = static_cast<double>(a.n);
  const auto nb = static_cast<double>(b.n);
  const double va = wa * wa * a.variance / na;
  const double vb = wb * wb * b.variance / nb;
  const double third =
      wa * wa * wa * third_moment(a) / (na * na) + wb * wb * wb * third_moment(b) / (nb * nb);
  const double below = va * va / (na - 1) + vb * vb / (nb - 1);
  const double freedom = below > 0 ? (va + vb) * (va + vb) / below : na + nb - 2;
  return moved_t(wa * a.mean + wb * b.mean, va + vb, third, freedom, level);
}

}  // namespace funnelgraph::inline v0::maturity::detail
