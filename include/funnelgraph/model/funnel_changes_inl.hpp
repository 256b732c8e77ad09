// Changes of a funnel's structure: replace and rename.
#pragma once

#include <algorithm>
#include <set>
#include <utility>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/funnel_inl.hpp>
#include <funnelgraph/model/number_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// What two sources have in common when their numbers become one: kind, n and by where they agree, else
/// assumed; never an interval.
[[nodiscard]] inline Source common_source(const Source& a, const Source& b) {
  if (a.kind() != b.kind() || !same_number(a.n(), b.n()) || a.by() != b.by()) return {};
  SourceDetails details;
  details.kind = a.kind();
  details.n = a.n();
  details.by = a.by();
  return Source(std::move(details));
}

inline void rename_in(std::string& name, const std::map<std::string, std::string, std::less<>>& new_names) {
  const auto found = new_names.find(name);
  if (found != new_names.end()) name = found->second;
}

inline void rename_in(Ownership& ownership, const std::string& name, const std::string& new_name) {
  std::vector<OwnerShare> shares = ownership.shares();
  bool changed = false;
  for (OwnerShare& part : shares) {
    if (part.owner != name) continue;
    part.owner = new_name;
    changed = true;
  }
  if (changed) ownership = Ownership(std::move(shares));
}

inline void rename_in(Number& number, const std::string& name, const std::string& new_name) {
  const std::vector<std::string>& by = number.source.by();
  if (std::find(by.begin(), by.end(), name) == by.end()) return;
  SourceDetails details{number.source.kind(), number.source.n(), by, number.source.interval()};
  std::replace(details.by.begin(), details.by.end(), name, new_name);
  number.source = Source(std::move(details));
}
inline void rename_in(std::optional<Number>& number, const std::string& name, const std::string& new_name) {
  if (number) rename_in(*number, name, new_name);
}

template <class Part>
void check_free_name(std::span<const Part> parts, const char* kind, std::string_view name) {
  if (std::any_of(parts.begin(), parts.end(), [&](const Part& part) { return part.name == name; })) {
    throw InvalidValueError(std::string("new name of ") + kind, std::string(name),
                            "a name that is not taken");
  }
}

template <class Part>
void erase_at(std::vector<Part>& parts, std::size_t position) {
  parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(position));
}

}  // namespace detail

FUNNELGRAPH_INLINE void Funnel::check_free(std::string_view name, bool is_outcome) const {
  if (stage_at(name) == NameIndex::none && outcome_at(name) == NameIndex::none) return;
  throw InvalidValueError(is_outcome ? "new name of an outcome" : "new name of a stage", std::string(name),
                          "a name that no stage and no outcome has");
}

