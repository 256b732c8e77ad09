// Distributions from an interval.
#pragma once

#include <funnelgraph/core/distribution.hpp>

namespace funnelgraph::inline v0 {

/// The distribution that has a share `level` in (0, 1) between `low` and `high`, half of the rest on each
/// side. Where an end lies at the end of the range, all of the rest is on the other side.
/// On [0, 1] a beta; with a == 0 Beta(1, b), with b == 1 Beta(a, 1). low <= high in [0, 1].
[[nodiscard]] Distribution share_between(double low, double high, double level);
/// On [0, inf): a lognormal; with low == 0 an exponential.
[[nodiscard]] Distribution amount_between(double low, double high, double level);
/// On the whole line: a normal.
[[nodiscard]] Distribution normal_between(double low, double high, double level);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/distribution_between_inl.hpp>
#endif
