// Subtraction-free solution of V = c + P V and of y = a + y P over any number type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <funnelgraph/chain/closed_sets.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/core/large_array.hpp>

namespace funnelgraph::inline v0 {

/// The numbers of one chain on a plan: a Grassmann-Taksar-Heyman elimination. Each pivot is the sum of
/// what leaves a stage, never 1 minus what stays, so every result of non-negative input is accurate
/// componentwise (O'Cinneide 1993) whatever the condition of I - P. A solution whose right-hand side is
/// no more than what leaves to some exits is at most 1, rounding included.
///
/// T needs + * /, == and construction from int: double, float, long double, a rational, a dual number.
/// For floating point types a rate of zero carries nothing, a NaN on its other side included.
template <class T = double>
class Solver {
 public:
  /// `rate` has one number per edge of the chain, `drop_off` one per stage; a rate from a stage to
  /// itself is never read (it is what the others leave of 1). Throws UnsolvableError (positions as names)
  /// where nothing leaves a set of stages, InvalidValueError for spans of another length.
  /// `elimination` must outlive the solver. O(edges + operations).
  Solver(const Elimination& elimination, std::span<const T> rate, std::span<const T> drop_off);

  /// Overwrites c with V, V_i = c_i + sum_j p_ij V_j (stages only; put what exits earn into c). A NaN in
  /// c reaches the stages that reach it. With `columns` > 1, c is row-major with that many right-hand
  /// sides per stage. Allocates nothing; O((edges + fill) * columns).
  void solve(std::span<T> c, std::size_t columns = 1) const;
  /// Overwrites a with y, y_j = a_j + sum_i y_i p_ij: expected visits from entrants a. Columns and cost
  /// as in solve.
  void solve_transposed(std::span<T> a, std::size_t columns = 1) const;
  /// Expected visits of each stage counted from a visit of itself (the diagonal of (I - P)^-1), by a
  /// selected inverse inside each strongly connected component (Takahashi's recursion, positive terms
  /// only); 1 elsewhere unless a stage loops. About twice the cost of the constructor.
  [[nodiscard]] std::vector<T> self_visits() const;

 private:
  struct Workspace {
    std::vector<T> row, exit;           // by stage: its row, zero between rows; its exit
    std::vector<std::uint32_t> row_of;  // by stage: its row in the filled pattern
    std::vector<T> dense_exit;          // by place in a dense block
  };
  struct Below {
    std::uint32_t stage, slot;  // row and slot of an entry of plan.lower
  };
  /// Entries of (I - P)^-1: for (i, k) of lower G_ki, for (k, m) of upper G_mk.
  struct SelectedInverse {
    LargeArray<T> of_lower, of_upper;
    std::vector<T> ahead, back;  // by stage, zero between uses: u_km and sums of G_mi l_ik
    std::vector<std::uint32_t> row_of;
    std::vector<std::uint32_t> below_begin;  // by row r: the entries of lower with k = its stage
    std::vector<Below> below;
  };
  static bool carries(const T& x) {
    if constexpr (std::is_floating_point_v<T>) {
      return x != T(0);
    } else {
      return true;
    }
  }
  void eliminate_alone(std::uint32_t stage, std::span<const T> drop_off);
  void eliminate(const CyclicBlock& block, std::span<const T> drop_off, Workspace& work);
  void eliminate_rest(const CyclicBlock& block, std::span<const T> drop_off, Workspace& work);
  void invert(const CyclicBlock& block, SelectedInverse& inverse, std::vector<T>& diagonal) const;
  [[noreturn]] void refuse(std::uint32_t stage, std::span<const T> drop_off) const;
  void check_size(std::size_t given, std::size_t columns) const;
  [[nodiscard]] const T& dense_at(const CyclicBlock& block, std::uint32_t row, std::uint32_t column) const {
    return dense_[block.dense_begin + std::size_t{row} * block.dense + column];
  }
  template <class Columns>
  void solve_columns(T* c, Columns columns) const;
  template <class Columns>
  void solve_transposed_columns(T* a, Columns columns) const;

  const Elimination* elimination_;
  std::vector<T> rate_;   // per edge
  std::vector<T> pivot_;  // per stage: s
  LargeArray<T> lower_;   // a_ik / s_k, as plan.lower
  LargeArray<T> upper_;   // u_kj, as plan.upper
  LargeArray<T> dense_;   // blocks of the plan: a_ik / s_k below, u_kj above the diagonal
};

}  // namespace funnelgraph::inline v0

#include <funnelgraph/chain/solver_impl.hpp>
