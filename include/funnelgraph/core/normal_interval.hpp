// How wide an interval of the normal distribution is.
#pragma once

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Half-width of a 95 % interval in standard deviations of the normal distribution.
inline constexpr double two_sided_95 = 1.959963984540054;

}  // namespace funnelgraph::inline v0
