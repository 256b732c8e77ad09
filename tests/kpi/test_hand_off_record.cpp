#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/hand_off_record.hpp>

#include "../fit/table.hpp"

using Catch::Matchers::WithinAbs;
namespace fg = funnelgraph;

namespace {

/// One hand-off, delivered on 1 March at noon; limits one day; as of 31 March.
struct Recorded {
  std::string accepted{}, rejected{}, touched{}, reason{}, meets{};
  std::string delivered = "2026-03-01 12:00:00";
};

fg::HandOffOptions wide() {
  return {.delivered = "delivered",
          .accepted = "accepted",
          .rejected = "rejected",
          .touched = "touched",
          .reason = "reason",
          .meets = "meets",
          .against_definition = {"no budget", "wrong region"},
          .until = test::tick("2026-03-31")};
}

test::Table table_of(const std::vector<Recorded>& rows) {
  test::Table table(rows.size());
  const auto column = [&](std::string Recorded::* field) {
    std::vector<std::string> cells;
    for (const Recorded& row : rows) cells.push_back(row.*field);
    return cells;
  };
  table.times("delivered", column(&Recorded::delivered)).times("accepted", column(&Recorded::accepted));
  table.times("rejected", column(&Recorded::rejected)).times("touched", column(&Recorded::touched));
  table.text("reason", column(&Recorded::reason)).text("meets", column(&Recorded::meets));
  return table;
}

std::string verdict_of(const Recorded& one) {
  const fg::HandOffRecord record = fg::hand_off_record(table_of({one}), wide());
  const fg::HandOffCounts& counts = record.total;
  if (counts.young == 1) return "young";
  if (counts.in_order == 1) return "in_order";
  if (counts.receiver == 1) return "receiver";
  if (counts.giver == 1) return "giver";
  REQUIRE(counts.between == 1);
  for (std::size_t c = 0; c < fg::between_causes; ++c) {
    if (counts.causes[c] == 1) return to_string(static_cast<fg::BetweenCause>(c));
  }
  return "?";
}

const std::string in_time = "2026-03-02 12:00:00";  // the limit itself
const std::string late = "2026-03-02 12:00:01";

}  // namespace

TEST_CASE("the rule of the hand-off record, case by case [31, 57]") {
  CHECK(verdict_of({.touched = in_time}) == "in_order");
  CHECK(verdict_of({.accepted = in_time, .touched = in_time}) == "in_order");
  CHECK(verdict_of({.touched = in_time, .meets = "no"}) == "in_order");
  // The receiver's: met the definition and was not touched within the service level.
  CHECK(verdict_of({.accepted = in_time, .touched = late}) == "receiver");
  CHECK(verdict_of({.accepted = in_time}) == "receiver");
  CHECK(verdict_of({.meets = "yes"}) == "receiver");
  CHECK(verdict_of({.touched = late, .meets = "CÓ"}) == "receiver");
  CHECK(verdict_of({.touched = late, .meets = "ĐẠT"}) == "receiver");
  // The giver's: rejected in time against the definition.
  CHECK(verdict_of({.rejected = in_time, .reason = "no budget"}) == "giver");
  CHECK(verdict_of({.rejected = in_time, .touched = in_time, .reason = "wrong region"}) == "giver");
  CHECK(verdict_of({.rejected = in_time, .reason = "no budget", .meets = "no"}) == "giver");
  // All else, and all that is not recorded, lies between.
  CHECK(verdict_of({}) == "not_recorded");
  CHECK(verdict_of({.touched = late}) == "not_recorded");
  CHECK(verdict_of({.meets = "no"}) == "unfit_not_rejected");
  for (const char* word : {"KHÔNG", "Chưa", "CHƯA", "KHÔNG ĐẠT"})
    CHECK(verdict_of({.meets = word}) == "unfit_not_rejected");
  CHECK(verdict_of({.rejected = late, .reason = "no budget"}) == "rejected_late");
  CHECK(verdict_of({.reason = "no budget"}) == "rejected_undated");
  CHECK(verdict_of({.rejected = in_time}) == "rejected_without_reason");
  CHECK(verdict_of({.rejected = in_time, .reason = "competitor"}) == "other_reason");
  CHECK(verdict_of({.accepted = in_time, .rejected = in_time, .reason = "no budget"}) == "contradiction");
  CHECK(verdict_of({.rejected = in_time, .reason = "no budget", .meets = "yes"}) == "contradiction");
  CHECK(verdict_of({.touched = "2026-03-01 11:59:59"}) == "contradiction");
  CHECK(verdict_of({.accepted = in_time, .meets = "no"}) == "contradiction");
  // Younger than the limit: neither way, answered or not.
  CHECK(verdict_of({.delivered = "2026-03-30 12:00:00"}) == "young");
  CHECK(verdict_of({.touched = "2026-03-30 13:00:00", .delivered = "2026-03-30 12:00:00"}) == "young");
  CHECK(verdict_of({.delivered = "2026-03-30"}) == "not_recorded");  // exactly as old as the limit
}

TEST_CASE("what happened after `until` is not known yet") {
  Recorded one{.accepted = "2026-03-02", .rejected = "2026-04-02", .reason = "no budget"};
  CHECK(verdict_of(one) == "receiver");
  fg::HandOffOptions options = wide();
  options.until.reset();  // then the latest time of the table is
  CHECK(fg::hand_off_record(table_of({one}), options).total.between == 1);
  one.delivered = "2026-04-01";
  CHECK_THROWS_AS(fg::hand_off_record(table_of({one}), wide()), fg::DataError);
}

