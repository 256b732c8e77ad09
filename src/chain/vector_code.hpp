// Bytes of the x86-64 instructions that a loop over lanes is made of, with AVX2 or AVX-512 encodings
// (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <map>
#include <utility>
#include <vector>

namespace funnelgraph::inline v0::detail {

/// Registers of integers by their numbers in instructions.
namespace gpr {
inline constexpr unsigned rax = 0, rcx = 1, rdx = 2, rbx = 3, rsp = 4, rbp = 5, rsi = 6, rdi = 7, r8 = 8,
                          r9 = 9, r10 = 10, r11 = 11, r12 = 12, r13 = 13, r14 = 14, r15 = 15;
}

/// Where the last operand of an instruction is.
struct VectorOperand {
  enum class Place : std::uint8_t { in_register, in_array, in_frame, constant };
  Place place = Place::in_register;
  std::uint32_t number =
      0;  // of the register, of the one that points at the array, of the frame's slot, of the constant

  static VectorOperand of(unsigned reg) { return {Place::in_register, reg}; }
};

/// Comparisons, quiet. True for NaN are those that are put as a `not`.
enum class Comparison : std::uint8_t {
  equal = 0x00,
  at_most = 0x12,
  at_least = 0x1D,
  above = 0x1E,
  not_below = 0x15,
  not_at_most = 0x16,
  not_at_least = 0x19,
  not_above = 0x1A,
};

constexpr Comparison opposite(Comparison how) {
  return static_cast<Comparison>(static_cast<unsigned>(how) ^ 0x04U);
}

/// Writes code for registers of `width` doubles, 4 or 8. The loop's offset is in rax.
class VectorCode {
 public:
  explicit VectorCode(std::size_t width) : wide_(width == 8), bytes_of_register_(8 * width) {}

  // ---- arithmetic: to = first op second ----
  void add(unsigned to, unsigned first, VectorOperand second) { vector({0x58}, to, first, second); }
  void subtract(unsigned to, unsigned first, VectorOperand second) { vector({0x5C}, to, first, second); }
  void multiply(unsigned to, unsigned first, VectorOperand second) { vector({0x59}, to, first, second); }
  void divide(unsigned to, unsigned first, VectorOperand second) { vector({0x5E}, to, first, second); }
  void bits_or(unsigned to, unsigned first, VectorOperand second) { vector({0x56}, to, first, second); }
  void bits_and(unsigned to, unsigned first, VectorOperand second) { vector({0x54}, to, first, second); }
  void bits_xor(unsigned to, unsigned first, VectorOperand second) { vector({0x57}, to, first, second); }
  /// to = to | first | second; 8 doubles only.
  void bits_or3(unsigned to, unsigned first, VectorOperand second) {
    vector({0x25, 3, 1, true}, to, first, second, 0, false, 0xFE);
  }
  void load(unsigned to, VectorOperand from) { vector({0x10}, to, 0, from); }
  void store(VectorOperand to, unsigned from) { vector({0x11}, from, 0, to); }

  // ---- comparisons ----
  /// Mask `to` of 8 doubles: where it is so, and mask `where` says so too unless it is 0.
  void compare_to_mask(unsigned to, unsigned first, VectorOperand second, Comparison how,
                       unsigned where = 0) {
    vector({0xC2}, to, first, second, where, false, static_cast<int>(how));
  }
  /// All bits of a double where it is so; 4 doubles only.
  void compare_to_bits(unsigned to, unsigned first, VectorOperand second, Comparison how) {
    vector({0xC2}, to, first, second, 0, false, static_cast<int>(how));
  }
  /// to = from where the mask says so, else what it was, or 0; 8 doubles only.
  void move_where(unsigned mask, unsigned to, VectorOperand from, bool else_zero) {
    vector({0x10}, to, 0, from, mask, else_zero);
  }
  /// to = where ? then : otherwise, bit 63 of each double says; 4 doubles only.
  void blend(unsigned to, unsigned otherwise, unsigned then, unsigned where) {
    vector({0x4B, 3, 1, false}, to, otherwise, VectorOperand::of(then), 0, false,
           static_cast<int>(where << 4U));
  }
  void mask_and(unsigned to, unsigned first, unsigned second) { byte_mask(0x41, to, first, second, true); }
  void mask_and_not(unsigned to, unsigned without, unsigned of) { byte_mask(0x42, to, without, of, true); }
  void mask_fill(unsigned to) { byte_mask(0x46, to, to, to, true); }
  /// The signs of 8 doubles.
  void signs_to_mask(unsigned to, unsigned from) {
    vector({0x39, 2, 2, true}, to, 0, VectorOperand::of(from));
  }
  /// eax = whether the mask lacks one of its 8 bits.
  void mask_to_answer(unsigned of) {
    byte_mask(0x98, of, 0, of, false);
    put({0x0F, 0x93, 0xC0});  // setnc al: the carry says that all are set
    put({0x0F, 0xB6, 0xC0});  // movzx eax, al
  }
  /// eax = the signs of 4 doubles.
  void signs_to_answer(unsigned from) { vector({0x50, 1, 1, false}, gpr::rax, 0, VectorOperand::of(from)); }

