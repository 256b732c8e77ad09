#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/control_share.hpp>
#include <funnelgraph/kpi/scorecard.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/reference.hpp>

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;

namespace {

fg::Funnel shop(double rate = 0.35) {
  fg::Funnel shop({.name = "Sandal shop", .currency = "VND", .period = "week"});
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  shop.add_owner({.name = "Kinh doanh", .role = fg::Role::sales});
  shop.add_stage({.name = "reached", .owner = "Marketing", .cost = 100});
  shop.add_stage({.name = "enquiry", .owner = "Kinh doanh", .cost = 5000});
  shop.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .owner = "Kinh doanh", .value = 2e6});
  shop.add_outcome({.name = "competitor", .kind = fg::OutcomeKind::lost, .value = 0});
  shop.add_transition({.from = "reached",
                       .to = "enquiry",
                       .rate = fg::measured(0.01, {.n = 200000, .interval = {}}),
                       .lag = 1});
  shop.add_transition({.from = "enquiry", .to = "customer", .rate = rate, .lag = 2});
  shop.add_transition({.from = "enquiry", .to = "competitor", .rate = 0.2, .lag = 1});
  shop.add_entry({.stage = "reached", .volume = 200000});
  return shop;
}

const fg::KpiRow& row_of(const fg::Scorecard& card, const std::string& id) {
  const auto at = std::ranges::find(card.rows, id, [](const fg::KpiRow& row) { return row.kpi.id; });
  REQUIRE(at != card.rows.end());
  return *at;
}

bool warned(const fg::Scorecard& card, const std::string& code, const std::string& where) {
  return std::ranges::any_of(card.warnings, [&](const fg::KpiWarning& warning) {
    return warning.code == code && warning.where == where && !warning.message.empty();
  });
}

}  // namespace

TEST_CASE("every role has its key figures, in English and Vietnamese [33, 34, 35, 72, 73]") {
  const auto ids = [](fg::Card card) {
    std::vector<std::string> ids;
    for (const fg::Kpi& kpi : fg::standard_kpis(card)) {
      ids.push_back(kpi.id);
      CHECK(kpi.labels.contains("en"));
      CHECK(kpi.labels.contains("vi"));
      CHECK(fg::label_of(kpi, "vi") != fg::label_of(kpi, "en"));
      CHECK_FALSE(kpi.unit.empty());
    }
    return ids;
  };
  const auto has = [&](fg::Card card, const std::vector<std::string>& wanted) {
    const std::vector<std::string> found = ids(card);
    for (const std::string& id : wanted) CHECK(std::ranges::find(found, id) != found.end());
  };
  has(fg::Card::marketing, {"reached", "nurtured", "former_customers", "new_customers", "advice_quality"});
  has(fg::Card::sales, {"orders_phone", "orders_inbox", "orders_from_leads", "second_orders", "third_orders",
                        "revenue_promotional", "revenue_list", "revenue_net"});
  has(fg::Card::care,
      {"good_feedback", "bad_feedback", "feedback_to_marketing", "feedback_to_sales", "feedback_to_r_and_d"});
  has(fg::Card::shared, {"quota_attained", "new_customers", "closings", "gross_profit_per_customer",
                         "selling_expense_to_sales"});
  has(fg::Card::upstream_marketing, {"forecast_accuracy", "segments_found"});
  for (const fg::Kpi& kpi : fg::standard_kpis(fg::Card::upstream_marketing)) CHECK(kpi.soft);
  has(fg::Card::economics, {"pipeline_velocity", "win_rate", "cycle_time", "cost_per_win", "lifetime_value"});
  CHECK(fg::card_named("upstream_marketing") == fg::Card::upstream_marketing);
  CHECK_THROWS_AS(fg::card_named("saels"), fg::UnknownNameError);
}

