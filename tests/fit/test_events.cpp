#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/events.hpp>
#include <funnelgraph/fit/tally.hpp>

#include "random_log.hpp"

using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;

namespace {

std::map<std::string, std::uint64_t> notes_of(const fit::Statistics& statistics) {
  std::map<std::string, std::uint64_t> notes;
  for (const fit::Note& note : statistics.notes()) notes[note.code] = note.count;
  return notes;
}

void check_against(const fit::Statistics& statistics, const test::Recount& expected) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts;
  for (const fit::TransitionRow& row : statistics.transitions()) {
    counts[{row.from, row.to}] = row.count;
    const auto& lags = expected.lags.at({row.from, row.to});
    CHECK(row.count == lags.size());
    fit::Tick sum = 0;
    for (const fit::Tick lag : lags) sum += lag;
    // One rounding on each side.
    const double mean = static_cast<double>(sum) / 86.4e9 / static_cast<double>(lags.size());
    if (sum == 0) {
      CHECK(row.lag_mean == 0);
    } else {
      CHECK_THAT(row.lag_mean, WithinRel(mean, 1e-14));
    }
  }
  CHECK(counts.size() == expected.lags.size());
  for (const fit::StageCount& stage : statistics.stages()) {
    INFO(stage.stage);
    const auto of = [&](const std::map<std::string, std::uint64_t>& map) {
      const auto at = map.find(stage.stage);
      return at == map.end() ? 0 : at->second;
    };
    CHECK(stage.entered == of(expected.entered));
    CHECK(stage.started == of(expected.started));
    CHECK(stage.dropped == of(expected.ended));
    CHECK(stage.open == 0);
  }
}

}  // namespace

TEST_CASE("random logs are counted as by brute force, revisits and stays included") {
  std::mt19937_64 random(20260101);
  for (int round = 0; round < 60; ++round) {
    const auto log = test::random_log(random, 1 + round, 1 + 7 * round);
    const test::Table table = test::table_of(log);
    check_against(fit::events(table), test::recount(log, false, ""));
    const fit::Statistics with_outcome =
        fit::events(table, {.outcomes = {{"purchase", fg::OutcomeKind::won}}});
    const test::Recount expected = test::recount(log, false, "purchase");
    check_against(with_outcome, expected);
    auto notes = notes_of(with_outcome);
    CHECK(notes["ties"] == expected.ties);
    CHECK(notes["ties_between_stages"] == expected.different_ties);
    CHECK(notes["after_outcome"] == expected.after_outcome);
  }
}

TEST_CASE("a shuffled log with a tie column is the same log") {
  std::mt19937_64 random(5);
  auto log = test::random_log(random, 20, 400);
  const fit::EventOptions options{.tie_column = "tie", .amount = "amount", .segment = "channel"};
  const fit::Statistics before = fit::events(test::table_of(log), options);
  check_against(before, test::recount(log, true, ""));
  CHECK(notes_of(before).contains("ties") == false);  // the column tells them apart
  for (int round = 0; round < 5; ++round) {
    std::ranges::shuffle(log, random);
    const fit::Statistics shuffled = fit::events(test::table_of(log), options);
    CHECK(shuffled.content().tallies == before.content().tallies);
    CHECK(shuffled.content().live == before.content().live);
  }
  SECTION("by the name of the stage too") {
    const fit::Statistics by_stage = fit::events(test::table_of(log), {.ties = fit::Ties::stage});
    std::ranges::shuffle(log, random);
    CHECK(fit::events(test::table_of(log), {.ties = fit::Ties::stage}).content().tallies ==
          by_stage.content().tallies);
  }
  SECTION("but not by row: the notes say how many ties that are") {
    const fit::Statistics by_row = fit::events(test::table_of(log));
    CHECK(notes_of(by_row).at("ties_between_stages") > 0);
    std::ranges::reverse(log);
    CHECK(fit::events(test::table_of(log)).content().tallies != by_row.content().tallies);
  }
}

