// Definitions of analysis_tables.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/analysis/detail/analysis_tables.hpp>
#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE double utilisation_of(double visits, double capacity) noexcept {
  if (std::isnan(capacity)) return unknown_number;
  return visits == 0 ? 0.0 : visits / capacity;
}

FUNNELGRAPH_INLINE std::vector<StageRow> stage_rows(const AnalysisState& state, const Money& money) {
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
    row.owner = to_string(state.funnel.stages()[i].owner);
    row.unit = state.compiled.labels.stage_units[i];
    row.visits = flow.visits[i];
    row.reach = reached[i];
    row.conversion = converted[i];
    row.drop_off = chain.drop_off[i];
    row.lost = flow.visits[i] * leaks[i] + flow.shed_at(i);
    row.value_lost = row.lost * ahead[i];
    row.dwell_mean = dwell[i];
    row.arrivals = flow.arrivals_at(i);
    row.shed = flow.shed_at(i);
    row.utilisation = utilisation_of(flow.visits[i], chain.capacity[i]);
    row.cost = money.stage_cost[i];
    row.value = money.stage_value[i];
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<OutcomeRow> outcome_rows(const AnalysisState& state, const Money& money) {
  const double volume = state.solution.flow.volume;
  const auto share = [&](double count) {
    return volume > 0 ? std::min(1.0, count / volume) : unknown_number;
  };
  std::vector<OutcomeRow> rows;
  rows.reserve(state.counts.size());
  const auto outcomes = state.funnel.outcomes();
  for (std::size_t o = 0; o < outcomes.size(); ++o) {
    const TimeMoments& time = state.times.outcomes[o];
    rows.push_back({outcomes[o].name, kind_text(outcomes[o].kind), to_string(outcomes[o].owner),
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
FUNNELGRAPH_INLINE std::vector<HandOffRow> hand_off_rows(const AnalysisState& state,
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

}  // namespace funnelgraph::inline v0::detail
