// Definitions of sweep.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/sweep.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline void check_axis(const SweepAxis& axis) {
  const auto where = [&] { return "grid of " + to_string(axis.parameter); };
  if (axis.values.empty()) throw InvalidValueError(where(), "no values", "at least one");
  for (const double value : axis.values) {
    if (!std::isfinite(value)) throw InvalidValueError(where(), shown(value), "finite numbers");
  }
}

/// How many points the grids make.
[[nodiscard]] inline std::size_t sweep_points(const std::vector<SweepAxis>& axes, bool paired) {
  std::size_t points = axes.front().values.size();
  for (std::size_t k = 1; k < axes.size(); ++k) {
    const std::size_t count = axes[k].values.size();
    if (!paired) {
      points = points > most_sweep_points / count ? most_sweep_points + 1 : points * count;
    } else if (count != points) {
      throw InvalidValueError("paired grid of " + to_string(axes[k].parameter),
                              std::to_string(count) + " values",
                              std::to_string(points) + ", as of " + to_string(axes[0].parameter));
    }
  }
  if (points > most_sweep_points)
    throw InvalidValueError("points of a sweep", "more", "at most " + std::to_string(most_sweep_points));
  return points;
}

/// Each value `inner` times, all of that again and again.
[[nodiscard]] inline std::vector<double> spread(const std::vector<double>& values, std::size_t inner,
                                                std::size_t points) {
  std::vector<double> column(points);
  for (std::size_t k = 0; k < points;) {
    for (const double value : values) {
      std::fill_n(column.begin() + static_cast<std::ptrdiff_t>(k), inner, value);
      k += inner;
    }
  }
  return column;
}

}  // namespace detail

FUNNELGRAPH_INLINE Sweep sweep(const Funnel& base, std::vector<SweepAxis> axes,
                               const std::vector<Metric>& metrics, const SweepOptions& options) {
  if (axes.empty()) throw InvalidValueError("grids", "none", "at least one parameter");
  if (metrics.empty()) throw InvalidValueError("metrics", "none", "at least one");
  for (const SweepAxis& axis : axes) detail::check_axis(axis);
  const std::size_t points = detail::sweep_points(axes, options.paired);
  std::vector<Varied> varied;
  for (const SweepAxis& axis : axes) varied.push_back({axis.parameter, axis.kind, axis.take_from});
  const Variants variants(base, std::move(varied), metrics, options.variants);

  Sweep out;
  std::size_t inner = points;
  for (SweepAxis& axis : axes) {
    if (options.paired || axes.size() == 1) {
      out.parameters.push_back(std::move(axis.values));
      continue;
    }
    inner /= axis.values.size();
    out.parameters.push_back(detail::spread(axis.values, inner, points));
  }
  out.metrics.assign(metrics.size(), std::vector<double>(points, unknown_number));
  out.status.resize(points);
  std::vector<const double*> columns;
  for (const std::vector<double>& column : out.parameters) columns.push_back(column.data());
  std::vector<double*> results;
  for (std::vector<double>& column : out.metrics) results.push_back(column.data());
  std::vector<double> within;
  if (options.variants.feasible) {
    within.resize(points);
    results.push_back(within.data());
  }
  out.counts = variants.run(columns, points, results, out.status, options.execution);
  out.feasible.reserve(within.size());
  for (const double flag : within) out.feasible.push_back(flag == 1);
  return out;
}

}  // namespace funnelgraph::inline v0
