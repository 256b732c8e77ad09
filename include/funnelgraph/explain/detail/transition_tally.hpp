// Counting the transitions of journeys, of any order. Internal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/explain/journey_chain.hpp>

namespace funnelgraph::inline v0::detail {

/// States of a chain of journeys: the last touches, at most `order` of them. State 0 is the start, before
/// any.
class StateNames {
 public:
  explicit StateNames(std::uint32_t order) : order_(order) {}

  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(begin_.size() - 1); }
  [[nodiscard]] std::span<const std::uint32_t> touches(std::uint32_t state) const noexcept {
    return std::span(touches_).subspan(begin_[state], begin_[state + 1] - begin_[state]);
  }
  std::uint32_t state(std::span<const std::uint32_t> touches) {
    std::size_t at = slot_of(touches);
    if (slots_[at] != unused) return slots_[at];
    if (2 * (size() + std::size_t{1}) > slots_.size()) {
      std::vector<std::uint32_t> larger(2 * slots_.size(), unused);
      slots_.swap(larger);
      for (std::uint32_t s = 0; s < size(); ++s) slots_[slot_of(this->touches(s))] = s;
      at = slot_of(touches);
    }
    slots_[at] = size();
    touches_.insert(touches_.end(), touches.begin(), touches.end());
    begin_.push_back(static_cast<std::uint32_t>(touches_.size()));
    return slots_[at];
  }
  /// The state after a touch of `channel` in `state`.
  std::uint32_t after(std::uint32_t state, std::uint32_t channel) {
    const auto before = touches(state);
    scratch_.assign(before.begin() + (before.size() == order_ ? 1 : 0), before.end());
    scratch_.push_back(channel);
    return this->state(scratch_);
  }

 private:
  static constexpr std::uint32_t unused = 0xFFFFFFFFU;
  [[nodiscard]] std::size_t slot_of(std::span<const std::uint32_t> touches) const {
    std::uint64_t hash = touches.size();
    for (const std::uint32_t touch : touches) {
      const WideProduct product = multiply_wide(hash ^ (touch + 0x100000001ULL), 0x9E3779B97F4A7C15);
      hash = product.high ^ product.low;
    }
    std::size_t at = hash & (slots_.size() - 1);
    while (slots_[at] != unused && !std::ranges::equal(this->touches(slots_[at]), touches))
      at = (at + 1) & (slots_.size() - 1);
    return at;
  }

  std::uint32_t order_;
  std::vector<std::uint32_t> touches_, begin_{0, 0};
  std::vector<std::uint32_t> slots_ = first_slots();
  std::vector<std::uint32_t> scratch_;

  static std::vector<std::uint32_t> first_slots() {
    std::vector<std::uint32_t> slots(256, unused);
    slots[0] = 0;  // the hash of no touches
    return slots;
  }
};

/// Counts by (state, channel), and by last state how journeys ended. Of order 1 with few channels in a square
/// array, else in a hash table, which holds the next state too.
class TransitionTally {
 public:
  /// Up to this many channels a square array is kept, 8 MB.
  static constexpr std::uint32_t square_limit = 1024;

  explicit TransitionTally(std::uint32_t order) : order_(order), states_(order), square_(order == 1) {}

  /// One path that `journeys` took, `conversions` of them to a conversion. Channels are below `channels`.
  void add(std::span<const std::uint32_t> path, std::uint32_t channels, std::uint64_t journeys,
           std::uint64_t conversions) {
    if (square_ && channels > stride_) {
      if (channels > square_limit) {
        leave_square();
      } else {
        widen(channels);
      }
    }
    if (square_) {
      std::uint32_t from = path[0];
      started_[from] += journeys;
      for (std::size_t i = 1; i < path.size(); ++i) {
        const std::uint32_t to = path[i];
        counts_[from * std::size_t{stride_} + to] += journeys;
        from = to;
      }
      converted_[from] += conversions;
      lost_[from] += journeys - conversions;
      return;
    }
    std::uint32_t state = 0;
    for (const std::uint32_t channel : path) {
      Slot& slot = edge(state, channel);
      slot.count += journeys;
      state = slot.next;
    }
    end(state, conversions, journeys - conversions);
  }

