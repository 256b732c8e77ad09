// Records what is done to columns of numbers, for a tape.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include <funnelgraph/chain/detail/tape_operation.hpp>
#include <funnelgraph/chain/tape_value.hpp>
#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

namespace detail {
class TapeParts;
}

/// A function of one variant's numbers, for what has no loop of its own. Must be safe from many threads.
using TapeFunction = std::function<void(std::span<const double> in, std::span<double> out)>;

/// Records operations. What only shared numbers reach is computed at once and never recorded.
class TapeBuilder {
 public:
  /// `columns` values come from outside.
  explicit TapeBuilder(std::uint32_t columns);

  [[nodiscard]] TapeValue column(std::uint32_t k) const noexcept;
  /// start + sum of a * b, in one operation.
  [[nodiscard]] TapeValue sum(TapeValue start, std::span<const TapeTerm> terms);
  [[nodiscard]] TapeValue product(TapeValue a, TapeValue b);
  using Difference = TapeDifference;
  /// start + sum of scale * (a - shift), the differences first.
  [[nodiscard]] TapeValue sum_of_differences(double start, std::span<const Difference> terms);
  /// The same; a variant is in doubt unless every a is >= 0 and the sum at least `least`.
  TapeValue guarded_sum(double start, std::span<const Difference> terms, double least);
  [[nodiscard]] TapeValue quotient(TapeValue a, TapeValue b);
  /// NaN where b is 0.
  [[nodiscard]] TapeValue ratio(TapeValue a, TapeValue b);
  /// 1 - the sum, the rounding of every step carried along.
  [[nodiscard]] TapeValue missing(std::span<const TapeValue> parts);
  /// 0 where it is below `least`.
  [[nodiscard]] TapeValue at_least(TapeValue a, double least);
  /// NaN where b is above 0.
  [[nodiscard]] TapeValue unless(TapeValue a, TapeValue b);
  /// 1 where no x is above its limit, else 0; pairs of x and limit.
  [[nodiscard]] TapeValue within(std::span<const TapeTerm> pairs);
  /// Values of `function` at `in`, one a variant.
  [[nodiscard]] std::vector<TapeValue> map(std::span<const TapeValue> in, std::size_t results,
                                           TapeFunction function);
  /// A variant is in doubt unless low <= a <= high (NaN never is). Of a shared number: all are or none.
  void check(TapeValue a, double low, double high = std::numeric_limits<double>::infinity());

  /// Multiplications and additions recorded so far.
  [[nodiscard]] std::size_t size() const noexcept { return terms_; }
  [[nodiscard]] std::uint32_t columns() const noexcept { return columns_; }

 private:
  friend class Tape;
  friend class detail::TapeParts;
  using Operation = detail::TapeOperation;
  using Kind = Operation::Kind;
  struct Check {
    std::uint32_t column;
    double low, high;
  };
  [[nodiscard]] TapeValue record(Operation operation);
  [[nodiscard]] TapeValue spread(TapeValue a);

  std::uint32_t columns_;
  std::uint32_t values_;
  std::size_t terms_ = 0;
  bool doubt_ = false;  // a shared number is out of its range
  std::vector<Operation> operations_;
  std::vector<Check> checks_;
  std::vector<TapeFunction> functions_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/tape_builder_inl.hpp>
#endif
