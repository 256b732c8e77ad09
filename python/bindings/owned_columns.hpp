// Columns of a table from Python, copied, so that a thread that changes an array meanwhile changes nothing.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include <funnelgraph/fit/columns.hpp>

namespace funnelgraph_python {

/// The numbers of an array, copied.
template <class T>
[[nodiscard]] std::vector<T> copied(const pybind11::handle& value) {
  using pybind11::array;
  const auto numbers = pybind11::cast<pybind11::array_t<T, array::c_style>>(value);
  return std::vector<T>(numbers.data(), numbers.data() + numbers.size());
}

/// {name: (kind, array[, names])} with the kinds times, integers, numbers and categories.
class OwnedColumns {
 public:
  OwnedColumns(std::size_t rows, const pybind11::dict& columns) : view_(rows) {
    namespace py = pybind11;
    namespace fit = funnelgraph::fit;
    for (const auto& [key, value] : columns) {
      const auto name = py::cast<std::string>(key);
      const auto parts = py::cast<py::tuple>(value);
      const auto kind = py::cast<std::string>(parts[0]);
      if (kind == "times") {
        view_.add(name, fit::Times{ticks_.emplace_back(copied<std::int64_t>(parts[1]))});
      } else if (kind == "integers") {
        view_.add(name, fit::Integers{ticks_.emplace_back(copied<std::int64_t>(parts[1]))});
      } else if (kind == "numbers") {
        view_.add(name, fit::Numbers{numbers_.emplace_back(copied<double>(parts[1]))});
      } else {
        const auto& codes = codes_.emplace_back(copied<std::int32_t>(parts[1]));
        view_.add(name,
                  fit::Categories{codes, names_.emplace_back(py::cast<std::vector<std::string>>(parts[2]))});
      }
    }
  }
  [[nodiscard]] const funnelgraph::fit::Columns& view() const { return view_; }

 private:
  funnelgraph::fit::Columns view_;
  std::deque<std::vector<std::int64_t>> ticks_;
  std::deque<std::vector<double>> numbers_;
  std::deque<std::vector<std::int32_t>> codes_;
  std::deque<std::vector<std::string>> names_;
};

}  // namespace funnelgraph_python
