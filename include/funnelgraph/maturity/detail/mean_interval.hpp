// Intervals of means, and of sums and differences of two, without random numbers.
#pragma once

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/detail/resampling.hpp>

namespace funnelgraph::inline v0::maturity::detail {

/// Ends of an interval.
struct Ends {
  double low, high;
};

/// Student's t, moved by the skewness of what was observed: mean + s/sqrt(n) (k (1 + 2 z^2) +- t) with
/// k = skewness / (6 sqrt(n)), Johnson (1978), "Modified t tests and confidence intervals for asymmetrical
/// populations"; z is the normal quantile, so that few observations are not moved too far. Needs n >= 2; of
/// no width where all are equal.
[[nodiscard]] Ends mean_interval(const Counted& sample, double level);

/// The same for wa * mean(a) + wb * mean(b) of independent samples; degrees of freedom by Welch (1947) and
/// Satterthwaite (1946).
[[nodiscard]] Ends combined_interval(const Counted& a, double wa, const Counted& b, double wb, double level);

}  // namespace funnelgraph::inline v0::maturity::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/detail/mean_interval_inl.hpp>
#endif
