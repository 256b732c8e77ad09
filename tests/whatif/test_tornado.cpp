#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/tornado.hpp>
#include <limits>
#include <string>

#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

const fg::Metric customers = fg::metric::count("customer");

const fg::TornadoRow* row_of(const fg::Tornado& tornado, const std::string& parameter) {
  for (const fg::TornadoRow& row : tornado.rows) {
    if (row.parameter == parameter) return &row;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("from the numbers' own intervals, the others listed") {
  const fg::Funnel base = test::shop();
  const fg::Tornado tornado = fg::tornado(base, customers);
  REQUIRE(tornado.rows.size() == 2);
  CHECK(tornado.value == fg::evaluate(base, customers));
  const fg::TornadoRow& measured = *row_of(tornado, "rate(reached, enquiry)");
  const fg::Interval interval = fg::fit::jeffreys_interval(80, 4000);
  CHECK_THAT(measured.low, WithinRel(interval.low, 1e-12));
  CHECK_THAT(measured.high, WithinRel(interval.high, 1e-12));
  CHECK(measured.basis == "n = 4000 (95 %)");
  CHECK(measured.owner == "Marketing");
  CHECK(measured.source == "measured (n = 4000)");
  const fg::Funnel high = fg::apply(base, fg::Scenario().set(fg::rate("reached", "enquiry"), measured.high));
  CHECK(measured.metric_high == fg::evaluate(high, customers));
  const fg::TornadoRow& between = *row_of(tornado, "rate(enquiry, rival)");
  CHECK(between.low == 0.1);
  CHECK(between.high == 0.3);
  CHECK(between.basis == "interval (90 %)");
  CHECK_THAT(between.swing, WithinAbs(0, 1e-9));  // it takes from the drop-off, not from the orders: rounding
  CHECK(tornado.rows[0].parameter == "rate(reached, enquiry)");
  CHECK(tornado.not_varied.size() == base.parameters().size() - 2);
}

TEST_CASE("by a share of every number, the widest swing first") {
  const fg::Funnel base = test::shop();
  const fg::Tornado tornado = fg::tornado(base, fg::metric::profit(), {.relative = 0.1});
  CHECK(tornado.rows.size() > 10);
  for (std::size_t k = 1; k < tornado.rows.size(); ++k)
    CHECK(tornado.rows[k - 1].swing >= tornado.rows[k].swing);
  const fg::TornadoRow& value = *row_of(tornado, "value(customer)");
  CHECK_THAT(value.low, WithinRel(45.0, 1e-15));
  CHECK_THAT(value.swing, WithinRel(10 * fg::evaluate(base, customers), 1e-12));
  // .96 cannot rise by a tenth: it takes what there is, and says so.
  const fg::TornadoRow& delivered = *row_of(tornado, "rate(order, customer)");
  CHECK(delivered.clipped == false);  // cut at the end of its range beforehand
  CHECK(delivered.high == 1);
  for (const std::string& parameter : tornado.not_varied) {
    INFO(parameter);
    CHECK(row_of(tornado, parameter) == nullptr);
  }
}

TEST_CASE("stated low and high values, and what a row cannot bear") {
  const fg::Funnel base = test::shop();
  const fg::Parameter closing = fg::rate("enquiry", "order");
  const fg::Tornado tornado = fg::tornado(
      base, customers, {.low_high = {{closing, {0.2, 0.99}}, {fg::volume("reached"), {40000, 60000}}}});
  REQUIRE(tornado.rows.size() == 2);
  CHECK(tornado.not_varied.empty());
  const fg::TornadoRow& clipped = *row_of(tornado, "rate(enquiry, order)");
  CHECK(clipped.clipped);
  CHECK_THAT(clipped.high, WithinRel(0.95, 1e-12));
  const fg::TornadoRow& group = *row_of(tornado, "volume(reached)");
  CHECK_THAT(group.metric_high / group.metric_low, WithinRel(1.5, 1e-12));
  // From the siblings an enquiry that comes again gives too.
  const fg::Tornado siblings = fg::tornado(
      base, customers, {.low_high = {{closing, {0.2, 0.5}}}, .take_from = {{closing, "siblings"}}});
  const fg::Tornado leak = fg::tornado(base, customers, {.low_high = {{closing, {0.2, 0.5}}}});
  CHECK(siblings.rows[0].metric_high != leak.rows[0].metric_high);
}

TEST_CASE("a tornado refuses bad input and changes nothing") {
  const fg::Funnel base = test::shop();
  const fg::Funnel copy = base;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const fg::Parameter closing = fg::rate("enquiry", "order");
  CHECK_THROWS_AS(fg::tornado(base, customers, {.low_high = {{closing, {0.5, 0.2}}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::tornado(base, customers, {.low_high = {{closing, {nan, 0.2}}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::tornado(base, customers, {.low_high = {{closing, {-0.1, 0.2}}}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fg::tornado(base, customers, {.relative = 0.0}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::tornado(base, customers, {.relative = nan}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::tornado(base, customers, {.low_high = {{fg::rate("enquiry", "odrer"), {0, 1}}}}),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(fg::tornado(base, fg::metric::count("custmer")), fg::UnknownNameError);
  CHECK(base == copy);
}
