#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/break_even.hpp>
#include <funnelgraph/whatif/strength.hpp>
#include <string>

#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

const fg::Parameter closing = fg::rate("enquiry", "order");
/// Another seller: 2,000 a week, and closing from .35 to .5.
const fg::Scenario seller = fg::Scenario("seller").shift(fg::fixed_cost("Sales"), 2000).set(closing, 0.5);
/// Money per enquirer who orders: .96 sandals of 50, less a tenth commission on stages of value 0.
constexpr double per_order = 0.96 * 50;
constexpr double enquiries = 50000 * 0.02 / 0.95;

}  // namespace

TEST_CASE("how far a number must go before the rest of the scenario is paid for [47]") {
  const fg::Funnel base = test::shop();
  const fg::BreakEven found = fg::break_even(base, seller, {.vary = closing});
  // 2,000 a week are earned back by 2,000 / 48 more orders.
  const double wanted = 0.35 + 2000 / per_order / enquiries;
  CHECK_THAT(found.value, WithinRel(wanted, 1e-12));
  CHECK(found.before == 0.35);
  CHECK(found.stated == 0.5);
  CHECK_THAT(found.relative, WithinRel(wanted / 0.35 - 1, 1e-10));
  CHECK_FALSE(found.always);
  CHECK_THAT(found.reached, WithinRel(found.reference, 1e-12));
  CHECK_THAT(found.text, ContainsSubstring("pays if rate(enquiry, order) rises by 11.3 %"));
}

TEST_CASE("pays if the cycle shortens by so much [47]") {
  fg::Funnel base = test::shop();
  base.set(fg::discount_rate(), 2.0);
  const fg::Scenario system = fg::Scenario("new system").shift(fg::fixed_cost("Sales"), 20);
  const fg::Parameter cycle = fg::lag("enquiry", "order");
  const fg::BreakEven found = fg::break_even(base, system, {.vary = cycle});
  CHECK(found.value < found.before);
  CHECK(found.relative < 0);
  CHECK_THAT(found.text, ContainsSubstring("pays if lag(enquiry, order) falls by"));
  const fg::Funnel there = fg::apply(base, system.set(cycle, found.value));
  CHECK_THAT(fg::evaluate(there, fg::metric::profit()),
             WithinRel(fg::evaluate(base, fg::metric::profit()), 1e-12));
  // Of time itself less is better: a scenario that costs four days pays if something gives them back.
  const fg::Scenario slow = fg::Scenario("check").shift(fg::lag("order", "customer"), 1);
  const fg::BreakEven days =
      fg::break_even(base, slow, {.metric = fg::metric::time_to("customer"), .vary = cycle});
  CHECK_THAT(days.value, WithinRel(1.0, 1e-9));
}

TEST_CASE("a scenario's own strength, and another's beside it") {
  const fg::Funnel base = test::shop();
  // By its own strength cost and effect grow alike: it pays at any.
  const fg::BreakEven own = fg::break_even(base, seller);
  CHECK(own.always);
  CHECK(own.value == 0);
  const fg::Scenario price = fg::Scenario("price").shift(fg::fixed_cost("Sales"), 2000);
  const fg::Scenario effect = fg::Scenario("effect").set(closing, 0.5);
  const fg::BreakEven part = fg::break_even(base, price, {.effect = effect});
  CHECK_THAT(part.value, WithinRel(2000 / per_order / enquiries / 0.15, 1e-12));
  CHECK_THAT(part.text, ContainsSubstring("of what 'effect' says comes true"));
  CHECK_THROWS_AS(fg::break_even(base, price, {.vary = closing, .effect = effect}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::break_even(base, seller, {.effect = effect}), fg::ConflictError);
}

TEST_CASE("effects of better alignment: a shorter cycle, a cheaper entry, cheaper sales [47]") {
  fg::Funnel base = test::shop();
  base.set(fg::discount_rate(), 2.0);
  // What joint work costs a week; each effect alone has its break-even, before any gain is believed in.
  const fg::Scenario meetings = fg::Scenario("joint work").shift(fg::fixed_cost("Sales"), 30);
  for (const fg::Parameter& number :
       {fg::lag("enquiry", "order"), fg::entry_cost("reached", "facebook"), fg::cost("enquiry")}) {
    const fg::BreakEven found = fg::break_even(base, meetings, {.vary = number});
    INFO(fg::to_string(number) << ": " << found.text);
    CHECK(found.value < found.before);
    CHECK(found.value > 0);
    CHECK_THAT(found.reached, WithinRel(found.reference, 1e-12));
    // A little more than that, and it pays.
    const fg::Funnel better = fg::apply(base, meetings.set(number, 0.99 * found.value));
    CHECK(fg::evaluate(better, fg::metric::profit()) > found.reference);
  }
}

TEST_CASE("what pays at first, but not in full, is not called a gain") {
  const fg::Funnel base = test::shop();
  // The commission grows with the closing rate: at some point it eats what more orders bring.
  const fg::Scenario greedy = fg::Scenario("bonus").set(closing, 0.6).set(fg::commission("customer"), 0.9);
  const fg::BreakEven found =
      fg::break_even(base, greedy.named("bonus"), {.vary = fg::commission("customer")});
  CHECK(found.always);
  CHECK(found.text == "pays at first, but not in full");
}

TEST_CASE("what never pays says how near it comes") {
  const fg::Funnel base = test::shop();
  const fg::Scenario dear = fg::Scenario("dear").shift(fg::fixed_cost("Sales"), 100000).set(closing, 0.5);
  try {
    static_cast<void>(fg::break_even(base, dear, {.vary = closing}));
    FAIL("pays");
  } catch (const fg::UnreachableTargetError& error) {
    const double profit = fg::evaluate(base, fg::metric::profit());
    CHECK(error.target() == profit);
    CHECK_THAT(error.high(), WithinRel(profit - 100000 + 0.15 * enquiries * per_order, 1e-9));
  }
}

TEST_CASE("strength goes from the base to the scenario") {
  const fg::Funnel base = test::shop();
  const fg::Scenario all = fg::Scenario("all")
                               .set(closing, 0.5)
                               .scale(fg::volume("reached", "zalo"), 3)
                               .shift(fg::cost("enquiry"), 1)
                               .scale_odds(fg::rate("reached", "enquiry"), 4)
                               .set(fg::capacity("order"), 900)
                               .add_stage({.name = "triage"})
                               .add_transition({.from = "triage", .to = "order", .rate = 1});
  CHECK(fg::at_strength(all, base, 1) == all);
  const fg::Funnel half = fg::apply(base, fg::at_strength(all, base, 0.5));
  CHECK_THAT(half.get(closing), WithinRel(0.425, 1e-15));
  CHECK(half.get(fg::volume("reached", "zalo")) == 20000);
  CHECK(half.get(fg::cost("enquiry")) == 2.5);
  CHECK_THAT(half.get(fg::rate("reached", "enquiry")), WithinRel(2 * 0.02 / (2 * 0.02 + 0.98), 1e-14));
  CHECK(half.get(fg::capacity("order")) == 900);  // there was none: nothing lies half way
  CHECK(half.find_stage("triage"));
  const fg::Funnel none = fg::apply(base, fg::at_strength(all, base, 0));
  CHECK(none.get(closing) == 0.35);
  CHECK(none.find_stage("triage"));
  CHECK_THROWS_AS(fg::at_strength(all, base, 1.5), fg::InvalidValueError);
}
