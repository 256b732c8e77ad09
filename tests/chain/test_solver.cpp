#include <Eigen/Dense>
#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>

#include "random_chain.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using funnelgraph::Elimination;
using funnelgraph::Solver;
using test::PlainChain;
using Rational = boost::multiprecision::cpp_rational;
using Dense = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;

namespace {

/// I - P by the convention of Solver: the diagonal is the sum of what leaves.
Dense equations(const PlainChain& chain) {
  Dense matrix = Dense::Zero(chain.stages, chain.stages);
  for (std::uint32_t i = 0; i < chain.stages; ++i) {
    matrix(i, i) += static_cast<long double>(chain.drop_off[i]);
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      const std::uint32_t to = chain.target[e];
      if (to == i) continue;
      matrix(i, i) += static_cast<long double>(chain.rate[e]);
      if (to < chain.stages) matrix(i, to) -= static_cast<long double>(chain.rate[e]);
    }
  }
  return matrix;
}

void check_against_dense(const PlainChain& chain, std::mt19937_64& random) {
  const Elimination plan = chain.plan();
  const Solver<double> solver(plan, chain.rate, chain.drop_off);
  const Dense inverse = equations(chain).partialPivLu().inverse();
  // Long double LU loses its condition number, at most 1e5 here, times 1e-19; ours a few times 1e-16 a step.
  constexpr double tolerance = 1e-12;
  constexpr double noise = 1e-13;  // what the subtractions of the dense side leave of a zero
  constexpr std::size_t columns = 3;
  std::vector<double> c(chain.stages * columns), a(c.size());
  for (double& x : c) x = static_cast<double>(random() % 100);
  for (double& x : a) x = static_cast<double>(random() % 100);
  const std::vector<double> costs = c, entrants = a;
  solver.solve(c, columns);
  solver.solve_transposed(a, columns);
  const std::vector<double> self = solver.self_visits();
  for (Eigen::Index i = 0; i < inverse.rows(); ++i) {
    const auto stage = static_cast<std::size_t>(i);
    CHECK_THAT(self[stage], WithinRel(static_cast<double>(inverse(i, i)), tolerance));
    for (std::size_t m = 0; m < columns; ++m) {
      long double value = 0, visits = 0;
      for (Eigen::Index j = 0; j < inverse.rows(); ++j) {
        value += inverse(i, j) * static_cast<long double>(costs[static_cast<std::size_t>(j) * columns + m]);
        visits +=
            inverse(j, i) * static_cast<long double>(entrants[static_cast<std::size_t>(j) * columns + m]);
      }
      CHECK_THAT(c[stage * columns + m], WithinRel(static_cast<double>(value), tolerance) ||
                                             WithinAbs(static_cast<double>(value), noise));
      CHECK_THAT(a[stage * columns + m], WithinRel(static_cast<double>(visits), tolerance) ||
                                             WithinAbs(static_cast<double>(visits), noise));
    }
  }
  // One column takes another path and gives the same bits.
  std::vector<double> single(chain.stages), transposed(chain.stages);
  for (std::size_t i = 0; i < chain.stages; ++i) {
    single[i] = costs[i * columns + 1];
    transposed[i] = entrants[i * columns + 1];
  }
  solver.solve(single);
  solver.solve_transposed(transposed);
  for (std::size_t i = 0; i < chain.stages; ++i) {
    CHECK(single[i] == c[i * columns + 1]);
    CHECK(transposed[i] == a[i * columns + 1]);
  }
}

template <class T>
std::vector<T> as(const std::vector<double>& numbers) {
  return std::vector<T>(numbers.begin(), numbers.end());
}

/// A number with its derivative by one input.
struct Dual {
  double value = 0, slope = 0;
  Dual() = default;
  explicit Dual(int whole) : value(whole) {}
  Dual(double v, double s) : value(v), slope(s) {}
  friend Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend Dual operator*(Dual a, Dual b) { return {a.value * b.value, a.slope * b.value + a.value * b.slope}; }
  friend Dual operator/(Dual a, Dual b) {
    return {a.value / b.value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value)};
  }
  friend bool operator==(Dual a, Dual b) { return a.value == b.value; }
};

}  // namespace

TEST_CASE("random chains agree with dense long double algebra") {
  std::mt19937_64 random(20240501);
  for (int n = 0; n < 400; ++n) {
    CAPTURE(n);
    check_against_dense(test::random_chain(random, 1 + static_cast<std::uint32_t>(random() % 14), 5), random);
  }
}

