#include <cstdint>
#include <limits>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <funnelgraph/fit/fingerprint.hpp>

namespace fit = funnelgraph::fit;

TEST_CASE("fingerprints are SipHash-2-4-128 of the reference implementation") {
  // First two of vectors_sip128 in the authors' vectors.h: messages "" and "\0".
  CHECK(fit::fingerprint(std::string_view{}) == fit::Fingerprint{0xe6a825ba047f81a3U, 0x930255c71472f66dU});
  CHECK(fit::fingerprint(std::string_view("\0", 1)) ==
        fit::Fingerprint{0x44af996bd8c187daU, 0x45fc229b11597634U});
}

TEST_CASE("a whole number has the fingerprint of its text") {
  CHECK(fit::fingerprint(std::int64_t{-42}) == fit::fingerprint("-42"));
  CHECK(fit::fingerprint(std::numeric_limits<std::int64_t>::min()) ==
        fit::fingerprint("-9223372036854775808"));
  CHECK(fit::fingerprint("a") != fit::fingerprint("b"));
  CHECK(fit::fingerprint("12345678") != fit::fingerprint(std::string("12345678\0", 9)));
}
