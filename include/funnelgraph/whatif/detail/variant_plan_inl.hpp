// Definitions of variant_plan.hpp: the numbers of one variant.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <funnelgraph/model/detail/missing_mass.hpp>
#include <funnelgraph/model/tolerances.hpp>
#include <funnelgraph/whatif/detail/variant_plan.hpp>

namespace funnelgraph::inline v0::detail {

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

}  // namespace funnelgraph::inline v0::detail
