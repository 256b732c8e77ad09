#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/futures.hpp>
#include <limits>
#include <vector>

#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Every strategy earns in each future what the payoff table says: a value per entrant, one entrant.
fg::Funnel payoffs(int strategies) {
  fg::Funnel funnel;
  funnel.add_stage({.name = "start"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_transition({.from = "start", .to = "won", .rate = 1});
  for (int k = 0; k < strategies; ++k) {
    funnel.add_stage({.name = "strategy " + std::to_string(k), .value = 0});
    funnel.add_transition({.from = "strategy " + std::to_string(k), .to = "won", .rate = 1});
    funnel.add_entry({.stage = "strategy " + std::to_string(k), .volume = 0});
  }
  funnel.add_entry({.stage = "start", .volume = 1});
  return funnel;
}

}  // namespace

TEST_CASE("Savage's rule and Wald's on a published payoff table") {
  // Anderson, Sweeney, Williams: "An Introduction to Management Science", the PDC condominium table:
  // small (8, 7), medium (14, 5), large (20, -9). Maximin: small; minimax regret: medium (regrets 12, 6, 16).
  const double table[3][2] = {{8, 7}, {14, 5}, {20, -9}};
  const fg::Funnel base = payoffs(3);
  std::vector<fg::Scenario> strategies;
  const char* names[] = {"small", "medium", "large"};
  for (int s = 0; s < 3; ++s)
    strategies.push_back(fg::Scenario(names[s]).set(fg::volume("strategy " + std::to_string(s), ""), 1));
  std::vector<fg::Scenario> futures;
  for (int f = 0; f < 2; ++f) {
    fg::Scenario future(f == 0 ? "strong" : "weak");
    for (int s = 0; s < 3; ++s) future = future.set(fg::value("strategy " + std::to_string(s)), table[s][f]);
    futures.push_back(future);
  }
  const fg::Futures crossed = fg::compare_futures(base, strategies, futures, {fg::metric::profit()});
  REQUIRE(crossed.rows.size() == 8);
  REQUIRE(crossed.picks.size() == 1);
  CHECK(crossed.picks[0].maximin == "small");
  CHECK(crossed.picks[0].minimax_regret == "medium");
  CHECK(crossed.picks[0].best_mean == "medium");  // 7.5, 9.5, 5.5
  CHECK(crossed.by_strategy[2].strategy == "medium");
  CHECK(crossed.by_strategy[2].most_regret == 6);
  CHECK(crossed.by_strategy[2].worst == 5);
  CHECK(crossed.by_strategy[2].worst_future == "weak");
  CHECK(crossed.by_strategy[3].most_regret == 16);
  // The book's weights .8 and .2 prefer the large one: 14.2.
  const fg::Futures weighted =
      fg::compare_futures(base, strategies, futures, {fg::metric::profit()}, {.weights = {4, 1}});
  CHECK(weighted.picks[0].best_mean == "large");
  CHECK_THAT(weighted.by_strategy[3].mean, WithinRel(14.2, 1e-12));  // three roundings
}

TEST_CASE("a strategy in a future is both together") {
  const fg::Funnel base = test::shop();
  const fg::Scenario quick = fg::Scenario("quick").scale_odds(fg::rate("enquiry", "order"), 1.3);
  const fg::Scenario slump = fg::Scenario("slump").scale(fg::rate("reached", "enquiry"), 0.8);
  const fg::Futures crossed = fg::compare_futures(base, {quick}, {slump}, {fg::metric::profit()});
  CHECK(crossed.rows[1].value == fg::evaluate(fg::apply(base, slump | quick), fg::metric::profit()));
  CHECK(crossed.rows[0].strategy == "base");
  CHECK_THAT(crossed.rows[0].regret, WithinRel(crossed.rows[1].value - crossed.rows[0].value, 1e-15));
}

TEST_CASE("an infeasible strategy sets no standard and is not picked") {
  const fg::Funnel base = test::shop();
  const fg::Scenario flood = fg::Scenario("flood").scale(fg::volume("reached"), 3);
  const fg::Scenario calm("calm");
  const fg::Futures crossed = fg::compare_futures(base, {flood}, {calm}, {fg::metric::count("customer")});
  CHECK_FALSE(crossed.by_strategy[1].feasible);
  CHECK(crossed.by_strategy[1].mean > crossed.by_strategy[0].mean);
  CHECK(crossed.rows[0].regret == 0);
  CHECK(crossed.picks[0].minimax_regret == "base");
}

TEST_CASE("a future and a strategy that touch one number conflict, with both names") {
  const fg::Funnel base = test::shop();
  const fg::Scenario quick = fg::Scenario("quick").scale_odds(fg::rate("enquiry", "order"), 1.3);
  const fg::Scenario slump = fg::Scenario("slump").scale(fg::rate("enquiry", "order"), 0.8);
  CHECK_THROWS_WITH(fg::compare_futures(base, {quick}, {slump}, {fg::metric::profit()}),
                    ContainsSubstring("slump") && ContainsSubstring("quick"));
  CHECK_THROWS_AS(fg::compare_futures(base, {quick}, {}, {fg::metric::profit()}), fg::InvalidValueError);
  for (const double weight : {-1.0, 0.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(fg::compare_futures(base, {}, {slump}, {fg::metric::profit()}, {.weights = {weight}}),
                    fg::InvalidValueError);
  CHECK_THROWS_AS(fg::compare_futures(base, {}, {slump}, {fg::metric::profit()}, {.weights = {1, 2}}),
                  fg::InvalidValueError);
}
