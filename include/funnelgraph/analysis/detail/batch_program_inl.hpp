// Definitions of batch_program.hpp.
#pragma once

#include <algorithm>
#include <funnelgraph/analysis/detail/batch_program.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/closed_sets.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/core/error.hpp>
#include <string>
#include <utility>

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

FUNNELGRAPH_INLINE void BatchProgram::run_one_by_one(std::span<const double* const> columns,
                                                     std::size_t first, std::size_t last,
                                                     std::span<double* const> out,
                                                     std::span<VariantStatus> status) const {
  VariantChain chain(base_, plan_, varied_, rule_);
  std::vector<double> numbers(columns.size());
  std::vector<double> inputs(varied_.size());
  std::vector<double> results(figures_.size());
  for (std::size_t v = first; v < last; ++v) {
    for (std::size_t k = 0; k < columns.size(); ++k)
      numbers[k] = columns[k] != nullptr ? columns[k][v] : prologue_.neutral[k];
    VariantStatus became = prologue_.inputs(numbers, inputs);
    if (became == VariantStatus::ok || became == VariantStatus::fitted) {
      const VariantStatus solved = chain.evaluate(inputs, figures_, results);
      if (solved != VariantStatus::ok) became = solved;
    } else {
      std::fill(results.begin(), results.end(), unknown_number);
    }
    for (std::size_t f = 0; f < out.size(); ++f) {
      if (out[f] != nullptr) out[f][v] = results[f];
    }
    if (!status.empty()) status[v] = became;
  }
}

FUNNELGRAPH_INLINE std::size_t BatchProgram::run(std::span<const double* const> columns, std::size_t count,
                                                 std::span<double* const> out,
                                                 std::span<VariantStatus> status,
                                                 const Execution& execution) const {
  const auto need = [](const char* where, std::size_t given, std::size_t wanted) {
    if (given != wanted) throw InvalidValueError(where, std::to_string(given), std::to_string(wanted));
  };
  need("columns of a batch", columns.size(), prologue_.neutral.size());
  need("results of a batch", out.size(), figures_.size());
  if (!status.empty()) need("statuses of a batch", status.size(), count);
  return parallel_for(
      count, batch_chunk,
      [&](std::size_t first, std::size_t last, std::size_t) {
        run_one_by_one(columns, first, last, out, status);
      },
      execution);
}

}  // namespace funnelgraph::inline v0::detail
