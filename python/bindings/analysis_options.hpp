// Options of an analysis from Python.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <optional>
#include <utility>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>

#include "convert.hpp"

namespace funnelgraph_python {

/// "report" or "cap".
inline fg::CapacityRule capacity_rule_of(py::handle value) {
  return static_cast<fg::CapacityRule>(
      position_of("capacity rule", text_of(value, "capacity="), {"report", "cap"}));
}

/// discount_rate=, capacity=, reference=, and what `recoverable` is about. The reference is copied.
inline fg::AnalysisOptions analysis_options_of(const py::object& discount_rate, const py::object& capacity,
                                               const fg::Funnel* reference = nullptr,
                                               const std::optional<fg::Metric>& metric = std::nullopt) {
  fg::AnalysisOptions options;
  if (!discount_rate.is_none()) options.discount_rate = double_of(discount_rate, "discount_rate=");
  options.capacity = capacity_rule_of(capacity);
  if (reference != nullptr) options.reference = std::make_shared<const fg::Funnel>(*reference);
  options.metric = metric;
  return options;
}

}  // namespace funnelgraph_python
