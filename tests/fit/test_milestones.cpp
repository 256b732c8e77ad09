#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/fit/tally.hpp>

#include "table.hpp"

namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;

namespace {

const std::vector<fit::StageColumn> stages = {{"lead", "d0"}, {"offer", "d1"}, {"sold", "d2"}};

std::map<std::string, std::uint64_t> notes_of(const fit::Statistics& statistics) {
  std::map<std::string, std::uint64_t> notes;
  for (const fit::Note& note : statistics.notes()) notes[note.code] = note.count;
  return notes;
}

using Notes = std::map<std::string, std::uint64_t>;

/// One row a case: the three dates.
test::Table one(const std::string& d0, const std::string& d1, const std::string& d2) {
  test::Table table(1);
  table.text("id", {"x"}).times("d0", {d0}).times("d1", {d1}).times("d2", {d2});
  return table;
}

}  // namespace

TEST_CASE("a journey moves through its dated stages in the order of the columns") {
  const fit::MilestoneOptions options{.journey = "id", .stages = stages};
  SECTION("all dates") {
    const auto statistics = fit::milestones(one("2026-01-01", "2026-01-03", "2026-01-10"), options);
    CHECK(statistics.count("lead", "offer") == 1);
    CHECK(statistics.lag_quantile("offer", "sold", 1) == 7);
    CHECK(notes_of(statistics).empty());
    CHECK(statistics.cycles().front().mean == 9);
  }
  SECTION("a skipped stage: from the last one reached") {
    const auto statistics = fit::milestones(one("2026-01-01", "", "2026-01-10"), options);
    CHECK(statistics.count("lead", "sold") == 1);
    CHECK(statistics.entered("offer") == 0);
    CHECK(notes_of(statistics) == Notes{{"skipped_stage", 1}});
  }
  SECTION("no date for the first stage: it enters where it first appears") {
    const auto statistics = fit::milestones(one("", "2026-01-03", ""), options);
    CHECK(statistics.stages()[1].started == 1);
    CHECK(statistics.stages()[1].open == 1);
    CHECK(notes_of(statistics) == Notes{{"first_stage_missing", 1}, {"open", 1}});
  }
  SECTION("out of order: counted, the wait unknown, the next one known again") {
    const auto statistics = fit::milestones(one("2026-01-05", "2026-01-03", "2026-01-10"), options);
    CHECK(statistics.count("lead", "offer") == 1);
    CHECK(std::isnan(statistics.lag_quantile("lead", "offer", 1)));
    CHECK(statistics.lag_quantile("offer", "sold", 1) == 7);
    CHECK(notes_of(statistics) == Notes{{"out_of_order", 1}});
  }
  SECTION("two stages on one day are in order, a wait of 0 days") {
    const auto statistics = fit::milestones(one("2026-01-01", "2026-01-01", "2026-01-10"), options);
    CHECK(statistics.lag_quantile("lead", "offer", 1) == 0);
    CHECK(notes_of(statistics).empty());
  }
  SECTION("dates after until are not known yet") {
    fit::MilestoneOptions until = options;
    until.until = test::tick("2026-01-05");
    const auto statistics = fit::milestones(one("2026-01-01", "2026-01-03", "2026-01-10"), until);
    CHECK(statistics.entered("sold") == 0);
    CHECK(statistics.stages()[1].open == 1);
    CHECK(notes_of(statistics) == Notes{{"after_until", 1}, {"open", 1}});
  }
  SECTION("a date at until is known") {
    fit::MilestoneOptions until = options;
    until.until = test::tick("2026-01-10");
    CHECK(fit::milestones(one("2026-01-01", "2026-01-03", "2026-01-10"), until).entered("sold") == 1);
    --*until.until;
    CHECK(fit::milestones(one("2026-01-01", "2026-01-03", "2026-01-10"), until).entered("sold") == 0);
  }
  SECTION("an outcome in the middle ends it") {
    fit::MilestoneOptions early = options;
    early.outcomes = {{"offer", fg::OutcomeKind::won}};
    const auto statistics = fit::milestones(one("2026-01-01", "2026-01-03", "2026-01-10"), early);
    CHECK(statistics.entered("sold") == 0);
    CHECK(notes_of(statistics) == Notes{{"after_outcome", 1}});
  }
}

