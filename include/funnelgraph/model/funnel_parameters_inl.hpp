// The parameters of a funnel: all, the leaves of a group, and who owns them.
#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/funnel_inl.hpp>
#include <funnelgraph/model/funnel_lookup_inl.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::vector<Parameter> Funnel::leaves(const Parameter& parameter) const {
  if (!parameter.without_channel()) {
    static_cast<void>(number_at(parameter));
    return {parameter};
  }
  std::vector<Parameter> leaves;
  for (const std::uint32_t i : group(parameter)) {
    leaves.emplace_back(parameter.kind(), std::vector<std::string>{entries_[i].stage, entries_[i].channel});
  }
  return leaves;
}

FUNNELGRAPH_INLINE std::vector<Parameter> Funnel::parameters() const {
  std::vector<Parameter> all;
  const auto add = [&](ParameterKind kind, auto&... names) { all.push_back({kind, {names...}}); };
  for (std::uint32_t i = 0; i < stages_.size(); ++i) {
    const Stage& stage = stages_[i];
    if (stage_at(stage.name) != i) continue;
    add(ParameterKind::cost, stage.name);
    add(ParameterKind::value, stage.name);
    add(ParameterKind::commission, stage.name);
    if (stage.capacity) add(ParameterKind::capacity, stage.name);
    if (stage.drop_off) add(ParameterKind::drop_off, stage.name);
  }
  for (std::uint32_t i = 0; i < outcomes_.size(); ++i) {
    const Outcome& outcome = outcomes_[i];
    if (outcome_at(outcome.name) != i || stage_at(outcome.name) != NameIndex::none) continue;
    add(ParameterKind::value, outcome.name);
    add(ParameterKind::commission, outcome.name);
  }
  for (std::uint32_t i = 0; i < transitions_.size(); ++i) {
    const Transition& transition = transitions_[i];
    if (transition_at(transition.from, transition.to) != i) continue;
    add(ParameterKind::rate, transition.from, transition.to);
    if (transition.lag.family != LagFamily::unknown) add(ParameterKind::lag, transition.from, transition.to);
    if (transition.lag.has_free_sd()) add(ParameterKind::lag_sd, transition.from, transition.to);
    add(ParameterKind::transition_cost, transition.from, transition.to);
    add(ParameterKind::transition_value, transition.from, transition.to);
    if (transition.service_level) add(ParameterKind::service_level, transition.from, transition.to);
  }
  for (std::uint32_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    if (entry_at(entry.stage, entry.channel) != i) continue;
    add(ParameterKind::volume, entry.stage, entry.channel);
    add(ParameterKind::entry_cost, entry.stage, entry.channel);
  }
  for (std::uint32_t i = 0; i < levers_.size(); ++i) {
    if (lever_at(levers_[i].name) == i) add(ParameterKind::lever, levers_[i].name);
  }
  for (std::uint32_t i = 0; i < influences_.size(); ++i) {
    const Influence& influence = influences_[i];
    if (influence_at(influence.lever, influence.from, influence.to) != i) continue;
    add(ParameterKind::elasticity, influence.lever, influence.from, influence.to);
  }
  for (std::uint32_t i = 0; i < owners_.size(); ++i) {
    if (owner_at(owners_[i].name) == i) add(ParameterKind::fixed_cost, owners_[i].name);
  }
  add(ParameterKind::discount_rate);
  return all;
}

FUNNELGRAPH_INLINE Ownership Funnel::ownership(const Parameter& parameter) const {
  const auto of_entry = [&](std::uint32_t i) -> Ownership {
    const Entry& entry = entries_[i];
    return entry.owner.empty() ? stages_[need_stage(entry.stage)].owner : entry.owner;
  };
  if (parameter.without_channel()) {
    const std::vector<std::uint32_t> positions = group(parameter);
    const Ownership first = of_entry(positions[0]);
    const bool agree = std::all_of(positions.begin(), positions.end(),
                                   [&](std::uint32_t i) { return of_entry(i) == first; });
    if (agree) return first;
    double total = 0;
    for (const std::uint32_t i : positions) total += entries_[i].volume.value;
    std::map<std::string, double> shares;
    for (const std::uint32_t i : positions) {
      const double weight =
          total > 0 ? entries_[i].volume.value / total : 1 / static_cast<double>(positions.size());
      for (const OwnerShare& part : of_entry(i).shares()) shares[part.owner] += weight * part.share;
    }
    std::vector<OwnerShare> mean;
    for (const auto& [owner, share] : shares) mean.push_back({owner, share});
    return Ownership(std::move(mean));
  }
  static_cast<void>(number_at(parameter));
  const std::vector<std::string>& names = parameter.arguments();
  switch (parameter.kind()) {
    case ParameterKind::value:
    case ParameterKind::commission: {
      const std::uint32_t stage = stage_at(names[0]);
      return stage != NameIndex::none ? stages_[stage].owner : outcomes_[need_outcome(names[0])].owner;
    }
    case ParameterKind::volume:
    case ParameterKind::entry_cost:
      return of_entry(need_entry(names[0], names[1]));
    case ParameterKind::lever:
    case ParameterKind::elasticity:
      return levers_[need_lever(names[0])].owner;
    case ParameterKind::fixed_cost:
      return Ownership(names[0]);
    case ParameterKind::discount_rate:
      return {};
    default:
      return stages_[need_stage(names[0])].owner;
  }
}

}  // namespace funnelgraph::inline v0
