// Definitions of quantiles.hpp.
#pragma once

#include <limits>
#include <numbers>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>

#include <funnelgraph/core/detail/lag_transform_inl.hpp>
#include <funnelgraph/core/quantiles.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE double central_score(double level) {
  return std::numbers::sqrt2 * boost::math::erf_inv(level, QuietPolicy{});
}

FUNNELGRAPH_INLINE double student_quantile(double freedom, double probability) {
  return boost::math::quantile(boost::math::students_t_distribution<double, QuietPolicy>(freedom),
                               probability);
}

FUNNELGRAPH_INLINE double fisher_quantile(double above, double below, double probability, Tail tail) {
  const QuietPolicy quiet;
  double rest = std::numeric_limits<double>::quiet_NaN();  // 1 - share, precise where it is small
  const double share = tail == Tail::lower
                           ? boost::math::ibeta_inv(above / 2, below / 2, probability, &rest, quiet)
                           : boost::math::ibetac_inv(above / 2, below / 2, probability, &rest, quiet);
  return below * share / (above * rest);
}

FUNNELGRAPH_INLINE double beta_quantile(double a, double b, double probability, Tail tail) {
  const QuietPolicy quiet;
  return tail == Tail::lower ? boost::math::ibeta_inv(a, b, probability, quiet)
                             : boost::math::ibetac_inv(a, b, probability, quiet);
}

}  // namespace funnelgraph::inline v0::detail
