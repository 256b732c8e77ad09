// Definitions of patched_chain.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <variant>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/row_change.hpp>
#include <funnelgraph/whatif/patched_chain.hpp>

namespace funnelgraph::inline v0 {

/// A changed exit of a row, as a position among the row's exits.
struct PatchedChain::RowItem {
  std::uint32_t stage;
  std::uint32_t exit;
  const NumberChange* change;
  bool clip;
};

FUNNELGRAPH_INLINE PatchedChain::PatchedChain(const Funnel& base, const AnalysisOptions& options)
    : base_(base),
      own_discount_rate_(options.discount_rate.has_value()),
      compiled_(detail::compile_for(base, options)),
      plan_(compiled_.chain),
      chain_(compiled_.chain) {}

FUNNELGRAPH_INLINE bool PatchedChain::patch(const Scenario& scenario, const ApplyOptions& options) {
  chain_ = compiled_.chain;
  bool done = false;
  try {
    done = put(scenario, options);
  } catch (const Error&) {  // `apply` says it better
  }
  if (done) {
    refresh_chain();
  } else {
    chain_ = compiled_.chain;
  }
  return done;
}

FUNNELGRAPH_INLINE bool PatchedChain::put(const Scenario& scenario, const ApplyOptions& options) {
  if (options.at && !std::isfinite(*options.at)) return false;
  rates_moved_ = false;
  all_lags_moved_ = false;
  lags_moved_.clear();
  std::vector<RowItem> rows;
  std::vector<const Change*> deviations;  // after the means, which move them
  const Funnel& base = base_;
  for (const Change& change : scenario.changes()) {
    const auto* number = std::get_if<NumberChange>(&change.what);
    if (number == nullptr || change.start || change.end) return false;
    const bool clip = options.clip || number->clip;
    const ParameterKind kind = number->parameter.kind();
    if (detail::is_of_a_row(kind)) {
      if (number->take_from.is_nobody()) return false;
      const InputRef input = input_of(compiled_, base, number->parameter);
      const bool last = kind == ParameterKind::drop_off;
      const std::uint32_t stage = last ? input.index : base.find_stage(number->parameter.argument(0))->index;
      const std::uint32_t first = chain_.row_begin[stage];
      rows.push_back({stage, (last ? chain_.row_begin[stage + 1] : input.index) - first, number, clip});
    } else if (kind == ParameterKind::lag_sd) {
      deviations.push_back(&change);
    } else if (!put_number(*number, clip)) {
      return false;
    }
  }
  for (const Change* change : deviations) {
    const auto& number = std::get<NumberChange>(change->what);
    if (!put_number(number, options.clip || number.clip)) return false;
  }
  if (rows.empty()) return true;
  std::sort(rows.begin(), rows.end(), [](const RowItem& a, const RowItem& b) {
    return a.stage != b.stage ? a.stage < b.stage : a.exit < b.exit;
  });
  std::vector<RowItem> items;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    items.push_back(rows[k]);
    if (k + 1 < rows.size() && rows[k + 1].stage == rows[k].stage) continue;
    if (!put_row(items)) return false;
    items.clear();
  }
  return true;
}

FUNNELGRAPH_INLINE bool PatchedChain::put_number(const NumberChange& change, bool clip) {
  const Funnel& base = base_;
  const Parameter& parameter = change.parameter;
  const double by = change.value.value;
  const double before = base.get(parameter);
  const detail::Range range = detail::range_of(parameter.kind());
  if (change.kind != ChangeKind::set &&
      (std::isnan(before) || (parameter.kind() == ParameterKind::lag && before == 0)))
    return false;
  const auto fits = [&](double value) {
    // A clipped change may stop at an end, which is for `apply` to note.
    return range.holds(value) && (!clip || std::isnan(value) || (value >= range.low && value <= range.high));
  };
  if (parameter.without_channel() && change.kind == ChangeKind::scale) {
    for (const Parameter& leaf : base.leaves(parameter)) {
      const double after = base.get(leaf) * by;
      if (!fits(after) || !put_leaf(leaf, after)) return false;
    }
    return true;
  }
  const double after = detail::changed_number(change.kind, before, by);
  if (!fits(after)) return false;
  if (change.kind != ChangeKind::set && after == before) return true;
  if (!parameter.without_channel()) return put_leaf(parameter, after);
  const std::vector<Parameter> leaves = base.leaves(parameter);
  if (leaves.size() == 1) return put_leaf(leaves.front(), after);
  // The mean cost of a group weighs by volumes, which the scenario may change too.
  if (parameter.kind() != ParameterKind::volume || !(before > 0)) return false;
  return std::all_of(leaves.begin(), leaves.end(),
                     [&](const Parameter& leaf) { return put_leaf(leaf, base.get(leaf) * after / before); });
}