  /// Adds `other`, whose channel c is `channel_of[c]` here, below `channels`.
  void merge(const TransitionTally& other, std::span<const std::uint32_t> channel_of,
             std::uint32_t channels) {
    if (square_ && channels > square_limit) leave_square();
    if (square_ && channels > stride_) widen(channels);
    std::vector<std::uint32_t> mine;  // by state of `other`, for the hash table
    const auto state_here = [&](std::uint32_t state) {
      if (mine.empty()) mine.assign(std::max<std::uint32_t>(other.states_.size(), 1), 0xFFFFFFFFU);
      if (mine[state] == 0xFFFFFFFFU) {
        std::vector<std::uint32_t> touches;
        for (const std::uint32_t c : other.states_.touches(state)) touches.push_back(channel_of[c]);
        mine[state] = states_.state(touches);
      }
      return mine[state];
    };
    const auto state_of_channel = [&](std::uint32_t c) {  // order 1
      const std::uint32_t here = channel_of[c];
      return states_.state(std::span(&here, 1));
    };
    if (other.square_) {
      other.each_of_square(
          [&](std::uint32_t from, std::uint32_t to, std::uint64_t count) {
            if (square_) {
              counts_[channel_of[from] * std::size_t{stride_} + channel_of[to]] += count;
            } else {
              edge(state_of_channel(from), channel_of[to]).count += count;
            }
          },
          [&](std::uint32_t c, std::uint64_t started, std::uint64_t converted, std::uint64_t lost) {
            const std::uint32_t here = channel_of[c];
            if (square_) {
              started_[here] += started;
              converted_[here] += converted;
              lost_[here] += lost;
            } else {
              if (started > 0) edge(0, here).count += started;
              end(state_of_channel(c), converted, lost);
            }
          });
      return;
    }
    if (square_) leave_square();
    for (const Slot& slot : other.slots_) {
      if (slot.key != unused)
        edge(state_here(from_of(slot)), channel_of[channel_of_key(slot)]).count += slot.count;
    }
    for (std::uint32_t s = 0; s < other.converted_.size(); ++s) {
      if (other.converted_[s] + other.lost_[s] > 0) end(state_here(s), other.converted_[s], other.lost_[s]);
    }
  }

  /// The chain with channel c renamed to `name_of[c]`, `channels` of them; states and edges in their order.
  [[nodiscard]] JourneyChain chain(std::span<const std::uint32_t> name_of, std::uint32_t channels) const {
    struct Edge {
      std::uint32_t from, to;
      std::uint64_t count;
    };
    JourneyChain chain;
    chain.order = order_;
    chain.channel_count = channels;
    std::vector<std::vector<std::uint32_t>> grams;  // of the states but the start
    std::vector<Edge> edges;                        // from 0 = start, else state + 1
    std::vector<std::uint64_t> converted, lost;
    if (square_) {
      std::vector<std::uint32_t> place(stride_, 0);
      std::vector<char> met(stride_, 0);
      each_of_square([&](std::uint32_t from, std::uint32_t to, std::uint64_t) { met[from] = met[to] = 1; },
                     [&](std::uint32_t c, std::uint64_t, std::uint64_t, std::uint64_t) { met[c] = 1; });
      for (std::uint32_t c = 0; c < stride_; ++c) {
        if (met[c] == 0) continue;
        grams.push_back({name_of[c]});
        place[c] = static_cast<std::uint32_t>(grams.size());
        converted.push_back(converted_[c]);
        lost.push_back(lost_[c]);
        if (started_[c] > 0) edges.push_back({0, place[c], started_[c]});
      }
      each_of_square([&](std::uint32_t from, std::uint32_t to,
                         std::uint64_t count) { edges.push_back({place[from], place[to], count}); },
                     [](std::uint32_t, std::uint64_t, std::uint64_t, std::uint64_t) {});
    } else {
      for (std::uint32_t s = 1; s < states_.size(); ++s) {
        std::vector<std::uint32_t> gram;
        for (const std::uint32_t c : states_.touches(s)) gram.push_back(name_of[c]);
        grams.push_back(std::move(gram));
        converted.push_back(s < converted_.size() ? converted_[s] : 0);
        lost.push_back(s < lost_.size() ? lost_[s] : 0);
      }
      for (const Slot& slot : slots_) {
        if (slot.key != unused) edges.push_back({from_of(slot), slot.next, slot.count});
      }
    }
    const auto states = static_cast<std::uint32_t>(grams.size());
    std::vector<std::uint32_t> sorted(states), rank(states + 1, 0);
    for (std::uint32_t s = 0; s < states; ++s) sorted[s] = s;
    std::sort(sorted.begin(), sorted.end(),
              [&](std::uint32_t a, std::uint32_t b) { return grams[a] < grams[b]; });
    chain.converted.reserve(states);
    chain.lost.reserve(states);
    for (std::uint32_t r = 0; r < states; ++r) {
      const std::uint32_t s = sorted[r];
      rank[s + 1] = r;
      chain.touches.insert(chain.touches.end(), grams[s].begin(), grams[s].end());
      chain.touch_begin.push_back(static_cast<std::uint32_t>(chain.touches.size()));
      chain.converted.push_back(static_cast<double>(converted[s]));
      chain.lost.push_back(static_cast<double>(lost[s]));
    }
    chain.started.assign(states, 0.0);
    std::erase_if(edges, [&](const Edge& edge) {
      if (edge.from == 0) chain.started[rank[edge.to]] += static_cast<double>(edge.count);
      return edge.from == 0;
    });
    std::sort(edges.begin(), edges.end(), [&](const Edge& a, const Edge& b) {
      return std::pair(rank[a.from], rank[a.to]) < std::pair(rank[b.from], rank[b.to]);
    });
    chain.row_begin.assign(std::size_t{states} + 1, 0);
    for (const Edge& edge : edges) {
      ++chain.row_begin[rank[edge.from] + 1];
      chain.target.push_back(rank[edge.to]);
      chain.count.push_back(static_cast<double>(edge.count));
    }
    for (std::uint32_t s = 0; s < states; ++s) chain.row_begin[s + 1] += chain.row_begin[s];
    return chain;
  }

