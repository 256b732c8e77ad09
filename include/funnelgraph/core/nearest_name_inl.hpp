#pragma once

#include <algorithm>
#include <vector>

#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/utf8.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Names longer than this many code points are not compared: nobody mistypes them by hand.
inline constexpr std::size_t compared_name_limit = 256;

/// Code points with ASCII letters in lower case; a byte that is not UTF-8 stands for itself.
inline std::u32string folded(std::string_view name) {
  std::u32string codes;
  for (std::size_t position = 0; position < name.size() && codes.size() <= compared_name_limit;) {
    const std::size_t start = position;
    char32_t code = decode_utf8(name, position);
    if (code == not_utf8) code = static_cast<unsigned char>(name[start]);
    codes.push_back(code >= U'A' && code <= U'Z' ? code + 32 : code);
  }
  return codes;
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
inline std::size_t alignment_distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = a[i - 1] == b[j - 1] ? 0 : 1;
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + changed});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string nearest_name(std::string_view given, std::span<const std::string> candidates) {
  const std::u32string wanted = detail::folded(given);
  if (wanted.empty() || wanted.size() > detail::compared_name_limit) return {};
  const std::string* nearest = nullptr;
  std::size_t least = 0;
  for (const std::string& candidate : candidates) {
    const std::u32string codes = detail::folded(candidate);
    if (codes.empty() || codes.size() > detail::compared_name_limit) continue;
    const auto [shorter, longer] = std::minmax({wanted.size(), codes.size()});  // a list: by value
    const std::size_t allowed = std::max<std::size_t>(1, longer / 3);
    if (longer - shorter > allowed) continue;
    const std::size_t distance = detail::alignment_distance(wanted, codes);
    if (distance <= allowed && (nearest == nullptr || distance < least)) {
      nearest = &candidate;
      least = distance;
    }
  }
  return nearest == nullptr ? std::string{} : *nearest;
}

}  // namespace funnelgraph::inline v0
