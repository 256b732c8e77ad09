// An order of little fill for a cyclic component.
#pragma once

#include <funnelgraph/chain/detail/filled_pattern.hpp>

namespace funnelgraph::inline v0::detail {

/// An order by least product of what enters a stage and what leaves it (Markowitz 1957): exactly greedy for
/// up to 2,048 stages, rounds of doubling limits until so few are left. What is nearly full in the end
/// becomes the dense block.
[[nodiscard]] FilledPattern greedy_pattern(const ComponentGraph& graph);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/detail/greedy_pattern_inl.hpp>
#endif