 private:
  static constexpr std::uint64_t unused = ~std::uint64_t{0};
  struct Slot {
    std::uint64_t key = unused;  // state << 32 | channel
    std::uint64_t count = 0;
    std::uint32_t next = 0;
  };
  static std::uint32_t from_of(const Slot& slot) noexcept {
    return static_cast<std::uint32_t>(slot.key >> 32U);
  }
  static std::uint32_t channel_of_key(const Slot& slot) noexcept {
    return static_cast<std::uint32_t>(slot.key & 0xFFFFFFFFU);
  }

  [[nodiscard]] std::size_t place_of(std::uint64_t key) const noexcept {
    const WideProduct product = multiply_wide(key, 0x9E3779B97F4A7C15);
    std::size_t at = (product.high ^ product.low) & (slots_.size() - 1);
    while (slots_[at].key != unused && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  Slot& edge(std::uint32_t state, std::uint32_t channel) {
    const std::uint64_t key = (std::uint64_t{state} << 32U) | channel;
    if (slots_.empty()) slots_.resize(1024);
    std::size_t at = place_of(key);
    if (slots_[at].key == key) return slots_[at];
    if (2 * (used_ + 1) > slots_.size()) {
      std::vector<Slot> old(2 * slots_.size());
      old.swap(slots_);
      for (const Slot& slot : old) {
        if (slot.key != unused) slots_[place_of(slot.key)] = slot;
      }
      at = place_of(key);
    }
    ++used_;
    slots_[at] = {key, 0, states_.after(state, channel)};
    return slots_[at];
  }
  void end(std::uint32_t state, std::uint64_t converted, std::uint64_t lost) {
    if (state >= converted_.size()) {
      converted_.resize(states_.size(), 0);
      lost_.resize(states_.size(), 0);
    }
    converted_[state] += converted;
    lost_[state] += lost;
  }
  void widen(std::uint32_t channels) {
    std::uint32_t stride = std::max<std::uint32_t>(stride_, 64);
    while (stride < channels) stride *= 2;
    std::vector<std::uint64_t> counts(std::size_t{stride} * stride, 0);
    for (std::uint32_t from = 0; from < stride_; ++from)
      std::copy_n(counts_.begin() + std::ptrdiff_t{from} * stride_, stride_,
                  counts.begin() + std::ptrdiff_t{from} * stride);
    counts_.swap(counts);
    for (auto* each : {&started_, &converted_, &lost_}) each->resize(stride, 0);
    stride_ = stride;
  }
  template <class Count, class Ends>
  void each_of_square(const Count& count, const Ends& ends) const {
    for (std::uint32_t from = 0; from < stride_; ++from) {
      for (std::uint32_t to = 0; to < stride_; ++to) {
        const std::uint64_t number = counts_[from * std::size_t{stride_} + to];
        if (number > 0) count(from, to, number);
      }
      if (started_[from] + converted_[from] + lost_[from] > 0)
        ends(from, started_[from], converted_[from], lost_[from]);
    }
  }
  void leave_square() {
    const TransitionTally old = *this;
    square_ = false;
    stride_ = 0;
    for (auto* each : {&counts_, &started_, &converted_, &lost_}) each->clear();
    std::vector<std::uint32_t> same(old.stride_);
    for (std::uint32_t c = 0; c < old.stride_; ++c) same[c] = c;
    merge(old, same, old.stride_);
  }

  std::uint32_t order_;
  StateNames states_;
  bool square_;
  std::uint32_t stride_ = 0;
  std::vector<std::uint64_t> counts_;            // of the square
  std::vector<std::uint64_t> started_;           // of the square, by channel
  std::vector<std::uint64_t> converted_, lost_;  // by channel in the square, else by state
  std::vector<Slot> slots_;                      // of the hash table
  std::size_t used_ = 0;
};

}  // namespace funnelgraph::inline v0::detail
