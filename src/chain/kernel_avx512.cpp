// The loops of a tape with registers of 8 doubles; run only where the machine has them.
#define FUNNELGRAPH_LANES 8
#define FUNNELGRAPH_LANES_NAME avx512
#include <funnelgraph/chain/detail/lane_kernels_body.hpp>

namespace funnelgraph::inline v0::detail {

extern const LaneKernels lane_kernels_avx512;
const LaneKernels lane_kernels_avx512 = avx512::kernels;

}  // namespace funnelgraph::inline v0::detail
