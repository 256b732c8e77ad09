#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <numeric>
#include <random>
#include <set>
#include <vector>

#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/core/error.hpp>

#include "random_chain.hpp"

using funnelgraph::CyclicBlock;
using funnelgraph::Elimination;
using funnelgraph::EliminationPlan;
using test::PlainChain;
using Stages = std::vector<std::uint32_t>;

namespace {

/// Checks the plan against its own contract: a permutation, components in topological order, and a pattern
/// that elimination by sets of stages gives too.
void check_plan(const EliminationPlan& plan) {
  Stages sorted = plan.order;
  std::sort(sorted.begin(), sorted.end());
  Stages all(plan.stage_count);
  std::iota(all.begin(), all.end(), 0U);
  REQUIRE(sorted == all);
  Stages place(plan.stage_count);
  for (std::uint32_t p = 0; p < plan.stage_count; ++p) place[plan.order[p]] = p;
  const auto block_of = [&](std::uint32_t stage) {
    return plan.blocks.empty() ? EliminationPlan::no_block : plan.block_of_stage[stage];
  };
  bool forward = true;
  for (std::uint32_t i = 0; i < plan.stage_count; ++i)
    for (std::uint32_t e = plan.row_begin[i]; e < plan.row_begin[i + 1]; ++e) {
      const std::uint32_t to = plan.target[e];
      if (to >= plan.stage_count || to == i) continue;
      const bool inside = block_of(i) != EliminationPlan::no_block && block_of(i) == block_of(to);
      forward = forward && (inside || place[to] > place[i]);
    }
  CHECK(forward);
  for (const CyclicBlock& block : plan.blocks) {
    std::vector<std::set<std::uint32_t>> reached(block.end - block.begin);  // places
    for (std::uint32_t p = block.begin; p < block.end; ++p) {
      const std::uint32_t stage = plan.order[p], r = block.first_row + (p - block.begin);
      std::set<std::uint32_t>& row = reached[p - block.begin];
      std::size_t across = 0;
      for (std::uint32_t e = plan.row_begin[stage]; e < plan.row_begin[stage + 1]; ++e) {
        const std::uint32_t to = plan.target[e];
        if (to >= plan.stage_count) continue;
        if (block_of(to) == block_of(stage))
          row.insert(place[to]);
        else
          ++across;
      }
      CHECK(plan.across_begin[r + 1] - plan.across_begin[r] == across);
      for (auto k = row.begin(); k != row.end() && *k < p; ++k) {
        const auto& further = reached[*k - block.begin];
        row.insert(further.upper_bound(*k), further.end());
      }
      row.erase(p);
      std::vector<std::uint32_t> lower, upper;
      const std::uint32_t dense_from = block.end - block.dense;
      for (const std::uint32_t q : row) {
        if (p >= dense_from && q >= dense_from) continue;  // kept as a full block
        (q < p ? lower : upper).push_back(plan.order[q]);
      }
      CHECK(std::vector<std::uint32_t>(plan.lower.begin() + plan.lower_begin[r],
                                       plan.lower.begin() + plan.lower_begin[r + 1]) == lower);
      std::vector<std::uint32_t> planned(plan.upper.begin() + plan.upper_begin[r],
                                         plan.upper.begin() + plan.upper_begin[r + 1]);
      std::sort(planned.begin(), planned.end());
      std::sort(upper.begin(), upper.end());
      CHECK(planned == upper);
    }
  }
}

PlainChain grid(std::uint32_t side, std::uint32_t step) {
  PlainChain chain;
  chain.stages = side * side;
  for (std::uint32_t i = 0; i < chain.stages; ++i) {
    for (const std::uint32_t to : {i + 1, i + side, i + chain.stages - 1, i + chain.stages - side * step})
      chain.target.push_back(to % chain.stages);
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
  }
  return chain;
}

}  // namespace

TEST_CASE("an acyclic chain has no blocks and no fill") {
  // 0 -> 1 -> 3, 0 -> 2 -> 3, a loop on 1, stages numbered forwards and shuffled.
  const Elimination forward(4, Stages{0, 2, 4, 5, 6}, Stages{1, 2, 1, 3, 3, 4});
  CHECK(forward.plan().order == Stages{0, 1, 2, 3});
  CHECK(forward.statistics().components == 4);
  CHECK(forward.statistics().cyclic_components == 0);
  CHECK(forward.statistics().largest_component == 1);
  CHECK(forward.statistics().fill == 0);
  CHECK(forward.stage_count() == 4);
  CHECK(forward.edge_count() == 6);
  const Elimination shuffled(4, Stages{0, 1, 2, 3, 5}, Stages{2, 2, 4, 0, 1});
  CHECK(shuffled.plan().order.front() == 3);
  CHECK(shuffled.plan().order.back() == 2);
  CHECK(shuffled.plan().blocks.empty());
  check_plan(shuffled.plan());
}

