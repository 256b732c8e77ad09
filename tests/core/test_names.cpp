#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/utf8.hpp>

#include <catch2/catch_test_macros.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fg = funnelgraph;

namespace {

std::string utf8(std::u32string_view codes) {
  std::string text;
  for (const char32_t code : codes) fg::detail::append_utf8(text, code);
  return text;
}

/// FNV-1a over texts, each ended by a line feed.
class Digest {
 public:
  void add(const std::string& text) {
    for (const char c : text) take(static_cast<unsigned char>(c));
    take('\n');
  }
  std::uint64_t value() const { return value_; }

 private:
  void take(unsigned byte) { value_ = (value_ ^ byte) * 0x100000001B3; }
  std::uint64_t value_ = 0xCBF29CE484222325;
};

}  // namespace

TEST_CASE("composed and decomposed names are one name", "[names]") {
  // Vietnamese: base letter, modifier and tone mark, in either order of the marks.
  CHECK(fg::normalise_name(utf8(U"tu\u031Bo\u031Bng ta\u0301c")) == utf8(U"t\u01B0\u01A1ng t\u00E1c"));
  CHECK(fg::normalise_name(utf8(U"t\u01B0\u01A1ng t\u00E1c")) == utf8(U"t\u01B0\u01A1ng t\u00E1c"));
  CHECK(fg::normalise_name(utf8(U"e\u0302\u0323")) == utf8(U"\u1EC7"));
  CHECK(fg::normalise_name(utf8(U"e\u0323\u0302")) == utf8(U"\u1EC7"));
  CHECK(fg::normalise_name(utf8(U"\u1EB9\u0302")) == utf8(U"\u1EC7"));
  CHECK(fg::normalise_name(utf8(U"\u00EA\u0323")) == utf8(U"\u1EC7"));
  CHECK(fg::normalise_name(utf8(U"o\u0301\u031B")) == utf8(U"\u1EDB"));
}

TEST_CASE("normal form C follows the standard's own examples", "[names]") {
  const std::vector<std::pair<std::u32string, std::u32string>> cases = {
      {U"", U""},
      {U"plain ASCII 42", U"plain ASCII 42"},
      {U"\u212B", U"\u00C5"},               // singleton: Angstrom sign
      {U"\u2126", U"\u03A9"},               // singleton: Ohm sign
      {U"A\u030A", U"\u00C5"},              // pair
      {U"\u1E9B\u0323", U"\u1E9B\u0323"},   // does not compose further
      {U"d\u0307\u0323", U"\u1E0D\u0307"},  // reordered, then one composes
      {U"\u0915\u093C", U"\u0915\u093C"},   // composition exclusion (Devanagari qa)
      {U"\u0958", U"\u0915\u093C"},         // the excluded composite decomposes
      {U"\u0344", U"\u0308\u0301"},         // non-starter decomposition
      {U"\u1100\u1161", U"\uAC00"},         // Hangul lead and vowel
      {U"\u1100\u1161\u11A8", U"\uAC01"},   // ... and tail
      {U"\uAC00\u11A8", U"\uAC01"},         // syllable and tail
      {U"\uAC00\u11A7", U"\uAC00\u11A7"},   // no tail has that number
      {U"\u0061\u0315\u0300\u05AE\u0300\u0062", U"\u00E0\u05AE\u0300\u0315\u0062"},
      {U"\U000110A5\U000110BA", U"\U000110AB"},  // outside the basic plane
      {U"\U0001D15E", U"\U0001D157\U0001D165"},  // excluded, outside the basic plane
      {U"\U0001F600", U"\U0001F600"},
      {U"\u09C7\u0300\u09BE", U"\u09C7\u0300\u09BE"},  // a mark between blocks the pair
      {U"\u0300a", U"\u0300a"},                        // starts with a mark
  };
  for (const auto& [given, expected] : cases) {
    CAPTURE(utf8(given));
    CHECK(fg::normalise_name(utf8(given)) == utf8(expected));
  }
}

TEST_CASE("normal form C agrees with Python's unicodedata", "[names]") {
  // Digests printed by tests/core/nfc_digest.py, Unicode 18.0.0.
  Digest every;
  for (char32_t code = 0x20; code <= 0x10FFFF; ++code) {
    if ((code >= 0x7F && code <= 0x9F) || (code >= 0xD800 && code <= 0xDFFF)) continue;
    every.add(fg::normalise_name(utf8(std::u32string(1, code))));
  }
  CHECK(every.value() == 0x44665f9c1e9b2ed0);

  constexpr std::pair<char32_t, char32_t> ranges[] = {
      {0x41, 0x7A},       {0xC0, 0x17F},      {0x300, 0x362},     {0x385, 0x3CE},     {0x5B0, 0x5C2},
      {0x622, 0x655},     {0x9BE, 0x9D7},     {0xB47, 0xB57},     {0xD46, 0xD57},     {0xF40, 0xF84},
      {0x1026, 0x102E},   {0x1100, 0x1112},   {0x1161, 0x1175},   {0x11A7, 0x11C2},   {0x1AB0, 0x1ACE},
      {0x1E00, 0x1EF9},   {0x1F00, 0x1FFC},   {0x20D0, 0x20DC},   {0x2126, 0x212B},   {0x302A, 0x3099},
      {0xAC00, 0xD7A3},   {0xF900, 0xFA6D},   {0xFB1D, 0xFB4E},   {0x11099, 0x110BA}, {0x1112E, 0x11134},
      {0x11347, 0x11357}, {0x114B0, 0x114BE}, {0x1D157, 0x1D1C0}, {0x2F800, 0x2FA1D}};
  std::uint64_t state = 1;
  const auto draw = [&] {  // SplitMix64
    std::uint64_t z = (state += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EB;
    return z ^ (z >> 31U);
  };
  Digest random;
  for (int i = 0; i < 20000; ++i) {
    std::u32string codes;
    for (std::uint64_t length = 1 + draw() % 8; length > 0; --length) {
      const auto [first, last] = ranges[draw() % std::size(ranges)];
      codes.push_back(first + static_cast<char32_t>(draw() % (last - first + 1)));
    }
    const std::string normal = fg::normalise_name(utf8(codes));
    REQUIRE(fg::normalise_name(normal) == normal);
    random.add(normal);
  }
  CHECK(random.value() == 0x398d60f15c07245b);
}

TEST_CASE("names that are no text are refused", "[names]") {
  const std::vector<std::string> bad = {"a\nb",
                                        "tab\t",
                                        std::string("nul\0", 4),
                                        "\x7F",
                                        "\xC2\x85",  // control characters
                                        "\xC3",
                                        "\xC3(",
                                        "\x80",
                                        "\xFF",
                                        "\xC0\xAF",
                                        "\xE0\x80\xAF",  // cut, stray, overlong
                                        "\xED\xA0\x80",
                                        "\xF4\x90\x80\x80",
                                        "\xF8\x88\x80\x80\x80",
                                        "ok\xE2\x82"};  // surrogate, too high
  for (const std::string& text : bad) {
    CHECK_THROWS_AS(fg::normalise_name(text), fg::InvalidValueError);
  }
  CHECK(fg::is_utf8("tab\t\n"));
  CHECK(fg::is_utf8(utf8(U"\u1EC7\U0001F600")));
  for (std::size_t i = 5; i < bad.size(); ++i) CHECK_FALSE(fg::is_utf8(bad[i]));
}
