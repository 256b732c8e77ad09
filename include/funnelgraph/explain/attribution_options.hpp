// How channels are credited.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <funnelgraph/explain/attribution_method.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

/// Percentile intervals by a Poisson bootstrap of journeys: every journey counts a Poisson(1) number of
/// times, which for many journeys is the multinomial bootstrap. Keeps every distinct path in memory, and
/// every journey where touches have ages and `time_decay` is asked for. A path's value is spread evenly over
/// its conversions.
struct CreditIntervals {
  std::size_t replications = 0;  ///< 0: no intervals; else at least 100
  std::uint64_t seed = 0;
  double level = 0.95;  ///< in (0, 1)
};

struct AttributionOptions {
  std::vector<AttributionMethod> methods{AttributionMethod::markov};  ///< at least one, none twice
  CreditRules rules{};
  std::map<std::string, Ownership> owners{};  ///< by channel
  /// Of owners; one called Marketing, Sales, Care, R&D, Company or Outside has that role unless said.
  std::map<std::string, Role> roles{};
  CreditIntervals intervals{};
};

}  // namespace funnelgraph::inline v0
