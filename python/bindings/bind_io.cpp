// Funnels as text: JSON both ways, DOT and GraphML out.
#include <pybind11/stl.h>

#include <map>
#include <string>

#include <funnelgraph/io/json.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

#include <funnelgraph/io/dot.hpp>
#include <funnelgraph/io/graphml.hpp>

#include "bindings.hpp"
#include "convert.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

template <class T>
std::string text_from(const T& value, int indent) {
  fg::JsonWriteOptions options;
  options.indent = indent;
  return fg::to_json(value, options);
}

template <class T>
T value_from(const py::object& text, const std::string& source) {
  std::string document;
  if (py::isinstance<py::bytes>(text)) {
    document = py::cast<std::string>(text);
  } else {
    document = text_of(text, "from_json()");
  }
  fg::JsonReadOptions options;
  options.source = source;
  py::gil_scoped_release without_gil;
  return fg::from_json<T>(document, options);
}

}  // namespace

void bind_io(py::module_& module) {
  module.def("funnel_to_json", &text_from<fg::Funnel>, py::arg("funnel"), py::arg("indent"));
  module.def("funnel_from_json", &value_from<fg::Funnel>, py::arg("text"), py::arg("source"));
  module.def(
      "segments_to_json",
      [](const std::map<std::string, fg::Funnel>& segments, int indent) {
        return text_from(fg::SegmentedFunnel(segments), indent);
      },
      py::arg("segments"), py::arg("indent"));
  module.def(
      "segments_from_json",
      [](const py::object& text, const std::string& source) {
        return value_from<fg::SegmentedFunnel>(text, source).segments();
      },
      py::arg("text"), py::arg("source"));
  module.def("funnel_to_dot", [](const fg::Funnel& funnel) { return fg::to_dot(funnel); }, py::arg("funnel"));
  module.def(
      "funnel_to_graphml", [](const fg::Funnel& funnel) { return fg::to_graphml(funnel); },
      py::arg("funnel"));
}
