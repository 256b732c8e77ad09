// The middle of some numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// The middle of the values, the mean of the two middle ones; NaN without any. Reorders them. O(n).
[[nodiscard]] inline double median_of(std::vector<double>& values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

}  // namespace funnelgraph::inline v0::detail
