#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include <boost/random/sobol.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/sobol_estimates.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Dimensions that Boost.Random has directions for.
inline constexpr std::size_t sobol_dimensions = 3667;

inline void check_points(std::size_t points) {
  if (points < 2 || !std::has_single_bit(points)) {
    throw InvalidValueError("n of sobol", std::to_string(points), "a power of two, at least 2");
  }
}

/// Sums over points from which indices follow; a resample weighs points by how often they are drawn.
class SobolSums {
 public:
  explicit SobolSums(std::size_t inputs) : first_(inputs, 0.0), total_(inputs, 0.0) {}

  void add(double a, double b, std::span<const double> mixed, double weight) {
    for (std::size_t i = 0; i < mixed.size(); ++i) {
      first_[i] += weight * b * (mixed[i] - a);
      total_[i] += weight * (a - mixed[i]) * (a - mixed[i]);
    }
    sum_ += weight * (a + b);
    squares_ += weight * (a * a + b * b);
    count_ += weight;
  }
  [[nodiscard]] double first(std::size_t i) const { return first_[i] / count_ / variance(); }
  [[nodiscard]] double total(std::size_t i) const { return total_[i] / (2 * count_) / variance(); }

 private:
  [[nodiscard]] double variance() const {
    const double mean = sum_ / (2 * count_);
    const double variance = squares_ / (2 * count_) - mean * mean;
    return variance > 0 ? variance : std::numeric_limits<double>::quiet_NaN();
  }
  std::vector<double> first_, total_;
  double sum_ = 0, squares_ = 0, count_ = 0;
};

