// From Python objects to the library's values, with errors that say what is allowed.
#pragma once

#include <pybind11/pybind11.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/model/lag.hpp>
#include <funnelgraph/model/number.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph_python {

namespace fg = funnelgraph;
namespace py = pybind11;

// `where` names the argument in a TypeError: "add_stage(cost=)".

/// Raises TypeError: "`where` takes `allowed`, not `type of value`".
[[noreturn]] void refuse(py::handle value, std::string_view where, std::string_view allowed);

/// str, or a TypeError.
[[nodiscard]] std::string text_of(py::handle value, std::string_view where);
/// None is none.
[[nodiscard]] std::optional<std::string> maybe_text_of(py::handle value, std::string_view where);
/// One str, or an iterable of str; None is empty.
[[nodiscard]] std::vector<std::string> names_of(py::handle value, std::string_view where);
/// {"vi": "..."}; None is empty.
[[nodiscard]] fg::LabelsByLanguage labels_of(py::handle value, std::string_view where);

/// A plain number: int, float, NumPy scalar; never bool or text.
[[nodiscard]] double double_of(py::handle value, std::string_view where);
/// A number of days: a plain number, datetime.timedelta, pandas.Timedelta, numpy.timedelta64.
[[nodiscard]] double days_of(py::handle value, std::string_view where);
/// None is none.
[[nodiscard]] std::optional<double> maybe_days_of(py::handle value, std::string_view where);
/// Plain numbers in a list, a tuple or an array.
[[nodiscard]] std::vector<double> doubles_of(py::handle values, std::string_view where);
/// Whether it is a funnelgraph.Number (a float that knows its source).
[[nodiscard]] bool is_number(py::handle value);
/// To and from funnelgraph.Number.
[[nodiscard]] fg::Number number_from_object(py::handle number);
[[nodiscard]] py::object number_object(const fg::Number& number);
/// A plain number or a Number.
[[nodiscard]] fg::Number number_of(py::handle value, std::string_view where);
/// A duration or a Number of days.
[[nodiscard]] fg::Number number_of_days(py::handle value, std::string_view where);
/// None is none.
[[nodiscard]] std::optional<fg::Number> maybe_number_of(py::handle value, std::string_view where);
[[nodiscard]] std::optional<fg::Number> maybe_number_of_days(py::handle value, std::string_view where);
/// A Lag, or a duration, which is deterministic; None is unknown.
[[nodiscard]] fg::Lag lag_of(py::handle value, std::string_view where);
/// A name, or a mapping of names to shares; None is nobody.
[[nodiscard]] fg::Ownership ownership_of(py::handle value, std::string_view where);
/// A funnelgraph.Parameter.
[[nodiscard]] const fg::Parameter& parameter_of(py::handle value, std::string_view where);
/// Whether its value is a number of days.
[[nodiscard]] bool is_duration(const fg::Parameter& parameter);

/// {"Sales": 0.5, ...}
[[nodiscard]] py::dict ownership_dict(const fg::Ownership& ownership);
[[nodiscard]] py::dict labels_dict(const fg::LabelsByLanguage& labels);

/// Names of an enum's values, lower case, in order of declaration.
template <class Enum>
struct EnumNames;
template <>
struct EnumNames<fg::Role> {
  static constexpr const char* kind = "role";
  static constexpr const char* names[] = {"marketing", "sales",   "care", "r_and_d",
                                          "company",   "outside", "other"};
};
template <>
struct EnumNames<fg::OutcomeKind> {
  static constexpr const char* kind = "outcome kind";
  static constexpr const char* names[] = {"won", "lost", "screened", "silent"};
};
template <>
struct EnumNames<fg::SourceKind> {
  static constexpr const char* kind = "source kind";
  static constexpr const char* names[] = {"assumed", "measured", "agreed", "estimated", "placeholder"};
};
template <>
struct EnumNames<fg::LagFamily> {
  static constexpr const char* kind = "lag family";
  static constexpr const char* names[] = {"unknown",   "deterministic", "exponential", "gamma",
                                          "lognormal", "weibull",       "empirical"};
};
template <>
struct EnumNames<fg::Severity> {
  static constexpr const char* kind = "severity";
  static constexpr const char* names[] = {"warning", "error"};
};

template <class Enum>
[[nodiscard]] const char* enum_name(Enum value) {
  return EnumNames<Enum>::names[static_cast<std::size_t>(value)];
}

/// The position of `text` among `names`, upper or lower case, blanks and hyphens as underscores.
/// Throws UnknownNameError with the nearest and all that are allowed.
[[nodiscard]] std::size_t position_of(std::string_view kind, const std::string& text,
                                      const std::vector<std::string>& names);

template <class Enum>
[[nodiscard]] Enum enum_of(py::handle value, std::string_view where) {
  const auto& names = EnumNames<Enum>::names;
  return static_cast<Enum>(
      position_of(EnumNames<Enum>::kind, text_of(value, where), {std::begin(names), std::end(names)}));
}

/// "Marketing, Sales"
[[nodiscard]] std::string joined(const std::vector<std::string>& words);
/// repr() of text and of numbers as Python writes them.
[[nodiscard]] std::string quoted(const std::string& text);
[[nodiscard]] std::string written(double number);
[[nodiscard]] std::string written(const fg::Number& number);

/// Runs `work` without the interpreter lock.
template <class Work>
auto unlocked(Work work) {
  py::gil_scoped_release without_gil;
  return work();
}

}  // namespace funnelgraph_python

namespace pybind11::detail {

/// Numbers are funnelgraph.Number in Python.
template <>
struct type_caster<funnelgraph::Number> {
  PYBIND11_TYPE_CASTER(funnelgraph::Number, const_name("funnelgraph.number.Number"));
  bool load(handle source, bool /*convert*/) {
    if (!funnelgraph_python::is_number(source)) return false;
    value = funnelgraph_python::number_from_object(source);
    return true;
  }
  static handle cast(const funnelgraph::Number& number, return_value_policy /*policy*/, handle /*parent*/) {
    return funnelgraph_python::number_object(number).release();
  }
};

}  // namespace pybind11::detail
