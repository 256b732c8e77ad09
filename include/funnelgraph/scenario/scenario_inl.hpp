#pragma once

#include <cmath>
#include <functional>
#include <type_traits>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/change_inl.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline void check_number(const Change& change, const NumberChange& number) {
  const double value = number.value.value;
  const auto refuse = [&](const char* allowed) {
    throw InvalidValueError(to_string(change), shown(value), allowed);
  };
  const bool may_be_unset = number.kind == ChangeKind::set && range_of(number.parameter.kind()).may_be_unset;
  if (!std::isfinite(value) && !(may_be_unset && std::isnan(value))) {
    refuse(may_be_unset ? "a finite number, or NaN for none" : "a finite number");
  }
  if (number.kind == ChangeKind::scale_odds) {
    if (!is_of_a_row(number.parameter.kind()) && number.parameter.kind() != ParameterKind::commission) {
      throw InvalidValueError(to_string(change), "", "odds of rates, drop-offs and commissions only");
    }
    if (!(value > 0)) refuse("(0, inf)");
  }
  if (!is_of_a_row(number.parameter.kind()) && number.take_from != TakeFrom{}) {
    throw InvalidValueError(to_string(change), "take_from " + number.take_from.name(),
                            "for rates and drop-offs only");
  }
  if (number.take_from.is_nobody() && number.kind == ChangeKind::scale_odds) {
    throw InvalidValueError(to_string(change), "", "odds need somebody to take from");
  }
}

inline void check_dates(const Change& change) {
  for (const auto& day : {change.start, change.end}) {
    if (day && !std::isfinite(*day)) {
      throw InvalidValueError("dates of a change", shown(*day), "a finite number of days, or none");
    }
  }
  if (change.start && change.end && !(*change.start < *change.end)) {
    throw InvalidValueError("dates of a change", shown(*change.start) + " to " + shown(*change.end),
                            "an end after the start");
  }
}

/// The part with its names in normal form, as a funnel would hold it.
[[nodiscard]] inline Part normalised(Part part) {
  Funnel holder;
  return std::visit(
      [&](auto& given) -> Part {
        using P = std::decay_t<decltype(given)>;
        if constexpr (std::is_same_v<P, Owner>) {
          holder.add_owner(std::move(given));
          return holder.owners()[0];
        } else if constexpr (std::is_same_v<P, Stage>) {
          holder.add_stage(std::move(given));
          return holder.stages()[0];
        } else if constexpr (std::is_same_v<P, Outcome>) {
          holder.add_outcome(std::move(given));
          return holder.outcomes()[0];
        } else if constexpr (std::is_same_v<P, Transition>) {
          holder.add_transition(std::move(given));
          return holder.transitions()[0];
        } else if constexpr (std::is_same_v<P, Entry>) {
          holder.add_entry(std::move(given));
          return holder.entries()[0];
        } else if constexpr (std::is_same_v<P, Lever>) {
          holder.add_lever(std::move(given));
          return holder.levers()[0];
        } else if constexpr (std::is_same_v<P, Influence>) {
          holder.add_influence(std::move(given));
          return holder.influences()[0];
        } else {
          holder.add_view(std::move(given));
          return holder.views()[0];
        }
      },
      part);
}

inline void normalise_names(PartKind kind, std::vector<std::string>& names) {
  if (names.size() != names_count(kind)) {
    throw InvalidValueError("names of a part of kind " + to_string(kind),
                            std::to_string(names.size()) + " names",
                            std::to_string(names_count(kind)) + " names");
  }
  for (std::string& name : names) name = normalise_name(name);
}

/// Checks a change by itself and brings its names to normal form.
inline void settle(Change& change) {
  check_dates(change);
  if (const auto* number = std::get_if<NumberChange>(&change.what)) {
    check_number(change, *number);
  } else if (auto* add = std::get_if<AddPart>(&change.what)) {
    add->part = normalised(std::move(add->part));
    if (kind_of(add->part) != PartKind::transition && add->take_from != TakeFrom{}) {
      throw InvalidValueError(to_string(change), "take_from " + add->take_from.name(),
                              "for transitions only");
    }
  } else if (auto* remove = std::get_if<RemovePart>(&change.what)) {
    normalise_names(remove->kind, remove->names);
  } else if (auto* replace = std::get_if<ReplacePart>(&change.what)) {
    normalise_names(replace->kind, replace->names);
    for (Part& part : replace->parts) {
      part = normalised(std::move(part));
      if (kind_of(part) != replace->kind || names_of(part) != replace->names) {
        throw InvalidValueError(to_string(change), part_title(kind_of(part), names_of(part)),
                                "parts of the same kind and name");
      }
    }
  } else if (auto* owner = std::get_if<SetOwner>(&change.what)) {
    owner->name = normalise_name(owner->name);
  } else if (auto* info = std::get_if<ReplaceInfo>(&change.what)) {
    info->info = Funnel(std::move(info->info)).info();
  }
}

