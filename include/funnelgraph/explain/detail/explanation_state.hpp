// What an explanation keeps for its summary.
#pragma once

#include <map>
#include <string>

#include <funnelgraph/explain/explanation.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

struct Explanation::State {
  bool segmented = false;
  std::map<std::string, Funnel> plan, actual;  ///< by segment; under "" without segments
  ExplainOptions options;
};

}  // namespace funnelgraph::inline v0
