#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit {

FUNNELGRAPH_INLINE void MeasureTally::count(double value, bool add) {
  const double sign = add ? 1 : -1;
  const std::uint64_t one = add ? 1 : ~std::uint64_t{0};
  sum.add(sign * value);
  squares.add_product(sign * value, value);
  number += one;
  squared += one;
}

FUNNELGRAPH_INLINE void MeasureTally::merge(const MeasureTally& other) {
  sum.merge(other.sum);
  squares.merge(other.squares);
  number += other.number;
  squared += other.squared;
}

FUNNELGRAPH_INLINE double MeasureTally::mean() const {
  if (number == 0) return std::numeric_limits<double>::quiet_NaN();
  return sum.value() / static_cast<double>(number);
}

FUNNELGRAPH_INLINE double MeasureTally::sd() const {
  if (number < 2 || squared != number) return std::numeric_limits<double>::quiet_NaN();
  // sum (x - m)^2 = sum x^2 - 2 m sum x + n m^2 for whatever m, all of it added up without rounding.
  const double m = mean();
  const auto n = static_cast<double>(number);
  ExactSum about = squares;
  for (const double part : sum.parts()) about.add_product(-2 * m, part);
  const double square = m * m;
  about.add_product(n, square);
  about.add_product(n, std::fma(m, m, -square));
  return std::sqrt(std::max(about.value(), 0.0) / (n - 1));
}

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
