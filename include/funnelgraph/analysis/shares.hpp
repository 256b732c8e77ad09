// Owners and their shares of one thing, nobody included.
#pragma once

#include <cstdint>

#include <funnelgraph/chain/chain.hpp>

namespace funnelgraph::inline v0 {

/// Calls take(owner position, share) for each owner of `row`; what nobody owns goes to `owner_count`
/// with share 1.
template <class Take>
void for_each_share(const OwnerShares& shares, std::uint32_t row, std::uint32_t owner_count, Take&& take) {
  const std::uint32_t first = shares.begin[row];
  const std::uint32_t last = shares.begin[row + 1];
  if (first == last) take(owner_count, 1.0);
  for (std::uint32_t k = first; k < last; ++k) take(shares.owner[k], shares.share[k]);
}

}  // namespace funnelgraph::inline v0
