#pragma once

#include <cstring>

#include <funnelgraph/model/name_index.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Mixes 64 bits so that every input bit moves every output bit (the finaliser of MurmurHash3).
[[nodiscard]] inline std::uint64_t mix(std::uint64_t x) noexcept {
  x ^= x >> 33U;
  x *= 0xFF51AFD7ED558CCDULL;
  x ^= x >> 33U;
  x *= 0xC4CEB9FE1A85EC53ULL;
  x ^= x >> 33U;
  return x;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::uint64_t NameIndex::hash(std::string_view name) noexcept {
  std::uint64_t h = 0x9E3779B97F4A7C15ULL ^ (name.size() * 0xD6E8FEB86659FD93ULL);
  const char* data = name.data();
  std::size_t left = name.size();
  for (; left >= 8; left -= 8, data += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, data, 8);
    h = detail::mix(h ^ word);
  }
  if (left > 0) {
    std::uint64_t word = 0;
    std::memcpy(&word, data, left);
    h = detail::mix(h ^ word);
  }
  return detail::mix(h);
}

FUNNELGRAPH_INLINE std::uint64_t NameIndex::combine(std::uint64_t first, std::uint64_t second) noexcept {
  return detail::mix(first * 0x9E3779B97F4A7C15ULL + second);
}

FUNNELGRAPH_INLINE std::uint64_t NameIndex::hash(std::string_view first, std::string_view second) noexcept {
  return combine(hash(first), hash(second));
}

FUNNELGRAPH_INLINE void NameIndex::insert(std::uint64_t hash, std::uint32_t position) {
  if ((used_ + 1) * 3 > slots_.size() * 2) grow();
  place({static_cast<std::uint32_t>(hash >> 32U), position, static_cast<std::uint32_t>(hash)});
  ++used_;
}

FUNNELGRAPH_INLINE void NameIndex::grow() {
  std::vector<Slot> old(slots_.empty() ? 8 : slots_.size() * 2);
  old.swap(slots_);
  if (old.empty()) return;
  // Runs are read from a gap on, in probing order, so that of two equal names the first stays first.
  std::size_t gap = 0;
  while (old[gap].position != none) ++gap;
  for (std::size_t i = 1; i <= old.size(); ++i) {
    const Slot& slot = old[(gap + i) & (old.size() - 1)];
    if (slot.position != none) place(slot);
  }
}

FUNNELGRAPH_INLINE void NameIndex::place(const Slot& slot) noexcept {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = slot.low & mask;
  while (slots_[i].position != none) i = (i + 1) & mask;
  slots_[i] = slot;
}

}  // namespace funnelgraph::inline v0
