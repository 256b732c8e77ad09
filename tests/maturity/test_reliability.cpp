#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <limits>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/reliability.hpp>

#include "support/oracle.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::WithinAbs;

namespace {

struct Grid {
  std::vector<double> cells;
  std::size_t columns = 0;
  [[nodiscard]] fgm::Matrix view() const { return {cells, columns}; }
};

Grid grid_of(const boost::json::value& rows) {
  Grid grid;
  for (const auto& row : rows.as_array()) {
    grid.columns = row.as_array().size();
    for (const auto& cell : row.as_array()) grid.cells.push_back(test::number(cell));
  }
  return grid;
}

}  // namespace

TEST_CASE("coefficients are the published ones") {
  const auto oracle = test::oracle("reliability.json").as_object();
  for (const auto& one : oracle.at("cronbach_alpha").as_array()) {
    const Grid grid = grid_of(one.at("rows"));
    CHECK_THAT(fgm::cronbach_alpha(fgm::covariance(grid.view())).value,
               WithinAbs(test::number(one.at("expect")), test::number(one.at("tolerance"))));
  }
  for (const auto& one : oracle.at("krippendorff_alpha").as_array()) {
    const Grid grid = grid_of(one.at("units"));
    const double tolerance = test::number(one.at("tolerance"));
    const auto check = [&](const char* name, fgm::Scale scale) {
      CHECK_THAT(fgm::krippendorff_alpha(grid.view(), scale),
                 WithinAbs(test::number(one.at("expect").at(name)), tolerance));
    };
    check("nominal", fgm::Scale::nominal);
    check("ordinal", fgm::Scale::ordinal);
    check("interval", fgm::Scale::interval);
    check("ratio", fgm::Scale::ratio);
  }
  for (const auto& one : oracle.at("rwg").as_array()) {
    std::vector<double> ratings;
    for (const auto& rating : one.at("ratings").as_array()) ratings.push_back(test::number(rating));
    CHECK_THAT(fgm::rwg(ratings, static_cast<int>(one.at("options").as_int64())),
               WithinAbs(test::number(one.at("expect")), test::number(one.at("tolerance"))));
  }
  for (const auto& one : oracle.at("icc").as_array()) {
    const Grid grid = grid_of(one.at("rows"));
    const fgm::IntraclassCorrelation icc = fgm::intraclass_correlation(grid.view());
    const auto check = [&](const char* name, double value) {
      CHECK_THAT(value,
                 WithinAbs(test::number(one.at("expect").at(name)), test::number(one.at("tolerance"))));
    };
    check("icc1", icc.icc1);
    check("icc2", icc.icc2);
    check("icc3", icc.icc3);
    check("icc1k", icc.icc1k);
    check("icc2k", icc.icc2k);
    check("icc3k", icc.icc3k);
  }
  for (const auto& one : oracle.at("mcdonald_omega").as_array()) {
    const Grid grid = grid_of(one.at("rows"));
    const fgm::Omega omega = fgm::mcdonald_omega(fgm::covariance(grid.view()));
    CHECK_FALSE(omega.heywood);
    CHECK_THAT(omega.value, WithinAbs(test::number(one.at("expect")), test::number(one.at("tolerance"))));
  }
}

TEST_CASE("Feldt's interval of alpha is that of its F distribution") {
  const std::vector<double> rows{3, 4, 3, 2, 3, 4, 4, 4, 5, 3, 2, 3, 4, 4, 4};
  const fgm::Coefficient alpha = fgm::cronbach_alpha(fgm::covariance({rows, 3}));
  // SciPy: 1 - (1 - a) * stats.f.ppf([0.975, 0.025], 4, 8); agreement to rounding.
  CHECK_THAT(alpha.value, WithinAbs(0.7325581395348837, 1e-12));
  CHECK_THAT(alpha.low, WithinAbs(-0.3512853605, 1e-9));
  CHECK_THAT(alpha.high, WithinAbs(0.9702166640, 1e-9));
  CHECK_THROWS_AS(fgm::cronbach_alpha(fgm::covariance({rows, 3}), 1.0), fg::InvalidValueError);
}

TEST_CASE("what cannot be known is unknown") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> same{3, 3, 3, 3, 3, 3};
  CHECK(std::isnan(fgm::cronbach_alpha(fgm::covariance({same, 3})).value));
  CHECK(std::isnan(fgm::mcdonald_omega(fgm::covariance({same, 3})).value));
  CHECK(std::isnan(fgm::krippendorff_alpha({same, 3}, fgm::Scale::interval)));
  CHECK(std::isnan(fgm::intraclass_correlation({std::vector<double>{1, 2}, 2}).icc1));
  CHECK(std::isnan(fgm::rwg(std::vector<double>{4}, 5)));
  CHECK(fgm::rwg(std::vector<double>{1, 5, 1, 5}, 5) == 0.0);
  CHECK(fgm::rwg_j({std::vector<double>{4, 4, 4, 4}, 2}, 5) == 1.0);
  CHECK_THROWS_AS(fgm::rwg(std::vector<double>{1, 1}, 1), fg::InvalidValueError);
  const std::vector<double> gaps{1, 2, missing, 4, 3, 5, 2, 2, 1, 4, 5, 5};
  CHECK(fgm::covariance({gaps, 3}).n == 3);
}

TEST_CASE("an item that does not belong has a low item-total correlation, and alpha gains without it") {
  const std::vector<double> rows{1, 1, 2, 5, 2, 2, 2, 1, 3, 3, 3, 4, 4, 4, 5, 2, 5, 5, 5, 3};
  const fgm::Covariance spread = fgm::covariance({rows, 4});
  const auto correlations = fgm::item_total_correlations(spread);
  CHECK(correlations[0] > 0.8);
  CHECK(correlations[3] < 0.2);
  CHECK(fgm::alpha_without_item(spread)[3] > fgm::cronbach_alpha(spread).value);
}
