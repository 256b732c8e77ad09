// Definitions of break_even.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/whatif/break_even.hpp>
#include <funnelgraph/whatif/detail/crossing.hpp>
#include <funnelgraph/whatif/detail/measured_or_unknown.hpp>
#include <funnelgraph/whatif/direction.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>
#include <funnelgraph/whatif/strength.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// A strength that stands for the very beginning.
inline constexpr double least_strength = 1e-6;

/// How a scenario with one thing left open is completed: the scenario at a place on the way.
struct Way {
  std::function<Scenario(double)> at;
  std::vector<double> points;  ///< to look at, ascending
  double start = 0;
  double first = 0;  ///< where the way begins: the start, or just behind it
  double stated = 1;
};

/// The scenario without its change of a number, and that change.
struct Parted {
  Scenario rest;
  std::optional<NumberChange> change;
};

[[nodiscard]] inline Parted parted_from(const Scenario& scenario, const Parameter& parameter) {
  std::vector<Change> others;
  Parted parted;
  for (const Change& change : scenario.changes()) {
    const auto* number = std::get_if<NumberChange>(&change.what);
    if (number != nullptr && number->parameter == parameter) {
      parted.change = *number;
    } else {
      others.push_back(change);
    }
  }
  parted.rest = Scenario(scenario.name(), scenario.description(), std::move(others));
  return parted;
}

[[nodiscard]] inline Way way_of_number(const Funnel& base, const Scenario& scenario,
                                       const BreakEvenOptions& options) {
  const Parameter& parameter = *options.vary;
  Parted parted = parted_from(scenario, parameter);
  const TakeFrom take_from = parted.change ? parted.change->take_from : options.take_from;
  Way way;
  way.start = base.get(parameter);
  if (std::isnan(way.start))
    throw InvalidValueError(to_string(parameter), "unknown or not set", "a number to start from");
  way.stated = unknown_number;
  if (parted.change) {
    const Scenario alone(scenario.name(), "", {{.what = *parted.change}});
    way.stated = apply(base, alone).get(parameter);
  }
  Bounds bounds{std::min(way.start, way.stated), std::max(way.start, way.stated)};
  if (options.bounds || !parted.change) bounds = possible_bounds(base, parameter, take_from, options.bounds);
  way.points = scan_points(bounds.low, bounds.high, way.start);
  way.first = way.start;
  way.at = [rest = std::move(parted.rest), parameter, take_from](double value) {
    return rest.set(parameter, value, {.take_from = take_from});
  };
  return way;
}

[[nodiscard]] inline Way way_of_strength(const Funnel& base, const Scenario& scenario,
                                         const BreakEvenOptions& options) {
  Way way;
  way.points = scan_points(0, 1, 0);
  if (options.effect) {
    static_cast<void>(scenario | *options.effect);
    way.at = [&base, scenario, effect = *options.effect](double strength) {
      return scenario | at_strength(effect, base, strength);
    };
  } else {
    // At nothing it is the base itself: what counts is how it begins.
    way.first = way.points.front() = least_strength;
    way.at = [&base, scenario](double strength) { return at_strength(scenario, base, strength); };
  }
  return way;
}

[[nodiscard]] inline std::string break_even_text(const BreakEven& found, const BreakEvenOptions& options,
                                                 bool pays_in_full) {
  if (found.always) return pays_in_full ? "pays from the outset" : "pays at first, but not in full";
  if (!options.vary) {
    const std::string whose = options.effect ? "'" + shown(options.effect->name()) + "'" : "it";
    return "pays if " + shown_percent(found.value) + " of what " + whose + " says comes true";
  }
  const std::string name = to_string(*options.vary);
  const char* way = found.value < found.before ? " falls" : " rises";
  const auto rounded = [](double value) {
    const double digits = value == 0 ? 1 : std::pow(10, 3 - std::floor(std::log10(std::abs(value))));
    return shown(std::round(value * digits) / digits);
  };
  const std::string ends = " (from " + rounded(found.before) + " to " + rounded(found.value) + ")";
  if (found.before == 0) return "pays if " + name + way + " to " + rounded(found.value);
  return "pays if " + name + way + " by " + shown_percent(std::abs(found.relative)) + ends;
}

}  // namespace detail

FUNNELGRAPH_INLINE BreakEven break_even(const Funnel& base, const Scenario& scenario,
                                        const BreakEvenOptions& options) {
  if (options.vary && options.effect)
    throw InvalidValueError("break-even", "a number and an effect", "one of the two");
  ScenarioMetrics under(base, {options.metric}, options.analysis);
  under.require_in_base();
  BreakEven out;
  out.reference = under.measure(Scenario()).values[0];
  if (std::isnan(out.reference))
    throw InvalidValueError(to_string(options.metric), "unknown for the base", "a metric with a value");
  const detail::Way way = options.vary ? detail::way_of_number(base, scenario, options)
                                       : detail::way_of_strength(base, scenario, options);
  out.before = way.start;
  out.stated = way.stated;
  const double sign = direction_of(options.metric, base) == Direction::more_is_better ? 1.0 : -1.0;
  const auto gain = [&](double at) {
    return sign * (detail::measured_or_unknown(under, way.at(at)).values[0] - out.reference);
  };

  // What the scenario cannot do is said here, with its own error.
  const Measured first = under.measure(way.at(way.first));
  ++out.iterations;
  const auto finish = [&](double value) {
    const Measured there = under.measure(way.at(value));
    out.value = value;
    out.reached = there.values[0];
    out.feasible = there.feasible;
    if (!options.vary) {
      out.relative = value;
    } else {
      out.relative = out.before == 0 ? unknown_number : (value - out.before) / std::abs(out.before);
    }
    const double end = std::isnan(way.stated) ? value : way.stated;
    out.text = detail::break_even_text(out, options, !out.always || gain(end) >= 0);
    return out;
  };
  if (sign * (first.values[0] - out.reference) >= 0) {
    out.always = true;
    return finish(way.start);
  }
  const detail::Crossing crossing = detail::find_crossing(gain, 0.0, way.points, way.start);
  out.iterations += crossing.evaluations;
  if (!crossing.found) {
    const double one = out.reference + sign * crossing.low;
    const double other = out.reference + sign * crossing.high;
    throw UnreachableTargetError(out.reference, std::min(one, other), std::max(one, other));
  }
  return finish(crossing.at);
}

}  // namespace funnelgraph::inline v0
