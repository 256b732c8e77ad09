// Definitions of recoverable.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/recoverable.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// The row of one stage: base and effective, with how the levers bend it.
struct BentRow {
  std::vector<double> base, bend, rate;
  double base_drop_off = 0;
  double drop_off = 0;
  double weights = 1;

  void apply() {
    weights = base_drop_off;
    rate.resize(base.size());
    for (std::size_t k = 0; k < base.size(); ++k) weights += rate[k] = base[k] * bend[k];
    for (double& share : rate) share /= weights;
    drop_off = base_drop_off / weights;
  }
};

/// Product of the levers' factors per edge.
FUNNELGRAPH_INLINE std::vector<double> lever_bends(const Chain& chain) {
  std::vector<double> bend(chain.target.size(), 1.0);
  for (const ChainInfluence& influence : chain.influences) {
    const double ratio = chain.lever_value[influence.lever] / chain.lever_reference[influence.lever];
    bend[influence.edge] *= std::pow(ratio, influence.elasticity);
  }
  return bend;
}

/// Variance of sum g_k p_k over the rates of one row whose change the drop-off takes: `by[k]` the
/// derivative by base rate k less that by the drop-off. False where nothing is known.
FUNNELGRAPH_INLINE bool row_variance(std::span<const double> rate, std::span<const double> by,
                                     std::span<const RateUncertainty> uncertainty, double& variance) {
  bool some = false;
  for (std::size_t k = 0; k < rate.size(); ++k) {
    const RateUncertainty& sure = uncertainty[k];
    if (!std::isnan(sure.variance)) {
      some = true;
      if (by[k] != 0) variance += by[k] * by[k] * sure.variance;
      continue;
    }
    if (!(sure.n > 0)) continue;
    some = true;
    for (std::size_t l = 0; l < rate.size(); ++l) {
      if (uncertainty[l].n != sure.n || !std::isnan(uncertainty[l].variance)) continue;
      const double covariance = (k == l ? rate[k] * (1 - rate[k]) : -rate[k] * rate[l]) / sure.n;
      if (covariance != 0) variance += by[k] * by[l] * covariance;
    }
  }
  return some;
}

/// Whether a figure is a sum of visits times prices, entrants fixed.
FUNNELGRAPH_INLINE bool linear_in_visits(const Figure& figure) {
  switch (figure.kind) {
    case FigureKind::count:
    case FigureKind::probability:
    case FigureKind::visits:
    case FigureKind::revenue:
    case FigureKind::cost:
    case FigureKind::profit:
      return true;
    case FigureKind::lifetime_value:
      return !figure.horizon;
    case FigureKind::sum: {
      bool all = true;
      for (const Figure& part : figure.parts) all = all && linear_in_visits(part);
      return all;
    }
    case FigureKind::cost_per:
    case FigureKind::time_to:
    case FigureKind::ratio:
    case FigureKind::feasible:
      break;
  }
  return false;
}

/// One linear part on its system of equations: what one journey over an edge is worth.
struct LinearPart {
  double weight = 1;
  const Solver<double>* solver = nullptr;
  std::span<const double> visits;
  const std::vector<std::uint8_t>* unknown_visits = nullptr;
  std::vector<double> factor;              // per edge: phi, or 1
  std::vector<double> direct;              // per edge: worth of passing, what lies beyond the target aside
  double drop_off = 0;                     // worth of dropping off
  std::vector<double> ahead;               // per stage
  std::vector<std::uint8_t> unknown;       // per stage: `ahead` is not known
  std::vector<std::uint8_t> unknown_edge;  // per edge: unknown lag under discounting
};

class LinearParts {
 public:
  LinearParts(const Chain& chain, const Solution& solution) : chain_(chain), solution_(solution) {}

