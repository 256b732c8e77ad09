// Orders of players drawn at random.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/explain/detail/view.hpp>

namespace funnelgraph::inline v0::detail {

/// One order of the players that keeps unions together; the order with an odd number is the reverse of the
/// one before.
class DrawnOrders {
 public:
  DrawnOrders(const PlayerView& view, std::uint64_t seed)
      : view_(view), members_(view.members()), seed_(seed) {}

  [[nodiscard]] std::vector<std::size_t> at(std::size_t number) const {
    RandomStream stream(seed_, number / 2, "order");
    std::vector<std::size_t> order;
    std::vector<std::size_t> unions(members_.size());
    std::iota(unions.begin(), unions.end(), std::size_t{0});
    shuffle(unions, stream);
    for (const std::size_t u : unions) {
      std::vector<std::size_t> players = members_[u];
      shuffle(players, stream);
      order.insert(order.end(), players.begin(), players.end());
    }
    if (number % 2 == 1) std::reverse(order.begin(), order.end());
    return order;
  }

 private:
  static void shuffle(std::vector<std::size_t>& things, RandomStream& stream) {
    for (std::size_t k = things.size(); k > 1; --k) {
      const auto other = static_cast<std::size_t>(stream.uniform() * static_cast<double>(k));
      std::swap(things[k - 1], things[std::min(other, k - 1)]);
    }
  }
  const PlayerView& view_;
  std::vector<std::vector<std::size_t>> members_;
  std::uint64_t seed_;
};

}  // namespace funnelgraph::inline v0::detail
