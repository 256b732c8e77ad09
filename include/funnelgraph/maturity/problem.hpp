// One thing that is wrong with an instrument or a table of answers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::maturity {

/// `row` counts from 1: respondents of a table of answers, statements or bands of an instrument; 0 where the
/// problem is not of one row. `column` is the column or field, `code` is stable. A cell is never repeated.
struct Problem {
  std::string code;
  std::size_t row = 0;
  std::string column;
  std::string why;
  bool operator==(const Problem&) const = default;
};

/// Throws DataError for the first problem, saying how many more there are; nothing when there is none.
void refuse(std::string_view source, std::span<const Problem> problems);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/problem_inl.hpp>
#endif
