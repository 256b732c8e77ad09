// Definitions of lane_chain.hpp: what each kind of figure is on the tape.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <funnelgraph/analysis/detail/lane_chain.hpp>
#include <funnelgraph/analysis/results.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE TapeValue LaneChain::mean_lag(std::uint32_t edge) const {
  const Lag& lag = lag_[edge];
  if (lag.derived_mean) return *lag.derived_mean;
  if (lag.mean) return *lag.mean;
  return chain_.lag[edge].known() ? chain_.lag[edge].mean : 0.0;
}

FUNNELGRAPH_INLINE bool LaneChain::unknown_lag(std::uint32_t edge) const {
  return !lag_[edge].derived_mean && !lag_[edge].mean && !chain_.lag[edge].known();
}

FUNNELGRAPH_INLINE TapeValue LaneChain::passing(std::uint32_t edge) {
  if (!passing_[edge]) passing_[edge] = tape_.product(z_[source(edge)], weight_[edge]);
  return *passing_[edge];
}

FUNNELGRAPH_INLINE TapeValue LaneChain::count(std::uint32_t outcome) {
  const std::uint32_t position = outcome == drop_off_outcome ? chain_.outcome_count : outcome;
  if (counts_[position]) return *counts_[position];
  static_cast<void>(flow());
  Terms terms;
  if (outcome == drop_off_outcome) {
    for (std::uint32_t i = 0; i < chain_.stage_count; ++i) terms.push_back({z_[i], drop_off_[i]});
  } else {
    for (std::uint32_t e = 0; e < chain_.edge_count(); ++e) {
      if (chain_.target[e] == chain_.stage_count + outcome) terms.push_back({z_[source(e)], weight_[e]});
    }
  }
  counts_[position] = tape_.sum(0.0, terms);
  return *counts_[position];
}

FUNNELGRAPH_INLINE TapeValue LaneChain::visits(std::uint32_t stage) {
  static_cast<void>(flow());
  if (!visits_[stage]) visits_[stage] = tape_.product(z_[stage], total_[stage]);
  return *visits_[stage];
}

FUNNELGRAPH_INLINE TapeValue LaneChain::volume() {
  if (!volume_) {
    Terms terms;
    for (const TapeValue entry : entry_volume_) terms.push_back({entry});
    volume_ = tape_.sum(0.0, terms);
  }
  return *volume_;
}

FUNNELGRAPH_INLINE const LaneChain::Cash& LaneChain::cash() {
  if (cash_) return *cash_;
  const LaneSolver& solver = discounted();
  Terms revenue;
  Terms journeys;
  std::vector<Terms> arriving(chain_.outcome_count);
  for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
    const TapeTerm commission{stage_value_[i], stage_commission_[i]};
    const TapeValue price = tape_.sum(stage_cost_[i], {&commission, 1});
    if (!stage_value_[i].is(0) || !price.is(0)) {
      const TapeValue here = discounts_ ? tape_.product(discounted_z_[i], total_[i]) : visits(i);
      revenue.push_back({here, stage_value_[i]});
      journeys.push_back({here, price});
    }
    for (std::uint32_t e = chain_.row_begin[i]; e < chain_.row_begin[i + 1]; ++e) {
      if (!edge_cost_[e].is(0))
        journeys.push_back({tape_.product(discounted_z_[i], weight_[e]), edge_cost_[e]});
      if (!edge_value_[e].is(0))
        revenue.push_back({tape_.product(discounted_z_[i], solver.weight(e)), edge_value_[e]});
      if (!chain_.to_stage(e))
        arriving[chain_.target[e] - chain_.stage_count].push_back({discounted_z_[i], solver.weight(e)});
    }
  }
  for (std::uint32_t o = 0; o < chain_.outcome_count; ++o) {
    if (outcome_value_[o].is(0)) continue;
    const TapeValue there = discounts_ ? tape_.sum(0.0, arriving[o]) : count(o);
    revenue.push_back({there, outcome_value_[o]});
    journeys.push_back({there, tape_.product(outcome_value_[o], outcome_commission_[o])});
  }
  Terms other;
  for (std::size_t k = 0; k < chain_.entries.size(); ++k) other.push_back({entry_volume_[k], entry_cost_[k]});
  for (const TapeValue fixed : fixed_) other.push_back({fixed});
  cash_ = Cash{tape_.sum(0.0, revenue), tape_.sum(0.0, journeys), tape_.sum(0.0, other)};
  return *cash_;
}

