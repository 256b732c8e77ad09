#pragma once

#include <algorithm>
#include <utility>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/core/shown.hpp>

// Every family but the empirical one is reduced to its unit-mean form: x = s * mean and the coefficient of
// variation c = sd / mean. Then d/dmean = s * d/dx, d/ds = mean * d/dx, d/dsd = d/dc / mean.
namespace funnelgraph::inline v0 {
namespace detail {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Special functions return infinity or NaN instead of throwing, and stay in double.
using QuietPolicy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::promote_double<false>>;

/// Value of the transform of a unit-mean lag with its derivatives by x and by c.
struct UnitTransform {
  DiscountFactor value;
  double by_x = 0;
  double by_c = 0;
};

/// Fills the half that was not computed; the half below 0.5 must be the computed one.
inline DiscountFactor from_loss(double loss) noexcept { return {1 - loss, loss}; }
inline DiscountFactor from_factor(double factor) noexcept { return {factor, 1 - factor}; }

/// Sum of `term(t)` over t = centre + i * step, outwards until terms no longer count. `term` must be
/// positive with one maximum. A NaN ends the sum at once.
template <class Term>
double trapezoid(double centre, double step, Term term) {
  constexpr double negligible = 1e-18;
  constexpr int most = 100000;  // per side: bounds the work whatever the arguments
  double sum = term(centre);
  double compensation = 0;
  for (const double direction : {-step, step}) {
    double before = 0;
    for (int i = 1; i < most; ++i) {
      const double next = term(centre + direction * i);
      const double y = next - compensation;
      const double total = sum + y;
      compensation = (total - sum) - y;
      sum = total;
      if (!(next > negligible * sum) && !(next > before)) break;
      before = next;
    }
  }
  return sum * step;
}

/// Step of the trapezoidal rule for an integrand that is analytic in a strip of half width `strip` and
/// grows there at most like exp(growth * strip^2): the error exp(growth d^2 - 2 pi d / h) is below 1e-16.
inline double trapezoid_step(double strip, double growth) noexcept {
  constexpr double digits = 37;  // -ln(1e-16)
  constexpr double two_pi = 6.283185307179586;
  const double d = std::min(strip, std::sqrt(digits / growth));
  return two_pi * d / (digits + growth * d * d);
}

// ---- exponential, gamma ------------------------------------------------------------------------------

inline UnitTransform exponential_transform(double x) noexcept {
  const double factor = 1 / (1 + x);
  return {{factor, std::isinf(x) ? 1 : x * factor}, -factor * factor, 0};
}

/// (log1p(z) - z / (1 + z)) / z^2 for 0 <= z <= 0.1, by its series.
inline double gamma_series(double z) noexcept {
  double sum = 0;
  for (int n = 18; n >= 2; --n) sum = (n - 1.0) / n - z * sum;
  return sum;
}

inline UnitTransform gamma_transform(double x, double c) noexcept {
  const double v = c * c;  // 1 / shape
  if (std::isinf(v)) return {{1, 0}, 0, 0};
  const double z = v * x;
  const double exponent = v > 0 && z > 0 ? std::log1p(z) / v : x;
  const double factor = std::exp(-exponent);
  const double by_x = -factor / (1 + z);
  double by_c = 0;
  if (factor > 0) {
    by_c = 2 * c * factor * (z > 0.1 ? (exponent - x / (1 + z)) / v : x * x * gamma_series(z));
  }
  return {{factor, -std::expm1(-exponent)}, by_x, by_c};
}

// ---- lognormal ---------------------------------------------------------------------------------------

/// Lambert's W, the solution w >= 0 of w exp(w) = y for y >= 0, by Halley's method.
inline double lambert_w(double y) noexcept {
  if (!(y > 0)) return 0;
  double w = y < 3 ? std::log1p(y) * 0.8 : std::log(y) - std::log(std::log(y));
  for (int i = 0; i < 12; ++i) {
    const double ratio = y * std::exp(-w);
    const double f = w - ratio;
    const double step = f / (1 + w - 0.5 * (w + 2) * f / (1 + w));
    w -= step;
    if (std::abs(step) <= 1e-15 * w) break;
  }
  return w;
}

/// E exp(-x T) for lognormal T of mean 1 and log variance `variance`.
inline DiscountFactor lognormal_discount(double x, double variance) {
  if (!(x > 0)) return {1, 0};
  constexpr double inverse_sqrt_two_pi = 0.3989422804014327;
  constexpr double half_pi = 1.5707963267948966;
  const double sigma = std::sqrt(variance);
  const double shift = std::log(x) - variance / 2;  // x T = exp(sigma Z + shift)
  // By Markov, loss <= x; beyond that guess by the median.
  if (x < 0.7 || shift < -1) {
    const auto lost = [&](double z) {
      return std::exp(-z * z / 2) * -std::expm1(-std::exp(sigma * z + shift));
    };
    const double centre = std::clamp(-shift / sigma, 0.0, sigma);
    const double loss = inverse_sqrt_two_pi * trapezoid(centre, trapezoid_step(half_pi / sigma, 0.5), lost);
    if (loss < 0.75) return from_loss(loss);
  }
  const double w = lambert_w(variance * std::exp(shift));
  const double k = w / variance;
  if (std::isinf(k) || std::isinf(x)) return {0, 1};
  const auto kept = [&](double u) {
    const double y = sigma * u;
    return std::exp(-u * u / 2 - k * (std::expm1(y) - y));
  };
  const double narrow = std::sqrt(1 + w);
  const double step = trapezoid_step(half_pi / 2 * narrow / sigma, 0.6) / narrow;
  const double log_scale = -(w / 2 + 1) * k;
  return from_factor(std::exp(log_scale) * inverse_sqrt_two_pi * trapezoid(0, step, kept));
}

/// Derivatives by Stein's lemma: d/dx = -phi(x (1 + c^2)), d/dc = x^2 c phi(x (1 + c^2)^2).
inline UnitTransform lognormal_transform(double x, double c, bool gradient) {
  const double growth = 1 + c * c;
  const double variance = std::log1p(c * c);
  if (std::isinf(growth)) return {{1, 0}, 0, 0};
  UnitTransform result{lognormal_discount(x, variance), 0, 0};
  if (gradient) {
    result.by_x = -lognormal_discount(x * growth, variance).factor;
    const double tail = lognormal_discount(x * growth * growth, variance).factor;
    result.by_c = tail > 0 ? x * x * c * tail : 0;
  }
  return result;
}

// ---- Weibull -----------------------------------------------------------------------------------------

/// The lag is mean * E^a / Gamma(1 + a) with E exponential of mean 1 and a = 1 / shape.
struct WeibullShape {
  double a = 0;
  double a_by_c = 0;    ///< derivative of a by the coefficient of variation
  double log_norm = 0;  ///< ln Gamma(1 + a)
};

/// ln(1 + c^2) = ln Gamma(1 + 2a) - 2 ln Gamma(1 + a) and its derivative by a, without cancellation.
inline std::pair<double, double> weibull_log_dispersion(double a) {
  if (a < 0.05) {  // sum over n >= 2 of (-1)^n zeta(n) (2^n - 2) / n a^n
    constexpr double zeta[] = {1.6449340668482264, 1.2020569031595942, 1.0823232337111382, 1.0369277551433699,
                               1.0173430619844491, 1.0083492773819228, 1.0040773561979443, 1.0020083928260822,
                               1.0009945751278181, 1.0004941886041195, 1.0002460865533080, 1.0001227133475785,
                               1.0000612481350587, 1.0000305882363070, 1.0000152822594086};
    double value = 0, slope = 0;
    double power = a, two = 4;  // a^(n - 1), 2^n
    for (int n = 2; n <= 16; ++n, power *= -a, two *= 2) {
      const double term = zeta[n - 2] * (two - 2) * power;
      slope += term;
      value += term * a / n;
    }
    return {value, slope};
  }
  const QuietPolicy quiet;
  return {boost::math::lgamma(1 + 2 * a, quiet) - 2 * boost::math::lgamma(1 + a, quiet),
          2 * (boost::math::digamma(1 + 2 * a, quiet) - boost::math::digamma(1 + a, quiet))};
}

/// Newton on a convex function: from any start it is on the right of the root after one step.
inline WeibullShape weibull_shape(double c) {
  const double wanted = std::isinf(c * c) ? 2 * std::log(c) : std::log1p(c * c);
  double a = c < 1 ? 0.78 * c + 0.22 * c * c : std::max(1.0, wanted / 1.3862943611198906);
  double slope = 0;
  for (int i = 0; i < 50; ++i) {
    const auto [value, derivative] = weibull_log_dispersion(a);
    slope = derivative;
    const double next = std::max(a - (value - wanted) / slope, a / 4);
    const bool done = std::abs(next - a) <= 1e-15 * a;
    a = next;
    if (done) break;
  }
  const double by_c = c > 1e8 ? 2 / (c * slope) : 2 * c / ((1 + c * c) * slope);
  return {a, by_c, boost::math::lgamma(1 + a, QuietPolicy{})};
}

/// Integrals over v = exp(y) of exp(-v), where x T = exp(a y + shift).
inline UnitTransform weibull_transform(double x, double c, bool gradient) {
  constexpr double half_pi = 1.5707963267948966;
  const WeibullShape shape = weibull_shape(c);
  const double a = shape.a;
  const double shift = std::log(x) - shape.log_norm;
  const double step = trapezoid_step(half_pi / std::max(1.0, a), 1e-3);
  const auto scaled = [&](double y) { return std::exp(a * y + shift); };
  const auto lost = [&](double y) { return std::exp(y - std::exp(y)) * -std::expm1(-scaled(y)); };
  // Where the kept mass peaks: exp(y) + a exp(a y + shift) = 1.
  double peak = std::min(0.0, -(std::log(a) + shift) / a);
  for (int i = 0; i < 5; ++i) {
    const double e = std::exp(peak), t = a * scaled(peak);
    peak -= (e + t - 1) / (e + a * t);
  }
  const auto kept_exponent = [&](double y) { return y - std::exp(y) - scaled(y); };
  const double top = kept_exponent(peak);

  UnitTransform result;
  bool small_loss = false;
  if (x < 1) {
    const double loss = trapezoid(std::log1p(a), step, lost);
    small_loss = loss < 0.5;
    if (small_loss) result.value = from_loss(loss);
  }
  const auto kept = [&](double y) { return std::exp(kept_exponent(y) - top); };
  if (!small_loss) result.value = from_factor(std::exp(top) * trapezoid(peak, step, kept));
  if (!gradient) return result;

  const auto moved = [&](double y) { return std::exp(kept_exponent(y) - top + a * (y - peak)); };
  result.by_x = -std::exp(top + a * peak - shape.log_norm) * trapezoid(peak, step, moved);
  // d/da = -x E[T (ln v - psi) exp(-x T)] with psi = psi(1 + a); as E[T (ln v - psi)] = 0, 1 - exp(-x T)
  // can stand in for -exp(-x T) where it is the smaller.
  const double psi = boost::math::digamma(1 + a, QuietPolicy{});
  const auto weighted = [&](double y) {
    const double moment = y - std::exp(y) + a * y + shift;
    return small_loss ? (y - psi) * std::exp(moment) * -std::expm1(-scaled(y))
                      : (psi - y) * std::exp(moment - scaled(y));
  };
  double by_a = 0;
  const double low = std::min(-45.0 / (1 + a), peak - 45), high = 6;
  const auto steps = static_cast<int>(std::min((high - low) / step, 1e5));
  for (int i = 0; i <= steps; ++i) by_a += weighted(high - i * step);
  result.by_c = by_a * step * shape.a_by_c;
  return result;
}

// ---- empirical ---------------------------------------------------------------------------------------

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
  if (!lag.quantiles || lag.quantiles->size() < 2) return nan;
  const double own = empirical_mean(*lag.quantiles);
  return lag.mean == own ? 1 : lag.mean / own;
}

/// Transform at force `s` with its derivative by s (in `by_x`).
inline UnitTransform empirical_transform(const LagDistribution& lag, double s) noexcept {
  const double force = s * empirical_scale(lag);
  if (std::isnan(force)) return {{nan, nan}, nan, 0};
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
  if (std::isnan(scale)) return nan;
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
  if (std::isnan(scale)) return nan;
  const std::vector<LagQuantile>& points = *lag.quantiles;
  const auto at = std::lower_bound(points.begin(), points.end(), probability,
                                   [](const LagQuantile& q, double p) { return q.probability < p; });
  if (at == points.begin()) return scale * at->value;
  const LagQuantile& left = at[-1];
  const double part = (probability - left.probability) / (at->probability - left.probability);
  return scale * (left.value + part * (at->value - left.value));
}

// ---- all families ------------------------------------------------------------------------------------

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
  if (std::isnan(x) || std::isnan(lag.sd) || s < 0 || lag.mean < 0) return {{nan, nan}, nan, nan};
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
  return {{nan, nan}, nan, nan};
}

}  // namespace detail

