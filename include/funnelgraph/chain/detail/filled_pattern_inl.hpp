#pragma once

#include <algorithm>
#include <bit>
#include <limits>
#include <span>

#include <funnelgraph/chain/detail/filled_pattern.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE std::optional<FilledPattern> natural_pattern(const ComponentGraph& graph) {
  // Bit b of `low` is place q - 64 + b, bit b of `high` is place q + b (bit 0, the diagonal, stays off).
  constexpr std::uint32_t word = 64;
  const std::uint32_t size = graph.size();
  FilledPattern pattern;
  pattern.lower.reserve(3 * graph.target.size());
  pattern.upper.reserve(3 * graph.target.size());
  pattern.lower_begin.reserve(size + 1);
  pattern.upper_begin.reserve(size + 1);
  pattern.order.resize(size);
  std::vector<std::uint64_t> reached(size);  // `high` of each finished row
  for (std::uint32_t q = 0; q < size; ++q) {
    pattern.order[q] = q;
    std::uint64_t low = 0, high = 0;
    for (std::uint32_t e = graph.begin[q]; e < graph.begin[q + 1]; ++e) {
      const std::uint32_t to = graph.target[e];
      if (to < q ? q - to >= word : to - q >= word) return std::nullopt;
      if (to < q)
        low |= std::uint64_t{1} << (word - (q - to));
      else
        high |= std::uint64_t{1} << (to - q);
    }
    for (std::uint64_t left = low; left != 0;) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(left));
      const std::uint32_t k = q + bit - word;
      pattern.lower.push_back(k);
      low |= reached[k] << bit;
      high |= (reached[k] >> 1) >> (word - 1 - bit);
      left = bit + 1 == word ? 0 : low & (~std::uint64_t{0} << (bit + 1));
      pattern.operations += static_cast<std::uint32_t>(std::popcount(reached[k])) + 1U;
    }
    high &= ~std::uint64_t{1};
    reached[q] = high;
    for (std::uint64_t left = high; left != 0; left &= left - 1)
      pattern.upper.push_back(q + static_cast<std::uint32_t>(std::countr_zero(left)));
    pattern.lower_begin.push_back(static_cast<std::uint32_t>(pattern.lower.size()));
    pattern.upper_begin.push_back(static_cast<std::uint32_t>(pattern.upper.size()));
  }
  return pattern;
}

/// Many short lists in one pool; a list that outgrows its place moves to the end.
class ShortLists {
 public:
  explicit ShortLists(const std::vector<std::uint32_t>& expected)
      : begin_(expected.size()), count_(expected.size(), 0), room_(expected.size()) {
    std::size_t total = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      begin_[i] = total;
      room_[i] = expected[i] + spare;
      total += room_[i];
    }
    pool_.reserve(total + total / 2);
    pool_.resize(total);
  }
  [[nodiscard]] std::uint32_t count(std::uint32_t i) const { return count_[i]; }
  [[nodiscard]] std::span<std::uint32_t> of(std::uint32_t i) { return {pool_.data() + begin_[i], count_[i]}; }
  void push(std::uint32_t i, std::uint32_t value) {
    if (count_[i] == room_[i]) move_to_end(i);
    pool_[begin_[i] + count_[i]++] = value;
  }
  void drop_last(std::uint32_t i) { --count_[i]; }
  /// Takes `value` out of list i; the last element takes its place.
  void drop(std::uint32_t i, std::uint32_t value) {
    const std::span<std::uint32_t> list = of(i);
    *std::find(list.begin(), list.end(), value) = list.back();
    --count_[i];
  }

 private:
  static constexpr std::uint32_t spare = 4;
  void move_to_end(std::uint32_t i) {
    const std::size_t place = pool_.size();
    room_[i] = 2 * room_[i];
    pool_.resize(place + room_[i]);
    std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(begin_[i]), count_[i],
                pool_.begin() + static_cast<std::ptrdiff_t>(place));
    begin_[i] = place;
  }
  std::vector<std::size_t> begin_;
  std::vector<std::uint32_t> count_, room_, pool_;
};

/// The graph that is left while stages are eliminated one by one, both ways round.
class LeftGraph {
 public:
  explicit LeftGraph(const ComponentGraph& graph)
      : out_(out_counts(graph)), in_(in_counts(graph)), mark_(graph.size(), 0) {
    for (std::uint32_t i = 0; i < graph.size(); ++i)
      for (std::uint32_t e = graph.begin[i]; e < graph.begin[i + 1]; ++e) {
        out_.push(i, graph.target[e]);
        in_.push(graph.target[e], i);
      }
  }
  [[nodiscard]] std::uint64_t cost(std::uint32_t k) const {
    return std::uint64_t{in_.count(k)} * out_.count(k);
  }
  [[nodiscard]] std::uint32_t out_count(std::uint32_t k) const { return out_.count(k); }
  /// Lists of an eliminated stage stay as they were when it went.
  [[nodiscard]] std::span<const std::uint32_t> out(std::uint32_t k) { return out_.of(k); }
  [[nodiscard]] std::span<const std::uint32_t> in(std::uint32_t k) { return in_.of(k); }

