#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/back_propagate.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
#include <limits>
#include <string>

#include "support/oracle.hpp"
#include "whatif/shop.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

const fg::NeededRow& row_of(const fg::BackPropagation& found, const std::string& place,
                            const std::string& name, const std::string& channel = "") {
  for (const fg::NeededRow& row : found.rows) {
    if (row.place == place && row.name == name && row.channel == channel) return row;
  }
  FAIL("no row of " + name);
  throw 0;
}

/// One week of the sandal shop, by units: what is reached are people, likes, shares and comments are
/// interactions, and `people_per_interaction` says how many people stand behind one.
fg::Funnel sandals(const boost::json::object& given, double people_per_interaction, double closing) {
  const double reach = test::number(given.at("reach"));
  const double interactions =
      test::number(given.at("likes")) + test::number(given.at("shares")) + test::number(given.at("comments"));
  fg::Funnel funnel({.name = "sandals", .currency = "VND", .period = "week"});
  funnel.add_owner({.name = "Marketing"});
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "reached", .owner = "Marketing", .unit = "people"});
  funnel.add_stage({.name = "interaction", .owner = "Marketing", .unit = "interactions"});
  funnel.add_stage({.name = "interested", .owner = "Sales", .unit = "people", .capacity = 8000});
  funnel.add_outcome({.name = "buyer",
                      .kind = fg::OutcomeKind::won,
                      .owner = "Sales",
                      .value = test::number(given.at("revenue_target")) / test::number(given.at("buyers"))});
  funnel.add_transition(
      {.from = "reached", .to = "interaction", .rate = fg::measured(interactions / reach, {.n = reach})});
  funnel.add_transition({.from = "interaction", .to = "interested", .rate = people_per_interaction});
  funnel.add_transition({.from = "interested", .to = "buyer", .rate = closing});
  funnel.add_entry({.stage = "reached", .volume = 0.7 * reach, .channel = "facebook"});
  funnel.add_entry({.stage = "reached", .volume = 0.3 * reach, .channel = "tiktok"});
  return funnel;
}

}  // namespace

TEST_CASE("the sandal case: the reach and the closing that 2,000,000,000 VND need [37, 38, 39]") {
  const boost::json::value file = test::oracle("response.json");
  const boost::json::object& given = file.at("sandals").as_object();
  const boost::json::object& expect = given.at("expect").as_object();
  const double target = test::number(given.at("revenue_target"));

  // With the reach as it is: the closing rate. If every interaction were a person of its own it is the
  // oracle's; if all shares and comments come from those who liked, 5,000 people must bring 1,000 buyers.
  const double alone = test::number(expect.at("close_needed_of_interactions"));
  const double overlapping = 5000.0 / 7120.0;
  const auto closing_needed = [&](double people) {
    return fg::goal_seek(sandals(given, people, 0.05), fg::metric::revenue(),
                         {.target = target, .vary = fg::rate("interested", "buyer")})
        .value;
  };
  CHECK_THAT(closing_needed(1), WithinRel(alone, 1e-12));
  CHECK_THAT(closing_needed(overlapping), WithinRel(0.2, 1e-12));
  // Comments alone, one a person: half of them would have to buy.
  CHECK_THAT(closing_needed(2000.0 / 7120.0),
             WithinRel(test::number(expect.at("close_needed_of_comments")), 1e-12));

  // With a closing rate of 10 %: the reach, back along the whole funnel.
  const fg::Funnel shop = sandals(given, overlapping, 0.1);
  const fg::BackPropagation back = fg::back_propagate(shop, fg::metric::revenue(), {.target = target});
  CHECK_THAT(back.now, WithinRel(1e9, 1e-12));  // 500 buyers
  CHECK_THAT(back.factor, WithinRel(2.0, 1e-12));
  CHECK_THAT(back.reached, WithinRel(target, 1e-12));
  CHECK_THAT(row_of(back, "outcome", "buyer").needed, WithinRel(1000.0, 1e-12));
  CHECK_THAT(row_of(back, "stage", "interested").needed, WithinRel(10000.0, 1e-12));
  CHECK_THAT(row_of(back, "stage", "interaction").needed, WithinRel(14240.0, 1e-12));
  CHECK_THAT(row_of(back, "stage", "reached").needed, WithinRel(400000.0, 1e-12));
  CHECK_THAT(row_of(back, "entry", "reached", "facebook").needed, WithinRel(280000.0, 1e-12));
  CHECK_THAT(row_of(back, "entry", "reached", "tiktok").needed, WithinRel(120000.0, 1e-12));
  CHECK(row_of(back, "stage", "reached").unit == "people");
  CHECK(row_of(back, "stage", "interaction").unit == "interactions");
  // Two changes of unit are told: interactions are not that many people.
  REQUIRE(back.notes.size() == 2);
  CHECK_THAT(back.notes[0], ContainsSubstring("people -> interactions"));
  // 10,000 people are more than can be looked after.
  CHECK_FALSE(back.feasible);
  CHECK_FALSE(row_of(back, "stage", "interested").feasible);
  CHECK(row_of(back, "stage", "reached").feasible);
  // The rows go backwards.
  CHECK(back.rows[0].name == "buyer");
  CHECK(back.rows[1].name == "interested");
  CHECK(back.rows[3].name == "reached");
  // Half a minute to look through each profile [39]: the hours of the oracle.
  const double hours = test::number(given.at("seconds_per_profile")) / 3600;
  CHECK_THAT(hours * fg::evaluate(shop, fg::metric::visits("interaction")),
             WithinRel(test::number(expect.at("review_hours_interactions")), 1e-12));
  // Or one rate alone.
  REQUIRE(back.rates.size() == 3);
  CHECK_THAT(back.rates[2].needed, WithinRel(0.2, 1e-12));
  CHECK(back.rates[2].feasible);
  CHECK(std::isnan(back.rates[1].needed));  // even one person an interaction: 712 buyers
  CHECK_THAT(back.rates[1].best, WithinRel(712 * 2e6, 1e-12));
}

