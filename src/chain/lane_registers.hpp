// Which value lies where while a loop over lanes runs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "vector_code.hpp"

namespace funnelgraph::inline v0::detail {

inline constexpr std::uint32_t no_value = 0xFFFFFFFFU;

/// Which value each register holds and where those are that none holds: a column in its array, another in
/// the frame. What is needed last gives way.
class LaneRegisters {
 public:
  LaneRegisters(VectorCode& code, std::uint32_t columns, std::size_t values, unsigned registers)
      : code_(code), columns_(columns), uses_(values), value_(values), holds_(registers) {}

  /// Steps must be told in ascending order; a value is needed until the last of them.
  void will_use(std::uint32_t value, std::uint32_t step) { uses_[value].push_back(step); }
  void begin(std::uint32_t step) { step_ = step; }

  /// A register for something that is no value, until it is given back or becomes one.
  unsigned take() {
    unsigned best = no_value;
    std::uint32_t furthest = 0;
    for (unsigned r = 0; r < holds_.size(); ++r) {
      if (holds_[r].pinned) continue;
      if (holds_[r].value == no_value) return pin(r);
      if (const std::uint32_t next = next_use(holds_[r].value); best == no_value || next > furthest) {
        best = r;
        furthest = next;
      }
    }
    if (best == no_value) throw std::length_error("registers of a step");
    const std::uint32_t gone = std::exchange(holds_[best].value, no_value);
    value_[gone].reg = no_value;
    if (gone >= columns_ && value_[gone].slot == no_value) {
      value_[gone].slot = slot();
      code_.store({VectorOperand::Place::in_frame, value_[gone].slot}, best);
    }
    if (next_use(gone) == no_value) leaving_.push_back(gone);
    return pin(best);
  }
  void give_back(unsigned reg) { holds_[reg].pinned = false; }

  /// The value in a register, where it stays until `release`.
  unsigned load(std::uint32_t value) {
    if (value_[value].reg == no_value) {
      const unsigned reg = take();
      code_.load(reg, far(value));
      hold(value, reg);
    }
    return pin(value_[value].reg);
  }

  /// The value where it is, or in a register if it is needed again and one is free.
  VectorOperand operand(std::uint32_t value) {
    if (value_[value].reg != no_value || (next_use(value) != no_value && has_room()))
      return VectorOperand::of(load(value));
    if (next_use(value) == no_value) leaving_.push_back(value);
    return far(value);
  }

  [[nodiscard]] bool is_near(std::uint32_t value) const noexcept { return value_[value].reg != no_value; }

  /// Values may give way again; what was taken may not.
  void release() {
    for (Held& held : holds_) held.pinned = held.pinned && held.value == no_value;
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
      if (held.value == no_value || next_use(held.value) != no_value) continue;
      leaving_.push_back(std::exchange(held.value, no_value));
    }
    for (const std::uint32_t value : leaving_) {
      if (value_[value].slot != no_value) free_slots_.push_back(value_[value].slot);
      value_[value] = {};
    }
    leaving_.clear();
  }

  void point(std::uint32_t column, unsigned reg) { value_[column].pointer = reg; }
  [[nodiscard]] std::uint32_t slots() const noexcept { return slots_; }
  [[nodiscard]] std::size_t uses(std::uint32_t value) const noexcept { return uses_[value].size(); }

 private:
  struct Held {
    std::uint32_t value = no_value;
    bool pinned = false;
  };
  struct Where {
    unsigned reg = no_value;
    std::uint32_t slot = no_value;
    unsigned pointer = no_value;
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
                       [](const Held& held) { return !held.pinned && held.value == no_value; });
  }
  /// The next step after this one that needs it.
  [[nodiscard]] std::uint32_t next_use(std::uint32_t value) const {
    const auto next = std::upper_bound(uses_[value].begin(), uses_[value].end(), step_);
    return next == uses_[value].end() ? no_value : *next;
  }
  VectorOperand far(std::uint32_t value) {
    if (value >= columns_) return {VectorOperand::Place::in_frame, value_[value].slot};
    if (value_[value].pointer != no_value) return {VectorOperand::Place::in_array, value_[value].pointer};
    code_.load_pointer(gpr::rcx, gpr::rdi, value);
    return {VectorOperand::Place::in_array, gpr::rcx};
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
  std::vector<std::uint32_t> leaving_;  // are needed in this step for the last time
  std::uint32_t slots_ = 0;
};

}  // namespace funnelgraph::inline v0::detail
