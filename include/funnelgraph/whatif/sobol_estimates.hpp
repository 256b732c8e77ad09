// How much of a result's variance each of its inputs explains: estimators, whatever the function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/core/parallel.hpp>

namespace funnelgraph::inline v0 {

/// An estimate with its interval from resampling.
struct SobolEstimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// Of one input. `first`: the share of the variance that goes away on average once it is known; `total`: the
/// share that stays when all others are known. total - first is what it does together with others.
struct SobolIndices {
  SobolEstimate first;
  SobolEstimate total;
};

/// Values of a function on two samples A and B of the same size and, for each input, on A with that input
/// from B (Saltelli 2002).
struct SobolSample {
  std::span<const double> a;
  std::span<const double> b;
  std::vector<std::span<const double>> mixed;
};

struct ResampleOptions {
  std::size_t resamples = 200;  ///< 0: no interval (NaN)
  double level = 0.95;          ///< in (0, 1)
  std::uint64_t seed = 0;
  Execution execution{};  ///< over resamples; a stop leaves the interval to those that were made
};

/// First indices by Saltelli et al. (2010), mean(b (mixed - a)) / variance, total ones by Jansen (1999),
/// mean((a - mixed)^2) / (2 variance), values centred by their mean over all samples, the variance that of a
/// and b together; points where any value is NaN are left out. The interval is value +- z times the standard
/// deviation over bootstrap samples of the points. NaN where nothing varies. Throws InvalidValueError where
/// the samples differ in size or have fewer than 2 points, and for a level outside (0, 1).
/// O(points * inputs * resamples).
[[nodiscard]] std::vector<SobolIndices> sobol_estimates(const SobolSample& sample,
                                                        const ResampleOptions& options = {});

/// Points of the unit cube: Sobol's sequence (directions of Joe and Kuo 2008), moved by a random digital
/// shift that `seed` gives, so that no coordinate is 0 or 1 and means are unbiased. The same point whatever
/// else is asked for.
class SobolPoints {
 public:
  /// Throws InvalidValueError unless 1 <= dimensions <= 3667.
  SobolPoints(std::size_t dimensions, std::uint64_t seed);
  /// `columns[d][v]` receives coordinate d of point first + v.
  void fill(std::size_t first, std::size_t count, std::span<double* const> columns) const;

 private:
  std::vector<std::uint64_t> shifts_;
};

/// Indices of `function` of `dimensions` independent uniform inputs, from `points` (a power of two)
/// times (dimensions + 2) calls, each with one coordinate a dimension. Throws as the parts above.
[[nodiscard]] std::vector<SobolIndices> sobol_indices(
    const std::function<double(std::span<const double>)>& function, std::size_t dimensions,
    std::size_t points, const ResampleOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/sobol_estimates_inl.hpp>
#endif
