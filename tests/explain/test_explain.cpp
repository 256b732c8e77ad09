// Differences explained: the published figures, brute force, and what has to hold for every pair of funnels.
#include <algorithm>
#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/explain.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "../support/funnel_case.hpp"
#include "../support/oracle.hpp"
#include "../support/random_funnel.hpp"
#include "../support/twelve_stages.hpp"

namespace fg = funnelgraph;
namespace metric = funnelgraph::metric;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

fg::By by_of(const std::string& name) {
  if (name == "owner") return fg::By::owner;
  if (name == "stage") return fg::By::stage;
  if (name == "factor") return fg::By::factor;
  throw std::runtime_error("unexpected view " + name);
}

fg::Metric metric_of(const boost::json::array& words) {
  const std::string kind = test::text(words.at(0));
  if (kind == "profit") return metric::profit();
  if (kind == "revenue") return metric::revenue();
  if (kind == "count") return metric::count(test::text(words.at(1)));
  throw std::runtime_error("unexpected metric " + kind);
}

double sum(const fg::Explanation& e) {
  double total = 0;
  for (const fg::ExplanationRow& row : e.rows) total += row.contribution;
  return total;
}

/// A chain of stages 's0' .. with given rates to the next, the rest dropping off, owned in turn.
fg::Funnel chain_funnel(double volume, const std::vector<double>& rates, double value,
                        const std::vector<std::string>& owners = {}) {
  fg::Funnel funnel;
  for (const std::string& owner : owners) {
    if (!funnel.find_owner(owner)) funnel.add_owner({.name = owner});
  }
  for (std::size_t k = 0; k < rates.size(); ++k) {
    fg::Stage stage{.name = "s" + std::to_string(k)};
    if (k < owners.size()) stage.owner = owners[k];
    funnel.add_stage(stage);
  }
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = value});
  for (std::size_t k = 0; k < rates.size(); ++k)
    funnel.add_transition({.from = "s" + std::to_string(k),
                           .to = k + 1 < rates.size() ? "s" + std::to_string(k + 1) : "won",
                           .rate = rates[k]});
  funnel.add_entry({.stage = "s0", .volume = volume});
  return funnel;
}

}  // namespace

TEST_CASE("every view of the published explanations, with least and greatest [11, 19, 20]") {
  const boost::json::value document = test::oracle("funnels.json");
  for (const auto& item : document.as_object().at("explanations").as_array()) {
    const boost::json::object& example = item.as_object();
    INFO(test::text(example.at("name")));
    const fg::Funnel plan = test::funnel_case(example.at("plan"));
    const fg::Funnel actual = test::funnel_case(example.at("actual"));
    const double tolerance = test::number(example.at("relative_tolerance"));
    const boost::json::object& expected = example.at("expect").as_object();
    const double total = test::number(expected.at("total"));
    for (const auto& view : example.at("by").as_array()) {
      fg::ExplainOptions options{.metric = metric_of(example.at("metric").as_array())};
      options.by.names.clear();
      std::string name;
      if (view.is_string()) {
        name = test::text(view);
        options.by.names.push_back(by_of(name));
      } else {
        for (const auto& part : view.as_array()) {
          name += (name.empty() ? "" : ", ") + test::text(part);
          options.by.names.push_back(by_of(test::text(part)));
        }
      }
      options.analysis.discount_rate = test::number(example.at("options").as_object().at("discount_rate"));
      INFO("by " << name);
      const fg::Explanation e = fg::explain(plan, actual, options);
      CHECK_THAT(e.total, WithinRel(total, tolerance));
      CHECK(std::abs(e.residual) <= 1e-9 * std::abs(total));
      const boost::json::array& rows = expected.at(name).as_array();
      REQUIRE(e.rows.size() == rows.size());
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const boost::json::object& wanted = rows.at(r).as_object();
        INFO("row " << r);
        if (wanted.contains("owner")) CHECK(e.rows[r].owner == test::text(wanted.at("owner")));
        if (wanted.contains("stage")) CHECK(e.rows[r].stage == test::text(wanted.at("stage")));
        if (wanted.contains("factor")) CHECK(e.rows[r].factor == test::text(wanted.at("factor")));
        // Least and greatest may be differences of sums of the size of the total.
        const double near = tolerance * std::abs(total);
        CHECK_THAT(e.rows[r].contribution, WithinAbs(test::number(wanted.at("contribution")), near));
        CHECK_THAT(e.rows[r].least, WithinAbs(test::number(wanted.at("least")), near));
        CHECK_THAT(e.rows[r].greatest, WithinAbs(test::number(wanted.at("greatest")), near));
      }
    }
  }
}

