// Definitions of analyze.hpp.
#pragma once

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/hand_offs.hpp>
#include <funnelgraph/analysis/ledger.hpp>
#include <funnelgraph/analysis/lifetime_value.hpp>
#include <funnelgraph/analysis/recoverable.hpp>
#include <funnelgraph/analysis/shares.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/analysis/times.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace funnelgraph::inline v0 {

/// Everything that on-demand results need; immutable once made.
struct Analysis::State {
  Funnel funnel;
  AnalysisOptions options;
  Compiled compiled;
  Elimination plan;
  Solution solution;
  std::vector<double> counts;  // outcomes, then the drop-off
  ExitTimes times;
  double cost = 0;
};

namespace detail {

inline constexpr const char* drop_off_name = "drop_off";
inline constexpr const char* unowned_name = "unowned";

[[noreturn]] inline void throw_unknown(const char* kind, std::string_view given,
                                       const std::vector<std::string>& names) {
  throw UnknownNameError(kind, std::string(given), nearest_name(given, names));
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

FUNNELGRAPH_INLINE std::string percent_text(double share) {
  // One decimal where it is needed: shares are said, not computed with.
  const double tenths = std::round(share * 1000);
  return shown(tenths / 10) + " %";
}

FUNNELGRAPH_INLINE std::string ownership_text(const Ownership& ownership) {
  const auto& shares = ownership.shares();
  if (shares.size() == 1) return shares.front().owner;
  std::string out;
  for (const OwnerShare& part : shares) {
    if (!out.empty()) out += ", ";
    out += part.owner + " " + percent_text(part.share);
  }
  return out;
}

inline const char* kind_text(OutcomeKind kind) noexcept {
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

/// `solve_chain`, saying which stages by name.
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

// ---- recoverable against a funnel --------------------------------------------------------------------

/// Variance of a normal distribution that has the interval's probability between its ends.
FUNNELGRAPH_INLINE double interval_variance(const Interval& interval) {
  const double half_widths = std::numbers::sqrt2 * boost::math::erf_inv(interval.level);
  const double sd = (interval.high - interval.low) / (2 * half_widths);
  return sd * sd;
}

FUNNELGRAPH_INLINE RateUncertainty uncertainty_of(const Transition& transition) {
  RateUncertainty out;
  const Source& source = transition.rate.source;
  if (source.kind() == SourceKind::measured && source.n() > 0) {
    out.n = source.n();
  } else if (const auto interval = source.interval()) {
    out.variance = interval_variance(*interval);
  } else if (transition.observed && transition.observed->entered - transition.observed->open > 0) {
    out.n = transition.observed->entered - transition.observed->open;
  }
  return out;
}

/// `funnel` with every transition that only the reference has, at rate 0, so that rows can be put in.
FUNNELGRAPH_INLINE bool add_reference_edges(Funnel& funnel, const Funnel& reference) {
  bool added = false;
  for (const Transition& transition : reference.transitions()) {
    if (!(transition.rate.value > 0) || !funnel.find_stage(transition.from) ||
        funnel.find_transition(transition.from, transition.to))
      continue;
    if (!funnel.find_stage(transition.to) && !funnel.find_outcome(transition.to)) continue;
    Transition addition = transition;
    addition.rate = 0;
    addition.observed.reset();
    funnel.add_transition(std::move(addition));
    added = true;
  }
  return added;
}

FUNNELGRAPH_INLINE std::vector<ReferenceRow> reference_rows(const Funnel& funnel, const Compiled& compiled,
                                                            const Funnel& reference) {
  const Compiled other = lower(reference);
  std::vector<ReferenceRow> rows(compiled.chain.stage_count);
  for (std::uint32_t i = 0; i < compiled.chain.stage_count; ++i) {
    const auto there = reference.find_stage(funnel.stages()[i].name);
    if (!there) continue;
    ReferenceRow& row = rows[i];
    const std::uint32_t first = compiled.chain.row_begin[i];
    const std::size_t width = compiled.chain.row_begin[i + 1] - first;
    row.known = true;
    row.rate.assign(width, 0.0);
    row.uncertainty.resize(width);
    row.drop_off = other.chain.base_drop_off[there->index];
    for (std::uint32_t e = other.chain.row_begin[there->index]; e < other.chain.row_begin[there->index + 1];
         ++e) {
      const Transition& transition = reference.transitions()[other.layout.transition_of_edge[e]];
      const auto here = funnel.find_transition(transition.from, transition.to);
      if (!here) {
        if (transition.rate.value > 0) row.known = false;  // leads to what this funnel does not have
        continue;
      }
      const std::size_t k = compiled.layout.edge_of_transition[here->index] - first;
      row.rate[k] = transition.rate.value;
      row.uncertainty[k] = uncertainty_of(transition);
    }
  }
  return rows;
}

/// Recovery per stage; NaN rows without a reference.
FUNNELGRAPH_INLINE std::vector<Recovery> recoveries(const Analysis::State& state) {
  const AnalysisOptions& options = state.options;
  require_valid(*options.reference);
  const Metric metric = options.metric ? *options.metric : metric::profit();
  const auto compute = [&](const Funnel& funnel, const Compiled& compiled, const Elimination& plan,
                           const Solution& solution) {
    std::vector<RateUncertainty> uncertainty(compiled.chain.target.size());
    for (std::size_t e = 0; e < uncertainty.size(); ++e)
      uncertainty[e] = uncertainty_of(funnel.transitions()[compiled.layout.transition_of_edge[e]]);
    return recoverable(compiled.chain, plan, solution, figure_of(funnel, metric),
                       reference_rows(funnel, compiled, *options.reference), uncertainty);
  };
  Funnel wider = state.funnel;
  if (!add_reference_edges(wider, *options.reference))
    return compute(state.funnel, state.compiled, state.plan, state.solution);
  Compiled compiled = lower(wider);
  compiled.chain.discount_rate = state.compiled.chain.discount_rate;
  refresh(compiled.chain);
  const Elimination plan(compiled.chain);
  const Solution solution = solve_chain(compiled.chain, plan, options.capacity);
  return compute(wider, compiled, plan, solution);
}

/// Sums of the stages' recoveries by their owners' shares: over the stages that the reference knows, NaN
/// where it knows none of an owner's; the stages' ranges are taken as independent.
FUNNELGRAPH_INLINE std::vector<Recovery> recoveries_by_owner(const Chain& chain,
                                                             const std::vector<Recovery>& stages) {
  struct Sum {
    double value = 0;
    double variance = 0;
    bool known = false;
    bool ranged = true;
  };
  std::vector<Sum> sums(chain.owner_count + 1);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    const Recovery& stage = stages[i];
    if (std::isnan(stage.value)) continue;
    for_each_share(chain.stage_owners, i, chain.owner_count, [&](std::uint32_t owner, double share) {
      Sum& sum = sums[owner];
      sum.known = true;
      sum.value += share * stage.value;
      if (std::isnan(stage.low)) {
        sum.ranged = sum.ranged && stage.value == 0;
        return;
      }
      const double half = share * (stage.high - stage.low) / 2;
      sum.variance += half * half;
    });
  }
  std::vector<Recovery> out(sums.size());
  for (std::size_t owner = 0; owner < sums.size(); ++owner) {
    if (!sums[owner].known) continue;
    out[owner].value = sums[owner].value;
    if (!sums[owner].ranged || sums[owner].variance == 0) continue;
    out[owner].low = sums[owner].value - std::sqrt(sums[owner].variance);
    out[owner].high = sums[owner].value + std::sqrt(sums[owner].variance);
  }
  return out;
}

// ---- tables -------------------------------------------------------------------------------------------

FUNNELGRAPH_INLINE double utilisation_of(double visits, double capacity) noexcept {
  if (std::isnan(capacity)) return unknown_number;
  return visits == 0 ? 0.0 : visits / capacity;
}

FUNNELGRAPH_INLINE std::vector<StageRow> stage_rows(const Analysis::State& state, const Money& money) {
  const Chain& chain = state.compiled.chain;
  const Flow& flow = state.solution.flow;
  const Solver<double>& solver = *state.solution.solver;
  const std::vector<double> reached = reach(flow, solver.self_visits());
  const std::vector<double> converted = conversion(chain, flow, solver);
  const std::vector<double> leaks = leak(chain);
  const std::vector<double> ahead = revenue_ahead_of_those_who_went_on(chain, flow, solver);
  const std::vector<double> dwell = dwell_means(chain);
  std::vector<StageRow> rows(chain.stage_count);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    StageRow& row = rows[i];
    row.stage = state.compiled.labels.stages[i];
    row.owner = ownership_text(state.funnel.stages()[i].owner);
    row.unit = state.compiled.labels.stage_units[i];
    row.visits = flow.visits[i];
    row.reach = reached[i];
    row.conversion = converted[i];
    row.drop_off = chain.drop_off[i];
    row.lost = flow.visits[i] * leaks[i] + flow.shed_at(i);
    row.value_lost = flow.visits[i] * leaks[i] * ahead[i];
    row.dwell_mean = dwell[i];
    row.arrivals = flow.arrivals_at(i);
    row.shed = flow.shed_at(i);
    row.utilisation = utilisation_of(flow.visits[i], chain.capacity[i]);
    row.cost = money.stage_cost[i];
    row.value = money.stage_value[i];
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<OutcomeRow> outcome_rows(const Analysis::State& state, const Money& money) {
  const double volume = state.solution.flow.volume;
  const auto share = [&](double count) {
    return volume > 0 ? std::min(1.0, count / volume) : unknown_number;
  };
  std::vector<OutcomeRow> rows;
  rows.reserve(state.counts.size());
  const auto outcomes = state.funnel.outcomes();
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    const TimeMoments& time = state.times.outcomes[o];
    rows.push_back({outcomes[o].name, kind_text(outcomes[o].kind), ownership_text(outcomes[o].owner),
                    share(state.counts[o]), state.counts[o], money.outcome_value[o], time.mean, time.sd});
  }
  const TimeMoments& time = state.times.drop_off;
  rows.push_back({drop_off_name, drop_off_name, "", share(state.counts.back()), state.counts.back(), 0,
                  time.mean, time.sd});
  return rows;
}

inline bool nothing(const LedgerRow& row) noexcept {
  return row.received == 0 && row.passed_on == 0 && row.screened == 0 && row.lost == 0 &&
         row.waiting_days == 0 && row.cost == 0 && row.value == 0;
}

FUNNELGRAPH_INLINE std::vector<OwnerRow> owner_rows(const Labels& labels,
                                                    const std::vector<LedgerRow>& ledger) {
  std::vector<OwnerRow> rows;
  rows.reserve(ledger.size());
  for (std::size_t owner = 0; owner < ledger.size(); ++owner) {
    const LedgerRow& sums = ledger[owner];
    const bool declared = owner < labels.owners.size();
    if (!declared && nothing(sums)) continue;
    OwnerRow row;
    row.owner = declared ? labels.owners[owner] : unowned_name;
    row.received = sums.received;
    row.passed_on = sums.passed_on;
    row.screened = sums.screened;
    row.lost = sums.lost;
    row.waiting_days = sums.waiting_days;
    row.cost = sums.cost;
    row.value = sums.value;
    rows.push_back(std::move(row));
  }
  return rows;
}

/// By transition in the funnel's order, then giver and receiver by name.
FUNNELGRAPH_INLINE std::vector<HandOffRow> hand_off_rows(const Analysis::State& state,
                                                         const std::vector<HandOff>& moved) {
  const Chain& chain = state.compiled.chain;
  const Labels& labels = state.compiled.labels;
  const auto& order = state.compiled.layout.transition_of_edge;
  const std::vector<double> leaks = leak(chain);
  const auto name = [&](std::uint32_t owner) -> std::string {
    return owner < labels.owners.size() ? labels.owners[owner] : unowned_name;
  };
  std::vector<std::uint32_t> sorted(moved.size());
  for (std::uint32_t k = 0; k < sorted.size(); ++k) sorted[k] = k;
  std::sort(sorted.begin(), sorted.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (moved[a].edge != moved[b].edge) return order[moved[a].edge] < order[moved[b].edge];
    if (moved[a].giver != moved[b].giver) return name(moved[a].giver) < name(moved[b].giver);
    return name(moved[a].receiver) < name(moved[b].receiver);
  });
  std::vector<HandOffRow> rows;
  rows.reserve(moved.size());
  for (const std::uint32_t k : sorted) {
    const HandOff& hand_off = moved[k];
    const std::uint32_t e = hand_off.edge;
    const std::uint32_t to = chain.target[e];
    const double served = state.solution.flow.sheds() ? state.solution.flow.served[to] : 1.0;
    HandOffRow row;
    row.from = labels.stages[hand_off.from];
    row.to = labels.stages[to];
    row.giver = name(hand_off.giver);
    row.receiver = name(hand_off.receiver);
    row.volume = hand_off.volume;
    row.lag_mean = chain.lag_mean[e];
    if (!std::isnan(chain.service_level[e])) row.breach = exceedance(chain.lag[e], chain.service_level[e]);
    row.lost = hand_off.volume * (served * leaks[to] + (1 - served));
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Puts recoveries into the rows of stages and owners.
FUNNELGRAPH_INLINE void put_recoveries(const Analysis::State& state, Analysis& analysis) {
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

}  // namespace detail

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
  auto state = std::make_shared<Analysis::State>();
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
