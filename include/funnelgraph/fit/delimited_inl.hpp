#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unordered_map>
#include <unordered_set>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/fit/delimited.hpp>
#include <funnelgraph/fit/number_column_inl.hpp>
#include <funnelgraph/fit/record_scanner.hpp>

namespace funnelgraph::inline v0::fit {
namespace detail {

/// `text` without its byte order mark; throws when it is of another encoding or a binary file.
inline std::string_view without_mark(std::string_view text, const std::string& source) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") return text.substr(3);
  const std::string_view pair = text.substr(0, 2);
  if (pair == "\xFF\xFE" || pair == "\xFE\xFF") {
    throw DataError(source, 0, "", "is UTF-16 text: save it as UTF-8");
  }
  if (text.substr(0, 4) == std::string_view("PK\x03\x04", 4) || text.substr(0, 4) == "\xD0\xCF\x11\xE0") {
    throw DataError(source, 0, "", "is a spreadsheet or archive, not delimited text: save it as CSV (UTF-8)");
  }
  return text;
}

/// A column's name as the header has it; what can be no name stays as it is and matches nothing.
inline std::string name_in_header(std::string_view name) {
  try {
    return normalise_name(name);
  } catch (const InvalidValueError&) {
    return std::string(name);
  }
}

/// Takes the line "sep=;" off the text and returns its delimiter.
inline std::optional<char> take_separator_line(std::string_view& text) {
  if (text.substr(0, 4) != "sep=" || text.size() < 5 || is_line_end(text[4])) return std::nullopt;
  std::size_t end = 5;
  if (end < text.size() && !is_line_end(text[end])) return std::nullopt;
  if (text.substr(end, 2) == "\r\n") ++end;
  const char delimiter = text[4];
  text.remove_prefix(std::min(end + 1, text.size()));
  return delimiter;
}

inline std::string on_line(std::size_t line) { return " (line " + std::to_string(line) + ")"; }

/// Why a cell cannot be text, or null.
inline const char* cell_fault(std::string_view cell) noexcept {
  if (cell.find('\0') != std::string_view::npos) return "holds a zero byte: not text, or not UTF-8";
  if (!is_utf8(cell)) return "is not UTF-8 text: save the file as UTF-8";
  return nullptr;
}

/// Whether a record has several cells and nothing stands in any: what spreadsheets leave below a table.
inline bool is_empty_row(const Record& record) {
  return record.cells.size() > 1 &&
         std::ranges::all_of(record.cells, [](const std::string& cell) { return trimmed(cell).empty(); });
}

inline std::vector<std::string> header_names(const Record& header, const std::string& source) {
  std::vector<std::string> names;
  std::unordered_map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    const auto refuse = [&](const std::string& why) {
      throw DataError(source, 0, "",
                      "the name of column " + std::to_string(i + 1) + ' ' + why + on_line(header.line));
    };
    if (const char* fault = cell_fault(header.cells[i])) refuse(fault);
    const std::string_view name = trimmed(header.cells[i]);
    if (name.empty()) refuse("is empty: name it, or take the column out");
    try {
      names.push_back(normalise_name(name));
    } catch (const InvalidValueError&) {
      refuse("holds control characters, such as a line end");
    }
    const auto [at, added] = seen.try_emplace(names.back(), i);
    if (!added) refuse("is also that of column " + std::to_string(at->second + 1));
  }
  return names;
}

}  // namespace detail

