#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/validate.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/diff.hpp>
#include <string>
#include <vector>

#include "support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

fg::Funnel shop() {
  fg::Funnel funnel({.name = "shop", .discount_rate = 0.05});
  funnel.add_owner({.name = "Sales", .fixed_cost = 100});
  funnel.add_stage({.name = "reached", .owner = "Sales", .value = -2});
  funnel.add_stage({.name = "enquiry", .owner = "Sales", .cost = 5, .commission = 0.1, .capacity = 900});
  funnel.add_stage({.name = "order", .owner = "Sales", .value = 50, .drop_off = 0.02});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_outcome({.name = "rival", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = fg::measured(0.25, {.n = 400})});
  funnel.add_transition({.from = "enquiry",
                         .to = "order",
                         .rate = fg::measured(0.4, {.n = 100}),
                         .lag = fg::Lag::gamma({.mean = 2, .sd = 1}),
                         .cost = 1,
                         .service_level = 1.0,
                         .observed = fg::Observed{40, 100, 0}});
  funnel.add_transition(
      {.from = "enquiry", .to = "rival", .rate = fg::measured(0.35, {.n = 100}), .lag = fg::Lag::zero()});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.98, .lag = fg::Lag::exponential(3)});
  funnel.add_entry({.stage = "reached", .volume = 3000, .cost = 0.1, .channel = "web"});
  funnel.add_entry({.stage = "reached", .volume = 1000, .cost = 0.3, .channel = "fair"});
  funnel.add_lever({.name = "brand", .owner = "Sales"});
  funnel.add_influence({.lever = "brand", .from = "enquiry", .to = "order", .elasticity = 0.5});
  return funnel;
}

const fg::Parameter closing = fg::rate("enquiry", "order");
const fg::Scenario question("question");

double row_sum(const fg::Funnel& funnel, const std::string& stage) {
  double sum = funnel.get(fg::drop_off(stage));
  for (const fg::TransitionId id : funnel.exits(stage)) sum += funnel.transition(id).rate.value;
  return sum;
}

}  // namespace

TEST_CASE("every kind of number can be set, scaled and shifted") {
  const fg::Funnel base = shop();
  const std::vector<fg::Parameter> all = base.parameters();
  REQUIRE(all.size() == 40);
  for (const fg::Parameter& parameter : all) {
    INFO(fg::to_string(parameter));
    const bool fixed_sd = parameter.kind() == fg::ParameterKind::lag_sd &&
                          !base.transition(parameter.argument(0), parameter.argument(1)).lag.has_free_sd();
    const bool zero_lag = parameter.kind() == fg::ParameterKind::lag && base.get(parameter) == 0;
    if (fixed_sd || zero_lag) continue;
    const double before = base.get(parameter);
    CHECK_THAT(fg::apply(base, question.scale(parameter, 0.9)).get(parameter),
               WithinRel(0.9 * before, 1e-15));
    const double by = before > 0.5 ? -0.01 : 0.01;
    CHECK_THAT(fg::apply(base, question.shift(parameter, by)).get(parameter), WithinRel(before + by, 1e-14));
    const double wanted = parameter.kind() == fg::ParameterKind::rate ? before * 0.95 : 0.5;
    CHECK(fg::apply(base, question.set(parameter, wanted)).get(parameter) == wanted);
    CHECK(base == shop());
  }
}

TEST_CASE("a group moves its leaves in proportion, a mean keeps its coefficient of variation") {
  const fg::Funnel base = shop();
  const fg::Funnel more = fg::apply(base, question.shift(fg::volume("reached"), 400));
  CHECK_THAT(more.get(fg::volume("reached", "web")), WithinRel(3300, 1e-15));
  CHECK_THAT(more.get(fg::volume("reached", "fair")), WithinRel(1100, 1e-15));
  const fg::Funnel dear = fg::apply(base, question.scale(fg::entry_cost("reached"), 2));
  CHECK(dear.get(fg::entry_cost("reached", "web")) == 0.2);
  CHECK(dear.get(fg::entry_cost("reached", "fair")) == 0.6);
  const fg::Funnel quick = fg::apply(base, question.scale(fg::lag("enquiry", "order"), 0.5));
  CHECK(quick.get(fg::lag_sd("enquiry", "order")) == 0.5);
  // The sd starts from the base's, whatever the order of the two.
  const fg::Scenario both =
      question.scale(fg::lag_sd("enquiry", "order"), 3).scale(fg::lag("enquiry", "order"), 0.5);
  CHECK(fg::apply(base, both).get(fg::lag_sd("enquiry", "order")) == 3);
  const fg::Scenario kept =
      question.scale(fg::lag_sd("enquiry", "order"), 1).scale(fg::lag("enquiry", "order"), 0.5);
  CHECK(fg::apply(base, kept).get(fg::lag_sd("enquiry", "order")) == 1);
  CHECK(fg::apply(base, both).get(fg::lag("enquiry", "order")) == 1);
}

