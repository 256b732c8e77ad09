// A compiled funnel: the chain, which parameter feeds which input, and the names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

/// One input array of a chain.
enum class Input : std::uint8_t {
  base_rate,
  base_drop_off,
  lag_mean,
  lag_sd,
  edge_cost,
  edge_value,
  service_level,
  stage_cost,
  stage_value,
  stage_commission,
  capacity,
  outcome_value,
  outcome_commission,
  entry_volume,
  entry_cost,
  lever_value,
  elasticity,
  fixed_cost,
  discount_rate
};

/// A place in the inputs of a chain.
struct InputRef {
  Input input = Input::base_rate;
  std::uint32_t index = 0;
  bool operator==(const InputRef&) const = default;
};

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
