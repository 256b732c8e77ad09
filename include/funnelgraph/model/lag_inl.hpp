#pragma once

#include <cmath>
#include <string>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/lag.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// A mean that is not known makes the lag unknown, whatever the family.
[[nodiscard]] inline Lag make_lag(LagFamily family, Number mean, Number sd) {
  Lag lag;
  lag.family = std::isnan(mean.value) ? LagFamily::unknown : family;
  lag.mean = std::move(mean);
  if (lag.family != LagFamily::unknown) lag.sd = std::move(sd);
  return lag;
}

[[nodiscard]] inline std::string quantile_text(const LagQuantile& point) {
  return "(" + shown(point.probability) + ", " + shown(point.value) + ")";
}

inline void check_quantiles(const std::vector<LagQuantile>& quantiles) {
  const char* where = "quantiles of a lag";
  if (quantiles.size() < 2) {
    throw InvalidValueError(where, std::to_string(quantiles.size()) + " points", "at least two points");
  }
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const LagQuantile& point = quantiles[i];
    if (!(point.value >= 0) || std::isinf(point.value)) {
      throw InvalidValueError(where, quantile_text(point), "days in [0, inf)");
    }
    if (i > 0 &&
        !(point.probability > quantiles[i - 1].probability && point.value >= quantiles[i - 1].value)) {
      throw InvalidValueError(where, quantile_text(quantiles[i - 1]) + ", " + quantile_text(point),
                              "ascending probabilities, days that never fall");
    }
  }
  if (!(quantiles.front().probability == 0 && quantiles.back().probability == 1)) {
    throw InvalidValueError(where,
                            "probabilities from " + shown(quantiles.front().probability) + " to " +
                                shown(quantiles.back().probability),
                            "from 0 to 1");
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE Lag Lag::deterministic(Number days) {
  return detail::make_lag(LagFamily::deterministic, std::move(days), 0);
}

FUNNELGRAPH_INLINE Lag Lag::exponential(Number mean) {
  const double sd = mean.value;
  return detail::make_lag(LagFamily::exponential, std::move(mean), sd);
}

FUNNELGRAPH_INLINE Lag Lag::gamma(LagMoments moments) {
  return detail::make_lag(LagFamily::gamma, std::move(moments.mean), std::move(moments.sd));
}

FUNNELGRAPH_INLINE Lag Lag::lognormal(LagMoments moments) {
  return detail::make_lag(LagFamily::lognormal, std::move(moments.mean), std::move(moments.sd));
}

FUNNELGRAPH_INLINE Lag Lag::weibull(LagMoments moments) {
  return detail::make_lag(LagFamily::weibull, std::move(moments.mean), std::move(moments.sd));
}

FUNNELGRAPH_INLINE Lag Lag::empirical(std::vector<LagQuantile> quantiles) {
  detail::check_quantiles(quantiles);
  double mean = 0;
  for (std::size_t i = 1; i < quantiles.size(); ++i) {
    const double mass = quantiles[i].probability - quantiles[i - 1].probability;
    mean += mass * (quantiles[i - 1].value + quantiles[i].value) / 2;
  }
  // Each piece is uniform: its variance is width^2 / 12, beside the distance of its middle to the mean.
  double variance = 0;
  for (std::size_t i = 1; i < quantiles.size(); ++i) {
    const double mass = quantiles[i].probability - quantiles[i - 1].probability;
    const double width = quantiles[i].value - quantiles[i - 1].value;
    const double off = (quantiles[i - 1].value + quantiles[i].value) / 2 - mean;
    variance += mass * (off * off + width * width / 12);
  }
  Lag lag = detail::make_lag(LagFamily::empirical, mean, std::sqrt(variance));
  lag.quantiles = std::make_shared<const std::vector<LagQuantile>>(std::move(quantiles));
  return lag;
}

FUNNELGRAPH_INLINE bool Lag::has_free_sd() const noexcept {
  return family == LagFamily::gamma || family == LagFamily::lognormal || family == LagFamily::weibull;
}

FUNNELGRAPH_INLINE Lag Lag::with_mean(Number new_mean) const {
  if (std::isnan(new_mean.value)) return detail::make_lag(LagFamily::unknown, std::move(new_mean), 0);
  if (family == LagFamily::unknown) return deterministic(std::move(new_mean));
  Lag lag = *this;
  const double target = new_mean.value;
  const bool from_zero = !(mean.value > 0);
  if (family == LagFamily::exponential) {
    lag.sd.value = target;
  } else if (target != mean.value) {
    // Multiply before dividing: a mean that comes back brings its deviation back to the last digit or so.
    if (!from_zero) lag.sd.value = sd.value * target / mean.value;
    if (quantiles) {
      std::vector<LagQuantile> scaled = *quantiles;
      for (LagQuantile& point : scaled) point.value = from_zero ? target : point.value * target / mean.value;
      lag.quantiles = std::make_shared<const std::vector<LagQuantile>>(std::move(scaled));
    }
  }
  lag.mean = std::move(new_mean);
  return lag;
}

FUNNELGRAPH_INLINE bool operator==(const Lag& a, const Lag& b) {
  if (a.family != b.family || !(a.mean == b.mean) || !(a.sd == b.sd)) return false;
  if (a.quantiles == b.quantiles) return true;
  return a.quantiles && b.quantiles && *a.quantiles == *b.quantiles;
}

FUNNELGRAPH_INLINE std::string to_string(LagFamily family) {
  switch (family) {
    case LagFamily::deterministic:
      return "deterministic";
    case LagFamily::exponential:
      return "exponential";
    case LagFamily::gamma:
      return "gamma";
    case LagFamily::lognormal:
      return "lognormal";
    case LagFamily::weibull:
      return "weibull";
    case LagFamily::empirical:
      return "empirical";
    case LagFamily::unknown:
      break;
  }
  return "unknown";
}

}  // namespace funnelgraph::inline v0
