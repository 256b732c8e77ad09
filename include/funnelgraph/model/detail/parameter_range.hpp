// The range of the numbers that a kind of parameter may have.
#pragma once

#include <cmath>
#include <limits>

#include <funnelgraph/model/parameter.hpp>

namespace funnelgraph::inline v0::detail {

struct Range {
  double low;
  double high;
  bool open_low;      ///< whether `low` itself is outside
  bool may_be_unset;  ///< whether NaN takes the number away
  const char* text;

  [[nodiscard]] bool holds(double value) const noexcept {
    if (std::isnan(value)) return may_be_unset;
    return std::isfinite(value) && value <= high && (open_low ? value > low : value >= low);
  }
};

[[nodiscard]] inline Range range_of(ParameterKind kind) noexcept {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (kind) {
    case ParameterKind::rate:
    case ParameterKind::drop_off:
    case ParameterKind::commission:
      return {0, 1, false, false, "[0, 1]"};
    case ParameterKind::lag:
      return {0, infinity, false, true, "[0, inf) days, or NaN for an unknown lag"};
    case ParameterKind::lag_sd:
      return {0, infinity, false, false, "[0, inf) days"};
    case ParameterKind::capacity:
    case ParameterKind::service_level:
      return {0, infinity, false, true, "[0, inf), or NaN for none"};
    case ParameterKind::cost:
    case ParameterKind::transition_cost:
    case ParameterKind::entry_cost:
    case ParameterKind::volume:
    case ParameterKind::fixed_cost:
      return {0, infinity, false, false, "[0, inf)"};
    case ParameterKind::lever:
      return {0, infinity, true, false, "(0, inf)"};
    case ParameterKind::discount_rate:
      return {-1, infinity, true, false, "(-1, inf)"};
    case ParameterKind::value:
    case ParameterKind::transition_value:
    case ParameterKind::elasticity:
      break;
  }
  return {-infinity, infinity, true, false, "a finite number"};
}

}  // namespace funnelgraph::inline v0::detail
