#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/whatif/patched_chain.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "support/random_funnel.hpp"
#include "whatif/shop.hpp"

namespace fg = funnelgraph;

namespace {

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool same(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) { return same(x, y); });
}

/// Changes of random numbers, some of them impossible.
class RandomScenario {
 public:
  RandomScenario(const fg::Funnel& funnel, std::uint64_t seed) : funnel_(funnel), bits_(seed) {}

  fg::Scenario make() {
    fg::Scenario scenario("drawn");
    const std::size_t changes = 1 + below(5);
    const std::vector<fg::Parameter> all = parameters();
    for (std::size_t k = 0; k < changes; ++k) {
      try {
        scenario = changed(scenario, all[below(all.size())]);
      } catch (const fg::Error&) {  // the same number twice, odds of what has none
      }
    }
    return scenario;
  }

 private:
  double uniform(double low, double high) {
    return low + (high - low) * (static_cast<double>(bits_() >> 11U) * 0x1p-53);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(bits_() % n); }

  std::vector<fg::Parameter> parameters() {
    std::vector<fg::Parameter> all = funnel_.parameters();
    for (const fg::Stage& stage : funnel_.stages()) all.push_back(fg::drop_off(stage.name));
    all.push_back(fg::volume(funnel_.entries()[0].stage));
    all.push_back(fg::entry_cost(funnel_.entries()[0].stage));
    return all;
  }

  fg::Scenario changed(const fg::Scenario& scenario, const fg::Parameter& parameter) {
    fg::ChangeOptions options;
    const bool of_row =
        parameter.kind() == fg::ParameterKind::rate || parameter.kind() == fg::ParameterKind::drop_off;
    if (of_row) {
      switch (below(5)) {
        case 0:
          options.take_from = "siblings";
          break;
        case 1:
          options.take_from = "drop_off";
          break;
        case 2:
          options.take_from =
              funnel_.exits(parameter.argument(0)).empty()
                  ? fg::TakeFrom("leak")
                  : fg::TakeFrom(funnel_.transition(funnel_.exits(parameter.argument(0))[0]).to);
          break;
        case 3:
          if (below(4) == 0) options.take_from = fg::TakeFrom::nobody();
          break;
        default:
          break;
      }
    }
    options.clip = below(8) == 0;
    const double before = funnel_.get(parameter);
    switch (below(4)) {
      case 0:
        return scenario.set(parameter, below(12) == 0 ? -1.0 : uniform(0, of_row ? 0.7 : 2 * before + 1),
                            options);
      case 1:
        return scenario.scale(parameter, uniform(0.3, 1.5), options);
      case 2:
        return scenario.shift(parameter, uniform(-0.1, 0.1), options);
      default:
        return scenario.scale_odds(parameter, uniform(0.3, 3), options);
    }
  }

  const fg::Funnel& funnel_;
  std::mt19937_64 bits_;
};

}  // namespace

