// What turns one funnel into another.
#pragma once

#include <string>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

/// The scenario that turns `from` into `to`: apply(from, diff(from, to)) == to, to the last bit and with
/// every source and text. A part that differs in numbers only gives a `set` for each; rates of such
/// parts take from nobody. Other parts are replaced, added or taken away. Empty where the funnels are
/// equal. O(size of both).
[[nodiscard]] Scenario diff(const Funnel& from, const Funnel& to, const std::string& name = "difference");

/// What undoes a scenario on a funnel: apply(apply(funnel, scenario), inverse(scenario, funnel)) == funnel.
/// Throws what `apply` throws.
[[nodiscard]] Scenario inverse(const Scenario& scenario, const Funnel& funnel);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/scenario/diff_inl.hpp>
#endif