  void add(const Figure& figure, double weight) {
    const double volume = solution_.flow.volume;
    switch (figure.kind) {
      case FigureKind::count:
        return add_exits(figure.position, weight);
      case FigureKind::probability:
        return add_exits(figure.position, weight / volume);
      case FigureKind::visits:
        return add_visits(figure.position, weight);
      case FigureKind::revenue:
        return add_money({.value = 1, .cost = 0}, weight);
      case FigureKind::cost:
        return add_money({.value = 0, .cost = 1}, weight);
      case FigureKind::profit:
        return add_money({.value = 1, .cost = -1}, weight);
      case FigureKind::lifetime_value:
        return add_money({.value = 1, .cost = -1}, weight / volume);
      case FigureKind::sum:
        for (std::size_t k = 0; k < figure.parts.size(); ++k)
          add(figure.parts[k], weight * figure.weights[k]);
        return;
      default:
        return;
    }
  }

  std::vector<LinearPart> parts;

 private:
  LinearPart& plain(double weight) {
    LinearPart& part = parts.emplace_back();
    part.weight = weight;
    part.solver = solution_.solver.get();
    part.visits = solution_.flow.visits;
    part.factor.assign(chain_.target.size(), 1.0);
    part.direct.assign(chain_.target.size(), 0.0);
    return part;
  }
  void add_exits(std::uint32_t outcome, double weight) {
    LinearPart& part = plain(weight);
    part.ahead = absorption(chain_, solution_.flow, *solution_.solver, outcome);
    if (outcome == drop_off_outcome) {
      part.drop_off = 1;
      return;
    }
    for (std::size_t e = 0; e < chain_.target.size(); ++e) {
      if (chain_.target[e] == chain_.stage_count + outcome) part.direct[e] = 1;
    }
  }
  void add_visits(std::uint32_t stage, double weight) {
    LinearPart& part = plain(weight);
    part.ahead.assign(chain_.stage_count, 0.0);
    part.ahead[stage] = 1;
    solution_.solver->solve(part.ahead);
  }
  void add_money(MoneyWeights money, double weight) {
    const DiscountedFlow& discounted = solution_.discounted;
    LinearPart& part = plain(weight);
    part.solver = discounted.solver.get();
    part.visits = discounted.visits;
    part.unknown_visits = &discounted.unknown;
    part.ahead = known_money_ahead(chain_, discounted, money);
    part.unknown = before_unknown_money(chain_, solution_.flow, discounted, money);
    part.unknown_edge.assign(chain_.target.size(), 0);
    for (std::uint32_t e = 0; e < chain_.edge_count(); ++e) {
      const double arriving = money_on_arrival(chain_, e, money);
      if (!arrival_known(chain_, discounted, e) || std::isnan(arriving))
        part.unknown_edge[e] = 1;
      else if (discounted.discounted)
        part.factor[e] = chain_.discount[e];
      part.direct[e] = money.cost * chain_.edge_cost[e] + part.factor[e] * arriving;
    }
  }

  const Chain& chain_;
  const Solution& solution_;
};

/// What one journey over edge `e` is worth, `beyond` what its target is worth.
inline double edge_worth(const Chain& chain, const LinearPart& part, std::uint32_t e,
                         double beyond) noexcept {
  if (!part.unknown_edge.empty() && part.unknown_edge[e] != 0 && (part.direct[e] != 0 || beyond != 0))
    return unknown_number;
  if (chain.to_stage(e) && !part.unknown.empty() && part.unknown[chain.target[e]] != 0) return unknown_number;
  return part.direct[e] + part.factor[e] * beyond;
}

