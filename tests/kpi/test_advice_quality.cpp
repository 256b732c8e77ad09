#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/advice_quality.hpp>

using Catch::Matchers::WithinAbs;
namespace fg = funnelgraph;

TEST_CASE("advice is scored from a sample of recorded consultations [21]") {
  const std::vector<double> scores = {62, 70, 55, 81, 77, 68};
  const fg::AdviceQuality quality = fg::advice_quality(scores);
  CHECK_THAT(quality.mean, WithinAbs(68.8333333333, 1e-9));
  // scipy.stats.t.interval(0.95, 5, mean, sem): printed to 9 digits.
  CHECK_THAT(quality.low, WithinAbs(58.8241892, 1e-6));
  CHECK_THAT(quality.high, WithinAbs(78.8424776, 1e-6));
  const fg::AdviceQuality all = fg::advice_quality(scores, 6);  // everything was listened to
  CHECK(all.low == all.mean);
  CHECK(std::isnan(fg::advice_quality(std::vector<double>{50, 60, 70, 80}).low));
  CHECK_THROWS_AS(fg::advice_quality({}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::advice_quality(std::vector<double>{50, 101}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::advice_quality(std::vector<double>{std::nan("")}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::advice_quality(scores, 5), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::advice_quality(scores, 0, 10, 10), fg::InvalidValueError);
}

TEST_CASE("recordings are drawn without preference, the same for a seed") {
  const std::vector<std::size_t> chosen = fg::sample_recordings(1000, 50, 7);
  CHECK(chosen.size() == 50);
  CHECK(std::ranges::is_sorted(chosen));
  CHECK(std::ranges::adjacent_find(chosen) == chosen.end());
  CHECK(chosen == fg::sample_recordings(1000, 50, 7));
  CHECK(chosen != fg::sample_recordings(1000, 50, 8));
  CHECK(fg::sample_recordings(3, 3, 1) == std::vector<std::size_t>{0, 1, 2});
  std::vector<int> times(10, 0);
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    for (const std::size_t i : fg::sample_recordings(10, 3, seed)) ++times[i];
  }
  // 1200 expected of each, sd 29: five of them.
  for (const int count : times) CHECK(std::abs(count - 1200) < 145);
  CHECK_THROWS_AS(fg::sample_recordings(2, 3, 0), fg::InvalidValueError);
}
