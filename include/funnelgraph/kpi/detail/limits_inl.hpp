// Definitions of limits.hpp.
#pragma once

#include <cmath>
#include <string>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/detail/limits.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE fit::Tick limit_ticks(const std::string& where, double days) {
  if (!(days > 0) || days > longest_limit) {
    throw InvalidValueError(where, shown(days), "days in (0, 3652058]");
  }
  return static_cast<fit::Tick>(std::llround(days * static_cast<double>(fit::ticks_per_day)));
}

}  // namespace funnelgraph::inline v0::detail
