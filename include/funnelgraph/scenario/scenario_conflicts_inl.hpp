// Which changes touch the same thing, told without a funnel.
#pragma once

#include <string_view>
#include <unordered_map>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/scenario/scenario_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// The part that holds a number; a cost, value or commission may be of a stage or of an outcome.
struct PartOfNumber {
  PartKind kind;
  std::size_t names;  ///< how many of the parameter's names are the part's
};

[[nodiscard]] inline PartOfNumber part_of(ParameterKind kind) noexcept {
  switch (kind) {
    case ParameterKind::rate:
    case ParameterKind::lag:
    case ParameterKind::lag_sd:
    case ParameterKind::transition_cost:
    case ParameterKind::transition_value:
    case ParameterKind::service_level:
      return {PartKind::transition, 2};
    case ParameterKind::volume:
    case ParameterKind::entry_cost:
      return {PartKind::entry, 2};
    case ParameterKind::lever:
      return {PartKind::lever, 1};
    case ParameterKind::elasticity:
      return {PartKind::influence, 3};
    case ParameterKind::fixed_cost:
      return {PartKind::owner, 1};
    default:
      return {PartKind::stage, 1};
  }
}

/// What a change has to itself, and what must stay for it. Keys are texts that no name can imitate.
class Claims {
 public:
  Claims(std::span<const Change> changes, bool dates) : changes_(changes), dates_(dates) {
    for (std::uint32_t i = 0; i < changes.size(); ++i) of(i);
  }

 private:
  struct Uses {
    std::vector<std::uint32_t> sole;
    std::vector<std::uint32_t> shared;
  };

  template <class Names>
  [[nodiscard]] static std::string key(std::string_view what, const Names& names) {
    std::string text(what);
    for (const std::string& name : names) (text += '\n') += name;
    return text;
  }
  [[nodiscard]] static std::string number_key(const Parameter& parameter) {
    return key("number " + to_string(parameter.kind()), parameter.arguments());
  }
  [[nodiscard]] static std::string part_key(PartKind kind, const std::vector<std::string>& names) {
    return key("part " + to_string(kind), names);
  }
  [[nodiscard]] static std::string gone_key(PartKind kind, const std::string& name) {
    return key("gone " + to_string(kind), std::vector<std::string>{name});
  }

  void of(std::uint32_t i) {
    std::visit([&](const auto& what) { touch(i, what); }, changes_[i].what);
  }

  void touch(std::uint32_t i, const NumberChange& change) {
    const Parameter& parameter = change.parameter;
    const std::vector<std::string>& names = parameter.arguments();
    const std::string number = to_string(parameter);
    use(i, number_key(parameter), true, number);
    if (parameter.kind() == ParameterKind::discount_rate) return use(i, "info", false, number);
    const PartOfNumber place = part_of(parameter.kind());
    const bool of_entry = place.kind == PartKind::entry;
    if (of_entry) {
      if (!parameter.without_channel()) {
        use(i, key("number " + to_string(parameter.kind()), std::vector<std::string>{names[0]}), false,
            number);
        use(i, part_key(PartKind::entry, names), false, number);
      }
      return use(i, gone_key(PartKind::stage, names[0]), false, number);
    }
    use(i, part_key(place.kind, names), false, number);
    if (place.kind == PartKind::stage) {
      use(i, part_key(PartKind::outcome, names), false, number);
      use(i, gone_key(PartKind::stage, names[0]), false, number);
      use(i, gone_key(PartKind::outcome, names[0]), false, number);
    }
    if (place.kind == PartKind::transition || place.kind == PartKind::influence) {
      ends(i, names[names.size() - 2], names.back(), number);
    }
    if (place.kind == PartKind::influence) {
      use(i, gone_key(PartKind::lever, names[0]), false, number);
      use(i, part_key(PartKind::transition, {names[1], names[2]}), false, number, "gone ");
    }
    if (place.kind == PartKind::lever) use(i, gone_key(PartKind::lever, names[0]), false, number);
    if (is_of_a_row(parameter.kind())) donor(i, names[0], change.take_from);
  }

  void touch(std::uint32_t i, const AddPart& change) {
    const std::vector<std::string> names = names_of(change.part);
    const std::string title = part_title(kind_of(change.part), names);
    use(i, key("new " + to_string(kind_of(change.part)), names), true, title);
    if (kind_of(change.part) != PartKind::transition) return;
    use(i, number_key(rate(names[0], names[1])), true, title);
    donor(i, names[0], change.take_from);
  }

  void touch(std::uint32_t i, const RemovePart& change) {
    const std::string title = part_title(change.kind, change.names);
    use(i, part_key(change.kind, change.names), true, title);
    if (change.names.size() == 1) use(i, gone_key(change.kind, change.names[0]), true, title);
    if (change.kind == PartKind::transition) {
      use(i, part_key(change.kind, change.names), true, title, "gone ");
    }
  }

  void touch(std::uint32_t i, const ReplacePart& change) {
    use(i, part_key(change.kind, change.names), true, part_title(change.kind, change.names));
  }

  void touch(std::uint32_t i, const SetOwner& change) {
    const std::string title = "the owner of " + change.name;
    const std::vector<std::string> names{change.name};
    use(i, key("owner", names), true, title);
    for (const PartKind kind : {PartKind::stage, PartKind::outcome}) {
      use(i, part_key(kind, names), false, title);
    }
  }

  void touch(std::uint32_t i, const ReplaceInfo& /*change*/) {
    use(i, "info", true, "what is said of the funnel");
  }

  void ends(std::uint32_t i, const std::string& from, const std::string& to, const std::string& title) {
    use(i, gone_key(PartKind::stage, from), false, title);
    use(i, gone_key(PartKind::stage, to), false, title);
    use(i, gone_key(PartKind::outcome, to), false, title);
  }

  /// A donor that is named must not be changed itself.
  void donor(std::uint32_t i, const std::string& stage, const TakeFrom& from) {
    if (from.is_leak() || from.is_siblings() || from.is_nobody()) return;
    const Parameter number = from.name() == "drop_off" ? drop_off(stage) : rate(stage, from.name());
    use(i, number_key(number), false, to_string(number));
  }

  void use(std::uint32_t i, std::string key, bool sole, const std::string& title, const char* prefix = "") {
    Uses& uses = uses_[prefix + std::move(key)];
    for (const std::uint32_t other : uses.sole) compare(other, i, sole, title);
    if (sole) {
      for (const std::uint32_t other : uses.shared) compare(other, i, false, title);
    }
    (sole ? uses.sole : uses.shared).push_back(i);
  }

  void compare(std::uint32_t earlier, std::uint32_t later, bool both, const std::string& title) const {
    const Change& first = changes_[earlier];
    const Change& second = changes_[later];
    const bool same_time = first.overlaps(second);
    if (dates_ && !same_time) return;
    const char* why = both ? "both change it" : "one changes what the other relies on";
    if (earlier == later) why = "it cannot give to itself";
    if (!same_time) why = "each at its own time: say the day on which to apply them";
    throw ConflictError(first.scenario, second.scenario, title, why);
  }

  std::span<const Change> changes_;
  bool dates_;
  std::unordered_map<std::string, Uses> uses_;
};

}  // namespace detail

FUNNELGRAPH_INLINE void check_conflicts(std::span<const Change> changes, bool dates) {
  static_cast<void>(detail::Claims(changes, dates));
}

}  // namespace funnelgraph::inline v0