TEST_CASE("a product of five factors, by Shapley, LMDI and in sequence") {
  const boost::json::value document = test::oracle("decomposition.json");
  for (const auto& item : document.as_object().at("product").as_array()) {
    const boost::json::object& example = item.as_object();
    const auto numbers = [&](const boost::json::value& list) {
      std::vector<double> out;
      for (const auto& number : list.as_array()) out.push_back(test::number(number));
      return out;
    };
    const std::vector<double> before = numbers(example.at("before")), after = numbers(example.at("after"));
    const auto funnel = [](const std::vector<double>& x) {
      return chain_funnel(x[0], {1, x[1], x[2], x[3]}, x[4]);
    };
    const boost::json::object& expected = example.at("expect").as_object();
    const double tolerance = test::number(example.at("tolerance"));
    const std::pair<fg::ExplainMethod, const char*> methods[] = {
        {fg::ExplainMethod::shapley, "shapley"},
        {fg::ExplainMethod::lmdi, "lmdi"},
        {fg::ExplainMethod::sequential, "sequential_in_order"}};
    for (const auto& [method, name] : methods) {
      INFO(name);
      const fg::Explanation e = fg::explain(funnel(before), funnel(after),
                                            {.by = {fg::By::stage, fg::By::factor}, .method = method});
      const std::vector<double> wanted = numbers(expected.at(name));
      CHECK_THAT(e.total, WithinRel(test::number(expected.at("total")), tolerance));
      REQUIRE(e.rows.size() == wanted.size());
      for (std::size_t k = 0; k < wanted.size(); ++k)
        CHECK_THAT(e.rows[k].contribution, WithinRel(wanted[k], tolerance));
      CHECK(std::abs(e.residual) <= 1e-9 * std::abs(e.total));
    }
  }
}

