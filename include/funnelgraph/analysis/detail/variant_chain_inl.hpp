// Definitions of variant_chain.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE std::size_t input_count(const Chain& chain, Input input) {
  switch (input) {
    case Input::base_drop_off:
    case Input::stage_cost:
    case Input::stage_value:
    case Input::stage_commission:
    case Input::capacity:
      return chain.stage_count;
    case Input::outcome_value:
    case Input::outcome_commission:
      return chain.outcome_count;
    case Input::entry_volume:
    case Input::entry_cost:
      return chain.entries.size();
    case Input::lever_value:
      return chain.lever_value.size();
    case Input::elasticity:
      return chain.influences.size();
    case Input::fixed_cost:
      return chain.fixed_cost.size();
    case Input::discount_rate:
      return 1;
    default:
      return chain.edge_count();
  }
}

FUNNELGRAPH_INLINE double input_value(const Chain& chain, InputRef ref) {
  const std::uint32_t k = ref.index;
  switch (ref.input) {
    case Input::base_rate:
      return chain.base_rate[k];
    case Input::base_drop_off:
      return chain.base_drop_off[k];
    case Input::lag_mean:
      return chain.lag[k].known() ? chain.lag[k].mean : unknown_number;
    case Input::lag_sd:
      return chain.lag[k].sd;
    case Input::edge_cost:
      return chain.edge_cost[k];
    case Input::edge_value:
      return chain.edge_value[k];
    case Input::service_level:
      return chain.service_level[k];
    case Input::stage_cost:
      return chain.stage_cost[k];
    case Input::stage_value:
      return chain.stage_value[k];
    case Input::stage_commission:
      return chain.stage_commission[k];
    case Input::capacity:
      return chain.capacity[k];
    case Input::outcome_value:
      return chain.outcome_value[k];
    case Input::outcome_commission:
      return chain.outcome_commission[k];
    case Input::entry_volume:
      return chain.entries[k].volume;
    case Input::entry_cost:
      return chain.entries[k].cost;
    case Input::lever_value:
      return chain.lever_value[k];
    case Input::elasticity:
      return chain.influences[k].elasticity;
    case Input::fixed_cost:
      return chain.fixed_cost[k];
    case Input::discount_rate:
      return chain.discount_rate;
    case Input::derived_lag_mean:
      return chain.lag_mean[k];
    case Input::derived_lag_variance:
      return chain.lag_variance[k];
    case Input::derived_discount:
      return chain.discount[k];
    case Input::derived_discount_loss:
      break;
  }
  return chain.discount_loss[k];
}

FUNNELGRAPH_INLINE bool input_allows(Input input, double value) noexcept {
  switch (input) {
    case Input::lag_mean:
    case Input::service_level:
    case Input::capacity:
    case Input::derived_lag_mean:
    case Input::derived_lag_variance:
      return std::isnan(value) || (value >= 0 && std::isfinite(value));
    case Input::derived_discount:
    case Input::derived_discount_loss:
      return std::isnan(value) || (value >= 0 && value <= 1);
    case Input::stage_commission:
    case Input::outcome_commission:
      return value >= 0 && value <= 1;
    case Input::edge_value:
    case Input::stage_value:
    case Input::outcome_value:
    case Input::elasticity:
      return std::isfinite(value);
    case Input::lever_value:
      return value > 0 && std::isfinite(value);
    default:
      return value >= 0 && std::isfinite(value);
  }
}

FUNNELGRAPH_INLINE LagDistribution lag_with_mean(const LagDistribution& lag, double mean) {
  if (std::isnan(mean)) return {};
  LagDistribution moved = lag;
  moved.mean = mean;
  if (!lag.known()) {
    moved.family = LagFamily::deterministic;
    moved.sd = 0;
    return moved;
  }
  if (lag.family == LagFamily::exponential) {
    moved.sd = mean;
  } else if (lag.mean > 0) {
    moved.sd = mean == lag.mean ? lag.sd : lag.sd * mean / lag.mean;
  } else if (lag.family == LagFamily::empirical) {
    moved.family = LagFamily::deterministic;  // all quantiles become the mean
    moved.quantiles.reset();
  }
  return moved;
}

