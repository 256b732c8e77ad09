// What counts as rounding in a row of rates.
#pragma once

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// A row may exceed 1 or miss its stated drop-off by this much; compile normalises it.
inline constexpr double row_sum_tolerance = 1e-9;
/// A missing mass below this is rounding, not a drop-off.
inline constexpr double rounding_mass = 1e-12;

}  // namespace funnelgraph::inline v0
