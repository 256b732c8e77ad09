#pragma once

#include <utility>

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <funnelgraph/core/detail/empirical_lag_inl.hpp>
#include <funnelgraph/core/detail/gamma_lag_inl.hpp>
#include <funnelgraph/core/detail/lognormal_lag_inl.hpp>
#include <funnelgraph/core/detail/weibull_lag_inl.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/core/shown.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Whether the lag always takes exactly its mean, whatever its family.
inline bool is_constant(const LagDistribution& lag) noexcept {
  if (lag.mean == 0 || lag.family == LagFamily::deterministic) return true;
  if (lag.family == LagFamily::exponential || lag.family == LagFamily::empirical) return false;
  const double c = lag.sd / lag.mean;
  return c * c < 1e-290;  // below, squares underflow; their effect is 1e-290 of the result
}

/// Transform of a known lag at s > 0; for the empirical family `by_x` is by s.
inline UnitTransform transform(const LagDistribution& lag, double s, bool gradient) {
  const double x = s * lag.mean;
  if (std::isnan(x) || std::isnan(lag.sd) || s < 0 || lag.mean < 0)
    return {{unknown_days, unknown_days}, unknown_days, unknown_days};
  if (is_constant(lag)) {
    const double factor = std::exp(-x);
    return {{factor, -std::expm1(-x)}, -factor, 0};
  }
  const double c = lag.sd / lag.mean;
  switch (lag.family) {
    case LagFamily::exponential:
      return exponential_transform(x);
    case LagFamily::gamma:
      return gamma_transform(x, c);
    case LagFamily::lognormal:
      return lognormal_transform(x, c, gradient);
    case LagFamily::weibull:
      return weibull_transform(x, c, gradient);
    case LagFamily::empirical:
      return empirical_transform(lag, s);
    case LagFamily::deterministic:
    case LagFamily::unknown:
      break;
  }
  return {{unknown_days, unknown_days}, unknown_days, unknown_days};
}

}  // namespace detail

FUNNELGRAPH_INLINE LagDistribution empirical_lag(std::vector<LagQuantile> quantiles) {
  const auto refuse = [](std::size_t i, double given, const char* allowed) {
    throw InvalidValueError("quantile " + std::to_string(i + 1) + " of the lag", detail::shown(given),
                            allowed);
  };
  if (quantiles.size() < 2) {
    throw InvalidValueError("quantiles of the lag", std::to_string(quantiles.size()), "at least 2");
  }
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const LagQuantile& q = quantiles[i];
    if (!(q.probability >= 0 && q.probability <= 1)) refuse(i, q.probability, "a probability in [0, 1]");
    if (!(q.value >= 0) || std::isinf(q.value)) refuse(i, q.value, "a finite number of days >= 0");
    if (i == 0) continue;
    if (q.probability < quantiles[i - 1].probability)
      refuse(i, q.probability, "probabilities in ascending order");
    if (q.value < quantiles[i - 1].value) refuse(i, q.value, "values in ascending order");
  }
  if (quantiles.front().probability != 0)
    refuse(0, quantiles.front().probability, "probability 0 at the first");
  if (quantiles.back().probability != 1) {
    refuse(quantiles.size() - 1, quantiles.back().probability, "probability 1 at the last");
  }
  LagDistribution lag;
  lag.family = LagFamily::empirical;
  lag.mean = detail::empirical_mean(quantiles);
  lag.sd = detail::empirical_sd(quantiles, lag.mean);
  lag.quantiles = std::make_shared<const std::vector<LagQuantile>>(std::move(quantiles));
  return lag;
}

FUNNELGRAPH_INLINE DiscountFactor discount(const LagDistribution& lag, double s) {
  if (s == 0) return {1, 0};
  if (!lag.known()) return {detail::unknown_days, detail::unknown_days};
  return detail::transform(lag, s, false).value;
}

FUNNELGRAPH_INLINE DiscountGradient discount_gradient(const LagDistribution& lag, double s) {
  if (s == 0) return {0, 0, lag.known() ? -lag.mean : detail::unknown_days};
  if (!lag.known()) return {detail::unknown_days, detail::unknown_days, detail::unknown_days};
  const detail::UnitTransform unit = detail::transform(lag, s, true);
  if (detail::is_constant(lag)) return {s * unit.by_x, 0, lag.mean * unit.by_x};
  if (lag.family == LagFamily::empirical) return {s / lag.mean * unit.by_x, 0, unit.by_x};
  return {s * unit.by_x, unit.by_c / lag.mean, lag.mean * unit.by_x};
}

FUNNELGRAPH_INLINE double exceedance(const LagDistribution& lag, double days) {
  if (!lag.known() || std::isnan(lag.mean) || std::isnan(days) || std::isnan(lag.sd))
    return detail::unknown_days;
  if (days < 0) return 1;
  if (detail::is_constant(lag)) return lag.mean > days ? 1 : 0;
  if (std::isinf(days)) return 0;
  const double c = lag.sd / lag.mean;
  const double t = days / lag.mean;
  const detail::QuietPolicy quiet;
  switch (lag.family) {
    case LagFamily::exponential:
      return std::exp(-t);
    case LagFamily::gamma:
      return boost::math::gamma_q(1 / (c * c), t / (c * c), quiet);
    case LagFamily::lognormal: {
      const double variance = std::log1p(c * c);
      if (t == 0) return 1;
      return 0.5 * boost::math::erfc((std::log(t) + variance / 2) / std::sqrt(2 * variance), quiet);
    }
    case LagFamily::weibull: {
      const detail::WeibullShape shape = detail::weibull_shape(c);
      return std::exp(-std::exp((std::log(t) + shape.log_norm) / shape.a));
    }
    case LagFamily::empirical:
      return detail::empirical_exceedance(lag, days);
    default:
      return detail::unknown_days;
  }
}

FUNNELGRAPH_INLINE double quantile(const LagDistribution& lag, double probability) {
  if (!(probability >= 0 && probability <= 1)) {
    throw InvalidValueError("probability of a quantile", detail::shown(probability), "[0, 1]");
  }
  if (!lag.known() || std::isnan(lag.mean) || std::isnan(lag.sd)) return detail::unknown_days;
  if (detail::is_constant(lag)) return lag.mean;
  if (lag.family == LagFamily::empirical) return detail::empirical_quantile(lag, probability);
  if (probability == 0) return 0;
  if (probability == 1) return std::numeric_limits<double>::infinity();
  const double c = lag.sd / lag.mean;
  const detail::QuietPolicy quiet;
  switch (lag.family) {
    case LagFamily::exponential:
      return -lag.mean * std::log1p(-probability);
    case LagFamily::gamma:
      return lag.mean * c * c * boost::math::gamma_p_inv(1 / (c * c), probability, quiet);
    case LagFamily::lognormal: {
      const double variance = std::log1p(c * c);
      const double z = -std::sqrt(2.0) * boost::math::erfc_inv(2 * probability, quiet);
      return lag.mean * std::exp(std::sqrt(variance) * z - variance / 2);
    }
    case LagFamily::weibull: {
      const detail::WeibullShape shape = detail::weibull_shape(c);
      return lag.mean * std::exp(shape.a * std::log(-std::log1p(-probability)) - shape.log_norm);
    }
    default:
      return detail::unknown_days;
  }
}

}  // namespace funnelgraph::inline v0
