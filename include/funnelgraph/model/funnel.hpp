// The funnel: a value made of stages, outcomes, transitions, owners, entries and levers.
#pragma once

#include <cstddef>
#include <cstdint>
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
  // Defined out of line, so that not every file that has a funnel compiles them.
  Funnel();
  explicit Funnel(FunnelInfo info);
  Funnel(const Funnel& other);
  Funnel(Funnel&& other) noexcept;
  Funnel& operator=(const Funnel& other);
  Funnel& operator=(Funnel&& other) noexcept;
  ~Funnel();

  [[nodiscard]] const FunnelInfo& info() const noexcept { return info_; }
  void set_info(FunnelInfo info);

  /// Makes room; only a matter of speed.
  void reserve(std::size_t stages, std::size_t transitions);

  // Adding. Names are normalised (InvalidValueError on bad text). Nothing else is checked here. The owners
  // Company and Outside are always there (standing_owners.hpp): a part that names one brings it along, and
  // `add_owner` then says the rest of it.
  OwnerId add_owner(Owner owner);
  StageId add_stage(Stage stage);
  OutcomeId add_outcome(Outcome outcome);
  TransitionId add_transition(Transition transition);
  void add_entry(Entry entry);
  LeverId add_lever(Lever lever);
  void add_influence(Influence influence);
  void add_view(View view);

  // Reading, in order of insertion.
  [[nodiscard]] std::span<const Owner> owners() const noexcept;
  [[nodiscard]] std::span<const Stage> stages() const noexcept;
  [[nodiscard]] std::span<const Outcome> outcomes() const noexcept;
  [[nodiscard]] std::span<const Transition> transitions() const noexcept;
  [[nodiscard]] std::span<const Entry> entries() const noexcept;
  [[nodiscard]] std::span<const Lever> levers() const noexcept;
  [[nodiscard]] std::span<const Influence> influences() const noexcept;
  [[nodiscard]] std::span<const View> views() const noexcept;

  // Looking up: the first part of that name, or none. O(1) expected.
  [[nodiscard]] std::optional<OwnerId> find_owner(std::string_view name) const;
  [[nodiscard]] std::optional<StageId> find_stage(std::string_view name) const;
  [[nodiscard]] std::optional<OutcomeId> find_outcome(std::string_view name) const;
  [[nodiscard]] std::optional<LeverId> find_lever(std::string_view name) const;
  [[nodiscard]] std::optional<TransitionId> find_transition(std::string_view from, std::string_view to) const;
  /// The entry of a stage from a channel ("" = no channel), as its position in `entries()`.
  [[nodiscard]] std::optional<std::size_t> find_entry(std::string_view stage, std::string_view channel) const;
  [[nodiscard]] std::optional<std::size_t> find_influence(std::string_view lever, std::string_view from,
                                                          std::string_view to) const;
  /// The transitions from a stage in order of insertion. O(their number).
  [[nodiscard]] std::vector<TransitionId> exits(std::string_view from) const;
  // By id, of this funnel as it is now.
  [[nodiscard]] const Owner& owner(OwnerId id) const { return owners_.at(id.index); }
  [[nodiscard]] const Stage& stage(StageId id) const { return stages_.at(id.index); }
  [[nodiscard]] const Outcome& outcome(OutcomeId id) const { return outcomes_.at(id.index); }
  [[nodiscard]] const Lever& lever(LeverId id) const { return levers_.at(id.index); }
  [[nodiscard]] const Transition& transition(TransitionId id) const { return transitions_.at(id.index); }
  // By name, throwing UnknownNameError with the nearest name.
  [[nodiscard]] const Owner& owner(std::string_view name) const;
  [[nodiscard]] const Stage& stage(std::string_view name) const;
  [[nodiscard]] const Outcome& outcome(std::string_view name) const;
  [[nodiscard]] const Lever& lever(std::string_view name) const;
  [[nodiscard]] const Transition& transition(std::string_view from, std::string_view to) const;
  [[nodiscard]] const Entry& entry(std::string_view stage, std::string_view channel = {}) const;
  [[nodiscard]] const View& view(std::string_view name) const;

  // Changing structure. Unknown names throw UnknownNameError; a new name that a part of that kind (for
  // stages and outcomes: of either) already has throws InvalidValueError; the funnel stays as it was.
  /// Replaces the part of that name, name included. References follow a new name: transitions, entries,
  /// influences, views, ownership, involved owners and the `by` of sources. The parts of an influenced
  /// transition keep their influences. O(size of the funnel) for a new name, else O(1).
  void replace_stage(std::string_view name, Stage stage);
  void replace_outcome(std::string_view name, Outcome outcome);
  void replace_owner(std::string_view name, Owner owner);
  void replace_lever(std::string_view name, Lever lever);
  void replace_transition(std::string_view from, std::string_view to, Transition transition);
  void replace_entry(std::string_view stage, std::string_view channel, Entry entry);
  void replace_view(std::string_view name, View view);
  void rename_stage(std::string_view name, std::string_view new_name);
  void rename_outcome(std::string_view name, std::string_view new_name);
  void rename_owner(std::string_view name, std::string_view new_name);
  void rename_lever(std::string_view name, std::string_view new_name);
  /// Renames several stages at once, so that names can be swapped. O(size of the funnel).
  void rename_stages(const std::map<std::string, std::string>& new_names);
  /// Sets the ownership of a stage or an outcome.
  void set_owner(std::string_view stage_or_outcome, Ownership owner);
  /// Removes a stage with its entries, influences and all transitions from and to it; the rates of
  /// removed transitions go to the drop-off of their source. O(size of the funnel), as every removal.
  void remove_stage(std::string_view name);
  /// Removes an outcome with the transitions to it and their influences.
  void remove_outcome(std::string_view name);
  /// Removes a transition with its influences; its rate goes to the drop-off of its source.
  void remove_transition(std::string_view from, std::string_view to);
  /// Removes an owner. What still names it then names an unknown owner, which `validate` lists; of Company
  /// and Outside that are still named only what was said of them goes.
  void remove_owner(std::string_view name);
  /// Removes a lever with its influences.
  void remove_lever(std::string_view name);
  void remove_influence(std::string_view lever, std::string_view from, std::string_view to);
  void remove_entry(std::string_view stage, std::string_view channel = {});
  void remove_view(std::string_view name);

  // One get, one set (parameter.hpp has the addresses). All throw UnknownNameError.
  /// The number at an address: the base rate, what is missing from the row for a drop-off that was
  /// not given (a missing mass below 1e-12 is 0), the sum of a volume group, the volume-weighted mean
  /// of an entry-cost group (the plain mean where there is no volume). NaN for a capacity or service
  /// level that is not set and an unknown lag. O(1), a row or a group O(its length).
  [[nodiscard]] double get(const Parameter& parameter) const;
  /// The number with its source; a group or a derived drop-off is `assumed` unless all parts agree on
  /// kind, n and by.
  [[nodiscard]] Number get_number(const Parameter& parameter) const;
  /// Sets it and nothing else of its row. A group scales its leaves in proportion, all of which get the
  /// source. A lag's mean keeps the coefficient of variation; from a zero mean the sd stays 0 (the
  /// family is kept); NaN makes a lag unknown and takes a capacity or service level away. A rate clears
  /// `observed`. Throws InvalidValueError: outside the range (rates, drop-offs and commissions [0, 1];
  /// lags, costs, volumes, capacities, service levels, fixed costs >= 0; levers > 0; discount rate > -1;
  /// all finite), the sd of a lag that has none of its own, a group that sums to 0 and has several leaves.
  void set(const Parameter& parameter, Number value);
  /// The leaf parameters of a group; a leaf is its own only leaf.
  [[nodiscard]] std::vector<Parameter> leaves(const Parameter& parameter) const;
  /// Every leaf parameter that has a number of its own, in order of insertion: stages (cost, value,
  /// commission, capacity and drop-off where given), outcomes, transitions (rate, known lag, lag_sd where
  /// it is free, cost, value, service level where given), entries, levers, elasticities, fixed costs, the
  /// discount rate. Of parts with the same name only the first.
  [[nodiscard]] std::vector<Parameter> parameters() const;
  /// Who owns a number (semantics: rate, lag, costs of a transition and a stage's numbers: the source
  /// stage's owners; a lever and its elasticities: the lever's; an entry: its own, else the stage's;
  /// an outcome's value: the outcome's; a fixed cost: its owner; empty = unowned). The shares of a group
  /// are the means over its leaves, weighted by volume.
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
  NameIndex owner_index_, stage_index_, outcome_index_, lever_index_, transition_index_, entry_index_,
      influence_index_;
  NameGroups exits_;          // transitions by source
  NameGroups stage_entries_;  // entries by stage

  /// Adds the standing owners that a part names and that are not there.
  void bring_standing_owners_of(const Stage& stage);
  void bring_standing_owners(const Ownership& ownership);
  void bring_standing_owner(std::string_view name);

  // Positions by names in normal form, or NameIndex::none.
  [[nodiscard]] std::uint32_t owner_at(std::string_view name) const;
  [[nodiscard]] std::uint32_t stage_at(std::string_view name) const;
  [[nodiscard]] std::uint32_t outcome_at(std::string_view name) const;
  [[nodiscard]] std::uint32_t lever_at(std::string_view name) const;
  [[nodiscard]] std::uint32_t transition_at(std::string_view from, std::string_view to) const;
  [[nodiscard]] std::uint32_t entry_at(std::string_view stage, std::string_view channel) const;
  [[nodiscard]] std::uint32_t influence_at(std::string_view lever, std::string_view from,
                                           std::string_view to) const;
  // The same from any text, throwing.
  [[nodiscard]] std::uint32_t need_owner(std::string_view name) const;
  [[nodiscard]] std::uint32_t need_stage(std::string_view name) const;
  [[nodiscard]] std::uint32_t need_outcome(std::string_view name) const;
  [[nodiscard]] std::uint32_t need_lever(std::string_view name) const;
  [[nodiscard]] std::uint32_t need_transition(std::string_view from, std::string_view to) const;
  [[nodiscard]] std::uint32_t need_entry(std::string_view stage, std::string_view channel) const;
  [[nodiscard]] std::uint32_t need_influence(std::string_view lever, std::string_view from,
                                             std::string_view to) const;
  [[nodiscard]] std::size_t need_view(std::string_view name) const;

  void index_owner(std::uint32_t position);
  void index_stage(std::uint32_t position);
  void index_outcome(std::uint32_t position);
  void index_transition(std::uint32_t position);
  void index_entry(std::uint32_t position);
  void index_lever(std::uint32_t position);
  void index_influence(std::uint32_t position);
  void reindex();

  void check_free(std::string_view name, bool is_outcome) const;
  void apply_stage_names(const std::map<std::string, std::string, std::less<>>& new_names);
  void apply_owner_name(const std::string& name, const std::string& new_name);
  template <class Pred>
  void erase_transitions(Pred&& leaves);

  template <class Visit>
  void visit_exits(std::string_view from, Visit&& visit) const;
  [[nodiscard]] Number derived_drop_off(std::string_view stage) const;
  [[nodiscard]] std::vector<std::uint32_t> group(const Parameter& parameter) const;
  [[nodiscard]] Number group_number(const Parameter& parameter) const;
  void set_group(const Parameter& parameter, const Number& value);
  [[nodiscard]] const Number* number_at(const Parameter& parameter) const;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/model/funnel_changes_inl.hpp>
#include <funnelgraph/model/funnel_inl.hpp>
#include <funnelgraph/model/funnel_lookup_inl.hpp>
#include <funnelgraph/model/funnel_numbers_inl.hpp>
#include <funnelgraph/model/funnel_parameters_inl.hpp>
#include <funnelgraph/model/funnel_removal_inl.hpp>
#endif
