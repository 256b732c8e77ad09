// Dates and times out of text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/number_column.hpp>

namespace funnelgraph::inline v0::fit {

struct DateOptions {
  /// Whether 03/04/2024 is the 3rd of April. Without it the column must decide by itself: one day above 12 is
  /// enough. Dates with dots are day first unless this says otherwise.
  std::optional<bool> day_first = std::nullopt;
};

/// The times of a column; empty cells are `no_tick`. Read are
///   - year first: 2024-01-31, 2024/1/31, 2024.01.31, 20240131;
///   - day or month first: 31/01/2024, 31-1-2024, 31.01.2024, 1/31/2024; years have four digits;
/// each alone (midnight) or followed by 'T' or spaces and 14:05, 14:05:09, 14:05:09.123456 (point or comma;
/// what is finer than a microsecond is cut), 2:05 PM, then nothing, Z, UTC, GMT or an offset (+07:00, +0700,
/// +07), which is taken off so that the tick is in UTC. A column has offsets everywhere or nowhere.
/// Throws DataError with row and column, never with the cell: not such a date, no such day in the calendar
/// (31/02/2024), a year outside 1 to 9999, day and month that contradict other rows or that nothing decides.
/// O(length of the text).
[[nodiscard]] std::vector<Tick> read_times(std::span<const std::string> cells, const CellPlace& place,
                                           const DateOptions& options = {});

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/date_column_inl.hpp>
#endif
