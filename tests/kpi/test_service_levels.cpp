#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/service_levels.hpp>
#include <funnelgraph/model/funnel.hpp>

#include "../fit/table.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;

namespace {

struct Event {
  std::string journey, stage, time, team{};
};

test::Table log_of(const std::vector<Event>& events) {
  test::Table table(events.size());
  const auto column = [&](std::string Event::* field) {
    std::vector<std::string> cells;
    for (const Event& event : events) cells.push_back(event.*field);
    return cells;
  };
  table.text("journey", column(&Event::journey)).text("stage", column(&Event::stage));
  table.times("time", column(&Event::time)).text("team", column(&Event::team));
  return table;
}

const std::vector<fg::ServiceLevel> called = {{"enquiry", "call", 1}};

/// Answered at the limit, just after it, never, closed before it, closed after it, young answered, young
/// open.
std::vector<Event> week() {
  return {{"a", "enquiry", "2026-03-02 10:00:00", "north"},
          {"a", "call", "2026-03-03 10:00:00"},
          {"b", "enquiry", "2026-03-02 10:00:00", "south"},
          {"b", "call", "2026-03-03 10:00:01"},
          {"c", "enquiry", "2026-03-03 10:00:00", "north"},
          {"d", "enquiry", "2026-03-03 10:00:00", "south"},
          {"d", "lost", "2026-03-03 12:00:00"},
          {"e", "enquiry", "2026-03-03 10:00:00", "north"},
          {"e", "lost", "2026-03-08 10:00:00"},
          {"f", "enquiry", "2026-03-11 20:00:00", "north"},
          {"f", "call", "2026-03-11 21:00:00"},
          {"g", "enquiry", "2026-03-11 20:00:00", "south"}};
}

fg::ServiceLevelOptions options() {
  return {.closing = {"lost"}, .until = test::tick("2026-03-12 12:00:00")};
}

}  // namespace

TEST_CASE("leads called within a day, the young ones neither way [30, 57]") {
  const fg::ServiceLevels levels = fg::service_levels(log_of(week()), called, options());
  REQUIRE(levels.rows.size() == 1);
  const fg::ServiceLevelRow& row = levels.rows[0];
  CHECK(row.entered == 7);
  CHECK(row.young == 2);
  CHECK(row.closed == 1);
  CHECK(row.in_time == 1);
  CHECK(row.late == 3);
  CHECK(row.entered == row.young + row.closed + row.in_time + row.late);
  CHECK(row.share == 0.25);
  CHECK(row.low < 0.25);
  CHECK(row.high > 0.25);
  // Seven at risk: one answers after an hour (6/7 left), one is closed after two; g is censored at 16 hours,
  // then of four at risk one answers at the day: 6/7 * 3/4 are still waiting.
  CHECK_THAT(row.share_censored, WithinRel(1 - 6.0 / 7 * 3 / 4, 1e-12));
  CHECK_THAT(row.wait_median, WithinAbs(1 + 0.5 / 86400, 1e-9));
  CHECK(levels.until == test::tick("2026-03-12 12:00:00"));
}

TEST_CASE("service levels by giver, receiver and week [30]") {
  fg::ServiceLevelOptions split = options();
  split.owners = {{"enquiry", "Marketing"}, {"call", "Sales"}};
  split.giver_column = "team";
  split.by = {fg::ServiceLevelBy::giver, fg::ServiceLevelBy::receiver, fg::ServiceLevelBy::week};
  const fg::ServiceLevels levels = fg::service_levels(log_of(week()), called, split);
  REQUIRE(levels.rows.size() == 4);
  CHECK(levels.rows[0].giver == "north");
  CHECK(levels.rows[0].receiver == "Sales");
  CHECK(levels.rows[0].week == "2026-W10");
  CHECK(levels.rows[0].entered == 3);
  CHECK(levels.rows[1].week == "2026-W11");
  CHECK(levels.rows[1].young == 1);
  CHECK(std::isnan(levels.rows[1].share));
  CHECK(levels.rows[2].giver == "south");
}

TEST_CASE("weeks are those of ISO 8601") {
  const auto week_of = [](const std::string& time) {
    fg::ServiceLevelOptions by_week{.until = test::tick("2030-01-01")};
    by_week.by = {fg::ServiceLevelBy::week, fg::ServiceLevelBy::month};
    const fg::ServiceLevels levels = fg::service_levels(log_of({{"a", "enquiry", time}}), called, by_week);
    return levels.rows.at(0).week + " " + levels.rows.at(0).month;
  };
  CHECK(week_of("2021-01-03") == "2020-W53 2021-01");  // a Sunday
  CHECK(week_of("2021-01-04") == "2021-W01 2021-01");
  CHECK(week_of("2024-12-30") == "2025-W01 2024-12");
  CHECK(week_of("1969-12-31 23:59:59") == "1970-W01 1969-12");
}