FUNNELGRAPH_INLINE DelimitedTable parse_delimited(std::string_view text, const DelimitedOptions& options) {
  DelimitedTable table;
  if (!options.source.empty()) table.source_ = options.source;
  const auto refuse = [&](std::size_t row, const std::string& column, const std::string& why) {
    throw DataError(table.source_, row, column, why);
  };
  if (options.delimiter &&
      (*options.delimiter == '"' || detail::is_line_end(*options.delimiter) || *options.delimiter == '\0' ||
       static_cast<unsigned char>(*options.delimiter) > 0x7F)) {
    throw InvalidValueError("delimiter", std::string(1, *options.delimiter),
                            "an ASCII character other than a quote and a line end");
  }
  if (text.size() > options.max_bytes) {
    refuse(0, "", "is larger than " + std::to_string(options.max_bytes) + " bytes (max_bytes)");
  }
  text = detail::without_mark(text, table.source_);
  const std::optional<char> separator = detail::take_separator_line(text);
  const std::size_t skipped_lines = separator ? 1 : 0;
  table.delimiter_ = options.delimiter ? *options.delimiter
                     : separator       ? *separator
                                       : detail::sniff_delimiter(text, table.source_);

  detail::RecordScanner scanner(text, table.delimiter_);
  detail::Record record;
  detail::QuoteFault fault = detail::QuoteFault::none;
  const std::unordered_set<std::string_view> missing(options.missing.begin(), options.missing.end());
  bool has_header = false;
  while (scanner.next(record, fault, options.max_columns, options.max_cell_bytes)) {
    record.line += skipped_lines;
    if (record.blank && (table.names_.size() != 1 || scanner.at_end())) continue;
    if (fault == detail::QuoteFault::none && detail::is_empty_row(record)) continue;
    const std::size_t row = has_header ? table.rows_ + 1 : 0;
    const std::string where = detail::on_line(record.line);
    if (fault == detail::QuoteFault::unterminated)
      refuse(row, "", "a quote is opened and not closed" + where);
    if (fault == detail::QuoteFault::text_after) {
      refuse(row, "", "text follows a closing quote: a quote inside quotes is written twice" + where);
    }
    if (record.cells.back().size() > options.max_cell_bytes) {
      refuse(row, "",
             "a cell is longer than " + std::to_string(options.max_cell_bytes) + " bytes (max_cell_bytes)" +
                 where);
    }
    if (record.cells.size() > options.max_columns) {
      refuse(row, "",
             "has more than " + std::to_string(options.max_columns) + " columns (max_columns)" + where);
    }
    if (!has_header) {
      table.names_ = detail::header_names(record, table.source_);
      table.cells_.resize(table.names_.size());
      has_header = true;
      continue;
    }
    if (record.cells.size() != table.names_.size()) {
      refuse(row, "",
             "has " + std::to_string(record.cells.size()) + " cells, the header has " +
                 std::to_string(table.names_.size()) + where);
    }
    if (table.rows_ == options.max_rows) {
      refuse(row, "", "there are more than " + std::to_string(options.max_rows) + " rows (max_rows)");
    }
    for (std::size_t column = 0; column < record.cells.size(); ++column) {
      std::string& cell = record.cells[column];
      if (const char* why = detail::cell_fault(cell)) refuse(row, table.names_[column], why + where);
      if (detail::trimmed(cell).empty() || missing.contains(cell)) cell.clear();
      table.cells_[column].push_back(std::move(cell));
    }
    ++table.rows_;
  }
  if (!has_header) refuse(0, "", "is empty: a first row with the names of the columns is expected");
  return table;
}

FUNNELGRAPH_INLINE DelimitedTable read_delimited(const std::string& path, const DelimitedOptions& options) {
  const std::filesystem::path file(std::u8string(path.begin(), path.end()));
  DelimitedOptions named = options;
  if (named.source.empty()) {
    const std::u8string name = file.filename().u8string();
    named.source.assign(name.begin(), name.end());
  }
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) throw DataError(named.source, 0, "", "there is no such file");
  if (std::filesystem::is_directory(status)) throw DataError(named.source, 0, "", "is a folder, not a file");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw DataError(named.source, 0, "", "the file cannot be opened");
  std::string text;
  std::vector<char> buffer(std::size_t{1} << 16U);
  // One byte more than allowed is enough to refuse the rest.
  while (text.size() <= options.max_bytes && stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    text.append(buffer.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (stream.bad()) throw DataError(named.source, 0, "", "the file cannot be read to its end");
  return parse_delimited(text, named);
}

FUNNELGRAPH_INLINE std::size_t DelimitedTable::position(std::string_view name) const {
  const std::string wanted = detail::name_in_header(name);
  const auto at = std::find(names_.begin(), names_.end(), wanted);
  if (at == names_.end()) throw UnknownNameError("column", wanted, nearest_name(wanted, names_));
  return static_cast<std::size_t>(at - names_.begin());
}

FUNNELGRAPH_INLINE bool DelimitedTable::contains(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), detail::name_in_header(name)) != names_.end();
}

FUNNELGRAPH_INLINE std::span<const std::string> DelimitedTable::text(std::string_view name) const {
  return cells_[position(name)];
}

FUNNELGRAPH_INLINE std::vector<double> DelimitedTable::numbers(std::string_view name,
                                                               const NumberOptions& options) const {
  const std::size_t column = position(name);
  return read_numbers(cells_[column], {source_, names_[column], 1}, options);
}

FUNNELGRAPH_INLINE std::vector<Tick> DelimitedTable::times(std::string_view name,
                                                           const DateOptions& options) const {
  const std::size_t column = position(name);
  return read_times(cells_[column], {source_, names_[column], 1}, options);
}

FUNNELGRAPH_INLINE TypedTable::TypedTable(const DelimitedTable& table, const ColumnKinds& kinds)
    : columns_(table.rows(), table.source()) {
  std::vector<std::string> typed;
  const auto once = [&](const std::string& name) {
    const std::string known = detail::name_in_header(name);
    if (std::find(typed.begin(), typed.end(), known) != typed.end()) {
      throw InvalidValueError("kind of column '" + known + "'", "two kinds", "one kind, given once");
    }
    typed.push_back(known);
    return known;
  };
  times_.reserve(kinds.times.size());
  numbers_.reserve(kinds.numbers.size());
  for (const std::string& name : kinds.times) {
    const std::string known = once(name);
    columns_.add(known, Times{times_.emplace_back(table.times(known, kinds.date_options))});
  }
  for (const std::string& name : kinds.numbers) {
    const std::string known = once(name);
    columns_.add(known, Numbers{numbers_.emplace_back(table.numbers(known, kinds.number_options))});
  }
  for (const std::string& name : table.names()) {
    if (std::find(typed.begin(), typed.end(), name) == typed.end()) columns_.add_text(name, table.text(name));
  }
}

}  // namespace funnelgraph::inline v0::fit
