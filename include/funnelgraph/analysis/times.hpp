// How long journeys take: to each stage, to each outcome, to any exit.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/analysis/results.hpp>

namespace funnelgraph::inline v0 {

/// Days since entry at an arrival, over all visits of a stage (0 for stages that nobody reaches). Unknown
/// lags count as 0 here; `unknown` marks the stages behind one (empty = none).
struct ArrivalTimes {
  std::vector<double> mean;
  std::vector<double> variance;
  std::vector<std::uint8_t> unknown;
};

/// Two solves. With y the visits and a the mean elapsed time, y a = sum over arrivals of y p (a + m); the
/// variance follows from z = sum of y p (sigma^2 + (a_i + m - a_j)^2) + z P, a sum of squares about each
/// stage's own mean, so that nothing cancels.
[[nodiscard]] ArrivalTimes arrival_times(const Chain& chain, const Flow& flow, const Solver<double>& solver);

/// Moments over the journeys that end there: NaN where nobody does and where some come through an
/// unknown lag. The drop-off takes no time; what a full stage sheds waited for its arrival.
struct ExitTimes {
  std::vector<TimeMoments> outcomes;
  TimeMoments drop_off;
  TimeMoments any;
};

/// O(edges).
[[nodiscard]] ExitTimes exit_times(const Chain& chain, const Flow& flow, const ArrivalTimes& arrivals);

/// Mean lag in days of the exits of each stage that have one; NaN where none has. O(edges).
[[nodiscard]] std::vector<double> dwell_means(const Chain& chain);

/// Days that the journeys of a period wait in each stage: visits times the mean lag of what leaves it;
/// NaN where some leave with an unknown lag. O(edges).
[[nodiscard]] std::vector<double> waiting_days(const Chain& chain, const Flow& flow);

namespace detail {
inline double known_or_zero(double x) noexcept { return std::isnan(x) ? 0.0 : x; }
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/times_inl.hpp>
#endif
