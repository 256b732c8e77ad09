// Which uncertain number of a funnel makes a metric uncertain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/whatif/sobol_estimates.hpp>
#include <funnelgraph/whatif/uncertainty.hpp>

namespace funnelgraph::inline v0 {

struct SobolOptions {
  std::vector<Metric> metrics{};
  std::size_t points = 1024;    ///< a power of two; points * (numbers + 2) variants are evaluated
  std::size_t resamples = 200;  ///< for the intervals
  double level = 0.95;          ///< of the intervals
  std::uint64_t seed = 0;
  AnalysisOptions analysis{};
  Execution execution{};
};

/// A number, or a row that is drawn as a whole ("row(enquiry)"), and a metric.
struct SobolRow {
  Metric metric;
  std::string parameter;
  SobolIndices indices;
};

struct Sobol {
  std::size_t points = 0;      ///< done: fewer after a stop
  std::vector<SobolRow> rows;  ///< by metric, the largest total index first
  std::vector<std::string> notes;
};

/// First and total indices of every uncertain number for every metric, by Saltelli's scheme on Sobol's
/// sequence. The numbers must be independent: InvalidValueError where there are correlations; else as
/// `monte_carlo`. Points where a metric has no number are left out and counted in the notes.
[[nodiscard]] Sobol sobol(const Funnel& funnel, const Uncertainty& uncertainty, const SobolOptions& options);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/sobol_inl.hpp>
#endif
