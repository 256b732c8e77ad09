#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/monte_carlo.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fg::Distribution;
using fg::Scenario;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

fg::Funnel shop() {
  fg::Funnel funnel({.name = "Sandal shop", .currency = "VND", .discount_rate = 0.1});
  funnel.add_owner({.name = "Sales", .role = fg::Role::sales, .fixed_cost = 40});
  funnel.add_stage({.name = "reached"});
  funnel.add_stage({.name = "enquiry", .owner = "Sales", .cost = 5});
  funnel.add_stage({.name = "order", .owner = "Sales", .value = 200, .capacity = 60});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .commission = 0.1});
  funnel.add_outcome({.name = "competitor", .kind = fg::OutcomeKind::lost});
  funnel.add_outcome({.name = "unfit", .kind = fg::OutcomeKind::screened});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.2, .lag = fg::Lag::exponential(1)});
  funnel.add_transition(
      {.from = "enquiry", .to = "order", .rate = 0.35, .lag = fg::Lag::gamma({.mean = 2, .sd = 1.5})});
  funnel.add_transition({.from = "enquiry", .to = "competitor", .rate = 0.2, .lag = 1});
  funnel.add_transition({.from = "enquiry", .to = "unfit", .rate = 0.1, .lag = 1});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.9, .lag = 1});
  funnel.add_transition({.from = "order", .to = "enquiry", .rate = 0.04, .lag = 3});
  funnel.add_entry({.stage = "reached", .volume = 600, .cost = 1, .channel = "facebook"});
  funnel.add_entry({.stage = "reached", .volume = 400, .cost = 2, .channel = "radio"});
  funnel.add_lever({.name = "priming"});
  funnel.add_influence({.lever = "priming", .from = "enquiry", .to = "order", .elasticity = 0.4});
  return funnel;
}

fg::Uncertainty beliefs() {
  return {.numbers = {{fg::rate("reached", "enquiry"), Distribution::beta(40, 160), {}},
                      {fg::rate("enquiry", "order"), Distribution::beta(35, 65), {}},
                      {fg::rate("enquiry", "unfit"), Distribution::beta(10, 90), "siblings"},
                      {fg::lag("enquiry", "order"), Distribution::gamma({2, 0.5}), {}},
                      {fg::lag_sd("enquiry", "order"), Distribution::uniform(1, 2), {}},
                      {fg::volume("reached"), Distribution::lognormal({1000, 100}), {}},
                      {fg::entry_cost("reached", "radio"), Distribution::triangular(1, 2, 4), {}},
                      {fg::value("order"), Distribution::normal({200, 20}), {}},
                      {fg::commission("customer"), Distribution::beta(10, 90), {}},
                      {fg::lever("priming"), Distribution::lognormal({1, 0.2}), {}},
                      {fg::fixed_cost("Sales"), Distribution::pert(20, 40, 80), {}}},
          .rows = {{"order", {{"customer", 90}, {"enquiry", 4}, {"drop_off", 6}}}},
          .correlations = {{fg::rate("reached", "enquiry"), fg::volume("reached"), -0.4}}};
}

const std::vector<fg::Metric> metrics{fg::metric::profit(), fg::metric::count("customer"),
                                      fg::metric::time_to("customer"), fg::metric::cost_per("customer")};

