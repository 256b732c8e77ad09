#pragma once

#include <algorithm>
#include <cmath>
#include <tuple>

#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit {

FUNNELGRAPH_INLINE bool operator==(const Journey& a, const Journey& b) {
  const auto key = [](const Journey& x) {
    return std::tie(x.segment, x.person, x.first, x.path, x.end, x.reason, x.end_tick, x.notes);
  };
  const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  return key(a) == key(b) && std::ranges::equal(a.measures, b.measures, same);
}

FUNNELGRAPH_INLINE bool operator==(const StatisticsContent& a, const StatisticsContent& b) {
  const auto key = [](const StatisticsContent& c) {
    return std::tie(c.reader, c.durations, c.stages, c.segments, c.persons, c.reasons, c.measures,
                    c.reason_owners, c.first, c.last, c.notes, c.tallies, c.person_tallies, c.closed, c.live);
  };
  return key(a) == key(b);
}

}  // namespace funnelgraph::inline v0::fit