/// Adds a part's change and its derivatives by the base rates (less that by the drop-off) at both rows.
/// False, with nothing added, where the update would lose more than six digits: hardly anything leaves the
/// new loop.
FUNNELGRAPH_INLINE bool add_rank_one(const Chain& chain, const Elimination& plan, const LinearPart& part,
                                     std::span<const double> self_visits, std::uint32_t stage,
                                     const BentRow& now, const BentRow& then, double& change,
                                     std::vector<double>& by_now, std::vector<double>& by_then) {
  const std::uint32_t first = chain.row_begin[stage];
  const std::size_t width = now.rate.size();
  std::vector<double> back;  // expected visits of `stage` from each stage
  const auto& blocks = plan.plan().block_of_stage;
  if (now.rate != then.rate && !blocks.empty() && blocks[stage] != EliminationPlan::no_block) {
    back.assign(chain.stage_count, 0.0);
    back[stage] = 1;
    part.solver->solve(back);
  }
  const auto returns = [&](std::uint32_t j) {
    if (!back.empty()) return back[j];
    return j == stage ? self_visits[stage] : 0.0;
  };
  const bool unknown_visits =
      part.unknown_visits != nullptr && !part.unknown_visits->empty() && (*part.unknown_visits)[stage] != 0;
  std::vector<double> worth(width);
  double gain = (then.drop_off - now.drop_off) * part.drop_off;
  double kept = 0;
  double kept_terms = 0;
  for (std::size_t k = 0; k < width; ++k) {
    const std::uint32_t e = first + static_cast<std::uint32_t>(k);
    const bool on = chain.to_stage(e);
    worth[k] = edge_worth(chain, part, e, on ? part.ahead[chain.target[e]] : 0.0);
    const double step = then.rate[k] - now.rate[k];
    if (step == 0) continue;
    gain += step * worth[k];
    if (!on) continue;
    const double back_again = step * part.factor[e] * returns(chain.target[e]);
    kept += back_again;
    kept_terms += std::abs(back_again);
  }
  const double visits = part.visits[stage];
  if (1 - kept < 1e-6 * (1 + kept_terms)) return false;
  const double stretch = 1 / (1 - kept);
  const double after = visits * stretch;
  const double moved = gain == 0 ? 0 : (unknown_visits ? unknown_number : after * gain);
  change += part.weight * moved;
  const auto add_derivatives = [&](const BentRow& row, double flowing, std::span<const double> price,
                                   std::vector<double>& by) {
    double mean = row.drop_off * part.drop_off;
    for (std::size_t k = 0; k < width; ++k) {
      if (row.rate[k] > 0) mean += row.rate[k] * price[k];
    }
    for (std::size_t k = 0; k < width; ++k) {
      const double rate = row.bend[k] * (price[k] - mean);
      by[k] += part.weight * flowing * (rate - (part.drop_off - mean)) / row.weights;
    }
  };
  add_derivatives(now, visits, worth, by_now);
  for (std::size_t k = 0; k < width; ++k) {
    const std::uint32_t e = first + static_cast<std::uint32_t>(k);
    if (chain.to_stage(e)) worth[k] += part.factor[e] * returns(chain.target[e]) * stretch * gain;
  }
  add_derivatives(then, after, worth, by_then);
  return true;
}

/// Whether journeys that leave `stage` by another row come to an end: false where the row closes a cycle.
/// O(edges) inside loops, else O(row).
FUNNELGRAPH_INLINE bool leads_out(const Chain& chain, const Elimination& plan, std::uint32_t stage,
                                  const BentRow& row) {
  if (row.drop_off > 0) return true;
  const auto& blocks = plan.plan().block_of_stage;
  const bool in_loop = !blocks.empty() && blocks[stage] != EliminationPlan::no_block;
  std::vector<bool> seen(in_loop ? chain.stage_count : 0, false);
  std::vector<std::uint32_t> todo;
  for (std::size_t k = 0; k < row.rate.size(); ++k) {
    const std::uint32_t target = chain.target[chain.row_begin[stage] + k];
    if (!(row.rate[k] > 0) || target == stage) continue;
    if (!in_loop || target >= chain.stage_count) return true;
    todo.push_back(target);
    seen[target] = true;
  }
  if (in_loop) seen[stage] = true;
  while (!todo.empty()) {
    const std::uint32_t i = todo.back();
    todo.pop_back();
    if (chain.drop_off[i] > 0) return true;
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!(chain.rate[e] > 0)) continue;
      if (!chain.to_stage(e)) return true;
      if (seen[chain.target[e]]) continue;
      seen[chain.target[e]] = true;
      todo.push_back(chain.target[e]);
    }
  }
  return false;
}

