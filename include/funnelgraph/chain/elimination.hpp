// The order of operations that solves a chain, found once from its graph.
#pragma once

#include <cstdint>
#include <span>

#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/plan.hpp>

namespace funnelgraph::inline v0 {

/// What the symbolic phase found (sizes of work, for tests, benchmarks and messages).
struct EliminationStatistics {
  std::uint32_t components = 0;         ///< strongly connected components
  std::uint32_t cyclic_components = 0;  ///< those with a cycle over more than one stage
  std::uint32_t largest_component = 0;  ///< stages in the largest
  std::uint64_t fill = 0;               ///< entries that elimination creates
  std::uint64_t operations = 0;         ///< multiply-adds of one factorisation
};

/// A plan: strongly connected components in topological order, an order of little fill inside each, the
/// filled pattern. It depends on the graph alone; numbers come with `Solver` (solver.hpp). Immutable;
/// copies are deep; const use from many threads is safe. Loops of one stage and parallel edges are
/// allowed; edges to outcomes play no part. O(edges) for acyclic parts.
class Elimination {
 public:
  Elimination() = default;
  explicit Elimination(const Chain& chain);
  /// Edges of stage i are row_begin[i] .. row_begin[i+1]-1; a target from stage_count on is an outcome.
  /// Throws InvalidValueError when the arrays do not fit together.
  Elimination(std::uint32_t stage_count, std::span<const std::uint32_t> row_begin,
              std::span<const std::uint32_t> target);

  [[nodiscard]] std::uint32_t stage_count() const noexcept { return plan_.stage_count; }
  [[nodiscard]] std::uint32_t edge_count() const noexcept {
    return static_cast<std::uint32_t>(plan_.target.size());
  }
  [[nodiscard]] EliminationStatistics statistics() const noexcept { return statistics_; }
  [[nodiscard]] const EliminationPlan& plan() const noexcept { return plan_; }

 private:
  EliminationPlan plan_;
  EliminationStatistics statistics_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/elimination_inl.hpp>
#endif
