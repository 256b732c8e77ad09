#pragma once

#include <tuple>

#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit {

FUNNELGRAPH_INLINE bool operator==(const StatisticsContent& a, const StatisticsContent& b) {
  const auto key = [](const StatisticsContent& c) {
    return std::tie(c.reader, c.durations, c.stages, c.segments, c.persons, c.reasons, c.measures,
                    c.reason_owners, c.first, c.last, c.notes, c.tallies, c.person_tallies, c.closed, c.live);
  };
  return key(a) == key(b);
}

}  // namespace funnelgraph::inline v0::fit
