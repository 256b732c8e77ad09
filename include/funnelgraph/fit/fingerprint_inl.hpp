#pragma once

#include <bit>
#include <charconv>

#include <funnelgraph/fit/fingerprint.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  constexpr void round() noexcept {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  constexpr void absorb(std::uint64_t word) noexcept {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }
  constexpr std::uint64_t squeeze() noexcept {
    for (int i = 0; i < 4; ++i) round();
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

}  // namespace detail

FUNNELGRAPH_INLINE Fingerprint fingerprint(std::string_view id) noexcept {
  constexpr std::uint64_t key_low = 0x0706050403020100U;
  constexpr std::uint64_t key_high = 0x0f0e0d0c0b0a0908U;
  detail::SipState state{key_low ^ 0x736f6d6570736575U, key_high ^ 0x646f72616e646f6dU ^ 0xeeU,
                         key_low ^ 0x6c7967656e657261U, key_high ^ 0x7465646279746573U};
  std::uint64_t word = 0;
  std::size_t filled = 0;
  for (const char letter : id) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(letter)) << (8 * filled);
    if (++filled == 8) {
      state.absorb(word);
      word = 0;
      filled = 0;
    }
  }
  state.absorb(word | (static_cast<std::uint64_t>(id.size()) << 56U));
  state.v2 ^= 0xeeU;
  Fingerprint result;
  result.low = state.squeeze();
  state.v1 ^= 0xddU;
  result.high = state.squeeze();
  return result;
}

FUNNELGRAPH_INLINE Fingerprint fingerprint(std::int64_t id) noexcept {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, id);
  return fingerprint(std::string_view(text, static_cast<std::size_t>(end.ptr - text)));
}

}  // namespace funnelgraph::inline v0::fit
