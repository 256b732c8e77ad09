// Draws of the uncertain numbers of a funnel, column by column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/core/quantile_table.hpp>
#include <funnelgraph/whatif/uncertainty.hpp>

namespace funnelgraph::inline v0 {

/// A column of draws: which number of the funnel it sets, and what that takes from.
struct DrawnColumn {
  Parameter parameter;
  TakeFrom take_from{};
};

/// The uncertainty of a funnel, ready to be drawn. Draw r of a number depends on the seed, on r, on the
/// number's address as text and on those it is correlated with, and on nothing else: not on threads, nor
/// on what else is drawn. Numbers are drawn by inverting their distributions (`QuantileTable`), correlated
/// ones from normal scores that are mixed by the Cholesky factor of the correlations in the order of
/// `numbers`; rows as gamma variates divided by their sum. Immutable; `fill` is safe from many threads.
class Draws {
 public:
  /// Throws UnknownNameError (a number that the funnel lacks, a correlation of one that is not drawn),
  /// InvalidValueError (a distribution that reaches outside the number's range, a weight that is not > 0,
  /// a row of fewer than two exits, a correlation outside (-1, 1) or given twice, correlations that are
  /// not positive definite) and ConflictError (a number drawn twice, or alone and in a row).
  Draws(const Funnel& funnel, const Uncertainty& uncertainty, std::uint64_t seed);

  /// One for each of the numbers, in their order, then for each row one for each exit but the heaviest,
  /// which gives to the others.
  [[nodiscard]] std::span<const DrawnColumn> columns() const noexcept { return columns_; }
  /// Independent uniform numbers behind one draw: one a number, one an exit of a row.
  [[nodiscard]] std::size_t dimensions() const noexcept { return tables_.size(); }
  [[nodiscard]] bool correlated() const noexcept { return !mixed_.empty(); }

  /// Draws `first` to `first + count`: `columns[k]` holds `count` numbers for `columns()[k]`.
  void fill(std::size_t first, std::size_t count, std::span<double* const> columns) const;
  /// The same from `count` points of the unit cube, without correlation: `uniforms[d]` in (0, 1) for
  /// dimension d.
  void fill_from(std::span<const double* const> uniforms, std::size_t count,
                 std::span<double* const> columns) const;

 private:
  struct Row {
    std::size_t begin = 0, end = 0;  // dimensions
    std::size_t giver = 0;           // dimension
    std::size_t column = 0;          // first of its columns
    double mass = 1;
  };

  void add_number(const Funnel& funnel, const Drawn& drawn);
  void add_row(const Funnel& funnel, const DrawnRow& row);
  void correlate(const std::vector<Correlation>& correlations);
  void share_rows(std::size_t count, std::span<double* const> parts, std::span<double* const> columns) const;

  std::uint64_t seed_;
  std::size_t numbers_ = 0;
  std::vector<DrawnColumn> columns_;
  std::vector<QuantileTable> tables_;
  std::vector<std::uint64_t> names_;
  std::vector<Row> rows_;
  std::vector<std::size_t> mixed_;  // numbers that are correlated, ascending
  std::vector<double> factor_;      // lower Cholesky factor over them, row by row
  QuantileTable scores_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/draws_inl.hpp>
#endif
