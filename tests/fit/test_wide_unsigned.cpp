#include <cmath>
#include <cstdint>
#include <limits>
#include <random>

#include <catch2/catch_test_macros.hpp>

#include <funnelgraph/fit/wide_unsigned.hpp>

using funnelgraph::fit::WideUnsigned;

TEST_CASE("carries and borrows cross all limbs") {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  WideUnsigned x;
  x.limbs = {most, most, most, 0};
  x += WideUnsigned{1};
  CHECK(x.limbs == std::array<std::uint64_t, 4>{0, 0, 0, 1});
  x -= WideUnsigned{1};
  CHECK(x.limbs == std::array<std::uint64_t, 4>{most, most, most, 0});
  WideUnsigned y;
  y.limbs = {most, most, 0, 0};
  CHECK((y + y).limbs == std::array<std::uint64_t, 4>{most - 1, most, 1, 0});
  // (2^128 - 1)^2 = 2^256 - 2^129 + 1
  CHECK((y * y).limbs == std::array<std::uint64_t, 4>{1, 0, most - 1, most});
}

TEST_CASE("sums and products agree with the arithmetic of small numbers") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t a = random() >> 33U, b = random() >> 33U, c = random() >> 33U;
    const WideUnsigned x{a}, y{b}, z{c};
    CHECK((x * y + z) == WideUnsigned{a * b + c});
    CHECK((x * (y + z)) == x * y + x * z);
    // Beyond 64 bits: (p + q)^2 - p^2 - q^2 = 2pq for p, q of 63 bits.
    const WideUnsigned p{random() >> 1U}, q{random() >> 1U};
    CHECK((p + q) * (p + q) - p * p - q * q == p * q + p * q);
  }
}

TEST_CASE("the nearest double, ties to even") {
  CHECK(WideUnsigned{}.to_double() == 0);
  CHECK(WideUnsigned{12345}.to_double() == 12345);
  const std::uint64_t two53 = std::uint64_t{1} << 53U;
  CHECK(WideUnsigned{two53 + 1}.to_double() == 9007199254740992.0);
  CHECK(WideUnsigned{two53 + 3}.to_double() == 9007199254740996.0);
  WideUnsigned x;
  x.limbs = {1, 0, 0, std::uint64_t{1} << 10U};  // 2^202 + 1
  CHECK(x.to_double() == std::ldexp(1.0, 202));
  // 2^202 + 2^149 lies between two doubles: to even; one more bit far below tips it.
  x.limbs = {0, 0, std::uint64_t{1} << 21U, std::uint64_t{1} << 10U};
  CHECK(x.to_double() == std::ldexp(1.0, 202));
  x.limbs[0] = 1;
  CHECK(x.to_double() == std::ldexp(1.0, 202) + std::ldexp(1.0, 150));
}
