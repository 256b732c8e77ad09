#pragma once

#include <limits>

#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>

namespace funnelgraph::inline v0::fit {

FUNNELGRAPH_INLINE Interval beta_interval(double a, double b) {
  constexpr double tail = 0.025;
  return {funnelgraph::detail::beta_quantile(a, b, tail, funnelgraph::detail::Tail::lower),
          funnelgraph::detail::beta_quantile(a, b, tail, funnelgraph::detail::Tail::upper), 0.95};
}

FUNNELGRAPH_INLINE Interval jeffreys_interval(std::uint64_t count, std::uint64_t n) {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  if (n == 0) return {unknown, unknown, 0.95};
  Interval interval = beta_interval(static_cast<double>(count) + 0.5,
                                    static_cast<double>(n) - static_cast<double>(count) + 0.5);
  if (count == 0) interval.low = 0;
  if (count == n) interval.high = 1;
  return interval;
}

}  // namespace funnelgraph::inline v0::fit
