// Journeys over channels as a Markov chain of any order: counts, no names.
#pragma once

#include <cstdint>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// State s stands for the last touches of a journey, oldest first: `order` of them, fewer near its start.
/// Edges of state s are row_begin[s] .. row_begin[s+1]-1, sorted by target. Counts are journeys (converting
/// or not); only their ratios matter to `removal_effects`.
struct JourneyChain {
  std::uint32_t order = 1;
  std::uint32_t channel_count = 0;
  std::vector<std::uint32_t> touch_begin{0};  ///< states + 1
  std::vector<std::uint32_t> touches;         ///< channels of the states
  std::vector<std::uint32_t> row_begin{0};    ///< states + 1
  std::vector<std::uint32_t> target;
  std::vector<double> count;      ///< per edge: how often it was taken
  std::vector<double> started;    ///< per state: journeys whose first touch it is
  std::vector<double> converted;  ///< per state: journeys that converted right after it
  std::vector<double> lost;       ///< per state: journeys that ended there without

  [[nodiscard]] std::uint32_t state_count() const noexcept {
    return static_cast<std::uint32_t>(started.size());
  }
  [[nodiscard]] std::uint32_t last_channel(std::uint32_t state) const noexcept {
    return touches[touch_begin[state + 1] - 1];
  }
};

}  // namespace funnelgraph::inline v0
