// Definitions of factor.hpp.
#pragma once

#include <funnelgraph/explain/factor.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::string to_string(Factor factor) {
  switch (factor) {
    case Factor::volume:
      return "volume";
    case Factor::rates:
      return "rates";
    case Factor::lags:
      return "lags";
    case Factor::costs:
      return "costs";
    case Factor::values:
      return "values";
    case Factor::capacity:
      return "capacity";
    case Factor::lever:
      return "lever";
    case Factor::fixed_cost:
      return "fixed_cost";
    case Factor::discount_rate:
      break;
  }
  return "discount_rate";
}

}  // namespace funnelgraph::inline v0
