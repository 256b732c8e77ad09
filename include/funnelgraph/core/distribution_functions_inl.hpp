// Probabilities and quantiles by family.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <funnelgraph/core/distribution.hpp>
#include <funnelgraph/core/distribution_normal_inl.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/core/shown.hpp>

namespace funnelgraph::inline v0::detail {

/// Shapes of a PERT distribution on [0, 1].
struct BetaShapes {
  double a, b;
};
[[nodiscard]] inline BetaShapes pert_shapes(const std::array<double, 4>& p) {
  const double width = p[2] - p[0];
  return {1 + 4 * (p[1] - p[0]) / width, 1 + 4 * (p[2] - p[1]) / width};
}

/// P(X <= x) or P(X > x) of a distribution whose support holds x.
[[nodiscard]] inline double probability_of(const Distribution& distribution, double x, bool upper) {
  const std::array<double, 4>& p = distribution.parameters();
  const QuietPolicy quiet;
  const auto incomplete_beta = [&](double a, double b, double at) {
    return upper ? boost::math::ibetac(a, b, at, quiet) : boost::math::ibeta(a, b, at, quiet);
  };
  switch (distribution.family()) {
    case DistributionFamily::uniform:
      return upper ? (p[1] - x) / (p[1] - p[0]) : (x - p[0]) / (p[1] - p[0]);
    case DistributionFamily::triangular: {
      const double width = p[2] - p[0];
      if (x <= p[1] && p[1] > p[0]) {
        const double lower = (x - p[0]) / width * ((x - p[0]) / (p[1] - p[0]));
        return upper ? 1 - lower : lower;
      }
      const double above = (p[2] - x) / width * ((p[2] - x) / (p[2] - p[1]));
      return upper ? above : 1 - above;
    }
    case DistributionFamily::pert: {
      const BetaShapes shapes = pert_shapes(p);
      return incomplete_beta(shapes.a, shapes.b, (x - p[0]) / (p[2] - p[0]));
    }
    case DistributionFamily::beta:
      return incomplete_beta(p[0], p[1], x);
    case DistributionFamily::gamma:
      return upper ? boost::math::gamma_q(p[0], x / p[1], quiet)
                   : boost::math::gamma_p(p[0], x / p[1], quiet);
    case DistributionFamily::lognormal: {
      if (x == 0) return upper ? 1 : 0;
      const double z = (std::log(x) - p[0]) / p[1];
      return upper ? upper_normal(z) : lower_normal(z);
    }
    case DistributionFamily::normal:
      return cut_normal_probability(p, x, upper);
    case DistributionFamily::constant:
    case DistributionFamily::empirical:
    case DistributionFamily::quantiles:
      break;
  }
  const std::span<const QuantilePoint> points = distribution.points();
  const auto above = std::upper_bound(points.begin(), points.end(), x,
                                      [](double v, const QuantilePoint& q) { return v < q.value; });
  if (above == points.begin()) return upper ? 1 : 0;
  if (above == points.end()) return upper ? 0 : 1;
  const QuantilePoint& left = above[-1];
  double lower = left.probability;
  if (distribution.family() == DistributionFamily::quantiles) {
    lower += (x - left.value) / (above->value - left.value) * (above->probability - left.probability);
  }
  return upper ? 1 - lower : lower;
}

/// Quantile from below or, with `upper`, from above, 0 < probability < 1.
[[nodiscard]] inline double quantile_of(const Distribution& distribution, double probability, bool upper) {
  const std::array<double, 4>& p = distribution.parameters();
  const QuietPolicy quiet;
  const Tail tail = upper ? Tail::upper : Tail::lower;
  switch (distribution.family()) {
    case DistributionFamily::constant:
      return p[0];
    case DistributionFamily::uniform:
      return upper ? p[1] - (p[1] - p[0]) * probability : p[0] + (p[1] - p[0]) * probability;
    case DistributionFamily::triangular: {
      const double width = p[2] - p[0];
      const double up = (p[1] - p[0]) / width;  // share below the mode
      const bool left = upper ? 1 - probability < up : probability < up;
      const double share = left == upper ? 1 - probability : probability;
      return left ? p[0] + std::sqrt(share * width * (p[1] - p[0]))
                  : p[2] - std::sqrt(share * width * (p[2] - p[1]));
    }
    case DistributionFamily::pert: {
      const BetaShapes shapes = pert_shapes(p);
      return p[0] + (p[2] - p[0]) * beta_quantile(shapes.a, shapes.b, probability, tail);
    }
    case DistributionFamily::beta:
      return beta_quantile(p[0], p[1], probability, tail);
    case DistributionFamily::gamma:
      return p[1] * (upper ? boost::math::gamma_q_inv(p[0], probability, quiet)
                           : boost::math::gamma_p_inv(p[0], probability, quiet));
    case DistributionFamily::lognormal: {
      const double z = normal_score(probability);
      return std::exp(p[0] + p[1] * (upper ? -z : z));
    }
    case DistributionFamily::normal:
      return cut_normal_quantile(p, probability, upper);
    case DistributionFamily::empirical:
    case DistributionFamily::quantiles:
      break;
  }
  const std::span<const QuantilePoint> points = distribution.points();
  const double from_below = upper ? 1 - probability : probability;
  const auto at =
      std::lower_bound(points.begin(), points.end(), from_below,
                       [](const QuantilePoint& q, double share) { return q.probability < share; });
  if (at == points.end()) return points.back().value;
  if (at == points.begin() || distribution.family() == DistributionFamily::empirical) return at->value;
  const QuantilePoint& left = at[-1];
  const double part = (from_below - left.probability) / (at->probability - left.probability);
  return left.value + part * (at->value - left.value);
}

[[nodiscard]] inline double checked_quantile(const Distribution& distribution, double probability,
                                             bool upper) {
  if (!(probability >= 0 && probability <= 1)) {
    throw InvalidValueError("probability of a quantile", shown(probability), "[0, 1]");
  }
  if (probability == 0 || probability == 1) {
    const Support support = distribution.support();
    return (probability == 0) == upper ? support.high : support.low;
  }
  return quantile_of(distribution, probability, upper);
}

}  // namespace funnelgraph::inline v0::detail
