// `_core.Table`: immutable columns that NumPy and Arrow look at without a copy.
#include "table.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>
#include <limits>

#include "bindings.hpp"
#include "convert.hpp"

namespace funnelgraph_python {

std::size_t Column::size() const {
  return std::visit(
      [](const auto& cells) -> std::size_t {
        if constexpr (std::is_same_v<std::remove_cvref_t<decltype(cells)>, FlagColumn>) {
          return cells.values.size();
        } else {
          return cells.size();
        }
      },
      values);
}

}  // namespace funnelgraph_python

namespace {

namespace py = pybind11;
using namespace funnelgraph_python;

// What Python holds: a handle on the shared columns.
struct TableHandle {
  Table data;
};

constexpr const char* kind_names[] = {"number", "integer", "flag", "text"};

const Column& column_at(const TableHandle& table, std::size_t i) {
  if (i >= table.data->columns.size()) throw py::index_error("no such column");
  return table.data->columns[i];
}

py::object cell(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return py::none();
  if (const auto* numbers = std::get_if<std::vector<double>>(&column.values))
    return py::float_((*numbers)[row]);
  if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
    return py::int_((*integers)[row]);
  }
  if (const auto* flags = std::get_if<FlagColumn>(&column.values)) return py::bool_(flags->values[row] != 0);
  const std::string_view text = std::get<TextColumn>(column.values)[row];
  return py::str(text.data(), text.size());
}

py::list cells(const TableHandle& table, std::size_t i) {
  const Column& column = column_at(table, i);
  py::list result(table.data->rows);
  for (std::size_t row = 0; row < table.data->rows; ++row) result[row] = cell(column, row);
  return result;
}

py::tuple row_at(const TableHandle& table, std::size_t row) {
  if (row >= table.data->rows) throw py::index_error("no such row");
  py::tuple result(table.data->columns.size());
  for (std::size_t i = 0; i < table.data->columns.size(); ++i) result[i] = cell(table.data->columns[i], row);
  return result;
}

