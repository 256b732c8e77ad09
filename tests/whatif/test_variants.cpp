// Many variants of one funnel against applying each scenario by itself.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstddef>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/whatif/variants.hpp>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/random_funnel.hpp"

namespace fg = funnelgraph;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

struct Table {
  std::vector<std::vector<double>> columns;
  std::vector<std::vector<double>> results;
  std::vector<fg::VariantStatus> status;
  fg::VariantCounts counts;
};

Table run(const fg::Variants& variants, std::vector<std::vector<double>> columns, std::size_t results,
          unsigned threads = 1) {
  Table table{.columns = std::move(columns), .results = {}, .status = {}, .counts = {}};
  const std::size_t count = table.columns.empty() ? 1 : table.columns.front().size();
  table.results.assign(results, std::vector<double>(count, -1));
  table.status.assign(count, fg::VariantStatus::ok);
  std::vector<const double*> in;
  for (const auto& column : table.columns) in.push_back(column.data());
  std::vector<double*> out;
  for (auto& column : table.results) out.push_back(column.data());
  table.counts = variants.run(in, count, out, table.status, {.threads = threads});
  return table;
}

fg::Scenario scenario_of(const std::vector<fg::Varied>& varied, const Table& table, std::size_t v) {
  std::vector<fg::Change> changes;
  for (std::size_t k = 0; k < varied.size(); ++k) {
    changes.push_back({.what = fg::NumberChange{.kind = varied[k].kind,
                                                .parameter = varied[k].parameter,
                                                .value = table.columns[k][v],
                                                .take_from = varied[k].take_from}});
  }
  return fg::Scenario("variant", {}, std::move(changes));
}

/// The same figure the slow way; none where the scenario is refused.
std::optional<double> slow(const fg::Funnel& base, const fg::Scenario& scenario, const fg::Metric& metric,
                           const fg::AnalysisOptions& options) {
  try {
    return fg::evaluate(fg::apply(base, scenario), metric, options);
  } catch (const fg::InvalidValueError&) {
  } catch (const fg::InvalidFunnelError&) {
  } catch (const fg::UnsolvableError&) {
  }
  return std::nullopt;
}

/// Both ways solve the same equations by the same elimination; the order of additions differs, and a
/// drop-off that is not given is 1 minus a sum on one side. Costs and values cancel in a profit.
void check_equal(double fast, double exact, double scale) {
  if (std::isnan(exact)) {
    CHECK(std::isnan(fast));
    return;
  }
  CHECK_THAT(fast,
             Catch::Matchers::WithinRel(exact, 1e-11) || Catch::Matchers::WithinAbs(exact, 1e-12 * scale));
}

fg::Funnel drawn(std::uint64_t seed, bool unknown_lags) {
  return test::random_funnel(seed, {.unknown_lags = unknown_lags, .capacities = true, .every_part = true});
}

std::vector<fg::Metric> all_metrics(const fg::Funnel& funnel) {
  namespace m = fg::metric;
  std::vector<fg::Metric> metrics{m::count("outcome 0"),
                                  m::count("drop_off"),
                                  m::probability("outcome 1"),
                                  m::revenue(),
                                  m::cost(),
                                  m::profit(),
                                  m::cost_per("outcome 0"),
                                  m::time_to("outcome 0"),
                                  m::time_to(),
                                  m::time_to("drop_off"),
                                  m::lifetime_value(),
                                  m::ratio(m::revenue(), m::cost()),
                                  m::profit() - 3 * m::count("outcome 3")};
  metrics.push_back(m::visits(funnel.stages().back().name));
  return metrics;
}

