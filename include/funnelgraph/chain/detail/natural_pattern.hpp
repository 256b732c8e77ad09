// The pattern of a component in its given order, when that order keeps edges short.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <funnelgraph/chain/detail/filled_pattern.hpp>

namespace funnelgraph::inline v0::detail {

/// Entries a row on either side of the diagonal for which room is made at first.
inline constexpr std::uint32_t usual_entries = 8;

/// The given order of `stages`, if no edge spans more than 63 places: 128 bits hold a row. None for wider
/// graphs. The pattern is of stages, not of places. `each_target(stage, visit)` calls visit(place) for the
/// targets of a stage; loops and parallel edges count nothing. O(edges + fill).
template <class EachTarget>
std::optional<FilledPattern> natural_pattern(std::span<const std::uint32_t> stages,
                                             const EachTarget& each_target) {
  // Bit b of `low` is place q - 64 + b, bit b of `high` is place q + b (bit 0, the diagonal, stays off).
  constexpr std::uint32_t word = 64;
  const auto size = static_cast<std::uint32_t>(stages.size());
  FilledPattern pattern;
  // Room that is never touched costs nothing; growing would copy.
  pattern.lower.reserve(std::size_t{usual_entries} * size);
  pattern.upper.reserve(std::size_t{usual_entries} * size);
  pattern.lower_begin.reserve(size + 1);
  pattern.upper_begin.reserve(size + 1);
  std::vector<std::uint64_t> reached(size);  // `high` of each finished row
  std::uint64_t edges = 0;
  for (std::uint32_t q = 0; q < size; ++q) {
    std::uint64_t low = 0, high = 0;
    bool wide = false;
    each_target(stages[q], [&](std::uint32_t to) {
      wide = wide || (to < q ? q - to >= word : to - q >= word);
      if (wide) return;
      std::uint64_t& half = to < q ? low : high;
      const std::uint64_t bit = std::uint64_t{1} << (to < q ? word - (q - to) : to - q);
      edges += to != q && (half & bit) == 0 ? 1U : 0U;
      half |= bit;
    });
    if (wide) return std::nullopt;
    for (std::uint64_t left = low; left != 0;) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(left));
      const std::uint32_t k = q + bit - word;
      pattern.lower.push_back(stages[k]);
      low |= reached[k] << bit;
      high |= (reached[k] >> 1) >> (word - 1 - bit);
      left = bit + 1 == word ? 0 : low & (~std::uint64_t{0} << (bit + 1));
      pattern.operations += pattern.upper_begin[k + 1] - pattern.upper_begin[k] + 1;
    }
    high &= ~std::uint64_t{1};
    reached[q] = high;
    for (std::uint64_t left = high; left != 0; left &= left - 1)
      pattern.upper.push_back(stages[q + static_cast<std::uint32_t>(std::countr_zero(left))]);
    pattern.lower_begin.push_back(static_cast<std::uint32_t>(pattern.lower.size()));
    pattern.upper_begin.push_back(static_cast<std::uint32_t>(pattern.upper.size()));
  }
  pattern.order.assign(stages.begin(), stages.end());
  pattern.fill = pattern.lower.size() + pattern.upper.size() - edges;
  return pattern;
}

}  // namespace funnelgraph::inline v0::detail
