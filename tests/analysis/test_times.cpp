// Times, waiting and which of them an unknown lag hides.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace fg = funnelgraph;
using Catch::Matchers::WithinRel;

namespace {

/// "order" follows "lead" after 4 days; a quarter of the orders wins after 2 days, half after 6.
fg::Funnel shop() {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "lead", .owner = "Sales"});
  funnel.add_stage({.name = "order", .owner = "Sales"});
  funnel.add_stage({.name = "aside"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_outcome({.name = "rented", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "lost", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "lead", .to = "order", .rate = 0.5, .lag = 4});
  funnel.add_transition({.from = "order", .to = "won", .rate = 0.25, .lag = 2});
  funnel.add_transition({.from = "order", .to = "rented", .rate = 0.5, .lag = 6});
  funnel.add_transition({.from = "aside", .to = "lost", .rate = 0.5, .lag = 1});
  funnel.add_entry({.stage = "lead", .volume = 100});
  return funnel;
}

}  // namespace

TEST_CASE("the dwell time is the mean lag of the exits that have one") {
  fg::Funnel funnel = shop();
  CHECK_THAT(fg::analyze(funnel).stages[1].dwell_mean, WithinRel((0.25 * 2 + 0.5 * 6) / 0.75, 1e-14));
  funnel.add_transition({.from = "order", .to = "lost", .rate = 0.1});
  CHECK_THAT(fg::analyze(funnel).stages[1].dwell_mean, WithinRel((0.25 * 2 + 0.5 * 6) / 0.75, 1e-14));
  funnel.set(fg::lag("lead", "order"), std::nan(""));
  CHECK(std::isnan(fg::analyze(funnel).stages[0].dwell_mean));
}

TEST_CASE("waiting is visits times what they wait, unknown only where somebody takes an unknown lag") {
  fg::Funnel funnel = shop();
  const double days = 50 * 4 + 12.5 * 2 + 25 * 6;
  CHECK_THAT(fg::analyze(funnel).owners[0].waiting_days, WithinRel(days, 1e-14));
  funnel.add_transition({.from = "order", .to = "lost", .rate = 0});
  CHECK_THAT(fg::analyze(funnel).owners[0].waiting_days, WithinRel(days, 1e-14));
  funnel.set(fg::rate("order", "lost"), 0.1);
  CHECK(std::isnan(fg::analyze(funnel).owners[0].waiting_days));
}

TEST_CASE("an unknown lag that no journey takes hides no time") {
  fg::Funnel funnel = shop();
  SECTION("of a transition that is never taken") {
    funnel.add_transition({.from = "lead", .to = "aside", .rate = 0});
    funnel.add_transition({.from = "aside", .to = "order", .rate = 0.5, .lag = 1});
  }
  SECTION("from a stage that nobody reaches") {
    funnel.add_transition({.from = "aside", .to = "order", .rate = 0.5});
  }
  SECTION("before a transition that is never taken") {
    funnel.add_transition({.from = "lead", .to = "aside", .rate = 0.25});
    funnel.add_transition({.from = "aside", .to = "order", .rate = 0, .lag = 1});
  }
  const fg::Analysis a = fg::analyze(funnel);
  CHECK_THAT(a.time_to("won").mean, WithinRel(6.0, 1e-12));
  CHECK_THAT(a.time_to("won", "lead").mean, WithinRel(6.0, 1e-12));
}

TEST_CASE("an unknown lag hides what comes after it") {
  fg::Funnel funnel = shop();
  funnel.add_transition({.from = "lead", .to = "aside", .rate = 0.25});
  funnel.add_transition({.from = "aside", .to = "order", .rate = 0.25, .lag = 1});
  const fg::Analysis a = fg::analyze(funnel);
  CHECK(std::isnan(a.time_to("won").mean));
  CHECK(std::isnan(a.time_to("lost").mean));
  CHECK_THAT(a.time_to("won", "order").mean, WithinRel(2.0, 1e-12));
}

TEST_CASE("money that no journey reaches is not hidden by an unknown lag on the way there") {
  // Only the order's money is reached: "aside" lies behind a rate of 0, or its money does.
  fg::Funnel funnel = shop();
  SECTION("the way there is not taken") {
    funnel.add_stage({.name = "gate"});
    funnel.add_transition({.from = "lead", .to = "gate", .rate = 0, .lag = 1});
    funnel.add_transition({.from = "gate", .to = "order", .rate = 0.5});
  }
  SECTION("the money there is not earned") {
    funnel.add_transition({.from = "lead", .to = "aside", .rate = 0.25});
    funnel.add_transition({.from = "aside", .to = "won", .rate = 0, .lag = 1, .cost = 5, .value = 7});
  }
  const fg::Analysis a = fg::analyze(funnel, {.discount_rate = 0.1});
  const double worth = 0.5 * 0.25 * 10 * std::pow(1.1, -6.0 / 365);
  CHECK_THAT(a.lifetime_value("lead"), WithinRel(worth, 1e-12));
  CHECK_THAT(a.revenue, WithinRel(100 * worth, 1e-12));
}
