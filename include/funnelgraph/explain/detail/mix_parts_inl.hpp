// Volume, mix and rate of segments as numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/metric.hpp>

namespace funnelgraph::inline v0::detail {

/// Part of x in the difference of x * y * z, over all orders.
inline double part_of_three(double x0, double x1, double y0, double y1, double z0, double z1) {
  return (x1 - x0) * ((y0 * z0 + y1 * z1) / 3 + (y0 * z1 + y1 * z0) / 6);
}

/// One segment on one side: how many, the metric per one, and how sure both are.
struct SegmentSide {
  double count = 0, rate = 0;
  double count_variance = unknown_number, rate_variance = unknown_number;
  bool known = false;  ///< there are some, so that the rate is its own
};

/// The effects of one pair of sides; `volume` false keeps the number of all at 1.
struct MixParts {
  std::vector<double> volume, mix, rate;
  [[nodiscard]] std::vector<double> flat() const {
    std::vector<double> out;
    double sums[3] = {0, 0, 0};
    for (std::size_t k = 0; k < mix.size(); ++k) {
      out.push_back(volume[k] + mix[k] + rate[k]);
      sums[0] += volume[k];
      sums[1] += mix[k];
      sums[2] += rate[k];
    }
    for (const double sum : sums) out.push_back(sum);
    out.push_back(sums[0] + sums[1] + sums[2]);
    return out;
  }
};

inline MixParts mix_parts(const std::vector<SegmentSide>& plan, const std::vector<SegmentSide>& actual,
                          bool with_volume) {
  double all0 = 0, all1 = 0;
  for (const SegmentSide& side : plan) all0 += side.count;
  for (const SegmentSide& side : actual) all1 += side.count;
  const double n0 = with_volume ? all0 : 1, n1 = with_volume ? all1 : 1;
  double overall0 = 0, overall1 = 0;
  for (std::size_t k = 0; k < plan.size(); ++k) {
    overall0 += plan[k].count / all0 * plan[k].rate;
    overall1 += actual[k].count / all1 * actual[k].rate;
  }
  MixParts out;
  for (std::size_t k = 0; k < plan.size(); ++k) {
    const double s0 = plan[k].count / all0, s1 = actual[k].count / all1;
    const double r0 = plan[k].rate, r1 = actual[k].rate;
    out.volume.push_back(part_of_three(n0, n1, s0, s1, r0, r1));
    out.mix.push_back(part_of_three(s0, s1, n0, n1, r0, r1) -
                      part_of_three(s0, s1, n0, n1, overall0, overall1));
    out.rate.push_back(part_of_three(r0, r1, n0, n1, s0, s1));
  }
  return out;
}

/// What a metric is per: the figure of its denominator, or none for entrants, and whether it is per one.
struct PerWhat {
  bool per_one = false;
  std::optional<Metric> denominator{};
};

inline PerWhat per_what(const Metric& metric) {
  switch (metric.kind()) {
    case MetricKind::probability:
    case MetricKind::lifetime_value:
      return {true, std::nullopt};
    case MetricKind::time_to:
      if (metric.name().empty()) return {true, std::nullopt};
      return {true, metric::count(metric.name())};
    case MetricKind::cost_per:
      return {true, metric::count(metric.name())};
    case MetricKind::ratio:
      if (per_what(metric.parts()[0]).per_one || per_what(metric.parts()[1]).per_one) break;
      return {true, metric.parts()[1]};
    case MetricKind::recoverable:
      break;
    case MetricKind::sum: {
      PerWhat first = per_what(metric.parts().front());
      for (const Metric& part : metric.parts()) {
        const PerWhat other = per_what(part);
        if (other.per_one != first.per_one || other.denominator != first.denominator)
          throw InvalidValueError("explain_mix(metric=)", to_string(metric),
                                  "terms that are per the same thing");
      }
      return first;
    }
    default:
      return {};
  }
  throw InvalidValueError("explain_mix(metric=)", to_string(metric),
                          "counts, money, visits, probabilities, times and ratios of counts and money");
}

}  // namespace funnelgraph::inline v0::detail
