#pragma once

#include <algorithm>
#include <tuple>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/standing_owners.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Printable ASCII is its own normal form.
[[nodiscard]] inline bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

inline void normalise(std::string& name) {
  if (!is_plain(name)) name = normalise_name(name);
}
inline void normalise(Owner& owner) { normalise(owner.name); }
inline void normalise(Stage& stage) {
  normalise(stage.name);
  for (std::string& name : stage.involved) normalise(name);
}
inline void normalise(Outcome& outcome) { normalise(outcome.name); }
inline void normalise(Transition& transition) {
  normalise(transition.from);
  normalise(transition.to);
}
inline void normalise(Entry& entry) {
  normalise(entry.stage);
  normalise(entry.channel);
}
inline void normalise(Lever& lever) { normalise(lever.name); }
inline void normalise(Influence& influence) {
  normalise(influence.lever);
  normalise(influence.from);
  normalise(influence.to);
}
inline void normalise(View& view) {
  normalise(view.name);
  std::map<std::string, std::string> stages;
  for (const auto& [stage, name] : view.stages) stages[normalise_name(stage)] = normalise_name(name);
  view.stages = std::move(stages);
}

/// A name to look for, in normal form; text that has none is looked for as it is, and is not found.
class Sought {
 public:
  explicit Sought(std::string_view given) : text_(given) {
    if (is_plain(given)) return;
    try {
      copy_ = normalise_name(given);
      text_ = copy_;
    } catch (const InvalidValueError&) {
    }
  }
  Sought(const Sought&) = delete;
  Sought& operator=(const Sought&) = delete;
  operator std::string_view() const noexcept { return text_; }  // NOLINT(google-explicit-constructor)
  friend bool operator==(const std::string& name, const Sought& sought) noexcept {
    return name == sought.text_;
  }
  [[nodiscard]] std::string text() const { return std::string(text_); }

 private:
  std::string copy_;
  std::string_view text_;
};

template <class Part>
void append_names(std::vector<std::string>& names, std::span<const Part> parts) {
  for (const Part& part : parts) names.push_back(part.name);
}

template <class Part>
[[noreturn]] void throw_unknown(const char* kind, std::string_view given, std::span<const Part> parts) {
  std::vector<std::string> names;
  append_names(names, parts);
  throw unknown_name(kind, given, names);
}

/// Neither a stage nor an outcome.
[[noreturn]] inline void throw_unknown_target(const Funnel& funnel, std::string_view given) {
  std::vector<std::string> names;
  append_names(names, funnel.stages());
  append_names(names, funnel.outcomes());
  throw unknown_name("stage or outcome", given, names);
}

[[nodiscard]] inline std::string arrow(std::string_view from, std::string_view to) {
  return std::string(from) + " -> " + std::string(to);
}

[[nodiscard]] inline auto key_of(const Transition& t) {
  return std::tuple<std::string_view, std::string_view>(t.from, t.to);
}
[[nodiscard]] inline auto key_of(const Entry& e) {
  return std::tuple<std::string_view, std::string_view>(e.stage, e.channel);
}
[[nodiscard]] inline auto key_of(const Influence& i) {
  return std::tuple<std::string_view, std::string_view, std::string_view>(i.lever, i.from, i.to);
}
template <class Part>
[[nodiscard]] std::string_view key_of(const Part& part) {
  return part.name;
}

/// Whether two lists hold the same parts in any order. O(n log n) but for parts with equal keys.
template <class Part>
[[nodiscard]] bool same_parts(std::span<const Part> a, std::span<const Part> b) {
  if (a.size() != b.size()) return false;
  if (std::equal(a.begin(), a.end(), b.begin())) return true;
  const auto sorted = [](std::span<const Part> parts) {
    std::vector<const Part*> order(parts.size());
    std::transform(parts.begin(), parts.end(), order.begin(), [](const Part& part) { return &part; });
    std::sort(order.begin(), order.end(),
              [](const Part* x, const Part* y) { return key_of(*x) < key_of(*y); });
    return order;
  };
  const std::vector<const Part*> left = sorted(a);
  std::vector<const Part*> right = sorted(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    std::size_t j = i;
    while (j < right.size() && key_of(*right[j]) == key_of(*left[i]) && !(*right[j] == *left[i])) ++j;
    if (j == right.size() || key_of(*right[j]) != key_of(*left[i])) return false;
    std::swap(right[i], right[j]);
  }
  return true;
}

template <class Tag>
[[nodiscard]] std::optional<Id<Tag>> id_at(std::uint32_t position) {
  if (position == NameIndex::none) return std::nullopt;
  return Id<Tag>{position};
}

template <class Part>
[[nodiscard]] std::uint32_t position_of(const NameIndex& index, const std::vector<Part>& parts,
                                        std::string_view name) {
  return index.find(NameIndex::hash(name), [&](std::uint32_t i) { return parts[i].name == name; });
}

}  // namespace detail

// Building.

