// Definitions of strength.hpp.
#pragma once

#include <cmath>
#include <utility>
#include <variant>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/whatif/strength.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

[[nodiscard]] inline double part_of_way(const NumberChange& change, const Funnel& base, double strength) {
  const double value = change.value.value;
  switch (change.kind) {
    case ChangeKind::scale:
      return 1 + strength * (value - 1);
    case ChangeKind::shift:
      return strength * value;
    case ChangeKind::scale_odds:
      return std::pow(value, strength);
    case ChangeKind::set:
      break;
  }
  try {
    const double before = base.get(change.parameter);
    return std::isnan(before) || std::isnan(value) ? value : before + strength * (value - before);
  } catch (const UnknownNameError&) {  // of a part that the scenario brings
    return value;
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE Scenario at_strength(const Scenario& scenario, const Funnel& base, double strength) {
  if (!(strength >= 0 && strength <= 1))
    throw InvalidValueError("strength of a scenario", detail::shown(strength), "[0, 1]");
  if (strength == 1) return scenario;
  std::vector<Change> changes(scenario.changes().begin(), scenario.changes().end());
  for (Change& change : changes) {
    auto* number = std::get_if<NumberChange>(&change.what);
    if (number == nullptr) continue;
    number->value = Number(detail::part_of_way(*number, base, strength), number->value.source);
  }
  return {scenario.name(), scenario.description(), std::move(changes)};
}

}  // namespace funnelgraph::inline v0
