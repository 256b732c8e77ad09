#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinRel;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Two wins; nobody knows what a subscription is worth.
fg::Funnel shop(double subscribing) {
  fg::Funnel funnel{{.name = "shop"}};
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "visit", .owner = "Sales", .cost = 2});
  funnel.add_stage({.name = "offer", .owner = "Sales", .value = 1});
  funnel.add_outcome({.name = "order", .kind = fg::OutcomeKind::won, .value = 50, .commission = 0.1});
  funnel.add_outcome({.name = "subscription", .kind = fg::OutcomeKind::won, .value = unknown});
  funnel.add_transition({.from = "visit", .to = "offer", .rate = 0.5, .lag = fg::Lag(1)});
  funnel.add_transition({.from = "offer", .to = "order", .rate = 0.25, .lag = fg::Lag(1)});
  funnel.add_transition({.from = "offer", .to = "subscription", .rate = subscribing, .lag = fg::Lag(1)});
  funnel.add_entry({.stage = "visit", .volume = 100});
  return funnel;
}

}  // namespace

TEST_CASE("revenue without values is absent, never 0") {
  for (const double discount_rate : {0.0, 0.1}) {
    CAPTURE(discount_rate);
    const fg::AnalysisOptions options{.discount_rate = discount_rate};
    const fg::Funnel funnel = shop(0.1);
    const fg::Analysis analysis = fg::analyze(funnel, options);
    CHECK(std::isnan(analysis.revenue));
    CHECK(std::isnan(analysis.profit));
    CHECK(analysis.unknown_values == std::vector<std::string>{"subscription"});
    CHECK(std::isnan(analysis.lifetime_value("visit")));
    CHECK(std::isnan(analysis.stages[0].value_lost));
    CHECK(analysis.outcomes[0].value > 0);
    for (const fg::Metric& metric :
         {fg::metric::revenue(), fg::metric::profit(), fg::metric::lifetime_value(),
          fg::metric::ratio(fg::metric::profit(), fg::metric::cost())}) {
      try {
        (void)fg::evaluate(funnel, metric, options);
        FAIL("no error for " << fg::to_string(metric));
      } catch (const fg::InvalidValueError& error) {
        CHECK(error.where().find("subscription") != std::string::npos);
        CHECK(error.given() == "unknown");
      }
    }
  }
}

TEST_CASE("an unknown value hides nothing that does not need it") {
  const fg::Funnel funnel = shop(0.1);
  const fg::Analysis analysis = fg::analyze(funnel);
  // 100 visits at 2, 50 offers, 12.5 orders of 50 with 10 % commission
  CHECK_THAT(analysis.cost, WithinRel(100 * 2 + 12.5 * 5, 1e-14));
  CHECK_THAT(fg::evaluate(funnel, fg::metric::cost()), WithinRel(analysis.cost, 1e-15));
  CHECK_THAT(fg::evaluate(funnel, fg::metric::count("subscription")), WithinRel(5.0, 1e-14));
  for (const fg::Gradient& by : fg::gradients(funnel, fg::metric::cost())) {
    CAPTURE(fg::to_string(by.parameter));
    CHECK(std::isnan(by.gradient) == (by.parameter == fg::commission("subscription")));
  }
  std::size_t unknown_ones = 0;
  for (const fg::Gradient& by : fg::gradients(funnel, fg::metric::revenue())) {
    if (std::isnan(by.gradient)) ++unknown_ones;
    if (by.parameter == fg::value("order")) CHECK_THAT(by.gradient, WithinRel(12.5, 1e-14));
    if (by.parameter == fg::value("subscription")) CHECK_THAT(by.gradient, WithinRel(5.0, 1e-14));
    if (by.parameter == fg::rate("offer", "subscription")) CHECK(std::isnan(by.gradient));
    if (by.parameter == fg::volume("visit")) CHECK(std::isnan(by.gradient));
  }
  CHECK(unknown_ones > 0);
}

TEST_CASE("a commission on an unknown value is unknown too") {
  fg::Funnel funnel = shop(0.1);
  funnel.set(fg::commission("subscription"), 0.05);
  CHECK(std::isnan(fg::analyze(funnel).cost));
  CHECK_THROWS_AS(fg::evaluate(funnel, fg::metric::cost()), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::evaluate(funnel, fg::metric::cost_per("order")), fg::InvalidValueError);
}

TEST_CASE("an unknown value that nobody reaches is no gap") {
  const fg::Funnel funnel = shop(0);
  const fg::Analysis analysis = fg::analyze(funnel);
  CHECK(analysis.unknown_values.empty());
  CHECK_THAT(analysis.revenue, WithinRel(50 * 1 + 12.5 * 50, 1e-14));
  CHECK_THAT(fg::evaluate(funnel, fg::metric::revenue()), WithinRel(analysis.revenue, 1e-15));
  CHECK_THAT(analysis.lifetime_value("visit"), WithinRel((analysis.revenue - analysis.cost) / 100, 1e-14));
  // Of those who go on: an offer brings 1 and a quarter of 50; half of the visits and 3/4 of the offers
  // leave.
  CHECK_THAT(analysis.stages[0].value_lost, WithinRel(50 * (1 + 12.5), 1e-14));
  CHECK_THAT(analysis.stages[1].value_lost, WithinRel(37.5 * 50, 1e-14));
}

TEST_CASE("a set value ends the doubt") {
  fg::Funnel funnel = shop(0.1);
  funnel.set(fg::value("subscription"), 20);
  CHECK_THAT(fg::analyze(funnel).revenue, WithinRel(50 * 1 + 12.5 * 50 + 5 * 20, 1e-14));
}

TEST_CASE("what a reference would bring is unknown where values are") {
  fg::AnalysisOptions options;
  fg::Funnel plan = shop(0.1);
  plan.set(fg::rate("visit", "offer"), 0.6);
  options.reference = std::make_shared<const fg::Funnel>(plan);
  CHECK(std::isnan(fg::analyze(shop(0.1), options).stages[0].recoverable));
  options.metric = fg::metric::count("order");
  CHECK_THAT(fg::analyze(shop(0.1), options).stages[0].recoverable, WithinRel(2.5, 1e-12));
}
