// Statistics from columns of NumPy arrays. What is counted was copied before the interpreter is let go, so a
// thread that changes an array meanwhile changes nothing here. A bound Statistics never changes: merging and
// updating make new ones, so that they can be read without the interpreter.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/fit/date_column.hpp>
#include <funnelgraph/fit/delimited.hpp>
#include <funnelgraph/fit/events.hpp>
#include <funnelgraph/fit/milestones.hpp>
#include <funnelgraph/fit/number_column.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/fit/tally.hpp>

#include "bindings.hpp"
#include "convert.hpp"
#include "given_options.hpp"
#include "owned_columns.hpp"
#include "reader_notes.hpp"
#include "table.hpp"

namespace funnelgraph_python {

template <>
struct EnumNames<fg::fit::Status> {
  static constexpr const char* kind = "status";
  static constexpr const char* names[] = {"open", "won", "lost", "screened", "silent"};
};
template <>
struct EnumNames<fg::fit::JourneyEnd> {
  static constexpr const char* kind = "end";
  static constexpr const char* names[] = {"drop_off", "open", "silent"};
};
template <>
struct EnumNames<fg::fit::Ties> {
  static constexpr const char* kind = "ties";
  static constexpr const char* names[] = {"row", "stage"};
};
template <>
struct EnumNames<fg::fit::Durations> {
  static constexpr const char* kind = "durations";
  static constexpr const char* names[] = {"exact", "log"};
};
template <>
struct EnumNames<fg::fit::OpenRule> {
  static constexpr const char* kind = "open rule";
  static constexpr const char* names[] = {"exclude", "lost", "matured"};
};
template <>
struct EnumNames<fg::fit::LossDetail> {
  static constexpr const char* kind = "losses";
  static constexpr const char* names[] = {"owner", "reason", "total"};
};

}  // namespace funnelgraph_python

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;
using namespace funnelgraph_python;

/// {"purchase": "won"}, or names that are all won.
std::map<std::string, fg::OutcomeKind> outcomes_of(const py::handle& value, const std::string& where) {
  std::map<std::string, fg::OutcomeKind> outcomes;
  if (value.is_none()) return outcomes;
  if (py::isinstance<py::dict>(value)) {
    for (const auto& [key, kind] : py::cast<py::dict>(value)) {
      outcomes[text_of(key, where)] = enum_of<fg::OutcomeKind>(kind, where);
    }
    return outcomes;
  }
  for (const std::string& name : names_of(value, where)) outcomes[name] = fg::OutcomeKind::won;
  return outcomes;
}

/// The options that both readers have.
template <class Options>
void read_common(Options& options, const GivenOptions& read) {
  read.text("amount", options.amount);
  read.text("cost", options.cost);
  read.text("segment", options.segment);
  read.text("person", options.person);
  options.measures = read.texts("measures");
  options.outcomes = outcomes_of(read.get("outcomes"), read.where("outcomes"));
  read.until(options.until);
  read.maybe_days("silence", options.silence);
  if (!read.get("durations").is_none()) {
    options.durations = enum_of<fit::Durations>(read.get("durations"), read.where("durations"));
  }
  if (!read.get("keep_journeys").is_none()) options.keep_journeys = py::cast<bool>(read.get("keep_journeys"));
}

fit::MilestoneOptions milestone_options(const py::dict& given) {
  const GivenOptions read(given, "milestones");
  fit::MilestoneOptions options;
  read_common(options, read);
  options.journey = "";  // none: every row is one
  read.text("journey", options.journey);
  const py::object stages = read.get("stages");
  if (!py::isinstance<py::dict>(stages))
    refuse(stages, read.where("stages"), "a mapping of stages to columns, in order");
  for (const auto& [stage, column] : py::cast<py::dict>(stages)) {
    options.stages.push_back({text_of(stage, read.where("stages")), text_of(column, read.where("stages"))});
  }
  read.text("lost", options.lost);
  read.text("status", options.status);
  read.text("lost_at", options.lost_at);
  options.reasons = read.texts("reasons");
  if (!read.get("statuses").is_none()) {
    for (const auto& [word, meaning] : py::cast<py::dict>(read.get("statuses"))) {
      options.statuses[text_of(word, read.where("statuses"))] =
          enum_of<fit::Status>(meaning, read.where("statuses"));
    }
  }
  return options;
}

