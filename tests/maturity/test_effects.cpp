#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <set>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/actions.hpp>
#include <funnelgraph/maturity/effects.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>

#include "maturity/two_sides.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::WithinRel;
using enum fgm::Relationship;

namespace {

std::vector<std::string> left_codes(const fgm::Effects& e, const std::string& effect) {
  std::vector<std::string> codes;
  for (const auto& row : e.left_out) {
    if (row.effect == effect) codes.push_back(row.code);
  }
  return codes;
}

}  // namespace

TEST_CASE("every effect is an assumption with a range that holds no effect [47]") {
  std::set<std::string> known;
  for (const auto& action : fgm::actions())
    known.insert(std::string(fgm::to_string(action.from)) + action.id);
  for (const fgm::Effect& effect : fgm::effect_table()) {
    CAPTURE(effect.id);
    CHECK(fgm::label_of(effect) == "assumption");
    const auto range = effect.multiplier.source.interval();
    REQUIRE(range);
    CHECK(range->level == fg::between_level);
    CHECK(range->low < 1);
    CHECK(range->high > 1);
    CHECK(effect.name.size() == 2);
    REQUIRE_FALSE(effect.actions.empty());
    for (const auto& action : effect.actions) {
      CHECK(known.contains(std::string(fgm::to_string(effect.from)) + action));
    }
  }
  // Every action of a move stands behind some effect, or its cost would buy nothing.
  for (const auto& action : fgm::actions()) {
    if (action.id == "rotation") continue;
    const bool used = std::any_of(fgm::effect_table().begin(), fgm::effect_table().end(), [&](const auto& e) {
      return std::find(e.actions.begin(), e.actions.end(), action.id) != e.actions.end();
    });
    CAPTURE(action.id);
    CHECK(used);
  }
}

TEST_CASE("a move is a scenario on the numbers that the roles tell [47, 67]") {
  const fg::Funnel base = test::two_sides();
  const auto e = fgm::effects(defined, aligned, base);
  REQUIRE(e.addressed.size() == 6);
  CHECK(e.left_out.empty());
  const fg::Funnel after = fg::apply(base, e.scenario);
  CHECK_THAT(after.get(fg::lag("lead", "qualified")), WithinRel(2 * 0.825, 1e-12));
  CHECK_THAT(after.get(fg::lag("qualified", "won")), WithinRel(10 * 0.95, 1e-12));
  // p' = (p + x) k p / (k p + x) with k = 1.2 and 1.15, the middles of the ranges.
  CHECK_THAT(after.get(fg::rate("lead", "qualified")), WithinRel(1.2 * 0.4 / (1.2 * 0.4 + 0.6), 1e-12));
  CHECK_THAT(after.get(fg::rate("qualified", "won")), WithinRel(1.15 * 0.25 / (1.15 * 0.25 + 0.75), 1e-12));
  CHECK_THAT(after.get(fg::cost("qualified")), WithinRel(50 * 0.95, 1e-12));
  CHECK_THAT(after.get(fg::entry_cost("lead")), WithinRel(10 * 0.975, 1e-12));
  CHECK(fg::analyze(after).profit > fg::analyze(base).profit);
  CHECK(base == test::two_sides());
  // The doubt travels with the scenario.
  for (const fg::Change& change : e.scenario.changes()) {
    const auto& number = std::get<fg::NumberChange>(change.what);
    CHECK(number.value.source.kind() == fg::SourceKind::assumed);
    CHECK(number.value.source.interval().has_value());
  }
}

TEST_CASE("strength 0 changes nothing, 2 is the effect twice over [47]") {
  const fg::Funnel base = test::two_sides();
  CHECK(fg::apply(base, fgm::effects(aligned, integrated, base, {.strength = 0}).scenario) == base);
  const auto twice = fgm::effects(aligned, integrated, base, {.strength = 2});
  CHECK_THAT(fg::apply(base, twice.scenario).get(fg::lag("qualified", "won")),
             WithinRel(10 * 0.925 * 0.925, 1e-12));
  CHECK_THAT(twice.table[0].multiplier.source.interval()->low, WithinRel(0.36, 1e-12));
}

TEST_CASE("only the effects of the actions chosen [60, 64]") {
  const auto e = fgm::effects(defined, aligned, test::two_sides(), {.actions = {"sit_together"}});
  REQUIRE(e.table.size() == 1);
  CHECK(e.table[0].id == "hand_off_lag");
  CHECK_THROWS_AS(fgm::effects(defined, aligned, test::two_sides(), {.actions = {"joint_funnel"}}),
                  fg::UnknownNameError);
}