TEST_CASE("capacity, service level and lag can be taken away and given") {
  const fg::Funnel base = shop();
  const fg::Funnel free = fg::apply(base, question.set(fg::capacity("enquiry"), std::nan(""))
                                              .set(fg::service_level("enquiry", "order"), std::nan(""))
                                              .set(fg::lag("enquiry", "order"), std::nan("")));
  CHECK_FALSE(free.stage("enquiry").capacity);
  CHECK_FALSE(free.transition("enquiry", "order").service_level);
  CHECK(free.transition("enquiry", "order").lag == fg::Lag::unknown());
  CHECK(fg::apply(base, question.set(fg::capacity("order"), 7)).get(fg::capacity("order")) == 7);
}

TEST_CASE("what changes is assumed unless the change says more; what does not keeps its source") {
  const fg::Funnel base = shop();
  const fg::Funnel changed = fg::apply(base, question.scale_odds(closing, 1.3));
  CHECK(changed.get_number(closing).source == fg::Source{});
  CHECK_FALSE(changed.transition("enquiry", "order").observed);
  CHECK(changed.get_number(fg::rate("enquiry", "rival")).source == fg::Source{});
  CHECK(changed.get_number(fg::rate("reached", "enquiry")) ==
        base.get_number(fg::rate("reached", "enquiry")));
  const fg::Funnel said = fg::apply(base, question.set(closing, fg::estimated(0.5, {"Sales"})));
  CHECK(said.get_number(closing) == fg::estimated(0.5, {"Sales"}));
  const fg::Funnel same = fg::apply(base, question.scale(closing, 1));
  CHECK(same == base);
  fg::Funnel unsure = base;
  unsure.set(fg::cost("enquiry"), fg::between(4, 6));
  const auto interval = fg::apply(unsure, question.scale(fg::cost("enquiry"), 2))
                            .get_number(fg::cost("enquiry"))
                            .source.interval();
  REQUIRE(interval);
  CHECK(*interval == fg::Interval{8, 12, 0.90});
}

TEST_CASE("a row without leak gives to its drop-off, and cannot rise") {
  fg::Funnel base;
  base.add_stage({.name = "a"});
  base.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  base.add_transition({.from = "a", .to = "won", .rate = 0.6});
  base.add_transition({.from = "a", .to = "a", .rate = 0.4});
  const fg::Funnel less = fg::apply(base, question.set(fg::rate("a", "won"), 0.5));
  CHECK_THAT(less.get(fg::drop_off("a")), WithinAbs(0.1, 1e-16));
  CHECK(fg::apply(base, question.scale_odds(fg::rate("a", "won"), 5)) == base);
  try {
    static_cast<void>(fg::apply(base, question.scale(fg::rate("a", "won"), 1.1)));
    FAIL("nothing to take from");
  } catch (const fg::ImpossibleChangeError& error) {
    CHECK(error.largest() == 1);
    CHECK(error.least() == 0);
    CHECK_THAT(error.what(),
               ContainsSubstring("'question'") && ContainsSubstring("scale rate(a, won) by 1.1"));
  }
}

TEST_CASE("an impossible change says how far it can go, and that far it goes") {
  const fg::Funnel base = shop();
  for (const fg::TakeFrom& from : {fg::TakeFrom("leak"), fg::TakeFrom("siblings"), fg::TakeFrom("rival")}) {
    for (const fg::ChangeKind kind : {fg::ChangeKind::set, fg::ChangeKind::scale, fg::ChangeKind::shift}) {
      const auto with = [&](double value) {
        return question.with({.what = fg::NumberChange{kind, closing, value, from}});
      };
      double largest = 0;
      double least = 1;
      try {
        static_cast<void>(fg::apply(base, with(9)));
        FAIL("impossible");
      } catch (const fg::ImpossibleChangeError& error) {
        largest = error.largest();
        least = error.least();
        CHECK(error.code() == "impossible_change");
      }
      const fg::Funnel far = fg::apply(base, with(largest));
      CHECK_THAT(row_sum(far, "enquiry"), WithinAbs(1, 1e-15));
      CHECK_NOTHROW(fg::apply(base, with(least)));
      CHECK_THROWS_AS(fg::apply(base, with(largest + 1e-9)), fg::ImpossibleChangeError);
      const fg::Applied clipped = fg::apply_with_notes(base, with(9), {.clip = true});
      REQUIRE(clipped.notes.size() == 1);
      CHECK(clipped.notes[0].scenario == "question");
      CHECK_THAT(clipped.notes[0].given, WithinRel(far.get(closing), 1e-15));
      CHECK_THAT(clipped.notes[0].message, ContainsSubstring("rate(enquiry, order)"));
      CHECK_THAT(clipped.funnel.get(closing), WithinRel(far.get(closing), 1e-15));
    }
  }
}

