// Definitions of tape.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include <funnelgraph/chain/detail/lane_kernels.hpp>
#include <funnelgraph/chain/tape.hpp>

namespace funnelgraph::inline v0 {

// ---- recording ----------------------------------------------------------------------------------------

FUNNELGRAPH_INLINE TapeBuilder::TapeBuilder(std::uint32_t columns) : columns_(columns), values_(columns) {}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::column(std::uint32_t k) const noexcept {
  TapeValue value;
  value.column = k;
  return value;
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::record(Operation operation) {
  TapeValue value;
  value.column = values_++;
  terms_ += operation.scaled.size() + std::max(operation.a.size(), operation.b.size());
  operation.out = {value.column};
  operations_.push_back(std::move(operation));
  return value;
}

/// A shared number as a value of its own.
FUNNELGRAPH_INLINE TapeValue TapeBuilder::spread(TapeValue a) {
  return a.is_shared() ? record({.kind = Kind::dot, .start = a.number}) : a;
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::sum(TapeValue start, std::span<const TapeTerm> terms) {
  Operation dot{.kind = Kind::dot};
  if (start.is_shared())
    dot.start = start.number;
  else
    dot.scaled.push_back({start, 0, 1});
  for (const TapeTerm& term : terms) {
    if (term.a.is_shared() && term.b.is_shared()) {
      dot.start += term.a.number * term.b.number;
    } else if (term.a.is_shared() || term.b.is_shared()) {
      const TapeValue& one = term.a.is_shared() ? term.b : term.a;
      const double scale = term.a.is_shared() ? term.a.number : term.b.number;
      if (scale != 0) dot.scaled.push_back({one, 0, scale});
    } else {
      dot.a.push_back(term.a.column);
      dot.b.push_back(term.b.column);
    }
  }
  if (dot.scaled.empty() && dot.a.empty()) return dot.start;
  if (dot.start == 0 && dot.a.empty() && dot.scaled.size() == 1 && dot.scaled.front().scale == 1)
    return dot.scaled.front().a;
  return record(std::move(dot));
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::product(TapeValue a, TapeValue b) {
  const TapeTerm term{a, b};
  return sum(0.0, {&term, 1});
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::sum_of_differences(double start,
                                                             std::span<const Difference> terms) {
  Operation dot{.kind = Kind::dot, .start = start};
  for (const Difference& term : terms) {
    if (term.a.is_shared())
      dot.start += (term.a.number - term.shift) * term.scale;
    else
      dot.scaled.push_back(term);
  }
  if (dot.scaled.empty()) return dot.start;
  return record(std::move(dot));
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::guarded_sum(double start, std::span<const Difference> terms,
                                                      double least) {
  Operation guard{.kind = Kind::guard, .start = start, .least = least};
  for (const Difference& term : terms) {
    if (term.a.is_shared()) {
      doubt_ = doubt_ || !(term.a.number >= 0);
      guard.start += (term.a.number - term.shift) * term.scale;
    } else {
      guard.scaled.push_back(term);
    }
  }
  if (!guard.scaled.empty()) return record(std::move(guard));
  doubt_ = doubt_ || !(guard.start >= least);
  return guard.start;
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::scaled_difference(TapeValue a, double shift, double scale) {
  const Difference term{a, shift, scale};
  return sum_of_differences(0, {&term, 1});
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::quotient(TapeValue a, TapeValue b) {
  if (a.is_shared() && b.is_shared()) return a.number / b.number;
  if (b.is(1) || a.is(0)) return a;
  const TapeValue above = spread(a);
  const TapeValue below = spread(b);
  return record({.kind = Kind::divide, .a = {above.column}, .b = {below.column}});
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::ratio(TapeValue a, TapeValue b) {
  if (b.is(0)) return std::numeric_limits<double>::quiet_NaN();
  if (b.is_shared()) return quotient(a, b);
  const TapeValue above = spread(a);
  return record({.kind = Kind::ratio, .a = {above.column}, .b = {b.column}});
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::missing(std::span<const TapeValue> parts) {
  Operation operation{.kind = Kind::missing};
  for (const TapeValue part : parts) operation.a.push_back(spread(part).column);
  return record(std::move(operation));
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::at_least(TapeValue a, double least) {
  if (a.is_shared()) return a.number < least ? 0.0 : a.number;
  return record({.kind = Kind::at_least, .start = least, .a = {a.column}});
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::unless(TapeValue a, TapeValue b) {
  if (b.is_shared()) return b.number > 0 ? TapeValue(std::numeric_limits<double>::quiet_NaN()) : a;
  const TapeValue kept = spread(a);
  return record({.kind = Kind::unless, .a = {kept.column}, .b = {b.column}});
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::within(std::span<const TapeTerm> pairs) {
  Operation operation{.kind = Kind::within};
  for (const TapeTerm& pair : pairs) {
    if (pair.a.is_shared() && pair.b.is_shared()) {
      if (pair.a.number > pair.b.number) return 0.0;
      continue;
    }
    operation.a.push_back(spread(pair.a).column);
    operation.b.push_back(spread(pair.b).column);
  }
  if (operation.a.empty()) return 1.0;
  return record(std::move(operation));
}

FUNNELGRAPH_INLINE std::vector<TapeValue> TapeBuilder::map(std::span<const TapeValue> in, std::size_t results,
                                                           TapeFunction function) {
  std::vector<TapeValue> values(results);
  if (std::all_of(in.begin(), in.end(), [](const TapeValue& a) { return a.is_shared(); })) {
    std::vector<double> arguments;
    for (const TapeValue& a : in) arguments.push_back(a.number);
    std::vector<double> numbers(results);
    function(arguments, numbers);
    for (std::size_t r = 0; r < results; ++r) values[r] = numbers[r];
    return values;
  }
  Operation operation{.kind = Kind::map, .function = static_cast<std::uint32_t>(functions_.size())};
  for (const TapeValue& a : in) operation.a.push_back(spread(a).column);
  functions_.push_back(std::move(function));
  values[0] = record(std::move(operation));
  for (std::size_t r = 1; r < results; ++r) {
    values[r].column = values_++;
    operations_.back().out.push_back(values[r].column);
  }
  return values;
}

FUNNELGRAPH_INLINE void TapeBuilder::check(TapeValue a, double low, double high) {
  if (a.is_shared())
    doubt_ = doubt_ || !(a.number >= low && a.number <= high);
  else
    checks_.push_back({a.column, low, high});
}

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
template <class Steps>
void Tape::delay_guards(Steps& steps, std::uint32_t values, std::span<const TapeValue> results) {
  using Kind = TapeBuilder::Kind;
  std::vector<std::uint8_t> read(values, 0);
  const auto each = [](const auto& step, auto&& take) {
    for (const TapeBuilder::Difference& term : step.scaled) {
      if (!term.a.is_shared()) take(term.a.column);
    }
    for (const std::uint32_t value : step.a) take(value);
    for (const std::uint32_t value : step.b) take(value);
  };
  for (const TapeValue& result : results) {
    if (!result.is_shared()) read[result.column] = 1;
  }
  for (const auto& step : steps) each(step, [&](std::uint32_t value) { read[value] = 1; });
  const auto free = [&](const auto& step) { return step.kind == Kind::guard && read[step.out[0]] == 0; };
  std::vector<std::size_t> reader(values, steps.size());
  for (std::size_t s = steps.size(); s-- > 0;) {
    if (!free(steps[s])) each(steps[s], [&](std::uint32_t value) { reader[value] = s; });
  }
  std::vector<std::vector<std::size_t>> after(steps.size() + 1);
  for (std::size_t s = 0; s < steps.size(); ++s) {
    if (!free(steps[s])) continue;
    std::size_t place = steps.size();
    each(steps[s], [&](std::uint32_t value) { place = std::min(place, reader[value]); });
    after[place == steps.size() ? place : std::max(place, s)].push_back(s);
  }
  Steps ordered;
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
  using Kind = TapeBuilder::Kind;
  // Checks of columns come first, those of values in groups as they are made: short lives, few buffers.
  constexpr std::size_t checks_at_once = 8;
  using Step = TapeBuilder::Operation;
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
    for (const TapeBuilder::Difference& term : step.scaled) {
      if (!term.a.is_shared()) use(term.a.column);
    }
    for (const std::uint32_t value : step.a) use(value);
    for (const std::uint32_t value : step.b) use(value);
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
    for (const TapeBuilder::Difference& term : step.scaled) {
      scale_.push_back(term.scale);
      shift_.push_back(term.shift);
      if (!term.a.is_shared()) add(term.a.column);
    }
    for (const std::uint32_t value : step.a) add(value);
    for (const std::uint32_t value : step.b) add(value);
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
  for (TapeValue& result : results_) {
    if (!result.is_shared()) result.column = layout.slot[result.column];
  }
  buffers_ = layout.buffers;
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

FUNNELGRAPH_INLINE void Tape::prepare(Workspace& work) const {
  if (!work.value.empty()) return;
  work.buffers.resize(buffers_ * detail::tape_buffer + detail::tape_line);
  work.ok.assign(block, -1);
  work.value.resize(columns_ + buffers_, nullptr);
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
  if (work.value.size() != columns_ + buffers_ || work.operand.size() != slots_.size()) work = Workspace{};
  prepare(work);
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
  for (std::size_t t = 0; t < slots_.size(); ++t) work.operand[t] = work.value[slots_[t]];
  const std::size_t next = first + lanes + block;
  Place place{columns, lanes, whole, next, next < count ? std::min(block, count - next) : 0};
  // Most blocks are sure as a whole. Which of its variants are in doubt is asked only where some are, and at
  // once after a block that had some.
  bool sure = false;
  if (!work.doubted && !doubt_) {
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

/// Whether all variants are sure; `ok` says which, unless it is null.
FUNNELGRAPH_INLINE bool Tape::pass(const Place& place, Workspace& work, std::int64_t* ok) const {
  using Kind = TapeBuilder::Kind;
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
