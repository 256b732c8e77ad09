#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/apply_numbers_inl.hpp>
#include <funnelgraph/scenario/apply_rows_inl.hpp>
#include <funnelgraph/scenario/apply_structure_inl.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/row_change_inl.hpp>
#include <funnelgraph/scenario/scenario_inl.hpp>

namespace funnelgraph::inline v0 {

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
