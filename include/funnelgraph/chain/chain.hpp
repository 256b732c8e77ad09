// The compiled form of a funnel: indices and arrays, no names.
#pragma once

#include <cstdint>
#include <vector>

#include <funnelgraph/core/lag_distribution.hpp>

namespace funnelgraph::inline v0 {

enum class ExitKind : std::uint8_t { won, lost, screened, silent };

/// Shares of owners over a set of things (stages, outcomes, entries, levers), compressed by row.
struct OwnerShares {
  std::vector<std::uint32_t> begin{0};  ///< rows + 1
  std::vector<std::uint32_t> owner;
  std::vector<double> share;
};

struct ChainEntry {
  std::uint32_t stage = 0;
  double volume = 0;  ///< entrants per period
  double cost = 0;    ///< money per entrant
};

/// One influence: the weight of `edge` is multiplied by (value / reference)^elasticity of `lever`.
struct ChainInfluence {
  std::uint32_t edge = 0;
  std::uint32_t lever = 0;
  double elasticity = 0;
};

/// Stages are 0 .. stage_count-1. Edges are sorted by source stage: those of stage i are
/// row_begin[i] .. row_begin[i+1]-1. A target below stage_count is a stage, else it is outcome
/// target - stage_count.
///
/// The upper half holds inputs, one number per address; `refresh` (refresh.hpp) computes the lower half from
/// them: effective rates after the levers, moments and discount factors. Changing numbers never changes the
/// structure, so an `Elimination` found once serves every variant.
struct Chain {
  std::uint32_t stage_count = 0;
  std::uint32_t outcome_count = 0;
  std::uint32_t owner_count = 0;
  std::vector<std::uint32_t> row_begin{0};
  std::vector<std::uint32_t> target;
  std::vector<ExitKind> outcome_kind;

  // Inputs.
  std::vector<double> base_rate;      ///< per edge
  std::vector<double> base_drop_off;  ///< per stage
  std::vector<LagDistribution> lag;   ///< per edge
  std::vector<double> edge_cost, edge_value;
  std::vector<double> service_level;  ///< per edge, days, NaN = none
  std::vector<double> stage_cost, stage_value, stage_commission;
  std::vector<double> capacity;  ///< per stage, NaN = unlimited
  std::vector<double> outcome_value, outcome_commission;
  std::vector<ChainEntry> entries;
  std::vector<double> lever_value, lever_reference;
  std::vector<ChainInfluence> influences;
  std::vector<double> fixed_cost;                          ///< per owner, per period
  double discount_rate = 0;                                ///< effective per 365 days
  OwnerShares stage_owners, outcome_owners, entry_owners;  ///< an entry without an own owner has the stage's

  // Derived by refresh().
  std::vector<double> rate;                     ///< per edge, effective
  std::vector<double> drop_off;                 ///< per stage, effective
  std::vector<double> lag_mean, lag_variance;   ///< per edge; NaN = unknown
  std::vector<double> discount, discount_loss;  ///< per edge: phi and 1 - phi; NaN = unknown and discounted

  [[nodiscard]] std::uint32_t edge_count() const noexcept {
    return static_cast<std::uint32_t>(target.size());
  }
  [[nodiscard]] bool to_stage(std::uint32_t edge) const noexcept { return target[edge] < stage_count; }
};

}  // namespace funnelgraph::inline v0
