// What became of one of many variants.
#pragma once

#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// What became of a variant. Only `ok` and `fitted` have figures; the others have NaN.
enum class VariantStatus : std::uint8_t {
  ok,
  fitted,        ///< its rates left their donors less than nothing and were scaled to fit
  impossible,    ///< its rates leave their donors less than nothing
  out_of_range,  ///< a number outside its range, or NaN
  unsolvable     ///< a set of stages that nothing leaves
};

}  // namespace funnelgraph::inline v0
