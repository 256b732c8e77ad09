// Any bytes are read as a table or refused with a typed error; every column is then read as numbers and
// dates.
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/delimited.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace fg = funnelgraph;

namespace {

void read_columns(const fg::fit::DelimitedTable& table, unsigned choice) {
  const fg::fit::DateOptions dates{.day_first =
                                       choice % 3 == 0 ? std::nullopt : std::optional(choice % 3 == 1)};
  const fg::fit::NumberOptions numbers{.decimal_mark = static_cast<fg::fit::DecimalMark>(choice % 3)};
  for (const std::string& name : table.names()) {
    if (table.text(name).size() != table.rows()) std::abort();
    try {
      if (table.numbers(name, numbers).size() != table.rows()) std::abort();
    } catch (const fg::DataError&) {
    }
    try {
      for (const fg::fit::Tick tick : table.times(name, dates)) {
        const bool in_range = tick >= fg::fit::earliest_tick && tick <= fg::fit::latest_tick;
        if (tick != fg::fit::no_tick && !in_range) std::abort();
      }
    } catch (const fg::DataError&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const unsigned choice = bytes[0];
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  fg::fit::DelimitedOptions options;
  if (choice % 5 == 1) options.delimiter = ';';
  if (choice % 7 == 1) options.missing = {"NA"};
  if (choice % 11 == 1) options.max_cell_bytes = 8;
  if (choice % 13 == 1) options.max_columns = 3;
  try {
    read_columns(fg::fit::parse_delimited(text, options), choice);
  } catch (const fg::DataError&) {
  }
  return 0;
}
