// Definitions of flags.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/kpi/detail/flags.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE std::vector<std::optional<bool>> read_flags(const fit::Columns& table,
                                                               const std::string& column) {
  // Capitals beyond ASCII stay as they are below.
  constexpr std::array<std::string_view, 10> yes = {"yes", "y",  "true", "1",   "met",
                                                    "có",  "cÓ", "đạt",  "Đạt", "ĐẠt"};
  constexpr std::array<std::string_view, 13> no = {"no",        "n",         "false",    "0",    "not met",
                                                   "không",     "khÔng",     "chưa",     "chƯa", "không đạt",
                                                   "không Đạt", "khÔng Đạt", "khÔng ĐẠt"};
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
