#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/fit/events.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/model/validate.hpp>

#include "random_log.hpp"

using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;

namespace {

/// Eight leads: 2 sold, 3 lost (price, price, weather), 1 silent, 2 open (one at each stage).
test::Table leads() {
  test::Table table(8);
  table.text("id", {"a", "b", "c", "d", "e", "f", "g", "h"});
  table.times("d0", std::vector<std::string>(8, "2026-01-01"));
  table.times("d1", {"2026-01-03", "2026-01-05", "", "2026-01-04", "", "", "", "2026-03-01"});
  table.times("d2", {"2026-01-09", "2026-01-15", "", "", "", "", "", ""});
  table.text("reason", {"", "", "price", "price", "weather", "", "", ""});
  table.times("lost_at", {"", "", "2026-01-04", "2026-01-10", "", "", "", ""});
  table.numbers("amount", {100, 300, 7, 8, 9, 1, 2, 3});
  table.numbers("cost", {1, 2, 3, 4, 5, 6, 7, 8});
  table.text("channel", {"ads", "ads", "ads", "ads", "", "", "friends", "friends"});
  return table;
}

fit::MilestoneOptions options() {
  return {.journey = "id",
          .stages = {{"lead", "d0"}, {"offer", "d1"}, {"sold", "d2"}},
          .lost = "reason",
          .lost_at = "lost_at",
          .reasons = {{"price", "Company"}},
          .amount = "amount",
          .cost = "cost",
          .segment = "channel"};
}

const fg::Entry& entry(const fg::Funnel& funnel, const std::string& channel) {
  for (const fg::Entry& entry : funnel.entries()) {
    if (entry.channel == channel) return entry;
  }
  throw std::runtime_error("no such entry");
}

}  // namespace

TEST_CASE("rates are counts over closed visits, with their n, interval and what was observed") {
  const fg::Funnel funnel = fit::milestones(leads(), options()).to_funnel();
  for (const fg::Issue& issue : fg::validate(funnel)) CHECK(issue.code == "unowned_stage");
  const fg::Transition& step = funnel.transition("lead", "offer");
  CHECK(step.rate.value == 4.0 / 6);
  CHECK(step.rate.source.kind() == fg::SourceKind::measured);
  CHECK(step.rate.source.n() == 6);
  CHECK(step.rate.source.interval() == fit::jeffreys_interval(4, 6));
  CHECK(step.observed == fg::Observed{4, 8, 2});
  CHECK(step.lag.mean.value == (2 + 4 + 3 + 59) / 4.0);
  CHECK(funnel.transition("lead", "lost (Company)").rate.value == 1.0 / 6);
  CHECK(funnel.transition("lead", "lost (Company)").lag.mean.value == 3);
  CHECK(funnel.transition("lead", "lost").rate.value == 1.0 / 6);
  CHECK_FALSE(funnel.transition("lead", "lost").lag.distribution().known());
  CHECK(funnel.get(fg::drop_off("lead")) == 0);
  SECTION("a changed rate is no longer what was observed") {
    fg::Funnel changed = funnel;
    changed.set(fg::rate("lead", "offer"), 0.5);
    CHECK_FALSE(changed.transition("lead", "offer").observed.has_value());
  }
}

TEST_CASE("open visits count as dropped off when asked, matured is to come") {
  const fit::Statistics statistics = fit::milestones(leads(), options());
  const fg::Funnel funnel = statistics.to_funnel({.open = fit::OpenRule::lost});
  CHECK(funnel.transition("lead", "offer").rate.value == 4.0 / 8);
  CHECK_THAT(funnel.get(fg::drop_off("lead")), WithinRel(2.0 / 8, 1e-15));
  CHECK_THROWS_AS(statistics.to_funnel({.open = fit::OpenRule::matured}), fg::InvalidValueError);
}

