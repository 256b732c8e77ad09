#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/fit/lag_tally.hpp>

using Catch::Matchers::WithinRel;
namespace fit = funnelgraph::fit;
namespace fg = funnelgraph;

namespace {

std::vector<fit::Tick> draws(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> days(1, 1.5);
  std::vector<fit::Tick> ticks;
  for (std::size_t i = 0; i < n; ++i) {
    ticks.push_back(static_cast<fit::Tick>(days(random) * 86400) * 1'000'000);
  }
  return ticks;
}

fit::LagTally tally_of(const std::vector<fit::Tick>& lags, fit::Durations durations) {
  fit::LagTally tally;
  for (const fit::Tick lag : lags) tally.add(lag, durations);
  return tally;
}

}  // namespace

TEST_CASE("moments and quantiles are those of the sample") {
  const std::vector<fit::Tick> lags = draws(1001, 3);
  const fit::LagTally tally = tally_of(lags, fit::Durations::exact);
  long double mean = 0, squares = 0;
  for (const fit::Tick lag : lags) mean += static_cast<long double>(lag) / fit::ticks_per_day;
  mean /= 1001;
  for (const fit::Tick lag : lags) {
    const long double off = static_cast<long double>(lag) / fit::ticks_per_day - mean;
    squares += off * off;
  }
  // The reference is summed in long double: 1e-14 is its rounding over 1001 terms.
  CHECK_THAT(tally.mean(), WithinRel(static_cast<double>(mean), 1e-14));
  CHECK_THAT(tally.sd(), WithinRel(static_cast<double>(std::sqrt(squares / 1000)), 1e-14));
  std::vector<fit::Tick> sorted = lags;
  std::ranges::sort(sorted);
  const double day = static_cast<double>(fit::ticks_per_day);
  CHECK(tally.median(fit::Durations::exact) == static_cast<double>(sorted[500]) / day);
  // Type 7 at 0.3335: place 333.5, half way between two.
  const double half = static_cast<double>(sorted[333]) + 0.5 * static_cast<double>(sorted[334] - sorted[333]);
  CHECK_THAT(tally.quantile(0.3335, fit::Durations::exact), WithinRel(half / day, 1e-12));
}

TEST_CASE("a spread that rounding would lose is kept") {
  // Around 9000 years, a microsecond apart: doubles of the squares would cancel to nothing.
  const fit::Tick far = 9000LL * 365 * fit::ticks_per_day;
  const fit::LagTally tally = tally_of({far, far + 1, far + 2}, fit::Durations::exact);
  CHECK_THAT(tally.sd() * static_cast<double>(fit::ticks_per_day), WithinRel(1.0, 1e-14));
}

TEST_CASE("nothing and one") {
  fit::LagTally tally;
  CHECK(std::isnan(tally.mean()));
  CHECK(std::isnan(tally.median(fit::Durations::exact)));
  CHECK_FALSE(fit::fitted_lag(tally, fg::LagFamily::empirical, fit::Durations::exact).distribution().known());
  tally.add(0, fit::Durations::exact);
  CHECK(tally.mean() == 0);
  CHECK(std::isnan(tally.sd()));
  const fg::Lag zero = fit::fitted_lag(tally, fg::LagFamily::empirical, fit::Durations::exact);
  CHECK(zero.family == fg::LagFamily::deterministic);
  CHECK(zero.mean.value == 0);
  CHECK(zero.mean.source.n() == 1);
}

TEST_CASE("merging parts in any order gives the same tally, removing gives the former one") {
  const std::vector<fit::Tick> lags = draws(300, 5);
  for (const fit::Durations durations : {fit::Durations::exact, fit::Durations::log}) {
    const fit::LagTally all = tally_of(lags, durations);
    fit::LagTally a = tally_of({lags.begin(), lags.begin() + 77}, durations);
    const fit::LagTally b = tally_of({lags.begin() + 77, lags.begin() + 80}, durations);
    fit::LagTally c = tally_of({lags.begin() + 80, lags.end()}, durations);
    const fit::LagTally before = c;
    c.merge(b);
    c.merge(a);
    CHECK(c == all);
    for (std::size_t i = 0; i < 80; ++i) c.remove(lags[i], durations);
    CHECK(c == before);
  }
}

