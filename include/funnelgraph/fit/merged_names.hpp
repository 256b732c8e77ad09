// How counts with different names come together. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit::detail {

inline constexpr const char* no_segment = "(none)";

/// Where positions went when names came together.
struct Positions {
  std::vector<std::uint32_t> stages, segments, persons, reasons, measures;
};

/// Puts names in order, each once, as `adopt_names` wants them (all but stages).
void sort_names(std::vector<std::string>& names);

/// Where each of `names` stands in `sorted`, which has them all. O(names log sorted).
[[nodiscard]] std::vector<std::uint32_t> places_of(const std::vector<std::string>& names,
                                                   const std::vector<std::string>& sorted);

/// Gives `content` all the names of `names` as well (their counts are not read); returns where the
/// positions of `names` went. O(size of content) when a position moves.
Positions adopt_names(StatisticsContent& content, const StatisticsContent& names);

/// Moves every position in `content` as `to` says; `names` has the names in their new order.
void move_positions(StatisticsContent& content, const Positions& to, const StatisticsContent& names);

/// Drops names that nothing is counted under: segments, persons, reasons, stages without a rank or an
/// outcome. One form for one content.
void drop_unused_names(StatisticsContent& content);

}  // namespace funnelgraph::inline v0::fit::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/merged_names_inl.hpp>
#endif
