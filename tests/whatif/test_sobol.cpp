#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/sobol.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <cmath>
#include <numbers>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fg::Distribution;

namespace {

fg::Funnel shop() {
  fg::Funnel funnel;
  funnel.add_stage({.name = "enquiry", .cost = 3});
  funnel.add_stage({.name = "order"});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "competitor", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.35});
  funnel.add_transition({.from = "enquiry", .to = "competitor", .rate = 0.3});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.8});
  funnel.add_entry({.stage = "enquiry", .volume = 1000});
  return funnel;
}

const fg::Drawn order{fg::rate("enquiry", "order"), Distribution::beta(35, 65), {}};
const fg::Drawn closing{fg::rate("order", "customer"), Distribution::beta(80, 20), {}};
const fg::Drawn cost{fg::cost("enquiry"), Distribution::gamma({3, 1}), {}};

}  // namespace

TEST_CASE("Sobol indices of a product of two rates are those of the theory [whatif, sobol]") {
  const fg::Sobol result =
      fg::sobol(shop(), {.numbers = {cost, order, closing}},
                {.metrics = {fg::metric::count("customer"), fg::metric::cost()}, .points = 4096, .seed = 3});
  CHECK(result.points == 4096);
  REQUIRE(result.rows.size() == 6);
  // V = p q: the variance of E[V | p] is var p E[q]^2, and what is left over is var p var q.
  const auto& p = order.distribution;
  const auto& q = closing.distribution;
  const double of_p = p.sd() * p.sd() * q.mean() * q.mean();
  const double of_q = q.sd() * q.sd() * p.mean() * p.mean();
  const double joint = p.sd() * p.sd() * q.sd() * q.sd();
  const double all = of_p + of_q + joint;
  constexpr double tolerance = 5e-3;  // 4,096 Sobol points: 1e-3 or better
  CHECK(result.rows[0].parameter == "rate(enquiry, order)");
  CHECK_THAT(result.rows[0].indices.first.value, WithinAbs(of_p / all, tolerance));
  CHECK_THAT(result.rows[0].indices.total.value, WithinAbs((of_p + joint) / all, tolerance));
  CHECK(result.rows[1].parameter == "rate(order, customer)");
  CHECK_THAT(result.rows[1].indices.first.value, WithinAbs(of_q / all, tolerance));
  CHECK(result.rows[2].parameter == "cost(enquiry)");
  CHECK(result.rows[2].indices.total.value == 0);
  // The cost depends on one number only.
  CHECK(result.rows[3].parameter == "cost(enquiry)");
  CHECK_THAT(result.rows[3].indices.first.value, WithinAbs(1, tolerance));
  CHECK_THAT(result.rows[3].indices.total.value, WithinAbs(1, tolerance));
  CHECK(result.notes.empty());
}

