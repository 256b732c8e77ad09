// A checked table of answers with sides, levels and scores worked out.
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/answers.hpp>
#include <funnelgraph/maturity/detail/resampling.hpp>

namespace funnelgraph::inline v0::maturity::detail {

/// Answers with reversed statements turned round; NaN scores where too few statements were answered.
struct Scored {
  std::size_t rows = 0, items = 0;
  std::vector<double> answers;
  std::vector<Side> sides;
  std::vector<Level> levels;
  std::vector<std::size_t> answered;
  std::vector<double> scores;

  [[nodiscard]] double operator()(std::size_t row, std::size_t item) const {
    return answers[row * items + item];
  }
};

/// The table must have no problems.
[[nodiscard]] inline Scored score_rows(const Instrument& instrument, const Answers& table,
                                       double answered_share) {
  Scored result{table.rows(), instrument.statements.size(), table.answers, {}, {}, {}, {}};
  const double turned = static_cast<double>(instrument.lowest) + static_cast<double>(instrument.highest);
  // 80 % of 20 is 16, whatever 0.8 is as a double.
  const double needed = answered_share * static_cast<double>(result.items) - 1e-9;
  for (std::size_t row = 0; row < result.rows; ++row) {
    result.sides.push_back(*side_of(table.sides[row]));
    result.levels.push_back(*level_of(table.levels[row]));
    double sum = 0;
    double weights = 0;
    std::size_t count = 0;
    for (std::size_t item = 0; item < result.items; ++item) {
      double& answer = result.answers[row * result.items + item];
      if (std::isnan(answer)) continue;
      const Statement& statement = instrument.statements[item];
      if (statement.reversed) answer = turned - answer;
      sum += statement.weight * answer;
      weights += statement.weight;
      ++count;
    }
    result.answered.push_back(count);
    // The product first: whole-number sums of equally weighted answers then give exact scores.
    result.scores.push_back(count > 0 && static_cast<double>(count) >= needed
                                ? sum * static_cast<double>(result.items) / weights
                                : std::numeric_limits<double>::quiet_NaN());
  }
  return result;
}

/// Answers of one side to one statement; `staff` says how many came from staff.
struct ItemAnswers {
  Counted counted;
  std::size_t staff = 0;
};

[[nodiscard]] inline ItemAnswers item_answers(const Instrument& instrument, const Scored& scored, Side side,
                                              std::size_t item) {
  const auto steps = static_cast<std::size_t>(instrument.highest - instrument.lowest) + 1;
  std::vector<double> values(steps);
  std::vector<std::uint64_t> counts(steps);
  for (std::size_t i = 0; i < steps; ++i)
    values[i] = static_cast<double>(instrument.lowest) + static_cast<double>(i);
  ItemAnswers result;
  for (std::size_t row = 0; row < scored.rows; ++row) {
    if (scored.sides[row] != side || std::isnan(scored(row, item))) continue;
    ++counts[static_cast<std::size_t>(scored(row, item) - values[0])];
    if (scored.levels[row] == Level::staff) ++result.staff;
  }
  result.counted = detail::counted(std::move(values), std::move(counts));
  return result;
}

}  // namespace funnelgraph::inline v0::maturity::detail
