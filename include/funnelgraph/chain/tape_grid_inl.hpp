// Definitions of tape_grid.hpp.
#pragma once

#include <algorithm>
#include <utility>

#include <funnelgraph/chain/tape_grid.hpp>
#include <funnelgraph/chain/tape_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Reads of a recorded tape what reaches which of its values.
class TapeParts {
 public:
  static constexpr std::uint8_t nothing = 0, cells = 1, rows = 2, pairs = 3;
  using Operation = TapeOperation;

  TapeParts(const TapeBuilder& recorded, std::span<const std::uint8_t> of_cells)
      : recorded_(recorded), of_(recorded.values_, nothing) {
    for (std::uint32_t k = 0; k < recorded.columns_; ++k) of_[k] = of_cells[k] != 0 ? cells : rows;
    for (const Operation& operation : recorded.operations_) {
      const std::uint8_t part = reached(operation);
      for (const std::uint32_t value : operation.out) of_[value] = part;
      if (part == pairs)
        pair_terms_ += operation.scaled.size() + std::max(operation.a.size(), operation.b.size());
    }
  }

  [[nodiscard]] std::size_t pair_terms() const noexcept { return pair_terms_; }
  [[nodiscard]] std::uint8_t of(TapeValue value) const noexcept {
    return value.is_shared() ? nothing : of_[value.column];
  }

  /// What pairs read of one side, and the results that it decides alone.
  [[nodiscard]] std::vector<TapeValue> read_by_pairs(std::uint8_t side,
                                                     std::span<const TapeValue> results) const {
    std::vector<std::uint8_t> read(of_.size(), 0);
    for (const Operation& operation : recorded_.operations_) {
      if (reached(operation) == pairs)
        operation.each_operand([&](std::uint32_t value) { read[value] = of_[value] == side ? 1 : 0; });
    }
    for (const TapeValue& result : results) {
      if (of(result) == side) read[result.column] = 1;
    }
    std::vector<TapeValue> values;
    for (std::uint32_t value = 0; value < read.size(); ++value) {
      if (read[value] == 0) continue;
      TapeValue made;
      made.column = value;
      values.push_back(made);
    }
    return values;
  }

  /// The operations of one part alone. `values` are recorded values, which become those of the new tape;
  /// what is no operation of the part is a column, at its place in `columns`.
  [[nodiscard]] TapeBuilder only(std::uint8_t part, std::span<const TapeValue> columns,
                                 std::vector<TapeValue>& values) const {
    TapeBuilder made(static_cast<std::uint32_t>(columns.size()));
    std::vector<std::uint32_t> now(of_.size(), TapeValue::shared);
    for (std::uint32_t k = 0; k < columns.size(); ++k) now[columns[k].column] = k;
    made.functions_ = recorded_.functions_;
    made.doubt_ = recorded_.doubt_;
    for (const Operation& operation : recorded_.operations_) {
      const std::uint8_t reach = reached(operation);
      if (reach != part && reach != nothing) continue;
      Operation copy = operation;
      for (TapeDifference& term : copy.scaled) {
        if (!term.a.is_shared()) term.a.column = now[term.a.column];
      }
      for (std::uint32_t& value : copy.a) value = now[value];
      for (std::uint32_t& value : copy.b) value = now[value];
      for (std::uint32_t& value : copy.out) value = now[value] = made.values_++;
      made.operations_.push_back(std::move(copy));
    }
    for (const TapeBuilder::Check& check : recorded_.checks_) {
      if (of_[check.column] == part) made.checks_.push_back({now[check.column], check.low, check.high});
    }
    for (TapeValue& value : values) {
      if (!value.is_shared()) value.column = now[value.column];
    }
    return made;
  }

  /// All columns of the recorded tape, at their places.
  [[nodiscard]] std::vector<TapeValue> own_columns() const {
    std::vector<TapeValue> columns;
    for (std::uint32_t k = 0; k < recorded_.columns_; ++k) columns.push_back(recorded_.column(k));
    return columns;
  }

 private:
  [[nodiscard]] std::uint8_t reached(const Operation& operation) const {
    std::uint8_t part = nothing;
    operation.each_operand([&](std::uint32_t value) { part = static_cast<std::uint8_t>(part | of_[value]); });
    return part;
  }

