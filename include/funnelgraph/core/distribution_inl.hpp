#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <funnelgraph/core/detail/lag_transform_inl.hpp>
#include <funnelgraph/core/distribution.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

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

[[nodiscard]] inline double checked_finite(const char* what, double value,
                                           const char* allowed = "a finite number") {
  if (!std::isfinite(value)) throw InvalidValueError(what, shown(value), allowed);
  return value;
}
[[nodiscard]] inline double checked_positive(const char* what, double value) {
  if (!(value > 0) || std::isinf(value)) throw InvalidValueError(what, shown(value), "a finite number > 0");
  return value;
}
inline void check_ascending(const char* what, double low, double mode, double high) {
  if (!(low <= mode && mode <= high) || std::isinf(low) || std::isinf(high)) {
    throw InvalidValueError(what, shown(low) + ", " + shown(mode) + ", " + shown(high),
                            "finite numbers in ascending order");
  }
}

/// Shapes of a PERT distribution on [0, 1].
struct BetaShapes {
  double a, b;
};
[[nodiscard]] inline BetaShapes pert_shapes(const std::array<double, 4>& p) {
  const double width = p[2] - p[0];
  return {1 + 4 * (p[1] - p[0]) / width, 1 + 4 * (p[2] - p[1]) / width};
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
  const auto beta_quantile = [&](double a, double b) {
    return upper ? boost::math::ibetac_inv(a, b, probability, quiet)
                 : boost::math::ibeta_inv(a, b, probability, quiet);
  };
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
      return p[0] + (p[2] - p[0]) * beta_quantile(shapes.a, shapes.b);
    }
    case DistributionFamily::beta:
      return beta_quantile(p[0], p[1]);
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

/// Where increasing `f` crosses zero between `low` and `high`: halving until both ends are known, then
/// TOMS 748.
template <class Function>
[[nodiscard]] double zero_crossing(Function f, double low, double high) {
  double at_low = std::numeric_limits<double>::quiet_NaN();
  double at_high = at_low;
  for (int step = 0; step < 1100 && (step < 4 || std::isnan(at_low) || std::isnan(at_high)); ++step) {
    const double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) return middle;
    const double at = f(middle);
    if (at == 0) return middle;
    (at < 0 ? low : high) = middle;
    (at < 0 ? at_low : at_high) = at;
  }
  std::uintmax_t steps = 100;
  const auto ends = boost::math::tools::toms748_solve(
      f, low, high, at_low, at_high, boost::math::tools::eps_tolerance<double>(50), steps, QuietPolicy());
  return ends.first + (ends.second - ends.first) / 2;
}

inline void check_between(double low, double high, double level, double least, double most,
                          const char* allowed) {
  if (!std::isfinite(low) || !std::isfinite(high) || !(low <= high) || low < least || high > most) {
    throw InvalidValueError("interval", shown(low) + ", " + shown(high), allowed);
  }
  if (!(level > 0 && level < 1)) throw InvalidValueError("level of an interval", shown(level), "(0, 1)");
}

}  // namespace detail

FUNNELGRAPH_INLINE Distribution Distribution::constant(double value) {
  return {DistributionFamily::constant, {detail::checked_finite("Constant", value), 0, 0, 0}};
}

FUNNELGRAPH_INLINE Distribution Distribution::uniform(double low, double high) {
  detail::check_ascending("Uniform", low, low, high);
  if (low == high) return constant(low);
  return {DistributionFamily::uniform, {low, high, 0, 0}};
}

FUNNELGRAPH_INLINE Distribution Distribution::triangular(double low, double mode, double high) {
  detail::check_ascending("Triangular", low, mode, high);
  if (low == high) return constant(low);
  return {DistributionFamily::triangular, {low, mode, high, 0}};
}

FUNNELGRAPH_INLINE Distribution Distribution::pert(double low, double mode, double high) {
  detail::check_ascending("Pert", low, mode, high);
  if (low == high) return constant(low);
  return {DistributionFamily::pert, {low, mode, high, 0}};
}

FUNNELGRAPH_INLINE Distribution Distribution::beta(double a, double b) {
  return {DistributionFamily::beta,
          {detail::checked_positive("Beta(a)", a), detail::checked_positive("Beta(b)", b), 0, 0}};
}

FUNNELGRAPH_INLINE Distribution Distribution::gamma(MeanAndSd moments) {
  const double mean = detail::checked_positive("Gamma(mean)", moments.mean);
  const double sd = detail::checked_positive("Gamma(sd)", moments.sd);
  return gamma_of_shape(mean / sd * (mean / sd), sd * (sd / mean));
}

FUNNELGRAPH_INLINE Distribution Distribution::gamma_of_shape(double shape, double scale) {
  return {DistributionFamily::gamma,
          {detail::checked_positive("shape of a Gamma", shape),
           detail::checked_positive("scale of a Gamma", scale), 0, 0}};
}