FUNNELGRAPH_INLINE TapeValue LaneChain::time_to(std::uint32_t outcome) {
  const LaneSolver& solver = flow();
  if (elapsed_.empty()) {
    std::vector<Terms> days(chain_.stage_count);
    std::vector<Terms> unknown(chain_.stage_count);
    for (std::uint32_t e = 0; e < chain_.edge_count(); ++e) {
      if (!chain_.to_stage(e)) continue;
      const TapeValue mean = mean_lag(e);
      if (!mean.is(0)) days[chain_.target[e]].push_back({passing(e), mean});
      if (unknown_lag(e)) unknown[chain_.target[e]].push_back({passing(e)});
    }
    for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
      elapsed_.push_back(tape_.sum(0.0, days[i]));
      unknown_.push_back(tape_.sum(0.0, unknown[i]));
    }
    solver.solve(elapsed_);
    solver.solve(unknown_);
  }
  Terms days;
  Terms all;
  Terms unknown;
  for (std::uint32_t e = 0; e < chain_.edge_count(); ++e) {
    if (chain_.to_stage(e)) continue;
    if (outcome != any_exit && chain_.target[e] != chain_.stage_count + outcome) continue;
    const std::uint32_t i = source(e);
    days.push_back({elapsed_[i], weight_[e]});
    const TapeValue mean = mean_lag(e);
    if (!mean.is(0)) days.push_back({passing(e), mean});
    all.push_back({z_[i], weight_[e]});
    unknown.push_back({unknown_[i], weight_[e]});
    if (unknown_lag(e)) unknown.push_back({z_[i], weight_[e]});
  }
  if (outcome == any_exit || outcome == drop_off_outcome) {
    for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
      days.push_back({elapsed_[i], drop_off_[i]});
      all.push_back({z_[i], drop_off_[i]});
      unknown.push_back({unknown_[i], drop_off_[i]});
    }
  }
  const TapeValue ends = outcome == any_exit ? tape_.sum(0.0, all) : count(outcome);
  return tape_.unless(tape_.ratio(tape_.sum(0.0, days), ends), tape_.sum(0.0, unknown));
}

FUNNELGRAPH_INLINE TapeValue LaneChain::feasible() {
  if (feasible_) return *feasible_;
  Terms pairs;
  for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
    if (capacity_[i].is_shared() && std::isnan(capacity_[i].number)) continue;
    pairs.push_back({visits(i), tape_.product(capacity_[i], 1 + capacity_tolerance)});
  }
  feasible_ = tape_.within(pairs);
  return *feasible_;
}

FUNNELGRAPH_INLINE TapeValue LaneChain::figure(const Figure& figure) {
  switch (figure.kind) {
    case FigureKind::count:
      return count(figure.position);
    case FigureKind::probability:
      return tape_.ratio(count(figure.position), volume());
    case FigureKind::visits:
      return visits(figure.position);
    case FigureKind::revenue:
      return cash().revenue;
    case FigureKind::cost: {
      const TapeTerm other{cash().other};
      return tape_.sum(cash().journeys, {&other, 1});
    }
    case FigureKind::profit: {
      const TapeTerm costs[] = {{cash().journeys, -1.0}, {cash().other, -1.0}};
      return tape_.sum(cash().revenue, costs);
    }
    case FigureKind::cost_per: {
      const TapeTerm other{cash().other};
      return tape_.ratio(tape_.sum(cash().journeys, {&other, 1}), count(figure.position));
    }
    case FigureKind::time_to:
      return time_to(figure.position);
    case FigureKind::lifetime_value: {
      const TapeTerm cost{cash().journeys, -1.0};
      return tape_.ratio(tape_.sum(cash().revenue, {&cost, 1}), volume());
    }
    case FigureKind::ratio: {
      const TapeValue above = this->figure(figure.parts[0]);
      return tape_.ratio(above, this->figure(figure.parts[1]));
    }
    case FigureKind::feasible:
      return feasible();
    case FigureKind::sum:
      break;
  }
  Terms terms;
  for (std::size_t k = 0; k < figure.parts.size(); ++k)
    terms.push_back({this->figure(figure.parts[k]), figure.weights[k]});
  return tape_.sum(0.0, terms);
}

}  // namespace funnelgraph::inline v0::detail
