// A chain solved: its flow and its discounted flow.
#pragma once

#include <memory>

#include <funnelgraph/analysis/discounting.hpp>
#include <funnelgraph/analysis/flow.hpp>

namespace funnelgraph::inline v0 {

/// What all results are read from. `solver` works on the flow's rows.
struct Solution {
  CapacityRule rule = CapacityRule::report;  ///< report too where no stage has a capacity
  Flow flow;
  std::shared_ptr<const Solver<double>> solver;
  DiscountedFlow discounted;
};

/// Solves a refreshed chain. One factorisation and one solve, two with a discount rate; shedding adds its
/// own. Throws UnsolvableError (positions as names).
[[nodiscard]] Solution solve_chain(const Chain& chain, const Elimination& plan,
                                   CapacityRule rule = CapacityRule::report);

/// The same rows with other entrants: one journey that starts in `stage`, served there.
[[nodiscard]] Flow flow_from(const Chain& chain, const Solution& solution, std::uint32_t stage);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/solution_inl.hpp>
#endif
