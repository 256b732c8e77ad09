// How counts become a funnel.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0::fit {

/// What happens to visits that are still open: left out of the rates; counted as having dropped off; or
/// only cohorts old enough are counted (not available yet).
enum class OpenRule : std::uint8_t { exclude, lost, matured };

/// What a loss reason becomes: one outcome an owner of reasons ("lost (Outside)", and "lost" for what is
/// not assigned), one a reason, or one outcome "lost" for all.
enum class LossDetail : std::uint8_t { owner, reason, total };

/// Stages keep their order; a stage that nobody entered is left out. Rates are counts over closed visits,
/// measured with their n and a 95 % interval, and carry `observed`. What is missing from a row is
/// drop-off: closed journeys without any outcome. A stage whose visits are all open has a placeholder
/// drop-off of 1. Means of measures are measured with their n and, from two on, a 95 % interval. Entries
/// count the journeys that began at a stage, one entry a segment as its channel.
struct FunnelOptions {
  std::string name{};
  std::string currency{};
  std::string period{"period"};  ///< label of what one unit of volume covers
  double periods = 1;            ///< how many of them the data cover, > 0: volumes are per period
  std::map<std::string, Ownership> owners{};  ///< of stages and outcomes
  /// Of owners. An owner called Marketing, Sales, Care, R&D, Company or Outside has that role unless said.
  std::map<std::string, Role> roles{};
  /// Stages that are outcomes, over what the fit was told.
  std::map<std::string, OutcomeKind> outcomes{};
  OpenRule open = OpenRule::exclude;
  /// Stage or outcome -> measure, whose mean becomes its value. Without any, the values of won outcomes are
  /// unknown (NaN), and so is revenue: never 0.
  std::map<std::string, std::string> values{};
  /// Stage -> measure, whose mean becomes the cost of a visit. None given: "cost" of milestones is the cost
  /// of an entrant, by channel; "cost" of events that of a visit.
  std::optional<std::map<std::string, std::string>> costs{};
  LagFamily lag = LagFamily::empirical;  ///< `fitted_lag` says what each family takes from the durations
  LossDetail losses = LossDetail::owner;
};

}  // namespace funnelgraph::inline v0::fit
