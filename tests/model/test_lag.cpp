#include <cmath>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/lag.hpp>
#include <limits>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

namespace fg = funnelgraph;
using Catch::Matchers::WithinRel;

namespace {
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("an omitted lag is unknown, a plain number is certain") {
  CHECK(fg::Lag().family == fg::LagFamily::unknown);
  CHECK(std::isnan(fg::Lag().mean.value));
  CHECK(fg::Lag() == fg::Lag::unknown());
  CHECK(fg::Lag(3).family == fg::LagFamily::deterministic);
  CHECK(fg::Lag(3).mean == 3);
  CHECK(fg::Lag(3).sd == 0);
  CHECK(fg::Lag(0) == fg::Lag::zero());
  CHECK(fg::Lag(fg::between(1, 3)).mean == fg::between(1, 3));
  CHECK(fg::Lag(unknown).family == fg::LagFamily::unknown);
  CHECK(fg::Lag::gamma({.mean = unknown, .sd = 2}) == fg::Lag::unknown());
}

TEST_CASE("families of lags by mean and deviation") {
  CHECK(fg::Lag::exponential(fg::estimated(2, {"Sales"})).sd == 2);
  CHECK(fg::Lag::exponential(2).family == fg::LagFamily::exponential);
  const fg::Lag gamma = fg::Lag::gamma({.mean = 2, .sd = fg::measured(1.5, {.n = 9})});
  CHECK(gamma.family == fg::LagFamily::gamma);
  CHECK(gamma.sd == fg::measured(1.5, {.n = 9}));
  CHECK(fg::Lag::lognormal({.mean = 2, .sd = 1}).family == fg::LagFamily::lognormal);
  CHECK(fg::Lag::weibull({.mean = 2, .sd = 1}).family == fg::LagFamily::weibull);
  CHECK(gamma.has_free_sd());
  CHECK_FALSE(fg::Lag::exponential(2).has_free_sd());
  CHECK_FALSE(fg::Lag(2).has_free_sd());
  CHECK(gamma.distribution().mean == 2);
  CHECK(gamma.distribution().sd == 1.5);
  CHECK(fg::to_string(fg::LagFamily::lognormal) == "lognormal");
  CHECK(fg::to_string(fg::LagFamily::unknown) == "unknown");
  CHECK_FALSE(fg::Lag::gamma({.mean = 2, .sd = 1}) == fg::Lag::weibull({.mean = 2, .sd = 1}));
}

TEST_CASE("an empirical lag has the moments of its quantiles") {
  // Uniform on [0, 6]: mean 3, variance 36 / 12.
  const fg::Lag uniform = fg::Lag::empirical({{0, 0}, {1, 6}});
  CHECK(uniform.family == fg::LagFamily::empirical);
  CHECK(uniform.mean == 3);
  CHECK_THAT(uniform.sd.value, WithinRel(std::sqrt(3.0), 1e-15));
  // Half on [0, 2], half on [2, 10]: mean 3.5; variance .5 (2.5^2 + 4/12) + .5 (2.5^2 + 64/12).
  const fg::Lag bent = fg::Lag::empirical({{0, 0}, {0.5, 2}, {1, 10}});
  CHECK(bent.mean == 3.5);
  CHECK_THAT(bent.sd.value, WithinRel(std::sqrt(6.25 + 34.0 / 12), 1e-15));
  // A mass at one point.
  CHECK(fg::Lag::empirical({{0, 4}, {1, 4}}).sd == 0);
  CHECK(uniform == fg::Lag::empirical({{0, 0}, {1, 6}}));
  CHECK_FALSE(uniform == fg::Lag::empirical({{0, 0}, {0.5, 3}, {1, 6}}));
}

TEST_CASE("quantiles that are no distribution are refused") {
  const auto refused = [](std::vector<fg::LagQuantile> quantiles) {
    CHECK_THROWS_AS(fg::Lag::empirical(std::move(quantiles)), fg::InvalidValueError);
  };
  refused({});
  refused({{0, 1}});
  refused({{0.1, 1}, {1, 2}});
  refused({{0, 1}, {0.9, 2}});
  refused({{0, 1}, {0.5, 3}, {1, 2}});
  refused({{0, 1}, {0.5, 2}, {0.5, 3}, {1, 4}});
  refused({{0, -1}, {1, 2}});
  refused({{0, 1}, {1, std::numeric_limits<double>::infinity()}});
  refused({{0, unknown}, {1, 2}});
  refused({{unknown, 1}, {1, 2}});
}

TEST_CASE("another mean keeps the coefficient of variation") {
  CHECK(fg::Lag::gamma({.mean = 2, .sd = 1.5}).with_mean(4) == fg::Lag::gamma({.mean = 4, .sd = 3}));
  CHECK(fg::Lag::exponential(2).with_mean(5) == fg::Lag::exponential(5));
  CHECK(fg::Lag(2).with_mean(5) == fg::Lag(5));
  const fg::Lag bent = fg::Lag::empirical({{0, 0}, {0.5, 2}, {1, 10}});
  CHECK(bent.with_mean(7) == fg::Lag::empirical({{0, 0}, {0.5, 4}, {1, 20}}));
  CHECK((*bent.quantiles)[2].value == 10);
  CHECK(fg::Lag::gamma({.mean = 2, .sd = 1}).with_mean(fg::placeholder(2)).mean == fg::placeholder(2));
}

TEST_CASE("a mean from or to nothing") {
  const fg::Lag still = fg::Lag::gamma({.mean = 0, .sd = 0}).with_mean(3);
  CHECK(still == fg::Lag::gamma({.mean = 3, .sd = 0}));
  CHECK(fg::Lag::exponential(0).with_mean(3) == fg::Lag::exponential(3));
  CHECK(fg::Lag::empirical({{0, 0}, {1, 0}}).with_mean(3) == fg::Lag::empirical({{0, 3}, {1, 3}}));
  CHECK(fg::Lag::weibull({.mean = 2, .sd = 1}).with_mean(0) == fg::Lag::weibull({.mean = 0, .sd = 0}));
  CHECK(fg::Lag::unknown().with_mean(3) == fg::Lag(3));
  CHECK(fg::Lag::weibull({.mean = 2, .sd = 1}).with_mean(unknown) == fg::Lag::unknown());
}