TEST_CASE("a patched chain is the chain of the applied funnel, bit for bit") {
  int patched_count = 0;
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const fg::Funnel base = test::random_funnel(
        seed,
        {.unknown_lags = seed % 3 == 0, .capacities = true, .discount_rate = seed % 2 == 0 ? 0.1 : 0.0});
    fg::PatchedChain patched(base);
    for (std::uint64_t k = 0; k < 40; ++k) {
      const fg::Scenario scenario = RandomScenario(base, 1000 * seed + k).make();
      INFO("seed " << seed << ", scenario " << k);
      for (const fg::Change& change : scenario.changes()) UNSCOPED_INFO(fg::to_string(change));
      ++compared;
      if (!patched.patch(scenario)) {
        CHECK(patched.chain().base_rate == patched.compiled().chain.base_rate);
        continue;
      }
      ++patched_count;
      fg::Funnel applied = base;
      REQUIRE_NOTHROW(applied = fg::apply(base, scenario));
      fg::Chain expected;
      REQUIRE_NOTHROW(expected = fg::compile(applied).chain);
      const fg::Chain& chain = patched.chain();
      CHECK(chain.base_rate == expected.base_rate);
      CHECK(chain.base_drop_off == expected.base_drop_off);
      CHECK(chain.rate == expected.rate);
      CHECK(chain.drop_off == expected.drop_off);
      CHECK(same(chain.lag_mean, expected.lag_mean));
      CHECK(same(chain.lag_variance, expected.lag_variance));
      CHECK(same(chain.discount, expected.discount));
      CHECK(same(chain.discount_loss, expected.discount_loss));
      CHECK(chain.edge_cost == expected.edge_cost);
      CHECK(chain.edge_value == expected.edge_value);
      CHECK(same(chain.service_level, expected.service_level));
      CHECK(chain.stage_cost == expected.stage_cost);
      CHECK(chain.stage_value == expected.stage_value);
      CHECK(chain.stage_commission == expected.stage_commission);
      CHECK(same(chain.capacity, expected.capacity));
      CHECK(chain.outcome_value == expected.outcome_value);
      CHECK(chain.outcome_commission == expected.outcome_commission);
      CHECK(chain.fixed_cost == expected.fixed_cost);
      CHECK(chain.lever_value == expected.lever_value);
      CHECK(chain.discount_rate == expected.discount_rate);
      for (std::size_t e = 0; e < chain.entries.size(); ++e) {
        CHECK(chain.entries[e].volume == expected.entries[e].volume);
        CHECK(chain.entries[e].cost == expected.entries[e].cost);
      }
    }
  }
  // Most of what can be is done without a funnel: the rest is impossible, clipped, in conflict or of nobody.
  CHECK(patched_count > compared / 2);
}

TEST_CASE("metrics under scenarios are those of the applied funnel, errors too") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const fg::Funnel base = test::random_funnel(seed, {.capacities = true, .discount_rate = 0.07});
    const fg::Funnel copy = base;
    const std::vector<fg::Metric> metrics{fg::metric::profit(), fg::metric::count("outcome 0"),
                                          fg::metric::time_to("outcome 0"),
                                          fg::metric::revenue() - 2 * fg::metric::visits("stage 0")};
    const fg::AnalysisOptions analysis{.capacity =
                                           seed % 2 == 0 ? fg::CapacityRule::report : fg::CapacityRule::cap};
    fg::ScenarioMetrics under(base, metrics, analysis);
    for (std::uint64_t k = 0; k < 30; ++k) {
      fg::Scenario scenario = RandomScenario(base, 500 * seed + k).make();
      if (k % 7 == 0) scenario = scenario.set_owner("stage 0", "owner 0");
      INFO("seed " << seed << ", scenario " << k);
      std::string error;
      std::vector<double> expected;
      try {
        const fg::Funnel applied = fg::apply(base, scenario);
        for (const fg::Metric& metric : metrics) expected.push_back(fg::evaluate(applied, metric, analysis));
      } catch (const fg::Error& given) {
        error = given.what();
      }
      std::string found;
      std::vector<double> values;
      try {
        values = under.measure(scenario).values;
      } catch (const fg::Error& given) {
        found = given.what();
      }
      CHECK(found == error);
      if (error.empty()) CHECK(same(values, expected));
      CHECK(base == copy);
    }
  }
}

TEST_CASE("a metric of a part that only some of the funnels have is unknown for the others") {
  const fg::Funnel base = test::shop();
  fg::ScenarioMetrics under(base, {fg::metric::visits("triage")});
  CHECK_THROWS_AS(under.require_in_base(), fg::UnknownNameError);
  CHECK(std::isnan(under.measure(fg::Scenario()).values[0]));
  CHECK_THROWS_AS(under.require_known(), fg::UnknownNameError);
  const fg::Scenario triage = fg::Scenario("triage")
                                  .add_stage({.name = "triage"})
                                  .add_transition({.from = "triage", .to = "enquiry", .rate = 1})
                                  .add_transition({.from = "reached", .to = "triage", .rate = 0.01});
  CHECK(under.measure(triage).values[0] == 500);
  CHECK_NOTHROW(under.require_known());
}
