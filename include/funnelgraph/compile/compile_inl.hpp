// Definitions of compile.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/model/validate.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Appends one row of shares; owners are looked up by name.
FUNNELGRAPH_INLINE void append_shares(OwnerShares& rows, const Funnel& funnel, const Ownership& ownership) {
  for (const OwnerShare& part : ownership.shares()) {
    const auto owner = funnel.find_owner(part.owner);
    if (!owner) {
      std::vector<std::string> names;
      for (const Owner& known : funnel.owners()) names.push_back(known.name);
      throw UnknownNameError("owner", part.owner, nearest_name(part.owner, names));
    }
    rows.owner.push_back(owner->index);
    rows.share.push_back(part.share);
  }
  rows.begin.push_back(static_cast<std::uint32_t>(rows.owner.size()));
}

FUNNELGRAPH_INLINE ExitKind exit_kind(OutcomeKind kind) noexcept {
  switch (kind) {
    case OutcomeKind::won:
      return ExitKind::won;
    case OutcomeKind::screened:
      return ExitKind::screened;
    case OutcomeKind::silent:
      return ExitKind::silent;
    case OutcomeKind::lost:
      break;
  }
  return ExitKind::lost;
}

FUNNELGRAPH_INLINE std::uint32_t stage_position(const Funnel& funnel, const std::string& name) {
  const auto found = funnel.find_stage(name);
  if (found) return found->index;
  return static_cast<std::uint32_t>(&funnel.stage(name) - funnel.stages().data());  // throws with the nearest
}

/// A stage's position, or the number of stages plus an outcome's.
FUNNELGRAPH_INLINE std::uint32_t target_position(const Funnel& funnel, const std::string& name) {
  if (const auto stage = funnel.find_stage(name)) return stage->index;
  if (const auto outcome = funnel.find_outcome(name))
    return static_cast<std::uint32_t>(funnel.stages().size()) + outcome->index;
  std::vector<std::string> names;
  for (const Stage& stage : funnel.stages()) names.push_back(stage.name);
  for (const Outcome& outcome : funnel.outcomes()) names.push_back(outcome.name);
  throw UnknownNameError("stage or outcome", name, nearest_name(name, names));
}

/// Stages with everything that belongs to them.
FUNNELGRAPH_INLINE void lower_stages(const Funnel& funnel, Compiled& out) {
  Chain& chain = out.chain;
  const auto stages = funnel.stages();
  const std::size_t n = stages.size();
  chain.stage_count = static_cast<std::uint32_t>(n);
  chain.stage_cost.reserve(n);
  chain.stage_value.reserve(n);
  chain.stage_commission.reserve(n);
  chain.capacity.reserve(n);
  chain.stage_owners.begin.reserve(n + 1);
  chain.stage_owners.owner.reserve(n);
  chain.stage_owners.share.reserve(n);
  out.labels.stages.reserve(n);
  out.labels.stage_units.reserve(n);
  out.layout.drop_off_given.assign(n, false);
  for (std::size_t i = 0; i < n; ++i) {
    const Stage& stage = stages[i];
    chain.stage_cost.push_back(stage.cost.value);
    chain.stage_value.push_back(stage.value.value);
    chain.stage_commission.push_back(stage.commission.value);
    chain.capacity.push_back(stage.capacity ? stage.capacity->value
                                            : std::numeric_limits<double>::quiet_NaN());
    append_shares(chain.stage_owners, funnel, stage.owner);
    out.labels.stages.push_back(stage.name);
    out.labels.stage_units.push_back(stage.unit);
    out.layout.drop_off_given[i] = stage.drop_off.has_value();
  }
}