FUNNELGRAPH_INLINE std::span<const Owner> Funnel::owners() const noexcept { return owners_; }
FUNNELGRAPH_INLINE std::span<const Stage> Funnel::stages() const noexcept { return stages_; }
FUNNELGRAPH_INLINE std::span<const Outcome> Funnel::outcomes() const noexcept { return outcomes_; }
FUNNELGRAPH_INLINE std::span<const Transition> Funnel::transitions() const noexcept { return transitions_; }
FUNNELGRAPH_INLINE std::span<const Entry> Funnel::entries() const noexcept { return entries_; }
FUNNELGRAPH_INLINE std::span<const Lever> Funnel::levers() const noexcept { return levers_; }
FUNNELGRAPH_INLINE std::span<const Influence> Funnel::influences() const noexcept { return influences_; }
FUNNELGRAPH_INLINE std::span<const View> Funnel::views() const noexcept { return views_; }

FUNNELGRAPH_INLINE Funnel::Funnel() = default;
FUNNELGRAPH_INLINE Funnel::Funnel(const Funnel& other) = default;
FUNNELGRAPH_INLINE Funnel::Funnel(Funnel&& other) noexcept = default;
FUNNELGRAPH_INLINE Funnel& Funnel::operator=(const Funnel& other) = default;
FUNNELGRAPH_INLINE Funnel& Funnel::operator=(Funnel&& other) noexcept = default;
FUNNELGRAPH_INLINE Funnel::~Funnel() = default;

FUNNELGRAPH_INLINE Funnel::Funnel(FunnelInfo info) { set_info(std::move(info)); }

FUNNELGRAPH_INLINE void Funnel::set_info(FunnelInfo info) {
  detail::normalise(info.name);
  info_ = std::move(info);
}

FUNNELGRAPH_INLINE void Funnel::reserve(std::size_t stages, std::size_t transitions) {
  stages_.reserve(stages);
  transitions_.reserve(transitions);
}

FUNNELGRAPH_INLINE OwnerId Funnel::add_owner(Owner owner) {
  detail::normalise(owner);
  if (is_standing_owner(owner.name)) {
    const std::uint32_t there = owner_at(owner.name);
    if (there != NameIndex::none && is_plain_standing_owner(owners_[there])) {
      owners_[there] = std::move(owner);
      return {there};
    }
  }
  const auto position = static_cast<std::uint32_t>(owners_.size());
  owners_.push_back(std::move(owner));
  index_owner(position);
  return {position};
}

FUNNELGRAPH_INLINE void Funnel::bring_standing_owner(std::string_view name) {
  if (is_standing_owner(name) && owner_at(name) == NameIndex::none)
    add_owner({.name = std::string(name), .role = role_of_name(name)});
}

FUNNELGRAPH_INLINE void Funnel::bring_standing_owners_of(const Stage& stage) {
  bring_standing_owners(stage.owner);
  for (const std::string& name : stage.involved) bring_standing_owner(name);
}

FUNNELGRAPH_INLINE void Funnel::bring_standing_owners(const Ownership& ownership) {
  for (const OwnerShare& part : ownership.shares()) bring_standing_owner(part.owner);
}

FUNNELGRAPH_INLINE StageId Funnel::add_stage(Stage stage) {
  detail::normalise(stage);
  const auto position = static_cast<std::uint32_t>(stages_.size());
  stages_.push_back(std::move(stage));
  index_stage(position);
  bring_standing_owners_of(stages_[position]);
  return {position};
}

FUNNELGRAPH_INLINE OutcomeId Funnel::add_outcome(Outcome outcome) {
  detail::normalise(outcome);
  const auto position = static_cast<std::uint32_t>(outcomes_.size());
  outcomes_.push_back(std::move(outcome));
  index_outcome(position);
  bring_standing_owners(outcomes_[position].owner);
  return {position};
}

FUNNELGRAPH_INLINE TransitionId Funnel::add_transition(Transition transition) {
  detail::normalise(transition);
  const auto position = static_cast<std::uint32_t>(transitions_.size());
  transitions_.push_back(std::move(transition));
  index_transition(position);
  return {position};
}

FUNNELGRAPH_INLINE void Funnel::add_entry(Entry entry) {
  detail::normalise(entry);
  entries_.push_back(std::move(entry));
  index_entry(static_cast<std::uint32_t>(entries_.size() - 1));
  bring_standing_owners(entries_.back().owner);
}

FUNNELGRAPH_INLINE LeverId Funnel::add_lever(Lever lever) {
  detail::normalise(lever);
  const auto position = static_cast<std::uint32_t>(levers_.size());
  levers_.push_back(std::move(lever));
  index_lever(position);
  bring_standing_owners(levers_[position].owner);
  return {position};
}

FUNNELGRAPH_INLINE void Funnel::add_influence(Influence influence) {
  detail::normalise(influence);
  influences_.push_back(std::move(influence));
  index_influence(static_cast<std::uint32_t>(influences_.size() - 1));
}

