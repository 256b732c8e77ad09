#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/events.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/fit/tally.hpp>

#include "random_log.hpp"
#include "saved_format_1.hpp"

namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;

namespace {

fit::EventOptions rich_options() {
  return {.tie_column = "tie",
          .outcomes = {{"purchase", fg::OutcomeKind::won}},
          .amount = "amount",
          .segment = "channel",
          .person = "channel",
          .until = 90 * fit::Tick{3'600'000'000},
          .silence = 1};
}

/// A random CRM table with everything irregular in it.
struct Lead {
  std::string id, reason, status, channel, seller;
  std::vector<fit::Tick> dates;
  fit::Tick lost_at = fit::no_tick;
  double amount = 0, cost = 0;
};

std::vector<Lead> random_leads(std::mt19937_64& random, int n) {
  const auto pick = [&](int k) { return static_cast<int>(random() % static_cast<unsigned>(k)); };
  const std::vector<std::string> reasons = {"", "", "", "price", "weather", "rival"};
  const std::vector<std::string> statuses = {"", "", "open", "lost", "won", "screened", "working"};
  std::vector<Lead> leads;
  for (int i = 0; i < n; ++i) {
    Lead lead;
    lead.id = "L" + std::to_string(i);
    lead.reason = reasons[static_cast<std::size_t>(pick(6))];
    lead.status = statuses[static_cast<std::size_t>(pick(7))];
    lead.channel = pick(3) == 0 ? "ads" : pick(2) == 0 ? "" : "friends";
    lead.seller = pick(2) == 0 ? "An" : "";
    for (int k = 0; k < 4; ++k) {
      lead.dates.push_back(pick(4) == 0 ? fit::no_tick : (10 * k + pick(25)) * fit::ticks_per_day);
    }
    if (pick(2) == 0) lead.lost_at = pick(70) * fit::ticks_per_day;
    lead.amount = pick(3) == 0 ? std::nan("") : 0.01 * pick(100000);
    lead.cost = 0.1 * pick(100);
    leads.push_back(lead);
  }
  return leads;
}

test::Table table_of(const std::vector<Lead>& leads) {
  test::Table table(leads.size());
  const auto text = [&](const std::string& name, std::string Lead::* member) {
    std::vector<std::string> cells;
    for (const Lead& lead : leads) cells.push_back(lead.*member);
    table.text(name, cells);
  };
  text("id", &Lead::id);
  text("reason", &Lead::reason);
  text("status", &Lead::status);
  text("channel", &Lead::channel);
  text("seller", &Lead::seller);
  for (std::size_t k = 0; k < 4; ++k) {
    std::vector<fit::Tick> ticks;
    for (const Lead& lead : leads) ticks.push_back(lead.dates[k]);
    table.ticks_of("d" + std::to_string(k), ticks);
  }
  std::vector<fit::Tick> lost_at;
  std::vector<double> amounts, costs;
  for (const Lead& lead : leads) {
    lost_at.push_back(lead.lost_at);
    amounts.push_back(lead.amount);
    costs.push_back(lead.cost);
  }
  table.ticks_of("lost_at", lost_at).numbers("amount", amounts).numbers("cost", costs);
  return table;
}

fit::MilestoneOptions lead_options() {
  return {.journey = "id",
          .stages = {{"lead", "d0"}, {"talk", "d1"}, {"offer", "d2"}, {"sold", "d3"}},
          .lost = "reason",
          .status = "status",
          .lost_at = "lost_at",
          .reasons = {{"price", "Company"}, {"weather", "Outside"}},
          .amount = "amount",
          .cost = "cost",
          .segment = "channel",
          .person = "seller",
          .until = 50 * fit::ticks_per_day,
          .silence = 15};
}

/// Splits items into at most `parts` by `part_of`, fits each, merges in a random order and grouping.
template <class Item>
fit::Statistics merged(std::vector<std::vector<Item>> parts, std::mt19937_64& random,
                       const std::function<fit::Statistics(const std::vector<Item>&)>& fitted) {
  std::erase_if(parts, [](const auto& part) { return part.empty(); });
  std::vector<fit::Statistics> statistics;
  for (const auto& part : parts) {
    try {
      statistics.push_back(fitted(part));
    } catch (const fg::DataError&) {
      statistics.emplace_back();  // a part without any journey by `until`: its notes are lost with it
    }
  }
  std::ranges::shuffle(statistics, random);
  while (statistics.size() > 1) {
    const std::size_t i = random() % (statistics.size() - 1);
    statistics[i] = statistics[i] + statistics[i + 1];
    statistics.erase(statistics.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
  return statistics.front();
}

}  // namespace

TEST_CASE("merging is exact for any partition of the journeys, order and grouping") {
  std::mt19937_64 random(11);
  SECTION("of events") {
    for (int round = 0; round < 40; ++round) {
      const auto log = test::random_log(random, 5 + round, 20 + 10 * round);
      const fit::Statistics whole = fit::events(test::table_of(log), rich_options());
      const std::size_t n = 1 + random() % 6;
      std::vector<std::vector<test::Event>> parts(n);
      for (const test::Event& event : log)
        parts[std::hash<std::string>{}(event.journey) % n].push_back(event);
      const fit::Statistics joined = merged<test::Event>(
          parts, random, [](const auto& part) { return fit::events(test::table_of(part), rich_options()); });
      // A part whose events all lie after `until` has no journey to fit, but notes in the whole.
      CHECK(joined.content().tallies == whole.content().tallies);
      CHECK(joined.content().live == whole.content().live);
      CHECK(joined.journeys() == whole.journeys());
      if (n == 1) CHECK(joined == whole);
    }
  }
  SECTION("of milestones") {
    for (int round = 0; round < 40; ++round) {
      const auto leads = random_leads(random, 20 + 10 * round);
      const fit::Statistics whole = fit::milestones(table_of(leads), lead_options());
      std::vector<std::vector<Lead>> parts(1 + random() % 4);
      for (const Lead& lead : leads) parts[random() % parts.size()].push_back(lead);
      const fit::Statistics joined = merged<Lead>(
          parts, random, [](const auto& part) { return fit::milestones(table_of(part), lead_options()); });
      CHECK(joined == whole);
      CHECK(joined.save() == (fit::Statistics() + joined).save());
    }
  }
}

TEST_CASE("the funnel does not depend on how statistics came together") {
  std::mt19937_64 random(13);
  const auto leads = random_leads(random, 200);
  const fit::Statistics whole = fit::milestones(table_of(leads), lead_options());
  const fit::Statistics a = fit::milestones(table_of({leads.begin(), leads.begin() + 90}), lead_options());
  const fit::Statistics b = fit::milestones(table_of({leads.begin() + 90, leads.end()}), lead_options());
  CHECK((a + b).to_funnel() == whole.to_funnel());
  CHECK((b + a).to_funnel() == whole.to_funnel());
}

TEST_CASE("time slices of a log add up to the whole log") {
  std::mt19937_64 random(17);
  for (int round = 0; round < 40; ++round) {
    auto log = test::random_log(random, 4 + round, 30 + 10 * round);
    // In order of time: how many rows are not would depend on the slices.
    std::ranges::stable_sort(log, {}, &test::Event::time);
    const auto fitted_to = [&](fit::Tick until, bool with_silence) {
      fit::EventOptions options = rich_options();
      options.until = until;
      if (!with_silence) options.silence.reset();
      return options;
    };
    // Cuts between whole hours, so that no tie is cut.
    const fit::Tick hour = 3'600'000'000;
    for (const bool with_silence : {true, false}) {
      const fit::Tick end = 120 * hour;
      const fit::Statistics whole = fit::events(test::table_of(log), fitted_to(end, with_silence));
      fit::Statistics sliced;
      fit::Tick from = 0;
      for (const fit::Tick to : {40 * hour - 1, 55 * hour - 1, end}) {
        std::vector<test::Event> slice;
        for (const test::Event& event : log) {
          if (event.time >= from && event.time <= to) slice.push_back(event);
        }
        if (from == 0) {
          sliced = fit::events(test::table_of(slice), fitted_to(to, with_silence));
        } else {
          sliced.update(test::table_of(slice), to);
        }
        from = to + 1;
      }
      CHECK(sliced == whole);
    }
  }
}

TEST_CASE("snapshots of a table: open journeys are replaced, ended ones kept") {
  std::mt19937_64 random(19);
  for (int round = 0; round < 30; ++round) {
    auto later = random_leads(random, 60);
    for (Lead& lead : later) {
      lead.status.clear();  // a status has no date: it would be known too early in the first snapshot
      if (!lead.reason.empty()) lead.lost_at = (45 + static_cast<int>(random() % 5)) * fit::ticks_per_day;
      // Dates in order, so that an earlier snapshot is the same table cut at its time.
      for (std::size_t k = 1; k < 4; ++k) {
        fit::Tick latest = fit::no_tick;
        for (std::size_t i = 0; i < k; ++i) latest = std::max(latest, lead.dates[i]);
        if (lead.dates[k] != fit::no_tick && lead.dates[k] < latest) lead.dates[k] = latest;
      }
      if (lead.dates[0] == fit::no_tick) lead.dates[0] = 0;
    }
    fit::MilestoneOptions options = lead_options();
    options.status.clear();
    const fit::Statistics whole = fit::milestones(table_of(later), options);
    options.until = 30 * fit::ticks_per_day;
    std::vector<Lead> earlier = later;
    for (Lead& lead : earlier) {
      for (fit::Tick& date : lead.dates) {
        if (date > *options.until) date = fit::no_tick;
      }
      if (lead.lost_at > *options.until) {
        lead.lost_at = fit::no_tick;
        lead.reason.clear();
      }
    }
    fit::Statistics updated = fit::milestones(table_of(earlier), options);
    updated.update(table_of(later), 50 * fit::ticks_per_day);
    CHECK(updated.content().tallies == whole.content().tallies);
    CHECK(updated.content().person_tallies == whole.content().person_tallies);
    CHECK(updated.content().live == whole.content().live);
    CHECK(updated.content().closed == whole.content().closed);
  }
}

TEST_CASE("notes of a journey go when a later snapshot replaces it") {
  const auto snapshot = [](const std::string& offer, const std::string& sold) {
    test::Table table(1);
    table.text("id", {"x"}).times("d0", {"2026-01-01"}).times("d1", {offer});
    table.times("d2", {"2026-01-09"}).times("d3", {sold});
    return table;
  };
  const auto codes = [](const fit::Statistics& statistics) {
    std::vector<std::string> found;
    for (const fit::Note& note : statistics.notes()) found.push_back(note.code);
    return found;
  };
  fit::Statistics statistics = fit::milestones(
      snapshot("", ""),
      {.journey = "id", .stages = {{"lead", "d0"}, {"offer", "d1"}, {"order", "d2"}, {"sold", "d3"}}});
  CHECK(codes(statistics) == std::vector<std::string>{"open", "skipped_stage"});
  statistics.update(snapshot("2026-01-05", ""));
  CHECK(codes(statistics) == std::vector<std::string>{"open"});
  statistics.update(snapshot("2026-01-05", "2026-01-20"));
  CHECK(codes(statistics).empty());
}

TEST_CASE("the times of milestones and what they end at are remembered") {
  test::Table table(1);
  table.text("id", {"x"}).times("d0", {"2026-01-09"}).times("d1", {"2026-01-05"}).times("d2", {""});
  const fit::Statistics statistics =
      fit::milestones(table, {.journey = "id", .stages = {{"lead", "d0"}, {"offer", "d1"}, {"sold", "d2"}}});
  CHECK(statistics.content().first == test::tick("2026-01-09"));
  CHECK(statistics.content().last == test::tick("2026-01-09"));  // not of the last stage, but the latest
}

TEST_CASE("measures keep their meaning when statistics with others are merged and updated") {
  const auto table = [](const std::string& id, const std::string& sold, double price, double weight) {
    test::Table made(1);
    made.text("id", {id}).times("d0", {"2026-01-01"}).times("d1", {sold});
    made.numbers("price", {price}).numbers("weight", {weight});
    return made;
  };
  const auto options = [](std::map<std::string, std::string> measures) {
    return fit::MilestoneOptions{
        .journey = "id", .stages = {{"lead", "d0"}, {"sold", "d1"}}, .measures = std::move(measures)};
  };
  fit::Statistics all = fit::milestones(table("x", "", 100, 7), options({{"price", "price"}}));
  all += fit::milestones(table("y", "", 300, 5), options({{"mass", "weight"}}));
  const auto sum = [&](const std::string& stage, const std::string& measure) {
    for (const fit::MeasureRow& row : all.measures()) {
      if (row.stage == stage && row.measure == measure) return row.sum;
    }
    return -1.0;
  };
  CHECK(sum("lead", "price") == 100);
  CHECK(sum("lead", "mass") == 5);
  all.update(table("x", "2026-01-03", 110, 7));
  CHECK(sum("lead", "price") == 110);
  CHECK(sum("lead", "mass") == 5);
  CHECK(sum("sold", "price") == 110);
  CHECK(sum("sold", "mass") == 0);

  SECTION("of events too") {
    const auto log = [](const std::string& id, const std::string& day, double price) {
      test::Table made(1);
      made.text("journey", {id}).text("stage", {"home"}).times("time", {day}).numbers("price", {price});
      return made;
    };
    all = fit::events(log("x", "2026-01-01", 100), {.measures = {{"price", "price"}}});
    all += fit::events(log("y", "2026-01-01", 7), {.measures = {{"mass", "price"}}});
    all.update(log("x", "2026-01-02", 30));
    CHECK(sum("home", "price") == 130);
    CHECK(sum("home", "mass") == 7);
  }
}

TEST_CASE("an order of stages that one part was given holds for the whole") {
  const test::Table one = test::table_of({{"x", "a", 0, 0, "", 1}, {"x", "b", 1, 0, "", 1}});
  const test::Table other = test::table_of({{"y", "a", 0, 0, "", 1}, {"y", "b", 1, 0, "", 1}});
  const fit::Statistics ordered = fit::events(one, {.stages = {"b", "a"}});
  const fit::Statistics plain = fit::events(other);
  CHECK((ordered + plain).stage_names() == std::vector<std::string>{"b", "a"});
  CHECK((plain + ordered).stage_names() == std::vector<std::string>{"b", "a"});
  CHECK(ordered + plain == plain + ordered);
}

TEST_CASE("a merged fit is as of the later time, and keeps journeys only if both do") {
  const test::Table one = test::table_of({{"x", "a", 0, 0, "", 1}});
  const test::Table other = test::table_of({{"y", "a", 0, 0, "", 1}});
  const fit::Tick day = fit::ticks_per_day;
  const fit::Statistics early = fit::events(one, {.until = 10 * day});
  const fit::Statistics late = fit::events(other, {.until = 20 * day});
  for (fit::Statistics both : {early + late, late + early}) {
    CHECK_THROWS_AS(both.update(test::table_of({}), 15 * day), fg::InvalidValueError);
    CHECK_NOTHROW(both.update(test::table_of({}), 20 * day));
  }
  const fit::Statistics lean = fit::events(other, {.keep_journeys = false});
  for (fit::Statistics both : {fit::events(one) + lean, lean + fit::events(one)}) {
    CHECK_THROWS_AS(both.update(test::table_of({})), fg::InvalidValueError);
  }
}

TEST_CASE("what cannot be merged or updated says so and changes nothing") {
  std::mt19937_64 random(23);
  const auto log = test::random_log(random, 10, 100);
  const test::Table table = test::table_of(log);
  fit::Statistics statistics = fit::events(table, {.segment = "channel"});
  const fit::Statistics before = statistics;

  SECTION("the same journeys twice") { CHECK_THROWS_AS(statistics.merge(before), fg::DataError); }
  SECTION("other meanings") {
    const test::Table other = test::table_of({{"z", "home", 0, 0, "ads", 1}});
    CHECK_THROWS_AS(statistics.merge(fit::events(other, {.end = fit::JourneyEnd::open})),
                    fg::InvalidValueError);
    CHECK_THROWS_AS(statistics.merge(fit::events(other, {.outcomes = {{"home", fg::OutcomeKind::won}}})),
                    fg::InvalidValueError);
    CHECK_THROWS_AS(statistics.merge(fit::events(other, {.durations = fit::Durations::log})),
                    fg::InvalidValueError);
    const auto silent = [](const test::Table& log, double days) {
      return fit::events(log, {.until = 200 * fit::ticks_per_day, .silence = days});
    };
    CHECK_THROWS_AS(silent(table, 5).merge(silent(other, 6)), fg::InvalidValueError);
    CHECK_THROWS_AS(statistics.merge(fit::milestones(other, {.stages = {{"home", "time"}}})),
                    fg::InvalidValueError);
  }
  SECTION("an earlier slice") {
    CHECK_THROWS_AS(statistics.update(test::table_of({{"j1", "home", -1, 0, "ads", 1}})), fg::DataError);
  }
  SECTION("an earlier until") {
    statistics.update(test::table_of({}), 200 * fit::ticks_per_day);
    CHECK_THROWS_AS(statistics.update(test::table_of({}), 100 * fit::ticks_per_day), fg::InvalidValueError);
    return;
  }
  SECTION("nothing fitted, or journeys not kept") {
    CHECK_THROWS_AS(fit::Statistics().update(table), fg::InvalidValueError);
    fit::Statistics lean = fit::events(table, {.keep_journeys = false});
    CHECK(lean.content().live.empty());
    CHECK_THROWS_AS(lean.update(table), fg::InvalidValueError);
  }
  SECTION("a reason of two owners") {
    const auto leads = random_leads(random, 50);
    fit::MilestoneOptions options = lead_options();
    const fit::Statistics a = fit::milestones(table_of({leads.begin(), leads.begin() + 25}), options);
    options.reasons["price"] = "Marketing";
    const fit::Statistics b = fit::milestones(table_of({leads.begin() + 25, leads.end()}), options);
    CHECK_THROWS_AS(a + b, fg::ConflictError);
  }
  CHECK(statistics == before);
}

TEST_CASE("saved statistics come back equal, and go on") {
  std::mt19937_64 random(29);
  const auto leads = random_leads(random, 120);
  const fit::Statistics statistics =
      fit::milestones(table_of({leads.begin(), leads.begin() + 60}), lead_options());
  const std::string bytes = statistics.save();
  fit::Statistics back = fit::Statistics::load(bytes);
  CHECK(back == statistics);
  CHECK(back.save() == bytes);
  CHECK(back.content().milestones == statistics.content().milestones);
  fit::Statistics first = statistics;
  first.update(table_of(leads));
  back.update(table_of(leads));
  CHECK(back == first);
  CHECK(fit::Statistics::load(fit::Statistics().save()) == fit::Statistics());

  SECTION("ids of journeys are not in it") {
    CHECK(bytes.find("L17") == std::string::npos);
    CHECK(bytes.find("friends") != std::string::npos);
  }
  SECTION("anything else is refused") {
    CHECK_THROWS_AS(fit::Statistics::load(""), fg::DataError);
    CHECK_THROWS_AS(fit::Statistics::load("{}"), fg::DataError);
    for (std::size_t size = 0; size < bytes.size(); size += 97) {
      CHECK_THROWS_AS(fit::Statistics::load(std::string_view(bytes).substr(0, size)), fg::DataError);
    }
    for (std::size_t at = 0; at < bytes.size(); at += 101) {
      std::string changed = bytes;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      CHECK_THROWS_AS(fit::Statistics::load(changed), fg::DataError);
    }
  }
}

TEST_CASE("the spread of a measure is that of its values, whatever was merged or taken back") {
  std::mt19937_64 random(37);
  const auto leads = random_leads(random, 90);
  const auto made = [&](std::size_t first, std::size_t last) {
    return fit::milestones(table_of({leads.begin() + static_cast<std::ptrdiff_t>(first),
                                     leads.begin() + static_cast<std::ptrdiff_t>(last)}),
                           lead_options());
  };
  const fit::Statistics whole = made(0, 90);
  const fit::Statistics a = made(0, 20), b = made(20, 55), c = made(55, 90);
  CHECK((a + b) + c == whole);
  CHECK(c + (b + a) == whole);
  fit::Statistics later = made(0, 50);
  later.update(table_of(leads));
  CHECK(later.content().tallies == whole.content().tallies);
  std::size_t seen = 0;
  for (const fit::MeasureRow& row : whole.measures()) {
    if (row.measure != "cost" || row.stage != whole.stage_names().front()) continue;
    long double sum = 0, squares = 0;
    std::vector<double> costs;
    for (const Lead& lead : leads) {
      if ((lead.channel.empty() ? "(none)" : lead.channel) == row.segment && lead.dates[0] != fit::no_tick)
        costs.push_back(lead.cost);
    }
    if (costs.size() != row.number) continue;
    for (const double x : costs) sum += x;
    const long double mean = sum / static_cast<long double>(costs.size());
    for (const double x : costs) squares += (x - mean) * (x - mean);
    const auto sd = static_cast<double>(std::sqrt(squares / static_cast<long double>(costs.size() - 1)));
    CHECK(std::abs(row.sd - sd) <= 1e-15 * sd);  // one rounding of the sum, one of the root
    ++seen;
  }
  CHECK(seen >= 1);
}

TEST_CASE("a spread of large amounts is not lost in their squares") {
  fit::MeasureTally tally;
  for (const double x : {1e15, 1e15 + 1, 1e15 + 2}) tally.count(x, true);
  CHECK(tally.mean() == 1e15 + 1);
  CHECK(tally.sd() == 1);
  tally.count(1e15 + 2, false);
  tally.count(1e15, false);
  CHECK(tally.mean() == 1e15 + 1);
  CHECK(std::isnan(tally.sd()));  // of one nothing is known
}

TEST_CASE("statistics saved before spreads were kept are read, their spread unknown") {
  std::string bytes;
  for (std::size_t at = 0; at < test::saved_format_1.size(); at += 2)
    bytes += static_cast<char>(std::stoi(std::string(test::saved_format_1.substr(at, 2)), nullptr, 16));
  const fit::Statistics back = fit::Statistics::load(bytes);
  CHECK(back.journeys() == 4);
  bool found = false;
  for (const fit::MeasureRow& row : back.measures()) {
    if (row.stage != "won") continue;
    found = true;
    CHECK(row.number == 3);
    CHECK(row.mean == 130);
    CHECK(std::isnan(row.sd));
  }
  CHECK(found);
  CHECK(fit::Statistics::load(back.save()) == back);
  const fg::Number value = back.to_funnel({.values = {{"won", "amount"}}}).outcome("won").value;
  CHECK(value.value == 130);
  CHECK(!value.source.interval());
}

TEST_CASE("one segment apart") {
  std::mt19937_64 random(31);
  const auto leads = random_leads(random, 80);
  const fit::Statistics statistics = fit::milestones(table_of(leads), lead_options());
  std::uint64_t journeys = 0;
  for (const std::string& name : statistics.segment_names()) {
    const fit::Statistics part = statistics.segment(name);
    journeys += part.journeys();
    std::vector<Lead> own;
    for (const Lead& lead : leads) {
      if ((lead.channel.empty() ? "(none)" : lead.channel) == name) own.push_back(lead);
    }
    const fit::Statistics alone = fit::milestones(table_of(own), lead_options());
    CHECK(part.content().tallies.front().stages == alone.content().tallies.front().stages);
  }
  CHECK(journeys == statistics.journeys());
  CHECK_THROWS_AS(statistics.segment("friend"), fg::UnknownNameError);
}
