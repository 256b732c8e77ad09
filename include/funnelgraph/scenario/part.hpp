// Any part of a funnel as one value, and the names that tell it from others of its kind.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

enum class PartKind : std::uint8_t { owner, stage, outcome, transition, entry, lever, influence, view };

/// In the order of PartKind.
using Part = std::variant<Owner, Stage, Outcome, Transition, Entry, Lever, Influence, View>;

[[nodiscard]] constexpr PartKind kind_of(const Part& part) noexcept {
  return static_cast<PartKind>(part.index());
}

/// What a part goes by: its name; from and to of a transition; stage and channel of an entry; lever,
/// from and to of an influence.
[[nodiscard]] std::vector<std::string> names_of(const Part& part);
/// How many names parts of a kind go by.
[[nodiscard]] constexpr std::size_t names_count(PartKind kind) noexcept {
  return kind == PartKind::influence ? 3 : kind == PartKind::transition || kind == PartKind::entry ? 2 : 1;
}

/// "stage", as it is written in JSON.
[[nodiscard]] std::string to_string(PartKind kind);
/// "transition enquiry -> order", as errors call it.
[[nodiscard]] std::string part_title(PartKind kind, const std::vector<std::string>& names);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/scenario/part_inl.hpp>
#endif
