#include <cmath>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/number.hpp>
#include <limits>

#include <catch2/catch_test_macros.hpp>

namespace fg = funnelgraph;

TEST_CASE("a bare number is assumed") {
  const fg::Number number = 0.35;
  CHECK(number.value == 0.35);
  CHECK(number.source.kind() == fg::SourceKind::assumed);
  CHECK(std::isnan(number.source.n()));
  CHECK(number.source.by().empty());
  CHECK_FALSE(number.source.interval());
  CHECK(fg::Number(3).value == 3.0);
  CHECK(fg::Number() == fg::Number(0));
}

TEST_CASE("a number says where it comes from") {
  const fg::Number counted = fg::measured(0.0356, {.n = 200'000});
  CHECK(counted.source.kind() == fg::SourceKind::measured);
  CHECK(counted.source.n() == 200'000);
  CHECK_FALSE(counted.source.interval());

  const fg::Number with_range = fg::measured(0.3, {.n = 40, .interval = fg::Interval{0.2, 0.4}});
  REQUIRE(with_range.source.interval());
  CHECK(with_range.source.interval()->level == 0.95);

  const fg::Number promised = fg::agreed(0.98, {"Sales", "Care"});
  CHECK(promised.source.kind() == fg::SourceKind::agreed);
  CHECK(promised.source.by() == std::vector<std::string>{"Sales", "Care"});
  CHECK(fg::estimated(0.35, {"Sales"}).source.kind() == fg::SourceKind::estimated);
  CHECK(fg::placeholder(0.5).source.kind() == fg::SourceKind::placeholder);
  CHECK(fg::placeholder(0.5).value == 0.5);
}

TEST_CASE("an interval stands where a number can") {
  const fg::Number range = fg::between(0.1, 0.3);
  CHECK(range.value == 0.2);
  CHECK(range.source.kind() == fg::SourceKind::assumed);
  CHECK(range.source.interval() == fg::Interval{0.1, 0.3, 0.90});
  CHECK(fg::between(5, 5).value == 5);
}

TEST_CASE("numbers are equal by value and source") {
  CHECK(fg::Number(0.5) == fg::Number(0.5));
  CHECK_FALSE(fg::Number(0.5) == fg::placeholder(0.5));
  CHECK(fg::measured(0.5, {.n = 7}) == fg::measured(0.5, {.n = 7}));
  CHECK_FALSE(fg::measured(0.5, {.n = 7}) == fg::measured(0.5, {.n = 8}));
  CHECK_FALSE(fg::agreed(0.5, {"Sales"}) == fg::agreed(0.5, {"Care"}));
  CHECK_FALSE(fg::between(0, 1) == fg::Number(0.5));
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  CHECK(fg::Number(unknown) == fg::Number(unknown));
  CHECK_FALSE(fg::Number(unknown) == fg::Number(0));
  CHECK(fg::Source(fg::SourceDetails{}) == fg::Source());
  CHECK_FALSE(fg::Source({.by = {"Lan"}, .interval = {}}) == fg::Source());
  CHECK_FALSE(fg::Source({.n = 5, .by = {}, .interval = {}}) == fg::Source());
  CHECK(fg::estimated(1, {"Cha\u0306m so\u0301c"}) == fg::estimated(1, {"Chăm sóc"}));
}

TEST_CASE("sources that say nothing are refused") {
  CHECK_THROWS_AS(fg::measured(0.5, {.n = -1}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::measured(0.5, {.n = std::numeric_limits<double>::infinity()}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::measured(0.5, {.n = std::numeric_limits<double>::quiet_NaN()}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::measured(0.5, {.n = 9, .interval = fg::Interval{0.6, 0.4}}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::measured(0.5, {.n = 9, .interval = fg::Interval{0.4, 0.6, 1}}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::agreed(0.5, {}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::estimated(0.5, {}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::estimated(0.5, {"\xFF"}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::between(0.3, 0.1), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::between(0, std::numeric_limits<double>::infinity()), fg::InvalidValueError);
}
