// Where a function of one number meets a target.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

struct Crossing {
  bool found = false;
  double at = 0;          ///< of several, the one nearest to `near`
  double value = 0;       ///< of the function there
  std::size_t count = 0;  ///< how often the points show the function meeting the target
  std::size_t evaluations = 0;
  double low = 0, high = 0;  ///< what the function was seen to reach; NaN where it had no value
};

/// Evaluates the function at every point (ascending), looks for neighbours between which it meets the target,
/// and closes in on the pair nearest to `near` (Alefeld, Potra, Shi 1995, Algorithm 748). Where none does,
/// the highest and the lowest point are refined by Brent's parabolic search, since the function may meet the
/// target between two points. NaN stands for no value. What happens twice between two points stays unseen.
[[nodiscard]] Crossing find_crossing(const std::function<double(double)>& function, double target,
                                     const std::vector<double>& points, double near);

/// Points to look at between `low` and `high`, `start` among them: 64 equal steps between finite ends, else
/// doublings of the distance from `start` (from 2^-20 to 2^40 times its size, or times 1 where it is 0).
[[nodiscard]] std::vector<double> scan_points(double low, double high, double start);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/detail/crossing_inl.hpp>
#endif
