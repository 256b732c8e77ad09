#include <cmath>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/fit/binomial_interval.hpp>

using Catch::Matchers::WithinAbs;
namespace fit = funnelgraph::fit;

TEST_CASE("Jeffreys' interval is that of scipy.stats.beta") {
  // beta.ppf([0.025, 0.975], x + 0.5, n - x + 0.5)
  const auto interval = fit::jeffreys_interval(7, 20);
  CHECK_THAT(interval.low, WithinAbs(0.172276213631912, 1e-12));
  CHECK_THAT(interval.high, WithinAbs(0.5677660938414961, 1e-12));
  CHECK(interval.level == 0.95);
  const auto rare = fit::jeffreys_interval(3, 1'000'000);
  CHECK_THAT(rare.low, WithinAbs(8.449352895506829e-07, 1e-17));
  CHECK_THAT(rare.high, WithinAbs(8.006360094243219e-06, 1e-17));
}

TEST_CASE("its ends are closed where nothing or all was seen") {
  CHECK(fit::jeffreys_interval(0, 10).low == 0);
  CHECK(fit::jeffreys_interval(0, 10).high < 0.25);
  CHECK(fit::jeffreys_interval(10, 10).high == 1);
  CHECK(std::isnan(fit::jeffreys_interval(0, 0).low));
  CHECK(std::isnan(fit::jeffreys_interval(0, 0).high));
}
