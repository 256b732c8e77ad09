#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/sweep.hpp>
#include <limits>
#include <vector>

#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinRel;

namespace {

const fg::Metric customers = fg::metric::count("customer");
const fg::Parameter closing = fg::rate("enquiry", "order");
const fg::Parameter reach = fg::volume("reached");

}  // namespace

TEST_CASE("every combination, the last number fastest") {
  const fg::Funnel base = test::shop();
  const fg::Sweep swept = fg::sweep(
      base,
      {{closing, {0.2, 0.3, 0.4}}, {.parameter = reach, .values = {1, 2}, .kind = fg::ChangeKind::scale}},
      {customers, fg::metric::profit()}, {.variants = {.feasible = true}});
  CHECK(swept.parameters[0] == std::vector<double>{0.2, 0.2, 0.3, 0.3, 0.4, 0.4});
  CHECK(swept.parameters[1] == std::vector<double>{1, 2, 1, 2, 1, 2});
  CHECK(swept.counts.done == 6);
  for (std::size_t k = 0; k < 6; ++k) {
    const fg::Funnel there = fg::apply(
        base, fg::Scenario().set(closing, swept.parameters[0][k]).scale(reach, swept.parameters[1][k]));
    CHECK(swept.status[k] == fg::VariantStatus::ok);
    // The lanes may add in another order.
    CHECK_THAT(swept.metrics[0][k], WithinRel(fg::evaluate(there, customers), 1e-13));
    CHECK_THAT(swept.metrics[1][k], WithinRel(fg::evaluate(there, fg::metric::profit()), 1e-13));
    CHECK(swept.feasible[k] == (swept.parameters[1][k] == 1));
  }
}

TEST_CASE("paired grids walk together") {
  const fg::Funnel base = test::shop();
  const fg::Sweep swept =
      fg::sweep(base, {{closing, {0.2, 0.4}}, {reach, {1000, 2000}}}, {customers}, {.paired = true});
  CHECK(swept.status.size() == 2);
  CHECK(swept.parameters[1] == std::vector<double>{1000, 2000});
  CHECK_THAT(swept.metrics[0][1] / swept.metrics[0][0], WithinRel(4.0, 1e-13));
}

TEST_CASE("a point that cannot be says so and stops nothing") {
  const fg::Funnel base = test::shop();
  const fg::Sweep swept = fg::sweep(base, {{closing, {0.4, 0.99, 1.5, -0.1}}}, {customers});
  CHECK(swept.status[0] == fg::VariantStatus::ok);
  CHECK(swept.status[1] == fg::VariantStatus::impossible);
  CHECK(swept.status[2] != fg::VariantStatus::ok);
  CHECK(swept.status[3] != fg::VariantStatus::ok);
  CHECK(std::isnan(swept.metrics[0][1]));
  CHECK(swept.counts.impossible + swept.counts.out_of_range == 3);
}

TEST_CASE("a sweep refuses bad grids and changes nothing") {
  const fg::Funnel base = test::shop();
  const fg::Funnel copy = base;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(fg::sweep(base, {}, {customers}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sweep(base, {{closing, {}}}, {customers}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sweep(base, {{closing, {0.1, nan}}}, {customers}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sweep(base, {{closing, {0.1}}}, {}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sweep(base, {{fg::rate("enquiry", "odrer"), {0.1}}}, {customers}),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(fg::sweep(base, {{closing, {0.1}}}, {fg::metric::count("custmer")}), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::sweep(base, {{closing, {0.1}}, {closing, {0.2}}}, {customers}), fg::ConflictError);
  CHECK_THROWS_AS(fg::sweep(base, {{closing, {0.1}}, {reach, {1, 2}}}, {customers}, {.paired = true}),
                  fg::InvalidValueError);
  const std::vector<double> many(20000, 0.1);
  CHECK_THROWS_AS(fg::sweep(base, {{closing, many}, {reach, many}}, {customers}), fg::InvalidValueError);
  CHECK(base == copy);
}