TEST_CASE("exact parts are those of a brute force over whole funnels, loops, levers and discount included") {
  const auto side = [](bool actual) {
    fg::Funnel f{{.discount_rate = actual ? 0.1 : 0.12}};
    f.add_owner({.name = "M"});
    f.add_owner({.name = "S"});
    f.add_stage({.name = "a", .owner = "M", .cost = actual ? 2.5 : 2.0});
    f.add_stage({.name = "b", .owner = "S", .cost = 4, .value = 3, .commission = actual ? 0.2 : 0.1});
    f.add_stage({.name = "c", .owner = "S"});
    f.add_outcome(
        {.name = "won", .kind = fg::OutcomeKind::won, .value = actual ? 110.0 : 100.0, .commission = 0.1});
    f.add_outcome({.name = "lost"});
    f.add_transition({.from = "a", .to = "b", .rate = actual ? 0.45 : 0.5, .lag = fg::Lag::exponential(20)});
    f.add_transition({.from = "b",
                      .to = "c",
                      .rate = actual ? 0.5 : 0.4,
                      .lag = fg::Lag::gamma({.mean = actual ? 60.0 : 30.0, .sd = 20})});
    f.add_transition({.from = "b", .to = "a", .rate = 0.2, .lag = 10, .cost = 1});
    f.add_transition({.from = "c", .to = "won", .rate = actual ? 0.7 : 0.6, .lag = 5});
    f.add_transition({.from = "c", .to = "lost", .rate = 0.2, .lag = 50});
    f.add_transition({.from = "c", .to = "b", .rate = 0.1, .lag = 7});
    f.add_entry({.stage = "a", .volume = actual ? 1100.0 : 1000.0, .cost = 1, .channel = "x"});
    f.add_entry({.stage = "b", .volume = 40, .cost = actual ? 3.0 : 2.0});
    f.add_lever({.name = "priming", .owner = "M", .value = actual ? 1.5 : 1.0});
    f.add_influence({.lever = "priming", .from = "b", .to = "c", .elasticity = 0.6});
    return f;
  };
  const fg::Funnel plan = side(false), actual = side(true);
  // One player an atom, in the order of the table: what it moves, on a funnel that begins as the plan.
  const std::vector<std::pair<std::string, std::vector<fg::Parameter>>> atoms{
      {"a volume", {fg::volume("a", "x")}},
      {"a rates", {fg::rate("a", "b")}},
      {"b rates", {fg::rate("b", "c")}},
      {"c rates", {fg::rate("c", "won")}},
      {"b lags", {fg::lag("b", "c"), fg::lag_sd("b", "c")}},
      {"a costs", {fg::cost("a")}},
      {"b costs", {fg::commission("b"), fg::entry_cost("b", "")}},
      {"won values", {fg::value("won")}},
      {"priming lever", {fg::lever("priming")}},
      {"discount_rate discount_rate", {fg::discount_rate()}}};
  const fg::Metric profit = metric::profit();
  const auto worth = [&](const std::vector<bool>& in) {
    fg::Funnel mixed = plan;
    for (std::size_t k = 0; k < atoms.size(); ++k) {
      if (!in[k]) continue;
      for (const fg::Parameter& parameter : atoms[k].second) mixed.set(parameter, actual.get(parameter));
    }
    return fg::evaluate(mixed, profit);
  };
  // All coalitions once, then Shapley's formula written out.
  const std::size_t g = atoms.size();
  std::vector<double> table(std::size_t{1} << g);
  for (std::size_t s = 0; s < table.size(); ++s) {
    std::vector<bool> in(g);
    for (std::size_t p = 0; p < g; ++p) in[p] = (s >> p & 1U) != 0;
    table[s] = worth(in);
  }
  const auto factorial = [](std::size_t n) { return std::tgamma(static_cast<double>(n) + 1); };
  const fg::Explanation e =
      fg::explain(plan, actual, {.metric = profit, .by = {fg::By::stage, fg::By::factor}});
  REQUIRE(e.rows.size() == g);
  CHECK_THAT(e.total, WithinRel(fg::evaluate(actual, profit) - fg::evaluate(plan, profit), 1e-12));
  for (std::size_t p = 0; p < g; ++p) {
    INFO(atoms[p].first);
    CHECK(e.rows[p].stage + " " + e.rows[p].factor == atoms[p].first);
    double part = 0, least = 1e300, greatest = -1e300;
    for (std::size_t s = 0; s < table.size(); ++s) {
      if ((s >> p & 1U) != 0) continue;
      const auto size = static_cast<std::size_t>(std::popcount(s));
      const double added = table[s | (std::size_t{1} << p)] - table[s];
      part += factorial(size) * factorial(g - size - 1) / factorial(g) * added;
      least = std::min(least, added);
      greatest = std::max(greatest, added);
    }
    // Worths are of the size of the profit, some 10^4: 1e-9 of the difference is their rounding.
    CHECK_THAT(e.rows[p].contribution, WithinAbs(part, 1e-9 * std::abs(e.total)));
    CHECK_THAT(e.rows[p].least, WithinAbs(least, 1e-9 * std::abs(e.total)));
    CHECK_THAT(e.rows[p].greatest, WithinAbs(greatest, 1e-9 * std::abs(e.total)));
  }
  CHECK_THAT(sum(e), WithinAbs(e.total, 1e-9 * std::abs(e.total)));

  SECTION("pairs with the owner sum to the rows by owner") {
    const fg::Explanation owners = fg::explain(plan, actual, {.metric = profit});
    const fg::Explanation pairs =
        fg::explain(plan, actual, {.metric = profit, .by = {fg::By::owner, fg::By::stage, fg::By::factor}});
    for (const fg::ExplanationRow& owner : owners.rows) {
      double together = 0;
      for (const fg::ExplanationRow& row : pairs.rows)
        together += row.owner == owner.owner ? row.contribution : 0;
      CHECK_THAT(together, WithinAbs(owner.contribution, 1e-9 * std::abs(e.total)));
    }
  }
  SECTION("sampled orders come near, and say how near") {
    const fg::Explanation sampled = fg::explain(plan, actual,
                                                {.metric = profit,
                                                 .by = {fg::By::stage, fg::By::factor},
                                                 .method = fg::ExplainMethod::sampled,
                                                 .samples = 4000,
                                                 .seed = 5});
    double off = 0;
    for (std::size_t p = 0; p < g; ++p) {
      const fg::ExplanationRow& row = sampled.rows[p];
      CHECK(row.standard_error >= 0);
      CHECK(row.standard_error < 0.01 * std::abs(e.total));
      CHECK(row.least >= e.rows[p].least - 1e-6);
      CHECK(row.greatest <= e.rows[p].greatest + 1e-6);
      const double gap = std::abs(row.contribution - e.rows[p].contribution);
      CHECK(gap <= 4.5 * row.standard_error + 1e-9 * std::abs(e.total));
      off += gap;
    }
    CHECK(off > 0);
    CHECK(std::abs(sampled.residual) <= 1e-9 * std::abs(e.total));
  }
  SECTION("one order after another, in any order, from the plan to the actual") {
    const fg::Explanation first = fg::explain(
        plan, actual,
        {.metric = profit, .by = {fg::By::owner}, .method = fg::ExplainMethod::sequential, .order = {"S"}});
    std::vector<bool> sales(g, false);
    for (const std::size_t p : {2U, 3U, 4U, 6U}) sales[p] = true;
    for (const fg::ExplanationRow& row : first.rows) {
      if (row.owner == "S") CHECK_THAT(row.contribution, WithinAbs(worth(sales) - table[0], 1e-6));
    }
    CHECK(std::abs(first.residual) <= 1e-9 * std::abs(e.total));
  }
  SECTION("the same bits at any number of threads") {
    fg::ExplainOptions options{.metric = profit, .by = {fg::By::stage, fg::By::factor}};
    options.execution.threads = 1;
    const fg::Explanation one = fg::explain(plan, actual, options);
    options.execution.threads = 3;
    const fg::Explanation three = fg::explain(plan, actual, options);
    for (std::size_t p = 0; p < g; ++p) CHECK(one.rows[p].contribution == three.rows[p].contribution);
  }
}