TEST_CASE("larger random chains agree, with dense rest and without") {
  std::mt19937_64 random(7);
  bool dense = false, sparse = false;
  for (const std::uint32_t stages : {60U, 150U, 250U}) {
    for (const std::uint32_t reach : {0U, 4U, 40U, 100U}) {
      CAPTURE(stages, reach);
      const PlainChain chain = test::random_chain(random, stages, reach == 0 ? 9 : 4, reach);
      const Elimination plan = chain.plan();
      for (const auto& block : plan.plan().blocks) (block.dense > 0 ? dense : sparse) = true;
      check_against_dense(chain, random);
    }
  }
  CHECK(dense);
  CHECK(sparse);
}

TEST_CASE("a rational solver gives the textbook fractions") {
  // Drunkard's walk 1..5 of Grinstead and Snell: from 2, 3, 4, each way with 1/2.
  const std::vector<std::uint32_t> row_begin{0, 2, 4, 6}, target{3, 1, 0, 2, 1, 4};
  const Elimination plan(3, row_begin, target);
  const std::vector<Rational> rate(6, Rational(1, 2)), drop_off(3, Rational(0));
  const Solver<Rational> solver(plan, rate, drop_off);
  std::vector<Rational> absorbed{Rational(1, 2), 0, 0, 0, 0, Rational(1, 2)};
  solver.solve(absorbed, 2);
  CHECK(absorbed == std::vector<Rational>{Rational(3, 4), Rational(1, 4), Rational(1, 2), Rational(1, 2),
                                          Rational(1, 4), Rational(3, 4)});
  std::vector<Rational> visits{1, 0, 0};
  solver.solve_transposed(visits);
  CHECK(visits == std::vector<Rational>{Rational(3, 2), 1, Rational(1, 2)});
  CHECK(solver.self_visits() == std::vector<Rational>{Rational(3, 2), 2, Rational(3, 2)});
}

TEST_CASE("double agrees with exact rational elimination of the same doubles") {
  std::mt19937_64 random(11);
  for (int n = 0; n < 60; ++n) {
    CAPTURE(n);
    const PlainChain chain = test::random_chain(random, 2 + static_cast<std::uint32_t>(random() % 10), 4);
    const Elimination plan = chain.plan();
    const Solver<double> solver(plan, chain.rate, chain.drop_off);
    const Solver<Rational> exact(plan, as<Rational>(chain.rate), as<Rational>(chain.drop_off));
    std::vector<double> absorbed = chain.exits();
    std::vector<Rational> expected = as<Rational>(absorbed);
    solver.solve(absorbed, 3);
    exact.solve(expected, 3);
    // Componentwise error of a subtraction-free elimination: a few roundings (1.1e-16) for each stage passed.
    for (std::size_t i = 0; i < absorbed.size(); ++i)
      CHECK_THAT(absorbed[i], WithinRel(static_cast<double>(expected[i]), 1e-14));
    const std::vector<double> self = solver.self_visits();
    const std::vector<Rational> exact_self = exact.self_visits();
    for (std::size_t i = 0; i < self.size(); ++i)
      CHECK_THAT(self[i], WithinRel(static_cast<double>(exact_self[i]), 1e-14));
  }
}

TEST_CASE("float and long double solve too") {
  std::mt19937_64 random(3);
  const PlainChain chain = test::random_chain(random, 30, 4);
  const Elimination plan = chain.plan();
  const Solver<double> solver(plan, chain.rate, chain.drop_off);
  const Solver<float> coarse(plan, as<float>(chain.rate), as<float>(chain.drop_off));
  const Solver<long double> fine(plan, as<long double>(chain.rate), as<long double>(chain.drop_off));
  std::vector<double> c = chain.exits();
  std::vector<float> coarse_c = as<float>(c);
  std::vector<long double> fine_c = as<long double>(c);
  solver.solve(c, 3);
  coarse.solve(coarse_c, 3);
  fine.solve(fine_c, 3);
  for (std::size_t i = 0; i < c.size(); ++i) {
    CHECK_THAT(static_cast<double>(coarse_c[i]), WithinRel(c[i], 1e-5));  // 30 stages of 6e-8
    CHECK_THAT(c[i], WithinRel(static_cast<double>(fine_c[i]), 1e-14));
  }
}

