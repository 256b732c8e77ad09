#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <functional>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <limits>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

const fg::Parameter closing = fg::rate("enquiry", "order");
const fg::Scenario one("one");
const fg::Scenario two("two");

fg::Funnel shop() {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "enquiry", .owner = "Sales"});
  funnel.add_stage({.name = "order"});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "rival", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.4, .lag = fg::Lag::zero()});
  funnel.add_transition({.from = "enquiry", .to = "rival", .rate = 0.3});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.9, .lag = fg::Lag::exponential(2)});
  funnel.add_transition({.from = "order", .to = "enquiry", .rate = 0.1});
  funnel.add_entry({.stage = "enquiry", .volume = 10, .channel = "web"});
  funnel.add_entry({.stage = "enquiry", .volume = 0, .channel = "fair"});
  funnel.add_lever({.name = "brand"});
  funnel.add_influence({.lever = "brand", .from = "enquiry", .to = "order", .elasticity = 1});
  return funnel;
}

}  // namespace

TEST_CASE("a scenario is a value") {
  const fg::Scenario quick = fg::Scenario("Call", "within a day").scale_odds(closing, 1.3);
  const fg::Scenario advert = fg::Scenario("Advert").scale(fg::volume("enquiry", "web"), 1.2, {.end = 30});
  CHECK(quick == fg::Scenario("Call", "within a day").scale_odds(closing, 1.3));
  CHECK(quick != quick.described("at once"));
  CHECK(quick != quick.named("Ring"));
  CHECK(quick != fg::Scenario("Call", "within a day").scale_odds(closing, 1.4));
  CHECK(fg::hash_value(quick) ==
        fg::hash_value(fg::Scenario("Call", "within a day").scale_odds(closing, 1.3)));
  CHECK(fg::hash_value(quick) != fg::hash_value(advert));
  const fg::Scenario both = quick | advert;
  CHECK(both.name() == "Call + Advert");
  CHECK(both.description() == "within a day");
  REQUIRE(both.changes().size() == 2);
  CHECK(both.changes()[0].scenario == "Call");
  CHECK(both.changes()[1].scenario == "Advert");
  CHECK(quick.changes().size() == 1);
  CHECK(fg::to_string(both.changes()[0]) == "scale the odds of rate(enquiry, order) by 1.3");
  CHECK(fg::to_string(both.changes()[1]) == "scale volume(enquiry, channel=web) by 1.2 to day 30");
  CHECK((quick | fg::Scenario()) == quick);
  CHECK(quick.named("Ring").changes()[0].scenario == "Ring");
  CHECK(fg::Scenario().empty());
}

