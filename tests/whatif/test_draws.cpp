#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/draws.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using fg::Distribution;

namespace {

fg::Funnel shop() {
  fg::Funnel funnel({.name = "Shop"});
  funnel.add_stage({.name = "enquiry", .cost = 5});
  funnel.add_outcome({.name = "order", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "competitor", .kind = fg::OutcomeKind::lost});
  funnel.add_outcome({.name = "returned", .kind = fg::OutcomeKind::screened});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.4});
  funnel.add_transition({.from = "enquiry", .to = "competitor", .rate = 0.2});
  funnel.add_transition({.from = "enquiry", .to = "returned", .rate = 0.1});
  funnel.add_entry({.stage = "enquiry", .volume = 100, .channel = "web"});
  funnel.add_entry({.stage = "enquiry", .volume = 300, .channel = "shop"});
  return funnel;
}

std::vector<std::vector<double>> drawn(const fg::Draws& draws, std::size_t first, std::size_t count) {
  std::vector<std::vector<double>> columns(draws.columns().size(), std::vector<double>(count));
  std::vector<double*> into;
  for (auto& column : columns) into.push_back(column.data());
  draws.fill(first, count, into);
  return columns;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const double ma = mean(a);
  const double mb = mean(b);
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  return ab / std::sqrt(aa * bb);
}

const fg::Drawn order{fg::rate("enquiry", "order"), Distribution::beta(40, 60), {}};
const fg::Drawn cost{fg::cost("enquiry"), Distribution::gamma({5, 1}), {}};
const fg::Drawn volume{fg::volume("enquiry"), Distribution::lognormal({400, 40}), {}};

}  // namespace

TEST_CASE("what else is drawn changes no draw, and blocks fit together [whatif, monte carlo]") {
  const auto alone = drawn(fg::Draws(shop(), {.numbers = {cost}}, 7), 0, 1000);
  const auto beside = drawn(fg::Draws(shop(), {.numbers = {order, cost, volume}}, 7), 0, 1000);
  CHECK(alone[0] == beside[1]);
  const auto later = drawn(fg::Draws(shop(), {.numbers = {order, cost, volume}}, 7), 333, 100);
  for (std::size_t k = 0; k < 3; ++k) {
    CHECK(std::equal(later[k].begin(), later[k].end(), beside[k].begin() + 333));
  }
  fg::Funnel more = shop();
  more.add_stage({.name = "care"});
  CHECK(drawn(fg::Draws(more, {.numbers = {cost}}, 7), 0, 1000)[0] == alone[0]);
  // A correlation of two others leaves it alone as well.
  const fg::Uncertainty joined{.numbers = {order, cost, volume},
                               .correlations = {{order.parameter, volume.parameter, 0.5}}};
  CHECK(drawn(fg::Draws(shop(), joined, 7), 0, 1000)[1] == alone[0]);
  CHECK(drawn(fg::Draws(shop(), {.numbers = {cost}}, 8), 0, 1000)[0] != alone[0]);
}

TEST_CASE(
    "correlated draws keep their distributions and have the correlation asked for [whatif, monte carlo]") {
  constexpr std::size_t n = 100'000;
  const std::vector<fg::Correlation> correlations{{order.parameter, cost.parameter, -0.6},
                                                  {volume.parameter, order.parameter, 0.5},
                                                  {cost.parameter, volume.parameter, 0.1}};
  const fg::Uncertainty uncertainty{{order, cost, volume}, {}, correlations};
  const auto columns = drawn(fg::Draws(shop(), uncertainty, 3), 0, n);
  std::vector<std::vector<double>> scores;
  for (std::size_t k = 0; k < 3; ++k) {
    const Distribution& from = uncertainty.numbers[k].distribution;
    // Four standard errors of a mean.
    CHECK_THAT(mean(columns[k]), WithinAbs(from.mean(), 4 * from.sd() / std::sqrt(static_cast<double>(n))));
    const fg::QuantileTable normal(Distribution::normal({0, 1}));
    scores.emplace_back();
    for (const double value : columns[k]) {
      const double below = from.cdf(value);
      scores.back().push_back(below < 0.5 ? normal.at(below, false)
                                          : normal.at(std::min(from.exceedance(value), 0.4999999), true));
    }
  }
  // Four standard errors of a correlation, (1 - r^2) / sqrt(n).
  const double tolerance = 4 / std::sqrt(static_cast<double>(n));
  CHECK_THAT(correlation(scores[0], scores[1]), WithinAbs(-0.6, tolerance));
  CHECK_THAT(correlation(scores[0], scores[2]), WithinAbs(0.5, tolerance));
  CHECK_THAT(correlation(scores[1], scores[2]), WithinAbs(0.1, tolerance));
}

