// Definitions of absorption.hpp.
#pragma once

#include <algorithm>
#include <vector>

#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::vector<double> absorption(const Chain& chain, const Flow& flow,
                                                  const Solver<double>& solver, std::uint32_t outcome) {
  std::vector<double> ends(chain.stage_count, 0.0);
  if (outcome == drop_off_outcome) {
    ends = flow.drop_off;
  } else {
    for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
        if (chain.target[e] == chain.stage_count + outcome) ends[i] += flow.rate[e];
      }
    }
  }
  solver.solve(ends);
  for (double& probability : ends) probability = std::min(1.0, probability);
  return ends;
}

FUNNELGRAPH_INLINE std::vector<double> conversion(const Chain& chain, const Flow& flow,
                                                  const Solver<double>& solver) {
  std::vector<double> wins(chain.stage_count, 0.0);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!chain.to_stage(e) && chain.outcome_kind[chain.target[e] - chain.stage_count] == ExitKind::won)
        wins[i] += flow.rate[e];
    }
  }
  solver.solve(wins);
  for (double& probability : wins) probability = std::min(1.0, probability);
  return wins;
}

FUNNELGRAPH_INLINE std::vector<double> exit_counts(const Chain& chain, const Flow& flow) {
  std::vector<double> counts(chain.outcome_count + 1, 0.0);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!chain.to_stage(e)) counts[chain.target[e] - chain.stage_count] += flow.visits[i] * flow.rate[e];
    }
    counts[chain.outcome_count] += flow.visits[i] * chain.drop_off[i] + flow.shed_at(i);
  }
  return counts;
}

FUNNELGRAPH_INLINE std::vector<double> leak(const Chain& chain) {
  std::vector<double> out(chain.drop_off);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (chain.to_stage(e)) continue;
      const ExitKind kind = chain.outcome_kind[chain.target[e] - chain.stage_count];
      if (kind == ExitKind::lost || kind == ExitKind::silent) out[i] += chain.rate[e];
    }
  }
  return out;
}

}  // namespace funnelgraph::inline v0