TEST_CASE("reasons of loss become outcomes of their owners, one a reason, or one for all") {
  const fit::Statistics statistics = fit::milestones(leads(), options());
  const auto names = [](const fg::Funnel& funnel) {
    std::map<std::string, fg::Ownership> names;
    for (const fg::Outcome& outcome : funnel.outcomes()) names[outcome.name] = outcome.owner;
    return names;
  };
  using Names = std::map<std::string, fg::Ownership>;
  CHECK(names(statistics.to_funnel()) == Names{{"lost", {}}, {"lost (Company)", "Company"}, {"sold", {}}});
  CHECK(names(statistics.to_funnel({.losses = fit::LossDetail::reason})) ==
        Names{{"price", "Company"}, {"sold", {}}, {"weather", {}}});
  CHECK(names(statistics.to_funnel({.losses = fit::LossDetail::total})) == Names{{"lost", {}}, {"sold", {}}});
  SECTION("the reasons that one outcome gathers are added up") {
    // Of 6 closed visits at "lead" one was lost to the price and one to the weather, of 3 at "offer" one.
    const fg::Funnel all = statistics.to_funnel({.losses = fit::LossDetail::total});
    CHECK(all.transition("lead", "lost").rate.value == 2.0 / 6);
    CHECK(all.transition("lead", "lost").observed == fg::Observed{2, 8, 2});
    CHECK(all.transition("offer", "lost").rate.value == 1.0 / 3);
    for (const fit::TransitionRow& row : statistics.transitions()) {
      if (row.from != "lead" || row.to != "lost") continue;
      CHECK(row.count == 2);
      CHECK(row.rate == 2.0 / 8);
      CHECK(row.rate_closed == 2.0 / 6);
      CHECK(row.lag_number == 1);
      CHECK(row.lag_mean == 3);
    }
  }
  SECTION("and so are their lags") {
    test::Table table(3);
    table.text("id", {"a", "b", "c"}).times("d0", std::vector<std::string>(3, "2026-01-01"));
    table.times("d1", {"", "", ""}).text("reason", {"price", "weather", "price"});
    table.times("lost_at", {"2026-01-02", "2026-01-09", "2026-01-04"});
    fit::MilestoneOptions lost = options();
    lost.stages.pop_back();
    lost.amount = lost.cost = lost.segment = "";
    const auto rows = fit::milestones(table, lost).transitions();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].lag_number == 3);
    CHECK(rows[0].lag_mean == 4);  // 1, 8 and 3 days
    CHECK(rows[0].lag_median == 3);
  }
  SECTION("an owner that is given comes before the reason's") {
    const fg::Funnel funnel = statistics.to_funnel({.owners = {{"lost (Company)", "Sales"}}});
    CHECK(funnel.outcome("lost (Company)").owner == fg::Ownership("Sales"));
  }
  SECTION("an owner can be given to any of them") {
    const fg::Funnel funnel = statistics.to_funnel({.owners = {{"lost", "Sales"}, {"sold", "Sales"}}});
    CHECK(funnel.outcome("lost").owner == fg::Ownership("Sales"));
    CHECK(funnel.owner("Company").role == fg::Role::company);
  }
}

TEST_CASE("who was screened out is no loss and not silent [42]") {
  test::Table table(3);
  table.text("id", {"a", "b", "c"}).times("d0", std::vector<std::string>(3, "2026-01-01"));
  table.times("d1", {"2026-01-02", "", ""}).text("status", {"", "screened", "silent"});
  const fg::Funnel funnel =
      fit::milestones(table,
                      {.journey = "id", .stages = {{"lead", "d0"}, {"sold", "d1"}}, .status = "status"})
          .to_funnel();
  CHECK(funnel.outcome("screened").kind == fg::OutcomeKind::screened);
  CHECK(funnel.outcome("silent").kind == fg::OutcomeKind::silent);
  CHECK(funnel.transition("lead", "screened").rate.value == 1.0 / 3);
}

