#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/compare.hpp>
#include <string>
#include <vector>

#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

const fg::Parameter closing = fg::rate("enquiry", "order");
const fg::Scenario quick = fg::Scenario("quick").scale_odds(closing, 1.3);
const fg::Scenario advert = fg::Scenario("advert").scale(fg::volume("reached", "facebook"), 2);
const fg::Metric customers = fg::metric::count("customer");

}  // namespace

TEST_CASE("scenarios by metrics, against the base") {
  const fg::Funnel base = test::shop();
  const fg::Comparison table =
      fg::compare(base, {quick, advert, quick | advert}, {customers, fg::metric::cost_per("customer")});
  REQUIRE(table.rows.size() == 8);
  CHECK(table.scenarios == std::vector<std::string>{"base", "quick", "advert", "quick + advert"});
  CHECK(table.reference == "base");
  const double before = fg::evaluate(base, customers);
  const auto& row = table.row("quick", customers);
  CHECK(row.value == fg::evaluate(fg::apply(base, quick), customers));
  CHECK(row.difference == row.value - before);
  CHECK(row.relative == row.difference / before);
  CHECK(table.row("base", customers).difference == 0);
  CHECK(table.row("quick + advert", customers).rank == 1);
  CHECK(table.row("base", customers).rank == 4);
  // A lower cost per customer is the better one.
  CHECK(table.row("quick + advert", fg::metric::cost_per("customer")).rank == 1);
  CHECK(table.row("base", fg::metric::cost_per("customer")).rank == 4);
  // 50,000 x .02 / .95 enquiries fit into 1,500, those of twice the facebook volume do not.
  CHECK(table.row("base", customers).feasible);
  CHECK_FALSE(table.row("advert", customers).feasible);
  CHECK(fg::analyze(fg::apply(base, advert)).feasible == false);
}

TEST_CASE("differences are to the stated reference") {
  const fg::Funnel base = test::shop();
  const fg::Comparison table = fg::compare(base, {quick, advert}, {customers}, {.reference = "quick"});
  CHECK(table.row("quick", customers).difference == 0);
  CHECK(table.row("base", customers).difference < 0);
  CHECK_THROWS_WITH(fg::compare(base, {quick}, {customers}, {.reference = "quik"}),
                    ContainsSubstring("quick"));
}

TEST_CASE("scenarios may change the structure") {
  const fg::Funnel base = test::shop();
  const fg::Scenario triage = fg::Scenario("triage")
                                  .add_stage({.name = "triage", .owner = "Sales"})
                                  .add_transition({.from = "reached", .to = "triage", .rate = 0.01})
                                  .add_transition({.from = "triage", .to = "order", .rate = 0.5});
  const fg::Comparison table = fg::compare(base, {triage, quick}, {customers, fg::metric::visits("triage")});
  CHECK_THAT(table.row("triage", fg::metric::visits("triage")).value, WithinRel(500.0, 1e-12));  // a product
  CHECK(std::isnan(table.row("base", fg::metric::visits("triage")).value));
  CHECK(table.row("base", fg::metric::visits("triage")).rank == 0);
  CHECK(table.row("triage", customers).value == fg::evaluate(fg::apply(base, triage), customers));
}

TEST_CASE("a clipped change is noted") {
  const fg::Funnel base = test::shop();
  const fg::Scenario dream = fg::Scenario("dream").set(closing, 0.97, {.clip = true});
  const fg::Comparison table = fg::compare(base, {dream}, {customers});
  REQUIRE(table.notes.size() == 1);
  CHECK(table.notes[0].scenario == "dream");
  CHECK(table.notes[0].given < 0.97);
}

TEST_CASE("less is better of what nobody wants") {
  const fg::Funnel base = test::shop();
  using fg::Direction;
  using namespace fg::metric;
  for (const fg::Metric& metric :
       {cost(), cost_per("customer"), time_to(), count("rival"), probability("drop_off"), recoverable(),
        2 * cost(), cost() + count("rival"), -1 * profit(), fg::metric::ratio(cost(), revenue())}) {
    INFO(fg::to_string(metric));
    CHECK(fg::direction_of(metric, base) == Direction::less_is_better);
  }
  for (const fg::Metric& metric : {profit(), count("customer"), visits("order"), revenue() - cost(),
                                   lifetime_value(), cost() + revenue()}) {
    INFO(fg::to_string(metric));
    CHECK(fg::direction_of(metric, base) == Direction::more_is_better);
  }
  const fg::Comparison turned =
      fg::compare(base, {quick}, {customers}, {.directions = {Direction::less_is_better}});
  CHECK(turned.row("base", customers).rank == 1);
}

TEST_CASE("what cannot be compared is said, and the base stays as it is") {
  const fg::Funnel base = test::shop();
  const fg::Funnel copy = base;
  CHECK_THROWS_AS(fg::compare(base, {quick}, {}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::compare(base, {quick, quick}, {customers}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::compare(base, {quick.named("base")}, {customers}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::compare(base, {quick}, {fg::metric::count("custmer")}), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::compare(base, {fg::Scenario("x").scale(fg::rate("enquiry", "odrer"), 2)}, {customers}),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(fg::compare(base, {fg::Scenario("x").set(closing, 0.99)}, {customers}),
                  fg::ImpossibleChangeError);
  CHECK_THROWS_AS(fg::compare(base, {quick}, {customers}, {.directions = {fg::Direction{}, fg::Direction{}}}),
                  fg::InvalidValueError);
  CHECK(base == copy);
  CHECK(fg::compare(base, {fg::Scenario().scale(closing, 1.1)}, {customers}).scenarios[1] == "scenario 1");
}
