// The loops of a tape with registers of 4 doubles; run only where the machine has them.
#define FUNNELGRAPH_LANES 4
#define FUNNELGRAPH_LANES_NAME avx2
#include <funnelgraph/chain/detail/lane_kernels_body.hpp>

namespace funnelgraph::inline v0::detail {

extern const LaneKernels lane_kernels_avx2;
const LaneKernels lane_kernels_avx2 = avx2::kernels;

}  // namespace funnelgraph::inline v0::detail
