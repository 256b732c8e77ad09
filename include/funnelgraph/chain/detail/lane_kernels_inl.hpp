// Definitions of lane_kernels.hpp: chosen once, by what the machine says it can do.
#pragma once

#include <funnelgraph/chain/detail/lane_kernels.hpp>
#include <funnelgraph/chain/detail/lane_kernels_body.hpp>

namespace funnelgraph::inline v0::detail {

// Wider sets are files of their own in the compiled library; header-only use has what its flags give.
#if defined(FUNNELGRAPH_WIDE_LANES)
extern const LaneKernels lane_kernels_avx2;
extern const LaneKernels lane_kernels_avx512;
#endif

FUNNELGRAPH_INLINE const LaneKernels& lane_kernels() noexcept {
#if defined(FUNNELGRAPH_WIDE_LANES)
  static const LaneKernels& chosen = __builtin_cpu_supports("avx512f") &&
                                             __builtin_cpu_supports("avx512dq") &&
                                             __builtin_cpu_supports("avx512vl")
                                         ? lane_kernels_avx512
                                     : __builtin_cpu_supports("avx2") ? lane_kernels_avx2
                                                                      : FUNNELGRAPH_LANES_NAME::kernels;
  return chosen;
#else
  return FUNNELGRAPH_LANES_NAME::kernels;
#endif
}

}  // namespace funnelgraph::inline v0::detail
