// A 256-bit unsigned integer, just enough to sum ticks and their squares exactly.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::fit {

/// Four limbs of 64 bits, the least first; arithmetic is modulo 2^256. Portable: no 128-bit type.
/// Sums of up to 2^64 lags of 9999 years, of their squares, and the products that a variance needs
/// (below 2^246) all fit.
struct WideUnsigned {
  std::array<std::uint64_t, 4> limbs{};

  constexpr WideUnsigned() = default;
  constexpr explicit WideUnsigned(std::uint64_t value) : limbs{value, 0, 0, 0} {}

  constexpr WideUnsigned& operator+=(const WideUnsigned& other) noexcept {
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t partial = limbs[i] + carry;
      carry = partial < carry ? 1U : 0U;
      limbs[i] = partial + other.limbs[i];
      carry += limbs[i] < partial ? 1U : 0U;
    }
    return *this;
  }
  constexpr WideUnsigned& operator-=(const WideUnsigned& other) noexcept {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint64_t before = limbs[i];
      const std::uint64_t partial = before - borrow;
      std::uint64_t next = partial > before ? 1U : 0U;
      limbs[i] = partial - other.limbs[i];
      next += limbs[i] > partial ? 1U : 0U;
      borrow = next;
    }
    return *this;
  }
  friend constexpr WideUnsigned operator+(WideUnsigned a, const WideUnsigned& b) noexcept { return a += b; }
  friend constexpr WideUnsigned operator-(WideUnsigned a, const WideUnsigned& b) noexcept { return a -= b; }

  friend constexpr WideUnsigned operator*(const WideUnsigned& a, const WideUnsigned& b) noexcept {
    // Schoolbook over halves of 32 bits, so that every partial product fits in 64.
    const auto half = [](const WideUnsigned& x, std::size_t i) {
      return (x.limbs[i / 2] >> (32 * (i % 2))) & 0xFFFFFFFFU;
    };
    WideUnsigned result;
    for (std::size_t i = 0; i < 8; ++i) {
      const std::uint64_t factor = half(a, i);
      if (factor == 0) continue;
      std::uint64_t carry = 0;
      for (std::size_t j = 0; i + j < 8; ++j) {
        const std::size_t k = i + j;
        const std::uint64_t sum = factor * half(b, j) + half(result, k) + carry;
        const std::uint64_t mask = std::uint64_t{0xFFFFFFFFU} << (32 * (k % 2));
        result.limbs[k / 2] = (result.limbs[k / 2] & ~mask) | ((sum & 0xFFFFFFFFU) << (32 * (k % 2)));
        carry = sum >> 32;
      }
    }
    return result;
  }

  /// The nearest double (ties to even).
  [[nodiscard]] double to_double() const noexcept {
    std::size_t top = 4;
    while (top > 0 && limbs[top - 1] == 0) --top;
    if (top == 0) return 0;
    std::uint64_t leading = limbs[top - 1];
    int exponent = 64 * static_cast<int>(top - 1);
    if (top > 1) {
      int shift = 0;
      while ((leading >> 63U) == 0) {
        leading <<= 1U;
        ++shift;
      }
      std::uint64_t rest = limbs[top - 2];
      if (shift > 0) {
        leading |= rest >> (64 - shift);
        rest <<= shift;
      }
      for (std::size_t i = 0; i + 2 < top; ++i) rest |= limbs[i];
      if (rest != 0) leading |= 1U;  // a sticky bit below the 53 that count
      exponent -= shift;
    }
    return std::ldexp(static_cast<double>(leading), exponent);
  }

  bool operator==(const WideUnsigned&) const = default;
};

}  // namespace funnelgraph::inline v0::fit
