// The quality of advice, from a sample of recorded consultations.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Fewest scored consultations for an interval.
inline constexpr std::size_t least_consultations = 5;

struct AdviceQuality {
  double mean = 0;
  double low = 0, high = 0;  ///< 95 % by Student's t, for the finite stock where it is known; NaN below 5
  std::size_t scored = 0;
};

/// The mean of the scores of a random sample, each in [lowest, highest], out of `stock` recorded
/// consultations (0 = unknown). Of advice, never of a person. Throws InvalidValueError (no scores, one
/// out of range or NaN, fewer recorded than scored). O(scores).
[[nodiscard]] AdviceQuality advice_quality(std::span<const double> scores, std::size_t stock = 0,
                                           double lowest = 0, double highest = 100);

/// The positions of a random sample of `wanted` out of `stock` recordings, ascending, the same for a seed on
/// every machine: which ones to listen to. Throws InvalidValueError where wanted > stock. O(stock).
[[nodiscard]] std::vector<std::size_t> sample_recordings(std::size_t stock, std::size_t wanted,
                                                         std::uint64_t seed);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/advice_quality_inl.hpp>
#endif
