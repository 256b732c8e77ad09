#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <set>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/actions.hpp>
#include <funnelgraph/maturity/advice.hpp>

#include "maturity/survey.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using fgm::Relationship;
using fgm::Reply;
using fgm::Verdict;

namespace {

std::size_t count(Relationship now, fgm::Direction direction) {
  std::size_t found = 0;
  for (const auto& row : fgm::conditions()) {
    if (row.now == now && row.direction == direction && row.text.size() == 2) ++found;
  }
  return found;
}

const fgm::Action& action(const std::string& id) {
  for (const fgm::Action& one : fgm::actions()) {
    if (one.id == id) return one;
  }
  FAIL("no action " << id);
  return fgm::actions().front();
}

}  // namespace

TEST_CASE("the decision table is whole [58, 59, 65, 74]") {
  CHECK(count(Relationship::undefined, fgm::Direction::stay) == 3);
  CHECK(count(Relationship::undefined, fgm::Direction::tighten) == 3);
  CHECK(count(Relationship::defined, fgm::Direction::stay) == 3);
  CHECK(count(Relationship::defined, fgm::Direction::tighten) == 4);
  CHECK(count(Relationship::aligned, fgm::Direction::stay) == 3);
  CHECK(count(Relationship::aligned, fgm::Direction::tighten) == 1);
  CHECK(fgm::conditions().size() == 17);
}

TEST_CASE("a conflict of conditions is flagged, not decided [58, 59, 74]") {
  const auto advice =
      fgm::advise(Relationship::undefined, {{"conflict_evident", Reply::yes}, {"small_company", Reply::yes}});
  CHECK(advice.conflict);
  CHECK(advice.verdict == Verdict::conflict);
  CHECK(advice.next == Relationship::defined);
  REQUIRE(advice.stay.size() == 3);
  REQUIRE(advice.tighten.size() == 3);
  CHECK(advice.stay[0].reply == Reply::yes);
  CHECK(advice.stay[1].reply == Reply::unknown);
  CHECK(advice.tighten[0].reply == Reply::yes);
}

TEST_CASE("verdicts for every type [58, 59, 65, 74]") {
  const auto verdict = [](Relationship now, const fgm::Replies& replies) {
    return fgm::advise(now, replies).verdict;
  };
  CHECK(verdict(Relationship::undefined, {}) == Verdict::unknown);
  CHECK(verdict(Relationship::undefined, {{"small_company", Reply::yes}}) == Verdict::stay);
  CHECK(verdict(Relationship::defined, {{"life_cycles_shorten", Reply::yes}}) == Verdict::tighten);
  CHECK(verdict(Relationship::aligned, {{"one_process_possible", Reply::yes}}) == Verdict::tighten);
  CHECK(verdict(Relationship::aligned, {{"one_process_possible", Reply::no},
                                        {"no_shared_responsibility", Reply::no},
                                        {"separate_reporting", Reply::no},
                                        {"short_sales_cycle", Reply::no}}) == Verdict::no_reason);
  const auto highest = fgm::advise(Relationship::integrated, {});
  CHECK(highest.verdict == Verdict::highest);
  CHECK(highest.next == Relationship::integrated);
}

TEST_CASE("which unknown would decide most [74]") {
  // One reason to tighten against three to stay: the lone one decides most.
  const auto advice = fgm::advise(Relationship::aligned, {});
  REQUIRE(advice.ask_next.size() == 4);
  CHECK(advice.ask_next[0] == "one_process_possible");
  // Nothing is left to learn about stay once one reason holds, save from the other column.
  const auto held = fgm::advise(Relationship::aligned, {{"short_sales_cycle", Reply::yes}});
  CHECK(held.ask_next[0] == "one_process_possible");
  CHECK_THAT(held.tighten[0].information, Catch::Matchers::WithinAbs(1, 1e-12));
  CHECK(held.stay[0].information == 0.0);
}

TEST_CASE("Marketing's role frames the advice and what to ask first [49, 50, 51, 52]") {
  const auto& roles = fgm::marketing_roles();
  REQUIRE(roles.size() == 5);
  std::set<fgm::Friction> kinds;
  for (const auto& role : roles) {
    kinds.insert(role.kind);
    CHECK(role.name.size() == 2);
    CHECK(role.friction.size() == 2);
  }
  CHECK(kinds.size() == 2);
  CHECK(fgm::advise(Relationship::undefined, {}).ask_next[0] == "small_company");
  const auto framed = fgm::advise(Relationship::undefined, {}, "own_function");
  CHECK(framed.ask_next[0] == "conflict_evident");
  CHECK(framed.ask_next[1] == "compete_for_resources");
  CHECK_FALSE(framed.frame.empty());
}

