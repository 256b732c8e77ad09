// Definitions of compare.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/whatif/compare.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

FUNNELGRAPH_INLINE std::vector<std::string> scenario_labels(const std::vector<Scenario>& scenarios,
                                                            const char* what, const char* first) {
  std::vector<std::string> labels;
  std::set<std::string> seen;
  labels.reserve(scenarios.size() + 1);
  if (first != nullptr) {
    labels.emplace_back(first);
    seen.insert(first);
  }
  for (std::size_t k = 0; k < scenarios.size(); ++k) {
    std::string label = scenarios[k].name();
    if (label.empty()) label = "scenario " + std::to_string(k + 1);
    if (!seen.insert(label).second)
      throw InvalidValueError(what, "'" + shown(label) + "' twice", "a name of its own for each (named())");
    labels.push_back(std::move(label));
  }
  return labels;
}

FUNNELGRAPH_INLINE std::vector<Direction> stated_directions(const Funnel& base,
                                                            const std::vector<Metric>& metrics,
                                                            const std::vector<Direction>& stated) {
  if (!stated.empty()) {
    if (stated.size() != metrics.size())
      throw InvalidValueError("directions", std::to_string(stated.size()),
                              std::to_string(metrics.size()) + ", one for each metric");
    return stated;
  }
  std::vector<Direction> directions;
  for (const Metric& metric : metrics) directions.push_back(direction_of(metric, base));
  return directions;
}

/// 1 for the best, equal values share a rank, 0 for NaN.
[[nodiscard]] inline std::vector<std::uint32_t> ranks(const std::vector<double>& values,
                                                      Direction direction) {
  std::vector<std::size_t> order;
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (!std::isnan(values[k])) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return is_better(values[a], values[b], direction); });
  std::vector<std::uint32_t> out(values.size(), 0);
  for (std::size_t k = 0; k < order.size(); ++k) {
    const bool same = k > 0 && values[order[k]] == values[order[k - 1]];
    out[order[k]] = same ? out[order[k - 1]] : static_cast<std::uint32_t>(k + 1);
  }
  return out;
}

[[nodiscard]] inline double relative_to(double difference, double reference) noexcept {
  return reference == 0 ? unknown_number : difference / std::abs(reference);
}

}  // namespace detail

FUNNELGRAPH_INLINE const ComparisonRow& Comparison::row(std::string_view scenario,
                                                        const Metric& metric) const {
  const auto s = std::find(scenarios.begin(), scenarios.end(), scenario);
  if (s == scenarios.end()) throw unknown_name("scenario", scenario, scenarios);
  const auto m = std::find(metrics.begin(), metrics.end(), metric);
  if (m == metrics.end()) {
    std::vector<std::string> names;
    for (const Metric& known : metrics) names.push_back(to_string(known));
    throw unknown_name("metric", to_string(metric), names);
  }
  return rows[static_cast<std::size_t>(m - metrics.begin()) * scenarios.size() +
              static_cast<std::size_t>(s - scenarios.begin())];
}

FUNNELGRAPH_INLINE Comparison compare(const Funnel& base, const std::vector<Scenario>& scenarios,
                                      const std::vector<Metric>& metrics, const CompareOptions& options) {
  Comparison out;
  out.scenarios = detail::scenario_labels(scenarios, "scenarios", base_scenario_name);
  out.metrics = metrics;
  out.reference = options.reference.value_or(base_scenario_name);
  const auto found = std::find(out.scenarios.begin(), out.scenarios.end(), out.reference);
  if (found == out.scenarios.end()) throw unknown_name("scenario", out.reference, out.scenarios);
  const auto reference = static_cast<std::size_t>(found - out.scenarios.begin());
  const std::vector<Direction> directions = detail::stated_directions(base, metrics, options.directions);

  ScenarioMetrics under(base, metrics, options.analysis, options.applying);
  std::vector<Measured> measured;
  measured.reserve(out.scenarios.size());
  measured.push_back(under.measure(Scenario()));
  for (const Scenario& scenario : scenarios) {
    measured.push_back(under.measure(scenario));
    std::move(measured.back().notes.begin(), measured.back().notes.end(), std::back_inserter(out.notes));
  }
  under.require_known();

  out.rows.reserve(metrics.size() * measured.size());
  std::vector<double> values(measured.size());
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const std::string name = to_string(metrics[m]);
    for (std::size_t s = 0; s < measured.size(); ++s) values[s] = measured[s].values[m];
    const std::vector<std::uint32_t> ranks = detail::ranks(values, directions[m]);
    for (std::size_t s = 0; s < measured.size(); ++s) {
      const double difference = values[s] - values[reference];
      out.rows.push_back({out.scenarios[s], name, values[s], difference,
                          detail::relative_to(difference, values[reference]), ranks[s],
                          measured[s].feasible});
    }
  }
  return out;
}

}  // namespace funnelgraph::inline v0
