#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/kpi/agreement.hpp>
#include <funnelgraph/kpi/agreement_report.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/reference.hpp>

#include "../fit/table.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;

namespace {

const std::vector<std::string> both = {"Marketing", "Sales"};

/// 1,000 leads, 400 qualified, 100 sold a month.
fg::Funnel shop() {
  fg::Funnel shop({.name = "Sandal <shop>", .currency = "VND", .period = "month"});
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing, .labels = {{"vi", "Tiếp thị"}}});
  shop.add_owner({.name = "Sales", .role = fg::Role::sales, .labels = {{"vi", "Kinh doanh"}}});
  shop.add_stage({.name = "lead",
                  .owner = "Marketing",
                  .unit = "people",
                  .definition = "left a phone number",
                  .labels = {{"vi", "khách để lại số"}}});
  shop.add_stage({.name = "MQL",
                  .owner = "Sales",
                  .unit = "people",
                  .definition = "asked for price & size",
                  .accept_if = "reachable, budget known",
                  .labels = {{"vi", "khách đủ tiêu chuẩn"}}});
  shop.add_outcome({.name = "customer",
                    .kind = fg::OutcomeKind::won,
                    .value = fg::agreed(2e6, both),
                    .labels = {{"vi", "khách hàng"}}});
  shop.add_outcome({.name = "bought elsewhere", .kind = fg::OutcomeKind::lost, .value = 0});
  shop.add_transition({.from = "lead",
                       .to = "MQL",
                       .rate = fg::agreed(0.4, both),
                       .lag = fg::Lag::exponential(0.5),
                       .service_level = fg::agreed(1, both)});
  shop.add_transition({.from = "MQL", .to = "customer", .rate = fg::agreed(0.25, both), .lag = 5});
  shop.add_transition({.from = "MQL", .to = "bought elsewhere", .rate = fg::agreed(0.3, both), .lag = 9});
  shop.add_entry({.stage = "lead", .volume = fg::agreed(1000, both)});
  return shop;
}

fg::AgreementOptions whole() {
  return {.quality = 0.8,
          .answered_share = 0.95,
          .feedback_share = 0.9,
          .feedback_within = 2,
          .report_every = 1,
          .reasons = {{"price", "Company"}, {"late answer", "Sales"}},
          .gives = {{"Marketing", {"templates of offers"}}},
          .review = "every two weeks",
          .review_date = "2026-04-01",
          .date = "2026-03-01",
          .signatories = {{"Sales", "Lan"}}};
}

const fg::AgreedPromise& promise_of(const fg::Agreement& agreement, fg::PromiseKind kind) {
  const auto at = std::ranges::find(agreement.promises, kind, &fg::AgreedPromise::kind);
  REQUIRE(at != agreement.promises.end());
  return *at;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the agreement of both sides on one page [31, 57]") {
  const fg::Agreement page = fg::agreement(shop(), whole());
  CHECK(page.giver == "Marketing");
  CHECK(page.receiver == "Sales");
  CHECK(page.missing.empty());
  REQUIRE(page.stages.size() == 2);
  CHECK_FALSE(page.stages[0].handed_over);
  CHECK(page.stages[1].handed_over);
  const fg::AgreedPromise& volume = promise_of(page, fg::PromiseKind::volume);
  CHECK_THAT(volume.promised, WithinRel(400, 1e-12));
  CHECK(volume.agreed);
  CHECK(volume.by == "Marketing");
  const fg::AgreedPromise& answer = promise_of(page, fg::PromiseKind::answer);
  CHECK(answer.by == "Sales");  // the receiver answers what is handed over
  CHECK(answer.within == 1);
  CHECK(answer.promised == 0.95);
  CHECK_THAT(promise_of(page, fg::PromiseKind::wins).promised, WithinRel(100, 1e-12));
  CHECK(page.gives.at("Marketing").size() == 3);
  CHECK(page.gives.at("Sales") == page.needs.at("Marketing"));  // what one promises the other needs
  CHECK(page.reasons.size() == 2);
  CHECK(page.signatures[1].second == "Lan");
}

