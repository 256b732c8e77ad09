#pragma once

#include <type_traits>

#include <funnelgraph/scenario/part.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::vector<std::string> names_of(const Part& part) {
  return std::visit(
      [](const auto& p) -> std::vector<std::string> {
        using P = std::decay_t<decltype(p)>;
        if constexpr (std::is_same_v<P, Transition>) {
          return {p.from, p.to};
        } else if constexpr (std::is_same_v<P, Entry>) {
          return {p.stage, p.channel};
        } else if constexpr (std::is_same_v<P, Influence>) {
          return {p.lever, p.from, p.to};
        } else {
          return {p.name};
        }
      },
      part);
}

FUNNELGRAPH_INLINE std::string to_string(PartKind kind) {
  constexpr const char* words[] = {"owner", "stage", "outcome",   "transition",
                                   "entry", "lever", "influence", "view"};
  return words[static_cast<std::size_t>(kind)];
}

FUNNELGRAPH_INLINE std::string part_title(PartKind kind, const std::vector<std::string>& names) {
  std::string title = to_string(kind) + " " + names.at(0);
  if (kind == PartKind::transition) title += " -> " + names.at(1);
  if (kind == PartKind::entry && !names.at(1).empty()) title += ", channel " + names.at(1);
  if (kind == PartKind::influence) title += " on " + names.at(1) + " -> " + names.at(2);
  return title;
}

}  // namespace funnelgraph::inline v0
