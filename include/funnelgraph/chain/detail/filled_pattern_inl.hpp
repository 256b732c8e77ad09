#pragma once

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <span>

#include <funnelgraph/chain/detail/filled_pattern.hpp>

namespace funnelgraph::inline v0::detail {

/// Entries a row on either side of the diagonal for which room is made at first.
inline constexpr std::uint32_t usual_entries = 8;

/// The given order of `size` stages, if no edge spans more than 63 places: 128 bits hold a row. None for
/// wider graphs. `each_target(q, visit)` calls visit(place) for the targets of the stage at place q; loops
/// and parallel edges count nothing. O(edges + fill).
template <class EachTarget>
std::optional<FilledPattern> natural_pattern(std::uint32_t size, const EachTarget& each_target) {
  // Bit b of `low` is place q - 64 + b, bit b of `high` is place q + b (bit 0, the diagonal, stays off).
  constexpr std::uint32_t word = 64;
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
    each_target(q, [&](std::uint32_t to) {
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
      pattern.lower.push_back(k);
      low |= reached[k] << bit;
      high |= (reached[k] >> 1) >> (word - 1 - bit);
      left = bit + 1 == word ? 0 : low & (~std::uint64_t{0} << (bit + 1));
      pattern.operations += pattern.upper_begin[k + 1] - pattern.upper_begin[k] + 1;
    }
    high &= ~std::uint64_t{1};
    reached[q] = high;
    for (std::uint64_t left = high; left != 0; left &= left - 1)
      pattern.upper.push_back(q + static_cast<std::uint32_t>(std::countr_zero(left)));
    pattern.lower_begin.push_back(static_cast<std::uint32_t>(pattern.lower.size()));
    pattern.upper_begin.push_back(static_cast<std::uint32_t>(pattern.upper.size()));
  }
  pattern.order.resize(size);
  std::iota(pattern.order.begin(), pattern.order.end(), 0U);
  pattern.fill = pattern.lower.size() + pattern.upper.size() - edges;
  return pattern;
}

/// Many short lists in one pool; a list that outgrows its place moves to the end.
class ShortLists {
 public:
  explicit ShortLists(const std::vector<std::uint32_t>& expected) : lists_(expected.size()) {
    std::uint32_t total = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      lists_[i] = {total, 0, expected[i] + spare};
      total += lists_[i].room;
    }
    pool_.reserve(total + total / 2);
    pool_.resize(total);
  }
  [[nodiscard]] std::uint32_t count(std::uint32_t i) const { return lists_[i].count; }
  [[nodiscard]] std::span<std::uint32_t> of(std::uint32_t i) {
    return {pool_.data() + lists_[i].begin, lists_[i].count};
  }
  void push(std::uint32_t i, std::uint32_t value) {
    List& list = lists_[i];
    if (list.count == list.room) move_to_end(list, list.count + 1);
    pool_[list.begin + list.count++] = value;
  }
  /// List i, with room for `more` elements behind it; `set_count` says how many were written.
  std::uint32_t* with_room(std::uint32_t i, std::uint32_t more) {
    List& list = lists_[i];
    if (list.count + more > list.room) move_to_end(list, list.count + more);
    return pool_.data() + list.begin;
  }
  void set_count(std::uint32_t i, std::uint32_t count) { lists_[i].count = count; }
  /// Takes `value` out of list i; the last element takes its place.
  void drop(std::uint32_t i, std::uint32_t value) {
    const std::span<std::uint32_t> list = of(i);
    *std::find(list.begin(), list.end(), value) = list.back();
    --lists_[i].count;
  }

 private:
  struct List {
    std::uint32_t begin, count, room;
  };
  static constexpr std::uint32_t spare = 4;
  void move_to_end(List& list, std::uint32_t needed) {
    const auto place = static_cast<std::uint32_t>(pool_.size());
    list.room = std::max(2 * list.room, needed);
    pool_.resize(pool_.size() + list.room);
    std::copy_n(pool_.data() + list.begin, list.count, pool_.data() + place);
    list.begin = place;
  }
  std::vector<List> lists_;
  std::vector<std::uint32_t> pool_;
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
    const std::span<const std::uint32_t> out = this->out(k), in = this->in(k);
    targets_.assign(out.begin(), out.end());
    sources_.assign(in.begin(), in.end());
    const std::span<const std::uint32_t> targets = targets_;
    for (const std::uint32_t j : targets) in_.drop(j, k);
    std::uint32_t* const mark = mark_.data();
    std::uint32_t stamp = stamp_;
    for (const std::uint32_t i : sources_) {
      mark[i] = ++stamp;
      std::uint32_t* const row = out_.with_room(i, static_cast<std::uint32_t>(targets.size()));
      const std::uint32_t before = out_.count(i);
      std::uint32_t place = 0;
      for (std::uint32_t t = 0; t < before; ++t) {
        mark[row[t]] = stamp;
        if (row[t] == k) place = t;
      }
      row[place] = row[before - 1];
      std::uint32_t after = before - 1;
      for (const std::uint32_t j : targets) {
        if (mark[j] == stamp) continue;
        row[after++] = j;
        in_.push(j, i);
      }
      out_.set_count(i, after);
    }
    stamp_ = stamp;
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
  std::vector<std::uint32_t> targets_, sources_;  // of the stage that goes
  std::vector<std::uint32_t> mark_;
  std::uint32_t stamp_ = 0;
};

/// Stages up to which the greedy order looks at every stage that is left before each step.
inline constexpr std::uint32_t exactly_greedy_size = 256;
/// Least stages worth a dense block.
inline constexpr std::uint32_t least_dense = 32;
/// Share of possible entries above which what is left is kept as a full block. Measured on chains of 100,000
/// stages with 1,000 and 3,000 long edges back: 0.08 to 0.25 plan a little sooner and eliminate up to ten times
/// slower, for what looks dense early is far from full in the end.
inline constexpr double dense_share = 0.4;

/// Whether what is left is better kept as a full matrix.
inline bool better_dense(const LeftGraph& graph, std::span<const std::uint32_t> left) {
  if (left.size() < least_dense) return false;
  const double size = static_cast<double>(left.size());
  double entries = 0;
  for (const std::uint32_t k : left) entries += graph.out_count(k);
  return entries > dense_share * size * size;
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
  pattern.fill = pattern.lower.size() + pattern.upper.size() + d * d - d - graph.target.size();
  pattern.operations += d == 0 ? 0 : (d - 1) * d * (2 * d - 1) / 6 + d * (d - 1) / 2;
  return pattern;
}

}  // namespace funnelgraph::inline v0::detail
