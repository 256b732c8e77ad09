#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <set>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/friction.hpp>

#include "maturity/survey.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using fgm::Friction;
using fgm::Reply;

namespace {

const fgm::FrictionRow& row(const fgm::FrictionReport& report, const std::string& id) {
  for (const auto& one : report.rows) {
    if (one.indicator.id == id) return one;
  }
  FAIL("no indicator " << id);
  return report.rows.front();
}

fgm::Assessment answered(const std::string& low, double value) {
  const auto& instrument = fgm::standard_instrument();
  fgm::Answers table;
  for (int i = 0; i < 6; ++i) {
    std::vector<double> answers(20, 4.0);
    test::add_row(table, "Marketing", "staff", answers);
    for (std::size_t s = 0; s < 20; ++s) {
      if (instrument.statements[s].id == low) answers[s] = value;
    }
    test::add_row(table, "Sales", "staff", answers);
  }
  return fgm::assess(instrument, table);
}

}  // namespace

TEST_CASE("economic and cultural friction as data, in both languages [48, 51, 52]") {
  std::set<std::string> statements, conditions, topics;
  for (const auto& s : fgm::standard_instrument().statements) statements.insert(s.id);
  for (const auto& c : fgm::conditions()) conditions.insert(c.id);
  for (const auto& one : fgm::friction_indicators()) {
    CAPTURE(one.id);
    CHECK(one.topic.size() == 2);
    CHECK(one.text.size() == 2);
    for (const auto& id : one.statements) CHECK(statements.contains(id));
    if (!one.condition.empty()) CHECK(conditions.contains(one.condition));
    CHECK((!one.statements.empty() || one.figure != fgm::FrictionFigure::none));
    if (one.kind == Friction::economic) topics.insert(one.id);
  }
  CHECK(topics ==
        std::set<std::string>{"price_reward", "price_level", "promotion", "product", "budget", "head_count"});
}

TEST_CASE("without answers and figures nothing is said, and that is said [51]") {
  const auto report = fgm::friction(nullptr);
  CHECK(report.unknown == report.rows.size());
  for (const auto& one : report.rows) {
    CHECK(one.shows == Reply::unknown);
    CHECK(std::isnan(one.answer));
  }
  CHECK_THAT(report.text.at("en"), Catch::Matchers::ContainsSubstring("Nothing is known"));
  CHECK(report.frame.empty());
}

TEST_CASE("a low answer of either side is a sign, and whose it is [52]") {
  const auto m = answered("common_language", 2);
  const auto report = fgm::friction(&m);
  CHECK(report.rows[0].indicator.id == "language");
  CHECK(report.rows[0].shows == Reply::yes);
  CHECK(report.rows[0].side == fgm::Side::sales);
  CHECK(report.rows[0].answer == 2.0);
  CHECK(row(report, "blame").shows == Reply::no);
  CHECK(row(report, "head_count").shows == Reply::unknown);
  CHECK(report.cultural == 1);
  CHECK(report.economic == 0);
  CHECK_THAT(report.text.at("en"), Catch::Matchers::ContainsSubstring("time and work"));
  // 2.5 of 1 to 5 is the edge.
  const auto edge = answered("common_language", 3);
  CHECK(row(fgm::friction(&edge), "language").shows == Reply::no);
  CHECK(row(fgm::friction(&edge, {.low_answer = 0.5}), "language").shows == Reply::yes);
}

TEST_CASE("figures and replies are signs too [48, 51]") {
  const auto report = fgm::friction(
      nullptr, {.figures = {.commission = 0.05, .promotion = 0.4, .load = 0.95, .unanswered = 0.2},
                .replies = {{"compete_for_resources", Reply::yes}, {"conflict_evident", Reply::no}}});
  CHECK(row(report, "price_reward").by_figure == Reply::yes);  // the threshold itself counts
  CHECK(row(report, "promotion").shows == Reply::no);
  CHECK(row(report, "head_count").shows == Reply::yes);
  CHECK(row(report, "budget").by_condition == Reply::yes);
  CHECK(row(report, "blame").shows == Reply::no);
  CHECK(row(report, "feedback").shows == Reply::no);
  CHECK(report.economic == 3);
  CHECK_THAT(report.text.at("vi"), Catch::Matchers::ContainsSubstring("về tiền"));
}

TEST_CASE("Marketing's role frames friction: the kind to expect comes first [49, 50]") {
  const fgm::FrictionFigures both{.price_losses = 0.5, .horizon = 10};
  const auto economic = fgm::friction(nullptr, {.figures = both, .marketing_role = "own_function"});
  CHECK(economic.rows[0].indicator.kind == Friction::economic);
  CHECK(economic.rows[0].expected);
  CHECK_FALSE(economic.frame.empty());
  const auto cultural = fgm::friction(nullptr, {.figures = both, .marketing_role = "works_with_others"});
  CHECK(cultural.rows[0].indicator.kind == Friction::cultural);
  CHECK(economic.economic == cultural.economic);
  CHECK_THAT(cultural.text.at("en"), Catch::Matchers::ContainsSubstring("neither kind prevails"));
}

TEST_CASE("names and limits that cannot be are refused") {
  CHECK_THROWS_AS(fgm::friction(nullptr, {.marketing_role = "helpr"}), fg::UnknownNameError);
  CHECK_THROWS_AS(fgm::friction(nullptr, {.replies = {{"conflict", Reply::yes}}}), fg::UnknownNameError);
  CHECK_THROWS_AS(fgm::friction(nullptr, {.low_answer = 1.5}), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::friction(nullptr, {.low_answer = NAN}), fg::InvalidValueError);
}