TEST_CASE("Ishigami's function as a funnel: the batch path gives the closed form [whatif, sobol]") {
  // With a = 7 and b = 0.1: sin(x1) = 2 u - 1 is what a visit of `first` brings, 1 + 0.1 x3^4 come there, and
  // 7 sin(x2)^2 is `second`. Of uniform angles (1 + sin x) / 2 and sin(x)^2 follow the arcsine law.
  const double pi4 = std::pow(std::numbers::pi, 4);
  fg::Funnel funnel;
  funnel.add_stage({.name = "first", .cost = 1});
  funnel.add_stage({.name = "second"});
  funnel.add_stage({.name = "third"});
  funnel.add_outcome({.name = "up", .kind = fg::OutcomeKind::won, .value = 2});
  funnel.add_outcome({.name = "wave", .kind = fg::OutcomeKind::won, .value = 1});
  funnel.add_transition({.from = "first", .to = "up", .rate = 0.5});
  funnel.add_transition({.from = "second", .to = "wave", .rate = 0.5});
  funnel.add_transition({.from = "third", .to = "first", .rate = 0.5});
  funnel.add_entry({.stage = "first", .volume = 1});
  funnel.add_entry({.stage = "second", .volume = 7});
  funnel.add_entry({.stage = "third", .volume = 0.1 * pi4});
  const fg::Sobol result =
      fg::sobol(funnel,
                {.numbers = {{fg::rate("first", "up"), Distribution::beta(0.5, 0.5), {}},
                             {fg::rate("second", "wave"), Distribution::beta(0.5, 0.5), {}},
                             {fg::rate("third", "first"), Distribution::beta(0.25, 1), {}}}},
                {.metrics = {fg::metric::profit()}, .points = 1U << 14U, .seed = 1});
  const double first = 0.5 * std::pow(1 + pi4 / 50, 2);
  const double second = 49.0 / 8;
  const double joint = 8 * pi4 * pi4 / 22'500;
  const double all = first + second + joint;
  struct Expected {
    const char* parameter;
    double first, total;
  };
  REQUIRE(result.rows.size() == 3);  // the largest total index first
  const Expected expected[] = {{"rate(first, up)", first, first + joint},
                               {"rate(second, wave)", second, second},
                               {"rate(third, first)", 0, joint}};
  // 16,384 points: the estimates are within 1e-3 to 2e-3 of the truth, whatever the seed.
  constexpr double tolerance = 4e-3;
  for (std::size_t i = 0; i < 3; ++i) {
    const fg::SobolIndices& indices = result.rows[i].indices;
    CHECK(result.rows[i].parameter == expected[i].parameter);
    CHECK_THAT(indices.first.value, WithinAbs(expected[i].first / all, tolerance));
    CHECK_THAT(indices.total.value, WithinAbs(expected[i].total / all, tolerance));
    CHECK(indices.first.low < expected[i].first / all);
    CHECK(expected[i].first / all < indices.first.high);
    CHECK(indices.total.low < expected[i].total / all);
    CHECK(expected[i].total / all < indices.total.high);
  }
}

TEST_CASE("a row that is drawn as a whole is one input [whatif, sobol]") {
  const fg::DrawnRow row{"enquiry", {{"order", 35}, {"competitor", 30}, {"drop_off", 35}}};
  const fg::Sobol result = fg::sobol(shop(), {.numbers = {closing}, .rows = {row}},
                                     {.metrics = {fg::metric::count("customer")}, .points = 4096, .seed = 3});
  REQUIRE(result.rows.size() == 2);
  CHECK(result.rows[0].parameter == "row(enquiry)");
  // The margin of the row is the Beta(35, 65) of the test above.
  const auto& p = order.distribution;
  const auto& q = closing.distribution;
  const double of_p = p.sd() * p.sd() * q.mean() * q.mean();
  const double all = of_p + q.sd() * q.sd() * (p.mean() * p.mean() + p.sd() * p.sd());
  CHECK_THAT(result.rows[0].indices.first.value, WithinAbs(of_p / all, 0.02));
}

TEST_CASE("Sobol indices have the same bits at any number of threads [whatif, sobol]") {
  fg::SobolOptions options{.metrics = {fg::metric::profit()}, .points = 1024, .seed = 9};
  options.execution.threads = 1;
  const fg::Sobol one = fg::sobol(shop(), {.numbers = {cost, order, closing}}, options);
  options.execution.threads = 3;
  const fg::Sobol three = fg::sobol(shop(), {.numbers = {cost, order, closing}}, options);
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    CHECK(one.rows[i].indices.first.value == three.rows[i].indices.first.value);
    CHECK(one.rows[i].indices.total.high == three.rows[i].indices.total.high);
  }
}

TEST_CASE("Sobol indices that cannot be are refused [whatif, sobol]") {
  const fg::Funnel base = shop();
  const fg::Uncertainty two{.numbers = {order, closing}};
  const fg::SobolOptions good{.metrics = {fg::metric::profit()}, .points = 64};
  auto options = good;
  options.points = 100;
  CHECK_THROWS_AS(fg::sobol(base, two, options), fg::InvalidValueError);
  options = good;
  options.metrics.clear();
  CHECK_THROWS_AS(fg::sobol(base, two, options), fg::InvalidValueError);
  options = good;
  options.level = 0;
  CHECK_THROWS_AS(fg::sobol(base, two, options), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sobol(base, {}, good), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::sobol(base, {two.numbers, {}, {{order.parameter, closing.parameter, 0.5}}}, good),
                  fg::InvalidValueError);
  CHECK(base == shop());
}