/// Parameters and kinds of change drawn at random, such that they go together.
std::vector<fg::Varied> drawn_changes(const fg::Funnel& funnel, test::Draw& draw, std::size_t most) {
  std::vector<fg::Parameter> parameters = funnel.parameters();
  for (const fg::Stage& stage : funnel.stages()) {
    parameters.push_back(fg::drop_off(stage.name));
    for (const fg::Entry& entry : funnel.entries()) {
      if (entry.stage != stage.name) continue;
      parameters.push_back(fg::volume(stage.name));
      parameters.push_back(fg::entry_cost(stage.name));
      break;
    }
  }
  std::vector<fg::Varied> varied;
  for (std::size_t tries = 0; tries < 4 * most && varied.size() < most; ++tries) {
    fg::Varied one{.parameter = parameters[draw.below(parameters.size())]};
    const bool rate = one.parameter.kind() == fg::ParameterKind::rate ||
                      one.parameter.kind() == fg::ParameterKind::drop_off;
    const bool odds = rate || one.parameter.kind() == fg::ParameterKind::commission;
    one.kind = static_cast<fg::ChangeKind>(draw.below(odds ? 4 : 3));
    if (rate) {
      const char* from[] = {"leak", "siblings", "drop_off", "outcome 0", ""};
      const char* name = from[draw.below(5)];
      one.take_from = *name == '\0' ? fg::TakeFrom::nobody() : fg::TakeFrom(name);
    }
    varied.push_back(one);
    try {
      const fg::Variants variants(funnel, varied, {fg::metric::revenue()});
    } catch (const fg::Error&) {
      varied.pop_back();
    }
  }
  return varied;
}

double drawn_number(const fg::Funnel& funnel, const fg::Varied& varied, test::Draw& draw) {
  const double base = funnel.get(varied.parameter);
  if (draw.chance(0.03)) return no_number;
  if (draw.chance(0.05)) return draw.uniform(-2, 2);
  const double factor = draw.uniform(0.8, 1.2);
  switch (varied.kind) {
    case fg::ChangeKind::set:
      return std::isnan(base) ? draw.uniform(0, 9) : base * factor;
    case fg::ChangeKind::shift:
      return std::isnan(base) ? draw.uniform(0, 9) : base * (factor - 1);
    default:
      return factor;
  }
}

}  // namespace

TEST_CASE("variants of drawn funnels agree with applying each scenario [36, 37]") {
  std::size_t fine = 0;
  std::size_t refused = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    test::Draw draw(seed + 1000);
    const fg::Funnel funnel = drawn(seed, seed % 3 == 0);
    const fg::Funnel copy = funnel;
    const std::vector<fg::Varied> varied = drawn_changes(funnel, draw, 1 + draw.below(8));
    fg::VariantOptions options;
    if (seed % 5 == 1) options.analysis.capacity = fg::CapacityRule::cap;
    if (seed % 5 == 2) options.analysis.discount_rate = 0.1;
    const std::vector<fg::Metric> metrics = all_metrics(funnel);
    const fg::Variants variants(funnel, varied, metrics, options);
    std::vector<std::vector<double>> columns(varied.size());
    for (std::size_t k = 0; k < varied.size(); ++k) {
      for (int v = 0; v < 12; ++v) columns[k].push_back(drawn_number(funnel, varied[k], draw));
    }
    const Table table = run(variants, columns, metrics.size());
    CHECK(table.counts.done == 12);
    CHECK(funnel == copy);
    for (std::size_t v = 0; v < 12 && !varied.empty(); ++v) {
      std::optional<fg::Scenario> scenario;
      try {
        scenario = scenario_of(varied, table, v);
      } catch (const fg::InvalidValueError& error) {  // NaN, or odds of nothing
        INFO("seed " << seed << ", variant " << v << ": " << error.what());
        CHECK(table.status[v] != fg::VariantStatus::ok);
        continue;
      }
      for (std::size_t m = 0; m < metrics.size(); ++m) {
        INFO("seed " << seed << ", variant " << v << ", " << fg::to_string(metrics[m]));
        const auto exact = slow(funnel, *scenario, metrics[m], options.analysis);
        if (!exact) {
          CHECK(table.status[v] != fg::VariantStatus::ok);
          CHECK(std::isnan(table.results[m][v]));
          ++refused;
        } else {
          CHECK(table.status[v] == fg::VariantStatus::ok);
          check_equal(table.results[m][v], *exact, metrics[m] == fg::metric::count("drop_off") ? 1e3 : 1e4);
          ++fine;
        }
      }
    }
  }
  CHECK(fine > 5000);  // the test must not run empty
  CHECK(refused > 500);
}

