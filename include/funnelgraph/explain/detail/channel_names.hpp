// Numbers for channel names, found fast by the bytes they come in. Internal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/philox.hpp>

namespace funnelgraph::inline v0::detail {

/// 64 bits of a short text, eight bytes at a step.
[[nodiscard]] inline std::uint64_t text_hash(const char* text, std::size_t length) noexcept {
  constexpr std::uint64_t odd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = length * odd;
  const auto mix = [&](std::uint64_t word) {
    const WideProduct product = multiply_wide(hash ^ word, odd);
    hash = product.high ^ product.low ^ word;
  };
  std::uint64_t word = 0;
  while (length >= 8) {
    std::memcpy(&word, text, 8);
    mix(word);
    text += 8;
    length -= 8;
  }
  if (length >= 4) {  // two halves that may overlap
    std::uint32_t low = 0, high = 0;
    std::memcpy(&low, text, 4);
    std::memcpy(&high, text + length - 4, 4);
    mix((std::uint64_t{high} << 32U) | low);
  } else if (length > 0) {
    const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(text[i])}; };
    mix(byte(0) | (byte(length / 2) << 8U) | (byte(length - 1) << 16U));
  }
  return hash;
}

/// Whether two texts of one length are equal, without a call.
[[nodiscard]] inline bool equal_text(const char* a, const char* b, std::size_t length) noexcept {
  std::uint64_t x = 0, y = 0;
  if (length < 8) {
    for (std::size_t i = 0; i < length; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  for (std::size_t i = 0; i + 8 < length; i += 8) {
    std::memcpy(&x, a + i, 8);
    std::memcpy(&y, b + i, 8);
    if (x != y) return false;
  }
  std::memcpy(&x, a + length - 8, 8);
  std::memcpy(&y, b + length - 8, 8);
  return x == y;
}

/// Channels in order of first appearance. Spellings that are equal in normal form C are one channel.
class ChannelNames {
 public:
  /// The number of a spelling, a new one where it is new. Throws what `normalise_name` throws.
  std::uint32_t code(std::string_view spelling) {
    const std::uint64_t hash = text_hash(spelling.data(), spelling.size());
    for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[at];
      if (slot.code == unused) return add(spelling, hash);
      if (slot.hash == hash && slot.length == spelling.size() &&
          equal_text(slot.text, spelling.data(), spelling.size()))
        return slot.code;
    }
  }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(names_.size()); }

 private:
  static constexpr std::uint32_t unused = 0xFFFFFFFFU;
  struct Slot {
    std::uint64_t hash = 0;
    const char* text = nullptr;
    std::size_t length = 0;
    std::uint32_t code = unused;
  };

  std::uint32_t add(std::string_view spelling, std::uint64_t hash) {
    std::string name = normalise_name(spelling);
    if (4 * (spellings_.size() + 1) > slots_.size()) grow();
    const auto [at, is_new] = code_of_name_.try_emplace(name, size());
    if (is_new) names_.push_back(std::move(name));
    const std::string& kept = spellings_.emplace_back(spelling);
    place({hash, kept.data(), kept.size(), at->second});
    return at->second;
  }
  void place(const Slot& slot) {
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].code != unused) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old) {
      if (slot.code != unused) place(slot);
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(256);  // a power of two
  std::deque<std::string> spellings_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, std::uint32_t> code_of_name_;
};

}  // namespace funnelgraph::inline v0::detail
