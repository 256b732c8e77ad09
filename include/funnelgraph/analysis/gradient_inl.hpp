// Definitions of gradient.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/analysis/gradient_by_differences_inl.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/analysis/times.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/units.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// A number that may be unknown: `value` is then what is known of it.
struct Partial {
  double value = 0;
  bool unknown = false;
};

inline Partial partial(double x) noexcept { return std::isnan(x) ? Partial{0, true} : Partial{x, false}; }

/// a * b, NaN where an unknown one meets one that is not zero.
inline double product(Partial a, Partial b) noexcept {
  if ((a.unknown && (b.unknown || b.value != 0)) || (b.unknown && a.value != 0)) return unknown_number;
  return a.value * b.value;
}

inline bool flagged(const std::vector<std::uint8_t>& flags, std::uint32_t stage) noexcept {
  return !flags.empty() && flags[stage] != 0;
}

/// Gathers the derivatives of a sum of linear parts by effective rates, entrants and prices; `finish`
/// carries those by effective rates over to the base rates, levers and elasticities.
class GradientSum {
 public:
  GradientSum(const Chain& chain, const Elimination& plan, const Solution& solution)
      : chain_(chain), plan_(plan), solution_(solution), flow_(solution.flow) {
    const std::size_t edges = chain.target.size();
    const std::size_t n = chain.stage_count;
    rate_.assign(edges, 0.0);
    drop_off_.assign(n, 0.0);
    entrants_.assign(n, 0.0);
    out_.lag_mean.assign(edges, 0.0);
    out_.lag_sd.assign(edges, 0.0);
    out_.edge_cost.assign(edges, 0.0);
    out_.edge_value.assign(edges, 0.0);
    out_.stage_cost.assign(n, 0.0);
    out_.stage_value.assign(n, 0.0);
    out_.stage_commission.assign(n, 0.0);
    out_.capacity.assign(n, 0.0);
    out_.outcome_value.assign(chain.outcome_count, 0.0);
    out_.outcome_commission.assign(chain.outcome_count, 0.0);
    out_.entry_volume.assign(chain.entries.size(), 0.0);
    out_.entry_cost.assign(chain.entries.size(), 0.0);
    out_.fixed_cost.assign(chain.fixed_cost.size(), 0.0);
  }

  /// Adds `weight` times the derivatives of `figure`.
  void add(const Figure& figure, double weight) {
    const double volume = flow_.volume;
    const auto value = [&] { return figure_value(chain_, plan_, solution_, figure); };
    switch (figure.kind) {
      case FigureKind::count:
        return add_count(figure.position, weight);
      case FigureKind::probability:
        add_count(figure.position, weight / volume);
        return add_entrants(-weight * value() / volume);
      case FigureKind::visits:
        return add_visits(figure.position, weight);
      case FigureKind::revenue:
        return add_money({.value = 1, .cost = 0}, weight, true);
      case FigureKind::cost:
        return add_money({.value = 0, .cost = 1}, weight, true);
      case FigureKind::profit:
        return add_money({.value = 1, .cost = -1}, weight, true);
      case FigureKind::cost_per: {
        const double count = exit_count(chain_, flow_, figure.position);
        add_money({.value = 0, .cost = 1}, weight / count, true);
        return add_count(figure.position, -weight * value() / count);
      }
      case FigureKind::time_to: {
        if (figure.position == any_exit) {
          add_time(figure.position, weight / volume);
          return add_entrants(-weight * value() / volume);
        }
        const double count = exit_count(chain_, flow_, figure.position);
        add_time(figure.position, weight / count);
        return add_count(figure.position, -weight * value() / count);
      }
      case FigureKind::lifetime_value:
        if (figure.horizon)
          throw InvalidValueError("gradient", "lifetime_value with a horizon",
                                  "a metric that every number moves smoothly");
        add_money({.value = 1, .cost = -1}, weight / volume, false);
        return add_entrants(-weight * value() / volume);
      case FigureKind::ratio: {
        const double above = figure_value(chain_, plan_, solution_, figure.parts[0]);
        const double below = figure_value(chain_, plan_, solution_, figure.parts[1]);
        add(figure.parts[0], weight / below);
        return add(figure.parts[1], -weight * above / below / below);
      }
      case FigureKind::sum:
        for (std::size_t k = 0; k < figure.parts.size(); ++k)
          add(figure.parts[k], weight * figure.weights[k]);
        return;
      case FigureKind::feasible:
        throw InvalidValueError("gradient", "feasible", "a metric that every number moves smoothly");
    }
  }

