// Definitions of named_chain.hpp.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::detail {

[[noreturn]] FUNNELGRAPH_INLINE void throw_unknown(const char* kind, std::string_view given,
                                                   const std::vector<std::string>& names) {
  throw unknown_name(kind, given, names);
}

FUNNELGRAPH_INLINE std::uint32_t find_outcome_or_drop_off(const Funnel& funnel, std::string_view name) {
  if (name == drop_off_name) return drop_off_outcome;
  if (const auto found = funnel.find_outcome(name)) return found->index;
  std::vector<std::string> names;
  for (const Outcome& outcome : funnel.outcomes()) names.push_back(outcome.name);
  names.emplace_back(drop_off_name);
  throw_unknown("outcome", name, names);
}

FUNNELGRAPH_INLINE std::uint32_t find_stage_position(const Funnel& funnel, std::string_view name) {
  if (const auto found = funnel.find_stage(name)) return found->index;
  return static_cast<std::uint32_t>(&funnel.stage(name) - funnel.stages().data());  // throws
}

FUNNELGRAPH_INLINE Figure figure_of(const Funnel& funnel, const Metric& metric) {
  Figure out;
  switch (metric.kind()) {
    case MetricKind::count:
      out.kind = FigureKind::count;
      out.position = find_outcome_or_drop_off(funnel, metric.name());
      break;
    case MetricKind::probability:
      out.kind = FigureKind::probability;
      out.position = find_outcome_or_drop_off(funnel, metric.name());
      break;
    case MetricKind::visits:
      out.kind = FigureKind::visits;
      out.position = find_stage_position(funnel, metric.name());
      break;
    case MetricKind::revenue:
      out.kind = FigureKind::revenue;
      break;
    case MetricKind::cost:
      out.kind = FigureKind::cost;
      break;
    case MetricKind::profit:
      out.kind = FigureKind::profit;
      break;
    case MetricKind::cost_per:
      out.kind = FigureKind::cost_per;
      out.position = find_outcome_or_drop_off(funnel, metric.name());
      break;
    case MetricKind::time_to:
      out.kind = FigureKind::time_to;
      out.position = metric.name().empty() ? any_exit : find_outcome_or_drop_off(funnel, metric.name());
      break;
    case MetricKind::recoverable:
      throw InvalidValueError("metric", to_string(metric), "a metric other than recoverable");
    case MetricKind::lifetime_value:
      out.kind = FigureKind::lifetime_value;
      out.horizon = metric.horizon();
      break;
    case MetricKind::ratio:
    case MetricKind::sum:
      out.kind = metric.kind() == MetricKind::sum ? FigureKind::sum : FigureKind::ratio;
      out.weights = metric.weights();
      for (const Metric& part : metric.parts()) out.parts.push_back(figure_of(funnel, part));
      break;
  }
  return out;
}

FUNNELGRAPH_INLINE void check_discount_rate(double rate) {
  if (!(rate >= 0) || std::isinf(rate))
    throw InvalidValueError("discount_rate", shown(rate), "[0, inf): an analysis does not compound money");
}

FUNNELGRAPH_INLINE Compiled compile_for(const Funnel& funnel, const AnalysisOptions& options) {
  if (options.discount_rate) check_discount_rate(*options.discount_rate);
  require_valid(funnel);
  Compiled compiled = lower(funnel);
  if (options.discount_rate) compiled.chain.discount_rate = *options.discount_rate;
  check_discount_rate(compiled.chain.discount_rate);
  refresh(compiled.chain);
  return compiled;
}

FUNNELGRAPH_INLINE const char* kind_text(OutcomeKind kind) noexcept {
  switch (kind) {
    case OutcomeKind::won:
      return "won";
    case OutcomeKind::screened:
      return "screened";
    case OutcomeKind::silent:
      return "silent";
    case OutcomeKind::lost:
      break;
  }
  return "lost";
}

FUNNELGRAPH_INLINE Solution solve_named(const Compiled& compiled, const Elimination& plan,
                                        CapacityRule rule) {
  try {
    return solve_chain(compiled.chain, plan, rule);
  } catch (const UnsolvableError& error) {
    std::vector<std::string> names;
    for (const std::string& position : error.stages()) {
      const std::size_t at = static_cast<std::size_t>(std::stoul(position));
      names.push_back(at < compiled.labels.stages.size() ? compiled.labels.stages[at] : position);
    }
    throw UnsolvableError(std::move(names));
  }
}

}  // namespace funnelgraph::inline v0::detail
