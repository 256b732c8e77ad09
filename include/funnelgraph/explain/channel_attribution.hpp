// Which channels the conversions of journeys are credited to.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/explain/channel_credit.hpp>
#include <funnelgraph/explain/journey_counts.hpp>

namespace funnelgraph::inline v0 {

/// What heads every attribution.
inline constexpr std::string_view attribution_header =
    "Observed conversions shared among the channels of their journeys by a rule. Not incremental: what a "
    "channel "
    "adds is shown by an experiment only.";
/// One step of the chain of order 1 or more; states are written as paths.
struct JourneyTransition {
  std::string from;  ///< "(start)", or the last touches
  std::string to;    ///< the next touch, "(conversion)" or "(null)"
  double count = 0;
  double rate = 0;
};

struct ChannelAttribution {
  std::uint64_t conversions = 0, nulls = 0;
  double value = std::numeric_limits<double>::quiet_NaN();  ///< of all conversions; NaN without values
  double conversion_rate = 0;                               ///< conversions / journeys
  std::vector<std::string> channels;                        ///< by name
  std::vector<ChannelCredit> credits;  ///< by method in the order asked for, then by channel
  /// By method, then by owner. Empty unless Sales and another owner have touches: see `notes`.
  std::vector<OwnerCredit> owners;
  std::vector<std::string> notes;  ///< what to know when reading it
  JourneyChain chain;              ///< of `channels`; empty unless Markov was asked for

  [[nodiscard]] std::vector<JourneyTransition> transitions() const;
};

/// Credits of all methods from the same journeys.
///
/// - Markov: removal effects (removal_effects.hpp), scaled so that they sum to 1, times what was observed.
/// - Shapley: the exact value of the game v(S) = conversions (values) of the journeys whose channels all lie
/// in
///   S, which is an equal share for each distinct channel of a journey; so there is no limit of channels.
/// - First, last, linear, time decay, position: as in attribution_method.hpp; values as conversions.
///
/// Credit by owner is the credit of its channels, joint ones split by their shares. Throws DataError when
/// there is no journey or no conversion; InvalidValueError for shares of a joint channel that are not > 0 or
/// do not sum to 1 (to 1e-9). O(channels) beside Markov and intervals.
[[nodiscard]] ChannelAttribution attribute_channels(const JourneyCounts& counts,
                                                    const Execution& execution = {});
/// The same of one table.
[[nodiscard]] ChannelAttribution attribute_channels(const PathTable& table,
                                                    const AttributionOptions& options = {},
                                                    const Execution& execution = {});
[[nodiscard]] ChannelAttribution attribute_channels(const CodedPaths& table,
                                                    const AttributionOptions& options = {},
                                                    const Execution& execution = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/channel_attribution_inl.hpp>
#endif
