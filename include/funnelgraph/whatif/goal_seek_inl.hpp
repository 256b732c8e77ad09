// Definitions of goal_seek.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/detail/crossing.hpp>
#include <funnelgraph/whatif/detail/measured_or_unknown.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

FUNNELGRAPH_INLINE void check_target(double target) {
  if (!std::isfinite(target)) throw InvalidValueError("target", shown(target), "a finite number");
}

FUNNELGRAPH_INLINE Bounds possible_bounds(const Funnel& base, const Parameter& parameter,
                                          const TakeFrom& take_from, const std::optional<Bounds>& bounds) {
  const Range range = range_of(parameter.kind());
  Bounds possible{range.low, range.high};
  // Open ends: far below whatever matters.
  if (parameter.kind() == ParameterKind::lever) possible.low = std::numeric_limits<double>::min();
  if (parameter.kind() == ParameterKind::discount_rate) possible.low = 0;
  if (is_of_a_row(parameter.kind())) {
    try {
      static_cast<void>(apply(base, Scenario().set(parameter, possible.high, {.take_from = take_from})));
    } catch (const ImpossibleChangeError& error) {
      possible.high = std::min(possible.high, error.largest());
    }
  }
  if (!bounds) return possible;
  const auto refuse = [&](const std::string& allowed) {
    throw InvalidValueError("bounds of " + to_string(parameter),
                            shown(bounds->low) + " to " + shown(bounds->high), allowed);
  };
  if (!(bounds->low <= bounds->high)) refuse("a low end that is no more than the high one");
  const Bounds cut{std::max(possible.low, bounds->low), std::min(possible.high, bounds->high)};
  if (!(cut.low <= cut.high)) refuse("some of [" + shown(possible.low) + ", " + shown(possible.high) + "]");
  return cut;
}

}  // namespace detail

FUNNELGRAPH_INLINE GoalSeek goal_seek(const Funnel& base, const Metric& metric,
                                      const GoalSeekOptions& options) {
  detail::check_target(options.target);
  const double before = base.get(options.vary);
  const Bounds bounds = detail::possible_bounds(base, options.vary, options.take_from, options.bounds);
  ScenarioMetrics under(base, {metric}, options.analysis);
  under.require_in_base();
  const Scenario seek("goal seek");
  const auto set = [&](double value) {
    return seek.set(options.vary, value, {.take_from = options.take_from});
  };
  const detail::Crossing crossing = detail::find_crossing(
      [&](double value) { return detail::measured_or_unknown(under, set(value)).values[0]; }, options.target,
      detail::scan_points(bounds.low, bounds.high, before), std::isnan(before) ? bounds.low : before);
  if (!crossing.found) throw UnreachableTargetError(options.target, crossing.low, crossing.high);
  GoalSeek out{.parameter = options.vary, .scenario = set(crossing.at)};
  out.before = before;
  out.value = crossing.at;
  out.relative = before == 0 ? unknown_number : (crossing.at - before) / std::abs(before);
  out.target = options.target;
  const Measured there = under.measure(out.scenario);
  out.reached = there.values[0];
  out.feasible = there.feasible;
  out.iterations = crossing.evaluations;
  out.solutions = crossing.count;
  return out;
}

}  // namespace funnelgraph::inline v0
