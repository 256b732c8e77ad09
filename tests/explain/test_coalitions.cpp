// Shapley and Owen values, least and greatest, against closed forms and against all orders.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/explain/coalitions.hpp>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "../support/oracle.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;

namespace {

std::vector<double> random_game(std::size_t players, std::uint64_t seed) {
  fg::RandomStream stream(seed, 0, "game");
  std::vector<double> worth(std::size_t{1} << players);
  for (double& w : worth) w = stream.uniform() * 10 - 3;
  return worth;
}

/// Calls visit(marginals) for every order; orders that part a union are left out when unions are given.
void every_order(const std::vector<double>& worth, std::size_t players,
                 const std::vector<std::size_t>& union_of,
                 const std::function<void(const std::vector<double>&)>& visit) {
  std::vector<std::size_t> order(players);
  std::iota(order.begin(), order.end(), std::size_t{0});
  do {
    bool together = true;
    for (std::size_t k = 2; k < players && together; ++k) {
      for (std::size_t j = 0; j + 1 < k && together; ++j)
        together = union_of[order[j]] != union_of[order[k]] || union_of[order[k - 1]] == union_of[order[k]];
    }
    if (!together) continue;
    std::vector<double> marginals(players);
    std::size_t in = 0;
    for (const std::size_t p : order) {
      const std::size_t with = in | (std::size_t{1} << p);
      marginals[p] = worth[with] - worth[in];
      in = with;
    }
    visit(marginals);
  } while (std::next_permutation(order.begin(), order.end()));
}

std::vector<std::size_t> alone(std::size_t players) {
  std::vector<std::size_t> out(players);
  std::iota(out.begin(), out.end(), std::size_t{0});
  return out;
}

}  // namespace

TEST_CASE("published games: three departments and the runway") {
  const boost::json::value document = test::oracle("decomposition.json");
  for (const auto& item : document.as_object().at("games").as_array()) {
    const boost::json::object& game = item.as_object();
    INFO(test::text(game.at("name")));
    std::vector<double> worth;
    if (game.contains("worth")) {
      std::string letters;
      for (const auto& player : game.at("players").as_array()) letters += test::text(player);
      worth.assign(std::size_t{1} << letters.size(), 0.0);
      for (const auto& member : game.at("worth").as_object()) {
        std::size_t set = 0;
        for (const char letter : std::string(member.key())) set |= std::size_t{1} << letters.find(letter);
        worth[set] = test::number(member.value());
      }
    } else {
      std::vector<double> cost;
      for (const auto& one : game.at("cost").as_array()) cost.push_back(test::number(one));
      worth.assign(std::size_t{1} << cost.size(), 0.0);
      for (std::size_t s = 0; s < worth.size(); ++s) {
        for (std::size_t p = 0; p < cost.size(); ++p) {
          if ((s >> p & 1U) != 0) worth[s] = std::max(worth[s], cost[p]);
        }
      }
    }
    const std::vector<double> parts = fg::shapley_values(worth);
    const boost::json::array& wanted = game.at("expect").as_array();
    REQUIRE(parts.size() == wanted.size());
    for (std::size_t p = 0; p < parts.size(); ++p)
      CHECK_THAT(parts[p], WithinAbs(test::number(wanted.at(p)), test::number(game.at("tolerance"))));
  }
}

TEST_CASE("Shapley values and ranges are those of all orders") {
  for (std::size_t players = 1; players <= 6; ++players) {
    const std::vector<double> worth = random_game(players, players);
    std::vector<double> mean(players, 0.0);
    std::vector<fg::OrderRange> range(players, {1e9, -1e9});
    std::vector<double> weights(players);
    for (std::size_t p = 0; p < players; ++p) weights[p] = static_cast<double>(p % 3) / 2;
    fg::OrderRange weighted{1e9, -1e9};
    double orders = 0;
    every_order(worth, players, alone(players), [&](const std::vector<double>& marginals) {
      orders += 1;
      double sum = 0;
      for (std::size_t p = 0; p < players; ++p) {
        mean[p] += marginals[p];
        range[p].least = std::min(range[p].least, marginals[p]);
        range[p].greatest = std::max(range[p].greatest, marginals[p]);
        sum += weights[p] * marginals[p];
      }
      weighted.least = std::min(weighted.least, sum);
      weighted.greatest = std::max(weighted.greatest, sum);
    });
    const std::vector<double> parts = fg::shapley_values(worth);
    const std::vector<fg::OrderRange> ranges = fg::marginal_ranges(worth);
    for (std::size_t p = 0; p < players; ++p) {
      CHECK_THAT(parts[p], WithinAbs(mean[p] / orders, 1e-12));  // sums of a few hundred numbers below 10
      CHECK_THAT(ranges[p].least, WithinAbs(range[p].least, 1e-12));
      CHECK_THAT(ranges[p].greatest, WithinAbs(range[p].greatest, 1e-12));
    }
    const fg::OrderRange found = fg::weighted_range(worth, weights);
    CHECK_THAT(found.least, WithinAbs(weighted.least, 1e-12));
    CHECK_THAT(found.greatest, WithinAbs(weighted.greatest, 1e-12));
  }
}

