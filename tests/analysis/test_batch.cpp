// Many variants of one chain against solving each by itself.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/analysis/batch.hpp>
#include <funnelgraph/analysis/detail/variant_chain.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/solution.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/refresh.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <limits>
#include <tuple>
#include <vector>

#include "support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

struct Table {
  std::vector<std::vector<double>> results;
  std::vector<fg::VariantStatus> status;
};

Table run(const fg::Batch& batch, const std::vector<std::vector<double>>& columns, std::size_t results) {
  const std::size_t count = columns.front().size();
  Table table{.results = std::vector(results, std::vector<double>(count, -1)),
              .status = std::vector(count, fg::VariantStatus::ok)};
  std::vector<const double*> in;
  for (const auto& column : columns) in.push_back(column.data());
  std::vector<double*> out;
  for (auto& column : table.results) out.push_back(column.data());
  CHECK(batch.run(in, count, out, table.status, {.threads = 1}) == count);
  return table;
}

std::vector<fg::Figure> figures_of(const fg::Chain& chain) {
  using K = fg::FigureKind;
  std::vector<fg::Figure> figures;
  for (const std::uint32_t o : {0U, fg::drop_off_outcome}) {
    figures.push_back({.kind = K::count, .position = o});
    figures.push_back({.kind = K::probability, .position = o});
    figures.push_back({.kind = K::cost_per, .position = o});
    figures.push_back({.kind = K::time_to, .position = o});
  }
  figures.push_back({.kind = K::time_to, .position = fg::any_exit});
  figures.push_back({.kind = K::visits, .position = chain.stage_count - 1});
  for (const K kind : {K::revenue, K::cost, K::profit, K::lifetime_value, K::feasible})
    figures.push_back({.kind = kind});
  figures.push_back({.kind = K::ratio, .parts = {figures[0], figures[1]}});
  figures.push_back({.kind = K::sum, .parts = {figures[0], {.kind = K::cost}}, .weights = {2, -1}});
  return figures;
}

/// Every input of the chain but those that change lags beyond its mean.
std::vector<fg::InputRef> inputs_of(const fg::Chain& chain) {
  std::vector<fg::InputRef> inputs;
  for (int kind = 0; kind <= static_cast<int>(fg::Input::derived_discount_loss); ++kind) {
    const auto input = static_cast<fg::Input>(kind);
    for (std::uint32_t k = 0; k < fg::detail::input_count(chain, input); ++k) inputs.push_back({input, k});
  }
  return inputs;
}

}  // namespace

TEST_CASE("variants of drawn chains agree with solving each by itself") {
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    test::Draw draw(seed + 77);
    const fg::Funnel funnel =
        test::random_funnel(seed, {.unknown_lags = seed % 2 == 0, .capacities = true, .every_part = true});
    fg::Chain chain = fg::compile(funnel).chain;
    if (seed % 4 == 1) chain.discount_rate = 0;
    fg::refresh(chain);
    const std::vector<fg::InputRef> all = inputs_of(chain);
    std::vector<fg::InputRef> varied;
    for (const fg::InputRef ref : all) {
      if (draw.chance(seed % 3 == 0 ? 0.9 : 0.1)) varied.push_back(ref);
    }
    if (varied.empty()) varied.push_back({fg::Input::base_rate, 0});
    const fg::CapacityRule rule = seed % 5 == 0 ? fg::CapacityRule::cap : fg::CapacityRule::report;
    const std::vector<fg::Figure> figures = figures_of(chain);
    const fg::Batch batch(chain, varied, figures, rule);
    constexpr std::size_t count = 20;
    std::vector<std::vector<double>> columns(varied.size());
    for (std::size_t k = 0; k < varied.size(); ++k) {
      const double base = fg::detail::input_value(chain, varied[k]);
      for (std::size_t v = 0; v < count; ++v) {
        // Deviations stay where the family has none of its own.
        double number = varied[k].input == fg::Input::lag_sd ? base : base * draw.uniform(0.9, 1.1);
        if (varied[k].input >= fg::Input::derived_discount && !(number <= 1)) number = base;
        if (draw.chance(0.01)) number = 0;
        if (v == 7 && k == 0) number = no_number;
        columns[k].push_back(number);
      }
    }
    const Table table = run(batch, columns, figures.size());
    const fg::Elimination plan(chain);
    fg::detail::VariantChain one(chain, plan, varied, rule);
    std::vector<double> numbers(varied.size());
    std::vector<double> exact(figures.size());
    for (std::size_t v = 0; v < count; ++v) {
      bool allowed = true;
      for (std::size_t k = 0; k < varied.size(); ++k) {
        numbers[k] = columns[k][v];
        allowed = allowed && fg::detail::input_allows(varied[k].input, numbers[k]);
      }
      INFO("seed " << seed << ", variant " << v);
      if (!allowed) {
        CHECK(table.status[v] == fg::VariantStatus::out_of_range);
        CHECK(std::isnan(table.results[0][v]));
        continue;
      }
      CHECK(table.status[v] == one.evaluate(numbers, figures, exact));
      for (std::size_t f = 0; f < figures.size(); ++f) {
        INFO("figure " << f << " of kind " << static_cast<int>(figures[f].kind));
        if (std::isnan(exact[f])) {
          CHECK(std::isnan(table.results[f][v]));
        } else {
          // Sums in another order: some ulps; a profit is a difference of amounts up to 1e5.
          CHECK_THAT(table.results[f][v], WithinRel(exact[f], 1e-13) || WithinAbs(exact[f], 1e-9));
          ++compared;
        }
      }
    }
  }
  CHECK(compared > 20000);
}

