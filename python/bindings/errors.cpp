// One translator from the library's errors to the classes of funnelgraph.errors, same attributes.
#include <pybind11/gil_safe_call_once.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <exception>
#include <string>
#include <tuple>
#include <vector>

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

// Builds funnelgraph.errors.<name>(arguments..., message=, code=).
template <class... Arguments>
void raise(const char* name, const fg::Error& error, Arguments&&... arguments) {
  const py::object type = error_classes().attr(name);
  const py::object instance = type(std::forward<Arguments>(arguments)..., py::arg("message") = error.what(),
                                   py::arg("code") = error.code());
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
    raise("UnknownNameError", e, e.kind(), e.given(), e.nearest());
  } catch (const fg::ImpossibleChangeError& e) {
    raise("ImpossibleChangeError", e, e.where(), e.given(), e.least(), e.largest(), e.allowed());
  } catch (const fg::InvalidValueError& e) {
    raise("InvalidValueError", e, e.where(), e.given(), e.allowed());
  } catch (const fg::InvalidFunnelError& e) {
    raise("InvalidFunnelError", e, issue_tuples(e.issues()));
  } catch (const fg::UnsolvableError& e) {
    py::list stages;
    for (const std::string& stage : e.stages()) stages.append(stage);
    raise("UnsolvableError", e, stages);
  } catch (const fg::ConflictError& e) {
    raise("ConflictError", e, e.first(), e.second(), e.number(), "");
  } catch (const fg::DataError& e) {
    raise("DataError", e, e.source(), e.row(), e.column(), e.why());
  } catch (const fg::UnreachableTargetError& e) {
    raise("UnreachableTargetError", e, e.target(), e.low(), e.high());
  } catch (const fg::Error& e) {
    const py::object type = error_classes().attr("FunnelgraphError");
    PyErr_SetObject(type.ptr(), py::object(type(e.what(), py::arg("code") = e.code())).ptr());
  }
}

}  // namespace

void bind_errors(py::module_& module) {
  py::register_local_exception_translator(&translate);
  // The words of an error that Python raises by itself.
  const auto words = [](const fg::Error& error) {
    return py::make_tuple(std::string(error.what()), error.code());
  };
  module.def(
      "unknown_name_words",
      [words](std::string kind, std::string given, std::string nearest) {
        return words(fg::UnknownNameError(std::move(kind), std::move(given), std::move(nearest)));
      },
      py::arg("kind"), py::arg("given"), py::arg("nearest"));
  module.def(
      "invalid_value_words",
      [words](std::string where, std::string given, std::string allowed) {
        return words(fg::InvalidValueError(std::move(where), std::move(given), std::move(allowed)));
      },
      py::arg("where"), py::arg("given"), py::arg("allowed"));
  module.def(
      "impossible_change_words",
      [words](std::string where, std::string given, double least, double largest) {
        return words(fg::ImpossibleChangeError(std::move(where), std::move(given), least, largest));
      },
      py::arg("where"), py::arg("given"), py::arg("least"), py::arg("largest"));
  module.def(
      "unsolvable_words",
      [words](std::vector<std::string> stages) { return words(fg::UnsolvableError(std::move(stages))); },
      py::arg("stages"));
  module.def(
      "conflict_words",
      [words](std::string first, std::string second, std::string number, std::string why) {
        return words(
            fg::ConflictError(std::move(first), std::move(second), std::move(number), std::move(why)));
      },
      py::arg("first"), py::arg("second"), py::arg("number"), py::arg("why"));
  module.def(
      "data_words",
      [words](std::string source, std::size_t row, std::string column, std::string why) {
        return words(fg::DataError(std::move(source), row, std::move(column), std::move(why)));
      },
      py::arg("source"), py::arg("row"), py::arg("column"), py::arg("why"));
  module.def(
      "unreachable_target_words",
      [words](double target, double low, double high) {
        return words(fg::UnreachableTargetError(target, low, high));
      },
      py::arg("target"), py::arg("low"), py::arg("high"));
  module.def(
      "invalid_funnel_words",
      [words](const std::vector<std::tuple<std::string, std::string, std::string, std::string, std::string,
                                           std::string>>& rows) {
        std::vector<fg::Issue> issues;
        for (const auto& [severity, where, message, code, value, allowed] : rows) {
          issues.push_back({severity == "warning" ? fg::Severity::warning : fg::Severity::error, code, where,
                            message, value, allowed});
        }
        return words(fg::InvalidFunnelError(std::move(issues)));
      },
      py::arg("issues"));
}
