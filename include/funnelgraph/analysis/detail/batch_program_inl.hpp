// Definitions of batch_program.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <funnelgraph/analysis/detail/batch_program.hpp>
#include <funnelgraph/analysis/detail/lane_chain.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/closed_sets.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE bool asks_for_a_horizon(const Figure& figure) {
  return figure.horizon.has_value() ||
         std::any_of(figure.parts.begin(), figure.parts.end(), asks_for_a_horizon);
}

FUNNELGRAPH_INLINE BatchProgram::BatchProgram(const Chain& base, std::vector<InputRef> varied,
                                              std::vector<Figure> figures, CapacityRule rule,
                                              BatchPrologue prologue)
    : base_(base),
      plan_(base),
      varied_(std::move(varied)),
      figures_(std::move(figures)),
      rule_(rule),
      prologue_(std::move(prologue)) {
  refresh(base_);
  check();
  tape_ = recorded({});
}

FUNNELGRAPH_INLINE void BatchProgram::check() const {
  for (std::size_t k = 0; k < varied_.size(); ++k) {
    const std::string where = "varied input " + std::to_string(k);
    const std::size_t there = input_count(base_, varied_[k].input);
    if (varied_[k].index >= there)
      throw InvalidValueError(where, "position " + std::to_string(varied_[k].index),
                              "positions below " + std::to_string(there));
    for (std::size_t before = 0; before < k; ++before) {
      if (varied_[before] == varied_[k])
        throw InvalidValueError(where, "the same as varied input " + std::to_string(before),
                                "each input once");
    }
  }
  std::vector<double> rate = base_.rate;
  std::vector<double> drop_off = base_.drop_off;
  for (const InputRef ref : varied_) {
    if (ref.input == Input::base_rate) rate[ref.index] = 1;
    if (ref.input == Input::base_drop_off) drop_off[ref.index] = 1;
  }
  std::vector<std::string> closed;
  for (const auto& set : closed_sets(plan_, rate, drop_off)) {
    for (const std::uint32_t stage : set) closed.push_back(std::to_string(stage));
  }
  if (!closed.empty()) throw UnsolvableError(std::move(closed));
  if (std::none_of(figures_.begin(), figures_.end(), asks_for_a_horizon)) return;
  try {
    const Solution solution = solve_chain(base_, plan_, rule_);
    for (const Figure& figure : figures_) static_cast<void>(figure_value(base_, plan_, solution, figure));
  } catch (const UnsolvableError&) {
    return;  // the variants may be solvable
  }
}

/// The plain way, for a chunk or for what is in doubt of it.
class BatchProgram::OneByOne {
 public:
  OneByOne(const BatchProgram& program, std::span<const double* const> columns, std::span<double* const> out,
           std::span<VariantStatus> status, StatusCounts* counts)
      : program_(program),
        columns_(columns),
        out_(out),
        status_(status),
        counts_(counts),
        chain_(program.base_, program.plan_, program.varied_, program.rule_),
        numbers_(columns.size()),
        inputs_(program.varied_.size()),
        results_(program.figures_.size()) {}

  void run(std::size_t v) {
    for (std::size_t k = 0; k < columns_.size(); ++k)
      numbers_[k] = columns_[k] != nullptr ? columns_[k][v] : program_.prologue_.neutral[k];
    VariantStatus became = program_.prologue_.inputs(numbers_, inputs_);
    if (became == VariantStatus::ok || became == VariantStatus::fitted) {
      const VariantStatus solved = chain_.evaluate(inputs_, program_.figures_, results_);
      if (solved != VariantStatus::ok) became = solved;
    } else {
      std::fill(results_.begin(), results_.end(), unknown_number);
    }
    for (std::size_t f = 0; f < out_.size(); ++f) {
      if (out_[f] != nullptr) out_[f][v] = results_[f];
    }
    if (!status_.empty()) status_[v] = became;
    if (counts_ != nullptr && became != VariantStatus::ok) counts_->add(became, 1);
  }

