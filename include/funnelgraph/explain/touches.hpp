// Journeys from a long table: one row a touch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <funnelgraph/explain/channel_attribution.hpp>
#include <funnelgraph/explain/journey_tables.hpp>
#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0 {

/// What the columns `converted` and `value` speak of.
enum class ConvertedPer : std::uint8_t {
  journey,  ///< of the whole journey: the rows that give them agree
  touch     ///< of what came right after the touch: there the path ends and the next one begins
};

/// The columns of a table of touches; "" = it has none.
struct TouchOptions {
  std::string journey{};    ///< text or whole numbers
  std::string channel{};    ///< text or whole numbers
  std::string time{};       ///< dates or numbers (days); rows at one time keep their order
  std::string converted{};  ///< whole, >= 0, missing = none said; "": every journey converts
  std::string value{};      ///< money of the conversions
  std::string owner{};      ///< of the channel; one owner a channel
  ConvertedPer converted_per = ConvertedPer::journey;
  bool ages = true;  ///< whether ages of touches are wanted (for time decay)
};

/// Paths read from touches, with all that they view.
struct Journeys {
  std::vector<std::string> channels;
  std::vector<std::uint32_t> codes;
  std::vector<std::uint64_t> begin{0};
  std::vector<double> conversions, nulls, values, ages;
  std::map<std::string, Ownership> owners;
  JourneyNames names;

  /// Valid as long as this object lives and is not changed.
  [[nodiscard]] CodedPaths paths() const noexcept {
    return {channels, codes, begin, {conversions, nulls, values}, ages, names};
  }
};

/// Sorts touches by journey and time, which a table that is sorted so already does not need, and cuts them
/// into paths. A journey without conversion is one null. Throws UnknownNameError for columns; DataError with
/// the row for a missing journey, channel or time, rows of one journey that disagree, a channel with two
/// owners, and for numbers as `JourneyCounts::add`. O(touches), sorting aside.
[[nodiscard]] Journeys read_touches(const fit::Columns& touches, const TouchOptions& columns);

/// Credits from touches. Owners of the table's column hold unless `options` has one for the channel.
[[nodiscard]] ChannelAttribution attribute_channels(const fit::Columns& touches, TouchOptions columns,
                                                    AttributionOptions options = {},
                                                    const Execution& execution = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/touches_inl.hpp>
#endif
