// What operations of a tape are about: numbers that all variants share, or that each has for itself.
#pragma once

#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// A number that every variant shares, or one that each has for itself.
struct TapeValue {
  double number = 0;              ///< where it is shared
  std::uint32_t column = shared;  ///< else which of the tape's values it is
  static constexpr std::uint32_t shared = 0xFFFFFFFFU;

  TapeValue() = default;
  TapeValue(double number_of_all) : number(number_of_all) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool is_shared() const noexcept { return column == shared; }
  [[nodiscard]] bool is(double value) const noexcept { return is_shared() && number == value; }
};

/// One product of a sum.
struct TapeTerm {
  TapeValue a;
  TapeValue b = 1.0;
};

/// scale * (a - shift), the difference first.
struct TapeDifference {
  TapeValue a;
  double shift = 0;
  double scale = 1;
};

}  // namespace funnelgraph::inline v0
