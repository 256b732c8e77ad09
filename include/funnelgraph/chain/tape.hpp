// A tape of operations on columns: recorded once, run over blocks of variants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

namespace detail {
class TapeParts;
}

/// A number that every variant shares, or one that each has for itself.
struct TapeValue {
  double number = 0;              ///< where it is shared
  std::uint32_t column = shared;  ///< else which of the tape's values it is
  static constexpr std::uint32_t shared = 0xFFFFFFFFU;

  TapeValue() = default;
  TapeValue(double number_of_all) : number(number_of_all) {}  // NOLINT(google-explicit-constructor)
  [[nodiscard]] bool is_shared() const noexcept { return column == shared; }
  [[nodiscard]] bool is(double value) const noexcept { return is_shared() && number == value; }
};

/// One product of a sum.
struct TapeTerm {
  TapeValue a;
  TapeValue b = 1.0;
};

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
  /// scale * (a - shift), the difference first.
  [[nodiscard]] TapeValue scaled_difference(TapeValue a, double shift, double scale);
  /// start + sum of scale * (a - shift), the differences first.
  struct Difference {
    TapeValue a;
    double shift = 0;
    double scale = 1;
  };
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
  enum class Kind : std::uint8_t { dot, divide, ratio, missing, at_least, unless, within, map, check, guard };
  struct Operation {
    Kind kind = Kind::dot;
    double start = 0;
    double least = 0;  // of a guard
    std::vector<TapeBuilder::Difference> scaled{};
    std::vector<std::uint32_t> a{}, b{};  // products of a dot, pairs; operands of the others
    std::vector<std::uint32_t> out{};
    std::uint32_t function = 0;
  };
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

/// What was recorded, with what nobody asks for left out and the temporaries sharing few buffers.
/// Immutable; `run` is safe from many threads, each with a workspace of its own.
class Tape {
 public:
  /// Lanes of a block. A block of every column and the temporaries of a funnel of a dozen stages fit in
  /// 48 to 64 kB.
  static constexpr std::size_t block = 256;

  struct Workspace {
    std::vector<double> buffers;
    std::vector<double*> buffer;
    std::vector<double> tail;  // of a last block that is not whole: its columns
    std::vector<std::int64_t> ok;
    std::vector<const double*> value;    // by slot
    std::vector<const double*> operand;  // of all operations, in their order
    std::vector<double> arguments;
    bool doubted = false;  // some variant of the block before was in doubt
  };

  Tape() = default;
  Tape(TapeBuilder recorded, std::span<const TapeValue> results);

  /// Runs variants first .. first+lanes-1 (`lanes` at most `block`) of `count`. `results[r][i]` receives
  /// result r of variant first + i. False where some are in doubt: `work.ok[i]` is then 0 for those, and
  /// their results are not to be used. `columns` must hold no null where `uses(k)`.
  bool run(std::span<const double* const> columns, std::size_t first, std::size_t lanes, std::size_t count,
           std::span<double* const> results, Workspace& work) const;

  [[nodiscard]] bool uses(std::size_t column) const noexcept { return used_[column] != 0; }
  [[nodiscard]] std::size_t operations() const noexcept { return operations_.size(); }
  [[nodiscard]] std::size_t buffers() const noexcept { return buffers_; }
  [[nodiscard]] std::size_t terms() const noexcept { return slots_.size(); }
  /// "avx512", "avx2" or "baseline": the loops that run here.
  [[nodiscard]] static const char* instruction_set() noexcept;

 private:
  struct Operation {
    TapeBuilder::Kind kind = TapeBuilder::Kind::dot;
    double start = 0;
    double least = 0;
    std::uint32_t scaled = 0, scaled_begin = 0;  // of scale_ and shift_; low and high of a check
    std::uint32_t operands = 0, operand_begin = 0;
    std::uint32_t out = 0, outs = 1;  // of outs_
    std::uint32_t function = 0;       // of a map; checks with a high
  };
  struct Layout;
  template <class Steps>
  static void delay_guards(Steps& steps, std::uint32_t values, std::span<const TapeValue> results);
  void prepare(Workspace& work) const;
  struct Place;
  bool pass(const Place& place, Workspace& work, std::int64_t* ok) const;

  std::uint32_t columns_ = 0;
  std::uint32_t buffers_ = 0;
  bool doubt_ = false;
  std::vector<Operation> operations_;
  std::vector<std::uint32_t> slots_;  // columns first, then buffers
  std::vector<std::uint32_t> outs_;   // buffers
  std::vector<double> scale_, shift_;
  std::vector<TapeFunction> functions_;
  std::vector<TapeValue> results_;        // of a slot, or shared
  std::vector<std::uint32_t> used_list_;  // columns that are read
  std::vector<std::uint8_t> used_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/chain/tape_inl.hpp>
#endif
