#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/detail/moved_metric.hpp>
#include <funnelgraph/whatif/least_change.hpp>
#include <limits>
#include <vector>

#include "support/random_funnel.hpp"
#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// volume x a x b: the count is a plain product of three numbers.
fg::Funnel product() {
  fg::Funnel funnel;
  funnel.add_stage({.name = "reached"});
  funnel.add_stage({.name = "enquiry"});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.1});
  funnel.add_transition({.from = "enquiry", .to = "customer", .rate = 0.25});
  funnel.add_entry({.stage = "reached", .volume = 1000});
  return funnel;
}

const fg::Metric customers = fg::metric::count("customer");
const fg::Parameter reach = fg::volume("reached");
const fg::Parameter asking = fg::rate("reached", "enquiry");
const fg::Parameter closing = fg::rate("enquiry", "customer");

}  // namespace

TEST_CASE("a product shares the way in equal parts: the closed form") {
  const fg::Funnel base = product();
  const fg::LeastChange found =
      fg::least_change(base, customers, {.target = 50, .vary = {reach, asking, closing}});
  const double each = std::cbrt(2.0) - 1;  // (1 + u)^3 = 2, and by symmetry all alike
  REQUIRE(found.numbers.size() == 3);
  for (const fg::MovedNumber& number : found.numbers) {
    INFO(fg::to_string(number.parameter));
    CHECK_THAT(number.relative, WithinRel(each, 1e-8));  // half the digits of a flat minimum
    CHECK_FALSE(number.at_bound);
  }
  CHECK_THAT(found.distance, WithinRel(each * std::sqrt(3.0), 1e-10));
  CHECK_THAT(found.reached, WithinRel(50.0, 1e-10));
  CHECK_THAT(fg::evaluate(fg::apply(base, found.scenario), customers), WithinRel(50.0, 1e-10));
  CHECK(found.iterations < 200);
}

TEST_CASE("a bound hands the rest to the others") {
  const fg::Funnel base = product();
  const fg::LeastChange found = fg::least_change(
      base, customers, {.target = 50, .vary = {reach, asking, closing}, .bounds = {{closing, {0.2, 0.275}}}});
  CHECK(found.numbers[2].at_bound);
  CHECK_THAT(found.numbers[2].value, WithinRel(0.275, 1e-12));
  const double each = std::sqrt(2 / 1.1) - 1;
  CHECK_THAT(found.numbers[0].relative, WithinRel(each, 1e-8));
  CHECK_THAT(found.numbers[1].relative, WithinRel(each, 1e-8));
}

TEST_CASE("one number alone is goal seek") {
  const fg::Funnel base = test::shop();
  const fg::Parameter order = fg::rate("enquiry", "order");
  const fg::LeastChange least = fg::least_change(base, customers, {.target = 400, .vary = {order}});
  const fg::GoalSeek seek = fg::goal_seek(base, customers, {.target = 400, .vary = order});
  CHECK_THAT(least.numbers[0].value, WithinRel(seek.value, 1e-10));
}

TEST_CASE("nothing near the solution is nearer: random directions along the target") {
  const fg::Funnel base = test::shop();
  const std::vector<fg::Parameter> vary{fg::volume("reached"),        fg::rate("reached", "enquiry"),
                                        fg::rate("enquiry", "order"), fg::rate("order", "customer"),
                                        fg::value("customer"),        fg::cost("enquiry")};
  const fg::Metric profit = fg::metric::profit();
  const fg::LeastChange found =
      fg::least_change(base, profit, {.target = 2 * fg::evaluate(base, profit), .vary = vary});
  CHECK_THAT(found.reached, WithinRel(2 * fg::evaluate(base, profit), 1e-9));
  CHECK(found.numbers[5].value < found.numbers[5].before);  // a cost falls
  // Move one number a little, bring the metric back with another: never nearer to where one was.
  for (std::size_t i = 0; i < vary.size(); ++i) {
    for (std::size_t j = 0; j < vary.size(); ++j) {
      if (i == j) continue;
      for (const double by : {0.999, 1.001}) {
        fg::Scenario others("others");
        double squares = 0;
        for (std::size_t k = 0; k < vary.size(); ++k) {
          if (k == j) continue;
          const double value = found.numbers[k].value * (k == i ? by : 1.0);
          const double change = value / found.numbers[k].before - 1;
          squares += change * change;
          others = others.set(vary[k], value);
        }
        fg::Funnel moved;
        fg::GoalSeek back{.parameter = vary[j]};
        try {
          moved = fg::apply(base, others);
          back = fg::goal_seek(moved, profit, {.target = found.reached, .vary = vary[j]});
        } catch (const fg::ImpossibleChangeError&) {
          continue;
        } catch (const fg::UnreachableTargetError&) {
          continue;
        }
        const double change = back.value / found.numbers[j].before - 1;
        INFO(fg::to_string(vary[i]) << " by " << by << ", back with " << fg::to_string(vary[j]));
        CHECK(std::sqrt(squares + change * change) >= found.distance * (1 - 1e-9));
      }
    }
  }
}

