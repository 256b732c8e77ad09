// Definitions of lifetime_value.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/lifetime_value.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/units.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Moments closer than this (relative) are one: sums of the same lags in another order.
inline constexpr double same_moment = 1e-12;

inline bool certain(const LagDistribution& lag) noexcept {
  return lag.known() && (lag.family == LagFamily::deterministic || lag.mean == 0 || lag.sd == 0);
}

}  // namespace detail

FUNNELGRAPH_INLINE double lifetime_value_within(const Chain& chain, const Elimination& plan, const Flow& flow,
                                                std::span<const double> start, double horizon) {
  if (!(horizon >= 0)) throw InvalidValueError("horizon", std::to_string(horizon), "[0, inf) days");
  const std::uint32_t n = chain.stage_count;
  const MoneyWeights weights;
  const double force = discount_force(chain.discount_rate);
  // Transitions without waiting happen within one moment: their own equations.
  std::vector<double> at_once(flow.rate);
  std::vector<double> leaving(flow.drop_off);
  bool some_at_once = false;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      const bool now = detail::certain(chain.lag[e]) && chain.lag[e].mean == 0;
      if (!now) {
        leaving[i] += at_once[e];
        at_once[e] = 0;
      } else if (chain.to_stage(e) && at_once[e] > 0) {
        some_at_once = true;
      }
    }
  }
  const Solver<double> instant(plan, at_once, leaving);
  using Arrivals = std::vector<std::pair<std::uint32_t, double>>;
  std::map<double, Arrivals> agenda;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (start[i] != 0) agenda[0.0].emplace_back(i, start[i]);
  }
  const double last = horizon * (1 + detail::same_moment);
  std::vector<double> visits(n, 0.0);
  std::vector<std::uint32_t> touched;
  std::size_t events = 0;
  double total = 0;
  while (!agenda.empty()) {
    const auto first = agenda.begin();
    const double now = first->first;
    const Arrivals arrivals = std::move(first->second);
    agenda.erase(first);
    touched.clear();
    for (const auto& [stage, journeys] : arrivals) {
      if (visits[stage] == 0) touched.push_back(stage);
      visits[stage] += journeys;
    }
    if (some_at_once) {
      instant.solve_transposed(visits);
      touched.clear();
      for (std::uint32_t i = 0; i < n; ++i) {
        if (visits[i] != 0) touched.push_back(i);
      }
    }
    events += some_at_once ? n : touched.size();
    if (events > horizon_events_limit)
      throw InvalidValueError("horizon", std::to_string(horizon), "fewer moments at which journeys arrive");
    double money = 0;
    for (const std::uint32_t i : touched) {
      const double journeys = visits[i];
      visits[i] = 0;
      money += journeys * (chain.stage_value[i] * (weights.value + weights.cost * chain.stage_commission[i]) +
                           weights.cost * chain.stage_cost[i]);
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
        if (!(chain.rate[e] > 0)) continue;
        money += journeys * chain.rate[e] * weights.cost * chain.edge_cost[e];
        if (!detail::certain(chain.lag[e]))
          throw InvalidValueError("lifetime_value with a horizon", "a lag that varies or is unknown",
                                  "lags of one certain length (deterministic)");
        const double arriving = journeys * flow.rate[e];
        const double then = now + chain.lag[e].mean;
        if (then > last) continue;
        const double earned = detail::money_on_arrival(chain, e, weights);
        if (earned != 0 && arriving > 0) total += arriving * earned * std::exp(-force * then);
        if (!chain.to_stage(e) || chain.lag[e].mean == 0 || arriving == 0) continue;
        auto moment = agenda.lower_bound(then * (1 - detail::same_moment));
        if (moment == agenda.end() || moment->first > then * (1 + detail::same_moment))
          moment = agenda.emplace(then, Arrivals{}).first;
        moment->second.emplace_back(chain.target[e], arriving);
      }
    }
    total += money * std::exp(-force * now);
  }
  return total;
}

}  // namespace funnelgraph::inline v0
