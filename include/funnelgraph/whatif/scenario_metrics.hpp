// Metrics of one funnel under many scenarios.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <vector>

#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/whatif/patched_chain.hpp>

namespace funnelgraph::inline v0 {

/// What a funnel under a scenario comes to.
struct Measured {
  std::vector<double> values;    ///< by metric; NaN where it needs an unknown number
  bool feasible = true;          ///< no stage above its capacity
  std::vector<Clipped> notes{};  ///< changes that got less than they asked for
};

/// `evaluate(apply(base, scenario), metric)` for one scenario after another, to the same bits: a scenario
/// that changes numbers only overwrites the inputs of the base's chain and solves on its elimination
/// (PatchedChain), others go through `apply`, as do metrics with `recoverable`. A metric that names a part
/// which only some of the funnels have is NaN for the others. Not safe from several threads at once; `base`
/// must outlive it and stay as it is.
class ScenarioMetrics {
 public:
  /// Throws InvalidFunnelError, InvalidValueError (options, no metric).
  ScenarioMetrics(const Funnel& base, std::vector<Metric> metrics, AnalysisOptions analysis = {},
                  ApplyOptions applying = {});

  [[nodiscard]] const std::vector<Metric>& metrics() const noexcept { return metrics_; }
  /// Throws as `apply` and as `evaluate`, except for names. O(solve) and what the metrics need.
  [[nodiscard]] Measured measure(const Scenario& scenario);
  /// Throws UnknownNameError for a name in the metrics that no funnel had so far.
  void require_known() const;
  /// Throws UnknownNameError for a name in the metrics that the base lacks.
  void require_in_base() const;

 private:
  struct Looked {
    std::optional<Figure> figure;
    std::exception_ptr unknown;
    bool has_recoverable = false;
  };
  [[nodiscard]] static Looked look(const Funnel& funnel, const Metric& metric);
  [[nodiscard]] Measured measure_applied(const Scenario& scenario);

  std::reference_wrapper<const Funnel> base_;
  std::vector<Metric> metrics_;
  AnalysisOptions analysis_;
  ApplyOptions applying_;
  PatchedChain patched_;
  std::vector<Looked> looked_;
  std::vector<bool> known_;
  bool any_recoverable_ = false;
  bool has_unknown_value_ = false;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/scenario_metrics_inl.hpp>
#endif
