// What a column of draws says: mean, spread, quantiles, each with its standard error.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

struct QuantileEstimate {
  double probability = 0;
  double value = 0;
  double standard_error = 0;
};

/// A share of draws.
struct ShareEstimate {
  double value = 0;
  double standard_error = 0;
};

struct DrawSummary {
  std::size_t count = 0;  ///< draws that have a number; the others are left out of everything here
  double mean = 0;
  double sd = 0;              ///< n - 1 in the denominator; NaN for fewer than two draws
  double standard_error = 0;  ///< of the mean: sd / sqrt(count)
  std::vector<QuantileEstimate> quantiles;
};

/// Summary of the draws that are not NaN. Quantiles are linear between order statistics (Hyndman and Fan's
/// type 7, as NumPy's); their standard error is half the distance between the quantiles at
/// p - s and p + s, s = sqrt(p (1 - p) / count), each clamped to [0, 1]. Everything NaN where there is no
/// draw. Throws InvalidValueError unless every probability is in (0, 1). O(count * log(probabilities)).
[[nodiscard]] DrawSummary summary_of(std::span<const double> draws, std::span<const double> probabilities);

/// `hits` of `count` draws, with a standard error that is never 0: Agresti and Coull's (1998), that of
/// (hits + 2) / (count + 4). NaN without draws.
[[nodiscard]] ShareEstimate share_of(std::size_t hits, std::size_t count) noexcept;

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/draw_summary_inl.hpp>
#endif