FUNNELGRAPH_INLINE bool PatchedChain::put_leaf(const Parameter& leaf, double value) {
  const InputRef input = input_of(compiled_, base_, leaf);
  const std::uint32_t k = input.index;
  switch (input.input) {
    case Input::lag_mean:
      return put_lag(k, value);
    case Input::lag_sd:
      return put_lag_sd(k, value);
    case Input::edge_cost:
      chain_.edge_cost[k] = value;
      return true;
    case Input::edge_value:
      chain_.edge_value[k] = value;
      return true;
    case Input::service_level:
      chain_.service_level[k] = value;
      return true;
    case Input::stage_cost:
      chain_.stage_cost[k] = value;
      return true;
    case Input::stage_value:
      chain_.stage_value[k] = value;
      return true;
    case Input::stage_commission:
      chain_.stage_commission[k] = value;
      return true;
    case Input::capacity:
      chain_.capacity[k] = value;
      return true;
    case Input::outcome_value:
      chain_.outcome_value[k] = value;
      return true;
    case Input::outcome_commission:
      chain_.outcome_commission[k] = value;
      return true;
    case Input::entry_volume:
      chain_.entries[k].volume = value;
      return true;
    case Input::entry_cost:
      chain_.entries[k].cost = value;
      return true;
    case Input::lever_value:
      chain_.lever_value[k] = value;
      rates_moved_ = true;
      return true;
    case Input::elasticity:
      chain_.influences[k].elasticity = value;
      rates_moved_ = true;
      return true;
    case Input::fixed_cost:
      chain_.fixed_cost[k] = value;
      return true;
    case Input::discount_rate:
      if (own_discount_rate_) return true;
      chain_.discount_rate = value;
      all_lags_moved_ = true;
      return value >= 0;  // an analysis does not compound money
    default:
      return false;  // of a row, or derived
  }
}

FUNNELGRAPH_INLINE bool PatchedChain::put_lag(std::uint32_t edge, double mean) {
  const Funnel& base = base_;
  const Lag& lag = base.transitions()[compiled_.layout.transition_of_edge[edge]].lag;
  chain_.lag[edge] = lag.with_mean(mean).distribution();
  lags_moved_.push_back(edge);
  return true;
}

FUNNELGRAPH_INLINE bool PatchedChain::put_lag_sd(std::uint32_t edge, double sd) {
  const Funnel& base = base_;
  LagDistribution& lag = chain_.lag[edge];
  const bool is_free = base.transitions()[compiled_.layout.transition_of_edge[edge]].lag.has_free_sd();
  if (!is_free || !lag.known() || (lag.mean == 0 && sd > 0)) return false;
  lag.sd = sd;
  lags_moved_.push_back(edge);
  return true;
}

FUNNELGRAPH_INLINE bool PatchedChain::put_row(std::vector<RowItem>& items) {
  const Funnel& base = base_;
  const std::uint32_t stage = items.front().stage;
  const std::uint32_t first = chain_.row_begin[stage];
  const std::uint32_t drop_off_exit = chain_.row_begin[stage + 1] - first;
  const auto exit_to = [&](const std::string& name) {
    if (name == "drop_off") return drop_off_exit;
    const auto found = base.find_transition(base.stages()[stage].name, name);
    return found ? compiled_.layout.edge_of_transition[found->index] - first : RowResult::none;
  };
  std::vector<std::uint8_t> leaks;
  std::vector<double> masses;
  for (std::uint32_t e = first; e < first + drop_off_exit; ++e) {
    bool is_leak = false;
    if (!chain_.to_stage(e)) {
      const ExitKind kind = chain_.outcome_kind[chain_.target[e] - chain_.stage_count];
      is_leak = kind == ExitKind::lost || kind == ExitKind::silent;
    }
    leaks.push_back(is_leak ? 1 : 0);
    masses.push_back(chain_.base_rate[e]);
  }
  leaks.push_back(1);
  masses.push_back(base.get(drop_off(base.stages()[stage].name)));
  std::vector<RowTarget> targets;
  std::vector<double> values;
  for (const RowItem& item : items) {
    const TakeFrom& from = item.change->take_from;
    RowTarget target{.kind = item.change->kind, .exit = item.exit, .clip = item.clip};
    if (from.is_siblings() || (from.is_leak() && item.exit == drop_off_exit)) {
      target.from = Donors::siblings;
    } else if (!from.is_leak()) {
      target.from = Donors::one;
      target.donor = exit_to(from.name());
      if (target.donor == RowResult::none) return false;
    }
    targets.push_back(target);
    values.push_back(item.change->value.value);
  }
  const auto rule = RowRule::plan(leaks, targets);
  if (!std::holds_alternative<RowRule>(rule)) return false;
  std::vector<double> row(masses.size());
  const RowResult result = std::get<RowRule>(rule).apply(masses, values, row);
  if (!result.possible() || result.clipped > 0) return false;
  for (std::uint32_t exit = 0; exit < drop_off_exit; ++exit)
    chain_.base_rate[first + exit] = std::min(row[exit], 1.0);  // rounding of sums
  // A drop-off that is set, or changed in value, is given from then on.
  const bool gives_drop_off = items.back().exit == drop_off_exit &&
                              (items.back().change->kind == ChangeKind::set || row.back() != masses.back());
  if (compiled_.layout.drop_off_given[stage] || gives_drop_off) {
    chain_.base_drop_off[stage] = std::min(row.back(), 1.0);
  } else {
    chain_.base_drop_off[stage] = detail::missing_from_row(chain_, stage);
  }
  rates_moved_ = true;
  return true;
}

FUNNELGRAPH_INLINE void PatchedChain::refresh_chain() {
  if (all_lags_moved_) {
    refresh(chain_);
    return;
  }
  if (rates_moved_) refresh_rates(chain_);
  for (const std::uint32_t edge : lags_moved_) refresh_lag(chain_, edge);
}

}  // namespace funnelgraph::inline v0