FUNNELGRAPH_INLINE VariantChain::VariantChain(const Chain& base, const Elimination& plan,
                                              std::span<const InputRef> varied, CapacityRule rule)
    : base_(base), plan_(plan), varied_(varied.begin(), varied.end()), rule_(rule), chain_(base) {
  const auto rank = [](Input input) {
    if (input >= Input::derived_lag_mean) return 2;
    return input == Input::lag_sd ? 1 : 0;
  };
  for (int r = 0; r < 3; ++r) {
    if (r == 2) derived_ = order_.size();
    for (std::uint32_t k = 0; k < varied_.size(); ++k) {
      if (rank(varied_[k].input) == r) order_.push_back(k);
    }
  }
}

/// False where the number does not go with others of the variant.
FUNNELGRAPH_INLINE bool VariantChain::write(InputRef ref, double number) {
  const std::uint32_t k = ref.index;
  switch (ref.input) {
    case Input::base_rate:
      chain_.base_rate[k] = number;
      break;
    case Input::base_drop_off:
      chain_.base_drop_off[k] = number;
      break;
    case Input::lag_mean:
      chain_.lag[k] = lag_with_mean(base_.lag[k], number);
      break;
    case Input::lag_sd: {
      LagDistribution& lag = chain_.lag[k];
      const bool free = lag.family == LagFamily::gamma || lag.family == LagFamily::lognormal ||
                        lag.family == LagFamily::weibull;
      if (!free && lag.sd != number) return false;
      if (lag.mean == 0 && number > 0) return false;
      lag.sd = number;
      break;
    }
    case Input::edge_cost:
      chain_.edge_cost[k] = number;
      break;
    case Input::edge_value:
      chain_.edge_value[k] = number;
      break;
    case Input::service_level:
      chain_.service_level[k] = number;
      break;
    case Input::stage_cost:
      chain_.stage_cost[k] = number;
      break;
    case Input::stage_value:
      chain_.stage_value[k] = number;
      break;
    case Input::stage_commission:
      chain_.stage_commission[k] = number;
      break;
    case Input::capacity:
      chain_.capacity[k] = number;
      break;
    case Input::outcome_value:
      chain_.outcome_value[k] = number;
      break;
    case Input::outcome_commission:
      chain_.outcome_commission[k] = number;
      break;
    case Input::entry_volume:
      chain_.entries[k].volume = number;
      break;
    case Input::entry_cost:
      chain_.entries[k].cost = number;
      break;
    case Input::lever_value:
      chain_.lever_value[k] = number;
      break;
    case Input::elasticity:
      chain_.influences[k].elasticity = number;
      break;
    case Input::fixed_cost:
      chain_.fixed_cost[k] = number;
      break;
    case Input::discount_rate:
      chain_.discount_rate = number;
      break;
    case Input::derived_lag_mean:
      chain_.lag_mean[k] = number;
      break;
    case Input::derived_lag_variance:
      chain_.lag_variance[k] = number;
      break;
    case Input::derived_discount:
      chain_.discount[k] = number;
      break;
    case Input::derived_discount_loss:
      chain_.discount_loss[k] = number;
      break;
  }
  return true;
}

FUNNELGRAPH_INLINE VariantStatus VariantChain::evaluate(std::span<const double> numbers,
                                                        std::span<const Figure> figures,
                                                        std::span<double> out) {
  const auto failed = [&](VariantStatus status) {
    std::fill(out.begin(), out.end(), unknown_number);
    return status;
  };
  const auto write_all = [&](std::size_t first, std::size_t last) {
    for (std::size_t p = first; p < last; ++p) {
      if (!write(varied_[order_[p]], numbers[order_[p]])) return false;
    }
    return true;
  };
  if (!write_all(0, derived_)) return failed(VariantStatus::out_of_range);
  refresh(chain_);
  static_cast<void>(write_all(derived_, order_.size()));
  try {
    const Solution solution = solve_chain(chain_, plan_, rule_);
    for (std::size_t f = 0; f < figures.size(); ++f)
      out[f] = figure_value(chain_, plan_, solution, figures[f]);
  } catch (const UnsolvableError&) {
    return failed(VariantStatus::unsolvable);
  } catch (const InvalidValueError&) {
    return failed(VariantStatus::out_of_range);  // a horizon that needs lags of one certain length
  }
  return VariantStatus::ok;
}

}  // namespace funnelgraph::inline v0::detail
