// Subtraction-free solution of V = c + P V and of y = a + y P over any number type.
#pragma once

#include <span>
#include <vector>

#include <funnelgraph/chain/elimination.hpp>

namespace funnelgraph::inline v0 {

/// The numbers of one chain on a plan: a Grassmann-Taksar-Heyman elimination. Each pivot is the sum of
/// what leaves a stage, never 1 minus what stays, so every result of non-negative input is accurate
/// componentwise (O'Cinneide 1993) whatever the condition of I - P.
///
/// T needs + * / and construction from int: double, float, long double, a rational, a dual number.
template <class T = double>
class Solver {
 public:
  /// `rate` has one number per edge of the chain, `drop_off` one per stage; what a row sums to is
  /// never used. Throws UnsolvableError (positions as names) where nothing leaves a set of stages.
  /// `elimination` must outlive the solver.
  Solver(const Elimination& elimination, std::span<const T> rate, std::span<const T> drop_off);

  /// Overwrites c with V, V_i = c_i + sum_j p_ij V_j (stages only; put what exits earn into c).
  void solve(std::span<T> c) const;
  /// Overwrites a with y, y_j = a_j + sum_i y_i p_ij: expected visits from entrants a.
  void solve_transposed(std::span<T> a) const;
  /// Expected visits of each stage counted from a visit of itself (the diagonal of (I - P)^-1), by a
  /// selected inverse inside each strongly connected component; 1 elsewhere unless a stage loops.
  [[nodiscard]] std::vector<T> self_visits() const;
};

}  // namespace funnelgraph::inline v0
