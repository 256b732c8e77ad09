// Response curves: the reference figures, derivatives against differences, inverses, bad parameters.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstddef>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/adstock.hpp>
#include <funnelgraph/whatif/response.hpp>
#include <limits>
#include <string>
#include <vector>

#include "../support/oracle.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// A few roundings of exact formulas.
constexpr double exact = 1e-14;

std::vector<fg::Response> every_shape() {
  return {fg::Hill{50, 2, 3, 80},
          fg::Hill{50, 1, 0, 1},
          fg::Hill{200, 0.6, 1, 5},
          fg::Hill{40, 3.7, 0, 9},
          fg::Adbudg{0.05, 0.4, 2.3, 1.3, 30},
          fg::Adbudg{0, 2, 0.8, 4, 10},
          fg::LogResponse{7, 12, 2},
          fg::PowerResponse{3, 0.4, 20, 1},
          fg::PowerResponse{3, 1, 20, 1},
          fg::LinearResponse{0.25, 4},
          fg::Response(fg::Hill{50, 2, 3, 80})
              .with(fg::Adstock({.retention = 0.5, .lags = 4, .normalised = false}))};
}

}  // namespace

TEST_CASE("the curves give the reference figures", "[response]") {
  const auto oracle = test::oracle("response.json");
  const auto& hill = oracle.at("hill");
  const fg::Response curve = fg::Hill{.half_saturation = test::number(hill.at("half_saturation")),
                                      .slope = test::number(hill.at("slope"))};
  const auto& at = hill.at("at").as_array();
  for (std::size_t k = 0; k < at.size(); ++k) {
    CHECK_THAT(curve.value(test::number(at[k])), WithinRel(test::number(hill.at("expect").at(k)), exact));
  }

  const auto& judged = oracle.at("adbudg");
  const fg::Adbudg shape = fg::adbudg_from({.minimum = test::number(judged.at("min")),
                                            .maximum = test::number(judged.at("max")),
                                            .at_1 = test::number(judged.at("share_at_1")),
                                            .at_1_5 = test::number(judged.at("share_at_1_5"))});
  const double tolerance = test::number(judged.at("tolerance"));  // the figures' own
  CHECK_THAT(shape.delta, WithinRel(test::number(judged.at("expect").at("delta")), tolerance));
  CHECK_THAT(shape.gamma, WithinRel(test::number(judged.at("expect").at("gamma")), tolerance));
  const fg::Response share = shape;
  CHECK_THAT(share.value(2), WithinRel(test::number(judged.at("expect").at("share_at_2")), tolerance));
  CHECK_THAT(share.value(1), WithinRel(0.2, exact));
  CHECK_THAT(share.value(1.5), WithinRel(0.28, exact));

  const auto& carried = oracle.at("adstock");
  const fg::Adstock adstock({.retention = test::number(carried.at("retention")),
                             .lags = static_cast<std::size_t>(test::number(carried.at("lags"))),
                             .normalised = carried.at("normalised").as_bool()});
  std::vector<double> spend;
  for (const auto& money : carried.at("spend").as_array()) spend.push_back(test::number(money));
  const std::vector<double> counted = adstock.transform(spend);
  for (std::size_t t = 0; t < spend.size(); ++t) {
    CHECK_THAT(counted[t], WithinAbs(test::number(carried.at("expect").at(t)), 1e-12));  // of 100
  }
}

TEST_CASE("derivatives of responses agree with differences", "[response]") {
  for (const fg::Response& response : every_shape()) {
    INFO(fg::to_string(response));
    for (const double x : {0.3, 7.0, 49.0, 51.0, 400.0, 9000.0}) {
      const double h = 1e-5 * x;
      // Central differences: truncation about 1e-9, and the value's own rounding over the step.
      const double first = (response.value(x + h) - response.value(x - h)) / (2 * h);
      CHECK_THAT(response.derivative(x),
                 WithinRel(first, 2e-7) || WithinAbs(first, 1e-15 * response.value(x) / h));
      const double second = (response.derivative(x + h) - response.derivative(x - h)) / (2 * h);
      CHECK_THAT(response.second_derivative(x),
                 WithinRel(second, 1e-6) || WithinAbs(second, 1e-9 * response.derivative(x) / x));
      CHECK_THAT(response.elasticity(x), WithinRel(x * response.derivative(x) / response.value(x), exact));
    }
  }
}

