// Text and numbers as an error message may show them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// Code points of a name that a message shows before it cuts.
inline constexpr std::size_t shown_name_limit = 80;
/// Code points of a sentence that a message shows before it cuts.
inline constexpr std::size_t shown_sentence_limit = 1000;

/// `text` fit for a message: control characters, line separators and marks that change the writing
/// direction are escaped (\n, \t, \u{202E}), bytes that are not UTF-8 become \xNN, and what is longer
/// than `limit` code points is cut and ends with an ellipsis. O(min(length, limit)).
[[nodiscard]] std::string shown(std::string_view text, std::size_t limit = shown_name_limit);

/// The shortest decimal that reads back as `value`; "unknown" for NaN.
[[nodiscard]] std::string shown(double value);

/// A share in percent, to a tenth of one: "12.5 %". Shares are said so, not computed with.
[[nodiscard]] std::string shown_percent(double share);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/shown_inl.hpp>
#endif
