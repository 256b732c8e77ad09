// Definitions of difference.hpp.
#pragma once

#include <algorithm>
#include <string>

#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/detail/difference_figure_inl.hpp>
#include <funnelgraph/explain/detail/difference_inputs_inl.hpp>
#include <funnelgraph/explain/detail/difference_union_inl.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE std::uint32_t atom_at(const Difference& difference, InputRef input) {
  if (input.input == Input::lag_mean || input.input == Input::lag_sd) return difference.lag_atom[input.index];
  if (input.input == Input::discount_rate) return difference.discount_atom;
  if (input.input == Input::base_rate) {
    // A row moves as one, the rates of it that stay included.
    const Chain& chain = difference.plan.chain;
    const auto row = std::upper_bound(chain.row_begin.begin(), chain.row_begin.end(), input.index) - 1;
    const auto stage = static_cast<std::uint32_t>(row - chain.row_begin.begin());
    for (std::uint32_t e = chain.row_begin[stage]; e < chain.row_begin[stage + 1]; ++e) {
      const auto at = difference.atom_of.find({Input::base_rate, e});
      if (at != difference.atom_of.end()) return at->second;
    }
    const auto at = difference.atom_of.find({Input::base_drop_off, stage});
    return at == difference.atom_of.end() ? no_atom : at->second;
  }
  const auto at = difference.atom_of.find({input.input, input.index});
  return at == difference.atom_of.end() ? no_atom : at->second;
}

FUNNELGRAPH_INLINE void for_each_number(
    const Difference& difference, bool actual,
    const std::function<void(InputRef, const Number&, const std::string&)>& visit) {
  const Funnel& funnel = actual ? difference.actual_funnel : difference.plan_funnel;
  const Compiled& side = actual ? difference.actual : difference.plan;
  const Needs& needs = difference.needs;
  for (std::uint32_t k = 0; k < funnel.entries().size(); ++k) {
    const Entry& entry = funnel.entries()[k];
    const std::string at = entry.stage + (entry.channel.empty() ? "" : ", " + entry.channel);
    visit({Input::entry_volume, k}, entry.volume, "volume(" + at + ")");
    if (needs.costs) visit({Input::entry_cost, k}, entry.cost, "entry_cost(" + at + ")");
  }
  for (std::uint32_t t = 0; t < funnel.transitions().size(); ++t) {
    const Transition& transition = funnel.transitions()[t];
    const std::uint32_t e = side.layout.edge_of_transition[t];
    const std::string at = "(" + transition.from + ", " + transition.to + ")";
    visit({Input::base_rate, e}, transition.rate, "rate" + at);
    if ((needs.times || needs.discount) && transition.lag.family != LagFamily::unknown)
      visit({Input::lag_mean, e}, transition.lag.mean, "lag" + at);
    if (needs.costs) visit({Input::edge_cost, e}, transition.cost, "transition_cost" + at);
    if (needs.values) visit({Input::edge_value, e}, transition.value, "transition_value" + at);
  }
  for (std::uint32_t i = 0; i < funnel.stages().size(); ++i) {
    const Stage& stage = funnel.stages()[i];
    if (stage.drop_off) visit({Input::base_drop_off, i}, *stage.drop_off, "drop_off(" + stage.name + ")");
    if (needs.costs) visit({Input::stage_cost, i}, stage.cost, "cost(" + stage.name + ")");
    if (needs.costs) visit({Input::stage_commission, i}, stage.commission, "commission(" + stage.name + ")");
    if (needs.values) visit({Input::stage_value, i}, stage.value, "value(" + stage.name + ")");
    if (needs.capacity && stage.capacity)
      visit({Input::capacity, i}, *stage.capacity, "capacity(" + stage.name + ")");
  }
  for (std::uint32_t o = 0; o < funnel.outcomes().size(); ++o) {
    const Outcome& outcome = funnel.outcomes()[o];
    if (needs.costs)
      visit({Input::outcome_commission, o}, outcome.commission, "commission(" + outcome.name + ")");
    if (needs.values) visit({Input::outcome_value, o}, outcome.value, "value(" + outcome.name + ")");
  }
  for (std::uint32_t l = 0; l < funnel.levers().size(); ++l)
    visit({Input::lever_value, l}, funnel.levers()[l].value, "lever(" + funnel.levers()[l].name + ")");
  for (std::uint32_t k = 0; k < funnel.influences().size(); ++k) {
    const Influence& influence = funnel.influences()[k];
    visit({Input::elasticity, k}, influence.elasticity,
          "elasticity(" + influence.lever + ", " + influence.from + ", " + influence.to + ")");
  }
  if (needs.costs) {
    for (std::uint32_t w = 0; w < funnel.owners().size(); ++w)
      visit({Input::fixed_cost, w}, funnel.owners()[w].fixed_cost,
            "fixed_cost(" + funnel.owners()[w].name + ")");
  }
}