[[nodiscard]] inline std::size_t mix_hash(std::size_t seed, std::size_t value) noexcept {
  return seed ^ (value + 0x9E3779B9U + (seed << 6U) + (seed >> 2U));
}

[[nodiscard]] inline std::size_t hash_of(const Change& change) {
  std::size_t hash = change.what.index();
  const auto text = [&](const std::string& word) { hash = mix_hash(hash, std::hash<std::string>{}(word)); };
  if (const auto* number = std::get_if<NumberChange>(&change.what)) {
    const double value = number->value.value;
    hash = mix_hash(hash, static_cast<std::size_t>(number->kind));
    hash = mix_hash(hash, std::hash<Parameter>{}(number->parameter));
    hash = mix_hash(hash, std::isnan(value) ? 0 : std::hash<double>{}(value == 0 ? 0.0 : value));
    text(number->take_from.name());
  } else if (const auto* add = std::get_if<AddPart>(&change.what)) {
    for (const std::string& name : names_of(add->part)) text(name);
  } else if (const auto* remove = std::get_if<RemovePart>(&change.what)) {
    for (const std::string& name : remove->names) text(name);
  } else if (const auto* replace = std::get_if<ReplacePart>(&change.what)) {
    for (const std::string& name : replace->names) text(name);
  } else if (const auto* owner = std::get_if<SetOwner>(&change.what)) {
    text(owner->name);
  }
  return hash;
}

}  // namespace detail

FUNNELGRAPH_INLINE Scenario::Scenario() = default;
FUNNELGRAPH_INLINE Scenario::Scenario(const Scenario& other) = default;
FUNNELGRAPH_INLINE Scenario::Scenario(Scenario&& other) noexcept = default;
FUNNELGRAPH_INLINE Scenario& Scenario::operator=(const Scenario& other) = default;
FUNNELGRAPH_INLINE Scenario& Scenario::operator=(Scenario&& other) noexcept = default;
FUNNELGRAPH_INLINE Scenario::~Scenario() = default;

FUNNELGRAPH_INLINE bool operator==(const Scenario& a, const Scenario& b) {
  return a.name_ == b.name_ && a.description_ == b.description_ && a.changes_ == b.changes_;
}

FUNNELGRAPH_INLINE bool Scenario::empty() const noexcept { return changes_.empty(); }

FUNNELGRAPH_INLINE Scenario Scenario::add_owner(Owner owner) const { return add(std::move(owner)); }
FUNNELGRAPH_INLINE Scenario Scenario::add_stage(Stage stage) const { return add(std::move(stage)); }
FUNNELGRAPH_INLINE Scenario Scenario::add_outcome(Outcome outcome) const { return add(std::move(outcome)); }
FUNNELGRAPH_INLINE Scenario Scenario::add_transition(Transition transition, TakeFrom take_from) const {
  return add(std::move(transition), std::move(take_from));
}
FUNNELGRAPH_INLINE Scenario Scenario::add_entry(Entry entry) const { return add(std::move(entry)); }
FUNNELGRAPH_INLINE Scenario Scenario::add_lever(Lever lever) const { return add(std::move(lever)); }
FUNNELGRAPH_INLINE Scenario Scenario::add_influence(Influence influence) const {
  return add(std::move(influence));
}
FUNNELGRAPH_INLINE Scenario Scenario::add_view(View view) const { return add(std::move(view)); }

FUNNELGRAPH_INLINE Scenario::Scenario(const std::string& name, std::string description)
    : name_(normalise_name(name)), description_(std::move(description)) {
  if (!is_utf8(description_)) {
    throw InvalidValueError("description of a scenario", description_, "UTF-8 text");
  }
}

FUNNELGRAPH_INLINE Scenario::Scenario(const std::string& name, std::string description,
                                      std::vector<Change> changes)
    : Scenario(name, std::move(description)) {
  changes_ = std::move(changes);
  for (Change& change : changes_) {
    detail::settle(change);
    change.scenario = change.scenario.empty() ? name_ : normalise_name(change.scenario);
  }
  check_conflicts(changes_, true);
}

FUNNELGRAPH_INLINE Scenario Scenario::with(Change change) const {
  Scenario next = *this;
  detail::settle(change);
  if (change.scenario.empty()) change.scenario = name_;
  next.changes_.push_back(std::move(change));
  check_conflicts(next.changes_, true);
  return next;
}

FUNNELGRAPH_INLINE Scenario Scenario::with_number(ChangeKind kind, Parameter parameter, Number value,
                                                  ChangeOptions options) const {
  return with({.what = NumberChange{kind, std::move(parameter), std::move(value),
                                    std::move(options.take_from), options.clip},
               .start = options.start,
               .end = options.end});
}

