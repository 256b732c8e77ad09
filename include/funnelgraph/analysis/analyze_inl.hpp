// Definitions of analyze.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/detail/analysis_state.hpp>
#include <funnelgraph/analysis/detail/analysis_tables.hpp>
#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/detail/reference_rows.hpp>
#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/hand_offs.hpp>
#include <funnelgraph/analysis/ledger.hpp>
#include <funnelgraph/analysis/lifetime_value.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/analysis/times.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// |gradient * value| summed over all numbers, and over those that are assumed or hold a place.
class AssumedSum {
 public:
  void add(const Number& number, double gradient) {
    const double part = std::abs(gradient * number.value);
    if (!(part > 0)) return;  // NaN: what is unknown has no share
    all_ += part;
    const SourceKind kind = number.source.kind();
    if (kind == SourceKind::assumed || kind == SourceKind::placeholder) assumed_ += part;
  }
  [[nodiscard]] double share() const noexcept { return all_ > 0 ? assumed_ / all_ : unknown_number; }

 private:
  double all_ = 0;
  double assumed_ = 0;
};

/// Puts recoveries into the rows of stages and owners.
FUNNELGRAPH_INLINE void put_recoveries(const AnalysisState& state, Analysis& analysis) {
  const Chain& chain = state.compiled.chain;
  const std::vector<Recovery> stages = recoveries(state);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    analysis.stages[i].recoverable = stages[i].value;
    analysis.stages[i].recoverable_low = stages[i].low;
    analysis.stages[i].recoverable_high = stages[i].high;
  }
  const std::vector<Recovery> owners = recoveries_by_owner(chain, stages);
  for (std::vector<OwnerRow>* rows : {&analysis.owners, &analysis.owners_by_visit}) {
    for (std::size_t owner = 0; owner < rows->size(); ++owner) {
      (*rows)[owner].recoverable = owners[owner].value;
      (*rows)[owner].recoverable_low = owners[owner].low;
      (*rows)[owner].recoverable_high = owners[owner].high;
    }
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE Analysis::Analysis(std::shared_ptr<const State> state) : state_(std::move(state)) {}
FUNNELGRAPH_INLINE Analysis::Analysis(const Analysis& other) = default;
FUNNELGRAPH_INLINE Analysis::Analysis(Analysis&& other) noexcept = default;
FUNNELGRAPH_INLINE Analysis& Analysis::operator=(const Analysis& other) = default;
FUNNELGRAPH_INLINE Analysis& Analysis::operator=(Analysis&& other) noexcept = default;
FUNNELGRAPH_INLINE Analysis::~Analysis() = default;

FUNNELGRAPH_INLINE double Analysis::probability(std::string_view outcome, std::string_view start) const {
  const std::uint32_t position = detail::find_outcome_or_drop_off(state_->funnel, outcome);
  if (start.empty()) return outcomes[std::min<std::size_t>(position, outcomes.size() - 1)].probability;
  const std::uint32_t from = detail::find_stage_position(state_->funnel, start);
  return absorption(state_->compiled.chain, state_->solution.flow, *state_->solution.solver, position)[from];
}

FUNNELGRAPH_INLINE double Analysis::count(std::string_view outcome) const {
  const std::uint32_t position = detail::find_outcome_or_drop_off(state_->funnel, outcome);
  return state_->counts[std::min<std::size_t>(position, state_->counts.size() - 1)];
}

FUNNELGRAPH_INLINE double Analysis::visits(std::string_view stage, std::string_view start) const {
  const std::uint32_t position = detail::find_stage_position(state_->funnel, stage);
  if (start.empty()) return state_->solution.flow.visits[position];
  const std::uint32_t from = detail::find_stage_position(state_->funnel, start);
  return flow_from(state_->compiled.chain, state_->solution, from).visits[position];
}

FUNNELGRAPH_INLINE double Analysis::reach(std::string_view stage, std::string_view start) const {
  const std::uint32_t position = detail::find_stage_position(state_->funnel, stage);
  if (start.empty()) return stages[position].reach;
  const std::uint32_t from = detail::find_stage_position(state_->funnel, start);
  if (from == position) return 1;
  const Flow flow = flow_from(state_->compiled.chain, state_->solution, from);
  return std::min(1.0, flow.visits[position] / state_->solution.solver->self_visits()[position]);
}

FUNNELGRAPH_INLINE TimeMoments Analysis::time_to(std::string_view outcome, std::string_view start) const {
  const std::uint32_t position =
      outcome.empty() ? any_exit : detail::find_outcome_or_drop_off(state_->funnel, outcome);
  if (!start.empty()) {
    const std::uint32_t from = detail::find_stage_position(state_->funnel, start);
    const Chain& chain = state_->compiled.chain;
    return detail::time_of(chain, flow_from(chain, state_->solution, from), *state_->solution.solver,
                           position);
  }
  if (position == any_exit) return state_->times.any;
  return position == drop_off_outcome ? state_->times.drop_off : state_->times.outcomes[position];
}

FUNNELGRAPH_INLINE double Analysis::cost_per(std::string_view outcome) const {
  const double journeys = count(outcome);
  return journeys == 0 ? unknown_number : state_->cost / journeys;
}

FUNNELGRAPH_INLINE double Analysis::rate(std::string_view from, std::string_view to) const {
  const Chain& chain = state_->compiled.chain;
  const std::uint32_t stage = detail::find_stage_position(state_->funnel, from);
  if (to == detail::drop_off_name) return chain.drop_off[stage];
  if (const auto found = state_->funnel.find_transition(from, to))
    return chain.rate[state_->compiled.layout.edge_of_transition[found->index]];
  std::vector<std::string> names{detail::drop_off_name};
  for (std::uint32_t e = chain.row_begin[stage]; e < chain.row_begin[stage + 1]; ++e)
    names.push_back(state_->funnel.transitions()[state_->compiled.layout.transition_of_edge[e]].to);
  detail::throw_unknown("transition", std::string(from) + " -> " + std::string(to),
                        {std::string(from) + " -> " + nearest_name(to, names)});
}

FUNNELGRAPH_INLINE double Analysis::assumed_share() const {
  const State& state = *state_;
  const Chain& chain = state.compiled.chain;
  const Layout& layout = state.compiled.layout;
  const Metric metric = state.options.metric ? *state.options.metric : metric::profit();
  const ChainGradient by =
      gradient(chain, state.plan, state.solution, detail::figure_of(state.funnel, metric));
  detail::AssumedSum sum;
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    const Stage& stage = state.funnel.stages()[i];
    sum.add(stage.cost, by.stage_cost[i]);
    sum.add(stage.value, by.stage_value[i]);
    sum.add(stage.commission, by.stage_commission[i]);
    if (stage.capacity) sum.add(*stage.capacity, by.capacity[i]);
    if (stage.drop_off) sum.add(*stage.drop_off, by_drop_off(chain, by, i));
  }
  for (std::uint32_t o = 0; o < chain.outcome_count; ++o) {
    sum.add(state.funnel.outcomes()[o].value, by.outcome_value[o]);
    sum.add(state.funnel.outcomes()[o].commission, by.outcome_commission[o]);
  }
  for (std::uint32_t e = 0; e < chain.edge_count(); ++e) {
    const Transition& transition = state.funnel.transitions()[layout.transition_of_edge[e]];
    sum.add(transition.rate, by_rate_from_leak(chain, by, e));
    sum.add(transition.lag.mean, by.lag_mean[e]);
    if (transition.lag.has_free_sd()) sum.add(transition.lag.sd, by.lag_sd[e]);
    sum.add(transition.cost, by.edge_cost[e]);
    sum.add(transition.value, by.edge_value[e]);
  }
  for (std::size_t k = 0; k < chain.entries.size(); ++k) {
    sum.add(state.funnel.entries()[k].volume, by.entry_volume[k]);
    sum.add(state.funnel.entries()[k].cost, by.entry_cost[k]);
  }
  for (std::size_t k = 0; k < chain.lever_value.size(); ++k)
    sum.add(state.funnel.levers()[k].value, by.lever_value[k]);
  for (std::size_t k = 0; k < chain.influences.size(); ++k)
    sum.add(state.funnel.influences()[k].elasticity, by.elasticity[k]);
  for (std::size_t k = 0; k < chain.fixed_cost.size(); ++k)
    sum.add(state.funnel.owners()[k].fixed_cost, by.fixed_cost[k]);
  Number discount_rate = state.funnel.info().discount_rate;
  discount_rate.value = chain.discount_rate;
  sum.add(discount_rate, by.discount_rate);
  return sum.share();
}