TEST_CASE("fourteen players: the same bits at any number of threads, and what sampled orders come near") {
  const fg::Funnel plan = [] {
    fg::Funnel funnel = test::twelve_stages();
    funnel.set(fg::volume("stage 0"), 1000);
    return funnel;
  }();
  fg::Funnel actual = plan;
  for (const test::TwelveStagesRate& rate : test::twelve_stages_rates)
    actual.set(fg::rate(test::twelve_stages_name(rate.from), test::twelve_stages_name(rate.to)),
               rate.rate * (rate.from % 2 == 0 ? 0.96 : 1.05));
  actual.set(fg::volume("stage 0"), 1100);
  actual.set(fg::value("won"), 240);
  fg::ExplainOptions options{.by = {fg::By::stage, fg::By::factor}};
  std::vector<fg::Explanation> made;
  for (const unsigned threads : {1U, 2U, 5U}) {
    options.execution.threads = threads;
    made.push_back(fg::explain(plan, actual, options));
  }
  REQUIRE(made[0].players == 14);
  CHECK(made[0].coalitions == std::size_t{1} << 14U);
  CHECK_THAT(sum(made[0]), WithinAbs(made[0].total, 1e-9 * std::abs(made[0].total)));
  options.method = fg::ExplainMethod::sampled;
  const fg::Explanation sampled = fg::explain(plan, actual, options);
  for (std::size_t r = 0; r < made[0].rows.size(); ++r) {
    const fg::ExplanationRow& row = made[0].rows[r];
    INFO(row.stage << " " << row.factor);
    for (const fg::Explanation& other : made) {
      CHECK(other.rows[r].contribution == row.contribution);
      CHECK(other.rows[r].least == row.least);
      CHECK(other.rows[r].greatest == row.greatest);
    }
    CHECK(std::abs(row.contribution - sampled.rows[r].contribution) <=
          4.5 * sampled.rows[r].standard_error + 1e-9 * std::abs(made[0].total));
    CHECK(sampled.rows[r].least >= row.least - 1e-9 * std::abs(made[0].total));
    CHECK(sampled.rows[r].greatest <= row.greatest + 1e-9 * std::abs(made[0].total));
  }
}

TEST_CASE("what one side lacks is the other's, and its effect belongs to the row that sends flow there") {
  fg::Funnel plan = chain_funnel(1000, {0.5, 0.4}, 100, {"M", "S"});
  fg::Funnel actual = plan;
  actual.add_stage({.name = "trial", .owner = "S", .cost = 2});
  actual.add_transition({.from = "s0", .to = "trial", .rate = 0.2});
  actual.add_transition({.from = "trial", .to = "s1", .rate = 0.9});
  const fg::Explanation e =
      fg::explain(plan, actual, {.metric = metric::profit(), .by = {fg::By::stage, fg::By::factor}});
  REQUIRE(e.rows.size() == 1);
  CHECK(e.rows[0].stage == "s0");
  CHECK(e.rows[0].factor == "rates");
  // 1000 * 0.2 * (0.9 * 0.4 * 100 - 2)
  CHECK_THAT(e.rows[0].contribution, WithinRel(6800.0, 1e-12));
  const fg::Explanation back = fg::explain(actual, plan, {.metric = metric::profit(), .by = {fg::By::stage}});
  CHECK_THAT(back.rows[0].contribution, WithinRel(-6800.0, 1e-12));
  // A new channel is a volume; its cost per entrant is the same on both sides.
  fg::Funnel channel = plan;
  channel.add_entry({.stage = "s1", .volume = 50, .cost = 3, .channel = "fair"});
  const fg::Explanation with =
      fg::explain(plan, channel, {.metric = metric::profit(), .by = {fg::By::stage, fg::By::factor}});
  REQUIRE(with.rows.size() == 1);
  CHECK(with.rows[0].factor == "volume");
  CHECK_THAT(with.rows[0].contribution, WithinRel(50 * (0.4 * 100 - 3), 1e-12));
}

TEST_CASE(
    "the same gain is credited to whose number moved it: priming to Marketing, a rate to Sales [19, 20]") {
  fg::Funnel plan = chain_funnel(10000, {0.1, 0.3}, 100, {"Marketing", "Sales"});
  plan.add_lever({.name = "priming", .owner = "Marketing"});
  plan.add_influence({.lever = "priming", .from = "s1", .to = "won", .elasticity = 0.5});
  fg::Funnel primed = plan;
  primed.set(fg::lever("priming"), 1.44);
  // The rate that the lever makes: 0.3 * 1.2 / (0.3 * 1.2 + 0.7).
  fg::Funnel closed = plan;
  closed.set(fg::rate("s1", "won"), 0.36 / 1.06);
  const fg::Explanation by_lever = fg::explain(plan, primed);
  const fg::Explanation by_rate = fg::explain(plan, closed);
  CHECK_THAT(by_lever.total, WithinRel(by_rate.total, 1e-12));
  REQUIRE(by_lever.rows.size() == 1);
  REQUIRE(by_rate.rows.size() == 1);
  CHECK(by_lever.rows[0].owner == "Marketing");
  CHECK(by_rate.rows[0].owner == "Sales");
  CHECK(by_rate.rows[0].note == "rates in it include lead quality");
  // Half of the way by each: the credit moves from one to the other, and adds up.
  fg::Funnel both = primed;
  both.set(fg::rate("s1", "won"), 0.36);
  const fg::Explanation e = fg::explain(plan, both);
  REQUIRE(e.rows.size() == 2);
  for (const fg::ExplanationRow& row : e.rows) CHECK(row.contribution > 0);
  const fg::Explanation levers = fg::explain(plan, both, {.by = fg::By::lever});
  REQUIRE(levers.rows.size() == 2);
  CHECK(levers.rows[0].lever == "all else");
  CHECK(levers.rows[1].lever == "priming");
}

