#include <funnelgraph/core/philox.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <array>
#include <cstdint>
#include <set>

namespace fg = funnelgraph;
using Words = std::array<std::uint64_t, 4>;

TEST_CASE("Philox gives the known answers of its authors", "[philox]") {
  // Random123, tests/kat_vectors, philox4x64 10.
  STATIC_REQUIRE(fg::philox4x64({0, 0, 0, 0}, {0, 0}) ==
                 Words{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b});
  constexpr std::uint64_t ones = 0xFFFFFFFFFFFFFFFF;
  STATIC_REQUIRE(fg::philox4x64({ones, ones, ones, ones}, {ones, ones}) ==
                 Words{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0});
  STATIC_REQUIRE(
      fg::philox4x64({0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
                     {0x452821e638d01377, 0xbe5466cf34e90c6c}) ==
      Words{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6});
}

TEST_CASE("Philox agrees with NumPy", "[philox]") {
  // numpy.random.Philox(counter=[6, 123, 0, 0], key=[7, 0]).random_raw(4); NumPy counts up before it draws.
  STATIC_REQUIRE(fg::philox4x64({7, 123, 0, 0}, {7, 0}) ==
                 Words{0x38acd824413eff78, 0x1c74e657370e1e59, 0x8e0341ce1d9c14f4, 0x2c035257bf0fd37b});
  // numpy.random.Philox(counter=[2**64 - 1, 5, 6, 7], key=[11, 13]).random_raw(4)
  STATIC_REQUIRE(fg::philox4x64({0, 6, 6, 7}, {11, 13}) ==
                 Words{0x9e4437b24b2f4442, 0xe8a81975d4f12fa9, 0x250b6672649a5ed3, 0x22d2ea1aa55aadfe});
}

TEST_CASE("a stream belongs to its seed, replication and name", "[philox]") {
  fg::RandomStream stream(7, 3, "rate(a, b)");
  const std::uint64_t hash = fg::name_hash("rate(a, b)");
  const Words first = fg::philox4x64({3, hash, 0, 0}, {7, 0});
  const Words second = fg::philox4x64({3, hash, 1, 0}, {7, 0});
  for (const std::uint64_t word : first) CHECK(stream() == word);
  for (const std::uint64_t word : second) CHECK(stream() == word);

  std::set<std::uint64_t> distinct;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    for (std::uint64_t replication = 0; replication < 3; ++replication) {
      for (const char* name : {"a", "b", "", "ab", "ba"}) {
        distinct.insert(fg::RandomStream(seed, replication, name)());
      }
    }
  }
  CHECK(distinct.size() == 45);
}

TEST_CASE("uniform numbers fill (0, 1) and never reach its ends", "[philox]") {
  STATIC_REQUIRE(fg::open_uniform(0) == 0x1p-53);
  STATIC_REQUIRE(fg::open_uniform(0xFFFFFFFFFFFFFFFF) == 1 - 0x1p-53);
  fg::RandomStream stream(1, 0, "uniform");
  constexpr int draws = 100'000;
  double sum = 0, squares = 0;
  std::array<int, 10> bins{};
  for (int i = 0; i < draws; ++i) {
    const double u = stream.uniform();
    REQUIRE((u > 0 && u < 1));
    sum += u;
    squares += u * u;
    ++bins[static_cast<std::size_t>(u * 10)];
  }
  // Five standard errors: 5 * sqrt(1 / 12 / n), 5 * sqrt(4 / 45 / n); chi-square with 9 degrees of freedom.
  CHECK_THAT(sum / draws, Catch::Matchers::WithinAbs(0.5, 0.0046));
  CHECK_THAT(squares / draws, Catch::Matchers::WithinAbs(1.0 / 3, 0.0048));
  double chi = 0;
  for (const int bin : bins) chi += (bin - draws / 10.0) * (bin - draws / 10.0) / (draws / 10.0);
  CHECK(chi < 33.7);  // 1e-4 quantile
}
