// A funnel as GraphML, for other programs that draw and study graphs.
#pragma once

#include <string>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

/// Nodes are stages and outcomes (kind, name, owner "Marketing:0.5;Sales:0.5", unit, definition, cost,
/// value, commission, capacity, drop_off, volume of its entries), edges the transitions (rate, lag,
/// cost, value, service_level, hand_off: whether its owners differ). What is unknown or not set is left
/// out, as is a transition whose ends do not exist. XML 1.0 in UTF-8; characters it cannot hold become
/// U+FFFD. Only for writing: from_json (json.hpp) reads funnels. O(size).
[[nodiscard]] std::string to_graphml(const Funnel& funnel);

}  // namespace funnelgraph::inline v0
