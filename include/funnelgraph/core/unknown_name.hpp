// The error for a name that is none of those there are.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <funnelgraph/core/error.hpp>

namespace funnelgraph::inline v0 {

/// With the name of `names` that is nearest to `given`; where none is near, with the names there are
/// ("known: reached, enquiry and more"), as many as are read at a glance. Empty names and repetitions are
/// left out. Cost as `nearest_name`.
[[nodiscard]] UnknownNameError unknown_name(std::string kind, std::string_view given,
                                            std::span<const std::string> names);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/unknown_name_inl.hpp>
#endif