/// Mean and squared deviations, one value at a time (Welford).
class RunningSpread {
 public:
  void add(double value) noexcept {
    count_ += 1;
    const double step = value - mean_;
    mean_ += step / count_;
    squares_ += step * (value - mean_);
  }
  [[nodiscard]] double sd() const noexcept { return std::sqrt(squares_ / (count_ - 1)); }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<SobolIndices> sobol_estimates(const SobolSample& sample,
                                                             const ResampleOptions& options) {
  const std::size_t n = sample.a.size();
  const std::size_t inputs = sample.mixed.size();
  const bool same = sample.b.size() == n && std::all_of(sample.mixed.begin(), sample.mixed.end(),
                                                        [&](const auto& mixed) { return mixed.size() == n; });
  if (!same || n < 2)
    throw InvalidValueError("samples of sobol", "of different sizes, or fewer than 2 points",
                            "samples of one size, at least 2");
  if (!(options.level > 0 && options.level < 1)) {
    throw InvalidValueError("level of sobol", detail::shown(options.level), "(0, 1)");
  }
  // Point by point: a, b, then each mixed value, centred; points with a NaN are left out.
  const std::size_t width = inputs + 2;
  std::vector<double> values;
  double sum = 0;
  for (std::size_t v = 0; v < n; ++v) {
    const std::size_t start = values.size();
    values.push_back(sample.a[v]);
    values.push_back(sample.b[v]);
    for (const auto& mixed : sample.mixed) values.push_back(mixed[v]);
    double here = 0;
    for (std::size_t i = start; i < values.size(); ++i) here += values[i];
    if (std::isnan(here)) {
      values.resize(start);
    } else {
      sum += here;
    }
  }
  const std::size_t kept = values.size() / width;
  const double centre = sum / static_cast<double>(values.size());
  for (double& value : values) value -= centre;
  const auto add = [&](detail::SobolSums& sums, std::size_t point, double weight) {
    const std::span<const double> row{values.data() + point * width, width};
    sums.add(row[0], row[1], row.subspan(2), weight);
  };
  detail::SobolSums all(inputs);
  for (std::size_t point = 0; point < kept; ++point) add(all, point, 1);

  std::vector<detail::SobolSums> resampled(kept > 0 ? options.resamples : 0, detail::SobolSums(inputs));
  const std::size_t made = parallel_for(
      resampled.size(), 1,
      [&](std::size_t r, std::size_t, std::size_t) {
        RandomStream random(options.seed, r, "bootstrap of sobol");
        std::vector<std::uint32_t> times(kept, 0U);
        for (std::size_t point = 0; point < kept; ++point) {
          ++times[std::min(kept - 1, static_cast<std::size_t>(random.uniform() * static_cast<double>(kept)))];
        }
        for (std::size_t point = 0; point < kept; ++point) {
          if (times[point] != 0) add(resampled[r], point, times[point]);
        }
      },
      options.execution);
  std::vector<detail::RunningSpread> first(inputs), total(inputs);
  for (std::size_t r = 0; r < made; ++r) {
    for (std::size_t i = 0; i < inputs; ++i) {
      first[i].add(resampled[r].first(i));
      total[i].add(resampled[r].total(i));
    }
  }
  const double score = detail::central_score(options.level);
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto estimate = [&](double value, const detail::RunningSpread& spread) -> SobolEstimate {
    const double half = made > 1 ? score * spread.sd() : nan;
    return {value, value - half, value + half};
  };
  std::vector<SobolIndices> indices;
  for (std::size_t i = 0; i < inputs; ++i) {
    indices.push_back({estimate(all.first(i), first[i]), estimate(all.total(i), total[i])});
  }
  return indices;
}

FUNNELGRAPH_INLINE SobolPoints::SobolPoints(std::size_t dimensions, std::uint64_t seed) {
  if (dimensions == 0 || dimensions > detail::sobol_dimensions) {
    throw InvalidValueError("dimensions of Sobol points", std::to_string(dimensions),
                            "1 to " + std::to_string(detail::sobol_dimensions));
  }
  for (std::size_t d = 0; d < dimensions; ++d) {
    shifts_.push_back(RandomStream(seed, d, "shift of Sobol points")());
  }
}

FUNNELGRAPH_INLINE void SobolPoints::fill(std::size_t first, std::size_t count,
                                          std::span<double* const> columns) const {
  // Boost's sequence leaves out the origin, which is point 0 here.
  boost::random::sobol_engine<std::uint64_t, 64> engine(shifts_.size());
  if (first > 1) engine.discard((first - 1) * shifts_.size());
  for (std::size_t v = 0; v < count; ++v) {
    for (std::size_t d = 0; d < shifts_.size(); ++d) {
      const std::uint64_t bits = first + v == 0 ? 0 : engine();
      columns[d][v] = open_uniform(bits ^ shifts_[d]);
    }
  }
}

FUNNELGRAPH_INLINE std::vector<SobolIndices> sobol_indices(
    const std::function<double(std::span<const double>)>& function, std::size_t dimensions,
    std::size_t points, const ResampleOptions& options) {
  detail::check_points(points);
  const SobolPoints cube(2 * dimensions, options.seed);
  std::vector<double> room(2 * dimensions * points);
  std::vector<double*> columns;
  for (std::size_t d = 0; d < 2 * dimensions; ++d) columns.push_back(room.data() + d * points);
  cube.fill(0, points, columns);
  std::vector<std::vector<double>> values(dimensions + 2, std::vector<double>(points));
  std::vector<double> at(dimensions);
  for (std::size_t v = 0; v < points; ++v) {
    for (std::size_t k = 0; k < dimensions + 2; ++k) {
      for (std::size_t d = 0; d < dimensions; ++d) {
        const bool from_b = k == 1 || k == d + 2;
        at[d] = columns[from_b ? dimensions + d : d][v];
      }
      values[k][v] = function(at);
    }
  }
  SobolSample sample{values[0], values[1], {}};
  for (std::size_t d = 0; d < dimensions; ++d) sample.mixed.emplace_back(values[d + 2]);
  return sobol_estimates(sample, options);
}

}  // namespace funnelgraph::inline v0
