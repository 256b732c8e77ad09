// A filled-in form of answers, from delimited text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/answers.hpp>

namespace funnelgraph::inline v0 {

/// Where the table keeps what. The columns of the statements are found by their ids, or else by number
/// (`maturity::statement_columns`).
struct AnswerTableOptions {
  std::string respondent{"respondent"};
  std::string side{"department"};
  std::string level{"level"};  ///< "" = everybody is staff
  std::string seconds{};       ///< time a respondent took; "" = not recorded
  std::optional<char> delimiter{};
  std::vector<std::string> missing{};  ///< texts that stand for no answer beside the empty cell: "NA"
  std::string source{};                ///< names the table in errors; a file's name where it is empty
  std::size_t max_bytes = std::size_t{1} << 26U;
  std::size_t max_rows = 1'000'000;
};

/// Reads a table of answers as `maturity::answer_form_csv` begins it: a row a respondent, other columns are
/// passed over. Whether the content fits the instrument `maturity::check_answers` tells, and `assess` checks.
/// Throws DataError with row (1-based over data rows) and column: what `fit::parse_delimited` refuses, and a
/// cell of a statement or of seconds that is no number; UnknownNameError for a column that is not there, with
/// the nearest. No error repeats a cell. O(length).
[[nodiscard]] maturity::Answers parse_answers(std::string_view text, const maturity::Instrument& instrument,
                                              const AnswerTableOptions& options = {});

/// The same from a file whose name is in UTF-8. Throws DataError also when it cannot be read.
[[nodiscard]] maturity::Answers read_answers(const std::string& path, const maturity::Instrument& instrument,
                                             const AnswerTableOptions& options = {});

}  // namespace funnelgraph::inline v0
