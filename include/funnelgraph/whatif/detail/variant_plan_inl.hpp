// Definitions of variant_plan.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/model/detail/missing_mass.hpp>
#include <funnelgraph/model/detail/parameter_range.hpp>
#include <funnelgraph/model/tolerances.hpp>
#include <funnelgraph/whatif/detail/variant_plan.hpp>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <variant>

namespace funnelgraph::inline v0::detail {

/// Donors that keep less than this part are left to the rule itself, which rounds it to nothing.
inline constexpr double least_left = 1e-14;

FUNNELGRAPH_INLINE double neutral_number(ChangeKind kind, double before) noexcept {
  if (kind == ChangeKind::set) return before;
  return kind == ChangeKind::shift ? 0 : 1;
}

class VariantPlanner {
 public:
  VariantPlanner(const Funnel& base, const Compiled& compiled, std::span<const Varied> varied,
                 const VariantOptions& options)
      : base_(base), compiled_(compiled), varied_(varied), options_(options) {}

  [[nodiscard]] VariantPlan made() {
    plan_.fit_rows = options_.fit_rows;
    plan_.stages = chain().stage_count;
    std::map<std::uint32_t, std::vector<std::uint32_t>> rows;
    for (std::uint32_t k = 0; k < varied_.size(); ++k) {
      const Varied& varied = varied_[k];
      plan_.neutral.push_back(neutral_number(varied.kind, base_.get(varied.parameter)));
      if (is_of_a_row(varied.parameter.kind()))
        rows[base_.find_stage(varied.parameter.argument(0))->index].push_back(k);
      else
        add_number(k);
    }
    for (const auto& [stage, columns] : rows) {
      varied_[columns.front()].take_from.is_nobody() ? add_loose_row(stage, columns)
                                                     : add_row(stage, columns);
    }
    return std::move(plan_);
  }

 private:
  [[nodiscard]] const Chain& chain() const noexcept { return compiled_.chain; }

  std::uint32_t input(InputRef ref) {
    plan_.varied.push_back(ref);
    return static_cast<std::uint32_t>(plan_.varied.size() - 1);
  }

  void add_number(std::uint32_t column) {
    const Parameter& parameter = varied_[column].parameter;
    VariantNumber number{.column = column,
                         .kind = varied_[column].kind,
                         .before = base_.get(parameter),
                         .range = range_of(parameter.kind())};
    if (number.kind != ChangeKind::set) number.range.may_be_unset = false;
    if (parameter.kind() == ParameterKind::discount_rate) {
      number.range.low = 0;  // an analysis does not compound money
      number.range.open_low = false;
      number.ignored = options_.analysis.discount_rate.has_value();
      if (number.ignored) {
        plan_.numbers.push_back(std::move(number));
        return;
      }
    }
    for (const Parameter& leaf : base_.leaves(parameter)) {
      number.inputs.push_back(input(input_of(compiled_, base_, leaf)));
      number.leaves.push_back(base_.get(leaf));
    }
    plan_.numbers.push_back(std::move(number));
  }

  [[nodiscard]] std::vector<double> masses(std::uint32_t stage) const {
    const auto begin = chain().base_rate.begin();
    std::vector<double> masses(begin + chain().row_begin[stage], begin + chain().row_begin[stage + 1]);
    masses.push_back(base_.get(drop_off(compiled_.labels.stages[stage])));
    return masses;
  }

  /// Every exit of the row becomes a varied input.
  [[nodiscard]] std::vector<std::uint32_t> exits(std::uint32_t stage) {
    std::vector<std::uint32_t> inputs;
    for (std::uint32_t e = chain().row_begin[stage]; e < chain().row_begin[stage + 1]; ++e)
      inputs.push_back(input({Input::base_rate, e}));
    inputs.push_back(input({Input::base_drop_off, stage}));
    return inputs;
  }

  [[nodiscard]] std::uint32_t exit_to(std::uint32_t stage, const std::string& to) const {
    const std::uint32_t first = chain().row_begin[stage];
    return compiled_.layout
               .edge_of_transition[base_.find_transition(compiled_.labels.stages[stage], to)->index] -
           first;
  }

  [[nodiscard]] std::uint32_t exit_of(std::uint32_t stage, const Parameter& parameter) const {
    if (parameter.kind() == ParameterKind::drop_off)
      return chain().row_begin[stage + 1] - chain().row_begin[stage];
    return exit_to(stage, parameter.argument(1));
  }