TEST_CASE("two scenarios that touch one thing conflict, and the error names both") {
  const auto conflict = [](const fg::Scenario& a, const fg::Scenario& b, const std::string& number) {
    INFO(number);
    for (const bool turned : {false, true}) {
      try {
        static_cast<void>(turned ? b | a : a | b);
        FAIL("no conflict");
      } catch (const fg::ConflictError& error) {
        CHECK(error.first() == (turned ? "two" : "one"));
        CHECK(error.second() == (turned ? "one" : "two"));
        CHECK_THAT(error.number(), ContainsSubstring(number));
        CHECK_THAT(error.what(), ContainsSubstring("'one'") && ContainsSubstring("'two'"));
      }
    }
  };
  conflict(one.scale_odds(closing, 1.3), two.set(closing, 0.5), "rate(enquiry, order)");
  conflict(one.scale(fg::volume("enquiry"), 2), two.scale(fg::volume("enquiry", "web"), 3), "volume(enquiry");
  conflict(one.scale(fg::entry_cost("enquiry"), 2), two.set(fg::entry_cost("enquiry"), 3), "entry_cost");
  conflict(one.set(fg::cost("order"), 1), two.remove_stage("order"), "order");
  conflict(one.scale(closing, 1.1), two.remove_transition("enquiry", "order"), "enquiry");
  conflict(one.scale(closing, 1.1), two.remove_stage("order"), "order");
  conflict(one.set(fg::lag("order", "customer"), 1), two.remove_outcome("customer"), "customer");
  conflict(one.set(fg::elasticity("brand", "enquiry", "order"), 1), two.remove_lever("brand"), "brand");
  conflict(one.set(fg::lever("brand"), 2), two.remove_lever("brand"), "brand");
  conflict(one.set_owner("order", "Sales"), two.set_owner("order", "Care"), "order");
  conflict(one.set_owner("order", "Sales"), two.remove_stage("order"), "order");
  conflict(one.add_stage({.name = "x"}), two.add_stage({.name = "x"}), "x");
  conflict(one.remove_stage("x"), two.remove_stage("x"), "x");
  conflict(one.replace(fg::Stage{.name = "order"}), two.set(fg::cost("order"), 1), "order");
  conflict(one.replace_info({.name = "x"}), two.set(fg::discount_rate(), 0.1), "");
  conflict(one.shift(closing, 0.1, {.take_from = "rival"}), two.set(fg::rate("enquiry", "rival"), 0.2),
           "rate(enquiry, rival)");
  conflict(one.shift(closing, 0.1, {.take_from = "drop_off"}), two.set(fg::drop_off("enquiry"), 0.2),
           "drop_off");
  conflict(one.scale(fg::fixed_cost("Sales"), 2), two.remove_owner("Sales"), "Sales");
  conflict(one.add_transition({.from = "enquiry", .to = "x", .rate = 0.1}),
           two.set(fg::rate("enquiry", "x"), 0.2), "x");
  // What has nothing to do with each other goes together.
  CHECK_NOTHROW(one.scale(fg::volume("enquiry", "web"), 2) | two.scale(fg::volume("enquiry", "fair"), 2));
  CHECK_NOTHROW(one.scale(fg::volume("enquiry"), 2) | two.scale(fg::entry_cost("enquiry"), 2));
  CHECK_NOTHROW(one.set(closing, 0.5) | two.set(fg::lag("enquiry", "order"), 2));
  CHECK_NOTHROW(one.add_stage({.name = "x"}) | two.set(fg::cost("x"), 2));
  CHECK_NOTHROW(one.set(closing, 0.5, {.end = 3}) | two.set(closing, 0.6, {.start = 3}));
  CHECK_THROWS_AS(one.scale(closing, 1.1).scale(closing, 1.2), fg::ConflictError);
}

TEST_CASE("changes of one row that cannot be together conflict when they are applied") {
  const fg::Funnel base = shop();
  const auto conflict = [&](const fg::Scenario& a, const fg::Scenario& b, const std::string& why) {
    try {
      static_cast<void>(fg::apply(base, a | b));
      FAIL("no conflict: " << why);
    } catch (const fg::ConflictError& error) {
      CHECK(std::vector<std::string>{error.first(), error.second()} != std::vector<std::string>(2, "one"));
      CHECK_THAT(error.what(), ContainsSubstring(why));
    }
    CHECK(base == shop());
  };
  const fg::Parameter rival = fg::rate("enquiry", "rival");
  conflict(one.scale_odds(closing, 1.3), two.shift(rival, 0.01), "shares donors");
  conflict(one.scale_odds(fg::rate("order", "customer"), 2, {.take_from = "siblings"}),
           two.scale_odds(fg::rate("order", "enquiry"), 2, {.take_from = "siblings"})
               .set(fg::drop_off("order"), 0.1),
           "is changed too");
  conflict(one.set(closing, 0.5, {.take_from = fg::TakeFrom::nobody()}), two.scale(rival, 1.1), "nobody");
  fg::Funnel more = base;
  more.add_transition({.from = "enquiry", .to = "customer", .rate = 0.1});
  more.add_transition({.from = "enquiry", .to = "enquiry", .rate = 0.05});
  CHECK_THROWS_AS(fg::apply(more, one.scale_odds(closing, 1.3, {.take_from = "siblings"}) |
                                      two.scale_odds(fg::rate("enquiry", "customer"), 1.2)),
                  fg::ConflictError);
}

