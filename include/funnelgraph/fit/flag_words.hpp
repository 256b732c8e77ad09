// Words that say yes and no, in English and Vietnamese. Internal.
#pragma once

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// A word with its ASCII letters in lower case.
inline std::string in_lower_case(std::string word) {
  for (char& letter : word)
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  return word;
}

/// Yes or no, in upper or lower case; none where a word says neither.
inline std::optional<bool> flag_of(const std::string& word) {
  // Capitals beyond ASCII stay.
  constexpr std::string_view yes[] = {"yes", "y", "true", "1", "có", "cÓ"};
  constexpr std::string_view no[] = {"no", "n", "false", "0", "không", "khÔng"};
  const std::string lower = in_lower_case(word);
  if (std::ranges::find(yes, lower) != std::ranges::end(yes)) return true;
  if (std::ranges::find(no, lower) != std::ranges::end(no)) return false;
  return std::nullopt;
}

}  // namespace funnelgraph::inline v0::fit::detail
