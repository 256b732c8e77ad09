// Scenarios, apply and diff. Parts travel inside a funnel that holds nothing else, so that their fields are
// read and written in one place, the funnel's bindings.
#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <funnelgraph/io/scenario_json.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/change.hpp>
#include <funnelgraph/scenario/diff.hpp>

#include "bindings.hpp"
#include "changes.hpp"
#include "convert.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

fg::PartKind part_kind(const std::string& kind) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(fg::PartKind::view); ++i) {
    names.push_back(fg::to_string(static_cast<fg::PartKind>(i)));
  }
  return static_cast<fg::PartKind>(position_of("part", kind, names));
}

std::vector<fg::Part> parts_in(const fg::Funnel& holder, fg::PartKind kind) {
  std::vector<fg::Part> parts;
  const auto take = [&](const auto& all) {
    for (const auto& part : all) parts.emplace_back(part);
  };
  switch (kind) {
    case fg::PartKind::owner:
      take(holder.owners());
      break;
    case fg::PartKind::stage:
      take(holder.stages());
      break;
    case fg::PartKind::outcome:
      take(holder.outcomes());
      break;
    case fg::PartKind::transition:
      take(holder.transitions());
      break;
    case fg::PartKind::entry:
      take(holder.entries());
      break;
    case fg::PartKind::lever:
      take(holder.levers());
      break;
    case fg::PartKind::influence:
      take(holder.influences());
      break;
    case fg::PartKind::view:
      take(holder.views());
  }
  return parts;
}

fg::Funnel holder_of(const std::vector<fg::Part>& parts) {
  fg::Funnel holder;
  for (const fg::Part& given : parts) {
    std::visit(
        [&](const auto& part) {
          using P = std::decay_t<decltype(part)>;
          if constexpr (std::is_same_v<P, fg::Owner>) {
            holder.add_owner(part);
          } else if constexpr (std::is_same_v<P, fg::Stage>) {
            holder.add_stage(part);
          } else if constexpr (std::is_same_v<P, fg::Outcome>) {
            holder.add_outcome(part);
          } else if constexpr (std::is_same_v<P, fg::Transition>) {
            holder.add_transition(part);
          } else if constexpr (std::is_same_v<P, fg::Entry>) {
            holder.add_entry(part);
          } else if constexpr (std::is_same_v<P, fg::Lever>) {
            holder.add_lever(part);
          } else if constexpr (std::is_same_v<P, fg::Influence>) {
            holder.add_influence(part);
          } else {
            holder.add_view(part);
          }
        },
        given);
  }
  return holder;
}

py::object take_from_object(const fg::TakeFrom& from) {
  return from.is_nobody() ? py::object(py::none()) : py::object(py::str(from.name()));
}

// The fields of a change, by which Python shows it and writes it as code.
py::dict change_fields(const fg::Change& change) {
  py::dict fields;
  std::visit(
      [&](const auto& what) {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, fg::NumberChange>) {
          fields["change"] = fg::to_string(what.kind);
          fields["parameter"] = what.parameter;
          fields["value"] = what.value;
          fields["take_from"] = take_from_object(what.take_from);
          fields["clip"] = what.clip;
        } else if constexpr (std::is_same_v<What, fg::AddPart>) {
          fields["change"] = "add";
          fields["part"] = fg::to_string(fg::kind_of(what.part));
          fields["names"] = py::tuple(py::cast(fg::names_of(what.part)));
          fields["holder"] = holder_of({what.part});
          fields["take_from"] = take_from_object(what.take_from);
        } else if constexpr (std::is_same_v<What, fg::RemovePart>) {
          fields["change"] = "remove";
          fields["part"] = fg::to_string(what.kind);
          fields["names"] = py::tuple(py::cast(what.names));
        } else if constexpr (std::is_same_v<What, fg::ReplacePart>) {
          fields["change"] = "replace";
          fields["part"] = fg::to_string(what.kind);
          fields["names"] = py::tuple(py::cast(what.names));
          fields["holder"] = holder_of(what.parts);
          fields["count"] = what.parts.size();
        } else if constexpr (std::is_same_v<What, fg::SetOwner>) {
          fields["change"] = "set_owner";
          fields["names"] = py::make_tuple(what.name);
          fields["owner"] = ownership_dict(what.owner);
        } else {
          fields["change"] = "replace_info";
          fields["holder"] = fg::Funnel(what.info);
        }
      },
      change.what);
  fields["start"] = change.start;
  fields["end"] = change.end;
  fields["scenario"] = change.scenario;
  fields["text"] = fg::to_string(change);
  return fields;
}

}  // namespace

