// Hand-offs are derived from ownership [67].
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

fg::Funnel two_stages(fg::Ownership first, fg::Ownership second) {
  fg::Funnel funnel;
  for (const char* owner : {"Marketing", "Sales", "Care"}) funnel.add_owner({.name = owner});
  funnel.add_stage({.name = "lead", .owner = std::move(first)});
  funnel.add_stage({.name = "order", .owner = std::move(second)});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "no answer", .kind = fg::OutcomeKind::silent});
  funnel.add_transition(
      {.from = "lead", .to = "order", .rate = 0.4, .lag = fg::Lag::exponential(2), .service_level = 1.0});
  funnel.add_transition({.from = "order", .to = "won", .rate = 0.5});
  funnel.add_transition({.from = "order", .to = "no answer", .rate = 0.2});
  funnel.add_entry({.stage = "lead", .volume = 1000});
  return funnel;
}

}  // namespace

TEST_CASE("a transition between stages of different owners is a hand-off [67]") {
  const auto rows = fg::analyze(two_stages("Marketing", "Sales")).hand_offs;
  REQUIRE(rows.size() == 1);
  CHECK((rows[0].from == "lead" && rows[0].to == "order"));
  CHECK((rows[0].giver == "Marketing" && rows[0].receiver == "Sales"));
  CHECK_THAT(rows[0].volume, WithinRel(400.0, 1e-12));
  CHECK_THAT(rows[0].lag_mean, WithinRel(2.0, 1e-12));
  CHECK_THAT(rows[0].breach, WithinRel(std::exp(-0.5), 1e-12));   // an exponential of mean 2 above 1
  CHECK_THAT(rows[0].lost, WithinRel(400 * (0.2 + 0.3), 1e-12));  // silent and drop-off at the order
}

TEST_CASE("what stays with its owner is no hand-off [67]") {
  CHECK(fg::analyze(two_stages("Sales", "Sales")).hand_offs.empty());
  // Shares whose sums differ by rounding only.
  CHECK(fg::analyze(two_stages({{"Sales", 0.1 + 0.2}, {"Care", 0.7}}, {{"Sales", 0.3}, {"Care", 0.7}}))
            .hand_offs.empty());
}

TEST_CASE("joint ownership hands over the moved shares only [32,67]") {
  const auto rows = fg::analyze(two_stages({{"Marketing", 0.6}, {"Sales", 0.4}},
                                           {{"Sales", 0.5}, {"Marketing", 0.2}, {"Care", 0.3}}))
                        .hand_offs;
  REQUIRE(rows.size() == 2);
  CHECK((rows[0].receiver == "Care" && rows[1].receiver == "Sales"));
  CHECK_THAT(rows[0].volume, WithinRel(400 * 0.3, 1e-12));
  CHECK_THAT(rows[1].volume, WithinRel(400 * 0.1, 1e-12));
}

TEST_CASE("owners whose share stays hand nothing over, and nobody does where nobody moves [67]") {
  const auto rows =
      fg::analyze(two_stages({{"Marketing", 0.5}, {"Sales", 0.5}}, {{"Marketing", 0.5}, {"Care", 0.5}}))
          .hand_offs;
  REQUIRE(rows.size() == 1);
  CHECK((rows[0].giver == "Sales" && rows[0].receiver == "Care"));
  CHECK_THAT(rows[0].volume, WithinRel(200.0, 1e-12));
  const auto grown = fg::analyze(two_stages({{"Marketing", 0.5}, {"Sales", 0.5}},
                                            {{"Marketing", 0.5}, {"Sales", 0.25}, {"Care", 0.25}}))
                         .hand_offs;
  REQUIRE(grown.size() == 1);
  CHECK_THAT(grown[0].volume, WithinRel(100.0, 1e-12));

  fg::Funnel idle = two_stages("Marketing", "Sales");
  idle.set(fg::rate("lead", "order"), 0);
  CHECK(fg::analyze(idle).hand_offs.empty());
  idle = two_stages("Marketing", "Sales");
  idle.set(fg::volume("lead"), 0);
  CHECK(fg::analyze(idle).hand_offs.empty());
}

TEST_CASE("hand-offs stand in the order of the funnel's transitions") {
  fg::Funnel funnel;
  for (const char* owner : {"A", "B", "C"}) funnel.add_owner({.name = owner});
  funnel.add_stage({.name = "first", .owner = "A"});
  funnel.add_stage({.name = "second", .owner = "B"});
  funnel.add_stage({.name = "third", .owner = "C"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_transition({.from = "third", .to = "won", .rate = 1});
  funnel.add_transition({.from = "second", .to = "third", .rate = 1});
  funnel.add_transition({.from = "first", .to = "second", .rate = 1});
  funnel.add_entry({.stage = "first", .volume = 1});
  const auto rows = fg::analyze(funnel).hand_offs;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].from == "second");
  CHECK(rows[1].from == "first");
}

TEST_CASE("what nobody owns is handed over and received under that name") {
  const fg::Analysis a = fg::analyze(two_stages("Marketing", {}));
  REQUIRE(a.hand_offs.size() == 1);
  CHECK(a.hand_offs[0].receiver == "unowned");
  REQUIRE(a.owners.size() == 4);
  CHECK(a.owners.back().owner == "unowned");
  CHECK_THAT(a.owners.back().received, WithinRel(400.0, 1e-12));
}

TEST_CASE("an entry of another owner bears its cost and receives nobody [14,25,26]") {
  fg::Funnel funnel = two_stages("Marketing", "Sales");
  funnel.add_entry({.stage = "lead", .volume = 50, .cost = 3, .channel = "print", .owner = "Care"});
  const fg::Analysis a = fg::analyze(funnel);
  CHECK_THAT(a.owners[0].received, WithinRel(1050.0, 1e-12));
  CHECK(a.owners[2].received == 0);
  CHECK_THAT(a.owners[2].cost, WithinRel(150.0, 1e-12));
}
