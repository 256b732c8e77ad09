// Options that Python gives as a dictionary.
#pragma once

#include <pybind11/pybind11.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/fit/options.hpp>

#include "convert.hpp"

namespace funnelgraph_python {

/// Options by name, as `function` takes them: None where one was not given.
class GivenOptions {
 public:
  GivenOptions(const py::dict& given, std::string function) : given_(given), function_(std::move(function)) {}

  [[nodiscard]] py::object get(const char* key) const {
    return given_.contains(key) ? py::object(given_[key]) : py::object(py::none());
  }
  [[nodiscard]] std::string where(const char* key) const { return function_ + "(" + key + "=)"; }
  void text(const char* key, std::string& into) const {
    if (const auto value = maybe_text_of(get(key), where(key))) into = *value;
  }
  void days(const char* key, double& into) const {
    if (!get(key).is_none()) into = days_of(get(key), where(key));
  }
  void maybe_days(const char* key, std::optional<double>& into) const {
    if (!get(key).is_none()) into = days_of(get(key), where(key));
  }
  void number(const char* key, double& into) const {
    if (!get(key).is_none()) into = double_of(get(key), where(key));
  }
  void maybe_number(const char* key, std::optional<double>& into) const {
    if (!get(key).is_none()) into = double_of(get(key), where(key));
  }
  void until(std::optional<funnelgraph::fit::Tick>& into) const {
    if (!get("until").is_none()) into = py::cast<funnelgraph::fit::Tick>(get("until"));
  }
  [[nodiscard]] py::dict mapping(const char* key, const char* allowed = "a mapping") const {
    const py::object value = get(key);
    if (value.is_none()) return {};
    if (!py::isinstance<py::dict>(value)) refuse(value, where(key), allowed);
    return py::cast<py::dict>(value);
  }
  [[nodiscard]] std::map<std::string, std::string> texts(const char* key) const {
    std::map<std::string, std::string> texts;
    for (const auto& [name, value] : mapping(key, "a mapping of names to names"))
      texts[text_of(name, where(key))] = text_of(value, where(key));
    return texts;
  }
  [[nodiscard]] std::vector<std::string> names(const char* key) const {
    return names_of(get(key), where(key));
  }

 private:
  const py::dict& given_;
  std::string function_;
};

}  // namespace funnelgraph_python