TEST_CASE("who is lost, and when") {
  fit::MilestoneOptions options{.journey = "id", .stages = stages, .lost = "reason", .lost_at = "lost_at"};
  const auto fitted = [&](const std::string& sold, const std::string& reason, const std::string& lost_at) {
    test::Table table = one("2026-01-01", "2026-01-03", sold);
    table.text("reason", {reason}).times("lost_at", {lost_at});
    return fit::milestones(table, options);
  };
  SECTION("a reason says lost, a date of loss says when") {
    const auto statistics = fitted("", "price", "2026-01-08");
    CHECK(statistics.count("offer", "lost") == 1);
    CHECK(statistics.lag_quantile("offer", "lost", 1) == 5);
    CHECK(statistics.losses().front().reason == "price");
    CHECK(statistics.losses().front().owner == "not assigned");
    CHECK(notes_of(statistics).empty());
  }
  SECTION("no date: the lag is unknown") {
    const auto statistics = fitted("", "price", "");
    CHECK(statistics.count("offer", "lost") == 1);
    CHECK(std::isnan(statistics.lag_quantile("offer", "lost", 1)));
    CHECK(notes_of(statistics) == Notes{{"lost_undated", 1}});
  }
  SECTION("lost before its last stage: the lag is unknown, and so is the whole cycle") {
    const auto statistics = fitted("", "price", "2026-01-02");
    CHECK(notes_of(statistics) == Notes{{"lost_before_stage", 1}});
    CHECK(std::isnan(statistics.lag_quantile("offer", "lost", 1)));
    CHECK(statistics.cycles().empty());
  }
  SECTION("lost on the day of its last stage: at once") {
    const auto statistics = fitted("", "price", "2026-01-03");
    CHECK(statistics.lag_quantile("offer", "lost", 1) == 0);
    CHECK(notes_of(statistics).empty());
  }
  SECTION("a cycle runs from the first stage to the loss, and is the losses' own") {
    const auto statistics = fitted("", "price", "2026-01-08");
    REQUIRE(statistics.cycles().size() == 1);
    CHECK(statistics.cycles().front().end == "lost");
    CHECK(statistics.cycles().front().mean == 7);
    CHECK(statistics.content().last == test::tick("2026-01-08"));
  }
  SECTION("lost at until: lost") {
    options.until = test::tick("2026-01-08");
    CHECK(fitted("", "price", "2026-01-08").count("offer", "lost") == 1);
    --*options.until;
    CHECK(fitted("", "price", "2026-01-08").count("offer", "lost") == 0);
  }
  SECTION("lost after until: open") {
    options.until = test::tick("2026-01-05");
    const auto statistics = fitted("", "price", "2026-01-08");
    CHECK(statistics.stages()[1].open == 1);
    CHECK(notes_of(statistics) == Notes{{"lost_after_until", 1}, {"open", 1}});
  }
  SECTION("sold in spite of a reason: sold") {
    const auto statistics = fitted("2026-01-09", "price", "");
    CHECK(statistics.count("offer", "sold") == 1);
    CHECK(statistics.losses().empty());
    CHECK(notes_of(statistics) == Notes{{"lost_and_won", 1}});
  }
  SECTION("a date of loss without a reason is not enough where reasons are recorded") {
    const auto statistics = fitted("", "", "2026-01-08");
    CHECK(statistics.stages()[1].open == 1);
    CHECK(notes_of(statistics) == Notes{{"lost_at_not_lost", 1}, {"open", 1}});
    options.lost.clear();
    CHECK(fitted("", "", "2026-01-08").count("offer", "lost") == 1);
  }
  SECTION("reasons belong to owners") {
    options.reasons = {{"price", "Company"}};
    const auto statistics = fitted("", "price", "2026-01-08");
    CHECK(statistics.losses().front().owner == "Company");
    CHECK(notes_of(fitted("", "weather", "2026-01-08")) == Notes{{"reason_unmapped", 1}});
  }
  SECTION("line breaks in a reason are blanks") {
    CHECK(fitted("", "too\ndear", "").losses().front().reason == "too dear");
  }
}

