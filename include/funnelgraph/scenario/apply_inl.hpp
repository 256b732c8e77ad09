#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/apply_structure_inl.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/row_change_inl.hpp>
#include <funnelgraph/scenario/scenario_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// 'Call within a day': scale rate(enquiry, order) by 1.2
[[nodiscard]] inline std::string told(const Change& change) {
  return (change.scenario.empty() ? std::string() : "'" + change.scenario + "': ") + to_string(change);
}

[[nodiscard]] inline std::optional<Interval> moved(const Number& base, ChangeKind kind, double by) {
  std::optional<Interval> interval = base.source.interval();
  if (!interval) return std::nullopt;
  if (kind == ChangeKind::shift) return Interval{interval->low + by, interval->high + by, interval->level};
  if (kind == ChangeKind::scale && by > 0) {
    return Interval{interval->low * by, interval->high * by, interval->level};
  }
  return std::nullopt;
}

/// The number `value` that a change made of `base`.
[[nodiscard]] inline Number made(double value, const Number& base, const NumberChange& change) {
  if (change.kind == ChangeKind::set) return {value, change.value.source};
  if (value == base.value) return base;
  const Source& said = change.value.source;
  SourceDetails details{said.kind(), said.n(), said.by(), moved(base, change.kind, change.value.value)};
  return {value, Source(std::move(details))};
}

/// What two sources agree on; never an interval.
[[nodiscard]] inline Source agreed_source(const Source& a, const Source& b) {
  const bool same_n = a.n() == b.n() || (std::isnan(a.n()) && std::isnan(b.n()));
  if (a.kind() != b.kind() || !same_n || a.by() != b.by()) return {};
  return Source(SourceDetails{a.kind(), a.n(), a.by(), std::nullopt});
}

/// All changes of one row, planned and carried out together.
class RowChanges {
 public:
  RowChanges(const Funnel& base, std::string stage) : base_(base), stage_(std::move(stage)) {
    static_cast<void>(base_.stage(stage_));
    for (const TransitionId id : base_.exits(stage_)) exits_.push_back(&base_.transition(id));
  }

  void add(const Change& change, const NumberChange& number, bool clip) {
    items_.push_back({&change, &number, exit_of(number.parameter), clip});
  }

  /// One number of the row is replaced, taking from nobody: then all of them must be.
  [[noreturn]] void refuse_beside(const Change& alone) const {
    throw ConflictError(alone.scenario, items_.front().change->scenario,
                        to_string(items_.front().number->parameter),
                        "in the row of " + stage_ + " one takes from nobody, the other from somebody");
  }