  void add_row(std::uint32_t stage, std::vector<std::uint32_t> columns) {
    const std::uint32_t first = chain().row_begin[stage];
    const std::uint32_t last = chain().row_begin[stage + 1] - first;
    std::vector<std::uint8_t> leaks;
    for (std::uint32_t exit = 0; exit < last; ++exit) {
      const std::uint32_t to = chain().target[first + exit];
      const bool lost =
          to >= chain().stage_count && (chain().outcome_kind[to - chain().stage_count] == ExitKind::lost ||
                                        chain().outcome_kind[to - chain().stage_count] == ExitKind::silent);
      leaks.push_back(lost ? 1 : 0);
    }
    leaks.push_back(1);
    VariantRow row;
    std::sort(columns.begin(), columns.end(), [&](std::uint32_t a, std::uint32_t b) {
      return exit_of(stage, varied_[a].parameter) < exit_of(stage, varied_[b].parameter);
    });
    std::vector<RowTarget> targets;
    for (const std::uint32_t column : columns) {
      const Varied& varied = varied_[column];
      RowTarget target{.kind = varied.kind, .exit = exit_of(stage, varied.parameter)};
      const TakeFrom& from = varied.take_from;
      if (from.is_siblings() || (from.is_leak() && target.exit == last)) {
        target.from = Donors::siblings;
      } else if (!from.is_leak()) {
        target.from = Donors::one;
        target.donor = from.name() == "drop_off" ? last : exit_to(stage, from.name());
      }
      targets.push_back(target);
    }
    row.rule = std::get<RowRule>(RowRule::plan(leaks, targets));
    if (options_.fit_rows) {
      for (RowTarget& target : targets) target.clip = true;
      row.fitted = std::get<RowRule>(RowRule::plan(leaks, targets));
    }
    row.stage = stage;
    row.masses = masses(stage);
    row.columns = std::move(columns);
    row.inputs = exits(stage);
    row.given_drop_off = base_.stages()[stage].drop_off.has_value() ||
                         std::any_of(row.columns.begin(), row.columns.end(), [&](std::uint32_t column) {
                           return varied_[column].parameter.kind() == ParameterKind::drop_off;
                         });
    plan_.rows.push_back(std::move(row));
  }

  void add_loose_row(std::uint32_t stage, const std::vector<std::uint32_t>& columns) {
    VariantLooseRow row;
    row.given_drop_off = base_.stages()[stage].drop_off.has_value();
    for (const std::uint32_t column : columns) {
      const Varied& varied = varied_[column];
      row.changed.push_back({exit_of(stage, varied.parameter), column, varied.kind});
      row.given_drop_off = row.given_drop_off || varied.parameter.kind() == ParameterKind::drop_off;
    }
    row.masses = masses(stage);
    row.inputs = exits(stage);
    plan_.loose_rows.push_back(std::move(row));
  }

