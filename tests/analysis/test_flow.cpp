// Visits, capacities and what full stages shed.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
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

namespace {

/// 100 enter at "lead"; 80 of them arrive at "call" ten days later, which serves 40.
fg::Funnel half_served() {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Marketing"});
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "lead", .owner = "Marketing"});
  funnel.add_stage({.name = "call", .owner = "Sales", .cost = 3, .capacity = 40.0});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_outcome({.name = "lost", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "lead", .to = "call", .rate = 0.8, .lag = 10, .cost = 2});
  funnel.add_transition({.from = "call", .to = "won", .rate = 0.5, .lag = 365});
  funnel.add_transition({.from = "call", .to = "lost", .rate = 0.25, .lag = 5});
  funnel.add_entry({.stage = "lead", .volume = 100});
  return funnel;
}

}  // namespace

TEST_CASE("what a full stage sheds counts in times, losses and hand-offs") {
  const fg::Analysis a = fg::analyze(half_served(), cap);
  // 20 drop off at once, 40 are shed after 10 days and 10 drop off at the call; 20 win after 375 days and 10
  // are lost after 15.
  CHECK_THAT(a.count("drop_off"), WithinRel(70.0, 1e-12));
  CHECK_THAT(a.time_to("won").mean, WithinRel(375.0, 1e-12));
  const double mean = (40 * 10 + 10 * 10) / 70.0;
  CHECK_THAT(a.time_to("drop_off").mean, WithinRel(mean, 1e-12));
  CHECK_THAT(a.time_to("drop_off").sd,
             WithinRel(std::sqrt((20 * mean * mean + 50 * (10 - mean) * (10 - mean)) / 70), 1e-12));
  CHECK_THAT(a.time_to().mean, WithinRel((500 + 20 * 375 + 10 * 15) / 100.0, 1e-12));
  CHECK_THAT(a.probability("drop_off", "lead"), WithinRel(0.7, 1e-12));
  CHECK_THAT(a.probability("drop_off", "call"), WithinRel(0.25, 1e-12));
  // The rows are those of the funnel; what is shed is counted apart.
  CHECK_THAT(a.stages[0].drop_off, WithinRel(0.2, 1e-12));
  CHECK_THAT(a.stages[1].lost, WithinRel(40 * 0.5 + 40, 1e-12));
  // Each of the 60 might have won 10.
  CHECK_THAT(a.stages[1].value_lost, WithinRel(600.0, 1e-12));
  REQUIRE(a.hand_offs.size() == 1);
  CHECK_THAT(a.hand_offs[0].volume, WithinRel(80.0, 1e-12));
  CHECK_THAT(a.hand_offs[0].lost, WithinRel(40 * 0.5 + 40, 1e-12));
}

TEST_CASE("times from a stage are those of one journey there, whatever the period sheds") {
  const fg::Analysis a = fg::analyze(half_served(), cap);
  // From the lead: 0.2 drop off at once, 0.4 are shed after 10 days, 0.1 drop off then, 0.2 win, 0.1 are
  // lost.
  CHECK_THAT(a.time_to({}, "lead").mean, WithinRel(4 + 1 + 0.2 * 375 + 0.1 * 15, 1e-12));
  CHECK_THAT(a.time_to("drop_off", "lead").mean, WithinRel(5 / 0.7, 1e-12));
  CHECK_THAT(a.time_to({}, "call").mean, WithinRel(0.5 * 365 + 0.25 * 5, 1e-12));

  // Those whom a full stage turns away as they enter are no part of a journey that it serves.
  fg::Funnel funnel = half_served();
  funnel.add_entry({.stage = "call", .volume = 20});
  const fg::Analysis b = fg::analyze(funnel, cap);
  CHECK_THAT(b.time_to({}, "call").mean, WithinRel(0.5 * 365 + 0.25 * 5, 1e-12));
  // Of all 120: 60 of 100 arrivals are shed, 48 of them after 10 days and 12 at once.
  CHECK_THAT(b.time_to("drop_off").mean, WithinRel((48 * 10 + 0.8 * 10 * 10) / (20 + 60 + 10), 1e-12));
}

TEST_CASE("money is of the served and discounted to their entry") {
  const double ten_days = std::pow(1.1, -10.0 / 365);
  const fg::AnalysisOptions later{.discount_rate = 0.1, .capacity = fg::CapacityRule::cap};
  const fg::Analysis a = fg::analyze(half_served(), later);
  CHECK_THAT(a.revenue, WithinRel(20 * 10 * ten_days / 1.1, 1e-12));
  CHECK_THAT(a.cost, WithinRel(80 * 2 + 40 * 3 * ten_days, 1e-12));
  // Of one lead: 0.8 set out, 0.4 are served.
  CHECK_THAT(a.lifetime_value("lead"), WithinRel(-0.8 * 2 + 0.4 * (0.5 * 10 / 1.1 - 3) * ten_days, 1e-12));
  // Within 20 days nobody has won.
  CHECK_THAT(fg::evaluate(half_served(), fg::metric::lifetime_value(20.0), later),
             WithinRel(-0.8 * 2 - 0.4 * 3 * ten_days, 1e-12));

  fg::Funnel funnel = half_served();
  funnel.set(fg::volume("lead"), 0);
  funnel.add_entry({.stage = "call", .volume = 80});
  CHECK_THAT(fg::analyze(funnel, later).revenue, WithinRel(20 * 10 / 1.1, 1e-12));
  CHECK_THAT(fg::evaluate(funnel, fg::metric::lifetime_value(400.0), later),
             WithinRel((20 * 10 / 1.1 - 40 * 3) / 80, 1e-12));
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