TEST_CASE("a dual number carries the derivative through a loop") {
  // 0 -> 1 with p, else lost; 1 -> 0 with 0.5, 1 -> won with 0.5: P(won) = 0.5 p / (1 - 0.5 p).
  const std::vector<std::uint32_t> row_begin{0, 1, 3}, target{1, 0, 2};
  const Elimination plan(2, row_begin, target);
  const double p = 0.4;
  const std::vector<Dual> rate{{p, 1}, {0.5, 0}, {0.5, 0}}, drop_off{{1 - p, -1}, {0, 0}};
  const Solver<Dual> solver(plan, rate, drop_off);
  std::vector<Dual> won{{0, 0}, {0.5, 0}};
  solver.solve(won);
  CHECK_THAT(won[0].value, WithinRel(0.5 * p / (1 - 0.5 * p), 1e-15));
  CHECK_THAT(won[0].slope, WithinRel(0.5 / ((1 - 0.5 * p) * (1 - 0.5 * p)), 1e-14));
}

TEST_CASE("a dual number carries the derivative of a rate of zero") {
  const std::vector<std::uint32_t> row_begin{0, 1, 2}, target{1, 2};
  const Elimination plan(2, row_begin, target);
  const Solver<Dual> solver(plan, std::vector<Dual>{{0, 1}, {1, 0}}, std::vector<Dual>{{1, -1}, {0, 0}});
  std::vector<Dual> won{{0, 0}, {1, 0}};
  solver.solve(won);
  CHECK(won[0].value == 0);
  CHECK_THAT(won[0].slope, WithinRel(1.0, 1e-15));
}

TEST_CASE("the order of the stages changes nothing") {
  std::mt19937_64 random(5);
  for (const std::uint32_t stages : {6U, 30U, 300U, 2600U}) {
    for (int n = 0; n < (stages > 1000 ? 2 : 20); ++n) {
      CAPTURE(stages, n);
      const PlainChain chain = test::random_chain(random, stages, stages > 1000 ? 6 : 4, n % 2 == 0 ? 0 : 5);
      std::vector<std::uint32_t> name(stages);
      std::iota(name.begin(), name.end(), 0U);
      std::shuffle(name.begin(), name.end(), random);
      const PlainChain other = test::renamed(chain, name);
      const Elimination plan = chain.plan(), other_plan = other.plan();
      CHECK(plan.statistics().components == other_plan.statistics().components);
      const Solver<double> solver(plan, chain.rate, chain.drop_off);
      const Solver<double> other_solver(other_plan, other.rate, other.drop_off);
      std::vector<double> c = chain.exits(), other_c = other.exits();
      solver.solve(c, 3);
      other_solver.solve(other_c, 3);
      const std::vector<double> self = solver.self_visits(), other_self = other_solver.self_visits();
      double worst = 0;  // componentwise, so 1e-12 is some thousand roundings
      for (std::size_t i = 0; i < stages; ++i) {
        worst = std::max(worst, std::abs(self[i] / other_self[name[i]] - 1));
        for (std::size_t m = 0; m < 3; ++m)
          if (c[i * 3 + m] != 0)
            worst = std::max(worst, std::abs(other_c[name[i] * 3 + m] / c[i * 3 + m] - 1));
      }
      CHECK(worst < 1e-12);
    }
  }
}

TEST_CASE("a probability is never above 1, rounding included") {
  std::mt19937_64 random(13);
  for (int n = 0; n < 500; ++n) {
    const PlainChain chain =
        test::random_chain(random, 2 + static_cast<std::uint32_t>(random() % 60), 4, n % 3 == 0 ? 0 : 3);
    const Elimination plan = chain.plan();
    const Solver<double> solver(plan, chain.rate, chain.drop_off);
    // All exits but those of outcome 0, which most stages have next to nothing of.
    std::vector<double> c(chain.stages);
    for (std::uint32_t i = 0; i < chain.stages; ++i) {
      c[i] = chain.drop_off[i];
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e)
        if (chain.target[e] > chain.stages) c[i] += chain.rate[e];
    }
    solver.solve(c);
    CHECK(*std::max_element(c.begin(), c.end()) <= 1.0);
  }
}

