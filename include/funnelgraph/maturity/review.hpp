// A second assessment against a first, and many in a row; a score against those of others.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/assessment.hpp>

namespace funnelgraph::inline v0::maturity {

/// The change of one side's mean answer to a statement, later less earlier. Paired over respondents that
/// answered both times where there are at least `least_group` of them and either nobody or at least as many
/// are left over, so that nobody can be worked out; else between two groups of people.
struct ChangeRow {
  Side side;
  std::size_t statement;
  double earlier, later;     ///< means of all who answered; NaN where withheld
  double change, low, high;  ///< interval unknown below `least_group` answers
  bool paired;
  std::size_t answers;  ///< pairs, or the smaller of the two groups
};

/// The change of one side's score, made in the same way.
struct ScoreChange {
  Side side;
  double earlier, later, change, low, high;
  bool paired;
  std::size_t respondents;
};

struct Review {
  std::vector<ChangeRow> statements;  ///< those that fell most first
  std::vector<ScoreChange> sides;
};

/// Compares two tables of answers to one instrument. Throws as `assess` does.
[[nodiscard]] Review review(const Instrument& instrument, const Answers& earlier, const Answers& later,
                            const AssessOptions& options = {});

/// One side at one time of a series.
struct SeriesRow {
  std::string label;
  Side side;
  std::size_t scored;
  Score score;
  double change;  ///< from the time before; NaN at the first
};

/// Assessments in order of time, side by side; all of one instrument, or InvalidValueError.
[[nodiscard]] std::vector<SeriesRow> series(std::span<const std::string> labels,
                                            std::span<const Assessment> assessments);

/// Where a score stands among those of others: the share of them below it, ties counting half; `low` and
/// `high` are those of the ends of the score's interval.
struct Standing {
  double share_below, low, high;
  std::size_t others;
};
/// Throws InvalidValueError when there are fewer than `least_group` others or one is not a finite number.
[[nodiscard]] Standing benchmark(const Score& score, std::span<const double> others);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/review_inl.hpp>
#endif