TEST_CASE("what nobody agreed on is named, never filled in") {
  fg::Funnel open = shop();
  open.replace_stage("MQL", {.name = "MQL", .owner = "Sales"});
  open.set(fg::volume("lead", ""), 1000);
  const fg::Agreement page = fg::agreement(open, {});
  const auto missing = [&](const std::string& part) {
    return std::ranges::any_of(page.missing, [&](const std::string& text) { return holds(text, part); });
  };
  CHECK(missing("What “MQL” means"));
  CHECK(missing("accepts at “MQL”"));
  CHECK(missing("proposed only"));
  CHECK(missing("meet the definition"));
  CHECK(missing("answered in time"));
  CHECK(missing("gives feedback"));
  CHECK(missing("reports back"));
  CHECK(missing("looked at again"));
  CHECK(missing("next date"));
  CHECK_FALSE(promise_of(page, fg::PromiseKind::volume).agreed);
  CHECK(std::isnan(promise_of(page, fg::PromiseKind::quality).promised));
  CHECK(page.reasons.size() == 1);
  CHECK(page.reasons[0].second == "not assigned");
  CHECK(holds(to_html(page), "not agreed yet"));
  CHECK(holds(to_text(page), "not agreed yet"));
  // Placeholders are no promises.
  const fg::Agreement reference = fg::agreement(fg::reference::demand_waterfall(), {});
  for (const fg::AgreedPromise& promise : reference.promises) {
    if (promise.kind == fg::PromiseKind::volume || promise.kind == fg::PromiseKind::wins)
      CHECK(std::isnan(promise.promised));
  }
}

TEST_CASE("the page in Vietnamese has no English left in it") {
  fg::AgreementOptions options = whole();
  options.language = "vi";
  const fg::Agreement page = fg::agreement(shop(), options);
  const std::string html = to_html(page);
  const std::string text = to_text(page);
  for (const std::string& written : {html, text}) {
    CHECK(holds(written, "Thỏa thuận phối hợp giữa Tiếp thị và Kinh doanh"));
    CHECK(holds(written, "400 người mỗi tháng"));
    CHECK(holds(written, "trong vòng 1 ngày"));
    CHECK(holds(written, "báo cáo lại hằng ngày"));
    for (const char* english :
         {"handed over", "within", "Not agreed", "Reason", "people", "every day", "month"})
      CHECK_FALSE(holds(written, english));
  }
  CHECK(holds(html, "trong vòng 1 ngày, ít nhất 95 % số lượt"));
  CHECK(holds(html, "<html lang=\"vi\">"));
  CHECK(to_html(fg::agreement(shop(), whole())).find("ỏ") == std::string::npos);
}

TEST_CASE("names cannot become markup") {
  fg::Funnel funnel = shop();
  funnel.rename_stage("MQL", "<script>alert('x')</script>");
  fg::AgreementOptions options = whole();
  options.review = "\"><img src=x onerror=alert(1)>";
  options.reasons = {{"<b>price</b>", "Company & co"}};
  const std::string html = to_html(fg::agreement(funnel, options));
  CHECK_FALSE(holds(html, "<script>"));
  CHECK_FALSE(holds(html, "<img"));
  CHECK_FALSE(holds(html, "<b>price"));
  CHECK(holds(html, "Sandal &lt;shop&gt;"));
  CHECK(holds(html, "Company &amp; co"));
}

