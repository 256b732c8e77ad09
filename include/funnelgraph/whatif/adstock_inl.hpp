// Definitions of adstock.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/adstock.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline constexpr std::size_t most_adstock_lags = 10'000;
/// Weights of an endless shape are listed down to this share of the first.
inline constexpr double least_adstock_weight = 1e-16;

FUNNELGRAPH_INLINE void check_adstock(const AdstockShape& shape) {
  const auto require = [](bool good, const char* where, double given, const char* allowed) {
    if (!good) throw InvalidValueError(std::string("adstock, ") + where, shown(given), allowed);
  };
  const bool endless = shape.lags == 0;
  require(shape.lags <= most_adstock_lags, "lags", static_cast<double>(shape.lags), "at most 10,000 periods");
  switch (shape.kind) {
    case AdstockKind::geometric:
      require(shape.retention >= 0 && shape.retention < 1, "retention", shape.retention,
              "[0, 1): the share that is left after one period");
      return;
    case AdstockKind::delayed:
      require(shape.retention > 0 && shape.retention < 1, "retention", shape.retention, "(0, 1)");
      require(!endless, "lags", 0, "at least 1 period: only a geometric shape is without end");
      require(shape.peak >= 0 && shape.peak < static_cast<double>(shape.lags), "peak", shape.peak,
              "[0, lags) periods");
      return;
    case AdstockKind::weibull:
      require(shape.shape > 0 && std::isfinite(shape.shape), "shape", shape.shape, "a finite number > 0");
      require(shape.scale > 0 && std::isfinite(shape.scale), "scale", shape.scale,
              "a finite number of periods > 0");
      require(!endless, "lags", 0, "at least 1 period: only a geometric shape is without end");
  }
}

inline double adstock_weight(const AdstockShape& shape, std::size_t lag) {
  const auto l = static_cast<double>(lag);
  switch (shape.kind) {
    case AdstockKind::geometric:
      return lag == 0 ? 1.0 : std::pow(shape.retention, l);
    case AdstockKind::delayed:
      return std::pow(shape.retention, (l - shape.peak) * (l - shape.peak));
    case AdstockKind::weibull:
      break;
  }
  return std::exp(-std::pow(l / shape.scale, shape.shape));
}

inline double adstock_sum(const AdstockShape& shape) {
  if (shape.lags == 0) return 1 / (1 - shape.retention);
  double sum = 0;
  for (std::size_t l = 0; l < shape.lags; ++l) sum += adstock_weight(shape, l);
  return sum;
}

}  // namespace detail

FUNNELGRAPH_INLINE Adstock::Adstock(AdstockShape shape) : shape_(shape) {
  detail::check_adstock(shape_);
  if (!shape_.normalised) steady_state_ = detail::adstock_sum(shape_);
}

FUNNELGRAPH_INLINE std::vector<double> Adstock::weights() const {
  const double factor = shape_.normalised ? 1 / detail::adstock_sum(shape_) : 1;
  std::vector<double> out;
  for (std::size_t l = 0; shape_.lags == 0 || l < shape_.lags; ++l) {
    const double weight = detail::adstock_weight(shape_, l);
    if (shape_.lags == 0 && !(weight > detail::least_adstock_weight)) break;
    out.push_back(factor * weight);
  }
  return out;
}

FUNNELGRAPH_INLINE double Adstock::mean_lag() const {
  if (shape_.lags == 0) return shape_.retention / (1 - shape_.retention);
  double sum = 0;
  double moment = 0;
  for (std::size_t l = 0; l < shape_.lags; ++l) {
    const double weight = detail::adstock_weight(shape_, l);
    sum += weight;
    moment += static_cast<double>(l) * weight;
  }
  return moment / sum;
}

FUNNELGRAPH_INLINE std::vector<double> Adstock::transform(std::span<const double> spend) const {
  for (std::size_t t = 0; t < spend.size(); ++t) {
    if (!(spend[t] >= 0) || std::isinf(spend[t]))
      throw InvalidValueError("money of period " + std::to_string(t), detail::shown(spend[t]),
                              "a finite number >= 0");
  }
  std::vector<double> out(spend.size(), 0.0);
  if (shape_.lags == 0) {
    const double factor = shape_.normalised ? 1 - shape_.retention : 1;
    double stock = 0;
    for (std::size_t t = 0; t < spend.size(); ++t) {
      stock = spend[t] + shape_.retention * stock;
      out[t] = factor * stock;
    }
    return out;
  }
  const std::vector<double> weight = weights();
  for (std::size_t t = 0; t < spend.size(); ++t) {
    for (std::size_t l = 0; l < weight.size() && l <= t; ++l) out[t] += weight[l] * spend[t - l];
  }
  return out;
}

}  // namespace funnelgraph::inline v0
