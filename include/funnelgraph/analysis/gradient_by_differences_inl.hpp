// The gradient of a figure where no formula holds: a stage that sheds makes it bend.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/refresh.hpp>

namespace funnelgraph::inline v0::detail {

/// Central differences of a figure by one number after another.
class Differences {
 public:
  Differences(const Chain& chain, const Elimination& plan, const Figure& figure)
      : chain_(chain), plan_(plan), figure_(figure) {}

  /// By a number with `low` as its least value; `move(h)` adds h to it.
  template <class Move>
  double by(double at, Move&& move) {
    constexpr double relative_step = 6e-6;  // about the cube root of the rounding unit
    const double step = relative_step * std::max(std::abs(at), 1e-3);
    const auto value = [&](double h) {
      Chain moved = chain_;
      move(moved, h);
      refresh(moved);
      return figure_value(moved, plan_, solve_chain(moved, plan_, CapacityRule::cap), figure_);
    };
    if (at - step < 0) return (value(step) - value(0)) / step;  // at the edge of its range
    return (value(step) - value(-step)) / (2 * step);
  }

  std::vector<double> by_each(std::vector<double> Chain::* input) {
    const std::vector<double>& numbers = chain_.*input;
    std::vector<double> out(numbers.size(), 0.0);
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      if (!std::isnan(numbers[k]))
        out[k] = by(numbers[k], [&](Chain& moved, double h) { (moved.*input)[k] += h; });
    }
    return out;
  }

 private:
  const Chain& chain_;
  const Elimination& plan_;
  const Figure& figure_;
};

FUNNELGRAPH_INLINE ChainGradient gradient_by_differences(const Chain& chain, const Elimination& plan,
                                                         const Figure& figure) {
  Differences differences(chain, plan, figure);
  ChainGradient out;
  out.base_rate = differences.by_each(&Chain::base_rate);
  out.base_drop_off = differences.by_each(&Chain::base_drop_off);
  out.edge_cost = differences.by_each(&Chain::edge_cost);
  out.edge_value = differences.by_each(&Chain::edge_value);
  out.stage_cost = differences.by_each(&Chain::stage_cost);
  out.stage_value = differences.by_each(&Chain::stage_value);
  out.stage_commission = differences.by_each(&Chain::stage_commission);
  out.capacity = differences.by_each(&Chain::capacity);
  out.outcome_value = differences.by_each(&Chain::outcome_value);
  out.outcome_commission = differences.by_each(&Chain::outcome_commission);
  out.lever_value = differences.by_each(&Chain::lever_value);
  out.fixed_cost = differences.by_each(&Chain::fixed_cost);
  for (std::size_t e = 0; e < chain.lag.size(); ++e) {
    const LagDistribution& lag = chain.lag[e];
    const bool known = lag.known();
    out.lag_mean.push_back(!known ? 0 : differences.by(lag.mean, [&](Chain& moved, double h) {
      if (lag.mean > 0) moved.lag[e].sd *= (lag.mean + h) / lag.mean;
      moved.lag[e].mean += h;
    }));
    out.lag_sd.push_back(!known || lag.sd == 0 ? 0 : differences.by(lag.sd, [&](Chain& moved, double h) {
      moved.lag[e].sd += h;
    }));
  }
  for (std::size_t k = 0; k < chain.entries.size(); ++k) {
    out.entry_volume.push_back(differences.by(chain.entries[k].volume,
                                              [&](Chain& moved, double h) { moved.entries[k].volume += h; }));
    out.entry_cost.push_back(
        differences.by(chain.entries[k].cost, [&](Chain& moved, double h) { moved.entries[k].cost += h; }));
  }
  for (std::size_t k = 0; k < chain.influences.size(); ++k) {
    // An elasticity may be negative: shift the origin so that both sides are tried.
    out.elasticity.push_back(
        differences.by(std::abs(chain.influences[k].elasticity) + 1,
                       [&](Chain& moved, double h) { moved.influences[k].elasticity += h; }));
  }
  out.discount_rate =
      differences.by(chain.discount_rate, [](Chain& moved, double h) { moved.discount_rate += h; });
  return out;
}

}  // namespace funnelgraph::inline v0::detail
