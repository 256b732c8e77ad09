#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <limits>
#include <vector>

#include <funnelgraph/chain/closed_sets.hpp>
#include <funnelgraph/core/error.hpp>

using funnelgraph::closed_sets;
using funnelgraph::Elimination;
using Stages = std::vector<std::uint32_t>;
using Numbers = std::vector<double>;

// 0 -> 1 <-> 2 ; 3 -> outcome ; 4 -> 4 ; 5 -> 0
static const Elimination& plan() {
  static const Elimination elimination(6, Stages{0, 1, 2, 4, 5, 6, 7}, Stages{1, 2, 1, 6, 6, 4, 0});
  return elimination;
}

TEST_CASE("every stage with a way out: no closed set") {
  CHECK(closed_sets(plan(), Numbers{1, 1, 0.5, 0.5, 1, 0.5, 1}, Numbers{0, 0, 0, 0, 0.5, 0}).empty());
  CHECK(closed_sets(plan(), Numbers{1, 1, 1, 1e-300, 1, 1, 1}, Numbers{0, 0, 0, 0, 1e-300, 0}).empty());
}

TEST_CASE("closed sets are named, those that only lead to them are not") {
  CHECK(closed_sets(plan(), Numbers{1, 1, 1, 0, 1, 1, 1}, Numbers(6, 0.0)) ==
        std::vector<Stages>{{1, 2}, {4}});
  // A rate of zero is no way; a stage whose row is all zero is closed by itself.
  CHECK(closed_sets(plan(), Numbers{0, 1, 0.5, 0.5, 0, 1, 1}, Numbers{0, 0, 0, 0, 1, 0}) ==
        std::vector<Stages>{{0}, {3}});
}

TEST_CASE("NaN counts as a flow, lengths are checked") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(closed_sets(plan(), Numbers{1, 1, 1, nan, 1, 1, 1}, Numbers{0, 0, 0, 0, nan, 0}).empty());
  CHECK_THROWS_AS(closed_sets(plan(), Numbers{1}, Numbers(6, 0.0)), funnelgraph::InvalidValueError);
  CHECK_THROWS_AS(closed_sets(plan(), Numbers(7, 0.0), Numbers{0}), funnelgraph::InvalidValueError);
}
