// Leaf parameters by the positions of their parts, for whoever has the funnel at hand: nothing is looked up.
#pragma once

#include <cstdint>

#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

namespace detail {

/// Which number of which part: a position in the funnel's list of stages, outcomes, transitions, entries,
/// levers, influences or owners, as the kind says.
struct ParameterPlace {
  ParameterKind kind = ParameterKind::discount_rate;
  std::uint32_t position = 0;
  bool of_outcome = false;  ///< of a value or a commission: an outcome's, not a stage's
};

/// Calls `visit(place)` for every number of a leaf, in the order of `Funnel::parameters`. Of parts with the
/// same name, which no valid funnel has, all. A template only because
/// `Funnel` uses it itself.
template <class FunnelType, class Visit>
void each_parameter_place(const FunnelType& funnel, Visit&& visit) {
  using enum ParameterKind;
  const auto all = [](const auto& parts, auto&& of_part) {
    for (std::uint32_t i = 0; i < parts.size(); ++i) of_part(parts[i], i);
  };
  all(funnel.stages(), [&](const Stage& stage, std::uint32_t i) {
    for (const ParameterKind kind : {cost, value, commission}) visit(ParameterPlace{kind, i});
    if (stage.capacity) visit(ParameterPlace{capacity, i});
    if (stage.drop_off) visit(ParameterPlace{drop_off, i});
  });
  all(funnel.outcomes(), [&](const Outcome&, std::uint32_t i) {
    for (const ParameterKind kind : {value, commission}) visit(ParameterPlace{kind, i, true});
  });
  all(funnel.transitions(), [&](const Transition& transition, std::uint32_t i) {
    visit(ParameterPlace{rate, i});
    if (transition.lag.family != LagFamily::unknown) visit(ParameterPlace{lag, i});
    if (transition.lag.has_free_sd()) visit(ParameterPlace{lag_sd, i});
    for (const ParameterKind kind : {transition_cost, transition_value}) visit(ParameterPlace{kind, i});
    if (transition.service_level) visit(ParameterPlace{service_level, i});
  });
  all(funnel.entries(), [&](const Entry&, std::uint32_t i) {
    for (const ParameterKind kind : {volume, entry_cost}) visit(ParameterPlace{kind, i});
  });
  all(funnel.levers(), [&](const Lever&, std::uint32_t i) { visit(ParameterPlace{lever, i}); });
  all(funnel.influences(), [&](const Influence&, std::uint32_t i) { visit(ParameterPlace{elasticity, i}); });
  all(funnel.owners(), [&](const Owner&, std::uint32_t i) { visit(ParameterPlace{fixed_cost, i}); });
  visit(ParameterPlace{});
}

/// The address of what is there.
[[nodiscard]] Parameter parameter_at(const Funnel& funnel, ParameterPlace place);

}  // namespace detail

}  // namespace funnelgraph::inline v0
