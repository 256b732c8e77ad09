// Definitions of variant_plan.hpp: the numbers of all variants, recorded on a tape.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include <funnelgraph/chain/tape_builder.hpp>
#include <funnelgraph/model/tolerances.hpp>
#include <funnelgraph/whatif/detail/variant_plan.hpp>

namespace funnelgraph::inline v0::detail {

/// Donors that keep less than this part are left to the rule itself, which rounds it to nothing.
inline constexpr double least_left = 1e-14;

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
