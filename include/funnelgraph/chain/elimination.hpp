// The order of operations that solves a chain, found once from its graph.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/chain/chain.hpp>

namespace funnelgraph::inline v0 {

/// What the symbolic phase found (sizes of work, for tests, benchmarks and messages).
struct EliminationStatistics {
  std::uint32_t components = 0;         ///< strongly connected components
  std::uint32_t cyclic_components = 0;  ///< those with a cycle over more than one stage
  std::uint32_t largest_component = 0;  ///< stages in the largest
  std::uint64_t fill = 0;               ///< entries that elimination creates
  std::uint64_t operations = 0;         ///< multiply-adds of one factorisation
};

/// A plan: strongly connected components in topological order, minimum-degree order inside each, the
/// filled pattern and the tape of operations. It depends on the graph alone; numbers come with
/// `Solver` (solver.hpp). Immutable; copies are deep; const use from many threads is safe.
class Elimination {
 public:
  Elimination() = default;
  explicit Elimination(const Chain& chain);
  Elimination(std::uint32_t stage_count, std::span<const std::uint32_t> row_begin,
              std::span<const std::uint32_t> target);

  [[nodiscard]] std::uint32_t stage_count() const noexcept;
  [[nodiscard]] EliminationStatistics statistics() const noexcept;
  // The chain helper defines the rest of the members.
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/elimination_inl.hpp>
#endif
