#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/kpi/detail/limits.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE fit::Tick limit_ticks(const std::string& where, double days) {
  if (!(days > 0) || days > longest_limit) {
    throw InvalidValueError(where, shown(days), "days in (0, 3652058]");
  }
  return static_cast<fit::Tick>(std::llround(days * static_cast<double>(fit::ticks_per_day)));
}

FUNNELGRAPH_INLINE double median_of(std::vector<double>& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

FUNNELGRAPH_INLINE std::vector<std::optional<bool>> read_flags(const fit::Columns& table,
                                                               const std::string& column) {
  constexpr std::array<std::string_view, 8> yes = {"yes", "y", "true", "1", "met", "có", "cÓ", "đạt"};
  constexpr std::array<std::string_view, 8> no = {"no",      "n",     "false", "0",
                                                  "not met", "không", "chưa",  "không đạt"};
  const fit::detail::Labels labels = fit::detail::read_labels(table, column);
  std::vector<std::optional<bool>> meanings;
  for (const std::string& name : labels.names) {
    std::string lower = name;
    for (char& letter : lower) {
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    }
    meanings.emplace_back();
    if (std::ranges::find(yes, lower) != yes.end()) meanings.back() = true;
    if (std::ranges::find(no, lower) != no.end()) meanings.back() = false;
  }
  std::vector<std::optional<bool>> flags;
  flags.reserve(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::uint32_t label = labels.rows[row];
    if (label != fit::nowhere && !meanings[label]) {
      throw DataError(table.source(), table.row_number(row), column, "is neither yes nor no");
    }
    flags.push_back(label == fit::nowhere ? std::nullopt : meanings[label]);
  }
  return flags;
}

}  // namespace funnelgraph::inline v0::detail
