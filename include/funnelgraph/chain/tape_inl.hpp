// Definitions of tape.hpp.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <utility>

#include <funnelgraph/chain/detail/lane_code.hpp>
#include <funnelgraph/chain/detail/lane_kernels.hpp>
#include <funnelgraph/chain/tape.hpp>
#include <funnelgraph/chain/tape_builder_inl.hpp>

namespace funnelgraph::inline v0 {

// ---- from what was recorded to what runs --------------------------------------------------------------

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

// ---- running ------------------------------------------------------------------------------------------

namespace detail {

/// Doubles of a cache line.
inline constexpr std::size_t tape_line = 8;
/// Buffers lie one line further apart than a block, so that they do not fall on the same cache sets.
inline constexpr std::size_t tape_buffer = Tape::block + tape_line;

inline void fetch_ahead([[maybe_unused]] const double* from, [[maybe_unused]] std::size_t lanes) noexcept {
#if defined(__GNUC__)
  for (std::size_t i = 0; i < lanes; i += tape_line) __builtin_prefetch(from + i, 0, 3);
#endif
}

}  // namespace detail

/// Buffers for a pass of the kernels, which machine code does without.
FUNNELGRAPH_INLINE void Tape::prepare(Workspace& work) const {
  if (work.operand.size() != slots_.size() || work.ok.empty()) {
    work.buffers.resize(buffers_ * detail::tape_buffer + detail::tape_line);
    work.ok.assign(block, -1);
    work.buffer.resize(buffers_);
    void* start = work.buffers.data();
    std::size_t room = work.buffers.size() * sizeof(double);
    auto* const aligned =
        static_cast<double*>(std::align(detail::tape_line * sizeof(double), sizeof(double), start, room));
    for (std::size_t b = 0; b < buffers_; ++b) {
      work.buffer[b] = aligned + b * detail::tape_buffer;
      work.value[columns_ + b] = work.buffer[b];
    }
    work.operand.resize(slots_.size());
  }
  for (std::size_t t = 0; t < slots_.size(); ++t) work.operand[t] = work.value[slots_[t]];
}

/// Which variants a pass is over, and which it fetches for a later one.
struct Tape::Place {
  std::span<const double* const> columns;
  std::size_t lanes = 0;
  std::size_t whole = 0;  // lanes with those that fill the last step
  std::size_t next = 0;
  std::size_t ahead = 0;
};

FUNNELGRAPH_INLINE bool Tape::run(std::span<const double* const> columns, std::size_t first,
                                  std::size_t lanes, std::size_t count, std::span<double* const> results,
                                  Workspace& work) const {
  if (lanes == 0) return true;
  if (work.value.size() != columns_ + buffers_) {
    work = Workspace{};
    work.value.resize(columns_ + buffers_, nullptr);
  }
  const std::size_t whole = (lanes + detail::lane_step - 1) / detail::lane_step * detail::lane_step;
  if (whole == lanes) {
    for (const std::uint32_t k : used_list_) work.value[k] = columns[k] + first;
  } else {
    work.tail.resize(used_list_.size() * block);
    for (std::size_t u = 0; u < used_list_.size(); ++u) {
      double* const copy = work.tail.data() + u * block;
      std::copy_n(columns[used_list_[u]] + first, lanes, copy);
      std::fill(copy + lanes, copy + whole, copy[lanes - 1]);
      work.value[used_list_[u]] = copy;
    }
  }
  // Most blocks are sure as a whole. Which of its variants are in doubt is asked only where some are, and at
  // once after a block that had some.
  bool sure = false;
  if (!work.doubted && !doubt_ && code_ != nullptr) {
    sure = run_code(lanes, whole, results, work);
    if (sure) return true;
  }
  prepare(work);
  const std::size_t next = first + lanes + block;
  Place place{columns, lanes, whole, next, next < count ? std::min(block, count - next) : 0};
  if (!work.doubted && !doubt_ && code_ == nullptr) {
    sure = pass(place, work, nullptr);
    place.ahead = 0;
  }
  if (!sure) sure = pass(place, work, work.ok.data());
  work.doubted = !sure;
  for (std::size_t r = 0; r < results_.size(); ++r) {
    if (results[r] == nullptr) continue;
    if (results_[r].is_shared())
      std::fill_n(results[r], lanes, results_[r].number);
    else
      std::copy_n(work.value[results_[r].column], lanes, results[r]);
  }
  if (doubt_) std::fill(work.ok.begin(), work.ok.end(), 0);
  return sure && !doubt_;
}

FUNNELGRAPH_INLINE std::size_t Tape::lanes_of_block(std::span<const double* const> columns, std::size_t first,
                                                    std::size_t left) const {
  using detail::tape_line;
  std::array<std::size_t, tape_line>
      aligned{};  // columns by the lanes that they are away from a line's start
  for (const std::uint32_t k : used_list_) {
    const std::size_t at = reinterpret_cast<std::uintptr_t>(columns[k] + first) / sizeof(double) % tape_line;
    ++aligned[(tape_line - at) % tape_line];
  }
  const auto most = std::max_element(aligned.begin(), aligned.end());
  const auto ahead = static_cast<std::size_t>(most - aligned.begin());
  if (ahead != 0 && 2 * *most > used_list_.size()) return std::min(ahead, left);
  if (left >= block || left < detail::lane_step) return std::min(left, block);
  return left / detail::lane_step * detail::lane_step;
}

/// Machine code over a block, straight into the results where all lanes are theirs.
FUNNELGRAPH_INLINE bool Tape::run_code(std::size_t lanes, std::size_t whole, std::span<double* const> results,
                                       Workspace& work) const {
  const bool direct = lanes == whole;
  const bool all = direct && std::find(results.begin(), results.end(), nullptr) == results.end();
  if (!all) work.made.resize(results_.size() * block);
  work.result.clear();
  for (std::size_t r = 0; r < results_.size(); ++r) {
    if (!results_[r].is_shared())
      work.result.push_back(direct && results[r] != nullptr ? results[r] : work.made.data() + r * block);
  }
  if (!code_->run(work.value.data(), work.result.data(), whole)) return false;
  for (std::size_t r = 0; r < results_.size(); ++r) {
    if (results[r] == nullptr) continue;
    if (results_[r].is_shared())
      std::fill_n(results[r], lanes, results_[r].number);
    else if (!direct)
      std::copy_n(work.made.data() + r * block, lanes, results[r]);
  }
  return true;
}

/// Whether all variants are sure; `ok` says which, unless it is null.
FUNNELGRAPH_INLINE bool Tape::pass(const Place& place, Workspace& work, std::int64_t* ok) const {
  using Kind = detail::TapeOperation::Kind;
  const detail::LaneKernels& kernels = detail::lane_kernels();
  const auto buffer = [&](std::uint32_t out) { return work.buffer[outs_[out]]; };
  const std::size_t lanes = place.lanes;
  const std::size_t whole = place.whole;
  std::size_t fetched = 0;
  bool all_ok = true;
  bool fresh = true;
  for (std::size_t o = 0; o < operations_.size(); ++o) {
    const Operation& operation = operations_[o];
    // The block after the next is fetched while this one is worked on, a few columns with each operation: one
    // block is over before far memory has answered.
    for (; place.ahead != 0 && fetched * operations_.size() < (o + 1) * used_list_.size(); ++fetched)
      detail::fetch_ahead(place.columns[used_list_[fetched]] + place.next, place.ahead);
    const double* const* const operand = work.operand.data() + operation.operand_begin;
    const double* const* const second = operand + operation.operands;
    switch (operation.kind) {
      case Kind::dot:
        kernels.dot({.out = buffer(operation.out),
                     .start = operation.start,
                     .x = operand,
                     .scale = scale_.data() + operation.scaled_begin,
                     .shift = shift_.data() + operation.scaled_begin,
                     .scaled = operation.scaled,
                     .a = operand + operation.scaled,
                     .b = operand + operation.scaled + operation.operands,
                     .products = operation.operands},
                    whole);
        break;
      case Kind::divide:
        kernels.divide(buffer(operation.out), operand[0], second[0], whole);
        break;
      case Kind::ratio:
        kernels.ratio(buffer(operation.out), operand[0], second[0], whole);
        break;
      case Kind::missing:
        kernels.missing(buffer(operation.out), operand, operation.operands, whole);
        break;
      case Kind::at_least:
        kernels.at_least(buffer(operation.out), operand[0], operation.start, whole);
        break;
      case Kind::unless:
        kernels.unless(buffer(operation.out), operand[0], second[0], whole);
        break;
      case Kind::within:
        kernels.within(
            {.out = buffer(operation.out), .x = operand, .limit = second, .checks = operation.operands},
            whole);
        break;
      case Kind::check: {
        const bool kept = kernels.check({.ok = ok,
                                         .fresh = fresh,
                                         .x = operand,
                                         .low = scale_.data() + operation.scaled_begin,
                                         .high = shift_.data() + operation.scaled_begin,
                                         .both = operation.function,
                                         .checks = operation.operands},
                                        whole);
        all_ok = all_ok && kept;
        fresh = false;
        break;
      }
      case Kind::guard: {
        const bool kept = kernels.guard({.out = operation.outs != 0 ? buffer(operation.out) : nullptr,
                                         .ok = ok,
                                         .fresh = fresh,
                                         .start = operation.start,
                                         .least = operation.least,
                                         .x = operand,
                                         .scale = scale_.data() + operation.scaled_begin,
                                         .shift = shift_.data() + operation.scaled_begin,
                                         .scaled = operation.scaled},
                                        whole);
        all_ok = all_ok && kept;
        fresh = false;
        break;
      }
      case Kind::map: {
        work.arguments.resize(operation.operands + operation.outs);
        const std::span<double> in(work.arguments.data(), operation.operands);
        const std::span<double> out(work.arguments.data() + operation.operands, operation.outs);
        for (std::size_t i = 0; i < lanes; ++i) {
          for (std::size_t k = 0; k < in.size(); ++k) in[k] = operand[k][i];
          functions_[operation.function](in, out);
          for (std::uint32_t r = 0; r < operation.outs; ++r) buffer(operation.out + r)[i] = out[r];
        }
        for (std::uint32_t r = 0; r < operation.outs; ++r) {
          double* const made = buffer(operation.out + r);
          std::fill(made + lanes, made + whole, made[lanes - 1]);
        }
        break;
      }
    }
  }
  if (ok != nullptr && fresh) std::fill_n(ok, lanes, std::int64_t{-1});
  return all_ok;
}

FUNNELGRAPH_INLINE const char* Tape::instruction_set() noexcept { return detail::lane_kernels().name; }

}  // namespace funnelgraph::inline v0