/// Outcomes, owners and levers.
FUNNELGRAPH_INLINE void lower_others(const Funnel& funnel, Compiled& out) {
  Chain& chain = out.chain;
  chain.outcome_count = static_cast<std::uint32_t>(funnel.outcomes().size());
  for (const Outcome& outcome : funnel.outcomes()) {
    chain.outcome_kind.push_back(exit_kind(outcome.kind));
    chain.outcome_value.push_back(outcome.value.value);
    chain.outcome_commission.push_back(outcome.commission.value);
    append_shares(chain.outcome_owners, funnel, outcome.owner);
    out.labels.outcomes.push_back(outcome.name);
  }
  chain.owner_count = static_cast<std::uint32_t>(funnel.owners().size());
  for (const Owner& owner : funnel.owners()) {
    chain.fixed_cost.push_back(owner.fixed_cost.value);
    out.labels.owners.push_back(owner.name);
    out.labels.owner_roles.push_back(owner.role);
  }
  for (const Lever& lever : funnel.levers()) {
    chain.lever_value.push_back(lever.value.value);
    chain.lever_reference.push_back(lever.reference);
    out.labels.levers.push_back(lever.name);
  }
}

/// Transitions sorted by source (a counting sort: those of one stage keep the funnel's order).
FUNNELGRAPH_INLINE void lower_transitions(const Funnel& funnel, Compiled& out) {
  Chain& chain = out.chain;
  const auto transitions = funnel.transitions();
  const std::size_t n = chain.stage_count;
  const std::size_t count = transitions.size();
  std::vector<std::uint32_t> source(count);
  chain.row_begin.assign(n + 1, 0);
  for (std::size_t t = 0; t < count; ++t) {
    source[t] = stage_position(funnel, transitions[t].from);
    ++chain.row_begin[source[t] + 1];
  }
  for (std::size_t i = 0; i < n; ++i) chain.row_begin[i + 1] += chain.row_begin[i];
  std::vector<std::uint32_t> next(chain.row_begin.begin(), chain.row_begin.end() - 1);
  out.layout.edge_of_transition.resize(count);
  out.layout.transition_of_edge.resize(count);
  chain.target.resize(count);
  chain.base_rate.resize(count);
  chain.lag.resize(count);
  chain.edge_cost.resize(count);
  chain.edge_value.resize(count);
  chain.service_level.resize(count);
  for (std::size_t t = 0; t < count; ++t) {
    const Transition& transition = transitions[t];
    const std::uint32_t edge = next[source[t]]++;
    out.layout.edge_of_transition[t] = edge;
    out.layout.transition_of_edge[edge] = static_cast<std::uint32_t>(t);
    chain.target[edge] = target_position(funnel, transition.to);
    chain.base_rate[edge] = transition.rate.value;
    chain.lag[edge] = transition.lag.distribution();
    chain.edge_cost[edge] = transition.cost.value;
    chain.edge_value[edge] = transition.value.value;
    chain.service_level[edge] =
        transition.service_level ? transition.service_level->value : std::numeric_limits<double>::quiet_NaN();
  }
}

FUNNELGRAPH_INLINE double missing_from_row(const Chain& chain, std::uint32_t stage) {
  double sum = 0;
  double carry = 0;  // compensated, so that many small rates do not leave a false remainder
  for (std::uint32_t e = chain.row_begin[stage]; e < chain.row_begin[stage + 1]; ++e) {
    const double rate = chain.base_rate[e];
    const double next = sum + rate;
    carry += sum >= rate ? (sum - next) + rate : (rate - next) + sum;
    sum = next;
  }
  const double missing = (1 - sum) - carry;
  return missing < rounding_mass ? 0 : missing;
}

/// The drop-off of every stage: as given, else what the rates leave.
FUNNELGRAPH_INLINE void lower_drop_off(const Funnel& funnel, Chain& chain) {
  chain.base_drop_off.resize(chain.stage_count);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    const auto& given = funnel.stages()[i].drop_off;
    chain.base_drop_off[i] = given ? given->value : missing_from_row(chain, i);
  }
}

