// Definitions of unknown_name.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

inline constexpr std::size_t listed_names = 12;

inline std::string known_names(std::span<const std::string> names) {
  std::vector<std::string_view> known;
  std::string text;
  for (const std::string& name : names) {
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (known.size() == listed_names) return text + " and more";
    text += (known.empty() ? "known: " : ", ") + shown(name);
    known.push_back(name);
  }
  return text;
}

}  // namespace detail

FUNNELGRAPH_INLINE UnknownNameError unknown_name(std::string kind, std::string_view given,
                                                 std::span<const std::string> names) {
  std::string nearest = nearest_name(given, names);
  const std::string hint = nearest.empty() ? detail::known_names(names) : std::string();
  return {std::move(kind), std::string(given), std::move(nearest), hint};
}

}  // namespace funnelgraph::inline v0
