// Numbers out of text, whatever the decimal mark of the country.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::fit {

/// What errors say about a column of cells: the table, the column, the number of its first row.
struct CellPlace {
  std::string source = "table";
  std::string column;
  std::size_t first_row = 1;
};

/// The decimal mark of a column. `detect` looks at the whole column.
enum class DecimalMark : std::uint8_t { detect, point, comma };

struct NumberOptions {
  DecimalMark decimal_mark = DecimalMark::detect;
};

/// The numbers of a column; empty cells are NaN. Read are an optional sign, digits, an optional decimal mark
/// with digits and an optional exponent; groups of three digits may be set apart by the other mark, a space
/// (breaking or not) or an apostrophe: "1.234,56", "1,234.56", "1 234,5", "1'234.5", "2e6".
/// One mark holds for the whole column: one cell that can only be read one way decides ("0.5", "1,234.5",
/// "1.234.567"). Throws DataError with row and column, never with the cell, where a cell is no such number or
/// leaves the range of doubles, where two cells contradict each other, and where "1.234" could be either and
/// nothing decides. O(length of the text).
[[nodiscard]] std::vector<double> read_numbers(std::span<const std::string> cells, const CellPlace& place,
                                               const NumberOptions& options = {});

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/number_column_inl.hpp>
#endif