TEST_CASE("joint parts are split by shares, what nobody owns is unowned") {
  fg::Funnel plan = chain_funnel(1000, {0.5, 0.4}, 100, {"M", "S"});
  plan.set_owner("s1", fg::Ownership{{"M", 0.25}, {"S", 0.75}});
  fg::Funnel actual = plan;
  actual.set(fg::rate("s1", "won"), 0.3);
  actual.set(fg::value("won"), 90);
  const fg::Explanation e = fg::explain(plan, actual, {.by = {fg::By::owner, fg::By::factor}});
  REQUIRE(e.rows.size() == 3);
  CHECK(e.rows[0].owner == "M");
  CHECK(e.rows[1].owner == "S");
  CHECK_THAT(e.rows[1].contribution, WithinRel(3 * e.rows[0].contribution, 1e-12));
  CHECK(e.rows[2].owner == "unowned");
  CHECK(e.rows[2].factor == "values");
}

TEST_CASE("an interval from the counts has the width of the binomial and Poisson counts") {
  const auto side = [](double volume, double n, double rate) {
    fg::Funnel f = chain_funnel(volume, {rate}, 0);
    f.set(fg::volume("s0"), fg::measured(volume, {.n = volume}));
    f.set(fg::rate("s0", "won"), fg::measured(rate, {.n = n}));
    return f;
  };
  const fg::Explanation e = fg::explain(side(2000, 2000, 0.17), side(1900, 1900, 0.18),
                                        {.metric = metric::count("won"), .by = {fg::By::factor}});
  // Count = N p with N Poisson and p binomial given N: a Poisson count itself.
  const double sd = std::sqrt(2000 * 0.17 + 1900 * 0.18);
  CHECK_THAT(e.high - e.low, WithinRel(2 * 1.959963984540054 * sd, 1e-9));
  REQUIRE(e.within_chance.has_value());
  CHECK(*e.within_chance);
  CHECK(fg::reading(e.within_chance) == "not distinguishable from chance");
  // Rates: (N0 + N1) / 2 * (p1 - p0); by the p of both sides and by both N.
  const double by_p = 1950.0, by_n = 0.005;
  const double variance =
      by_p * by_p * (0.17 * 0.83 / 2000 + 0.18 * 0.82 / 1900) + by_n * by_n * (2000 + 1900);
  CHECK_THAT(e.rows[1].high - e.rows[1].contribution,
             WithinRel(1.959963984540054 * std::sqrt(variance), 1e-9));
  // A plan that somebody agreed has no error of chance; the actual's counts alone decide.
  const fg::Explanation agreed =
      fg::explain(chain_funnel(2000, {0.17}, 0), side(1900, 1900, 0.18), {.metric = metric::count("won")});
  CHECK_THAT(agreed.high - agreed.low, WithinRel(2 * 1.959963984540054 * std::sqrt(1900 * 0.18), 1e-9));
  // Without any count nothing is said of chance.
  const fg::Explanation none = fg::explain(chain_funnel(2000, {0.17}, 0), chain_funnel(1900, {0.18}, 0),
                                           {.metric = metric::count("won")});
  CHECK(!none.within_chance);
  CHECK(std::isnan(none.rows[0].low));
}

TEST_CASE("a mean whose spread nobody gave is not claimed to be more than chance") {
  const auto side = [](double won, double amount, std::optional<fg::Interval> spread) {
    fg::Funnel f = chain_funnel(2000, {won / 2000}, 0);
    f.set(fg::volume("s0"), fg::measured(2000, {.n = 2000}));
    f.set(fg::rate("s0", "won"), fg::measured(won / 2000, {.n = 2000}));
    f.set(fg::value("won"), fg::measured(amount, {.n = won, .interval = spread}));
    return f;
  };
  const fg::ExplainOptions options{.by = {fg::By::factor}};
  const fg::Explanation unknown = fg::explain(side(300, 100, {}), side(500, 105, {}), options);
  REQUIRE(unknown.rows.size() == 2);
  CHECK(unknown.rows[0].factor == "rates");
  CHECK(unknown.rows[0].within_chance == false);
  CHECK(std::isnan(unknown.rows[1].low));
  CHECK(!unknown.rows[1].within_chance);
  CHECK(!unknown.within_chance);
  const fg::Explanation known =
      fg::explain(side(300, 100, fg::Interval{95, 105}), side(500, 105, fg::Interval{101, 109}), options);
  CHECK(known.rows[1].within_chance == true);
  CHECK(known.within_chance == false);
}