/// The base with the numbers of one draw, as `apply` sets them. A drawn row is set as a whole.
fg::Funnel with_draw(const fg::Funnel& base, const std::vector<fg::ParameterDraws>& drawn, std::size_t v,
                     const char* giver) {
  Scenario scenario("draw");
  for (const fg::ParameterDraws& column : drawn) {
    fg::ChangeOptions options{.take_from = {}, .clip = true};
    if (column.parameter == fg::rate("enquiry", "unfit")) options.take_from = "siblings";
    const bool of_row = column.parameter.arguments()[0] == "order" &&
                        (column.parameter.kind() == fg::ParameterKind::rate ||
                         column.parameter.kind() == fg::ParameterKind::drop_off);
    if (of_row) options.take_from = giver;
    try {
      static_cast<void>(base.get(column.parameter));
    } catch (const fg::UnknownNameError&) {
      continue;
    }
    scenario = scenario.set(column.parameter, column.values[v], options);
  }
  return apply(base, scenario);
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

TEST_CASE("a scenario comes on top of each draw [whatif, monte carlo]") {
  const fg::Funnel base = shop();
  struct Row {
    Scenario scenario;
    bool structural = false;
  };
  const std::vector<Row> rows{
      {Scenario("nothing")},
      {Scenario("odds of a drawn rate").scale_odds(fg::rate("enquiry", "order"), 1.3)},
      {Scenario("another rate of its row").shift(fg::rate("enquiry", "competitor"), -0.05)},
      {Scenario("two of its row")
           .scale(fg::rate("enquiry", "order"), 1.2, {.take_from = "competitor", .clip = true})
           .set(fg::rate("enquiry", "unfit"), 0.05, {.take_from = "drop_off"})},
      {Scenario("a row drawn as a whole").set(fg::rate("order", "customer"), 0.8, {.take_from = "siblings"})},
      {Scenario("its drop-off").scale_odds(fg::drop_off("order"), 0.5)},
      {Scenario("a rate of another row").scale(fg::rate("order", "enquiry"), 0.5)},
      {Scenario("a leaf of a drawn group").scale(fg::volume("reached", "facebook"), 1.5)},
      {Scenario("a drawn group").shift(fg::volume("reached"), 100)},
      {Scenario("the group of a drawn leaf").set(fg::entry_cost("reached"), 1.5)},
      {Scenario("lag").scale(fg::lag("enquiry", "order"), 0.5)},
      {Scenario("lag and deviation")
           .shift(fg::lag("enquiry", "order"), 1)
           .scale(fg::lag_sd("enquiry", "order"), 0.5)},
      {Scenario("single numbers")
           .scale(fg::value("order"), 1.1)
           .scale_odds(fg::commission("customer"), 2)
           .set(fg::lever("priming"), 1.2)
           .shift(fg::fixed_cost("Sales"), 10)
           .scale(fg::cost("enquiry"), 2)},
      {Scenario("a rate alone")
           .set(fg::rate("enquiry", "order"), 0.3, {.take_from = fg::TakeFrom::nobody()})},
      {Scenario("a stage goes").remove_stage("order"), true},
      {Scenario("an exit goes").remove_transition("order", "enquiry").scale(fg::volume("reached"), 2), true},
      {Scenario("the exit that gives goes").remove_transition("order", "customer"), true},
      {Scenario("a new entry").add_entry({.stage = "enquiry", .volume = 50}), true},
  };
  fg::MonteCarloOptions options{.metrics = metrics, .draws = 300, .seed = 5, .keep_draws = true};
  for (const Row& row : rows) options.scenarios.push_back(row.scenario);
  const fg::MonteCarlo result = fg::monte_carlo(base, beliefs(), options);
  REQUIRE(result.draws == 300);
  REQUIRE(result.results.size() == (rows.size() + 1) * metrics.size());
  for (std::size_t s = 0; s <= rows.size(); ++s) {
    const Scenario scenario = s == 0 ? Scenario("base") : rows[s - 1].scenario;
    INFO(scenario.name());
    std::vector<fg::Change> structure, numbers;
    for (const fg::Change& change : scenario.changes()) {
      (std::holds_alternative<fg::NumberChange>(change.what) ? numbers : structure).push_back(change);
    }
    const fg::Funnel restructured = apply(base, Scenario("", {}, structure));
    for (std::size_t v = 0; v < 300; v += 7) {
      std::vector<fg::ParameterDraws> drawn = result.drawn;
      // What it had lies in the drop-off, which then gives and is no more drawn itself.
      const bool gone = scenario.name() == "the exit that gives goes";
      if (gone)
        std::erase_if(drawn, [](const auto& column) { return column.parameter == fg::drop_off("order"); });
      const fg::Funnel under = apply(with_draw(restructured, drawn, v, gone ? "drop_off" : "customer"),
                                     Scenario("", {}, numbers), {.at = {}, .clip = true});
      for (std::size_t m = 0; m < metrics.size(); ++m) {
        const double slow = fg::evaluate(under, metrics[m]);
        const double fast = result.results[s * metrics.size() + m].values[v];
        INFO(to_string(metrics[m]) << ", draw " << v);
        // Two orders of the same arithmetic.
        if (std::isnan(slow)) {
          CHECK(std::isnan(fast));
        } else {
          CHECK_THAT(fast, WithinRel(slow, 1e-9) || WithinAbs(slow, 1e-9));
        }
      }
    }
    CHECK(result.counts[s].ok + result.counts[s].fitted == 300);
  }
  CHECK(base == shop());
}

TEST_CASE("the same bits at any number of threads, with any company [whatif, monte carlo]") {
  const fg::Funnel base = shop();
  const Scenario quick = Scenario("quick").scale_odds(fg::rate("enquiry", "order"), 1.3);
  fg::MonteCarloOptions options{.metrics = metrics, .scenarios = {quick}, .draws = 9000, .seed = 11};
  options.keep_draws = true;
  options.execution.threads = 1;
  const fg::MonteCarlo one = fg::monte_carlo(base, beliefs(), options);
  options.execution.threads = 3;
  const fg::MonteCarlo three = fg::monte_carlo(base, beliefs(), options);
  REQUIRE(one.results.size() == three.results.size());
  for (std::size_t i = 0; i < one.results.size(); ++i) {
    for (std::size_t v = 0; v < 9000; ++v)
      REQUIRE(same(one.results[i].values[v], three.results[i].values[v]));
  }
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    CHECK(same(one.rows[i].summary.mean, three.rows[i].summary.mean));
    CHECK(same(one.rows[i].summary.quantiles[2].value, three.rows[i].summary.quantiles[2].value));
  }
  // Fewer draws, fewer metrics, no scenario: the same numbers.
  options.draws = 100;
  options.metrics = {metrics[1]};
  options.scenarios.clear();
  const fg::MonteCarlo few = fg::monte_carlo(base, beliefs(), options);
  for (std::size_t v = 0; v < 100; ++v) CHECK(few.results[0].values[v] == one.results[1].values[v]);
}

