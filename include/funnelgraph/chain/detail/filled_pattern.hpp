// The graph of a cyclic component, and what an order of elimination fills.
#pragma once

#include <cstdint>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// A graph on 0 .. size-1 without loops and parallel edges: rows by `begin`.
struct ComponentGraph {
  std::vector<std::uint32_t> begin{0}, target;
  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(begin.size() - 1); }
};

/// An order and the pattern that it fills. Row r belongs to stage order[r]: `lower` lists the earlier stages
/// that change it (in order of elimination), `upper` the later ones that it reaches. The last `dense` rows
/// have no `upper`, and no `lower` among themselves: they are one full block.
struct FilledPattern {
  std::vector<std::uint32_t> order, lower_begin{0}, lower, upper_begin{0}, upper;
  std::uint32_t dense = 0;
  std::uint64_t operations = 0;  ///< multiply-adds of one factorisation
  std::uint64_t fill = 0;        ///< entries beyond those of the graph
};

}  // namespace funnelgraph::inline v0::detail
