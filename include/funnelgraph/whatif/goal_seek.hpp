// What one number must be for a metric to reach a target.
#pragma once

#include <cstddef>
#include <optional>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

/// The values that a number may take, both ends included.
struct Bounds {
  double low = 0;
  double high = 0;
  bool operator==(const Bounds&) const = default;
};

struct GoalSeekOptions {
  double target = 0;
  Parameter vary;
  /// None = all that is possible: the range of its kind, for a rate as much as its donors can give.
  std::optional<Bounds> bounds{};
  TakeFrom take_from{};  ///< of a rate or a drop-off
  AnalysisOptions analysis{};
};

struct GoalSeek {
  Parameter parameter;
  double before = 0;    ///< the number as it is
  double value = 0;     ///< what it must be
  double relative = 0;  ///< (value - before) / |before|; NaN where it was 0 or unknown
  double target = 0;
  double reached = 0;          ///< the metric there
  bool feasible = true;        ///< no stage above its capacity there
  std::size_t iterations = 0;  ///< evaluations of the metric
  std::size_t solutions = 1;   ///< values found that reach it; `value` is the one nearest to `before`
  Scenario scenario{};         ///< sets it
};

/// Scans the bounds (64 equal steps; without an end doublings up to 2^40 times the number), so that the
/// metric need not be monotone, then closes in on the target next to the present value (Alefeld, Potra, Shi
/// 1995). Two solutions within one step of the scan can stay unseen. Bounds beyond what is possible are cut
/// to it.
///
/// Throws UnreachableTargetError with the range that the metric was seen to reach, InvalidValueError (a
/// target that is not finite, bounds that hold no possible value), and as `apply` and `evaluate`. O(100
/// solves).
[[nodiscard]] GoalSeek goal_seek(const Funnel& base, const Metric& metric, const GoalSeekOptions& options);

namespace detail {
/// The bounds cut to what is possible for the number when it is set alone; all of that without bounds.
/// An open end is moved inside by a little. Throws InvalidValueError where nothing is left.
[[nodiscard]] Bounds possible_bounds(const Funnel& base, const Parameter& parameter,
                                     const TakeFrom& take_from, const std::optional<Bounds>& bounds);
/// Throws InvalidValueError unless it is finite.
void check_target(double target);
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/goal_seek_inl.hpp>
#endif