  // ---- pointers, the loop, the frame ----
  void load_pointer(unsigned to, unsigned table, std::uint32_t index) {
    put({static_cast<std::uint8_t>(0x48U | (to >> 3U) << 2U | table >> 3U), 0x8B,
         static_cast<std::uint8_t>(0x80U | (to & 7U) << 3U | (table & 7U))});
    put32(8 * index);
  }
  void push(unsigned reg) { stack(0x50, reg); }
  void pop(unsigned reg) { stack(0x58, reg); }
  void landing() { put({0xF3, 0x0F, 0x1E, 0xFA}); }  // endbr64
  void frame_pointer() { put({0x48, 0x89, 0xE5}); }  // mov rbp, rsp
  void open_frame() {                                // and rsp, -64; sub rsp, size
    put({0x48, 0x83, 0xE4, 0xC0, 0x48, 0x81, 0xEC});
    frame_size_at_ = bytes_.size();
    put32(0);
  }
  void close_frame(unsigned saved) {  // lea rsp, [rbp - 8 * saved]
    put({0x48, 0x8D, 0xA5});
    put32(0U - 8 * saved);
  }
  void clear_offset() { put({0x31, 0xC0}); }
  [[nodiscard]] std::size_t here() const noexcept { return bytes_.size(); }
  /// Next offset; again from `start` while it is below rdx.
  void loop(std::size_t start) {
    put({0x48, 0x83, 0xC0, static_cast<std::uint8_t>(bytes_of_register_)});
    put({0x48, 0x39, 0xD0, 0x0F, 0x82});
    put32(static_cast<std::uint32_t>(start - (bytes_.size() + 4)));
  }
  void leave() { put({0xC5, 0xF8, 0x77, 0xC3}); }  // vzeroupper; ret

  // ---- constants ----
  [[nodiscard]] VectorOperand constant(double number) {
    const auto [found, fresh] = constants_.try_emplace(std::bit_cast<std::uint64_t>(number),
                                                       static_cast<std::uint32_t>(constants_.size()));
    return {VectorOperand::Place::constant, found->second};
  }

  /// The code and behind it the constants, to be put at an address that is a multiple of 64.
  [[nodiscard]] std::vector<std::uint8_t> finished(std::uint32_t frame_slots) {
    patch(frame_size_at_, frame_slots * static_cast<std::uint32_t>(bytes_of_register_));
    bytes_.resize((bytes_.size() + 63) / 64 * 64, 0xCC);
    const std::size_t start = bytes_.size();
    bytes_.resize(start + constants_.size() * bytes_of_register_);
    for (const auto& [bits, number] : constants_) {
      for (std::size_t at = 0; at < bytes_of_register_; at += sizeof bits)
        std::memcpy(bytes_.data() + start + number * bytes_of_register_ + at, &bits, sizeof bits);
    }
    for (const Use& use : uses_)
      patch(use.at, static_cast<std::uint32_t>(start + use.constant * bytes_of_register_ - use.after));
    return std::move(bytes_);
  }

