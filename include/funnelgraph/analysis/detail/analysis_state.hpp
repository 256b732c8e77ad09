// What an Analysis keeps for results on demand.
#pragma once

#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/analysis/times.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/compile/compiled.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::detail {

/// Immutable once made.
struct AnalysisState {
  Funnel funnel;
  AnalysisOptions options;
  Compiled compiled;
  Elimination plan;
  Solution solution;
  std::vector<double> counts;  // outcomes, then the drop-off
  ExitTimes times;
  double cost = 0;
};

}  // namespace funnelgraph::inline v0::detail
