// Which loops run a tape on this machine.
#pragma once

#include <funnelgraph/chain/detail/lane_loops.hpp>

namespace funnelgraph::inline v0::detail {

/// The widest set that was built and that this machine runs.
[[nodiscard]] const LaneKernels& lane_kernels() noexcept;

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/detail/lane_kernels_inl.hpp>
#endif
