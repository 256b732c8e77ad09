// Every bad input has its error, with place and reason, and no cell is repeated.
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

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
  table.ticks_of("distant", {0, fit::latest_tick, fit::latest_tick + 1});
  table.numbers("huge", {1, 9007199254740994, 3});  // 2^53 + 2
  table.codes("nameless", {0, 1, 2}, {"a", "", "c"});
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
  const char* says;         // in its message
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
      {"column missing", with([](M& o) { o.lost = "reasons"; }), "unknown",
       "unknown column 'reasons'; did you mean 'reason'?"},
      {"journey column missing", with([](M& o) { o.journey = "ids"; }), "unknown",
       "unknown column 'ids'; did you mean 'id'?"},
      {"stage column missing", with([](M& o) { o.stages[1].column = "d9"; }), "unknown",
       "unknown column 'd9'; did you mean 'd0'?"},
      {"amount column missing", with([](M& o) { o.amount = "amount"; }), "unknown",
       "unknown column 'amount'"},
      {"text for dates", with([](M& o) { o.stages[1].column = "reason"; }), "data",
       "holds text, dates are wanted", 0, "reason"},
      {"numbers for dates", with([](M& o) { o.lost_at = "good"; }), "data", "holds numbers, dates are wanted",
       0, "good"},
      {"text for money", with([](M& o) { o.amount = "reason"; }), "data", "holds text, numbers are wanted", 0,
       "reason"},
      {"dates for a segment", with([](M& o) { o.segment = "d0"; }), "data",
       "holds dates, text or whole numbers are wanted", 0, "d0"},
      {"id missing in text", with([](M& o) { o.journey = "gap"; }), "data", "the id of a journey is missing",
       2, "gap"},
      {"id missing in numbers", with([](M& o) { o.journey = "holes"; }), "data",
       "the id of a journey is missing", 2, "holes"},
      {"id not whole", with([](M& o) { o.journey = "half"; }), "data",
       "is not a whole number; ids and labels are text or whole", 3, "half"},
      {"id beyond the whole numbers that a double tells apart", with([](M& o) { o.journey = "huge"; }),
       "data", "is not a whole number; ids and labels are text or whole", 2, "huge"},
      {"id of no letter", with([](M& o) { o.journey = "nameless"; }), "data",
       "the id of a journey is missing", 2, "nameless"},
      {"dates for ids", with([](M& o) { o.journey = "d0"; }), "data",
       "holds dates, text or whole numbers are wanted", 0, "d0"},
      {"negative amount", with([](M& o) { o.amount = "negative"; }), "data",
       "is negative; money is >= 0, a refund is a cost", 2, "negative"},
      {"negative cost", with([](M& o) { o.cost = "negative"; }), "data",
       "is negative; money is >= 0, a refund is a cost", 2, "negative"},
      {"infinite amount", with([](M& o) { o.amount = "infinite"; }), "data", "is infinite", 3, "infinite"},
      {"measure named twice", with([](M& o) {
         o.amount = "good";
         o.measures = {{"amount", "good"}};
       }),
       "value", "given amount, allowed measures other than amount, which is given apart"},
      {"date out of range", with([](M& o) { o.stages[0].column = "ancient"; }), "data",
       "lies outside the years 1 to 9999", 2, "ancient"},
      {"date in the year 10000", with([](M& o) { o.stages[0].column = "distant"; }), "data",
       "lies outside the years 1 to 9999", 3, "distant"},
      {"nothing dated", with([](M& o) { o.stages = {{"lead", "never"}}; }), "data",
       "no row has a date for any stage"},
      {"until before all", with([](M& o) { o.until = test::tick("2025-01-01"); }), "data",
       "no row has a date for any stage by `until`"},
      {"until in no year", with([](M& o) { o.until = fit::latest_tick + 1; }), "value",
       "given 253402300800000000 microseconds, allowed the years 1 to 9999"},
      {"text that is not UTF-8", with([](M& o) { o.segment = "broken"; }), "data", "is not valid UTF-8 text",
       2, "broken"},
      {"no stage", with([](M& o) { o.stages.clear(); }), "value",
       "given no stage, allowed at least one stage with its column"},
      {"a stage without a name", with([](M& o) { o.stages[0].stage = ""; }), "value",
       "given \"\", allowed a name"},
      {"a stage twice", with([](M& o) { o.stages[1].stage = "lead"; }), "value",
       "given \"lead\" twice, allowed each stage once"},
      {"a reserved stage", with([](M& o) { o.stages[1].stage = "not assigned"; }), "value",
       "given \"not assigned\", allowed a name that is not reserved"},
      {"a stage called lost", with([](M& o) { o.stages[1].stage = "lost"; }), "value",
       "given \"lost\", allowed a stage"},
      {"a stage called silent", with([](M& o) { o.stages[1].stage = "silent"; }), "value",
       "given \"silent\", allowed a stage"},
      {"an outcome that is no stage", with([=](M& o) { o.outcomes = {{"solde", won}}; }), "unknown",
       "unknown stage 'solde'; did you mean 'sold'?"},
      {"reasons without a column", with([](M& o) {
         o.lost = "";
         o.reasons = {{"x", "Sales"}};
       }),
       "value", "given reasons with owners, allowed none without lost=, the column of reasons"},
      {"a reserved owner", with([](M& o) { o.reasons = {{"x", "leak"}}; }), "value",
       "given \"leak\", allowed a name that is not reserved"},
      {"statuses without a column", with([](M& o) { o.statuses = {{"x", fit::Status::lost}}; }), "value",
       "given meanings of statuses, allowed none without status=, their column"},
      {"silence without until", with([](M& o) { o.silence = 5; }), "value",
       "given none, allowed an as-of time, since silence is measured up to it"},
      {"silence of nothing", with([](M& o) {
         o.silence = 0;
         o.until = test::tick("2026-02-01");
       }),
       "value", "given 0, allowed days in"},
      {"silence of NaN", with([](M& o) {
         o.silence = std::nan("");
         o.until = test::tick("2026-02-01");
       }),
       "value", "given unknown, allowed days in"},
      {"silence for ever", with([](M& o) {
         o.silence = 1e300;
         o.until = test::tick("2026-02-01");
       }),
       "value", "given 1e+300, allowed days in"},
      {"empty table", [] { (void)fit::milestones(fit::Columns(0), good()); }, "data",
       "the table has no rows"},
      {"empty log", [] { (void)fit::events(fit::Columns(0), {}); }, "data", "the log has no rows"},
      {"log column missing", log_with([](E& o) { o.time = "d7"; }), "unknown",
       "unknown column 'd7'; did you mean 'd0'?"},
      {"tie column missing", log_with([](E& o) { o.tie_column = "tie"; }), "unknown", "unknown column 'tie'"},
      {"stages of nothing", log_with([](E& o) { o.stage = "blank"; }), "data",
       "no event has a stage and a time", 0, "d0"},
      {"times of nothing", log_with([](E& o) { o.time = "never"; }), "data",
       "no event has a stage and a time", 0, "never"},
      {"a reserved stage in a log", log_with([](E& o) { o.stage = "reserved"; }), "value",
       "given \"leak\", allowed a name that is not reserved"},
      {"a reserved outcome", log_with([=](E& o) { o.outcomes = {{"drop_off", won}}; }), "value",
       "given \"drop_off\", allowed a name that is not reserved"},
      {"an order with a stage twice", log_with([](E& o) { o.stages = {"a", "a"}; }), "value",
       "given \"a\" twice, allowed each stage once"},
      {"silence and another end", log_with([](E& o) {
         o.silence = 5;
         o.until = test::tick("2026-02-01");
         o.end = fit::JourneyEnd::drop_off;
       }),
       "value", "given drop_off, allowed open where silence= is given: it turns open journeys silent"},
      {"owner of no stage",
       [] { (void)fit::milestones(table(), good()).to_funnel({.owners = {{"leads", "Sales"}}}); }, "unknown",
       "unknown stage 'leads'; did you mean 'lead'?"},
      {"role of no owner",
       [] { (void)fit::milestones(table(), good()).to_funnel({.roles = {{"Sales", fg::Role::sales}}}); },
       "unknown", "unknown owner 'Sales'"},
      {"outcome of no stage",
       [=] { (void)fit::milestones(table(), good()).to_funnel({.outcomes = {{"solds", won}}}); }, "unknown",
       "unknown stage 'solds'; did you mean 'sold'?"},
      {"values of nothing",
       [] { (void)fit::milestones(table(), good()).to_funnel({.values = {{"sold", "amount"}}}); }, "data",
       "the fit took no such measure: give amount=, cost= or measures= to the fit", 0, "amount"},
      {"no periods", [] { (void)fit::milestones(table(), good()).to_funnel({.periods = 0}); }, "value",
       "given 0, allowed a finite number > 0"},
      {"a cost of an outcome",
       [] {
         fit::MilestoneOptions options = good();
         options.cost = "good";
         (void)fit::milestones(table(), options)
             .to_funnel({.costs = std::map<std::string, std::string>{{"sold", "cost"}}});
       },
       "value", "given outcome \"sold\", allowed stages: an outcome has no cost of its own"},
      {"an outcome that never occurs, nearly another",
       [=] {
         fit::EventOptions options{
             .journey = "good", .stage = "gap", .time = "d0", .outcomes = {{"aa", won}}};
         (void)fit::events(table(), options).to_funnel({.outcomes = {{"aa", won}}});
       },
       "unknown", "unknown stage 'aa'; did you mean 'a'?"},
      {"segments of nothing", [] { (void)fit::milestones(table(), good()).to_segmented_funnel(); }, "value",
       "given statistics without segments, allowed a fit with segment="},
      {"a funnel of nothing", [] { (void)fit::Statistics().to_funnel(); }, "value",
       "given statistics of nothing, allowed statistics that milestones or events made"},
      {"a stage of nothing", [] { (void)fit::milestones(table(), good()).entered("leed"); }, "unknown",
       "unknown stage 'leed'; did you mean 'lead'?"},
      {"a share that is none",
       [] { (void)fit::milestones(table(), good()).lag_quantile("lead", "sold", 1.5); }, "value",
       "given 1.5, allowed [0, 1]"},
  };
  return cases;
}

}  // namespace

TEST_CASE("bad input is refused with what, where and why") {
  CHECK(bad().size() >= 50);
  for (const Bad& one : bad()) {
    INFO(one.what);
    const std::string wanted = one.code_of;
    const auto says = Catch::Matchers::ContainsSubstring(one.says);
    try {
      one.run();
      FAIL_CHECK("was accepted");
    } catch (const fg::DataError& error) {
      CHECK(wanted == "data");
      CHECK(error.row() == one.row);
      CHECK(error.column() == one.column);
      CHECK_THAT(error.what(), says);
      CHECK(std::string(error.what()).find("secret") == std::string::npos);
    } catch (const fg::UnknownNameError& error) {
      CHECK(wanted == "unknown");
      CHECK_THAT(error.what(), says);
      CHECK_FALSE(error.kind().empty());
    } catch (const fg::InvalidValueError& error) {
      CHECK(wanted == "value");
      CHECK_THAT(error.what(), says);
      CHECK_FALSE(error.where().empty());
      CHECK_FALSE(error.allowed().empty());
    }
  }
}
