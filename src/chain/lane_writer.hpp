// From the steps of a tape to the code of one loop.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/chain/detail/tape_operation.hpp>
#include <limits>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "lane_registers.hpp"
#include "vector_code.hpp"

namespace funnelgraph::inline v0::detail {

/// Longer code is not written: it would push the columns out of the caches.
inline constexpr std::size_t longest_code = std::size_t{1} << 18U;
/// Values in the frame at most, 64 bytes each: threads may have small stacks.
inline constexpr std::uint32_t largest_frame = 512;

/// Writes one loop for the steps.
class LaneWriter {
 public:
  LaneWriter(std::uint32_t columns, std::span<const TapeOperation> steps,
             std::span<const std::uint32_t> results, std::size_t width)
      : code_(width),
        wide_(width == 8),
        columns_(columns),
        steps_(steps),
        results_(results),
        registers_(code_, columns, count_values(columns, steps), wide_ ? 31 : 15),
        doubt_(wide_ ? 31 : 15) {
    for (std::uint32_t s = 0; s < steps.size(); ++s)
      steps[s].each_operand([&](std::uint32_t value) { registers_.will_use(value, s); });
    for (const std::uint32_t result : results) {
      if (result < columns) registers_.will_use(result, static_cast<std::uint32_t>(steps.size()));
    }
  }

  /// Empty where it, or its frame, would be too long.
  [[nodiscard]] std::vector<std::uint8_t> written() {
    static constexpr unsigned saved[] = {gpr::rbx, gpr::r12, gpr::r13, gpr::r14, gpr::r15};
    code_.landing();
    code_.push(gpr::rbp);
    code_.frame_pointer();
    for (const unsigned reg : saved) code_.push(reg);
    code_.open_frame();
    point_at_columns();
    code_.clear_offset();
    if (wide_) {
      for (unsigned mask = 1; mask <= masks; ++mask) code_.mask_fill(mask);
    }
    code_.bits_xor(doubt_, doubt_, VectorOperand::of(doubt_));
    const std::size_t start = code_.here();
    for (std::uint32_t s = 0; s < steps_.size(); ++s) {
      if (code_.here() > longest_code || registers_.slots() > largest_frame) return {};
      registers_.begin(s);
      write(steps_[s]);
      registers_.end();
    }
    registers_.begin(static_cast<std::uint32_t>(steps_.size()));
    for (std::uint32_t r = 0; r < results_.size(); ++r) {
      if (results_[r] >= columns_) continue;
      store(r, registers_.load(results_[r]));
      registers_.release();
    }
    code_.loop(start);
    if (wide_) {
      for (unsigned mask = 2; mask <= masks; ++mask) code_.mask_and(1, 1, mask);
      code_.signs_to_mask(found, doubt_);
      code_.mask_and_not(1, found, 1);
      code_.mask_to_answer(1);
    } else {
      code_.signs_to_answer(doubt_);
    }
    code_.close_frame(static_cast<unsigned>(std::size(saved)));
    for (std::size_t k = std::size(saved); k-- > 0;) code_.pop(saved[k]);
    code_.pop(gpr::rbp);
    code_.leave();
    return code_.finished(registers_.slots());
  }

 private:
  // Of 8 doubles: masks 1 to `masks` say which lanes passed what was asked of them so far, in turn, so that
  // no answer waits for the one before; mask `found` is for moves.
  static constexpr unsigned masks = 6, found = 7;

  static std::size_t count_values(std::uint32_t columns, std::span<const TapeOperation> steps) {
    std::uint32_t values = columns;
    for (const TapeOperation& step : steps) {
      for (const std::uint32_t value : step.out) values = std::max(values, value + 1);
    }
    return values;
  }

