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

FUNNELGRAPH_INLINE void refresh(Chain& chain) {
  detail::bend_rates(chain);
  detail::normalise_rows(chain);
  const std::size_t edges = chain.target.size();
  chain.lag_mean.resize(edges);
  chain.lag_variance.resize(edges);
  chain.discount.assign(edges, 1.0);
  chain.discount_loss.assign(edges, 0.0);
  const double force = discount_force(chain.discount_rate);
  for (std::size_t e = 0; e < edges; ++e) {
    const LagDistribution& lag = chain.lag[e];
    chain.lag_mean[e] = lag.known() ? lag.mean : std::numeric_limits<double>::quiet_NaN();
    chain.lag_variance[e] = lag.known() ? lag.variance() : std::numeric_limits<double>::quiet_NaN();
    if (force == 0.0) continue;
    const DiscountFactor factor = discount(lag, force);
    chain.discount[e] = factor.factor;
    chain.discount_loss[e] = factor.loss;
  }
}

}  // namespace funnelgraph::inline v0
