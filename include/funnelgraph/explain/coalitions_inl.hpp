// Definitions of coalitions.hpp.
#pragma once

#include <algorithm>
#include <bit>
#include <limits>
#include <string>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/coalitions.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Players of a table of worths. Throws InvalidValueError.
FUNNELGRAPH_INLINE std::size_t players_of(std::size_t coalitions) {
  if (!std::has_single_bit(coalitions) || coalitions > (std::size_t{1} << exact_player_limit))
    throw InvalidValueError("worths of coalitions", std::to_string(coalitions), "a power of two up to 2^20");
  return static_cast<std::size_t>(std::countr_zero(coalitions));
}

inline constexpr std::size_t range_lanes = 4;

/// Running least and greatest of what one player adds, several coalitions side by side.
struct RangeLanes {
  double least[range_lanes], greatest[range_lanes];
  RangeLanes() {
    std::fill(std::begin(least), std::end(least), std::numeric_limits<double>::infinity());
    std::fill(std::begin(greatest), std::end(greatest), -std::numeric_limits<double>::infinity());
  }
  void join(const RangeLanes& other) noexcept {
    for (std::size_t l = 0; l < range_lanes; ++l) {
      least[l] = std::min(least[l], other.least[l]);
      greatest[l] = std::max(greatest[l], other.greatest[l]);
    }
  }
  /// What is in `high` more than in `low`.
  void take(const double* low, const double* high) noexcept {
    for (std::size_t l = 0; l < range_lanes; ++l) {
      const double added = high[l] - low[l];
      least[l] = added < least[l] ? added : least[l];
      greatest[l] = added > greatest[l] ? added : greatest[l];
    }
  }
  [[nodiscard]] OrderRange range() const noexcept {
    return {*std::min_element(std::begin(least), std::end(least)),
            *std::max_element(std::begin(greatest), std::end(greatest))};
  }
};

/// `Bits` players from bit `bit` on, over worth[0 .. count): all their pairs from one reading of the worths.
template <std::size_t Bits>
void take_players(const double* worth, std::size_t count, std::size_t bit, RangeLanes* lanes) {
  const std::size_t run = std::size_t{1} << bit;
  RangeLanes own[Bits];
  std::copy(lanes, lanes + Bits, own);
  for (std::size_t first = 0; first < count; first += run << Bits) {
    for (std::size_t j = 0; j < run; j += range_lanes) {
      const double* const at = worth + first + j;
      for (std::size_t b = 0; b < Bits; ++b) {
        for (std::size_t s = 0; s < (std::size_t{1} << Bits); ++s) {
          if ((s >> b & 1U) == 0) own[b].take(at + s * run, at + (s | (std::size_t{1} << b)) * run);
        }
      }
    }
  }
  std::copy(own, own + Bits, lanes);
}

inline void take_players(std::size_t bits, const double* worth, std::size_t count, std::size_t bit,
                         RangeLanes* lanes) {
  if (bits == 2) return take_players<2>(worth, count, bit, lanes);
  take_players<1>(worth, count, bit, lanes);
}

/// The players of bits 0 and 1, whose pairs lie beside each other; count is a multiple of 4.
inline void take_first_players(const double* worth, std::size_t count, RangeLanes* lanes) {
  RangeLanes own[2] = {lanes[0], lanes[1]};
  for (std::size_t j = 0; j < count; j += 4) {
    const double* const w = worth + j;
    const double low[4] = {w[0], w[2], w[0], w[1]};
    const double high[4] = {w[1], w[3], w[2], w[3]};
    for (std::size_t l = 0; l < 2; ++l) {
      for (std::size_t b = 0; b < 2; ++b) {
        const double added = high[2 * b + l] - low[2 * b + l];
        own[b].least[l] = added < own[b].least[l] ? added : own[b].least[l];
        own[b].greatest[l] = added > own[b].greatest[l] ? added : own[b].greatest[l];
      }
    }
  }
  lanes[0] = own[0];
  lanes[1] = own[1];
}

/// Sums of weights over all orders of `count` things within one mask: best[S] = best over the last of S.
template <class Marginal>
OrderRange best_order(std::size_t count, Marginal&& marginal) {
  const std::size_t size = std::size_t{1} << count;
  std::vector<double> least(size, 0.0), greatest(size, 0.0);
  for (std::size_t s = 1; s < size; ++s) {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    for (std::size_t rest = s; rest != 0; rest &= rest - 1) {
      const auto last = static_cast<std::size_t>(std::countr_zero(rest));
      const std::size_t before = s & ~(std::size_t{1} << last);
      const OrderRange added = marginal(last, before);
      low = std::min(low, least[before] + added.least);
      high = std::max(high, greatest[before] + added.greatest);
    }
    least[s] = low;
    greatest[s] = high;
  }
  return {least[size - 1], greatest[size - 1]};
}

