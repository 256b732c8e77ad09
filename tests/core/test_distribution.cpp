#include <funnelgraph/core/distribution.hpp>
#include <funnelgraph/core/distribution_between.hpp>
#include <funnelgraph/core/error.hpp>

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

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

struct Figure {
  Distribution distribution;
  double mean, sd;
  std::vector<std::array<double, 3>> probabilities;  // x, P(X <= x), P(X > x)
  std::vector<std::array<double, 3>> quantiles;      // p, from below, from above
};

// SciPy 1.x: stats.beta, gamma, truncnorm, triang; their mean, std, cdf, sf, ppf and isf.
const std::vector<Figure>& figures() {
  static const std::vector<Figure> all{
      {Distribution::beta(35, 65),
       0.34999999999999998,
       0.047460249130453921,
       {{0.3, 0.14648539954833184, 0.85351460045166838}, {0.45, 0.97965604719508959, 0.020343952804910248}},
       {{1e-6, 0.15499642565855962, 0.5857235219402338},
        {0.05, 0.27363219754181001, 0.42979639015084531},
        {0.999, 0.50272181220805323, 0.21406039463699064}}},
      {Distribution::beta(0.5, 0.5),
       0.5,
       0.35355339059327379,
       {{0.01, 0.063768560858519854, 0.9362314391414801}},
       {{1e-4, 2.4674010799787785e-08, 0.99999997532598905}, {0.3, 0.2061073738537634, 0.79389262614623646}}},
      {Distribution::gamma({2, 1.5}),
       2,
       1.5,
       {{0.5, 0.10881512061532829, 0.89118487938467172}, {5, 0.95272655344313262, 0.047273446556867368}},
       {{1e-5, 0.0022943510170698794, 15.389128827687957}, {0.5, 1.6400537690532326, 1.6400537690532326}}},
      {Distribution::normal({0.3, 0.1}, {0, 1}),
       0.3004437839032984,
       0.099331102299042962,
       {{0.05, 0.0048663363520150991, 0.99513366364798495},
        {0.6, 0.99864827728181138, 0.0013517227181886063}},
       {{1e-5, 0.0002245768626050193, 0.726519236096691}, {0.5, 0.30016918470924808, 0.30016918470924808}}},
      {Distribution::normal({-5, 1}, {0, 1}),
       0.18314709047718214,
       0.17161710511611844,
       {{0.05, 0.23015260265765947, 0.76984739734234031}, {0.6, 0.96593561286707497, 0.034064387132925013}},
       {{1e-5, 1.9214542739121043e-06, 0.99953049979505781},
        {0.999, 0.95857265038723671, 0.00019223686344727042}}},
      {Distribution::triangular(0, 1, 5),
       2,
       1.0801234497346435,
       {{0.5, 0.05, 0.95}, {3, 0.8, 0.2}},
       {{0.01, 0.22360679774997896, 4.5527864045000417},
        {0.2, 1, 3},
        {0.9, 3.5857864376269051, 0.70710678118654746}}},
      {Distribution::pert(0, 1, 5),
       1.5,
       0.86602540378443871,
       {{0.5, 0.11852804233280922, 0.88147195766719078}, {3, 0.93835233926272632, 0.061647660737273645}},
       {{0.01, 0.11567263096132355, 3.7427966431481741}, {0.9, 2.72667025216791, 0.44951065229620824}}},
      {Distribution::uniform(-1, 3), 1, 4 / std::sqrt(12.0), {{0, 0.25, 0.75}}, {{0.25, 0, 2}}},
      {Distribution::lognormal_of_log(0, 1),
       std::exp(0.5),
       std::sqrt(std::expm1(1)) * std::exp(0.5),
       {{1, 0.5, 0.5}, {std::exp(2), 0.97724986805182079, 0.022750131948179209}},
       {{0.5, 1, 1}, {0.022750131948179209, std::exp(-2), std::exp(2)}}},
      {Distribution::quantiles({{0, 1}, {0.5, 2}, {1, 5}}),
       2.5,
       std::sqrt((1 + 1.0 / 12) / 2 + (1 + 9.0 / 12) / 2),
       {{1.5, 0.25, 0.75}, {3.5, 0.75, 0.25}},
       {{0.25, 1.5, 3.5}}},
      {Distribution::empirical({3, 1, 1, 2}),
       1.75,
       std::sqrt(0.6875),
       {{1, 0.5, 0.5}, {2.5, 0.75, 0.25}},
       {{0.3, 1, 2}, {0.6, 2, 1}}},
  };
  return all;
}

