// The address of a number in a chain.
#pragma once

#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

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
  discount_rate,
  // What `refresh` makes of an edge's lag, given in its place: to put one side's waiting times into
  // another's chain. Of a batch only; no parameter leads here.
  derived_lag_mean,
  derived_lag_variance,
  derived_discount,
  derived_discount_loss
};

/// A place in the inputs of a chain.
struct InputRef {
  Input input = Input::base_rate;
  std::uint32_t index = 0;
  bool operator==(const InputRef&) const = default;
};

}  // namespace funnelgraph::inline v0
