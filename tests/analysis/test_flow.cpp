// Visits, capacities and what full stages shed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <string>
#include <vector>

#include "../support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
const fg::AnalysisOptions cap{.capacity = fg::CapacityRule::cap};
}

TEST_CASE("served is the fixed point of min(arrivals, capacity)") {
  std::size_t shedding = 0;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const fg::Funnel funnel = test::random_funnel(seed, {.capacities = true});
    const fg::Analysis a = fg::analyze(funnel, cap);
    const fg::Chain& chain = a.compiled().chain;
    INFO("seed " << seed);
    // Plain iteration of the equations, from nothing.
    std::vector<double> served(chain.stage_count, 0.0);
    std::vector<double> arrivals;
    for (int round = 0; round < 20'000; ++round) {
      arrivals.assign(chain.stage_count, 0.0);
      for (const fg::ChainEntry& entry : chain.entries) arrivals[entry.stage] += entry.volume;
      for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
        for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
          if (chain.to_stage(e)) arrivals[chain.target[e]] += served[i] * chain.rate[e];
        }
      }
      double moved = 0;
      for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
        const double next =
            std::isnan(chain.capacity[i]) ? arrivals[i] : std::min(arrivals[i], chain.capacity[i]);
        moved = std::max(moved, std::abs(next - served[i]));
        served[i] = next;
      }
      if (moved < 1e-11) break;
    }
    bool sheds = false;
    for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
      INFO(a.stages[i].stage);
      // The plain iteration stops 1e-11 short, times what a loop keeps.
      CHECK_THAT(a.stages[i].visits, WithinRel(served[i], 1e-8) || WithinAbs(served[i], 1e-8));
      CHECK_THAT(a.stages[i].arrivals, WithinRel(arrivals[i], 1e-8) || WithinAbs(arrivals[i], 1e-8));
      CHECK_THAT(a.stages[i].shed, WithinAbs(a.stages[i].arrivals - a.stages[i].visits, 1e-9));
      sheds = sheds || a.stages[i].shed > 1e-6;
    }
    CHECK(a.feasible);
    CHECK(sheds == !fg::analyze(funnel).feasible);
    if (sheds) ++shedding;
  }
  CHECK(shedding > 50);
}

TEST_CASE("without a cap a full stage is reported, not changed") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "call", .capacity = 50.0});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_transition({.from = "call", .to = "won", .rate = 0.5, .lag = 2});
  funnel.add_entry({.stage = "call", .volume = 80});
  const fg::Analysis open = fg::analyze(funnel);
  CHECK_FALSE(open.feasible);
  CHECK_THAT(open.stages[0].utilisation, WithinRel(1.6, 1e-12));
  CHECK_THAT(open.count("won"), WithinRel(40.0, 1e-12));
  const fg::Analysis capped = fg::analyze(funnel, cap);
  CHECK_THAT(capped.count("won"), WithinRel(25.0, 1e-12));
  CHECK_THAT(capped.count("drop_off"), WithinRel(55.0, 1e-12));
  CHECK_THAT(capped.revenue, WithinRel(250.0, 1e-12));
  CHECK_THAT(capped.stages[0].lost, WithinRel(55.0, 1e-12));
  CHECK_THAT(capped.stages[0].utilisation, WithinRel(1.0, 1e-12));
  CHECK_THAT(capped.time_to("won").mean, WithinRel(2.0, 1e-12));
  CHECK_THAT(capped.time_to().mean, WithinRel(2.0 * 25 / 80, 1e-12));  // the shed leave at once
  // A journey that is served is not shed.
  CHECK_THAT(capped.probability("won", "call"), WithinRel(0.5, 1e-12));

  funnel.set(fg::capacity("call"), 0.0);
  const fg::Analysis closed = fg::analyze(funnel, cap);
  CHECK(closed.count("won") == 0);
  CHECK(closed.stages[0].utilisation == 0);
  CHECK_THAT(closed.count("drop_off"), WithinRel(80.0, 1e-12));
}

TEST_CASE("a funnel whose capacities suffice is the same with and without a cap") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const fg::Funnel funnel = test::random_funnel(seed, {.capacities = true});
    const fg::Analysis a = fg::analyze(funnel);
    if (!a.feasible) continue;
    const fg::Analysis b = fg::analyze(funnel, cap);
    CHECK(a.profit == b.profit);
    CHECK(a.stages.back().visits == b.stages.back().visits);
  }
}

TEST_CASE("without entrants counts are zero and probabilities unknown") {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "call", .owner = "Sales"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_transition({.from = "call", .to = "won", .rate = 0.5, .lag = 2});
  funnel.add_entry({.stage = "call", .volume = 0});
  const fg::Analysis a = fg::analyze(funnel);
  CHECK(a.entrants == 0);
  CHECK(a.count("won") == 0);
  CHECK(a.revenue == 0);
  CHECK(std::isnan(a.probability("won")));
  CHECK(std::isnan(a.stages[0].reach));
  CHECK(std::isnan(a.time_to("won").mean));
  CHECK(std::isnan(a.cost_per("won")));
  CHECK_THAT(a.probability("won", "call"), WithinRel(0.5, 1e-12));
  CHECK_THAT(a.stages[0].conversion, WithinRel(0.5, 1e-12));
  CHECK_THAT(a.time_to("won", "call").mean, WithinRel(2.0, 1e-12));
}
