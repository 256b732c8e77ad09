// The parameters of a funnel: all, the leaves of a group, and who owns them.
#pragma once

#include <algorithm>
#include <map>
#include <utility>

#include <funnelgraph/model/detail/parameter_place.hpp>
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

namespace detail {

FUNNELGRAPH_INLINE Parameter parameter_at(const Funnel& funnel, ParameterPlace place) {
  const std::uint32_t i = place.position;
  const auto named = [&](const auto&... names) {
    std::vector<std::string> arguments;
    arguments.reserve(sizeof...(names));
    (arguments.push_back(names), ...);
    return Parameter(NormalNames{}, place.kind, std::move(arguments));
  };
  switch (place.kind) {
    case ParameterKind::cost:
    case ParameterKind::capacity:
    case ParameterKind::drop_off:
      return named(funnel.stages()[i].name);
    case ParameterKind::value:
    case ParameterKind::commission:
      return named(place.of_outcome ? funnel.outcomes()[i].name : funnel.stages()[i].name);
    case ParameterKind::rate:
    case ParameterKind::lag:
    case ParameterKind::lag_sd:
    case ParameterKind::transition_cost:
    case ParameterKind::transition_value:
    case ParameterKind::service_level:
      return named(funnel.transitions()[i].from, funnel.transitions()[i].to);
    case ParameterKind::volume:
    case ParameterKind::entry_cost:
      return named(funnel.entries()[i].stage, funnel.entries()[i].channel);
    case ParameterKind::lever:
      return named(funnel.levers()[i].name);
    case ParameterKind::elasticity:
      return named(funnel.influences()[i].lever, funnel.influences()[i].from, funnel.influences()[i].to);
    case ParameterKind::fixed_cost:
      return named(funnel.owners()[i].name);
    case ParameterKind::discount_rate:
      break;
  }
  return named();
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Parameter> Funnel::parameters() const {
  const auto first = [&](const detail::ParameterPlace& place) {
    const std::uint32_t i = place.position;
    switch (place.kind) {
      case ParameterKind::volume:
      case ParameterKind::entry_cost:
        return entry_at(entries_[i].stage, entries_[i].channel) == i;
      case ParameterKind::lever:
        return lever_at(levers_[i].name) == i;
      case ParameterKind::elasticity:
        return influence_at(influences_[i].lever, influences_[i].from, influences_[i].to) == i;
      case ParameterKind::fixed_cost:
        return owner_at(owners_[i].name) == i;
      case ParameterKind::discount_rate:
        return true;
      case ParameterKind::rate:
      case ParameterKind::lag:
      case ParameterKind::lag_sd:
      case ParameterKind::transition_cost:
      case ParameterKind::transition_value:
      case ParameterKind::service_level:
        return transition_at(transitions_[i].from, transitions_[i].to) == i;
      default:
        break;
    }
    if (!place.of_outcome) return stage_at(stages_[i].name) == i;
    return outcome_at(outcomes_[i].name) == i && stage_at(outcomes_[i].name) == NameIndex::none;
  };
  std::vector<Parameter> all;
  all.reserve(5 * stages_.size() + 2 * outcomes_.size() + 5 * transitions_.size() + 2 * entries_.size() + 1);
  detail::each_parameter_place(*this, [&](const detail::ParameterPlace& place) {
    if (first(place)) all.push_back(detail::parameter_at(*this, place));
  });
  return all;
}

FUNNELGRAPH_INLINE Ownership Funnel::ownership(const Parameter& parameter) const {
  const auto of_entry = [&](std::uint32_t i) -> Ownership {
    const Entry& entry = entries_[i];
    return entry.owner.empty() ? stages_[need_stage(entry.stage)].owner : entry.owner;
  };
  if (parameter.without_channel()) {
    const std::vector<std::uint32_t> positions = group(parameter);
    Ownership first = of_entry(positions[0]);
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
