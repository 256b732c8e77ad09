// Removal effects of channels against thinned chains solved by themselves, and figures from elsewhere.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/journey_counts.hpp>
#include <funnelgraph/explain/removal_effects.hpp>

#include "journey_rows.hpp"

using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;

namespace {

/// Positive sums only on our side; the plain iteration below stops at 1e-16 of what converts.
constexpr double tolerance = 1e-12;

fg::JourneyChain chain_of(const test::JourneyRows& rows, std::uint32_t order) {
  fg::AttributionOptions options;
  options.rules.order = order;
  fg::JourneyCounts counts(options);
  counts.add(test::TextRows(rows).table());
  return counts.chain();
}

/// P(conversion) with every state that ends in one of `removed` turned into a loss, by walking step by step.
double conversion_without(const fg::JourneyChain& chain, const std::vector<std::uint32_t>& removed) {
  const auto gone = [&](std::uint32_t s) {
    return std::find(removed.begin(), removed.end(), chain.last_channel(s)) != removed.end();
  };
  std::vector<double> here(chain.state_count(), 0), next;
  double started = 0, converted = 0, under_way = 1;
  for (const double journeys : chain.started) started += journeys;
  for (std::uint32_t s = 0; s < chain.state_count(); ++s) here[s] = gone(s) ? 0 : chain.started[s] / started;
  while (under_way > 1e-18) {
    next.assign(chain.state_count(), 0);
    under_way = 0;
    for (std::uint32_t s = 0; s < chain.state_count(); ++s) {
      double all = chain.converted[s] + chain.lost[s];
      for (std::uint32_t e = chain.row_begin[s]; e < chain.row_begin[s + 1]; ++e) all += chain.count[e];
      converted += here[s] * chain.converted[s] / all;
      for (std::uint32_t e = chain.row_begin[s]; e < chain.row_begin[s + 1]; ++e) {
        if (gone(chain.target[e])) continue;
        next[chain.target[e]] += here[s] * chain.count[e] / all;
        under_way += here[s] * chain.count[e] / all;
      }
    }
    here.swap(next);
  }
  return converted;
}

}  // namespace

TEST_CASE("removal effects are 1 - P(conversion without the channel) / P(conversion) at every order") {
  const test::JourneyRows rows = test::drawn_journeys(400, 7, 11);
  for (const std::uint32_t order : {1U, 2U, 3U, 5U}) {
    const fg::JourneyChain chain = chain_of(rows, order);
    const fg::RemovalEffects effects = fg::removal_effects(chain);
    const double all = conversion_without(chain, {});
    CHECK_THAT(effects.conversion, WithinRel(all, tolerance));
    REQUIRE(effects.effect.size() == 7);
    for (std::uint32_t c = 0; c < 7; ++c) {
      INFO("order " << order << ", channel " << c);
      CHECK_THAT(effects.effect[c], WithinRel(1 - conversion_without(chain, {c}) / all, 1e-10));
      // Together: of one channel it is the same, by another road.
      CHECK_THAT(fg::removal_effect(chain, std::span(&c, 1)), WithinRel(effects.effect[c], tolerance));
    }
    const std::vector<std::uint32_t> two = {1, 4};
    CHECK_THAT(fg::removal_effect(chain, two), WithinRel(1 - conversion_without(chain, two) / all, 1e-10));
  }
}

TEST_CASE("the chain of any order converts at the observed rate") {
  const test::JourneyRows rows = test::drawn_journeys(300, 5, 3);
  double converted = 0, journeys = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    converted += rows.conversions[r];
    journeys += rows.conversions[r] + rows.nulls[r];
  }
  for (const std::uint32_t order : {1U, 2U, 4U, 16U})
    CHECK_THAT(fg::removal_effects(chain_of(rows, order)).conversion,
               WithinRel(converted / journeys, tolerance));
}

TEST_CASE(
    "at an order beyond the longest path the effect is the share of conversions that meet the channel") {
  test::JourneyRows rows;
  rows.add({"A", "B", "A"}, 3, 1).add({"B"}, 2, 5).add({"C", "A"}, 1, 0).add({"C"}, 0, 4);
  const fg::RemovalEffects effects = fg::removal_effects(chain_of(rows, 16));
  CHECK_THAT(effects.effect[0], WithinRel(4.0 / 6, tolerance));
  CHECK_THAT(effects.effect[1], WithinRel(5.0 / 6, tolerance));
  CHECK_THAT(effects.effect[2], WithinRel(1.0 / 6, tolerance));
}

