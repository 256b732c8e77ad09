#include "convert.hpp"

#include <datetime.h>
#include <pybind11/gil_safe_call_once.h>

#include <charconv>
#include <cmath>

namespace funnelgraph_python {

namespace {

constexpr const char* a_number =
    "a number, or fg.measured(), agreed(), estimated(), placeholder(), between()";
constexpr const char* a_duration =
    "a number of days, a timedelta, a pandas or NumPy duration, or fg.measured(), agreed(), estimated(), "
    "placeholder(), between() of days";

bool is_text(py::handle value) { return PyUnicode_Check(value.ptr()) != 0; }

// A float out of what behaves like one number; nothing for bool, text, containers.
std::optional<double> plain_number(py::handle value) {
  PyObject* object = value.ptr();
  if (PyFloat_Check(object)) return PyFloat_AS_DOUBLE(object);
  if (PyBool_Check(object)) return std::nullopt;
  if (PyLong_Check(object)) {
    const double number = PyLong_AsDouble(object);
    if (number == -1.0 && PyErr_Occurred() != nullptr) throw py::error_already_set();
    return number;
  }
  if (is_text(value) || PyBytes_Check(object) || PyByteArray_Check(object) || PySequence_Check(object) != 0) {
    // A zero-dimensional array is a sequence by type only; its length says that it is none.
    if (!py::hasattr(value, "ndim") || !py::hasattr(value, "item") ||
        py::cast<int>(value.attr("ndim")) != 0) {
      return std::nullopt;
    }
    return plain_number(value.attr("item")());
  }
  const PyNumberMethods* methods = Py_TYPE(object)->tp_as_number;
  if (methods == nullptr || (methods->nb_float == nullptr && methods->nb_index == nullptr))
    return std::nullopt;
  if (py::hasattr(value, "dtype")) {  // flags, dates and durations of NumPy convert to float too
    const auto kind = py::cast<std::string>(py::str(py::getattr(value.attr("dtype"), "kind", py::str("f"))));
    if (kind != "f" && kind != "i" && kind != "u") return std::nullopt;
  }
  const double number = PyFloat_AsDouble(object);
  if (number == -1.0 && PyErr_Occurred() != nullptr) {
    PyErr_Clear();
    return std::nullopt;
  }
  return number;
}

// Days of a datetime.timedelta (pandas.Timedelta is one) or a numpy.timedelta64 of weeks or less.
std::optional<double> duration(py::handle value) {
  if (PyDateTimeAPI == nullptr) {
    PyDateTime_IMPORT;
    if (PyDateTimeAPI == nullptr) throw py::error_already_set();
  }
  if (PyDelta_Check(value.ptr())) {
    const auto day = py::reinterpret_steal<py::object>(PyDelta_FromDSU(1, 0, 0));
    return py::cast<double>(py::reinterpret_borrow<py::object>(value) / day);
  }
  if (py::hasattr(value, "dtype") && py::hasattr(value, "item") &&
      py::cast<std::string>(value.attr("dtype").attr("kind")) == "m") {
    // "<m8[h]": months and years have no length in days, and without a unit it has none at all.
    const auto unit = py::cast<std::string>(value.attr("dtype").attr("str"));
    if (unit.size() < 2 || unit.back() != ']' || unit[unit.size() - 2] == 'M' ||
        unit[unit.size() - 2] == 'Y' || py::cast<int>(value.attr("ndim")) != 0) {
      return std::nullopt;
    }
    const py::object scalar = value.attr("__getitem__")(py::tuple());  // of a zero-dimensional array too
    return py::cast<double>(scalar / py::type::of(scalar)(1, "D"));
  }
  return std::nullopt;
}

}  // namespace

void refuse(py::handle value, std::string_view where, std::string_view allowed) {
  std::string message{where};
  message += " takes ";
  message += allowed;
  message += ", not ";
  message +=
      value.is_none() ? std::string("None") : py::cast<std::string>(py::type::of(value).attr("__name__"));
  if (is_text(value) || PyBool_Check(value.ptr()) || plain_number(value)) {
    message += " " + py::cast<std::string>(py::repr(value));
  }
  throw py::type_error(message);
}

std::string text_of(py::handle value, std::string_view where) {
  if (!is_text(value)) refuse(value, where, "text (str)");
  Py_ssize_t size = 0;
  const char* bytes = PyUnicode_AsUTF8AndSize(value.ptr(), &size);
  if (bytes == nullptr) {
    PyErr_Clear();
    throw fg::InvalidValueError(std::string(where), py::cast<std::string>(py::str(py::repr(value))),
                                "text that is valid Unicode (no lone surrogates)");
  }
  return {bytes, static_cast<std::size_t>(size)};
}

std::optional<std::string> maybe_text_of(py::handle value, std::string_view where) {
  if (value.is_none()) return std::nullopt;
  return text_of(value, where);
}

std::vector<std::string> names_of(py::handle value, std::string_view where) {
  if (value.is_none()) return {};
  if (is_text(value)) return {text_of(value, where)};
  if (!py::isinstance<py::iterable>(value) || py::isinstance<py::bytes>(value)) {
    refuse(value, where, "a name or a list of names (str)");
  }
  std::vector<std::string> names;
  for (const py::handle name : py::reinterpret_borrow<py::iterable>(value)) {
    if (!is_text(name)) refuse(name, where, "a name or a list of names (str)");
    names.push_back(text_of(name, where));
  }
  return names;
}

fg::LabelsByLanguage labels_of(py::handle value, std::string_view where) {
  fg::LabelsByLanguage labels;
  if (value.is_none()) return labels;
  constexpr const char* allowed = "a mapping of language codes to text, as {\"vi\": \"...\"}";
  if (!py::hasattr(value, "items")) refuse(value, where, allowed);
  for (const py::handle item : py::reinterpret_borrow<py::iterable>(value.attr("items")())) {
    const auto pair = py::cast<py::tuple>(item);
    if (!is_text(pair[0])) refuse(pair[0], where, allowed);
    if (!is_text(pair[1])) refuse(pair[1], where, allowed);
    labels[text_of(pair[0], where)] = text_of(pair[1], where);
  }
  return labels;
}

namespace {

// Written in Python (funnelgraph/number.py).
const py::object& number_class() {
  static py::gil_safe_call_once_and_store<py::object> storage;
  return storage
      .call_once_and_store_result(
          [] { return py::object(py::module_::import("funnelgraph.number").attr("Number")); })
      .get_stored();
}

}  // namespace

bool is_number(py::handle value) {
  return PyFloat_Check(value.ptr()) != 0 && PyFloat_CheckExact(value.ptr()) == 0 &&
         py::isinstance(value, number_class());
}

fg::Number number_from_object(py::handle number) {
  const double value = PyFloat_AS_DOUBLE(number.ptr());
  fg::SourceDetails details;
  details.kind = enum_of<fg::SourceKind>(number.attr("source"), "Number(source=)");
  details.n = double_of(number.attr("n"), "Number(n=)");
  details.by = names_of(number.attr("by"), "Number(by=)");
  const py::object interval = number.attr("interval");
  if (!interval.is_none()) {
    const auto bounds = py::cast<py::tuple>(interval);
    details.interval =
        fg::Interval{py::cast<double>(bounds[0]), py::cast<double>(bounds[1]), py::cast<double>(bounds[2])};
  }
  if (details.kind == fg::SourceKind::assumed && details.by.empty() && !details.interval) return value;
  return {value, fg::Source(std::move(details))};
}

py::object number_object(const fg::Number& number) {
  const fg::Source& source = number.source;
  const auto interval = source.interval();
  if (source.kind() == fg::SourceKind::assumed && !interval) return number_class()(number.value);
  py::tuple by(source.by().size());
  for (std::size_t i = 0; i < by.size(); ++i) by[i] = py::str(source.by()[i]);
  return number_class()(number.value, py::arg("source") = enum_name(source.kind()), py::arg("n") = source.n(),
                        py::arg("by") = by,
                        py::arg("interval") = interval ? py::object(py::make_tuple(
                                                             interval->low, interval->high, interval->level))
                                                       : py::object(py::none()));
}

double double_of(py::handle value, std::string_view where) {
  if (const auto number = plain_number(value)) return *number;
  refuse(value, where, "a number");
}

double days_of(py::handle value, std::string_view where) {
  if (const auto days = duration(value)) return *days;
  if (const auto number = plain_number(value)) return *number;
  refuse(value, where, "a number of days, a timedelta, or a pandas or NumPy duration");
}

std::optional<double> maybe_days_of(py::handle value, std::string_view where) {
  if (value.is_none()) return std::nullopt;
  return days_of(value, where);
}

std::vector<double> doubles_of(py::handle values, std::string_view where) {
  if (is_text(values) || !py::isinstance<py::iterable>(values)) {
    refuse(values, where, "numbers in a list, a tuple or an array");
  }
  const py::object list = py::hasattr(values, "tolist") ? py::object(values.attr("tolist")())
                                                        : py::reinterpret_borrow<py::object>(values);
  std::vector<double> numbers;
  for (const py::handle value : list) numbers.push_back(double_of(value, where));
  return numbers;
}

fg::Number number_of(py::handle value, std::string_view where) {
  if (is_number(value)) return number_from_object(value);
  if (const auto number = plain_number(value)) return *number;
  refuse(value, where, a_number);
}

fg::Number number_of_days(py::handle value, std::string_view where) {
  if (is_number(value)) return number_from_object(value);
  if (const auto days = duration(value)) return *days;
  if (const auto number = plain_number(value)) return *number;
  refuse(value, where, a_duration);
}

std::optional<fg::Number> maybe_number_of(py::handle value, std::string_view where) {
  if (value.is_none()) return std::nullopt;
  return number_of(value, where);
}

std::optional<fg::Number> maybe_number_of_days(py::handle value, std::string_view where) {
  if (value.is_none()) return std::nullopt;
  return number_of_days(value, where);
}

fg::Lag lag_of(py::handle value, std::string_view where) {
  if (value.is_none()) return {};
  if (py::isinstance<fg::Lag>(value)) return py::cast<fg::Lag>(value);
  if (is_number(value)) return {number_from_object(value)};
  if (const auto days = duration(value)) return {*days};
  if (const auto number = plain_number(value)) return {*number};
  refuse(value, where, "an fg.Lag, " + std::string(a_duration));
}

fg::Ownership ownership_of(py::handle value, std::string_view where) {
  if (value.is_none()) return {};
  if (is_text(value)) {
    std::string name = text_of(value, where);
    if (name.empty()) return {};
    return {std::move(name)};
  }
  constexpr const char* allowed =
      "an owner's name, or a mapping of owners to shares as {\"Sales\": 0.5, ...}";
  if (!py::hasattr(value, "items")) refuse(value, where, allowed);
  std::vector<fg::OwnerShare> shares;
  for (const py::handle item : py::reinterpret_borrow<py::iterable>(value.attr("items")())) {
    const auto pair = py::cast<py::tuple>(item);
    if (!is_text(pair[0])) refuse(pair[0], where, allowed);
    const auto share = plain_number(pair[1]);
    if (!share) refuse(pair[1], where, allowed);
    shares.push_back({text_of(pair[0], where), *share});
  }
  return fg::Ownership(std::move(shares));
}

const fg::Parameter& parameter_of(py::handle value, std::string_view where) {
  if (!py::isinstance<fg::Parameter>(value)) {
    refuse(value, where, "a parameter, as fg.rate(\"enquiry\", \"order\")");
  }
  return py::cast<const fg::Parameter&>(value);
}

bool is_duration(const fg::Parameter& parameter) {
  return parameter.kind() == fg::ParameterKind::lag || parameter.kind() == fg::ParameterKind::lag_sd ||
         parameter.kind() == fg::ParameterKind::service_level;
}

py::dict ownership_dict(const fg::Ownership& ownership) {
  py::dict shares;
  for (const auto& [owner, share] : ownership.shares()) shares[py::str(owner)] = share;
  return shares;
}

py::dict labels_dict(const fg::LabelsByLanguage& labels) {
  py::dict result;
  for (const auto& [language, text] : labels) result[py::str(language)] = py::str(text);
  return result;
}

std::size_t position_of(std::string_view kind, const std::string& text,
                        const std::vector<std::string>& names) {
  std::string folded;
  for (const char c : text) {
    if (c >= 'A' && c <= 'Z') {
      folded += static_cast<char>(c - 'A' + 'a');
    } else {
      folded += (c == ' ' || c == '-') ? '_' : c;
    }
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == folded) return i;
  }
  throw fg::UnknownNameError(std::string(kind), text, fg::nearest_name(folded, names),
                             "allowed: " + joined(names));
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string quoted(const std::string& text) { return py::cast<std::string>(py::repr(py::str(text))); }

std::string written(double number) {
  if (std::isfinite(number) && number == std::trunc(number) && std::abs(number) < 1e15) {
    return std::to_string(static_cast<long long>(number));
  }
  return py::cast<std::string>(py::repr(py::float_(number)));
}

std::string written(const fg::Number& number) {
  const fg::Source& source = number.source;
  const auto interval = source.interval();
  const auto names = [&] {
    const auto& by = source.by();
    if (by.size() == 1) return quoted(by.front());
    std::string text = "[";
    for (const std::string& name : by) text += (text.size() > 1 ? ", " : "") + quoted(name);
    return text + "]";
  };
  switch (source.kind()) {
    case fg::SourceKind::measured: {
      std::string text = "measured(" + written(number.value) + ", n=" + written(source.n());
      if (interval) text += ", interval=(" + written(interval->low) + ", " + written(interval->high) + ")";
      return text + ")";
    }
    case fg::SourceKind::agreed:
      return "agreed(" + written(number.value) + ", by=" + names() + ")";
    case fg::SourceKind::estimated:
      return "estimated(" + written(number.value) + ", by=" + names() + ")";
    case fg::SourceKind::placeholder:
      return "placeholder(" + written(number.value) + ")";
    case fg::SourceKind::assumed:
      break;
  }
  if (interval) return "between(" + written(interval->low) + ", " + written(interval->high) + ")";
  return written(number.value);
}

}  // namespace funnelgraph_python