TEST_CASE("what the status says") {
  fit::MilestoneOptions options{.journey = "id", .stages = stages, .status = "status"};
  const auto fitted = [&](const std::string& sold, const std::string& status) {
    test::Table table = one("2026-01-01", "2026-01-03", sold);
    table.text("status", {status});
    return fit::milestones(table, options);
  };
  CHECK(fitted("", "LOST").count("offer", "lost") == 1);
  CHECK(notes_of(fitted("", "Lost")) == Notes{{"lost_undated", 1}, {"reason_missing", 1}});
  CHECK(fitted("", "screened").count("offer", "screened") == 1);
  CHECK(fitted("", "silent").count("offer", "silent") == 1);
  CHECK(notes_of(fitted("", "negotiating")) == Notes{{"open", 1}, {"status_other", 1}});
  SECTION("won without a date: to the last stage, the lag unknown") {
    const auto statistics = fitted("", "won");
    CHECK(statistics.count("offer", "sold") == 1);
    CHECK(std::isnan(statistics.lag_quantile("offer", "sold", 1)));
    CHECK(notes_of(statistics) == Notes{{"won_undated", 1}});
  }
  SECTION("won without a date: to the last stage that is won, not to one that is not") {
    options.outcomes = {{"offer", fg::OutcomeKind::won}, {"sold", fg::OutcomeKind::lost}};
    test::Table table = one("2026-01-01", "", "");
    table.text("status", {"won"});
    const auto statistics = fit::milestones(table, options);
    CHECK(statistics.count("lead", "offer") == 1);
    CHECK(statistics.count("lead", "sold") == 0);
  }
  SECTION("silent with a reason of loss is lost for that reason") {
    test::Table table = one("2026-01-01", "2026-01-03", "");
    table.text("status", {"silent"}).text("reason", {"price"});
    options.lost = "reason";
    const auto statistics = fit::milestones(table, options);
    CHECK(statistics.count("offer", "lost") == 1);
    CHECK(statistics.count("offer", "silent") == 0);
    CHECK(statistics.losses().front().reason == "price");
  }
  SECTION("of two dated outcomes that the status overrides, the first is the date of loss") {
    options.outcomes = {{"offer", fg::OutcomeKind::won}, {"sold", fg::OutcomeKind::won}};
    const auto statistics = fitted("2026-01-10", "lost");
    CHECK(statistics.lag_quantile("lead", "lost", 1) == 2);
    CHECK(notes_of(statistics).at("status_over_date") == 2);
  }
  SECTION("an explicit status overrides the date of an outcome") {
    const auto lost = fitted("2026-01-10", "lost");
    CHECK(lost.entered("sold") == 0);
    CHECK(lost.lag_quantile("offer", "lost", 1) == 7);  // the closing date is the date of loss
    const auto open = fitted("2026-12-31", "open");
    CHECK(open.stages()[1].open == 1);
    CHECK(notes_of(open) == Notes{{"open", 1}, {"status_over_date", 1}});
    CHECK(fitted("2026-01-10", "negotiating").count("offer", "sold") == 1);
  }
  SECTION("with words of one's own") {
    options.statuses = {{"verloren", fit::Status::lost}};
    CHECK(fitted("", "verloren").count("offer", "lost") == 1);
    CHECK(fitted("", "lost").count("offer", "lost") == 0);
    // The same word, its accent in a letter of its own.
    options.statuses = {{"da\u0303 mua", fit::Status::lost}};
    CHECK(fitted("", "dã mua").count("offer", "lost") == 1);
  }
}

