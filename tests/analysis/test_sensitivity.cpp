// Gradients against finite differences, and the tables made of them.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "../support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

bool leaks(const fg::Funnel& funnel, const std::string& to) {
  const auto outcome = funnel.find_outcome(to);
  if (!outcome) return false;
  const fg::OutcomeKind kind = funnel.outcome(*outcome).kind;
  return kind == fg::OutcomeKind::lost || kind == fg::OutcomeKind::silent;
}

/// The funnel with a rate moved by h, taken from the leak; none where the leak is too small for it.
std::optional<fg::Funnel> with_rate(const fg::Funnel& funnel, const fg::Parameter& rate, double h) {
  const std::string& from = rate.argument(0);
  const std::string& to = rate.argument(1);
  const double dropped = funnel.get(fg::drop_off(from));
  double mass = dropped;
  for (const fg::Transition& t : funnel.transitions()) {
    if (t.from == from && t.to != to && leaks(funnel, t.to)) mass += t.rate.value;
  }
  if (mass < 0.01) return std::nullopt;
  fg::Funnel out = funnel;
  out.set(rate, funnel.get(rate) + h);
  for (const fg::Transition& t : funnel.transitions()) {
    if (t.from == from && t.to != to && leaks(funnel, t.to))
      out.set(fg::rate(from, t.to), t.rate.value * (1 - h / mass));
  }
  if (funnel.stage(from).drop_off) out.set(fg::drop_off(from), dropped * (1 - h / mass));
  return out;
}

/// The funnel with a drop-off moved by h, taken from the rates of its row in proportion.
std::optional<fg::Funnel> with_drop_off(const fg::Funnel& funnel, const fg::Parameter& drop_off, double h) {
  const std::string& stage = drop_off.argument(0);
  const double kept = 1 - funnel.get(drop_off);
  if (funnel.get(drop_off) < 0.01) return std::nullopt;
  fg::Funnel out = funnel;
  out.set(drop_off, funnel.get(drop_off) + h);
  for (const fg::Transition& t : funnel.transitions()) {
    if (t.from == stage) out.set(fg::rate(stage, t.to), t.rate.value * (1 - h / kept));
  }
  return out;
}

std::optional<fg::Funnel> moved(const fg::Funnel& funnel, const fg::Parameter& parameter, double h) {
  if (parameter.kind() == fg::ParameterKind::rate) return with_rate(funnel, parameter, h);
  if (parameter.kind() == fg::ParameterKind::drop_off) return with_drop_off(funnel, parameter, h);
  fg::Funnel out = funnel;
  out.set(parameter, funnel.get(parameter) + h);
  return out;
}

std::vector<fg::Metric> metrics(const fg::Funnel& funnel) {
  namespace metric = fg::metric;
  const std::string won = funnel.outcomes()[0].name;
  const std::string last = funnel.outcomes().back().name;
  return {metric::profit(),
          metric::count(won),
          metric::time_to(won),
          metric::time_to(),
          metric::cost_per(won),
          metric::ratio(metric::revenue(), metric::cost()),
          metric::lifetime_value(),
          metric::probability("drop_off"),
          metric::visits(funnel.stages().back().name),
          2.0 * metric::revenue() - metric::count(won) + 0.5 * metric::visits(funnel.stages()[0].name),
          metric::time_to("drop_off"),
          metric::probability(last)};
}

}  // namespace

