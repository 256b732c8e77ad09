#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/io/scenario_json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string document(const std::string& changes) {
  return R"({"schema": 1, "kind": "scenario", "name": "x", "changes": [)" + changes + "]}";
}

}  // namespace

TEST_CASE("a scenario of every kind of change goes to JSON and back") {
  const fg::Scenario all =
      fg::Scenario("Tất cả", "two\nlines")
          .set(fg::rate("a", "b"), fg::measured(0.25, {.n = 40}), {.take_from = "siblings", .clip = true})
          .scale(fg::volume("a"), 1.2, {.start = -3, .end = 0.1})
          .shift(fg::volume("c", ""), 5)
          .scale_odds(fg::rate("a", "c"), 1e-300, {.take_from = "drop_off"})
          .set(fg::rate("d", "e"), 0.1, {.take_from = fg::TakeFrom::nobody()})
          .set(fg::capacity("a"), std::nan(""))
          .add_owner({.name = "Care", .role = fg::Role::care})
          .add_stage({.name = "n", .owner = {{"Care", 0.4}, {"Sales", 0.6}}, .drop_off = 1e-134})
          .add_outcome({.name = "o", .kind = fg::OutcomeKind::silent})
          .add_transition(
              {.from = "n", .to = "o", .rate = fg::between(0.1, 0.3), .lag = fg::Lag::exponential(3)}, "e")
          .add_entry({.stage = "n", .volume = 5, .channel = "fair"})
          .add_lever({.name = "l", .reference = 2})
          .add_influence({.lever = "l", .from = "n", .to = "o", .elasticity = 0.5})
          .add_view({.name = "buyer", .stages = {{"n", "I wait"}}})
          .remove_transition("p", "q")
          .remove_entry("p")
          .remove_view("seller")
          .replace(fg::Transition{.from = "r", .to = "s", .rate = 0.5})
          .replace(fg::PartKind::stage, {"t"}, {})
          .set_owner("u", fg::Ownership{{"Sales", 0.5}, {"Care", 0.5}})
          .set_owner("v", {})
          .replace_info({.name = "new", .currency = "VND", .period = "week", .discount_rate = 0.1});
  for (const int indent : {0, 2}) {
    const std::string text = fg::to_json(all, {.indent = indent});
    CHECK(fg::from_json<fg::Scenario>(text) == all);
    CHECK(fg::to_json(fg::from_json<fg::Scenario>(text), {.indent = indent}) == text);
  }
  const fg::Scenario joined = all | fg::Scenario("more").scale(fg::cost("a"), 2);
  CHECK(fg::from_json<fg::Scenario>(fg::to_json(joined)) == joined);
  CHECK(fg::from_json<fg::Scenario>(fg::to_json(fg::Scenario())) == fg::Scenario());
}

TEST_CASE("the text of a scenario") {
  const fg::Scenario quick = fg::Scenario("Call within a day").scale_odds(fg::rate("enquiry", "order"), 1.3);
  CHECK(fg::to_json(quick, {.indent = 0}) ==
        R"({"schema":1,"kind":"scenario","name":"Call within a day","changes":[)"
        R"({"change":"scale_odds","parameter":["rate","enquiry","order"],"value":1.3}]})");
}

TEST_CASE("a scenario that cannot be read says where and why") {
  const std::vector<std::pair<std::string, std::string>> bad{
      {R"({"change": "scal", "parameter": ["rate", "a", "b"], "value": 1})", "scale"},
      {R"({"parameter": ["rate", "a", "b"], "value": 1})", "missing"},
      {R"({"change": "set", "parameter": ["rate", "a"], "value": 1})", "2 names"},
      {R"({"change": "set", "parameter": ["rat", "a", "b"], "value": 1})", "rate"},
      {R"({"change": "set", "parameter": ["rate", "a", "b"]})", "missing"},
      {R"({"change": "set", "parameter": ["rate", "a", "b"], "value": null})", "finite"},
      {R"({"change": "set", "parameter": ["rate", "a", "b"], "value": "1"})", "a number"},
      {R"({"change": "scale_odds", "parameter": ["cost", "a"], "value": 1})", "odds"},
      {R"({"change": "set", "parameter": ["rate", "a", "b"], "value": 1, "bounds": "cut"})", "clip"},
      {R"({"change": "set", "parameter": ["rate", "a", "b"], "value": 1, "start": 3, "end": 2})", "after"},
      {R"({"change": "set", "parameter": ["rate", "a", "b"], "value": 1, "take": "leak"})", "unknown key"},
      {R"({"change": "set", "parameter": ["rate", "a", "b"], "value": 1, "take_from": ""})", "leak"},
      {R"({"change": "add"})", "missing"},
      {R"({"change": "add", "stage": {"name": "a"}, "owner": {"name": "b"}})", "one part"},
      {R"({"change": "add", "stage": {"name": "a", "cots": 1}})", "cost"},
      {R"({"change": "remove", "transition": ["a"]})", "2 names"},
      {R"({"change": "remove", "stage": ["a"], "parts": []})", "only where"},
      {R"({"change": "replace", "stage": ["a"]})", "missing"},
      {R"({"change": "replace", "stage": ["a"], "parts": [{"name": "b"}]})", "same kind and name"},
      {R"({"change": "set_owner", "owner": "Sales"})", "missing"},
      {R"({"change": "remove", "stage": ["a"]}, {"change": "remove", "stage": ["a"]})", "conflict"},
      {R"(5)", "an object"},
  };
  for (const auto& [changes, says] : bad) {
    INFO(changes);
    try {
      static_cast<void>(fg::from_json<fg::Scenario>(document(changes), {.source = "plan.json"}));
      FAIL_CHECK("read");
    } catch (const fg::DataError& error) {
      CHECK(error.source() == "plan.json");
      CHECK_THAT(error.column(), ContainsSubstring("$.changes"));
      CHECK_THAT(error.what(), ContainsSubstring(says));
    }
  }
  CHECK_THROWS_AS(fg::from_json<fg::Scenario>(R"({"schema": 1, "kind": "funnel"})"), fg::DataError);
}
