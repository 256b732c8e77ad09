// Decoding and encoding of UTF-8, one code point at a time.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// What `decode_utf8` returns for bytes that are not UTF-8.
inline constexpr char32_t not_utf8 = 0xFFFFFFFF;

/// The code point at `position` (< text.size()), which moves behind it. Overlong forms, surrogates and
/// values above U+10FFFF are not UTF-8: then `not_utf8` is returned and `position` moves by one byte.
[[nodiscard]] constexpr char32_t decode_utf8(std::string_view text, std::size_t& position) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(position);
  const std::size_t start = position++;
  if (lead < 0x80) return lead;
  const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() - start < length) return not_utf8;
  char32_t code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned char next = byte(start + i);
    if ((next & 0xC0U) != 0x80U) return not_utf8;
    code = (code << 6U) | (next & 0x3FU);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return not_utf8;
  position = start + length;
  return code;
}

/// Appends `code` (a Unicode scalar value) to `text`.
inline void append_utf8(std::string& text, char32_t code) {
  const auto put = [&](char32_t byte) {
    text.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace funnelgraph::inline v0::detail