  const Funnel& base_;
  const Compiled& compiled_;
  std::span<const Varied> varied_;
  const VariantOptions& options_;
  VariantPlan plan_;
};

FUNNELGRAPH_INLINE VariantPlan plan_variants(const Funnel& base, const Compiled& compiled,
                                             std::span<const Varied> varied, const VariantOptions& options) {
  return VariantPlanner(base, compiled, varied, options).made();
}

FUNNELGRAPH_INLINE bool VariantPlan::write(const VariantNumber& number, double given,
                                           std::span<double> inputs) const {
  if (number.kind == ChangeKind::scale_odds && !(given > 0 && std::isfinite(given))) return false;
  if (number.kind == ChangeKind::scale && number.group()) {
    if (!std::isfinite(given)) return false;
    for (std::size_t i = 0; i < number.leaves.size(); ++i) {
      const double value = number.leaves[i] * given;
      if (!number.range.holds(value)) return false;
      inputs[number.inputs[i]] = value;
    }
    return true;
  }
  const double value = changed_number(number.kind, number.before, given);
  if (!number.range.holds(value)) return false;
  if (!number.group()) {
    if (!number.ignored) inputs[number.inputs[0]] = value;
    return true;
  }
  const bool all_zero =
      std::all_of(number.leaves.begin(), number.leaves.end(), [](double leaf) { return leaf == 0; });
  if (!(number.before > 0) && !(all_zero && value == 0)) return false;
  for (std::size_t i = 0; i < number.leaves.size(); ++i)
    inputs[number.inputs[i]] = number.before > 0 ? number.leaves[i] * value / number.before : 0.0;
  return true;
}

FUNNELGRAPH_INLINE VariantStatus VariantPlan::write(const VariantRow& row, std::span<const double> given,
                                                    std::span<double> inputs) const {
  constexpr std::size_t few = 32;
  double values_few[few];
  double masses_few[few];
  std::vector<double> many;
  const std::size_t targets = row.columns.size();
  const std::size_t exits = row.masses.size();
  if (targets + exits > few) many.resize(targets + exits);
  const std::span<double> values(many.empty() ? values_few : many.data(), targets);
  const std::span<double> masses(many.empty() ? masses_few : many.data() + targets, exits);
  for (std::size_t t = 0; t < targets; ++t) {
    const RowTarget& target = row.rule->targets()[t];
    values[t] = given[row.columns[t]];
    if (!std::isfinite(values[t])) return VariantStatus::out_of_range;
    const bool odds = target.kind == ChangeKind::scale_odds;
    const double wanted = odds ? values[t] : changed_number(target.kind, row.masses[target.exit], values[t]);
    if (odds ? !(wanted > 0) : !(wanted >= 0)) return VariantStatus::out_of_range;
  }
  VariantStatus status = VariantStatus::ok;
  if (!row.rule->apply(row.masses, values, masses).possible()) {
    if (!row.fitted) return VariantStatus::impossible;
    if (!row.fitted->apply(row.masses, values, masses).possible()) return VariantStatus::impossible;
    status = VariantStatus::fitted;
  }
  for (std::size_t exit = 0; exit < exits; ++exit) inputs[row.inputs[exit]] = std::min(masses[exit], 1.0);
  double& missing = inputs[row.inputs.back()];
  if (!row.given_drop_off && missing < rounding_mass) missing = 0;
  return status;
}

FUNNELGRAPH_INLINE VariantStatus VariantPlan::write(const VariantLooseRow& row, std::span<const double> given,
                                                    std::span<double> inputs) const {
  for (std::size_t exit = 0; exit < row.masses.size(); ++exit) inputs[row.inputs[exit]] = row.masses[exit];
  for (const VariantLooseRow::Changed& changed : row.changed) {
    const double value = changed_number(changed.kind, row.masses[changed.exit], given[changed.column]);
    if (!(value >= 0 && value <= 1)) return VariantStatus::out_of_range;
    inputs[row.inputs[changed.exit]] = value;
  }
  MissingMass missing;
  double sum = 0;
  for (std::size_t exit = 0; exit + 1 < row.masses.size(); ++exit) {
    missing.take(inputs[row.inputs[exit]]);
    sum += inputs[row.inputs[exit]];
  }
  double& rest = inputs[row.inputs.back()];
  if (!row.given_drop_off) {
    rest = missing.value();
    if (sum <= 1 + row_sum_tolerance) return VariantStatus::ok;
  } else if (std::abs(sum + rest - 1) <= row_sum_tolerance) {
    return VariantStatus::ok;
  }
  return fit_rows && sum > 0 ? VariantStatus::fitted : VariantStatus::impossible;  // the row is normalised
}

FUNNELGRAPH_INLINE VariantStatus VariantPlan::inputs_of(std::span<const double> numbers_given,
                                                        std::span<double> inputs) const {
  for (const VariantNumber& number : numbers) {
    if (!write(number, numbers_given[number.column], inputs)) return VariantStatus::out_of_range;
  }
  VariantStatus status = VariantStatus::ok;
  const auto worse = [&](VariantStatus of_row) {
    // Out of range before impossible before fitted, whatever the order of the rows.
    const auto rank = [](VariantStatus s) {
      return s == VariantStatus::out_of_range ? 3 : s == VariantStatus::impossible ? 2 : static_cast<int>(s);
    };
    if (rank(of_row) > rank(status)) status = of_row;
  };
  for (const VariantRow& row : rows) worse(write(row, numbers_given, inputs));
  for (const VariantLooseRow& row : loose_rows) worse(write(row, numbers_given, inputs));
  return status;
}

// ---- on a tape ----------------------------------------------------------------------------------------

/// As `changed_number`.
[[nodiscard]] inline TapeValue changed_value(TapeBuilder& tape, ChangeKind kind, double before,
                                             TapeValue given) {
  switch (kind) {
    case ChangeKind::set:
      return given;
    case ChangeKind::scale:
      if (before == 0)
        tape.check(given, -std::numeric_limits<double>::max(), std::numeric_limits<double>::max());
      return tape.product(before, given);
    case ChangeKind::shift: {
      const TapeTerm shift{given};
      return tape.sum(before, {&shift, 1});
    }
    case ChangeKind::scale_odds:
      break;
  }
  const TapeTerm with{given, before};
  return tape.quotient(tape.product(before, given), tape.sum(1 - before, {&with, 1}));
}

FUNNELGRAPH_INLINE void VariantPlan::record(const VariantNumber& number, TapeBuilder& tape, TapeValue given,
                                            LaneInputs& inputs) const {
  constexpr double most = std::numeric_limits<double>::max();
  // What may be unset is left to the plain way where it is.
  const double low = number.range.open_low ? std::nextafter(number.range.low, most) : number.range.low;
  const double high = std::min(number.range.high, most);
  if (number.kind == ChangeKind::scale_odds)
    tape.check(given, std::numeric_limits<double>::denorm_min(), most);
  if (number.kind == ChangeKind::scale && number.group()) {
    tape.check(given, -most, most);
    for (std::size_t i = 0; i < number.leaves.size(); ++i) {
      const TapeValue value = tape.product(number.leaves[i], given);
      tape.check(value, low, high);
      inputs.values[number.inputs[i]] = value;
    }
    return;
  }
  const TapeValue value = changed_value(tape, number.kind, number.before, given);
  tape.check(value, low, high);
  if (!number.group()) {
    if (!number.ignored) inputs.values[number.inputs[0]] = value;
    return;
  }
  if (!(number.before > 0)) tape.check(value, 0, 0);  // nothing to scale in proportion
  for (std::size_t i = 0; i < number.leaves.size(); ++i) {
    inputs.values[number.inputs[i]] =
        number.before > 0 ? tape.product(value, number.leaves[i] / number.before) : TapeValue(0.0);
  }
}

FUNNELGRAPH_INLINE bool VariantPlan::record(const VariantRow& row, TapeBuilder& tape,
                                            std::span<const TapeValue> given, LaneInputs& inputs) const {
  constexpr double most = std::numeric_limits<double>::max();
  const RowRule& rule = *row.rule;
  const std::size_t exits = row.masses.size();
  struct Taken {
    TapeValue after;
    double before, held;  // of the one that takes, and of all that give
    bool operator==(const Taken& other) const noexcept {
      return after.column == other.after.column && after.number == other.after.number &&
             before == other.before && held == other.held;
    }
  };
  std::vector<std::vector<Taken>> taken(exits);
  std::vector<TapeValue> masses(row.masses.begin(), row.masses.end());
  std::vector<std::uint8_t> odds_done(exits, 0);
  // A drop-off that is what is missing, and less than rounding, is none: left to the plain way.
  const double least_drop_off =
      row.given_drop_off || row.masses.back() == 0 ? 0 : rounding_mass / row.masses.back();
  for (std::size_t t = 0; t < row.columns.size(); ++t) {
    const RowTarget& target = rule.targets()[t];
    const TapeValue number = given[row.columns[t]];
    double held = 0;
    for (const std::uint32_t donor : rule.donors(t)) held += row.masses[donor];
    if (target.kind == ChangeKind::scale_odds) {
      tape.check(number, std::numeric_limits<double>::denorm_min(), most);
      if (odds_done[target.exit] != 0) continue;  // solved with an earlier one
      // Those with the same donors, jointly: weights k p, donors as they are, the sum kept.
      double kept = held;
      std::vector<TapeTerm> weights;
      std::vector<std::size_t> joint;
      for (std::size_t other = t; other < row.columns.size(); ++other) {
        const RowTarget& also = rule.targets()[other];
        const auto a = rule.donors(t);
        const auto b = rule.donors(other);
        if (also.kind != ChangeKind::scale_odds || !std::equal(a.begin(), a.end(), b.begin(), b.end()))
          continue;
        kept += row.masses[also.exit];
        weights.push_back({given[row.columns[other]], row.masses[also.exit]});
        joint.push_back(other);
      }
      if (!(kept > 0)) return false;
      const TapeValue factor = tape.quotient(kept, tape.sum(held, weights));
      for (const std::size_t other : joint) {
        const std::uint32_t exit = rule.targets()[other].exit;
        masses[exit] = tape.product(tape.product(row.masses[exit], given[row.columns[other]]), factor);
        odds_done[exit] = 1;
      }
      if (rule.donors(t).back() + 1 == exits) tape.check(factor, least_drop_off);
      for (const std::uint32_t donor : rule.donors(t))
        masses[donor] = tape.product(row.masses[donor], factor);
      continue;
    }
    const double before = row.masses[target.exit];
    const TapeValue after = changed_value(tape, target.kind, before, number);
    masses[target.exit] = after;
    if (held > 0) {
      for (const std::uint32_t donor : rule.donors(t)) taken[donor].push_back({after, before, held});
    } else {
      tape.check(after, before, before);  // who holds nothing gives nothing
    }
  }
  // What is left of each donor: itself where it is alone, else the part that those of one set have in common.
  const auto left_of = [&](std::size_t exit, double whole) {
    std::vector<TapeDifference> terms;
    for (const Taken& by : taken[exit]) terms.push_back({by.after, by.before, -(whole / by.held)});
    return tape.guarded_sum(whole, terms, whole * std::max(least_left, least_drop_off));
  };
  for (std::size_t exit = 0; exit < exits; ++exit) {
    if (taken[exit].empty()) continue;
    std::vector<std::size_t> set;
    for (std::size_t other = exit; other < exits; ++other) {
      if (taken[other] == taken[exit]) set.push_back(other);
    }
    const bool alone = set.size() == 1;
    const TapeValue left = left_of(exit, alone ? row.masses[exit] : 1);
    for (const std::size_t member : set) {
      masses[member] = alone ? left : tape.product(row.masses[member], left);
      if (member != exit) taken[member].clear();
    }
  }
  double total = 0;
  for (const double mass : row.masses) total += mass;
  for (std::size_t exit = 0; exit < exits; ++exit) inputs.values[row.inputs[exit]] = masses[exit];
  // Sums above 1 are cut where a rate reaches 1: left to the adding up.
  if (total <= 1 + 1e-15) inputs.row_total[row.stage] = total;
  return true;
}

FUNNELGRAPH_INLINE void VariantPlan::record(const VariantLooseRow& row, TapeBuilder& tape,
                                            std::span<const TapeValue> given, LaneInputs& inputs) const {
  std::vector<TapeValue> masses(row.masses.begin(), row.masses.end());
  for (const VariantLooseRow::Changed& changed : row.changed) {
    const TapeValue value =
        changed_value(tape, changed.kind, row.masses[changed.exit], given[changed.column]);
    tape.check(value, 0, 1);
    masses[changed.exit] = value;
  }
  const std::span<const TapeValue> rates(masses.data(), masses.size() - 1);
  // Half the tolerance: a variant near its end is in doubt, not wrong.
  constexpr double near = row_sum_tolerance / 2;
  const TapeValue rest = tape.missing(rates);
  if (row.given_drop_off) {
    const TapeTerm given_one{masses.back(), -1.0};
    const TapeValue off = tape.sum(rest, {&given_one, 1});
    tape.check(off, -near, near);
  } else {
    tape.check(rest, -near);
    masses.back() = tape.at_least(rest, rounding_mass);
  }
  for (std::size_t exit = 0; exit < masses.size(); ++exit) inputs.values[row.inputs[exit]] = masses[exit];
}

FUNNELGRAPH_INLINE std::optional<LaneInputs> VariantPlan::record(TapeBuilder& tape,
                                                                 std::span<const TapeValue> columns) const {
  LaneInputs inputs{.values = std::vector<TapeValue>(varied.size()),
                    .row_total = std::vector<double>(stages, std::numeric_limits<double>::quiet_NaN())};
  for (const VariantNumber& number : numbers) record(number, tape, columns[number.column], inputs);
  for (const VariantRow& row : rows) {
    if (!record(row, tape, columns, inputs)) return std::nullopt;
  }
  for (const VariantLooseRow& row : loose_rows) record(row, tape, columns, inputs);
  return inputs;
}

}  // namespace funnelgraph::inline v0::detail