TEST_CASE("several clipped rises share what there is") {
  fg::Funnel base = shop();
  base.add_transition({.from = "enquiry", .to = "customer", .rate = 0.05});
  const fg::Scenario greedy = question.shift(closing, 0.4).shift(fg::rate("enquiry", "customer"), 0.8);
  CHECK_THROWS_AS(fg::apply(base, greedy), fg::ImpossibleChangeError);
  const fg::Applied fitted = fg::apply_with_notes(base, greedy, {.clip = true});
  CHECK(fitted.notes.size() == 2);
  // The leak holds 0.35 + 0.2, asked for 0.4 + 0.8.
  CHECK_THAT(fitted.funnel.get(closing), WithinRel(0.4 + 0.55 * 0.4 / 1.2, 1e-14));
  CHECK_THAT(fitted.funnel.get(fg::rate("enquiry", "customer")), WithinRel(0.05 + 0.55 * 0.8 / 1.2, 1e-14));
  CHECK(fitted.funnel.get(fg::drop_off("enquiry")) < 1e-15);
  CHECK_THAT(row_sum(fitted.funnel, "enquiry"), WithinAbs(1, 1e-15));
  // One that must not be clipped goes first.
  const fg::Scenario mixed =
      question.shift(closing, 0.4).shift(fg::rate("enquiry", "customer"), 0.8, {.clip = true});
  CHECK_THAT(fg::apply(base, mixed).get(closing), WithinRel(0.8, 1e-15));
  CHECK_THAT(fg::apply(base, mixed).get(fg::rate("enquiry", "customer")), WithinRel(0.2, 1e-14));
}

TEST_CASE("numbers outside their range are clipped on request only") {
  const fg::Funnel base = shop();
  const fg::Scenario cheap = question.shift(fg::cost("enquiry"), -8);
  CHECK_THROWS_AS(fg::apply(base, cheap), fg::InvalidValueError);
  const fg::Applied free = fg::apply_with_notes(base, cheap, {.clip = true});
  CHECK(free.funnel.get(fg::cost("enquiry")) == 0);
  REQUIRE(free.notes.size() == 1);
  CHECK(free.notes[0].wanted == -3);
  CHECK(free.notes[0].parameter == fg::cost("enquiry"));
}

TEST_CASE("structure changes first, then the numbers from there") {
  const fg::Funnel base = shop();
  const fg::Scenario nurture =
      fg::Scenario("Nurture")
          .set(fg::cost("nurture"), 2)  // written first, done last
          .add_owner({.name = "Care"})
          .add_stage({.name = "nurture", .owner = "Care"})
          .add_transition({.from = "enquiry", .to = "nurture", .rate = 0.11})
          .add_transition({.from = "nurture", .to = "enquiry", .rate = 0.3, .lag = 14})
          .set_owner("enquiry", "Care");
  const fg::Funnel changed = fg::apply(base, nurture);
  CHECK(changed.get(fg::cost("nurture")) == 2);
  CHECK(changed.stage("enquiry").owner == fg::Ownership("Care"));
  // From the leak, which held 0.35 (rival) and 0.25 (drop-off).
  CHECK_THAT(changed.get(fg::rate("enquiry", "nurture")), WithinRel(0.11, 1e-15));
  CHECK_THAT(changed.get(fg::rate("enquiry", "rival")), WithinRel(0.35 * 0.49 / 0.6, 1e-14));
  CHECK(changed.get(fg::rate("enquiry", "order")) == 0.4);
  CHECK_THAT(row_sum(changed, "enquiry"), WithinAbs(1, 1e-15));
  CHECK(changed.get(fg::rate("nurture", "enquiry")) == 0.3);
  const fg::Funnel without = fg::apply(base, question.remove_transition("enquiry", "rival"));
  CHECK_THAT(without.get(fg::drop_off("enquiry")), WithinAbs(0.6, 1e-15));
  CHECK(without.get(closing) == 0.4);
  CHECK(fg::apply(base, question.remove_stage("order")).find_transition("enquiry", "order") == std::nullopt);
  CHECK(fg::apply(base, question.remove_lever("brand")).influences().empty());
  CHECK(fg::apply(base, question.remove_entry("reached", "fair")).entries().size() == 1);
  CHECK(fg::apply(base, question.remove_outcome("rival")).outcomes().size() == 1);
  CHECK(fg::apply(base, question.remove_influence("brand", "enquiry", "order")).influences().empty());
  const fg::Funnel odd =
      fg::apply(base, question.add_transition({.from = "enquiry", .to = "customer", .rate = 0.1}, "order"));
  CHECK_THAT(odd.get(closing), WithinRel(0.3, 1e-14));
  CHECK(base == shop());
}

