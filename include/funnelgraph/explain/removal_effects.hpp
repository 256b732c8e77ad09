// What share of the conversions a Markov chain of journeys loses when a channel is taken away.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/explain/journey_chain.hpp>

namespace funnelgraph::inline v0 {

struct RemovalEffects {
  double conversion = 0;       ///< probability to convert
  std::vector<double> effect;  ///< per channel, [0, 1]; NaN where nothing converts
};

/// Removal effects after Anderl, Becker, von Wangenheim and Schumann (2016): entering any state that ends in
/// the channel leads to no conversion, and the effect is 1 - P(conversion without it) / P(conversion). That
/// is the share of conversions whose journey meets the channel, so it is computed as a sum of products of
/// positive numbers, without subtraction and without simulation:
/// at order 1 as P(reach c) P(convert from c) / P(convert), all channels from one elimination, O(channels^3);
/// at a higher order by one solution for each channel on a common plan, or, where the graph of states would
/// make that dear, by the positive series over steps until less than 1e-17 of the result is missing.
///
/// Made from the graph of a chain; `effects` takes other counts on the same graph.
class RemovalSolver {
 public:
  /// Throws InvalidValueError when the arrays do not fit together or the order is 0.
  explicit RemovalSolver(const JourneyChain& chain);
  ~RemovalSolver();
  RemovalSolver(RemovalSolver&&) noexcept;
  RemovalSolver& operator=(RemovalSolver&&) noexcept;

  /// All channels, one by one. `numbers` has the graph that this was made from. States without any journey
  /// are allowed. Each channel by itself is a unit of work, so threads change no bit.
  [[nodiscard]] RemovalEffects effects(const JourneyChain& numbers, const Execution& execution = {}) const;
  /// The effect of taking `channels` away together.
  [[nodiscard]] double effect(const JourneyChain& numbers, std::span<const std::uint32_t> channels) const;

  struct Plan;

 private:
  std::unique_ptr<const Plan> plan_;
};

/// The same for one chain.
[[nodiscard]] RemovalEffects removal_effects(const JourneyChain& chain, const Execution& execution = {});
[[nodiscard]] double removal_effect(const JourneyChain& chain, std::span<const std::uint32_t> channels);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/removal_effects_inl.hpp>
#endif
