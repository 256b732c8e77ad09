#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/draw_summary.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <funnelgraph/core/philox.hpp>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
}

TEST_CASE("a summary has the mean, spread and quantiles of the draws that have a number [whatif]") {
  // numpy: mean, std(ddof=1), quantile (type 7) of [3, 1, 4, 1, 5, 9, 2, 6].
  const std::vector<double> draws{3, 1, no_number, 4, 1, 5, 9, 2, 6};
  const fg::DrawSummary summary = fg::summary_of(draws, std::vector<double>{0.25, 0.5, 0.9});
  CHECK(summary.count == 8);
  CHECK_THAT(summary.mean, WithinRel(3.875, 1e-15));
  CHECK_THAT(summary.sd, WithinRel(2.7483761439387144, 1e-14));
  CHECK_THAT(summary.standard_error, WithinRel(2.7483761439387144 / std::sqrt(8.0), 1e-14));
  REQUIRE(summary.quantiles.size() == 3);
  CHECK_THAT(summary.quantiles[0].value, WithinRel(1.75, 1e-15));
  CHECK_THAT(summary.quantiles[1].value, WithinRel(3.5, 1e-15));
  CHECK_THAT(summary.quantiles[2].value, WithinRel(6.9, 1e-15));
}

TEST_CASE("quantiles of a summary are those of the sorted draws [whatif]") {
  std::vector<double> draws(5000);
  fg::RandomStream random(3, 0, "draws");
  for (double& draw : draws) draw = random.uniform();
  const std::vector<double> probabilities{0.001, 0.05, 0.5, 0.7, 0.999};
  const fg::DrawSummary summary = fg::summary_of(draws, probabilities);
  std::sort(draws.begin(), draws.end());
  for (std::size_t k = 0; k < probabilities.size(); ++k) {
    const double at = probabilities[k] * 4999;
    const auto below = static_cast<std::size_t>(at);
    const double part = at - static_cast<double>(below);
    CHECK_THAT(summary.quantiles[k].value,
               WithinAbs(draws[below] + part * (draws[below + 1] - draws[below]), 1e-15));
  }
}

TEST_CASE("standard errors are those that repeated draws show [whatif]") {
  // 400 repetitions of 2,000 uniform draws: their spread is known to 1 / sqrt(800) = 3.5 %; four of these.
  constexpr int repetitions = 400;
  constexpr std::size_t n = 2000;
  std::vector<double> means, medians, tails, shares;
  double mean_error = 0, median_error = 0, tail_error = 0, share_error = 0;
  for (int r = 0; r < repetitions; ++r) {
    std::vector<double> draws(n);
    fg::RandomStream random(17, static_cast<std::uint64_t>(r), "repetition");
    std::size_t hits = 0;
    for (double& draw : draws) {
      draw = random.uniform();
      hits += draw > 0.3 ? 1 : 0;
    }
    const fg::DrawSummary summary = fg::summary_of(draws, std::vector<double>{0.5, 0.95});
    means.push_back(summary.mean);
    medians.push_back(summary.quantiles[0].value);
    tails.push_back(summary.quantiles[1].value);
    shares.push_back(fg::share_of(hits, n).value);
    mean_error += summary.standard_error / repetitions;
    median_error += summary.quantiles[0].standard_error / repetitions;
    tail_error += summary.quantiles[1].standard_error / repetitions;
    share_error += fg::share_of(hits, n).standard_error / repetitions;
  }
  const auto sd = [](const std::vector<double>& values) { return fg::summary_of(values, {}).sd; };
  CHECK_THAT(mean_error, WithinRel(sd(means), 0.14));
  CHECK_THAT(median_error, WithinRel(sd(medians), 0.14));
  CHECK_THAT(tail_error, WithinRel(sd(tails), 0.14));
  CHECK_THAT(share_error, WithinRel(sd(shares), 0.14));
}

TEST_CASE("a summary of little or nothing is unknown, not an accident [whatif]") {
  const std::vector<double> half{0.5};
  const fg::DrawSummary none = fg::summary_of({}, half);
  CHECK(none.count == 0);
  CHECK(std::isnan(none.mean));
  CHECK(std::isnan(none.quantiles[0].value));
  const fg::DrawSummary one = fg::summary_of(std::vector<double>{2}, half);
  CHECK(one.mean == 2);
  CHECK(std::isnan(one.sd));
  CHECK(one.quantiles[0].value == 2);
  const fg::DrawSummary same = fg::summary_of(std::vector<double>(10, 0.1), half);
  CHECK(same.mean == 0.1);
  CHECK(same.sd == 0);
  CHECK(std::isnan(fg::share_of(0, 0).value));
  CHECK(fg::share_of(0, 100).value == 0);
  CHECK(fg::share_of(0, 100).standard_error > 0);
  for (const double bad : {0.0, 1.0, -0.1, 1.5, no_number}) {
    CHECK_THROWS_AS(fg::summary_of(half, std::vector<double>{bad}), fg::InvalidValueError);
  }
}
