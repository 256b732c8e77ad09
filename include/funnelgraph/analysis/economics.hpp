// Revenue and cost of one period's entrants, discounted to their entry.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <funnelgraph/analysis/discounting.hpp>
#include <funnelgraph/analysis/flow.hpp>

namespace funnelgraph::inline v0 {

/// Money per period. NaN where non-zero money is discounted and an unknown lag comes before it, and where
/// journeys reach an outcome of unknown value. Stage
/// cost and value fall at arrival, a transition's cost at departure, its value at arrival, an outcome's
/// value on reaching it; entry costs at entry; fixed costs once a period, not discounted. Commissions are
/// costs. With shedding, costs and values are of the served, a transition's cost of all who set out,
/// entry costs of all entrants.
struct Money {
  std::vector<double> stage_cost;    ///< with the outgoing transitions'
  std::vector<double> stage_value;   ///< with the outgoing transitions'
  std::vector<double> outcome_cost;  ///< commission
  std::vector<double> outcome_value;
  std::vector<double> entry_cost;  ///< per entry
  double revenue = 0;
  double cost = 0;
  [[nodiscard]] double profit() const noexcept { return revenue - cost; }
};

/// O(edges).
[[nodiscard]] Money money(const Chain& chain, const Flow& flow, const DiscountedFlow& discounted);

/// What a number counts for in a sum of money: `value` per unit of revenue, `cost` per unit of cost
/// (profit is {1, -1}).
struct MoneyWeights {
  double value = 1;
  double cost = -1;
};

/// Weighted money still ahead of one visit of each stage, its own included, discounted to that visit;
/// NaN where an unknown lag comes before non-zero money or an unknown value lies ahead. Without entry and
/// fixed costs. O(solve).
[[nodiscard]] std::vector<double> money_ahead(const Chain& chain, const Flow& flow,
                                              const DiscountedFlow& discounted, MoneyWeights weights = {});

/// Undiscounted revenue ahead per journey of those who went on from each stage to a stage or a win: what
/// one journey lost there might at most have brought. NaN where nobody went on. O(solve).
[[nodiscard]] std::vector<double> revenue_ahead_of_those_who_went_on(const Chain& chain, const Flow& flow,
                                                                     const Solver<double>& solver);

namespace detail {

/// amount * money; where the amount is not `known` NaN unless there is no money.
inline double priced(double amount, double money, bool known) noexcept {
  if (money == 0) return 0;
  return known ? amount * money : std::numeric_limits<double>::quiet_NaN();
}

/// Whether money on arrival over an edge can be discounted.
inline bool arrival_known(const Chain& chain, const DiscountedFlow& discounted, std::uint32_t edge) noexcept {
  return !discounted.discounted || !std::isnan(chain.discount[edge]);
}

/// `share` of an outcome's value: none of an unknown value is nothing, anything else of it is unknown.
inline double share_of_value(double value, double share) noexcept { return share == 0 ? 0 : share * value; }

/// Outcomes of unknown value among those that journeys reach; `counts` per outcome. O(outcomes).
[[nodiscard]] std::vector<std::uint32_t> reached_unknown_values(const Chain& chain,
                                                                std::span<const double> counts);

/// Weighted money on arrival over one edge, an outcome's included, before discounting; NaN where it
/// counts an unknown value.
inline double money_on_arrival(const Chain& chain, std::uint32_t edge, MoneyWeights weights) noexcept {
  double money = weights.value * chain.edge_value[edge];
  if (!chain.to_stage(edge)) {
    const std::uint32_t o = chain.target[edge] - chain.stage_count;
    money +=
        share_of_value(chain.outcome_value[o], weights.value + weights.cost * chain.outcome_commission[o]);
  }
  return money;
}

/// Stages from which journeys reach money that is unknown: an unknown value, or under discounting non-zero
/// money behind an unknown lag; empty = none.
[[nodiscard]] std::vector<std::uint8_t> before_unknown_money(const Chain& chain, const Flow& flow,
                                                             const DiscountedFlow& discounted,
                                                             MoneyWeights weights);

/// Known part of the weighted money ahead: unknown lags count as none, unknown values as nothing.
[[nodiscard]] std::vector<double> known_money_ahead(const Chain& chain, const DiscountedFlow& discounted,
                                                    MoneyWeights weights);

}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/economics_inl.hpp>
#endif
