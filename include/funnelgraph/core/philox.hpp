// Counter-based random numbers: the same seed gives the same bits at any thread count.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

struct WideProduct {
  std::uint64_t high, low;
};

/// The 128 bits of a * b.
[[nodiscard]] constexpr WideProduct multiply_wide(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
  __extension__ using Wide = unsigned __int128;
  const Wide product = Wide{a} * b;
  return {static_cast<std::uint64_t>(product >> 64U), static_cast<std::uint64_t>(product)};
#else
  constexpr std::uint64_t mask = 0xFFFFFFFF;
  const std::uint64_t low = (a & mask) * (b & mask);
  const std::uint64_t cross = (a >> 32U) * (b & mask) + (low >> 32U);
  const std::uint64_t other = (a & mask) * (b >> 32U) + (cross & mask);
  return {(a >> 32U) * (b >> 32U) + (cross >> 32U) + (other >> 32U), (other << 32U) | (low & mask)};
#endif
}

}  // namespace detail

/// Philox4x64 with 10 rounds: 256 random bits for each counter and key. Salmon, Moraes, Dror and Shaw
/// (2011), "Parallel random numbers: as easy as 1, 2, 3".
[[nodiscard]] constexpr std::array<std::uint64_t, 4> philox4x64(std::array<std::uint64_t, 4> counter,
                                                                std::array<std::uint64_t, 2> key) noexcept {
  for (int round = 0; round < 10; ++round) {
    const auto a = detail::multiply_wide(0xD2E7470EE14C6C93, counter[0]);
    const auto b = detail::multiply_wide(0xCA5A826395121157, counter[2]);
    counter = {b.high ^ counter[1] ^ key[0], b.low, a.high ^ counter[3] ^ key[1], a.low};
    key[0] += 0x9E3779B97F4A7C15;
    key[1] += 0xBB67AE8584CAA73B;
  }
  return counter;
}

/// 64 bits that stand for a name in a counter: FNV-1a, then the finaliser of SplitMix64.
[[nodiscard]] constexpr std::uint64_t name_hash(std::string_view name) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  hash = (hash ^ (hash >> 30U)) * 0xBF58476D1CE4E5B9;
  hash = (hash ^ (hash >> 27U)) * 0x94D049BB133111EB;
  return hash ^ (hash >> 31U);
}

/// A uniform number in (0, 1), never 0 or 1, symmetric about 1/2, from the upper 52 of random bits.
[[nodiscard]] constexpr double open_uniform(std::uint64_t bits) noexcept {
  return (static_cast<double>(bits >> 12U) + 0.5) * 0x1p-52;
}

/// The draws of one named thing in one replication: key (seed, 0), counter (replication, hash of the name,
/// block, 0). Adding other things changes none of them. Fits what the standard calls a uniform random bit
/// generator.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  constexpr RandomStream(std::uint64_t seed, std::uint64_t replication, std::string_view name) noexcept
      : RandomStream(seed, replication, name_hash(name)) {}
  constexpr RandomStream(std::uint64_t seed, std::uint64_t replication, std::uint64_t hash) noexcept
      : counter_{replication, hash, 0, 0}, seed_(seed) {}

  constexpr std::uint64_t operator()() noexcept {
    if (used_ == block_.size()) {
      block_ = philox4x64(counter_, {seed_, 0});
      ++counter_[2];
      used_ = 0;
    }
    return block_[used_++];
  }
  /// The next uniform number in (0, 1).
  constexpr double uniform() noexcept { return open_uniform((*this)()); }

  static constexpr std::uint64_t min() noexcept { return 0; }
  static constexpr std::uint64_t max() noexcept { return std::numeric_limits<std::uint64_t>::max(); }

 private:
  std::array<std::uint64_t, 4> counter_;
  std::array<std::uint64_t, 4> block_{};
  std::uint64_t seed_;
  std::size_t used_ = 4;
};

}  // namespace funnelgraph::inline v0