FUNNELGRAPH_INLINE Distribution Distribution::lognormal(MeanAndSd moments) {
  const double mean = detail::checked_positive("Lognormal(mean)", moments.mean);
  const double c = detail::checked_positive("Lognormal(sd)", moments.sd) / mean;
  const double variance = std::log1p(c * c);
  return lognormal_of_log(std::log(mean) - variance / 2, std::sqrt(variance));
}

FUNNELGRAPH_INLINE Distribution Distribution::lognormal_of_log(double mean, double sd) {
  return {DistributionFamily::lognormal,
          {detail::checked_finite("log_mean of a Lognormal", mean),
           detail::checked_positive("log_sd of a Lognormal", sd), 0, 0}};
}

FUNNELGRAPH_INLINE Distribution Distribution::normal(MeanAndSd moments, Support support) {
  const double mean = detail::checked_finite("Normal(mean)", moments.mean);
  const double sd = detail::checked_positive("Normal(sd)", moments.sd);
  if (!(support.low < support.high)) {
    throw InvalidValueError("ends of a Normal",
                            detail::shown(support.low) + ", " + detail::shown(support.high), "low < high");
  }
  const Distribution normal(DistributionFamily::normal, {mean, sd, support.low, support.high});
  if (!(detail::cut_normal(normal.parameters_).inside >= detail::least_normal_share)) {
    throw InvalidValueError("ends of a Normal",
                            detail::shown(support.low) + ", " + detail::shown(support.high),
                            "a range that holds something of it");
  }
  return normal;
}

FUNNELGRAPH_INLINE Distribution Distribution::empirical(std::vector<double> values) {
  if (values.empty()) throw InvalidValueError("values of an Empirical", "none", "at least one");
  for (const double value : values) static_cast<void>(detail::checked_finite("value of an Empirical", value));
  std::sort(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  std::vector<QuantilePoint> points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double upto = static_cast<double>(i + 1) / n;
    if (!points.empty() && points.back().value == values[i]) {
      points.back().probability = upto;
    } else {
      points.push_back({upto, values[i]});
    }
  }
  return steps(std::move(points));
}

FUNNELGRAPH_INLINE Distribution Distribution::steps(std::vector<QuantilePoint> points) {
  if (points.empty()) throw InvalidValueError("values of an Empirical", "none", "at least one");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const QuantilePoint& at = points[i];
    const QuantilePoint before =
        i > 0 ? points[i - 1] : QuantilePoint{0, -std::numeric_limits<double>::max()};
    static_cast<void>(detail::checked_finite("value of an Empirical", at.value));
    if (!(at.probability > before.probability && at.probability <= 1) ||
        (i + 1 == points.size()) != (at.probability == 1)) {
      throw InvalidValueError("probability of a value of an Empirical", detail::shown(at.probability),
                              "ascending, 1 at the last value");
    }
    if (i > 0 && !(at.value > before.value)) {
      throw InvalidValueError("value of an Empirical", detail::shown(at.value), "values in ascending order");
    }
  }
  Distribution made(DistributionFamily::empirical, {0, 0, 0, 0});
  made.points_ = std::make_shared<const std::vector<QuantilePoint>>(std::move(points));
  return made;
}

FUNNELGRAPH_INLINE Distribution Distribution::quantiles(std::vector<QuantilePoint> points) {
  if (points.size() < 2) {
    throw InvalidValueError("quantiles of an Empirical", std::to_string(points.size()), "at least 2");
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    const QuantilePoint& at = points[i];
    const std::string where = "quantile " + std::to_string(i + 1) + " of an Empirical";
    if (!std::isfinite(at.value)) throw InvalidValueError(where, detail::shown(at.value), "a finite number");
    const bool first = i == 0;
    const bool last = i + 1 == points.size();
    if (!(at.probability >= 0 && at.probability <= 1) || (first && at.probability != 0) ||
        (last && at.probability != 1)) {
      throw InvalidValueError(where, detail::shown(at.probability), "probabilities from 0 to 1");
    }
    if (!first && (at.probability < points[i - 1].probability || at.value < points[i - 1].value)) {
      throw InvalidValueError(where, detail::shown(at.probability) + ": " + detail::shown(at.value),
                              "probabilities and values in ascending order");
    }
  }
  Distribution made(DistributionFamily::quantiles, {0, 0, 0, 0});
  made.points_ = std::make_shared<const std::vector<QuantilePoint>>(std::move(points));
  return made;
}

FUNNELGRAPH_INLINE std::span<const QuantilePoint> Distribution::points() const noexcept {
  if (!points_) return {};
  return *points_;
}

