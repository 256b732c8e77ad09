// Splitting the text of a path into touches. Internal.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0::detail {

/// Splits at a separator and takes the blanks around touches away.
class PathScanner {
 public:
  /// Throws InvalidValueError when the separator is empty.
  explicit PathScanner(std::string_view separator) : core_(trimmed(separator)) {
    if (separator.empty())
      throw InvalidValueError("attribute_channels(separator=)", "nothing",
                              "text that stands between touches");
    if (core_.empty()) {
      core_ = separator;
      blanks_matter_ = true;
    }
  }

  [[nodiscard]] const std::string& core() const noexcept { return core_; }
  [[nodiscard]] bool contains_separator(std::string_view text) const {
    return text.find(core_) != std::string_view::npos;
  }

  /// Calls touch(name) for each touch of `text`, in order; a name may be empty.
  template <class Touch>
  void split(std::string_view text, const Touch& touch) const {
    const char* from = text.data();
    const char* const end = from + text.size();
    for (;;) {
      const char* at = core_.size() == 1 ? find(from, end) : find_long(from, end);
      if (blanks_matter_) {
        touch(std::string_view(from, static_cast<std::size_t>(at - from)));
      } else {
        touch(trimmed(std::string_view(from, static_cast<std::size_t>(at - from))));
      }
      if (at == end) return;
      from = at + core_.size();
    }
  }

 private:
  static std::string_view trimmed(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
  }
  /// The first separator of one byte, or the end: eight bytes at a step.
  const char* find(const char* from, const char* end) const noexcept {
    const char wanted = core_.front();
    if constexpr (std::endian::native == std::endian::little) {
      constexpr std::uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
      const std::uint64_t pattern = ones * static_cast<unsigned char>(wanted);
      for (; end - from >= 8; from += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, from, 8);
        word ^= pattern;
        const std::uint64_t zero = (word - ones) & ~word & tops;  // the lowest bit set is right
        if (zero != 0) return from + std::countr_zero(zero) / 8;
      }
    }
    while (from != end && *from != wanted) ++from;
    return from;
  }
  const char* find_long(const char* from, const char* end) const noexcept {
    const std::string_view rest(from, static_cast<std::size_t>(end - from));
    const std::size_t at = rest.find(core_);
    return at == std::string_view::npos ? end : from + at;
  }

  std::string core_;
  bool blanks_matter_ = false;
};

/// A separator that another tool uses, where `text` has one; else empty.
[[nodiscard]] inline std::string_view other_separator(std::string_view text) noexcept {
  constexpr std::array<std::string_view, 7> known = {"\xE2\x86\x92", "=>", "->", ">", "|", ";", ","};
  for (const std::string_view separator : known) {
    if (text.find(separator) != std::string_view::npos) return separator;
  }
  return {};
}

}  // namespace funnelgraph::inline v0::detail
