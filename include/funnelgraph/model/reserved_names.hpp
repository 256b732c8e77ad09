// Words that results and changes use for something else.
#pragma once

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// No owner, stage, outcome or lever may have one of these names.
inline constexpr const char* reserved_names[] = {"drop_off", "leak", "siblings", "not assigned", "between"};

}  // namespace funnelgraph::inline v0
