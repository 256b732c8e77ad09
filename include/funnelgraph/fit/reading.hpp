// Cells of a table, checked, with errors that say row and column. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/fingerprint.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// Text of a column by position: names in NFC, each once; blanks stand for control characters, since
/// people type line breaks into reasons. Whole numbers become their decimal text.
struct Labels {
  std::vector<std::string> names;
  std::vector<std::uint32_t> rows;  ///< `nowhere` = missing
};
[[nodiscard]] Labels read_labels(const Columns& table, const std::string& column);

/// Ids of journeys, dense in order of first appearance. A missing id is a DataError with its row.
struct Ids {
  std::vector<Fingerprint> ids;
  std::vector<std::uint32_t> rows;
};
[[nodiscard]] Ids read_ids(const Columns& table, const std::string& column);

/// A column of times. DataError for a time outside the years 1 to 9999.
[[nodiscard]] std::span<const Tick> read_times(const Columns& table, const std::string& column);

/// A column of money or another measure, NaN = missing; whole numbers are taken too. DataError for
/// negative and infinite ones.
struct Measure {
  std::string name;
  std::span<const double> values;
  std::vector<double> owned{};  ///< behind `values` where whole numbers were converted
};
[[nodiscard]] Measure read_measure(const Columns& table, std::string name, const std::string& column);

/// How to order rows of one journey and time by any column: rank of each row's cell, missing last.
[[nodiscard]] std::vector<std::uint64_t> read_ranks(const Columns& table, const std::string& column);

/// A name as a funnel takes it; `what` names the place in the InvalidValueError for bad or reserved text.
[[nodiscard]] std::string checked_name(std::string_view name, std::string_view what);

}  // namespace funnelgraph::inline v0::fit::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/reading_inl.hpp>
#endif
