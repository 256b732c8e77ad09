// Machine code for x86-64 with AVX2 or AVX-512, as systems that follow the System V calling convention call it.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <funnelgraph/chain/detail/lane_code.hpp>
#include <limits>
#include <stdexcept>
#include <utility>
#include <vector>

#include "vector_code.hpp"

namespace funnelgraph::inline v0::detail {
namespace {

using Kind = TapeOperation::Kind;
using Place = VectorOperand::Place;

constexpr std::uint32_t none = 0xFFFFFFFFU;
constexpr std::size_t most_code = std::size_t{1} << 18U;

/// Which value each register holds and where those are that none holds: a column in its array, another in the
/// frame. What is needed last gives way.
class Registers {
 public:
  Registers(VectorCode& code, std::uint32_t columns, std::size_t values, unsigned registers)
      : code_(code), columns_(columns), uses_(values), value_(values), holds_(registers) {}

  /// Steps must be told in ascending order; a value is needed until the last of them.
  void will_use(std::uint32_t value, std::uint32_t step) { uses_[value].push_back(step); }
  void begin(std::uint32_t step) { step_ = step; }

  /// A register for something that is no value, until it is given back or becomes one.
  unsigned take() {
    unsigned best = none;
    std::uint32_t furthest = 0;
    for (unsigned r = 0; r < holds_.size(); ++r) {
      if (holds_[r].pinned) continue;
      if (holds_[r].value == none) return pin(r);
      if (const std::uint32_t next = next_use(holds_[r].value); best == none || next > furthest) {
        best = r;
        furthest = next;
      }
    }
    if (best == none) throw std::length_error("registers of a step");
    const std::uint32_t gone = std::exchange(holds_[best].value, none);
    value_[gone].reg = none;
    if (gone >= columns_ && value_[gone].slot == none) {
      value_[gone].slot = slot();
      code_.store({Place::in_frame, value_[gone].slot}, best);
    }
    return pin(best);
  }
  void give_back(unsigned reg) { holds_[reg].pinned = false; }

  /// The value in a register, where it stays until `release`.
  unsigned load(std::uint32_t value) {
    if (value_[value].reg == none) {
      const unsigned reg = take();
      code_.load(reg, far(value));
      hold(value, reg);
    }
    return pin(value_[value].reg);
  }

  /// The value where it is, or in a register if it is needed again and one is free.
  VectorOperand operand(std::uint32_t value) {
    if (value_[value].reg != none || (next_use(value) != none && has_room()))
      return VectorOperand::of(load(value));
    return far(value);
  }

  [[nodiscard]] bool is_near(std::uint32_t value) const noexcept { return value_[value].reg != none; }

  /// Values may give way again; what was taken may not.
  void release() {
    for (Held& held : holds_) held.pinned = held.pinned && held.value == none;
  }

  /// The register becomes the value.
  void define(std::uint32_t value, unsigned reg) {
    if (uses_[value].empty())
      give_back(reg);
    else
      hold(value, reg);
  }

  /// What nobody needs any more is gone.
  void end() {
    release();
    for (Held& held : holds_) {
      if (held.value == none || next_use(held.value) != none) continue;
      Where& where = value_[held.value];
      if (where.slot != none) free_slots_.push_back(where.slot);
      where = {};
      held.value = none;
    }
  }

  void point(std::uint32_t column, unsigned reg) { value_[column].pointer = reg; }
  [[nodiscard]] std::uint32_t slots() const noexcept { return slots_; }
  [[nodiscard]] std::size_t uses(std::uint32_t value) const noexcept { return uses_[value].size(); }

 private:
  struct Held {
    std::uint32_t value = none;
    bool pinned = false;
  };
  struct Where {
    unsigned reg = none;
    std::uint32_t slot = none;
    unsigned pointer = none;
  };