TEST_CASE("exact gradients equal finite differences over generated funnels [19,20]") {
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const fg::Funnel funnel =
        test::random_funnel(seed, {.most_stages = 8, .discount_rate = seed % 2 == 0 ? 0.25 : 0.0});
    const std::vector<fg::Metric> all = metrics(funnel);
    const fg::Metric& metric = all[seed % all.size()];
    const double value = fg::evaluate(funnel, metric);
    if (std::isnan(value)) continue;  // nobody ends there
    INFO("seed " << seed << ", " << fg::to_string(metric));
    std::mt19937_64 bits(seed);
    const std::vector<fg::Gradient> gradients = fg::gradients(funnel, metric);
    for (int k = 0; k < 8; ++k) {
      const fg::Gradient& gradient = gradients[bits() % gradients.size()];
      if (gradient.parameter.kind() == fg::ParameterKind::discount_rate && gradient.value == 0) continue;
      const double step = 1e-5 * std::max(std::abs(gradient.value), 0.1);
      const auto up = moved(funnel, gradient.parameter, step);
      if (!up) continue;
      if (gradient.value - step < 0 && gradient.parameter.kind() != fg::ParameterKind::elasticity) {
        // At the edge of its range: one side, less exact.
        const double slope = (fg::evaluate(*up, metric) - value) / step;
        INFO(fg::to_string(gradient.parameter));
        CHECK_THAT(gradient.gradient,
                   WithinRel(slope, 1e-3) || WithinAbs(slope, 1e-5 * (1 + std::abs(value))));
        continue;
      }
      const auto down = moved(funnel, gradient.parameter, -step);
      const double slope = (fg::evaluate(*up, metric) - fg::evaluate(*down, metric)) / (2 * step);
      INFO(fg::to_string(gradient.parameter));
      // Truncation is of order step^2, rounding of order 1e-15 |value| / step.
      const double rounding = 1e-13 * std::abs(value) / step;
      CHECK_THAT(gradient.gradient, WithinRel(slope, 1e-6) || WithinAbs(slope, rounding + 1e-9));
      if (value != 0)
        CHECK_THAT(gradient.elasticity, WithinRel(gradient.gradient * gradient.value / value, 1e-12));
      ++compared;
    }
  }
  CHECK(compared > 2000);
}

TEST_CASE("all gradients at once are those of one parameter after another [19,20]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const fg::Funnel funnel = test::random_funnel(seed, {.most_stages = 8});
    const fg::Metric metric = fg::metric::profit();
    const std::vector<fg::Gradient> gradients = fg::gradients(funnel, metric);
    const std::vector<fg::Parameter> parameters = funnel.parameters();
    REQUIRE(gradients.size() >= parameters.size());
    INFO("seed " << seed);
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    for (std::size_t k = 0; k < gradients.size(); ++k) {
      if (k < parameters.size()) CHECK(gradients[k].parameter == parameters[k]);
      const fg::Gradient alone = fg::gradient_by(funnel, metric, gradients[k].parameter);
      INFO(fg::to_string(gradients[k].parameter));
      CHECK(same(gradients[k].value, alone.value));
      CHECK(same(gradients[k].gradient, alone.gradient));
      CHECK(same(gradients[k].elasticity, alone.elasticity));
      CHECK(same(gradients[k].value, funnel.get(gradients[k].parameter)));
    }
  }
}

TEST_CASE("gradients where full stages shed equal finite differences") {
  const fg::AnalysisOptions cap{.capacity = fg::CapacityRule::cap};
  std::map<fg::ParameterKind, int> compared;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const fg::Funnel funnel = test::random_funnel(
        seed, {.most_stages = 5, .capacities = true, .discount_rate = seed % 2 == 0 ? 0.25 : 0.0});
    const auto profit = [&](const fg::Funnel& of) { return fg::evaluate(of, fg::metric::profit(), cap); };
    const double value = profit(funnel);
    if (value == fg::evaluate(funnel, fg::metric::profit())) continue;  // nothing is shed
    INFO("seed " << seed);
    for (const fg::Gradient& gradient : fg::gradients(funnel, fg::metric::profit(), cap)) {
      if (gradient.value < 1e-3) continue;  // at the edge of its range
      const double step = 1e-5 * gradient.value;
      const auto up = moved(funnel, gradient.parameter, step);
      if (!up) continue;
      const double slope = (profit(*up) - profit(*moved(funnel, gradient.parameter, -step))) / (2 * step);
      INFO(fg::to_string(gradient.parameter));
      // Both are central differences; rounding is of order 1e-15 |value| / step.
      const double rounding = 1e-13 * std::abs(value) / step;
      CHECK_THAT(gradient.gradient, WithinRel(slope, 1e-4) || WithinAbs(slope, rounding + 1e-5));
      if (gradient.gradient != 0) ++compared[gradient.parameter.kind()];
    }
  }
  for (const fg::ParameterKind kind : {fg::ParameterKind::capacity, fg::ParameterKind::rate,
                                       fg::ParameterKind::lag, fg::ParameterKind::volume}) {
    CHECK(compared[kind] > 5);
  }
}

