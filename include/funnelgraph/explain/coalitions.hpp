// Order-free parts of a game: what each player adds, over all orders in which they may come.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/core/parallel.hpp>

namespace funnelgraph::inline v0 {

/// Players beyond which not all coalitions are tried.
inline constexpr std::size_t exact_player_limit = 20;

/// Least and greatest value over all orders.
struct OrderRange {
  double least = 0;
  double greatest = 0;
};

/// Shapley value of each player of a game of g players: `worth` holds 2^g numbers, the worth of coalition
/// S at S, player i being its bit i. Parts sum to worth of all less worth of none. InvalidValueError
/// unless the number of worths is a power of two up to 2^20. O(2^g). Shapley (1953).
[[nodiscard]] std::vector<double> shapley_values(std::span<const double> worth);

/// Least and greatest that each player adds, over all orders; of `execution` the threads count. O(g 2^g).
[[nodiscard]] std::vector<OrderRange> marginal_ranges(std::span<const double> worth,
                                                      const Execution& execution = {.threads = 1});

/// Least and greatest of sum weight_i * (what player i adds) within one order, over all orders: a shortest
/// and a longest path through the coalitions. O(g 2^g) and two numbers a coalition.
[[nodiscard]] OrderRange weighted_range(std::span<const double> worth, std::span<const double> weights);

/// A game whose players form unions that stay together in every order. For union u with k members,
/// `worth[u]` has the worth of T and R at T * 2^k + R: T a set of the other unions (bit j the j-th of
/// them, u left out), complete; R a set of u's members (bit i = its i-th).
struct UnionGame {
  std::vector<std::vector<std::size_t>> members;  ///< players of each union
  std::vector<std::vector<double>> worth;
};

/// Coalitions that a union game needs. Saturates at SIZE_MAX.
[[nodiscard]] std::size_t union_coalitions(const std::vector<std::vector<std::size_t>>& members) noexcept;

/// Owen value of each player: orders of the unions, and of the members within each. Those of a union sum
/// to its Shapley value in the game of unions. InvalidValueError where sizes do not fit. Owen (1977).
[[nodiscard]] std::vector<double> owen_values(const UnionGame& game);

/// As `weighted_range`, over the orders that keep every union together.
[[nodiscard]] OrderRange weighted_range(const UnionGame& game, std::span<const double> weights);

/// Weight of a coalition of `size` others before a player, among `players`: size! (players - size - 1)! /
/// players!.
[[nodiscard]] double coalition_weight(std::size_t size, std::size_t players) noexcept;

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/coalitions_inl.hpp>
#endif
