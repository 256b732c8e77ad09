#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/chain/solver.hpp>

#include "random_chain.hpp"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using funnelgraph::Elimination;
using funnelgraph::Solver;
using test::number;
using test::PlainChain;

TEST_CASE("absorbing chains of the textbooks: visits, absorption, steps and their variance") {
  const auto cases = test::oracle("absorbing_chains.json");
  REQUIRE(cases.as_array().size() >= 5);
  for (const auto& value : cases.as_array()) {
    const auto& story = value.as_object();
    CAPTURE(test::text(story.at("name")));
    const double tolerance = number(story.at("tolerance"));
    const auto& expect = story.at("expect").as_object();
    const PlainChain chain = test::chain_of(story);
    const Elimination plan = chain.plan();
    const Solver<double> solver(plan, chain.rate, chain.drop_off);
    const std::size_t n = chain.stages, columns = chain.outcomes + 1;

    std::vector<double> visits(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) visits[i * n + i] = 1;
    solver.solve(visits, n);  // column j: visits of j from each stage
    const auto& expected_visits = expect.at("visits").as_array();
    const std::vector<double> self = solver.self_visits();
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j)
        CHECK_THAT(visits[i * n + j], WithinAbs(number(expected_visits[i].as_array()[j]), tolerance));
      CHECK_THAT(self[i], WithinAbs(number(expected_visits[i].as_array()[i]), tolerance));
    }

    std::vector<double> absorbed = chain.exits();
    solver.solve(absorbed, columns);
    const auto& expected_absorption = expect.at("absorption").as_array();
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t o = 0; o < chain.outcomes; ++o)
        CHECK_THAT(absorbed[i * columns + o],
                   WithinAbs(number(expected_absorption[i].as_array()[o]), tolerance));

    // First and second moment of the number of steps: t = 1 + P t, w = (2 t - 1) + P w.
    std::vector<double> steps(n, 1.0);
    solver.solve(steps);
    std::vector<double> second(n);
    for (std::size_t i = 0; i < n; ++i) second[i] = 2 * steps[i] - 1;
    solver.solve(second);
    for (std::size_t i = 0; i < n; ++i) {
      CHECK_THAT(steps[i], WithinAbs(number(expect.at("steps").as_array()[i]), tolerance));
      CHECK_THAT(second[i] - steps[i] * steps[i],
                 WithinAbs(number(expect.at("steps_variance").as_array()[i]), tolerance * 10));
    }

    if (!expect.contains("outcome_totals")) continue;
    std::vector<double> entrants;
    for (const auto& count : story.at("start").as_array()) entrants.push_back(number(count));
    solver.solve_transposed(entrants);
    std::vector<double> totals(chain.outcomes, 0.0);
    for (std::uint32_t i = 0; i < n; ++i)
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e)
        if (chain.target[e] >= n) totals[chain.target[e] - n] += entrants[i] * chain.rate[e];
    for (std::size_t o = 0; o < totals.size(); ++o)
      CHECK_THAT(totals[o], WithinRel(number(expect.at("outcome_totals").as_array()[o]), tolerance));
  }
}

TEST_CASE("ill-conditioned chains: componentwise 1e-14, in [0, 1], rows sum to 1 within 4 ulp") {
  const auto cases = test::oracle("ill_conditioned.json");
  REQUIRE(cases.as_array().size() >= 4);
  for (const auto& value : cases.as_array()) {
    const auto& story = value.as_object();
    CAPTURE(test::text(story.at("name")));
    const double tolerance = number(story.at("relative_tolerance"));
    const PlainChain plain = test::chain_of(story);
    // As a compiled funnel goes: inputs, refresh, solve.
    funnelgraph::Chain chain;
    chain.stage_count = plain.stages;
    chain.outcome_count = plain.outcomes;
    chain.row_begin = plain.row_begin;
    chain.target = plain.target;
    chain.base_rate = plain.rate;
    chain.base_drop_off = plain.drop_off;
    chain.lag.resize(plain.rate.size());
    refresh(chain);
    for (const bool refreshed : {false, true}) {
      CAPTURE(refreshed);
      PlainChain used = plain;
      if (refreshed) {
        used.rate = chain.rate;
        used.drop_off = chain.drop_off;
      }
      const Elimination plan = used.plan();
      const Solver<double> solver(plan, used.rate, used.drop_off);
      const std::size_t columns = used.outcomes + 1;
      std::vector<double> absorbed = used.exits();
      solver.solve(absorbed, columns);
      const auto& expected = story.at("expect").as_object().at("absorption").as_array();
      double worst = 0, worst_sum = 0;
      for (std::size_t i = 0; i < used.stages; ++i) {
        long double sum = 0;
        for (std::size_t o = 0; o < columns; ++o) {
          const double share = absorbed[i * columns + o], exact = number(expected[i].as_array()[o]);
          CHECK(share >= 0);
          CHECK(share <= 1);
          if (exact == 0)
            CHECK(share == 0);
          else
            worst = std::max(worst, std::abs(share - exact) / exact);
          sum += static_cast<long double>(share);
        }
        worst_sum = std::max(worst_sum, std::abs(static_cast<double>(sum - 1)));
      }
      CHECK(worst <= tolerance);
      CHECK(worst_sum <= 4 * std::numeric_limits<double>::epsilon());
    }
  }
}
