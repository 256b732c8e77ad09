// Definitions of tape.hpp: from what was recorded to what runs.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <funnelgraph/chain/detail/lane_code.hpp>
#include <funnelgraph/chain/tape.hpp>
#include <funnelgraph/chain/tape_builder_inl.hpp>

namespace funnelgraph::inline v0 {

/// Which values are needed, for how long, and where they lie.
struct Tape::Layout {
  static constexpr std::uint32_t none = 0xFFFFFFFFU;
  std::vector<std::uint32_t> last_use;  // by value: the step after which nobody reads it
  std::vector<std::uint32_t> slot;      // by value
  std::vector<std::uint32_t> free;
  std::uint32_t buffers = 0;

  std::uint32_t take() {
    if (free.empty()) return buffers++;
    const std::uint32_t buffer = free.back();
    free.pop_back();
    return buffer;
  }
};

/// A guard whose sum nobody reads goes behind the first step that reads one of its values, so that they
/// are in the nearest cache when both come by.
FUNNELGRAPH_INLINE void Tape::delay_guards(std::vector<detail::TapeOperation>& steps, std::uint32_t values,
                                           std::span<const TapeValue> results) {
  using Step = detail::TapeOperation;
  std::vector<std::uint8_t> read(values, 0);
  for (const TapeValue& result : results) {
    if (!result.is_shared()) read[result.column] = 1;
  }
  for (const Step& step : steps) step.each_operand([&](std::uint32_t value) { read[value] = 1; });
  const auto free = [&](const Step& step) {
    return step.kind == Step::Kind::guard && read[step.out[0]] == 0;
  };
  std::vector<std::size_t> reader(values, steps.size());
  for (std::size_t s = steps.size(); s-- > 0;) {
    if (!free(steps[s])) steps[s].each_operand([&](std::uint32_t value) { reader[value] = s; });
  }
  std::vector<std::vector<std::size_t>> after(steps.size() + 1);
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (!free(steps[s])) continue;
    std::size_t place = steps.size();
    steps[s].each_operand([&](std::uint32_t value) { place = std::min(place, reader[value]); });
    after[place == steps.size() ? place : std::max(place, s)].push_back(s);
  }
  std::vector<Step> ordered;
  ordered.reserve(steps.size());
  for (std::size_t s = 0; s <= steps.size(); ++s) {
    if (s < steps.size() && !free(steps[s])) ordered.push_back(std::move(steps[s]));
    for (const std::size_t guard : after[s]) ordered.push_back(std::move(steps[guard]));
  }
  steps = std::move(ordered);
}

