// A budget split over a funnel: the plan and what it brings.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

/// Where a spending, a group or the budget stands: free, or held by a bound.
enum class SpendLimit : std::uint8_t { none, low, high };

/// What is known about a plan beside that it keeps every bound.
enum class PlanGuarantee : std::uint8_t {
  none,     ///< a split that was given, not sought
  local,    ///< no small move of money is better; the best of several starts
  bounded,  ///< and no plan at all is better than `bound`
  global    ///< and `bound` is within the tolerance of it
};

/// One spending of a plan.
struct AllocationRow {
  Parameter parameter;
  std::string segment{};
  std::string owner{};  ///< "Sales", or "Marketing 50 %, Sales 50 %"
  double spend = 0;
  double current = unknown_number;  ///< NaN where not given
  double before = 0;                ///< the parameter in the base
  double after = 0;                 ///< its response to the money
  /// Metric per further unit of money spent here.
  double marginal = 0;
  /// The same less what it takes of full capacities and full groups: equal to the budget's shadow price
  /// wherever the spending is free.
  double net_marginal = 0;
  double elasticity = 0;  ///< d ln after / d ln spend
  SpendLimit limit = SpendLimit::none;
  double low = 0, high = 0;  ///< the bounds, `high` at most the budget
};

struct GroupRow {
  std::string group;
  double spend = 0;
  double low = 0, high = 0;
  SpendLimit limit = SpendLimit::none;
  double shadow_price = 0;  ///< metric per unit by which the bound that holds is loosened, >= 0
};

/// A stage with a capacity under the plan.
struct PlanCapacityRow {
  std::string segment;
  std::string stage;
  double visits = 0;
  double capacity = 0;
  double utilisation = 0;
  double shadow_price = 0;  ///< metric per further visit of capacity, >= 0; 0 where it is not full
};

struct Allocation {
  std::string name;
  std::vector<AllocationRow> spending;
  std::vector<GroupRow> groups;
  std::vector<PlanCapacityRow> capacities;
  double budget = 0;
  double spent = 0;
  double unspent = 0;
  double metric_before = 0;  ///< of the base as it is
  double metric_after = 0;
  /// Metric per further unit of budget; 0 where money is left.
  double shadow_price = 0;
  bool feasible = true;  ///< no stage above its capacity
  PlanGuarantee guarantee = PlanGuarantee::none;
  /// No plan within the bounds has a metric above this; infinite where nothing is known.
  double bound = std::numeric_limits<double>::infinity();
  double gap = std::numeric_limits<double>::infinity();  ///< (bound - metric_after) / |metric_after|
  /// Sets every number to its response, its source `estimated`; with `book_spend` the fixed costs too.
  Scenario scenario{};
  /// Of a SegmentedFunnel: a scenario for each segment, in the order of `segments`.
  std::vector<std::string> segments{};
  std::vector<Scenario> scenarios{};
  std::vector<std::string> notes{};
  std::size_t starts = 0;       ///< local searches
  std::size_t evaluations = 0;  ///< of the metric with its gradient
};

}  // namespace funnelgraph::inline v0
