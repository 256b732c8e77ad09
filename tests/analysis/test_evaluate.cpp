// One metric of one funnel, and what options are refused.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <limits>
#include <string>
#include <vector>

#include "../support/random_funnel.hpp"

namespace fg = funnelgraph;
namespace metric = funnelgraph::metric;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("every metric is the figure that analyze reports") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const bool cap = seed % 4 == 3;
    const fg::Funnel funnel = test::random_funnel(seed, {.capacities = cap, .discount_rate = 0.15});
    const fg::AnalysisOptions options{.capacity = cap ? fg::CapacityRule::cap : fg::CapacityRule::report};
    const fg::Analysis a = fg::analyze(funnel, options);
    INFO("seed " << seed);
    const auto same = [&](const fg::Metric& metric, double wanted) {
      INFO(fg::to_string(metric));
      const double got = fg::evaluate(funnel, metric, options);
      if (std::isnan(wanted)) {
        CHECK(std::isnan(got));
      } else {
        CHECK_THAT(got, WithinRel(wanted, 1e-12) || WithinAbs(wanted, 1e-12));
      }
    };
    same(metric::revenue(), a.revenue);
    same(metric::cost(), a.cost);
    same(metric::profit(), a.profit);
    for (const fg::OutcomeRow& row : a.outcomes) {
      same(metric::count(row.outcome), row.count);
      same(metric::probability(row.outcome), row.probability);
      same(metric::time_to(row.outcome), row.time_mean);
      same(metric::cost_per(row.outcome), a.cost_per(row.outcome));
    }
    for (const fg::StageRow& row : a.stages) same(metric::visits(row.stage), row.visits);
    same(metric::time_to(), a.time_to().mean);
    same(metric::ratio(metric::revenue(), metric::cost()), a.cost == 0 ? std::nan("") : a.revenue / a.cost);
    same(metric::revenue() - 3.0 * metric::cost(), a.revenue - 3 * a.cost);
    if (cap) continue;
    // The lifetime value of an average entrant is the mean over where they start.
    double ahead = 0;
    for (const fg::Entry& entry : funnel.entries())
      ahead += entry.volume.value * a.lifetime_value(entry.stage);
    CHECK_THAT(fg::evaluate(funnel, metric::lifetime_value(), options),
               WithinRel(ahead / a.entrants, 1e-9) || WithinAbs(ahead / a.entrants, 1e-9));
  }
}

namespace {

fg::Funnel shop() {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "enquiry", .owner = "Sales", .cost = 5});
  funnel.add_stage({.name = "order", .owner = "Sales"});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.5, .lag = 1});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.5});
  funnel.add_entry({.stage = "enquiry", .volume = 100});
  return funnel;
}

}  // namespace

TEST_CASE("unknown names are told with the nearest one") {
  const fg::Funnel funnel = shop();
  const fg::Analysis a = fg::analyze(funnel);
  const auto nearest = [](auto&& call) -> std::string {
    try {
      call();
    } catch (const fg::UnknownNameError& error) {
      return error.nearest();
    }
    return "nothing thrown";
  };
  CHECK(nearest([&] { (void)a.probability("custmer"); }) == "customer");
  CHECK(nearest([&] { (void)a.probability("dropoff"); }) == "drop_off");
  CHECK(nearest([&] { (void)a.probability("customer", "enqiry"); }) == "enquiry");
  CHECK(nearest([&] { (void)a.count("custmer"); }) == "customer");
  CHECK(nearest([&] { (void)a.visits("ordr"); }) == "order");
  CHECK(nearest([&] { (void)a.reach("ordr"); }) == "order");
  CHECK(nearest([&] { (void)a.time_to("custmer"); }) == "customer");
  CHECK(nearest([&] { (void)a.cost_per("custmer"); }) == "customer");
  CHECK(nearest([&] { (void)a.rate("enquiry", "ordr"); }) == "enquiry -> order");
  CHECK(nearest([&] { (void)a.lifetime_value("enqiry"); }) == "enquiry");
  CHECK(nearest([&] { (void)fg::evaluate(funnel, metric::visits("ordr")); }) == "order");
  CHECK(nearest([&] { (void)fg::evaluate(funnel, metric::revenue() + metric::count("custmer")); }) ==
        "customer");
  CHECK(nearest([&] { (void)fg::analyze(funnel, {.metric = metric::count("custmer")}); }) == "customer");
}

