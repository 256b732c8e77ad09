#pragma once

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/assessment_inl.hpp>
#include <funnelgraph/maturity/detail/mean_interval_inl.hpp>
#include <funnelgraph/maturity/review.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

/// A change of one number that respondents have, and its interval.
struct Changed {
  double earlier = unknown, later = unknown, change = unknown, low = unknown, high = unknown;
  bool paired = false;
  std::size_t n = 0;
};

/// The two tables of a review.
class Reviewer {
 public:
  Reviewer(const Instrument& instrument, const Answers& earlier, const Answers& later,
           const AssessOptions& options)
      : options_(options),
        earlier_(score_rows(instrument, earlier, options.answered_share)),
        later_(score_rows(instrument, later, options.answered_share)) {
    std::unordered_map<std::string_view, std::size_t> rows;
    for (std::size_t row = 0; row < earlier.rows(); ++row) rows.emplace(earlier.respondents[row], row);
    for (std::size_t row = 0; row < later.rows(); ++row) {
      const auto found = rows.find(later.respondents[row]);
      if (found != rows.end() && earlier_.sides[found->second] == later_.sides[row]) {
        pairs_.push_back({found->second, row});
      }
    }
  }

  /// `value(table, row)` is NaN for who has none.
  template <class Value>
  [[nodiscard]] Changed change(Side side, Value value) const {
    Changed result;
    bool open = true;
    const auto group = [&](const Scored& table) {
      std::vector<double> values;
      bool staff = false;
      for (std::size_t row = 0; row < table.rows; ++row) {
        const double own = value(table, row);
        if (table.sides[row] != side || std::isnan(own)) continue;
        values.push_back(own);
        staff = staff || table.levels[row] == Level::staff;
      }
      open = open && (staff || values.empty() || options_.head_consent);
      return counted(std::move(values));
    };
    const Counted before = group(earlier_);
    const Counted after = group(later_);
    std::vector<double> differences;
    for (const auto& [first, second] : pairs_) {
      if (earlier_.sides[first] != side) continue;
      const double difference = value(later_, second) - value(earlier_, first);
      if (!std::isnan(difference)) differences.push_back(difference);
    }
    result.n = std::min(before.n, after.n);
    if (!open || result.n == 0) return result;
    result.earlier = before.mean;
    result.later = after.mean;
    result.change = after.mean - before.mean;
    const auto nobody_given_away = [&](std::uint64_t all) {
      const std::uint64_t left = all - differences.size();
      return left == 0 || left >= least_group;
    };
    if (differences.size() >= least_group && nobody_given_away(before.n) && nobody_given_away(after.n)) {
      const Counted sample = counted(differences);
      result.n = differences.size();
      result.paired = true;
      result.change = sample.mean;
      const Ends ends = mean_interval(sample, options_.level);
      result.low = ends.low;
      result.high = ends.high;
    } else if (result.n >= least_group) {
      const Ends ends = combined_interval(after, 1, before, -1, options_.level);
      result.low = ends.low;
      result.high = ends.high;
    }
    return result;
  }

 private:
  struct Pair {
    std::size_t first, second;
  };
  const AssessOptions& options_;
  Scored earlier_, later_;
  std::vector<Pair> pairs_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Review review(const Instrument& instrument, const Answers& earlier, const Answers& later,
                                 const AssessOptions& options) {
  refuse("instrument", validate(instrument));
  detail::check_options(options);
  refuse(earlier.source, check_answers(instrument, earlier));
  refuse(later.source, check_answers(instrument, later));
  const detail::Reviewer reviewer(instrument, earlier, later, options);
  Review result;
  for (const Side side : both_sides) {
    const auto score = [](const detail::Scored& table, std::size_t row) { return table.scores[row]; };
    const detail::Changed whole = reviewer.change(side, score);
    result.sides.push_back(
        {side, whole.earlier, whole.later, whole.change, whole.low, whole.high, whole.paired, whole.n});
    for (std::size_t item = 0; item < instrument.statements.size(); ++item) {
      const auto answer = [item](const detail::Scored& table, std::size_t row) { return table(row, item); };
      const detail::Changed one = reviewer.change(side, answer);
      result.statements.push_back(
          {side, item, one.earlier, one.later, one.change, one.low, one.high, one.paired, one.n});
    }
  }
  std::stable_sort(result.statements.begin(), result.statements.end(),
                   [](const ChangeRow& a, const ChangeRow& b) {
                     if (std::isnan(a.change) || std::isnan(b.change)) {
                       return !std::isnan(a.change) && std::isnan(b.change);
                     }
                     return a.change < b.change;
                   });
  return result;
}

FUNNELGRAPH_INLINE std::vector<SeriesRow> series(std::span<const std::string> labels,
                                                 std::span<const Assessment> assessments) {
  if (labels.size() != assessments.size()) {
    throw InvalidValueError("series", std::to_string(labels.size()) + " labels",
                            "one for each of the " + std::to_string(assessments.size()) + " assessments");
  }
  std::vector<SeriesRow> rows;
  for (std::size_t i = 0; i < assessments.size(); ++i) {
    if (assessments[i].instrument != assessments[0].instrument) {
      throw InvalidValueError("series", "another instrument at " + funnelgraph::detail::shown(labels[i]),
                              "assessments of one instrument: other scores cannot be compared");
    }
    for (const Side side : both_sides) {
      const SideScore& now = assessments[i].side(side);
      const double before = i == 0 ? detail::unknown : assessments[i - 1].side(side).score.value;
      rows.push_back({labels[i], side, now.scored, now.score, now.score.value - before});
    }
  }
  return rows;
}

FUNNELGRAPH_INLINE Standing benchmark(const Score& score, std::span<const double> others) {
  if (others.size() < least_group) {
    throw InvalidValueError("benchmark", std::to_string(others.size()) + " scores of others", "5 or more");
  }
  for (const double other : others) {
    if (!std::isfinite(other)) {
      throw InvalidValueError("benchmark", funnelgraph::detail::shown(other), "finite scores");
    }
  }
  const auto below = [&](double value) {
    if (std::isnan(value)) return detail::unknown;
    double count = 0;
    for (const double other : others) count += other < value ? 1 : other > value ? 0 : 0.5;
    return count / static_cast<double>(others.size());
  };
  return {below(score.value), below(score.low), below(score.high), others.size()};
}

}  // namespace funnelgraph::inline v0::maturity