TEST_CASE("how a journey without an outcome ends") {
  // Two journeys: one ends in May, one was last seen on 20 June.
  test::Table log(4);
  log.text("journey", {"a", "a", "b", "b"}).text("stage", {"home", "cart", "home", "home"});
  log.times("time", {"2026-05-01", "2026-05-03 12:00:00", "2026-06-10", "2026-06-20"});
  const fit::Tick until = test::tick("2026-06-30");
  const auto stage = [](const fit::Statistics& statistics, const std::string& name) {
    for (const fit::StageCount& row : statistics.stages()) {
      if (row.stage == name) return row;
    }
    throw std::runtime_error("no such stage");
  };

  SECTION("drop-off by default") {
    const fit::Statistics statistics = fit::events(log);
    CHECK(stage(statistics, "cart").dropped == 1);
    CHECK(stage(statistics, "home").dropped == 1);
    CHECK(notes_of(statistics).at("without_outcome") == 2);
  }
  SECTION("open") {
    const fit::Statistics statistics = fit::events(log, {.end = fit::JourneyEnd::open});
    CHECK(stage(statistics, "cart").open == 1);
    CHECK(stage(statistics, "home").open == 1);
    CHECK(statistics.transitions().front().entered == 3);
    CHECK(statistics.transitions().front().open == 1);
  }
  SECTION("silence is counted apart [42]") {
    const fit::Statistics statistics = fit::events(log, {.until = until, .silence = 30});
    CHECK(stage(statistics, "cart").open == 0);
    CHECK(statistics.count("cart", "silent") == 1);
    CHECK(stage(statistics, "home").open == 1);
    CHECK(notes_of(statistics).at("silent") == 1);
    CHECK(statistics.lag_quantile("cart", "silent", 0.5) == 30);
  }
  SECTION("silent as such has no lag") {
    const fit::Statistics statistics = fit::events(log, {.end = fit::JourneyEnd::silent});
    CHECK(statistics.count("home", "silent") == 1);
    CHECK(std::isnan(statistics.lag_quantile("home", "silent", 0.5)));
  }
  SECTION("an event at until is known") {
    CHECK(fit::events(log, {.until = test::tick("2026-06-20")}).entered("home") == 3);
    CHECK(fit::events(log, {.until = test::tick("2026-06-20") - 1}).entered("home") == 2);
    CHECK(fit::events(log).content().last == test::tick("2026-06-20"));
  }
  SECTION("the note names the last row of the journey") {
    for (const fit::Note& note : fit::events(log).notes()) {
      if (note.code == "without_outcome") CHECK(note.rows == std::vector<std::uint64_t>{2, 4});
    }
  }
  SECTION("events after until are not known yet") {
    const fit::Statistics statistics = fit::events(log, {.until = test::tick("2026-06-15")});
    CHECK(statistics.entered("home") == 2);
    CHECK(notes_of(statistics).at("after_until") == 1);
  }
}

TEST_CASE("rows that cannot be counted are noted with their numbers, not their values") {
  test::Table log(5);
  log.text("journey", {"a", "a", "a", "b", "a"}).text("stage", {"home", "", "cart", "home", "home"});
  log.times("time", {"2026-05-02", "2026-05-02", "2026-05-01", "", "2026-05-03"});
  const fit::Statistics statistics = fit::events(log);
  CHECK(statistics.journeys() == 1);
  CHECK(statistics.count("cart", "home") == 1);
  for (const fit::Note& note : statistics.notes()) {
    if (note.code == "no_stage") CHECK(note.rows == std::vector<std::uint64_t>{2});
    if (note.code == "no_time") CHECK(note.rows == std::vector<std::uint64_t>{4});
    if (note.code == "unordered") CHECK(note.rows == std::vector<std::uint64_t>{3});
    CHECK(note.message.find("cart") == std::string::npos);
  }
  CHECK(notes_of(statistics).size() == 4);
}

TEST_CASE("rows are unordered where an earlier event of their journey stands before them") {
  // 3, 1, 2, 2: the second, the third and the fourth stand after the 3rd of May; a tie alone is no disorder.
  test::Table log(6);
  log.text("journey", {"a", "a", "a", "a", "b", "b"}).text("stage", {"x", "x", "x", "x", "x", "x"});
  log.times("time", {"2026-05-03", "2026-05-01", "2026-05-02", "2026-05-02", "2026-05-01", "2026-05-01"});
  CHECK(notes_of(fit::events(log)).at("unordered") == 3);
}

TEST_CASE("a tie that a later slice continues is a tie") {
  const auto slice = [](const std::string& stage) {
    test::Table log(1);
    log.text("journey", {"a"}).text("stage", {stage}).times("time", {"2026-05-01"});
    return log;
  };
  fit::Statistics statistics = fit::events(slice("home"));
  CHECK_FALSE(notes_of(statistics).contains("ties"));
  statistics.update(slice("cart"));
  CHECK(notes_of(statistics).at("ties") == 1);
  CHECK(notes_of(statistics).at("ties_between_stages") == 1);
  statistics.update(slice("cart"));
  CHECK(notes_of(statistics).at("ties") == 2);
  CHECK(notes_of(statistics).at("ties_between_stages") == 1);
}

