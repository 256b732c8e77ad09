#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/sobol_estimates.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "support/oracle.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Ishigami's function with a = 7 and b = 0.1, of uniform numbers in (0, 1).
double ishigami(std::span<const double> u) {
  const auto angle = [&](std::size_t i) { return (2 * u[i] - 1) * std::numbers::pi; };
  return std::sin(angle(0)) + 7 * std::pow(std::sin(angle(1)), 2) +
         0.1 * std::pow(angle(2), 4) * std::sin(angle(0));
}

double halton(std::size_t index, std::size_t base) {
  double value = 0;
  double part = 1.0 / static_cast<double>(base);
  for (; index > 0; index /= base, part /= static_cast<double>(base)) {
    value += static_cast<double>(index % base) * part;
  }
  return value;
}

}  // namespace

TEST_CASE("Sobol indices of Ishigami's function are those of its closed form [whatif, sobol]") {
  const double pi4 = std::pow(std::numbers::pi, 4);
  const double first = 0.5 * std::pow(1 + 0.1 * pi4 / 5, 2);
  const double second = 49.0 / 8;
  const double joint = 0.01 * pi4 * pi4 * 8 / 225;
  const double variance = first + second + joint;
  const auto indices = fg::sobol_indices(ishigami, 3, 1U << 14U, {.resamples = 50, .seed = 1});
  REQUIRE(indices.size() == 3);
  // 16,384 points: the estimates are within 1e-3 to 2e-3 of the truth, whatever the seed.
  constexpr double tolerance = 4e-3;
  CHECK_THAT(indices[0].first.value, WithinAbs(first / variance, tolerance));
  CHECK_THAT(indices[1].first.value, WithinAbs(second / variance, tolerance));
  CHECK_THAT(indices[2].first.value, WithinAbs(0, tolerance));
  CHECK_THAT(indices[0].total.value, WithinAbs((first + joint) / variance, tolerance));
  CHECK_THAT(indices[1].total.value, WithinAbs(second / variance, tolerance));
  CHECK_THAT(indices[2].total.value, WithinAbs(joint / variance, tolerance));
  for (const fg::SobolIndices& one : indices) {
    CHECK(one.first.low < one.first.value);
    CHECK(one.total.value < one.total.high);
  }
}

TEST_CASE("the estimators are SALib's, and so are the intervals up to their own chance [whatif, sobol]") {
  const boost::json::value figures = test::oracle("sobol.json");
  const auto points = static_cast<std::size_t>(figures.at("points").as_int64());
  std::vector<std::vector<double>> values(5);
  for (std::size_t i = 1; i <= points; ++i) {
    std::vector<double> at;
    for (const auto& base : figures.at("bases").as_array()) {
      at.push_back(halton(i, static_cast<std::size_t>(base.as_int64())));
    }
    for (std::size_t set = 0; set < 5; ++set) {
      std::vector<double> x(3);
      for (std::size_t d = 0; d < 3; ++d) x[d] = at[set == 1 || set == d + 2 ? d + 3 : d];
      values[set].push_back(ishigami(x));
    }
  }
  const auto indices = fg::sobol_estimates({values[0], values[1], {values[2], values[3], values[4]}},
                                           {.resamples = 20'000, .seed = 5});
  for (std::size_t i = 0; i < 3; ++i) {
    const auto figure = [&](const char* name) { return test::number(figures.at(name).at(i)); };
    // The same arithmetic in another order.
    CHECK_THAT(indices[i].first.value, WithinAbs(figure("first"), 1e-12));
    CHECK_THAT(indices[i].total.value, WithinAbs(figure("total"), 1e-12));
    // Two bootstraps of 20,000: each is known to 0.5 %.
    CHECK_THAT(indices[i].first.high - indices[i].first.value, WithinRel(figure("first_half_width"), 0.03));
    CHECK_THAT(indices[i].total.high - indices[i].total.value, WithinRel(figure("total_half_width"), 0.03));
  }
}

TEST_CASE("intervals of Sobol indices hold the truth about as often as they say [whatif, sobol]") {
  // f = x + 2 y: first and total indices 0.2 and 0.8. Sobol points are better than the independent ones that
  // the bootstrap thinks of, so the intervals are on the safe side.
  int inside = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto indices = fg::sobol_indices([](std::span<const double> u) { return u[0] + 2 * u[1]; }, 2, 128,
                                           {.resamples = 100, .seed = seed});
    const bool holds = indices[0].first.low <= 0.2 && 0.2 <= indices[0].first.high &&
                       indices[1].total.low <= 0.8 && 0.8 <= indices[1].total.high;
    inside += holds ? 1 : 0;
  }
  CHECK(inside >= 54);
}

TEST_CASE("points of the cube are the same from wherever they are read, and balanced [whatif, sobol]") {
  const fg::SobolPoints cube(5, 42);
  std::vector<std::vector<double>> all(5, std::vector<double>(64)), part(5, std::vector<double>(10));
  std::vector<double*> into, into_part;
  for (auto& column : all) into.push_back(column.data());
  for (auto& column : part) into_part.push_back(column.data());
  cube.fill(0, 64, into);
  cube.fill(13, 10, into_part);
  for (std::size_t d = 0; d < 5; ++d) {
    std::vector<int> cells(64, 0);
    for (const double x : all[d]) {
      REQUIRE(x > 0);
      REQUIRE(x < 1);
      ++cells[static_cast<std::size_t>(x * 64)];
    }
    // A digital net has one point in each of 64 equal cells of every axis; a shift keeps that.
    CHECK(std::count(cells.begin(), cells.end(), 1) == 64);
    for (std::size_t v = 0; v < 10; ++v) CHECK(part[d][v] == all[d][13 + v]);
  }
}

TEST_CASE("bad samples of Sobol indices are refused, unknown values left out [whatif, sobol]") {
  const std::vector<double> a{1, 2, 3, 4}, b{4, 1, 2, 3}, mixed{1, 1, 2, 2}, fewer{1, 2};
  CHECK_THROWS_AS(fg::sobol_estimates({a, fewer, {mixed}}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sobol_estimates({a, b, {fewer}}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sobol_estimates({a, b, {mixed}}, {.level = 1}), fg::InvalidValueError);
  const auto nothing = [](std::span<const double>) { return 1.0; };
  CHECK_THROWS_AS(fg::sobol_indices(nothing, 2, 100), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sobol_indices(nothing, 2, 0), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sobol_indices(nothing, 0, 64), fg::InvalidValueError);
  CHECK(std::isnan(fg::sobol_indices(nothing, 2, 64)[0].first.value));

  std::vector<double> gap = a, more_a = a, more_b = b, more_mixed = mixed;
  more_a.push_back(std::numeric_limits<double>::quiet_NaN());
  more_b.push_back(7);
  more_mixed.push_back(9);
  const auto whole = fg::sobol_estimates({a, b, {mixed}}, {.resamples = 0});
  const auto gapped = fg::sobol_estimates({more_a, more_b, {more_mixed}}, {.resamples = 0});
  CHECK(whole[0].first.value == gapped[0].first.value);
  CHECK(std::isnan(whole[0].first.low));
}
