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
  /// Hash of an ordered pair from the hashes of its halves; `hash(a, b)` is `combine(hash(a), hash(b))`.
  [[nodiscard]] static std::uint64_t combine(std::uint64_t first, std::uint64_t second) noexcept;

  /// The position stored under `hash` for which `same` holds, or `none`. O(1) expected.
  template <class Same>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same&& same) const {
    if (slots_.empty()) return none;
    const std::size_t mask = slots_.size() - 1;
    const auto tag = static_cast<std::uint32_t>(hash >> 32U);
    for (std::size_t i = static_cast<std::uint32_t>(hash) & mask;; i = (i + 1) & mask) {
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
  void grow();
  void place(const Slot& slot) noexcept;

  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

/// Positions of an outer container grouped under a name, each group in order of insertion: the exits
/// of a stage, the entries of a stage.
class NameGroups {
 public:
  /// Adds the next position (0, 1, 2, ...) to the group of a name; `same(p)` tells whether the name at
  /// position p is that one. O(1) expected.
  template <class Same>
  void insert(std::uint64_t hash, Same&& same) {
    const auto position = static_cast<std::uint32_t>(next_.size());
    const std::uint32_t group = find(hash, same);
    next_.push_back(NameIndex::none);
    if (group == NameIndex::none) {
      index_.insert(hash, static_cast<std::uint32_t>(groups_.size()));
      groups_.push_back({position, position});
    } else {
      next_[groups_[group].last] = position;
      groups_[group].last = position;
    }
  }
  /// The first position of a group, or NameIndex::none.
  template <class Same>
  [[nodiscard]] std::uint32_t first(std::uint64_t hash, Same&& same) const {
    const std::uint32_t group = find(hash, same);
    return group == NameIndex::none ? NameIndex::none : groups_[group].first;
  }
  /// The position after `position` in its group, or NameIndex::none.
  [[nodiscard]] std::uint32_t next(std::uint32_t position) const noexcept { return next_[position]; }
  void clear() noexcept {
    index_.clear();
    groups_.clear();
    next_.clear();
  }

 private:
  struct Group {
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };
  template <class Same>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same&& same) const {
    return index_.find(hash, [&](std::uint32_t group) { return same(groups_[group].first); });
  }
  NameIndex index_;
  std::vector<Group> groups_;
  std::vector<std::uint32_t> next_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/name_index_inl.hpp>
#endif
