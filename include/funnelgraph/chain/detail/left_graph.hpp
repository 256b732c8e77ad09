// The graph that is left while stages are eliminated one by one: as lists and as bits.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <funnelgraph/chain/detail/filled_pattern.hpp>

namespace funnelgraph::inline v0::detail {

/// Many short lists in one pool; a list that outgrows its place moves to the end.
class ShortLists {
 public:
  explicit ShortLists(const std::vector<std::uint32_t>& expected) : lists_(expected.size()) {
    std::uint32_t total = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      lists_[i] = {total, 0, expected[i] + spare};
      total += lists_[i].room;
    }
    pool_.reserve(std::size_t{4} * total);  // growing would copy; room that is never touched costs nothing
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

/// What elimination leaves behind: the pattern as far as it is known, and for each stage the stages whose
/// elimination changed its row, in order.
struct Eliminated {
  FilledPattern pattern;
  ShortLists gone;

  explicit Eliminated(std::uint32_t size) : gone(std::vector<std::uint32_t>(size, 0)) {
    pattern.order.reserve(size);
    pattern.lower_begin.reserve(size + 1);
    pattern.upper_begin.reserve(size + 1);
  }
  /// Notes that `stage` went while `in` stages led to it; its targets are already at the end of `upper`.
  void note(std::uint32_t stage, std::uint64_t in) {
    pattern.order.push_back(stage);
    pattern.operations += in * (pattern.upper.size() - pattern.upper_begin.back() + 1);
    pattern.upper_begin.push_back(static_cast<std::uint32_t>(pattern.upper.size()));
  }
};

/// The graph that is left while stages are eliminated one by one, both ways round, as lists: for many stages
/// with few edges.
class LeftLists {
 public:
  explicit LeftLists(const ComponentGraph& graph)
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
  [[nodiscard]] std::span<const std::uint32_t> out(std::uint32_t k) { return out_.of(k); }

  void eliminate(std::uint32_t k, Eliminated& eliminated) {
    const std::span<const std::uint32_t> out = out_.of(k), in = in_.of(k);
    targets_.assign(out.begin(), out.end());
    sources_.assign(in.begin(), in.end());
    const std::span<const std::uint32_t> targets = targets_;
    for (const std::uint32_t j : targets) in_.drop(j, k);
    std::uint32_t* const mark = mark_.data();
    std::uint32_t stamp = stamp_;
    for (const std::uint32_t i : sources_) {
      mark[i] = ++stamp;
      eliminated.gone.push(i, k);
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
    eliminated.pattern.upper.insert(eliminated.pattern.upper.end(), targets.begin(), targets.end());
    eliminated.note(k, sources_.size());
  }

 private:
  using Counts = std::vector<std::uint32_t>;
  static Counts out_counts(const ComponentGraph& graph) {
    Counts counts(graph.size());
    for (std::uint32_t i = 0; i < graph.size(); ++i) counts[i] = graph.begin[i + 1] - graph.begin[i];
    return counts;
  }
  static Counts in_counts(const ComponentGraph& graph) {
    Counts counts(graph.size(), 0);
    for (const std::uint32_t to : graph.target) ++counts[to];
    return counts;
  }
  ShortLists out_, in_;
  std::vector<std::uint32_t> targets_, sources_;  // of the stage that goes
  std::vector<std::uint32_t> mark_;
  std::uint32_t stamp_ = 0;
};

/// The same as bits, for few stages with many edges: joining two rows is one pass over words. Stages are
/// numbered by their place in `stages`.
class LeftBits {
 public:
  template <class EachTarget>
  LeftBits(std::vector<std::uint32_t> stages, const EachTarget& each_target)
      : stages_(std::move(stages)),
        words_((stages_.size() + word - 1) / word),
        out_(stages_.size() * words_, 0),
        in_(stages_.size() * words_, 0),
        out_count_(stages_.size(), 0),
        in_count_(stages_.size(), 0) {
    for (std::uint32_t i = 0; i < stages_.size(); ++i)
      each_target(stages_[i], [&](std::uint32_t j) { add(i, j); });
  }
  [[nodiscard]] std::uint64_t cost(std::uint32_t k) const {
    return std::uint64_t{in_count_[k]} * out_count_[k];
  }
  [[nodiscard]] std::uint32_t stage(std::uint32_t place) const { return stages_[place]; }
  [[nodiscard]] std::uint32_t out_count(std::uint32_t place) const { return out_count_[place]; }

  void eliminate(std::uint32_t k, Eliminated& eliminated) {
    const std::uint64_t* const leaves = row(out_, k);
    each_bit(leaves, [&](std::uint32_t j) {
      row(in_, j)[k / word] &= ~bit(k);
      --in_count_[j];
      eliminated.pattern.upper.push_back(stages_[j]);
    });
    each_bit(row(in_, k), [&](std::uint32_t i) {
      eliminated.gone.push(stages_[i], stages_[k]);
      std::uint64_t* const mine = row(out_, i);
      mine[k / word] &= ~bit(k);
      --out_count_[i];
      for (std::size_t w = 0; w < words_; ++w) {
        std::uint64_t fresh = leaves[w] & ~mine[w];
        if (w == i / word) fresh &= ~bit(i);
        mine[w] |= fresh;
        for (; fresh != 0; fresh &= fresh - 1) {
          const auto j =
              static_cast<std::uint32_t>(w * word) + static_cast<std::uint32_t>(std::countr_zero(fresh));
          row(in_, j)[i / word] |= bit(i);
          ++in_count_[j];
          ++out_count_[i];
        }
      }
    });
    eliminated.note(stages_[k], in_count_[k]);
  }

 private:
  static constexpr std::uint32_t word = 64;
  static std::uint64_t bit(std::uint32_t place) { return std::uint64_t{1} << (place % word); }
  std::uint64_t* row(std::vector<std::uint64_t>& bits, std::uint32_t place) {
    return bits.data() + place * words_;
  }
  template <class Visit>
  void each_bit(const std::uint64_t* bits, const Visit& visit) const {
    for (std::size_t w = 0; w < words_; ++w)
      for (std::uint64_t left = bits[w]; left != 0; left &= left - 1)
        visit(static_cast<std::uint32_t>(w * word) + static_cast<std::uint32_t>(std::countr_zero(left)));
  }
  void add(std::uint32_t i, std::uint32_t j) {
    row(out_, i)[j / word] |= bit(j);
    row(in_, j)[i / word] |= bit(i);
    ++out_count_[i];
    ++in_count_[j];
  }
  std::vector<std::uint32_t> stages_;
  std::size_t words_;
  std::vector<std::uint64_t> out_, in_;
  std::vector<std::uint32_t> out_count_, in_count_;
};

}  // namespace funnelgraph::inline v0::detail
