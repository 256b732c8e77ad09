// The answers to an instrument, one row a respondent.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/instrument.hpp>
#include <funnelgraph/maturity/problem.hpp>

namespace funnelgraph::inline v0::maturity {

/// The two departments.
enum class Side { marketing, sales };
inline constexpr std::array<Side, 2> both_sides{Side::marketing, Side::sales};

/// Who answers: the head of a department or one of its staff.
enum class Level { staff, head };

/// "marketing", "sales"; "staff", "head".
[[nodiscard]] std::string_view to_string(Side side) noexcept;
[[nodiscard]] std::string_view to_string(Level level) noexcept;

/// What a cell says, in English or Vietnamese ("Sales", "Bán hàng"; "head", "trưởng phòng"), without regard
/// to the case of letters without accents and to blanks at the ends; nothing when it says something else.
[[nodiscard]] std::optional<Side> side_of(std::string_view text);
[[nodiscard]] std::optional<Level> level_of(std::string_view text);

/// A table of answers as it came. Columns of one length; `answers` holds the statements in the instrument's
/// order, row after row, NaN where there is no answer.
struct Answers {
  std::vector<std::string> respondents;
  std::vector<std::string> sides;
  std::vector<std::string> levels;
  std::vector<double> answers;
  std::vector<double> seconds = {};  ///< time a respondent took, NaN where unknown; or empty
  std::string source = "answers";    ///< what errors call the table
  std::string respondent_column = "respondent";
  std::string side_column = "department";
  std::string level_column = "level";

  [[nodiscard]] std::size_t rows() const noexcept { return respondents.size(); }
};

/// Every problem at once: columns of different length, a respondent without a name or there twice, a
/// department or level that is missing or unknown, an answer that is no whole number of the scale, a
/// negative time. Missing answers are no problem. O(cells).
[[nodiscard]] std::vector<Problem> check_answers(const Instrument& instrument, const Answers& table);

/// The columns of a table that hold the statements' answers, in the instrument's order: the ids where one of
/// them is a column; else, where every number is there, "1", "q1", "q01", "Q1", "Q01", "s1", "s01", "item_1"
/// or "statement_1" and on; else the ids, which the table then lacks. O(statements * names).
[[nodiscard]] std::vector<std::string> statement_columns(const Instrument& instrument,
                                                         std::span<const std::string> names);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/answers_inl.hpp>
#endif
