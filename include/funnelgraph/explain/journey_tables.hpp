// Tables of journeys over channels, as views: paths as text, and paths in codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// How the journeys of each row ended, one number a row.
struct JourneyEnds {
  std::span<const double> conversions{};  ///< whole, >= 0; empty: every row is one conversion
  std::span<const double> nulls{};        ///< journeys without conversion, whole, >= 0; empty: none
  /// Money, summed over the conversions of the row; empty: no values. Ignored where a row has no conversion
  /// unless it is neither 0 nor NaN, which is an error.
  std::span<const double> values{};
};

/// What errors call the table and its columns.
struct JourneyNames {
  std::string source = "table";
  std::string path = "path";
  std::string conversions = "conversions";
  std::string nulls = "nulls";
  std::string value = "value";
  std::size_t first_row = 1;  ///< number of the first row, for a table that comes in pieces
};

/// Paths as text, "search > mail > search". Whoever calls keeps the data alive and unchanged meanwhile.
struct PathTable {
  std::span<const std::string_view> paths;
  JourneyEnds ends{};
  /// Between two touches. Blanks around it and around touches do not matter, unless it is blank itself.
  std::string separator = " > ";
  JourneyNames names{};
};

/// Paths in codes: row r is the touches codes[begin[r]] .. codes[begin[r + 1] - 1], names of `channels`.
struct CodedPaths {
  std::span<const std::string> channels;
  std::span<const std::uint32_t> codes;
  std::span<const std::uint64_t> begin;  ///< rows + 1
  JourneyEnds ends{};
  std::span<const double> ages{};  ///< per touch: days before the last touch of its journey; empty: not known
  JourneyNames names{};

  [[nodiscard]] std::size_t rows() const noexcept { return begin.empty() ? 0 : begin.size() - 1; }
};

}  // namespace funnelgraph::inline v0
