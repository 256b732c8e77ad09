// Definitions of solution.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE Solution solve_chain(const Chain& chain, const Elimination& plan, CapacityRule rule) {
  const bool limited =
      rule == CapacityRule::cap && std::any_of(chain.capacity.begin(), chain.capacity.end(),
                                               [](double capacity) { return !std::isnan(capacity); });
  Solution out;
  if (limited) out.rule = CapacityRule::cap;
  out.flow = thinned(chain, limited ? served_shares(chain, plan) : std::vector<double>{});
  out.solver = std::make_shared<const Solver<double>>(plan, out.flow.rate, out.flow.drop_off);
  fill_visits(out.flow, chain, *out.solver);
  out.discounted = discounted_flow(chain, plan, out.flow, out.solver);
  return out;
}

FUNNELGRAPH_INLINE Flow flow_from(const Chain& chain, const Solution& solution, std::uint32_t stage) {
  Flow flow;
  flow.rate = solution.flow.rate;
  flow.drop_off = solution.flow.drop_off;
  flow.served = solution.flow.served;
  flow.entrants.assign(chain.stage_count, 0.0);
  flow.entrants[stage] = 1;
  flow.volume = 1;
  flow.visits = flow.entrants;
  solution.solver->solve_transposed(flow.visits);
  if (flow.sheds()) {
    flow.arrivals = flow.entrants;
    for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
        if (chain.to_stage(e)) flow.arrivals[chain.target[e]] += flow.visits[i] * chain.rate[e];
      }
    }
  }
  return flow;
}

}  // namespace funnelgraph::inline v0
