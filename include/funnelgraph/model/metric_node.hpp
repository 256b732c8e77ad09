// What a metric holds: only those who build metrics from their parts need it, beside metric.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/model/metric_kind.hpp>

namespace funnelgraph::inline v0 {

class Metric;

struct MetricNode {
  MetricKind kind = MetricKind::profit;
  std::string name{};
  std::optional<double> horizon{};
  std::vector<Metric> parts;
  std::vector<double> weights{};
};

}  // namespace funnelgraph::inline v0