  void eliminate(std::uint32_t k) {
    for (std::size_t y = 0; y < out_.count(k); ++y) in_.drop(out_.of(k)[y], k);
    for (std::size_t x = 0; x < in_.count(k); ++x) {
      const std::uint32_t i = in_.of(k)[x];
      ++stamp_;
      mark_[i] = stamp_;
      const std::span<std::uint32_t> row = out_.of(i);
      std::size_t place = 0;
      for (std::size_t t = 0; t < row.size(); ++t) {
        mark_[row[t]] = stamp_;
        if (row[t] == k) place = t;
      }
      row[place] = row.back();
      out_.drop_last(i);
      for (std::size_t y = 0; y < out_.count(k); ++y) {
        const std::uint32_t j = out_.of(k)[y];
        if (mark_[j] == stamp_) continue;
        out_.push(i, j);
        in_.push(j, i);
      }
    }
  }

 private:
  static std::vector<std::uint32_t> out_counts(const ComponentGraph& graph) {
    std::vector<std::uint32_t> counts(graph.size());
    for (std::uint32_t i = 0; i < graph.size(); ++i) counts[i] = graph.begin[i + 1] - graph.begin[i];
    return counts;
  }
  static std::vector<std::uint32_t> in_counts(const ComponentGraph& graph) {
    std::vector<std::uint32_t> counts(graph.size(), 0);
    for (const std::uint32_t to : graph.target) ++counts[to];
    return counts;
  }
  ShortLists out_, in_;
  std::vector<std::uint64_t> mark_;
  std::uint64_t stamp_ = 0;
};

/// Stages up to which the greedy order looks at every stage that is left before each step.
inline constexpr std::uint32_t exactly_greedy_size = 256;
/// Least stages worth a dense block.
inline constexpr std::uint32_t least_dense = 32;
/// A sparse step costs about this many multiply-adds of a dense block (measured: 10 ns against 0.2 ns).
inline constexpr double sparse_step_in_dense_operations = 50;
/// Above this many stages (a block of 128 MB) a dense block must be filled by half anyhow.
inline constexpr std::uint32_t largest_loose_dense = 4096;

/// Whether what is left is better kept as a full matrix.
inline bool better_dense(const LeftGraph& graph, std::span<const std::uint32_t> left) {
  const double size = static_cast<double>(left.size());
  if (left.size() < least_dense) return false;
  double steps = 0, entries = 0;
  for (const std::uint32_t k : left) {
    steps += static_cast<double>(graph.cost(k));
    entries += graph.out_count(k);
  }
  if (left.size() > largest_loose_dense) return entries >= 0.5 * size * size;
  return size * size * size / 3 < sparse_step_in_dense_operations * steps;
}

FUNNELGRAPH_INLINE FilledPattern greedy_pattern(const ComponentGraph& graph) {
  const std::uint32_t size = graph.size();
  LeftGraph left(graph);
  FilledPattern pattern;
  pattern.order.reserve(size);
  std::vector<std::uint32_t> rest(size);
  for (std::uint32_t i = 0; i < size; ++i) rest[i] = i;
  if (size <= exactly_greedy_size) {
    while (!rest.empty()) {
      if (rest.size() % least_dense == 0 && better_dense(left, rest)) break;
      const auto least = std::min_element(rest.begin(), rest.end(), [&](std::uint32_t a, std::uint32_t b) {
        return left.cost(a) < left.cost(b);
      });
      left.eliminate(*least);
      pattern.order.push_back(*least);
      rest.erase(least);
    }
  } else {
    for (std::uint64_t limit = 3; !rest.empty(); limit *= 2) {
      std::size_t kept = 0;
      for (const std::uint32_t k : rest) {
        if (left.cost(k) > limit) {
          rest[kept++] = k;
          continue;
        }
        left.eliminate(k);
        pattern.order.push_back(k);
      }
      rest.resize(kept);
      if (better_dense(left, rest)) break;
    }
  }
  const auto sparse = static_cast<std::uint32_t>(pattern.order.size());
  pattern.dense = size - sparse;
  pattern.order.insert(pattern.order.end(), rest.begin(), rest.end());

  // What leaves a stage when it goes is its upper row; what enters it is its lower column, turned into rows.
  std::vector<std::uint32_t> row_of(size);
  for (std::uint32_t r = 0; r < size; ++r) row_of[pattern.order[r]] = r;
  pattern.lower_begin.assign(size + 1, 0);
  for (std::uint32_t r = 0; r < sparse; ++r) {
    const std::uint32_t k = pattern.order[r];
    for (const std::uint32_t i : left.in(k)) ++pattern.lower_begin[row_of[i] + 1];
    pattern.upper.insert(pattern.upper.end(), left.out(k).begin(), left.out(k).end());
    pattern.upper_begin.push_back(static_cast<std::uint32_t>(pattern.upper.size()));
    pattern.operations += std::uint64_t{left.in(k).size()} * (left.out(k).size() + 1);
  }
  pattern.upper_begin.resize(size + 1, static_cast<std::uint32_t>(pattern.upper.size()));
  for (std::uint32_t r = 0; r < size; ++r) pattern.lower_begin[r + 1] += pattern.lower_begin[r];
  pattern.lower.resize(pattern.lower_begin[size]);
  std::vector<std::uint32_t> next(pattern.lower_begin.begin(), pattern.lower_begin.end() - 1);
  for (std::uint32_t r = 0; r < sparse; ++r)
    for (const std::uint32_t i : left.in(pattern.order[r]))
      pattern.lower[next[row_of[i]]++] = pattern.order[r];
  const auto d = std::uint64_t{pattern.dense};
  pattern.operations += d == 0 ? 0 : (d - 1) * d * (2 * d - 1) / 6 + d * (d - 1) / 2;
  return pattern;
}

}  // namespace funnelgraph::inline v0::detail
