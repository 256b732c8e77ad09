// A scenario carried out in part.
#pragma once

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

/// The scenario with its numbers going only a part of their way from the base: at `strength` s a set number
/// is base + s (number - base), a factor 1 + s (factor - 1), a summand s times itself, a factor of odds its
/// s-th power. A number that is unknown or not set at either end, and all structure, is there whatever s.
/// 1 gives the scenario itself. Throws InvalidValueError unless s is in [0, 1].
[[nodiscard]] Scenario at_strength(const Scenario& scenario, const Funnel& base, double strength);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/strength_inl.hpp>
#endif