TEST_CASE("a varied number is that number set in the funnel, on the tape and one by one") {
  // Capped figures go one by one, the others over the tape. Rates are weights in a batch and have tests of
  // their own.
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const fg::Funnel funnel = test::random_funnel(
        seed, {.most_stages = 6, .unknown_lags = seed % 4 == 0, .capacities = true, .discount_rate = 0.2});
    const fg::Compiled compiled = fg::compile(funnel);
    const fg::Metric days = fg::metric::time_to();
    for (const fg::CapacityRule rule : {fg::CapacityRule::report, fg::CapacityRule::cap}) {
      for (const fg::Parameter& parameter : funnel.parameters()) {
        const fg::ParameterKind kind = parameter.kind();
        if (kind == fg::ParameterKind::rate || kind == fg::ParameterKind::drop_off) continue;
        const fg::InputRef input = fg::input_of(compiled, funnel, parameter);
        const fg::Batch batch(
            compiled.chain, {input},
            {{.kind = fg::FigureKind::profit}, {.kind = fg::FigureKind::time_to, .position = fg::any_exit}},
            rule);
        const double now = funnel.get(parameter);
        // A lag that was 0 or unknown in the variant before leaves no trace.
        std::vector<double> numbers{0.75 * now, 0.5 * now, now};
        if (kind == fg::ParameterKind::lag) numbers = {0, 1.5 * now, no_number, 0.5 * now, 3, now};
        if (kind == fg::ParameterKind::lag_sd && !(now > 0)) continue;
        const Table table = run(batch, {numbers}, 2);
        INFO("seed " << seed << ", " << fg::to_string(parameter));
        for (std::size_t v = 0; v < numbers.size(); ++v) {
          fg::Funnel moved = funnel;
          if (kind == fg::ParameterKind::lag_sd &&
              !moved.transition(parameter.argument(0), parameter.argument(1)).lag.has_free_sd())
            continue;
          moved.set(parameter, numbers[v]);
          INFO("at " << numbers[v]);
          REQUIRE(table.status[v] == fg::VariantStatus::ok);
          const auto same = [&](double got, double wanted) {
            if (std::isnan(wanted)) {
              CHECK(std::isnan(got));
            } else {
              // Sums in another order: some ulps; a profit is a difference of amounts up to 1e5.
              CHECK_THAT(got, WithinRel(wanted, 1e-12) || WithinAbs(wanted, 1e-8));
              ++compared;
            }
          };
          same(table.results[0][v], fg::evaluate(moved, fg::metric::profit(), {.capacity = rule}));
          same(table.results[1][v], fg::evaluate(moved, days, {.capacity = rule}));
        }
      }
    }
  }
  CHECK(compared > 5000);
}

