// A metric as a smooth function of several numbers, with its gradient.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/gradient.hpp>
#include <funnelgraph/whatif/patched_chain.hpp>

namespace funnelgraph::inline v0::detail {

/// How the inputs of a chain answer to one number: place and derivative.
using InputDirection = std::vector<std::pair<InputRef, double>>;

/// F(x): the metric with `parameters` set to x. Inputs are affine in x (rows, groups and means are), so the
/// gradient is that of the inputs along constant directions.
class MovedMetric {
 public:
  /// Throws UnknownNameError, InvalidValueError (a metric without gradients), ConflictError.
  MovedMetric(const Funnel& base, const Metric& metric, std::vector<Parameter> parameters,
              std::vector<TakeFrom> take_from, const AnalysisOptions& analysis);

  [[nodiscard]] const std::vector<double>& before() const noexcept { return before_; }
  [[nodiscard]] Scenario scenario(const std::vector<double>& x) const;
  /// NaN where it cannot be.
  [[nodiscard]] double value(const std::vector<double>& x);
  /// At the x of the last `value`; empty where it has none.
  [[nodiscard]] std::vector<double> gradient_there();
  [[nodiscard]] std::size_t evaluations() const noexcept { return evaluations_; }

 private:
  [[nodiscard]] InputDirection direction(std::size_t k);

  std::vector<Parameter> parameters_;
  std::vector<TakeFrom> take_from_;
  CapacityRule rule_;
  PatchedChain patched_;
  Figure figure_;
  std::vector<double> before_;
  std::vector<InputDirection> directions_;
  std::optional<Solution> solution_;
  std::size_t evaluations_ = 0;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/detail/moved_metric_inl.hpp>
#endif
