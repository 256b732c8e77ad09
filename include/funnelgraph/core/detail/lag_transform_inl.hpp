// What the families of waiting times share. Every family but the empirical one is reduced to its unit-mean
// form: x = s * mean and the coefficient of variation c = sd / mean; then d/dmean = s * d/dx, d/ds = mean *
// d/dx, d/dsd = d/dc / mean.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/policies/policy.hpp>

#include <funnelgraph/core/lag_family.hpp>

namespace funnelgraph::inline v0::detail {

inline constexpr double unknown_days = std::numeric_limits<double>::quiet_NaN();

/// Special functions return infinity or NaN instead of throwing, and stay in double.
using QuietPolicy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::promote_double<false>>;

/// Value of the transform of a unit-mean lag with its derivatives by x and by c.
struct UnitTransform {
  DiscountFactor value;
  double by_x = 0;
  double by_c = 0;
};

/// Fills the half that was not computed; the half below 0.5 must be the computed one.
inline DiscountFactor from_loss(double loss) noexcept { return {1 - loss, loss}; }
inline DiscountFactor from_factor(double factor) noexcept { return {factor, 1 - factor}; }

/// Sum of `term(t)` over t = centre + i * step, outwards until terms no longer count. `term` must be
/// positive with one maximum. A NaN ends the sum at once.
template <class Term>
double trapezoid(double centre, double step, Term term) {
  constexpr double negligible = 1e-18;
  constexpr int most = 100000;  // per side: bounds the work whatever the arguments
  double sum = term(centre);
  double compensation = 0;
  for (const double direction : {-step, step}) {
    double before = 0;
    for (int i = 1; i < most; ++i) {
      const double next = term(centre + direction * i);
      const double y = next - compensation;
      const double total = sum + y;
      compensation = (total - sum) - y;
      sum = total;
      if (!(next > negligible * sum) && !(next > before)) break;
      before = next;
    }
  }
  return sum * step;
}

/// Step of the trapezoidal rule for an integrand that is analytic in a strip of half width `strip` and
/// grows there at most like exp(growth * strip^2): the error exp(growth d^2 - 2 pi d / h) is below 1e-16.
inline double trapezoid_step(double strip, double growth) noexcept {
  constexpr double digits = 37;  // -ln(1e-16)
  constexpr double two_pi = 6.283185307179586;
  const double d = std::min(strip, std::sqrt(digits / growth));
  return two_pi * d / (digits + growth * d * d);
}

}  // namespace funnelgraph::inline v0::detail
