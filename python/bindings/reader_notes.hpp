// What the readers of tables noted, as a table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/fit/notes.hpp>

#include "table.hpp"

namespace funnelgraph_python {

/// Columns: code, count, message, rows ("3, 17, 21", the first ones).
inline pybind11::object reader_notes_table(const std::vector<funnelgraph::fit::Note>& notes) {
  using Row = funnelgraph::fit::Note;
  const auto first_rows = [](const Row& row) {
    std::string text;
    for (const std::uint64_t number : row.rows) {
      if (!text.empty()) text += ", ";
      text += std::to_string(number);
    }
    return text;
  };
  return table_object(TableBuilder(notes)
                          .column("code", &Row::code)
                          .column("count", &Row::count)
                          .column("message", &Row::message)
                          .column("rows", first_rows)
                          .build());
}

}  // namespace funnelgraph_python
