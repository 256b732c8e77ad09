// What one channel, or one owner, is credited with.
#pragma once

#include <limits>
#include <string>
#include <string_view>

#include <funnelgraph/explain/attribution_method.hpp>
#include <funnelgraph/model/ownership.hpp>

namespace funnelgraph::inline v0 {

/// Owner of channels that have none.
inline constexpr std::string_view not_assigned = "not assigned";

/// A number with its interval; NaN = unknown or not asked for.
struct CreditFigure {
  double value = std::numeric_limits<double>::quiet_NaN();
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

struct ChannelCredit {
  AttributionMethod method = AttributionMethod::markov;
  std::string channel;
  Ownership owner;
  double touches = 0;           ///< in all journeys, converting or not
  CreditFigure conversions;     ///< credited; sum to the conversions observed
  CreditFigure share;           ///< of the conversions
  CreditFigure value;           ///< credited; sum to the value observed
  CreditFigure removal_effect;  ///< Markov only: share of conversions lost without the channel
};

struct OwnerCredit {
  AttributionMethod method = AttributionMethod::markov;
  std::string owner;  ///< or `not_assigned`
  double conversions = 0;
  double share = 0;
  double value = std::numeric_limits<double>::quiet_NaN();
  /// Markov only: all channels that it owns, wholly or in part, removed together.
  double removal_effect = std::numeric_limits<double>::quiet_NaN();
};

}  // namespace funnelgraph::inline v0