TEST_CASE("parts of a large game add up, and of an additive one are the players' own") {
  constexpr std::size_t players = 16;
  std::vector<double> worth(std::size_t{1} << players, 7.0);
  for (std::size_t s = 0; s < worth.size(); ++s) {
    for (std::size_t p = 0; p < players; ++p) {
      if ((s >> p & 1U) != 0) worth[s] += static_cast<double>(p) - 5.5;
    }
  }
  const std::vector<double> parts = fg::shapley_values(worth);
  const std::vector<fg::OrderRange> ranges = fg::marginal_ranges(worth);
  for (std::size_t p = 0; p < players; ++p) {
    CHECK_THAT(parts[p], WithinAbs(static_cast<double>(p) - 5.5, 1e-11));  // weights of 65,536 terms
    CHECK_THAT(ranges[p].least, WithinAbs(static_cast<double>(p) - 5.5, 1e-12));
    CHECK_THAT(ranges[p].greatest, WithinAbs(static_cast<double>(p) - 5.5, 1e-12));
  }
  const std::vector<double> other = random_game(players, 3);
  const std::vector<double> found = fg::shapley_values(other);
  CHECK_THAT(std::accumulate(found.begin(), found.end(), 0.0),
             WithinAbs(other.back() - other.front(), 1e-10));
}

TEST_CASE("Owen values and ranges are those of the orders that keep unions together") {
  const std::vector<std::vector<std::size_t>> members{{0, 3}, {1}, {2, 4, 5}};
  const std::vector<std::size_t> union_of{0, 1, 2, 0, 2, 2};
  constexpr std::size_t players = 6;
  const std::vector<double> worth = random_game(players, 11);
  fg::UnionGame game{.members = members, .worth = {}};
  for (std::size_t u = 0; u < members.size(); ++u) {
    const std::size_t k = members[u].size();
    std::vector<double> table(std::size_t{1} << (members.size() - 1 + k));
    for (std::size_t c = 0; c < table.size(); ++c) {
      std::size_t set = 0, bit = k;
      for (std::size_t other = 0; other < members.size(); ++other) {
        if (other == u) continue;
        if ((c >> bit++ & 1U) != 0) {
          for (const std::size_t p : members[other]) set |= std::size_t{1} << p;
        }
      }
      for (std::size_t i = 0; i < k; ++i) {
        if ((c >> i & 1U) != 0) set |= std::size_t{1} << members[u][i];
      }
      table[c] = worth[set];
    }
    game.worth.push_back(table);
  }
  const std::vector<double> weights{1, 0.3, 0, 0.5, 0, 1};
  std::vector<double> mean(players, 0.0);
  fg::OrderRange weighted{1e9, -1e9};
  double orders = 0;
  every_order(worth, players, union_of, [&](const std::vector<double>& marginals) {
    orders += 1;
    double sum = 0;
    for (std::size_t p = 0; p < players; ++p) {
      mean[p] += marginals[p];
      sum += weights[p] * marginals[p];
    }
    weighted.least = std::min(weighted.least, sum);
    weighted.greatest = std::max(weighted.greatest, sum);
  });
  CHECK(orders == 6 * 2 * 1 * 6);
  const std::vector<double> parts = fg::owen_values(game);
  for (std::size_t p = 0; p < players; ++p) CHECK_THAT(parts[p], WithinAbs(mean[p] / orders, 1e-12));
  const fg::OrderRange found = fg::weighted_range(game, weights);
  CHECK_THAT(found.least, WithinAbs(weighted.least, 1e-12));
  CHECK_THAT(found.greatest, WithinAbs(weighted.greatest, 1e-12));
  CHECK(fg::union_coalitions(members) == 16 + 8 + 32);
}

TEST_CASE("sizes that do not fit are refused") {
  CHECK_THROWS_AS(fg::shapley_values(std::vector<double>(3)), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::weighted_range(std::vector<double>(4), std::vector<double>(3)), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::owen_values({.members = {{0}, {1}}, .worth = {{1, 2}}}), fg::InvalidValueError);
  CHECK(fg::shapley_values(std::vector<double>{3}).empty());
  CHECK(fg::union_coalitions({std::vector<std::size_t>(41)}) == std::numeric_limits<std::size_t>::max());
}
