#pragma once

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/problem.hpp>

namespace funnelgraph::inline v0::maturity {

FUNNELGRAPH_INLINE void refuse(std::string_view source, std::span<const Problem> problems) {
  if (problems.empty()) return;
  const Problem& first = problems.front();
  std::string why = first.why;
  if (problems.size() > 1) why += " (and " + std::to_string(problems.size() - 1) + " more to mend)";
  throw DataError(std::string(source), first.row, first.column, why);
}

}  // namespace funnelgraph::inline v0::maturity