TEST_CASE("the online flow is carried back from orders to reach, by channel [36, 37]") {
  const fg::Funnel shop = fg::reference::online_shop();
  const double now = fg::evaluate(shop, fg::metric::revenue());
  const fg::BackPropagation back = fg::back_propagate(shop, fg::metric::revenue(), {.target = 1.5 * now});
  CHECK_THAT(back.factor, WithinRel(1.5, 1e-12));
  for (const fg::NeededRow& row : back.rows) {
    INFO(row.name << ' ' << row.channel);
    CHECK_THAT(row.factor, WithinRel(1.5, 1e-12));  // everything is proportional to the volumes
  }
  CHECK_THAT(row_of(back, "stage", "reached").now, WithinRel(200000.0, 1e-12));
  CHECK_THAT(row_of(back, "entry", "reached", "paid").needed, WithinRel(255000.0, 1e-12));
  CHECK_THAT(row_of(back, "entry", "enquiry", "earned").needed, WithinRel(75.0, 1e-12));
  // From the last stage to the first, though some enter at the enquiry.
  std::vector<std::string> stages;
  for (const fg::NeededRow& row : back.rows) {
    if (row.place == "stage") stages.push_back(row.name);
  }
  CHECK(stages.back() == "reached");
  CHECK(std::find(stages.begin(), stages.end(), "care") < std::find(stages.begin(), stages.end(), "enquiry"));
  CHECK(std::find(stages.begin(), stages.end(), "enquiry") <
        std::find(stages.begin(), stages.end(), "engaged"));
}

TEST_CASE("only some channels grow") {
  const fg::Funnel base = test::shop();
  const double now = fg::evaluate(base, fg::metric::count("customer"));
  const fg::BackPropagation back = fg::back_propagate(
      base, fg::metric::count("customer"), {.target = 1.2 * now, .grow = {fg::volume("reached", "zalo")}});
  CHECK_THAT(back.factor, WithinRel(2.0, 1e-12));  // a fifth of all enters by it
  CHECK(row_of(back, "entry", "reached", "facebook").factor == 1);
  CHECK_THAT(row_of(back, "stage", "enquiry").factor, WithinRel(1.2, 1e-12));
  CHECK(fg::evaluate(fg::apply(base, back.scenario), fg::metric::count("customer")) == back.reached);
}

TEST_CASE("fixed costs are carried along: profit is no plain multiple of the volume") {
  const fg::Funnel base = test::shop();
  const double now = fg::evaluate(base, fg::metric::profit());
  const fg::BackPropagation back = fg::back_propagate(base, fg::metric::profit(), {.target = 2 * now});
  CHECK_THAT(back.factor, WithinRel((2 * now + 3000) / (now + 3000), 1e-12));
  CHECK_THAT(back.reached, WithinRel(2 * now, 1e-12));
}

TEST_CASE("where full stages shed, the way back bends") {
  const fg::Funnel base = test::shop();
  const fg::AnalysisOptions cap{.capacity = fg::CapacityRule::cap};
  const fg::BackPropagation back =
      fg::back_propagate(base, fg::metric::count("customer"), {.target = 500, .analysis = cap});
  CHECK_THAT(back.reached, WithinRel(500.0, 1e-9));
  CHECK_THROWS_AS(fg::back_propagate(base, fg::metric::count("customer"), {.target = 600, .analysis = cap}),
                  fg::UnreachableTargetError);  // 1,500 enquiries bring 504
}

TEST_CASE("what cannot be carried back is said, and the base stays") {
  const fg::Funnel base = test::shop();
  const fg::Funnel copy = base;
  const auto customers = fg::metric::count("customer");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(fg::back_propagate(base, customers, {.target = nan}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::back_propagate(base, customers, {.target = -1}), fg::UnreachableTargetError);
  CHECK_THROWS_AS(fg::back_propagate(base, fg::metric::probability("customer"), {.target = 0.9}),
                  fg::UnreachableTargetError);
  CHECK_THROWS_AS(fg::back_propagate(base, customers, {.target = 1, .grow = {fg::cost("enquiry")}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fg::back_propagate(base, customers, {.target = 1, .grow = {fg::volume("reached", "fax")}}),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(fg::back_propagate(base, fg::metric::count("custmer"), {.target = 1}),
                  fg::UnknownNameError);
  fg::Funnel nobody = base;
  nobody.set(fg::volume("reached"), 0);
  CHECK_THROWS_AS(fg::back_propagate(nobody, customers, {.target = 1}), fg::InvalidValueError);
  CHECK(base == copy);
}
