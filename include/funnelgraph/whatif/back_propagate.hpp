// From a target back along the whole funnel: what every stage and channel must carry.
#pragma once

#include <string>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

struct BackPropagateOptions {
  double target = 0;
  /// The volumes that grow, in one proportion; the others stay. Empty = all of them.
  std::vector<Parameter> grow{};
  AnalysisOptions analysis{};
};

/// What one place of the funnel carries per period, now and for the target.
struct NeededRow {
  std::string place;  ///< "outcome", "stage" or "entry"
  std::string name;
  std::string channel;  ///< of an entry
  std::string owner;
  std::string unit;  ///< what is counted there, of stages
  double now = 0;
  double needed = 0;
  double factor = 0;                 ///< needed / now; NaN where there is nothing now
  double capacity = unknown_number;  ///< of a stage that has one
  bool feasible = true;              ///< needed is within the capacity
};

/// The other way to the same target: one rate alone, all volumes as they are.
struct NeededRate {
  std::string from, to;
  std::string owner;
  double now = 0;
  double needed = 0;     ///< NaN where no value of it reaches the target
  double factor = 0;     ///< needed / now
  double largest = 0;    ///< as much as the leak can give it
  double best = 0;       ///< the metric with the rate at its largest
  bool feasible = true;  ///< no stage above its capacity then; false where no value reaches the target
};

struct BackPropagation {
  std::string metric;
  double target = 0;
  double now = 0;
  double reached = 0;
  double factor = 0;  ///< of the volumes that grow
  bool feasible = true;
  std::vector<NeededRow> rows;  ///< outcomes, then stages from the last to the first, then entries
  std::vector<NeededRate> rates;
  /// Where the unit changes along the funnel: a rate there is no share of one and the same thing, as
  /// interactions are not that many people.
  std::vector<std::string> notes{};
  Scenario scenario{};  ///< makes the volumes grow
};

/// Carries a target for a metric back to visits and entrants by channel: the volumes grow in one proportion
/// until the metric reaches it (exactly where it is linear in them, by `find_crossing` elsewhere, such as
/// where full stages shed), and beside that each rate that could do it alone.
///
/// Throws UnreachableTargetError (the metric does not move with the volumes, or not so far),
/// InvalidValueError (a target that is not finite; `grow` that names no volumes, or only volumes of 0;
/// nobody enters), and as `evaluate`. O(100 solves a rate).
[[nodiscard]] BackPropagation back_propagate(const Funnel& base, const Metric& metric,
                                             const BackPropagateOptions& options);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/back_propagate_inl.hpp>
#endif