TEST_CASE("the cost of an entrant is that of those who entered there") {
  // Two begin at "lead" with costs 1 and 3; one begins at "offer" with 8, where one of the others passes.
  test::Table table(3);
  table.text("id", {"a", "b", "c"}).times("d0", {"2026-01-01", "2026-01-01", ""});
  table.times("d1", {"2026-01-02", "", "2026-01-02"}).times("d2", {"", "", "2026-01-03"});
  table.numbers("cost", {1, 3, 8});
  const fg::Funnel funnel =
      fit::milestones(
          table,
          {.journey = "id", .stages = {{"lead", "d0"}, {"offer", "d1"}, {"sold", "d2"}}, .cost = "cost"})
          .to_funnel();
  CHECK(funnel.entry("lead").cost.value == 2);
  CHECK(funnel.entry("offer").cost.value == 8);
}

TEST_CASE("the interval of a mean cost never reaches below 0") {
  // Costs 0 and 10: mean 5, deviation 10 / sqrt(2), standard error 5, half a width of 1.96 * 5: as far below
  // 5 on the log scale as above, by the factor exp(1.96).
  test::Table table(2);
  table.text("id", {"a", "b"}).times("d0", {"2026-01-01", "2026-01-01"}).numbers("cost", {0, 10});
  table.times("d1", {"2026-01-02", "2026-01-02"});
  const fit::Statistics statistics = fit::milestones(
      table, {.journey = "id", .stages = {{"lead", "d0"}, {"sold", "d1"}}, .amount = "cost", .cost = "cost"});
  const fg::Funnel funnel = statistics.to_funnel({.values = {{"sold", "amount"}}});
  const fg::Number cost = funnel.entry("lead").cost;
  CHECK(cost.value == 5);
  REQUIRE(cost.source.interval());
  // exp of 1.96: two roundings of its argument, one of its own.
  CHECK_THAT(cost.source.interval()->low, WithinRel(5 * std::exp(-1.959963984540054), 1e-14));
  CHECK_THAT(cost.source.interval()->high, WithinRel(5 * std::exp(1.959963984540054), 1e-14));
  // A value may be below 0, so its interval is even.
  const auto worth = funnel.outcome("sold").value.source.interval();
  REQUIRE(worth);
  CHECK_THAT(worth->low, WithinRel(5 - 5 * 1.959963984540054, 1e-14));
}

TEST_CASE("a stage that nobody entered is left out of the funnel") {
  test::Table table(2);
  table.text("id", {"a", "b"}).times("d0", {"2026-01-01", "2026-01-01"}).times("d1", {"", ""});
  table.times("d2", {"2026-01-02", ""});
  const fg::Funnel funnel =
      fit::milestones(table, {.journey = "id", .stages = {{"lead", "d0"}, {"offer", "d1"}, {"sold", "d2"}}})
          .to_funnel();
  CHECK_FALSE(funnel.find_stage("offer"));
  CHECK(funnel.stages().size() == 1);
}

TEST_CASE("where some values are given, an outcome without one is worth nothing by choice") {
  const fg::Funnel funnel =
      fit::milestones(leads(), options())
          .to_funnel({.outcomes = {{"offer", fg::OutcomeKind::won}}, .values = {{"offer", "amount"}}});
  CHECK(funnel.outcome("offer").value.value == (100 + 300 + 8 + 3) / 4.0);
  CHECK(funnel.outcome("sold").value.value == 0);
}

TEST_CASE("silence is an outcome of its own [42]") {
  fit::MilestoneOptions quiet = options();
  quiet.until = test::tick("2026-03-10");
  quiet.silence = 30;
  const fg::Funnel funnel = fit::milestones(leads(), quiet).to_funnel();
  CHECK(funnel.outcome("silent").kind == fg::OutcomeKind::silent);
  CHECK(funnel.transition("lead", "silent").observed == fg::Observed{2, 8, 0});
  CHECK(funnel.transition("lead", "silent").lag.mean.value == 30);
}

