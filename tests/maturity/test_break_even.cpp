#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/break_even.hpp>

#include "maturity/two_sides.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using enum fgm::Relationship;

namespace {

const fgm::LoneBreakEven& alone(const fgm::BreakEven& b, const std::string& effect) {
  for (const auto& row : b.alone) {
    if (row.effect == effect) return row;
  }
  FAIL("no effect " << effect);
  return b.alone.front();
}

}  // namespace

TEST_CASE("the break-even of one effect is where its gain is the cost [47]") {
  // Cheaper entrants by m: gain 10,000 (1 - m) a month, ten months; 20,000 is covered at m = 0.8.
  const auto b = fgm::break_even(defined, aligned, test::two_sides(), {},
                                 {.cost = fgm::Range{15'000, 25'000},
                                  .horizon = 10 * 30.4375 + 30,
                                  .until_effect = fgm::Range{20, 40},
                                  .draws = 0});
  CHECK_THAT(b.periods, WithinRel(10 + 30 / 30.4375, 1e-12));
  CHECK_THAT(b.profit_before, WithinRel(170'000, 1e-12));
  const auto& entry = alone(b, "entry_cost");
  CHECK_THAT(entry.needed, WithinAbs(0.8, 1e-7));
  CHECK_THAT(entry.change, WithinAbs(-0.2, 1e-7));
  CHECK_FALSE(entry.within);  // the assumption ends at 10 % less
  CHECK(entry.text.at("en") == "pays if what it costs to reach somebody falls by 20 %");
  CHECK(entry.text.at("vi") == "có lãi nếu chi phí tiếp cận một người giảm 20 %");
  // Odds k of the acceptance: 400 -> 1000 k 0.4 / (0.4 k + 0.6), each worth 0.25 * 2000 - 50 = 450.
  const auto& acceptance = alone(b, "acceptance");
  const double p = 0.4 + 20'000.0 / 10 / 450 / 1000;
  CHECK_THAT(acceptance.needed, WithinRel(p / (1 - p) / (0.4 / 0.6), 1e-7));
  CHECK(acceptance.within);
  // Time is no money here: no discount rate, no capacity.
  CHECK(std::isnan(alone(b, "hand_off_lag").needed));
  CHECK_THAT(alone(b, "hand_off_lag").text.at("en"), ContainsSubstring("moves no money"));
}

TEST_CASE("together: the smallest strength that covers the cost, low and high [47]") {
  const fgm::BreakEvenOptions money{
      .cost = fgm::Range{10'000, 90'000}, .until_effect = fgm::Range{0, 0}, .draws = 200};
  const auto b = fgm::break_even(defined, aligned, test::two_sides(), {}, money);
  CHECK(b.strength_low < b.strength);
  CHECK(b.strength < b.strength_high);
  CHECK(b.strength > 0);
  const auto at = fgm::break_even(defined, aligned, test::two_sides(), {.strength = b.strength}, money);
  CHECK_THAT(at.gain, WithinRel(50'000, 1e-6));
  CHECK_THAT(b.text.at("en"), ContainsSubstring("Pays from"));
  CHECK_THAT(b.text.at("vi"), ContainsSubstring("Có lãi"));
  CHECK(b.gain_low < b.gain);
  CHECK(b.gain < b.gain_high);
  CHECK(b.gain_low < 0);  // the ranges hold no effect and worse
  CHECK(b.paying > 0.5);
  CHECK(b.paying < 1);
  auto alone_each = money;
  alone_each.independent = true;
  const auto apart = fgm::break_even(defined, aligned, test::two_sides(), {}, alone_each);
  CHECK(apart.gain_high - apart.gain_low < b.gain_high - b.gain_low);
  CHECK(apart.gain == b.gain);
}

TEST_CASE("the cost comes from the actions' days [47, 60]") {
  const auto b = fgm::break_even(defined, aligned, test::two_sides(), {.actions = {"easy_feedback"}},
                                 {.day_cost = 100, .horizon = 365, .draws = 0});
  REQUIRE(b.actions.size() == 1);
  CHECK(b.actions[0].action == "easy_feedback");
  CHECK(b.cost == fgm::Range{700, 2200});  // 3 to 10 days and 4 to 12 a year, at 100
  CHECK(b.until_effect == fgm::Range{14, 60});
  CHECK(std::isnan(b.gain_low));
  CHECK(std::isnan(b.paying));
}

TEST_CASE("each effect comes when its slowest action has had its time [47]") {
  const std::vector<fgm::Effort> efforts{{"easy_feedback", {0, 0}, {0, 0}, {30, 30}},
                                         {"rotation", {0, 0}, {0, 0}, {330, 330}}};
  const auto b = fgm::break_even(
      defined, aligned, test::two_sides(), {.actions = {"easy_feedback", "rotation"}},
      {.cost = fgm::Range{1, 1}, .horizon = 365, .period_days = 1, .efforts = efforts, .draws = 0});
  CHECK(alone(b, "entry_cost").begins == 30.0);
  CHECK(alone(b, "sales_cost").begins == 330.0);
  CHECK_THAT(alone(b, "entry_cost").gain, WithinRel(335 * 10'000 * 0.025, 1e-9));
  CHECK_THAT(alone(b, "sales_cost").gain, WithinRel(35 * 20'000 * 0.05, 1e-9));
  CHECK(b.until_effect == fgm::Range{330, 330});
}

TEST_CASE("it may never pay, and says why [47]") {
  const auto dear =
      fgm::break_even(defined, aligned, test::two_sides(), {}, {.cost = fgm::Range{1e12, 1e12}, .draws = 20});
  CHECK(std::isnan(dear.strength));
  CHECK_THAT(dear.text.at("en"), ContainsSubstring("ten times"));
  CHECK(dear.paying == 0.0);
  const auto late = fgm::break_even(
      defined, aligned, test::two_sides(), {},
      {.cost = fgm::Range{1, 1}, .horizon = 30, .until_effect = fgm::Range{30, 90}, .draws = 0});
  CHECK(std::isnan(late.strength));
  CHECK_THAT(late.text.at("en"), ContainsSubstring("horizon"));
  fg::Funnel unknown = test::two_sides();
  unknown.set(fg::lag("lead", "qualified"), NAN);
  unknown.set(fg::discount_rate(), 0.1);
  const auto dark = fgm::break_even(defined, aligned, unknown, {}, {.day_cost = 1, .draws = 0});
  CHECK(std::isnan(dark.strength));
  CHECK(std::isnan(dark.profit_before));
  CHECK_THAT(dark.text.at("en"), ContainsSubstring("unknown"));
  CHECK_THAT(fgm::break_even(defined, aligned, test::two_sides(), {}, {.cost = fgm::Range{0, 0}, .draws = 0})
                 .strength,
             WithinAbs(0, 0));
}

TEST_CASE("no verdict on numbers that only hold a place") {
  fg::Funnel funnel = test::two_sides();
  funnel.set(fg::value("won"), fg::placeholder(2000));
  const auto b = fgm::break_even(defined, aligned, funnel, {}, {.day_cost = 100, .draws = 0});
  CHECK(b.placeholders == 1);
  CHECK_THAT(b.text.at("en"), ContainsSubstring("No verdict"));
  CHECK(
      fgm::break_even(defined, aligned, test::two_sides(), {}, {.day_cost = 100, .draws = 0}).placeholders ==
      0);
}

TEST_CASE("with a discount rate a shorter cycle pays too [47]") {
  fg::Funnel funnel = test::two_sides();
  funnel.set(fg::discount_rate(), 0.3);
  const auto b =
      fgm::break_even(defined, aligned, funnel, {},
                      {.cost = fgm::Range{100, 100}, .until_effect = fgm::Range{0, 0}, .draws = 0});
  CHECK(alone(b, "hand_off_lag").gain > 0);
  CHECK(alone(b, "hand_off_lag").change < 0);
}

TEST_CASE("money and periods that cannot be are refused [47]") {
  const fg::Funnel funnel = test::two_sides();
  const auto with = [&](const fgm::BreakEvenOptions& money) {
    return fgm::break_even(defined, aligned, funnel, {}, money);
  };
  CHECK_THROWS_AS(with({}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.day_cost = -1}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.day_cost = 1, .horizon = 0}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.day_cost = 1, .period_days = 0}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.cost = fgm::Range{2, 1}}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.day_cost = 1, .draws = 1'000'000}), fg::InvalidValueError);
  fg::Funnel odd = funnel;
  fg::FunnelInfo info = odd.info();
  info.period = "sprint";
  odd.set_info(info);
  CHECK_THROWS_AS(fgm::break_even(defined, aligned, odd, {}, {.day_cost = 1}), fg::InvalidValueError);
  CHECK_NOTHROW(fgm::break_even(defined, aligned, odd, {}, {.day_cost = 1, .period_days = 14, .draws = 0}));
  CHECK(fgm::days_of_period("week") == 7.0);
  CHECK(fgm::days_of_period("tháng") == 30.4375);
  CHECK_FALSE(fgm::days_of_period("sprint"));
}
