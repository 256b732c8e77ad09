// The two owners that are always there.
#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include <funnelgraph/model/parts.hpp>
#include <funnelgraph/model/role_name.hpp>

namespace funnelgraph::inline v0 {

/// What neither Marketing nor Sales decides: the company (price, product, stock, head-count) and the world
/// outside (season, financing, a competitor). A part of a funnel that names one of them brings it along, with
/// its role and without a fixed cost, unless it is there already.
inline constexpr std::string_view standing_owners[] = {"Company", "Outside"};

[[nodiscard]] inline bool is_standing_owner(std::string_view name) noexcept {
  return std::find(std::begin(standing_owners), std::end(standing_owners), name) != std::end(standing_owners);
}

/// Whether an owner is a standing one of which nobody has said anything yet.
[[nodiscard]] inline bool is_plain_standing_owner(const Owner& owner) {
  return is_standing_owner(owner.name) &&
         owner == Owner{.name = owner.name, .role = role_of_name(owner.name)};
}

}  // namespace funnelgraph::inline v0