TEST_CASE("the log histogram keeps sums exact and quantiles within 0.4 %") {
  const std::vector<fit::Tick> lags = draws(5000, 7);
  const fit::LagTally exact = tally_of(lags, fit::Durations::exact);
  const fit::LagTally rough = tally_of(lags, fit::Durations::log);
  CHECK(rough.sum == exact.sum);
  CHECK(rough.squares == exact.squares);
  CHECK(rough.histogram.size() < 128 * 24);  // 128 steps an octave, octaves from seconds to months
  CHECK(rough.histogram.size() < exact.histogram.size());
  // The middle of 128 to 255 equal steps an octave: at most 1/256 off.
  for (int percent = 1; percent < 100; ++percent) {
    const double p = percent / 100.0;
    CHECK_THAT(rough.quantile(p, fit::Durations::log),
               WithinRel(exact.quantile(p, fit::Durations::exact), 0.004));
  }
}

TEST_CASE("an empirical lag has the moments of the durations") {
  SECTION("few distinct durations: exactly") {
    std::vector<fit::Tick> lags;
    for (int day = 3; day <= 15; ++day)
      lags.insert(lags.end(), static_cast<std::size_t>(20 - day), day * fit::ticks_per_day);
    const fit::LagTally tally = tally_of(lags, fit::Durations::exact);
    const fg::Lag lag = fit::fitted_lag(tally, fg::LagFamily::empirical, fit::Durations::exact);
    const double n = static_cast<double>(lags.size());
    CHECK(lag.family == fg::LagFamily::empirical);
    CHECK(lag.mean.value == tally.mean());
    CHECK(lag.mean.source.n() == n);
    // Steps of one unit in the last place of the probability: 1e-14.
    CHECK_THAT(lag.sd.value, WithinRel(tally.sd() * std::sqrt((n - 1) / n), 1e-14));
    CHECK_THAT(fg::exceedance(lag.distribution(), 9.5),
               WithinRel(static_cast<double>(std::ranges::count_if(
                             lags, [](fit::Tick t) { return static_cast<double>(t) > 9.5 * 86.4e9; })) /
                             n,
                         1e-12));
  }
  SECTION("many: the mean exactly, the deviation within 0.5 %") {
    const fit::LagTally tally = tally_of(draws(20000, 9), fit::Durations::exact);
    const fg::Lag lag = fit::fitted_lag(tally, fg::LagFamily::empirical, fit::Durations::exact);
    CHECK(lag.quantiles->size() <= 2 * fit::empirical_lag_steps);
    CHECK(lag.mean.value == tally.mean());
    CHECK_THAT(fg::Lag::empirical(*lag.quantiles).mean.value, WithinRel(tally.mean(), 1e-12));
    CHECK_THAT(lag.sd.value, WithinRel(tally.sd(), 0.005));
    const double force = 0.05 / 365;
    double factor = 0;
    for (const auto& [ticks, count] : tally.histogram) {
      factor += static_cast<double>(count) * std::exp(-force * static_cast<double>(ticks) / 86.4e9) /
                static_cast<double>(tally.number);
    }
    CHECK_THAT(fg::discount(lag.distribution(), force).factor, WithinRel(factor, 1e-7));
  }
  SECTION("other families match mean and deviation") {
    const fit::LagTally tally = tally_of(draws(500, 11), fit::Durations::exact);
    for (const fg::LagFamily family :
         {fg::LagFamily::gamma, fg::LagFamily::lognormal, fg::LagFamily::weibull}) {
      const fg::Lag lag = fit::fitted_lag(tally, family, fit::Durations::exact);
      CHECK(lag.family == family);
      CHECK(lag.mean.value == tally.mean());
      CHECK(lag.sd.value == tally.sd());
    }
    CHECK(fit::fitted_lag(tally, fg::LagFamily::exponential, fit::Durations::exact).sd.value == tally.mean());
    CHECK(fit::fitted_lag(tally, fg::LagFamily::deterministic, fit::Durations::exact).sd.value == 0);
    CHECK_FALSE(fit::fitted_lag(tally, fg::LagFamily::unknown, fit::Durations::exact).distribution().known());
  }
}