/// `set` without room for bit `bit`: the bits above move down.
inline std::size_t without_place(std::size_t set, std::size_t bit) noexcept {
  const std::size_t below = (std::size_t{1} << bit) - 1;
  return (set & below) | ((set >> 1U) & ~below);
}

FUNNELGRAPH_INLINE void check_sizes(const UnionGame& game) {
  const std::size_t unions = game.members.size();
  bool fits = game.worth.size() == unions && unions <= exact_player_limit + 1;
  for (std::size_t u = 0; fits && u < unions; ++u) {
    const std::size_t k = game.members[u].size();
    fits = k <= exact_player_limit && game.worth[u].size() == (std::size_t{1} << (unions - 1 + k));
  }
  if (!fits)
    throw InvalidValueError("worths of a game with unions", std::to_string(unions) + " unions",
                            "2^(other unions + members) worths for each");
}

FUNNELGRAPH_INLINE std::size_t player_count(const UnionGame& game) {
  std::size_t players = 0;
  for (const auto& members : game.members) {
    for (const std::size_t player : members) players = std::max(players, player + 1);
  }
  return players;
}

}  // namespace detail

FUNNELGRAPH_INLINE double coalition_weight(std::size_t size, std::size_t players) noexcept {
  // 1 / (players * binomial(players - 1, size)), the binomial built from below.
  double binomial = 1;
  const std::size_t others = players - 1;
  const std::size_t k = std::min(size, others - size);
  for (std::size_t i = 0; i < k; ++i)
    binomial = binomial * static_cast<double>(others - i) / static_cast<double>(i + 1);
  return 1 / (static_cast<double>(players) * binomial);
}

FUNNELGRAPH_INLINE std::vector<double> shapley_values(std::span<const double> worth) {
  const std::size_t players = detail::players_of(worth.size());
  std::vector<double> out(players, 0.0);
  if (players == 0) return out;
  // With a(s) the weight of a coalition of s that has the player and b(s) of one that lacks it,
  // part_i = sum over S with i of w(S) (a + b) - sum over all S of w(S) b, w counted from the worth of none.
  std::vector<double> with(players + 1, 0.0), all(players + 1, 0.0);
  for (std::size_t s = 0; s <= players; ++s) {
    const double a = s > 0 ? coalition_weight(s - 1, players) : 0.0;
    const double b = s < players ? coalition_weight(s, players) : 0.0;
    with[s] = a + b;
    all[s] = b;
  }
  constexpr std::size_t block_bits = 12;
  const std::size_t low_bits = std::min(players, block_bits);
  const std::size_t block = std::size_t{1} << low_bits;
  std::vector<std::uint8_t> size_in_block(block);
  for (std::size_t s = 0; s < block; ++s) size_in_block[s] = static_cast<std::uint8_t>(std::popcount(s));
  const double none = worth[0];
  std::vector<double> sums(block);
  std::vector<double> with_low(low_bits + 1), all_low(low_bits + 1);
  double lacking = 0;
  for (std::size_t first = 0; first < worth.size(); first += block) {
    const auto high = static_cast<std::size_t>(std::popcount(first));
    for (std::size_t s = 0; s <= low_bits; ++s) {
      with_low[s] = with[s + high];
      all_low[s] = all[s + high];
    }
    double without = 0;
    for (std::size_t s = 0; s < block; ++s) {
      const double w = worth[first + s] - none;
      sums[s] = w * with_low[size_in_block[s]];
      without += w * all_low[size_in_block[s]];
    }
    lacking += without;
    // Fold the block bit by bit: the upper half is what has the bit.
    for (std::size_t bit = low_bits; bit-- > 0;) {
      const std::size_t half = std::size_t{1} << bit;
      double has = 0;
      for (std::size_t s = 0; s < half; ++s) {
        has += sums[half + s];
        sums[s] += sums[half + s];
      }
      out[bit] += has;
    }
    for (std::size_t bit = low_bits; bit < players; ++bit) {
      if ((first >> bit & 1U) != 0) out[bit] += sums[0];
    }
  }
  for (double& part : out) part -= lacking;
  return out;
}