fit::EventOptions event_options(const py::dict& given) {
  const GivenOptions read(given, "events");
  fit::EventOptions options;
  read_common(options, read);
  options.journey = text_of(read.get("journey"), read.where("journey"));
  options.stage = text_of(read.get("stage"), read.where("stage"));
  options.time = text_of(read.get("time"), read.where("time"));
  options.ties = enum_of<fit::Ties>(read.get("ties"), read.where("ties"));
  read.text("tie_column", options.tie_column);
  if (!read.get("end").is_none()) {
    options.end = enum_of<fit::JourneyEnd>(read.get("end"), read.where("end"));
  }
  options.stages = read.names("stages");
  return options;
}

/// Which columns a reader wants as what: "times", "numbers", "labels", or "any".
class Wanted {
 public:
  void add(const std::string& column, const char* kind) {
    if (!column.empty() && !result_.contains(column)) result_[py::str(column)] = kind;
  }
  template <class Options>
  void add_common(const Options& options) {
    add(options.segment, "labels");
    add(options.person, "labels");
    add(options.amount, "numbers");
    add(options.cost, "numbers");
    for (const auto& [name, column] : options.measures) add(column, "numbers");
  }
  [[nodiscard]] py::dict result() const { return result_; }

 private:
  py::dict result_;
};

py::dict columns_of(const fit::MilestoneOptions& options) {
  Wanted wanted;
  wanted.add(options.journey, "labels");
  for (const fit::StageColumn& stage : options.stages) wanted.add(stage.column, "times");
  wanted.add(options.lost_at, "times");
  wanted.add(options.lost, "labels");
  wanted.add(options.status, "labels");
  wanted.add_common(options);
  return wanted.result();
}

py::dict columns_of(const fit::EventOptions& options) {
  Wanted wanted;
  wanted.add(options.journey, "labels");
  wanted.add(options.stage, "labels");
  wanted.add(options.time, "times");
  wanted.add_common(options);
  wanted.add(options.tie_column, "any");
  return wanted.result();
}

py::dict columns_of(const fit::Statistics& statistics) {
  const fit::StatisticsContent& content = statistics.content();
  if (content.reader == fit::Reader::events) return columns_of(content.events);
  if (content.reader == fit::Reader::milestones) return columns_of(content.milestones);
  return {};
}

py::object counted_transitions_table(const fit::Statistics& statistics) {
  using Row = fit::TransitionRow;
  const auto rows = unlocked([&] { return statistics.transitions(); });
  return table_object(TableBuilder(rows)
                          .column("from", &Row::from)
                          .column("to", &Row::to)
                          .column("count", &Row::count)
                          .column("entered", &Row::entered)
                          .column("open", &Row::open)
                          .column("rate", &Row::rate)
                          .column("rate_closed", &Row::rate_closed)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .column("lag_mean", &Row::lag_mean)
                          .column("lag_sd", &Row::lag_sd)
                          .column("lag_median", &Row::lag_median)
                          .column("lag_number", &Row::lag_number)
                          .build());
}

py::object counted_stages_table(const std::vector<fit::StageCount>& rows, bool by_segment) {
  using Row = fit::StageCount;
  TableBuilder table(rows);
  if (by_segment) table.column("segment", &Row::segment);
  return table_object(table.column("stage", &Row::stage)
                          .column("entered", &Row::entered)
                          .column("started", &Row::started)
                          .column("open", &Row::open)
                          .column("drop_off", &Row::dropped)
                          .build());
}

py::object losses_table(const fit::Statistics& statistics) {
  using Row = fit::LossRow;
  const auto rows = statistics.losses();
  return table_object(TableBuilder(rows)
                          .column("stage", &Row::stage)
                          .column("reason", [](const Row& row) { return unless_empty(row.reason); })
                          .column("owner", &Row::owner)
                          .column("count", &Row::count)
                          .column("lag_mean", &Row::lag_mean)
                          .build());
}

py::object measures_table(const fit::Statistics& statistics) {
  using Row = fit::MeasureRow;
  const auto rows = statistics.measures();
  return table_object(TableBuilder(rows)
                          .column("segment", &Row::segment)
                          .column("stage", &Row::stage)
                          .column("measure", &Row::measure)
                          .column("sum", &Row::sum)
                          .column("number", &Row::number)
                          .column("mean", &Row::mean)
                          .column("sd", &Row::sd)
                          .build());
}