TEST_CASE("actual, target, status and trend [33, 34]") {
  const fg::Scorecard card = fg::scorecard(
      {.card = fg::Card::sales,
       .actual = {{"orders_phone", 120},
                  {"orders_inbox", 91},
                  {"orders_from_leads", 60},
                  {"second_orders", 10},
                  {"answers_in_time", 45},
                  {"answers_due", 50}},
       .target = {{"orders_phone", 120},
                  {"orders_inbox", 100},
                  {"orders_from_leads", 100},
                  {"answered_in_time", 0.95}},
       .previous = {{"orders_phone", {90, 100}}, {"orders_inbox", {95}}, {"orders_from_leads", {60.2}}}});
  CHECK(row_of(card, "orders_phone").status == fg::KpiStatus::on);
  CHECK(row_of(card, "orders_inbox").status == fg::KpiStatus::near);
  CHECK_THAT(row_of(card, "orders_inbox").gap, WithinAbs(-0.09, 1e-12));
  CHECK(row_of(card, "orders_from_leads").status == fg::KpiStatus::off);
  CHECK(row_of(card, "second_orders").status == fg::KpiStatus::no_target);
  CHECK(row_of(card, "third_orders").status == fg::KpiStatus::not_measured);
  CHECK(warned(card, "not_measured", "third_orders"));
  CHECK(warned(card, "no_target", "second_orders"));
  const fg::KpiRow& answered = row_of(card, "answered_in_time");
  CHECK_THAT(answered.actual, WithinAbs(0.9, 1e-15));
  CHECK(answered.numerator == 45);
  CHECK(answered.denominator == 50);
  CHECK(answered.status == fg::KpiStatus::near);
  CHECK(row_of(card, "orders_phone").trend == fg::KpiTrend::better);
  CHECK_THAT(row_of(card, "orders_phone").change, WithinAbs(0.2, 1e-12));
  CHECK(row_of(card, "orders_inbox").trend == fg::KpiTrend::worse);
  CHECK(row_of(card, "orders_from_leads").trend == fg::KpiTrend::steady);  // within 1 %
  CHECK(row_of(card, "second_orders").trend == fg::KpiTrend::unknown);
}

TEST_CASE("where less is better, less is on target [35, 72]") {
  const auto status = [](double actual, double target) {
    const fg::Scorecard card = fg::scorecard(
        {.card = fg::Card::care, .actual = {{"bad_feedback", actual}}, .target = {{"bad_feedback", target}}});
    return row_of(card, "bad_feedback").status;
  };
  CHECK(status(9, 10) == fg::KpiStatus::on);
  CHECK(status(11, 10) == fg::KpiStatus::near);
  CHECK(status(11.5, 10) == fg::KpiStatus::off);
  CHECK(status(0, 0) == fg::KpiStatus::on);
  CHECK(status(1, 0) == fg::KpiStatus::off);
}

TEST_CASE("figures that nobody gave come from the funnel, targets from the plan") {
  const fg::Scorecard card = fg::scorecard(
      shop(), {.card = fg::Card::economics, .plan = std::make_shared<const fg::Funnel>(shop(0.5))});
  const fg::Analysis analysis = fg::analyze(shop());
  const fg::KpiRow& win_rate = row_of(card, "win_rate");
  CHECK_THAT(win_rate.actual, WithinRel(analysis.probability("customer"), 1e-12));  // a quotient of two sums
  CHECK_THAT(win_rate.denominator, WithinRel(200000, 1e-12));
  CHECK_THAT(win_rate.target, WithinRel(0.005, 1e-12));
  CHECK(win_rate.actual_source == fg::KpiSource::funnel);
  CHECK(win_rate.target_source == fg::KpiSource::funnel);
  CHECK(win_rate.status == fg::KpiStatus::off);
  CHECK_THAT(row_of(card, "cycle_time").actual, WithinRel(3, 1e-12));
  CHECK_THAT(row_of(card, "pipeline_velocity").actual, WithinRel(analysis.revenue / 3, 1e-12));
  CHECK_THAT(row_of(card, "cost_per_win").actual,
             WithinRel(analysis.cost / analysis.count("customer"), 1e-12));
  const fg::Scorecard marketing = fg::scorecard(shop(), {.card = fg::Card::marketing});
  CHECK(row_of(marketing, "reached").actual == 200000);  // the stage of that name
  CHECK_THAT(row_of(marketing, "new_customers").actual, WithinRel(700, 1e-12));
}

