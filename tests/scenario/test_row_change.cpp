#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/scenario/row_change.hpp>
#include <limits>
#include <numeric>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using Why = fg::RowConflict::Why;

namespace {

// Exits: order, rival (lost), quiet (silent), loop, drop-off.
const std::vector<std::uint8_t> leaks{0, 1, 1, 0, 1};
const std::vector<double> base{0.35, 0.2, 0.12, 0.18, 0.15};

fg::RowRule rule(const std::vector<fg::RowTarget>& targets) {
  return std::get<fg::RowRule>(fg::RowRule::plan(leaks, targets));
}

Why conflict(const std::vector<fg::RowTarget>& targets) {
  return std::get<fg::RowConflict>(fg::RowRule::plan(leaks, targets)).why;
}

}  // namespace

TEST_CASE("donors are told by the plan") {
  const fg::RowRule planned = rule({{.exit = 0}, {.exit = 1, .from = fg::Donors::siblings}});
  CHECK(std::vector<std::uint32_t>(planned.donors(0).begin(), planned.donors(0).end()) ==
        std::vector<std::uint32_t>{2, 4});
  CHECK(std::vector<std::uint32_t>(planned.donors(1).begin(), planned.donors(1).end()) ==
        std::vector<std::uint32_t>{2, 3, 4});
  CHECK(planned.exits() == 5);
}

TEST_CASE("plans that cannot be say why") {
  using Kind = fg::ChangeKind;
  using From = fg::Donors;
  CHECK(conflict({{.exit = 0}, {.exit = 0}}) == Why::same_exit);
  CHECK(conflict({{.exit = 0, .from = From::one, .donor = 1}, {.exit = 1}}) == Why::target_as_donor);
  CHECK(conflict({{.exit = 0, .from = From::one, .donor = 0}}) == Why::target_as_donor);
  CHECK(conflict({{.exit = 0}, {.exit = 1}, {.exit = 2}, {.exit = 4, .from = From::siblings}}) ==
        Why::no_donor);
  CHECK(conflict({{.kind = Kind::scale_odds, .exit = 0}, {.exit = 1}}) == Why::odds_and_numbers);
  CHECK(conflict({{.kind = Kind::scale_odds, .exit = 0},
                  {.kind = Kind::scale_odds, .exit = 1, .from = From::siblings}}) == Why::partial_overlap);
  CHECK_NOTHROW(rule({{.kind = Kind::scale_odds, .exit = 0, .from = From::one, .donor = 3},
                      {.exit = 1, .from = From::one, .donor = 2}}));
}

TEST_CASE("odds follow the closed form over many orders of magnitude") {
  const fg::RowRule planned = rule({{.kind = fg::ChangeKind::scale_odds, .exit = 0}});
  std::vector<double> row(5);
  for (double k = 1e-250; k < 1e250; k *= 1e10) {
    REQUIRE(planned.apply(base, std::vector{k}, row).possible());
    const double p = 0.35;
    const double x = 0.2 + 0.12 + 0.15;
    CHECK_THAT(row[0], WithinRel((p + x) * k * p / (k * p + x), 1e-14));
    CHECK_THAT(std::accumulate(row.begin(), row.end(), 0.0), WithinAbs(1, 1e-15));
    CHECK(row[3] == 0.18);
    for (const double mass : row) CHECK(mass >= 0);
  }
  const std::vector<double> tiny{1e-134, 1e-200, 0, 1 - 1e-134, 0};
  REQUIRE(planned.apply(tiny, std::vector{2.0}, row).possible());
  CHECK(row[0] == 1e-134);  // what it got is below its rounding
  CHECK_THAT(row[1], WithinRel(0.5e-200, 1e-14));
}

TEST_CASE("impossible values are told, never thrown, and the row is left alone") {
  const fg::RowRule planned = rule({{.exit = 0}, {.exit = 3, .from = fg::Donors::siblings}});
  std::vector<double> row(5, 7.0);
  const std::vector<double> untouched = row;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {nan, -1.0, 2.0, std::numeric_limits<double>::infinity()}) {
    const fg::RowResult result = planned.apply(base, std::vector{bad, 0.18}, row);
    CHECK(result.impossible == 0);
    CHECK(result.least == 0);
    CHECK_THAT(result.largest, WithinRel(0.82, 1e-15));
    CHECK(row == untouched);
  }
  // The other one's demand counts.
  const fg::RowResult less = planned.apply(base, std::vector{0.9, 0.18 + 0.235}, row);
  CHECK_THAT(less.largest, WithinRel(0.35 + 0.235, 1e-14));
  const fg::RowRule odds = rule({{.kind = fg::ChangeKind::scale_odds, .exit = 0}});
  CHECK_FALSE(odds.apply(base, std::vector{0.0}, row).possible());
  CHECK_FALSE(odds.apply(base, std::vector{nan}, row).possible());
}

TEST_CASE("clipped targets get what there is") {
  const fg::RowRule planned = rule({{.exit = 0, .clip = true}, {.exit = 3, .clip = true}});
  std::vector<double> row(5);
  const fg::RowResult result = planned.apply(base, std::vector{0.9, 0.9}, row);
  CHECK(result.clipped == 2);
  CHECK_THAT(std::accumulate(row.begin(), row.end(), 0.0), WithinAbs(1, 1e-15));
  CHECK_THAT((row[0] - 0.35) / (row[3] - 0.18), WithinRel(0.55 / 0.72, 1e-14));
  CHECK(row[1] + row[2] + row[4] < 1e-15);
  CHECK(planned.apply(base, std::vector{0.4, 0.2}, row).clipped == 0);
  CHECK(row[0] == 0.4);
  CHECK_FALSE(planned.apply(base, std::vector{std::nan(""), 0.2}, row).possible());
}
