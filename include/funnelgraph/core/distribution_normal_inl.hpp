// The normal distribution, whole or cut to a range, precise in both tails.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <boost/math/special_functions/erf.hpp>

#include <funnelgraph/core/detail/lag_transform_inl.hpp>
#include <funnelgraph/core/distribution.hpp>

namespace funnelgraph::inline v0::detail {

inline constexpr double sqrt_2 = 1.41421356237309504880;
/// 1 / sqrt(2 pi)
inline constexpr double normal_peak = 0.39894228040143267794;

/// Least share of a normal distribution that may be left of it.
inline constexpr double least_normal_share = 1e-300;

[[nodiscard]] inline double lower_normal(double z) { return 0.5 * std::erfc(-z / sqrt_2); }
[[nodiscard]] inline double upper_normal(double z) { return 0.5 * std::erfc(z / sqrt_2); }
/// The z with lower_normal(z) == p.
[[nodiscard]] inline double normal_score(double p) {
  const QuietPolicy quiet;
  return -sqrt_2 * boost::math::erfc_inv(2 * p, quiet);
}

/// The two ends of a cut normal distribution as scores, and what it holds between them. Seen from the tail
/// where the probabilities are small.
struct CutNormal {
  double low, high;      ///< scores, mirrored where `mirrored`
  double below, inside;  ///< P(Z < low), P(low < Z < high), after mirroring
  bool mirrored;
};
[[nodiscard]] inline CutNormal cut_normal(const std::array<double, 4>& p) {
  double low = (p[2] - p[0]) / p[1];
  double high = (p[3] - p[0]) / p[1];
  const bool mirrored = low > 0;
  if (mirrored) {
    std::swap(low, high);
    low = -low;
    high = -high;
  }
  const double below = std::isinf(low) ? 0 : lower_normal(low);
  const double inside =
      high > 0 ? 1 - below - (std::isinf(high) ? 0 : upper_normal(high)) : lower_normal(high) - below;
  return {low, high, below, inside, mirrored};
}

/// P(X <= x) or, with `upper`, P(X > x), of a cut normal, for x inside its support.
[[nodiscard]] inline double cut_normal_probability(const std::array<double, 4>& p, double x, bool upper) {
  const CutNormal cut = cut_normal(p);
  double z = (x - p[0]) / p[1];
  if (cut.mirrored) z = -z;
  const bool from_low = upper == cut.mirrored;
  const double share =
      from_low ? lower_normal(z) - cut.below
               : (cut.high > 0 ? upper_normal(z) - (std::isinf(cut.high) ? 0 : upper_normal(cut.high))
                               : lower_normal(cut.high) - lower_normal(z));
  return std::clamp(share / cut.inside, 0.0, 1.0);
}

[[nodiscard]] inline double cut_normal_quantile(const std::array<double, 4>& p, double probability,
                                                bool upper) {
  const CutNormal cut = cut_normal(p);
  const bool from_low = upper == cut.mirrored;
  double z = 0;
  if (from_low) {
    z = normal_score(cut.below + probability * cut.inside);
  } else if (cut.high > 0) {
    z = -normal_score((std::isinf(cut.high) ? 0 : upper_normal(cut.high)) + probability * cut.inside);
  } else {
    z = normal_score(lower_normal(cut.high) - probability * cut.inside);
  }
  return std::clamp(p[0] + p[1] * (cut.mirrored ? -z : z), p[2], p[3]);
}

/// Mean and variance of a cut normal: Johnson, Kotz and Balakrishnan (1994), 13.10.
[[nodiscard]] inline MeanAndSd cut_normal_moments(const std::array<double, 4>& p) {
  const CutNormal cut = cut_normal(p);
  const auto density = [](double z) { return std::isinf(z) ? 0 : normal_peak * std::exp(-z * z / 2); };
  const auto moment = [&](double z) { return std::isinf(z) ? 0 : z * density(z); };
  const double shift = (density(cut.low) - density(cut.high)) / cut.inside;
  const double variance = 1 + (moment(cut.low) - moment(cut.high)) / cut.inside - shift * shift;
  return {p[0] + p[1] * (cut.mirrored ? -shift : shift), p[1] * std::sqrt(std::max(variance, 0.0))};
}

}  // namespace funnelgraph::inline v0::detail