TEST_CASE("the control share of a key figure is that of the metric it stands for") {
  const fg::Funnel funnel = shop();
  const fg::Scorecard card = fg::scorecard(
      funnel,
      {.card = fg::Card::sales,
       .kpis = {{.id = "revenue", .unit = "money", .role = fg::Role::sales},
                {.id = "per_win", .formula = "revenue / wins", .unit = "money", .role = fg::Role::sales}}});
  const double expected = fg::control_share(funnel, fg::metric::revenue(), "Kinh doanh").share;
  CHECK_THAT(row_of(card, "revenue").control_share, WithinRel(expected, 1e-12));
  // Revenue per win reacts to the value alone, which is Sales'; volume and rates cancel.
  CHECK_THAT(row_of(card, "per_win").control_share, WithinRel(1, 1e-9));  // cancellation of equal terms
  CHECK(std::isnan(row_of(card, "orders_phone").control_share));
  const fg::Scorecard marketing = fg::scorecard(funnel, {.card = fg::Card::marketing});
  // Volume and first rate of volume, two rates: three elasticities of 1, the closing rate is Sales'.
  CHECK_THAT(row_of(marketing, "new_customers").control_share, WithinRel(2.0 / 3, 1e-9));
}

TEST_CASE("what is not measured is named: stages, owners, one side [22, 45]") {
  const fg::Scorecard card = fg::scorecard(shop(), {.card = fg::Card::sales});
  CHECK(warned(card, "stage", "enquiry"));
  CHECK_FALSE(warned(card, "stage", "reached"));
  CHECK(warned(card, "owner", "Kinh doanh"));
  CHECK(warned(card, "side", "sales"));  // Marketing's rate is measured, nothing of Sales' is
  const fg::Scorecard reference = fg::scorecard(fg::reference::online_shop(), {.card = fg::Card::care});
  CHECK(warned(reference, "placeholder", ""));
  CHECK(warned(reference, "side", "care"));  // nothing on the card
  const fg::Scorecard vietnamese = fg::scorecard(shop(), {.card = fg::Card::sales, .language = "vi"});
  CHECK(vietnamese.title == "Bảng điểm Kinh doanh");
  CHECK(vietnamese.rows[0].label == "Đơn hàng qua điện thoại");
}

TEST_CASE("a division by zero says which") {
  const fg::Scorecard card =
      fg::scorecard({.card = fg::Card::shared, .actual = {{"revenue", 5}, {"quota", 0}}});
  const fg::KpiRow& quota = row_of(card, "quota_attained");
  CHECK(std::isnan(quota.actual));
  CHECK(quota.numerator == 5);
  CHECK(quota.denominator == 0);
  CHECK(warned(card, "zero_denominator", "quota_attained"));
}

TEST_CASE("scorecards refuse what they cannot use") {
  const double inf = std::numeric_limits<double>::infinity();
  const auto with = [](fg::ScorecardOptions options) { return fg::scorecard(shop(), options); };
  try {
    (void)with({.actual = {{"orders_fone", 3}}});
    FAIL("an unknown figure was taken");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.nearest() == "orders_phone");
  }
  CHECK_THROWS_AS(with({.target = {{"nonsense", 3}}}), fg::UnknownNameError);
  CHECK_THROWS_AS(with({.previous = {{"nonsense", {3}}}}), fg::UnknownNameError);
  CHECK_THROWS_AS(with({.actual = {{"orders_phone", inf}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.near = -0.1}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.near = std::nan("")}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.steady = inf}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.kpis = {{.id = ""}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.kpis = {{.id = "x"}, {.id = "x"}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.kpis = {{.id = "x", .formula = "(wins"}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.kpis = {{.id = "x", .formula = "count(custmer)"}}}), fg::UnknownNameError);
  CHECK_THROWS_AS(with({.standard = false}), fg::InvalidValueError);
  CHECK_THROWS_AS(with({.language = "fr"}), fg::InvalidValueError);
}