  unsigned pin(unsigned reg) {
    holds_[reg].pinned = true;
    return reg;
  }
  void hold(std::uint32_t value, unsigned reg) {
    holds_[reg].value = value;
    value_[value].reg = reg;
  }
  [[nodiscard]] bool has_room() const {
    return std::any_of(holds_.begin(), holds_.end(),
                       [](const Held& held) { return !held.pinned && held.value == none; });
  }
  /// The next step after this one that needs it.
  [[nodiscard]] std::uint32_t next_use(std::uint32_t value) const {
    const auto next = std::upper_bound(uses_[value].begin(), uses_[value].end(), step_);
    return next == uses_[value].end() ? none : *next;
  }
  VectorOperand far(std::uint32_t value) {
    if (value >= columns_) return {Place::in_frame, value_[value].slot};
    if (value_[value].pointer != none) return {Place::in_array, value_[value].pointer};
    code_.load_pointer(gpr::rcx, gpr::rdi, value);
    return {Place::in_array, gpr::rcx};
  }
  std::uint32_t slot() {
    if (free_slots_.empty()) return slots_++;
    const std::uint32_t free = free_slots_.back();
    free_slots_.pop_back();
    return free;
  }

  VectorCode& code_;
  std::uint32_t columns_;
  std::uint32_t step_ = 0;
  std::vector<std::vector<std::uint32_t>> uses_;  // by value, ascending
  std::vector<Where> value_;
  std::vector<Held> holds_;
  std::vector<std::uint32_t> free_slots_;
  std::uint32_t slots_ = 0;
};

/// Writes one loop for the steps.
class Writer {
 public:
  Writer(std::uint32_t columns, std::span<const TapeOperation> steps, std::span<const std::uint32_t> results,
         std::size_t width)
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

  /// Empty where it would be too long.
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
      if (code_.here() > most_code) return {};
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
  // Of 8 doubles: masks 1 to `masks` say which lanes passed what was asked of them so far, in turn, so that no
  // answer waits for the one before; mask `found` is for moves.
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
      case Kind::dot:
        return define(step, sum(step));
      case Kind::divide:
        return define(step, quotient(step));
      case Kind::ratio:
        return define(step, ratio(step));
      case Kind::missing:
        return define(step, missing(step));
      case Kind::at_least:
        return define(step, at_least(step));
      case Kind::unless:
        return define(step, unless(step));
      case Kind::within:
        return define(step, within(step));
      case Kind::check:
        return check(step);
      case Kind::guard:
        return define(step, guard(step));
      case Kind::map:
        break;
    }
    throw std::logic_error("a step without code");
  }