  /// Registers of integers for the columns that are looked at most.
  void point_at_columns() {
    static constexpr unsigned pointers[] = {gpr::r8,  gpr::r9,  gpr::r10, gpr::r11, gpr::rbx,
                                            gpr::r12, gpr::r13, gpr::r14, gpr::r15};
    std::vector<std::uint32_t> used;
    for (std::uint32_t k = 0; k < columns_; ++k) {
      if (registers_.uses(k) != 0) used.push_back(k);
    }
    std::stable_sort(used.begin(), used.end(), [&](std::uint32_t left, std::uint32_t right) {
      return registers_.uses(left) > registers_.uses(right);
    });
    for (std::size_t k = 0; k < std::min(used.size(), std::size(pointers)); ++k) {
      code_.load_pointer(pointers[k], gpr::rdi, used[k]);
      registers_.point(used[k], pointers[k]);
    }
  }

  void write(const TapeOperation& step) {
    switch (step.kind) {
      case TapeOperation::Kind::dot:
        return define(step, sum(step));
      case TapeOperation::Kind::divide:
        return define(step, quotient(step));
      case TapeOperation::Kind::ratio:
        return define(step, ratio(step));
      case TapeOperation::Kind::missing:
        return define(step, missing(step));
      case TapeOperation::Kind::at_least:
        return define(step, at_least(step));
      case TapeOperation::Kind::unless:
        return define(step, unless(step));
      case TapeOperation::Kind::within:
        return define(step, within(step));
      case TapeOperation::Kind::check:
        return check(step);
      case TapeOperation::Kind::guard:
        return define(step, guard(step));
      case TapeOperation::Kind::map:
        break;
    }
    throw std::logic_error("a step without code");
  }

  /// A sum on its way: nothing, a value that is the whole of it so far, or a register of its own. Nothing is
  /// added to a start of -0, to which adding changes nothing.
  class Sum {
   public:
    Sum(LaneWriter& writer, double start)
        : code_(writer.code_),
          registers_(writer.registers_),
          start_(start),
          started_(std::bit_cast<std::uint64_t>(start) == std::bit_cast<std::uint64_t>(-0.0)) {}

    void add_value(std::uint32_t x) {
      if (total_ != no_value) {
        code_.add(total_, total_, registers_.operand(x));
      } else if (first_ != no_value) {
        total_ = registers_.take();
        const unsigned before = registers_.load(std::exchange(first_, no_value));
        code_.add(total_, before, registers_.operand(x));
      } else if (started_) {
        first_ = x;
      } else {
        total_ = registers_.take();
        code_.add(total_, registers_.load(x), code_.constant(start_));
      }
      registers_.release();
    }
    /// A register that was taken, which becomes the sum's.
    void add(unsigned term) {
      if (total_ != no_value) {
        code_.add(total_, total_, VectorOperand::of(term));
        registers_.give_back(term);
      } else {
        if (first_ != no_value)
          code_.add(term, registers_.load(std::exchange(first_, no_value)), VectorOperand::of(term));
        else if (!started_)
          code_.add(term, term, code_.constant(start_));
        total_ = term;
      }
      registers_.release();
    }
    void subtract(unsigned term) {
      const unsigned sum = total();
      code_.subtract(sum, sum, VectorOperand::of(term));
      registers_.give_back(term);
      registers_.release();
    }
    /// All of it in a register of its own.
    unsigned total() {
      if (total_ == no_value) {
        total_ = registers_.take();
        code_.load(total_, first_ != no_value ? registers_.operand(std::exchange(first_, no_value))
                                              : code_.constant(start_));
      }
      return total_;
    }

   private:
    VectorCode& code_;
    LaneRegisters& registers_;
    double start_;
    bool started_;
    std::uint32_t first_ = no_value;
    unsigned total_ = no_value;
  };

  void store(std::uint32_t result, unsigned reg) {
    code_.load_pointer(gpr::rcx, gpr::rsi, result);
    code_.store({VectorOperand::Place::in_array, gpr::rcx}, reg);
  }
  void define(const TapeOperation& step, unsigned reg) {
    const std::uint32_t value = step.out.front();
    for (std::uint32_t r = 0; r < results_.size(); ++r) {
      if (results_[r] == value) store(r, reg);
    }
    registers_.define(value, reg);
  }

