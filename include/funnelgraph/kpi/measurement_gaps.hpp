// What nobody measures, so that one side is not judged by figures alone while the other has none.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

enum class GapKind : std::uint8_t {
  stage,       ///< no number of the stage, its exits and its entries is measured
  owner,       ///< owns numbers, none of them measured
  side,        ///< Marketing or Sales has measured numbers, the other has none
  placeholder  ///< numbers that only hold a place
};

struct MeasurementGap {
  GapKind kind = GapKind::stage;
  std::string name;     ///< stage, owner or role; empty for placeholders
  std::string message;  ///< a sentence
};

/// A number counts as measured when its source says so. `language` is "en" or "vi". O(size of the funnel).
[[nodiscard]] std::vector<MeasurementGap> measurement_gaps(const Funnel& funnel,
                                                           std::string_view language = "en");

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/measurement_gaps_inl.hpp>
#endif
