// Definitions of economics.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

FUNNELGRAPH_INLINE std::vector<std::uint32_t> reached_unknown_values(const Chain& chain,
                                                                     std::span<const double> counts) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t o = 0; o < chain.outcome_count; ++o) {
    if (std::isnan(chain.outcome_value[o]) && counts[o] > 0) out.push_back(o);
  }
  return out;
}

FUNNELGRAPH_INLINE std::vector<std::uint8_t> before_unknown_money(const Chain& chain, const Flow& flow,
                                                                  const DiscountedFlow& discounted,
                                                                  MoneyWeights weights) {
  const auto some_unknown = [](const std::vector<double>& numbers) {
    return std::any_of(numbers.begin(), numbers.end(), [](double x) { return std::isnan(x); });
  };
  const bool behind_lags = discounted.discounted && some_unknown(chain.discount);
  if (!behind_lags && !some_unknown(chain.outcome_value)) return {};
  const std::uint32_t n = chain.stage_count;
  std::vector<std::uint8_t> money(n, 0);  // money here or ahead
  for (std::uint32_t i = 0; i < n; ++i) {
    bool some = weights.value * chain.stage_value[i] != 0 || weights.cost * chain.stage_cost[i] != 0 ||
                weights.cost * chain.stage_commission[i] * chain.stage_value[i] != 0;
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!(flow.rate[e] > 0)) continue;
      some = some || weights.cost * chain.edge_cost[e] != 0 || money_on_arrival(chain, e, weights) != 0;
    }
    money[i] = some ? 1 : 0;
  }
  mark_upstream(chain, flow.rate, money);
  std::vector<std::uint8_t> before(n, 0);
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!(flow.rate[e] > 0)) continue;
      const double arriving = money_on_arrival(chain, e, weights);
      const bool lag_hides = behind_lags && std::isnan(chain.discount[e]) &&
                             (arriving != 0 || (chain.to_stage(e) && money[chain.target[e]] != 0));
      if (lag_hides || std::isnan(arriving)) before[i] = 1;
    }
  }
  mark_upstream(chain, flow.rate, before);
  return before;
}

FUNNELGRAPH_INLINE std::vector<double> known_money_ahead(const Chain& chain, const DiscountedFlow& discounted,
                                                         MoneyWeights weights) {
  std::vector<double> ahead(chain.stage_count);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    ahead[i] = chain.stage_value[i] * (weights.value + weights.cost * chain.stage_commission[i]) +
               weights.cost * chain.stage_cost[i];
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      const double arriving = money_on_arrival(chain, e, weights);
      ahead[i] += chain.rate[e] * weights.cost * chain.edge_cost[e] +
                  (std::isnan(arriving) ? 0.0 : discounted.rate[e] * arriving);
    }
  }
  discounted.solver->solve(ahead);
  return ahead;
}

}  // namespace detail

FUNNELGRAPH_INLINE Money money(const Chain& chain, const Flow& flow, const DiscountedFlow& discounted) {
  using detail::priced;
  const std::uint32_t n = chain.stage_count;
  Money out;
  out.stage_cost.resize(n);
  out.stage_value.resize(n);
  out.outcome_cost.assign(chain.outcome_count, 0.0);
  out.outcome_value.assign(chain.outcome_count, 0.0);
  for (std::uint32_t i = 0; i < n; ++i) {
    const bool known = discounted.known(i);
    const double visits = discounted.visits[i];
    double value = priced(visits, chain.stage_value[i], known);
    double cost = priced(visits, chain.stage_cost[i], known) +
                  priced(visits, chain.stage_value[i] * chain.stage_commission[i], known);
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!(flow.visits[i] * chain.rate[e] > 0)) continue;
      cost += priced(visits * chain.rate[e], chain.edge_cost[e], known);
      const bool arrives = known && detail::arrival_known(chain, discounted, e);
      const double arriving = visits * discounted.rate[e];
      value += priced(arriving, chain.edge_value[e], arrives);
      if (chain.to_stage(e)) continue;
      const std::uint32_t o = chain.target[e] - n;
      out.outcome_value[o] += priced(arriving, chain.outcome_value[o], arrives);
      out.outcome_cost[o] += priced(
          arriving, detail::share_of_value(chain.outcome_value[o], chain.outcome_commission[o]), arrives);
    }
    if (!(flow.visits[i] > 0)) value = cost = 0;
    out.stage_value[i] = value;
    out.stage_cost[i] = cost;
    out.revenue += value;
    out.cost += cost;
  }
  for (std::uint32_t o = 0; o < chain.outcome_count; ++o) {
    out.revenue += out.outcome_value[o];
    out.cost += out.outcome_cost[o];
  }
  out.entry_cost.reserve(chain.entries.size());
  for (const ChainEntry& entry : chain.entries) {
    out.entry_cost.push_back(entry.volume * entry.cost);
    out.cost += out.entry_cost.back();
  }
  for (const double fixed : chain.fixed_cost) out.cost += fixed;
  return out;
}

FUNNELGRAPH_INLINE std::vector<double> money_ahead(const Chain& chain, const Flow& flow,
                                                   const DiscountedFlow& discounted, MoneyWeights weights) {
  std::vector<double> ahead = detail::known_money_ahead(chain, discounted, weights);
  const std::vector<std::uint8_t> unknown = detail::before_unknown_money(chain, flow, discounted, weights);
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (unknown[i] != 0) ahead[i] = unknown_number;
  }
  return ahead;
}

FUNNELGRAPH_INLINE std::vector<double> revenue_ahead_of_those_who_went_on(const Chain& chain,
                                                                          const Flow& flow,
                                                                          const Solver<double>& solver) {
  const std::uint32_t n = chain.stage_count;
  const MoneyWeights revenue{.value = 1, .cost = 0};
  std::vector<double> ahead(chain.stage_value);
  bool any = false;
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (flow.rate[e] > 0) ahead[i] += flow.rate[e] * detail::money_on_arrival(chain, e, revenue);
    }
    any = any || ahead[i] != 0;
  }
  if (any) solver.solve(ahead);
  std::vector<double> out(n, unknown_number);
  for (std::uint32_t i = 0; i < n; ++i) {
    double went_on = 0;
    double brought = 0;
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      const bool stage = chain.to_stage(e);
      if (!stage && chain.outcome_kind[chain.target[e] - n] != ExitKind::won) continue;
      if (!(chain.rate[e] > 0)) continue;
      went_on += chain.rate[e];
      brought += chain.rate[e] *
                 (detail::money_on_arrival(chain, e, revenue) + (stage ? ahead[chain.target[e]] : 0.0));
    }
    if (went_on > 0) out[i] = brought / went_on;
  }
  return out;
}

}  // namespace funnelgraph::inline v0