 private:
  const BatchProgram& program_;
  std::span<const double* const> columns_;
  std::span<double* const> out_;
  std::span<VariantStatus> status_;
  StatusCounts* counts_;
  VariantChain chain_;
  std::vector<double> numbers_, inputs_, results_;
};

/// The tape for columns of which some may be null.
FUNNELGRAPH_INLINE std::optional<BatchProgram::Recorded> BatchProgram::record(
    std::span<const double* const> columns) const {
  if (!prologue_.record || !LaneChain::tells(base_, varied_, figures_, rule_)) return std::nullopt;
  if (plan_.statistics().operations + plan_.edge_count() > most_tape_terms) return std::nullopt;
  TapeBuilder tape(static_cast<std::uint32_t>(prologue_.neutral.size()));
  std::vector<TapeValue> values;
  for (std::uint32_t k = 0; k < prologue_.neutral.size(); ++k) {
    const bool given = columns.empty() || columns[k] != nullptr;
    if (!given && std::isnan(prologue_.neutral[k])) return std::nullopt;  // what is unknown stays so
    values.push_back(given ? tape.column(k) : TapeValue(prologue_.neutral[k]));
  }
  const std::optional<LaneInputs> inputs = prologue_.record(tape, values);
  if (!inputs) return std::nullopt;
  LaneChain chain(tape, base_, plan_, varied_, *inputs);
  std::vector<TapeValue> results;
  for (const Figure& figure : figures_) results.push_back(chain.figure(figure));
  if (tape.size() > most_tape_terms) return std::nullopt;
  return Recorded{std::move(tape), std::move(results)};
}

FUNNELGRAPH_INLINE std::optional<Tape> BatchProgram::recorded(std::span<const double* const> columns) const {
  std::optional<Recorded> made = record(columns);
  if (!made) return std::nullopt;
  return Tape(std::move(made->tape), made->results);
}

FUNNELGRAPH_INLINE void BatchProgram::run_lanes(const Tape& tape, std::span<const double* const> columns,
                                                std::size_t first, std::size_t last, std::size_t count,
                                                std::span<double* const> out, std::span<VariantStatus> status,
                                                StatusCounts* counts) const {
  Tape::Workspace work;
  std::optional<OneByOne> plain;
  std::vector<double*> results(out.size());
  std::size_t lanes = 0;
  for (std::size_t begin = first; begin < last; begin += lanes) {
    lanes = tape.lanes_of_block(columns, begin, last - begin);
    for (std::size_t f = 0; f < out.size(); ++f) results[f] = out[f] != nullptr ? out[f] + begin : nullptr;
    const bool sure = tape.run(columns, begin, lanes, count, results, work);
    if (!status.empty())
      std::fill_n(status.begin() + static_cast<std::ptrdiff_t>(begin), lanes, VariantStatus::ok);
    if (sure) continue;
    if (!plain) plain.emplace(*this, columns, out, status, counts);
    for (std::size_t i = 0; i < lanes; ++i) {
      if (work.ok[i] == 0) plain->run(begin + i);
    }
  }
}

FUNNELGRAPH_INLINE std::size_t BatchProgram::run(std::span<const double* const> columns, std::size_t count,
                                                 std::span<double* const> out,
                                                 std::span<VariantStatus> status, const Execution& execution,
                                                 StatusCounts* counts) const {
  const auto need = [](const char* where, std::size_t given, std::size_t wanted) {
    if (given != wanted) throw InvalidValueError(where, std::to_string(given), std::to_string(wanted));
  };
  need("columns of a batch", columns.size(), prologue_.neutral.size());
  need("results of a batch", out.size(), figures_.size());
  if (!status.empty()) need("statuses of a batch", status.size(), count);
  const bool whole =
      std::none_of(columns.begin(), columns.end(), [](const double* c) { return c == nullptr; });
  const std::optional<Tape> own = whole ? std::nullopt : recorded(columns);
  const std::optional<Tape>& tape = whole ? tape_ : own;
  if (tape) {
    return parallel_for(
        count, batch_chunk,
        [&](std::size_t first, std::size_t last, std::size_t) {
          run_lanes(*tape, columns, first, last, count, out, status, counts);
        },
        execution);
  }
  return parallel_for(
      count, plain_chunk,
      [&](std::size_t first, std::size_t last, std::size_t) {
        OneByOne plain(*this, columns, out, status, counts);
        for (std::size_t v = first; v < last; ++v) plain.run(v);
      },
      execution);
}

