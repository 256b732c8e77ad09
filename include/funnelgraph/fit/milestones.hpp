// From a wide table with a date per stage to statistics.
#pragma once

#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/options.hpp>
#include <funnelgraph/fit/statistics.hpp>

namespace funnelgraph::inline v0::fit {

/// Reads a CRM table: a row a journey. A stage is reached when it has a date by `until`; a journey moves
/// through its stages in the order of the columns, past those without a date; a wait that would be
/// negative is unknown. A stage named in `outcomes` ends it. Otherwise it is lost when a reason or the
/// status says so, else open at its last stage, or silent. An explicit status overrides the date of an
/// outcome. All that is irregular is counted in the notes.
///
/// Throws UnknownNameError (a column or an outcome that is not there), InvalidValueError (options),
/// DataError with row and column (a missing id, a date outside the years 1 to 9999, negative or infinite
/// money, a table or a column without anything). O(rows * stages).
[[nodiscard]] Statistics milestones(const Columns& table, const MilestoneOptions& options);

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/milestones_inl.hpp>
#endif