/// The chain with another base row at one stage.
FUNNELGRAPH_INLINE void put_row(Chain& chain, std::uint32_t stage, const BentRow& row) {
  const std::uint32_t first = chain.row_begin[stage];
  for (std::size_t k = 0; k < row.rate.size(); ++k) {
    chain.base_rate[first + k] = row.base[k];
    chain.rate[first + k] = row.rate[k];
  }
  chain.base_drop_off[stage] = row.base_drop_off;
  chain.drop_off[stage] = row.drop_off;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Recovery> recoverable(const Chain& chain, const Elimination& plan,
                                                     const Solution& solution, const Figure& figure,
                                                     std::span<const ReferenceRow> reference,
                                                     std::span<const RateUncertainty> uncertainty) {
  std::vector<Recovery> out(chain.stage_count);
  const std::vector<double> bends = detail::lever_bends(chain);
  const bool linear = solution.rule == CapacityRule::report && detail::linear_in_visits(figure);
  detail::LinearParts linear_parts(chain, solution);
  std::vector<std::vector<double>> self_visits;
  Chain moved;
  ChainGradient now_gradient;
  double now_value = 0;
  if (linear) {
    linear_parts.add(figure, 1);
    for (const detail::LinearPart& part : linear_parts.parts)
      self_visits.push_back(part.solver->self_visits());
  }
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    const ReferenceRow& wanted = reference[i];
    if (!wanted.known) continue;
    const std::uint32_t first = chain.row_begin[i];
    const std::size_t width = chain.row_begin[i + 1] - first;
    const auto row_of = [&](auto&& rate) { return std::vector<double>(rate + first, rate + first + width); };
    detail::BentRow now{row_of(chain.base_rate.begin()), row_of(bends.begin()), row_of(chain.rate.begin()),
                        chain.base_drop_off[i],          chain.drop_off[i],     1};
    now.weights = now.base_drop_off;
    for (std::size_t k = 0; k < width; ++k) now.weights += now.base[k] * now.bend[k];
    detail::BentRow then{wanted.rate, now.bend, {}, wanted.drop_off, 0, 1};
    if (then.base == now.base && then.base_drop_off == now.base_drop_off) {
      then.rate = now.rate;  // the same bits: nothing to recover
      then.drop_off = now.drop_off;
      then.weights = now.weights;
    } else {
      then.apply();
      if (!detail::leads_out(chain, plan, i, then)) continue;
    }
    double change = 0;
    std::vector<double> by_now(width, 0.0);
    std::vector<double> by_then(width, 0.0);
    bool updated = linear;
    for (std::size_t part = 0; updated && part < linear_parts.parts.size(); ++part)
      updated = detail::add_rank_one(chain, plan, linear_parts.parts[part], self_visits[part], i, now, then,
                                     change, by_now, by_then);
    if (!updated) {
      if (moved.stage_count == 0) {
        moved = chain;
        now_value = figure_value(chain, plan, solution, figure);
        now_gradient = gradient(chain, plan, solution, figure);
      }
      detail::put_row(moved, i, then);
      const Solution again = solve_chain(moved, plan, solution.rule);
      change = figure_value(moved, plan, again, figure) - now_value;
      const ChainGradient then_gradient = gradient(moved, plan, again, figure);
      for (std::size_t k = 0; k < width; ++k) {
        by_now[k] = now_gradient.base_rate[first + k] - now_gradient.base_drop_off[i];
        by_then[k] = then_gradient.base_rate[first + k] - then_gradient.base_drop_off[i];
      }
      detail::put_row(moved, i, now);
    }
    out[i].value = change;
    double variance = 0;
    const bool sure_now = detail::row_variance(now.base, by_now, uncertainty.subspan(first, width), variance);
    const bool sure_then = detail::row_variance(then.base, by_then, wanted.uncertainty, variance);
    if (!sure_now && !sure_then) continue;
    const double half = two_sided_95 * std::sqrt(std::max(0.0, variance));
    out[i].low = change - half;
    out[i].high = change + half;
  }
  return out;
}

}  // namespace funnelgraph::inline v0