TEST_CASE("feedback share, and the daily report back from Sales to Marketing [30, 57]") {
  const auto log = log_of({{"a", "enquiry", "2026-03-02"},
                           {"a", "feedback", "2026-03-20"},
                           {"b", "enquiry", "2026-03-02"},
                           {"x", "report", "2026-03-02 17:00:00"},
                           {"x", "report", "2026-03-02 18:00:00"},
                           {"x", "report", "2026-03-04 17:00:00"},
                           {"b", "note", "2026-03-09 09:00:00"}});
  const std::vector<fg::ServiceLevel> rules = {fg::ServiceLevel::feedback("enquiry", "feedback"),
                                               fg::ServiceLevel::report("report")};
  fg::ServiceLevelOptions working{.until = test::tick("2026-03-09 10:00:00")};
  working.days_off = {false, false, false, false, false, true, true};
  const fg::ServiceLevels levels = fg::service_levels(log, rules, working);
  REQUIRE(levels.rows.size() == 2);
  CHECK(levels.rows[0].in_time == 0);  // after `until` it is not known yet
  CHECK(levels.rows[0].late == 2);
  // Monday to Friday are due, Monday the 9th is not over.
  CHECK(levels.rows[1].entered == 6);
  CHECK(levels.rows[1].in_time == 2);
  CHECK(levels.rows[1].late == 3);
  CHECK(levels.rows[1].young == 1);
  working.until.reset();
  CHECK(fg::service_levels(log, rules, working).rows[0].share == 0.5);
}

TEST_CASE("a wide table with a date a stage") {
  test::Table table(4);
  table.text("id", {"a", "b", "c", "a"});
  table.times("lead_date", {"2026-03-02", "2026-03-02", "2026-03-05", "2026-03-02"});
  table.times("visit_date", {"2026-03-03", "2026-03-08", "2026-03-01", ""});
  const std::vector<fg::ServiceLevel> rules = {{"lead", "visit", 2}};
  fg::ServiceLevelOptions wide{.journey = "id", .stages = {{"lead", "lead_date"}, {"visit", "visit_date"}}};
  const fg::ServiceLevels levels = fg::service_levels(table, rules, wide);
  REQUIRE(levels.rows.size() == 1);
  CHECK(levels.rows[0].in_time == 1);
  CHECK(levels.rows[0].late == 1);
  REQUIRE(levels.notes.size() == 2);
  CHECK(levels.notes[0].code == "backwards");
  CHECK(levels.notes[1].code == "duplicate_journey");
  const std::vector<fg::ServiceLevel> wrong = {{"lead", "visti", 2}};
  CHECK_THROWS_AS(fg::service_levels(table, wrong, wide), fg::UnknownNameError);
}

TEST_CASE("on a transition of a funnel the breach comes from the lag [30]") {
  fg::Funnel shop;
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  shop.add_owner({.name = "Sales", .role = fg::Role::sales});
  shop.add_stage({.name = "enquiry", .owner = "Marketing"});
  shop.add_stage({.name = "order", .owner = "Sales"});
  shop.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  shop.add_transition({.from = "enquiry",
                       .to = "order",
                       .rate = 0.35,
                       .lag = fg::Lag::exponential(2),
                       .service_level = fg::Number(1)});
  shop.add_transition({.from = "order", .to = "customer", .rate = 1});
  shop.add_entry({.stage = "enquiry", .volume = 100});
  const auto rows = fg::service_levels(shop);
  REQUIRE(rows.size() == 1);
  CHECK_THAT(rows[0].breach, WithinRel(std::exp(-0.5), 1e-14));  // one exp on either side
  CHECK_THAT(rows[0].flow, WithinRel(35, 1e-14));
  CHECK_THAT(rows[0].late, WithinRel(35 * std::exp(-0.5), 1e-14));
  CHECK(rows[0].giver == "Marketing");
  CHECK(rows[0].receiver == "Sales");
  const std::vector<fg::ServiceLevel> other = {{"order", "customer", 3}};
  CHECK(std::isnan(fg::service_levels(shop, other).at(0).breach));  // the lag is unknown
  const std::vector<fg::ServiceLevel> feedback = {fg::ServiceLevel::feedback("enquiry", "order")};
  CHECK_THROWS_AS(fg::service_levels(shop, feedback), fg::InvalidValueError);
  const std::vector<fg::ServiceLevel> missing = {{"enquiry", "customer", 3}};
  CHECK_THROWS_AS(fg::service_levels(shop, missing), fg::UnknownNameError);
}

TEST_CASE("service levels refuse what they cannot read") {
  const auto log = log_of(week());
  const auto with = [&](fg::ServiceLevel rule, fg::ServiceLevelOptions wanted = options()) {
    const std::vector<fg::ServiceLevel> rules = {std::move(rule)};
    return fg::service_levels(log, rules, wanted);
  };
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(with({"enquiry", "call", 0}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({"enquiry", "call", -2}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({"enquiry", "call", std::nan("")}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({"enquiry", "call", inf}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({"enquiry", "enquiry", 1}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({"", "call", 1}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({"enquiry", "", 1}), fg::InvalidValueError);
  CHECK_THROWS_AS(with(fg::ServiceLevel::report("report", 0.5)), fg::InvalidValueError);
  CHECK_THROWS_AS(with({"enquiries", "call", 1}), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::service_levels(log, {}, options()), fg::InvalidValueError);
  fg::ServiceLevelOptions wanted = options();
  wanted.by = {fg::ServiceLevelBy::giver};
  CHECK_THROWS_AS(with(called[0], wanted), fg::InvalidValueError);
  wanted.owners = {{"enqiry", "Marketing"}};
  CHECK_THROWS_AS(with(called[0], wanted), fg::UnknownNameError);
  wanted = options();
  wanted.time = "tme";
  CHECK_THROWS_AS(with(called[0], wanted), fg::UnknownNameError);
  wanted = options();
  wanted.by = {fg::ServiceLevelBy::segment};
  CHECK_THROWS_AS(with(called[0], wanted), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::service_levels(log_of({}), called, options()), fg::DataError);
}
