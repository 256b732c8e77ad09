#include <catch2/catch_test_macros.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/io/scenario_json.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/diff.hpp>

#include "support/random_funnel.hpp"

namespace fg = funnelgraph;

TEST_CASE("the difference of any two funnels turns the one into the other") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    INFO("seed " << seed);
    const fg::Funnel a = test::random_funnel(seed);
    const fg::Funnel b = test::random_funnel(seed + 1000, {.unknown_lags = true, .capacities = true});
    const fg::Funnel c =
        test::random_funnel(seed, {.unknown_lags = true, .capacities = true, .every_part = true});
    CHECK(fg::apply(a, fg::diff(a, b)) == b);
    CHECK(fg::apply(b, fg::diff(b, c)) == c);
    CHECK(fg::apply(c, fg::diff(c, a)) == a);
    CHECK(fg::diff(c, test::shuffled(c, seed)).empty());
    CHECK(fg::apply({}, fg::diff({}, c)) == c);
    CHECK(fg::apply(c, fg::diff(c, {})) == fg::Funnel());
    const fg::Scenario difference = fg::diff(c, b);
    CHECK(fg::apply(c, fg::from_json<fg::Scenario>(fg::to_json(difference))) == b);
  }
}

TEST_CASE("parts that stand twice or are not valid differ like others") {
  fg::Funnel a;
  a.add_stage({.name = "x", .cost = 1});
  a.add_stage({.name = "x", .cost = 2});
  a.add_outcome({.name = "x", .value = 3});
  a.add_transition({.from = "x", .to = "y", .rate = 7});
  fg::Funnel b;
  b.add_stage({.name = "x", .cost = 2});
  b.add_outcome({.name = "x", .value = 4});
  b.add_transition({.from = "x", .to = "y", .rate = -1});
  b.add_transition({.from = "x", .to = "y", .rate = 0.5});
  CHECK(fg::apply(a, fg::diff(a, b)) == b);
  CHECK(fg::apply(b, fg::diff(b, a)) == a);
}

TEST_CASE("a difference in numbers is said in numbers") {
  fg::Funnel a = test::random_funnel(3);
  a.set_info({.name = "plan"});
  fg::Funnel b = a;
  const fg::Transition first = a.transitions()[0];
  b.set(fg::rate(first.from, first.to), fg::measured(first.rate.value / 2, {.n = 10}));
  b.set(fg::volume("stage 0", "web"), 55);
  b.set(fg::discount_rate(), 0.1);
  const fg::Scenario difference = fg::diff(a, b, "plan to actual");
  REQUIRE(difference.changes().size() == 3);
  for (const fg::Change& change : difference.changes()) {
    REQUIRE(std::holds_alternative<fg::NumberChange>(change.what));
    CHECK(std::get<fg::NumberChange>(change.what).kind == fg::ChangeKind::set);
    CHECK(change.scenario == "plan to actual");
  }
  CHECK(std::get<fg::NumberChange>(difference.changes()[1].what).take_from.is_nobody());
  CHECK(fg::apply(a, difference) == b);
}

TEST_CASE("a scenario may name Company and Outside, and is undone exactly") {
  const fg::Funnel base = test::random_funnel(11);
  const fg::Scenario all = fg::Scenario("all")
                               .set_owner("stage 0", "Outside")
                               .set_owner("outcome 0", "Company")
                               .add_owner({.name = "Company", .role = fg::Role::company, .fixed_cost = 7});
  const fg::Funnel changed = fg::apply(base, all);
  CHECK(changed.owners().size() == base.owners().size() + 2);
  CHECK(changed.owner("Company").fixed_cost == 7);
  CHECK(fg::apply(changed, fg::inverse(all, base)) == base);
  CHECK(fg::apply(base, fg::diff(base, changed)) == changed);
  CHECK_THROWS_AS(fg::apply(changed, fg::Scenario("twice").add_owner({.name = "Company"})),
                  fg::InvalidValueError);
}

TEST_CASE("a scenario of structure and numbers is undone exactly") {
  const fg::Funnel base = test::random_funnel(11);
  const fg::Scenario all = fg::Scenario("all")
                               .remove_stage("stage 0")
                               .add_owner({.name = "new"})
                               .add_stage({.name = "new", .owner = "new", .drop_off = 1e-134})
                               .scale(fg::cost("stage 1"), 2)
                               .replace_info({.name = "other"});
  const fg::Funnel changed = fg::apply(base, all);
  CHECK_FALSE(changed == base);
  CHECK(fg::apply(changed, fg::inverse(all, base)) == base);
  CHECK(fg::inverse(all, base).name() == "undo all");
}
