// Where journeys end: probabilities from every stage, counts per period.
#pragma once

#include <cstdint>
#include <vector>

#include <funnelgraph/analysis/flow.hpp>

namespace funnelgraph::inline v0 {

/// Stands for the drop-off where an outcome's position is asked for.
inline constexpr std::uint32_t drop_off_outcome = 0xFFFFFFFFU;

/// Probability to end in one outcome from each stage (accurate to nearly full relative precision
/// whatever the condition). O(solve).
[[nodiscard]] std::vector<double> absorption(const Chain& chain, const Flow& flow,
                                             const Solver<double>& solver, std::uint32_t outcome);

/// Probability of a won outcome from each stage. O(solve).
[[nodiscard]] std::vector<double> conversion(const Chain& chain, const Flow& flow,
                                             const Solver<double>& solver);

/// Journeys per period that end in each outcome; the last number is the drop-off, with what full
/// stages shed. O(edges).
[[nodiscard]] std::vector<double> exit_counts(const Chain& chain, const Flow& flow);

/// Rate at which each stage loses: drop-off, lost and silent exits. O(edges).
[[nodiscard]] std::vector<double> leak(const Chain& chain);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/absorption_inl.hpp>
#endif
