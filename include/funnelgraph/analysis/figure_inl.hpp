// Definitions of figure.hpp.
#pragma once

#include <cstddef>

#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/lifetime_value.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/analysis/times.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline double ratio_or_unknown(double numerator, double denominator) noexcept {
  return denominator == 0 ? unknown_number : numerator / denominator;
}

FUNNELGRAPH_INLINE double exit_count(const Chain& chain, const Flow& flow, std::uint32_t outcome) {
  return exit_counts(chain, flow)[outcome == drop_off_outcome ? chain.outcome_count : outcome];
}

FUNNELGRAPH_INLINE TimeMoments time_of(const Chain& chain, const Flow& flow, const Solver<double>& solver,
                                       std::uint32_t outcome) {
  const ExitTimes times = exit_times(chain, flow, arrival_times(chain, flow, solver));
  if (outcome == any_exit) return times.any;
  return outcome == drop_off_outcome ? times.drop_off : times.outcomes[outcome];
}

/// Money of the journeys themselves per period: without entry and fixed costs.
FUNNELGRAPH_INLINE double journeys_money(const Money& money) {
  double sum = 0;
  for (std::size_t i = 0; i < money.stage_value.size(); ++i)
    sum += money.stage_value[i] - money.stage_cost[i];
  for (std::size_t o = 0; o < money.outcome_value.size(); ++o)
    sum += money.outcome_value[o] - money.outcome_cost[o];
  return sum;
}

}  // namespace detail

FUNNELGRAPH_INLINE double figure_value(const Chain& chain, const Elimination& plan, const Solution& solution,
                                       const Figure& figure) {
  const Flow& flow = solution.flow;
  switch (figure.kind) {
    case FigureKind::count:
      return detail::exit_count(chain, flow, figure.position);
    case FigureKind::probability:
      return detail::ratio_or_unknown(detail::exit_count(chain, flow, figure.position), flow.volume);
    case FigureKind::visits:
      return flow.visits[figure.position];
    case FigureKind::revenue:
      return money(chain, flow, solution.discounted).revenue;
    case FigureKind::cost:
      return money(chain, flow, solution.discounted).cost;
    case FigureKind::profit:
      return money(chain, flow, solution.discounted).profit();
    case FigureKind::cost_per:
      return detail::ratio_or_unknown(money(chain, flow, solution.discounted).cost,
                                      detail::exit_count(chain, flow, figure.position));
    case FigureKind::time_to:
      return detail::time_of(chain, flow, *solution.solver, figure.position).mean;
    case FigureKind::lifetime_value:
      if (figure.horizon)
        return detail::ratio_or_unknown(
            lifetime_value_within(chain, plan, flow, flow.entrants, *figure.horizon), flow.volume);
      return detail::ratio_or_unknown(detail::journeys_money(money(chain, flow, solution.discounted)),
                                      flow.volume);
    case FigureKind::ratio:
      return detail::ratio_or_unknown(figure_value(chain, plan, solution, figure.parts[0]),
                                      figure_value(chain, plan, solution, figure.parts[1]));
    case FigureKind::feasible:
      return feasible(chain, flow) ? 1 : 0;
    case FigureKind::sum:
      break;
  }
  double sum = 0;
  for (std::size_t k = 0; k < figure.parts.size(); ++k)
    sum += figure.weights[k] * figure_value(chain, plan, solution, figure.parts[k]);
  return sum;
}

}  // namespace funnelgraph::inline v0
