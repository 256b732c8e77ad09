// Whose a funnel's stages are, by role: where Marketing hands over to Sales and back.
#pragma once

#include <string>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/answers.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::maturity {

/// Names of the owners of one side: those with its role, and, where no owner has it, those whose name says so
/// ("Kinh doanh") and that have no other role.
[[nodiscard]] std::vector<std::string> owners_of(const Funnel& funnel, Side side);

/// Share that owners of these names hold together.
[[nodiscard]] double share_of(const Ownership& ownership, const std::vector<std::string>& owners);

/// A transition between two stages along which one side gives and the other takes.
struct SideHandOff {
  TransitionId transition;
  double moved = 0;  ///< share of a journey that changes hands, above 0
};

/// In the order of the transitions. The moved share is that of the ledger: what each giver loses goes to the
/// takers in proportion; stages that nobody owns give and take nothing. O(transitions * owners).
[[nodiscard]] std::vector<SideHandOff> hand_offs_between(const Funnel& funnel, Side giver, Side receiver);

/// Share of the stages on either end of a hand-off between the sides that say what they are or what they
/// accept; NaN without a hand-off.
[[nodiscard]] double defined_share(const Funnel& funnel);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/owner_roles_inl.hpp>
#endif
