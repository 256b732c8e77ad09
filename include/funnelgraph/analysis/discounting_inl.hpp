// Definitions of discounting.hpp.
#pragma once

#include <cmath>
#include <vector>

#include <funnelgraph/analysis/discounting.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE DiscountedFlow discounted_flow(const Chain& chain, const Elimination& plan,
                                                  const Flow& flow,
                                                  const std::shared_ptr<const Solver<double>>& solver) {
  DiscountedFlow out;
  out.rate = flow.rate;
  if (chain.discount_rate == 0) {
    out.visits = flow.visits;
    out.solver = solver;
    return out;
  }
  out.discounted = true;
  out.unknown = after_unknown_lag(chain, flow);
  std::vector<double> leaving = flow.drop_off;
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (std::isnan(chain.discount[e])) continue;
      out.rate[e] = flow.rate[e] * chain.discount[e];
      leaving[i] += flow.rate[e] * chain.discount_loss[e];
    }
  }
  out.solver = std::make_shared<const Solver<double>>(plan, out.rate, leaving);
  out.visits = flow.entrants;
  out.solver->solve_transposed(out.visits);
  return out;
}

}  // namespace funnelgraph::inline v0