FUNNELGRAPH_INLINE std::vector<OrderRange> marginal_ranges(std::span<const double> worth,
                                                           const Execution& execution) {
  const std::size_t players = detail::players_of(worth.size());
  std::vector<OrderRange> out(players);
  if (players < 2) {
    if (players == 1) out[0] = {worth[1] - worth[0], worth[1] - worth[0]};
    return out;
  }
  // Players whose pairs lie within a block are read while it is in the cache, the others two at a time from
  // all worths; tasks are chunks of blocks, then pairs of players.
  constexpr std::size_t block_bits = 11, first_bits = 2, at_once = 2, blocks_a_task = 64;
  const std::size_t low_bits = std::min(players, block_bits);
  const std::size_t block = std::size_t{1} << low_bits;
  const std::size_t blocks = worth.size() / block;
  const std::size_t chunks = (blocks + blocks_a_task - 1) / blocks_a_task;
  const std::size_t pairs = (players - low_bits + at_once - 1) / at_once;
  std::vector<std::vector<detail::RangeLanes>> found(chunks + pairs);
  parallel_for(
      found.size(), 1,
      [&](std::size_t task, std::size_t, std::size_t) {
        std::vector<detail::RangeLanes> lanes(players);
        if (task < chunks) {
          const std::size_t last = std::min(blocks, (task + 1) * blocks_a_task);
          for (std::size_t b = task * blocks_a_task; b < last; ++b) {
            const double* const here = worth.data() + b * block;
            detail::take_first_players(here, block, lanes.data());
            for (std::size_t bit = first_bits; bit < low_bits; bit += at_once)
              detail::take_players(std::min(at_once, low_bits - bit), here, block, bit, lanes.data() + bit);
          }
        } else {
          const std::size_t bit = low_bits + (task - chunks) * at_once;
          detail::take_players(std::min(at_once, players - bit), worth.data(), worth.size(), bit,
                               lanes.data() + bit);
        }
        found[task] = std::move(lanes);
      },
      execution);
  for (std::size_t p = 0; p < players; ++p) {
    for (std::size_t task = 1; task < found.size(); ++task) found[0][p].join(found[task][p]);
    out[p] = found[0][p].range();
  }
  return out;
}

FUNNELGRAPH_INLINE OrderRange weighted_range(std::span<const double> worth, std::span<const double> weights) {
  const std::size_t players = detail::players_of(worth.size());
  if (weights.size() != players)
    throw InvalidValueError("weights", std::to_string(weights.size()), "one a player");
  return detail::best_order(players, [&](std::size_t last, std::size_t before) -> OrderRange {
    if (weights[last] == 0) return {};
    const double added = weights[last] * (worth[before | (std::size_t{1} << last)] - worth[before]);
    return {added, added};
  });
}

FUNNELGRAPH_INLINE std::size_t union_coalitions(
    const std::vector<std::vector<std::size_t>>& members) noexcept {
  constexpr std::size_t most = std::numeric_limits<std::size_t>::max();
  std::size_t sum = 0;
  for (const auto& union_members : members) {
    const std::size_t bits = members.size() - 1 + union_members.size();
    if (bits >= 40) return most;
    sum += std::size_t{1} << bits;
  }
  return sum;
}

FUNNELGRAPH_INLINE std::vector<double> owen_values(const UnionGame& game) {
  detail::check_sizes(game);
  std::vector<double> out(detail::player_count(game), 0.0);
  const std::size_t unions = game.members.size();
  for (std::size_t u = 0; u < unions; ++u) {
    const std::size_t k = game.members[u].size();
    const std::size_t subsets = std::size_t{1} << k;
    for (std::size_t t = 0; t < (std::size_t{1} << (unions - 1)); ++t) {
      const double outer = coalition_weight(static_cast<std::size_t>(std::popcount(t)), unions);
      const std::vector<double> parts =
          shapley_values(std::span(game.worth[u]).subspan(t * subsets, subsets));
      for (std::size_t i = 0; i < k; ++i) out[game.members[u][i]] += outer * parts[i];
    }
  }
  return out;
}

FUNNELGRAPH_INLINE OrderRange weighted_range(const UnionGame& game, std::span<const double> weights) {
  detail::check_sizes(game);
  if (weights.size() != detail::player_count(game))
    throw InvalidValueError("weights", std::to_string(weights.size()), "one a player");
  std::vector<std::vector<double>> own(game.members.size());
  for (std::size_t u = 0; u < own.size(); ++u) {
    for (const std::size_t player : game.members[u]) own[u].push_back(weights[player]);
  }
  return detail::best_order(game.members.size(), [&](std::size_t last, std::size_t before) -> OrderRange {
    if (std::all_of(own[last].begin(), own[last].end(), [](double weight) { return weight == 0; })) return {};
    const std::size_t subsets = std::size_t{1} << own[last].size();
    const std::size_t others = detail::without_place(before, last);
    return weighted_range(std::span<const double>(game.worth[last]).subspan(others * subsets, subsets),
                          own[last]);
  });
}

}  // namespace funnelgraph::inline v0
