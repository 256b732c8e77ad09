// The least that several numbers must move for a metric to reach a target.
#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>

namespace funnelgraph::inline v0 {

struct LeastChangeOptions {
  double target = 0;
  std::vector<Parameter> vary;
  std::map<Parameter, Bounds> bounds{};       ///< of single numbers; else all that is possible
  std::map<Parameter, TakeFrom> take_from{};  ///< of rates and drop-offs; the leak unless given
  AnalysisOptions analysis{};
};

struct MovedNumber {
  Parameter parameter;
  double before = 0;
  double value = 0;
  double relative = 0;    ///< (value - before) / |before|
  bool at_bound = false;  ///< its bound holds it
};

struct LeastChange {
  std::vector<MovedNumber> numbers;  ///< in the order of `vary`
  double distance = 0;               ///< root of the sum of the squared relative changes
  double target = 0;
  double reached = 0;
  bool feasible = true;  ///< no stage above its capacity there
  std::size_t iterations = 0;
  Scenario scenario{};  ///< sets them
};

/// Minimises the sum of squared relative changes (value / before - 1)^2 subject to metric = target within the
/// bounds: sequential quadratic programming (Powell 1978: damped BFGS of the Lagrangian, l1 merit function)
/// with the metric's exact gradients. It starts where the straight way towards the corner in which the metric
/// goes farthest meets the target, and ends in a local minimum, which is the only one where the metric is
/// monotone and smooth enough; a metric with several ways up may have others.
///
/// Throws UnreachableTargetError with the range seen between the two corners; InvalidValueError for no
/// number, one twice or of 0 (it has no relative change), a metric without gradients (`recoverable`, a
/// lifetime value with a horizon), numbers that take from nobody; ConflictError and others as `apply`.
[[nodiscard]] LeastChange least_change(const Funnel& base, const Metric& metric,
                                       const LeastChangeOptions& options);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/least_change_inl.hpp>
#endif