TEST_CASE("an outcome is not skipped by another") {
  const fit::MilestoneOptions options{
      .journey = "id",
      .stages = stages,
      .outcomes = {{"offer", fg::OutcomeKind::won}, {"sold", fg::OutcomeKind::lost}}};
  CHECK(notes_of(fit::milestones(one("2026-01-01", "", "2026-01-03"), options)).empty());
  CHECK(notes_of(fit::milestones(one("", "", "2026-01-03"), options)) == Notes{{"first_stage_missing", 1}});
  const fit::MilestoneOptions one_outcome{.journey = "id", .stages = stages};
  CHECK(notes_of(fit::milestones(one("2026-01-01", "", "2026-01-03"), one_outcome)) ==
        Notes{{"skipped_stage", 1}});
}

TEST_CASE("what says yes or no is no reason of loss") {
  const auto fitted = [](const std::vector<std::string>& reasons) {
    test::Table table(2);
    table.text("id", {"x", "y"}).times("d0", {"2026-01-01", "2026-01-02"}).times("d1", {"", ""});
    table.times("d2", {"", "2026-01-03"}).text("lost", reasons);
    return fit::milestones(table, {.journey = "id", .stages = stages, .lost = "lost"});
  };
  for (const char* no : {"False", "no", "0", "N", "không", "KHÔNG"}) {
    CHECK_THROWS_AS(fitted({"True", no}), fg::DataError);
    CHECK_THROWS_AS(fitted({no, no}), fg::DataError);
    CHECK(fitted({"price", no}).count("lead", "lost") == 1);
  }
  CHECK(fitted({"True", ""}).count("lead", "lost") == 1);  // who is not lost has none: nothing is misread
  CHECK(fitted({"1", ""}).count("lead", "lost") == 1);
}

TEST_CASE("spaces around a label are no part of it") {
  test::Table table(3);
  table.text("id", {"a", "b", "c"}).times("d0", {"2026-01-01", "2026-01-01", "2026-01-01"});
  table.times("d1", {"", "", ""}).times("d2", {"", "", ""}).text("reason", {"price", " price ", "  "});
  table.text("city", {"north", "north ", "\xC2\xA0north"});
  const fit::Statistics statistics = fit::milestones(table, {.journey = "id",
                                                             .stages = stages,
                                                             .lost = "reason",
                                                             .reasons = {{"price", "Company"}},
                                                             .segment = "city"});
  CHECK(statistics.count("lead", "lost") == 2);
  CHECK(statistics.segment_names() == std::vector<std::string>{"north"});
  CHECK(notes_of(statistics) == Notes{{"lost_undated", 2}, {"open", 1}});
}

TEST_CASE("silence turns an open journey silent, and shows [42]") {
  fit::MilestoneOptions options{
      .journey = "id", .stages = stages, .until = test::tick("2026-02-02"), .silence = 30};
  CHECK(fit::milestones(one("2026-01-01", "2026-01-03", ""), options).count("offer", "silent") == 1);
  CHECK(fit::milestones(one("2026-01-01", "2026-01-04", ""), options).count("offer", "silent") == 0);
  CHECK(fit::milestones(one("2026-01-01", "2026-01-03", "2026-01-04"), options).count("sold", "silent") == 0);
}

TEST_CASE("one row a journey, segments that are missing have a place") {
  test::Table table(4);
  table.text("id", {"a", "b", "a", "c"}).times("d0", {"2026-01-01", "2026-01-01", "2026-01-02", ""});
  table.times("d1", {"2026-01-02", "", "2026-01-03", ""}).times("d2", {"", "", "2026-01-09", ""});
  table.text("channel", {"ads", "", "ads", "ads"}).numbers("price", {5, std::nan(""), 7, 1});
  const fit::Statistics statistics =
      fit::milestones(table, {.journey = "id", .stages = stages, .amount = "price", .segment = "channel"});
  CHECK(statistics.journeys() == 2);
  CHECK(statistics.segment_names() == std::vector<std::string>{"(none)", "ads"});
  CHECK(notes_of(statistics) ==
        Notes{{"duplicate_journey", 1}, {"no_dates", 1}, {"open", 2}, {"segment_missing", 1}});
  for (const fit::Note& note : statistics.notes()) {
    if (note.code == "duplicate_journey") CHECK(note.rows == std::vector<std::uint64_t>{3});
    if (note.code == "no_dates") CHECK(note.rows == std::vector<std::uint64_t>{4});
  }
  for (const fit::MeasureRow& row : statistics.measures()) {
    if (row.segment == "ads" && row.stage == "lead") CHECK(row.sum == 5);
  }
}

