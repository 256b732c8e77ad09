#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <set>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/maturity/evidence.hpp>
#include <funnelgraph/model/reference.hpp>

#include "maturity/survey.hpp"
#include "maturity/two_sides.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
using enum fgm::EvidenceKind;

namespace {

const fgm::EvidenceFigure& at(const fgm::EvidenceFigures& figures, fgm::EvidenceKind kind) {
  return figures[static_cast<std::size_t>(kind)];
}

double score_of(fgm::EvidenceKind kind, double value) {
  fgm::EvidenceFigures figures;
  fgm::put_figure(figures, kind, value);
  return fgm::evidence(figures).rows[static_cast<std::size_t>(kind)].score;
}

// Two sides with a service level, a way back, and a stage that both own.
fg::Funnel rich() {
  fg::Funnel funnel = test::two_sides();
  fg::Transition given = funnel.transition("lead", "qualified");
  given.service_level = 3;
  given.observed = fg::Observed{400, 1000, 0};
  given.lag = fg::Lag::gamma({2, 1});
  funnel.replace_transition("lead", "qualified", given);
  funnel.add_stage({.name = "nurture", .owner = "Marketing", .involved = {"Sales"}, .definition = "not yet"});
  funnel.add_transition({.from = "qualified", .to = "nurture", .rate = 0.15, .lag = 1});
  funnel.add_stage({.name = "joint", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}});
  return funnel;
}

}  // namespace

TEST_CASE("thresholds are data, with where they come from, and statements that ask the same [57, 67]") {
  std::set<std::string> statements;
  for (const auto& s : fgm::standard_instrument().statements) statements.insert(s.id);
  REQUIRE(fgm::evidence_indicators().size() == fgm::evidence_kinds);
  for (std::size_t i = 0; i < fgm::evidence_kinds; ++i) {
    const auto& one = fgm::evidence_indicators()[i];
    CHECK(static_cast<std::size_t>(one.kind) == i);
    CHECK(one.name.size() == 2);
    CHECK(one.basis.size() == 2);
    REQUIRE_FALSE(one.statements.empty());
    for (const auto& id : one.statements) CHECK(statements.contains(id));
  }
  CHECK(fgm::evidence_indicators()[1].basis.at("en") == "assumption");
}

TEST_CASE("scores run straight between the thresholds, either way round [53, 55]") {
  CHECK(score_of(wait, 12) == 20.0);
  CHECK(score_of(wait, 10) == 20.0);
  CHECK(score_of(wait, 3) == 40.0);
  CHECK(score_of(wait, 2) == 50.0);
  CHECK(score_of(wait, 1) == 60.0);
  CHECK(score_of(wait, 0) == 100.0);
  CHECK(score_of(feedback, 0) == 20.0);
  CHECK(score_of(feedback, 0.25) == 40.0);
  CHECK_THAT(score_of(feedback, 0.7), WithinRel(70, 1e-12));
  CHECK(score_of(feedback, 1) == 100.0);
}

TEST_CASE("what a funnel shows, by hand [57, 67, 69]") {
  const fg::Funnel funnel = rich();
  const auto f = fgm::evidence_figures(funnel);
  CHECK_THAT(at(f, wait).value, WithinRel(2, 1e-12));
  CHECK(at(f, wait).n == 400.0);
  CHECK_THAT(at(f, wait).high, WithinRel(2 + 1.959963984540054 / 20, 1e-9));
  // Of 400 a quarter is won, 15 % go back: 60 % are lost at the receiving stage.
  CHECK_THAT(at(f, loss).value, WithinRel(0.6, 1e-12));
  CHECK_THAT(at(f, loss).low, WithinRel(fg::fit::jeffreys_interval(240, 400).low, 1e-9));
  CHECK_THAT(at(f, breach).value, WithinRel(0.1512038, 1e-5));  // gamma, mean 2 and sd 1: P(> 3), shape 4
  CHECK_THAT(at(f, recycled).value, WithinRel(60.0 / (60 + 240), 1e-12));
  CHECK(std::isnan(at(f, feedback).value));
  CHECK_THAT(at(f, definitions).value, WithinRel(1.0 / 3, 1e-12));      // nurture of lead, qualified, nurture
  CHECK_THAT(at(f, joint_ownership).value, WithinRel(2.0 / 4, 1e-12));  // nurture and joint
  CHECK(std::isnan(at(f, shared_measures).value));

  const auto e = fgm::evidence(f);
  CHECK(e.known == 6);
  CHECK(e.unknown == std::vector<std::string>{"feedback", "shared_measures"});
  REQUIRE(e.rows.size() == 8);
  double sum = 0;
  for (const auto& row : e.rows) sum += std::isnan(row.score) ? 0 : row.score;
  CHECK_THAT(e.score, WithinRel(sum / 6, 1e-12));
  CHECK(e.low < e.score);
  CHECK(e.score < e.high);
  CHECK(*e.band == fgm::Relationship::defined);
  CHECK_THAT(e.text.at("en"), ContainsSubstring("6 of 8"));
}