TEST_CASE("intervals of LMDI's parts are as wide as the parts of drawn counts vary") {
  const auto side = [](double volume, double offers, double wins, double amount) {
    fg::Funnel f = chain_funnel(volume, {0.5, 0.5}, 0);
    f.set(fg::volume("s0"), fg::measured(volume, {.n = volume}));
    f.set(fg::rate("s0", "s1"), fg::measured(offers / volume, {.n = volume}));
    f.set(fg::rate("s1", "won"), fg::measured(wins / offers, {.n = offers}));
    f.set(fg::value("won"),
          fg::measured(amount, {.n = wins, .interval = fg::Interval{amount - 6, amount + 6}}));
    return f;
  };
  const fg::ExplainOptions options{.by = {fg::By::stage, fg::By::factor}, .method = fg::ExplainMethod::lmdi};
  const fg::Explanation e = fg::explain(side(2000, 1000, 300, 100), side(2300, 1035, 360, 120), options);
  REQUIRE(e.rows.size() == 4);
  // 1,500 draws of both sides know a standard deviation to 1.8 %; four of these.
  constexpr std::size_t draws = 1500;
  std::mt19937_64 random(7);
  std::vector<double> sums(5, 0.0), squares(5, 0.0);
  for (std::size_t d = 0; d < draws; ++d) {
    const auto drawn = [&](double volume, double offer, double win, double amount) {
      const auto v = static_cast<double>(std::poisson_distribution<int>(volume)(random));
      const auto o = static_cast<double>(std::binomial_distribution<int>(static_cast<int>(v), offer)(random));
      const auto w = static_cast<double>(std::binomial_distribution<int>(static_cast<int>(o), win)(random));
      return side(v, o, w, std::normal_distribution<double>(amount, 6 / 1.959963984540054)(random));
    };
    const fg::Funnel plan = drawn(2000, 0.5, 0.3, 100);
    const fg::Explanation one = fg::explain(plan, drawn(2300, 0.45, 360.0 / 1035, 120), options);
    for (std::size_t r = 0; r < 5; ++r) {
      const double part = r < 4 ? one.rows[r].contribution : one.total;
      sums[r] += part;
      squares[r] += part * part;
    }
  }
  for (std::size_t r = 0; r < 5; ++r) {
    INFO(r);
    const double mean = sums[r] / draws;
    const double sd = std::sqrt(squares[r] / draws - mean * mean);
    const double width = r < 4 ? e.rows[r].high - e.rows[r].low : e.high - e.low;
    CHECK_THAT(width, WithinRel(2 * 1.959963984540054 * sd, 0.072));
    if (r < 4) CHECK(e.rows[r].within_chance.has_value());
  }
}

TEST_CASE("LMDI's parts of numbers that nobody measured are sure, zeros among them") {
  fg::Funnel plan = chain_funnel(100, {0.5, 0.4}, 10), actual = chain_funnel(110, {0.5, 0.3}, 10);
  plan.set(fg::rate("s1", "won"), fg::measured(0.4, {.n = 50}));
  actual.set(fg::rate("s1", "won"), fg::measured(0.0, {.n = 55}));
  const fg::Explanation e =
      fg::explain(plan, actual, {.by = {fg::By::stage, fg::By::factor}, .method = fg::ExplainMethod::lmdi});
  REQUIRE(e.rows.size() == 2);
  for (const fg::ExplanationRow& row : e.rows) {
    CHECK(std::isfinite(row.low));
    CHECK(row.low <= row.contribution);
    CHECK(row.high >= row.contribution);
  }
  CHECK(e.rows[1].low < e.rows[1].high);
}

TEST_CASE("a segment's mix is the giver's, its rate the receiver's [12, 39]") {
  const auto side = [](double buyers, double askers, double closing) {
    std::map<std::string, fg::Funnel> classes;
    for (const auto& [name, volume, rate] :
         {std::tuple{"buyer", buyers, closing}, std::tuple{"price-asker", askers, closing / 5}})
      classes.emplace(name, chain_funnel(volume, {0.5, rate}, 100, {"Marketing", "Sales"}));
    return fg::SegmentedFunnel(classes);
  };
  // Fewer buyers of as many leads, the closing within a class as before.
  const fg::Explanation mix = fg::explain(side(600, 400, 0.5), side(300, 700, 0.5));
  REQUIRE(mix.rows.size() == 1);
  CHECK(mix.rows[0].owner == "Marketing");
  CHECK(mix.rows[0].note.empty());
  // The closing of each class less: Sales' own.
  const fg::Explanation own = fg::explain(side(600, 400, 0.5), side(600, 400, 0.4));
  REQUIRE(own.rows.size() == 1);
  CHECK(own.rows[0].owner == "Sales");
  const fg::Explanation named =
      fg::explain(side(600, 400, 0.5), side(300, 700, 0.4),
                  {.metric = metric::count("won"), .by = {fg::By::segment, fg::By::factor}});
  CHECK(named.rows.size() == 4);
  CHECK_THAT(sum(named), WithinAbs(named.total, 1e-9));
  CHECK_THAT(named.plan, WithinRel(600 * 0.5 * 0.5 + 400 * 0.5 * 0.1, 1e-12));
  const fg::Explanation share = fg::explain(side(600, 400, 0.5), side(300, 700, 0.4),
                                            {.metric = metric::probability("won"), .by = {fg::By::segment}});
  CHECK_THAT(share.plan, WithinRel(0.17, 1e-12));
  const fg::Explanation per = fg::explain(side(600, 400, 0.5), side(300, 700, 0.4),
                                          {.metric = metric::cost_per("won"), .by = {fg::By::segment}});
  CHECK(per.plan == 0);
}

