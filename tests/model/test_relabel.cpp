#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/relabel.hpp>

#include <catch2/catch_test_macros.hpp>

namespace fg = funnelgraph;

namespace {

fg::Funnel seller() {
  fg::Funnel funnel;
  for (const char* name : {"proposal", "negotiation", "delivery"}) funnel.add_stage({.name = name});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_transition({.from = "proposal", .to = "negotiation", .rate = 0.5});
  funnel.add_transition({.from = "negotiation", .to = "delivery", .rate = 0.5});
  funnel.add_transition({.from = "delivery", .to = "won", .rate = 0.9});
  funnel.add_entry({.stage = "proposal", .volume = 10});
  funnel.add_lever({.name = "speed"});
  funnel.add_influence({.lever = "speed", .from = "proposal", .to = "negotiation", .elasticity = 1});
  funnel.add_view({.name = "buyer", .stages = {{"proposal", "comparing"}, {"delivery", "receiving"}}});
  funnel.add_view({.name = "short", .stages = {{"proposal", "P"}}});
  return funnel;
}

}  // namespace

TEST_CASE("the same funnel from the buyer's side") {
  const fg::Funnel funnel = seller();
  const fg::Funnel seen = fg::relabel(funnel, "buyer");
  CHECK(seen.find_stage("comparing"));
  CHECK_FALSE(seen.find_stage("proposal"));
  CHECK(seen.stage("negotiation") == funnel.stage("negotiation"));
  CHECK(seen.get(fg::rate("comparing", "negotiation")) == 0.5);
  CHECK(seen.get(fg::rate("receiving", "won")) == 0.9);
  CHECK(seen.get(fg::volume("comparing")) == 10);
  CHECK(seen.get(fg::elasticity("speed", "comparing", "negotiation")) == 1);
  CHECK(seen.view("short").stages.at("comparing") == "P");
  CHECK(fg::relabel(seen, "buyer") == funnel);
  CHECK(funnel == seller());
}

TEST_CASE("a view may swap names") {
  fg::Funnel funnel = seller();
  funnel.add_view({.name = "swapped", .stages = {{"proposal", "delivery"}, {"delivery", "proposal"}}});
  const fg::Funnel seen = fg::relabel(funnel, "swapped");
  CHECK(seen.get(fg::rate("delivery", "negotiation")) == 0.5);
  CHECK(seen.get(fg::rate("proposal", "won")) == 0.9);
  CHECK(fg::relabel(seen, "swapped") == funnel);
}

TEST_CASE("views that cannot be seen through") {
  fg::Funnel funnel = seller();
  CHECK_THROWS_AS(fg::relabel(funnel, "byer"), fg::UnknownNameError);
  funnel.add_view({.name = "merged", .stages = {{"proposal", "x"}, {"delivery", "x"}}});
  CHECK_THROWS_AS(fg::relabel(funnel, "merged"), fg::InvalidValueError);
  funnel.add_view({.name = "taken", .stages = {{"proposal", "negotiation"}}});
  CHECK_THROWS_AS(fg::relabel(funnel, "taken"), fg::InvalidValueError);
  funnel.add_view({.name = "outcome", .stages = {{"proposal", "won"}}});
  CHECK_THROWS_AS(fg::relabel(funnel, "outcome"), fg::InvalidValueError);
  funnel.add_view({.name = "unknown", .stages = {{"nowhere", "x"}}});
  CHECK_THROWS_AS(fg::relabel(funnel, "unknown"), fg::UnknownNameError);
  funnel.add_view({.name = "blank", .stages = {{"proposal", ""}}});
  CHECK(fg::relabel(funnel, "blank").find_stage("proposal"));
}