TEST_CASE("numbers that do not go with a lag's family are out of range, and order does not matter") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "lead"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_transition(
      {.from = "lead", .to = "won", .rate = 1, .lag = fg::Lag::gamma({.mean = 300, .sd = 100})});
  funnel.add_entry({.stage = "lead", .volume = 1});
  using S = fg::VariantStatus;
  const fg::AnalysisOptions later{.discount_rate = 0.25};
  const auto batch_of = [&](const std::vector<fg::InputRef>& varied, fg::CapacityRule rule) {
    fg::Chain chain = fg::compile(funnel).chain;
    chain.discount_rate = 0.25;
    return fg::Batch(chain, varied, {{.kind = fg::FigureKind::revenue}}, rule);
  };
  funnel.set(fg::capacity("lead"), 0.5);
  for (const fg::CapacityRule rule : {fg::CapacityRule::report, fg::CapacityRule::cap}) {
    fg::AnalysisOptions options = later;
    options.capacity = rule;
    // The deviation stands before the mean, which would move it along.
    const Table both = run(batch_of({{fg::Input::lag_sd, 0}, {fg::Input::lag_mean, 0}}, rule),
                           {{50, 0, 50}, {600, 0, 0}}, 1);
    CHECK(both.status == std::vector{S::ok, S::ok, S::out_of_range});
    fg::Funnel moved = funnel;
    moved.set(fg::lag("lead", "won"), 600);
    moved.set(fg::lag_sd("lead", "won"), 50);
    CHECK_THAT(both.results[0][0], WithinRel(fg::evaluate(moved, fg::metric::revenue(), options), 1e-12));
    CHECK_THAT(both.results[0][1], WithinRel(rule == fg::CapacityRule::cap ? 50.0 : 100.0, 1e-12));
    CHECK(std::isnan(both.results[0][2]));
    // An exponential lag's deviation is its mean.
    fg::Funnel exponential = funnel;
    fg::Transition transition = exponential.transition("lead", "won");
    transition.lag = fg::Lag::exponential(300);
    exponential.replace_transition("lead", "won", transition);
    fg::Chain chain = fg::compile(exponential).chain;
    const fg::Batch of_sd(chain, {{fg::Input::lag_sd, 0}}, {{.kind = fg::FigureKind::revenue}}, rule);
    CHECK(run(of_sd, {{300, 200}}, 1).status == std::vector{S::ok, S::out_of_range});
    const fg::Batch of_both(chain, {{fg::Input::lag_mean, 0}, {fg::Input::lag_sd, 0}},
                            {{.kind = fg::FigureKind::revenue}}, rule);
    CHECK(run(of_both, {{200, 200}, {200, 300}}, 1).status == std::vector{S::ok, S::out_of_range});
  }
  // Edges of the ranges, which no drawn number meets.
  for (const auto& [input, low, inside, outside] : {std::tuple{fg::Input::lever_value, 0.0, 1e-9, -1.0},
                                                    {fg::Input::stage_commission, -1e-9, 1.0, 1.5},
                                                    {fg::Input::outcome_commission, -1e-9, 0.0, 1.5},
                                                    {fg::Input::capacity, -1e-9, no_number, -1.0},
                                                    {fg::Input::entry_volume, -1e-9, 0.0, no_number}}) {
    CHECK_FALSE(fg::detail::input_allows(input, low));
    CHECK(fg::detail::input_allows(input, inside));
    CHECK_FALSE(fg::detail::input_allows(input, outside));
  }
}