FUNNELGRAPH_INLINE double LagDistribution::variance() const noexcept {
  switch (family) {
    case LagFamily::unknown:
      return detail::nan;
    case LagFamily::deterministic:
      return 0;
    case LagFamily::exponential:
      return mean * mean;
    default:
      return mean == 0 ? 0 : sd * sd;
  }
}

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
  if (!lag.known()) return {detail::nan, detail::nan};
  return detail::transform(lag, s, false).value;
}

FUNNELGRAPH_INLINE DiscountGradient discount_gradient(const LagDistribution& lag, double s) {
  if (s == 0) return {0, 0, lag.known() ? -lag.mean : detail::nan};
  if (!lag.known()) return {detail::nan, detail::nan, detail::nan};
  const detail::UnitTransform unit = detail::transform(lag, s, true);
  if (detail::is_constant(lag)) return {s * unit.by_x, 0, lag.mean * unit.by_x};
  if (lag.family == LagFamily::empirical) return {s / lag.mean * unit.by_x, 0, unit.by_x};
  return {s * unit.by_x, unit.by_c / lag.mean, lag.mean * unit.by_x};
}

FUNNELGRAPH_INLINE double exceedance(const LagDistribution& lag, double days) {
  if (!lag.known() || std::isnan(lag.mean) || std::isnan(days) || std::isnan(lag.sd)) return detail::nan;
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
      return detail::nan;
  }
}

FUNNELGRAPH_INLINE double quantile(const LagDistribution& lag, double probability) {
  if (!(probability >= 0 && probability <= 1)) {
    throw InvalidValueError("probability of a quantile", detail::shown(probability), "[0, 1]");
  }
  if (!lag.known() || std::isnan(lag.mean) || std::isnan(lag.sd)) return detail::nan;
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
      return detail::nan;
  }
}

}  // namespace funnelgraph::inline v0
