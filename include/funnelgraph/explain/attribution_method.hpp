// The ways to share conversions among the channels of their journeys.
#pragma once

#include <cstdint>
#include <optional>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

enum class AttributionMethod : std::uint8_t {
  markov,      ///< removal effects of a Markov chain, scaled to the total
  shapley,     ///< Shapley value of sets of channels
  first,       ///< all to the first touch
  last,        ///< all to the last touch
  linear,      ///< equally to all touches
  time_decay,  ///< a touch weighs half for every half-life before the last
  position     ///< fixed weights of the first touch, the middle and the last touch
};
inline constexpr AttributionMethod attribution_methods[] = {
    AttributionMethod::markov,  AttributionMethod::shapley, AttributionMethod::first,
    AttributionMethod::last,    AttributionMethod::linear,  AttributionMethod::time_decay,
    AttributionMethod::position};

/// Weights of `position`, >= 0, not all 0; they are divided by their sum. The middle is shared equally by the
/// touches between the first and the last; where there is none the first and the last share its part in their
/// proportion (equally when both are 0).
struct PositionWeights {
  double first = 0.4;
  double middle = 0.2;
  double last = 0.4;
  bool operator==(const PositionWeights&) const = default;
};

/// Half-lives that hold unless one is given: of touches with times, the 7 days that web analytics tools use;
/// of paths without times, one touch.
inline constexpr double default_half_life_days = 7;
inline constexpr double default_half_life_touches = 1;

/// What has to be known while journeys are counted.
struct CreditRules {
  std::uint32_t order = 1;            ///< of the Markov chain, 1 to 16
  std::optional<double> half_life{};  ///< > 0; days where touches have times, else touches
  PositionWeights position{};
};

}  // namespace funnelgraph::inline v0
