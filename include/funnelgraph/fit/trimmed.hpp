// Spaces around a cell of text. Internal.
#pragma once

#include <cstddef>
#include <string_view>

#include <funnelgraph/core/utf8.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// A space between groups of digits or around a cell: ASCII, no-break, thin, narrow no-break.
inline bool is_space_code(char32_t code) noexcept {
  return code == U' ' || code == U'\t' || code == 0xA0 || code == 0x2009 || code == 0x202F;
}

/// `cell` without the spaces around it.
inline std::string_view trimmed(std::string_view cell) noexcept {
  std::size_t begin = cell.size(), end = 0;
  for (std::size_t position = 0; position < cell.size();) {
    const std::size_t start = position;
    if (is_space_code(funnelgraph::detail::decode_utf8(cell, position))) continue;
    if (begin == cell.size()) begin = start;
    end = position;
  }
  return begin < end ? cell.substr(begin, end - begin) : std::string_view{};
}

}  // namespace funnelgraph::inline v0::fit::detail
