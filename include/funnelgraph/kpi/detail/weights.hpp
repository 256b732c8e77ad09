// What each number of a funnel weighs in a result. Internal.
#pragma once

#include <span>
#include <vector>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/model/parameter.hpp>

namespace funnelgraph::inline v0 {

struct ControlShare;

namespace detail {

struct WeightedNumber {
  Parameter parameter;
  double weight = 0;  ///< gradient * value, signed; NaN = unknown
};

/// Every leaf parameter, in the order of `gradients`.
[[nodiscard]] std::vector<WeightedNumber> weighted_numbers(const Funnel& funnel, const Metric& metric,
                                                           const AnalysisOptions& options);

/// By owner, the largest first.
[[nodiscard]] std::vector<ControlShare> shares_of_control(const Funnel& funnel,
                                                          std::span<const WeightedNumber> numbers);

}  // namespace detail

}  // namespace funnelgraph::inline v0
