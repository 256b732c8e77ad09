// The best split of a budget over entries, levers and capacities.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>
#include <funnelgraph/whatif/allocation.hpp>
#include <funnelgraph/whatif/spending.hpp>

namespace funnelgraph::inline v0 {

struct AllocateOptions {
  double budget = 0;  ///< money per period for all spendings together, today's included; finite, >= 0
  std::vector<Spending> spending{};
  std::vector<SpendGroup> groups{};
  Metric maximise = metric::profit();
  /// No stage above its capacity, as a limit of the plan; else only reported.
  bool respect_capacity = true;
  /// The money beyond today's is a fixed cost of who owns the parameter, in the metric and in the scenario.
  /// Else the metric does not count the money of the budget.
  bool book_spend = false;
  std::string name = "allocation";
  /// `capacity` must be `report`.
  AnalysisOptions analysis{};
  double tolerance = 1e-6;     ///< relative gap within which a plan is called globally best, > 0
  std::size_t starts = 24;     ///< local searches where there can be several local optima, >= 1
  std::size_t branches = 200;  ///< halvings of the search for S-shaped responses; 0 = none
  std::uint64_t seed = 0;      ///< of the starts
};

/// Maximises the metric with every number set to the response to its money, subject to the sum of the
/// money <= budget, every bound, every group and, with `respect_capacity`, visits <= capacity of every
/// stage. Money that brings nothing more is left.
///
/// Method: sequential quadratic programming with exact gradients by the adjoint of the elimination, the
/// curves' own second derivatives and an active set for the bounds (Goldfarb and Idnani 1983), from one
/// start or several: the equal split, today's where it is known, all on one, and random ones. Where the
/// metric is linear in volumes (count, visits, revenue, cost, profit and their sums) and only volumes and
/// capacities are moved, the problem is separable: a Lagrangian bound, exact for concave responses, and
/// branch and bound over the intervals of S-shaped ones give `global` (within `tolerance`) or `bounded`.
/// Otherwise the plan is `local`. Deterministic for a seed.
///
/// Throws InvalidValueError (a budget, bound, group, curve or option out of range, a parameter that money
/// cannot move, bounds that no split of the budget meets, a metric that is unknown), UnknownNameError
/// (parameter, owner, channel, segment, member), ConflictError (a number moved twice), InvalidFunnelError.
/// Where capacities cannot be kept the plan exceeds them as little as it can, `feasible` is false and a
/// note says where. The base is never changed.
[[nodiscard]] Allocation allocate(const Funnel& funnel, const AllocateOptions& options);

/// The same over segments (cities, product lines): every spending names its segment, and the metric is
/// the sum over the segments, which must make sense for it (InvalidValueError for ratios, times and
/// probabilities).
[[nodiscard]] Allocation allocate(const SegmentedFunnel& funnels, const AllocateOptions& options);

/// A plan for each budget.
[[nodiscard]] std::vector<Allocation> allocate(const Funnel& funnel, const AllocateOptions& options,
                                               std::span<const double> budgets);

/// The plan that spends what it is told, in the order of `options.spending`: what it brings, and its
/// marginal returns. The budget is the sum. Throws as `allocate`; bounds, groups and capacities are reported,
/// not required.
[[nodiscard]] Allocation allocation_at(const Funnel& funnel, const AllocateOptions& options,
                                       std::span<const double> spends);
[[nodiscard]] Allocation allocation_at(const SegmentedFunnel& funnels, const AllocateOptions& options,
                                       std::span<const double> spends);

/// Plans side by side.
struct PlanRow {
  std::string plan;
  double budget = 0;
  double spent = 0;
  bool feasible = true;
  double shadow_price = 0;
  std::vector<double> metrics;  ///< of the base under the plan's scenario
};

/// One row a plan, after a first row "as it is" for the base. Throws UnknownNameError and as `apply`.
[[nodiscard]] std::vector<PlanRow> compare_plans(const Funnel& funnel, std::span<const Allocation> plans,
                                                 std::span<const Metric> metrics,
                                                 const AnalysisOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/allocate_inl.hpp>
#include <funnelgraph/whatif/detail/plan_writer_inl.hpp>
#include <funnelgraph/whatif/detail/spend_bound_inl.hpp>
#include <funnelgraph/whatif/detail/spend_limits_inl.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>
#include <funnelgraph/whatif/detail/spend_search_inl.hpp>
#include <funnelgraph/whatif/detail/spend_starts_inl.hpp>
#endif