TEST_CASE("counts add up, and all policies stand side by side") {
  const fg::HandOffRecord record =
      fg::hand_off_record(table_of({{.touched = in_time},
                                    {.accepted = in_time, .touched = "2026-03-04 12:00:00"},
                                    {.rejected = in_time, .reason = "no budget"},
                                    {.rejected = in_time, .reason = "no budget"},
                                    {},
                                    {},
                                    {.delivered = "2026-03-30 20:00:00"},
                                    {.delivered = ""}}),
                          wide());
  const fg::HandOffCounts& total = record.total;
  CHECK(total.delivered == 7);
  CHECK(total.judged() == 6);
  CHECK(total.delivered == total.judged() + total.young);
  CHECK(total.feedback == 3);
  CHECK(total.touched_in_time == 1);
  CHECK_THAT(total.touch_mean, WithinAbs(2, 1e-12));  // days 1 and 3
  CHECK_THAT(total.breach(), WithinAbs(5.0 / 6, 1e-12));
  REQUIRE(record.notes.size() == 1);
  CHECK(record.notes[0].code == "not_delivered");
  CHECK(record.notes[0].rows == std::vector<std::uint64_t>{8});

  std::map<std::pair<std::string, std::string>, double> borne;
  for (const fg::HandOffBurden& row : record.burdens) {
    borne[{to_string(row.policy), row.owner}] = row.borne;
    CHECK(row.part == 6);
    CHECK(row.low <= row.share);
    CHECK(row.share <= row.high);
  }
  CHECK(borne[{"nobody", "Marketing"}] == 2);
  CHECK(borne[{"nobody", "Sales"}] == 1);
  CHECK(borne[{"giver", "Marketing"}] == 4);
  CHECK(borne[{"receiver", "Sales"}] == 3);
  CHECK(borne[{"halves", "Sales"}] == 2);
  CHECK_THAT((borne[{"in_proportion", "Marketing"}]), WithinAbs(2 + 4.0 / 3, 1e-12));
  CHECK(record.ranking_changes);  // Marketing bears more, unless Sales bears what lies between
}

TEST_CASE("where nothing lies between, the ranking cannot change") {
  const fg::HandOffRecord record = fg::hand_off_record(
      table_of({{.touched = in_time}, {.rejected = in_time, .reason = "no budget"}}), wide());
  CHECK_FALSE(record.ranking_changes);
  REQUIRE(record.reasons.size() == 1);
  CHECK(record.reasons[0].against_definition);
  CHECK(record.reasons[0].in_time == 1);
}

TEST_CASE("a log: each delivery begins a hand-off [57]") {
  test::Table log(7);
  log.text("lead", {"a", "a", "a", "a", "b", "c", "c"});
  log.text("event", {"MQL", "rejected", "MQL", "call", "call", "MQL", "accepted"});
  log.times("time", {"2026-03-01", "2026-03-01", "2026-03-10", "2026-03-10", "2026-03-02", "2026-03-05",
                     "2026-03-05"});
  log.text("reason", {"", "no budget", "", "", "", "", ""});
  log.text("team", {"north", "", "south", "", "", "north", ""});
  const fg::HandOffRecord record = fg::hand_off_record(log, {.delivered = "MQL",
                                                             .accepted = "accepted",
                                                             .rejected = "rejected",
                                                             .touched = "call",
                                                             .reason = "reason",
                                                             .journey = "lead",
                                                             .event = "event",
                                                             .receiver_column = "team",
                                                             .against_definition = {"no budget"},
                                                             .until = test::tick("2026-03-31")});
  CHECK(record.total.giver == 1);
  CHECK(record.total.in_order == 1);
  CHECK(record.total.receiver == 1);
  CHECK(record.total.repeated == 1);
  REQUIRE(record.pairs.size() == 2);
  CHECK(record.pairs[0].receiver == "north");
  CHECK(record.pairs[0].counts.delivered == 2);
  REQUIRE(record.notes.size() == 1);
  CHECK(record.notes[0].code == "before_delivery");
}

TEST_CASE("hand-off records refuse what they cannot read") {
  const test::Table table = table_of({{}});
  const auto with = [&](auto change) {
    fg::HandOffOptions options = wide();
    change(options);
    return fg::hand_off_record(table, options);
  };
  using Options = fg::HandOffOptions;
  CHECK_THROWS_AS(with([](Options& o) { o.within = 0; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.within = -1; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.within = std::nan(""); }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.reject_within = 1e9; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.giver = ""; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.receiver = "Marketing"; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.receiver = "between"; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.delivered = ""; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.event = "reason"; }), fg::InvalidValueError);  // no journey
  CHECK_THROWS_AS(with([](Options& o) { o.until = fg::fit::latest_tick + 1; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.touched = "reason"; }), fg::DataError);  // text, not dates
  try {
    (void)with([](Options& o) { o.touched = "toched"; });
    FAIL("an unknown column was taken");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.nearest() == "touched");
  }
  CHECK_THROWS_AS(fg::hand_off_record(test::Table(0), wide()), fg::DataError);
  CHECK_THROWS_AS(fg::hand_off_record(table_of({{.meets = "perhaps"}}), wide()), fg::DataError);
}
