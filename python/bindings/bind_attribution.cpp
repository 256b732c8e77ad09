// Channel attribution: counting journeys from columns of Python, and tables of the credits.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <funnelgraph/explain/channel_attribution.hpp>
#include <funnelgraph/explain/touches.hpp>

#include "bindings.hpp"
#include "convert.hpp"
#include "journey_columns.hpp"
#include "owned_columns.hpp"
#include "table.hpp"

namespace funnelgraph_python {

template <>
struct EnumNames<fg::AttributionMethod> {
  static constexpr const char* kind = "attribution method";
  static constexpr const char* names[] = {"markov", "shapley",    "first",   "last",
                                          "linear", "time_decay", "position"};
};
template <>
struct EnumNames<fg::ConvertedPer> {
  static constexpr const char* kind = "unit of conversions";
  static constexpr const char* names[] = {"journey", "touch"};
};

}  // namespace funnelgraph_python

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;
using Method = fg::AttributionMethod;

template <class T>
using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;

template <class T>
std::span<const T> view_of(const Array<T>& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

/// Whole numbers as the core reads them, in place where they lie so already. What another thread changes
/// meanwhile is read once and checked before it is used.
template <class T>
class WholeNumbers {
 public:
  using Signed = std::make_signed_t<T>;
  explicit WholeNumbers(const py::object& value) {
    if (py::isinstance<Array<Signed>>(value)) {
      signed_ = py::cast<Array<Signed>>(value);
      view_ = {reinterpret_cast<const T*>(signed_.data()), static_cast<std::size_t>(signed_.size())};
    } else {
      unsigned_ = py::cast<Array<T>>(value);
      view_ = view_of(unsigned_);
    }
  }
  /// A negative number reads as one beyond every limit.
  [[nodiscard]] std::span<const T> view() const noexcept { return view_; }

 private:
  Array<Signed> signed_;
  Array<T> unsigned_;
  std::span<const T> view_;
};

std::uint64_t whole_of(const py::dict& given, const char* key) { return py::cast<std::uint64_t>(given[key]); }

fg::AttributionOptions attribution_options(const py::dict& given) {
  fg::AttributionOptions options;
  options.methods.clear();
  for (const py::handle method : py::cast<py::list>(given["methods"]))
    options.methods.push_back(enum_of<Method>(method, "attribute_channels(method=)"));
  options.rules.order = py::cast<std::uint32_t>(given["order"]);
  if (!given["half_life"].is_none())
    options.rules.half_life = days_of(given["half_life"], "attribute_channels(half_life=)");
  const auto weights = py::cast<std::vector<double>>(given["position"]);
  options.rules.position = {weights.at(0), weights.at(1), weights.at(2)};
  for (const auto& [channel, owner] : py::cast<py::dict>(given["owners"]))
    options.owners[text_of(channel, "attribute_channels(owners=)")] =
        ownership_of(owner, "attribute_channels(owners=)");
  for (const auto& [owner, role] : py::cast<py::dict>(given["roles"]))
    options.roles[text_of(owner, "attribute_channels(roles=)")] =
        enum_of<fg::Role>(role, "attribute_channels(roles=)");
  options.intervals = {.replications = whole_of(given, "bootstrap"),
                       .seed = whole_of(given, "seed"),
                       .level = py::cast<double>(given["level"])};
  return options;
}

fg::Execution execution_on(unsigned threads) {
  fg::Execution execution;
  execution.threads = threads;
  return execution;
}

/// Columns of numbers that rows of paths came with; None is none. Read in place: nothing is addressed by
/// them.
struct Ends {
  Ends(const py::object& conversions, const py::object& nulls, const py::object& values)
      : conversions_(numbers(conversions)), nulls_(numbers(nulls)), values_(numbers(values)) {}
  [[nodiscard]] fg::JourneyEnds view() const {
    return {view_of(conversions_), view_of(nulls_), view_of(values_)};
  }

 private:
  static Array<double> numbers(const py::object& value) {
    return value.is_none() ? Array<double>() : py::cast<Array<double>>(value);
  }
  Array<double> conversions_, nulls_, values_;
};

fg::JourneyNames names_of_columns(const std::vector<std::string>& names, std::size_t first_row) {
  return {names.at(0), names.at(1), names.at(2), names.at(3), names.at(4), first_row};
}

/// The counts are filled while nobody else can see them: one thread at a time.
void add_paths(fg::JourneyCounts& counts, const py::object& paths, const py::object& conversions,
               const py::object& nulls, const py::object& values, const std::string& separator,
               const std::vector<std::string>& names, std::size_t first_row, unsigned threads) {
  const JourneyColumn column = JourneyColumn::read(paths, names.at(0), names.at(1));
  const Ends ends(conversions, nulls, values);
  const fg::JourneyNames columns = names_of_columns(names, first_row);
  const fg::JourneyEnds numbers = ends.view();
  py::gil_scoped_release without_gil;
  if (column.is_coded) {
    counts.add(fg::CodedPaths{column.channels, column.codes, column.begin, numbers, {}, columns},
               execution_on(threads));
  } else {
    counts.add(fg::PathTable{column.texts, numbers, separator, columns}, execution_on(threads));
  }
}

void add_coded(fg::JourneyCounts& counts, const std::vector<std::string>& channels, const py::object& codes,
               const py::object& begin, const py::object& conversions, const py::object& nulls,
               const py::object& values, const std::vector<std::string>& names, std::size_t first_row,
               unsigned threads) {
  const WholeNumbers<std::uint32_t> touches(codes);
  const WholeNumbers<std::uint64_t> rows(begin);
  const Ends ends(conversions, nulls, values);
  const fg::JourneyNames columns = names_of_columns(names, first_row);
  const fg::CodedPaths paths{channels, touches.view(), rows.view(), ends.view(), {}, columns};
  py::gil_scoped_release without_gil;
  counts.add(paths, execution_on(threads));
}

fg::ChannelAttribution attribute_touches(std::size_t rows, const py::dict& columns,
                                         const py::dict& touch_options, const py::dict& options,
                                         unsigned threads) {
  const OwnedColumns table(rows, columns);
  const auto text = [&](const char* key) {
    return maybe_text_of(touch_options[key], std::string("attribute_channels(") + key + "=)")
        .value_or(std::string());
  };
  fg::TouchOptions read{.journey = text("journey"),
                        .channel = text("channel"),
                        .time = text("time"),
                        .converted = text("converted"),
                        .value = text("value"),
                        .owner = text("owner")};
  read.converted_per =
      enum_of<fg::ConvertedPer>(touch_options["converted_per"], "attribute_channels(converted_per=)");
  fg::AttributionOptions how = attribution_options(options);
  py::gil_scoped_release without_gil;
  return fg::attribute_channels(table.view(), std::move(read), std::move(how), execution_on(threads));
}

std::optional<std::string> owner_text(const fg::Ownership& owner) {
  return owner.empty() ? std::nullopt : std::optional(to_string(owner));
}

py::object credits_table(const fg::ChannelAttribution& result) {
  using Row = fg::ChannelCredit;
  bool intervals = false, markov = false, owned = false;
  for (const Row& row : result.credits) {
    intervals = intervals || !std::isnan(row.conversions.low);
    markov = markov || row.method == Method::markov;
    owned = owned || !row.owner.empty();
  }
  TableBuilder table(result.credits);
  table.column("method", [](const Row& row) { return std::string(enum_name(row.method)); });
  table.column("channel", &Row::channel);
  if (owned) table.column("owner", [](const Row& row) { return owner_text(row.owner); });
  table.column("touches", &Row::touches);
  const auto figure = [&](const std::string& name, fg::CreditFigure Row::* which) {
    table.column(name, [which](const Row& row) { return (row.*which).value; });
    if (!intervals) return;
    table.column(name + "_low", [which](const Row& row) { return (row.*which).low; });
    table.column(name + "_high", [which](const Row& row) { return (row.*which).high; });
  };
  figure("conversions", &Row::conversions);
  figure("share", &Row::share);
  if (!std::isnan(result.value)) figure("value", &Row::value);
  if (markov) figure("removal_effect", &Row::removal_effect);
  return table_object(table.build());
}

py::object owner_credits_table(const fg::ChannelAttribution& result) {
  using Row = fg::OwnerCredit;
  TableBuilder table(result.owners);
  table.column("method", [](const Row& row) { return std::string(enum_name(row.method)); });
  table.column("owner", &Row::owner);
  table.column("conversions", &Row::conversions);
  table.column("share", &Row::share);
  if (!std::isnan(result.value)) table.column("value", &Row::value);
  if (result.chain.state_count() > 0) table.column("removal_effect", &Row::removal_effect);
  return table_object(table.build());
}

py::object journey_transitions_table(const fg::ChannelAttribution& result) {
  using Row = fg::JourneyTransition;
  const std::vector<Row> rows = result.transitions();
  return table_object(TableBuilder(rows)
                          .column("from", &Row::from)
                          .column("to", &Row::to)
                          .column("count", &Row::count)
                          .column("rate", &Row::rate)
                          .build());
}

/// A channel a row, a method a column: conversions, or values.
py::object side_by_side(const fg::ChannelAttribution& result, const std::string& what) {
  const std::size_t channels = result.channels.size();
  std::vector<std::size_t> rows(channels);
  for (std::size_t c = 0; c < channels; ++c) rows[c] = c;
  fg::CreditFigure fg::ChannelCredit::* which = &fg::ChannelCredit::conversions;
  if (what == "share") which = &fg::ChannelCredit::share;
  if (what == "value") which = &fg::ChannelCredit::value;
  TableBuilder table(rows);
  table.column("channel", [&](std::size_t c) { return result.channels[c]; });
  for (std::size_t first = 0; first < result.credits.size(); first += channels) {
    table.column(enum_name(result.credits[first].method),
                 [&, first](std::size_t c) { return (result.credits[first + c].*which).value; });
  }
  return table_object(table.build());
}

}  // namespace