TEST_CASE("a stage that nearly never leaves is exact") {
  // Two outcomes share 1e-15; the loop holds the rest. Its rate is not even representable next to 1.
  const std::vector<std::uint32_t> row_begin{0, 3}, target{0, 1, 2};
  const Elimination plan(1, row_begin, target);
  const std::vector<double> rate{1 - 1e-15, 2.5e-16, 7.5e-16}, drop_off{0};
  const Solver<double> solver(plan, rate, drop_off);
  std::vector<double> absorbed{2.5e-16, 7.5e-16};
  solver.solve(absorbed, 2);
  CHECK_THAT(absorbed[0], WithinRel(0.25, 4e-16));  // two roundings
  CHECK_THAT(absorbed[1], WithinRel(0.75, 4e-16));
  std::vector<double> visits{1};
  solver.solve_transposed(visits);
  CHECK_THAT(visits[0], WithinRel(1e15, 4e-16));
  CHECK_THAT(solver.self_visits()[0], WithinRel(1e15, 4e-16));
}

TEST_CASE("pivots under the least normal number are divided by, not inverted") {
  // A ring whose exits are subnormal: 1 / pivot would overflow.
  const std::vector<std::uint32_t> row_begin{0, 2, 4, 6}, target{1, 3, 2, 3, 0, 4};
  const Elimination plan(3, row_begin, target);
  const double tiny = 1e-310;
  const std::vector<double> rate{tiny, tiny, tiny, tiny, tiny, tiny}, drop_off{0, 0, 0};
  const Solver<double> solver(plan, rate, drop_off);
  std::vector<double> c{tiny, 0, tiny, 0, 0, tiny};
  solver.solve(c, 2);
  // Each stage leaves by half: from 0 it is 1/2 + 1/4 + 1/8 of itself to the first outcome.
  CHECK_THAT(c[0], WithinRel(6.0 / 7, 1e-12));  // subnormals keep 43 bits here
  CHECK_THAT(c[1], WithinRel(1.0 / 7, 1e-12));
}

TEST_CASE("one stage, no edges; no stages at all") {
  const Elimination plan(1, std::vector<std::uint32_t>{0, 0}, std::vector<std::uint32_t>{});
  const Solver<double> solver(plan, std::vector<double>{}, std::vector<double>{1.0});
  std::vector<double> c{3};
  solver.solve(c);
  CHECK(c[0] == 3);
  solver.solve_transposed(c);
  CHECK(c[0] == 3);
  CHECK(solver.self_visits() == std::vector<double>{1});
  const Elimination none(0, std::vector<std::uint32_t>{0}, std::vector<std::uint32_t>{});
  const Solver<double> nothing(none, std::vector<double>{}, std::vector<double>{});
  std::vector<double> empty;
  nothing.solve(empty);
  CHECK(nothing.self_visits().empty());
}

TEST_CASE("a stage that nothing reaches has no visits and harms nobody") {
  // 0 -> won; 1 -> 0 with everything, nobody enters 1.
  const std::vector<std::uint32_t> row_begin{0, 1, 2}, target{2, 0};
  const Elimination plan(2, row_begin, target);
  const Solver<double> solver(plan, std::vector<double>{0.25, 1}, std::vector<double>{0.75, 0});
  std::vector<double> visits{10, 0};
  solver.solve_transposed(visits);
  CHECK(visits == std::vector<double>{10, 0});
  CHECK(solver.self_visits() == std::vector<double>{1, 1});
}

TEST_CASE("unknown numbers reach who reaches them, and not across a rate of zero") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  // 0 -> 1 with 0, 0 -> 2; 1 and 2 lead to each other's outcome; 3 <-> 4 is a loop that reaches 1 with 0.
  const std::vector<std::uint32_t> row_begin{0, 2, 3, 4, 7, 8}, target{1, 2, 5, 5, 4, 1, 5, 3};
  const Elimination plan(5, row_begin, target);
  const std::vector<double> rate{0, 1, 1, 1, 0.5, 0, 0.5, 1}, drop_off(5, 0.0);
  const Solver<double> solver(plan, rate, drop_off);
  std::vector<double> c{1, nan, 1, 1, 1};
  solver.solve(c);
  CHECK(c[0] == 2);
  CHECK(std::isnan(c[1]));
  CHECK(c[2] == 1);
  CHECK_THAT(c[3], WithinRel(3.0, 1e-15));
  CHECK_THAT(c[4], WithinRel(4.0, 1e-15));
  std::vector<double> inside{1, 1, 1, 1, nan};
  solver.solve(inside);
  CHECK(std::isnan(inside[3]));
  CHECK(std::isnan(inside[4]));
  CHECK(inside[0] == 2);
}