TEST_CASE("what cannot be explained says what to do") {
  const fg::Funnel plan = chain_funnel(1000, {0.5, 0.4}, 100, {"M", "S"});
  fg::Funnel actual = plan;
  actual.set(fg::rate("s0", "s1"), 0.4);
  actual.set(fg::rate("s1", "won"), 0.3);

  SECTION("ownership that differs") {
    actual.set_owner("s1", "M");
    CHECK_THROWS_WITH(fg::explain(plan, actual),
                      ContainsSubstring("ownership of stage s1") && ContainsSubstring("owners="));
    CHECK(fg::explain(plan, actual, {.owners = fg::Side::actual}).rows.size() == 1);
    CHECK(fg::explain(plan, actual, {.owners = fg::Side::plan}).rows.size() == 2);
    CHECK(fg::explain(plan, actual, {.by = {fg::By::stage}}).rows.size() == 2);
  }
  SECTION("no common stage") {
    fg::Funnel other;
    other.add_stage({.name = "x"});
    other.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
    other.add_transition({.from = "x", .to = "won", .rate = 1});
    CHECK_THROWS_WITH(fg::explain(plan, other), ContainsSubstring("no common stage"));
  }
  SECTION("two currencies") {
    fg::Funnel dollars = actual, dong = plan;
    dollars.set_info({.currency = "USD"});
    dong.set_info({.currency = "VND"});
    CHECK_THROWS_WITH(fg::explain(dong, dollars), ContainsSubstring("VND and USD"));
    CHECK_NOTHROW(fg::explain(dong, dollars, {.metric = metric::count("won")}));
  }
  SECTION("a metric that is unknown on one side") {
    fg::Funnel nobody = plan;
    nobody.set(fg::rate("s1", "won"), 0);
    CHECK_THROWS_WITH(fg::explain(plan, nobody, {.metric = metric::cost_per("won")}),
                      ContainsSubstring("of the actual") && ContainsSubstring("unknown"));
    CHECK_THROWS_AS(fg::explain(plan, actual, {.metric = metric::time_to("won")}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::explain(plan, actual, {.metric = metric::recoverable()}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::explain(plan, actual, {.metric = metric::count("wno")}), fg::UnknownNameError);
  }
  SECTION("too many players for all coalitions") {
    std::vector<double> before(12, 0.9), after(12, 0.8);
    fg::Funnel long_plan = chain_funnel(1000, before, 10), long_actual = chain_funnel(900, after, 9);
    for (std::size_t k = 0; k < 12; ++k) {
      long_plan.set(fg::cost("s" + std::to_string(k)), 1);
      long_actual.set(fg::cost("s" + std::to_string(k)), 2);
    }
    const fg::ExplainOptions options{.metric = metric::profit(),
                                     .by = {fg::By::stage, fg::By::factor},
                                     .method = fg::ExplainMethod::shapley};
    CHECK_THROWS_WITH(fg::explain(long_plan, long_actual, options),
                      ContainsSubstring("26") && ContainsSubstring("sampled"));
    fg::ExplainOptions automatic = options;
    automatic.method = fg::ExplainMethod::automatic;
    automatic.samples = 50;
    const fg::Explanation e = fg::explain(long_plan, long_actual, automatic);
    CHECK(e.method == fg::ExplainMethod::sampled);
    CHECK(e.rows[0].standard_error >= 0);
    CHECK(std::abs(e.residual) <= 1e-9 * std::abs(e.total));
  }
  SECTION("a coalition that closes a cycle") {
    const auto loop = [](bool first) {
      fg::Funnel f;
      f.add_owner({.name = "M"});
      f.add_owner({.name = "S"});
      f.add_stage({.name = "a", .owner = "M"});
      f.add_stage({.name = "b", .owner = "S"});
      f.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
      f.add_transition({.from = "a", .to = first ? "b" : "won", .rate = 1});
      f.add_transition({.from = "b", .to = first ? "won" : "a", .rate = 1});
      f.add_entry({.stage = "a", .volume = 10});
      f.add_entry({.stage = "b", .volume = first ? 5.0 : 6.0});
      return f;
    };
    const fg::ExplainOptions options{.metric = metric::count("won")};
    try {
      (void)fg::explain(loop(true), loop(false), options);
      FAIL("solved a cycle that nothing leaves");
    } catch (const fg::UnsolvableError& error) {
      CHECK(error.stages() == std::vector<std::string>{"a", "b"});
      CHECK_THAT(error.what(), ContainsSubstring("together=[[\"a\", \"b\"]]"));
    }
    fg::ExplainOptions grouped = options;
    grouped.together = {{"a", "b"}};
    const fg::Explanation e = fg::explain(loop(true), loop(false), grouped);
    REQUIRE(e.rows.size() == 1);
    CHECK(e.rows[0].owner == "S + M");
    grouped.together = {{"a", "x"}};
    CHECK_THROWS_AS(fg::explain(loop(true), loop(false), grouped), fg::UnknownNameError);
  }
  SECTION("an immature side") {
    fg::Funnel young = actual;
    fg::Transition transition = young.transition("s0", "s1");
    transition.observed = fg::Observed{.count = 360, .entered = 1000, .open = 120};
    young.replace_transition("s0", "s1", transition);
    young.set(fg::volume("s0"), fg::measured(1000, {.n = 1000}));
    CHECK_THROWS_WITH(fg::explain(plan, young),
                      ContainsSubstring("12 %") && ContainsSubstring("allow_immature"));
    CHECK_NOTHROW(fg::explain(plan, young, {.allow_immature = true}));
  }
  SECTION("what LMDI cannot take") {
    fg::ExplainOptions lmdi{.metric = metric::cost_per("won"), .method = fg::ExplainMethod::lmdi};
    CHECK_THROWS_WITH(fg::explain(plan, actual, lmdi), ContainsSubstring("sum over paths"));
    lmdi.metric = metric::revenue();
    fg::Funnel loop = actual;
    loop.add_transition({.from = "s1", .to = "s0", .rate = 0.1});
    CHECK_THROWS_WITH(fg::explain(plan, loop, lmdi), ContainsSubstring("loop"));
  }
  SECTION("names of rows") {
    CHECK_THROWS_AS(fg::explain(plan, actual, {.by = {}}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::explain(plan, actual, {.by = {fg::By::segment}}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::explain(plan, actual, {.by = {fg::By::owner, fg::By::owner}}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::explain(fg::SegmentedFunnel{}, fg::SegmentedFunnel{}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::explain(plan, actual, {.method = fg::ExplainMethod::sequential, .order = {"Z"}}),
                    fg::UnknownNameError);
  }
}

TEST_CASE("funnels that are the same have nothing to explain") {
  const fg::Funnel plan = chain_funnel(1000, {0.5, 0.4}, 100, {"M", "S"});
  for (const fg::ExplainMethod method :
       {fg::ExplainMethod::automatic, fg::ExplainMethod::sequential, fg::ExplainMethod::lmdi,
        fg::ExplainMethod::sampled, fg::ExplainMethod::owen}) {
    const fg::Explanation e = fg::explain(plan, plan, {.method = method});
    CHECK(e.rows.empty());
    CHECK(e.total == 0);
  }
}

TEST_CASE("LMDI adds up on paths that skip, with costs, discount and what is new") {
  fg::Funnel plan = chain_funnel(1000, {0.5, 0.4, 0.6}, 100, {"M", "S", "S"});
  plan.add_transition({.from = "s0", .to = "s2", .rate = 0.1});
  plan.set(fg::cost("s1"), 2);
  fg::Funnel actual = plan;
  actual.set(fg::rate("s0", "s2"), 0.15);
  actual.set(fg::rate("s1", "s2"), 0.45);
  actual.set(fg::cost("s1"), 3);
  actual.set(fg::volume("s0"), 1100);
  actual.add_entry({.stage = "s1", .volume = 30, .channel = "fair"});
  for (const fg::Metric& of : {metric::profit(), metric::revenue(), metric::count("won"),
                               metric::visits("s2"), metric::probability("won"), metric::count("drop_off"),
                               metric::revenue() + 3 * metric::count("won")}) {
    INFO(fg::to_string(of));
    const fg::Explanation e =
        fg::explain(plan, actual,
                    {.metric = of, .by = {fg::By::stage, fg::By::factor}, .method = fg::ExplainMethod::lmdi});
    CHECK_THAT(sum(e), WithinAbs(e.total, 1e-9 * std::abs(e.total)));
  }
}

TEST_CASE("capacity is a factor of its own where full stages shed") {
  const auto side = [](double volume, std::optional<double> capacity) {
    fg::Funnel f = chain_funnel(volume, {0.5, 0.4}, 100, {"M", "S"});
    fg::Stage stage = f.stage("s1");
    if (capacity) stage.capacity = *capacity;
    f.replace_stage("s1", stage);
    return f;
  };
  fg::ExplainOptions options{.by = {fg::By::factor}};
  options.analysis.capacity = fg::CapacityRule::cap;
  // Served: min(500, 450) and min(600, 400); volume alone: 450, capacity alone: 400.
  const fg::Explanation e = fg::explain(side(1000, 450), side(1200, 400), options);
  REQUIRE(e.rows.size() == 2);
  CHECK(e.rows[0].factor == "volume");
  CHECK(e.rows[1].factor == "capacity");
  CHECK_THAT(e.rows[0].contribution, WithinAbs(0, 1e-9));
  CHECK_THAT(e.rows[1].contribution, WithinRel(-50 * 0.4 * 100, 1e-9));
  // A stage without a capacity has none to fill.
  const fg::Explanation limited = fg::explain(side(1000, {}), side(1000, 400), options);
  REQUIRE(limited.rows.size() == 1);
  CHECK_THAT(limited.rows[0].contribution, WithinRel(-100 * 0.4 * 100, 1e-9));
  // Reported only, it plays no part, and the notes say so.
  options.analysis.capacity = fg::CapacityRule::report;
  const fg::Explanation reported = fg::explain(side(1000, 450), side(1200, 400), options);
  REQUIRE(reported.rows.size() == 1);
  CHECK_THAT(reported.notes.back(), ContainsSubstring("capacity of s1"));
}
