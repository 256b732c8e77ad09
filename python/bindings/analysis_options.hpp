// Options of an analysis from Python, and work without the interpreter lock.
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

/// discount_rate=, capacity=, reference=, and what `recoverable` is about. The reference is copied.
inline fg::AnalysisOptions analysis_options_of(const py::object& discount_rate, const py::object& capacity,
                                               const fg::Funnel* reference,
                                               const std::optional<fg::Metric>& metric) {
  fg::AnalysisOptions options;
  if (!discount_rate.is_none()) options.discount_rate = double_of(discount_rate, "discount_rate=");
  options.capacity = static_cast<fg::CapacityRule>(
      position_of("capacity rule", text_of(capacity, "capacity="), {"report", "cap"}));
  if (reference != nullptr) options.reference = std::make_shared<const fg::Funnel>(*reference);
  options.metric = metric;
  return options;
}

}  // namespace funnelgraph_python
