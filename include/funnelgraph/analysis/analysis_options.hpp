// How a funnel is analysed.
#pragma once

#include <memory>
#include <optional>

#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/model/metric.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

struct AnalysisOptions {
  std::optional<double> discount_rate{};  ///< effective per 365 days, >= 0; none = the funnel's own
  CapacityRule capacity = CapacityRule::report;
  std::shared_ptr<const Funnel> reference{};  ///< a plan, an earlier period, a comparable segment
  std::optional<Metric> metric{};             ///< of recoverable and assumed_share; none = profit
};

}  // namespace funnelgraph::inline v0
