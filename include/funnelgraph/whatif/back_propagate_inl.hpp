// Definitions of back_propagate.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <set>
#include <utility>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/model/validate.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/back_propagate.hpp>
#include <funnelgraph/whatif/detail/crossing.hpp>
#include <funnelgraph/whatif/detail/measured_or_unknown.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// A metric that misses a straight line in the volumes by less than this, relative to its size, is linear.
inline constexpr double linear_tolerance = 1e-12;

/// The leaves that grow.
[[nodiscard]] inline std::vector<Parameter> growing_volumes(const Funnel& base,
                                                            const std::vector<Parameter>& grow) {
  std::vector<Parameter> leaves;
  std::set<Parameter> seen;
  for (const Parameter& parameter : grow) {
    if (parameter.kind() != ParameterKind::volume)
      throw InvalidValueError("grow", to_string(parameter), "volumes, as volume(reached)");
    for (const Parameter& leaf : base.leaves(parameter)) {
      if (seen.insert(leaf).second) leaves.push_back(leaf);
    }
  }
  if (grow.empty()) {
    for (const Entry& entry : base.entries()) {
      const Parameter leaf = volume(entry.stage, entry.channel);
      if (seen.insert(leaf).second) leaves.push_back(leaf);
    }
  }
  const bool any =
      std::any_of(leaves.begin(), leaves.end(), [&](const Parameter& leaf) { return base.get(leaf) > 0; });
  if (!any)
    throw InvalidValueError("volumes that grow", "0", "some entrants: nothing times a factor is nothing");
  return leaves;
}

/// The factor of the volumes at which the metric reaches the target.
[[nodiscard]] inline double volume_factor(const std::function<double(double)>& metric_at, double target) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double none = metric_at(0);
  const double once = metric_at(1);
  const double twice = metric_at(2);
  const double slope = once - none;
  const double size = std::abs(none) + std::abs(once) + std::abs(twice);
  if (std::abs((twice - once) - slope) <= linear_tolerance * size) {
    const double factor = (target - none) / slope;
    if (std::abs(slope) > linear_tolerance * size && factor >= 0) return factor;
    if (std::abs(slope) <= linear_tolerance * size) throw UnreachableTargetError(target, once, once);
    throw UnreachableTargetError(target, slope > 0 ? none : -infinity, slope > 0 ? infinity : none);
  }
  const Crossing crossing = find_crossing(metric_at, target, scan_points(0, infinity, 1), 1);
  if (!crossing.found) throw UnreachableTargetError(target, crossing.low, crossing.high);
  return crossing.at;
}

/// Stages from the last to the first: by the fewest steps from the largest entry that leads to them, those
/// nobody reaches before all others.
[[nodiscard]] inline std::vector<std::size_t> stages_backwards(const Funnel& base) {
  const std::size_t count = base.stages().size();
  std::vector<const Entry*> entries;
  for (const Entry& entry : base.entries()) entries.push_back(&entry);
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry* a, const Entry* b) { return a->volume.value > b->volume.value; });
  std::vector<std::size_t> steps(count, count);
  std::vector<std::size_t> queue;
  const auto reach = [&](std::size_t stage, std::size_t after) {
    if (steps[stage] != count) return;
    steps[stage] = after;
    queue.push_back(stage);
  };
  std::size_t next = 0;
  for (const Entry* entry : entries) {
    reach(base.find_stage(entry->stage)->index, 0);
    for (; next < queue.size(); ++next) {
      for (const TransitionId id : base.exits(base.stages()[queue[next]].name)) {
        const Transition& transition = base.transition(id);
        const auto to = base.find_stage(transition.to);
        if (to && transition.rate.value > 0) reach(to->index, steps[queue[next]] + 1);
      }
    }
  }
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = count - 1 - i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return steps[a] > steps[b]; });
  return order;
}

