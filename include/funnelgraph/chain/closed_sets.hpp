// Which stages are never left: why a chain cannot be solved.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/chain/elimination.hpp>

namespace funnelgraph::inline v0 {

/// The sets of stages that, once entered, are never left: nothing flows from them to an outcome, to the
/// drop-off or to another stage. Each set is ascending, sets are ordered by their first stage; empty
/// when every stage has a way out. `rate` has one number per edge, `drop_off` one per stage; only
/// numbers above zero (NaN counts as such) carry flow. O(stages + edges).
[[nodiscard]] std::vector<std::vector<std::uint32_t>> closed_sets(const Elimination& elimination,
                                                                  std::span<const double> rate,
                                                                  std::span<const double> drop_off);

namespace detail {
/// Throws UnsolvableError over the closed sets, stages named by their positions; over `stage` alone when
/// there is no closed set (its exits are too small for the number type).
[[noreturn]] void throw_unsolvable(const Elimination& elimination, std::span<const double> rate,
                                   std::span<const double> drop_off, std::uint32_t stage);
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/closed_sets_inl.hpp>
#endif
