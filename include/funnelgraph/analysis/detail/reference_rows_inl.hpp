// Definitions of reference_rows.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/detail/reference_rows.hpp>
#include <funnelgraph/analysis/shares.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::detail {

/// Variance of a normal distribution that has the interval's probability between its ends.
FUNNELGRAPH_INLINE double interval_variance(const Interval& interval) {
  const double half_widths = central_score(interval.level);
  const double sd = (interval.high - interval.low) / (2 * half_widths);
  return sd * sd;
}

FUNNELGRAPH_INLINE RateUncertainty uncertainty_of(const Transition& transition) {
  RateUncertainty out;
  const Source& source = transition.rate.source;
  if (source.kind() == SourceKind::measured && source.n() > 0) {
    out.n = source.n();
  } else if (const auto interval = source.interval()) {
    out.variance = interval_variance(*interval);
  } else if (transition.observed && transition.observed->entered - transition.observed->open > 0) {
    out.n = transition.observed->entered - transition.observed->open;
  }
  return out;
}

/// `funnel` with every transition that only the reference has, at rate 0, so that rows can be put in.
FUNNELGRAPH_INLINE bool add_reference_edges(Funnel& funnel, const Funnel& reference) {
  bool added = false;
  for (const Transition& transition : reference.transitions()) {
    if (!(transition.rate.value > 0) || !funnel.find_stage(transition.from) ||
        funnel.find_transition(transition.from, transition.to))
      continue;
    if (!funnel.find_stage(transition.to) && !funnel.find_outcome(transition.to)) continue;
    Transition addition = transition;
    addition.rate = 0;
    addition.observed.reset();
    funnel.add_transition(std::move(addition));
    added = true;
  }
  return added;
}

FUNNELGRAPH_INLINE std::vector<ReferenceRow> reference_rows(const Funnel& funnel, const Compiled& compiled,
                                                            const Funnel& reference) {
  const Compiled other = lower(reference);
  std::vector<ReferenceRow> rows(compiled.chain.stage_count);
  for (std::uint32_t i = 0; i < compiled.chain.stage_count; ++i) {
    const auto there = reference.find_stage(funnel.stages()[i].name);
    if (!there) continue;
    ReferenceRow& row = rows[i];
    const std::uint32_t first = compiled.chain.row_begin[i];
    const std::size_t width = compiled.chain.row_begin[i + 1] - first;
    row.known = true;
    row.rate.assign(width, 0.0);
    row.uncertainty.resize(width);
    row.drop_off = other.chain.base_drop_off[there->index];
    for (std::uint32_t e = other.chain.row_begin[there->index]; e < other.chain.row_begin[there->index + 1];
         ++e) {
      const Transition& transition = reference.transitions()[other.layout.transition_of_edge[e]];
      const auto here = funnel.find_transition(transition.from, transition.to);
      if (!here) {
        if (transition.rate.value > 0) row.known = false;  // leads to what this funnel does not have
        continue;
      }
      const std::size_t k = compiled.layout.edge_of_transition[here->index] - first;
      row.rate[k] = transition.rate.value;
      row.uncertainty[k] = uncertainty_of(transition);
    }
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<Recovery> recoveries(const AnalysisState& state) {
  const AnalysisOptions& options = state.options;
  require_valid(*options.reference);
  const Metric metric = options.metric ? *options.metric : metric::profit();
  const auto compute = [&](const Funnel& funnel, const Compiled& compiled, const Elimination& plan,
                           const Solution& solution) {
    std::vector<RateUncertainty> uncertainty(compiled.chain.target.size());
    for (std::size_t e = 0; e < uncertainty.size(); ++e)
      uncertainty[e] = uncertainty_of(funnel.transitions()[compiled.layout.transition_of_edge[e]]);
    return recoverable(compiled.chain, plan, solution, figure_of(funnel, metric),
                       reference_rows(funnel, compiled, *options.reference), uncertainty);
  };
  Funnel wider = state.funnel;
  if (!add_reference_edges(wider, *options.reference))
    return compute(state.funnel, state.compiled, state.plan, state.solution);
  Compiled compiled = lower(wider);
  compiled.chain.discount_rate = state.compiled.chain.discount_rate;
  refresh(compiled.chain);
  const Elimination plan(compiled.chain);
  const Solution solution = solve_chain(compiled.chain, plan, options.capacity);
  return compute(wider, compiled, plan, solution);
}

FUNNELGRAPH_INLINE std::vector<Recovery> recoveries_by_owner(const Chain& chain,
                                                             const std::vector<Recovery>& stages) {
  struct Sum {
    double value = 0;
    double variance = 0;
    bool known = false;
    bool ranged = true;
  };
  std::vector<Sum> sums(chain.owner_count + 1);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    const Recovery& stage = stages[i];
    if (std::isnan(stage.value)) continue;
    for_each_share(chain.stage_owners, i, chain.owner_count, [&](std::uint32_t owner, double share) {
      Sum& sum = sums[owner];
      sum.known = true;
      sum.value += share * stage.value;
      if (std::isnan(stage.low)) {
        sum.ranged = sum.ranged && stage.value == 0;
        return;
      }
      const double half = share * (stage.high - stage.low) / 2;
      sum.variance += half * half;
    });
  }
  std::vector<Recovery> out(sums.size());
  for (std::size_t owner = 0; owner < sums.size(); ++owner) {
    if (!sums[owner].known) continue;
    out[owner].value = sums[owner].value;
    if (!sums[owner].ranged || sums[owner].variance == 0) continue;
    out[owner].low = sums[owner].value - std::sqrt(sums[owner].variance);
    out[owner].high = sums[owner].value + std::sqrt(sums[owner].variance);
  }
  return out;
}

}  // namespace funnelgraph::inline v0::detail
