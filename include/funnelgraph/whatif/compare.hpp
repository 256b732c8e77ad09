// Scenarios beside each other: what each comes to, and how far it is from a reference.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/direction.hpp>

namespace funnelgraph::inline v0 {

/// What the funnel as it is goes by among scenarios.
inline constexpr const char* base_scenario_name = "base";

struct CompareOptions {
  /// Differences are to this scenario, by name; none = the base.
  std::optional<std::string> reference{};
  AnalysisOptions analysis{};
  ApplyOptions applying{};
  /// Which way each metric is better, by metric; empty = as `direction_of` says.
  std::vector<Direction> directions{};
};

/// One metric of one scenario.
struct ComparisonRow {
  std::string scenario;
  std::string metric;  ///< as written in code
  double value = 0;
  double difference = 0;   ///< value - reference
  double relative = 0;     ///< difference / |reference|; NaN where the reference is 0
  std::uint32_t rank = 0;  ///< 1 = best, the base included; equal values share it; 0 = the value is NaN
  bool feasible = true;    ///< no stage above its capacity
};

struct Comparison {
  std::vector<std::string> scenarios;  ///< the base first
  std::vector<Metric> metrics;
  std::string reference;
  std::vector<ComparisonRow> rows;  ///< by metric, then by scenario
  std::vector<Clipped> notes;

  /// Throws UnknownNameError.
  [[nodiscard]] const ComparisonRow& row(std::string_view scenario, const Metric& metric) const;
};

/// The base and each scenario, alone, by each metric. Structural changes are allowed; a metric that names a
/// part which only some of the funnels have is NaN for the others. Scenarios without a name are called
/// "scenario 1", ... by their place.
///
/// Throws as `apply` and `evaluate`; InvalidValueError for no metric, two scenarios of one name, one called
/// "base", directions of another number; UnknownNameError for a reference that is no scenario. The
/// base is never changed. O(solve) a scenario that changes numbers only, without a funnel of its own.
[[nodiscard]] Comparison compare(const Funnel& base, const std::vector<Scenario>& scenarios,
                                 const std::vector<Metric>& metrics, const CompareOptions& options = {});

namespace detail {
/// What scenarios are called in a table, `first` before them. Throws InvalidValueError where one comes twice.
[[nodiscard]] std::vector<std::string> scenario_labels(const std::vector<Scenario>& scenarios,
                                                       const char* what, const char* first = nullptr);
/// By metric, as stated or as `direction_of` says. Throws InvalidValueError for another number of them.
[[nodiscard]] std::vector<Direction> stated_directions(const Funnel& base, const std::vector<Metric>& metrics,
                                                       const std::vector<Direction>& stated);
/// Whether `a` is better than `b`.
[[nodiscard]] constexpr bool is_better(double a, double b, Direction direction) noexcept {
  return direction == Direction::more_is_better ? a > b : a < b;
}
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/compare_inl.hpp>
#endif
