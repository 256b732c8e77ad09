// Subtraction-free elimination, recorded on a tape.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/tape.hpp>

namespace funnelgraph::inline v0::detail {

/// What `Solver::solve_transposed` does, as operations on columns. Rows need not add up to 1: each is
/// weights, and z_i is what passes stage i for a unit of weight, so that z_i w_ij flows from i to j and z_i
/// times the sum of the row are the expected visits. A row is divided at most once.
class LaneSolver {
 public:
  /// `weight` by edge, `leaving` by stage: what leaves beside the edges. `total` by stage: the sum of
  /// its row, loops included; NaN where it must be added up. Records a check that every pivot is > 0.
  LaneSolver(TapeBuilder& tape, const Elimination& elimination, std::vector<TapeValue> weight,
             std::span<const TapeValue> leaving, std::span<const TapeValue> total);

  /// Overwrites a (entrants by stage) with z.
  void solve(std::vector<TapeValue>& a) const;
  [[nodiscard]] TapeValue weight(std::uint32_t edge) const { return weight_[edge]; }

 private:
  using Terms = std::vector<TapeTerm>;
  void eliminate(const CyclicBlock& block, std::span<const TapeValue> leaving);
  void positive(TapeValue pivot);

  TapeBuilder& tape_;
  const EliminationPlan& plan_;
  std::vector<TapeValue> weight_, pivot_, exit_;
  std::vector<TapeValue> lower_, upper_, dense_;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/lane_solver_inl.hpp>
#endif
