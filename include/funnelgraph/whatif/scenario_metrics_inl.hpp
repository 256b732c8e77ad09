// Definitions of scenario_metrics.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

[[nodiscard]] inline bool has_recoverable(const Metric& metric) {
  return metric.kind() == MetricKind::recoverable ||
         std::any_of(metric.parts().begin(), metric.parts().end(), has_recoverable);
}

}  // namespace detail

FUNNELGRAPH_INLINE ScenarioMetrics::Looked ScenarioMetrics::look(const Funnel& funnel, const Metric& metric) {
  Looked looked;
  looked.has_recoverable = detail::has_recoverable(metric);
  try {
    detail::check_names(funnel, metric);
    if (!looked.has_recoverable) looked.figure = detail::figure_of(funnel, metric);
  } catch (const UnknownNameError&) {
    looked.unknown = std::current_exception();
  }
  return looked;
}

FUNNELGRAPH_INLINE ScenarioMetrics::ScenarioMetrics(const Funnel& base, std::vector<Metric> metrics,
                                                    AnalysisOptions analysis, ApplyOptions applying)
    : base_(base),
      metrics_(std::move(metrics)),
      analysis_(std::move(analysis)),
      applying_(applying),
      patched_(base, analysis_),
      known_(metrics_.size(), false) {
  const std::vector<double>& values = patched_.compiled().chain.outcome_value;
  has_unknown_value_ =
      std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
  if (metrics_.empty()) throw InvalidValueError("metrics", "none", "at least one");
  for (const Metric& metric : metrics_) {
    looked_.push_back(look(base, metric));
    any_recoverable_ = any_recoverable_ || looked_.back().has_recoverable;
    known_[looked_.size() - 1] = !looked_.back().unknown;
  }
}

FUNNELGRAPH_INLINE void ScenarioMetrics::require_known() const {
  for (std::size_t m = 0; m < metrics_.size(); ++m) {
    if (!known_[m]) std::rethrow_exception(looked_[m].unknown);
  }
}

FUNNELGRAPH_INLINE void ScenarioMetrics::require_in_base() const {
  for (const Looked& looked : looked_) {
    if (looked.unknown) std::rethrow_exception(looked.unknown);
  }
}

FUNNELGRAPH_INLINE Measured ScenarioMetrics::measure(const Scenario& scenario) {
  if (any_recoverable_ || !patched_.patch(scenario, applying_)) return measure_applied(scenario);
  std::optional<Solution> solution;
  try {
    solution = solve_chain(patched_.chain(), patched_.plan(), analysis_.capacity);
  } catch (const UnsolvableError&) {
    return measure_applied(scenario);  // says which stages by name
  }
  Measured out;
  out.values.reserve(metrics_.size());
  for (const Looked& looked : looked_) {
    out.values.push_back(looked.figure
                             ? figure_value(patched_.chain(), patched_.plan(), *solution, *looked.figure)
                             : unknown_number);
    // Money that counts an unknown value is refused, not unknown.
    if (looked.figure && std::isnan(out.values.back()) && has_unknown_value_)
      return measure_applied(scenario);
  }
  out.feasible = feasible(patched_.chain(), solution->flow);
  return out;
}

FUNNELGRAPH_INLINE Measured ScenarioMetrics::measure_applied(const Scenario& scenario) {
  Applied applied = apply_with_notes(base_, scenario, applying_);
  const Compiled compiled = detail::compile_for(applied.funnel, analysis_);
  const Elimination plan(compiled.chain);
  const Solution solution = detail::solve_named(compiled, plan, analysis_.capacity);
  Measured out;
  for (std::size_t m = 0; m < metrics_.size(); ++m) {
    const Looked looked = look(applied.funnel, metrics_[m]);
    if (looked.unknown) {
      out.values.push_back(unknown_number);
      continue;
    }
    known_[m] = true;
    double value = unknown_number;
    if (looked.figure) value = figure_value(compiled.chain, plan, solution, *looked.figure);
    if (std::isnan(value)) value = evaluate(applied.funnel, metrics_[m], analysis_);
    out.values.push_back(value);
  }
  out.feasible = feasible(compiled.chain, solution.flow);
  out.notes = std::move(applied.notes);
  return out;
}

}  // namespace funnelgraph::inline v0
