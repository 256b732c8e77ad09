// The funnel: a value made of stages, outcomes, transitions, owners, entries and levers.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/model/ids.hpp>
#include <funnelgraph/model/name_index.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

/// A value: copy it, change it, compare it; nothing observes it. Parts refer to each other by name
/// (normalised to NFC on the way in) and may be added in any order: `validate` (validate.hpp) lists
/// everything that does not fit together, `compile` refuses it. Equality is by content, whatever the
/// order of insertion. Not hashable. Reading from many threads at once is safe.
class Funnel {
 public:
  Funnel() = default;
  explicit Funnel(FunnelInfo info);

  [[nodiscard]] const FunnelInfo& info() const noexcept { return info_; }
  void set_info(FunnelInfo info);

  // Adding. Names are normalised (InvalidValueError on bad text). Nothing else is checked here.
  OwnerId add_owner(Owner owner);
  StageId add_stage(Stage stage);
  OutcomeId add_outcome(Outcome outcome);
  TransitionId add_transition(Transition transition);
  void add_entry(Entry entry);
  LeverId add_lever(Lever lever);
  void add_influence(Influence influence);
  void add_view(View view);

  // Reading, in order of insertion.
  [[nodiscard]] std::span<const Owner> owners() const noexcept { return owners_; }
  [[nodiscard]] std::span<const Stage> stages() const noexcept { return stages_; }
  [[nodiscard]] std::span<const Outcome> outcomes() const noexcept { return outcomes_; }
  [[nodiscard]] std::span<const Transition> transitions() const noexcept { return transitions_; }
  [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }
  [[nodiscard]] std::span<const Lever> levers() const noexcept { return levers_; }
  [[nodiscard]] std::span<const Influence> influences() const noexcept { return influences_; }
  [[nodiscard]] std::span<const View> views() const noexcept { return views_; }

  // Looking up: the first part of that name, or none. O(1) expected.
  [[nodiscard]] std::optional<OwnerId> find_owner(std::string_view name) const;
  [[nodiscard]] std::optional<StageId> find_stage(std::string_view name) const;
  [[nodiscard]] std::optional<OutcomeId> find_outcome(std::string_view name) const;
  [[nodiscard]] std::optional<LeverId> find_lever(std::string_view name) const;
  [[nodiscard]] std::optional<TransitionId> find_transition(std::string_view from,
                                                           std::string_view to) const;
  // The same, throwing UnknownNameError with the nearest name.
  [[nodiscard]] const Owner& owner(std::string_view name) const;
  [[nodiscard]] const Stage& stage(std::string_view name) const;
  [[nodiscard]] const Outcome& outcome(std::string_view name) const;
  [[nodiscard]] const Lever& lever(std::string_view name) const;
  [[nodiscard]] const Transition& transition(std::string_view from, std::string_view to) const;

  // Changing structure. Unknown names throw UnknownNameError and leave the funnel as it was.
  /// Replaces the part of that name, name included (references follow).
  void replace_stage(std::string_view name, Stage stage);
  void replace_outcome(std::string_view name, Outcome outcome);
  void replace_owner(std::string_view name, Owner owner);
  void replace_transition(std::string_view from, std::string_view to, Transition transition);
  void rename_stage(std::string_view name, std::string_view new_name);
  void rename_outcome(std::string_view name, std::string_view new_name);
  void rename_owner(std::string_view name, std::string_view new_name);
  /// Sets the ownership of a stage or an outcome.
  void set_owner(std::string_view stage_or_outcome, Ownership owner);
  /// Removes a stage with its entries, influences and all transitions from and to it; the rates of
  /// removed transitions go to the drop-off of their source.
  void remove_stage(std::string_view name);
  void remove_outcome(std::string_view name);
  /// Removes a transition; its rate goes to the drop-off of its source.
  void remove_transition(std::string_view from, std::string_view to);

  // One get, one set (parameter.hpp has the addresses).
  /// The number at an address: the base rate, what is missing from the row for a drop-off that was
  /// not given (a missing mass below 1e-12 is 0), the sum of a volume group, the volume-weighted mean
  /// of an entry-cost group. NaN for a capacity or service level that is not set and an unknown lag.
  /// Throws UnknownNameError.
  [[nodiscard]] double get(const Parameter& parameter) const;
  /// The number with its source; a group or a derived drop-off is `assumed` unless all parts agree.
  [[nodiscard]] Number get_number(const Parameter& parameter) const;
  /// Sets it. A group scales its leaves in proportion. A lag's mean keeps the coefficient of
  /// variation; from a zero mean the sd stays 0 (the family is kept). A rate clears `observed`.
  /// Throws UnknownNameError, InvalidValueError (value outside the parameter's range).
  void set(const Parameter& parameter, Number value);
  /// The leaf parameters of a group; a leaf is its own only leaf.
  [[nodiscard]] std::vector<Parameter> leaves(const Parameter& parameter) const;
  /// Every leaf parameter that has a number, in a stable order.
  [[nodiscard]] std::vector<Parameter> parameters() const;
  /// Who owns a number (semantics: rate, lag, costs of a transition and a stage's numbers: the source
  /// stage's owners; a lever and its elasticities: the lever's; an entry: its own, else the stage's;
  /// an outcome's value: the outcome's; empty = unowned).
  [[nodiscard]] Ownership ownership(const Parameter& parameter) const;

  friend bool operator==(const Funnel& a, const Funnel& b);

 private:
  FunnelInfo info_;
  std::vector<Owner> owners_;
  std::vector<Stage> stages_;
  std::vector<Outcome> outcomes_;
  std::vector<Transition> transitions_;
  std::vector<Entry> entries_;
  std::vector<Lever> levers_;
  std::vector<Influence> influences_;
  std::vector<View> views_;
  NameIndex owner_index_, stage_index_, outcome_index_, lever_index_, transition_index_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/funnel_inl.hpp>
#endif