TEST_CASE("an unknown lag that is to vary stays unknown where no column says otherwise") {
  fg::Funnel funnel{{.discount_rate = 0.25}};
  funnel.add_stage({.name = "lead"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_transition({.from = "lead", .to = "won", .rate = 1});
  funnel.add_entry({.stage = "lead", .volume = 1});
  const fg::Batch batch(fg::compile(funnel).chain, {{fg::Input::lag_mean, 0}, {fg::Input::outcome_value, 0}},
                        {{.kind = fg::FigureKind::revenue}});
  const double value = 50;
  double revenue = 0;
  double* const out[] = {&revenue};
  const double* const unsaid[] = {nullptr, &value};
  CHECK(batch.run(unsaid, 1, out) == 1);
  CHECK(std::isnan(revenue));
  const double days = 365;
  const double* const said[] = {&days, &value};
  CHECK(batch.run(said, 1, out) == 1);
  CHECK_THAT(revenue, WithinRel(40.0, 1e-12));
}

TEST_CASE("a value that is not known hides revenue, not costs, and nothing where nobody ends there") {
  // As a fit gives it that was told no values: 100 visits at 2, 25 orders of 50 with a commission of 10 %.
  for (const double subscribing : {0.1, 0.0}) {
    for (const double discount_rate : {0.0, 0.1}) {
      fg::Funnel funnel{{.discount_rate = discount_rate}};
      funnel.add_stage({.name = "visit", .cost = 2});
      funnel.add_outcome({.name = "order", .kind = fg::OutcomeKind::won, .value = 50, .commission = 0.1});
      funnel.add_outcome({.name = "subscription", .kind = fg::OutcomeKind::won, .value = no_number});
      funnel.add_transition({.from = "visit", .to = "order", .rate = 0.25, .lag = 365});
      funnel.add_transition({.from = "visit", .to = "subscription", .rate = subscribing, .lag = 1});
      funnel.add_entry({.stage = "visit", .volume = 100});
      const fg::Chain chain = fg::compile(funnel).chain;
      const std::vector<fg::Figure> figures{{.kind = fg::FigureKind::cost},
                                            {.kind = fg::FigureKind::revenue},
                                            {.kind = fg::FigureKind::count, .position = 1}};
      INFO("subscribing " << subscribing << ", discount rate " << discount_rate);
      const double later = 1 / (1 + discount_rate);
      const Table table = run(fg::Batch(chain, {{fg::Input::entry_volume, 0}}, figures), {{100, 200}}, 3);
      CHECK_THAT(table.results[0][0], WithinRel(200 + 125 * later, 1e-12));
      CHECK_THAT(table.results[0][1], WithinRel(2 * (200 + 125 * later), 1e-12));
      CHECK_THAT(table.results[2][0], WithinRel(100 * subscribing, 1e-12) || WithinAbs(0, 0));
      if (subscribing > 0) {
        CHECK(std::isnan(table.results[1][0]));
      } else {
        CHECK_THAT(table.results[1][0], WithinRel(1250 * later, 1e-12));
      }
      // A variant that says the value ends the doubt.
      const Table valued = run(fg::Batch(chain, {{fg::Input::outcome_value, 1}}, figures), {{0, 20}}, 3);
      CHECK_THAT(valued.results[1][0], WithinRel(1250 * later, 1e-12));
      CHECK_THAT(
          valued.results[1][1],
          WithinRel(1250 * later + 2000 * subscribing * std::pow(1 + discount_rate, -1.0 / 365), 1e-12));
    }
  }
}

TEST_CASE("an unknown lag hides the times after it, in each variant, unless one is given in its place") {
  fg::Funnel funnel;
  for (const char* name : {"lead", "talk"}) funnel.add_stage({.name = name, .capacity = 100.0});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "lost", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "lead", .to = "won", .rate = 0.25, .lag = 2});
  funnel.add_transition({.from = "lead", .to = "talk", .rate = 0.5});
  funnel.add_transition({.from = "talk", .to = "lost", .rate = 0.5, .lag = 3});
  funnel.add_entry({.stage = "lead", .volume = 100});
  using K = fg::FigureKind;
  const std::vector<fg::Figure> figures{
      {.kind = K::time_to, .position = 0},
      {.kind = K::time_to, .position = 1},
      {.kind = K::time_to, .position = fg::drop_off_outcome},
      {.kind = K::time_to, .position = fg::any_exit},
      {.kind = K::feasible},
      {.kind = K::sum, .parts = {{.kind = K::time_to, .position = 1}}, .weights = {0}}};
  const fg::Chain chain = fg::compile(funnel).chain;
  const Table table =
      run(fg::Batch(chain, {{fg::Input::entry_volume, 0}}, {figures.begin(), figures.end() - 1}),
          {{100, 100 * (1 + 5e-10), 101}}, 5);
  CHECK_THAT(table.results[0][0], WithinRel(2.0, 1e-14));
  for (const std::size_t hidden : {1U, 2U, 3U}) CHECK(std::isnan(table.results[hidden][0]));
  CHECK(table.results[4] ==
        std::vector<double>{1, 1, 0});  // a billionth above is rounding, a hundredth is not
  // Nothing times what is unknown is unknown.
  CHECK(std::isnan(run(fg::Batch(chain, {{fg::Input::entry_volume, 0}}, figures), {{100}}, 6).results[5][0]));
  // 50 talk after 8 days: 25 are lost 3 days later and 25 drop off; 25 drop off at once.
  for (const fg::Input given : {fg::Input::lag_mean, fg::Input::derived_lag_mean}) {
    const Table known = run(fg::Batch(chain, {{given, 1}}, {figures.begin(), figures.end() - 1}), {{8}}, 5);
    CHECK_THAT(known.results[1][0], WithinRel(11.0, 1e-14));
    CHECK_THAT(known.results[2][0], WithinRel(4.0, 1e-14));
    CHECK_THAT(known.results[3][0], WithinRel((25 * 2 + 25 * 11 + 25 * 8) / 100.0, 1e-14));
  }
  // The last lag alone unknown.
  funnel.set(fg::lag("lead", "talk"), 8);
  funnel.set(fg::lag("talk", "lost"), no_number);
  const Table last = run(fg::Batch(fg::compile(funnel).chain, {{fg::Input::entry_volume, 0}},
                                   {figures.begin(), figures.end() - 1}),
                         {{100}}, 5);
  CHECK(std::isnan(last.results[1][0]));
  CHECK_THAT(last.results[2][0], WithinRel(4.0, 1e-14));
  CHECK(std::isnan(last.results[3][0]));
}