  void carry_out(Funnel& funnel, std::vector<Clipped>& notes) {
    std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) { return a.exit < b.exit; });
    const std::vector<double> masses = base_masses();
    const RowRule rule = planned();
    std::vector<double> values;
    for (const Item& item : items_) values.push_back(item.number->value.value);
    std::vector<double> row(masses.size());
    const RowResult result = rule.apply(masses, values, row);
    if (!result.possible()) {
      const Item& item = items_[result.impossible];
      throw ImpossibleChangeError(told(*item.change), shown(item.number->value.value), result.least,
                                  result.largest);
    }
    for (const Item& item : items_) note(item, masses, row, notes);
    for (double& mass : row) mass = std::min(mass, 1.0);  // rounding of sums
    write(funnel, masses, row);
  }

 private:
  struct Item {
    const Change* change;
    const NumberChange* number;
    std::uint32_t exit;
    bool clip;
  };

  [[nodiscard]] std::uint32_t drop_off_exit() const { return static_cast<std::uint32_t>(exits_.size()); }

  [[nodiscard]] std::uint32_t exit_to(const std::string& to) const {
    const auto found =
        std::find_if(exits_.begin(), exits_.end(), [&](const Transition* t) { return t->to == to; });
    return static_cast<std::uint32_t>(found - exits_.begin());
  }

  [[nodiscard]] std::uint32_t exit_of(const Parameter& parameter) const {
    if (parameter.kind() == ParameterKind::drop_off) return drop_off_exit();
    const std::uint32_t exit = exit_to(parameter.argument(1));
    if (exit == drop_off_exit())
      static_cast<void>(base_.transition(stage_, parameter.argument(1)));  // throws
    return exit;
  }

  [[nodiscard]] std::uint32_t donor_of(const Item& item) const {
    const std::string& name = item.number->take_from.name();
    if (name == "drop_off") return drop_off_exit();
    const std::uint32_t exit = exit_to(name);
    if (exit < drop_off_exit()) return exit;
    std::vector<std::string> names{"leak", "siblings", "drop_off"};
    for (const Transition* transition : exits_) names.push_back(transition->to);
    throw unknown_name("exit of " + stage_, name, names);
  }

  [[nodiscard]] bool is_leak(const Transition& transition) const {
    if (base_.find_stage(transition.to)) return false;
    const auto outcome = base_.find_outcome(transition.to);
    if (!outcome) return false;
    const OutcomeKind kind = base_.outcome(*outcome).kind;
    return kind == OutcomeKind::lost || kind == OutcomeKind::silent;
  }

  [[nodiscard]] std::vector<double> base_masses() const {
    std::vector<double> masses;
    for (std::size_t i = 0; i < exits_.size(); ++i) {
      const double mass = exits_[i]->rate.value;
      const std::string number = to_string(rate(stage_, exits_[i]->to));
      if (!(mass >= 0 && mass <= 1)) throw InvalidValueError(number, shown(mass), "[0, 1]");
      if (exit_to(exits_[i]->to) != i) {
        throw InvalidValueError(number, "a transition that stands twice", "one for each pair");
      }
      masses.push_back(mass);
    }
    const double missing = base_.get(drop_off(stage_));
    if (!(missing >= 0 && missing <= 1)) {
      throw InvalidValueError(to_string(drop_off(stage_)), shown(missing), "[0, 1]");
    }
    masses.push_back(missing);
    return masses;
  }

  [[nodiscard]] RowRule planned() const {
    std::vector<std::uint8_t> leaks;
    for (const Transition* transition : exits_) leaks.push_back(is_leak(*transition) ? 1 : 0);
    leaks.push_back(1);
    std::vector<RowTarget> targets;
    for (const Item& item : items_) {
      const TakeFrom& from = item.number->take_from;
      RowTarget target{.kind = item.number->kind, .exit = item.exit, .clip = item.clip};
      if (from.is_siblings() || (from.is_leak() && item.exit == drop_off_exit())) {
        target.from = Donors::siblings;
      } else if (!from.is_leak()) {
        target.from = Donors::one;
        target.donor = donor_of(item);
      }
      targets.push_back(target);
    }
    auto plan = RowRule::plan(leaks, targets);
    if (const auto* conflict = std::get_if<RowConflict>(&plan)) refuse(*conflict);
    return std::get<RowRule>(std::move(plan));
  }

  [[noreturn]] void refuse(const RowConflict& conflict) const {
    using Why = RowConflict::Why;
    const Item& first = items_[conflict.first];
    const Item& second = items_[conflict.second];
    std::string why;
    switch (conflict.why) {
      case Why::same_exit:
        why = "both change it";
        break;
      case Why::target_as_donor:
        why = to_string(first.number->parameter) + " takes from it, and a changed rate gives nothing";
        break;
      case Why::no_donor:
        why = "every exit that could give to " + to_string(first.number->parameter) + " is changed too";
        break;
      case Why::odds_and_numbers:
        why = "it shares donors with " + to_string(first.number->parameter) +
              ", and one scales odds, the other the rate: name different exits in take_from";
        break;
      case Why::partial_overlap:
        why = "the odds of " + to_string(first.number->parameter) +
              " are taken from some of the same exits: take both from the same ones, or from different ones";
    }
    throw ConflictError(first.change->scenario, second.change->scenario, to_string(second.number->parameter),
                        why);
  }

  void note(const Item& item, std::span<const double> masses, std::span<const double> row,
            std::vector<Clipped>& notes) const {
    const double before = masses[item.exit];
    const double by = item.number->value.value;
    const ChangeKind kind = item.number->kind;
    if (kind == ChangeKind::scale_odds) return;
    const double wanted = changed_number(kind, before, by);
    const double given = row[item.exit];
    if (!item.clip || given == wanted) return;
    notes.push_back({item.change->scenario, item.number->parameter, wanted, given,
                     told(*item.change) + " asks for " + shown(wanted) + " and gets " + shown(given) +
                         ": that is all that its donors can give"});
  }

  void write(Funnel& funnel, std::span<const double> masses, std::span<const double> row) const {
    std::vector<const NumberChange*> changed(masses.size(), nullptr);
    for (const Item& item : items_) changed[item.exit] = item.number;
    Source common = items_.front().number->value.source;
    for (const Item& item : items_) common = agreed_source(common, item.number->value.source);
    const bool given_drop_off = base_.stage(stage_).drop_off.has_value();
    for (std::uint32_t exit = 0; exit < masses.size(); ++exit) {
      const bool last = exit == drop_off_exit();
      const Parameter number = last ? drop_off(stage_) : rate(stage_, exits_[exit]->to);
      if (changed[exit] != nullptr) {
        Number now = made(row[exit], base_.get_number(number), *changed[exit]);
        if (changed[exit]->kind == ChangeKind::set || row[exit] != masses[exit]) {
          funnel.set(number, std::move(now));
        }
      } else if (row[exit] != masses[exit] && (!last || given_drop_off)) {
        funnel.set(number, {row[exit], agreed_source(base_.get_number(number).source, common)});
      }
    }
  }

  const Funnel& base_;
  std::string stage_;
  std::vector<const Transition*> exits_;
  std::vector<Item> items_;
};

/// A number that is of no row.
class PlainChange {
 public:
  PlainChange(const Funnel& base, const Change& change, const NumberChange& number, bool clip)
      : base_(base), change_(change), number_(number), clip_(clip) {}