FUNNELGRAPH_INLINE std::vector<SegmentPair> segment_pairs(const std::map<std::string, Funnel>& plan,
                                                          const std::map<std::string, Funnel>& actual) {
  std::map<std::string, SegmentPair> pairs;
  for (const auto& [name, funnel] : plan) pairs[name] = {name, &funnel, nullptr};
  for (const auto& [name, funnel] : actual) {
    SegmentPair& pair = pairs[name];
    pair.name = name;
    pair.actual = &funnel;
  }
  std::vector<SegmentPair> out;
  for (const auto& [name, pair] : pairs) out.push_back(pair);
  return out;
}

/// Something has to be comparable: at least one stage that both sides have.
inline void require_common_stage(const std::vector<SegmentPair>& segments) {
  for (const SegmentPair& segment : segments) {
    if (segment.plan == nullptr || segment.actual == nullptr) continue;
    for (const Stage& stage : segment.plan->stages()) {
      if (segment.actual->find_stage(stage.name)) return;
    }
  }
  throw InvalidValueError("plan and actual", "no common stage",
                          "funnels that share stages by name: rename the stages of one with rename_stages");
}

/// Money of two currencies has no difference.
inline void require_one_currency(const std::vector<SegmentPair>& segments) {
  std::string known;
  for (const SegmentPair& segment : segments) {
    for (const Funnel* side : {segment.plan, segment.actual}) {
      if (side == nullptr || side->info().currency.empty()) continue;
      if (!known.empty() && side->info().currency != known)
        throw InvalidValueError("currency", shown(known) + " and " + shown(side->info().currency),
                                "one currency for all that is compared: convert one side first");
      known = side->info().currency;
    }
  }
}

FUNNELGRAPH_INLINE Difference difference(const std::vector<SegmentPair>& segments, bool segmented,
                                         const Metric& metric, const DifferenceOptions& options) {
  for (const SegmentPair& segment : segments) {
    for (const Funnel* side : {segment.plan, segment.actual}) {
      if (side == nullptr) continue;
      require_valid(*side);
      if (segmented && side->entries().empty())
        throw InvalidValueError("segment " + shown(segment.name), "no entries",
                                "entrants, or leave the segment out of both sides");
    }
  }
  require_common_stage(segments);
  Difference out;
  out.segmented = segmented;
  for (const SegmentPair& segment : segments) out.segments.push_back(segment.name);
  UnionMaker(out, options).make(segments);
  out.plan = lower(out.plan_funnel);
  out.actual = lower(out.actual_funnel);
  refresh(out.plan.chain);
  refresh(out.actual.chain);
  out.figure = FigureMaker(out).make(metric);
  add_needs(out.figure, out.needs);
  const bool money = out.needs.values || out.needs.costs;
  if (money) require_one_currency(segments);
  out.needs.discount = money && (out.plan.chain.discount_rate != 0 || out.actual.chain.discount_rate != 0);
  if (out.needs.costs && (has_commission(out.plan.chain) || has_commission(out.actual.chain)))
    out.needs.values = true;
  out.needs.capacity = options.analysis.capacity == CapacityRule::cap;
  AtomFinder(out).find();
  return out;
}

}  // namespace funnelgraph::inline v0::detail
