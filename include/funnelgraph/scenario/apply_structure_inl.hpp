// The structural half of applying a scenario.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <type_traits>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/standing_owners.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/part_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// The parts that take the place of those of the same kind and names.
using Replacements = std::map<std::pair<PartKind, std::vector<std::string>>, const ReplacePart*>;

inline void add_part(Funnel& funnel, const Part& part) {
  std::visit(
      [&](const auto& p) {
        using P = std::decay_t<decltype(p)>;
        if constexpr (std::is_same_v<P, Owner>) {
          funnel.add_owner(p);
        } else if constexpr (std::is_same_v<P, Stage>) {
          funnel.add_stage(p);
        } else if constexpr (std::is_same_v<P, Outcome>) {
          funnel.add_outcome(p);
        } else if constexpr (std::is_same_v<P, Transition>) {
          funnel.add_transition(p);
        } else if constexpr (std::is_same_v<P, Entry>) {
          funnel.add_entry(p);
        } else if constexpr (std::is_same_v<P, Lever>) {
          funnel.add_lever(p);
        } else if constexpr (std::is_same_v<P, Influence>) {
          funnel.add_influence(p);
        } else {
          funnel.add_view(p);
        }
      },
      part);
}

/// The funnel anew with parts replaced, each where the first of its names stood, new ones at the end.
[[nodiscard]] inline Funnel replaced(const Funnel& funnel, const Replacements& replacements) {
  Funnel next(funnel.info());
  std::set<const ReplacePart*> done;
  const auto put = [&](const ReplacePart* replacement) {
    if (!done.insert(replacement).second) return;
    for (const Part& part : replacement->parts) add_part(next, part);
  };
  const auto copy = [&](const auto& parts) {
    for (const auto& given : parts) {
      const Part part(given);
      const auto found = replacements.find({kind_of(part), names_of(part)});
      found == replacements.end() ? add_part(next, part) : put(found->second);
    }
  };
  copy(funnel.owners());
  copy(funnel.stages());
  copy(funnel.outcomes());
  copy(funnel.transitions());
  copy(funnel.entries());
  copy(funnel.levers());
  copy(funnel.influences());
  copy(funnel.views());
  for (const auto& [key, replacement] : replacements) put(replacement);
  return next;
}

[[nodiscard]] inline bool has_part(const Funnel& funnel, PartKind kind,
                                   const std::vector<std::string>& names) {
  switch (kind) {
    case PartKind::owner: {
      const auto there = funnel.find_owner(names[0]);
      return there && !is_plain_standing_owner(funnel.owner(*there));
    }
    case PartKind::stage:
    case PartKind::outcome:
      return funnel.find_stage(names[0]).has_value() || funnel.find_outcome(names[0]).has_value();
    case PartKind::transition:
      return funnel.find_transition(names[0], names[1]).has_value();
    case PartKind::entry:
      return funnel.find_entry(names[0], names[1]).has_value();
    case PartKind::lever:
      return funnel.find_lever(names[0]).has_value();
    case PartKind::influence:
      return funnel.find_influence(names[0], names[1], names[2]).has_value();
    case PartKind::view:
      break;
  }
  return std::any_of(funnel.views().begin(), funnel.views().end(),
                     [&](const View& view) { return view.name == names[0]; });
}

/// A part that hangs on others comes only where they are.
inline void check_place(const Funnel& funnel, const Part& part) {
  const auto need_target = [&](const std::string& name) {
    if (!funnel.find_outcome(name)) static_cast<void>(funnel.stage(name));
  };
  if (const auto* transition = std::get_if<Transition>(&part)) {
    static_cast<void>(funnel.stage(transition->from));
    need_target(transition->to);
  } else if (const auto* entry = std::get_if<Entry>(&part)) {
    static_cast<void>(funnel.stage(entry->stage));
  } else if (const auto* influence = std::get_if<Influence>(&part)) {
    static_cast<void>(funnel.lever(influence->lever));
    static_cast<void>(funnel.transition(influence->from, influence->to));
  }
}

inline void remove_part(Funnel& funnel, const RemovePart& part) {
  const std::vector<std::string>& names = part.names;
  switch (part.kind) {
    case PartKind::owner:
      return funnel.remove_owner(names[0]);
    case PartKind::stage:
      return funnel.remove_stage(names[0]);
    case PartKind::outcome:
      return funnel.remove_outcome(names[0]);
    case PartKind::transition:
      return funnel.remove_transition(names[0], names[1]);
    case PartKind::entry:
      return funnel.remove_entry(names[0], names[1]);
    case PartKind::lever:
      return funnel.remove_lever(names[0]);
    case PartKind::influence:
      return funnel.remove_influence(names[0], names[1], names[2]);
    case PartKind::view:
      return funnel.remove_view(names[0]);
  }
}

/// Carries out the structural changes in their order. One that adds a transition to a stage that was
/// there before leaves it at rate 0 and becomes a change of that rate. Replacements that follow each
/// other are done at once.
inline void apply_structure(Funnel& funnel, const Funnel& base, std::vector<Change>& changes) {
  Replacements replacements;
  const auto settle = [&] {
    if (!replacements.empty()) funnel = replaced(funnel, replacements);
    replacements.clear();
  };
  for (Change& change : changes) {
    if (std::holds_alternative<NumberChange>(change.what)) continue;
    if (const auto* replace = std::get_if<ReplacePart>(&change.what)) {
      if (!replacements.try_emplace({replace->kind, replace->names}, replace).second) {
        settle();
        replacements.try_emplace({replace->kind, replace->names}, replace);
      }
      continue;
    }
    settle();
    if (const auto* remove = std::get_if<RemovePart>(&change.what)) {
      remove_part(funnel, *remove);
    } else if (const auto* owner = std::get_if<SetOwner>(&change.what)) {
      funnel.set_owner(owner->name, owner->owner);
    } else if (const auto* info = std::get_if<ReplaceInfo>(&change.what)) {
      funnel.set_info(info->info);
    } else {
      const AddPart add = std::get<AddPart>(change.what);
      const std::vector<std::string> names = names_of(add.part);
      if (has_part(funnel, kind_of(add.part), names)) {
        throw InvalidValueError("'" + change.scenario + "': " + to_string(change),
                                "a part that is there already", "names that no such part has");
      }
      check_place(funnel, add.part);
      const auto* transition = std::get_if<Transition>(&add.part);
      const bool balanced = transition != nullptr && base.find_stage(transition->from).has_value() &&
                            !add.take_from.is_nobody() && transition->rate.value != 0;
      if (!balanced) {
        add_part(funnel, add.part);
        continue;
      }
      Transition empty = *transition;
      empty.rate = 0;
      funnel.add_transition(std::move(empty));
      change.what = NumberChange{ChangeKind::set, rate(transition->from, transition->to), transition->rate,
                                 add.take_from};
    }
  }
  settle();
}

}  // namespace funnelgraph::inline v0::detail
