// Many variants of a funnel from NumPy columns to NumPy columns. Columns are read where they lie, and kept by
// their Python objects while the interpreter is let go; the funnel is copied before that.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/whatif/variants.hpp>

#include "analysis_options.hpp"
#include "bindings.hpp"
#include "changes.hpp"
#include "convert.hpp"
#include "interruptible.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

using NumberColumn = py::array_t<double, py::array::c_style | py::array::forcecast>;

std::vector<fg::Varied> varied_of(const std::vector<fg::Parameter>& parameters,
                                  const std::vector<std::string>& changes, const py::list& take_from) {
  std::vector<fg::Varied> varied;
  for (std::size_t k = 0; k < parameters.size(); ++k) {
    fg::Varied one{.parameter = parameters[k]};
    one.kind = change_kind_of(changes.at(k));
    one.take_from = take_from_of(take_from[k], "evaluate_variants(take_from=)");
    varied.push_back(std::move(one));
  }
  return varied;
}

py::tuple run(const fg::Variants& variants, const py::list& columns, std::size_t results,
              const py::object& threads, const py::object& progress) {
  std::vector<NumberColumn> kept;
  std::vector<const double*> in;
  std::size_t count = 1;
  bool known = false;
  for (const py::handle given : columns) {
    if (given.is_none()) {
      in.push_back(nullptr);
      continue;
    }
    NumberColumn column = NumberColumn::ensure(given);
    if (!column) throw py::error_already_set();
    const auto size = static_cast<std::size_t>(column.size());
    if (column.ndim() != 1) refuse(given, "a column of variants", "a one-dimensional array of numbers");
    if (known && size != count) {
      throw fg::InvalidValueError("column " + std::to_string(in.size()) + " of the variants",
                                  std::to_string(size) + " numbers",
                                  std::to_string(count) + ", as the others");
    }
    count = size;
    known = true;
    in.push_back(column.data());
    kept.push_back(std::move(column));
  }
  // Columns of results lie one after the other.
  const auto rows = static_cast<py::ssize_t>(count);
  const auto width = static_cast<py::ssize_t>(results);
  const auto step = static_cast<py::ssize_t>(sizeof(double));
  py::array_t<double> values({rows, width}, {step, rows * step});
  py::array_t<std::uint8_t> status(rows);
  std::vector<double*> out;
  for (std::size_t m = 0; m < results; ++m) out.push_back(values.mutable_data() + m * count);
  static_assert(sizeof(fg::VariantStatus) == sizeof(std::uint8_t));
  const std::span<fg::VariantStatus> became(reinterpret_cast<fg::VariantStatus*>(status.mutable_data()),
                                            count);
  const fg::VariantCounts counts = interruptible(
      threads_of(threads, "threads="), progress,
      [&](const fg::Execution& execution) { return variants.run(in, count, out, became, execution); });
  return py::make_tuple(values, status, counts.fitted, counts.impossible, counts.out_of_range,
                        counts.unsolvable);
}

}  // namespace

void bind_variants(py::module_& module) {
  py::class_<fg::Variants>(module, "Variants", "Many variants; funnelgraph.Variants presents them.")
      .def(py::init([](const fg::Funnel& funnel, const std::vector<fg::Parameter>& parameters,
                       const std::vector<std::string>& changes, const py::list& take_from,
                       const std::vector<fg::Metric>& metrics, bool fit_rows, bool feasible,
                       const py::object& discount_rate, const py::object& capacity,
                       const fg::Funnel* reference, const std::optional<fg::Metric>& metric) {
             const std::vector<fg::Varied> varied = varied_of(parameters, changes, take_from);
             const fg::VariantOptions options{
                 .analysis = analysis_options_of(discount_rate, capacity, reference, metric),
                 .fit_rows = fit_rows,
                 .feasible = feasible};
             const fg::Funnel copy = funnel;
             return unlocked([&] { return fg::Variants(copy, varied, metrics, options); });
           }),
           py::arg("funnel"), py::arg("parameters"), py::arg("changes"), py::arg("take_from"),
           py::arg("metrics"), py::arg("fit_rows"), py::arg("feasible"), py::arg("discount_rate"),
           py::arg("capacity"), py::arg("reference"), py::arg("metric"))
      .def("run", &run, py::arg("columns"), py::arg("results"), py::arg("threads"), py::arg("progress"))
      .def_static("instruction_set", &fg::Variants::instruction_set);
}
