#pragma once

#include <cmath>
#include <limits>

#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/core/units.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Rates bent by the levers, not yet normalised; a lever at its reference leaves them bit for bit.
inline void bend_rates(Chain& chain) {
  chain.rate = chain.base_rate;
  for (const ChainInfluence& influence : chain.influences) {
    const double ratio = chain.lever_value[influence.lever] / chain.lever_reference[influence.lever];
    if (ratio != 1.0 && influence.elasticity != 0.0)
      chain.rate[influence.edge] *= std::pow(ratio, influence.elasticity);
  }
}

/// A row whose sum is 1 within the rounding of its own addition is kept as it is.
inline void normalise_rows(Chain& chain) {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  chain.drop_off = chain.base_drop_off;
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    const std::uint32_t first = chain.row_begin[i], last = chain.row_begin[i + 1];
    double sum = chain.base_drop_off[i];
    for (std::uint32_t e = first; e < last; ++e) sum += chain.rate[e];
    if (std::abs(sum - 1.0) <= epsilon * static_cast<double>(last - first + 4) || sum == 0.0) continue;
    for (std::uint32_t e = first; e < last; ++e) chain.rate[e] /= sum;
    chain.drop_off[i] /= sum;
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE void refresh_rates(Chain& chain) {
  detail::bend_rates(chain);
  detail::normalise_rows(chain);
}

namespace detail {

inline void refresh_lag(Chain& chain, std::uint32_t edge, double force) {
  const LagDistribution& lag = chain.lag[edge];
  chain.lag_mean[edge] = lag.known() ? lag.mean : std::numeric_limits<double>::quiet_NaN();
  chain.lag_variance[edge] = lag.known() ? lag.variance() : std::numeric_limits<double>::quiet_NaN();
  chain.discount[edge] = 1.0;
  chain.discount_loss[edge] = 0.0;
  if (force == 0.0) return;
  const DiscountFactor factor = discount(lag, force);
  chain.discount[edge] = factor.factor;
  chain.discount_loss[edge] = factor.loss;
}

}  // namespace detail

FUNNELGRAPH_INLINE void refresh_lag(Chain& chain, std::uint32_t edge) {
  detail::refresh_lag(chain, edge, discount_force(chain.discount_rate));
}

FUNNELGRAPH_INLINE void refresh(Chain& chain) {
  refresh_rates(chain);
  const std::uint32_t edges = chain.edge_count();
  chain.lag_mean.resize(edges);
  chain.lag_variance.resize(edges);
  chain.discount.resize(edges);
  chain.discount_loss.resize(edges);
  const double force = discount_force(chain.discount_rate);
  for (std::uint32_t e = 0; e < edges; ++e) detail::refresh_lag(chain, e, force);
}

}  // namespace funnelgraph::inline v0
