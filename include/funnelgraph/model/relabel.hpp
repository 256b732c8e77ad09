// The same funnel under the names of another side.
#pragma once

#include <string_view>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

/// The funnel with its stages named as in the view: the buyer's words for the seller's funnel. Stages
/// that the view leaves out, or names with an empty text, keep their names. In the result the view maps
/// back, so that relabelling twice gives the funnel again. Throws UnknownNameError (view, or a stage that
/// the view names), InvalidValueError when two stages, or a stage and an outcome, would share a name.
/// O(size of the funnel).
[[nodiscard]] Funnel relabel(const Funnel& funnel, std::string_view view);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/relabel_inl.hpp>
#endif
