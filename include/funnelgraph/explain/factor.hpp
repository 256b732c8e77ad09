// What kind of number a difference lies in.
#pragma once

#include <cstdint>
#include <string>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// The rates of one stage, its drop-off with them, are one thing; costs include commissions and the costs
/// of transitions and entries.
enum class Factor : std::uint8_t {
  volume,
  rates,
  lags,
  costs,
  values,
  capacity,
  lever,  ///< a lever and its elasticities
  fixed_cost,
  discount_rate
};

/// "rates", as it stands in tables.
[[nodiscard]] std::string to_string(Factor factor);

/// One of the two funnels that are compared.
enum class Side : std::uint8_t { plan, actual };

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/factor_inl.hpp>
#endif