  const TapeBuilder& recorded_;
  std::vector<std::uint8_t> of_;  // by value
  std::size_t pair_terms_ = 0;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<std::uint8_t> cell_groups(const TapeBuilder& recorded,
                                                         std::span<const TapeGroup> groups,
                                                         std::size_t room) {
  std::vector<std::uint8_t> chosen(groups.size(), 0), of_cells(recorded.columns(), 0);
  const auto mark = [&](std::size_t group, std::uint8_t with) {
    for (const std::uint32_t column : groups[group].columns) of_cells[column] = with;
  };
  std::size_t before = 0;
  for (;;) {
    std::size_t best = groups.size(), after = 0;
    double least = 0;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (chosen[g] != 0 || groups[g].size > room) continue;
      mark(g, 1);
      const std::size_t terms = detail::TapeParts(recorded, of_cells).pair_terms();
      mark(g, 0);
      const double more = static_cast<double>(terms) - static_cast<double>(before);
      const double each = more / static_cast<double>(std::max<std::size_t>(groups[g].size, 1));
      if (best != groups.size() && each >= least) continue;
      best = g;
      least = each;
      after = terms;
    }
    if (best == groups.size()) return chosen;
    chosen[best] = 1;
    mark(best, 1);
    room -= groups[best].size;
    before = after;
  }
}

FUNNELGRAPH_INLINE TapeGrid::TapeGrid(const TapeBuilder& recorded, std::span<const TapeValue> results,
                                      std::span<const std::uint8_t> of_cells) {
  const detail::TapeParts parts(recorded, of_cells);
  const std::vector<TapeValue> columns = parts.own_columns();
  std::vector<TapeValue> of_cell = parts.read_by_pairs(detail::TapeParts::cells, results);
  std::vector<TapeValue> of_row = parts.read_by_pairs(detail::TapeParts::rows, results);
  cell_values_ = of_cell.size();
  row_values_ = of_row.size();
  std::vector<TapeValue> read = of_cell;
  read.insert(read.end(), of_row.begin(), of_row.end());
  std::vector<TapeValue> wanted(results.begin(), results.end());
  TapeBuilder pair = parts.only(detail::TapeParts::pairs, read, wanted);
  TapeBuilder cell = parts.only(detail::TapeParts::cells, columns, of_cell);
  TapeBuilder row = parts.only(detail::TapeParts::rows, columns, of_row);
  pair_ = Tape(std::move(pair), wanted);
  cell_ = Tape(std::move(cell), of_cell);
  row_ = Tape(std::move(row), of_row);
}

FUNNELGRAPH_INLINE TapeGrid::Side TapeGrid::side(const Tape& tape, std::size_t values,
                                                 std::span<const double* const> columns, std::size_t count) {
  Side made{.numbers = std::vector<double>(values * count), .count = count, .doubt = {}};
  Tape::Workspace work;
  std::vector<double*> results(values);
  for (std::size_t first = 0; first < count; first += Tape::block) {
    const std::size_t lanes = std::min(Tape::block, count - first);
    for (std::size_t v = 0; v < values; ++v) results[v] = made.numbers.data() + v * count + first;
    if (tape.run(columns, first, lanes, count, results, work)) continue;
    made.doubt.resize(count, 0);
    for (std::size_t i = 0; i < lanes; ++i) made.doubt[first + i] = work.ok[i] == 0 ? 1 : 0;
  }
  return made;
}

FUNNELGRAPH_INLINE TapeGrid::Side TapeGrid::cells(std::span<const double* const> columns,
                                                  std::size_t count) const {
  return side(cell_, cell_values_, columns, count);
}

FUNNELGRAPH_INLINE TapeGrid::Side TapeGrid::rows(std::span<const double* const> columns,
                                                 std::size_t count) const {
  return side(row_, row_values_, columns, count);
}

FUNNELGRAPH_INLINE bool TapeGrid::run(const Side& rows, std::size_t row, const Side& cells,
                                      std::span<double* const> results, Workspace& work) const {
  if (!cells.doubt.empty() || (!rows.doubt.empty() && rows.doubt[row] != 0)) return false;
  const std::size_t most = std::min(Tape::block, cells.count);
  work.row.resize(row_values_ * most);
  work.columns.resize(cell_values_ + row_values_);
  work.results.resize(results.size());
  for (std::size_t v = 0; v < row_values_; ++v) {
    double* const all = work.row.data() + v * most;
    std::fill(all, all + most, rows.numbers[v * rows.count + row]);
    work.columns[cell_values_ + v] = all;
  }
  for (std::size_t first = 0; first < cells.count; first += Tape::block) {
    const std::size_t lanes = std::min(Tape::block, cells.count - first);
    for (std::size_t v = 0; v < cell_values_; ++v)
      work.columns[v] = cells.numbers.data() + v * cells.count + first;
    for (std::size_t r = 0; r < results.size(); ++r)
      work.results[r] = results[r] != nullptr ? results[r] + first : nullptr;
    if (!pair_.run(work.columns, 0, lanes, lanes, work.results, work.tape)) return false;
  }
  return true;
}

}  // namespace funnelgraph::inline v0
