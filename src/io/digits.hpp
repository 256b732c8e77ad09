// The fewest digits that read back to the same double.
#pragma once

#include <array>
#include <charconv>
#include <cmath>
#include <string>

namespace funnelgraph::inline v0::detail {

/// Whole numbers below 1e15 are written without an exponent: 2000000, not 2e+06. `value` is finite.
inline std::string shortest_digits(double value) {
  constexpr double plain_limit = 1e15;
  std::array<char, 32> digits{};
  char* const last = digits.data() + digits.size();
  const bool plain = std::trunc(value) == value && std::fabs(value) < plain_limit;
  const auto written = plain ? std::to_chars(digits.data(), last, value, std::chars_format::fixed)
                             : std::to_chars(digits.data(), last, value);
  return {digits.data(), written.ptr};
}

}  // namespace funnelgraph::inline v0::detail