struct Bad {
  const char* what;
  std::function<Distribution()> make;
};

}  // namespace

TEST_CASE("distributions have the moments, probabilities and quantiles that SciPy gives [core]") {
  // SciPy's own figures are good to about 1e-13; cut normals in the far tail to 1e-11.
  constexpr double tolerance = 1e-10;
  for (const Figure& figure : figures()) {
    INFO(to_string(figure.distribution));
    CHECK_THAT(figure.distribution.mean(), WithinRel(figure.mean, tolerance));
    CHECK_THAT(figure.distribution.sd(), WithinRel(figure.sd, tolerance));
    for (const auto& [x, below, above] : figure.probabilities) {
      INFO("x " << x);
      CHECK_THAT(figure.distribution.cdf(x), WithinRel(below, tolerance));
      CHECK_THAT(figure.distribution.exceedance(x), WithinRel(above, tolerance));
    }
    for (const auto& [p, from_below, from_above] : figure.quantiles) {
      INFO("p " << p);
      CHECK_THAT(figure.distribution.quantile(p),
                 WithinRel(from_below, tolerance) || WithinAbs(from_below, 1e-15));
      CHECK_THAT(figure.distribution.upper_quantile(p), WithinRel(from_above, tolerance));
    }
  }
}

TEST_CASE("a distribution holds everything between the ends of its support [core]") {
  for (const Figure& figure : figures()) {
    INFO(to_string(figure.distribution));
    const fg::Support ends = figure.distribution.support();
    CHECK(figure.distribution.quantile(0) == ends.low);
    CHECK(figure.distribution.quantile(1) == ends.high);
    CHECK(figure.distribution.upper_quantile(0) == ends.high);
    CHECK(figure.distribution.cdf(-1e9) == 0);
    CHECK(figure.distribution.exceedance(-1e9) == 1);
    CHECK(figure.distribution.cdf(infinity) == 1);
    CHECK(figure.distribution.exceedance(infinity) == 0);
    CHECK(std::isnan(figure.distribution.cdf(no_number)));
    CHECK_THROWS_AS(figure.distribution.quantile(1.1), fg::InvalidValueError);
    CHECK_THROWS_AS(figure.distribution.quantile(no_number), fg::InvalidValueError);
  }
}

TEST_CASE("an interval becomes the distribution that has its level between its ends [core]") {
  // Two nested root searches to 50 bits.
  constexpr double tolerance = 1e-9;
  for (const auto& [low, high] :
       {std::pair{0.2, 0.4}, {0.01, 0.99}, {0.499, 0.5001}, {1e-6, 3e-6}, {0.9, 0.999}}) {
    for (const double level : {0.5, 0.9, 0.95}) {
      const Distribution share = fg::share_between(low, high, level);
      INFO(to_string(share));
      CHECK(share.family() == fg::DistributionFamily::beta);
      CHECK_THAT(share.cdf(low), WithinAbs((1 - level) / 2, tolerance));
      CHECK_THAT(share.exceedance(high), WithinAbs((1 - level) / 2, tolerance));
    }
  }
  CHECK_THAT(fg::share_between(0, 0.2, 0.9).exceedance(0.2), WithinAbs(0.1, 1e-14));
  CHECK_THAT(fg::share_between(0.7, 1, 0.9).cdf(0.7), WithinAbs(0.1, 1e-14));
  CHECK(fg::share_between(0, 1, 0.9) == Distribution::uniform(0, 1));
  CHECK(fg::share_between(0.3, 0.3, 0.9) == Distribution::constant(0.3));

  const Distribution amount = fg::amount_between(100, 400, 0.9);
  CHECK_THAT(amount.cdf(100), WithinAbs(0.05, 1e-14));
  CHECK_THAT(amount.exceedance(400), WithinAbs(0.05, 1e-14));
  CHECK_THAT(fg::amount_between(0, 10, 0.9).exceedance(10), WithinAbs(0.1, 1e-14));
  const Distribution number = fg::normal_between(-1, 3, 0.95);
  CHECK_THAT(number.mean(), WithinAbs(1, 1e-14));
  CHECK_THAT(number.exceedance(3), WithinAbs(0.025, 1e-14));

  CHECK_THROWS_AS(fg::share_between(0.2, 1.2, 0.9), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::share_between(0.4, 0.2, 0.9), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::amount_between(-1, 2, 0.9), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::share_between(0.2, 0.4, 1), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::normal_between(no_number, 1, 0.9), fg::InvalidValueError);
}