TEST_CASE("a response is undone by its inverse, and says where it bends", "[response]") {
  for (const fg::Response& response : every_shape()) {
    INFO(fg::to_string(response));
    CHECK_THAT(response.inverse(response.minimum()), WithinAbs(0, exact));
    for (const double x : {0.3, 7.0, 49.0, 400.0}) {
      // Far out a saturating curve is flat: its inverse loses what its value does not hold.
      CHECK_THAT(response.inverse(response.value(x)), WithinRel(x, 1e-11));
      CHECK(response.value(1.01 * x) > response.value(x));
    }
    const double bend = response.inflection();
    CHECK(response.concave() == (bend == 0));
    if (bend > 0) {
      CHECK(response.second_derivative(0.99 * bend) > 0);
      CHECK(response.second_derivative(1.01 * bend) < 0);
    } else {
      CHECK(response.second_derivative(1) <= 0);
    }
    if (std::isinf(response.maximum())) {
      CHECK(std::isnan(response.half_saturation()));
    } else {
      CHECK_THAT(response.value(response.half_saturation()),
                 WithinRel((response.minimum() + response.maximum()) / 2, exact));
      CHECK_THAT(response.value(1e300), WithinRel(response.maximum(), 1e-9));
    }
  }
}

TEST_CASE("the corner at no money", "[response]") {
  CHECK(std::isinf(fg::Response(fg::Hill{50, 0.5, 0, 1}).derivative(0)));
  CHECK(std::isinf(fg::Response(fg::PowerResponse{1, 0.5, 1, 0}).derivative(0)));
  CHECK(fg::Response(fg::Hill{50, 2, 0, 1}).derivative(0) == 0);
  CHECK_THAT(fg::Response(fg::Hill{50, 1, 0, 1}).derivative(0), WithinRel(0.02, exact));
  CHECK_THAT(fg::Response(fg::Hill{50, 2, 0, 1}).second_derivative(0), WithinRel(2.0 / 2500, exact));
  CHECK(fg::Response(fg::Hill{50, 2, 0, 1}).value(0) == 0);
  CHECK(fg::Response(fg::Hill{50, 2, 3, 4}).elasticity(0) == 0);
  // The two forms of the curve around the half saturation meet, and neither overflows.
  CHECK_THAT(fg::Response(fg::Hill{1, 300, 0, 1}).value(1e3), WithinRel(1, exact));
  CHECK(fg::Response(fg::Hill{1, 300, 0, 1}).value(1e-3) == 0);
}

TEST_CASE("through scales a response to what is known", "[response]") {
  for (const fg::Response& response : every_shape()) {
    const fg::Response known = response.through(30, response.minimum() + 12);
    CHECK_THAT(known.value(30), WithinRel(response.minimum() + 12, exact));
    CHECK_THAT(known.inflection(), WithinRel(response.inflection(), exact));
    const double ratio = (known.value(90) - known.minimum()) / (response.value(90) - response.minimum());
    CHECK_THAT(ratio, WithinRel(12 / (response.value(30) - response.minimum()), 1e-12));
  }
  CHECK_THROWS_AS(fg::Response(fg::Hill{}).through(0, 1), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Response(fg::Hill{.minimum = 2, .maximum = 3}).through(5, 2), fg::InvalidValueError);
}