py::object cycles_table(const fit::Statistics& statistics) {
  using Row = fit::CycleRow;
  const auto rows = statistics.cycles();
  return table_object(TableBuilder(rows)
                          .column("end", &Row::end)
                          .column("number", &Row::number)
                          .column("mean", &Row::mean)
                          .column("sd", &Row::sd)
                          .column("median", &Row::median)
                          .build());
}

py::object persons_table(const fit::Statistics& statistics, const std::string& from, const std::string& to) {
  using Row = fit::PersonRow;
  const auto rows = statistics.persons(from, to);
  return table_object(TableBuilder(rows)
                          .column("person", &Row::person)
                          .column("count", &Row::count)
                          .column("closed", &Row::closed)
                          .column("rate", &Row::rate)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .build());
}

fit::FunnelOptions funnel_options(const py::dict& given) {
  const GivenOptions read(given, "to_funnel");
  fit::FunnelOptions options;
  options.name = text_of(read.get("name"), read.where("name"));
  options.currency = text_of(read.get("currency"), read.where("currency"));
  options.period = text_of(read.get("period"), read.where("period"));
  options.periods = double_of(read.get("periods"), read.where("periods"));
  for (const auto& [name, owner] : read.mapping("owners")) {
    options.owners[text_of(name, read.where("owners"))] = ownership_of(owner, read.where("owners"));
  }
  for (const auto& [name, role] : read.mapping("roles")) {
    options.roles[text_of(name, read.where("roles"))] = enum_of<fg::Role>(role, read.where("roles"));
  }
  options.outcomes = outcomes_of(read.get("outcomes"), read.where("outcomes"));
  options.open = enum_of<fit::OpenRule>(read.get("open"), read.where("open"));
  options.values = read.texts("values");
  if (!read.get("costs").is_none()) options.costs = read.texts("costs");
  options.lag = enum_of<fg::LagFamily>(read.get("lag"), read.where("lag"));
  options.losses = enum_of<fit::LossDetail>(read.get("losses"), read.where("losses"));
  return options;
}

py::array_t<fit::Tick> ticks_array(std::vector<fit::Tick> ticks) {
  py::array_t<fit::Tick> array(static_cast<py::ssize_t>(ticks.size()));
  std::copy(ticks.begin(), ticks.end(), array.mutable_data());
  return array;
}

fit::DateOptions date_options(std::optional<bool> day_first) {
  fit::DateOptions options;
  options.day_first = day_first;
  return options;
}

fit::NumberOptions number_options(const std::optional<std::string>& decimal) {
  fit::NumberOptions options;
  if (!decimal) return options;
  if (*decimal != "." && *decimal != ",")
    throw fg::InvalidValueError("read_table(decimal=)", quoted(*decimal), "\".\" or \",\"");
  options.decimal_mark = *decimal == "." ? fit::DecimalMark::point : fit::DecimalMark::comma;
  return options;
}

fit::CellPlace place_of(const std::string& source, const std::string& column) {
  fit::CellPlace place;
  place.source = source;
  place.column = column;
  return place;
}

/// {name: cells}, None where one is missing.
py::dict columns_of_text(const std::string& text, const std::string& source,
                         const std::optional<std::string>& delimiter,
                         const std::vector<std::string>& missing) {
  fit::DelimitedOptions options;
  options.source = source;
  options.missing = missing;
  if (delimiter) {
    if (delimiter->size() != 1) {
      throw fg::InvalidValueError("read_table(delimiter=)", quoted(*delimiter), "one character");
    }
    options.delimiter = delimiter->front();
  }
  const fit::DelimitedTable table = unlocked([&] { return fit::parse_delimited(text, options); });
  py::dict columns;
  for (const std::string& name : table.names()) {
    py::list cells;
    for (const std::string& cell : table.text(name)) {
      if (cell.empty()) {
        cells.append(py::none());
      } else {
        cells.append(cell);
      }
    }
    columns[py::str(name)] = std::move(cells);
  }
  return columns;
}

}  // namespace