FUNNELGRAPH_INLINE Scenario Scenario::set(Parameter parameter, Number value, ChangeOptions options) const {
  return with_number(ChangeKind::set, std::move(parameter), std::move(value), std::move(options));
}
FUNNELGRAPH_INLINE Scenario Scenario::scale(Parameter parameter, Number factor, ChangeOptions options) const {
  return with_number(ChangeKind::scale, std::move(parameter), std::move(factor), std::move(options));
}
FUNNELGRAPH_INLINE Scenario Scenario::shift(Parameter parameter, Number by, ChangeOptions options) const {
  return with_number(ChangeKind::shift, std::move(parameter), std::move(by), std::move(options));
}
FUNNELGRAPH_INLINE Scenario Scenario::scale_odds(Parameter parameter, Number factor,
                                                 ChangeOptions options) const {
  return with_number(ChangeKind::scale_odds, std::move(parameter), std::move(factor), std::move(options));
}

FUNNELGRAPH_INLINE Scenario Scenario::add(Part part, TakeFrom take_from) const {
  return with({.what = AddPart{std::move(part), std::move(take_from)}});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove(PartKind kind, std::vector<std::string> names) const {
  return with({.what = RemovePart{kind, std::move(names)}});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_owner(std::string name) const {
  return remove(PartKind::owner, {std::move(name)});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_stage(std::string name) const {
  return remove(PartKind::stage, {std::move(name)});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_outcome(std::string name) const {
  return remove(PartKind::outcome, {std::move(name)});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_transition(std::string from, std::string to) const {
  return remove(PartKind::transition, {std::move(from), std::move(to)});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_entry(std::string stage, std::string channel) const {
  return remove(PartKind::entry, {std::move(stage), std::move(channel)});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_lever(std::string name) const {
  return remove(PartKind::lever, {std::move(name)});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_influence(std::string lever, std::string from,
                                                       std::string to) const {
  return remove(PartKind::influence, {std::move(lever), std::move(from), std::move(to)});
}
FUNNELGRAPH_INLINE Scenario Scenario::remove_view(std::string name) const {
  return remove(PartKind::view, {std::move(name)});
}

FUNNELGRAPH_INLINE Scenario Scenario::replace(Part part) const {
  part = detail::normalised(std::move(part));
  const PartKind kind = kind_of(part);
  std::vector<std::string> names = names_of(part);
  return replace(kind, std::move(names), {std::move(part)});
}
FUNNELGRAPH_INLINE Scenario Scenario::replace(PartKind kind, std::vector<std::string> names,
                                              std::vector<Part> parts) const {
  return with({.what = ReplacePart{kind, std::move(names), std::move(parts)}});
}
FUNNELGRAPH_INLINE Scenario Scenario::replace_info(FunnelInfo info) const {
  return with({.what = ReplaceInfo{std::move(info)}});
}
FUNNELGRAPH_INLINE Scenario Scenario::set_owner(std::string stage_or_outcome, Ownership owner) const {
  return with({.what = SetOwner{std::move(stage_or_outcome), std::move(owner)}});
}

FUNNELGRAPH_INLINE Scenario Scenario::during(std::optional<double> start, std::optional<double> end) const {
  std::vector<Change> dated = changes_;
  for (Change& change : dated) {
    change.start = start;
    change.end = end;
  }
  return {name_, description_, std::move(dated)};
}

FUNNELGRAPH_INLINE Scenario Scenario::named(const std::string& name) const {
  Scenario next = *this;
  next.name_ = normalise_name(name);
  for (Change& change : next.changes_) {
    if (change.scenario == name_) change.scenario = next.name_;
  }
  return next;
}

FUNNELGRAPH_INLINE Scenario Scenario::described(std::string description) const {
  Scenario next(name_, std::move(description));
  next.changes_ = changes_;
  return next;
}

FUNNELGRAPH_INLINE Scenario Scenario::joined(const Scenario& a, const Scenario& b) {
  const auto both = [](const std::string& left, const std::string& right, const char* between) {
    return left.empty() || right.empty() ? left + right : left + between + right;
  };
  Scenario next;
  next.name_ = both(a.name_, b.name_, " + ");
  next.description_ = both(a.description_, b.description_, "\n");
  next.changes_ = a.changes_;
  next.changes_.insert(next.changes_.end(), b.changes_.begin(), b.changes_.end());
  check_conflicts(next.changes_, true);
  return next;
}

FUNNELGRAPH_INLINE std::size_t hash_value(const Scenario& scenario) {
  std::size_t hash = std::hash<std::string>{}(scenario.name());
  for (const Change& change : scenario.changes()) hash = detail::mix_hash(hash, detail::hash_of(change));
  return hash;
}

}  // namespace funnelgraph::inline v0
