// Definitions of tape_builder.hpp.
#pragma once

#include <algorithm>
#include <limits>
#include <utility>

#include <funnelgraph/chain/tape_builder.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE TapeBuilder::TapeBuilder(std::uint32_t columns) : columns_(columns), values_(columns) {}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::column(std::uint32_t k) const noexcept {
  TapeValue value;
  value.column = k;
  return value;
}

FUNNELGRAPH_INLINE TapeValue TapeBuilder::record(Operation operation) {
  TapeValue value;
  value.column = values_++;
  // To -0 a term is added without a change, so it is where sums begin that begin with nothing.
  if (operation.kind == Kind::dot && operation.start == 0 &&
      operation.scaled.size() + operation.a.size() != 0)
    operation.start = -0.0;
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

}  // namespace funnelgraph::inline v0
