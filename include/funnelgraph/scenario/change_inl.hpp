#pragma once

#include <type_traits>

#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/part_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// " from day 0 to day 30"
[[nodiscard]] inline std::string dates_text(const Change& change) {
  std::string text;
  if (change.start) text += " from day " + shown(*change.start);
  if (change.end) text += " to day " + shown(*change.end);
  return text;
}

[[nodiscard]] inline std::string number_text(const NumberChange& change) {
  const std::string number = to_string(change.parameter);
  const std::string value = shown(change.value.value);
  std::string text;
  switch (change.kind) {
    case ChangeKind::set:
      text = "set " + number + " to " + value;
      break;
    case ChangeKind::scale:
      text = "scale " + number + " by " + value;
      break;
    case ChangeKind::shift:
      text = "shift " + number + " by " + value;
      break;
    case ChangeKind::scale_odds:
      text = "scale the odds of " + number + " by " + value;
  }
  if (change.take_from.is_nobody()) return text + ", taken from nobody";
  if (!change.take_from.is_leak()) text += ", taken from " + change.take_from.name();
  return text;
}

[[nodiscard]] inline std::string ownership_words(const Ownership& ownership) {
  std::string text;
  for (const OwnerShare& part : ownership.shares()) {
    if (!text.empty()) text += ", ";
    text += part.owner;
    if (ownership.shares().size() > 1) text += " " + shown(part.share);
  }
  return text.empty() ? "nobody" : text;
}

}  // namespace detail

FUNNELGRAPH_INLINE TakeFrom::TakeFrom(const std::string& name)
    : name_(name.empty() ? "leak" : normalise_name(name)) {}

FUNNELGRAPH_INLINE std::string to_string(ChangeKind kind) {
  constexpr const char* words[] = {"set", "scale", "shift", "scale_odds"};
  return words[static_cast<std::size_t>(kind)];
}

FUNNELGRAPH_INLINE std::string to_string(const Change& change) {
  return std::visit(
             [](const auto& what) -> std::string {
               using What = std::decay_t<decltype(what)>;
               if constexpr (std::is_same_v<What, NumberChange>) {
                 return detail::number_text(what);
               } else if constexpr (std::is_same_v<What, AddPart>) {
                 return "add " + part_title(kind_of(what.part), names_of(what.part));
               } else if constexpr (std::is_same_v<What, RemovePart>) {
                 return "remove " + part_title(what.kind, what.names);
               } else if constexpr (std::is_same_v<What, ReplacePart>) {
                 return (what.parts.empty() ? "take away " : "replace ") + part_title(what.kind, what.names);
               } else if constexpr (std::is_same_v<What, SetOwner>) {
                 return "give " + what.name + " to " + detail::ownership_words(what.owner);
               } else {
                 return "replace what is said of the funnel";
               }
             },
             change.what) +
         detail::dates_text(change);
}

}  // namespace funnelgraph::inline v0