TEST_CASE("dates say which changes hold on a day") {
  const fg::Funnel base = shop();
  const fg::Scenario spring = fg::Scenario("spring").scale(fg::volume("reached"), 2).during(0, 30);
  const fg::Scenario summer = fg::Scenario("summer").scale(fg::volume("reached"), 3).during(30, {});
  const fg::Scenario year = spring | summer;
  CHECK(fg::apply(base, year, {.at = 10}).get(fg::volume("reached")) == 8000);
  CHECK(fg::apply(base, year, {.at = 30}).get(fg::volume("reached")) == 12000);
  CHECK(fg::apply(base, year, {.at = -1}) == base);
  for (const double day : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    CHECK_THROWS_AS(fg::apply(base, year, {.at = day}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::apply(base, year), fg::ConflictError);
  CHECK(fg::apply(base, spring).get(fg::volume("reached")) == 8000);
  CHECK_THROWS_AS(spring | summer.during(29, {}), fg::ConflictError);
}

TEST_CASE("rows stay whole, donors never negative, the order does not matter, on random funnels") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    const fg::Funnel base = test::random_funnel(seed);
    test::Draw draw(seed + 1);
    std::vector<fg::Scenario> all;
    const bool odds = draw.chance(0.5);
    const std::vector<fg::TakeFrom> sources{"leak", "siblings"};
    const fg::TakeFrom from = sources[draw.below(2)];
    for (const fg::Parameter& parameter : base.parameters()) {
      const fg::Scenario one(fg::to_string(parameter));
      if (parameter.kind() == fg::ParameterKind::rate) {
        if (!draw.chance(0.3)) continue;
        all.push_back(odds ? one.scale_odds(parameter, draw.uniform(0.2, 4), {.take_from = from})
                           : one.scale(parameter, draw.uniform(0.5, 1.6), {.take_from = from, .clip = true}));
      } else if (parameter.kind() == fg::ParameterKind::volume ||
                 parameter.kind() == fg::ParameterKind::cost) {
        all.push_back(one.scale(parameter, draw.uniform(0.5, 2)));
      }
    }
    fg::Scenario forward("f");
    fg::Scenario backward("b");
    for (std::size_t i = 0; i < all.size(); ++i) {
      forward = forward | all[i];
      backward = backward | all[all.size() - 1 - i];
    }
    fg::Funnel changed;
    try {
      changed = fg::apply(base, forward);
    } catch (const fg::ConflictError&) {  // every exit of a row was drawn
      CHECK_THROWS_AS(fg::apply(base, backward), fg::ConflictError);
      continue;
    }
    CHECK(changed == fg::apply(base, backward));  // the same bits
    for (const fg::Stage& stage : base.stages()) {
      // Rates are rounded once each: a few ulp of 1 for a row.
      CHECK_THAT(row_sum(changed, stage.name), WithinAbs(row_sum(base, stage.name), 1e-14));
      CHECK(changed.get(fg::drop_off(stage.name)) >= 0);
    }
    for (const fg::Transition& transition : changed.transitions()) CHECK(transition.rate.value >= 0);
    CHECK(fg::apply(changed, fg::inverse(forward, base)) == base);
  }
}

TEST_CASE("odds by k, then by 1/k, give the row again") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const fg::Funnel base = test::random_funnel(seed);
    test::Draw draw(seed);
    const auto& chosen = base.transitions()[draw.below(base.transitions().size())];
    const fg::Parameter parameter = fg::rate(chosen.from, chosen.to);
    const double k = std::exp(draw.uniform(-6, 6));
    for (const char* from : {"leak", "siblings"}) {
      INFO("seed " << seed << " k " << k << " " << from);
      fg::Funnel there;
      try {
        there = fg::apply(base, question.scale_odds(parameter, k, {.take_from = from}));
      } catch (const fg::ConflictError&) {
        continue;
      }
      const fg::Funnel back = fg::apply(there, question.scale_odds(parameter, 1 / k, {.take_from = from}));
      for (const fg::TransitionId id : base.exits(chosen.from)) {
        // 1 - rate loses what the drop-off was rounded by, times k.
        CHECK_THAT(back.transition(id).rate.value, WithinAbs(base.transition(id).rate.value, 1e-12));
      }
    }
  }
}
