// Exact draws from binomial distributions, at a cost that does not grow with the number of trials.
#pragma once

#include <cmath>
#include <cstdint>

#include <funnelgraph/config.hpp>
#include <funnelgraph/core/philox.hpp>

namespace funnelgraph::inline v0::maturity::detail {

/// Below this mean the inversion is quicker, and the rejection not yet valid.
inline constexpr double rejection_mean = 10;

/// What Stirling's formula lacks of log(k!): Hörmann (1993).
[[nodiscard]] inline double stirling_rest(double k) {
  constexpr double table[] = {0.08106146679532726, 0.04134069595540929,  0.02767792568499834,
                              0.02079067210376509, 0.01664469118982119,  0.01387612882307075,
                              0.01189670994589177, 0.010411265261972096, 0.009255462182712733,
                              0.008330563433362871};
  if (k < 10) return table[static_cast<int>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

/// By sequential search from 0; for p <= 1/2 and a small mean.
[[nodiscard]] inline std::uint64_t binomial_by_inversion(std::uint64_t n, double p, RandomStream& stream) {
  const double odds = p / (1 - p);
  const auto trials = static_cast<double>(n);
  while (true) {
    double term = std::exp(trials * std::log1p(-p));
    double rest = stream.uniform();
    for (std::uint64_t k = 0; k <= n; ++k) {
      if (rest < term) return k;
      rest -= term;
      term *= odds * static_cast<double>(n - k) / static_cast<double>(k + 1);
    }
  }
}

/// Transformed rejection with squeeze, BTRS: Hörmann (1993), "The generation of binomial random variates".
[[nodiscard]] inline std::uint64_t binomial_by_rejection(std::uint64_t n, double p, RandomStream& stream) {
  const auto trials = static_cast<double>(n);
  const double sd = std::sqrt(trials * p * (1 - p));
  const double b = 1.15 + 2.53 * sd;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double c = trials * p + 0.5;
  const double squeeze = 0.92 - 4.2 / b;
  const double alpha = (2.83 + 5.1 / b) * sd;
  const double odds = p / (1 - p);
  const double mode = std::floor((trials + 1) * p);
  while (true) {
    const double u = stream.uniform() - 0.5;
    const double v = stream.uniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + c);
    if (us >= 0.07 && v <= squeeze) return static_cast<std::uint64_t>(k);
    if (!(k >= 0 && k <= trials)) continue;
    const double left = std::log(v * alpha / (a / (us * us) + b));
    const double right = (mode + 0.5) * std::log((mode + 1) / (odds * (trials - mode + 1))) +
                         (trials + 1) * std::log((trials - mode + 1) / (trials - k + 1)) +
                         (k + 0.5) * std::log(odds * (trials - k + 1) / (k + 1)) + stirling_rest(mode) +
                         stirling_rest(trials - mode) - stirling_rest(k) - stirling_rest(trials - k);
    if (left <= right) return static_cast<std::uint64_t>(k);
  }
}

/// How many of `n` trials succeed that each do with probability p.
[[nodiscard]] inline std::uint64_t binomial_draw(std::uint64_t n, double p, RandomStream& stream) {
  if (n == 0 || !(p > 0)) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial_draw(n, 1 - p, stream);
  if (static_cast<double>(n) * p < rejection_mean) return binomial_by_inversion(n, p, stream);
  return binomial_by_rejection(n, p, stream);
}

}  // namespace funnelgraph::inline v0::maturity::detail
