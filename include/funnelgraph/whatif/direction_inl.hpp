// Definitions of direction.hpp.
#pragma once

#include <cstddef>

#include <funnelgraph/whatif/direction.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE Direction direction_of(const Metric& metric, const Funnel& funnel) {
  switch (metric.kind()) {
    case MetricKind::cost:
    case MetricKind::cost_per:
    case MetricKind::time_to:
    case MetricKind::recoverable:
      return Direction::less_is_better;
    case MetricKind::count:
    case MetricKind::probability: {
      if (metric.name() == "drop_off") return Direction::less_is_better;
      const auto outcome = funnel.find_outcome(metric.name());
      if (!outcome) return Direction::more_is_better;
      const OutcomeKind kind = funnel.outcome(*outcome).kind;
      const bool bad = kind == OutcomeKind::lost || kind == OutcomeKind::silent;
      return bad ? Direction::less_is_better : Direction::more_is_better;
    }
    case MetricKind::ratio:
      return direction_of(metric.parts()[0], funnel);
    case MetricKind::sum: {
      bool less = !metric.parts().empty();
      for (std::size_t k = 0; k < metric.parts().size(); ++k) {
        const bool term_less = direction_of(metric.parts()[k], funnel) == Direction::less_is_better;
        less = less && (metric.weights()[k] < 0 ? !term_less : term_less);
      }
      return less ? Direction::less_is_better : Direction::more_is_better;
    }
    default:
      return Direction::more_is_better;
  }
}

}  // namespace funnelgraph::inline v0
