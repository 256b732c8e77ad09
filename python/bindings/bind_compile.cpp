// Graph questions about a funnel: what every win must pass, and the most probable ways to it.
#include <pybind11/stl.h>

#include <funnelgraph/compile/paths.hpp>

#include "bindings.hpp"
#include "convert.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

std::vector<std::string> must_pass(const fg::Funnel& funnel, const py::object& kind) {
  const auto of = enum_of<fg::OutcomeKind>(kind, "must_pass(kind)");
  const fg::Funnel snapshot(funnel);
  py::gil_scoped_release without_gil;
  return fg::must_pass(snapshot, of);
}

py::list most_probable_paths(const fg::Funnel& funnel, const py::object& count, const py::object& outcome,
                             const py::object& start) {
  if (!PyLong_Check(count.ptr()) || PyBool_Check(count.ptr())) {
    refuse(count, "most_probable_paths(count=)", "a whole number");
  }
  const long long wanted = py::cast<long long>(count);
  fg::PathOptions options;
  options.count = wanted < 0 ? 0 : static_cast<std::size_t>(wanted);
  options.outcome = maybe_text_of(outcome, "most_probable_paths(outcome=)");
  options.start = maybe_text_of(start, "most_probable_paths(start=)");
  const fg::Funnel snapshot(funnel);
  std::vector<fg::ProbablePath> paths;
  {
    py::gil_scoped_release without_gil;
    paths = fg::most_probable_paths(snapshot, options);
  }
  py::list result;
  for (const fg::ProbablePath& path : paths) {
    result.append(py::make_tuple(path.stages, path.outcome, path.probability, path.mean_time));
  }
  return result;
}

}  // namespace

void bind_compile(py::module_& module) {
  module.def("must_pass", &must_pass, py::arg("funnel"), py::arg("kind"));
  module.def("most_probable_paths", &most_probable_paths, py::arg("funnel"), py::arg("count"),
             py::arg("outcome"), py::arg("start"));
}
