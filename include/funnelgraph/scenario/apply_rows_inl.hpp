// Changes of rates and drop-offs, carried out a row at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/unknown_name.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/apply_numbers_inl.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/row_change.hpp>

namespace funnelgraph::inline v0::detail {

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

}  // namespace funnelgraph::inline v0::detail