FUNNELGRAPH_INLINE void lower_entries(const Funnel& funnel, Chain& chain) {
  const auto entries = funnel.entries();
  chain.entries.reserve(entries.size());
  for (const Entry& entry : entries) {
    const std::uint32_t stage = stage_position(funnel, entry.stage);
    chain.entries.push_back({stage, entry.volume.value, entry.cost.value});
    append_shares(chain.entry_owners, funnel,
                  entry.owner.empty() ? funnel.stages()[stage].owner : entry.owner);
  }
}

FUNNELGRAPH_INLINE void lower_influences(const Funnel& funnel, Compiled& out) {
  for (const Influence& influence : funnel.influences()) {
    const auto lever = funnel.find_lever(influence.lever);
    const std::uint32_t position =
        lever ? lever->index
              : static_cast<std::uint32_t>(&funnel.lever(influence.lever) - funnel.levers().data());
    const auto transition = funnel.find_transition(influence.from, influence.to);
    const std::uint32_t t =
        transition ? transition->index
                   : static_cast<std::uint32_t>(&funnel.transition(influence.from, influence.to) -
                                                funnel.transitions().data());
    out.chain.influences.push_back({out.layout.edge_of_transition[t], position, influence.elasticity.value});
  }
}

FUNNELGRAPH_INLINE Compiled lower(const Funnel& funnel) {
  Compiled out;
  lower_stages(funnel, out);
  lower_others(funnel, out);
  lower_transitions(funnel, out);
  lower_drop_off(funnel, out.chain);
  lower_entries(funnel, out.chain);
  lower_influences(funnel, out);
  out.chain.discount_rate = funnel.info().discount_rate.value;
  return out;
}

FUNNELGRAPH_INLINE InputRef input_at(const Compiled& compiled, ParameterPlace place) noexcept {
  const std::uint32_t i = place.position;
  const auto edge = [&] { return compiled.layout.edge_of_transition[i]; };
  switch (place.kind) {
    case ParameterKind::rate:
      return {Input::base_rate, edge()};
    case ParameterKind::drop_off:
      return {Input::base_drop_off, i};
    case ParameterKind::lag:
      return {Input::lag_mean, edge()};
    case ParameterKind::lag_sd:
      return {Input::lag_sd, edge()};
    case ParameterKind::cost:
      return {Input::stage_cost, i};
    case ParameterKind::value:
      return {place.of_outcome ? Input::outcome_value : Input::stage_value, i};
    case ParameterKind::commission:
      return {place.of_outcome ? Input::outcome_commission : Input::stage_commission, i};
    case ParameterKind::transition_cost:
      return {Input::edge_cost, edge()};
    case ParameterKind::transition_value:
      return {Input::edge_value, edge()};
    case ParameterKind::volume:
      return {Input::entry_volume, i};
    case ParameterKind::entry_cost:
      return {Input::entry_cost, i};
    case ParameterKind::capacity:
      return {Input::capacity, i};
    case ParameterKind::service_level:
      return {Input::service_level, edge()};
    case ParameterKind::lever:
      return {Input::lever_value, i};
    case ParameterKind::elasticity:
      return {Input::elasticity, i};
    case ParameterKind::fixed_cost:
      return {Input::fixed_cost, i};
    case ParameterKind::discount_rate:
      break;
  }
  return {Input::discount_rate, 0};
}

FUNNELGRAPH_INLINE void require_valid(const Funnel& funnel) {
  std::vector<Issue> issues = validate(funnel);
  if (std::any_of(issues.begin(), issues.end(),
                  [](const Issue& issue) { return issue.severity == Severity::error; }))
    throw InvalidFunnelError(std::move(issues));
}

/// The position of the entry that a volume or an entry cost names.
FUNNELGRAPH_INLINE std::uint32_t entry_position(const Funnel& funnel, const Parameter& leaf) {
  if (leaf.without_channel()) {
    const std::vector<Parameter> leaves = funnel.leaves(leaf);
    if (leaves.size() == 1) return entry_position(funnel, leaves.front());
    throw InvalidValueError(to_string(leaf), "a group of " + std::to_string(leaves.size()) + " channels",
                            "one of its leaves");
  }
  const std::string channel = leaf.arguments().size() < 2 ? std::string() : leaf.argument(1);
  if (const auto found = funnel.find_entry(leaf.argument(0), channel))
    return static_cast<std::uint32_t>(*found);
  return static_cast<std::uint32_t>(&funnel.entry(leaf.argument(0), channel) - funnel.entries().data());
}