FUNNELGRAPH_INLINE double Distribution::mean() const {
  const auto& p = parameters_;
  switch (family_) {
    case DistributionFamily::constant:
      return p[0];
    case DistributionFamily::uniform:
      return p[0] / 2 + p[1] / 2;
    case DistributionFamily::triangular:
      return (p[0] + p[1] + p[2]) / 3;
    case DistributionFamily::pert:
      return (p[0] + 4 * p[1] + p[2]) / 6;
    case DistributionFamily::beta:
      return p[0] / (p[0] + p[1]);
    case DistributionFamily::gamma:
      return p[0] * p[1];
    case DistributionFamily::lognormal:
      return std::exp(p[0] + p[1] * p[1] / 2);
    case DistributionFamily::normal:
      return detail::cut_normal_moments(p).mean;
    case DistributionFamily::empirical: {
      double mean = 0;
      double before = 0;
      for (const QuantilePoint& at : points()) {
        mean += (at.probability - before) * at.value;
        before = at.probability;
      }
      return mean;
    }
    case DistributionFamily::quantiles:
      break;
  }
  double mean = 0;
  const std::span<const QuantilePoint> all = points();
  for (std::size_t i = 1; i < all.size(); ++i) {
    mean += (all[i].probability - all[i - 1].probability) * (all[i].value / 2 + all[i - 1].value / 2);
  }
  return mean;
}

FUNNELGRAPH_INLINE double Distribution::sd() const {
  const auto& p = parameters_;
  switch (family_) {
    case DistributionFamily::constant:
      return 0;
    case DistributionFamily::uniform:
      return (p[1] - p[0]) / std::sqrt(12.0);
    case DistributionFamily::triangular: {
      const double width = p[2] - p[0];
      const double up = (p[1] - p[0]) / width;
      return width * std::sqrt((1 - up * (1 - up)) / 18);
    }
    case DistributionFamily::pert: {
      const detail::BetaShapes shapes = detail::pert_shapes(p);
      return (p[2] - p[0]) * std::sqrt(shapes.a * shapes.b / 7) / 6;
    }
    case DistributionFamily::beta: {
      const double n = p[0] + p[1];
      return std::sqrt(p[0] / n * (p[1] / n) / (n + 1));
    }
    case DistributionFamily::gamma:
      return std::sqrt(p[0]) * p[1];
    case DistributionFamily::lognormal:
      return mean() * std::sqrt(std::expm1(p[1] * p[1]));
    case DistributionFamily::normal:
      return detail::cut_normal_moments(p).sd;
    case DistributionFamily::empirical:
    case DistributionFamily::quantiles:
      break;
  }
  const double centre = mean();
  double variance = 0;
  const std::span<const QuantilePoint> all = points();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double share = all[i].probability - (i > 0 ? all[i - 1].probability : 0);
    if (family_ == DistributionFamily::empirical) {
      variance += share * (all[i].value - centre) * (all[i].value - centre);
    } else if (i > 0) {
      const double middle = all[i].value / 2 + all[i - 1].value / 2 - centre;
      const double width = all[i].value - all[i - 1].value;
      variance += share * (middle * middle + width * width / 12);
    }
  }
  return std::sqrt(variance);
}

FUNNELGRAPH_INLINE Support Distribution::support() const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto& p = parameters_;
  switch (family_) {
    case DistributionFamily::constant:
      return {p[0], p[0]};
    case DistributionFamily::uniform:
      return {p[0], p[1]};
    case DistributionFamily::triangular:
    case DistributionFamily::pert:
      return {p[0], p[2]};
    case DistributionFamily::beta:
      return {0, 1};
    case DistributionFamily::gamma:
    case DistributionFamily::lognormal:
      return {0, infinity};
    case DistributionFamily::normal:
      return {p[2], p[3]};
    case DistributionFamily::empirical:
    case DistributionFamily::quantiles:
      break;
  }
  return {points().front().value, points().back().value};
}

FUNNELGRAPH_INLINE double Distribution::cdf(double value) const {
  if (std::isnan(value)) return value;
  const Support ends = support();
  if (value < ends.low) return 0;
  if (value >= ends.high) return 1;
  return detail::probability_of(*this, value, false);
}

FUNNELGRAPH_INLINE double Distribution::exceedance(double value) const {
  if (std::isnan(value)) return value;
  const Support ends = support();
  if (value < ends.low) return 1;
  if (value >= ends.high) return 0;
  return detail::probability_of(*this, value, true);
}

FUNNELGRAPH_INLINE double Distribution::quantile(double probability) const {
  return detail::checked_quantile(*this, probability, false);
}

FUNNELGRAPH_INLINE double Distribution::upper_quantile(double probability) const {
  return detail::checked_quantile(*this, probability, true);
}

