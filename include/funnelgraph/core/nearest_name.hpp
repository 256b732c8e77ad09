// The existing name closest to a mistyped one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// The candidate with the least optimal-string-alignment distance over code points, case folded for
/// ASCII, when it is at most a third of the longer name (and at least 1 is allowed); else empty.
/// Ties go to the first. Cost O(candidates * |given| * |candidate|).
[[nodiscard]] std::string nearest_name(std::string_view given, std::span<const std::string> candidates);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/nearest_name_inl.hpp>
#endif
