// Definitions of tornado.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>
#include <funnelgraph/whatif/tornado.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// A number's low and high value, and where they come from.
struct TornadoEnds {
  Bounds bounds;
  std::string basis;
};

[[nodiscard]] inline std::string level_text(double level) {
  return "(" + shown(std::round(level * 1000) / 10) + " %)";
}

[[nodiscard]] inline std::optional<TornadoEnds> own_interval(const Parameter& parameter,
                                                             const Number& number) {
  const Source& source = number.source;
  if (const auto interval = source.interval())
    return TornadoEnds{{interval->low, interval->high}, "interval " + level_text(interval->level)};
  if (parameter.kind() == ParameterKind::rate && source.kind() == SourceKind::measured && source.n() > 0) {
    const double count = number.value * source.n();
    const Interval interval = fit::beta_interval(count + 0.5, source.n() - count + 0.5);
    return TornadoEnds{{number.value == 0 ? 0.0 : interval.low, number.value == 1 ? 1.0 : interval.high},
                       "n = " + shown(source.n()) + " " + level_text(interval.level)};
  }
  return std::nullopt;
}

[[nodiscard]] inline std::optional<TornadoEnds> relative_ends(const Parameter& parameter, double value,
                                                              double relative) {
  if (std::isnan(value) || value == 0) return std::nullopt;
  const double by = relative * std::abs(value);
  const Range range = range_of(parameter.kind());
  const Bounds bounds{std::max(range.low, value - by), std::min(range.high, value + by)};
  if (range.open_low && bounds.low <= range.low) return std::nullopt;
  return TornadoEnds{bounds, shown_percent(relative)};
}

[[nodiscard]] inline TornadoEnds stated_ends(const Parameter& parameter, const Bounds& bounds) {
  const Range range = range_of(parameter.kind());
  const auto refuse = [&](double end, const char* allowed) {
    throw InvalidValueError("low and high of " + to_string(parameter), shown(end), allowed);
  };
  for (const double end : {bounds.low, bounds.high}) {
    if (!std::isfinite(end)) refuse(end, "a finite number");
    if (!range.holds(end)) refuse(end, range.text);
  }
  if (bounds.low > bounds.high) refuse(bounds.low, "no more than the high one");
  return {bounds, "given"};
}

/// All leaves, and what else is asked for.
[[nodiscard]] inline std::vector<Parameter> tornado_parameters(const Funnel& base,
                                                               const TornadoOptions& options) {
  std::vector<Parameter> all;
  if (options.low_high.empty() || options.relative) all = base.parameters();
  const std::set<Parameter> leaves(all.begin(), all.end());
  for (const auto& [parameter, bounds] : options.low_high) {
    if (!leaves.contains(parameter)) all.push_back(parameter);
  }
  return all;
}

inline void check_tornado(const Funnel& base, const TornadoOptions& options) {
  if (options.relative && !(*options.relative > 0 && std::isfinite(*options.relative)))
    throw InvalidValueError("relative", shown(*options.relative), "(0, inf)");
  for (const auto& [parameter, bounds] : options.low_high) static_cast<void>(base.get(parameter));
  for (const auto& [parameter, take_from] : options.take_from) static_cast<void>(base.get(parameter));
}

}  // namespace detail

FUNNELGRAPH_INLINE Tornado tornado(const Funnel& base, const Metric& metric, const TornadoOptions& options) {
  detail::check_tornado(base, options);
  ScenarioMetrics under(base, {metric}, options.analysis, {.clip = true});
  under.require_in_base();
  Tornado out;
  out.metric = to_string(metric);
  out.value = under.measure(Scenario()).values[0];
  for (const Parameter& parameter : detail::tornado_parameters(base, options)) {
    const Number number = base.get_number(parameter);
    std::optional<detail::TornadoEnds> ends;
    if (const auto given = options.low_high.find(parameter); given != options.low_high.end()) {
      ends = detail::stated_ends(parameter, given->second);
    } else if (options.relative) {
      ends = detail::relative_ends(parameter, number.value, *options.relative);
    } else {
      ends = detail::own_interval(parameter, number);
    }
    if (!ends) {
      out.not_varied.push_back(to_string(parameter));
      continue;
    }
    TornadoRow row{.parameter = to_string(parameter),
                   .owner = to_string(base.ownership(parameter)),
                   .source = detail::source_text(number.source),
                   .basis = std::move(ends->basis),
                   .value = number.value,
                   .low = ends->bounds.low,
                   .high = ends->bounds.high};
    ChangeOptions change;
    if (const auto from = options.take_from.find(parameter); from != options.take_from.end())
      change.take_from = from->second;
    const auto at = [&](double& end) {
      const Measured measured = under.measure(Scenario("tornado").set(parameter, end, change));
      for (const Clipped& note : measured.notes) {
        end = note.given;
        row.clipped = true;
      }
      return measured.values[0];
    };
    row.metric_low = at(row.low);
    row.metric_high = at(row.high);
    row.swing = std::abs(row.metric_high - row.metric_low);
    out.rows.push_back(std::move(row));
  }
  const auto width = [](const TornadoRow& row) { return std::isnan(row.swing) ? -1.0 : row.swing; };
  std::stable_sort(out.rows.begin(), out.rows.end(),
                   [&](const TornadoRow& a, const TornadoRow& b) { return width(a) > width(b); });
  return out;
}

}  // namespace funnelgraph::inline v0
