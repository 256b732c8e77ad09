// Which inputs of two chains differ, and whose they are.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <funnelgraph/core/units.hpp>
#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/factor_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// Finds the inputs that differ and whose they are.
class AtomFinder {
 public:
  explicit AtomFinder(Difference& out)
      : out_(out), plan_(out.plan.chain), actual_(out.actual.chain), edges_(plan_.edge_count()) {}

  void find() {
    source_.resize(edges_);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) {
      for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e) source_[e] = i;
    }
    out_.lag_atom.assign(edges_, no_atom);
    volumes();
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) rates(i);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) lags(i);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) costs(i);
    for (std::uint32_t o = 0; o < plan_.outcome_count; ++o)
      number(Input::outcome_commission, o, plan_.outcome_commission[o], actual_.outcome_commission[o],
             of_outcome(o, Factor::costs), out_.needs.costs);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) values(i);
    for (std::uint32_t o = 0; o < plan_.outcome_count; ++o)
      number(Input::outcome_value, o, plan_.outcome_value[o], actual_.outcome_value[o],
             of_outcome(o, Factor::values), out_.needs.values);
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) capacity(i);
    levers();
    for (std::uint32_t w = 0; w < plan_.owner_count; ++w) {
      const std::string& name = out_.plan.labels.owners[w];
      number(Input::fixed_cost, w, plan_.fixed_cost[w], actual_.fixed_cost[w],
             {.segment = everywhere(),
              .kind = Place::owner,
              .place = name,
              .factor = Factor::fixed_cost,
              .owner = Ownership(name)},
             out_.needs.costs);
    }
    discounting();
  }

 private:
  [[nodiscard]] std::uint32_t everywhere() const noexcept { return out_.segmented ? no_atom : 0; }

  [[nodiscard]] Atom of_stage(std::uint32_t i, Factor factor) const {
    return {.segment = out_.stage_segment[i],
            .kind = Place::stage,
            .place = out_.stage_name[i],
            .factor = factor,
            .owner = out_.plan_funnel.stages()[i].owner};
  }
  [[nodiscard]] Atom of_outcome(std::uint32_t o, Factor factor) const {
    return {.segment = out_.outcome_segment[o],
            .kind = Place::outcome,
            .place = out_.outcome_name[o],
            .factor = factor,
            .owner = out_.plan_funnel.outcomes()[o].owner};
  }

  std::uint32_t atom(const Atom& wanted) {
    for (std::uint32_t a = 0; a < out_.atoms.size(); ++a) {
      const Atom& known = out_.atoms[a];
      if (known.segment == wanted.segment && known.kind == wanted.kind && known.factor == wanted.factor &&
          known.place == wanted.place && known.owner == wanted.owner)
        return a;
    }
    out_.atoms.push_back(wanted);
    return static_cast<std::uint32_t>(out_.atoms.size() - 1);
  }

  static bool same(double a, double b) noexcept { return a == b || (std::isnan(a) && std::isnan(b)); }

  void untouched(const Atom& wanted) {
    const std::string said = to_string(wanted.factor) + " of " + wanted.place;
    if (std::find(out_.untouched.begin(), out_.untouched.end(), said) == out_.untouched.end())
      out_.untouched.push_back(said);
  }

  void number(Input input, std::uint32_t index, double plan, double actual, const Atom& wanted, bool needed) {
    if (same(plan, actual)) return;
    if (!needed) return untouched(wanted);
    const std::uint32_t a = atom(wanted);
    out_.atom_of[{input, index}] = a;
    out_.inputs.push_back(
        {.input = {input, index}, .first = a, .second = no_atom, .value = {plan, actual, plan, actual}});
  }

  void volumes() {
    for (std::uint32_t i = 0; i < plan_.stage_count; ++i) {
      for (std::uint32_t k = 0; k < plan_.entries.size(); ++k) {
        if (plan_.entries[k].stage != i) continue;
        Atom wanted = of_stage(i, Factor::volume);
        wanted.owner = out_.plan_funnel.entries()[k].owner;
        number(Input::entry_volume, k, plan_.entries[k].volume, actual_.entries[k].volume, wanted, true);
      }
    }
  }

  /// Whether another owner's stage or entry hands journeys to stage i on either side.
  [[nodiscard]] bool received(std::uint32_t i) const {
    const Ownership& own = out_.plan_funnel.stages()[i].owner;
    for (std::uint32_t e = 0; e < edges_; ++e) {
      if (plan_.target[e] == i && (plan_.base_rate[e] > 0 || actual_.base_rate[e] > 0) &&
          !(out_.plan_funnel.stages()[source_[e]].owner == own))
        return true;
    }
    return false;
  }

  void rates(std::uint32_t i) {
    bool differs = !same(plan_.base_drop_off[i], actual_.base_drop_off[i]);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      differs = differs || !same(plan_.base_rate[e], actual_.base_rate[e]);
    if (!differs) return;
    Atom wanted = of_stage(i, Factor::rates);
    wanted.received = received(i);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      number(Input::base_rate, e, plan_.base_rate[e], actual_.base_rate[e], wanted, true);
    number(Input::base_drop_off, i, plan_.base_drop_off[i], actual_.base_drop_off[i], wanted, true);
  }

  [[nodiscard]] bool lag_differs(std::uint32_t e) const {
    const LagDistribution& a = plan_.lag[e];
    const LagDistribution& b = actual_.lag[e];
    if (!a.known() && !b.known()) return false;
    if (a.known() != b.known()) return true;
    const bool quantiles =
        (a.quantiles == nullptr) != (b.quantiles == nullptr) ||
        (a.quantiles != nullptr && a.quantiles != b.quantiles && *a.quantiles != *b.quantiles);
    return a.mean != b.mean || a.variance() != b.variance() ||
           (out_.needs.discount && (a.family != b.family || quantiles));
  }

  void lags(std::uint32_t i) {
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e) {
      if (!lag_differs(e)) continue;
      const Atom wanted = of_stage(i, Factor::lags);
      if (!out_.needs.times && !out_.needs.discount) {
        untouched(wanted);
        continue;
      }
      out_.lag_atom[e] = atom(wanted);
    }
  }

  void costs(std::uint32_t i) {
    const bool needed = out_.needs.costs;
    const Atom wanted = of_stage(i, Factor::costs);
    number(Input::stage_cost, i, plan_.stage_cost[i], actual_.stage_cost[i], wanted, needed);
    number(Input::stage_commission, i, plan_.stage_commission[i], actual_.stage_commission[i], wanted,
           needed);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      number(Input::edge_cost, e, plan_.edge_cost[e], actual_.edge_cost[e], wanted, needed);
    for (std::uint32_t k = 0; k < plan_.entries.size(); ++k) {
      if (plan_.entries[k].stage != i) continue;
      Atom of_entry = wanted;
      of_entry.owner = out_.plan_funnel.entries()[k].owner;
      number(Input::entry_cost, k, plan_.entries[k].cost, actual_.entries[k].cost, of_entry, needed);
    }
  }

  void values(std::uint32_t i) {
    const Atom wanted = of_stage(i, Factor::values);
    number(Input::stage_value, i, plan_.stage_value[i], actual_.stage_value[i], wanted, out_.needs.values);
    for (std::uint32_t e = plan_.row_begin[i]; e < plan_.row_begin[i + 1]; ++e)
      number(Input::edge_value, e, plan_.edge_value[e], actual_.edge_value[e], wanted, out_.needs.values);
  }

  void capacity(std::uint32_t i) {
    const auto limit = [](double capacity) {
      return std::isnan(capacity) ? std::numeric_limits<double>::max() : capacity;
    };
    number(Input::capacity, i, limit(plan_.capacity[i]), limit(actual_.capacity[i]),
           of_stage(i, Factor::capacity), out_.needs.capacity);
  }

  void levers() {
    const auto of_lever = [&](std::uint32_t l) -> Atom {
      return {.segment = out_.lever_segment[l],
              .kind = Place::lever,
              .place = out_.lever_name[l],
              .factor = Factor::lever,
              .owner = out_.plan_funnel.levers()[l].owner};
    };
    for (std::uint32_t l = 0; l < plan_.lever_value.size(); ++l) {
      bool used = false;
      for (const ChainInfluence& influence : plan_.influences) used = used || influence.lever == l;
      number(Input::lever_value, l, plan_.lever_value[l], actual_.lever_value[l], of_lever(l), used);
    }
    for (std::uint32_t k = 0; k < plan_.influences.size(); ++k)
      number(Input::elasticity, k, plan_.influences[k].elasticity, actual_.influences[k].elasticity,
             of_lever(plan_.influences[k].lever), true);
  }

  /// The moments and discount factors of lags, by the sides of the lag and of the discount rate.
  void discounting() {
    if (plan_.discount_rate != actual_.discount_rate && out_.needs.discount)
      out_.discount_atom = atom({.segment = everywhere(),
                                 .kind = Place::funnel,
                                 .place = "discount_rate",
                                 .factor = Factor::discount_rate,
                                 .owner = Ownership()});
    for (std::uint32_t e = 0; e < edges_; ++e) {
      const std::uint32_t lag = out_.lag_atom[e];
      if (lag != no_atom && out_.needs.times) {
        derived(Input::derived_lag_mean, e, lag, plan_.lag_mean[e], actual_.lag_mean[e]);
        derived(Input::derived_lag_variance, e, lag, plan_.lag_variance[e], actual_.lag_variance[e]);
      }
      if (!out_.needs.discount || (lag == no_atom && out_.discount_atom == no_atom)) continue;
      DifferingInput factor{
          .input = {Input::derived_discount, e}, .first = lag, .second = out_.discount_atom};
      DifferingInput loss{
          .input = {Input::derived_discount_loss, e}, .first = lag, .second = out_.discount_atom};
      for (std::size_t k = 0; k < 4; ++k) {
        const LagDistribution& of = (k & 1U) != 0 ? actual_.lag[e] : plan_.lag[e];
        const double rate = (k & 2U) != 0 ? actual_.discount_rate : plan_.discount_rate;
        const DiscountFactor found = discount(of, discount_force(rate));
        factor.value[k] = found.factor;
        loss.value[k] = found.loss;
      }
      if (std::all_of(factor.value.begin(), factor.value.end(),
                      [&](double x) { return same(x, factor.value[0]); }))
        continue;
      out_.inputs.push_back(factor);
      out_.inputs.push_back(loss);
    }
  }

  void derived(Input input, std::uint32_t e, std::uint32_t a, double plan, double actual) {
    if (same(plan, actual)) return;
    out_.inputs.push_back(
        {.input = {input, e}, .first = a, .second = no_atom, .value = {plan, actual, plan, actual}});
  }

  Difference& out_;
  const Chain& plan_;
  const Chain& actual_;
  std::uint32_t edges_;
  std::vector<std::uint32_t> source_;
};

}  // namespace funnelgraph::inline v0::detail
