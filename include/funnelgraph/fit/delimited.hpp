// Tables in delimited text (CSV and its kin).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/date_column.hpp>
#include <funnelgraph/fit/number_column.hpp>

namespace funnelgraph::inline v0::fit {

struct DelimitedOptions {
  /// Without it, found among comma, semicolon, tab and bar: the one that splits the first rows most and
  /// alike.
  std::optional<char> delimiter = std::nullopt;
  /// Names the table in errors; `read_delimited` takes the file's name when it is empty.
  std::string source = {};
  /// Texts that stand for a missing cell beside the empty one, such as "NA" or "NULL".
  std::vector<std::string> missing = {};
  // Beyond these a table is refused rather than read.
  std::size_t max_bytes = std::size_t{1} << 30U;
  std::size_t max_rows = 20'000'000;
  std::size_t max_columns = 4096;
  std::size_t max_cell_bytes = std::size_t{1} << 20U;
};

/// A table of text with named columns. Cells that are empty or only spaces are missing, and empty here.
class DelimitedTable {
 public:
  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] char delimiter() const noexcept { return delimiter_; }
  /// Names in the order of the file, in normal form C, without the spaces around them.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] bool contains(std::string_view name) const;

  // Of one column. They throw UnknownNameError (kind "column") with the nearest name; the others what
  // `read_numbers` and `read_times` throw.
  [[nodiscard]] std::span<const std::string> text(std::string_view name) const;
  [[nodiscard]] std::vector<double> numbers(std::string_view name, const NumberOptions& options = {}) const;
  [[nodiscard]] std::vector<Tick> times(std::string_view name, const DateOptions& options = {}) const;

 private:
  friend DelimitedTable parse_delimited(std::string_view text, const DelimitedOptions& options);
  [[nodiscard]] std::size_t position(std::string_view name) const;

  std::string source_ = "table";
  std::size_t rows_ = 0;
  char delimiter_ = ',';
  std::vector<std::string> names_;
  std::vector<std::vector<std::string>> cells_;  // by column
};

/// Reads `text`, UTF-8 with or without a byte order mark, whose first row has the names of the columns.
/// Quotes are those of RFC 4180 ("" inside quotes is one quote; delimiters and line ends may stand inside);
/// lines end with LF, CRLF or CR; in tables of two columns or more blank lines are skipped, and rows of empty
/// cells; a first line "sep=;" names the delimiter. Throws DataError with the row (1-based over data rows)
/// and the line: not UTF-8, not text, no header, an empty or repeated name, a row of another length, a quote
/// that does not end, text after a closing quote, a limit exceeded, two delimiters that fit equally well. No
/// error repeats a cell. O(length).
[[nodiscard]] DelimitedTable parse_delimited(std::string_view text, const DelimitedOptions& options = {});

/// The same from a file whose name is in UTF-8. Throws DataError also when the file cannot be read.
[[nodiscard]] DelimitedTable read_delimited(const std::string& path, const DelimitedOptions& options = {});

/// How `TypedTable` reads the columns; all that are not named are text.
struct ColumnKinds {
  std::vector<std::string> times = {};
  std::vector<std::string> numbers = {};
  DateOptions date_options = {};
  NumberOptions number_options = {};
};

/// A delimited table as columns for `events` and `milestones`, with all that they view; `table` is not
/// needed any more. Throws what the columns throw.
class TypedTable {
 public:
  TypedTable(const DelimitedTable& table, const ColumnKinds& kinds);
  TypedTable(const TypedTable&) = delete;
  TypedTable& operator=(const TypedTable&) = delete;
  TypedTable(TypedTable&&) = default;
  TypedTable& operator=(TypedTable&&) = default;
  ~TypedTable() = default;
  /// Valid as long as this object lives, wherever it is moved to.
  [[nodiscard]] const Columns& columns() const noexcept { return columns_; }

 private:
  std::vector<std::vector<Tick>> times_;
  std::vector<std::vector<double>> numbers_;
  Columns columns_;
};

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/delimited_inl.hpp>
#endif
