#pragma once

#include <algorithm>
#include <limits>

#include <funnelgraph/maturity/answers_inl.hpp>
#include <funnelgraph/maturity/owner_roles.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

/// Moved shares below this are rounding of the shares' own sums, not a hand-off.
inline constexpr double least_moved = 1e-12;

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<std::string> owners_of(const Funnel& funnel, Side side) {
  const Role wanted = side == Side::marketing ? Role::marketing : Role::sales;
  std::vector<std::string> by_role, by_name;
  for (const Owner& owner : funnel.owners()) {
    if (owner.role == wanted) by_role.push_back(owner.name);
    if (owner.role == Role::other && side_of(owner.name) == side) by_name.push_back(owner.name);
  }
  return by_role.empty() ? by_name : by_role;
}

FUNNELGRAPH_INLINE double share_of(const Ownership& ownership, const std::vector<std::string>& owners) {
  double sum = 0;
  for (const std::string& owner : owners) sum += ownership.share(owner);
  return sum;
}

FUNNELGRAPH_INLINE std::vector<SideHandOff> hand_offs_between(const Funnel& funnel, Side giver,
                                                              Side receiver) {
  const std::vector<std::string> givers = owners_of(funnel, giver);
  const std::vector<std::string> receivers = owners_of(funnel, receiver);
  std::vector<SideHandOff> found;
  const auto transitions = funnel.transitions();
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const auto from = funnel.find_stage(transitions[i].from);
    const auto to = funnel.find_stage(transitions[i].to);
    if (!from || !to) continue;
    const Ownership& before = funnel.stage(*from).owner;
    const Ownership& after = funnel.stage(*to).owner;
    if (before.empty() || after.empty()) continue;
    double given = 0;
    double taken = 0;
    double all = 0;
    for (const OwnerShare& share : before.shares()) {
      const double less = std::max(0.0, share.share - after.share(share.owner));
      if (std::find(givers.begin(), givers.end(), share.owner) != givers.end()) given += less;
    }
    for (const OwnerShare& share : after.shares()) {
      const double more = std::max(0.0, share.share - before.share(share.owner));
      all += more;
      if (std::find(receivers.begin(), receivers.end(), share.owner) != receivers.end()) taken += more;
    }
    const double moved = all > 0 ? given * (taken / all) : 0;
    if (moved > detail::least_moved) {
      found.push_back({TransitionId{static_cast<std::uint32_t>(i)}, moved});
    }
  }
  return found;
}

FUNNELGRAPH_INLINE double defined_share(const Funnel& funnel) {
  std::vector<std::string> ends;
  double defined = 0;
  for (const auto& moves : {hand_offs_between(funnel, Side::marketing, Side::sales),
                            hand_offs_between(funnel, Side::sales, Side::marketing)}) {
    for (const SideHandOff& move : moves) {
      const Transition& transition = funnel.transition(move.transition);
      for (const std::string& name : {transition.from, transition.to}) {
        if (std::find(ends.begin(), ends.end(), name) != ends.end()) continue;
        ends.push_back(name);
        const Stage& stage = funnel.stage(name);
        if (!stage.definition.empty() || !stage.accept_if.empty()) defined += 1;
      }
    }
  }
  return ends.empty() ? std::numeric_limits<double>::quiet_NaN() : defined / static_cast<double>(ends.size());
}

}  // namespace funnelgraph::inline v0::maturity
