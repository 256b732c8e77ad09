#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/disagree.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

struct Belief {
  double order = 0.35;
  double closing = 0.8;
  double volume = 1000;
  double cost = 3;
  double lag = 2;
};

fg::Funnel shop(const Belief& belief, const char* by = "Sales") {
  fg::Funnel funnel({.name = std::string(by) + "'s plan"});
  funnel.add_owner({.name = "Marketing"});
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "enquiry", .owner = "Marketing", .cost = belief.cost});
  funnel.add_stage({.name = "order", .owner = "Sales", .value = 100});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "competitor", .kind = fg::OutcomeKind::lost});
  funnel.add_transition(
      {.from = "enquiry", .to = "order", .rate = fg::estimated(belief.order, {by}), .lag = belief.lag});
  funnel.add_transition({.from = "enquiry", .to = "competitor", .rate = 0.3});
  funnel.add_transition({.from = "order", .to = "customer", .rate = fg::estimated(belief.closing, {by})});
  funnel.add_entry({.stage = "enquiry", .volume = belief.volume});
  return funnel;
}

const fg::Disagreement* find(const std::vector<fg::Disagreement>& rows, const fg::Parameter& parameter) {
  for (const fg::Disagreement& row : rows) {
    if (row.parameter == parameter) return &row;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("two beliefs: each number is ranked by what it is worth [whatif, disagree]") {
  const Belief marketing{.order = 0.4, .closing = 0.8, .volume = 1200, .cost = 3, .lag = 2};
  const Belief sales{.order = 0.3, .closing = 0.85, .volume = 900, .cost = 3, .lag = 5};
  const fg::Metric count = fg::metric::count("customer");
  const fg::Disagreements result =
      fg::disagree({{"Marketing", shop(marketing, "Marketing")}, {"Sales", shop(sales)}}, count);
  REQUIRE(result.sides == std::vector<std::string>{"Marketing", "Sales"});
  CHECK_THAT(result.values[0], WithinRel(1200 * 0.4 * 0.8, 1e-12));
  CHECK_THAT(result.values[1], WithinRel(900 * 0.3 * 0.85, 1e-12));
  CHECK(result.structure.empty());

  REQUIRE(result.rows.size() == 3);
  // In both orders: the number moves from the first side's to the second's in either funnel.
  const double by_volume = ((900 - 1200) * 0.4 * 0.8 + (900 - 1200) * 0.3 * 0.85) / 2;
  const double by_order = ((0.3 - 0.4) * 1200 * 0.8 + (0.3 - 0.4) * 900 * 0.85) / 2;
  const double by_closing = (0.05 * 1200 * 0.4 + 0.05 * 900 * 0.3) / 2;
  CHECK(result.rows[0].parameter == fg::rate("enquiry", "order"));
  CHECK(result.rows[1].parameter == fg::volume("enquiry", ""));
  CHECK(result.rows[2].parameter == fg::rate("order", "customer"));
  CHECK_THAT(result.rows[0].change, WithinRel(by_order, 1e-12));
  CHECK_THAT(result.rows[1].change, WithinRel(by_volume, 1e-12));
  CHECK_THAT(result.rows[2].change, WithinRel(by_closing, 1e-12));
  for (const fg::Disagreement& row : result.rows)
    CHECK_THAT(row.worth, WithinRel(std::abs(row.change), 1e-12));
  CHECK(result.rows[0].owners == std::vector<std::string>{"Marketing", "Marketing"});
  CHECK(result.rows[0].numbers[0].source.by() == std::vector<std::string>{"Marketing"});
  CHECK(result.rows[0].numbers[1].source.by() == std::vector<std::string>{"Sales"});

  // What changes nothing is listed as such.
  REQUIRE(result.idle.size() == 1);
  CHECK(result.idle[0].parameter == fg::lag("enquiry", "order"));
  CHECK(result.idle[0].worth == 0);
  CHECK(result.idle[0].removed_spread == 0);

  // Value of knowing, by trying all 16 combinations by hand.
  const double volumes[] = {1200, 900}, orders[] = {0.4, 0.3}, closings[] = {0.8, 0.85};
  double mean = 0, square = 0, at_order[2] = {0, 0};
  for (const double v : volumes) {
    for (int o = 0; o < 2; ++o) {
      for (const double c : closings) {
        const double metric = v * orders[o] * c;
        mean += metric / 8;
        square += metric * metric / 8;
        at_order[o] += metric / 4;
      }
    }
  }
  const double between = (std::pow(at_order[0] - mean, 2) + std::pow(at_order[1] - mean, 2)) / 2;
  CHECK_THAT(result.rows[0].removed_spread, WithinRel(between / (square - mean * mean), 1e-9));
  CHECK(result.beliefs == 16);
  CHECK_FALSE(result.sampled);
  REQUIRE(result.measure_first.size() == 3);
  CHECK(result.measure_first[0] == 0);
  CHECK(std::isnan(result.rows[0].decision_gain));
}

TEST_CASE("knowing is worth what it adds to the choice between scenarios [whatif, disagree]") {
  // A campaign costs 1,600 and brings 250 enquiries more: it pays where the order rate is high only.
  const Belief high{.order = 0.4, .closing = 0.5, .volume = 1000, .cost = 0, .lag = 1};
  Belief low = high;
  low.order = 0.04;
  low.closing = 0.6;
  const fg::Scenario campaign =
      fg::Scenario("campaign").shift(fg::volume("enquiry"), 250).shift(fg::fixed_cost("Marketing"), 1600);
  const fg::Disagreements result = fg::disagree({{"A", shop(high)}, {"B", shop(low)}}, fg::metric::profit(),
                                                {.analysis = {}, .scenarios = {campaign}});
  const fg::Disagreement* order = find(result.rows, fg::rate("enquiry", "order"));
  REQUIRE(order != nullptr);
  // Profit is volume * rate * 100 - fixed: with it 125,000 r - 1,600, without it 100,000 r. At 0.4 the
  // campaign gains 8,400, at 0.04 it loses 600; not knowing, it is run and the 600 are lost half the time.
  CHECK_THAT(order->decision_gain, WithinRel(300, 1e-9));
  const fg::Disagreement* closing = find(result.idle, fg::rate("order", "customer"));
  REQUIRE(closing != nullptr);
  CHECK(closing->decision_gain == 0);
  REQUIRE(result.measure_first.size() == 1);
  const fg::Disagreements least = fg::disagree({{"A", shop(high)}, {"B", shop(low)}}, fg::metric::profit(),
                                               {.analysis = {}, .scenarios = {campaign}, .minimise = true});
  // Whoever wants the least would not run it, and knowing runs it where it loses 600: half the time.
  CHECK_THAT(find(least.rows, fg::rate("enquiry", "order"))->decision_gain, WithinRel(300, 1e-9));
}

TEST_CASE("three sides, and what only some of them have [whatif, disagree]") {
  fg::Funnel a = shop({});
  fg::Funnel b = shop({.order = 0.3, .closing = 0.8, .volume = 1000, .cost = 3, .lag = 2});
  fg::Funnel c = shop({.order = 0.5, .closing = 0.8, .volume = 1000, .cost = 4, .lag = 2});
  c.add_stage({.name = "care", .owner = "Sales"});
  c.add_transition({.from = "care", .to = "customer", .rate = 1});
  c.set(fg::rate("order", "customer"), 0.7);
  c.add_transition({.from = "order", .to = "care", .rate = 0.1});
  const fg::Disagreements result =
      fg::disagree({{"a", a}, {"b", b}, {"c", c}}, fg::metric::count("customer"));
  const fg::Disagreement* order = find(result.rows, fg::rate("enquiry", "order"));
  REQUIRE(order != nullptr);
  CHECK(order->numbers.size() == 3);
  CHECK_THAT(order->worth, WithinRel(1000 * 0.2 * 0.8, 1e-12));
  CHECK(std::isnan(order->change));
  CHECK(order->removed_spread > 0.9);
  CHECK(find(result.idle, fg::cost("enquiry")) != nullptr);
  // The row of the order has other exits on side c: a number of it is weighed, not mixed.
  const fg::Disagreement* closing = find(result.rows, fg::rate("order", "customer"));
  REQUIRE(closing != nullptr);
  CHECK(std::isnan(closing->removed_spread));
  REQUIRE(result.structure.size() == 3);
  for (const fg::StructuralDifference& difference : result.structure) {
    CHECK(difference.side == "c");
    CHECK(difference.text.find("care") != std::string::npos);
  }
}

TEST_CASE("what a fit counted and a funnel's name are no disagreement [whatif, disagree]") {
  fg::Funnel a({.name = "a"});
  a.add_stage({.name = "lead"});
  a.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  fg::Funnel b = a;
  b.set_info({.name = "b", .note = "another fit"});
  a.add_transition({.from = "lead",
                    .to = "won",
                    .rate = fg::measured(0.5, {.n = 100}),
                    .observed = fg::Observed{50, 100, 0}});
  b.add_transition({.from = "lead",
                    .to = "won",
                    .rate = fg::measured(0.4, {.n = 50}),
                    .observed = fg::Observed{20, 50, 0}});
  a.add_entry({.stage = "lead", .volume = 10});
  b.add_entry({.stage = "lead", .volume = 10});
  const fg::Disagreements result = fg::disagree({{"a", a}, {"b", b}}, fg::metric::count("won"));
  CHECK(result.structure.empty());
  REQUIRE(result.rows.size() == 1);
  CHECK_THAT(result.rows[0].change, WithinRel(-1, 1e-12));
  CHECK(result.rows[0].removed_spread == 1);

  const fg::Disagreements none = fg::disagree({{"a", a}, {"also a", a}}, fg::metric::count("won"));
  CHECK(none.rows.empty());
  CHECK(none.idle.empty());
  CHECK(none.beliefs == 0);
}

TEST_CASE("a disagreement on more numbers than can all be tried is sampled [whatif, disagree]") {
  fg::Funnel a, b;
  for (fg::Funnel* side : {&a, &b}) {
    side->add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
    for (int i = 0; i < 16; ++i) {
      const std::string name = "s" + std::to_string(i);
      side->add_stage({.name = name});
      side->add_transition({.from = name, .to = "won", .rate = side == &a ? 0.5 : 0.6});
      side->add_entry({.stage = name, .volume = i == 3 ? 100 : 10});
    }
  }
  const fg::Disagreements result = fg::disagree({{"a", a}, {"b", b}}, fg::metric::count("won"));
  CHECK(result.sampled);
  CHECK(result.beliefs == 16'384);
  CHECK(result.rows[0].parameter == fg::rate("s3", "won"));
  // 10^2 against 15 ones, in units of the others' variance; a sample of 16,384 knows it to about 1 %.
  CHECK_THAT(result.rows[0].removed_spread, WithinAbs(100.0 / 115, 0.02));
}

TEST_CASE("a disagreement that cannot be is refused [whatif, disagree]") {
  const fg::Funnel a = shop({});
  const fg::Metric metric = fg::metric::profit();
  CHECK_THROWS_AS(fg::disagree({}, metric), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::disagree({{"a", a}}, metric), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::disagree({{"a", a}, {"a", a}}, metric), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::disagree({{"", a}, {"b", a}}, metric), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::disagree({{"a", a}, {"b", a}}, fg::metric::count("custmer")), fg::UnknownNameError);
  const fg::Scenario nowhere = fg::Scenario("x").set(fg::cost("nowhere"), 1);
  const fg::Funnel b = shop({.order = 0.2, .closing = 0.8, .volume = 1000, .cost = 3, .lag = 2});
  CHECK_THROWS_AS(fg::disagree({{"a", a}, {"b", b}}, metric, {.analysis = {}, .scenarios = {nowhere}}),
                  fg::UnknownNameError);
}