TEST_CASE("components come in topological order") {
  // {4, 0} -> {1, 3, 5} -> 2
  const Elimination plan(6, Stages{0, 2, 3, 4, 5, 6, 8}, Stages{4, 3, 5, 6, 1, 0, 3, 2});
  CHECK(plan.statistics().components == 3);
  CHECK(plan.statistics().cyclic_components == 2);
  CHECK(plan.statistics().largest_component == 3);
  CHECK(std::set<std::uint32_t>(plan.plan().order.begin(), plan.plan().order.begin() + 2) ==
        std::set<std::uint32_t>{0, 4});
  CHECK(plan.plan().order.back() == 2);
  check_plan(plan.plan());
}

TEST_CASE("plans of random chains hold what they promise") {
  std::mt19937_64 random(42);
  for (int n = 0; n < 200; ++n) {
    CAPTURE(n);
    const auto stages = 1 + static_cast<std::uint32_t>(random() % 40);
    check_plan(test::random_chain(random, stages, 4, n % 2 == 0 ? 0 : 6).plan().plan());
  }
}

TEST_CASE("plans of larger components hold what they promise") {
  std::mt19937_64 random(43);
  bool dense = false;
  for (const std::uint32_t reach : {0U, 3U, 60U, 90U}) {
    CAPTURE(reach);
    const Elimination plan = test::random_chain(random, 500, 5, reach).plan();
    for (const CyclicBlock& block : plan.plan().blocks) dense = dense || block.dense > 0;
    check_plan(plan.plan());
  }
  CHECK(dense);
  check_plan(grid(20, 1).plan().plan());
  check_plan(grid(55, 1).plan().plan());  // more than 2,048 stages: planned by lists first
  check_plan(grid(17, 3).plan().plan());
}

TEST_CASE("a hub that everyone returns to is eliminated late, not first") {
  // Stage 0 leads to all others and all lead back: eliminating it first would fill everything.
  const std::uint32_t spokes = 100;
  PlainChain chain;
  chain.stages = spokes + 1;
  for (std::uint32_t i = 0; i <= spokes; ++i) {
    for (std::uint32_t to = i == 0 ? 1 : 0; to <= (i == 0 ? spokes : 0); ++to) chain.target.push_back(to);
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
  }
  const Elimination plan = chain.plan();
  CHECK(plan.statistics().fill == 0);
  const Stages& order = plan.plan().order;
  CHECK(std::find(order.end() - 2, order.end(), 0U) != order.end());  // a tie with the last spoke
}

TEST_CASE("edges of 63 places keep the natural order, longer ones are planned as well") {
  for (const std::uint32_t span : {62U, 63U, 64U, 65U}) {
    CAPTURE(span);
    PlainChain chain;
    chain.stages = 300;
    for (std::uint32_t i = 0; i < chain.stages; ++i) {
      chain.target.push_back(i + 1);
      if (i >= span) chain.target.push_back(i - span);
      if (i + span < chain.stages && i % 7 == 0) chain.target.push_back(i + span);
      chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
    }
    check_plan(chain.plan().plan());
  }
}

TEST_CASE("the same graph gives the same plan") {
  std::mt19937_64 random(1);
  const PlainChain chain = test::random_chain(random, 400, 5);
  const Elimination first = chain.plan(), second = chain.plan();
  CHECK(first.plan().order == second.plan().order);
  CHECK(first.plan().upper == second.plan().upper);
}

TEST_CASE("arrays that do not fit together are refused") {
  using funnelgraph::InvalidValueError;
  CHECK_THROWS_AS(Elimination(2, Stages{0, 1}, Stages{1}), InvalidValueError);
  CHECK_THROWS_AS(Elimination(2, Stages{0, 1, 3}, Stages{1, 2}), InvalidValueError);
  CHECK_THROWS_AS(Elimination(2, Stages{0, 2, 1}, Stages{1}), InvalidValueError);
  CHECK_THROWS_AS(Elimination(2, Stages{1, 1, 2}, Stages{1, 2}), InvalidValueError);
  CHECK_NOTHROW(Elimination(2, Stages{0, 1, 2}, Stages{1, 2}));
}
