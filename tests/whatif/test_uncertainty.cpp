#include <funnelgraph/core/distribution_between.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/uncertainty.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fg::Distribution;
using fg::ParameterKind;

namespace {

const fg::Drawn* find(const fg::Uncertainty& all, const fg::Parameter& parameter) {
  const auto found = std::find_if(all.numbers.begin(), all.numbers.end(),
                                  [&](const fg::Drawn& drawn) { return drawn.parameter == parameter; });
  return found == all.numbers.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a number's source says what it is drawn from [whatif]") {
  CHECK(fg::distribution_of(fg::measured(0.25, {.n = 400}), ParameterKind::rate) ==
        Distribution::beta(100.5, 300.5));
  CHECK(fg::distribution_of(fg::measured(0, {.n = 50}), ParameterKind::rate) ==
        Distribution::beta(0.5, 50.5));
  CHECK(fg::distribution_of(fg::between(0.2, 0.4), ParameterKind::rate) == fg::share_between(0.2, 0.4, 0.9));
  CHECK(fg::distribution_of(fg::between(0.2, 0.4), ParameterKind::cost) == fg::amount_between(0.2, 0.4, 0.9));
  CHECK(fg::distribution_of(fg::between(-2, 4), ParameterKind::value) == fg::normal_between(-2, 4, 0.9));
  CHECK(fg::distribution_of(fg::between(0.1, 0.4), ParameterKind::elasticity) ==
        fg::normal_between(0.1, 0.4, 0.9));
  // A measured interval is a 95 % one unless it says otherwise.
  const fg::Number cost = fg::measured(3, {.n = 10, .interval = fg::Interval{2, 5, 0.95}});
  CHECK(fg::distribution_of(cost, ParameterKind::cost) == fg::amount_between(2, 5, 0.95));
  CHECK_FALSE(fg::distribution_of(0.3, ParameterKind::rate));
  CHECK_FALSE(fg::distribution_of(fg::estimated(0.3, {"Sales"}), ParameterKind::rate));
  CHECK_FALSE(fg::distribution_of(fg::measured(3, {.n = 10}), ParameterKind::cost));
  CHECK_THROWS_AS(fg::distribution_of(fg::between(0.5, 1.5), ParameterKind::rate), fg::InvalidValueError);
}

TEST_CASE("everything that has an interval or counts is uncertain [whatif]") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "enquiry", .cost = fg::between(2, 4)});
  funnel.add_stage({.name = "order"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = fg::between(90, 110)});
  funnel.add_outcome({.name = "lost"});
  funnel.add_transition({.from = "enquiry",
                         .to = "order",
                         .rate = fg::measured(0.3, {.n = 200}),
                         .lag = fg::Lag::gamma({.mean = fg::measured(4, {.n = 25}), .sd = 2})});
  funnel.add_transition({.from = "enquiry", .to = "lost", .rate = 0.5});
  funnel.add_transition({.from = "order",
                         .to = "won",
                         .rate = fg::measured(0.75, {.n = 80}),
                         .observed = fg::Observed{60, 90, 10}});
  funnel.add_transition({.from = "order",
                         .to = "lost",
                         .rate = fg::measured(0.125, {.n = 80}),
                         .observed = fg::Observed{10, 90, 10}});
  funnel.add_entry({.stage = "enquiry", .volume = fg::between(800, 1200)});
  const fg::Uncertainty all = fg::uncertainty_of(funnel);
  REQUIRE(all.rows.size() == 1);
  CHECK(all.rows[0].stage == "order");
  REQUIRE(all.rows[0].exits.size() == 3);
  CHECK(all.rows[0].exits[0].weight == 60.5);
  CHECK(all.rows[0].exits[1].weight == 10.5);
  CHECK(all.rows[0].exits[2].to == "drop_off");
  CHECK_THAT(all.rows[0].exits[2].weight, WithinRel(10.5, 1e-14));
  CHECK(all.numbers.size() == 5);
  REQUIRE(find(all, fg::rate("enquiry", "order")) != nullptr);
  CHECK(find(all, fg::rate("enquiry", "order"))->distribution == Distribution::beta(60.5, 140.5));
  REQUIRE(find(all, fg::lag("enquiry", "order")) != nullptr);
  CHECK(find(all, fg::lag("enquiry", "order"))->distribution == Distribution::gamma({4, 2.0 / 5}));
  CHECK(find(all, fg::cost("enquiry")) != nullptr);
  CHECK(find(all, fg::value("won")) != nullptr);
  CHECK(find(all, fg::volume("enquiry", "")) != nullptr);

  CHECK(fg::uncertainty_of(fg::Funnel{}).empty());
}

TEST_CASE("in a row without any drop-off the largest uncertain rate gives to the others [whatif]") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "enquiry"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "lost"});
  funnel.add_transition({.from = "enquiry", .to = "won", .rate = fg::between(0.3, 0.5)});
  funnel.add_transition({.from = "enquiry", .to = "lost", .rate = fg::between(0.5, 0.7)});
  const fg::Uncertainty all = fg::uncertainty_of(funnel);
  REQUIRE(all.numbers.size() == 1);
  CHECK(all.numbers[0].parameter == fg::rate("enquiry", "won"));
  CHECK(all.numbers[0].take_from.name() == "lost");
}
