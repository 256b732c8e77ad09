// What the words of a column say of how a journey stands. Internal.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/core/names.hpp>
#include <funnelgraph/fit/flag_words.hpp>
#include <funnelgraph/fit/options.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// What the words of the status column say; none = nothing.
inline std::vector<std::optional<Status>> meanings(const std::vector<std::string>& words,
                                                   const std::map<std::string, Status>& statuses) {
  std::map<std::string, Status> known;
  for (const auto& [word, meaning] : statuses) known[normalise_name(word)] = meaning;
  std::vector<std::optional<Status>> result;
  for (const std::string& word : words) {
    if (!known.empty()) {
      const auto at = known.find(word);
      result.push_back(at == known.end() ? std::nullopt : std::optional(at->second));
      continue;
    }
    const std::string lower = in_lower_case(word);
    constexpr std::pair<const char*, Status> kinds[] = {{"open", Status::open},
                                                        {"won", Status::won},
                                                        {"lost", Status::lost},
                                                        {"screened", Status::screened},
                                                        {"silent", Status::silent}};
    std::optional<Status> meaning;
    for (const auto& [name, kind] : kinds) {
      if (lower == name) meaning = kind;
    }
    result.push_back(meaning);
  }
  return result;
}

/// Whether these words say yes and no, or no only: then they are no reasons.
inline bool are_flags(const std::vector<std::string>& words) {
  bool any_no = false;
  for (const std::string& word : words) {
    const std::optional<bool> flag = flag_of(word);
    if (!flag) return false;
    any_no = any_no || !*flag;
  }
  return any_no;
}

}  // namespace funnelgraph::inline v0::fit::detail