  ChainGradient finish() {
    for (std::size_t k = 0; k < chain_.entries.size(); ++k)
      out_.entry_volume[k] += entrants_[chain_.entries[k].stage];
    out_.base_rate.assign(chain_.target.size(), 0.0);
    out_.base_drop_off.assign(chain_.stage_count, 0.0);
    std::vector<double> bend(chain_.target.size(), 1.0);
    for (const ChainInfluence& influence : chain_.influences) {
      const double ratio = chain_.lever_value[influence.lever] / chain_.lever_reference[influence.lever];
      bend[influence.edge] *= std::pow(ratio, influence.elasticity);
    }
    for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
      const std::uint32_t first = chain_.row_begin[i];
      const std::uint32_t last = chain_.row_begin[i + 1];
      double weights = chain_.base_drop_off[i];
      double mean = chain_.drop_off[i] > 0 ? chain_.drop_off[i] * drop_off_[i] : 0.0;
      for (std::uint32_t e = first; e < last; ++e) {
        weights += chain_.base_rate[e] * bend[e];
        if (chain_.rate[e] > 0) mean += chain_.rate[e] * rate_[e];
      }
      out_.base_drop_off[i] = (drop_off_[i] - mean) / weights;
      for (std::uint32_t e = first; e < last; ++e) {
        rate_[e] -= mean;  // by the weight, up to the row's sum
        out_.base_rate[e] = bend[e] * rate_[e] / weights;
      }
    }
    out_.lever_value.assign(chain_.lever_value.size(), 0.0);
    out_.elasticity.assign(chain_.influences.size(), 0.0);
    for (std::size_t k = 0; k < chain_.influences.size(); ++k) {
      const ChainInfluence& influence = chain_.influences[k];
      if (!(chain_.rate[influence.edge] > 0)) continue;
      const double value = chain_.lever_value[influence.lever];
      const double by_log = chain_.rate[influence.edge] * rate_[influence.edge];
      out_.lever_value[influence.lever] += by_log * influence.elasticity / value;
      out_.elasticity[k] = by_log * std::log(value / chain_.lever_reference[influence.lever]);
    }
    return std::move(out_);
  }

 private:
  template <class Take>
  void each_edge(Take&& take) const {
    for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
      for (std::uint32_t e = chain_.row_begin[i]; e < chain_.row_begin[i + 1]; ++e) take(i, e);
    }
  }

  void add_entrants(double weight) {
    for (double& gradient : entrants_) gradient += weight;
  }

  /// A part y . c: `ahead` solves V = c + P V.
  void add_ahead(const std::vector<double>& ahead, double weight) {
    each_edge([&](std::uint32_t i, std::uint32_t e) {
      if (chain_.to_stage(e)) rate_[e] += weight * flow_.visits[i] * ahead[chain_.target[e]];
    });
    for (std::uint32_t i = 0; i < chain_.stage_count; ++i) entrants_[i] += weight * ahead[i];
  }

  void add_count(std::uint32_t outcome, double weight) {
    add_ahead(absorption(chain_, flow_, *solution_.solver, outcome), weight);
    if (outcome == drop_off_outcome) {
      for (std::uint32_t i = 0; i < chain_.stage_count; ++i) drop_off_[i] += weight * flow_.visits[i];
      return;
    }
    each_edge([&](std::uint32_t i, std::uint32_t e) {
      if (chain_.target[e] == chain_.stage_count + outcome) rate_[e] += weight * flow_.visits[i];
    });
  }

  void add_visits(std::uint32_t stage, double weight) {
    std::vector<double> ahead(chain_.stage_count, 0.0);
    ahead[stage] = 1;
    solution_.solver->solve(ahead);
    add_ahead(ahead, weight);
  }

  void add_money(MoneyWeights money, double weight, bool with_entries) {
    const DiscountedFlow& discounted = solution_.discounted;
    const std::vector<double> ahead = known_money_ahead(chain_, discounted, money);
    const std::vector<std::uint8_t> before = before_unknown_money(chain_, flow_, discounted, money);
    const double force = discount_force(chain_.discount_rate);
    double by_force = 0;
    const auto arriving_outcome = [&](std::uint32_t e) { return chain_.target[e] - chain_.stage_count; };
    for (std::uint32_t i = 0; i < chain_.stage_count; ++i) {
      const Partial visits{weight * discounted.visits[i], flagged(discounted.unknown, i)};
      out_.stage_cost[i] += product(visits, {money.cost});
      out_.stage_value[i] += product(visits, {money.value + money.cost * chain_.stage_commission[i]});
      out_.stage_commission[i] += product(visits, {money.cost * chain_.stage_value[i]});
      entrants_[i] += product({weight}, {ahead[i], flagged(before, i)});
      for (std::uint32_t e = chain_.row_begin[i]; e < chain_.row_begin[i + 1]; ++e) {
        const bool known_lag = arrival_known(chain_, discounted, e);
        const double factor = discounted.discounted && known_lag ? chain_.discount[e] : 1.0;
        Partial arrived = partial(money_on_arrival(chain_, e, money));  // worth on arrival
        if (chain_.to_stage(e)) {
          arrived.value += ahead[chain_.target[e]];
          arrived.unknown = arrived.unknown || flagged(before, chain_.target[e]);
        }
        const Partial worth{money.cost * chain_.edge_cost[e] + factor * arrived.value,
                            arrived.unknown || (!known_lag && arrived.value != 0)};
        rate_[e] += product(visits, worth);
        const Partial leaving{visits.value * chain_.rate[e], visits.unknown && chain_.rate[e] > 0};
        const Partial arriving{leaving.value * factor, leaving.unknown || (!known_lag && leaving.value != 0)};
        out_.edge_cost[e] += product(leaving, {money.cost});
        out_.edge_value[e] += product(arriving, {money.value});
        if (!chain_.to_stage(e)) {
          const std::uint32_t o = arriving_outcome(e);
          out_.outcome_value[o] +=
              product(arriving, {money.value + money.cost * chain_.outcome_commission[o]});
          out_.outcome_commission[o] +=
              product(arriving, partial(share_of_value(chain_.outcome_value[o], money.cost)));
        }
        const double moved = product(leaving, arrived);  // what a change of the factor is worth
        if (moved == 0) continue;
        if (!discounted.discounted) {
          by_force -= moved * chain_.lag_mean[e];  // NaN where the lag is unknown
          continue;
        }
        if (!known_lag || std::isnan(moved)) {
          by_force = unknown_number;
          out_.lag_mean[e] += unknown_number;
          out_.lag_sd[e] += unknown_number;
          continue;
        }
        const DiscountGradient by = discount_gradient(chain_.lag[e], force);
        out_.lag_mean[e] += moved * by.by_mean;
        out_.lag_sd[e] += moved * by.by_sd;
        by_force += moved * by.by_force;
      }
    }
    out_.discount_rate += by_force / ((1 + chain_.discount_rate) * days_per_year);
    if (!with_entries) return;
    for (std::size_t k = 0; k < chain_.entries.size(); ++k) {
      out_.entry_volume[k] += weight * money.cost * chain_.entries[k].cost;
      out_.entry_cost[k] += weight * money.cost * chain_.entries[k].volume;
    }
    for (double& fixed : out_.fixed_cost) fixed += weight * money.cost;
  }

  /// Total days of the journeys that end in `outcome`: u = P (m B + u), B the probability to end there.
  void add_time(std::uint32_t outcome, double weight) {
    const std::uint32_t n = chain_.stage_count;
    const bool any = outcome == any_exit;
    std::vector<double> ends(n, 1.0);
    if (!any) ends = absorption(chain_, flow_, *solution_.solver, outcome);
    const auto ends_after = [&](std::uint32_t e) {
      if (chain_.to_stage(e)) return ends[chain_.target[e]];
      return any || chain_.target[e] == n + outcome ? 1.0 : 0.0;
    };
    std::vector<double> days(n, 0.0);
    std::vector<double> elapsed(n, 0.0);
    std::vector<std::uint8_t> before;  // an unknown lag on the way
    bool some_unknown = false;
    each_edge([&](std::uint32_t i, std::uint32_t e) {
      const double lag = known_or_zero(chain_.lag_mean[e]);
      const double share = chain_.rate[e] * ends_after(e);
      days[i] += share * lag;
      if (chain_.to_stage(e)) elapsed[chain_.target[e]] += flow_.visits[i] * chain_.rate[e] * lag;
      if (share > 0 && std::isnan(chain_.lag_mean[e])) {
        if (before.empty()) before.assign(n, 0);
        before[i] = 1;
        some_unknown = true;
      }
    });
    if (some_unknown) mark_upstream(chain_, chain_.rate, before);
    const std::vector<std::uint8_t> after = after_unknown_lag(chain_, flow_);
    solution_.solver->solve(days);
    if (!any) solution_.solver->solve_transposed(elapsed);
    for (std::uint32_t i = 0; i < n; ++i) {
      const Partial visits{weight * flow_.visits[i]};
      const Partial waited{any ? 0.0 : weight * elapsed[i], !any && flagged(after, i)};
      for (std::uint32_t e = chain_.row_begin[i]; e < chain_.row_begin[i + 1]; ++e) {
        const double share = ends_after(e);
        const bool stage = chain_.to_stage(e);
        const bool unknown = (std::isnan(chain_.lag_mean[e]) && share > 0) ||
                             (stage && share > 0 && flagged(before, chain_.target[e]));
        const double ahead = known_or_zero(chain_.lag_mean[e]) * share + (stage ? days[chain_.target[e]] : 0);
        rate_[e] += product(visits, {ahead, unknown}) + product(waited, {share});
        out_.lag_mean[e] += visits.value * chain_.rate[e] * share;
      }
      if (outcome == drop_off_outcome) drop_off_[i] += product(waited, {1.0});
      entrants_[i] += product({weight}, {days[i], flagged(before, i)});
    }
  }

  const Chain& chain_;
  const Elimination& plan_;
  const Solution& solution_;
  const Flow& flow_;
  std::vector<double> rate_, drop_off_, entrants_;
  ChainGradient out_;
};

}  // namespace detail