TEST_CASE("a closed cycle is named by its positions") {
  // 0 -> 1 <-> 2, and 3 leaves.
  const std::vector<std::uint32_t> row_begin{0, 1, 2, 3, 4}, target{1, 2, 1, 4};
  const Elimination plan(4, row_begin, target);
  const std::vector<double> rate{1, 1, 1, 1}, drop_off(4, 0.0);
  try {
    const Solver<double> solver(plan, rate, drop_off);
    FAIL("a closed cycle was solved");
  } catch (const funnelgraph::UnsolvableError& error) {
    CHECK(error.stages() == std::vector<std::string>{"1", "2"});
  }
  CHECK_THROWS_AS(Solver<Rational>(plan, as<Rational>(rate), as<Rational>(drop_off)),
                  funnelgraph::UnsolvableError);
}

TEST_CASE("a closed set inside a dense rest is found as well") {
  const std::uint32_t size = 80;
  PlainChain chain;
  chain.stages = size;
  for (std::uint32_t i = 0; i < size; ++i) {
    for (std::uint32_t j = 0; j < size; ++j) {
      chain.target.push_back(j);
      chain.rate.push_back(1.0 / size);
    }
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
    chain.drop_off.push_back(0);
  }
  const Elimination plan = chain.plan();
  REQUIRE(plan.plan().blocks.size() == 1);
  CHECK(plan.plan().blocks[0].dense > 0);
  CHECK_THROWS_AS(Solver<double>(plan, chain.rate, chain.drop_off), funnelgraph::UnsolvableError);
  chain.drop_off[17] = 1e-30;
  const Solver<double> solver(plan, chain.rate, chain.drop_off);
  std::vector<double> dropped(size, 0.0);
  dropped[17] = 1e-30;
  solver.solve(dropped);
  for (const double share : dropped) CHECK_THAT(share, WithinRel(1.0, 1e-13));
}

TEST_CASE("a line of 100,000 stages, forwards and with a step back") {
  const std::uint32_t stages = 100'000;
  for (const double back : {0.0, 0.25}) {
    CAPTURE(back);
    PlainChain chain;
    chain.stages = stages;
    for (std::uint32_t i = 0; i < stages; ++i) {
      chain.target.push_back(i + 1);
      chain.rate.push_back(1 - back);
      if (back > 0) {
        chain.target.push_back(i == 0 ? 0 : i - 1);
        chain.rate.push_back(back);
      }
      chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
      chain.drop_off.push_back(0);
    }
    const Elimination plan = chain.plan();
    CHECK(plan.statistics().fill == 0);
    const Solver<double> solver(plan, chain.rate, chain.drop_off);
    std::vector<double> steps(stages, 1.0);
    solver.solve(steps);
    // The mean time from i to i + 1: a step, and with `back` two of its kind again.
    double expected = 0, up = 1 / (1 - back);
    for (std::uint32_t i = 0; i < stages; ++i) {
      expected += up;
      up = 1 / (1 - back) + back / (1 - back) * up;
    }
    CHECK_THAT(steps[0], WithinRel(expected, 1e-11));  // 1e5 additions on both sides
    std::vector<double> won(stages, 0.0);
    won[stages - 1] = 1 - back;
    solver.solve(won);
    CHECK_THAT(won[0], WithinRel(1.0, 1e-11));
    CHECK(won[0] <= 1.0);
    const std::vector<double> self = solver.self_visits();
    if (back == 0) {
      CHECK(self[stages / 2] == 1);
    } else {
      // From the middle: a step up never comes back with 1 - r, a step down always does.
      const double r = back / (1 - back);
      CHECK_THAT(self[stages / 2], WithinRel(1 / ((1 - back) * (1 - r)), 1e-12));
    }
  }
}

TEST_CASE("spans of another length are refused") {
  const Elimination plan(2, std::vector<std::uint32_t>{0, 1, 2}, std::vector<std::uint32_t>{1, 2});
  const std::vector<double> one{1}, two{1, 1}, none(2, 0.0);
  CHECK_THROWS_AS(Solver<double>(plan, one, none), funnelgraph::InvalidValueError);
  CHECK_THROWS_AS(Solver<double>(plan, two, one), funnelgraph::InvalidValueError);
  const Solver<double> solver(plan, two, none);
  std::vector<double> c(3);
  CHECK_THROWS_AS(solver.solve(c), funnelgraph::InvalidValueError);
  CHECK_THROWS_AS(solver.solve_transposed(c, 2), funnelgraph::InvalidValueError);
}
