// What each binding file adds to the module `funnelgraph._core`.
#pragma once

#include <pybind11/pybind11.h>

void bind_errors(pybind11::module_& module);
void bind_table(pybind11::module_& module);
void bind_core(pybind11::module_& module);
void bind_model(pybind11::module_& module);
void bind_compile(pybind11::module_& module);
void bind_analysis(pybind11::module_& module);
void bind_attribution(pybind11::module_& module);
void bind_allocate(pybind11::module_& module);
void bind_io(pybind11::module_& module);
void bind_maturity(pybind11::module_& module);
void bind_maturity_funnel(pybind11::module_& module);
void bind_scenario(pybind11::module_& module);
void bind_fit(pybind11::module_& module);
void bind_compare(pybind11::module_& module);
void bind_kpi(pybind11::module_& module);
void bind_monte_carlo(pybind11::module_& module);
void bind_variants(pybind11::module_& module);
void bind_explain(pybind11::module_& module);
