#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/funnel_figures.hpp>
#include <funnelgraph/model/reference.hpp>

#include "maturity/two_sides.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::WithinRel;

TEST_CASE("figures of friction from a funnel worked out by hand [48, 51, 52]") {
  fg::Funnel funnel = test::two_sides();
  fg::Outcome won = funnel.outcome("won");
  won.commission = 0.02;
  funnel.replace_outcome("won", won);
  fg::Stage qualified = funnel.stage("qualified");
  qualified.capacity = 500;
  qualified.definition = "called, and wants to buy";
  funnel.replace_stage("qualified", qualified);
  funnel.set(fg::rate("lead", "qualified"), fg::measured(0.4, {.n = 100}));
  const auto f = fgm::friction_figures(funnel);
  CHECK_THAT(f.commission, WithinRel(0.02, 1e-12));
  CHECK_THAT(f.promotion, WithinRel(10'000.0 / 34'000, 1e-12));  // 10,000 + 20,000 + 2 % of 200,000
  CHECK(f.unfit == 0.0);
  CHECK_THAT(f.budget, WithinRel(24'000.0 / 34'000, 1e-12));
  CHECK_THAT(f.load, WithinRel(0.8, 1e-12));
  // 1,000 leads, 400 of which wait 2 days; of 400, 100 wait 10 days.
  CHECK_THAT(f.horizon, WithinRel((800.0 / 1000) / (1000.0 / 400), 1e-12));
  CHECK_THAT(f.undefined, WithinRel(0.5, 1e-12));
  // One of Marketing's four numbers is measured, none of Sales'.
  CHECK(f.unmeasured > 0);
  CHECK(std::isnan(f.price_losses));
  CHECK(std::isnan(f.unanswered));
}

TEST_CASE("a funnel without the two sides says nothing of them") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "a"});
  funnel.add_entry({.stage = "a", .volume = 1});
  const auto f = fgm::friction_figures(funnel);
  for (int i = 0; i < 10; ++i) CHECK(std::isnan(fgm::figure_of(f, static_cast<fgm::FrictionFigure>(i))));
  for (const std::string& name : fg::reference::names()) {
    CHECK_NOTHROW(fgm::friction_figures(fg::reference::by_name(name)));
  }
}

TEST_CASE("one sum of money, spent four ways [48, 51]") {
  fgm::MoneyFigures f = fgm::money_figures(test::two_sides());
  CHECK_THAT(f.revenue, WithinRel(200'000, 1e-12));
  CHECK_THAT(f.wins, WithinRel(100, 1e-12));
  CHECK_THAT(f.margin, WithinRel(2000, 1e-12));
  CHECK_THAT(f.entry_cost, WithinRel(10, 1e-12));
  CHECK_THAT(f.entrant, WithinRel(170, 1e-12));
  f.seller = 5'000;
  const auto uses = fgm::money_uses(f, 10'000);
  CHECK(uses[0].use == "price");
  CHECK_THAT(uses[0].buys, WithinRel(0.05, 1e-12));  // 5 % off every price
  // 5 % off a margin of 100 %: 0.05 / 0.95 more wins.
  CHECK_THAT(uses[0].share_needed, WithinRel(0.05 / 0.95, 1e-12));
  CHECK(uses[0].brings == -10'000);
  CHECK_THAT(uses[1].buys, WithinRel(1000, 1e-12));
  CHECK_THAT(uses[1].brings, WithinRel(170'000, 1e-12));
  CHECK_THAT(uses[2].wins_needed, WithinRel(5, 1e-12));
  CHECK_THAT(uses[3].buys, WithinRel(2, 1e-12));
  // A cut that leaves no margin needs no number of wins: there is none.
  CHECK(std::isnan(fgm::money_uses(f, 250'000)[0].wins_needed));
  CHECK(std::isnan(fgm::money_uses({}, 1)[1].brings));
  CHECK_THROWS_AS(fgm::money_uses(f, 0), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::money_uses(f, INFINITY), fg::InvalidValueError);
}
