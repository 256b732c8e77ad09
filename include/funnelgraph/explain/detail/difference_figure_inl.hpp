// A metric as a figure of the union, and what it looks at.
#pragma once

#include <algorithm>
#include <cstdint>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/explain/detail/difference.hpp>

namespace funnelgraph::inline v0::detail {

/// A metric as a figure of the union: with segments counts and visits are sums over them.
class FigureMaker {
 public:
  explicit FigureMaker(const Difference& out) : out_(out) {}

  [[nodiscard]] Figure make(const Metric& metric) const {
    switch (metric.kind()) {
      case MetricKind::recoverable:
        throw InvalidValueError("metric", to_string(metric),
                                "a result of each funnel on its own: recoverable value needs a third funnel");
      case MetricKind::sum:
      case MetricKind::ratio: {
        Figure out{.kind = metric.kind() == MetricKind::sum ? FigureKind::sum : FigureKind::ratio};
        for (const Metric& part : metric.parts()) out.parts.push_back(make(part));
        out.weights = metric.weights();
        return out;
      }
      default:
        break;
    }
    if (!out_.segmented || metric.name().empty() || metric.name() == "drop_off")
      return figure_of(out_.plan_funnel, metric);
    if (metric.kind() == MetricKind::time_to)
      throw InvalidValueError("metric of segments", to_string(metric),
                              "counts, probabilities, visits, money and ratios; times of each segment alone");
    if (metric.kind() == MetricKind::cost_per) {
      Figure out{.kind = FigureKind::ratio};
      out.parts.push_back(figure_of(out_.plan_funnel, metric::cost()));
      out.parts.push_back(make(metric::count(metric.name())));
      return out;
    }
    Figure out{.kind = FigureKind::sum};
    const bool stage = metric.kind() == MetricKind::visits;
    const auto& names = stage ? out_.stage_name : out_.outcome_name;
    for (std::uint32_t k = 0; k < names.size(); ++k) {
      if (names[k] != metric.name()) continue;
      out.parts.push_back({.kind = stage                                ? FigureKind::visits
                                   : metric.kind() == MetricKind::count ? FigureKind::count
                                                                        : FigureKind::probability,
                           .position = k});
      out.weights.push_back(1);
    }
    if (out.parts.empty())
      throw UnknownNameError(stage ? "stage" : "outcome", metric.name(), nearest_name(metric.name(), names));
    return out;
  }

 private:
  const Difference& out_;
};

inline void add_needs(const Figure& figure, Needs& needs) {
  switch (figure.kind) {
    case FigureKind::revenue:
      needs.values = true;
      break;
    case FigureKind::cost:
    case FigureKind::cost_per:
      needs.costs = true;
      break;
    case FigureKind::profit:
    case FigureKind::lifetime_value:
      needs.values = needs.costs = true;
      needs.times = needs.times || figure.horizon.has_value();
      break;
    case FigureKind::time_to:
      needs.times = true;
      break;
    case FigureKind::sum:
    case FigureKind::ratio:
      for (const Figure& part : figure.parts) add_needs(part, needs);
      break;
    default:
      break;
  }
}

/// Whether some cost is a share of a value.
inline bool has_commission(const Chain& chain) {
  const auto some = [](const std::vector<double>& shares) {
    return std::any_of(shares.begin(), shares.end(), [](double share) { return share != 0; });
  };
  return some(chain.stage_commission) || some(chain.outcome_commission);
}

}  // namespace funnelgraph::inline v0::detail
