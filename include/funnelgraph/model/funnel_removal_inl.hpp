// Removing the parts of a funnel.
#pragma once

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/funnel_changes_inl.hpp>
#include <funnelgraph/model/funnel_inl.hpp>
#include <funnelgraph/model/standing_owners.hpp>
#include <funnelgraph/model/tolerances.hpp>

namespace funnelgraph::inline v0 {

template <class Pred>
void Funnel::erase_transitions(Pred&& leaves) {
  for (const Transition& transition : transitions_) {
    if (!leaves(transition)) continue;
    const std::uint32_t source = stage_at(transition.from);
    if (source == NameIndex::none || !stages_[source].drop_off || transition.rate.value == 0) continue;
    Number& drop_off = *stages_[source].drop_off;
    const double sum = drop_off.value + transition.rate.value;
    drop_off = {sum > 1 && sum <= 1 + row_sum_tolerance ? 1.0 : sum,
                detail::common_source(drop_off.source, transition.rate.source)};
  }
  std::erase_if(influences_, [&](const Influence& influence) {
    const std::uint32_t transition = transition_at(influence.from, influence.to);
    return transition != NameIndex::none && leaves(transitions_[transition]);
  });
  std::erase_if(transitions_, leaves);
}

FUNNELGRAPH_INLINE void Funnel::remove_stage(std::string_view name) {
  const std::uint32_t position = need_stage(name);
  const std::string gone = stages_[position].name;
  erase_transitions([&](const Transition& t) { return t.from == gone || t.to == gone; });
  std::erase_if(influences_, [&](const Influence& i) { return i.from == gone || i.to == gone; });
  std::erase_if(entries_, [&](const Entry& entry) { return entry.stage == gone; });
  for (View& view : views_) view.stages.erase(gone);
  detail::erase_at(stages_, position);
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::remove_outcome(std::string_view name) {
  const std::uint32_t position = need_outcome(name);
  const std::string gone = outcomes_[position].name;
  if (stage_at(gone) == NameIndex::none) {
    erase_transitions([&](const Transition& t) { return t.to == gone; });
    std::erase_if(influences_, [&](const Influence& i) { return i.to == gone; });
  }
  detail::erase_at(outcomes_, position);
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::remove_transition(std::string_view from, std::string_view to) {
  const Transition* gone = &transitions_[need_transition(from, to)];
  const std::string source = gone->from;
  const std::string target = gone->to;
  erase_transitions([&](const Transition& t) { return t.from == source && t.to == target; });
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::remove_owner(std::string_view name) {
  const std::uint32_t position = need_owner(name);
  const bool standing = is_standing_owner(owners_[position].name);
  detail::erase_at(owners_, position);
  reindex();
  if (!standing) return;
  for (const Stage& stage : stages_) bring_standing_owners_of(stage);
  for (const Outcome& outcome : outcomes_) bring_standing_owners(outcome.owner);
  for (const Entry& entry : entries_) bring_standing_owners(entry.owner);
  for (const Lever& lever : levers_) bring_standing_owners(lever.owner);
}

FUNNELGRAPH_INLINE void Funnel::remove_lever(std::string_view name) {
  const std::uint32_t position = need_lever(name);
  const std::string gone = levers_[position].name;
  std::erase_if(influences_, [&](const Influence& influence) { return influence.lever == gone; });
  detail::erase_at(levers_, position);
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::remove_influence(std::string_view lever, std::string_view from,
                                                 std::string_view to) {
  detail::erase_at(influences_, need_influence(lever, from, to));
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::remove_entry(std::string_view stage, std::string_view channel) {
  detail::erase_at(entries_, need_entry(stage, channel));
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::remove_view(std::string_view name) {
  detail::erase_at(views_, need_view(name));
}

}  // namespace funnelgraph::inline v0