TEST_CASE("bad input is refused with a typed error, and the base stays as it was") {
  const fg::Funnel base = shop();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  enum class Kind { value, name, conflict, impossible };
  struct Case {
    std::string title;
    Kind kind;
    std::function<fg::Scenario()> make;
    std::string says;
  };
  const auto nobody = fg::ChangeOptions{.take_from = fg::TakeFrom::nobody()};
  const std::vector<Case> cases{
      {"NaN", Kind::value, [&] { return one.set(closing, nan); }, "unknown"},
      {"infinity", Kind::value, [&] { return one.set(fg::cost("order"), infinity); }, "a finite number"},
      {"a factor of NaN", Kind::value, [&] { return one.scale(closing, nan); }, "finite"},
      {"a factor of NaN for a capacity", Kind::value, [&] { return one.scale(fg::capacity("order"), nan); },
       "finite"},
      {"an infinite step", Kind::value, [&] { return one.shift(closing, infinity); }, "finite"},
      {"odds by 0", Kind::value, [&] { return one.scale_odds(closing, 0); }, "(0, inf)"},
      {"odds by less", Kind::value, [&] { return one.scale_odds(closing, -2); }, "(0, inf)"},
      {"odds by infinity", Kind::value, [&] { return one.scale_odds(closing, infinity); }, "finite"},
      {"odds of a cost", Kind::value, [&] { return one.scale_odds(fg::cost("order"), 2); }, "odds of rates"},
      {"odds from nobody", Kind::value, [&] { return one.scale_odds(closing, 2, nobody); }, "take from"},
      {"a cost from siblings", Kind::value,
       [&] { return one.set(fg::cost("order"), 2, {.take_from = "siblings"}); }, "rates and drop-offs only"},
      {"a stage from siblings", Kind::value, [&] { return one.add(fg::Stage{.name = "x"}, "siblings"); },
       "transitions only"},
      {"dates turned", Kind::value, [&] { return one.set(closing, 0.5, {.start = 3, .end = 3}); }, "after"},
      {"a date of NaN", Kind::value, [&] { return one.set(closing, 0.5, {.start = nan}); }, "finite"},
      {"dates turned of all", Kind::value, [&] { return one.set(closing, 0.5).during(9, 1); }, "after"},
      {"a name that is no text", Kind::value, [&] { return one.remove_stage("\xff"); }, "UTF-8"},
      {"a scenario's name", Kind::value, [&] { return fg::Scenario("\xff"); }, "UTF-8"},
      {"names of another kind", Kind::value, [&] { return one.remove(fg::PartKind::transition, {"a"}); },
       "2 names"},
      {"a part under another name", Kind::value,
       [&] { return one.replace(fg::PartKind::stage, {"a"}, {fg::Stage{.name = "b"}}); },
       "same kind and name"},
      {"the same number twice", Kind::conflict, [&] { return one.scale(closing, 2).shift(closing, 0.1); },
       "both"},
      {"a rate from itself", Kind::conflict, [&] { return one.scale(closing, 2, {.take_from = "order"}); },
       "itself"},
      // What only the funnel can tell.
      {"an unknown stage", Kind::name, [&] { return one.set(fg::cost("ordr"), 1); }, "order"},
      {"an unknown transition", Kind::name, [&] { return one.set(fg::rate("enquiry", "custmer"), 1); },
       "custmer"},
      {"an unknown row", Kind::name, [&] { return one.set(fg::rate("enquir", "order"), 0.5); }, "enquiry"},
      {"an unknown donor", Kind::name, [&] { return one.scale(closing, 1.1, {.take_from = "rivl"}); },
       "rival"},
      {"an unknown channel", Kind::name, [&] { return one.scale(fg::volume("enquiry", "wb"), 1.1); }, "wb"},
      {"an unknown lever", Kind::name, [&] { return one.set(fg::lever("brnd"), 1.1); }, "brand"},
      {"an unknown owner", Kind::name, [&] { return one.set(fg::fixed_cost("Sles"), 1); }, "Sales"},
      {"removing an unknown stage", Kind::name, [&] { return one.remove_stage("ordr"); }, "order"},
      {"removing an unknown view", Kind::name, [&] { return one.remove_view("buyer"); }, "buyer"},
      {"an owner of nothing", Kind::name, [&] { return one.set_owner("ordr", "Sales"); }, "order"},
      {"a transition to nowhere", Kind::name,
       [&] { return one.add_transition({.from = "enquiry", .to = "nowhere", .rate = 0.1}); }, "nowhere"},
      {"an entry to nowhere", Kind::name, [&] { return one.add_entry({.stage = "nowhere", .volume = 1}); },
       "nowhere"},
      {"a stage that is there", Kind::value, [&] { return one.add_stage({.name = "order"}); },
       "no such part"},
      {"a stage named as an outcome", Kind::value, [&] { return one.add_stage({.name = "rival"}); },
       "no such part"},
      {"a rate below 0", Kind::impossible, [&] { return one.shift(closing, -0.5); }, "[-0.4, "},
      {"a rate above 1", Kind::impossible, [&] { return one.set(closing, 1.2); }, "1 is the largest"},
      {"a negative factor", Kind::impossible, [&] { return one.scale(closing, -1); }, "[0, "},
      {"more than the leak", Kind::impossible, [&] { return one.scale(fg::rate("order", "customer"), 1.1); },
       "[0, 1]"},
      {"a new transition beyond the leak", Kind::impossible,
       [&] { return one.add_transition({.from = "order", .to = "rival", .rate = 0.1}); }, "largest possible"},
      {"a drop-off above 1", Kind::impossible, [&] { return one.set(fg::drop_off("enquiry"), 1.5); },
       "[0, 1]"},
      {"a rate above 1 from nobody", Kind::value, [&] { return one.set(closing, 1.2, nobody); }, "[0, 1]"},
      {"a cost below 0", Kind::value, [&] { return one.set(fg::cost("order"), -1); }, "[0, inf)"},
      {"a cost shifted below 0", Kind::value, [&] { return one.shift(fg::cost("order"), -1); }, "[0, inf)"},
      {"a lever of 0", Kind::value, [&] { return one.scale(fg::lever("brand"), 0); }, "(0, inf)"},
      {"a commission above 1", Kind::value, [&] { return one.set(fg::commission("order"), 1.5); }, "[0, 1]"},
      {"a discount rate of -1", Kind::value, [&] { return one.set(fg::discount_rate(), -1); }, "(-1, inf)"},
      {"a capacity that is not set", Kind::value, [&] { return one.scale(fg::capacity("order"), 2); },
       "set only"},
      {"an unknown lag", Kind::value, [&] { return one.shift(fg::lag("enquiry", "rival"), 2); }, "set only"},
      {"a zero mean", Kind::value, [&] { return one.shift(fg::lag("enquiry", "order"), 2); }, "set only"},
      {"the deviation of an exponential lag", Kind::value,
       [&] { return one.set(fg::lag_sd("order", "customer"), 5); }, "no deviation of its own"},
  };
  REQUIRE(cases.size() >= 30);
  for (const Case& bad : cases) {
    INFO(bad.title);
    try {
      static_cast<void>(fg::apply(base, bad.make()));
      FAIL_CHECK("not refused");
    } catch (const fg::ImpossibleChangeError& error) {
      CHECK(bad.kind == Kind::impossible);
      CHECK_THAT(error.what(), ContainsSubstring(bad.says));
    } catch (const fg::InvalidValueError& error) {
      CHECK(bad.kind == Kind::value);
      CHECK_THAT(error.what(), ContainsSubstring(bad.says));
    } catch (const fg::UnknownNameError& error) {
      CHECK(bad.kind == Kind::name);
      CHECK_THAT(error.what(), ContainsSubstring(bad.says));
    } catch (const fg::ConflictError& error) {
      CHECK(bad.kind == Kind::conflict);
      CHECK_THAT(error.what(), ContainsSubstring(bad.says));
    }
    CHECK(base == shop());
  }
  // A group of nothing cannot be set to something.
  fg::Funnel nothing = base;
  nothing.set(fg::volume("enquiry", "web"), 0);
  CHECK_THROWS_AS(fg::apply(nothing, one.set(fg::volume("enquiry"), 5)), fg::InvalidValueError);
  CHECK(fg::apply(nothing, one.scale(fg::volume("enquiry"), 5)) == nothing);
}
