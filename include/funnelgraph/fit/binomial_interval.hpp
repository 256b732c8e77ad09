// How sure a share is.
#pragma once

#include <cstdint>

#include <funnelgraph/model/number.hpp>

namespace funnelgraph::inline v0::fit {

/// Jeffreys' 95 % interval of a share `count` / `n`: quantiles of Beta(count + 1/2, n - count + 1/2), with
/// low = 0 when count is 0 and high = 1 when it is n (Brown, Cai, DasGupta 2001). NaN bounds when n is 0.
[[nodiscard]] Interval jeffreys_interval(std::uint64_t count, std::uint64_t n);

/// The central 95 % interval of Beta(a, b), a, b > 0.
[[nodiscard]] Interval beta_interval(double a, double b);

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/binomial_interval_inl.hpp>
#endif