TEST_CASE("adstock: steady money counts as the sum of the weights", "[response]") {
  const std::vector<fg::AdstockShape> shapes{
      {.retention = 0.7},
      {.retention = 0.7, .lags = 5},
      {.kind = fg::AdstockKind::delayed, .retention = 0.6, .peak = 2, .lags = 13},
      {.kind = fg::AdstockKind::weibull, .shape = 1.6, .scale = 3, .lags = 30}};
  for (fg::AdstockShape shape : shapes) {
    for (const bool normalised : {true, false}) {
      shape.normalised = normalised;
      const fg::Adstock adstock(shape);
      double sum = 0;
      double moment = 0;
      const std::vector<double> weights = adstock.weights();
      for (std::size_t l = 0; l < weights.size(); ++l) {
        sum += weights[l];
        moment += static_cast<double>(l) * weights[l];
      }
      CHECK_THAT(adstock.steady_state(), WithinRel(sum, 1e-12));  // an endless shape is cut at 1e-16
      if (normalised) CHECK(adstock.steady_state() == 1);
      CHECK_THAT(adstock.mean_lag(), WithinRel(moment / sum, 1e-12));
      const std::vector<double> steady(200, 10.0);
      CHECK_THAT(adstock.transform(steady).back(), WithinRel(10 * adstock.steady_state(), 1e-12));
      const fg::Response plain = fg::Hill{50, 2, 0, 1};
      CHECK_THAT(plain.with(adstock).value(10), WithinRel(plain.value(10 * sum), 1e-12));
      CHECK_THAT(plain.with(adstock).over(steady).back(), WithinRel(plain.with(adstock).value(10), 1e-12));
      CHECK_THAT(plain.with(adstock).inverse(0.5), WithinRel(50 / sum, 1e-12));
    }
  }
  // The delayed shape is greatest where it says.
  const std::vector<double> delayed = fg::Adstock(shapes[2]).weights();
  CHECK(delayed[2] > delayed[1]);
  CHECK(delayed[2] > delayed[3]);
}

TEST_CASE("curves out of range say field and range", "[response]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double bad : {0.0, -1.0, nan, infinity}) {
    CHECK_THROWS_AS(fg::Response(fg::Hill{.half_saturation = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::Hill{.slope = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::Adbudg{.gamma = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::Adbudg{.delta = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::Adbudg{.reference = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::LogResponse{.unit = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::LogResponse{.scale = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::PowerResponse{.exponent = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::PowerResponse{.scale = bad}), fg::InvalidValueError);
    CHECK_THROWS_AS(fg::Response(fg::LinearResponse{.slope = bad}), fg::InvalidValueError);
  }
  CHECK_THROWS_AS(fg::Response(fg::PowerResponse{.exponent = 1.5}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Response(fg::Hill{.minimum = 1, .maximum = 1}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Response(fg::Hill{.minimum = nan}), fg::InvalidValueError);
  CHECK_THROWS_WITH(fg::Response(fg::Hill{.slope = -2}),
                    ContainsSubstring("Hill(slope)") && ContainsSubstring("-2") && ContainsSubstring("> 0"));
  CHECK_THROWS_AS(fg::adbudg_from({.at_1 = 0.7, .at_1_5 = 0.6}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::adbudg_from({.at_1 = 0.5, .at_1_5 = nan}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Adstock({.retention = 1}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Adstock({.retention = nan}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Adstock({.kind = fg::AdstockKind::delayed, .retention = 0.5}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Adstock({.kind = fg::AdstockKind::delayed, .retention = 0.5, .peak = 4, .lags = 4}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Adstock({.kind = fg::AdstockKind::weibull, .shape = 0, .lags = 3}),
                  fg::InvalidValueError);
  const fg::Response curve = fg::Hill{};
  for (const double bad : {-1.0, nan, infinity}) {
    CHECK_THROWS_AS(curve.value(bad), fg::InvalidValueError);
    CHECK_THROWS_AS(curve.derivative(bad), fg::InvalidValueError);
    CHECK_THROWS_AS(curve.over(std::vector<double>{1, bad}), fg::InvalidValueError);
  }
  CHECK_THROWS_AS(curve.inverse(1), fg::InvalidValueError);
  CHECK_THROWS_AS(curve.inverse(-0.1), fg::InvalidValueError);
}
