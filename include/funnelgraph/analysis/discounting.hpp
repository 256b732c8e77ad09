// Visits as money sees them: each weighed with what a unit paid then is worth at entry.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <funnelgraph/analysis/flow.hpp>

namespace funnelgraph::inline v0 {

/// Discounted visits of a flow. Without a discount rate they are the visits themselves, and every lag
/// may be unknown.
struct DiscountedFlow {
  std::vector<double> rate;           ///< per edge: p phi (an unknown lag counts as none)
  std::vector<double> visits;         ///< per stage and period
  std::vector<std::uint8_t> unknown;  ///< per stage: 1 behind an unknown lag; empty = nowhere
  bool discounted = false;
  /// Of (I - P phi); what discounting takes, sum of p (1 - phi), leaves with the drop-off.
  std::shared_ptr<const Solver<double>> solver;

  [[nodiscard]] bool known(std::uint32_t stage) const noexcept {
    return unknown.empty() || unknown[stage] == 0;
  }
};

/// One factorisation and one solve when there is a discount rate, else copies. `solver` is that of the
/// flow.
[[nodiscard]] DiscountedFlow discounted_flow(const Chain& chain, const Elimination& plan, const Flow& flow,
                                             const std::shared_ptr<const Solver<double>>& solver);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/discounting_inl.hpp>
#endif
