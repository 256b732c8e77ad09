// What comes of a funnel whose numbers are not sure, and of scenarios on top of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/draw_summary.hpp>
#include <funnelgraph/whatif/uncertainty.hpp>

namespace funnelgraph::inline v0 {

/// A value that a metric should reach, or with `at_most` not exceed.
struct Target {
  Metric metric;
  double value = 0;
  bool at_most = false;
};

struct MonteCarloOptions {
  std::vector<Metric> metrics{};  ///< those of the targets are added
  std::vector<Scenario> scenarios{};
  std::size_t draws = 10'000;  ///< >= 1
  std::uint64_t seed = 0;
  std::vector<double> quantiles{0.05, 0.25, 0.5, 0.75, 0.95};  ///< in (0, 1)
  std::vector<Target> targets{};
  bool keep_draws = false;  ///< the columns too, in `MonteCarlo::drawn` and `MonteCarlo::results`
  AnalysisOptions analysis{};
  Execution execution{};
};

/// A metric under a scenario ("base" is the base itself).
struct MonteCarloRow {
  std::string scenario;
  Metric metric;
  double point = 0;  ///< with the numbers as they stand in the funnel
  DrawSummary summary;
};

/// A scenario less the base, draw by draw.
struct MonteCarloDifference {
  std::string scenario;
  Metric metric;
  double point = 0;
  DrawSummary summary;
  ShareEstimate more;  ///< draws in which the scenario gives more than the base
};

struct TargetRow {
  std::string scenario;
  Target target;
  ShareEstimate reached;  ///< of the draws that have a number
};

/// What became of the draws under one scenario. Only `ok` and `fitted` ones have numbers.
struct DrawCounts {
  std::string scenario;
  std::size_t ok = 0;
  std::size_t fitted = 0;  ///< rates that left their donors less than nothing, scaled to fit
  std::size_t impossible = 0;
  std::size_t out_of_range = 0;
  std::size_t unsolvable = 0;
};

/// A column of numbers, one a draw.
struct ParameterDraws {
  Parameter parameter;
  std::vector<double> values;
};
struct MetricDraws {
  std::string scenario;
  Metric metric;
  std::vector<double> values;  ///< NaN where the draw has none
};

struct MonteCarlo {
  std::size_t draws = 0;            ///< done: as many as asked for, fewer after a stop
  std::vector<MonteCarloRow> rows;  ///< by scenario, the base first, then metric
  std::vector<MonteCarloDifference> differences;
  std::vector<TargetRow> targets;
  std::vector<DrawCounts> counts;
  std::vector<std::string> notes;  ///< draws that were fitted or have no number, in words
  std::vector<ParameterDraws> drawn;
  std::vector<MetricDraws> results;
};

/// Draws the uncertain numbers and evaluates every metric under the base and under every scenario, all on
/// the same draws. A scenario comes on top of a draw: its changes of structure first, then the draw, then
/// its changes of numbers, which start from what was drawn (a number that the scenario sets is what it
/// sets; one that it scales, shifts or whose odds it scales moves from the drawn one; a row and the
/// entries of a stage go through both in turn). A drawn number that the scenario takes away plays no part.
///
/// The same bits at any number of threads; adding a metric, a scenario, a stage or a draw changes no other
/// draw. Throws InvalidValueError (no metric, nothing to draw, no draws, a quantile outside (0, 1), a target
/// that is NaN, two scenarios of one name) and as `Draws`, `Variants` and, for each scenario on the base,
/// `apply`. O(draws * (parameters + scenarios * evaluation)); memory 8 bytes a draw, metric and scenario.
[[nodiscard]] MonteCarlo monte_carlo(const Funnel& funnel, const Uncertainty& uncertainty,
                                     const MonteCarloOptions& options);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/monte_carlo_inl.hpp>
#endif