  /// to = number where the comparison holds.
  void replace(unsigned to, double number, unsigned first, VectorOperand second, Comparison how) {
    if (wide_) {
      code_.compare_to_mask(found, first, second, how);
      code_.move_where(found, to, code_.constant(number), false);
      return;
    }
    const unsigned where = registers_.take(), other = registers_.take();
    code_.compare_to_bits(where, first, second, how);
    code_.load(other, code_.constant(number));
    code_.blend(to, to, other, where);
    registers_.give_back(where);
    registers_.give_back(other);
  }
  /// to = from where the comparison holds, else 0.
  void keep(unsigned to, unsigned from, unsigned first, VectorOperand second, Comparison how) {
    if (wide_) {
      code_.compare_to_mask(found, first, second, how);
      return code_.move_where(found, to, VectorOperand::of(from), true);
    }
    const unsigned where = registers_.take();
    code_.compare_to_bits(where, first, second, how);
    code_.bits_and(to, from, VectorOperand::of(where));
    registers_.give_back(where);
  }
  void doubt_unless(unsigned first, Comparison how, double bound) {
    if (wide_) {
      asked_ = asked_ % masks + 1;
      return code_.compare_to_mask(asked_, first, code_.constant(bound), how, asked_);
    }
    const unsigned where = registers_.take();
    code_.compare_to_bits(where, first, code_.constant(bound), opposite(how));
    code_.bits_or(doubt_, doubt_, VectorOperand::of(where));
    registers_.give_back(where);
  }

  /// start + sum of scale * (x - shift) + sum of a * b, added in that order.
  unsigned sum(const TapeOperation& step) {
    Sum sum(*this, step.start);
    for (const TapeDifference& term : step.scaled) {
      const std::uint32_t x = term.a.column;
      if (term.shift == 0 && term.scale == 1) {
        sum.add_value(x);
        continue;
      }
      const unsigned scaled = registers_.take();
      if (term.shift != 0) code_.subtract(scaled, registers_.load(x), code_.constant(term.shift));
      if (term.shift != 0 && term.scale == -1) {
        sum.subtract(scaled);
        continue;
      }
      if (term.scale != 1)
        code_.multiply(scaled, term.shift != 0 ? scaled : registers_.load(x), code_.constant(term.scale));
      sum.add(scaled);
    }
    for (std::size_t k = 0; k < step.a.size(); ++k) {
      const bool turned = !registers_.is_near(step.a[k]) && registers_.is_near(step.b[k]);
      const unsigned product = registers_.take();
      const unsigned one = registers_.load(turned ? step.b[k] : step.a[k]);
      code_.multiply(product, one, registers_.operand(turned ? step.a[k] : step.b[k]));
      sum.add(product);
    }
    return sum.total();
  }

  unsigned guard(const TapeOperation& step) {
    for (std::size_t k = 0; k < step.scaled.size(); ++k) {
      const unsigned x = registers_.load(step.scaled[k].a.column);
      if (wide_ && k + 1 < step.scaled.size())
        code_.bits_or3(doubt_, x, VectorOperand::of(registers_.load(step.scaled[++k].a.column)));
      else
        code_.bits_or(doubt_, doubt_, VectorOperand::of(x));
      registers_.release();
    }
    const bool alone = registers_.uses(step.out.front()) == 0 &&
                       std::find(results_.begin(), results_.end(), step.out.front()) == results_.end();
    const bool falling = std::all_of(step.scaled.begin(), step.scaled.end(),
                                     [](const TapeDifference& term) { return term.scale < 0; });
    if (alone && falling) return at_most(step);
    const unsigned total = sum(step);
    doubt_unless(total, Comparison::at_least, step.least);
    return total;
  }