TEST_CASE("order 2 worked by hand: every state that ends in the channel goes to null") {
  // States (A), (B), (A,B), (B,A). From the start 1/2 each; (A) -> B 1; (B) -> A 1/2, lost 1/2;
  // (A,B) converts 1/2, lost 1/2; (B,A) converts.
  test::JourneyRows rows;
  rows.add({"A", "B"}, 1, 1).add({"B", "A"}, 1, 0).add({"B"}, 0, 1);
  const fg::JourneyChain chain = chain_of(rows, 2);
  CHECK(chain.state_count() == 4);
  const fg::RemovalEffects effects = fg::removal_effects(chain);
  CHECK_THAT(effects.conversion, WithinRel(0.5, tolerance));
  CHECK_THAT(effects.effect[0], WithinRel(1.0, tolerance));
  CHECK_THAT(effects.effect[1], WithinRel(1.0, tolerance));
  // A third channel by itself takes its own conversion away and no other.
  rows.add({"C"}, 1, 1);
  const fg::RemovalEffects three = fg::removal_effects(chain_of(rows, 2));
  CHECK_THAT(three.effect[2], WithinRel(1.0 / 3, tolerance));
  CHECK_THAT(three.effect[0], WithinRel(2.0 / 3, tolerance));
}

TEST_CASE("many channels: the sparse and the dense elimination and the series agree") {
  // 700 channels are beyond the dense block; at order 3 the states are beyond the planned elimination.
  const test::JourneyRows rows = test::drawn_journeys(6000, 700, 5);
  const fg::JourneyChain first = chain_of(rows, 1);
  REQUIRE(first.state_count() > 512);
  const fg::RemovalEffects effects = fg::removal_effects(first);
  for (const std::uint32_t c : {0U, 17U, 350U, 611U})
    CHECK_THAT(effects.effect[c], WithinRel(fg::removal_effect(first, std::span(&c, 1)), tolerance));
  const test::JourneyRows wide = test::drawn_journeys(20000, 300, 9);
  const fg::JourneyChain second = chain_of(wide, 3);
  REQUIRE(second.state_count() > 4000);
  const std::uint32_t c = 3;
  const double all = conversion_without(second, {});
  CHECK_THAT(fg::removal_effect(second, std::span(&c, 1)),
             WithinRel(1 - conversion_without(second, {c}) / all, 1e-8));
}

TEST_CASE("a channel of tiny effect keeps its digits") {
  // One of 1e15 conversions meets R: 1 - P'/P would have no digit left.
  test::JourneyRows rows;
  rows.add({"A"}, 1e15 - 1, 1e15).add({"R"}, 1, 0);
  const fg::JourneyChain chain = chain_of(rows, 1);
  CHECK_THAT(fg::removal_effects(chain).effect[1], WithinRel(1e-15, tolerance));
  const fg::JourneyChain second = chain_of(rows, 2);
  CHECK_THAT(fg::removal_effects(second).effect[1], WithinRel(1e-15, tolerance));
}

TEST_CASE("journeys that hardly ever end are solved all the same") {
  // 0 > 1 > 0 > 1 ... ends once in 1e9 steps, and there are too many states to plan an elimination first: the
  // series gives up, then elimination does it.
  constexpr std::uint32_t states = 4100;
  fg::JourneyChain chain;
  chain.order = 2;
  chain.channel_count = states;
  chain.started.assign(states, 0);
  chain.converted.assign(states, 1);
  chain.lost.assign(states, 1);
  for (std::uint32_t s = 0; s < states; ++s) {
    chain.touches.push_back(s);
    chain.touch_begin.push_back(s + 1);
    if (s == 0 || s == 1) {
      chain.target.push_back(1 - s);
      chain.count.push_back(1e9);
    }
    if (s == 2) {
      chain.target.push_back(0);
      chain.count.push_back(2);
    }
    chain.row_begin.push_back(static_cast<std::uint32_t>(chain.target.size()));
  }
  chain.started[2] = 4;
  // From state 2: half goes to 0 and converts with 1/2, a quarter converts at once.
  const std::uint32_t one = 1, three = 3;
  CHECK_THAT(fg::removal_effect(chain, std::span(&one, 1)), WithinRel(0.5, 1e-8));
  CHECK(fg::removal_effect(chain, std::span(&three, 1)) == 0);
}

TEST_CASE("chains that do not fit together are refused") {
  fg::JourneyChain chain = chain_of(test::drawn_journeys(20, 3, 1), 1);
  fg::JourneyChain broken = chain;
  broken.order = 0;
  CHECK_THROWS_AS(fg::removal_effects(broken), fg::InvalidValueError);
  broken = chain;
  broken.count.pop_back();
  CHECK_THROWS_AS(fg::removal_effects(broken), fg::InvalidValueError);
  broken = chain;
  broken.target.front() = 99;
  CHECK_THROWS_AS(fg::removal_effects(broken), fg::InvalidValueError);
  const std::uint32_t unknown = 99;
  CHECK_THROWS_AS(fg::removal_effect(chain, std::span(&unknown, 1)), fg::InvalidValueError);
}

TEST_CASE("where nothing converts the effects are unknown") {
  fg::JourneyChain chain = chain_of(test::drawn_journeys(20, 3, 1), 1);
  std::fill(chain.converted.begin(), chain.converted.end(), 0.0);
  std::fill(chain.lost.begin(), chain.lost.end(), 1.0);
  const fg::RemovalEffects effects = fg::removal_effects(chain);
  CHECK(effects.conversion == 0);
  CHECK(std::isnan(effects.effect[0]));
}
