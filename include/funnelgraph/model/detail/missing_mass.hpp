// What the rates of a row leave of 1.
#pragma once

#include <cmath>

#include <funnelgraph/model/tolerances.hpp>

namespace funnelgraph::inline v0::detail {

/// One minus the sum of the rates, exact to the last digit by carrying the rounding along.
class MissingMass {
 public:
  void take(double rate) noexcept {
    const double next = rest_ - rate;
    carry_ += std::abs(rest_) >= std::abs(rate) ? (rest_ - next) - rate : rest_ - (next + rate);
    rest_ = next;
  }
  /// A mass below `rounding_mass` is rounding.
  [[nodiscard]] double value() const noexcept {
    const double mass = rest_ + carry_;
    return mass < rounding_mass ? 0.0 : mass;
  }

 private:
  double rest_ = 1;
  double carry_ = 0;
};

}  // namespace funnelgraph::inline v0::detail