void bind_scenario(py::module_& module) {
  py::class_<fg::Scenario>(module, "Scenario", "A scenario; funnelgraph.Scenario presents it.")
      .def(py::init([](const py::object& name, const py::object& description) {
             return fg::Scenario(text_of(name, "Scenario(name)"),
                                 text_of(description, "Scenario(description=)"));
           }),
           py::arg("name"), py::arg("description"))
      .def_property_readonly("name", &fg::Scenario::name)
      .def_property_readonly("description", &fg::Scenario::description)
      .def("change_list",
           [](const fg::Scenario& scenario) {
             py::list result;
             for (const fg::Change& change : scenario.changes()) result.append(change_fields(change));
             return result;
           })
      .def("count", [](const fg::Scenario& scenario) { return scenario.changes().size(); })
      .def(
          "number",
          [](const fg::Scenario& scenario, const std::string& kind, const py::object& parameter,
             const py::object& value, const py::object& take_from, bool clip, const py::object& start,
             const py::object& end) {
            const fg::ChangeKind chosen = change_kind_of(kind);
            const fg::Parameter& address = parameter_of(parameter, kind + "()");
            const bool days =
                is_duration(address) && (chosen == fg::ChangeKind::set || chosen == fg::ChangeKind::shift);
            const std::string where = kind + "(value)";
            fg::Number number = days ? number_of_days(value, where) : number_of(value, where);
            return scenario.with({.what = fg::NumberChange{chosen, address, std::move(number),
                                                           take_from_of(take_from, "take_from="), clip},
                                  .start = maybe_days_of(start, "start="),
                                  .end = maybe_days_of(end, "end=")});
          },
          py::arg("kind"), py::arg("parameter"), py::arg("value"), py::arg("take_from"), py::arg("clip"),
          py::arg("start"), py::arg("end"))
      .def(
          "add",
          [](const fg::Scenario& scenario, const std::string& part, const fg::Funnel& holder,
             const py::object& take_from) {
            return scenario.add(parts_in(holder, part_kind(part)).at(0),
                                take_from_of(take_from, "take_from="));
          },
          py::arg("part"), py::arg("holder"), py::arg("take_from"))
      .def(
          "remove",
          [](const fg::Scenario& scenario, const std::string& part, const py::object& names) {
            return scenario.remove(part_kind(part), names_of(names, "names of a part"));
          },
          py::arg("part"), py::arg("names"))
      .def(
          "replace",
          [](const fg::Scenario& scenario, const std::string& part, const py::object& names,
             const fg::Funnel& holder) {
            const fg::PartKind kind = part_kind(part);
            return scenario.replace(kind, names_of(names, "names of a part"), parts_in(holder, kind));
          },
          py::arg("part"), py::arg("names"), py::arg("holder"))
      .def(
          "replace_info",
          [](const fg::Scenario& scenario, const fg::Funnel& holder) {
            return scenario.replace_info(holder.info());
          },
          py::arg("holder"))
      .def(
          "set_owner",
          [](const fg::Scenario& scenario, const py::object& name, const py::object& owner) {
            return scenario.set_owner(text_of(name, "set_owner(name)"),
                                      ownership_of(owner, "set_owner(owner)"));
          },
          py::arg("name"), py::arg("owner"))
      .def(
          "during",
          [](const fg::Scenario& scenario, const py::object& start, const py::object& end) {
            return scenario.during(maybe_days_of(start, "during(start)"), maybe_days_of(end, "during(end)"));
          },
          py::arg("start"), py::arg("end"))
      .def(
          "named",
          [](const fg::Scenario& scenario, const py::object& name) {
            return scenario.named(text_of(name, "named(name)"));
          },
          py::arg("name"))
      .def(
          "described",
          [](const fg::Scenario& scenario, const py::object& description) {
            return scenario.described(text_of(description, "described(description)"));
          },
          py::arg("description"))
      .def(
          "__or__", [](const fg::Scenario& a, const fg::Scenario& b) { return a | b; }, py::arg("other"),
          py::is_operator())
      .def(
          "__eq__", [](const fg::Scenario& a, const fg::Scenario& b) { return a == b; }, py::arg("other"),
          py::is_operator())
      .def("__hash__", [](const fg::Scenario& scenario) { return fg::hash_value(scenario); })
      .def(
          "inverse",
          [](const fg::Scenario& scenario, const fg::Funnel& funnel) {
            return fg::inverse(scenario, funnel);
          },
          py::arg("funnel"));

  module.def(
      "apply",
      [](const fg::Funnel& funnel, const fg::Scenario& scenario, const py::object& at, bool clip) {
        fg::Applied applied =
            fg::apply_with_notes(funnel, scenario, apply_options_of(at, clip, "apply(at=)"));
        return py::make_tuple(std::move(applied.funnel), clipped_tuples(applied.notes));
      },
      py::arg("funnel"), py::arg("scenario"), py::arg("at"), py::arg("clip"));
  module.def(
      "diff",
      [](const fg::Funnel& from, const fg::Funnel& to, const py::object& name) {
        return fg::diff(from, to, text_of(name, "diff(name=)"));
      },
      py::arg("before"), py::arg("after"), py::arg("name"));
  module.def(
      "scenario_to_json",
      [](const fg::Scenario& scenario, int indent) { return fg::to_json(scenario, {.indent = indent}); },
      py::arg("scenario"), py::arg("indent"));
  module.def(
      "scenario_from_json",
      [](const py::object& text, const std::string& source) {
        const std::string document =
            py::isinstance<py::bytes>(text) ? py::cast<std::string>(text) : text_of(text, "from_json()");
        fg::JsonReadOptions options;
        options.source = source;
        return fg::from_json<fg::Scenario>(document, options);
      },
      py::arg("text"), py::arg("source"));
}
