#pragma once

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/kpi/detail/service_rules.hpp>
#include <funnelgraph/kpi/service_levels.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/ownership.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::vector<TransitionLevel> service_levels(const Funnel& funnel,
                                                               std::span<const ServiceLevel> rules) {
  std::vector<std::pair<const Transition*, double>> wanted;
  for (const ServiceLevel& rule : rules) {
    detail::check_rule(rule);
    if (rule.promise != Promise::answer) {
      throw InvalidValueError("service_levels(rules=)", detail::rule_text(rule),
                              "an answer: a funnel's lags say nothing of feedback and reports");
    }
    wanted.emplace_back(&funnel.transition(rule.from, rule.to), rule.within);
  }
  if (rules.empty()) {
    for (const Transition& transition : funnel.transitions()) {
      if (transition.service_level) wanted.emplace_back(&transition, transition.service_level->value);
    }
  }
  if (wanted.empty()) return {};
  const Analysis analysis = analyze(funnel);
  const auto owner = [&](const std::string& name) {
    if (const auto stage = funnel.find_stage(name)) return to_string(funnel.stage(*stage).owner);
    return to_string(funnel.outcome(name).owner);
  };
  std::vector<TransitionLevel> rows;
  for (const auto& [transition, within] : wanted) {
    TransitionLevel row{.from = transition->from,
                        .to = transition->to,
                        .giver = owner(transition->from),
                        .receiver = owner(transition->to),
                        .within = within};
    row.flow = analysis.visits(row.from) * analysis.rate(row.from, row.to);
    row.breach = exceedance(transition->lag.distribution(), within);
    row.share = 1 - row.breach;
    row.late = row.flow * row.breach;
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace funnelgraph::inline v0
