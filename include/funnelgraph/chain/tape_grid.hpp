// A tape for a grid of variants: every row paired with every cell, and what both decide alone worked out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/chain/tape.hpp>
#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Columns that vary together.
struct TapeGroup {
  std::vector<std::uint32_t> columns;
  std::size_t size = 1;  ///< room that it takes
};

/// By group 1 where its columns should vary from cell to cell, 0 where from row to row: chosen one by one,
/// each time the group that adds the fewest terms of pairs for its size, while they fit in `room`. O(groups^2
/// * operations).
[[nodiscard]] std::vector<std::uint8_t> cell_groups(const TapeBuilder& recorded,
                                                    std::span<const TapeGroup> groups, std::size_t room);

/// What was recorded, in three tapes: what only columns of cells reach is run once a cell, what only columns
/// of rows reach once a row, and only the rest once a pair. The same bits as one tape gives. Immutable; `run`
/// is safe from many threads, each with a workspace of its own.
class TapeGrid {
 public:
  /// Values of one side that pairs look at, by value and then by variant.
  struct Side {
    std::vector<double> numbers;
    std::size_t count = 0;
    std::vector<std::uint8_t> doubt;  ///< by variant; empty where none is in doubt
  };
  struct Workspace {
    Tape::Workspace tape;
    std::vector<double> row;  // a row's numbers, each in all lanes of a block
    std::vector<const double*> columns;
    std::vector<double*> results;
  };

  /// `of_cells[k]` is 1 where column k varies from cell to cell.
  TapeGrid(const TapeBuilder& recorded, std::span<const TapeValue> results,
           std::span<const std::uint8_t> of_cells);

  /// `columns[k]` holds `count` numbers where column k is of that side, and is not looked at elsewhere.
  [[nodiscard]] Side cells(std::span<const double* const> columns, std::size_t count) const;
  [[nodiscard]] Side rows(std::span<const double* const> columns, std::size_t count) const;
  /// `results[r][c]` receives result r of the pair of `row` with cell c. False where one of the pairs is in
  /// doubt: nothing of the row is then to be used.
  bool run(const Side& rows, std::size_t row, const Side& cells, std::span<double* const> results,
           Workspace& work) const;

  /// Multiplications and additions of a pair.
  [[nodiscard]] std::size_t terms() const noexcept { return pair_.terms(); }

 private:
  [[nodiscard]] static Side side(const Tape& tape, std::size_t values, std::span<const double* const> columns,
                                 std::size_t count);

  Tape cell_, row_, pair_;
  std::size_t cell_values_ = 0, row_values_ = 0;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/tape_grid_inl.hpp>
#endif
