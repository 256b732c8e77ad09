#pragma once

#include <array>
#include <charconv>
#include <cmath>

#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/core/utf8.hpp>

namespace funnelgraph::inline v0::detail {

/// Control characters (C0, DEL, C1), line and paragraph separators, and marks of writing direction.
inline bool must_be_escaped(char32_t code) noexcept {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x2028 || code == 0x2029 ||
         code == 0x200E || code == 0x200F || code == 0x061C || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

inline void append_hexadecimal(std::string& text, char32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    text.push_back("0123456789ABCDEF"[(value >> static_cast<unsigned>(shift)) & 0xFU]);
  }
}

FUNNELGRAPH_INLINE std::string shown(std::string_view text, std::size_t limit) {
  std::string result;
  std::size_t position = 0;
  for (std::size_t count = 0; position < text.size(); ++count) {
    if (count == limit) return result + "\xE2\x80\xA6";  // U+2026
    const std::size_t start = position;
    const char32_t code = decode_utf8(text, position);
    if (code == not_utf8) {
      result += "\\x";
      append_hexadecimal(result, static_cast<unsigned char>(text[start]), 2);
    } else if (code == U'\n') {
      result += "\\n";
    } else if (code == U'\r') {
      result += "\\r";
    } else if (code == U'\t') {
      result += "\\t";
    } else if (must_be_escaped(code)) {
      result += "\\u{";
      append_hexadecimal(result, code, 4);
      result += '}';
    } else {
      result.append(text.substr(start, position - start));
    }
  }
  return result;
}

FUNNELGRAPH_INLINE std::string shown(double value) {
  if (std::isnan(value)) return "unknown";
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), end.ptr};
}

FUNNELGRAPH_INLINE std::string shown_percent(double share) {
  return shown(std::round(share * 1000) / 10) + " %";
}

}  // namespace funnelgraph::inline v0::detail
