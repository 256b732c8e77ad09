// The loops of a tape over a block of lanes, built for several instruction sets.
#pragma once

#include <cstddef>
#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// Blocks have a multiple of this many lanes, whatever the instruction set.
inline constexpr std::size_t lane_step = 32;

/// out = start + sum of scale * (x - shift) + sum of a * b, added in that order.
struct LaneDot {
  double* out;
  double start;
  const double* const* x;
  const double* scale;
  const double* shift;
  std::size_t scaled;
  const double* const* a;
  const double* const* b;
  std::size_t products;
};

/// A sum of differences of which every x must be >= 0 and the sum at least `least`; ok as in LaneCheck.
/// `out` may be null where only that is asked. Where `ok` is null an x of -0 may count as one below 0.
struct LaneGuard {
  double* out;
  std::int64_t* ok;
  bool fresh;
  double start;
  double least;
  const double* const* x;
  const double* scale;
  const double* shift;
  std::size_t scaled;
};

/// ok = 0 where an x is below its low, above its high or NaN; the first `both` have a high. Elsewhere it
/// stays what it was, or -1 where it is `fresh`. A null `ok` asks only whether all are.
struct LaneCheck {
  std::int64_t* ok;
  bool fresh;
  const double* const* x;
  const double* low;
  const double* high;
  std::size_t both;
  std::size_t checks;
};

/// out = 1 where no x is above its limit, else 0.
struct LaneWithin {
  double* out;
  const double* const* x;
  const double* const* limit;
  std::size_t checks;
};

/// The same bits from every instruction set: no contraction, no other order. `lanes` is a multiple of
/// `lane_step`; nothing overlaps but equal pointers.
struct LaneKernels {
  const char* name;
  void (*dot)(const LaneDot&, std::size_t lanes);
  /// out = a / b
  void (*divide)(double* out, const double* a, const double* b, std::size_t lanes);
  /// out = a / b, NaN where b is 0
  void (*ratio)(double* out, const double* a, const double* b, std::size_t lanes);
  /// out = 1 - sum of x, the rounding of every step carried along.
  void (*missing)(double* out, const double* const* x, std::size_t terms, std::size_t lanes);
  /// out = a, 0 where it is below `least`
  void (*at_least)(double* out, const double* a, double least, std::size_t lanes);
  /// out = a, NaN where b is above 0
  void (*unless)(double* out, const double* a, const double* b, std::size_t lanes);
  /// Whether all lanes are ok.
  bool (*check)(const LaneCheck&, std::size_t lanes);
  void (*within)(const LaneWithin&, std::size_t lanes);
  /// Whether all lanes are ok.
  bool (*guard)(const LaneGuard&, std::size_t lanes);
};

}  // namespace funnelgraph::inline v0::detail
