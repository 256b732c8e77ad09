// Columns of yes and no. Internal.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph::inline v0::detail {

/// What a column of yes and no says row by row: text (yes, no, true, false, 1, 0, có, không and the like, in
/// upper or lower case) or whole numbers 1 and 0. Throws DataError for another word.
[[nodiscard]] std::vector<std::optional<bool>> read_flags(const fit::Columns& table,
                                                          const std::string& column);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/detail/flags_inl.hpp>
#endif
