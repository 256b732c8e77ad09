// Looking up the parts of a funnel by name.
#pragma once

#include <algorithm>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/funnel_inl.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::optional<OwnerId> Funnel::find_owner(std::string_view name) const {
  return detail::id_at<OwnerTag>(owner_at(detail::Sought(name)));
}
FUNNELGRAPH_INLINE std::optional<StageId> Funnel::find_stage(std::string_view name) const {
  return detail::id_at<StageTag>(stage_at(detail::Sought(name)));
}
FUNNELGRAPH_INLINE std::optional<OutcomeId> Funnel::find_outcome(std::string_view name) const {
  return detail::id_at<OutcomeTag>(outcome_at(detail::Sought(name)));
}
FUNNELGRAPH_INLINE std::optional<LeverId> Funnel::find_lever(std::string_view name) const {
  return detail::id_at<LeverTag>(lever_at(detail::Sought(name)));
}
FUNNELGRAPH_INLINE std::optional<TransitionId> Funnel::find_transition(std::string_view from,
                                                                       std::string_view to) const {
  return detail::id_at<TransitionTag>(transition_at(detail::Sought(from), detail::Sought(to)));
}
FUNNELGRAPH_INLINE std::optional<std::size_t> Funnel::find_entry(std::string_view stage,
                                                                 std::string_view channel) const {
  const std::uint32_t position = entry_at(detail::Sought(stage), detail::Sought(channel));
  return position == NameIndex::none ? std::nullopt : std::optional<std::size_t>(position);
}
FUNNELGRAPH_INLINE std::optional<std::size_t> Funnel::find_influence(std::string_view lever,
                                                                     std::string_view from,
                                                                     std::string_view to) const {
  const std::uint32_t position =
      influence_at(detail::Sought(lever), detail::Sought(from), detail::Sought(to));
  return position == NameIndex::none ? std::nullopt : std::optional<std::size_t>(position);
}

template <class Visit>
void Funnel::visit_exits(std::string_view from, Visit&& visit) const {
  const auto same = [&](std::uint32_t i) { return transitions_[i].from == from; };
  for (std::uint32_t i = exits_.first(NameIndex::hash(from), same); i != NameIndex::none; i = exits_.next(i))
    visit(i);
}

FUNNELGRAPH_INLINE std::vector<TransitionId> Funnel::exits(std::string_view from) const {
  std::vector<TransitionId> ids;
  visit_exits(detail::Sought(from), [&](std::uint32_t i) { ids.push_back({i}); });
  return ids;
}

