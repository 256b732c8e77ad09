// The kinds of results.
#pragma once

#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

enum class MetricKind : std::uint8_t {
  count,        // outcome
  probability,  // outcome
  visits,       // stage
  revenue,
  cost,
  profit,
  cost_per,        // outcome
  time_to,         // [outcome]: without one, to any exit
  recoverable,     // [owner]
  lifetime_value,  // [horizon in days]
  ratio,           // parts[0] / parts[1]
  sum              // weights[i] * parts[i]
};

}  // namespace funnelgraph::inline v0