namespace {

fg::Funnel small() {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Marketing"});
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "lead", .owner = "Marketing"});
  funnel.add_stage({.name = "order", .owner = {{"Marketing", 0.25}, {"Sales", 0.75}}, .value = 10});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_outcome({.name = "lost", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "lead", .to = "order", .rate = fg::measured(0.4, {.n = 200})});
  funnel.add_transition({.from = "lead", .to = "lost", .rate = 0.3});
  funnel.add_transition({.from = "order", .to = "won", .rate = fg::agreed(0.5, {"Marketing", "Sales"})});
  funnel.add_entry({.stage = "lead", .volume = 100, .channel = "web"});
  funnel.add_entry({.stage = "lead", .volume = 300, .channel = "fair"});
  return funnel;
}

}  // namespace

TEST_CASE("a rate takes from where it is told to") {
  const fg::Funnel funnel = small();
  const fg::Metric wins = fg::metric::count("won");
  const fg::Parameter rate = fg::rate("lead", "order");
  // 400 leads, 0.5 of the orders are won; nobody who leaks wins.
  const auto by = [&](const std::string& take_from) {
    return fg::gradient_by(funnel, wins, rate, {.take_from = take_from}).gradient;
  };
  CHECK_THAT(by("leak"), WithinRel(200.0, 1e-12));
  CHECK_THAT(by("drop_off"), WithinRel(200.0, 1e-12));
  CHECK_THAT(by("lost"), WithinRel(200.0, 1e-12));
  const fg::Metric lost = fg::metric::count("lost");
  CHECK_THAT(fg::gradient_by(funnel, lost, rate, {.take_from = "lost"}).gradient, WithinRel(-400.0, 1e-12));
  CHECK_THAT(fg::gradient_by(funnel, lost, rate, {.take_from = "drop_off"}).gradient, WithinAbs(0.0, 1e-12));
  // The leak is half drop-off (0.3), half lost (0.3).
  CHECK_THAT(fg::gradient_by(funnel, lost, rate).gradient, WithinRel(-200.0, 1e-12));
  CHECK_THROWS_AS(by("order"), fg::InvalidValueError);
  CHECK_THROWS_AS(by("nowhere"), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::gradient_by(funnel, wins, fg::rate("lead", "odrer")), fg::UnknownNameError);
}

