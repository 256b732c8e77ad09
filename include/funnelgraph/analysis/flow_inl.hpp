// Definitions of flow.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::vector<double> entrants(const Chain& chain) {
  std::vector<double> out(chain.stage_count, 0.0);
  for (const ChainEntry& entry : chain.entries) out[entry.stage] += entry.volume;
  return out;
}

FUNNELGRAPH_INLINE std::vector<double> served_shares(const Chain& chain, const Elimination& plan) {
  const std::uint32_t n = chain.stage_count;
  const std::vector<double> entering = entrants(chain);
  std::vector<std::uint8_t> full(n, 0);
  std::vector<double> rate;
  std::vector<double> drop_off;
  std::vector<double> served(n);
  std::vector<double> arrivals(n);
  while (true) {
    // Full stages are sources of their capacity; what flows into them leaves the equations.
    rate = chain.rate;
    drop_off = chain.drop_off;
    for (std::uint32_t i = 0; i < n; ++i) {
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
        if (!chain.to_stage(e) || full[chain.target[e]] == 0) continue;
        drop_off[i] += rate[e];
        rate[e] = 0;
      }
      served[i] = full[i] != 0 ? chain.capacity[i] : entering[i];
    }
    const Solver<double> solver(plan, rate, drop_off);
    solver.solve_transposed(served);
    arrivals = entering;
    for (std::uint32_t i = 0; i < n; ++i) {
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
        if (chain.to_stage(e)) arrivals[chain.target[e]] += served[i] * chain.rate[e];
      }
    }
    // A full stage stays so unless clearly less arrives: rounding must not make the set cycle.
    bool changed = false;
    for (std::uint32_t i = 0; i < n; ++i) {
      if (std::isnan(chain.capacity[i])) continue;
      const double limit = chain.capacity[i] * (1 + capacity_tolerance);
      const bool over =
          full[i] != 0 ? arrivals[i] >= chain.capacity[i] * (1 - capacity_tolerance) : arrivals[i] > limit;
      if (over != (full[i] != 0)) {
        full[i] = over ? 1 : 0;
        changed = true;
      }
    }
    if (!changed) break;
  }
  if (std::find(full.begin(), full.end(), std::uint8_t{1}) == full.end()) return {};
  std::vector<double> shares(n, 1.0);
  for (std::uint32_t i = 0; i < n; ++i) {
    if (full[i] != 0 && arrivals[i] > 0) shares[i] = std::min(1.0, chain.capacity[i] / arrivals[i]);
  }
  return shares;
}

FUNNELGRAPH_INLINE Flow thinned(const Chain& chain, std::vector<double> served) {
  Flow flow;
  flow.rate = chain.rate;
  flow.drop_off = chain.drop_off;
  flow.entrants = entrants(chain);
  for (const double volume : flow.entrants) flow.volume += volume;
  flow.served = std::move(served);
  if (!flow.sheds()) return flow;
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    flow.turned_away += flow.entrants[i] * (1 - flow.served[i]);
    flow.entrants[i] *= flow.served[i];
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!chain.to_stage(e)) continue;
      const double share = flow.served[chain.target[e]];
      flow.drop_off[i] += chain.rate[e] * (1 - share);
      flow.rate[e] = chain.rate[e] * share;
    }
  }
  return flow;
}

FUNNELGRAPH_INLINE void fill_visits(Flow& flow, const Chain& chain, const Solver<double>& solver) {
  flow.visits = flow.entrants;
  solver.solve_transposed(flow.visits);
  if (!flow.sheds()) return;
  flow.arrivals = entrants(chain);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (chain.to_stage(e)) flow.arrivals[chain.target[e]] += flow.visits[i] * chain.rate[e];
    }
  }
}

FUNNELGRAPH_INLINE bool feasible(const Chain& chain, const Flow& flow) {
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    if (flow.visits[i] > chain.capacity[i] * (1 + capacity_tolerance)) return false;  // NaN: never above
  }
  return true;
}

FUNNELGRAPH_INLINE std::vector<double> reach(const Flow& flow, std::span<const double> self_visits) {
  std::vector<double> out(flow.visits.size(), unknown_number);
  if (!(flow.volume > 0)) return out;
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = std::min(1.0, flow.visits[i] / flow.volume / self_visits[i]);
  return out;
}

FUNNELGRAPH_INLINE std::vector<std::uint8_t> after_unknown_lag(const Chain& chain, const Flow& flow) {
  if (std::none_of(chain.lag_mean.begin(), chain.lag_mean.end(), [](double m) { return std::isnan(m); }))
    return {};
  std::vector<std::uint8_t> after(chain.stage_count, 0);
  std::vector<std::uint32_t> open;
  const auto mark = [&](std::uint32_t target) {
    if (target >= chain.stage_count || after[target] != 0) return;
    after[target] = 1;
    open.push_back(target);
  };
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    if (!(flow.visits[i] > 0)) continue;
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (flow.rate[e] > 0 && std::isnan(chain.lag_mean[e])) mark(chain.target[e]);
    }
  }
  while (!open.empty()) {
    const std::uint32_t i = open.back();
    open.pop_back();
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (flow.rate[e] > 0) mark(chain.target[e]);
    }
  }
  return after;
}

FUNNELGRAPH_INLINE void mark_upstream(const Chain& chain, std::span<const double> rate,
                                      std::vector<std::uint8_t>& marked) {
  const std::uint32_t n = chain.stage_count;
  std::vector<std::uint32_t> open;
  for (std::uint32_t i = 0; i < n; ++i) {
    if (marked[i] != 0) open.push_back(i);
  }
  if (open.empty()) return;
  std::vector<std::uint32_t> begin(n + 2, 0);  // sources of what happens, by target
  std::vector<std::uint32_t> source(chain.target.size());
  const auto each = [&](auto&& take) {
    for (std::uint32_t i = 0; i < n; ++i) {
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
        if (chain.to_stage(e) && rate[e] > 0) take(i, chain.target[e]);
      }
    }
  };
  each([&](std::uint32_t, std::uint32_t j) { ++begin[j + 2]; });
  for (std::uint32_t i = 0; i < n; ++i) begin[i + 2] += begin[i + 1];
  each([&](std::uint32_t i, std::uint32_t j) { source[begin[j + 1]++] = i; });
  while (!open.empty()) {
    const std::uint32_t j = open.back();
    open.pop_back();
    for (std::uint32_t k = begin[j]; k < begin[j + 1]; ++k) {
      if (marked[source[k]] != 0) continue;
      marked[source[k]] = 1;
      open.push_back(source[k]);
    }
  }
}

}  // namespace funnelgraph::inline v0