namespace {

fg::Funnel shop() {
  fg::Funnel funnel({.name = "shop", .currency = "VND"});
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "reached", .owner = "Sales"});
  funnel.add_stage({.name = "enquiry", .owner = "Sales", .cost = 2, .capacity = 150});
  funnel.add_outcome({.name = "order", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_outcome({.name = "rival"});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.2, .lag = 1});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.3, .lag = 2});
  funnel.add_transition({.from = "enquiry", .to = "rival", .rate = 0.2, .lag = 2});
  funnel.add_entry({.stage = "reached", .volume = 600, .channel = "facebook"});
  funnel.add_entry({.stage = "reached", .volume = 400, .channel = "google"});
  return funnel;
}

}  // namespace

TEST_CASE("each status says what became of a variant") {
  using S = fg::VariantStatus;
  const fg::Funnel funnel = shop();
  const std::vector<fg::Varied> varied{{fg::rate("enquiry", "order")}};
  const std::vector<fg::Metric> metrics{fg::metric::count("order")};
  const fg::Variants variants(funnel, varied, metrics, {.feasible = true});
  // The leak of the enquiry is 0.5 drop-off and 0.2 rival.
  const Table table = run(variants, {{0.3, 1.0, 1.1, no_number, -0.1, 0.5}}, 2);
  CHECK(table.status == std::vector{S::ok, S::ok, S::impossible, S::out_of_range, S::out_of_range, S::ok});
  CHECK_THAT(table.results[0][0], Catch::Matchers::WithinRel(60.0, 1e-15));
  CHECK_THAT(table.results[0][1], Catch::Matchers::WithinRel(200.0, 1e-15));
  CHECK(std::isnan(table.results[0][2]));
  CHECK(std::isnan(table.results[0][3]));
  CHECK(table.results[1][0] == 0);  // 200 enquiries, 150 of them can be served
  CHECK(std::isnan(table.results[1][2]));
  CHECK(table.counts.impossible == 1);
  CHECK(table.counts.out_of_range == 2);

  const fg::Variants fitting(funnel, varied, metrics, {.fit_rows = true});
  const Table fitted = run(fitting, {{0.3, 1.0, 1.1, no_number, -0.1, 0.5}}, 1);
  CHECK(fitted.status == std::vector{S::ok, S::ok, S::fitted, S::out_of_range, S::out_of_range, S::ok});
  CHECK_THAT(fitted.results[0][2], Catch::Matchers::WithinRel(200.0, 1e-14));
  CHECK(fitted.counts.fitted == 1);

  const fg::Variants closing(funnel,
                             {{fg::drop_off("reached"), fg::ChangeKind::set, fg::TakeFrom::nobody()},
                              {fg::rate("reached", "enquiry"), fg::ChangeKind::set, fg::TakeFrom::nobody()}},
                             metrics);
  const Table closed = run(closing, {{0.8, 0.5}, {0.2, 0.2}}, 1);
  CHECK(closed.status == std::vector{S::ok, S::impossible});
}

TEST_CASE("a group scales its leaves, a null column changes nothing, a null result is not wanted") {
  const fg::Funnel funnel = shop();
  const fg::Variants variants(funnel, {{fg::volume("reached")}, {fg::rate("enquiry", "order")}},
                              {fg::metric::count("order"), fg::metric::visits("reached")});
  const std::vector<double> volumes{500, 2000, 0};
  const std::vector<const double*> columns{volumes.data(), nullptr};
  std::vector<double> orders(3);
  const std::vector<double*> out{orders.data(), nullptr};
  const fg::VariantCounts counts = variants.run(columns, 3, out);
  CHECK(counts.done == 3);
  CHECK_THAT(orders[0], Catch::Matchers::WithinRel(30.0, 1e-14));
  CHECK_THAT(orders[1], Catch::Matchers::WithinRel(120.0, 1e-14));
  CHECK(orders[2] == 0);
}

TEST_CASE("draws that leave their donors less than nothing are fitted as clipped changes are") {
  const fg::Funnel funnel = shop();
  const std::vector<fg::Varied> varied{{fg::rate("enquiry", "order")}, {fg::rate("enquiry", "rival")}};
  const fg::Variants variants(funnel, varied, {fg::metric::count("order")}, {.fit_rows = true});
  const Table table = run(variants, {{0.9, 0.4}, {0.5, 0.3}}, 1);
  const fg::Scenario clipped = fg::Scenario("clipped")
                                   .set(fg::rate("enquiry", "order"), 0.9, {.clip = true})
                                   .set(fg::rate("enquiry", "rival"), 0.5, {.clip = true});
  CHECK_THAT(table.results[0][0],
             Catch::Matchers::WithinRel(fg::evaluate(fg::apply(funnel, clipped), fg::metric::count("order")),
                                        1e-14));
  CHECK(table.status[0] == fg::VariantStatus::fitted);
  CHECK(table.status[1] == fg::VariantStatus::ok);
}

