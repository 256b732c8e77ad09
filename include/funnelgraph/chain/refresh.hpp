// The prologue: from the inputs of a chain to effective rates, moments and discount factors.
#pragma once

#include <cstdint>

#include <funnelgraph/chain/chain.hpp>

namespace funnelgraph::inline v0 {

/// Recomputes the derived half of `chain` from its inputs: rows are bent by the levers
/// (w_j = p_j * prod (value / reference)^elasticity, the drop-off keeps its weight, the row is divided
/// by its sum) and normalised, lags give mean, variance, phi and 1 - phi. O(edges + influences).
void refresh(Chain& chain);

/// The part of `refresh` that depends on base rates, base drop-offs and levers alone. O(edges + influences).
void refresh_rates(Chain& chain);
/// The part of `refresh` that one edge's lag and the discount rate decide.
void refresh_lag(Chain& chain, std::uint32_t edge);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/refresh_inl.hpp>
#endif