TEST_CASE("a segment whose code stands for no letter is none") {
  test::Table table(2);
  table.text("id", {"a", "b"})
      .times("d0", {"2026-01-01", "2026-01-01"})
      .codes("channel", {0, 1}, {"", "ads"});
  const auto statistics =
      fit::milestones(table, {.journey = "id", .stages = {{"lead", "d0"}}, .segment = "channel"});
  CHECK(statistics.segment_names() == std::vector<std::string>{"(none)", "ads"});
  CHECK(notes_of(statistics).at("segment_missing") == 1);
}

TEST_CASE("a person is counted only when asked, and shown only from 30 closed visits on") {
  std::vector<std::string> ids, sellers, offers, leads;
  for (int i = 0; i < 100; ++i) {
    ids.push_back(std::to_string(i));
    leads.push_back("2026-01-01");
    sellers.push_back(i < 60 ? "An" : i < 89 ? "Binh" : "Chi");
    offers.push_back(i % 3 == 0 ? "2026-01-02" : "");
  }
  test::Table table(100);
  table.text("id", ids).text("seller", sellers).times("d0", leads).times("d1", offers);
  fit::MilestoneOptions options{.journey = "id",
                                .stages = {{"lead", "d0"}, {"offer", "d1"}},
                                .person = "seller",
                                .until = test::tick("2026-06-01"),
                                .silence = 9};
  const std::vector<fit::PersonRow> rows = fit::milestones(table, options).persons("lead", "offer");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].person == "An");
  CHECK(rows[0].count == 20);
  CHECK(rows[0].closed == 60);
  options.person.clear();
  CHECK_THROWS_AS(fit::milestones(table, options).persons("lead", "offer"), fg::InvalidValueError);
}

TEST_CASE("persons' rates lean towards that of all by how far they differ beyond chance") {
  // By hand, from the moments of Kleinman (1973): An closed 40 visits and won 30, Binh 40 and 10. The pooled
  // rate is 1/2, the spread 40/16 + 40/16 = 5, chance 1/4, the room 80 - (40^2 + 40^2)/80 = 40. So the
  // correlation is (5 - 1/4) / (1/4 * (40 - 1)) = 19/39 and the prior weighs 39/19 - 1 = 20/19 visits:
  // An's rate is (30 + 10/19) / (40 + 20/19) = 580/780.
  std::vector<std::string> ids, sellers, offers, leads;
  for (int i = 0; i < 80; ++i) {
    ids.push_back(std::to_string(i));
    leads.push_back("2026-01-01");
    sellers.push_back(i < 40 ? "An" : "Binh");
    offers.push_back(i % 40 < (i < 40 ? 30 : 10) ? "2026-01-02" : "");
  }
  test::Table table(80);
  table.text("id", ids).text("seller", sellers).times("d0", leads).times("d1", offers);
  const auto rows = fit::milestones(table, {.journey = "id",
                                            .stages = {{"lead", "d0"}, {"offer", "d1"}},
                                            .person = "seller",
                                            .until = test::tick("2026-06-01"),
                                            .silence = 9})
                        .persons("lead", "offer");
  REQUIRE(rows.size() == 2);
  CHECK(std::abs(rows[0].rate - 580.0 / 780) < 1e-14);  // a dozen roundings of numbers near 1
  CHECK(std::abs(rows[1].rate - 200.0 / 780) < 1e-14);
  CHECK((rows[0].low < rows[0].rate && rows[0].rate < rows[0].high));
}