TEST_CASE("a discount rate below zero or not a number is refused") {
  for (const double rate : {-0.01, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CHECK_THROWS_AS(fg::analyze(shop(), {.discount_rate = rate}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::evaluate(shop(), metric::profit(), {.discount_rate = rate}), fg::InvalidValueError);
  }
  CHECK_NOTHROW(fg::analyze(shop(), {.discount_rate = 0.0}));
  // A funnel may hold a rate below zero, which other uses have; an analysis says what rate it can use.
  fg::Funnel funnel = shop();
  funnel.set(fg::discount_rate(), -0.01);
  CHECK_THROWS_AS(fg::analyze(funnel), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::evaluate(funnel, metric::profit()), fg::InvalidValueError);
  CHECK_NOTHROW(fg::analyze(funnel, {.discount_rate = 0.0}));
}

TEST_CASE("what is divided by nothing is unknown") {
  fg::Funnel funnel = shop();
  funnel.set(fg::rate("order", "customer"), 0);
  CHECK(fg::evaluate(funnel, metric::cost()) == 500);
  CHECK(std::isnan(fg::evaluate(funnel, metric::ratio(metric::cost(), metric::count("customer")))));
  CHECK(std::isnan(fg::evaluate(funnel, metric::ratio(metric::cost(), metric::revenue()))));
  CHECK(std::isnan(fg::evaluate(funnel, metric::cost_per("customer"))));
  // Also inside a sum, and where the ratio is of what has no gradient.
  CHECK(std::isnan(
      fg::evaluate(funnel, metric::cost() + metric::ratio(metric::cost(), metric::count("customer")))));
}

TEST_CASE("the option's discount rate goes before the funnel's own") {
  fg::Funnel funnel = shop();
  funnel.set(fg::discount_rate(), 0.5);
  fg::Transition paid = funnel.transition("order", "customer");
  paid.lag = 365;
  funnel.replace_transition("order", "customer", paid);
  const double late = std::pow(1.5, -366.0 / 365);
  CHECK_THAT(fg::evaluate(funnel, metric::revenue()), WithinRel(250 * late, 1e-12));
  CHECK_THAT(fg::evaluate(funnel, metric::revenue(), {.discount_rate = 0.0}), WithinRel(250.0, 1e-12));
}

TEST_CASE("discounted money behind an unknown lag is unknown, all else is known") {
  const fg::Analysis a = fg::analyze(shop(), {.discount_rate = 0.1});
  CHECK(std::isnan(a.revenue));  // order -> customer has no lag
  CHECK_THAT(a.cost, WithinRel(500.0, 1e-12));
  CHECK(std::isnan(a.outcomes[0].value));
  CHECK(a.stages[1].value == 0);
  CHECK_THAT(a.count("customer"), WithinRel(25.0, 1e-12));
  CHECK_THAT(fg::analyze(shop()).revenue, WithinRel(250.0, 1e-12));
}

TEST_CASE("tables hold a row for the drop-off and say who owns what") {
  const fg::Analysis a = fg::analyze(shop());
  REQUIRE(a.outcomes.size() == 2);
  CHECK(a.outcomes[1].outcome == "drop_off");
  CHECK_THAT(a.outcomes[1].count, WithinRel(75.0, 1e-12));
  CHECK_THAT(a.probability("drop_off"), WithinRel(0.75, 1e-12));
  CHECK_THAT(a.time_to("drop_off").mean, WithinRel(25.0 / 75, 1e-12));
  CHECK(a.stages[0].owner == "Sales");
  CHECK(a.owners.back().owner == "unowned");  // nobody owns the customer's value
  CHECK_THAT(a.owners.back().value, WithinRel(250.0, 1e-12));
  CHECK_THAT(a.rate("enquiry", "drop_off"), WithinRel(0.5, 1e-12));
}

TEST_CASE("commissions, fixed costs and transition money go where they belong") {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Sales", .fixed_cost = 40});
  funnel.add_owner({.name = "Care"});
  funnel.add_stage({.name = "order", .owner = "Sales", .cost = 1, .value = 20, .commission = 0.1});
  funnel.add_outcome(
      {.name = "customer", .kind = fg::OutcomeKind::won, .owner = "Care", .value = 50, .commission = 0.02});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.5, .cost = 3, .value = 4});
  funnel.add_entry({.stage = "order", .volume = 10, .cost = 7});
  const fg::Analysis a = fg::analyze(funnel);
  const double sales_cost = 10 * (1 + 0.1 * 20) + 5 * 3 + 10 * 7 + 40;
  const double care_cost = 5 * 0.02 * 50;
  CHECK_THAT(a.owners[0].cost, WithinRel(sales_cost, 1e-12));
  CHECK_THAT(a.owners[1].cost, WithinRel(care_cost, 1e-12));
  CHECK_THAT(a.cost, WithinRel(sales_cost + care_cost, 1e-12));
  CHECK_THAT(a.owners[0].value, WithinRel(10.0 * 20 + 5 * 4, 1e-12));
  CHECK_THAT(a.revenue, WithinRel(10.0 * 20 + 5 * 4 + 5 * 50, 1e-12));
  CHECK_THAT(a.stages[0].cost, WithinRel(10 * 3.0 + 5 * 3, 1e-12));
}