TEST_CASE("what cannot be addressed is named, never skipped [67]") {
  SECTION("no owners at all") {
    fg::Funnel bare;
    bare.add_stage({.name = "a"});
    const auto e = fgm::effects(defined, aligned, bare);
    CHECK(e.scenario.empty());
    for (const auto& effect : e.table) {
      CHECK(e.idle(effect.id));
      CHECK_FALSE(left_codes(e, effect.id).empty());
    }
    CHECK(left_codes(e, "acceptance") == std::vector<std::string>{"no_owner", "no_owner"});
  }
  SECTION("one owner for all: no hand-off") {
    fg::Funnel funnel = test::two_sides();
    funnel.set_owner("lead", "Sales");
    const auto e = fgm::effects(defined, aligned, funnel);
    CHECK(left_codes(e, "hand_off_lag") == std::vector<std::string>{"no_hand_off"});
    CHECK(left_codes(e, "lead_quality") == std::vector<std::string>{"no_hand_off"});
    CHECK_FALSE(e.idle("sales_lag"));
  }
  SECTION("unknown lags, costs of 0, a stage that loses nobody, a number that two effects address") {
    fg::Funnel funnel = test::two_sides();
    funnel.add_stage({.name = "joint", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}});
    funnel.add_transition({.from = "joint", .to = "qualified", .rate = 1.0});
    funnel.add_transition({.from = "lead", .to = "joint", .rate = 0.1, .lag = 1});
    const auto e = fgm::effects(defined, aligned, funnel);
    const auto has = [&](const char* effect, const char* code, const char* where) {
      return std::any_of(e.left_out.begin(), e.left_out.end(), [&](const auto& row) {
        return row.effect == effect && row.code == code && row.where == where;
      });
    };
    CHECK(has("hand_off_lag", "unknown", "lag(joint, qualified)"));
    CHECK(has("acceptance", "no_leak", "rate(joint, qualified)"));
    CHECK(has("sales_cost", "zero", "cost(joint)"));
    for (const auto& row : e.left_out) CHECK(row.why.size() == 2);
    CHECK_NOTHROW(fg::apply(funnel, e.scenario));
  }
  SECTION("the first row has a number that two could change") {
    fg::Funnel funnel = test::two_sides();
    funnel.add_stage({.name = "joint", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}});
    funnel.add_transition({.from = "joint", .to = "qualified", .rate = 0.5, .lag = 1});
    funnel.add_transition({.from = "lead", .to = "joint", .rate = 0.1, .lag = 1});
    const auto e = fgm::effects(defined, aligned, funnel);
    CHECK(left_codes(e, "lead_quality") == std::vector<std::string>{"taken"});
  }
}

TEST_CASE("every move works on every reference funnel [47]") {
  for (const std::string& name : fg::reference::names()) {
    const fg::Funnel funnel = fg::reference::by_name(name);
    for (const auto from : {undefined, defined, aligned}) {
      CAPTURE(name);
      const auto e = fgm::effects(from, static_cast<fgm::Relationship>(static_cast<int>(from) + 1), funnel);
      CHECK_NOTHROW(fg::apply(funnel, e.scenario));
      for (const auto& effect : e.table) CHECK((!e.idle(effect.id) || !left_codes(e, effect.id).empty()));
    }
  }
}

TEST_CASE("effects are editable, within what an assumption may say [47]") {
  const fg::Funnel base = test::two_sides();
  auto table = fgm::effect_table(defined, aligned);
  const auto with = [&](fg::Number multiplier) {
    auto own = table;
    own[0].multiplier = std::move(multiplier);
    return fgm::effects(defined, aligned, base, {.table = own});
  };
  CHECK(fgm::label_of(with(fg::estimated(0.5, {"Sales"})).table[0]) == "estimated");
  // A bare number gets a range from no effect to its square.
  const auto range = with(0.8).table[0].multiplier.source.interval();
  CHECK_THAT(range->low, WithinRel(0.64, 1e-12));
  CHECK(range->high == 1.0);
  CHECK_THROWS_AS(with(fg::between(0.5, 0.9)), fg::InvalidValueError);  // leaves no room for no effect
  CHECK_THROWS_AS(with(0), fg::InvalidValueError);
  CHECK_THROWS_AS(with(-1), fg::InvalidValueError);
  CHECK_THROWS_AS(with(NAN), fg::InvalidValueError);
  CHECK_THROWS_AS(with(INFINITY), fg::InvalidValueError);
  CHECK_THROWS_AS(with(fg::between(-0.5, 1.5)), fg::InvalidValueError);
  auto twice = table;
  twice[1].id = twice[0].id;
  CHECK_THROWS_AS(fgm::effects(defined, aligned, base, {.table = twice}), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::effects(undefined, defined, base, {.table = table}), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::effects(defined, integrated, base), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::effects(defined, undefined, base), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::effects(defined, aligned, base, {.strength = -1}), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::effects(defined, aligned, base, {.strength = NAN}), fg::InvalidValueError);
}
