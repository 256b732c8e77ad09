#include <funnelgraph/core/exact_sum.hpp>
#include <funnelgraph/core/philox.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

namespace fg = funnelgraph;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double exact(const std::vector<double>& values) {
  fg::ExactSum sum;
  for (const double value : values) sum += value;
  return sum.value();
}

/// Doubles of every magnitude and sign, subnormals included.
std::vector<double> any_doubles(std::size_t count, std::uint64_t seed) {
  fg::RandomStream random(seed, 0, "values");
  std::vector<double> values;
  while (values.size() < count) {
    const double value = std::bit_cast<double>(random());
    if (std::isfinite(value) && std::abs(value) < 0x1p+1000) values.push_back(value);
  }
  return values;
}

}  // namespace

// Every `==` below is the claim: the same bits.

TEST_CASE("an exact sum is the correctly rounded one", "[exact_sum]") {
  CHECK(exact({}) == 0);
  CHECK(exact({0.1}) == 0.1);
  CHECK(exact({-0.1, 0.1}) == 0);
  CHECK(exact({1e300, 1, -1e300}) == 1);
  CHECK(exact({1e300, 1, -1e300, 0x1p-1074, -1}) == 0x1p-1074);
  CHECK(exact({0x1p-1074, 0x1p-1074, 0x1p-1022}) == 0x1p-1022 + 0x1p-1073);
  // Ties to even, and what stands far below a tie decides it.
  CHECK(exact({1, 0x1p-53}) == 1);
  CHECK(exact({1, 0x1p-53, 0x1p-1074}) == 1 + 0x1p-52);
  CHECK(exact({1, 0x1p-53, -0x1p-1074}) == 1);
  CHECK(exact({1 + 0x1p-52, 0x1p-53}) == 1 + 0x1p-51);
  CHECK(exact({-1, -0x1p-53, -0x1p-200}) == -1 - 0x1p-52);
  CHECK(exact({0x1.fffffffffffffp+0, 0x1p-53}) == 2);  // rounding carries into the next power
  const double most = std::numeric_limits<double>::max();
  CHECK(exact({most, most, -most}) == most);
  CHECK(exact({most, most}) == infinity);
  CHECK(exact({most, 0x1p+970}) == infinity);  // half an ulp above the largest rounds away
  CHECK(exact({most, 0x1p+969}) == most);
  // 0.1 added ten times: the exact sum of ten equal doubles is ten times it, rounded once.
  CHECK(exact(std::vector<double>(10, 0.1)) == 10 * 0.1);
}

TEST_CASE("an exact sum keeps infinities and the unknown", "[exact_sum]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(exact({1, infinity}) == infinity);
  CHECK(exact({-infinity, 1}) == -infinity);
  CHECK(std::isnan(exact({infinity, -infinity})));
  CHECK(std::isnan(exact({nan, 1})));
  fg::ExactSum a, b;
  a += nan;
  b += infinity;
  b += -infinity;
  CHECK(a == b);
  CHECK_FALSE(a == fg::ExactSum{});
}

TEST_CASE("order, grouping and merging never change a bit", "[exact_sum]") {
  std::vector<double> values = any_doubles(3000, 5);
  const double expected = exact(values);
  fg::ExactSum whole;
  for (const double value : values) whole += value;
  for (std::uint64_t trial = 0; trial < 20; ++trial) {
    fg::RandomStream random(trial, 0, "shuffle");
    for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random() % i]);
    std::vector<fg::ExactSum> parts(1 + random() % 7);
    for (const double value : values) parts[random() % parts.size()] += value;
    while (parts.size() > 1) {
      const std::size_t into = random() % (parts.size() - 1);
      parts[into] += parts.back();
      parts.pop_back();
    }
    REQUIRE(parts[0].value() == expected);
    REQUIRE(parts[0] == whole);
    REQUIRE(parts[0].parts() == whole.parts());
  }
}

TEST_CASE("cancelling sums return to exactly nothing", "[exact_sum]") {
  std::vector<double> values = any_doubles(500, 9);
  fg::ExactSum sum;
  for (const double value : values) sum += value;
  for (const double value : values) sum += -value;
  CHECK(sum.value() == 0);
  CHECK(sum == fg::ExactSum{});
  CHECK(sum.parts().empty());
  sum += -3.0;
  sum.merge(sum);
  CHECK(sum.value() == -6);
}

TEST_CASE("the parts of a sum rebuild it", "[exact_sum]") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    fg::ExactSum sum, again;
    for (const double value : any_doubles(40, seed)) sum += value;
    for (const double part : sum.parts()) again += part;
    REQUIRE(again == sum);
  }
}

TEST_CASE("products are added without rounding", "[exact_sum]") {
  fg::ExactSum sum;
  const double a = 1 + 0x1p-40, b = 1 - 0x1p-40;
  sum.add_product(a, b);  // 1 - 2^-80 exactly
  sum += -1.0;
  CHECK(sum.value() == -0x1p-80);
}

TEST_CASE("many additions carry in time", "[exact_sum]") {
  fg::ExactSum sum;
  for (int i = 0; i < 100'000; ++i) sum += 0x1.fffffffffffffp+31;
  CHECK(sum.value() == 100'000 * 0x1.fffffffffffffp+31);
  fg::ExactSum doubled;
  doubled += 1.0;
  for (int i = 0; i < 900; ++i) doubled.merge(doubled);  // 2^900
  CHECK(doubled.value() == 0x1p+900);
  doubled += -0x1p+900;
  CHECK(doubled.value() == 0);
}

TEST_CASE("a compensated sum keeps what plain addition loses", "[exact_sum]") {
  fg::CompensatedSum sum;
  for (const double value : {1.0, 1e100, 1.0, -1e100}) sum += value;
  CHECK(sum.value() == 2);
  fg::CompensatedSum left, right;
  double plain = 0;
  std::vector<double> values(1'000'000, 0.1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    (i % 2 == 0 ? left : right) += values[i];
    plain += values[i];
  }
  left += right;
  const double expected = exact(values);
  // Two ulp of the result.
  CHECK_THAT(left.value(), Catch::Matchers::WithinRel(expected, 5e-16));
  CHECK(plain != expected);
  fg::CompensatedSum infinite;
  infinite += infinity;
  infinite += 1;
  CHECK(infinite.value() == infinity);
}