FUNNELGRAPH_INLINE std::uint32_t influence_position(const Funnel& funnel, const Parameter& leaf) {
  if (const auto found = funnel.find_influence(leaf.argument(0), leaf.argument(1), leaf.argument(2)))
    return static_cast<std::uint32_t>(*found);
  (void)funnel.lever(leaf.argument(0));
  (void)funnel.transition(leaf.argument(1), leaf.argument(2));
  throw UnknownNameError("influence", to_string(leaf), "");
}

}  // namespace detail

FUNNELGRAPH_INLINE Compiled compile(const Funnel& funnel) {
  detail::require_valid(funnel);
  Compiled out = detail::lower(funnel);
  refresh(out.chain);
  return out;
}

FUNNELGRAPH_INLINE InputRef input_of(const Compiled& compiled, const Funnel& funnel, const Parameter& leaf) {
  const auto edge = [&](std::size_t first) {
    const auto found = funnel.find_transition(leaf.argument(first), leaf.argument(first + 1));
    const auto t =
        found
            ? found->index
            : static_cast<std::uint32_t>(&funnel.transition(leaf.argument(first), leaf.argument(first + 1)) -
                                         funnel.transitions().data());
    return compiled.layout.edge_of_transition.at(t);
  };
  const auto stage = [&] { return detail::stage_position(funnel, leaf.argument(0)); };
  const auto stage_or_outcome = [&](Input of_stage, Input of_outcome) -> InputRef {
    const std::uint32_t position = detail::target_position(funnel, leaf.argument(0));
    const std::uint32_t stages = compiled.chain.stage_count;
    if (position < stages) return {of_stage, position};
    return {of_outcome, position - stages};
  };
  switch (leaf.kind()) {
    case ParameterKind::rate:
      return {Input::base_rate, edge(0)};
    case ParameterKind::drop_off:
      return {Input::base_drop_off, stage()};
    case ParameterKind::lag:
      return {Input::lag_mean, edge(0)};
    case ParameterKind::lag_sd:
      return {Input::lag_sd, edge(0)};
    case ParameterKind::cost:
      return {Input::stage_cost, stage()};
    case ParameterKind::value:
      return stage_or_outcome(Input::stage_value, Input::outcome_value);
    case ParameterKind::commission:
      return stage_or_outcome(Input::stage_commission, Input::outcome_commission);
    case ParameterKind::transition_cost:
      return {Input::edge_cost, edge(0)};
    case ParameterKind::transition_value:
      return {Input::edge_value, edge(0)};
    case ParameterKind::volume:
      return {Input::entry_volume, detail::entry_position(funnel, leaf)};
    case ParameterKind::entry_cost:
      return {Input::entry_cost, detail::entry_position(funnel, leaf)};
    case ParameterKind::capacity:
      return {Input::capacity, stage()};
    case ParameterKind::service_level:
      return {Input::service_level, edge(0)};
    case ParameterKind::lever: {
      const Lever& found = funnel.lever(leaf.argument(0));
      return {Input::lever_value, static_cast<std::uint32_t>(&found - funnel.levers().data())};
    }
    case ParameterKind::elasticity:
      return {Input::elasticity, detail::influence_position(funnel, leaf)};
    case ParameterKind::fixed_cost: {
      const Owner& found = funnel.owner(leaf.argument(0));
      return {Input::fixed_cost, static_cast<std::uint32_t>(&found - funnel.owners().data())};
    }
    case ParameterKind::discount_rate:
      break;
  }
  return {Input::discount_rate, 0};
}

}  // namespace funnelgraph::inline v0