TEST_CASE("the gradient of moved numbers is the difference quotient") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const fg::Funnel base = test::random_funnel(seed, {.discount_rate = 0.1});
    std::vector<fg::Parameter> vary;
    for (const fg::Parameter& parameter : base.parameters()) {
      const double before = base.get(parameter);
      const bool of_row = parameter.kind() == fg::ParameterKind::rate;
      if (!(before > 0) || parameter.kind() == fg::ParameterKind::drop_off ||
          parameter.kind() == fg::ParameterKind::lag_sd ||
          parameter.kind() == fg::ParameterKind::service_level || (of_row && before > 0.9))
        continue;
      if (of_row && !vary.empty() && vary.back().kind() == parameter.kind() &&
          vary.back().argument(0) == parameter.argument(0))
        continue;
      vary.push_back(parameter);
    }
    const fg::Metric metric = fg::metric::profit() + 3 * fg::metric::count("outcome 0");
    std::vector<fg::Parameter> kept;
    for (const fg::Parameter& parameter : vary) {
      try {
        static_cast<void>(fg::detail::MovedMetric(base, metric, {parameter}, {fg::TakeFrom()}, {}));
        kept.push_back(parameter);
      } catch (const fg::Error&) {  // a leak of nothing
      }
    }
    fg::detail::MovedMetric moved(base, metric, kept, std::vector<fg::TakeFrom>(kept.size()), {});
    const std::vector<double> x = moved.before();
    const double here = moved.value(x);
    const std::vector<double> gradient = moved.gradient_there();
    for (std::size_t k = 0; k < kept.size(); ++k) {
      const double step = 1e-5 * x[k];
      std::vector<double> up = x;
      std::vector<double> down = x;
      up[k] += step;
      down[k] -= step;
      const double quotient = (moved.value(up) - moved.value(down)) / (2 * step);
      if (std::isnan(quotient)) continue;  // the row gives no more that way
      INFO("seed " << seed << " " << fg::to_string(kept[k]));
      // Error of the quotient: the step squared, and rounding over the step.
      CHECK_THAT(gradient[k] * x[k],
                 WithinRel(quotient * x[k], 1e-5) || WithinAbs(quotient * x[k], 1e-9 * std::abs(here)));
    }
  }
}

TEST_CASE("a mean and a deviation of one lag move apart") {
  fg::Funnel base = test::shop();
  base.set(fg::discount_rate(), 3.0);
  const std::vector<fg::Parameter> vary{fg::lag("enquiry", "order"), fg::lag_sd("enquiry", "order")};
  fg::detail::MovedMetric moved(base, fg::metric::profit(), vary, {fg::TakeFrom(), fg::TakeFrom()}, {});
  static_cast<void>(moved.value(moved.before()));
  const std::vector<double> gradient = moved.gradient_there();
  for (std::size_t k = 0; k < 2; ++k) {
    std::vector<double> up = moved.before();
    std::vector<double> down = up;
    up[k] *= 1 + 1e-4;
    down[k] *= 1 - 1e-4;
    const double quotient = (moved.value(up) - moved.value(down)) / (up[k] - down[k]);
    CHECK_THAT(gradient[k], WithinRel(quotient, 1e-5));  // the step squared, rounding over the step
  }
}

TEST_CASE("least change says what cannot be") {
  const fg::Funnel base = product();
  const fg::Funnel copy = base;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  using Options = fg::LeastChangeOptions;
  try {
    static_cast<void>(fg::least_change(
        base, customers,
        Options{.target = 1000, .vary = {asking, closing}, .bounds = {{asking, {0.05, 0.2}}}}));
    FAIL("reached the impossible");
  } catch (const fg::UnreachableTargetError& error) {
    CHECK_THAT(error.high(), WithinRel(200.0, 1e-9));
    CHECK(error.low() == 0);
  }
  CHECK_THROWS_AS(fg::least_change(base, customers, Options{.target = 1, .vary = {}}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::least_change(base, customers, Options{.target = 1, .vary = {reach, reach}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fg::least_change(base, customers, Options{.target = 1, .vary = {fg::cost("enquiry")}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fg::least_change(base, customers, Options{.target = nan, .vary = {reach}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(
      fg::least_change(base, customers, Options{.target = 1, .vary = {reach}, .bounds = {{asking, {0, 1}}}}),
      fg::InvalidValueError);
  CHECK_THROWS_AS(
      fg::least_change(base, customers, Options{.target = 1, .vary = {reach}, .bounds = {{reach, {1, 2}}}}),
      fg::InvalidValueError);
  CHECK_THROWS_AS(fg::least_change(base, fg::metric::recoverable(), Options{.target = 1, .vary = {reach}}),
                  fg::InvalidValueError);
  CHECK(base == copy);
}
