#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/review.hpp>

#include "maturity/survey.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;

namespace {

const fgm::ScoreChange& of(const fgm::Review& review, fgm::Side side) {
  return review.sides[static_cast<std::size_t>(side)];
}

}  // namespace

TEST_CASE("a review is paired where the same people answered, and then much surer [56]") {
  const auto before = test::Survey{}.draw_table(20, 1);
  auto after = before;
  for (double& answer : after.answers) answer = std::min(answer + 1, 5.0);
  const auto paired = fgm::review(fgm::standard_instrument(), before, after);
  for (const auto& row : paired.statements) {
    CHECK(row.paired);
    CHECK(row.answers == 20);
    CHECK(row.change >= 0);
    CHECK_THAT(row.change, Catch::Matchers::WithinAbs(row.later - row.earlier, 1e-12));
    CHECK(row.low <= row.change);
    CHECK(row.change <= row.high);
  }
  for (std::string& who : after.respondents) who += " new";
  const auto unpaired = fgm::review(fgm::standard_instrument(), before, after);
  const auto& a = of(paired, fgm::Side::sales);
  const auto& b = of(unpaired, fgm::Side::sales);
  CHECK_FALSE(b.paired);
  CHECK_THAT(a.change, Catch::Matchers::WithinAbs(b.change, 1e-9));
  CHECK(a.high - a.low < b.high - b.low);
}

TEST_CASE("pairs are not used where they would give somebody away [56]") {
  const auto before = test::Survey{}.draw_table(6, 2);
  auto after = before;
  after.respondents[0] = "somebody else";  // one of Marketing is left over in both tables
  const auto review = fgm::review(fgm::standard_instrument(), before, after);
  CHECK_FALSE(of(review, fgm::Side::marketing).paired);
  CHECK(of(review, fgm::Side::sales).paired);
}

TEST_CASE("below five there is a change but no interval [56]") {
  const auto before = test::Survey{}.draw_table(4, 2);
  const auto review = fgm::review(fgm::standard_instrument(), before, before);
  for (const auto& row : review.statements) {
    CHECK(row.change == 0.0);
    CHECK(std::isnan(row.low));
  }
}

TEST_CASE("a series keeps the sides apart and one instrument [56]") {
  const auto& instrument = fgm::standard_instrument();
  const std::vector<fgm::Assessment> times{fgm::assess(instrument, test::Survey{}.draw_table(10, 1)),
                                           fgm::assess(instrument, test::Survey{}.draw_table(10, 2))};
  const std::vector<std::string> labels{"2025", "2026"};
  const auto rows = fgm::series(labels, times);
  REQUIRE(rows.size() == 4);
  CHECK(std::isnan(rows[0].change));
  CHECK(rows[2].change == rows[2].score.value - rows[0].score.value);
  CHECK_THROWS_AS(fgm::series(std::vector<std::string>{"2025"}, times), fg::InvalidValueError);
}

TEST_CASE("a score among those of others") {
  fgm::Score score{60, 50, 70, std::nullopt, {}};
  const std::vector<double> others{40, 50, 60, 70, 80};
  const auto standing = fgm::benchmark(score, others);
  CHECK(standing.share_below == 0.5);
  CHECK_THAT(standing.low, Catch::Matchers::WithinAbs(0.3, 1e-12));
  CHECK_THAT(standing.high, Catch::Matchers::WithinAbs(0.7, 1e-12));
  CHECK_THROWS_AS(fgm::benchmark(score, std::vector<double>{1, 2, 3, 4}), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::benchmark(score, std::vector<double>{1, 2, 3, 4, NAN}), fg::InvalidValueError);
}