void bind_attribution(py::module_& module) {
  using Result = fg::ChannelAttribution;
  py::class_<Result>(module, "ChannelAttribution")
      .def_readonly("conversions", &Result::conversions)
      .def_readonly("nulls", &Result::nulls)
      .def_readonly("value", &Result::value)
      .def_readonly("conversion_rate", &Result::conversion_rate)
      .def_readonly("channels", &Result::channels)
      .def_readonly("notes", &Result::notes)
      .def_property_readonly("order", [](const Result& self) { return self.chain.order; })
      .def("credits", &credits_table)
      .def("owners", &owner_credits_table)
      .def("transitions", &journey_transitions_table)
      .def("side_by_side", &side_by_side, py::arg("what"));

  py::class_<fg::JourneyCounts>(module, "JourneyCounts")
      .def(py::init([](const py::dict& options) { return fg::JourneyCounts(attribution_options(options)); }),
           py::arg("options"))
      .def("add_paths", &add_paths, py::arg("paths"), py::arg("conversions"), py::arg("nulls"),
           py::arg("values"), py::arg("separator"), py::arg("names"), py::arg("first_row"),
           py::arg("threads"))
      .def("add_coded", &add_coded, py::arg("channels"), py::arg("codes"), py::arg("begin"),
           py::arg("conversions"), py::arg("nulls"), py::arg("values"), py::arg("names"),
           py::arg("first_row"), py::arg("threads"))
      .def(
          "attribution",
          [](const fg::JourneyCounts& self, unsigned threads) {
            py::gil_scoped_release without_gil;
            return fg::attribute_channels(self, execution_on(threads));
          },
          py::arg("threads"));
  module.def("attribute_touches", &attribute_touches, py::arg("rows"), py::arg("columns"), py::arg("touches"),
             py::arg("options"), py::arg("threads"));
  module.attr("ATTRIBUTION_HEADER") = std::string(fg::attribution_header);
  py::list methods;
  for (const char* name : EnumNames<Method>::names) methods.append(name);
  module.attr("ATTRIBUTION_METHODS") = py::tuple(methods);
}