FUNNELGRAPH_INLINE double Analysis::lifetime_value(std::string_view start,
                                                   std::optional<double> horizon) const {
  const Chain& chain = state_->compiled.chain;
  const std::uint32_t from = detail::find_stage_position(state_->funnel, start);
  if (!horizon) return money_ahead(chain, state_->solution.flow, state_->solution.discounted)[from];
  std::vector<double> journey(chain.stage_count, 0.0);
  journey[from] = 1;
  return lifetime_value_within(chain, state_->plan, state_->solution.flow, journey, *horizon);
}

FUNNELGRAPH_INLINE const Compiled& Analysis::compiled() const noexcept { return state_->compiled; }

FUNNELGRAPH_INLINE Analysis analyze(const Funnel& funnel, const AnalysisOptions& options) {
  const auto state = std::make_shared<Analysis::State>();
  state->compiled = detail::compile_for(funnel, options);
  state->funnel = funnel;
  state->options = options;
  if (options.metric) (void)detail::figure_of(funnel, *options.metric);
  const Chain& chain = state->compiled.chain;
  state->plan = Elimination(chain);
  state->solution = detail::solve_named(state->compiled, state->plan, options.capacity);
  const Flow& flow = state->solution.flow;
  state->counts = exit_counts(chain, flow);
  state->times = exit_times(chain, flow, arrival_times(chain, flow, *state->solution.solver));
  const Money money = funnelgraph::money(chain, flow, state->solution.discounted);
  state->cost = money.cost;
  const std::vector<HandOff> moved = hand_offs(chain, flow.visits);
  const Ledger ledger = funnelgraph::ledger(chain, flow, moved, money);

  Analysis out(state);
  out.revenue = money.revenue;
  out.cost = money.cost;
  out.profit = money.profit();
  out.entrants = flow.volume;
  for (const std::uint32_t o : detail::reached_unknown_values(chain, state->counts))
    out.unknown_values.push_back(state->compiled.labels.outcomes[o]);
  out.feasible = feasible(chain, flow);
  out.stages = detail::stage_rows(*state, money);
  out.outcomes = detail::outcome_rows(*state, money);
  out.owners = detail::owner_rows(state->compiled.labels, ledger.by_journey);
  out.owners_by_visit = detail::owner_rows(state->compiled.labels, ledger.by_visit);
  out.hand_offs = detail::hand_off_rows(*state, moved);
  if (options.reference) detail::put_recoveries(*state, out);
  return out;
}

}  // namespace funnelgraph::inline v0
