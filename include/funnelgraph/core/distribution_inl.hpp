#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

#include <funnelgraph/core/distribution.hpp>
#include <funnelgraph/core/distribution_functions_inl.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

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

}  // namespace funnelgraph::inline v0