TEST_CASE("events without a tie rank stand last among those of their time") {
  test::Table log(3);
  log.text("journey", {"a", "a", "a"}).text("stage", {"third", "first", "second"});
  log.times("time", {"2026-05-01", "2026-05-01", "2026-05-01"});
  log.text("word", {"", "1", "2"}).numbers("number", {std::nan(""), 1, 2});
  for (const char* column : {"word", "number"}) {
    const fit::Statistics statistics = fit::events(log, {.tie_column = column});
    CHECK(statistics.count("first", "second") == 1);
    CHECK(statistics.count("second", "third") == 1);
  }
}

TEST_CASE("a journey without a segment is counted apart and noted") {
  test::Table log(3);
  log.text("journey", {"a", "b", "b"}).text("stage", {"home", "home", "cart"});
  log.times("time", {"2026-05-01", "2026-05-01", "2026-05-02"}).text("channel", {"", "ads", "friends"});
  const fit::Statistics statistics = fit::events(log, {.segment = "channel"});
  CHECK(notes_of(statistics).at("segment_missing") == 1);
  CHECK(notes_of(statistics).at("segment_changed") == 1);
  CHECK(statistics.segment("(none)").entered("home") == 1);
  CHECK(statistics.segment("ads").entered("cart") == 1);
}

TEST_CASE("ids may be whole numbers, also as doubles, and stages in an order of one's own") {
  test::Table log(3);
  log.integers("number", {7, 7, 8}).numbers("double", {7, 7, 8}).text("text", {"7", "7", "8"});
  log.text("stage", {"b", "a", "b"}).times("time", {"2026-05-02", "2026-05-03", "2026-05-04"});
  const fit::Statistics statistics = fit::events(log, {.journey = "number", .stages = {"b", "a"}});
  CHECK(statistics.stage_names() == std::vector<std::string>{"b", "a"});
  CHECK(fit::events(log, {.journey = "double", .stages = {"b", "a"}}) == statistics);
  CHECK(fit::events(log, {.journey = "text", .stages = {"b", "a"}}) == statistics);
  CHECK(fit::events(log, {.journey = "text"}).stage_names() == std::vector<std::string>{"a", "b"});
}

TEST_CASE("money stands on the event where it is") {
  test::Table log(4);
  log.text("journey", {"a", "a", "b", "b"}).text("stage", {"cart", "buy", "cart", "buy"});
  log.times("time", {"2026-05-01", "2026-05-02", "2026-05-01", "2026-05-02"});
  log.numbers("price", {std::nan(""), 0.1, std::nan(""), 0.2}).integers("clicks", {3, 1, 2, 1});
  const fit::Statistics statistics =
      fit::events(log, {.amount = "price", .measures = {{"clicks", "clicks"}}});
  for (const fit::MeasureRow& row : statistics.measures()) {
    INFO(row.stage + " " + row.measure);
    if (row.measure == "amount" && row.stage == "buy") {
      CHECK(row.number == 2);
      CHECK(row.sum == 0.30000000000000004);  // the double nearest to the exact sum of these two doubles
    }
    if (row.measure == "amount" && row.stage == "cart") CHECK(std::isnan(row.mean));
    if (row.measure == "clicks" && row.stage == "cart") CHECK(row.sum == 5);
  }
  SECTION("a mean is of the events that have the number") {
    test::Table some(3);
    some.text("journey", {"a", "b", "c"}).text("stage", {"buy", "buy", "buy"});
    some.times("time", {"2026-05-01", "2026-05-01", "2026-05-01"}).numbers("price", {4, std::nan(""), 8});
    some.integers("clicks", {3, fit::no_tick, 5});
    const auto rows = fit::events(some, {.amount = "price", .measures = {{"clicks", "clicks"}}}).measures();
    REQUIRE(rows.size() == 2);
    CHECK((rows[0].number == 2 && rows[0].mean == 6));
    CHECK((rows[1].number == 2 && rows[1].mean == 4));
  }
  // Only where it would be asked for: on outcomes.
  CHECK_FALSE(notes_of(statistics).contains("missing:amount"));
  const fit::Statistics at_cart =
      fit::events(log, {.outcomes = {{"cart", fg::OutcomeKind::won}}, .amount = "price"});
  CHECK(notes_of(at_cart).at("missing:amount") == 2);
}
