// Definitions of evaluate.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/economics.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Values of one metric tree over one solved funnel; the analysis against the reference is made once
/// and only when asked for.
class Evaluation {
 public:
  Evaluation(const Funnel& funnel, const AnalysisOptions& options)
      : funnel_(funnel), options_(options), compiled_(compile_for(funnel, options)), plan_(compiled_.chain) {}

  [[nodiscard]] double value(const Metric& metric) {
    switch (metric.kind()) {
      case MetricKind::recoverable:
        return recovered(metric.name());
      case MetricKind::ratio: {
        const double below = value(metric.parts()[1]);
        return below == 0 ? unknown_number : value(metric.parts()[0]) / below;
      }
      case MetricKind::sum: {
        double sum = 0;
        for (std::size_t k = 0; k < metric.parts().size(); ++k)
          sum += metric.weights()[k] * value(metric.parts()[k]);
        return sum;
      }
      default:
        if (!solution_) solution_ = solve_named(compiled_, plan_, options_.capacity);
        return checked(metric, figure_value(compiled_.chain, plan_, *solution_, figure_of(funnel_, metric)));
    }
  }

 private:
  /// Refuses money that is absent because a value was never given.
  [[nodiscard]] double checked(const Metric& metric, double value) const {
    const MetricKind kind = metric.kind();
    const bool money = kind == MetricKind::revenue || kind == MetricKind::profit ||
                       kind == MetricKind::lifetime_value || kind == MetricKind::cost ||
                       kind == MetricKind::cost_per;
    if (!money || !std::isnan(value)) return value;
    for (const std::uint32_t o :
         reached_unknown_values(compiled_.chain, exit_counts(compiled_.chain, solution_->flow)))
      throw InvalidValueError("value(" + shown(compiled_.labels.outcomes[o]) + ")", "unknown",
                              "a number, to speak of " + to_string(metric));
    return value;
  }

  double recovered(const std::string& owner) {
    if (!options_.reference) return unknown_number;
    if (!analysis_) analysis_ = analyze(funnel_, options_);
    bool known = false;
    double sum = 0;
    for (const OwnerRow& row : analysis_->owners) {
      if (!owner.empty() && row.owner != owner) continue;
      if (row.recoverable != row.recoverable) continue;
      known = true;
      sum += row.recoverable;
    }
    return known ? sum : unknown_number;
  }

  const Funnel& funnel_;
  const AnalysisOptions& options_;
  Compiled compiled_;
  Elimination plan_;
  std::optional<Solution> solution_;
  std::optional<Analysis> analysis_;
};

FUNNELGRAPH_INLINE void check_names(const Funnel& funnel, const Metric& metric) {
  if (metric.kind() == MetricKind::recoverable) {
    if (!metric.name().empty()) (void)funnel.owner(metric.name());
    return;
  }
  if (metric.kind() == MetricKind::ratio || metric.kind() == MetricKind::sum) {
    for (const Metric& part : metric.parts()) check_names(funnel, part);
    return;
  }
  (void)figure_of(funnel, metric);
}

}  // namespace detail

FUNNELGRAPH_INLINE double evaluate(const Funnel& funnel, const Metric& metric,
                                   const AnalysisOptions& options) {
  detail::check_names(funnel, metric);
  return detail::Evaluation(funnel, options).value(metric);
}

}  // namespace funnelgraph::inline v0
