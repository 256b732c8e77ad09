// Definitions of moved_metric.hpp.
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/whatif/detail/moved_metric.hpp>

namespace funnelgraph::inline v0::detail {

/// Step of a number, relative to it, along which directions are taken: inputs are affine, so its length is
/// free.
inline constexpr double direction_step = 1.0 / 1024;

[[nodiscard]] inline double derivative_by(const ChainGradient& by, InputRef ref) {
  const std::uint32_t k = ref.index;
  switch (ref.input) {
    case Input::base_rate:
      return by.base_rate[k];
    case Input::base_drop_off:
      return by.base_drop_off[k];
    case Input::lag_mean:
      return by.lag_mean[k];
    case Input::lag_sd:
      return by.lag_sd[k];
    case Input::edge_cost:
      return by.edge_cost[k];
    case Input::edge_value:
      return by.edge_value[k];
    case Input::stage_cost:
      return by.stage_cost[k];
    case Input::stage_value:
      return by.stage_value[k];
    case Input::stage_commission:
      return by.stage_commission[k];
    case Input::capacity:
      return by.capacity[k];
    case Input::outcome_value:
      return by.outcome_value[k];
    case Input::outcome_commission:
      return by.outcome_commission[k];
    case Input::entry_volume:
      return by.entry_volume[k];
    case Input::entry_cost:
      return by.entry_cost[k];
    case Input::lever_value:
      return by.lever_value[k];
    case Input::elasticity:
      return by.elasticity[k];
    case Input::fixed_cost:
      return by.fixed_cost[k];
    case Input::discount_rate:
      return by.discount_rate;
    default:
      return 0;  // no metric counts breaches
  }
}

FUNNELGRAPH_INLINE MovedMetric::MovedMetric(const Funnel& base, const Metric& metric,
                                            std::vector<Parameter> parameters,
                                            std::vector<TakeFrom> take_from, const AnalysisOptions& analysis)
    : parameters_(std::move(parameters)),
      take_from_(std::move(take_from)),
      rule_(analysis.capacity),
      patched_(base, analysis) {
  check_names(base, metric);
  figure_ = figure_of(base, metric);
  for (const Parameter& parameter : parameters_) before_.push_back(base.get(parameter));
  static_cast<void>(apply(base, scenario(before_)));
  for (std::size_t k = 0; k < parameters_.size(); ++k) directions_.push_back(direction(k));
}

FUNNELGRAPH_INLINE Scenario MovedMetric::scenario(const std::vector<double>& x) const {
  std::vector<Change> changes;
  for (std::size_t k = 0; k < parameters_.size(); ++k)
    changes.push_back({.what = NumberChange{.kind = ChangeKind::set,
                                            .parameter = parameters_[k],
                                            .value = x[k],
                                            .take_from = take_from_[k]}});
  return {"least change", "", std::move(changes)};
}

FUNNELGRAPH_INLINE InputDirection MovedMetric::direction(std::size_t k) {
  InputDirection found;
  for (const double sign : {1.0, -1.0}) {
    if (!patched_.patch(scenario(before_))) break;
    const Chain here = patched_.chain();
    std::vector<double> x = before_;
    const double step = sign * direction_step * std::abs(x[k]);
    x[k] += step;
    if (!patched_.patch(scenario(x))) continue;
    const Chain& there = patched_.chain();
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(Input::discount_rate); ++i) {
      const auto input = static_cast<Input>(i);
      for (std::uint32_t at = 0; at < input_count(here, input); ++at) {
        const double moved = input_value(there, {input, at}) - input_value(here, {input, at});
        if (moved != 0 && !std::isnan(moved)) found.push_back({{input, at}, moved / (x[k] - before_[k])});
      }
    }
    return found;
  }
  throw InvalidValueError(to_string(parameters_[k]), "a number that cannot move a little either way",
                          "single numbers and volumes, each inside its range, taking from somebody");
}

FUNNELGRAPH_INLINE double MovedMetric::value(const std::vector<double>& x) {
  ++evaluations_;
  solution_.reset();
  if (!patched_.patch(scenario(x))) return unknown_number;
  try {
    solution_ = solve_chain(patched_.chain(), patched_.plan(), rule_);
  } catch (const UnsolvableError&) {
    return unknown_number;
  }
  const double found = figure_value(patched_.chain(), patched_.plan(), *solution_, figure_);
  if (!std::isfinite(found)) solution_.reset();
  return std::isfinite(found) ? found : unknown_number;
}

FUNNELGRAPH_INLINE std::vector<double> MovedMetric::gradient_there() {
  if (!solution_) return {};
  const Chain& chain = patched_.chain();
  const ChainGradient by = gradient(chain, patched_.plan(), *solution_, figure_);
  std::vector<double> out;
  for (const InputDirection& direction : directions_) {
    double sum = 0;
    for (const auto& [ref, speed] : direction) {
      sum += derivative_by(by, ref) * speed;
      // The derivative by a mean lets the deviation move with it; what that would be is no part of the sum.
      if (ref.input == Input::lag_mean && chain.lag[ref.index].sd > 0)
        sum -= by.lag_sd[ref.index] * speed * chain.lag[ref.index].sd / chain.lag[ref.index].mean;
    }
    out.push_back(sum);
  }
  return out;
}

}  // namespace funnelgraph::inline v0::detail
