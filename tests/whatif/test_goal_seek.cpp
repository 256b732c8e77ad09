#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/whatif/detail/crossing.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
#include <limits>

#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

const fg::Metric customers = fg::metric::count("customer");
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("a volume for a count of customers, over its channels in proportion [37]") {
  const fg::Funnel base = test::shop();
  const double now = fg::evaluate(base, customers);
  const fg::GoalSeek found = fg::goal_seek(base, customers, {.target = 1000, .vary = fg::volume("reached")});
  // Customers are proportional to the volume.
  CHECK_THAT(found.value, WithinRel(50000 * 1000 / now, 1e-12));
  CHECK_THAT(found.reached, WithinRel(1000.0, 1e-12));  // a few ulps of the last step
  CHECK(found.before == 50000);
  CHECK_THAT(found.relative, WithinRel(1000 / now - 1, 1e-10));
  CHECK(found.solutions == 1);
  CHECK_FALSE(found.feasible);  // 1,500 enquiries fit, about 2,800 are needed
  const fg::Funnel there = fg::apply(base, found.scenario);
  CHECK(fg::evaluate(there, customers) == found.reached);
  CHECK_THAT(there.get(fg::volume("reached", "zalo")), WithinRel(found.value / 5, 1e-12));
}

TEST_CASE("a rate takes from what it is said to") {
  const fg::Funnel base = test::shop();
  const fg::Parameter closing = fg::rate("enquiry", "order");
  // orders = enquiries p / (1 - .05), customers = .96 of them
  const double wanted = 400 * 0.95 / (0.96 * 1000);
  const fg::GoalSeek found = fg::goal_seek(base, customers, {.target = 400, .vary = closing});
  CHECK_THAT(found.value, WithinRel(wanted, 1e-12));
  const fg::GoalSeek siblings =
      fg::goal_seek(base, customers, {.target = 400, .vary = closing, .take_from = "siblings"});
  CHECK(siblings.value > found.value);  // enquiries that come again give too
  CHECK(siblings.scenario.changes().size() == 1);
}

TEST_CASE("a metric that goes up and down is met next to where one is") {
  // Profit of a price that fewer accept is a parabola: (p - 1) (10 - p), 14 at 3 and at 8.
  const fg::detail::Crossing near_three = fg::detail::find_crossing(
      [](double p) { return (p - 1) * (10 - p); }, 14, fg::detail::scan_points(0, 20, 4), 4);
  REQUIRE(near_three.found);
  CHECK_THAT(near_three.at, WithinRel(3.0, 1e-14));
  CHECK(near_three.count == 2);
  const fg::detail::Crossing near_eight = fg::detail::find_crossing(
      [](double p) { return (p - 1) * (10 - p); }, 14, fg::detail::scan_points(0, 20, 7), 7);
  CHECK_THAT(near_eight.at, WithinRel(8.0, 1e-14));
}

TEST_CASE("a target at the very top of a peak between two points is found") {
  const auto peak = [](double x) { return 1 - (x - 0.503) * (x - 0.503); };
  const fg::detail::Crossing found =
      fg::detail::find_crossing(peak, 1 - 1e-9, fg::detail::scan_points(0, 1, 0), 0);
  REQUIRE(found.found);
  CHECK_THAT(std::abs(found.at - 0.503), WithinRel(std::sqrt(1e-9), 1e-4));  // the peak is flat
  CHECK_FALSE(fg::detail::find_crossing(peak, 1.001, fg::detail::scan_points(0, 1, 0), 0).found);
}

TEST_CASE("a function that jumps over the target does not meet it") {
  const auto jump = [](double x) { return x < 0.3 ? 0.0 : 1.0; };
  CHECK_FALSE(fg::detail::find_crossing(jump, 0.5, fg::detail::scan_points(0, 1, 0), 0).found);
}

TEST_CASE("what no value reaches says what can be reached") {
  const fg::Funnel base = test::shop();
  try {
    static_cast<void>(fg::goal_seek(base, customers, {.target = 5000, .vary = fg::rate("enquiry", "order")}));
    FAIL("reached the impossible");
  } catch (const fg::UnreachableTargetError& error) {
    CHECK(error.target() == 5000);
    CHECK(error.low() == 0);
    // All that the leak holds goes to the order: .95 / (1 - .05) of 1,000 enquiries, .96 of which buy.
    CHECK_THAT(error.high(), WithinRel(960.0, 1e-9));
  }
  CHECK_THROWS_AS(fg::goal_seek(base, customers, {.target = 500, .vary = fg::value("customer")}),
                  fg::UnreachableTargetError);
  CHECK_THROWS_AS(
      fg::goal_seek(base, customers,
                    {.target = 1000, .vary = fg::volume("reached"), .bounds = fg::Bounds{0, 60000}}),
      fg::UnreachableTargetError);
}

TEST_CASE("goal seek refuses bad input and changes nothing") {
  const fg::Funnel base = test::shop();
  const fg::Funnel copy = base;
  const fg::Parameter volume = fg::volume("reached");
  CHECK_THROWS_AS(fg::goal_seek(base, customers, {.target = unknown, .vary = volume}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::goal_seek(base, customers, {.target = 1, .vary = volume, .bounds = fg::Bounds{2, 1}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(
      fg::goal_seek(base, customers, {.target = 1, .vary = volume, .bounds = fg::Bounds{unknown, 1}}),
      fg::InvalidValueError);
  CHECK_THROWS_AS(fg::goal_seek(base, customers, {.target = 1, .vary = volume, .bounds = fg::Bounds{-2, -1}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fg::goal_seek(base, customers, {.target = 1, .vary = fg::volume("reachd")}),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(fg::goal_seek(base, fg::metric::count("custmer"), {.target = 1, .vary = volume}),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(
      fg::goal_seek(base, customers,
                    {.target = 300, .vary = fg::rate("enquiry", "order"), .take_from = "nowhere"}),
      fg::UnknownNameError);
  CHECK(base == copy);
}

TEST_CASE("a capacity that is not set can be sought") {
  fg::Funnel base = test::shop();
  const fg::GoalSeek found = fg::goal_seek(
      base, customers,
      {.target = 200, .vary = fg::capacity("order"), .analysis = {.capacity = fg::CapacityRule::cap}});
  CHECK_THAT(found.value, WithinRel(200 / 0.96, 1e-9));
  CHECK(std::isnan(found.before));
}
