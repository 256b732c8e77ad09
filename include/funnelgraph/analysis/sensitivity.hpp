// What a metric owes to every number of a funnel.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/model/number.hpp>
#include <funnelgraph/model/parameter.hpp>

namespace funnelgraph::inline v0 {

/// Gradient of the metric by one parameter. A rate's is along its default counterpart: what it gains
/// the leak loses in proportion (a drop-off's: its siblings), or `take_from`.
struct Gradient {
  Parameter parameter;
  double value = 0;
  double gradient = 0;
  double elasticity = 0;
};

struct GradientOptions {
  AnalysisOptions analysis{};
  /// Of a rate: "leak", "siblings", "drop_off" or a target of the same stage.
  std::string take_from = "leak";
};

/// Gradient by one parameter, groups included. Throws UnknownNameError, InvalidValueError as `gradients`.
[[nodiscard]] Gradient gradient_by(const Funnel& funnel, const Metric& metric, const Parameter& parameter,
                                   const GradientOptions& options = {});

/// What rates take from, for all of them and for single ones.
struct SensitivityOptions {
  AnalysisOptions analysis{};
  /// Of every rate that `take_from_of` does not name: "leak", "siblings" or "drop_off".
  std::string take_from = "leak";
  /// Of single rates: the same, or a target of the same stage.
  std::map<Parameter, std::string> take_from_of{};
};

/// Exact gradients by every leaf parameter and every volume group, from two solves per linear part of
/// the metric. A lag's mean moves at the same coefficient of variation; lag sds, lever values,
/// elasticities and the discount rate are included. NaN where the metric depends on an unknown number.
/// A rate whose leak is empty takes from the drop-off. Service levels and, unless full stages shed,
/// capacities owe nothing. Where full stages shed, derivatives are central differences (about 1e-8).
/// Metrics: all but `recoverable` and a `lifetime_value` with a horizon (InvalidValueError).
/// A counterpart for what is no rate of the funnel throws as well.
[[nodiscard]] std::vector<Gradient> gradients(const Funnel& funnel, const Metric& metric,
                                              const AnalysisOptions& options = {});
[[nodiscard]] std::vector<Gradient> gradients(const Funnel& funnel, const Metric& metric,
                                              const SensitivityOptions& options);

/// The same as rows with owner, source and text, the largest absolute elasticity first.
[[nodiscard]] std::vector<SensitivityRow> sensitivity(const Funnel& funnel, const Metric& metric,
                                                      const AnalysisOptions& options = {});
[[nodiscard]] std::vector<SensitivityRow> sensitivity(const Funnel& funnel, const Metric& metric,
                                                      const SensitivityOptions& options);

namespace detail {
/// "measured (n = 200)", "agreed by Sales, Care", "assumed, 0.1 to 0.3".
[[nodiscard]] std::string source_text(const Source& source);
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/sensitivity_inl.hpp>
#endif
