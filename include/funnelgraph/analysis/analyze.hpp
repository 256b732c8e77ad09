// From a funnel to everything that it says.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/results.hpp>

namespace funnelgraph::inline v0 {

class Funnel;
struct Compiled;

namespace detail {
struct AnalysisState;
}

/// Results of one funnel: "eventual results of one period's entrants". Immutable; methods that take a
/// start solve on demand and are safe from many threads. Names that do not exist throw
/// UnknownNameError with the nearest one.
class Analysis {
 public:
  double revenue = 0;  ///< NaN where a value is unknown, or where an unknown lag hides discounted money
  double cost = 0;
  double profit = 0;
  double entrants = 0;
  /// Outcomes that journeys reach and whose value is unknown (NaN): revenue and profit are then absent.
  std::vector<std::string> unknown_values;
  bool feasible = true;  ///< no stage above its capacity
  std::vector<StageRow> stages;
  std::vector<OutcomeRow> outcomes;  ///< the last row is the drop-off
  std::vector<OwnerRow> owners;
  std::vector<OwnerRow> owners_by_visit;  ///< received = visits * share, passed_on = all that moved on
  std::vector<HandOffRow> hand_offs;

  /// Probability to end in `outcome` ("drop_off" too) from the entrants, or from one stage. [0, 1].
  [[nodiscard]] double probability(std::string_view outcome, std::string_view start = {}) const;
  /// Expected number per period that ends there.
  [[nodiscard]] double count(std::string_view outcome) const;
  /// Expected visits per period; from `start`: per journey that starts there.
  [[nodiscard]] double visits(std::string_view stage, std::string_view start = {}) const;
  /// Probability ever to be in `stage`, for an average entrant or from `start`.
  [[nodiscard]] double reach(std::string_view stage, std::string_view start = {}) const;
  /// Days to `outcome` of those who end there; without one, to any exit, drop-off included.
  [[nodiscard]] TimeMoments time_to(std::string_view outcome = {}, std::string_view start = {}) const;
  /// Total cost per journey that ends in `outcome`; NaN where none does.
  [[nodiscard]] double cost_per(std::string_view outcome) const;
  /// The effective rate of a transition, `drop_off` as target included.
  [[nodiscard]] double rate(std::string_view from, std::string_view to) const;
  /// Part of the metric's absolute elasticities that rests on assumed and placeholder numbers, [0, 1];
  /// NaN where the metric does not react to any number.
  [[nodiscard]] double assumed_share() const;
  /// Expected discounted value - cost ahead of a journey in `start` (stages); `horizon` in days counts
  /// what falls at times <= horizon (deterministic lags only, else InvalidValueError).
  [[nodiscard]] double lifetime_value(std::string_view start, std::optional<double> horizon = {}) const;
  [[nodiscard]] const Compiled& compiled() const noexcept;

  using State = detail::AnalysisState;
  // Defined out of line, so that not every file that has an analysis compiles them.
  explicit Analysis(std::shared_ptr<const State> state);
  Analysis(const Analysis& other);
  Analysis(Analysis&& other) noexcept;
  Analysis& operator=(const Analysis& other);
  Analysis& operator=(Analysis&& other) noexcept;
  ~Analysis();

 private:
  std::shared_ptr<const State> state_;
};

/// Compiles, eliminates and computes. Throws InvalidFunnelError, InvalidValueError (options).
/// O(stages + transitions) for acyclic funnels; loops add the fill of their components.
[[nodiscard]] Analysis analyze(const Funnel& funnel, const AnalysisOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/analyze_inl.hpp>
#endif
