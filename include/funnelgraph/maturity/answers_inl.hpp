#pragma once

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <funnelgraph/core/names.hpp>
#include <funnelgraph/maturity/answers.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

/// Without blanks at the ends, letters A to Z in lower case, in normal form C; empty when it is no text.
[[nodiscard]] inline std::string folded(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  if (!is_utf8(text)) return {};
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) return {};
  }
  std::string result = normalise_name(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

template <std::size_t n>
[[nodiscard]] bool is_one_of(const std::string& word, const std::array<std::string_view, n>& words) {
  for (const std::string_view known : words) {
    if (word == known) return true;
  }
  return false;
}

inline constexpr std::array<std::string_view, 5> marketing_words{"marketing", "tiếp thị", "mkt",
                                                                 "phòng marketing", "bộ phận marketing"};
inline constexpr std::array<std::string_view, 7> sales_words{
    "sales", "sale", "bán hàng", "kinh doanh", "phòng kinh doanh", "bộ phận bán hàng", "phòng bán hàng"};
inline constexpr std::array<std::string_view, 6> head_words{"head",         "heads",          "manager",
                                                            "trưởng phòng", "trưởng bộ phận", "quản lý"};
inline constexpr std::array<std::string_view, 4> staff_words{"staff", "member", "employee", "nhân viên"};

}  // namespace detail

FUNNELGRAPH_INLINE std::string_view to_string(Side side) noexcept {
  return side == Side::marketing ? "marketing" : "sales";
}

FUNNELGRAPH_INLINE std::string_view to_string(Level level) noexcept {
  return level == Level::head ? "head" : "staff";
}

FUNNELGRAPH_INLINE std::optional<Side> side_of(std::string_view text) {
  const std::string word = detail::folded(text);
  if (detail::is_one_of(word, detail::marketing_words)) return Side::marketing;
  if (detail::is_one_of(word, detail::sales_words)) return Side::sales;
  return std::nullopt;
}

FUNNELGRAPH_INLINE std::optional<Level> level_of(std::string_view text) {
  const std::string word = detail::folded(text);
  if (detail::is_one_of(word, detail::head_words)) return Level::head;
  if (detail::is_one_of(word, detail::staff_words)) return Level::staff;
  return std::nullopt;
}

FUNNELGRAPH_INLINE std::vector<std::string> statement_columns(const Instrument& instrument,
                                                              std::span<const std::string> names) {
  struct Pattern {
    std::string_view before;
    std::size_t digits;
  };
  constexpr std::array<Pattern, 9> patterns{
      {{"", 1}, {"q", 1}, {"q", 2}, {"Q", 1}, {"Q", 2}, {"s", 1}, {"s", 2}, {"item_", 1}, {"statement_", 1}}};
  const auto has = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> ids;
  for (const Statement& statement : instrument.statements) ids.push_back(statement.id);
  if (std::any_of(ids.begin(), ids.end(), has)) return ids;
  for (const Pattern& pattern : patterns) {
    std::vector<std::string> numbered;
    for (std::size_t i = 1; i <= ids.size(); ++i) {
      std::string number = std::to_string(i);
      if (number.size() < pattern.digits) number.insert(0, pattern.digits - number.size(), '0');
      numbered.push_back(std::string(pattern.before) + number);
    }
    if (std::all_of(numbered.begin(), numbered.end(), has)) return numbered;
  }
  return ids;
}

FUNNELGRAPH_INLINE std::vector<Problem> check_answers(const Instrument& instrument, const Answers& table) {
  std::vector<Problem> problems;
  const auto add = [&](const char* code, std::size_t row, const std::string& column, std::string why) {
    problems.push_back({code, row, column, std::move(why)});
  };
  const std::size_t rows = table.rows();
  const std::size_t items = instrument.statements.size();
  if (rows == 0) add("empty", 0, "", "there are no respondents");
  if (table.sides.size() != rows) add("length", 0, table.side_column, "is not as long as the respondents");
  if (table.levels.size() != rows) add("length", 0, table.level_column, "is not as long as the respondents");
  if (table.answers.size() != rows * items) {
    add("length", 0, "", "there must be one cell for each respondent and statement");
  }
  if (!table.seconds.empty() && table.seconds.size() != rows) {
    add("length", 0, "seconds", "is not as long as the respondents");
  }
  if (!problems.empty()) return problems;

  const std::string range = "must be a whole number from " + std::to_string(instrument.lowest) + " to " +
                            std::to_string(instrument.highest);
  std::unordered_map<std::string_view, std::size_t> first_row;
  first_row.reserve(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::string& respondent = table.respondents[row];
    if (respondent.find_first_not_of(" \t\r\n") == std::string::npos) {
      add("respondent", row + 1, table.respondent_column, "is missing");
    } else if (const auto [found, added] = first_row.emplace(respondent, row + 1); !added) {
      add("duplicate", row + 1, table.respondent_column,
          "is the same respondent as in row " + std::to_string(found->second));
    }
    const auto word = [&](const char* code, const std::string& cell, const std::string& column, bool known,
                          const char* wanted) {
      if (known) return;
      const bool missing = cell.find_first_not_of(" \t\r\n") == std::string::npos;
      add(code, row + 1, column, missing ? "is missing" : std::string("must be ") + wanted);
    };
    word("side", table.sides[row], table.side_column, side_of(table.sides[row]).has_value(),
         "Marketing or Sales");
    word("level", table.levels[row], table.level_column, level_of(table.levels[row]).has_value(),
         "head or staff");
    for (std::size_t item = 0; item < items; ++item) {
      const double answer = table.answers[row * items + item];
      if (std::isnan(answer)) continue;
      if (!(answer >= instrument.lowest && answer <= instrument.highest) || answer != std::floor(answer)) {
        add("range", row + 1, instrument.statements[item].id, range);
      }
    }
    if (!table.seconds.empty() && (table.seconds[row] < 0 || std::isinf(table.seconds[row]))) {
      add("seconds", row + 1, "seconds", "must be a number of seconds, 0 or more");
    }
  }
  return problems;
}

}  // namespace funnelgraph::inline v0::maturity
