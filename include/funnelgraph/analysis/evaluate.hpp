// One metric of one funnel.
#pragma once

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/model/metric.hpp>

namespace funnelgraph::inline v0 {

/// The value of a metric. Throws as `analyze`; UnknownNameError for names the funnel lacks; InvalidValueError
/// for money that counts an outcome of unknown value: it is never 0.
[[nodiscard]] double evaluate(const Funnel& funnel, const Metric& metric,
                              const AnalysisOptions& options = {});

namespace detail {
/// Throws UnknownNameError for any name in the tree that the funnel lacks.
void check_names(const Funnel& funnel, const Metric& metric);
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/evaluate_inl.hpp>
#endif
