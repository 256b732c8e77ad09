// Every bad input has its error, with place and reason, and no cell is repeated.
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/events.hpp>
#include <funnelgraph/fit/milestones.hpp>

#include "table.hpp"

namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;

namespace {

test::Table table() {
  test::Table table(3);
  table.text("id", {"a", "b", "c"}).times("d0", {"2026-01-01", "2026-01-02", "2026-01-03"});
  table.times("d1", {"2026-01-05", "", ""}).text("reason", {"", "secret", ""});
  table.numbers("good", {1, 2, 3}).numbers("negative", {1, -2, 3});
  table.numbers("infinite", {1, 2, std::numeric_limits<double>::infinity()});
  table.text("gap", {"a", "", "c"}).numbers("half", {1, 2, 2.5}).numbers("holes", {1, std::nan(""), 3});
  table.ticks_of("ancient", {0, fit::earliest_tick - 1, 0}).ticks_of("never", std::vector(3, fit::no_tick));
  table.text("broken", {"a", "b\xFF", "c"}).text("reserved", {"leak", "b", "c"}).text("blank", {"", "", ""});
  return table;
}

fit::MilestoneOptions good() {
  return {.journey = "id", .stages = {{"lead", "d0"}, {"sold", "d1"}}, .lost = "reason"};
}

struct Bad {
  const char* what;
  std::function<void()> run;
  const char* code_of;      // the kind of error
  std::size_t row = 0;      // of a DataError
  const char* column = "";  // of a DataError
};

/// Runs milestones with changed options.
std::function<void()> with(std::function<void(fit::MilestoneOptions&)> change) {
  return [change = std::move(change)] {
    fit::MilestoneOptions options = good();
    change(options);
    (void)fit::milestones(table(), options);
  };
}

std::function<void()> log_with(std::function<void(fit::EventOptions&)> change) {
  return [change = std::move(change)] {
    fit::EventOptions options{.journey = "id", .stage = "id", .time = "d0"};
    change(options);
    (void)fit::events(table(), options);
  };
}

const std::vector<Bad>& bad() {
  using M = fit::MilestoneOptions;
  using E = fit::EventOptions;
  const auto won = fg::OutcomeKind::won;
  static const std::vector<Bad> cases = {
      {"column missing", with([](M& o) { o.lost = "reasons"; }), "unknown"},
      {"journey column missing", with([](M& o) { o.journey = "ids"; }), "unknown"},
      {"stage column missing", with([](M& o) { o.stages[1].column = "d9"; }), "unknown"},
      {"amount column missing", with([](M& o) { o.amount = "amount"; }), "unknown"},
      {"text for dates", with([](M& o) { o.stages[1].column = "reason"; }), "data", 0, "reason"},
      {"numbers for dates", with([](M& o) { o.lost_at = "good"; }), "data", 0, "good"},
      {"text for money", with([](M& o) { o.amount = "reason"; }), "data", 0, "reason"},
      {"dates for a segment", with([](M& o) { o.segment = "d0"; }), "data", 0, "d0"},
      {"id missing in text", with([](M& o) { o.journey = "gap"; }), "data", 2, "gap"},
      {"id missing in numbers", with([](M& o) { o.journey = "holes"; }), "data", 2, "holes"},
      {"id not whole", with([](M& o) { o.journey = "half"; }), "data", 3, "half"},
      {"dates for ids", with([](M& o) { o.journey = "d0"; }), "data", 0, "d0"},
      {"negative amount", with([](M& o) { o.amount = "negative"; }), "data", 2, "negative"},
      {"negative cost", with([](M& o) { o.cost = "negative"; }), "data", 2, "negative"},
      {"infinite amount", with([](M& o) { o.amount = "infinite"; }), "data", 3, "infinite"},
      {"measure named twice", with([](M& o) {
         o.amount = "good";
         o.measures = {{"amount", "good"}};
       }),
       "value"},
      {"date out of range", with([](M& o) { o.stages[0].column = "ancient"; }), "data", 2, "ancient"},
      {"nothing dated", with([](M& o) { o.stages = {{"lead", "never"}}; }), "data"},
      {"until before all", with([](M& o) { o.until = test::tick("2025-01-01"); }), "data"},
      {"until in no year", with([](M& o) { o.until = fit::latest_tick + 1; }), "value"},
      {"text that is not UTF-8", with([](M& o) { o.segment = "broken"; }), "data", 2, "broken"},
      {"no stage", with([](M& o) { o.stages.clear(); }), "value"},
      {"a stage without a name", with([](M& o) { o.stages[0].stage = ""; }), "value"},
      {"a stage twice", with([](M& o) { o.stages[1].stage = "lead"; }), "value"},
      {"a reserved stage", with([](M& o) { o.stages[1].stage = "not assigned"; }), "value"},
      {"a stage called lost", with([](M& o) { o.stages[1].stage = "lost"; }), "value"},
      {"a stage called silent", with([](M& o) { o.stages[1].stage = "silent"; }), "value"},
      {"an outcome that is no stage", with([=](M& o) { o.outcomes = {{"solde", won}}; }), "unknown"},
      {"reasons without a column", with([](M& o) {
         o.lost = "";
         o.reasons = {{"x", "Sales"}};
       }),
       "value"},
      {"a reserved owner", with([](M& o) { o.reasons = {{"x", "leak"}}; }), "value"},
      {"statuses without a column", with([](M& o) { o.statuses = {{"x", fit::Status::lost}}; }), "value"},
      {"silence without until", with([](M& o) { o.silence = 5; }), "value"},
      {"silence of nothing", with([](M& o) {
         o.silence = 0;
         o.until = test::tick("2026-02-01");
       }),
       "value"},
      {"silence of NaN", with([](M& o) {
         o.silence = std::nan("");
         o.until = test::tick("2026-02-01");
       }),
       "value"},
      {"silence for ever", with([](M& o) {
         o.silence = 1e300;
         o.until = test::tick("2026-02-01");
       }),
       "value"},
      {"empty table", [] { (void)fit::milestones(fit::Columns(0), good()); }, "data"},
      {"empty log", [] { (void)fit::events(fit::Columns(0), {}); }, "data"},
      {"log column missing", log_with([](E& o) { o.time = "d7"; }), "unknown"},
      {"tie column missing", log_with([](E& o) { o.tie_column = "tie"; }), "unknown"},
      {"stages of nothing", log_with([](E& o) { o.stage = "blank"; }), "data", 0, "d0"},
      {"times of nothing", log_with([](E& o) { o.time = "never"; }), "data", 0, "never"},
      {"a reserved stage in a log", log_with([](E& o) { o.stage = "reserved"; }), "value"},
      {"a reserved outcome", log_with([=](E& o) { o.outcomes = {{"drop_off", won}}; }), "value"},
      {"an order with a stage twice", log_with([](E& o) { o.stages = {"a", "a"}; }), "value"},
      {"silence and another end", log_with([](E& o) {
         o.silence = 5;
         o.until = test::tick("2026-02-01");
         o.end = fit::JourneyEnd::drop_off;
       }),
       "value"},
      {"owner of no stage",
       [] { (void)fit::milestones(table(), good()).to_funnel({.owners = {{"leads", "Sales"}}}); }, "unknown"},
      {"role of no owner",
       [] { (void)fit::milestones(table(), good()).to_funnel({.roles = {{"Sales", fg::Role::sales}}}); },
       "unknown"},
      {"outcome of no stage",
       [=] { (void)fit::milestones(table(), good()).to_funnel({.outcomes = {{"solds", won}}}); }, "unknown"},
      {"values of nothing",
       [] { (void)fit::milestones(table(), good()).to_funnel({.values = {{"sold", "amount"}}}); }, "data", 0,
       "amount"},
      {"no periods", [] { (void)fit::milestones(table(), good()).to_funnel({.periods = 0}); }, "value"},
      {"a cost of an outcome",
       [] {
         fit::MilestoneOptions options = good();
         options.cost = "good";
         (void)fit::milestones(table(), options)
             .to_funnel({.costs = std::map<std::string, std::string>{{"sold", "cost"}}});
       },
       "value"},
      {"an outcome that never occurs, nearly another",
       [=] {
         fit::EventOptions options{
             .journey = "good", .stage = "gap", .time = "d0", .outcomes = {{"aa", won}}};
         (void)fit::events(table(), options).to_funnel({.outcomes = {{"aa", won}}});
       },
       "unknown"},
      {"segments of nothing", [] { (void)fit::milestones(table(), good()).to_segmented_funnel(); }, "value"},
      {"a funnel of nothing", [] { (void)fit::Statistics().to_funnel(); }, "value"},
      {"a stage of nothing", [] { (void)fit::milestones(table(), good()).entered("leed"); }, "unknown"},
      {"a share that is none",
       [] { (void)fit::milestones(table(), good()).lag_quantile("lead", "sold", 1.5); }, "value"},
  };
  return cases;
}

}  // namespace

TEST_CASE("bad input is refused with what, where and why") {
  CHECK(bad().size() >= 50);
  for (const Bad& one : bad()) {
    INFO(one.what);
    const std::string wanted = one.code_of;
    try {
      one.run();
      FAIL_CHECK("was accepted");
    } catch (const fg::DataError& error) {
      CHECK(wanted == "data");
      CHECK(error.row() == one.row);
      CHECK(error.column() == one.column);
      CHECK_FALSE(error.why().empty());
      CHECK(std::string(error.what()).find("secret") == std::string::npos);
    } catch (const fg::UnknownNameError& error) {
      CHECK(wanted == "unknown");
      CHECK_FALSE(error.kind().empty());
    } catch (const fg::InvalidValueError& error) {
      CHECK(wanted == "value");
      CHECK_FALSE(error.where().empty());
      CHECK_FALSE(error.allowed().empty());
    }
  }
}
