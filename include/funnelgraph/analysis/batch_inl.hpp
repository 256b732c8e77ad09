// Definitions of batch.hpp.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <funnelgraph/analysis/batch.hpp>
#include <funnelgraph/analysis/detail/batch_program.hpp>
#include <funnelgraph/analysis/detail/lane_chain.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0 {

struct Batch::Program {
  detail::BatchProgram program;
};

namespace detail {

/// A column is an input.
FUNNELGRAPH_INLINE BatchPrologue plain_prologue(const Chain& base, const std::vector<InputRef>& varied) {
  BatchPrologue prologue;
  Chain derived = base;
  refresh(derived);
  for (const InputRef ref : varied) {
    const bool there = ref.index < input_count(base, ref.input);  // BatchProgram says what is wrong
    prologue.neutral.push_back(there ? input_value(derived, ref) : 0);
  }
  prologue.inputs = [varied](std::span<const double> numbers, std::span<double> inputs) {
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      if (!input_allows(varied[k].input, numbers[k])) return VariantStatus::out_of_range;
    }
    std::copy(numbers.begin(), numbers.end(), inputs.begin());
    return VariantStatus::ok;
  };
  prologue.record = [varied](TapeBuilder& tape, std::span<const TapeValue> columns) {
    for (std::size_t k = 0; k < varied.size(); ++k) {
      const InputRange range = input_range(varied[k].input);
      tape.check(columns[k], range.low, range.high);
    }
    return std::optional(LaneInputs{.values = {columns.begin(), columns.end()}, .row_total = {}});
  };
  return prologue;
}

}  // namespace detail

FUNNELGRAPH_INLINE Batch::Batch(const Chain& base, std::vector<InputRef> varied, std::vector<Figure> figures,
                                CapacityRule rule) {
  detail::BatchPrologue prologue = detail::plain_prologue(base, varied);
  program_ = std::make_unique<const Program>(
      Program{detail::BatchProgram(base, std::move(varied), std::move(figures), rule, std::move(prologue))});
}

FUNNELGRAPH_INLINE Batch::~Batch() = default;
FUNNELGRAPH_INLINE Batch::Batch(Batch&&) noexcept = default;
FUNNELGRAPH_INLINE Batch& Batch::operator=(Batch&&) noexcept = default;

FUNNELGRAPH_INLINE std::size_t Batch::run(std::span<const double* const> columns, std::size_t count,
                                          std::span<double* const> out, std::span<VariantStatus> status,
                                          const Execution& execution) const {
  return program_->program.run(columns, count, out, status, execution);
}

FUNNELGRAPH_INLINE std::vector<std::uint8_t> Batch::cell_groups(
    std::span<const std::vector<std::uint32_t>> groups, std::span<const std::size_t> sizes,
    std::size_t room) const {
  if (sizes.size() != groups.size())
    throw InvalidValueError("sizes of groups", std::to_string(sizes.size()), std::to_string(groups.size()));
  std::vector<TapeGroup> made;
  for (std::size_t g = 0; g < groups.size(); ++g) made.push_back({groups[g], sizes[g]});
  return program_->program.cell_groups(made, room);
}

FUNNELGRAPH_INLINE std::size_t Batch::run_grid(const BatchGrid& grid, std::span<double* const> out,
                                               const Execution& execution) const {
  return program_->program.run_grid(grid, out, execution);
}

}  // namespace funnelgraph::inline v0