FUNNELGRAPH_INLINE void Funnel::apply_stage_names(
    const std::map<std::string, std::string, std::less<>>& new_names) {
  for (const auto& [name, new_name] : new_names)
    static_cast<void>(new_name), static_cast<void>(need_stage(name));
  std::vector<std::pair<std::uint32_t, const std::string*>> renamed;
  for (const auto& [name, new_name] : new_names) renamed.emplace_back(stage_at(name), &new_name);
  for (const auto& [position, new_name] : renamed) stages_[position].name = *new_name;
  for (Transition& transition : transitions_) {
    detail::rename_in(transition.from, new_names);
    detail::rename_in(transition.to, new_names);
  }
  for (Entry& entry : entries_) detail::rename_in(entry.stage, new_names);
  for (Influence& influence : influences_) {
    detail::rename_in(influence.from, new_names);
    detail::rename_in(influence.to, new_names);
  }
  for (View& view : views_) {
    std::map<std::string, std::string> stages;
    for (const auto& [stage, name] : view.stages) {
      const auto found = new_names.find(stage);
      stages[found == new_names.end() ? stage : found->second] = name;
    }
    view.stages = std::move(stages);
  }
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::rename_stages(const std::map<std::string, std::string>& new_names) {
  std::map<std::string, std::string, std::less<>> wanted;
  for (const auto& [name, new_name] : new_names)
    wanted[stages_[need_stage(name)].name] = normalise_name(new_name);
  std::set<std::string_view> taken;
  for (const auto& [name, new_name] : wanted) {
    const bool moves_on = wanted.contains(new_name);
    if (!moves_on) check_free(new_name, false);
    if (!taken.insert(new_name).second) {
      throw InvalidValueError("new names of stages", new_name + " twice", "each name once");
    }
  }
  apply_stage_names(wanted);
}

FUNNELGRAPH_INLINE void Funnel::rename_stage(std::string_view name, std::string_view new_name) {
  rename_stages({{std::string(name), std::string(new_name)}});
}

FUNNELGRAPH_INLINE void Funnel::replace_stage(std::string_view name, Stage stage) {
  const std::uint32_t position = need_stage(name);
  detail::normalise(stage);
  if (stage.name != stages_[position].name) {
    check_free(stage.name, false);
    apply_stage_names({{stages_[position].name, stage.name}});
  }
  stages_[position] = std::move(stage);
  bring_standing_owners_of(stages_[position]);
}

FUNNELGRAPH_INLINE void Funnel::replace_outcome(std::string_view name, Outcome outcome) {
  const std::uint32_t position = need_outcome(name);
  detail::normalise(outcome);
  const std::string old = outcomes_[position].name;
  const bool renamed = outcome.name != old;
  if (renamed) check_free(outcome.name, true);
  if (renamed && stage_at(old) == NameIndex::none) {
    for (Transition& transition : transitions_) {
      if (transition.to == old) transition.to = outcome.name;
    }
    for (Influence& influence : influences_) {
      if (influence.to == old) influence.to = outcome.name;
    }
  }
  outcomes_[position] = std::move(outcome);
  if (renamed) reindex();
  bring_standing_owners(outcomes_[position].owner);
}

FUNNELGRAPH_INLINE void Funnel::rename_outcome(std::string_view name, std::string_view new_name) {
  Outcome outcome = outcomes_[need_outcome(name)];
  outcome.name = new_name;
  replace_outcome(name, std::move(outcome));
}

FUNNELGRAPH_INLINE void Funnel::apply_owner_name(const std::string& name, const std::string& new_name) {
  const auto in_number = [&](auto& number) { detail::rename_in(number, name, new_name); };
  const auto in_ownership = [&](Ownership& ownership) { detail::rename_in(ownership, name, new_name); };
  in_number(info_.discount_rate);
  for (Owner& owner : owners_) in_number(owner.fixed_cost);
  for (Stage& stage : stages_) {
    in_ownership(stage.owner);
    std::replace(stage.involved.begin(), stage.involved.end(), name, new_name);
    in_number(stage.cost), in_number(stage.value), in_number(stage.commission);
    in_number(stage.capacity), in_number(stage.drop_off);
  }
  for (Outcome& outcome : outcomes_) {
    in_ownership(outcome.owner);
    in_number(outcome.value), in_number(outcome.commission);
  }
  for (Transition& transition : transitions_) {
    in_number(transition.rate), in_number(transition.cost), in_number(transition.value);
    in_number(transition.lag.mean), in_number(transition.lag.sd), in_number(transition.service_level);
  }
  for (Entry& entry : entries_) {
    in_ownership(entry.owner);
    in_number(entry.volume), in_number(entry.cost);
  }
  for (Lever& lever : levers_) {
    in_ownership(lever.owner);
    in_number(lever.value);
  }
  for (Influence& influence : influences_) in_number(influence.elasticity);
}

FUNNELGRAPH_INLINE void Funnel::replace_owner(std::string_view name, Owner owner) {
  const std::uint32_t position = need_owner(name);
  detail::normalise(owner);
  const std::string old = owners_[position].name;
  if (owner.name == old) {
    owners_[position] = std::move(owner);
    return;
  }
  detail::check_free_name(owners(), "an owner", owner.name);
  apply_owner_name(old, owner.name);
  owners_[position] = std::move(owner);
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::rename_owner(std::string_view name, std::string_view new_name) {
  const std::uint32_t position = need_owner(name);
  const std::string wanted = normalise_name(new_name);
  const std::string old = owners_[position].name;
  if (wanted == old) return;
  detail::check_free_name(owners(), "an owner", wanted);
  apply_owner_name(old, wanted);
  owners_[position].name = wanted;
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::replace_lever(std::string_view name, Lever lever) {
  const std::uint32_t position = need_lever(name);
  detail::normalise(lever);
  const std::string old = levers_[position].name;
  const bool renamed = lever.name != old;
  if (renamed) {
    detail::check_free_name(levers(), "a lever", lever.name);
    for (Influence& influence : influences_) {
      if (influence.lever == old) influence.lever = lever.name;
    }
  }
  levers_[position] = std::move(lever);
  if (renamed) reindex();
  bring_standing_owners(levers_[position].owner);
}

FUNNELGRAPH_INLINE void Funnel::rename_lever(std::string_view name, std::string_view new_name) {
  Lever lever = levers_[need_lever(name)];
  lever.name = new_name;
  replace_lever(name, std::move(lever));
}

FUNNELGRAPH_INLINE void Funnel::replace_transition(std::string_view from, std::string_view to,
                                                   Transition transition) {
  const std::uint32_t position = need_transition(from, to);
  detail::normalise(transition);
  Transition& old = transitions_[position];
  if (transition.from == old.from && transition.to == old.to) {
    old = std::move(transition);
    return;
  }
  if (transition_at(transition.from, transition.to) != NameIndex::none) {
    throw InvalidValueError("new place of a transition", detail::arrow(transition.from, transition.to),
                            "two names without a transition between them");
  }
  for (Influence& influence : influences_) {
    if (influence.from != old.from || influence.to != old.to) continue;
    influence.from = transition.from;
    influence.to = transition.to;
  }
  old = std::move(transition);
  reindex();
}

FUNNELGRAPH_INLINE void Funnel::replace_entry(std::string_view stage, std::string_view channel, Entry entry) {
  const std::uint32_t position = need_entry(stage, channel);
  detail::normalise(entry);
  const std::uint32_t there = entry_at(entry.stage, entry.channel);
  if (there != NameIndex::none && there != position) {
    throw InvalidValueError("new place of an entry", entry.stage + ", channel " + entry.channel,
                            "a stage and a channel without an entry");
  }
  entries_[position] = std::move(entry);
  reindex();
  bring_standing_owners(entries_[position].owner);
}

FUNNELGRAPH_INLINE void Funnel::replace_view(std::string_view name, View view) {
  const std::size_t position = need_view(name);
  detail::normalise(view);
  if (view.name != views_[position].name) detail::check_free_name(views(), "a view", view.name);
  views_[position] = std::move(view);
}

FUNNELGRAPH_INLINE void Funnel::set_owner(std::string_view stage_or_outcome, Ownership owner) {
  const detail::Sought sought(stage_or_outcome);
  if (const std::uint32_t stage = stage_at(sought); stage != NameIndex::none) {
    stages_[stage].owner = std::move(owner);
    bring_standing_owners(stages_[stage].owner);
  } else if (const std::uint32_t outcome = outcome_at(sought); outcome != NameIndex::none) {
    outcomes_[outcome].owner = std::move(owner);
    bring_standing_owners(outcomes_[outcome].owner);
  } else {
    detail::throw_unknown_target(*this, sought);
  }
}

}  // namespace funnelgraph::inline v0
