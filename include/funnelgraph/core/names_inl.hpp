#pragma once

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <funnelgraph/core/detail/nfc_tables.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/utf8.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

// Hangul syllables by arithmetic: The Unicode Standard, section 3.12.
inline constexpr char32_t hangul_first = 0xAC00, hangul_count = 11172;
inline constexpr char32_t hangul_lead = 0x1100, hangul_lead_count = 19;
inline constexpr char32_t hangul_vowel = 0x1161, hangul_vowel_count = 21;
inline constexpr char32_t hangul_tail = 0x11A7, hangul_tail_count = 28;

/// Every text of code points below this is in normal form C.
inline constexpr char32_t first_that_may_compose = 0x300;

inline unsigned combining_class(char32_t code) noexcept {
  if (code < first_that_may_compose) return 0;
  const auto* run = std::lower_bound(std::begin(combining_classes), std::end(combining_classes), code,
                                     [](const CombiningClass& r, char32_t c) { return r.last < c; });
  return run != std::end(combining_classes) && run->first <= code ? run->value : 0U;
}

inline void append_decomposed(std::u32string& codes, char32_t code) {
  if (code >= hangul_first && code < hangul_first + hangul_count) {
    const char32_t index = code - hangul_first;
    codes.push_back(hangul_lead + index / (hangul_vowel_count * hangul_tail_count));
    codes.push_back(hangul_vowel + index % (hangul_vowel_count * hangul_tail_count) / hangul_tail_count);
    if (index % hangul_tail_count != 0) codes.push_back(hangul_tail + index % hangul_tail_count);
    return;
  }
  const auto* row = std::lower_bound(std::begin(decompositions), std::end(decompositions), code,
                                     [](const Decomposition& d, char32_t c) { return d.code < c; });
  if (row == std::end(decompositions) || row->code != code) {
    codes.push_back(code);
    return;
  }
  append_decomposed(codes, row->first);
  if (row->second != 0) append_decomposed(codes, row->second);
}

/// The composite of two code points, or 0.
inline char32_t composite(char32_t first, char32_t second) noexcept {
  if (first >= hangul_lead && first < hangul_lead + hangul_lead_count) {
    if (second < hangul_vowel || second >= hangul_vowel + hangul_vowel_count) return 0;
    const char32_t pair = (first - hangul_lead) * hangul_vowel_count + (second - hangul_vowel);
    return hangul_first + pair * hangul_tail_count;
  }
  if (first >= hangul_first && first < hangul_first + hangul_count) {
    const bool open = (first - hangul_first) % hangul_tail_count == 0;
    const bool tail = second > hangul_tail && second < hangul_tail + hangul_tail_count;
    return open && tail ? first + (second - hangul_tail) : 0;
  }
  const auto before = [&](std::uint16_t place, int) {
    const Decomposition& d = decompositions[place];
    return d.first != first ? d.first < first : d.second < second;
  };
  const auto* place = std::lower_bound(std::begin(compositions), std::end(compositions), 0, before);
  if (place == std::end(compositions)) return 0;
  const Decomposition& d = decompositions[*place];
  return d.first == first && d.second == second ? d.code : 0;
}

/// Canonical ordering: marks between two starters stand in the order of their classes, equal ones as before.
inline void order_marks(std::u32string& codes) {
  const auto is_starter = [](char32_t code) { return combining_class(code) == 0; };
  const auto by_class = [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); };
  for (auto at = codes.begin(); at != codes.end();) {
    const auto mark = std::find_if_not(at, codes.end(), is_starter);
    const auto end = std::find_if(mark, codes.end(), is_starter);
    if (!std::is_sorted(mark, end, by_class)) {
      const std::u32string run(mark, end);
      std::vector<std::pair<unsigned, std::size_t>> order;
      for (std::size_t i = 0; i < run.size(); ++i) order.emplace_back(combining_class(run[i]), i);
      std::sort(order.begin(), order.end());
      std::transform(order.begin(), order.end(), mark, [&](const auto& entry) { return run[entry.second]; });
    }
    at = end;
  }
}

/// Canonical composition in place: The Unicode Standard, section 3.11, D117.
inline void compose(std::u32string& codes) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t starter = none;
  std::size_t end = 0;
  unsigned last_class = 0;
  for (const char32_t code : codes) {
    const unsigned own_class = combining_class(code);
    const bool adjacent = starter != none && end == starter + 1;
    const bool blocked = !adjacent && last_class >= own_class;
    if (starter != none && !blocked) {
      if (const char32_t joined = composite(codes[starter], code); joined != 0) {
        codes[starter] = joined;
        continue;
      }
    }
    if (own_class == 0) starter = end;
    last_class = own_class;
    codes[end++] = code;
  }
  codes.resize(end);
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string normalise_name(std::string_view text) {
  char32_t highest = 0;
  for (std::size_t position = 0; position < text.size();) {
    const char32_t code = detail::decode_utf8(text, position);
    if (code == detail::not_utf8) throw InvalidValueError("name", std::string(text), "UTF-8 text");
    if (code < 0x20 || (code >= 0x7F && code <= 0x9F)) {
      throw InvalidValueError("name", std::string(text), "text without control characters");
    }
    highest = std::max(highest, code);
  }
  if (highest < detail::first_that_may_compose) return std::string(text);
  std::u32string codes;
  codes.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    detail::append_decomposed(codes, detail::decode_utf8(text, position));
  }
  detail::order_marks(codes);
  detail::compose(codes);
  std::string result;
  result.reserve(text.size());
  for (const char32_t code : codes) detail::append_utf8(result, code);
  return result;
}

FUNNELGRAPH_INLINE bool is_utf8(std::string_view text) noexcept {
  for (std::size_t position = 0; position < text.size();) {
    if (detail::decode_utf8(text, position) == detail::not_utf8) return false;
  }
  return true;
}

}  // namespace funnelgraph::inline v0