FUNNELGRAPH_INLINE std::vector<std::uint8_t> BatchProgram::cell_groups(std::span<const TapeGroup> groups,
                                                                       std::size_t room) const {
  for (const TapeGroup& group : groups) {
    for (const std::uint32_t column : group.columns) {
      if (column >= varied_.size())
        throw InvalidValueError("varied input of a group", std::to_string(column),
                                "positions below " + std::to_string(varied_.size()));
    }
  }
  if (const std::optional<Recorded> made = record({})) return v0::cell_groups(made->tape, groups, room);
  std::vector<std::uint8_t> chosen(groups.size(), 0);  // whatever fits: nothing is shared one by one
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].size > room) continue;
    chosen[g] = 1;
    room -= groups[g].size;
  }
  return chosen;
}

/// One row of a grid, its columns written out.
FUNNELGRAPH_INLINE void BatchProgram::run_row(const BatchGrid& grid, std::size_t row,
                                              std::span<double* const> out) const {
  std::vector<double> numbers(grid.columns.size() * grid.cells);
  std::vector<const double*> columns(grid.columns.size());
  for (std::size_t k = 0; k < columns.size(); ++k) {
    double* const to = numbers.data() + k * grid.cells;
    columns[k] = to;
    if (grid.of_cells[k] != 0)
      std::copy_n(grid.columns[k], grid.cells, to);
    else
      std::fill_n(to, grid.cells, grid.columns[k][row]);
  }
  run(columns, grid.cells, out, {}, {.threads = 1});
}

FUNNELGRAPH_INLINE std::size_t BatchProgram::run_grid(const BatchGrid& grid, std::span<double* const> out,
                                                      const Execution& execution) const {
  const auto need = [](const char* where, std::size_t given, std::size_t wanted) {
    if (given != wanted) throw InvalidValueError(where, std::to_string(given), std::to_string(wanted));
  };
  need("columns of a grid", grid.columns.size(), prologue_.neutral.size());
  need("sides of the columns of a grid", grid.of_cells.size(), prologue_.neutral.size());
  need("results of a grid", out.size(), figures_.size());
  std::optional<TapeGrid> tape;
  TapeGrid::Side rows, cells;
  if (const std::optional<Recorded> made = record({})) {
    tape.emplace(made->tape, made->results, grid.of_cells);
    std::vector<const double*> of_cells(grid.columns.begin(), grid.columns.end()), of_rows = of_cells;
    for (std::size_t k = 0; k < grid.columns.size(); ++k)
      (grid.of_cells[k] != 0 ? of_rows : of_cells)[k] = nullptr;
    cells = tape->cells(of_cells, grid.cells);
    rows = tape->rows(of_rows, grid.rows);
  }
  const std::size_t rows_a_chunk =
      std::max<std::size_t>(1, batch_chunk / std::max<std::size_t>(1, grid.cells));
  return parallel_for(
      grid.rows, rows_a_chunk,
      [&](std::size_t first, std::size_t last, std::size_t) {
        TapeGrid::Workspace work;
        std::vector<double*> results(out.size());
        for (std::size_t row = first; row < last; ++row) {
          for (std::size_t f = 0; f < out.size(); ++f)
            results[f] = out[f] != nullptr ? out[f] + row * grid.cells : nullptr;
          if (!tape || !tape->run(rows, row, cells, results, work)) run_row(grid, row, results);
        }
      },
      execution);
}

}  // namespace funnelgraph::inline v0::detail
