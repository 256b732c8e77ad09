// A flat hash from names to positions, copied with one memcpy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Open addressing over positions of an outer container; the names stay there, this stores only
/// hashes and positions. `same(position)` tells whether the outer container's name at `position` is
/// the one looked for.
class NameIndex {
 public:
  static constexpr std::uint32_t none = 0xFFFFFFFFU;

  /// Hash of one name, or of an ordered pair of names.
  [[nodiscard]] static std::uint64_t hash(std::string_view name) noexcept;
  [[nodiscard]] static std::uint64_t hash(std::string_view first, std::string_view second) noexcept;

  /// The position stored under `hash` for which `same` holds, or `none`. O(1) expected.
  template <class Same>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same&& same) const {
    if (slots_.empty()) return none;
    const std::size_t mask = slots_.size() - 1;
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    for (std::size_t i = static_cast<std::size_t>(hash) & mask;; i = (i + 1) & mask) {
      const Slot slot = slots_[i];
      if (slot.position == none) return none;
      if (slot.tag == tag && same(slot.position)) return slot.position;
    }
  }
  /// Adds a position under `hash`; an equal name that was there first keeps being found first.
  void insert(std::uint64_t hash, std::uint32_t position);
  void clear() noexcept {
    slots_.clear();
    used_ = 0;
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t position = none;
    std::uint32_t low = 0;  // low half of the hash, to grow without the names
  };
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/name_index_inl.hpp>
#endif