TEST_CASE("a distribution that cannot be is refused [core]") {
  const std::vector<Bad> table{
      {"NaN", [] { return Distribution::constant(no_number); }},
      {"infinite", [] { return Distribution::constant(infinity); }},
      {"falling uniform", [] { return Distribution::uniform(2, 1); }},
      {"NaN end", [] { return Distribution::uniform(0, no_number); }},
      {"mode outside", [] { return Distribution::triangular(0, 6, 5); }},
      {"mode NaN", [] { return Distribution::pert(0, no_number, 5); }},
      {"beta of 0", [] { return Distribution::beta(0, 1); }},
      {"beta of NaN", [] { return Distribution::beta(1, no_number); }},
      {"beta of infinity", [] { return Distribution::beta(infinity, 1); }},
      {"gamma of mean 0", [] { return Distribution::gamma({0, 1}); }},
      {"gamma of sd 0", [] { return Distribution::gamma({1, 0}); }},
      {"lognormal of a negative mean", [] { return Distribution::lognormal({-1, 1}); }},
      {"normal of sd 0", [] { return Distribution::normal({0, 0}); }},
      {"normal of no range", [] { return Distribution::normal({0, 1}, {1, 1}); }},
      {"normal far from its range", [] { return Distribution::normal({0, 1}, {50, 60}); }},
      {"empirical of nothing", [] { return Distribution::empirical({}); }},
      {"empirical of NaN", [] { return Distribution::empirical({1, no_number}); }},
      {"falling steps", [] { return Distribution::steps({{0.5, 2}, {1, 1}}); }},
      {"steps not to 1", [] { return Distribution::steps({{0.5, 2}}); }},
      {"steps beyond 1", [] { return Distribution::steps({{0.5, 2}, {1.5, 3}}); }},
      {"steps of NaN", [] { return Distribution::steps({{no_number, 2}, {1, 3}}); }},
      {"one quantile", [] { return Distribution::quantiles({{0, 1}}); }},
      {"quantiles not to 1", [] { return Distribution::quantiles({{0, 1}, {0.9, 2}}); }},
      {"falling quantiles", [] { return Distribution::quantiles({{0, 1}, {0.5, 3}, {1, 2}}); }},
  };
  for (const Bad& row : table) {
    INFO(row.what);
    CHECK_THROWS_AS(row.make(), fg::InvalidValueError);
  }
}

TEST_CASE("a distribution is written as in Python and equal by content [core]") {
  CHECK(to_string(Distribution::beta(35, 65)) == "Beta(35, 65)");
  CHECK(to_string(Distribution::normal({1, 2}, {0, infinity})) == "Normal(1, 2, low=0)");
  CHECK(to_string(Distribution::pert(0, 1, 5)) == "Pert(0, 1, 5)");
  CHECK(to_string(Distribution::empirical({1, 2, 2})) == "Empirical(2 values)");
  CHECK(Distribution::beta(35, 65) == Distribution::beta(35, 65));
  CHECK(Distribution::beta(35, 65) != Distribution::beta(35, 66));
  CHECK(Distribution::uniform(2, 2) == Distribution::constant(2));
  CHECK(Distribution::empirical({1, 2}) == Distribution::empirical({2, 1}));
  CHECK(Distribution::empirical({1, 2}) != Distribution::empirical({1, 3}));
  CHECK(Distribution::steps({{0.75, 1}, {1, 2}}) == Distribution::empirical({1, 1, 1, 2}));
}
