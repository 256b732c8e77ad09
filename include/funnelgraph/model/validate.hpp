// Everything that is wrong with a funnel, at once.
#pragma once

#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/reserved_names.hpp>
#include <funnelgraph/model/tolerances.hpp>

namespace funnelgraph::inline v0 {

/// Lists every problem with place, value and allowed range; empty when all is well. Errors stop
/// `compile`, warnings (a change of unit along a transition, a stage without owner, ...) do not.
/// O(stages + transitions).
[[nodiscard]] std::vector<Issue> validate(const Funnel& funnel);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/validate_inl.hpp>
#endif
