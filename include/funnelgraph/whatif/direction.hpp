// Which way a metric is better.
#pragma once

#include <cstdint>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>

namespace funnelgraph::inline v0 {

enum class Direction : std::uint8_t { more_is_better, less_is_better };

/// Less is better of cost, cost per outcome, times, what could be recovered, and the count and
/// probability of lost and silent outcomes and of the drop-off; more of everything else. Of a ratio the
/// numerator decides; of a sum its terms where they agree, each by the sign of its weight, else more is
/// better. Names that the funnel lacks count as won.
[[nodiscard]] Direction direction_of(const Metric& metric, const Funnel& funnel);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/direction_inl.hpp>
#endif