TEST_CASE("recoverable and horizons go one by one") {
  const fg::Funnel funnel = shop();
  fg::VariantOptions options;
  options.analysis.reference = std::make_shared<const fg::Funnel>(
      fg::apply(funnel, fg::Scenario("plan").set(fg::rate("enquiry", "order"), 0.4)));
  const std::vector<fg::Varied> varied{{fg::rate("enquiry", "order"), fg::ChangeKind::scale}};
  const std::vector<fg::Metric> metrics{fg::metric::recoverable(), fg::metric::lifetime_value(2.5),
                                        fg::metric::count("order")};
  const fg::Variants variants(funnel, varied, metrics, options);
  const Table table = run(variants, {{1, 1.2, 9}}, 3);
  for (std::size_t v = 0; v < 2; ++v) {
    for (std::size_t m = 0; m < metrics.size(); ++m) {
      const auto exact = slow(funnel, scenario_of(varied, table, v), metrics[m], options.analysis);
      REQUIRE(exact);
      check_equal(table.results[m][v], *exact, 1);
    }
  }
  CHECK(table.status[2] == fg::VariantStatus::impossible);
  CHECK(std::isnan(table.results[0][2]));
}

TEST_CASE("what is wrong with the changes is said when they are planned") {
  const fg::Funnel funnel = shop();
  const std::vector<fg::Metric> metrics{fg::metric::revenue()};
  using P = std::vector<fg::Varied>;
  CHECK_THROWS_AS(fg::Variants(funnel, P{{fg::rate("enquiry", "orders")}}, metrics), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::Variants(funnel, P{{fg::cost("enquiry")}}, {fg::metric::count("orders")}),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(
      fg::Variants(funnel, P{{fg::volume("reached")}, {fg::volume("reached", "google")}}, metrics),
      fg::ConflictError);
  CHECK_THROWS_AS(fg::Variants(funnel,
                               P{{fg::rate("enquiry", "order"), fg::ChangeKind::scale_odds},
                                 {fg::rate("enquiry", "rival"), fg::ChangeKind::set, "drop_off"}},
                               metrics),
                  fg::ConflictError);
  const fg::Variants variants(funnel, {{fg::cost("enquiry")}}, metrics);
  const std::vector<const double*> none;
  const std::vector<double*> out{nullptr};
  CHECK_THROWS_AS(variants.run(none, 0, out), fg::InvalidValueError);
}

TEST_CASE("the same bits at any number of threads, and a stop leaves whole chunks") {
  const fg::Funnel funnel = drawn(7, true);
  test::Draw draw(5);
  const std::vector<fg::Varied> varied = drawn_changes(funnel, draw, 5);
  const std::vector<fg::Metric> metrics = all_metrics(funnel);
  const fg::Variants variants(funnel, varied, metrics);
  std::vector<std::vector<double>> columns(varied.size());
  for (std::size_t k = 0; k < varied.size(); ++k) {
    for (int v = 0; v < 20000; ++v) columns[k].push_back(drawn_number(funnel, varied[k], draw));
  }
  const Table one = run(variants, columns, metrics.size(), 1);
  const Table three = run(variants, columns, metrics.size(), 3);
  CHECK(one.status == three.status);
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    for (std::size_t v = 0; v < 20000; ++v) {
      const bool same = one.results[m][v] == three.results[m][v] ||
                        (std::isnan(one.results[m][v]) && std::isnan(three.results[m][v]));
      if (!same) FAIL("metric " << m << ", variant " << v);
    }
  }
  std::vector<const double*> in;
  for (const auto& column : columns) in.push_back(column.data());
  const std::vector<double*> out(metrics.size(), nullptr);
  int asked = 0;
  const fg::VariantCounts stopped =
      variants.run(in, 20000, out, {}, {.threads = 1, .stop = [&asked] { return asked++ >= 1; }});
  CHECK(stopped.done > 0);
  CHECK(stopped.done < 20000);
}
