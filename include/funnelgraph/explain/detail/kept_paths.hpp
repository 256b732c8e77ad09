// Distinct paths with what their journeys came to, for resampling. Internal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/explain/detail/journey_tally.hpp>

namespace funnelgraph::inline v0::detail {

/// In order of first appearance. Rows with ages of touches are kept one by one.
class KeptPaths {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return conversions_.size(); }
  [[nodiscard]] CountedPath operator[](std::size_t i) const noexcept {
    const auto from = begin_[i], count = begin_[i + 1] - begin_[i];
    return {std::span(codes_).subspan(from, count), conversions_[i], nulls_[i], values_[i],
            ages_.empty() ? std::span<const double>() : std::span(ages_).subspan(from, count)};
  }

  void add(const CountedPath& row) {
    if (row.ages.empty()) {
      if (2 * (size() + 1) > slots_.size()) grow();
      const std::size_t at = slot_of(row.path);
      if (slots_[at] != unused) {
        conversions_[slots_[at]] += row.conversions;
        nulls_[slots_[at]] += row.nulls;
        if (row.conversions > 0) values_[slots_[at]] += row.value;
        return;
      }
      slots_[at] = size();
    } else {
      ages_.insert(ages_.end(), row.ages.begin(), row.ages.end());
    }
    codes_.insert(codes_.end(), row.path.begin(), row.path.end());
    begin_.push_back(codes_.size());
    conversions_.push_back(row.conversions);
    nulls_.push_back(row.nulls);
    values_.push_back(row.conversions > 0 ? row.value : 0);
  }
  void merge(const KeptPaths& other, std::span<const std::uint32_t> channel_of) {
    std::vector<std::uint32_t> path;
    for (std::size_t i = 0; i < other.size(); ++i) {
      CountedPath row = other[i];
      path.clear();
      for (const std::uint32_t c : row.path) path.push_back(channel_of[c]);
      row.path = path;
      add(row);
    }
  }

 private:
  static constexpr std::size_t unused = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t slot_of(std::span<const std::uint32_t> path) const {
    std::uint64_t hash = path.size();
    for (const std::uint32_t c : path) {
      const WideProduct product = multiply_wide(hash ^ (c + 0x100000001ULL), 0x9E3779B97F4A7C15);
      hash = product.high ^ product.low;
    }
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != unused && !std::ranges::equal((*this)[slots_[at]].path, path))
      at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<std::size_t>(std::max<std::size_t>(1024, 2 * slots_.size()), unused).swap(slots_);
    for (std::size_t i = 0; i < size(); ++i) slots_[slot_of((*this)[i].path)] = i;
  }

  std::vector<std::uint32_t> codes_;
  std::vector<std::size_t> begin_{0};
  std::vector<std::uint64_t> conversions_, nulls_;
  std::vector<double> values_, ages_;
  std::vector<std::size_t> slots_;
};

}  // namespace funnelgraph::inline v0::detail
