// One translator from the library's errors to the classes of funnelgraph.errors, same attributes.
#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exception>
#include <string>

#include <funnelgraph/core/error.hpp>

#include "bindings.hpp"
#include "convert.hpp"

namespace py = pybind11;
namespace fg = funnelgraph;

namespace {

// The classes are written in Python; importing them when the first error comes keeps the import cheap.
const py::object& error_classes() {
  static py::gil_safe_call_once_and_store<py::object> storage;
  return storage
      .call_once_and_store_result([] { return py::object(py::module_::import("funnelgraph.errors")); })
      .get_stored();
}

template <class... Attributes>
void raise(const char* name, const fg::Error& error, Attributes&&... attributes) {
  const py::object type = error_classes().attr(name);
  const py::object instance =
      type(error.what(), py::arg("code") = error.code(), std::forward<Attributes>(attributes)...);
  PyErr_SetObject(type.ptr(), instance.ptr());
}

py::list issue_tuples(const std::vector<fg::Issue>& issues) {
  py::list result;
  for (const fg::Issue& issue : issues) {
    result.append(py::make_tuple(funnelgraph_python::enum_name(issue.severity), issue.where, issue.message,
                                 issue.code, issue.value, issue.allowed));
  }
  return result;
}

void translate(std::exception_ptr pending) {
  if (!pending) return;
  try {
    std::rethrow_exception(pending);
  } catch (const fg::UnknownNameError& e) {
    raise("UnknownNameError", e, py::arg("kind") = e.kind(), py::arg("given") = e.given(),
          py::arg("nearest") = e.nearest());
  } catch (const fg::InvalidValueError& e) {
    raise("InvalidValueError", e, py::arg("where") = e.where(), py::arg("given") = e.given(),
          py::arg("allowed") = e.allowed());
  } catch (const fg::InvalidFunnelError& e) {
    raise("InvalidFunnelError", e, py::arg("issues") = issue_tuples(e.issues()));
  } catch (const fg::UnsolvableError& e) {
    py::list stages;
    for (const std::string& stage : e.stages()) stages.append(stage);
    raise("UnsolvableError", e, py::arg("stages") = stages);
  } catch (const fg::ConflictError& e) {
    raise("ConflictError", e, py::arg("first") = e.first(), py::arg("second") = e.second(),
          py::arg("number") = e.number());
  } catch (const fg::DataError& e) {
    raise("DataError", e, py::arg("source") = e.source(), py::arg("row") = e.row(),
          py::arg("column") = e.column(), py::arg("why") = e.why());
  } catch (const fg::UnreachableTargetError& e) {
    raise("UnreachableTargetError", e, py::arg("target") = e.target(), py::arg("low") = e.low(),
          py::arg("high") = e.high());
  } catch (const fg::Error& e) {
    raise("FunnelgraphError", e);
  }
}

}  // namespace

void bind_errors(py::module_& module) {
  py::register_local_exception_translator(&translate);
  module.def(
      "unknown_name",
      [](const std::string& kind, const std::string& given, const std::vector<std::string>& candidates) {
        throw fg::UnknownNameError(kind, given, fg::nearest_name(given, candidates));
      },
      py::arg("kind"), py::arg("given"), py::arg("candidates"),
      "Raises UnknownNameError with the nearest of the candidates.");
  module.def(
      "invalid_value",
      [](std::string where, std::string given, std::string allowed) {
        throw fg::InvalidValueError(std::move(where), std::move(given), std::move(allowed));
      },
      py::arg("where"), py::arg("given"), py::arg("allowed"), "Raises InvalidValueError.");
}