void bind_fit(py::module_& module) {
  using fit::Statistics;
  py::class_<Statistics>(module, "Statistics")
      .def(py::init<>())
      .def("save", [](const Statistics& self) { return py::bytes(unlocked([&] { return self.save(); })); })
      .def_static(
          "load",
          [](const py::bytes& bytes) {
            const std::string content(bytes);
            return unlocked([&] { return Statistics::load(content); });
          },
          py::arg("data"))
      .def(
          "merged",
          [](const Statistics& self, const Statistics& other) {
            return unlocked([&] { return self + other; });
          },
          py::arg("other"))
      .def(
          "updated",
          [](const Statistics& self, std::size_t rows, const py::dict& columns,
             std::optional<fit::Tick> until) {
            const OwnedColumns table(rows, columns);
            return unlocked([&] {
              Statistics next = self;
              next.update(table.view(), until);
              return next;
            });
          },
          py::arg("rows"), py::arg("columns"), py::arg("until"))
      .def_property_readonly("columns", [](const Statistics& self) { return columns_of(self); })
      .def_property_readonly(
          "is_empty", [](const Statistics& self) { return self.content().reader == fit::Reader::none; })
      .def_property_readonly("journeys", &Statistics::journeys)
      .def_property_readonly("stage_names", &Statistics::stage_names)
      .def_property_readonly("segment_names", [](const Statistics& self) { return self.segment_names(); })
      .def("entered", &Statistics::entered, py::arg("stage"))
      .def("count", &Statistics::count, py::arg("source"), py::arg("target"))
      .def("lag_quantile", &Statistics::lag_quantile, py::arg("source"), py::arg("target"),
           py::arg("probability"))
      .def("segment", &Statistics::segment, py::arg("name"))
      .def("transitions", &counted_transitions_table)
      .def("stages", [](const Statistics& self) { return counted_stages_table(self.stages(), false); })
      .def("stages_by_segment",
           [](const Statistics& self) { return counted_stages_table(self.stages_by_segment(), true); })
      .def("losses", &losses_table)
      .def("measures", &measures_table)
      .def("cycles", &cycles_table)
      .def("notes", [](const Statistics& self) { return reader_notes_table(self.notes()); })
      .def("persons", &persons_table, py::arg("source"), py::arg("target"))
      .def(
          "to_funnel",
          [](const Statistics& self, const py::dict& options) {
            const fit::FunnelOptions read = funnel_options(options);
            return unlocked([&] { return self.to_funnel(read); });
          },
          py::arg("options"))
      .def(
          "to_segments",
          [](const Statistics& self, const py::dict& options) {
            const fit::FunnelOptions read = funnel_options(options);
            return unlocked([&] { return self.to_segmented_funnel(read).segments(); });
          },
          py::arg("options"))
      .def(
          "__eq__", [](const Statistics& self, const Statistics& other) { return self == other; },
          py::arg("other"));

  module.def(
      "milestone_columns", [](const py::dict& options) { return columns_of(milestone_options(options)); },
      py::arg("options"));
  module.def(
      "event_columns", [](const py::dict& options) { return columns_of(event_options(options)); },
      py::arg("options"));
  module.def(
      "fit_milestones",
      [](std::size_t rows, const py::dict& columns, const py::dict& options) {
        const fit::MilestoneOptions read = milestone_options(options);
        const OwnedColumns table(rows, columns);
        return unlocked([&] { return fit::milestones(table.view(), read); });
      },
      py::arg("rows"), py::arg("columns"), py::arg("options"));
  module.def(
      "fit_events",
      [](std::size_t rows, const py::dict& columns, const py::dict& options) {
        const fit::EventOptions read = event_options(options);
        const OwnedColumns log(rows, columns);
        return unlocked([&] { return fit::events(log.view(), read); });
      },
      py::arg("rows"), py::arg("columns"), py::arg("options"));

  module.def(
      "times_from_text",
      [](const std::vector<std::string>& cells, const std::string& source, const std::string& column,
         std::optional<bool> day_first) {
        const fit::CellPlace place = place_of(source, column);
        return ticks_array(unlocked([&] { return fit::read_times(cells, place, date_options(day_first)); }));
      },
      py::arg("cells"), py::arg("source"), py::arg("column"), py::arg("day_first"));
  module.def(
      "numbers_from_text",
      [](const std::vector<std::string>& cells, const std::string& source, const std::string& column,
         const std::optional<std::string>& decimal) {
        const fit::CellPlace place = place_of(source, column);
        const fit::NumberOptions options = number_options(decimal);
        const std::vector<double> numbers =
            unlocked([&] { return fit::read_numbers(cells, place, options); });
        return py::array_t<double>(static_cast<py::ssize_t>(numbers.size()), numbers.data());
      },
      py::arg("cells"), py::arg("source"), py::arg("column"), py::arg("decimal"));
  module.def("read_delimited", &columns_of_text, py::arg("text"), py::arg("source"), py::arg("delimiter"),
             py::arg("missing"));
}