TEST_CASE("means and spreads are those of the theory [whatif, monte carlo]") {
  fg::Funnel base;
  base.add_stage({.name = "enquiry"});
  base.add_stage({.name = "order"});
  base.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  base.add_transition({.from = "enquiry", .to = "order", .rate = 0.35});
  base.add_transition({.from = "order", .to = "customer", .rate = 0.8});
  base.add_entry({.stage = "enquiry", .volume = 1000});
  const Distribution p = Distribution::beta(35, 65);
  const Distribution q = Distribution::beta(80, 20);
  const fg::Metric count = fg::metric::count("customer");
  const fg::MonteCarlo result = fg::monte_carlo(
      base, {.numbers = {{fg::rate("enquiry", "order"), p, {}}, {fg::rate("order", "customer"), q, {}}}},
      {.metrics = {count},
       .scenarios = {Scenario("half as many").scale(fg::volume("enquiry"), 0.5)},
       .draws = 200'000,
       .seed = 1,
       .targets = {{count, 280, false}, {count, 280, true}}});
  const fg::DrawSummary& summary = result.rows[0].summary;
  // A product of independent numbers: E = E[p] E[q], E[x^2] = (var p + E[p]^2)(var q + E[q]^2).
  const double mean = 1000 * p.mean() * q.mean();
  const auto square = [](const Distribution& d) { return d.sd() * d.sd() + d.mean() * d.mean(); };
  const double sd = std::sqrt(1e6 * square(p) * square(q) - mean * mean);
  CHECK_THAT(summary.mean, WithinAbs(mean, 4 * summary.standard_error));
  CHECK_THAT(summary.sd, WithinRel(sd, 4 / std::sqrt(2.0 * 200'000)));
  CHECK_THAT(result.rows[0].point, WithinRel(280, 1e-12));
  CHECK(result.rows[0].summary.quantiles.size() == 5);
  // Half as many: on the same draws the difference is exactly half of it.
  REQUIRE(result.differences.size() == 1);
  CHECK_THAT(result.differences[0].summary.mean, WithinRel(-summary.mean / 2, 1e-12));
  CHECK_THAT(result.differences[0].summary.sd, WithinRel(summary.sd / 2, 1e-9));
  CHECK(result.differences[0].more.value == 0);
  REQUIRE(result.targets.size() == 4);
  CHECK_THAT(result.targets[0].reached.value + result.targets[1].reached.value, WithinAbs(1, 1e-12));
  CHECK(result.targets[2].reached.value == 0);
  CHECK_THAT(result.targets[0].reached.standard_error, WithinRel(0.5 / std::sqrt(200'000.0), 0.01));
  CHECK(result.notes.empty());
}

TEST_CASE("draws that do not fit their row are scaled to fit and counted [whatif, monte carlo]") {
  const fg::Funnel base = shop();
  // The two ask for 0.7 to 1.5 of a row in which "unfit" keeps 0.1.
  const fg::Uncertainty wide{
      .numbers = {{fg::rate("enquiry", "order"), Distribution::uniform(0.4, 0.8), {}},
                  {fg::rate("enquiry", "competitor"), Distribution::uniform(0.3, 0.7), {}}}};
  const fg::MonteCarlo result =
      fg::monte_carlo(base, wide,
                      {.metrics = {fg::metric::profit()},
                       .scenarios = {Scenario("s").scale(fg::rate("enquiry", "order"), 1.1)},
                       .draws = 5000});
  CHECK(result.counts[0].fitted > 2000);
  CHECK(result.counts[0].fitted < 5000);
  CHECK(result.counts[1].fitted >= result.counts[0].fitted);
  CHECK(result.counts[0].ok + result.counts[0].fitted == 5000);
  CHECK(result.rows[0].summary.count == 5000);
  REQUIRE(result.notes.size() == 2);
  CHECK(result.notes[0].find("scaled to fit") != std::string::npos);
}

TEST_CASE("a metric that a draw leaves unknown is counted [whatif, monte carlo]") {
  fg::Funnel base = shop();
  base.set(fg::lag("order", "customer"), no_number);
  const fg::MonteCarlo result = fg::monte_carlo(
      base, {.numbers = {{fg::rate("reached", "enquiry"), Distribution::beta(40, 160), {}}}},
      {.metrics = {fg::metric::count("customer"), fg::metric::time_to("customer")}, .draws = 50});
  CHECK(result.rows[0].summary.count == 50);
  CHECK(result.rows[1].summary.count == 0);
  CHECK(std::isnan(result.rows[1].summary.mean));
  CHECK(result.notes == std::vector<std::string>{"base: time_to(customer) is unknown in 50 of 50 draws"});
}

TEST_CASE("a stop leaves the first draws [whatif, monte carlo]") {
  const fg::Funnel base = shop();
  fg::MonteCarloOptions options{.metrics = {fg::metric::profit()}, .draws = 1'000'000, .seed = 2};
  options.keep_draws = true;
  std::size_t chunks = 0;
  options.execution.threads = 1;
  options.execution.stop = [&chunks] { return ++chunks > 3; };
  const fg::MonteCarlo stopped = fg::monte_carlo(base, beliefs(), options);
  CHECK(stopped.draws > 0);
  CHECK(stopped.draws < 100'000);
  CHECK(stopped.results[0].values.size() == stopped.draws);
  CHECK(stopped.rows[0].summary.count == stopped.draws);
}

TEST_CASE("Monte Carlo that cannot be is refused, and the base stays as it was [whatif, monte carlo]") {
  const fg::Funnel base = shop();
  const fg::Funnel copy = base;
  struct Bad {
    const char* what;
    std::function<void(fg::Uncertainty&, fg::MonteCarloOptions&)> spoil;
    std::function<bool(const fg::Error&)> is;
  };
  const auto invalid = [](const fg::Error& e) {
    return dynamic_cast<const fg::InvalidValueError*>(&e) != nullptr;
  };
  const auto unknown = [](const fg::Error& e) {
    return dynamic_cast<const fg::UnknownNameError*>(&e) != nullptr;
  };
  const auto conflict = [](const fg::Error& e) {
    return dynamic_cast<const fg::ConflictError*>(&e) != nullptr;
  };
  const auto impossible = [](const fg::Error& e) {
    return dynamic_cast<const fg::ImpossibleChangeError*>(&e) != nullptr;
  };
  using U = fg::Uncertainty;
  using O = fg::MonteCarloOptions;
  const std::vector<Bad> table{
      {"no draws", [](U&, O& o) { o.draws = 0; }, invalid},
      {"nothing to draw", [](U& u, O&) { u = {}; }, invalid},
      {"no metric", [](U&, O& o) { o.metrics.clear(); }, invalid},
      {"quantile 0", [](U&, O& o) { o.quantiles = {0.0}; }, invalid},
      {"quantile 1.2", [](U&, O& o) { o.quantiles = {0.5, 1.2}; }, invalid},
      {"quantile NaN", [](U&, O& o) { o.quantiles = {no_number}; }, invalid},
      {"target NaN", [](U&, O& o) { o.targets = {{fg::metric::profit(), no_number}}; }, invalid},
      {"two scenarios of one name", [](U&, O& o) { o.scenarios = {Scenario("a"), Scenario("a")}; }, invalid},
      {"a scenario called base", [](U&, O& o) { o.scenarios = {Scenario("base")}; }, invalid},
      {"unknown outcome", [](U&, O& o) { o.metrics = {fg::metric::count("custmer")}; }, unknown},
      {"unknown number",
       [](U& u, O&) { u.numbers = {{fg::cost("enquri"), Distribution::uniform(0, 1), {}}}; }, unknown},
      {"unknown donor",
       [](U& u, O&) {
         u.numbers = {{fg::rate("enquiry", "order"), Distribution::uniform(0, 1), "nobody here"}};
       },
       unknown},
      {"unknown stage in a scenario", [](U&, O& o) { o.scenarios = {Scenario("a").remove_stage("nowhere")}; },
       unknown},
      {"a scenario that cannot be",
       [](U&, O& o) { o.scenarios = {Scenario("a").set(fg::rate("enquiry", "order"), 1.5)}; }, impossible},
      {"draws that exclude each other",
       [](U& u, O&) {
         u.numbers.push_back({fg::rate("enquiry", "competitor"), Distribution::uniform(0, 0.2), "order"});
       },
       conflict},
      {"not positive definite",
       [](U& u, O&) {
         u.correlations = {{fg::rate("reached", "enquiry"), fg::volume("reached"), 0.9},
                           {fg::rate("reached", "enquiry"), fg::value("order"), 0.9},
                           {fg::value("order"), fg::volume("reached"), -0.9}};
       },
       invalid},
  };
  for (const Bad& row : table) {
    INFO(row.what);
    fg::Uncertainty uncertainty = beliefs();
    fg::MonteCarloOptions options{.metrics = {fg::metric::profit()}, .draws = 10};
    row.spoil(uncertainty, options);
    try {
      static_cast<void>(fg::monte_carlo(base, uncertainty, options));
      FAIL_CHECK("went through");
    } catch (const fg::Error& error) {
      INFO(error.what());
      CHECK(row.is(error));
    }
    CHECK(base == copy);
  }
}