TEST_CASE("a row is drawn as a Dirichlet distribution [whatif, monte carlo]") {
  constexpr std::size_t n = 50'000;
  const fg::DrawnRow row{"enquiry", {{"order", 40}, {"competitor", 20}, {"returned", 10}, {"drop_off", 30}}};
  const fg::Draws draws(shop(), {.rows = {row}}, 5);
  REQUIRE(draws.columns().size() == 3);
  CHECK(draws.columns()[0].parameter == fg::rate("enquiry", "competitor"));
  CHECK(draws.columns()[2].parameter == fg::drop_off("enquiry"));
  CHECK(draws.columns()[0].take_from.name() == "order");
  const auto columns = drawn(draws, 0, n);
  const double weights[] = {20, 10, 30};
  for (std::size_t k = 0; k < 3; ++k) {
    // The margin is a beta.
    const Distribution margin = Distribution::beta(weights[k], 100 - weights[k]);
    CHECK_THAT(mean(columns[k]),
               WithinAbs(margin.mean(), 4 * margin.sd() / std::sqrt(static_cast<double>(n))));
    const auto below = std::count_if(columns[k].begin(), columns[k].end(),
                                     [&](double x) { return x < margin.quantile(0.1); });
    CHECK_THAT(static_cast<double>(below), WithinAbs(0.1 * n, 4 * std::sqrt(0.09 * n)));
  }
  // Two of them: correlation -sqrt(a b / ((s - a) (s - b))).
  CHECK_THAT(correlation(columns[0], columns[2]), WithinAbs(-std::sqrt(20.0 * 30 / (80 * 70)), 0.02));

  // Exits that are not named keep what they have: these two divide 0.6.
  const auto part =
      drawn(fg::Draws(shop(), {.rows = {{"enquiry", {{"order", 2}, {"competitor", 1}}}}}, 5), 0, n);
  REQUIRE(part.size() == 1);
  CHECK_THAT(mean(part[0]), WithinAbs(0.2, 0.003));
  CHECK(*std::max_element(part[0].begin(), part[0].end()) < 0.6);
}

TEST_CASE("points of the cube become draws [whatif, sobol]") {
  const fg::Uncertainty uncertainty{.numbers = {order, cost}, .rows = {}};
  const fg::Draws draws(shop(), uncertainty, 7);
  CHECK(draws.dimensions() == 2);
  const std::vector<double> u{0.1, 0.5, 0.95};
  const std::vector<double> w{0.2, 0.3, 0.999};
  const double* const uniforms[] = {u.data(), w.data()};
  std::vector<double> a(3), b(3);
  double* const into[] = {a.data(), b.data()};
  draws.fill_from(uniforms, 3, into);
  for (std::size_t v = 0; v < 3; ++v) {
    CHECK_THAT(order.distribution.cdf(a[v]), WithinAbs(u[v], 1e-9));
    CHECK_THAT(cost.distribution.cdf(b[v]), WithinAbs(w[v], 1e-9));
  }
}

TEST_CASE("draws that cannot be are refused [whatif, monte carlo]") {
  const fg::Funnel base = shop();
  const fg::Parameter nowhere = fg::rate("enquiry", "ordr");
  const auto make = [&](const fg::Uncertainty& uncertainty) { return fg::Draws(base, uncertainty, 0); };
  try {
    make({.numbers = {{nowhere, Distribution::beta(1, 1), {}}}});
    FAIL("an unknown name went through");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.nearest() == "order");
  }
  // A distribution that reaches outside the number's range.
  CHECK_THROWS_AS(make({.numbers = {{order.parameter, Distribution::gamma({0.4, 0.1}), {}}}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(make({.numbers = {{order.parameter, Distribution::normal({0.4, 0.1}), {}}}}),
                  fg::InvalidValueError);
  CHECK_NOTHROW(make({.numbers = {{order.parameter, Distribution::normal({0.4, 0.1}, {0, 1}), {}}}}));
  CHECK_THROWS_AS(make({.numbers = {{cost.parameter, Distribution::uniform(-1, 1), {}}}}),
                  fg::InvalidValueError);
  // Twice, as itself, as part of a group, or in a row.
  CHECK_THROWS_AS(make({.numbers = {order, order}}), fg::ConflictError);
  CHECK_THROWS_AS(
      make({.numbers = {volume, {fg::volume("enquiry", "web"), Distribution::uniform(50, 150), {}}}}),
      fg::ConflictError);
  const fg::DrawnRow row{"enquiry", {{"order", 40}, {"competitor", 20}}};
  CHECK_THROWS_AS(make({.numbers = {order}, .rows = {row}}), fg::ConflictError);
  CHECK_THROWS_AS(make({.rows = {row, row}}), fg::ConflictError);
  CHECK_THROWS_AS(make({.rows = {{"enquiry", {{"order", 40}}}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(make({.rows = {{"enquiry", {{"order", 40}, {"competitor", 0}}}}}), fg::InvalidValueError);
  CHECK_THROWS_AS(make({.rows = {{"enquiry", {{"order", 40}, {"nobody", 1}}}}}), fg::UnknownNameError);
  CHECK_THROWS_AS(make({.rows = {{"enquiri", {{"order", 40}, {"competitor", 1}}}}}), fg::UnknownNameError);

  const auto correlated = [&](std::vector<fg::Correlation> correlations) {
    return make({{order, cost, volume}, {}, std::move(correlations)});
  };
  constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {1.0, -1.0, 1.5, no_number}) {
    CHECK_THROWS_AS(correlated({{order.parameter, cost.parameter, bad}}), fg::InvalidValueError);
  }
  CHECK_THROWS_AS(correlated({{order.parameter, order.parameter, 0.5}}), fg::InvalidValueError);
  CHECK_THROWS_AS(
      correlated({{order.parameter, cost.parameter, 0.5}, {cost.parameter, order.parameter, 0.5}}),
      fg::InvalidValueError);
  CHECK_THROWS_AS(correlated({{order.parameter, fg::cost("enquri"), 0.5}}), fg::UnknownNameError);
  // Each pair can be, the three together cannot.
  CHECK_THROWS_AS(correlated({{order.parameter, cost.parameter, 0.9},
                              {cost.parameter, volume.parameter, 0.9},
                              {order.parameter, volume.parameter, -0.9}}),
                  fg::InvalidValueError);
  CHECK(base == shop());
}