FUNNELGRAPH_INLINE void Funnel::add_view(View view) {
  detail::normalise(view);
  views_.push_back(std::move(view));
}

// The indices.

FUNNELGRAPH_INLINE void Funnel::index_owner(std::uint32_t position) {
  owner_index_.insert(NameIndex::hash(owners_[position].name), position);
}
FUNNELGRAPH_INLINE void Funnel::index_stage(std::uint32_t position) {
  stage_index_.insert(NameIndex::hash(stages_[position].name), position);
}
FUNNELGRAPH_INLINE void Funnel::index_outcome(std::uint32_t position) {
  outcome_index_.insert(NameIndex::hash(outcomes_[position].name), position);
}
FUNNELGRAPH_INLINE void Funnel::index_transition(std::uint32_t position) {
  const Transition& transition = transitions_[position];
  const std::uint64_t from = NameIndex::hash(transition.from);
  transition_index_.insert(NameIndex::combine(from, NameIndex::hash(transition.to)), position);
  exits_.insert(from, [&](std::uint32_t i) { return transitions_[i].from == transition.from; });
}
FUNNELGRAPH_INLINE void Funnel::index_entry(std::uint32_t position) {
  const Entry& entry = entries_[position];
  const std::uint64_t stage = NameIndex::hash(entry.stage);
  entry_index_.insert(NameIndex::combine(stage, NameIndex::hash(entry.channel)), position);
  stage_entries_.insert(stage, [&](std::uint32_t i) { return entries_[i].stage == entry.stage; });
}
FUNNELGRAPH_INLINE void Funnel::index_lever(std::uint32_t position) {
  lever_index_.insert(NameIndex::hash(levers_[position].name), position);
}
FUNNELGRAPH_INLINE void Funnel::index_influence(std::uint32_t position) {
  const Influence& influence = influences_[position];
  const std::uint64_t pair = NameIndex::hash(influence.from, influence.to);
  influence_index_.insert(NameIndex::combine(pair, NameIndex::hash(influence.lever)), position);
}

FUNNELGRAPH_INLINE void Funnel::reindex() {
  for (NameIndex* index : {&owner_index_, &stage_index_, &outcome_index_, &lever_index_, &transition_index_,
                           &entry_index_, &influence_index_}) {
    index->clear();
  }
  exits_.clear();
  stage_entries_.clear();
  for (std::uint32_t i = 0; i < owners_.size(); ++i) index_owner(i);
  for (std::uint32_t i = 0; i < stages_.size(); ++i) index_stage(i);
  for (std::uint32_t i = 0; i < outcomes_.size(); ++i) index_outcome(i);
  for (std::uint32_t i = 0; i < transitions_.size(); ++i) index_transition(i);
  for (std::uint32_t i = 0; i < entries_.size(); ++i) index_entry(i);
  for (std::uint32_t i = 0; i < levers_.size(); ++i) index_lever(i);
  for (std::uint32_t i = 0; i < influences_.size(); ++i) index_influence(i);
}

FUNNELGRAPH_INLINE std::uint32_t Funnel::owner_at(std::string_view name) const {
  return detail::position_of(owner_index_, owners_, name);
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::stage_at(std::string_view name) const {
  return detail::position_of(stage_index_, stages_, name);
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::outcome_at(std::string_view name) const {
  return detail::position_of(outcome_index_, outcomes_, name);
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::lever_at(std::string_view name) const {
  return detail::position_of(lever_index_, levers_, name);
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::transition_at(std::string_view from, std::string_view to) const {
  return transition_index_.find(NameIndex::hash(from, to), [&](std::uint32_t i) {
    return transitions_[i].from == from && transitions_[i].to == to;
  });
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::entry_at(std::string_view stage, std::string_view channel) const {
  return entry_index_.find(NameIndex::hash(stage, channel), [&](std::uint32_t i) {
    return entries_[i].stage == stage && entries_[i].channel == channel;
  });
}
FUNNELGRAPH_INLINE std::uint32_t Funnel::influence_at(std::string_view lever, std::string_view from,
                                                      std::string_view to) const {
  const std::uint64_t hash = NameIndex::combine(NameIndex::hash(from, to), NameIndex::hash(lever));
  return influence_index_.find(hash, [&](std::uint32_t i) {
    return influences_[i].lever == lever && influences_[i].from == from && influences_[i].to == to;
  });
}

FUNNELGRAPH_INLINE bool operator==(const Funnel& a, const Funnel& b) {
  return a.info_ == b.info_ && detail::same_parts(a.owners(), b.owners()) &&
         detail::same_parts(a.stages(), b.stages()) && detail::same_parts(a.outcomes(), b.outcomes()) &&
         detail::same_parts(a.transitions(), b.transitions()) &&
         detail::same_parts(a.entries(), b.entries()) && detail::same_parts(a.levers(), b.levers()) &&
         detail::same_parts(a.influences(), b.influences()) && detail::same_parts(a.views(), b.views());
}

}  // namespace funnelgraph::inline v0
