// How much the worth of each coalition weighs in the parts of the rows.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <funnelgraph/explain/coalitions.hpp>
#include <funnelgraph/explain/detail/game.hpp>
#include <funnelgraph/explain/detail/view.hpp>

namespace funnelgraph::inline v0::detail {

/// Visits coalitions with their weights so that the sum of weight * worth is each row's part. A visit gets
/// (coalition, weight by row; the last one is the total's), both to be read at once.
class CoalitionWeights {
 public:
  /// `shares`: by row, the share of each player in it.
  CoalitionWeights(const PlayerView& view, const std::vector<std::vector<double>>& shares)
      : view_(view), shares_(shares), weight_(shares.size() + 1, 0.0) {}

  /// The total alone: the actual less the plan.
  template <class Visit>
  void of_total(Visit&& visit) {
    const std::size_t rows = shares_.size();
    weight_.assign(rows + 1, 0.0);
    weight_[rows] = -1;
    visit(Coalition(players(), 0), std::as_const(weight_));
    weight_[rows] = 1;
    visit(Coalition(players(), 1), std::as_const(weight_));
    weight_[rows] = 0;
  }

  /// The parts in one order, times `part`.
  template <class Visit>
  void in_order(const std::vector<std::size_t>& order, double part, Visit&& visit) {
    Coalition in(order.size(), 0);
    for (std::size_t position = 0; position <= order.size(); ++position) {
      for (std::size_t r = 0; r < shares_.size(); ++r) {
        weight_[r] = 0;
        if (position > 0) weight_[r] += part * shares_[r][order[position - 1]];
        if (position < order.size()) weight_[r] -= part * shares_[r][order[position]];
      }
      visit(std::as_const(in), std::as_const(weight_));
      if (position < order.size()) in[order[position]] = 1;
    }
  }

  /// Shapley values. O(2^players * rows * players).
  template <class Visit>
  void each_coalition(Visit&& visit) {
    const std::size_t g = players();
    for (std::size_t s = 0; s < (std::size_t{1} << g); ++s) {
      Coalition in(g);
      const auto size = static_cast<std::size_t>(std::popcount(s));
      for (std::size_t p = 0; p < g; ++p) in[p] = static_cast<std::uint8_t>(s >> p & 1U);
      for (std::size_t r = 0; r < shares_.size(); ++r) {
        weight_[r] = 0;
        for (std::size_t p = 0; p < g; ++p) {
          if (shares_[r][p] == 0) continue;
          weight_[r] +=
              shares_[r][p] * (in[p] != 0 ? coalition_weight(size - 1, g) : -coalition_weight(size, g));
        }
      }
      visit(std::as_const(in), std::as_const(weight_));
    }
  }

  /// Owen values: every union in turn, its members one by one beside the others as wholes.
  template <class Visit>
  void each_with_unions(Visit&& visit) {
    const auto members = view_.members();
    const std::size_t unions = members.size();
    for (std::size_t u = 0; u < unions; ++u) {
      const std::size_t k = members[u].size();
      for (std::size_t c = 0; c < (std::size_t{1} << (unions - 1 + k)); ++c) {
        Coalition in(players(), 0);
        std::size_t bit = k, others = 0;
        for (std::size_t other = 0; other < unions; ++other) {
          if (other == u) continue;
          const auto there = static_cast<std::uint8_t>(c >> bit++ & 1U);
          others += there;
          for (const std::size_t p : members[other]) in[p] = there;
        }
        std::size_t inside = 0;
        for (std::size_t i = 0; i < k; ++i) {
          in[members[u][i]] = static_cast<std::uint8_t>(c >> i & 1U);
          inside += in[members[u][i]];
        }
        const double outer = coalition_weight(others, unions);
        for (std::size_t r = 0; r < shares_.size(); ++r) {
          weight_[r] = 0;
          for (std::size_t i = 0; i < k; ++i) {
            const std::size_t p = members[u][i];
            if (shares_[r][p] == 0) continue;
            weight_[r] += outer * shares_[r][p] *
                          (in[p] != 0 ? coalition_weight(inside - 1, k) : -coalition_weight(inside, k));
          }
        }
        visit(std::as_const(in), std::as_const(weight_));
      }
    }
  }

 private:
  [[nodiscard]] std::size_t players() const noexcept { return view_.players.size(); }

  const PlayerView& view_;
  const std::vector<std::vector<double>>& shares_;
  std::vector<double> weight_;
};

}  // namespace funnelgraph::inline v0::detail