TEST_CASE("names that do not exist bring the nearest") {
  try {
    static_cast<void>(fgm::advise(Relationship::undefined, {{"conflict_evidnt", Reply::yes}}));
    FAIL("no error");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.nearest() == "conflict_evident");
  }
  CHECK_THROWS_AS(fgm::advise(Relationship::undefined, {}, "helpr"), fg::UnknownNameError);
  CHECK_THROWS_AS(fgm::relationship_named("align"), fg::UnknownNameError);
  const auto other = fgm::advise(Relationship::undefined, {{"short_sales_cycle", Reply::yes}});
  CHECK(other.elsewhere == std::vector<std::string>{"short_sales_cycle"});
  CHECK(other.verdict == Verdict::unknown);
}

TEST_CASE("each action has owner, cadence, cost, statements and what it changes in the funnel [10, 24, 28]") {
  std::set<std::string> ids, statements;
  for (const auto& statement : fgm::standard_instrument().statements) statements.insert(statement.id);
  for (const fgm::Action& one : fgm::actions()) {
    CAPTURE(one.id);
    CHECK(ids.insert(one.id).second);
    CHECK(
        (one.owner == "marketing" || one.owner == "sales" || one.owner == "both" || one.owner == "company"));
    CHECK(one.name.size() == 2);
    CHECK(one.text.size() == 2);
    CHECK(one.cadence.size() == 2);
    CHECK(one.cost_to_other.size() == 2);
    CHECK_FALSE(one.changes.empty());
    REQUIRE_FALSE(one.lifts.empty());
    for (const std::string& lifted : one.lifts) CHECK(statements.contains(lifted));
  }
  CHECK(action("information_duty").from == Relationship::undefined);
  CHECK(action("joint_assignments").from == Relationship::defined);
}

TEST_CASE("rules of engagement and hand-off points lead to defined [57]") {
  CHECK(action("rules_of_engagement").from == Relationship::undefined);
  const auto& points = action("hand_off_points");
  CHECK(points.from == Relationship::undefined);
  CHECK(std::count(points.changes.begin(), points.changes.end(), "service_level") == 1);
}

TEST_CASE("actions towards aligned [60, 61, 62, 63, 64]") {
  for (const char* id : {"regular_meeting", "deal_size_rule", "collateral_review", "top_ten_review",
                         "rotation", "liaison", "sit_together", "easy_feedback"}) {
    CHECK(action(id).from == Relationship::defined);
  }
  CHECK(action("regular_meeting").cadence.at("en") == "at least quarterly");
}

TEST_CASE("actions towards integrated [66, 67, 70, 71, 72]") {
  for (const char* id :
       {"revenue_officer", "joint_funnel", "split_marketing", "shared_targets", "shared_metrics"}) {
    CHECK(action(id).from == Relationship::aligned);
  }
}

TEST_CASE("two moves at once are refused [74]") {
  CHECK(fgm::actions(Relationship::undefined, Relationship::defined).size() == 3);
  CHECK_THROWS_AS(fgm::actions(Relationship::undefined, Relationship::aligned), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::actions(Relationship::aligned, Relationship::defined), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::actions(Relationship::integrated, Relationship::integrated), fg::InvalidValueError);
}

TEST_CASE("the plan puts the weakest statements first [60, 64]") {
  fgm::Answers table;
  for (int i = 0; i < 5; ++i) {
    std::vector<double> answers(20, 3.0);
    test::add_row(table, "Marketing", "staff", answers);
    for (const std::size_t weak : {5U, 8U, 14U}) answers[weak] = 1;  // feedback, buying behaviour, analysis
    test::add_row(table, "Sales", "staff", answers);
  }
  const auto m = fgm::assess(fgm::standard_instrument(), table);
  const auto planned = fgm::plan(m, Relationship::defined);
  REQUIRE(planned.size() == 9);
  CHECK(planned[0].action.id == "easy_feedback");
  CHECK(planned[0].side == fgm::Side::sales);
  CHECK(planned[0].answer == 1.0);
  CHECK(planned[0].need == 1.0);
  CHECK(fgm::plan(m, Relationship::integrated).empty());
}
