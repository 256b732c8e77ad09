// Who gives which share to whom along a transition.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <funnelgraph/model/ownership.hpp>

namespace funnelgraph::inline v0::detail {

struct MovedShare {
  std::string owner;
  double share = 0;
};

/// The shares of `one` above those of `other`: the givers of from -> to, and the receivers of to -> from.
inline std::vector<MovedShare> shares_above(const Ownership& one, const Ownership& other) {
  std::vector<MovedShare> moved;
  std::set<std::string> seen;
  for (const OwnerShare& part : one.shares()) {
    const double share = one.share(part.owner) - other.share(part.owner);
    if (share > 0 && seen.insert(part.owner).second) moved.push_back({part.owner, share});
  }
  return moved;
}

/// Whether something changes hands; what nobody owns is in no hands.
inline bool is_hand_off(const Ownership& from, const Ownership& to) {
  return !from.empty() && !to.empty() && !(shares_above(from, to).empty() && shares_above(to, from).empty());
}

}  // namespace funnelgraph::inline v0::detail
