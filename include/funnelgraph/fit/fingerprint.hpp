// What statistics remember of a journey instead of its id.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::fit {

/// 128 bits of an id: among 10^9 journeys two share one with probability 1e-21. Not reversible, but
/// whoever has a list of ids can find them again: a pseudonym, not anonymity.
struct Fingerprint {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  auto operator<=>(const Fingerprint&) const = default;
};

struct FingerprintHash {
  std::size_t operator()(const Fingerprint& fingerprint) const noexcept {
    return static_cast<std::size_t>(fingerprint.low);
  }
};

/// SipHash-2-4 with 128 bits (Aumasson, Bernstein 2012) under the key 00 01 .. 0f, the same on every
/// machine. A whole number has the fingerprint of its decimal text, whatever type it came in.
[[nodiscard]] Fingerprint fingerprint(std::string_view id) noexcept;
[[nodiscard]] Fingerprint fingerprint(std::int64_t id) noexcept;

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/fingerprint_inl.hpp>
#endif
