#pragma once

#include <utility>

#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/ownership.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE Ownership::Ownership(const std::string& owner) {
  if (owner.empty()) return;
  shares_ = std::make_shared<const std::vector<OwnerShare>>(1, OwnerShare{normalise_name(owner), 1.0});
}

FUNNELGRAPH_INLINE Ownership::Ownership(std::initializer_list<OwnerShare> shares)
    : Ownership(std::vector<OwnerShare>(shares)) {}

FUNNELGRAPH_INLINE Ownership::Ownership(std::vector<OwnerShare> shares) {
  if (shares.empty()) return;
  for (OwnerShare& part : shares) part.owner = normalise_name(part.owner);
  shares_ = std::make_shared<const std::vector<OwnerShare>>(std::move(shares));
}

FUNNELGRAPH_INLINE const std::vector<OwnerShare>& Ownership::shares() const noexcept {
  static const std::vector<OwnerShare> nobody;
  return shares_ ? *shares_ : nobody;
}

FUNNELGRAPH_INLINE double Ownership::share(std::string_view owner) const noexcept {
  double total = 0;
  for (const OwnerShare& part : shares()) {
    if (part.owner == owner) total += part.share;
  }
  return total;
}

FUNNELGRAPH_INLINE bool operator==(const Ownership& a, const Ownership& b) {
  const std::vector<OwnerShare>& left = a.shares();
  const std::vector<OwnerShare>& right = b.shares();
  if (a.shares_ == b.shares_ || left == right) return true;
  if (left.size() != right.size()) return false;
  std::vector<bool> taken(right.size(), false);
  for (const OwnerShare& part : left) {
    std::size_t i = 0;
    while (i < right.size() && (taken[i] || !(right[i] == part))) ++i;
    if (i == right.size()) return false;
    taken[i] = true;
  }
  return true;
}

FUNNELGRAPH_INLINE std::string to_string(const Ownership& ownership) {
  const std::vector<OwnerShare>& shares = ownership.shares();
  std::string text;
  for (const OwnerShare& part : shares) {
    const std::string share = detail::shown_percent(part.share);
    if (!text.empty()) text += ", ";
    text += part.owner;
    if (shares.size() > 1 || share != "100 %") text += " " + share;
  }
  return text;
}

}  // namespace funnelgraph::inline v0