FUNNELGRAPH_INLINE ChainGradient gradient(const Chain& chain, const Elimination& plan,
                                          const Solution& solution, const Figure& figure) {
  if (solution.flow.sheds()) return detail::gradient_by_differences(chain, plan, figure);
  detail::GradientSum sum(chain, plan, solution);
  sum.add(figure, 1);
  return sum.finish();
}

namespace detail {

/// Derivative by one weight whose gain the other exits of its row lose in proportion to their base
/// masses; `donates(e)` says which edges do, the drop-off does when `from_drop_off`.
template <class Donates>
double along_row(const Chain& chain, const ChainGradient& gradient, std::uint32_t stage, double own,
                 bool from_drop_off, Donates&& donates) {
  double mass = 0;
  double given = 0;
  const auto give = [&](double base, double by) {
    if (!(base > 0)) return;
    mass += base;
    given += base * by;
  };
  if (from_drop_off) give(chain.base_drop_off[stage], gradient.base_drop_off[stage]);
  for (std::uint32_t e = chain.row_begin[stage]; e < chain.row_begin[stage + 1]; ++e) {
    if (donates(e)) give(chain.base_rate[e], gradient.base_rate[e]);
  }
  if (mass > 0) return own - given / mass;
  return own - (from_drop_off ? gradient.base_drop_off[stage] : 0.0);
}

FUNNELGRAPH_INLINE std::uint32_t source_of(const Chain& chain, std::uint32_t edge) noexcept {
  const auto after = std::upper_bound(chain.row_begin.begin(), chain.row_begin.end(), edge);
  return static_cast<std::uint32_t>(after - chain.row_begin.begin()) - 1;
}

}  // namespace detail

FUNNELGRAPH_INLINE double by_rate_from_leak(const Chain& chain, const ChainGradient& gradient,
                                            std::uint32_t edge) {
  return detail::along_row(chain, gradient, detail::source_of(chain, edge), gradient.base_rate[edge], true,
                           [&](std::uint32_t e) {
                             if (e == edge || chain.to_stage(e)) return false;
                             const ExitKind kind = chain.outcome_kind[chain.target[e] - chain.stage_count];
                             return kind == ExitKind::lost || kind == ExitKind::silent;
                           });
}

FUNNELGRAPH_INLINE double by_rate_from_siblings(const Chain& chain, const ChainGradient& gradient,
                                                std::uint32_t edge) {
  return detail::along_row(chain, gradient, detail::source_of(chain, edge), gradient.base_rate[edge], true,
                           [&](std::uint32_t e) { return e != edge; });
}

FUNNELGRAPH_INLINE double by_drop_off(const Chain& chain, const ChainGradient& gradient,
                                      std::uint32_t stage) {
  return detail::along_row(chain, gradient, stage, gradient.base_drop_off[stage], false,
                           [](std::uint32_t) { return true; });
}

}  // namespace funnelgraph::inline v0