TEST_CASE("entries and money by channel [44]") {
  const fit::Statistics statistics = fit::milestones(leads(), options());
  const fg::Funnel funnel = statistics.to_funnel(
      {.currency = "VND", .period = "week", .periods = 2, .values = {{"sold", "amount"}}});
  CHECK(funnel.info().period == "week");
  CHECK(entry(funnel, "ads").volume.value == 2);
  CHECK(entry(funnel, "ads").volume.source.n() == 4);
  CHECK(entry(funnel, "ads").cost.value == 2.5);
  CHECK(entry(funnel, "(none)").cost.value == 5.5);
  CHECK(funnel.outcome("sold").value.value == 200);
  CHECK(funnel.outcome("sold").value.source.n() == 2);
  // 100 and 300: a mean of 200 with a standard error of 100.
  const auto worth = funnel.outcome("sold").value.source.interval();
  REQUIRE(worth);
  CHECK(worth->level == 0.95);
  CHECK_THAT(worth->low, WithinRel(200 - 1.959963984540054 * 100, 1e-12));
  CHECK_THAT(worth->high, WithinRel(200 + 1.959963984540054 * 100, 1e-12));
  // 5 and 6, 7 and 8: costs never reach below 0.
  CHECK_THAT(entry(funnel, "(none)").cost.source.interval()->low,
             WithinRel(5.5 - 1.959963984540054 * 0.5, 1e-12));
  SECTION("the column's name serves too") {
    CHECK(statistics.to_funnel({.values = {{"sold", "amount"}}}) ==
          statistics.to_funnel({.values = {{"sold", "amount"}}}));
  }
  SECTION("cost of a stage instead of an entrant") {
    const fg::Funnel by_stage =
        statistics.to_funnel({.costs = std::map<std::string, std::string>{{"offer", "cost"}}});
    CHECK(by_stage.stage("offer").cost.value == (1 + 2 + 4 + 8) / 4.0);
    CHECK(entry(by_stage, "ads").cost.value == 0);
  }
  SECTION("without values the worth of a win is unknown, not 0") {
    CHECK(std::isnan(statistics.to_funnel().outcome("sold").value.value));
  }
  SECTION("segments as funnels of their own") {
    const fg::SegmentedFunnel segments = statistics.to_segmented_funnel({.values = {{"sold", "amount"}}});
    CHECK(segments.names() == std::vector<std::string>{"(none)", "ads", "friends"});
    CHECK(segments.segment("ads").transition("lead", "offer").observed == fg::Observed{3, 4, 0});
    CHECK(segments.segment("ads").entries().size() == 1);
    CHECK(segments.segment("ads").outcome("sold").value.source.n() == 2);
    CHECK(segments.segment("friends").outcome("sold").value == fg::placeholder(200));
  }
}

TEST_CASE("a stage whose visits are all open holds a place for what is not known") {
  test::Table table(2);
  table.text("id", {"a", "b"}).times("d0", {"2026-01-01", "2026-01-01"}).times("d1", {"2026-01-02", ""});
  table.text("reason", {"", "price"});
  const fg::Funnel funnel =
      fit::milestones(table, {.journey = "id",
                              .stages = {{"lead", "d0"}, {"offer", "d1"}, {"sold", "d1"}},
                              .outcomes = {{"sold", fg::OutcomeKind::won}},
                              .lost = "reason"})
          .to_funnel();
  // Both dates are one column: the offer is the sale's eve, left at once.
  CHECK(funnel.find_stage("offer").has_value());
  const fit::MilestoneOptions two{.journey = "id",
                                  .stages = {{"lead", "d0"}, {"offer", "d1"}},
                                  .outcomes = {{"lead", fg::OutcomeKind::won}}};
  CHECK(fit::milestones(table, two).to_funnel().find_outcome("lead").has_value());
  const fit::MilestoneOptions last_open{
      .journey = "id", .stages = {{"lead", "d0"}, {"offer", "d1"}, {"sold", "d2"}}, .lost = "reason"};
  table.times("d2", {"", ""});
  const fg::Funnel open = fit::milestones(table, last_open).to_funnel();
  CHECK(open.stage("offer").drop_off->value == 1);
  CHECK(open.stage("offer").drop_off->source.kind() == fg::SourceKind::placeholder);
  CHECK(open.find_outcome("sold").has_value());  // won by nobody yet, but what the funnel is for
}

