// Names are compared in Unicode normal form C.
#pragma once

#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// `text` in Unicode normalisation form C. Throws InvalidValueError on bytes that are not UTF-8 or on
/// control characters. ASCII text is returned as it is, in O(length).
[[nodiscard]] std::string normalise_name(std::string_view text);

/// Whether `text` is valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/names_inl.hpp>
#endif