TEST_CASE("siblings give in proportion, and a rate without a leak takes from the drop-off") {
  fg::Funnel funnel;
  for (const char* name : {"first", "offer"}) funnel.add_stage({.name = name});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_outcome({.name = "unfit", .kind = fg::OutcomeKind::screened});
  funnel.add_outcome({.name = "lost", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "first", .to = "offer", .rate = 0.5});
  funnel.add_transition({.from = "first", .to = "unfit", .rate = 0.5});
  funnel.add_transition({.from = "offer", .to = "won", .rate = 0.5});
  funnel.add_transition({.from = "offer", .to = "unfit", .rate = 0.3});
  funnel.add_transition({.from = "offer", .to = "lost", .rate = 0.2});
  funnel.add_entry({.stage = "offer", .volume = 100});
  funnel.add_entry({.stage = "first", .volume = 40});
  const auto by = [&](const fg::Metric& metric, const fg::Parameter& rate, const std::string& take_from) {
    return fg::gradient_by(funnel, metric, rate, {.take_from = take_from}).gradient;
  };
  // 120 offers. What wins gain, the siblings lose as 3 to 2, the leak from the lost alone.
  const fg::Parameter won = fg::rate("offer", "won");
  CHECK_THAT(by(fg::metric::count("won"), won, "siblings"), WithinRel(120.0, 1e-12));
  CHECK_THAT(by(fg::metric::count("unfit"), won, "siblings"), WithinRel(-72.0, 1e-12));
  CHECK_THAT(by(fg::metric::count("lost"), won, "siblings"), WithinRel(-48.0, 1e-12));
  CHECK_THAT(by(fg::metric::count("lost"), won, "leak"), WithinRel(-120.0, 1e-12));
  CHECK_THAT(by(fg::metric::count("unfit"), won, "leak"), WithinAbs(0.0, 1e-12));
  CHECK_THAT(by(fg::metric::revenue(), won, "drop_off"), WithinRel(12'000.0, 1e-12));
  // The first stage leaks nowhere: more offers take from a drop-off of 0, not from the unfit.
  const fg::Parameter on = fg::rate("first", "offer");
  CHECK_THAT(by(fg::metric::count("won"), on, "leak"), WithinRel(20.0, 1e-12));
  CHECK_THAT(by(fg::metric::count("unfit"), on, "leak"), WithinRel(12.0, 1e-12));
  CHECK_THAT(by(fg::metric::count("unfit"), on, "siblings"), WithinRel(12.0 - 40, 1e-12));
}

TEST_CASE("a counterpart for all rates, or for single ones") {
  const fg::Funnel funnel = small();
  const fg::Parameter on = fg::rate("lead", "order");
  const auto table = [&](const fg::SensitivityOptions& options) {
    return fg::gradients(funnel, fg::metric::count("lost"), options);
  };
  const auto of = [&](const fg::SensitivityOptions& options, const fg::Parameter& parameter) {
    for (const fg::Gradient& gradient : table(options)) {
      if (gradient.parameter == parameter) return gradient.gradient;
    }
    return std::nan("");
  };
  CHECK_THAT(of({.take_from = "drop_off"}, on), WithinAbs(0.0, 1e-12));
  CHECK_THAT(of({.take_from = "drop_off", .take_from_of = {{on, "lost"}}}, on), WithinRel(-400.0, 1e-12));
  try {
    (void)table({.take_from = "lost"});
    FAIL("a target of one row was taken for all");
  } catch (const fg::InvalidValueError& error) {
    CHECK(error.where() == "take_from");
    CHECK(error.allowed().starts_with("leak, siblings or drop_off for all rates"));
  }
  CHECK_THROWS_AS(table({.take_from_of = {{fg::cost("lead"), "leak"}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(table({.take_from_of = {{fg::rate("lead", "odrer"), "leak"}}}), fg::UnknownNameError);
}

TEST_CASE("groups scale their leaves in proportion") {
  const fg::Funnel funnel = small();
  const fg::Gradient group = fg::gradient_by(funnel, fg::metric::revenue(), fg::volume("lead"));
  CHECK_THAT(group.value, WithinRel(400.0, 1e-12));
  CHECK_THAT(group.elasticity, WithinRel(1.0, 1e-12));  // revenue is proportional to the volume
  // Each stage's group stands once, however many channels it has.
  const auto all = fg::gradients(funnel, fg::metric::revenue());
  CHECK(std::ranges::count(all, fg::volume("lead"), &fg::Gradient::parameter) == 1);
  // From nothing, all channels grow alike: one lead more brings 0.4 * (10 + 0.5 * 100).
  fg::Funnel idle = funnel;
  idle.set(fg::volume("lead"), 0);
  CHECK_THAT(fg::gradient_by(idle, fg::metric::revenue(), fg::volume("lead")).gradient,
             WithinRel(24.0, 1e-12));
}

TEST_CASE("the table is sorted by absolute elasticity and says owner and source") {
  const auto rows = fg::sensitivity(small(), fg::metric::revenue());
  REQUIRE_FALSE(rows.empty());
  for (std::size_t k = 1; k < rows.size(); ++k) {
    if (!std::isnan(rows[k].elasticity))
      CHECK(std::abs(rows[k - 1].elasticity) >= std::abs(rows[k].elasticity));
  }
  const auto find = [&](const std::string& parameter) {
    for (const auto& row : rows) {
      if (row.parameter == parameter) return row;
    }
    FAIL("no row " << parameter);
    return fg::SensitivityRow{};
  };
  CHECK(find("rate(lead, order)").owner == "Marketing");
  CHECK(find("rate(lead, order)").source == "measured (n = 200)");
  CHECK(find("rate(order, won)").owner == "Marketing 25 %, Sales 75 %");
  CHECK(find("rate(order, won)").source == "agreed by Marketing, Sales");
  CHECK(find("volume(lead)").elasticity == find("volume(lead)").elasticity);
}

TEST_CASE("an elasticity is of the absolute size for the order, and unknown for a metric of 0") {
  fg::Funnel funnel = small();
  funnel.set(fg::cost("lead"), 7);
  const auto rows = fg::sensitivity(funnel, fg::metric::profit());
  bool some_negative = false;
  for (std::size_t k = 1; k < rows.size(); ++k) {
    some_negative = some_negative || rows[k - 1].elasticity < 0;
    if (std::isnan(rows[k].elasticity)) continue;  // the unknown ones stand last
    CHECK(std::abs(rows[k - 1].elasticity) >= std::abs(rows[k].elasticity));
  }
  CHECK(some_negative);
  // A profit of exactly 0: 400 leads cost what 160 orders bring, 9600.
  funnel.set(fg::cost("lead"), 24);
  REQUIRE(fg::evaluate(funnel, fg::metric::profit()) == 0);
  for (const fg::Gradient& gradient : fg::gradients(funnel, fg::metric::profit()))
    CHECK(std::isnan(gradient.elasticity));
}

TEST_CASE("the discount rate counts from 0 on, and not where money waits an unknown time") {
  // 50 wins of 10 after a year: the derivative of 500 / (1 + r) at 0 is -500; half of it after half a year.
  fg::Funnel funnel;
  funnel.add_stage({.name = "order"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_transition({.from = "order", .to = "won", .rate = 0.5, .lag = 365});
  funnel.add_entry({.stage = "order", .volume = 100});
  const auto by = [&](const fg::Parameter& parameter, const fg::AnalysisOptions& options = {}) {
    return fg::gradient_by(funnel, fg::metric::revenue(), parameter, {.analysis = options}).gradient;
  };
  CHECK_THAT(by(fg::discount_rate()), WithinRel(-500.0, 1e-12));
  CHECK(by(fg::lag("order", "won")) == 0);
  funnel.set(fg::lag("order", "won"), 182.5);
  CHECK_THAT(by(fg::discount_rate()), WithinRel(-250.0, 1e-12));
  funnel.set(fg::lag("order", "won"), std::nan(""));
  CHECK(std::isnan(by(fg::discount_rate())));
}

TEST_CASE("a derivative is unknown only where it depends on an unknown lag") {
  // Behind the unknown lag from "a" to "b" stand costs and a win.
  fg::Funnel funnel;
  for (const char* name : {"a", "b"}) funnel.add_stage({.name = name});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
  funnel.add_outcome({.name = "lost", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "a", .to = "b", .rate = 0.5});
  funnel.add_transition({.from = "a", .to = "won", .rate = 0.25, .lag = 365});
  funnel.add_transition({.from = "b", .to = "won", .rate = 0, .lag = 2});
  funnel.add_transition({.from = "b", .to = "lost", .rate = 0.5, .lag = 3});
  funnel.add_entry({.stage = "a", .volume = 100});
  const auto by = [&](const fg::Metric& metric, const fg::Parameter& parameter, double discount_rate = 0) {
    return fg::gradient_by(funnel, metric, parameter, {.analysis = {.discount_rate = discount_rate}})
        .gradient;
  };
  SECTION("of discounted money") {
    const fg::Metric revenue = fg::metric::revenue();
    CHECK_THAT(by(revenue, fg::value("won"), 0.25), WithinRel(20.0, 1e-12));
    CHECK(by(revenue, fg::cost("b"), 0.25) == 0);  // a cost is no revenue, whenever it falls
    CHECK(std::isnan(by(revenue, fg::value("b"), 0.25)));
    CHECK(std::isnan(by(revenue, fg::rate("b", "won"), 0.25)));
    CHECK_THAT(by(revenue, fg::rate("a", "b"), 0.25), WithinAbs(0.0, 1e-12));  // no money lies behind it yet
    funnel.set(fg::value("b"), 10);
    CHECK(std::isnan(by(revenue, fg::rate("a", "b"), 0.25)));
    // As a cost: the commission on that value.
    CHECK_THAT(by(fg::metric::cost(), fg::rate("a", "b"), 0.25), WithinAbs(0.0, 1e-12));
    funnel.set(fg::commission("b"), 0.1);
    CHECK(std::isnan(by(fg::metric::cost(), fg::rate("a", "b"), 0.25)));
    CHECK(std::isnan(by(fg::metric::cost(), fg::volume("a", ""), 0.25)));
  }
  SECTION("of times") {
    // Everybody who wins takes 365 days; a win from "b" would come after an unknown time.
    const fg::Metric time = fg::metric::time_to("won");
    CHECK_THAT(by(time, fg::lag("a", "won")), WithinRel(1.0, 1e-12));
    CHECK_THAT(by(time, fg::rate("a", "won")), WithinAbs(0.0, 1e-9));
    CHECK(std::isnan(by(time, fg::rate("b", "won"))));
    // To any exit: whoever goes from "y" or "z" to "a" meets the unknown lag later.
    for (const char* name : {"y", "z"}) funnel.add_stage({.name = name});
    funnel.add_transition({.from = "y", .to = "z", .rate = 0.5, .lag = 1});
    funnel.add_transition({.from = "z", .to = "a", .rate = 0.5, .lag = 1});
    funnel.add_entry({.stage = "y", .volume = 10});
    CHECK(std::isnan(by(fg::metric::time_to(), fg::rate("y", "z"))));
    CHECK(std::isnan(by(fg::metric::time_to(), fg::rate("z", "a"))));
    CHECK(std::isnan(by(fg::metric::time_to(), fg::rate("a", "b"))));
  }
}

TEST_CASE("what no gradient exists for is refused") {
  const fg::Funnel funnel = small();
  CHECK_THROWS_AS(fg::gradients(funnel, fg::metric::recoverable()), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::gradients(funnel, fg::metric::lifetime_value(30.0)), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::gradients(funnel, fg::metric::count("wno")), fg::UnknownNameError);
}

TEST_CASE("assumed_share is the assumed part of what the metric reacts to") {
  // profit = 400 * 0.4 * (10 + 0.5 * 100): elasticities: volumes 0.25 and 0.75 (assumed), the lead's rate 1
  // (measured), its lost rate 0, the value of an order 1/6 (assumed), of a win 5/6 (assumed), its rate 5/6.
  const fg::Analysis a = fg::analyze(small(), {.metric = fg::metric::revenue()});
  const double assumed = 0.25 + 0.75 + 1.0 / 6 + 5.0 / 6;
  CHECK_THAT(a.assumed_share(), WithinRel(assumed / (assumed + 1 + 5.0 / 6), 1e-12));
  // The lead's lost rate takes from the drop-off alone: nothing is gained by it.
  fg::Funnel idle = small();
  idle.set(fg::value("won"), 0.0);
  idle.set(fg::value("order"), 0.0);
  CHECK(std::isnan(fg::analyze(idle, {.metric = fg::metric::revenue()}).assumed_share()));
}

TEST_CASE("assumed_share is that part of the table of elasticities, over generated funnels") {
  std::size_t between = 0;
  for (std::uint64_t seed = 0; seed < 120; ++seed) {
    const fg::Funnel funnel = test::shuffled(
        test::random_funnel(seed, {.most_stages = 6, .capacities = true, .every_part = true}), seed);
    const fg::AnalysisOptions options{
        .discount_rate = seed % 2 == 0 ? std::optional(0.07) : std::nullopt,
        .capacity = seed % 3 == 0 ? fg::CapacityRule::cap : fg::CapacityRule::report,
        .metric = fg::metric::profit()};
    double all = 0;
    double assumed = 0;
    for (const fg::Gradient& gradient : fg::gradients(funnel, fg::metric::profit(), options)) {
      if (gradient.parameter.without_channel()) continue;  // its leaves are there
      const double part = std::abs(gradient.gradient * gradient.value);
      if (!(part > 0)) continue;
      const fg::SourceKind kind = funnel.get_number(gradient.parameter).source.kind();
      all += part;
      if (kind == fg::SourceKind::assumed || kind == fg::SourceKind::placeholder) assumed += part;
    }
    INFO("seed " << seed);
    const double share = fg::analyze(funnel, options).assumed_share();
    CHECK_THAT(share, WithinRel(assumed / all, 1e-9));  // the same numbers, added in another order
    if (share > 0.1 && share < 0.9) ++between;
  }
  CHECK(between > 50);
}
