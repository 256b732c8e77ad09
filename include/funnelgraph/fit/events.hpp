// From a long log of events to statistics.
#pragma once

#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/options.hpp>
#include <funnelgraph/fit/statistics.hpp>

namespace funnelgraph::inline v0::fit {

/// Reads a log in any order: stable sort by journey, time and tie; each event is a visit of its stage,
/// each pair of neighbours a transition, revisits and stays included. The first event of an outcome ends
/// the journey, later ones are noted. A journey without an outcome ends as `end` says.
///
/// Throws UnknownNameError (columns), InvalidValueError (options), DataError with row and column (a
/// missing id, a time outside the years 1 to 9999, negative or infinite money, a log or a column without
/// anything). O(rows log rows).
[[nodiscard]] Statistics events(const Columns& log, const EventOptions& options = {});

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/events_inl.hpp>
#endif
