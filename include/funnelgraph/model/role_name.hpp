// The role that an owner's name says.
#pragma once

#include <string_view>
#include <utility>

#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

/// Owners called Marketing, Sales, Care, R&D, Company or Outside have that role unless somebody says another;
/// any other name has none.
[[nodiscard]] inline Role role_of_name(std::string_view owner) noexcept {
  constexpr std::pair<std::string_view, Role> roles[] = {
      {"Marketing", Role::marketing}, {"Sales", Role::sales},     {"Care", Role::care},
      {"R&D", Role::r_and_d},         {"Company", Role::company}, {"Outside", Role::outside}};
  for (const auto& [name, role] : roles) {
    if (owner == name) return role;
  }
  return Role::other;
}

}  // namespace funnelgraph::inline v0