[[nodiscard]] inline std::vector<NeededRow> needed_rows(const Funnel& base, const Analysis& now,
                                                        const Analysis& then, const Funnel& grown) {
  const auto factor = [](double before, double after) {
    return before == 0 ? unknown_number : after / before;
  };
  std::vector<NeededRow> rows;
  for (std::size_t o = 0; o + 1 < now.outcomes.size(); ++o) {  // the last is the drop-off
    const double before = now.outcomes[o].count;
    const double after = then.outcomes[o].count;
    rows.push_back({.place = "outcome",
                    .name = now.outcomes[o].outcome,
                    .channel = "",
                    .owner = now.outcomes[o].owner,
                    .unit = "",
                    .now = before,
                    .needed = after,
                    .factor = factor(before, after)});
  }
  for (const std::size_t i : stages_backwards(base)) {
    const StageRow& stage = now.stages[i];
    const double needed = then.stages[i].visits;
    const auto& capacity = base.stages()[i].capacity;
    NeededRow row{.place = "stage",
                  .name = stage.stage,
                  .channel = "",
                  .owner = stage.owner,
                  .unit = stage.unit,
                  .now = stage.visits,
                  .needed = needed,
                  .factor = factor(stage.visits, needed)};
    if (capacity) {
      row.capacity = capacity->value;
      row.feasible = needed <= capacity->value * (1 + capacity_tolerance);
    }
    rows.push_back(std::move(row));
  }
  for (const Entry& entry : base.entries()) {
    const Parameter leaf = volume(entry.stage, entry.channel);
    const double before = entry.volume.value;
    const double after = grown.get(leaf);
    rows.push_back({.place = "entry",
                    .name = entry.stage,
                    .channel = entry.channel,
                    .owner = to_string(base.ownership(leaf)),
                    .unit = base.stage(entry.stage).unit,
                    .now = before,
                    .needed = after,
                    .factor = factor(before, after)});
  }
  return rows;
}

/// What each rate alone would have to be.
[[nodiscard]] inline std::vector<NeededRate> needed_rates(const Funnel& base, const Metric& metric,
                                                          const BackPropagateOptions& options) {
  std::vector<NeededRate> rates;
  ScenarioMetrics under(base, {metric}, options.analysis);
  for (const Transition& transition : base.transitions()) {
    if (!(transition.rate.value > 0)) continue;
    const Parameter parameter = rate(transition.from, transition.to);
    NeededRate row{.from = transition.from,
                   .to = transition.to,
                   .owner = to_string(base.ownership(parameter)),
                   .now = transition.rate.value,
                   .needed = unknown_number,
                   .factor = unknown_number};
    row.largest = possible_bounds(base, parameter, {}, std::nullopt).high;
    row.best = measured_or_unknown(under, Scenario().set(parameter, row.largest)).values[0];
    try {
      const GoalSeek found = goal_seek(
          base, metric, {.target = options.target, .vary = parameter, .analysis = options.analysis});
      row.needed = found.value;
      row.factor = found.value / row.now;
      row.feasible = found.feasible;
    } catch (const UnreachableTargetError&) {
      row.feasible = false;
    }
    rates.push_back(std::move(row));
  }
  return rates;
}

}  // namespace detail

FUNNELGRAPH_INLINE BackPropagation back_propagate(const Funnel& base, const Metric& metric,
                                                  const BackPropagateOptions& options) {
  detail::check_target(options.target);
  ScenarioMetrics under(base, {metric}, options.analysis);
  under.require_in_base();
  const std::vector<Parameter> leaves = detail::growing_volumes(base, options.grow);
  const auto grown_by = [&](double factor) {
    Scenario scenario("back-propagation");
    for (const Parameter& leaf : leaves) scenario = scenario.scale(leaf, factor);
    return scenario;
  };
  BackPropagation out;
  out.metric = to_string(metric);
  out.target = options.target;
  out.now = under.measure(Scenario()).values[0];
  out.factor = detail::volume_factor([&](double factor) { return under.measure(grown_by(factor)).values[0]; },
                                     options.target);
  out.scenario = grown_by(out.factor);
  const Measured there = under.measure(out.scenario);
  out.reached = there.values[0];
  out.feasible = there.feasible;
  const Funnel grown = apply(base, out.scenario);
  AnalysisOptions plain = options.analysis;
  plain.reference.reset();
  out.rows = detail::needed_rows(base, analyze(base, plain), analyze(grown, plain), grown);
  out.rates = detail::needed_rates(base, metric, options);
  for (const Issue& issue : validate(base)) {
    if (issue.code == "unit_change")
      out.notes.push_back(issue.where + ": " + issue.message + " (" + issue.value + ")");
  }
  return out;
}

}  // namespace funnelgraph::inline v0
