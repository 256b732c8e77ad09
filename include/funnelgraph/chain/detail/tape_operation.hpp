// One operation as a tape records it.
#pragma once

#include <cstdint>
#include <vector>

#include <funnelgraph/chain/tape_value.hpp>
#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// Values are numbered: the columns from outside first, then what operations make.
struct TapeOperation {
  enum class Kind : std::uint8_t { dot, divide, ratio, missing, at_least, unless, within, map, check, guard };
  Kind kind = Kind::dot;
  double start = 0;
  double least = 0;                      ///< of a guard
  std::vector<TapeDifference> scaled{};  ///< of a check: low is the scale, high the shift
  std::vector<std::uint32_t> a{}, b{};   ///< products of a dot, pairs; operands of the others
  std::vector<std::uint32_t> out{};
  std::uint32_t function = 0;  ///< of a map; of a check how many have a high

  /// Calls visit(value) for every value that it reads.
  template <class Visit>
  void each_operand(Visit&& visit) const {
    for (const TapeDifference& term : scaled) {
      if (!term.a.is_shared()) visit(term.a.column);
    }
    for (const std::uint32_t value : a) visit(value);
    for (const std::uint32_t value : b) visit(value);
  }
};

}  // namespace funnelgraph::inline v0::detail
