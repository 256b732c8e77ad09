// What a journey in a stage is still worth.
#pragma once

#include <cstddef>
#include <span>

#include <funnelgraph/analysis/discounting.hpp>
#include <funnelgraph/analysis/flow.hpp>

namespace funnelgraph::inline v0 {

/// Distinct moments times stages that a horizon may need before `lifetime_value_within` gives up.
inline constexpr std::size_t horizon_events_limit = 20'000'000;

/// Expected discounted value - cost of journeys that start as `start` (journeys per stage) counting what
/// falls at times <= horizon (days): follows every moment at which journeys can arrive, exactly. Entry and
/// fixed costs are not part of it. Only lags of one certain length can be followed: InvalidValueError for
/// others that are reached, for a negative horizon and beyond `horizon_events_limit`. O(moments * solve)
/// at worst, less where few stages are reached at a moment.
[[nodiscard]] double lifetime_value_within(const Chain& chain, const Elimination& plan, const Flow& flow,
                                           std::span<const double> start, double horizon);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/lifetime_value_inl.hpp>
#endif
