#include <funnelgraph/core/quantiles.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <limits>

using Catch::Matchers::WithinRel;
using funnelgraph::detail::beta_quantile;
using funnelgraph::detail::central_score;
using funnelgraph::detail::fisher_quantile;
using funnelgraph::detail::student_quantile;
using funnelgraph::detail::Tail;

namespace {

// The figures are roots found by mpmath 1.4 with 40 digits. The distribution functions are computed in
// double: some hundred of its rounding errors.
constexpr double tolerance = 1e-13;

}  // namespace

TEST_CASE("quantiles of the beta distribution, from below and from above", "[quantiles]") {
  const struct {
    double a, b, lower, upper;
  } rows[] = {{0.5, 10.5, 0.0000478904331575818899, 0.217196267509210574},
              {12.5, 88.5, 0.0673041349727928556, 0.194285435925749514},
              {1000.5, 9000.5, 0.0942358908768638363, 0.105995608432139136},
              {35, 65, 0.260053397453130903, 0.445630697644031403}};
  for (const auto& row : rows) {
    INFO("Beta(" << row.a << ", " << row.b << ")");
    CHECK_THAT(beta_quantile(row.a, row.b, 0.025, Tail::lower), WithinRel(row.lower, tolerance));
    CHECK_THAT(beta_quantile(row.a, row.b, 0.025, Tail::upper), WithinRel(row.upper, tolerance));
  }
}

TEST_CASE("quantiles of Student's t", "[quantiles]") {
  const struct {
    double freedom, quantile;
  } rows[] = {{1, 12.7062047361747046},
              {4, 2.77644510519779436},
              {7.5, 2.33303962686497461},
              {29, 2.0452296421327043},
              {250, 1.96949839342115359}};
  for (const auto& row : rows) {
    INFO(row.freedom << " degrees of freedom");
    CHECK_THAT(student_quantile(row.freedom, 0.975), WithinRel(row.quantile, tolerance));
    CHECK_THAT(student_quantile(row.freedom, 0.025), WithinRel(-row.quantile, tolerance));
  }
}

TEST_CASE("quantiles of Fisher's F, from below and from above", "[quantiles]") {
  const struct {
    double above, below, lower, upper;
  } rows[] = {{9, 63, 0.290369772652329085, 2.32346983854004739},
              {120, 2280, 0.758757973695049049, 1.27787602368658957},
              {3, 5, 0.0671825258070904014, 7.76358948201854811}};
  for (const auto& row : rows) {
    INFO("F(" << row.above << ", " << row.below << ")");
    CHECK_THAT(fisher_quantile(row.above, row.below, 0.025, Tail::lower), WithinRel(row.lower, tolerance));
    CHECK_THAT(fisher_quantile(row.above, row.below, 0.025, Tail::upper), WithinRel(row.upper, tolerance));
  }
}

TEST_CASE("scores that hold a share of the normal distribution between them", "[quantiles]") {
  CHECK(central_score(0) == 0);
  CHECK_THAT(central_score(0.5), WithinRel(0.674489750196081743, tolerance));
  CHECK_THAT(central_score(0.9), WithinRel(1.64485362695147271, tolerance));
  CHECK_THAT(central_score(0.95), WithinRel(1.95996398454005424, tolerance));
  // One unit in the last place of the level moves this score by 4e-12 of itself.
  CHECK_THAT(central_score(0.999999), WithinRel(4.89163847569859039, 1e-11));
}

TEST_CASE("what has no quantile gives NaN or infinity, never an exception", "[quantiles]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(central_score(nan)));
  CHECK_FALSE(std::isfinite(central_score(1)));
  CHECK(std::isnan(student_quantile(0, 0.975)));
  CHECK(std::isnan(fisher_quantile(-1, 4, 0.025, Tail::lower)));
  CHECK(std::isnan(beta_quantile(-1, 2, 0.025, Tail::upper)));
}