FUNNELGRAPH_INLINE bool operator==(const Distribution& a, const Distribution& b) {
  return a.family_ == b.family_ && a.parameters_ == b.parameters_ &&
         std::ranges::equal(a.points(), b.points());
}

FUNNELGRAPH_INLINE std::string to_string(DistributionFamily family) {
  constexpr const char* names[] = {"constant", "uniform",   "triangular", "pert",      "beta",
                                   "gamma",    "lognormal", "normal",     "empirical", "quantiles"};
  return names[static_cast<std::size_t>(family)];
}

FUNNELGRAPH_INLINE std::string to_string(const Distribution& distribution) {
  const auto& p = distribution.parameters();
  const auto three = [&](const char* name) {
    return name + ("(" + detail::shown(p[0])) + ", " + detail::shown(p[1]) + ", " + detail::shown(p[2]) + ")";
  };
  const auto two = [](const std::string& start, double a, const std::string& between, double b) {
    return start + detail::shown(a) + between + detail::shown(b) + ")";
  };
  switch (distribution.family()) {
    case DistributionFamily::constant:
      return "Constant(" + detail::shown(p[0]) + ")";
    case DistributionFamily::uniform:
      return two("Uniform(", p[0], ", ", p[1]);
    case DistributionFamily::triangular:
      return three("Triangular");
    case DistributionFamily::pert:
      return three("Pert");
    case DistributionFamily::beta:
      return two("Beta(", p[0], ", ", p[1]);
    case DistributionFamily::gamma:
      return two("Gamma(shape=", p[0], ", scale=", p[1]);
    case DistributionFamily::lognormal:
      return two("Lognormal(log_mean=", p[0], ", log_sd=", p[1]);
    case DistributionFamily::normal: {
      std::string text = "Normal(" + detail::shown(p[0]) + ", " + detail::shown(p[1]);
      if (!std::isinf(p[2])) text += ", low=" + detail::shown(p[2]);
      if (!std::isinf(p[3])) text += ", high=" + detail::shown(p[3]);
      return text + ")";
    }
    case DistributionFamily::empirical:
    case DistributionFamily::quantiles:
      break;
  }
  const bool values = distribution.family() == DistributionFamily::empirical;
  return "Empirical(" + std::to_string(distribution.points().size()) + (values ? " values)" : " quantiles)");
}

FUNNELGRAPH_INLINE Distribution share_between(double low, double high, double level) {
  detail::check_between(low, high, level, 0, 1, "two numbers in [0, 1], the lower one first");
  if (low == high) return Distribution::constant(low);
  const double outside = 1 - level;
  if (low == 0 && high == 1) return Distribution::uniform(0, 1);
  if (low == 0) return Distribution::beta(1, std::log(outside) / std::log1p(-high));
  if (high == 1) return Distribution::beta(std::log(outside) / std::log(low), 1);
  // For each sum of the shapes, on a log scale, there is one mean with P(X > high) = outside / 2; P(X < low)
  // falls as the sum grows. The start is the normal's: sd = half the width over its score.
  const detail::QuietPolicy quiet;
  const auto mean_at = [&](double n) {
    return detail::zero_crossing(
        [&](double mean) { return boost::math::ibetac(mean * n, (1 - mean) * n, high, quiet) - outside / 2; },
        0.0, 1.0);
  };
  const auto excess = [&](double log_n) {
    const double n = std::exp(log_n);
    const double mean = mean_at(n);
    return outside / 2 - boost::math::ibeta(mean * n, (1 - mean) * n, low, quiet);
  };
  const double n = std::exp(detail::zero_crossing(excess, std::log(1e-3), std::log(1e14)));
  const double mean = mean_at(n);
  return Distribution::beta(mean * n, (1 - mean) * n);
}

FUNNELGRAPH_INLINE Distribution amount_between(double low, double high, double level) {
  detail::check_between(low, high, level, 0, std::numeric_limits<double>::max(),
                        "two numbers >= 0, the lower one first");
  if (low == high) return Distribution::constant(low);
  if (low == 0) return Distribution::gamma_of_shape(1, -high / std::log(1 - level));
  const double score = -detail::normal_score((1 - level) / 2);
  const double middle = (std::log(low) + std::log(high)) / 2;
  return Distribution::lognormal_of_log(middle, (std::log(high) - std::log(low)) / (2 * score));
}

FUNNELGRAPH_INLINE Distribution normal_between(double low, double high, double level) {
  constexpr double most = std::numeric_limits<double>::max();
  detail::check_between(low, high, level, -most, most, "two finite numbers, the lower one first");
  if (low == high) return Distribution::constant(low);
  const double score = -detail::normal_score((1 - level) / 2);
  return Distribution::normal({low / 2 + high / 2, (high - low) / (2 * score)});
}

}  // namespace funnelgraph::inline v0