py::array frozen(py::array array) {
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

// A read-only array; text, and what can be missing, as Python objects (None where missing).
py::object array_of(const py::object& self, std::size_t i) {
  const auto& table = py::cast<const TableHandle&>(self);
  const Column& column = column_at(table, i);
  const auto rows = static_cast<py::ssize_t>(table.data->rows);
  if (column.valid.empty()) {
    if (const auto* numbers = std::get_if<std::vector<double>>(&column.values)) {
      return frozen(py::array_t<double>({rows}, {sizeof(double)}, numbers->data(), self));
    }
    if (const auto* integers = std::get_if<std::vector<std::int64_t>>(&column.values)) {
      return frozen(py::array_t<std::int64_t>({rows}, {sizeof(std::int64_t)}, integers->data(), self));
    }
    if (const auto* flags = std::get_if<FlagColumn>(&column.values)) {
      return frozen(py::array(py::dtype("bool"), {rows}, {1}, flags->values.data(), self));
    }
  } else if (const auto* numbers = std::get_if<std::vector<double>>(&column.values)) {
    py::array_t<double> result(rows);
    double* out = result.mutable_data();
    for (std::size_t row = 0; row < table.data->rows; ++row) {
      out[row] = column.is_valid(row) ? (*numbers)[row] : std::numeric_limits<double>::quiet_NaN();
    }
    return frozen(std::move(result));
  }
  const py::module_ numpy = py::module_::import("numpy");
  py::object result = numpy.attr("empty")(rows, py::arg("dtype") = "object");
  const py::list values = cells(table, i);
  for (py::ssize_t row = 0; row < rows; ++row) result[py::int_(row)] = values[static_cast<std::size_t>(row)];
  result.attr("setflags")(py::arg("write") = false);
  return result;
}

Column take(const Column& column, const std::vector<std::size_t>& rows) {
  Column result;
  result.name = column.name;
  if (!column.valid.empty()) {
    for (const std::size_t row : rows) result.valid.push_back(column.valid[row]);
  }
  std::visit(
      [&](const auto& from) {
        using Cells = std::remove_cvref_t<decltype(from)>;
        Cells to;
        if constexpr (std::is_same_v<Cells, FlagColumn>) {
          for (const std::size_t row : rows) to.values.push_back(from.values[row]);
        } else {
          for (const std::size_t row : rows) to.push_back(from[row]);
        }
        result.values = std::move(to);
      },
      column.values);
  return result;
}

TableHandle take_rows(const TableHandle& table, const std::vector<std::size_t>& rows) {
  for (const std::size_t row : rows) {
    if (row >= table.data->rows) throw py::index_error("no such row");
  }
  TableData result;
  result.rows = rows.size();
  for (const Column& column : table.data->columns) result.columns.push_back(take(column, rows));
  return {std::make_shared<const TableData>(std::move(result))};
}

TableHandle select_columns(const TableHandle& table, const std::vector<std::size_t>& columns) {
  TableData result;
  result.rows = table.data->rows;
  for (const std::size_t i : columns) result.columns.push_back(column_at(table, i));
  return {std::make_shared<const TableData>(std::move(result))};
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool equal(const Column& a, const Column& b, std::size_t rows) {
  if (a.name != b.name || a.values.index() != b.values.index()) return false;
  for (std::size_t row = 0; row < rows; ++row) {
    if (a.is_valid(row) != b.is_valid(row)) return false;
  }
  if (const auto* numbers = std::get_if<std::vector<double>>(&a.values)) {
    const auto& others = std::get<std::vector<double>>(b.values);
    for (std::size_t row = 0; row < rows; ++row) {
      if (a.is_valid(row) && !same((*numbers)[row], others[row])) return false;
    }
    return true;
  }
  return a.values == b.values;
}

bool equal_tables(const TableHandle& a, const TableHandle& b) {
  if (a.data->rows != b.data->rows || a.data->columns.size() != b.data->columns.size()) return false;
  for (std::size_t i = 0; i < a.data->columns.size(); ++i) {
    if (!equal(a.data->columns[i], b.data->columns[i], a.data->rows)) return false;
  }
  return true;
}

// The kind of a column of Python cells: all flags, all whole, all numbers or all text; None is missing.
// `kind` says it where the cells cannot: an empty column.
Column column_from(const std::string& name, const py::object& given, const std::string& kind) {
  const std::string where = "Table(column \"" + name + "\")";
  constexpr const char* allowed =
      "cells of one kind: numbers, whole numbers, flags or text, with None for missing";
  if (py::isinstance<py::str>(given) || !py::isinstance<py::iterable>(given)) {
    refuse(given, where, "a list or an array of cells");
  }
  const py::list values(py::hasattr(given, "tolist") ? py::object(given.attr("tolist")()) : given);
  bool any_missing = false, flags = true, integers = true, numbers = true, text = true, any = false;
  for (const py::handle value : values) {
    if (value.is_none()) {
      any_missing = true;
      continue;
    }
    any = true;
    const bool is_flag = PyBool_Check(value.ptr()) != 0;
    const bool is_text = PyUnicode_Check(value.ptr()) != 0;
    flags = flags && is_flag;
    integers = integers && !is_flag && PyLong_Check(value.ptr()) != 0;
    text = text && is_text;
    numbers = numbers && !is_flag && !is_text;
  }
  Column column;
  column.name = name;
  if (any_missing) {
    for (const py::handle value : values) column.valid.push_back(value.is_none() ? 0 : 1);
  }
  const bool by_cells = any || kind.empty();
  text = by_cells ? text && any : kind == "text";
  flags = by_cells ? flags && any : kind == "flag";
  integers = by_cells ? integers && any && kind != "number" : kind == "integer";
  if (text) {
    auto& to = column.values.emplace<TextColumn>();
    for (const py::handle value : values)
      to.push_back(value.is_none() ? std::string() : text_of(value, where));
  } else if (flags) {
    auto& to = column.values.emplace<FlagColumn>();
    for (const py::handle value : values) to.values.push_back(value.ptr() == Py_True ? 1 : 0);
  } else if (integers) {
    auto& to = column.values.emplace<std::vector<std::int64_t>>();
    for (const py::handle value : values) to.push_back(value.is_none() ? 0 : py::cast<std::int64_t>(value));
  } else if (numbers) {
    auto& to = column.values.emplace<std::vector<double>>();
    for (const py::handle value : values) {
      to.push_back(value.is_none() ? std::numeric_limits<double>::quiet_NaN() : double_of(value, where));
    }
    column.valid.clear();  // what is missing among numbers is NaN
  } else {
    for (const py::handle value : values) {
      if (!value.is_none() && PyUnicode_Check(value.ptr()) == 0) refuse(value, where, allowed);
    }
    refuse(values, where, allowed);
  }
  return column;
}

TableHandle from_columns(const py::dict& columns, const std::vector<std::string>& kinds) {
  TableData data;
  for (const auto& [name, cells] : columns) {
    const std::size_t position = data.columns.size();
    data.columns.push_back(column_from(text_of(name, "Table(columns)"),
                                       py::reinterpret_borrow<py::object>(cells),
                                       position < kinds.size() ? kinds[position] : std::string()));
    const std::size_t rows = data.columns.back().size();
    if (data.columns.size() == 1) {
      data.rows = rows;
    } else if (rows != data.rows) {
      throw fg::InvalidValueError("Table column " + data.columns.back().name, std::to_string(rows) + " cells",
                                  std::to_string(data.rows) + " cells, as the columns before it");
    }
  }
  return {std::make_shared<const TableData>(std::move(data))};
}

}  // namespace

namespace funnelgraph_python {
py::object table_object(Table table) { return py::cast(TableHandle{std::move(table)}); }
}  // namespace funnelgraph_python

void bind_table(py::module_& module) {
  py::class_<TableHandle>(module, "Table", "Immutable columns; funnelgraph.Table presents them.")
      .def_static("from_columns", &from_columns, py::arg("columns"),
                  py::arg("kinds") = std::vector<std::string>())
      .def("__len__", [](const TableHandle& table) { return table.data->rows; })
      .def("__eq__", &equal_tables, py::arg("other"), py::is_operator())
      .def_property_readonly("columns",
                             [](const TableHandle& table) {
                               py::tuple names(table.data->columns.size());
                               for (std::size_t i = 0; i < names.size(); ++i)
                                 names[i] = table.data->columns[i].name;
                               return names;
                             })
      .def_property_readonly("kinds",
                             [](const TableHandle& table) {
                               py::tuple kinds(table.data->columns.size());
                               for (std::size_t i = 0; i < kinds.size(); ++i) {
                                 kinds[i] = kind_names[table.data->columns[i].values.index()];
                               }
                               return kinds;
                             })
      .def("cells", &cells, py::arg("column"))
      .def("row", &row_at, py::arg("row"))
      .def("array", &array_of, py::arg("column"))
      .def("take", &take_rows, py::arg("rows"))
      .def("select", &select_columns, py::arg("columns"))
      .def("arrow_schema", [](const TableHandle& table) { return arrow_schema(table.data); })
      .def("arrow_stream", [](const TableHandle& table) { return arrow_stream(table.data); });
}
