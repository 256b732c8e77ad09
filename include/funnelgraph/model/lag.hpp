// The waiting time of a transition, as the user gives it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/model/number.hpp>

namespace funnelgraph::inline v0 {

struct LagMoments {
  Number mean = 0;
  Number sd = 0;
};

/// Days between arriving at a stage and arriving at the next one, given that the transition is
/// taken; lags never alter rates. Default: `unknown`. A plain number means deterministic. A mean of NaN
/// makes the lag unknown. An exponential lag's sd is its mean.
struct Lag {
  LagFamily family = LagFamily::unknown;
  Number mean = std::numeric_limits<double>::quiet_NaN();
  Number sd = 0;
  std::shared_ptr<const std::vector<LagQuantile>> quantiles;

  Lag() = default;
  template <class T>
    requires std::is_arithmetic_v<T>
  Lag(T days) : Lag(deterministic(static_cast<double>(days))) {}  // NOLINT
  Lag(Number days) : Lag(deterministic(std::move(days))) {}       // NOLINT

  [[nodiscard]] static Lag unknown() { return {}; }
  [[nodiscard]] static Lag zero() { return deterministic(0); }
  [[nodiscard]] static Lag deterministic(Number days);
  [[nodiscard]] static Lag exponential(Number mean);
  [[nodiscard]] static Lag gamma(LagMoments moments);
  [[nodiscard]] static Lag lognormal(LagMoments moments);
  [[nodiscard]] static Lag weibull(LagMoments moments);
  /// From quantiles, linear between them; mean and sd are those of that distribution. Throws
  /// InvalidValueError unless there are at least two, from probability 0 to 1, strictly ascending, with
  /// finite values >= 0 that never fall.
  [[nodiscard]] static Lag empirical(std::vector<LagQuantile> quantiles);

  /// Whether the deviation is a number of its own (gamma, lognormal, Weibull).
  [[nodiscard]] bool has_free_sd() const noexcept;
  /// The same family with another mean, its coefficient of variation kept: sd and quantiles scale. From a
  /// zero mean the sd stays 0 (all quantiles of an empirical lag become the mean). NaN gives an unknown
  /// lag; an unknown lag becomes deterministic.
  [[nodiscard]] Lag with_mean(Number new_mean) const;

  [[nodiscard]] LagDistribution distribution() const { return {family, mean.value, sd.value, quantiles}; }
  friend bool operator==(const Lag& a, const Lag& b);
};

/// "gamma", as it is written in code.
[[nodiscard]] std::string to_string(LagFamily family);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/lag_inl.hpp>
#endif
