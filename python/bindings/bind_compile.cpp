// Graph questions about a funnel: what every win must pass, and the most probable ways to it.
#include <pybind11/stl.h>

#include "bindings.hpp"
#include "convert.hpp"

#if __has_include(<funnelgraph/compile/paths.hpp>)
#include <funnelgraph/compile/paths.hpp>
#endif

namespace {
namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;
}  // namespace

void bind_compile(py::module_& module) { (void)module; }