TEST_CASE("a funnel can end earlier than the table") {
  const fg::Funnel funnel =
      fit::milestones(leads(), options()).to_funnel({.outcomes = {{"offer", fg::OutcomeKind::won}}});
  for (const fg::Issue& issue : fg::validate(funnel)) {
    INFO(issue.where + ": " + issue.message);
    CHECK(issue.severity == fg::Severity::warning);
  }
  CHECK(funnel.stages().size() == 1);
  CHECK(funnel.outcome("offer").kind == fg::OutcomeKind::won);
  CHECK(funnel.transition("lead", "offer").observed == fg::Observed{4, 8, 2});
  CHECK_FALSE(funnel.find_transition("offer", "sold").has_value());
}

TEST_CASE("a log becomes a chain whose flows are those of the log") {
  std::mt19937_64 random(41);
  for (int round = 0; round < 20; ++round) {
    const auto log = test::random_log(random, 30, 300);
    const test::Recount expected = test::recount(log, false, "purchase");
    const fit::Statistics statistics =
        fit::events(test::table_of(log), {.outcomes = {{"purchase", fg::OutcomeKind::won}}});
    const fg::Funnel funnel = statistics.to_funnel();
    for (const fg::Issue& issue : fg::validate(funnel)) {
      INFO(issue.where + ": " + issue.message);
      CHECK(issue.severity == fg::Severity::warning);
    }
    double entrants = 0;
    for (const fg::Entry& entry : funnel.entries()) {
      CHECK(entry.volume.value == static_cast<double>(expected.started.at(entry.stage)));
      entrants += entry.volume.value;
    }
    const auto at_once = expected.started.find("purchase");
    CHECK(entrants + (at_once == expected.started.end() ? 0.0 : static_cast<double>(at_once->second)) ==
          static_cast<double>(statistics.journeys()));
    for (const auto& [stage, ended] : expected.ended) {
      const auto visits = static_cast<double>(expected.entered.at(stage));
      // What is missing from a row of rates: their sum rounds at 1e-16.
      CHECK_THAT(funnel.get(fg::drop_off(stage)),
                 Catch::Matchers::WithinAbs(static_cast<double>(ended) / visits, 1e-14));
    }
  }
}

TEST_CASE("cost on events is the cost of a visit") {
  test::Table log(3);
  log.text("journey", {"a", "a", "b"}).text("stage", {"call", "order", "call"});
  log.times("time", {"2026-05-01", "2026-05-02", "2026-05-01"}).numbers("cost", {4, 0, 6});
  const fg::Funnel funnel =
      fit::events(log, {.outcomes = {{"order", fg::OutcomeKind::won}}, .cost = "cost"}).to_funnel();
  CHECK(funnel.stage("call").cost.value == 5);
  CHECK(funnel.entries().front().cost.value == 0);
}

TEST_CASE("a journey that begins at an outcome cannot be an entrant, and the funnel says so") {
  test::Table log(3);
  log.text("journey", {"a", "a", "b"}).text("stage", {"call", "order", "order"});
  log.times("time", {"2026-05-01", "2026-05-02", "2026-05-01"});
  const fg::Funnel funnel = fit::events(log, {.outcomes = {{"order", fg::OutcomeKind::won}}}).to_funnel();
  CHECK(funnel.entries().size() == 1);
  CHECK(funnel.info().note == "Fitted from 2 journeys. 1 that began at an outcome are left out.");
}
