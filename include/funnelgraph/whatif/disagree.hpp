// Two or more sides' versions of one funnel: what they disagree on, and what that is worth.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

/// What one side believes.
struct FunnelVersion {
  std::string name;
  Funnel funnel;
};

struct DisagreeOptions {
  AnalysisOptions analysis{};
  /// What there is to decide between, the funnel as it is among them. Without any, knowing a number is
  /// worth the share of the spread that it removes.
  std::vector<Scenario> scenarios{};
  bool minimise = false;   ///< the best scenario has the least of the metric
  std::uint64_t seed = 0;  ///< of the sampled beliefs, where there are too many to try all
};

/// One number on which sides differ.
struct Disagreement {
  Parameter parameter;
  std::vector<Number> numbers;      ///< by side; NaN where it is not set
  std::vector<std::string> owners;  ///< by side: who owns it there
  /// What the number alone is worth: from each side's funnel, the greatest less the least of the metric when
  /// the number takes each side's value and all else stays; the mean over the sides. NaN where no side's
  /// funnel can take another's number.
  double worth = 0;
  /// Of two sides: the metric's change when the number moves from the first side's to the second's, the mean
  /// of moving it in the first side's funnel and in the second's. NaN for more sides.
  double change = std::numeric_limits<double>::quiet_NaN();
  /// Value of knowing it, in [0, 1]: the expected share of the metric's variance that goes away. Every side
  /// is as likely to be right about each number, independently; the rates of one stage, and a lag with its
  /// deviation, are right or wrong together. NaN where the stage's exits differ between the sides.
  double removed_spread = 0;
  /// With scenarios: what knowing it adds to the metric by choosing better (the expected value of partial
  /// perfect information), >= 0; NaN without scenarios.
  double decision_gain = std::numeric_limits<double>::quiet_NaN();
};

/// A difference that is no number: a part that one side does not have, another kind of lag, a text.
struct StructuralDifference {
  std::string side;  ///< compared with the first side
  std::string text;
};

struct Disagreements {
  std::vector<std::string> sides;
  std::vector<double> values;      ///< the metric by side
  std::vector<Disagreement> rows;  ///< of some worth, or of unknown worth; the greatest worth first
  std::vector<Disagreement> idle;  ///< on which nothing depends: worth 0
  std::vector<StructuralDifference> structure;
  /// Numbers to measure first: positions in `rows` that are worth knowing, by `decision_gain` where there
  /// are scenarios, else by `removed_spread`.
  std::vector<std::size_t> measure_first;
  std::size_t beliefs = 0;  ///< combinations of the sides' numbers that were evaluated
  bool sampled = false;     ///< whether these are a sample
};

/// Compares the sides' funnels. The rates of a row move as `apply` sets them: from the leak, clipped at what
/// there is. Throws InvalidValueError for fewer than two sides and for names that are empty or equal, and as
/// `evaluate` and `apply` for each side. O(numbers * sides^2 evaluations), plus the beliefs: all
/// combinations where there are at most 16,384, else so many of them at random.
[[nodiscard]] Disagreements disagree(const std::vector<FunnelVersion>& sides, const Metric& metric,
                                     const DisagreeOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/disagree_inl.hpp>
#endif
