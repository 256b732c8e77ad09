// Definitions of flags.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/flag_words.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/kpi/detail/flags.hpp>

namespace funnelgraph::inline v0::detail {

/// Yes or no, or whether a definition was met; none where a word says neither.
inline std::optional<bool> flag_or_met(const std::string& word) {
  constexpr std::string_view met[] = {"met", "đạt", "Đạt", "ĐẠt"};
  constexpr std::string_view not_met[] = {"not met",   "chưa",      "chƯa",     "không đạt",
                                          "không Đạt", "khÔng Đạt", "khÔng ĐẠt"};
  if (const std::optional<bool> flag = fit::detail::flag_of(word)) return flag;
  const std::string lower = fit::detail::in_lower_case(word);
  if (std::ranges::find(met, lower) != std::ranges::end(met)) return true;
  if (std::ranges::find(not_met, lower) != std::ranges::end(not_met)) return false;
  return std::nullopt;
}

FUNNELGRAPH_INLINE std::vector<std::optional<bool>> read_flags(const fit::Columns& table,
                                                               const std::string& column) {
  const fit::detail::Labels labels = fit::detail::read_labels(table, column);
  std::vector<std::optional<bool>> meanings;
  for (const std::string& name : labels.names) meanings.push_back(flag_or_met(name));
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
