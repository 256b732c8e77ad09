// Metrics over a grid of one or more numbers.
#pragma once

#include <cstddef>
#include <vector>

#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/scenario/row_change.hpp>
#include <funnelgraph/scenario/take_from.hpp>
#include <funnelgraph/whatif/variants.hpp>

namespace funnelgraph::inline v0 {

/// One number and the values that it takes: new numbers, or factors, summands, factors of its odds.
struct SweepAxis {
  Parameter parameter;
  std::vector<double> values;
  ChangeKind kind = ChangeKind::set;
  TakeFrom take_from{};  ///< of a rate or a drop-off
};

struct SweepOptions {
  /// The k-th point takes the k-th value of every axis, all of one length; else every combination.
  bool paired = false;
  VariantOptions variants{};
  Execution execution{};
};

/// Points that one sweep may have: a table of them is held in memory.
inline constexpr std::size_t most_sweep_points = 200'000'000;

struct Sweep {
  std::vector<std::vector<double>> parameters;  ///< by axis, then point: the axis' value
  std::vector<std::vector<double>> metrics;  ///< by metric, then point; NaN unless the point is ok or fitted
  std::vector<VariantStatus> status;         ///< by point
  std::vector<bool> feasible;                ///< by point; empty unless asked for
  VariantCounts counts;                      ///< after a stop `done` is less than the points
};

/// Every combination of the values, the last axis fastest; runs in lanes through `Variants`. A point that
/// cannot be is no error: its status says so. Throws InvalidValueError for no axis, no metric, an empty grid,
/// a value that is not finite, paired grids of different lengths, too many points; and as `Variants`.
[[nodiscard]] Sweep sweep(const Funnel& base, std::vector<SweepAxis> axes, const std::vector<Metric>& metrics,
                          const SweepOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/sweep_inl.hpp>
#endif
