// Definitions of ledger.hpp.
#pragma once

#include <cstdint>
#include <vector>

#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/analysis/ledger.hpp>
#include <funnelgraph/analysis/shares.hpp>
#include <funnelgraph/analysis/times.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Journeys per visit of a stage, by where they go.
struct StageExits {
  double stages = 0;
  double won = 0;
  double screened = 0;
};

inline StageExits stage_exits(const Chain& chain, std::uint32_t stage) noexcept {
  StageExits out;
  for (std::uint32_t e = chain.row_begin[stage]; e < chain.row_begin[stage + 1]; ++e) {
    if (chain.to_stage(e)) {
      out.stages += chain.rate[e];
      continue;
    }
    const ExitKind kind = chain.outcome_kind[chain.target[e] - chain.stage_count];
    if (kind == ExitKind::won) out.won += chain.rate[e];
    if (kind == ExitKind::screened) out.screened += chain.rate[e];
  }
  return out;
}

}  // namespace detail

FUNNELGRAPH_INLINE Ledger ledger(const Chain& chain, const Flow& flow, std::span<const HandOff> moved,
                                 const Money& money) {
  const std::uint32_t nobody = chain.owner_count;
  Ledger out;
  out.by_journey.resize(nobody + 1);
  const std::vector<double> leaks = leak(chain);
  const std::vector<double> waiting = waiting_days(chain, flow);
  const std::vector<double> entering = entrants(chain);
  std::vector<double> by_visit_received(nobody + 1, 0.0);
  std::vector<double> by_visit_passed_on(nobody + 1, 0.0);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    const detail::StageExits exits = detail::stage_exits(chain, i);
    const double visits = flow.visits[i];
    const double lost = visits * leaks[i] + flow.shed_at(i);
    for_each_share(chain.stage_owners, i, nobody, [&](std::uint32_t owner, double share) {
      LedgerRow& row = out.by_journey[owner];
      row.received += entering[i] * share;
      row.passed_on += visits * exits.won * share;
      row.screened += visits * exits.screened * share;
      row.lost += lost * share;
      row.waiting_days += waiting[i] * share;
      row.cost += money.stage_cost[i] * share;
      row.value += money.stage_value[i] * share;
      by_visit_received[owner] += flow.arrivals_at(i) * share;
      by_visit_passed_on[owner] += visits * (exits.stages + exits.won) * share;
    });
  }
  for (std::uint32_t o = 0; o < chain.outcome_count; ++o) {
    for_each_share(chain.outcome_owners, o, nobody, [&](std::uint32_t owner, double share) {
      out.by_journey[owner].cost += money.outcome_cost[o] * share;
      out.by_journey[owner].value += money.outcome_value[o] * share;
    });
  }
  for (std::uint32_t k = 0; k < chain.entries.size(); ++k) {
    for_each_share(chain.entry_owners, k, nobody, [&](std::uint32_t owner, double share) {
      out.by_journey[owner].cost += money.entry_cost[k] * share;
    });
  }
  for (std::uint32_t owner = 0; owner < nobody; ++owner)
    out.by_journey[owner].cost += chain.fixed_cost[owner];
  out.by_visit = out.by_journey;
  for (std::uint32_t owner = 0; owner <= nobody; ++owner) {
    out.by_visit[owner].received = by_visit_received[owner];
    out.by_visit[owner].passed_on = by_visit_passed_on[owner];
  }
  for (const HandOff& hand_off : moved) {
    out.by_journey[hand_off.giver].passed_on += hand_off.volume;
    out.by_journey[hand_off.receiver].received += hand_off.volume;
  }
  return out;
}

}  // namespace funnelgraph::inline v0
