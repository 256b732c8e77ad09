#pragma once

#include <unordered_map>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

inline std::size_t column_length(const Column& column) {
  if (const auto* times = std::get_if<Times>(&column)) return times->ticks.size();
  if (const auto* numbers = std::get_if<Numbers>(&column)) return numbers->values.size();
  if (const auto* integers = std::get_if<Integers>(&column)) return integers->values.size();
  return std::get<Categories>(column).codes.size();
}

inline const char* column_holds(const Column& column) {
  constexpr const char* holds[] = {"dates", "numbers", "whole numbers", "text"};
  return holds[column.index()];
}

}  // namespace detail

FUNNELGRAPH_INLINE void Columns::add(std::string name, Column column) {
  if (contains(name)) throw DataError(source_, 0, name, "the table has two columns of this name");
  const std::size_t length = detail::column_length(column);
  if (length != rows_) {
    throw DataError(source_, 0, name,
                    "has " + std::to_string(length) + " rows, the table has " + std::to_string(rows_));
  }
  if (const auto* categories = std::get_if<Categories>(&column)) {
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::int32_t code = categories->codes[row];
      if (code < -1 || (code >= 0 && static_cast<std::size_t>(code) >= categories->names.size())) {
        throw DataError(source_, row_number(row), name,
                        "code " + std::to_string(code) + " is outside its dictionary of " +
                            std::to_string(categories->names.size()) + " (-1 = missing)");
      }
    }
  }
  columns_.emplace_back(std::move(name), column);
}

FUNNELGRAPH_INLINE void Columns::add_text(std::string name, std::span<const std::string> text) {
  auto coded = std::make_shared<std::pair<std::vector<std::int32_t>, std::vector<std::string>>>();
  coded->first.reserve(text.size());
  std::unordered_map<std::string_view, std::int32_t> seen;
  for (const std::string& cell : text) {
    if (cell.empty()) {
      coded->first.push_back(-1);
      continue;
    }
    const auto [at, added] = seen.try_emplace(cell, static_cast<std::int32_t>(coded->second.size()));
    if (added) coded->second.push_back(cell);
    coded->first.push_back(at->second);
  }
  add(std::move(name), Categories{coded->first, coded->second});
  owned_.push_back(std::move(coded));
}

FUNNELGRAPH_INLINE std::vector<std::string> Columns::names() const {
  std::vector<std::string> names;
  names.reserve(columns_.size());
  for (const auto& [name, column] : columns_) names.push_back(name);
  return names;
}

FUNNELGRAPH_INLINE bool Columns::contains(std::string_view name) const noexcept {
  for (const auto& [own, column] : columns_) {
    if (own == name) return true;
  }
  return false;
}

FUNNELGRAPH_INLINE const Column& Columns::column(std::string_view name) const {
  for (const auto& [own, column] : columns_) {
    if (own == name) return column;
  }
  throw UnknownNameError("column", std::string(name), nearest_name(name, names()));
}

FUNNELGRAPH_INLINE Times Columns::times(std::string_view name) const {
  const Column& found = column(name);
  if (const auto* times = std::get_if<Times>(&found)) return *times;
  throw DataError(source_, 0, std::string(name),
                  std::string("holds ") + detail::column_holds(found) + ", dates are wanted");
}

FUNNELGRAPH_INLINE Numbers Columns::numbers(std::string_view name) const {
  const Column& found = column(name);
  if (const auto* numbers = std::get_if<Numbers>(&found)) return *numbers;
  throw DataError(source_, 0, std::string(name),
                  std::string("holds ") + detail::column_holds(found) + ", numbers are wanted");
}

FUNNELGRAPH_INLINE Categories Columns::categories(std::string_view name) const {
  const Column& found = column(name);
  if (const auto* categories = std::get_if<Categories>(&found)) return *categories;
  throw DataError(source_, 0, std::string(name),
                  std::string("holds ") + detail::column_holds(found) + ", text is wanted");
}

}  // namespace funnelgraph::inline v0::fit