  void carry_out(Funnel& funnel, std::vector<Clipped>& notes) const {
    const Parameter& parameter = number().parameter;
    const Number before = base().get_number(parameter);
    if (number().kind != ChangeKind::set) check_start(before.value);
    const double by = number().value.value;
    if (number().kind == ChangeKind::scale && parameter.without_channel()) {
      // Leaf by leaf, so that a group of nothing scales too.
      for (const Parameter& leaf : base().leaves(parameter)) {
        const Number old = base().get_number(leaf);
        assign(funnel, leaf, made(within(old.value * by, notes), old, number()));
      }
      return;
    }
    const double after = within(changed_number(number().kind, before.value, by), notes);
    // A deviation that keeps its value may have been moved by its mean.
    const bool moved = parameter.kind() == ParameterKind::lag_sd && funnel.get(parameter) != before.value;
    if (number().kind != ChangeKind::set && after == before.value && !moved) return;
    assign(funnel, parameter, made(after, before, number()));
  }

 private:
  [[nodiscard]] const Funnel& base() const { return base_; }
  [[nodiscard]] const Change& change() const { return change_; }
  [[nodiscard]] const NumberChange& number() const { return number_; }

  void check_start(double before) const {
    if (std::isnan(before)) {
      throw InvalidValueError(told(change()), "a number that is unknown or not set", "set only");
    }
    if (number().parameter.kind() == ParameterKind::lag && before == 0) {
      throw InvalidValueError(told(change()), "a mean of 0 days", "set only");
    }
  }

  [[nodiscard]] double within(double value, std::vector<Clipped>& notes) const {
    if (!clip_ || std::isnan(value)) return value;
    // An open end is no place to stop.
    const Range range = range_of(number().parameter.kind());
    const double low = range.open_low ? -std::numeric_limits<double>::infinity() : range.low;
    const double inside = std::clamp(value, low, range.high);
    if (inside != value) {
      notes.push_back({change().scenario, number().parameter, value, inside,
                       told(change()) + " asks for " + shown(value) + " and gets " + shown(inside) +
                           ", the end of the range"});
    }
    return inside;
  }

  void assign(Funnel& funnel, const Parameter& parameter, Number value) const {
    try {
      funnel.set(parameter, std::move(value));
    } catch (const InvalidValueError& error) {
      throw InvalidValueError(told(change()), error.given(), error.allowed());
    }
  }

  std::reference_wrapper<const Funnel> base_;
  std::reference_wrapper<const Change> change_;
  std::reference_wrapper<const NumberChange> number_;
  bool clip_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Applied apply_with_notes(const Funnel& funnel, const Scenario& scenario,
                                            const ApplyOptions& options) {
  if (options.at && !std::isfinite(*options.at))
    throw InvalidValueError("day to apply a scenario on", detail::shown(*options.at),
                            "a finite number of days, or none for every change");
  std::vector<Change> changes;
  for (const Change& change : scenario.changes()) {
    if (!options.at || change.on(*options.at)) changes.push_back(change);
  }
  const bool dated = std::any_of(changes.begin(), changes.end(),
                                 [](const Change& change) { return change.start || change.end; });
  if (dated) check_conflicts(changes, false);

  Applied applied{funnel};
  detail::apply_structure(applied.funnel, funnel, changes);

  // Every number starts from here: the base with the new structure.
  const bool restructured =
      std::any_of(scenario.changes().begin(), scenario.changes().end(),
                  [](const Change& change) { return !std::holds_alternative<NumberChange>(change.what); });
  const Funnel copy = restructured ? applied.funnel : Funnel();
  const Funnel& base = restructured ? copy : funnel;
  std::map<std::string, detail::RowChanges, std::less<>> rows;
  std::map<std::string, const Change*, std::less<>> alone;
  std::vector<detail::PlainChange> plain;
  std::vector<detail::PlainChange> deviations;
  for (const Change& change : changes) {
    const auto* number = std::get_if<NumberChange>(&change.what);
    if (number == nullptr) continue;
    const bool clip = options.clip || number->clip;
    const ParameterKind kind = number->parameter.kind();
    if (detail::is_of_a_row(kind)) {
      const std::string& stage = number->parameter.argument(0);
      if (!number->take_from.is_nobody()) {
        rows.try_emplace(stage, base, stage).first->second.add(change, *number, clip);
        continue;
      }
      alone.try_emplace(stage, &change);
    }
    // Deviations after the means, which move them.
    (kind == ParameterKind::lag_sd ? deviations : plain).emplace_back(base, change, *number, clip);
  }
  for (const auto& [stage, row] : rows) {
    if (const auto found = alone.find(stage); found != alone.end()) row.refuse_beside(*found->second);
  }
  for (const detail::PlainChange& change : plain) change.carry_out(applied.funnel, applied.notes);
  for (const detail::PlainChange& change : deviations) change.carry_out(applied.funnel, applied.notes);
  for (auto& [stage, row] : rows) row.carry_out(applied.funnel, applied.notes);
  return applied;
}

FUNNELGRAPH_INLINE Funnel apply(const Funnel& funnel, const Scenario& scenario, const ApplyOptions& options) {
  return apply_with_notes(funnel, scenario, options).funnel;
}

}  // namespace funnelgraph::inline v0
