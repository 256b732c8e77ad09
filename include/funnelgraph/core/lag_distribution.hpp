// Waiting times by family, mean and standard deviation: moments, discount factors, tails.
#pragma once

#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/core/lag_family.hpp>

namespace funnelgraph::inline v0 {

/// The lag with these quantiles, its mean and its deviation. Throws InvalidValueError unless there are at
/// least two, from probability 0 to 1, ascending in both (equal neighbours make an atom or a gap), with
/// finite values >= 0. O(quantiles).
[[nodiscard]] LagDistribution empirical_lag(std::vector<LagQuantile> quantiles);

/// Discount of one lag at force `s` per day, s >= 0. NaN for an unknown lag when s > 0 and for a negative
/// s; {1, 0} when s is 0. Never throws. Cost: O(1) in closed form families, O(quantiles) for the empirical
/// one, 20 to some hundred evaluations for the lognormal and the Weibull.
[[nodiscard]] DiscountFactor discount(const LagDistribution& lag, double s);

/// Derivatives of the discount factor by the mean (coefficient of variation kept), by the standard
/// deviation (mean kept; 0 for the deterministic, exponential and empirical families, which have no
/// deviation of their own) and by s. NaN for an unknown lag where it matters: everywhere when s > 0, by s
/// alone when s is 0.
struct DiscountGradient {
  double by_mean = 0;
  double by_sd = 0;
  double by_force = 0;
};
[[nodiscard]] DiscountGradient discount_gradient(const LagDistribution& lag, double s);

/// P(T > days): the share that waits longer than `days` (>= 0; below it is 1); NaN for an unknown lag.
[[nodiscard]] double exceedance(const LagDistribution& lag, double days);

/// The waiting time that a share `probability` in [0, 1] does not exceed; NaN for an unknown lag, infinite
/// at 1 in families without an upper end. Throws InvalidValueError for a probability outside [0, 1].
[[nodiscard]] double quantile(const LagDistribution& lag, double probability);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/lag_distribution_inl.hpp>
#endif