FUNNELGRAPH_INLINE Tape::Tape(TapeBuilder recorded, std::span<const TapeValue> results)
    : columns_(recorded.columns_),
      doubt_(recorded.doubt_),
      functions_(std::move(recorded.functions_)),
      results_(results.begin(), results.end()) {
  using Kind = detail::TapeOperation::Kind;
  // Checks of columns come first, those of values in groups as they are made: short lives, few buffers.
  constexpr std::size_t checks_at_once = 8;
  using Step = detail::TapeOperation;
  std::vector<Step> steps;
  const auto add_checks = [&](std::vector<TapeBuilder::Check>& checks) {
    if (checks.empty()) return;
    std::stable_partition(checks.begin(), checks.end(),
                          [](const TapeBuilder::Check& check) { return std::isfinite(check.high); });
    Step step{.kind = Kind::check};
    for (const TapeBuilder::Check& check : checks) {
      step.a.push_back(check.column);
      step.scaled.push_back({0.0, check.high, check.low});
      step.function += std::isfinite(check.high) ? 1 : 0;
    }
    steps.push_back(std::move(step));
    checks.clear();
  };
  std::vector<std::vector<TapeBuilder::Check>> of_value(recorded.values_);
  std::vector<TapeBuilder::Check> pending;
  for (const TapeBuilder::Check& check : recorded.checks_)
    (check.column < columns_ ? pending : of_value[check.column]).push_back(check);
  add_checks(pending);
  for (Step& operation : recorded.operations_) {
    const std::vector<std::uint32_t> made = operation.out;
    steps.push_back(std::move(operation));
    for (const std::uint32_t value : made)
      pending.insert(pending.end(), of_value[value].begin(), of_value[value].end());
    if (pending.size() >= checks_at_once) add_checks(pending);
  }
  add_checks(pending);
  delay_guards(steps, recorded.values_, results_);

  Layout layout;
  layout.last_use.assign(recorded.values_, Layout::none);
  layout.slot.assign(recorded.values_, Layout::none);
  const auto for_ever = static_cast<std::uint32_t>(steps.size());
  std::vector<std::uint8_t> needed(steps.size(), 0);
  for (const TapeValue& result : results_) {
    if (!result.is_shared()) layout.last_use[result.column] = for_ever;
  }
  for (std::size_t s = steps.size(); s-- > 0;) {
    const Step& step = steps[s];
    needed[s] = step.kind == Kind::check || step.kind == Kind::guard ? 1 : 0;
    for (const std::uint32_t value : step.out)
      needed[s] = needed[s] != 0 || layout.last_use[value] != Layout::none ? 1 : 0;
    if (needed[s] == 0) continue;
    const auto use = [&](std::uint32_t value) {
      if (layout.last_use[value] == Layout::none) layout.last_use[value] = static_cast<std::uint32_t>(s);
    };
    step.each_operand(use);
  }

  used_.assign(columns_, 0);
  for (std::uint32_t k = 0; k < columns_; ++k) {
    layout.slot[k] = k;
    used_[k] = layout.last_use[k] != Layout::none ? 1 : 0;
    if (used_[k] != 0) used_list_.push_back(k);
  }
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (needed[s] == 0) continue;
    const Step& step = steps[s];
    Operation operation{
        .kind = step.kind, .start = step.start, .least = step.least, .function = step.function};
    operation.scaled_begin = static_cast<std::uint32_t>(scale_.size());
    operation.operand_begin = static_cast<std::uint32_t>(slots_.size());
    operation.scaled = static_cast<std::uint32_t>(step.scaled.size());
    std::vector<std::uint32_t> read;
    const auto add = [&](std::uint32_t value) {
      slots_.push_back(layout.slot[value]);
      read.push_back(value);
    };
    for (const TapeDifference& term : step.scaled) {
      scale_.push_back(term.scale);
      shift_.push_back(term.shift);
    }
    step.each_operand(add);
    operation.operands = static_cast<std::uint32_t>(step.a.size());
    std::sort(read.begin(), read.end());
    read.erase(std::unique(read.begin(), read.end()), read.end());
    for (const std::uint32_t value : read) {
      if (value >= columns_ && layout.last_use[value] == s)
        layout.free.push_back(layout.slot[value] - columns_);
    }
    operation.out = static_cast<std::uint32_t>(outs_.size());
    operation.outs = static_cast<std::uint32_t>(step.out.size());
    for (const std::uint32_t value : step.out) {
      if (step.kind == Kind::guard && layout.last_use[value] == Layout::none) {
        operation.outs = 0;
        break;
      }
      const std::uint32_t buffer = layout.take();
      layout.slot[value] = columns_ + buffer;
      outs_.push_back(buffer);
    }
    for (const std::uint32_t value : step.out) {  // of a map, results that nobody reads
      if (layout.last_use[value] == Layout::none && operation.outs != 0)
        layout.free.push_back(layout.slot[value] - columns_);
    }
    operations_.push_back(operation);
  }
  std::vector<Step> kept;
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (needed[s] != 0) kept.push_back(std::move(steps[s]));
  }
  std::vector<std::uint32_t> made;  // by those who need no more than a block
  for (TapeValue& result : results_) {
    if (result.is_shared()) continue;
    made.push_back(result.column);
    result.column = layout.slot[result.column];
  }
  buffers_ = layout.buffers;
  code_ = detail::LaneCode::compile(columns_, kept, made);
}

}  // namespace funnelgraph::inline v0
