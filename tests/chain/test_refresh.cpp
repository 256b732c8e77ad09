#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include <funnelgraph/chain/refresh.hpp>

using Catch::Matchers::WithinRel;
using funnelgraph::Chain;
using funnelgraph::LagDistribution;
using funnelgraph::LagFamily;

namespace {

/// One stage with edges of these rates to as many outcomes, and this drop-off.
Chain one_row(std::vector<double> rates, double drop_off) {
  Chain chain;
  chain.stage_count = 1;
  chain.outcome_count = static_cast<std::uint32_t>(rates.size());
  chain.row_begin = {0, chain.outcome_count};
  for (std::uint32_t o = 0; o < chain.outcome_count; ++o) chain.target.push_back(1 + o);
  chain.lag.resize(rates.size());
  chain.base_rate = std::move(rates);
  chain.base_drop_off = {drop_off};
  return chain;
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

TEST_CASE("a row that sums to 1 within rounding is kept bit for bit") {
  // The sum of ten tenths is 1 - 2^-53.
  for (const auto& rates : {std::vector<double>(10, 0.1), std::vector<double>{1e-134, 0.3, 0.7},
                            std::vector<double>{1 - 1e-15, 2.5e-16, 7.5e-16}}) {
    Chain chain = one_row(rates, 0);
    refresh(chain);
    for (std::size_t e = 0; e < rates.size(); ++e) CHECK(same_bits(chain.rate[e], rates[e]));
    CHECK(chain.drop_off[0] == 0);
  }
  Chain chain = one_row({1.0}, 1e-134);
  refresh(chain);
  CHECK(same_bits(chain.rate[0], 1.0));
  CHECK(same_bits(chain.drop_off[0], 1e-134));
}

TEST_CASE("a row beyond rounding is divided by its sum") {
  Chain chain = one_row({0.5 + 5e-10, 0.25}, 0.25);
  refresh(chain);
  CHECK_THAT(chain.rate[0], WithinRel((0.5 + 5e-10) / (1 + 5e-10), 1e-15));
  CHECK_THAT(chain.rate[1], WithinRel(0.25 / (1 + 5e-10), 1e-15));
  CHECK_THAT(chain.rate[0] + chain.rate[1] + chain.drop_off[0], WithinRel(1.0, 4e-16));
}

TEST_CASE("rows without weight stay zero") {
  Chain chain = one_row({0, 0}, 0);
  refresh(chain);
  CHECK(chain.rate == std::vector<double>{0, 0});
  CHECK(chain.drop_off[0] == 0);
  Chain dropping = one_row({0, 0}, 1);
  refresh(dropping);
  CHECK(dropping.drop_off[0] == 1);
}

TEST_CASE("levers bend a row and the drop-off keeps its weight [19]") {
  Chain chain = one_row({0.2, 0.3}, 0.5);
  chain.lever_value = {2.0, 0.5};
  chain.lever_reference = {1.0, 1.0};
  chain.influences = {{0, 0, 2.0}, {0, 1, 1.0}, {1, 1, -1.0}};
  refresh(chain);
  // Weights 0.2 * 4 / 2 = 0.4, 0.3 * 2 = 0.6, drop-off 0.5.
  CHECK_THAT(chain.rate[0], WithinRel(0.4 / 1.5, 1e-15));
  CHECK_THAT(chain.rate[1], WithinRel(0.6 / 1.5, 1e-15));
  CHECK_THAT(chain.drop_off[0], WithinRel(0.5 / 1.5, 1e-15));
  CHECK(chain.base_rate == std::vector<double>{0.2, 0.3});
  // Refreshing again starts from the inputs.
  const std::vector<double> first = chain.rate;
  refresh(chain);
  CHECK(chain.rate == first);
}

TEST_CASE("a lever at its reference, or without elasticity, changes no bit") {
  Chain chain = one_row({1e-134, 0.3, 0.7}, 0);
  chain.lever_value = {3.0, 7.0};
  chain.lever_reference = {3.0, 1.0};
  chain.influences = {{0, 0, 0.7}, {1, 1, 0.0}};
  refresh(chain);
  for (std::size_t e = 0; e < 3; ++e) CHECK(same_bits(chain.rate[e], chain.base_rate[e]));
}

TEST_CASE("moments of the lags; an unknown lag is NaN, and its discount only when one discounts") {
  Chain chain = one_row({0.2, 0.3, 0.5}, 0);
  chain.lag[0] = LagDistribution{LagFamily::gamma, 2.0, 1.5, nullptr};
  chain.lag[1] = LagDistribution{LagFamily::deterministic, 7.0, 0.0, nullptr};
  refresh(chain);
  CHECK(chain.lag_mean[0] == 2.0);
  CHECK_THAT(chain.lag_variance[0], WithinRel(2.25, 1e-15));
  CHECK(chain.lag_mean[1] == 7.0);
  CHECK(chain.lag_variance[1] == 0.0);
  CHECK(std::isnan(chain.lag_mean[2]));
  CHECK(std::isnan(chain.lag_variance[2]));
  CHECK(chain.discount == std::vector<double>(3, 1.0));
  CHECK(chain.discount_loss == std::vector<double>(3, 0.0));

  chain.discount_rate = 0.1;  // effective per 365 days
  refresh(chain);
  const double share_of_year = 7.0 / 365.0;
  CHECK_THAT(chain.discount[1], WithinRel(std::pow(1.1, -share_of_year), 1e-14));
  CHECK_THAT(chain.discount_loss[1], WithinRel(-std::expm1(-share_of_year * std::log1p(0.1)), 1e-14));
  const double force = std::log1p(0.1) / 365.0;  // gamma: (1 + s sd^2 / mean)^-(mean / sd)^2
  CHECK_THAT(chain.discount[0], WithinRel(std::pow(1 + force * 1.125, -16.0 / 9.0), 1e-14));
  CHECK(std::isnan(chain.discount[2]));
  CHECK(std::isnan(chain.discount_loss[2]));
}

TEST_CASE("an empty chain refreshes") {
  Chain chain;
  refresh(chain);
  CHECK(chain.rate.empty());
  CHECK(chain.drop_off.empty());
}
