// A compiled funnel: the chain, which parameter feeds which input, and the names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

/// Positions: stages, outcomes, owners, levers, entries and influences keep the funnel's order;
/// edges are sorted by source, so transitions have a map both ways.
struct Layout {
  std::vector<std::uint32_t> edge_of_transition;
  std::vector<std::uint32_t> transition_of_edge;
  /// Stages whose drop-off was given; elsewhere it is what is missing from the row.
  std::vector<bool> drop_off_given;
};

/// Names by position, for whoever shows results.
struct Labels {
  std::vector<std::string> stages, outcomes, owners, levers;
  std::vector<std::string> stage_units;
  std::vector<Role> owner_roles;
};

struct Compiled {
  Chain chain;
  Layout layout;
  Labels labels;
};

}  // namespace funnelgraph::inline v0
