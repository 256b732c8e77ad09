// Immutable columns of numbers, flags and text: what every table of the Python package is made of.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace funnelgraph_python {

/// Text in the layout of Arrow's utf8: cell i is bytes[offsets[i], offsets[i + 1]).
struct TextColumn {
  std::vector<std::int32_t> offsets{0};
  std::string bytes;

  void push_back(std::string_view text) {
    if (text.size() > 0x7FFFFFFFU - bytes.size()) throw std::length_error("a text column over 2 GB");
    bytes.append(text);
    offsets.push_back(static_cast<std::int32_t>(bytes.size()));
  }
  [[nodiscard]] std::size_t size() const noexcept { return offsets.size() - 1; }
  [[nodiscard]] std::string_view operator[](std::size_t i) const noexcept {
    const auto begin = static_cast<std::size_t>(offsets[i]);
    return std::string_view(bytes).substr(begin, static_cast<std::size_t>(offsets[i + 1]) - begin);
  }
  bool operator==(const TextColumn&) const = default;
};

/// One byte a flag, so that NumPy can look at it without a copy.
struct FlagColumn {
  std::vector<std::uint8_t> values;
  bool operator==(const FlagColumn&) const = default;
};

/// A column: numbers (NaN = unknown), whole numbers, flags or text. `valid` holds one byte a row where
/// a cell can be missing; empty means that none is.
struct Column {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::int64_t>, FlagColumn, TextColumn> values;
  std::vector<std::uint8_t> valid;

  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool is_valid(std::size_t row) const noexcept { return valid.empty() || valid[row] != 0; }
};

/// Columns of one length. Never changed after it was built, so threads and Arrow consumers share it.
struct TableData {
  std::vector<Column> columns;
  std::size_t rows = 0;
};
using Table = std::shared_ptr<const TableData>;

/// Builds a table from rows: `TableBuilder(rows).column("stage", &StageRow::stage)...build()`, or with
/// a function of the row. double, integers, bool, text and std::optional of these.
template <class Rows>
class TableBuilder {
 public:
  explicit TableBuilder(const Rows& rows) : rows_(&rows) {}

  template <class Get>
  TableBuilder& column(std::string name, Get get) {
    using Cell = std::remove_cvref_t<std::invoke_result_t<Get, decltype(*std::begin(*rows_))>>;
    Column column;
    column.name = std::move(name);
    if constexpr (is_optional<Cell>::value) {
      auto& values = start<typename Cell::value_type>(column);
      for (const auto& row : *rows_) {
        const Cell cell = std::invoke(get, row);
        column.valid.push_back(cell.has_value() ? 1 : 0);
        push(values, cell.value_or(typename Cell::value_type{}));
      }
    } else {
      auto& values = start<Cell>(column);
      for (const auto& row : *rows_) push(values, std::invoke(get, row));
    }
    data_.columns.push_back(std::move(column));
    return *this;
  }
  [[nodiscard]] Table build() {
    data_.rows = static_cast<std::size_t>(std::distance(std::begin(*rows_), std::end(*rows_)));
    return std::make_shared<const TableData>(std::move(data_));
  }

 private:
  template <class T>
  struct is_optional : std::false_type {};
  template <class T>
  struct is_optional<std::optional<T>> : std::true_type {};

  template <class Cell>
  static auto& start(Column& column) {
    if constexpr (std::is_same_v<Cell, bool>) {
      return column.values.emplace<FlagColumn>();
    } else if constexpr (std::is_integral_v<Cell>) {
      return column.values.emplace<std::vector<std::int64_t>>();
    } else if constexpr (std::is_floating_point_v<Cell>) {
      return column.values.emplace<std::vector<double>>();
    } else {
      return column.values.emplace<TextColumn>();
    }
  }
  static void push(std::vector<double>& values, double cell) { values.push_back(cell); }
  template <class Integer>
  static void push(std::vector<std::int64_t>& values, Integer cell) {
    values.push_back(static_cast<std::int64_t>(cell));
  }
  static void push(FlagColumn& column, bool cell) { column.values.push_back(cell ? 1 : 0); }
  static void push(TextColumn& column, std::string_view cell) { column.push_back(cell); }

  const Rows* rows_;
  TableData data_;
};

/// A cell that is missing where there is no text.
[[nodiscard]] inline std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

/// The table as a `_core.Table` object.
[[nodiscard]] pybind11::object table_object(Table table);

/// PyCapsule "arrow_array_stream" (one batch) over the table, without copying numbers; the capsule and
/// whoever imports it keep the table alive.
[[nodiscard]] pybind11::capsule arrow_stream(const Table& table);
/// PyCapsule "arrow_schema" of the table.
[[nodiscard]] pybind11::capsule arrow_schema(const Table& table);

}  // namespace funnelgraph_python