FUNNELGRAPH_INLINE std::uint32_t Funnel::need_owner(std::string_view name) const {
  const detail::Sought sought(name);
  const std::uint32_t position = owner_at(sought);
  if (position == NameIndex::none) detail::throw_unknown("owner", sought, owners());
  return position;
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::need_stage(std::string_view name) const {
  const detail::Sought sought(name);
  const std::uint32_t position = stage_at(sought);
  if (position == NameIndex::none) detail::throw_unknown("stage", sought, stages());
  return position;
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::need_outcome(std::string_view name) const {
  const detail::Sought sought(name);
  const std::uint32_t position = outcome_at(sought);
  if (position == NameIndex::none) detail::throw_unknown("outcome", sought, outcomes());
  return position;
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::need_lever(std::string_view name) const {
  const detail::Sought sought(name);
  const std::uint32_t position = lever_at(sought);
  if (position == NameIndex::none) detail::throw_unknown("lever", sought, levers());
  return position;
}

FUNNELGRAPH_INLINE std::uint32_t Funnel::need_transition(std::string_view from, std::string_view to) const {
  const detail::Sought source(from);
  const detail::Sought target(to);
  const std::uint32_t position = transition_at(source, target);
  if (position != NameIndex::none) return position;
  std::vector<std::string> targets;
  visit_exits(source, [&](std::uint32_t i) { targets.push_back(transitions_[i].to); });
  if (targets.empty()) static_cast<void>(need_stage(source));
  if (stage_at(target) == NameIndex::none && outcome_at(target) == NameIndex::none) {
    detail::throw_unknown_target(*this, target);
  }
  const std::string nearest = nearest_name(target, targets);
  std::string hint = targets.empty() ? "nothing leaves " + source.text() : source.text() + " leads to ";
  for (std::size_t i = 0; i < targets.size(); ++i) hint += (i == 0 ? "" : ", ") + targets[i];
  throw UnknownNameError("transition", detail::arrow(source, target),
                         nearest.empty() ? nearest : detail::arrow(source, nearest), hint);
}

FUNNELGRAPH_INLINE std::uint32_t Funnel::need_entry(std::string_view stage, std::string_view channel) const {
  const detail::Sought place(stage);
  const detail::Sought source(channel);
  const std::uint32_t position = entry_at(place, source);
  if (position != NameIndex::none) return position;
  static_cast<void>(need_stage(place));
  std::vector<std::string> stages_entered;
  std::vector<std::string> channels;
  for (const Entry& entry : entries_) {
    stages_entered.push_back(entry.stage);
    if (entry.stage == place) channels.push_back(entry.channel);
  }
  if (channels.empty()) {
    throw UnknownNameError("entry at stage", place.text(), nearest_name(place, stages_entered),
                           "nobody enters at " + place.text());
  }
  std::string hint = place.text() + " is entered from ";
  for (std::size_t i = 0; i < channels.size(); ++i) {
    hint += (i == 0 ? "" : ", ") + (channels[i].empty() ? "no channel" : channels[i]);
  }
  throw UnknownNameError("channel", source.text(), nearest_name(source, channels), hint);
}

FUNNELGRAPH_INLINE std::uint32_t Funnel::need_influence(std::string_view lever, std::string_view from,
                                                        std::string_view to) const {
  const detail::Sought name(lever);
  const detail::Sought source(from);
  const detail::Sought target(to);
  const std::uint32_t position = influence_at(name, source, target);
  if (position != NameIndex::none) return position;
  static_cast<void>(need_lever(name));
  static_cast<void>(need_transition(source, target));
  std::vector<std::string> influenced;
  for (const Influence& influence : influences_) {
    if (influence.lever == name) influenced.push_back(detail::arrow(influence.from, influence.to));
  }
  const std::string given = detail::arrow(source, target);
  std::string hint = influenced.empty() ? name.text() + " influences nothing" : name.text() + " influences ";
  for (std::size_t i = 0; i < influenced.size(); ++i) hint += (i == 0 ? "" : ", ") + influenced[i];
  throw UnknownNameError("influence", given, {}, hint);
}

FUNNELGRAPH_INLINE std::size_t Funnel::need_view(std::string_view name) const {
  const detail::Sought sought(name);
  const auto found =
      std::find_if(views_.begin(), views_.end(), [&](const View& v) { return v.name == sought; });
  if (found == views_.end()) detail::throw_unknown("view", sought, views());
  return static_cast<std::size_t>(found - views_.begin());
}

FUNNELGRAPH_INLINE const Owner& Funnel::owner(std::string_view name) const {
  return owners_[need_owner(name)];
}
FUNNELGRAPH_INLINE const Stage& Funnel::stage(std::string_view name) const {
  return stages_[need_stage(name)];
}
FUNNELGRAPH_INLINE const Outcome& Funnel::outcome(std::string_view name) const {
  return outcomes_[need_outcome(name)];
}
FUNNELGRAPH_INLINE const Lever& Funnel::lever(std::string_view name) const {
  return levers_[need_lever(name)];
}
FUNNELGRAPH_INLINE const Transition& Funnel::transition(std::string_view from, std::string_view to) const {
  return transitions_[need_transition(from, to)];
}
FUNNELGRAPH_INLINE const Entry& Funnel::entry(std::string_view stage, std::string_view channel) const {
  return entries_[need_entry(stage, channel)];
}
FUNNELGRAPH_INLINE const View& Funnel::view(std::string_view name) const { return views_[need_view(name)]; }

}  // namespace funnelgraph::inline v0
