// Strong indices of the parts of a funnel; removal of a part invalidates those of its kind.
#pragma once

#include <compare>
#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

template <class Tag>
struct Id {
  std::uint32_t index = 0;
  auto operator<=>(const Id&) const = default;
};

using StageId = Id<struct StageTag>;
using OutcomeId = Id<struct OutcomeTag>;
using TransitionId = Id<struct TransitionTag>;
using OwnerId = Id<struct OwnerTag>;
using LeverId = Id<struct LeverTag>;

}  // namespace funnelgraph::inline v0