 private:
  struct Opcode {
    std::uint8_t number;
    std::uint8_t map = 1;
    std::uint8_t prefix = 1;  // 1 for 66, 2 for F3
    bool w = true;
  };
  struct Use {
    std::size_t at, after;
    std::uint32_t constant;
  };

  void put(std::initializer_list<std::uint8_t> bytes) { bytes_.insert(bytes_.end(), bytes); }
  void put32(std::uint32_t number) {
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes_.push_back(static_cast<std::uint8_t>(number >> shift));
  }
  void patch(std::size_t at, std::uint32_t number) {
    for (unsigned k = 0; k < 4; ++k) bytes_[at + k] = static_cast<std::uint8_t>(number >> (8 * k));
  }
  void stack(unsigned opcode, unsigned reg) {
    if (reg >= 8) put({0x41});
    put({static_cast<std::uint8_t>(opcode + (reg & 7U))});
  }

  /// Instructions on masks of 8 bits.
  void byte_mask(std::uint8_t opcode, unsigned to, unsigned first, unsigned second, bool three) {
    put({0xC5, static_cast<std::uint8_t>(0x81U | (~first & 15U) << 3U | (three ? 4U : 0U)), opcode,
         static_cast<std::uint8_t>(0xC0U | to << 3U | second)});
  }

  void vector(Opcode opcode, unsigned reg, unsigned first, VectorOperand last, unsigned mask = 0,
              bool zero = false, int immediate = -1) {
    using Place = VectorOperand::Place;
    unsigned base = 0, high = 0;  // bits 3 and 4 of what the last operand names
    if (last.place == Place::in_register || last.place == Place::in_array) {
      base = (last.number >> 3U) & 1U;
      high = last.place == Place::in_register ? (last.number >> 4U) & 1U : 0;
    }
    const unsigned third = (reg >> 3U) & 1U;
    if (wide_) {
      put({0x62,
           static_cast<std::uint8_t>((third ^ 1U) << 7U | (high ^ 1U) << 6U | (base ^ 1U) << 5U |
                                     ((reg >> 4U & 1U) ^ 1U) << 4U | opcode.map),
           static_cast<std::uint8_t>((opcode.w ? 0x80U : 0U) | (~first & 15U) << 3U | 4U | opcode.prefix),
           static_cast<std::uint8_t>((zero ? 0x80U : 0U) | 0x40U | ((first >> 4U & 1U) ^ 1U) << 3U | mask)});
    } else {
      put({0xC4, static_cast<std::uint8_t>((third ^ 1U) << 7U | 0x40U | (base ^ 1U) << 5U | opcode.map),
           static_cast<std::uint8_t>((opcode.w ? 0x80U : 0U) | (~first & 15U) << 3U | 4U | opcode.prefix)});
    }
    put({opcode.number});
    const unsigned middle = (reg & 7U) << 3U;
    switch (last.place) {
      case Place::in_register:
        put({static_cast<std::uint8_t>(0xC0U | middle | (last.number & 7U))});
        break;
      case Place::in_array:  // [pointer + rax + 0]
        put({static_cast<std::uint8_t>(0x44U | middle), static_cast<std::uint8_t>(last.number & 7U), 0});
        break;
      case Place::in_frame:  // [rsp + slot]
        put({static_cast<std::uint8_t>(0x84U | middle), 0x24});
        put32(last.number * static_cast<std::uint32_t>(bytes_of_register_));
        break;
      case Place::constant:  // [rip + distance]
        put({static_cast<std::uint8_t>(0x05U | middle)});
        uses_.push_back({bytes_.size(), bytes_.size() + 4 + (immediate >= 0 ? 1U : 0U), last.number});
        put32(0);
        break;
    }
    if (immediate >= 0) put({static_cast<std::uint8_t>(immediate)});
  }

  bool wide_;
  std::size_t bytes_of_register_;
  std::size_t frame_size_at_ = 0;
  std::vector<std::uint8_t> bytes_;
  std::map<std::uint64_t, std::uint32_t> constants_;  // by their bits
  std::vector<Use> uses_;
};

}  // namespace funnelgraph::inline v0::detail
