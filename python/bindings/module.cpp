// The extension module `funnelgraph._core`: everything that Python presents is computed here.
#include <funnelgraph/config.hpp>

#include "bindings.hpp"

PYBIND11_MODULE(_core, module) {
  module.doc() = "Compiled core of funnelgraph. Its names are not public: use those of `funnelgraph`.";
  module.attr("__version__") = FUNNELGRAPH_VERSION_STRING;
  bind_errors(module);
  bind_table(module);
  bind_core(module);
  bind_model(module);
  bind_compile(module);
  bind_analysis(module);
  bind_attribution(module);
  bind_io(module);
  bind_maturity(module);
  bind_scenario(module);
  bind_maturity_funnel(module);
  bind_fit(module);
  bind_compare(module);
  bind_kpi(module);
  bind_monte_carlo(module);
  bind_variants(module);
  bind_explain(module);
  bind_allocate(module);
}
