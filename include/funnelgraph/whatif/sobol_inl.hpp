#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/whatif/detail/drawn_scenario_inl.hpp>
#include <funnelgraph/whatif/sobol.hpp>
#include <funnelgraph/whatif/sobol_estimates_inl.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Points of one chunk.
inline constexpr std::size_t points_of_chunk = 256;

/// Columns of draws that are known together, and what they are called.
struct SobolFactor {
  std::string name;
  std::size_t begin = 0, end = 0;
};

[[nodiscard]] inline std::vector<SobolFactor> factors_of(const Uncertainty& uncertainty) {
  std::vector<SobolFactor> factors;
  std::size_t column = 0;
  for (const Drawn& drawn : uncertainty.numbers) {
    factors.push_back({to_string(drawn.parameter), column, column + 1});
    ++column;
  }
  for (const DrawnRow& row : uncertainty.rows) {
    factors.push_back({"row(" + row.stage + ")", column, column + row.exits.size() - 1});
    column = factors.back().end;
  }
  return factors;
}

/// A block of numbers in columns.
class ColumnBlock {
 public:
  ColumnBlock(std::size_t columns, std::size_t rows) : room_(columns * rows) {
    for (std::size_t c = 0; c < columns; ++c) columns_.push_back(room_.data() + c * rows);
  }
  [[nodiscard]] std::span<double* const> columns() const noexcept { return columns_; }
  [[nodiscard]] std::vector<const double*> read() const { return {columns_.begin(), columns_.end()}; }

 private:
  std::vector<double> room_;
  std::vector<double*> columns_;
};

}  // namespace detail

FUNNELGRAPH_INLINE Sobol sobol(const Funnel& funnel, const Uncertainty& uncertainty,
                               const SobolOptions& options) {
  detail::check_points(options.points);
  if (options.metrics.empty()) throw InvalidValueError("metrics of sobol", "none", "at least one");
  if (uncertainty.empty()) {
    throw InvalidValueError("parameters of sobol", "nothing", "at least one number or row that is drawn");
  }
  if (!uncertainty.correlations.empty()) {
    throw InvalidValueError("correlations of sobol", std::to_string(uncertainty.correlations.size()),
                            "none: the indices are of independent numbers");
  }
  if (!(options.level > 0 && options.level < 1)) {
    throw InvalidValueError("level of sobol", detail::shown(options.level), "(0, 1)");
  }
  const Draws draws(funnel, uncertainty, options.seed);
  const detail::DrawnScenario base(funnel, Scenario("base"), draws.columns(), options.metrics,
                                   options.analysis);
  const std::vector<detail::SobolFactor> factors = detail::factors_of(uncertainty);
  const std::size_t dimensions = draws.dimensions();
  const SobolPoints cube(2 * dimensions, options.seed);
  const std::size_t metrics = options.metrics.size();
  const std::size_t sets = factors.size() + 2;
  // Sample a, sample b, then a with one factor from b after another; in each the metrics.
  std::vector<std::vector<double>> values(sets * metrics, std::vector<double>(options.points));

  Sobol result;
  result.points = parallel_for(
      options.points, detail::points_of_chunk,
      [&](std::size_t first, std::size_t last, std::size_t) {
        const std::size_t count = last - first;
        const detail::ColumnBlock points(2 * dimensions, count);
        const detail::ColumnBlock a(draws.columns().size(), count);
        const detail::ColumnBlock b(draws.columns().size(), count);
        cube.fill(first, count, points.columns());
        const std::vector<const double*> uniforms = points.read();
        draws.fill_from(std::span(uniforms).first(dimensions), count, a.columns());
        draws.fill_from(std::span(uniforms).subspan(dimensions), count, b.columns());
        const std::vector<const double*> from_a = a.read();
        const std::vector<const double*> from_b = b.read();
        std::vector<VariantStatus> status(count);
        const auto run = [&](std::size_t set, const std::vector<const double*>& columns) {
          std::vector<double*> out;
          for (std::size_t m = 0; m < metrics; ++m) out.push_back(values[set * metrics + m].data() + first);
          base.run(columns, count, out, status);
        };
        run(0, from_a);
        run(1, from_b);
        for (std::size_t f = 0; f < factors.size(); ++f) {
          std::vector<const double*> mixed = from_a;
          std::copy(from_b.begin() + static_cast<std::ptrdiff_t>(factors[f].begin),
                    from_b.begin() + static_cast<std::ptrdiff_t>(factors[f].end),
                    mixed.begin() + static_cast<std::ptrdiff_t>(factors[f].begin));
          run(f + 2, mixed);
        }
      },
      options.execution);
  if (result.points < 2) return result;

  // Resampling goes on being heard and reported as "all points done".
  Execution afterwards = options.execution;
  if (options.execution.progress) {
    afterwards.progress = [&](std::size_t, std::size_t) {
      options.execution.progress(result.points, options.points);
    };
  }

  for (std::size_t m = 0; m < metrics; ++m) {
    const auto sample_of = [&](std::size_t set) {
      return std::span<const double>(values[set * metrics + m]).first(result.points);
    };
    SobolSample sample{sample_of(0), sample_of(1), {}};
    for (std::size_t f = 0; f < factors.size(); ++f) sample.mixed.push_back(sample_of(f + 2));
    std::size_t missing = 0;
    for (std::size_t v = 0; v < result.points; ++v) {
      bool known = true;
      for (std::size_t set = 0; set < sets; ++set) known = known && !std::isnan(sample_of(set)[v]);
      missing += known ? 0 : 1;
    }
    if (missing > 0) {
      result.notes.push_back(to_string(options.metrics[m]) + ": " + std::to_string(missing) + " of " +
                             std::to_string(result.points) + " points have no number and are left out");
    }
    const std::vector<SobolIndices> indices = sobol_estimates(sample, {.resamples = options.resamples,
                                                                       .level = options.level,
                                                                       .seed = options.seed,
                                                                       .execution = afterwards});
    const std::size_t begin = result.rows.size();
    for (std::size_t f = 0; f < factors.size(); ++f) {
      result.rows.push_back({options.metrics[m], factors[f].name, indices[f]});
    }
    std::stable_sort(
        result.rows.begin() + static_cast<std::ptrdiff_t>(begin), result.rows.end(),
        [](const SobolRow& x, const SobolRow& y) { return x.indices.total.value > y.indices.total.value; });
  }
  return result;
}

}  // namespace funnelgraph::inline v0
