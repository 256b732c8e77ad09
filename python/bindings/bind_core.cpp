// Names and durations.
#include <pybind11/stl.h>

#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/unknown_name.hpp>

#include "bindings.hpp"
#include "convert.hpp"

namespace {
namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;
}  // namespace

void bind_core(py::module_& module) {
  module.def(
      "normalise_name", [](const py::object& text) { return fg::normalise_name(text_of(text, "a name")); },
      py::arg("text"), "Text in Unicode normal form C.");
  module.def(
      "nearest_name",
      [](const std::string& given, const std::vector<std::string>& candidates) {
        return fg::nearest_name(given, candidates);
      },
      py::arg("given"), py::arg("candidates"), "The candidate closest to a mistyped name, or an empty text.");
  module.def(
      "raise_unknown_name",
      [](const std::string& kind, const std::string& given, const std::vector<std::string>& names) {
        throw fg::unknown_name(kind, given, names);
      },
      py::arg("kind"), py::arg("given"), py::arg("names"),
      "UnknownNameError with the nearest name, or with those there are.");
  module.def(
      "days", [](const py::object& value, const std::string& where) { return days_of(value, where); },
      py::arg("value"), py::arg("where") = "a duration",
      "Days of a number, a timedelta, or a pandas or NumPy duration.");
  module.def(
      "position_of",
      [](const std::string& kind, const py::object& text, const std::vector<std::string>& names) {
        return position_of(kind, text_of(text, kind), names);
      },
      py::arg("kind"), py::arg("text"), py::arg("names"),
      "Position of a name, upper or lower case; UnknownNameError with the nearest.");
}
