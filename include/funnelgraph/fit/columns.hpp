// A table as named columns that somebody else owns: NumPy, Arrow, a reader, plain vectors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::fit {

/// Microseconds since 1970-01-01 00:00 of the table's own clock (one clock a table: UTC or local).
using Tick = std::int64_t;
/// A missing time; NumPy's NaT has the same bits.
inline constexpr Tick no_tick = std::numeric_limits<Tick>::min();
inline constexpr Tick ticks_per_day = 86'400'000'000;
/// Times lie in the years 1 to 9999, like Python's.
inline constexpr Tick earliest_tick = -62'135'596'800'000'000;
inline constexpr Tick latest_tick = 253'402'300'799'999'999;

struct Times {
  std::span<const Tick> ticks;  ///< `no_tick` = missing
};
struct Numbers {
  std::span<const double> values;  ///< NaN = missing
};
struct Integers {
  std::span<const std::int64_t> values;  ///< the least int64 = missing
};
/// Dictionary-coded text, as in pandas' categorical and Arrow's dictionary: `names[codes[row]]`.
struct Categories {
  std::span<const std::int32_t> codes;  ///< -1 = missing
  std::span<const std::string> names;   ///< a name may occur twice or never
};
using Column = std::variant<Times, Numbers, Integers, Categories>;

/// A view of a table. Holds no data but the codes of columns added by `add_text`; whoever calls keeps
/// the data alive and unchanged meanwhile. Copies share.
class Columns {
 public:
  /// `source` names the table in errors. `first_row` is the number of its first row in notes and
  /// errors (1-based), for a table that is read piece by piece.
  explicit Columns(std::size_t rows, std::string source = "table", std::size_t first_row = 1)
      : rows_(rows), first_row_(first_row), source_(std::move(source)) {}

  /// Throws DataError when the length is not `rows`, the name is there already, or a code has no name.
  void add(std::string name, Column column);
  /// Codes plain text once, O(total length); empty text is missing.
  void add_text(std::string name, std::span<const std::string> text);

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] bool contains(std::string_view name) const noexcept;
  /// The number of row `index` (0-based) as notes and errors count it.
  [[nodiscard]] std::size_t row_number(std::size_t index) const noexcept { return first_row_ + index; }

  /// Throws UnknownNameError (kind "column") with the nearest name.
  [[nodiscard]] const Column& column(std::string_view name) const;
  // The same, throwing DataError where the column holds something else.
  [[nodiscard]] Times times(std::string_view name) const;
  [[nodiscard]] Numbers numbers(std::string_view name) const;
  [[nodiscard]] Categories categories(std::string_view name) const;

 private:
  std::size_t rows_ = 0, first_row_ = 1;
  std::string source_;
  std::vector<std::pair<std::string, Column>> columns_;
  std::vector<std::shared_ptr<const std::pair<std::vector<std::int32_t>, std::vector<std::string>>>> owned_;
};

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/columns_inl.hpp>
#endif