  void store(std::uint32_t result, unsigned reg) {
    code_.load_pointer(gpr::rcx, gpr::rsi, result);
    code_.store({Place::in_array, gpr::rcx}, reg);
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

  /// start + sum of scale * (x - shift) + sum of a * b, added in that order. Nothing is added to a start of -0.
  unsigned sum(const TapeOperation& step) {
    unsigned total = none;
    std::uint32_t first = none;  // a value that is the whole sum so far
    bool started = std::bit_cast<std::uint64_t>(step.start) == std::bit_cast<std::uint64_t>(-0.0);
    const auto add = [&](unsigned term) {
      if (total != none) {
        code_.add(total, total, VectorOperand::of(term));
        registers_.give_back(term);
      } else {
        if (first != none)
          code_.add(term, registers_.load(first), VectorOperand::of(term));
        else if (!started)
          code_.add(term, term, code_.constant(step.start));
        first = none;
        started = true;
        total = term;
      }
      registers_.release();
    };
    const auto subtract = [&](unsigned term) {
      if (total == none && first == none) {
        total = registers_.take();
        code_.load(total, code_.constant(step.start));
      }
      const unsigned before = total != none ? total : registers_.load(first);
      if (total == none) total = registers_.take();
      code_.subtract(total, before, VectorOperand::of(term));
      registers_.give_back(term);
      registers_.release();
      first = none;
      started = true;
    };
    for (const TapeDifference& term : step.scaled) {
      const std::uint32_t x = term.a.column;
      if (term.shift != 0 || term.scale != 1) {
        const unsigned scaled = registers_.take();
        if (term.shift != 0) code_.subtract(scaled, registers_.load(x), code_.constant(term.shift));
        if (term.scale == -1 && term.shift != 0) {
          subtract(scaled);
          continue;
        }
        if (term.scale != 1)
          code_.multiply(scaled, term.shift != 0 ? scaled : registers_.load(x), code_.constant(term.scale));
        add(scaled);
      } else if (total != none) {
        code_.add(total, total, registers_.operand(x));
      } else if (first == none && started) {
        first = x;
      } else {
        total = registers_.take();
        if (first != none) {
          const unsigned before = registers_.load(first);
          code_.add(total, before, registers_.operand(x));
        } else {
          code_.add(total, registers_.load(x), code_.constant(step.start));
        }
        first = none;
        started = true;
      }
      registers_.release();
    }
    for (std::size_t k = 0; k < step.a.size(); ++k) {
      const bool turned = !registers_.is_near(step.a[k]) && registers_.is_near(step.b[k]);
      const unsigned product = registers_.take();
      const unsigned one = registers_.load(turned ? step.b[k] : step.a[k]);
      code_.multiply(product, one, registers_.operand(turned ? step.a[k] : step.b[k]));
      add(product);
    }
    if (total == none) {
      total = registers_.take();
      code_.load(total, first != none ? registers_.operand(first) : code_.constant(step.start));
    }
    return total;
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

  /// Of a guard whose sum nobody reads and that falls with every x >= 0: the sum of weights * x is at most what
  /// start and shifts leave, less what rounding may add up to. Who is that near is in doubt.
  unsigned at_most(const TapeOperation& step) {
    const double unit = -step.scaled.front().scale;
    double limit = (step.start - step.least) / unit, size = (std::abs(step.start) + std::abs(step.least)) / unit;
    for (const TapeDifference& term : step.scaled) {
      const double weight = -term.scale / unit;
      limit += weight * term.shift;
      size += weight * std::abs(term.shift);
    }
    limit -= 4 * std::numeric_limits<double>::epsilon() * static_cast<double>(step.scaled.size() + 8) * size;
    TapeOperation weights{.kind = Kind::dot, .start = -0.0, .scaled = step.scaled};
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
    replace(share, std::numeric_limits<double>::quiet_NaN(), registers_.load(step.b.front()), code_.constant(0),
            Comparison::equal);
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
    replace(kept, std::numeric_limits<double>::quiet_NaN(), registers_.load(step.b.front()), code_.constant(0),
            Comparison::above);
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
  Registers registers_;
  unsigned doubt_;      // the register that gathers signs of what is in doubt
  unsigned asked_ = 0;  // the mask that was asked last
};

}  // namespace

LaneCode::~LaneCode() {
  if (memory_ != nullptr) ::munmap(memory_, size_);
}

std::size_t LaneCode::widest() noexcept {
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return 8;
  return __builtin_cpu_supports("avx2") ? 4 : 0;
}

std::shared_ptr<const LaneCode> LaneCode::compile(std::uint32_t columns, std::span<const TapeOperation> steps,
                                                  std::span<const std::uint32_t> results, std::size_t width) {
  if (width == 0 || width > widest()) return nullptr;
  if (std::any_of(steps.begin(), steps.end(), [](const TapeOperation& step) { return step.kind == Kind::map; }))
    return nullptr;
  const std::vector<std::uint8_t> code = Writer(columns, steps, results, width).written();
  if (code.empty()) return nullptr;
  // Code begins one line behind the start: what looks before a function for its type finds memory there.
  constexpr std::size_t line = 64;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t size = (line + code.size() + page - 1) / page * page;
  void* const memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return nullptr;
  std::shared_ptr<LaneCode> made(new LaneCode);
  made->memory_ = memory;
  made->size_ = size;
  made->entry_ = static_cast<std::uint8_t*>(memory) + line;
  std::memcpy(made->entry_, code.data(), code.size());
  if (::mprotect(memory, size, PROT_READ | PROT_EXEC) != 0) return nullptr;
  return made;
}

bool LaneCode::run(const double* const* columns, double* const* results, std::size_t lanes) const {
  using Loop = unsigned (*)(const double* const*, double* const*, std::size_t);
  return std::bit_cast<Loop>(entry_)(columns, results, lanes * sizeof(double)) == 0;
}

}  // namespace funnelgraph::inline v0::detail