TEST_CASE("what is not known is named and never 0 [22, 45]") {
  const auto none = fgm::evidence(fgm::EvidenceFigures{});
  CHECK(none.known == 0);
  CHECK(std::isnan(none.score));
  CHECK_FALSE(none.band.has_value());
  CHECK(none.unknown.size() == 8);
  CHECK_THAT(none.text.at("vi"), ContainsSubstring("Chưa đủ dữ liệu"));
  fg::Funnel nobody;
  nobody.add_stage({.name = "a"});
  nobody.add_entry({.stage = "a", .volume = 1});
  for (const auto& figure : fgm::evidence_figures(nobody)) CHECK(std::isnan(figure.value));
  fgm::EvidenceFigures two;
  fgm::put_figure(two, wait, 1);
  fgm::put_figure(two, loss, 0.5);
  CHECK(std::isnan(fgm::evidence(two).score));  // two indicators are no picture
  fgm::put_figure(two, feedback, 0.5, 40);
  CHECK_FALSE(std::isnan(fgm::evidence(two).score));
  for (const std::string& name : fg::reference::names()) {
    CHECK_NOTHROW(fgm::evidence(fgm::evidence_figures(fg::reference::by_name(name))));
  }
}

TEST_CASE("a record of hand-offs goes before the funnel's lags [30, 57]") {
  fg::HandOffRecord record;
  record.total.in_order = 60;
  record.total.between = 40;
  record.total.touched_in_time = 70;
  record.total.touched = 90;
  record.total.feedback = 25;
  record.total.touch_mean = 0.5;
  auto f = fgm::evidence_figures(rich());
  fgm::put_record(f, record);
  CHECK(at(f, wait).value == 0.5);
  CHECK(at(f, wait).from == "record");
  CHECK(at(f, wait).n == 90.0);
  CHECK_THAT(at(f, breach).value, WithinRel(0.3, 1e-12));
  CHECK_THAT(at(f, feedback).value, WithinRel(0.25, 1e-12));
  CHECK_THAT(at(f, feedback).low, WithinRel(fg::fit::jeffreys_interval(25, 100).low, 1e-9));
  CHECK(at(f, loss).from == "funnel");
  fgm::EvidenceFigures empty;
  fgm::put_record(empty, {});
  for (const auto& figure : empty) CHECK(std::isnan(figure.value));
}

TEST_CASE("opinion beside evidence: where they disagree is the finding [56, 57]") {
  fgm::Answers table;
  for (int i = 0; i < 6; ++i) {
    test::add_row(table, "Marketing", "staff", std::vector<double>(20, 5.0));
    test::add_row(table, "Sales", "staff", std::vector<double>(20, 2.0));
  }
  const auto m = fgm::assess(fgm::standard_instrument(), table);
  fgm::EvidenceFigures f;
  fgm::put_figure(f, feedback, 0.25, 100);   // 40
  fgm::put_figure(f, wait, 1);               // 60
  fgm::put_figure(f, joint_ownership, 0.1);  // 40
  const auto rows = fgm::compare_with(fgm::evidence(f), m);
  REQUIRE(rows.size() == 18);
  const auto of = [&](const std::string& id, fgm::Side side) {
    for (const auto& row : rows) {
      if (row.indicator == id && row.side == side) return row;
    }
    FAIL();
    return rows[0];
  };
  CHECK(of("feedback", fgm::Side::marketing).difference == 60.0);
  CHECK(of("feedback", fgm::Side::marketing).finding == fgm::Finding::opinion_higher);
  CHECK(of("feedback", fgm::Side::sales).finding == fgm::Finding::agree);
  CHECK(of("wait", fgm::Side::sales).finding == fgm::Finding::opinion_lower);  // 40 against 60: a whole band
  CHECK(of("breach", fgm::Side::sales).finding == fgm::Finding::unknown);
  CHECK(of("score", fgm::Side::sales).opinion == 40.0);
  CHECK_THAT(of("score", fgm::Side::sales).evidence, WithinRel(140.0 / 3, 1e-12));
  CHECK(rows[0].difference == 60.0);
  CHECK(rows.back().finding == fgm::Finding::unknown);
  CHECK_THAT(rows[0].text.at("vi"), ContainsSubstring("đánh giá cao hơn"));
  CHECK_THROWS_AS(fgm::compare_with(fgm::evidence(f), m, 0), fg::InvalidValueError);
}

TEST_CASE("what the assessment withholds stays unknown beside evidence [56]") {
  fgm::Answers table;
  for (int i = 0; i < 6; ++i) test::add_row(table, "Marketing", "staff", std::vector<double>(20, 5.0));
  test::add_row(table, "Sales", "head", std::vector<double>(20, 2.0));
  const auto m = fgm::assess(fgm::standard_instrument(), table);
  fgm::EvidenceFigures f;
  for (const auto kind : {loss, breach, feedback}) fgm::put_figure(f, kind, 0.5);
  for (const auto& row : fgm::compare_with(fgm::evidence(f), m)) {
    if (row.side == fgm::Side::sales) {
      CHECK(std::isnan(row.opinion));
      CHECK(row.finding == fgm::Finding::unknown);
    }
  }
}

TEST_CASE("figures and thresholds that cannot be are refused") {
  fgm::EvidenceFigures f;
  CHECK_THROWS_AS(fgm::put_figure(f, feedback, 1.2), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::put_figure(f, feedback, NAN), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::put_figure(f, wait, -1), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::put_figure(f, wait, INFINITY), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::put_figure(f, loss, 0.5, -1), fg::InvalidValueError);
  auto table = fgm::evidence_indicators();
  table[0].thresholds = {1, 3, 0.25};
  CHECK_THROWS_AS(fgm::evidence(f, {.table = table}), fg::InvalidValueError);
  table = fgm::evidence_indicators();
  table[4].best = NAN;
  CHECK_THROWS_AS(fgm::evidence(f, {.table = table}), fg::InvalidValueError);
}
