// The two halves of the model's bindings.
#pragma once

#include <pybind11/pybind11.h>

namespace funnelgraph_python {

/// Number, Lag, Parameter, Metric.
void bind_values(pybind11::module_& module);

}  // namespace funnelgraph_python