TEST_CASE("what one stage alone cannot have is told in each variant") {
  fg::Funnel funnel{{.discount_rate = 0.25}};
  funnel.add_stage({.name = "lead", .value = 4});
  funnel.add_stage({.name = "order"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_transition(
      {.from = "lead", .to = "order", .rate = 0.5, .lag = fg::Lag::gamma({.mean = 0, .sd = 0})});
  funnel.add_transition({.from = "order", .to = "won", .rate = 1, .lag = 365});
  funnel.add_entry({.stage = "lead", .volume = 10});
  const fg::Chain chain = fg::compile(funnel).chain;
  const std::vector<fg::Figure> revenue{{.kind = fg::FigureKind::revenue}};
  using S = fg::VariantStatus;
  const auto of = [&](std::vector<fg::InputRef> varied, const std::vector<std::vector<double>>& columns) {
    return run(fg::Batch(chain, std::move(varied), revenue), columns, 1);
  };
  // A lag of no length has no deviation.
  CHECK(of({{fg::Input::lag_sd, 0}}, {{0, 5}}).status == std::vector{S::ok, S::out_of_range});
  // Weights that go to nothing.
  const Table weights = of({{fg::Input::base_rate, 0}, {fg::Input::base_drop_off, 0}}, {{1, 0}, {1, 0}});
  CHECK(weights.status == std::vector{S::ok, S::unsolvable});
  CHECK_THAT(weights.results[0][0], WithinRel(10 * (4 + 0.5 * 80), 1e-12));
  CHECK(std::isnan(weights.results[0][1]));
  // A discount factor given apart from its loss, which stays 1 - 1/1.25: half goes on in worth and a fifth is
  // lost, so that 0.5 / (0.5 + 0.2) of it arrives.
  const Table apart = of({{fg::Input::derived_discount, 1}}, {{0.5}});
  CHECK_THAT(apart.results[0][0], WithinRel(40 + 500 * 0.5 / 0.7, 1e-12));
}

TEST_CASE("derived waiting times stand in the place of a lag's own") {
  const fg::Funnel funnel = test::random_funnel(3, {.capacities = true, .every_part = true});
  fg::Chain chain = fg::compile(funnel).chain;
  chain.discount_rate = 0.2;
  fg::refresh(chain);
  fg::Chain other = chain;
  for (fg::LagDistribution& lag : other.lag) lag = {fg::LagFamily::exponential, 4.5, 4.5, nullptr};
  fg::refresh(other);
  std::vector<fg::InputRef> varied;
  std::vector<std::vector<double>> columns;
  const auto vary = [&](fg::Input input, const std::vector<double>& a, const std::vector<double>& b) {
    for (std::uint32_t e = 0; e < chain.edge_count(); ++e) {
      varied.push_back({input, e});
      columns.push_back({a[e], b[e]});
    }
  };
  vary(fg::Input::derived_lag_mean, chain.lag_mean, other.lag_mean);
  vary(fg::Input::derived_lag_variance, chain.lag_variance, other.lag_variance);
  vary(fg::Input::derived_discount, chain.discount, other.discount);
  vary(fg::Input::derived_discount_loss, chain.discount_loss, other.discount_loss);
  const std::vector<fg::Figure> figures = figures_of(chain);
  const Table table = run(fg::Batch(chain, varied, figures), columns, figures.size());
  const fg::Elimination plan(chain);
  for (std::size_t f = 0; f < figures.size(); ++f) {
    INFO("figure " << f);
    CHECK_THAT(table.results[f][0],
               WithinRel(fg::figure_value(chain, plan, fg::solve_chain(chain, plan), figures[f]), 1e-12));
    CHECK_THAT(table.results[f][1],
               WithinRel(fg::figure_value(other, plan, fg::solve_chain(other, plan), figures[f]), 1e-12));
  }
}

TEST_CASE("pairs of rows and cells have the bits of variants of their own, plain ones too") {
  const fg::Compiled compiled = fg::compile(test::random_funnel(3, {.capacities = true, .every_part = true}));
  fg::Chain chain = compiled.chain;
  fg::refresh(chain);
  std::vector<fg::InputRef> varied;
  for (std::uint32_t e = 0; e < chain.edge_count(); ++e) varied.push_back({fg::Input::base_rate, e});
  for (std::uint32_t o = 0; o < chain.outcome_count; ++o) varied.push_back({fg::Input::outcome_value, o});
  varied.push_back({fg::Input::entry_volume, 0});
  const std::vector<fg::Figure> figures{{.kind = fg::FigureKind::profit},
                                        {.kind = fg::FigureKind::count, .position = 0}};
  const fg::Batch batch(chain, varied, figures);
  constexpr std::size_t rows = 37, cells = 41;
  std::vector<std::uint8_t> of_cells(varied.size());
  std::vector<std::vector<double>> columns(varied.size()), pairs(varied.size());
  std::vector<const double*> in;
  for (std::size_t k = 0; k < varied.size(); ++k) {
    of_cells[k] = k % 3 == 0 ? 1 : 0;
    const double base = fg::detail::input_value(chain, varied[k]);
    columns[k].resize(of_cells[k] != 0 ? cells : rows);
    for (std::size_t v = 0; v < columns[k].size(); ++v)
      columns[k][v] = base * (0.9 + 0.001 * static_cast<double>((v * 7 + k) % 90));
    if (k == 1) columns[k][5] = -1;  // a rate that no variant can have: its row goes one by one
    for (std::size_t p = 0; p < rows * cells; ++p)
      pairs[k].push_back(columns[k][of_cells[k] != 0 ? p % cells : p / cells]);
    in.push_back(columns[k].data());
  }
  const Table plain = run(batch, pairs, figures.size());
  for (const unsigned threads : {1U, 3U}) {
    std::vector<std::vector<double>> made(figures.size(), std::vector<double>(rows * cells));
    std::vector<double*> out;
    for (auto& column : made) out.push_back(column.data());
    CHECK(batch.run_grid({.of_cells = of_cells, .columns = in, .rows = rows, .cells = cells}, out,
                         {.threads = threads}) == rows);
    for (std::size_t f = 0; f < figures.size(); ++f) {
      for (std::size_t p = 0; p < rows * cells; ++p) {
        if (p / cells == 5)
          REQUIRE(std::isnan(made[f][p]));
        else
          REQUIRE(made[f][p] == plain.results[f][p]);
      }
    }
  }
  const std::vector<std::vector<std::uint32_t>> groups{{0, 1}, {2}};
  const std::vector<std::size_t> sizes{1, 1};
  CHECK(batch.cell_groups(groups, sizes, 2) == std::vector<std::uint8_t>{1, 1});
  // One by one nothing is shared: whatever fits.
  fg::Chain full = chain;
  full.capacity.assign(full.stage_count, 1.0);
  const fg::Batch capped(full, varied, figures, fg::CapacityRule::cap);
  CHECK(capped.cell_groups(groups, sizes, 1) == std::vector<std::uint8_t>{1, 0});
  CHECK(capped.cell_groups(groups, std::vector<std::size_t>{2, 1}, 1) == std::vector<std::uint8_t>{0, 1});
  const std::vector<std::vector<std::uint32_t>> beyond{{static_cast<std::uint32_t>(varied.size())}, {2}};
  CHECK_THROWS_AS(batch.cell_groups(beyond, sizes, 2), fg::InvalidValueError);
  std::vector<double*> none;
  CHECK_THROWS_AS(batch.run_grid({.of_cells = of_cells, .columns = in, .rows = 1, .cells = 1}, none),
                  fg::InvalidValueError);
}

TEST_CASE("a row whose weights go to nothing is unsolvable, alone") {
  fg::Chain chain;
  chain.stage_count = 2;
  chain.outcome_count = 1;
  chain.outcome_kind = {fg::ExitKind::won};
  chain.row_begin = {0, 2, 3};
  chain.target = {1, 2, 0};  // 0 -> 1, 0 -> won, 1 -> 0
  chain.base_rate = {0.5, 0.5, 0.9};
  chain.base_drop_off = {0, 0.1};
  chain.lag.resize(3);
  for (auto* edges : {&chain.edge_cost, &chain.edge_value}) edges->assign(3, 0.0);
  chain.service_level.assign(3, no_number);
  for (auto* stages : {&chain.stage_cost, &chain.stage_value, &chain.stage_commission})
    stages->assign(2, 0.0);
  chain.capacity.assign(2, no_number);
  chain.outcome_value = chain.outcome_commission = {0};
  chain.entries = {{0, 1, 0}};
  const fg::Batch batch(chain, {{fg::Input::base_rate, 1}, {fg::Input::base_drop_off, 1}},
                        {{.kind = fg::FigureKind::count, .position = 0}});
  const Table table = run(batch, {{0.5, 0, 0, 0.5}, {0.1, 0.1, 0, 0}}, 1);
  using S = fg::VariantStatus;
  CHECK(table.status == std::vector{S::ok, S::ok, S::unsolvable, S::ok});
  CHECK_THAT(table.results[0][0], WithinRel(0.5 / (0.5 + 0.5 * 0.1), 1e-15));
  CHECK(table.results[0][1] == 0);
  CHECK(std::isnan(table.results[0][2]));
  CHECK_THAT(table.results[0][3], WithinRel(1.0, 1e-15));

  chain.base_rate[1] = 0;
  chain.base_drop_off[1] = 0;
  CHECK_THROWS_AS(fg::Batch(chain, {{fg::Input::entry_volume, 0}}, {}), fg::UnsolvableError);
  CHECK_NOTHROW(fg::Batch(chain, {{fg::Input::base_drop_off, 1}}, {}));
  CHECK_NOTHROW(fg::Batch(chain, {{fg::Input::base_rate, 1}}, {}));
  CHECK_THROWS_AS(fg::Batch(chain, {{fg::Input::base_rate, 3}}, {}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Batch(chain, {{fg::Input::base_rate, 1}, {fg::Input::base_rate, 1}}, {}),
                  fg::InvalidValueError);
}
