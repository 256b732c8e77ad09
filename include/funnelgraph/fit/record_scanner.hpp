// Splitting delimited text into records, and finding the delimiter. Internal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// Rows, and bytes, that are looked at to find the delimiter.
inline constexpr std::size_t sniffed_rows = 20;
inline constexpr std::size_t sniffed_bytes = std::size_t{1} << 20U;
inline constexpr std::array<char, 4> known_delimiters = {',', ';', '\t', '|'};

inline bool is_line_end(char c) noexcept { return c == '\n' || c == '\r'; }

/// Cells in one record and what ended it.
struct Record {
  std::vector<std::string> cells;
  std::size_t line = 1;  ///< where it begins
  bool blank = false;    ///< nothing at all stands in it
};

enum class QuoteFault : std::uint8_t { none, unterminated, text_after };

/// Splits text into records by the rules of RFC 4180. Where a cell does not start with a quote, quotes in it
/// are plain characters.
class RecordScanner {
 public:
  RecordScanner(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  [[nodiscard]] bool at_end() const noexcept { return position_ >= text_.size(); }
  [[nodiscard]] std::size_t line() const noexcept { return line_; }

  /// Reads one record into `record`; false at the end of the text. A fault leaves the scanner where it was
  /// found. Stops early beyond `max_cells` or `max_cell_bytes`, which the record then exceeds by one.
  bool next(Record& record, QuoteFault& fault, std::size_t max_cells, std::size_t max_cell_bytes) {
    record.cells.clear();
    record.line = line_;
    record.blank = false;
    fault = QuoteFault::none;
    if (at_end()) return false;
    const std::size_t start = position_;
    for (;;) {
      std::string& cell = record.cells.emplace_back();
      const bool quoted = !at_end() && text_[position_] == '"';
      fault = quoted ? quoted_cell(cell, max_cell_bytes) : plain_cell(cell, max_cell_bytes);
      if (fault != QuoteFault::none || cell.size() > max_cell_bytes) return true;
      if (at_end() || is_line_end(text_[position_])) break;
      ++position_;  // the delimiter
      if (record.cells.size() > max_cells) return true;
    }
    record.blank = position_ == start;
    end_line();
    return true;
  }

 private:
  void end_line() noexcept {
    if (at_end()) return;
    const bool carriage_return = text_[position_] == '\r';
    ++position_;
    if (carriage_return && !at_end() && text_[position_] == '\n') ++position_;
    ++line_;
  }

  QuoteFault plain_cell(std::string& cell, std::size_t most) {
    const std::size_t start = position_;
    while (!at_end() && text_[position_] != delimiter_ && !is_line_end(text_[position_])) ++position_;
    const std::size_t length = position_ - start;
    cell.assign(text_.substr(start, length > most ? most + 1 : length));
    return QuoteFault::none;
  }

  QuoteFault quoted_cell(std::string& cell, std::size_t most) {
    ++position_;
    for (; !at_end(); ++position_) {
      const char c = text_[position_];
      if (c == '"') {
        ++position_;
        if (at_end() || text_[position_] == delimiter_ || is_line_end(text_[position_])) {
          return QuoteFault::none;
        }
        if (text_[position_] != '"') return QuoteFault::text_after;
      } else if (c == '\n' || (c == '\r' && text_.substr(position_, 2) != "\r\n")) {
        ++line_;
      }
      if (cell.size() <= most) cell.push_back(c);
    }
    return QuoteFault::unterminated;
  }

  std::string_view text_;
  char delimiter_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
};

inline std::string delimiter_name(char delimiter) {
  switch (delimiter) {
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    case '|':
      return "bar";
    default:
      return "delimiter";
  }
}

/// Columns in the header under `delimiter`, and whether the rows after it have as many.
inline std::pair<std::size_t, bool> split_by(std::string_view text, char delimiter, bool cut) {
  RecordScanner scanner(text, delimiter);
  Record record;
  QuoteFault fault = QuoteFault::none;
  std::size_t columns = 0;
  for (std::size_t rows = 0; rows < sniffed_rows;) {
    if (!scanner.next(record, fault, text.size(), text.size())) break;
    if (record.blank) continue;
    if (cut && scanner.at_end() && rows > 0) break;  // the last record of a sample may lack its end
    if (rows == 0) columns = record.cells.size();
    if (fault != QuoteFault::none || record.cells.size() != columns) return {columns, false};
    ++rows;
  }
  return {columns, true};
}

/// The delimiter that splits all rows alike and most; where none does, the one that splits the header most.
inline char sniff_delimiter(std::string_view text, const std::string& source) {
  const bool cut = text.size() > sniffed_bytes;
  const std::string_view sample = text.substr(0, sniffed_bytes);
  char best = ',';
  std::size_t most = 1;
  bool best_even = false;
  char rival = 0;
  for (const char delimiter : known_delimiters) {
    const auto [columns, even] = split_by(sample, delimiter, cut);
    if (columns < 2) continue;
    const bool better = even != best_even ? even : columns > most;
    if (better || most < 2) {
      best = delimiter;
      most = columns;
      best_even = even;
      rival = 0;
    } else if (even == best_even && columns == most) {
      rival = delimiter;
    }
  }
  if (rival != 0) {
    throw DataError(source, 0, "",
                    delimiter_name(best) + " and " + delimiter_name(rival) +
                        " separate its columns equally well: say the delimiter");
  }
  return best;
}

}  // namespace funnelgraph::inline v0::fit::detail