  /// Of a guard whose sum nobody reads and that falls with every x >= 0: the sum of weights * x is at most
  /// what start and shifts leave, less what rounding may add up to. Who is that near is in doubt.
  unsigned at_most(const TapeOperation& step) {
    const double unit = -step.scaled.front().scale;
    double limit = (step.start - step.least) / unit,
           size = (std::abs(step.start) + std::abs(step.least)) / unit;
    for (const TapeDifference& term : step.scaled) {
      const double weight = -term.scale / unit;
      limit += weight * term.shift;
      size += weight * std::abs(term.shift);
    }
    limit -= 4 * std::numeric_limits<double>::epsilon() * static_cast<double>(step.scaled.size() + 8) * size;
    TapeOperation weights{.kind = TapeOperation::Kind::dot, .start = -0.0, .scaled = step.scaled};
    for (TapeDifference& term : weights.scaled) term = {term.a, 0, -term.scale / unit};
    const unsigned total = sum(weights);
    doubt_unless(total, Comparison::at_most, limit);
    return total;
  }

  void check(const TapeOperation& step) {
    for (std::size_t k = 0; k < step.a.size(); ++k) {
      const unsigned x = registers_.load(step.a[k]);
      doubt_unless(x, Comparison::at_least, step.scaled[k].scale);
      if (k < step.function) doubt_unless(x, Comparison::at_most, step.scaled[k].shift);
      registers_.release();
    }
  }

  unsigned quotient(const TapeOperation& step) {
    const unsigned share = registers_.take();
    const unsigned above = registers_.load(step.a.front());
    code_.divide(share, above, registers_.operand(step.b.front()));
    return share;
  }

  unsigned ratio(const TapeOperation& step) {
    const unsigned share = quotient(step);
    replace(share, std::numeric_limits<double>::quiet_NaN(), registers_.load(step.b.front()),
            code_.constant(0), Comparison::equal);
    return share;
  }

  /// 1 - the sum, with Knuth's two-sum of the rest and each -x.
  unsigned missing(const TapeOperation& step) {
    unsigned rest = registers_.take(), next = registers_.take();
    const unsigned carry = registers_.take(), back = registers_.take(), lost = registers_.take();
    code_.load(rest, code_.constant(1));
    code_.load(carry, code_.constant(0));
    for (const std::uint32_t value : step.a) {
      const unsigned x = registers_.load(value);
      code_.subtract(next, rest, VectorOperand::of(x));
      code_.subtract(back, next, VectorOperand::of(rest));
      code_.subtract(lost, next, VectorOperand::of(back));
      code_.subtract(lost, rest, VectorOperand::of(lost));
      code_.add(back, x, VectorOperand::of(back));
      code_.subtract(lost, lost, VectorOperand::of(back));
      code_.add(carry, carry, VectorOperand::of(lost));
      std::swap(rest, next);
      registers_.release();
    }
    code_.add(rest, rest, VectorOperand::of(carry));
    for (const unsigned reg : {next, carry, back, lost}) registers_.give_back(reg);
    return rest;
  }

  unsigned at_least(const TapeOperation& step) {
    const unsigned kept = registers_.take();
    const unsigned x = registers_.load(step.a.front());
    keep(kept, x, x, code_.constant(step.start), Comparison::not_below);
    return kept;
  }

  unsigned unless(const TapeOperation& step) {
    const unsigned kept = registers_.take();
    code_.load(kept, registers_.operand(step.a.front()));
    registers_.release();
    replace(kept, std::numeric_limits<double>::quiet_NaN(), registers_.load(step.b.front()),
            code_.constant(0), Comparison::above);
    return kept;
  }

  unsigned within(const TapeOperation& step) {
    const unsigned fits = registers_.take();
    code_.load(fits, code_.constant(1));
    for (std::size_t k = 0; k < step.a.size(); ++k) {
      const unsigned x = registers_.load(step.a[k]);
      keep(fits, fits, x, registers_.operand(step.b[k]), Comparison::not_above);
      registers_.release();
    }
    return fits;
  }

  VectorCode code_;
  bool wide_;
  std::uint32_t columns_;
  std::span<const TapeOperation> steps_;
  std::span<const std::uint32_t> results_;
  LaneRegisters registers_;
  unsigned doubt_;      // the register that gathers signs of what is in doubt
  unsigned asked_ = 0;  // the mask that was asked last
};

}  // namespace funnelgraph::inline v0::detail
