// Which scorecards there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

/// `shared`: what Marketing and Sales are measured by together. `upstream_marketing`: softer and longer run.
/// `economics`: the usual formulas of a funnel.
enum class Card : std::uint8_t { marketing, sales, care, shared, upstream_marketing, economics };
inline constexpr std::size_t card_count = 6;

/// "upstream_marketing", as it is written in code.
[[nodiscard]] std::string to_string(Card card);
/// Throws UnknownNameError (kind "role") with the nearest.
[[nodiscard]] Card card_named(std::string_view name);
/// Whose card it is; other = nobody's alone.
[[nodiscard]] Role role_of(Card card) noexcept;
/// "Sales' scorecard" in "en" or "vi".
[[nodiscard]] std::string title_of(Card card, std::string_view language);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/card_inl.hpp>
#endif