TEST_CASE("lines of the text fit a terminal") {
  for (const char* language : {"en", "vi"}) {
    fg::AgreementOptions options = whole();
    options.language = language;
    const std::string text = to_text(fg::agreement(shop(), options));
    std::size_t begin = 0;
    while (begin < text.size()) {
      const std::size_t end = text.find('\n', begin);
      std::size_t columns = 0;
      for (std::size_t i = begin; i < end; ++i)
        columns += (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
      CHECK(columns <= 78);
      begin = end + 1;
    }
  }
}

TEST_CASE("the next report measures what was promised [57]") {
  const fg::Agreement page = fg::agreement(shop(), whole());
  fg::Funnel actual = shop();
  actual.set(fg::rate("lead", "MQL"), 0.37);
  actual.set(fg::rate("MQL", "customer"), 0.2);
  fg::HandOffRecord record;
  record.within = 1;
  record.total.in_order = 60;
  record.total.receiver = 10;
  record.total.giver = 20;
  record.total.between = 10;
  record.total.accepted = 70;
  record.total.rejected = 25;
  record.total.feedback = 95;
  record.total.touched_in_time = 85;
  record.reasons = {{.reason = "no budget", .against_definition = true, .count = 20, .in_time = 20},
                    {.reason = "other", .against_definition = false, .count = 5, .in_time = 5}};
  const auto row_of = [](const std::vector<fg::PromiseRow>& rows, fg::PromiseKind kind) {
    const auto at =
        std::ranges::find_if(rows, [&](const fg::PromiseRow& row) { return row.promise.kind == kind; });
    REQUIRE(at != rows.end());
    return *at;
  };
  const auto rows = fg::measure(page, {.funnel = &actual, .record = &record});
  using enum fg::PromiseKind;
  using enum fg::PromiseStatus;
  CHECK_THAT(row_of(rows, volume).actual, WithinRel(370, 1e-12));
  CHECK(row_of(rows, volume).status == near);
  CHECK_THAT(row_of(rows, quality).actual, WithinRel(75.0 / 95, 1e-12));
  CHECK(row_of(rows, quality).status == near);
  CHECK(row_of(rows, quality).low < row_of(rows, quality).actual);
  CHECK(row_of(rows, answer).actual == 0.85);
  CHECK(row_of(rows, answer).status == missed);
  CHECK(row_of(rows, answer).measured_by == "hand-off record");
  CHECK(row_of(rows, feedback).status == kept);
  CHECK(row_of(rows, report).status == not_measured);
  CHECK_THAT(row_of(rows, wins).actual, WithinRel(74, 1e-12));
  CHECK(row_of(rows, wins).status == missed);

  // Without a record the lag tells; without an agreed share there is nothing to compare with.
  fg::AgreementOptions less = whole();
  less.answered_share.reset();
  const auto lags = fg::measure(fg::agreement(shop(), less), {.funnel = &actual});
  CHECK_THAT(row_of(lags, answer).actual, WithinRel(1 - std::exp(-2.0), 1e-12));
  CHECK(row_of(lags, answer).status == not_agreed);

  // Counts come before the funnel.
  test::Table table(3);
  table.text("id", {"a", "b", "c"}).times("d0", {"2026-03-01", "2026-03-01", "2026-03-02"});
  table.times("d1", {"2026-03-02", "2026-03-03", ""}).times("d2", {"2026-03-05", "", ""});
  const fg::fit::Statistics counted = fg::fit::milestones(
      table, {.journey = "id", .stages = {{"lead", "d0"}, {"MQL", "d1"}, {"customer", "d2"}}});
  const auto counts = fg::measure(page, {.funnel = &actual, .statistics = &counted, .periods = 2});
  CHECK(row_of(counts, volume).actual == 1);
  CHECK(row_of(counts, wins).actual == 0.5);
  CHECK(row_of(counts, wins).measured_by == "statistics");

  // Service levels of the same ends and limit come before the record.
  fg::ServiceLevels levels;
  levels.rows.push_back({.rule = {"lead", "MQL", 1}, .in_time = 97, .late = 3});
  levels.rows.push_back({.rule = {"lead", "MQL", 2}, .in_time = 1, .late = 99});
  levels.rows.push_back({.rule = fg::ServiceLevel::report("report"), .in_time = 4, .late = 1});
  const auto counted_levels = fg::measure(page, {.record = &record, .levels = &levels});
  CHECK(row_of(counted_levels, answer).actual == 0.97);
  CHECK(row_of(counted_levels, report).actual == 0.8);
}

TEST_CASE("agreements refuse what they cannot use") {
  const auto with = [](auto change) {
    fg::AgreementOptions options = whole();
    change(options);
    return fg::agreement(shop(), options);
  };
  using Options = fg::AgreementOptions;
  CHECK_THROWS_AS(with([](Options& o) { o.language = "de"; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.giver = "Marketting"; }), fg::UnknownNameError);
  CHECK_THROWS_AS(with([](Options& o) { o.receiver = "Marketing"; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.quality = 1.2; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.answered_share = 0; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.feedback_share = std::nan(""); }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.answer_within = -1; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.report_every = 1.5; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.gives = {{"Care", {"smiles"}}}; }), fg::UnknownNameError);
  CHECK_THROWS_AS(with([](Options& o) { o.signatories = {{"Sale", "Lan"}}; }), fg::UnknownNameError);
  CHECK_THROWS_AS(with([](Options& o) { o.reasons = {{"price", ""}}; }), fg::InvalidValueError);
  CHECK_THROWS_AS(with([](Options& o) { o.service_levels = {fg::ServiceLevel::report("x")}; }),
                  fg::InvalidValueError);
  fg::Funnel nobody;
  nobody.add_stage({.name = "lead"});
  CHECK_THROWS_AS(fg::agreement(nobody, {}), fg::InvalidValueError);
  const fg::Agreement page = fg::agreement(shop(), whole());
  CHECK_THROWS_AS(fg::measure(page, {.periods = 0}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::measure(page, {.near = -1}), fg::InvalidValueError);
}
