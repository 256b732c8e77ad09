// The funnel. Parts go in as keyword arguments and come out as dictionaries or tables; the classes that
// users see are written in Python (funnelgraph/model.py) around `_core.Funnel`.
#include <pybind11/stl.h>

#include <limits>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/model/relabel.hpp>
#include <funnelgraph/model/validate.hpp>

#include "bindings.hpp"
#include "convert.hpp"
#include "model_bindings.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

fg::Owner owner_from(const py::object& name, const py::object& role, const py::object& fixed_cost,
                     const py::object& labels) {
  return {.name = text_of(name, "owner name"),
          .role = enum_of<fg::Role>(role, "role="),
          .fixed_cost = number_of(fixed_cost, "fixed_cost="),
          .labels = labels_of(labels, "labels=")};
}

fg::Stage stage_from(const py::object& name, const py::object& owner, const py::object& involved,
                     const py::object& unit, const py::object& definition, const py::object& accept_if,
                     const py::object& labels, const py::object& cost, const py::object& value,
                     const py::object& commission, const py::object& capacity, const py::object& drop_off) {
  return {.name = text_of(name, "stage name"),
          .owner = ownership_of(owner, "owner="),
          .involved = names_of(involved, "involved="),
          .unit = text_of(unit, "unit="),
          .definition = text_of(definition, "definition="),
          .accept_if = text_of(accept_if, "accept_if="),
          .labels = labels_of(labels, "labels="),
          .cost = number_of(cost, "cost="),
          .value = number_of(value, "value="),
          .commission = number_of(commission, "commission="),
          .capacity = maybe_number_of(capacity, "capacity="),
          .drop_off = maybe_number_of(drop_off, "drop_off=")};
}

fg::Outcome outcome_from(const py::object& name, const py::object& kind, const py::object& owner,
                         const py::object& value, const py::object& commission, const py::object& definition,
                         const py::object& labels) {
  return {.name = text_of(name, "outcome name"),
          .kind = enum_of<fg::OutcomeKind>(kind, "kind="),
          .owner = ownership_of(owner, "owner="),
          .value = number_of(value, "value="),
          .commission = number_of(commission, "commission="),
          .definition = text_of(definition, "definition="),
          .labels = labels_of(labels, "labels=")};
}

fg::Lever lever_from(const py::object& name, const py::object& owner, const py::object& value,
                     const py::object& reference, const py::object& labels) {
  return {.name = text_of(name, "lever name"),
          .owner = ownership_of(owner, "owner="),
          .value = number_of(value, "value="),
          .reference = double_of(reference, "reference="),
          .labels = labels_of(labels, "labels=")};
}

std::optional<fg::Observed> observed_from(const py::object& observed) {
  if (observed.is_none()) return std::nullopt;
  if (!py::isinstance<py::sequence>(observed) || py::isinstance<py::str>(observed) ||
      py::len(observed) != 3) {
    refuse(observed, "observed=", "(count, entered, open)");
  }
  const auto numbers = py::reinterpret_borrow<py::sequence>(observed);
  return fg::Observed{double_of(py::object(numbers[0]), "observed="),
                      double_of(py::object(numbers[1]), "observed="),
                      double_of(py::object(numbers[2]), "observed=")};
}

fg::Transition transition_from(const py::object& from, const py::object& to, const py::object& rate,
                               const py::object& lag, const py::object& cost, const py::object& value,
                               const py::object& service_level, const py::object& observed) {
  return {.from = text_of(from, "transition from"),
          .to = text_of(to, "transition to"),
          .rate = number_of(rate, "rate="),
          .lag = lag_of(lag, "lag="),
          .cost = number_of(cost, "cost="),
          .value = number_of(value, "value="),
          .service_level = maybe_number_of_days(service_level, "service_level="),
          .observed = observed_from(observed)};
}

py::object plain(const fg::Ownership& ownership) {
  const auto& shares = ownership.shares();
  if (shares.empty()) return py::none();
  if (shares.size() == 1 && shares.front().share == 1) return py::str(shares.front().owner);
  return ownership_dict(ownership);
}

py::object maybe(const std::optional<fg::Number>& number) {
  return number ? py::cast(*number) : py::object(py::none());
}

// The keyword arguments that would add the same part again.
py::dict owner_fields(const fg::Owner& owner) {
  py::dict fields;
  fields["name"] = owner.name;
  fields["role"] = enum_name(owner.role);
  fields["fixed_cost"] = owner.fixed_cost;
  fields["labels"] = labels_dict(owner.labels);
  return fields;
}

py::dict stage_fields(const fg::Stage& stage) {
  py::dict fields;
  fields["name"] = stage.name;
  fields["owner"] = plain(stage.owner);
  fields["involved"] = py::tuple(py::cast(stage.involved));
  fields["unit"] = stage.unit;
  fields["definition"] = stage.definition;
  fields["accept_if"] = stage.accept_if;
  fields["labels"] = labels_dict(stage.labels);
  fields["cost"] = stage.cost;
  fields["value"] = stage.value;
  fields["commission"] = stage.commission;
  fields["capacity"] = maybe(stage.capacity);
  fields["drop_off"] = maybe(stage.drop_off);
  return fields;
}

py::dict outcome_fields(const fg::Outcome& outcome) {
  py::dict fields;
  fields["name"] = outcome.name;
  fields["kind"] = enum_name(outcome.kind);
  fields["owner"] = plain(outcome.owner);
  fields["value"] = outcome.value;
  fields["commission"] = outcome.commission;
  fields["definition"] = outcome.definition;
  fields["labels"] = labels_dict(outcome.labels);
  return fields;
}

py::dict transition_fields(const fg::Transition& transition) {
  py::dict fields;
  fields["source"] = transition.from;
  fields["target"] = transition.to;
  fields["rate"] = transition.rate;
  fields["lag"] = transition.lag;
  fields["cost"] = transition.cost;
  fields["value"] = transition.value;
  fields["service_level"] = maybe(transition.service_level);
  if (const auto& observed = transition.observed) {
    fields["observed"] = py::make_tuple(observed->count, observed->entered, observed->open);
  } else {
    fields["observed"] = py::none();
  }
  return fields;
}

py::dict entry_fields(const fg::Entry& entry) {
  py::dict fields;
  fields["stage"] = entry.stage;
  fields["volume"] = entry.volume;
  fields["cost"] = entry.cost;
  fields["channel"] = entry.channel;
  fields["owner"] = plain(entry.owner);
  return fields;
}

py::dict lever_fields(const fg::Lever& lever) {
  py::dict fields;
  fields["name"] = lever.name;
  fields["owner"] = plain(lever.owner);
  fields["value"] = lever.value;
  fields["reference"] = lever.reference;
  fields["labels"] = labels_dict(lever.labels);
  return fields;
}

py::dict influence_fields(const fg::Influence& influence) {
  py::dict fields;
  fields["lever"] = influence.lever;
  fields["source"] = influence.from;
  fields["target"] = influence.to;
  fields["elasticity"] = influence.elasticity;
  return fields;
}

double value_or_unknown(const std::optional<fg::Number>& number) { return number ? number->value : unknown; }

py::object funnel_stages_table(const fg::Funnel& funnel) {
  const auto stages = funnel.stages();
  return table_object(
      TableBuilder(stages)
          .column("stage", &fg::Stage::name)
          .column("owner", [](const fg::Stage& s) { return to_string(s.owner); })
          .column("involved", [](const fg::Stage& s) { return joined(s.involved); })
          .column("unit", &fg::Stage::unit)
          .column("cost", [](const fg::Stage& s) { return s.cost.value; })
          .column("value", [](const fg::Stage& s) { return s.value.value; })
          .column("commission", [](const fg::Stage& s) { return s.commission.value; })
          .column("capacity", [](const fg::Stage& s) { return value_or_unknown(s.capacity); })
          .column("drop_off", [&](const fg::Stage& s) { return funnel.get(fg::drop_off(s.name)); })
          .column("definition", &fg::Stage::definition)
          .column("accept_if", &fg::Stage::accept_if)
          .build());
}

py::object funnel_outcomes_table(const fg::Funnel& funnel) {
  const auto outcomes = funnel.outcomes();
  return table_object(TableBuilder(outcomes)
                          .column("outcome", &fg::Outcome::name)
                          .column("kind", [](const fg::Outcome& o) { return std::string(enum_name(o.kind)); })
                          .column("owner", [](const fg::Outcome& o) { return to_string(o.owner); })
                          .column("value", [](const fg::Outcome& o) { return o.value.value; })
                          .column("commission", [](const fg::Outcome& o) { return o.commission.value; })
                          .column("definition", &fg::Outcome::definition)
                          .build());
}

py::object funnel_owners_table(const fg::Funnel& funnel) {
  const auto owners = funnel.owners();
  return table_object(TableBuilder(owners)
                          .column("owner", &fg::Owner::name)
                          .column("role", [](const fg::Owner& o) { return std::string(enum_name(o.role)); })
                          .column("fixed_cost", [](const fg::Owner& o) { return o.fixed_cost.value; })
                          .build());
}

std::vector<const fg::Transition*> chosen_transitions(const fg::Funnel& funnel,
                                                      const py::object& source_object,
                                                      const py::object& target_object) {
  const auto source = maybe_text_of(source_object, "transitions(source=)");
  const auto target = maybe_text_of(target_object, "transitions(target=)");
  // Names go through the parts, so that they are normalised and an unknown one says which is near.
  const std::string from = source ? funnel.stage(*source).name : std::string();
  std::string to;
  if (target) {
    to = funnel.find_outcome(*target) ? funnel.outcome(*target).name : funnel.stage(*target).name;
  }
  std::vector<const fg::Transition*> chosen;
  for (const fg::Transition& transition : funnel.transitions()) {
    if ((!source || transition.from == from) && (!target || transition.to == to))
      chosen.push_back(&transition);
  }
  return chosen;
}

py::object funnel_transitions_table(const fg::Funnel& funnel, const py::object& source,
                                    const py::object& target) {
  const auto chosen = chosen_transitions(funnel, source, target);
  using Row = const fg::Transition*;
  const auto observed = [](Row t, double fg::Observed::* number) {
    return t->observed ? (*t->observed).*number : unknown;
  };
  return table_object(
      TableBuilder(chosen)
          .column("from", [](Row t) { return t->from; })
          .column("to", [](Row t) { return t->to; })
          .column("rate", [](Row t) { return t->rate.value; })
          .column("rate_source", [](Row t) { return std::string(enum_name(t->rate.source.kind())); })
          .column("lag", [](Row t) { return std::string(enum_name(t->lag.family)); })
          .column("lag_mean", [](Row t) { return t->lag.mean.value; })
          .column("lag_sd",
                  [](Row t) { return t->lag.family == fg::LagFamily::unknown ? unknown : t->lag.sd.value; })
          .column("cost", [](Row t) { return t->cost.value; })
          .column("value", [](Row t) { return t->value.value; })
          .column("service_level", [](Row t) { return value_or_unknown(t->service_level); })
          .column("count", [&](Row t) { return observed(t, &fg::Observed::count); })
          .column("entered", [&](Row t) { return observed(t, &fg::Observed::entered); })
          .column("open", [&](Row t) { return observed(t, &fg::Observed::open); })
          .build());
}

py::object funnel_entries_table(const fg::Funnel& funnel) {
  const auto entries = funnel.entries();
  return table_object(TableBuilder(entries)
                          .column("stage", &fg::Entry::stage)
                          .column("channel", &fg::Entry::channel)
                          .column("owner", [](const fg::Entry& e) { return to_string(e.owner); })
                          .column("volume", [](const fg::Entry& e) { return e.volume.value; })
                          .column("cost", [](const fg::Entry& e) { return e.cost.value; })
                          .build());
}

py::object funnel_levers_table(const fg::Funnel& funnel) {
  const auto levers = funnel.levers();
  return table_object(TableBuilder(levers)
                          .column("lever", &fg::Lever::name)
                          .column("owner", [](const fg::Lever& l) { return to_string(l.owner); })
                          .column("value", [](const fg::Lever& l) { return l.value.value; })
                          .column("reference", &fg::Lever::reference)
                          .build());
}

py::object funnel_influences_table(const fg::Funnel& funnel) {
  const auto influences = funnel.influences();
  return table_object(TableBuilder(influences)
                          .column("lever", &fg::Influence::lever)
                          .column("from", &fg::Influence::from)
                          .column("to", &fg::Influence::to)
                          .column("elasticity", [](const fg::Influence& i) { return i.elasticity.value; })
                          .build());
}

template <class Change>
void change_info(fg::Funnel& funnel, Change change) {
  fg::FunnelInfo info = funnel.info();
  change(info);
  funnel.set_info(std::move(info));
}

template <class Parts, class Fields>
py::list all_fields(const Parts& parts, Fields fields) {
  py::list result;
  for (const auto& part : parts) result.append(fields(part));
  return result;
}

}  // namespace

void bind_model(py::module_& module) {
  bind_values(module);

  py::class_<fg::Funnel>(module, "Funnel", "A funnel; funnelgraph.Funnel presents it.")
      .def(py::init([](const py::object& name, const py::object& currency, const py::object& period,
                       const py::object& discount_rate, const py::object& note, const py::object& labels) {
             fg::FunnelInfo info;
             info.name = text_of(name, "Funnel(name)");
             info.currency = text_of(currency, "Funnel(currency=)");
             info.period = text_of(period, "Funnel(period=)");
             info.discount_rate = number_of(discount_rate, "Funnel(discount_rate=)");
             info.note = text_of(note, "Funnel(note=)");
             info.labels = labels_of(labels, "Funnel(labels=)");
             return fg::Funnel(std::move(info));
           }),
           py::arg("name"), py::arg("currency"), py::arg("period"), py::arg("discount_rate"), py::arg("note"),
           py::arg("labels"))
      .def("copy", [](const fg::Funnel& funnel) { return fg::Funnel(funnel); })
      .def(
          "__eq__", [](const fg::Funnel& a, const fg::Funnel& b) { return a == b; }, py::arg("other"),
          py::is_operator())

      .def_property(
          "name", [](const fg::Funnel& f) { return f.info().name; },
          [](fg::Funnel& f, const py::object& name) {
            change_info(f, [&](fg::FunnelInfo& info) { info.name = text_of(name, "Funnel.name"); });
          })
      .def_property(
          "currency", [](const fg::Funnel& f) { return f.info().currency; },
          [](fg::Funnel& f, const py::object& currency) {
            change_info(f,
                        [&](fg::FunnelInfo& info) { info.currency = text_of(currency, "Funnel.currency"); });
          })
      .def_property(
          "period", [](const fg::Funnel& f) { return f.info().period; },
          [](fg::Funnel& f, const py::object& period) {
            change_info(f, [&](fg::FunnelInfo& info) { info.period = text_of(period, "Funnel.period"); });
          })
      .def_property(
          "note", [](const fg::Funnel& f) { return f.info().note; },
          [](fg::Funnel& f, const py::object& note) {
            change_info(f, [&](fg::FunnelInfo& info) { info.note = text_of(note, "Funnel.note"); });
          })
      .def_property(
          "labels", [](const fg::Funnel& f) { return labels_dict(f.info().labels); },
          [](fg::Funnel& f, const py::object& labels) {
            change_info(f, [&](fg::FunnelInfo& info) { info.labels = labels_of(labels, "Funnel.labels"); });
          })
      .def_property(
          "discount_rate", [](const fg::Funnel& f) { return f.info().discount_rate; },
          [](fg::Funnel& f, const py::object& rate) {
            change_info(f, [&](fg::FunnelInfo& info) {
              info.discount_rate = number_of(rate, "Funnel.discount_rate");
            });
          })

      .def(
          "add_owner",
          [](fg::Funnel& funnel, const py::object& name, const py::object& role, const py::object& fixed_cost,
             const py::object& labels) { funnel.add_owner(owner_from(name, role, fixed_cost, labels)); },
          py::arg("name"), py::arg("role"), py::arg("fixed_cost"), py::arg("labels"))
      .def(
          "replace_owner",
          [](fg::Funnel& funnel, const py::object& old, const py::object& name, const py::object& role,
             const py::object& fixed_cost, const py::object& labels) {
            funnel.replace_owner(text_of(old, "owner name"), owner_from(name, role, fixed_cost, labels));
          },
          py::arg("old"), py::arg("name"), py::arg("role"), py::arg("fixed_cost"), py::arg("labels"))
      .def(
          "add_stage",
          [](fg::Funnel& funnel, const py::object& name, const py::object& owner, const py::object& involved,
             const py::object& unit, const py::object& definition, const py::object& accept_if,
             const py::object& labels, const py::object& cost, const py::object& value,
             const py::object& commission, const py::object& capacity, const py::object& drop_off) {
            funnel.add_stage(stage_from(name, owner, involved, unit, definition, accept_if, labels, cost,
                                        value, commission, capacity, drop_off));
          },
          py::arg("name"), py::arg("owner"), py::arg("involved"), py::arg("unit"), py::arg("definition"),
          py::arg("accept_if"), py::arg("labels"), py::arg("cost"), py::arg("value"), py::arg("commission"),
          py::arg("capacity"), py::arg("drop_off"))
      .def(
          "replace_stage",
          [](fg::Funnel& funnel, const py::object& old, const py::object& name, const py::object& owner,
             const py::object& involved, const py::object& unit, const py::object& definition,
             const py::object& accept_if, const py::object& labels, const py::object& cost,
             const py::object& value, const py::object& commission, const py::object& capacity,
             const py::object& drop_off) {
            funnel.replace_stage(text_of(old, "stage name"),
                                 stage_from(name, owner, involved, unit, definition, accept_if, labels, cost,
                                            value, commission, capacity, drop_off));
          },
          py::arg("old"), py::arg("name"), py::arg("owner"), py::arg("involved"), py::arg("unit"),
          py::arg("definition"), py::arg("accept_if"), py::arg("labels"), py::arg("cost"), py::arg("value"),
          py::arg("commission"), py::arg("capacity"), py::arg("drop_off"))
      .def(
          "add_outcome",
          [](fg::Funnel& funnel, const py::object& name, const py::object& kind, const py::object& owner,
             const py::object& value, const py::object& commission, const py::object& definition,
             const py::object& labels) {
            funnel.add_outcome(outcome_from(name, kind, owner, value, commission, definition, labels));
          },
          py::arg("name"), py::arg("kind"), py::arg("owner"), py::arg("value"), py::arg("commission"),
          py::arg("definition"), py::arg("labels"))
      .def(
          "replace_outcome",
          [](fg::Funnel& funnel, const py::object& old, const py::object& name, const py::object& kind,
             const py::object& owner, const py::object& value, const py::object& commission,
             const py::object& definition, const py::object& labels) {
            funnel.replace_outcome(text_of(old, "outcome name"),
                                   outcome_from(name, kind, owner, value, commission, definition, labels));
          },
          py::arg("old"), py::arg("name"), py::arg("kind"), py::arg("owner"), py::arg("value"),
          py::arg("commission"), py::arg("definition"), py::arg("labels"))
      .def(
          "add_transition",
          [](fg::Funnel& funnel, const py::object& source, const py::object& target, const py::object& rate,
             const py::object& lag, const py::object& cost, const py::object& value,
             const py::object& service_level, const py::object& observed) {
            funnel.add_transition(
                transition_from(source, target, rate, lag, cost, value, service_level, observed));
          },
          py::arg("source"), py::arg("target"), py::arg("rate"), py::arg("lag"), py::arg("cost"),
          py::arg("value"), py::arg("service_level"), py::arg("observed"))
      .def(
          "replace_transition",
          [](fg::Funnel& funnel, const py::object& old_source, const py::object& old_target,
             const py::object& source, const py::object& target, const py::object& rate,
             const py::object& lag, const py::object& cost, const py::object& value,
             const py::object& service_level, const py::object& observed) {
            funnel.replace_transition(
                text_of(old_source, "transition from"), text_of(old_target, "transition to"),
                transition_from(source, target, rate, lag, cost, value, service_level, observed));
          },
          py::arg("old_source"), py::arg("old_target"), py::arg("source"), py::arg("target"), py::arg("rate"),
          py::arg("lag"), py::arg("cost"), py::arg("value"), py::arg("service_level"), py::arg("observed"))
      .def(
          "add_entry",
          [](fg::Funnel& funnel, const py::object& stage, const py::object& volume, const py::object& cost,
             const py::object& channel, const py::object& owner) {
            funnel.add_entry({.stage = text_of(stage, "entry stage"),
                              .volume = number_of(volume, "volume="),
                              .cost = number_of(cost, "cost="),
                              .channel = text_of(channel, "channel="),
                              .owner = ownership_of(owner, "owner=")});
          },
          py::arg("stage"), py::arg("volume"), py::arg("cost"), py::arg("channel"), py::arg("owner"))
      .def(
          "add_lever",
          [](fg::Funnel& funnel, const py::object& name, const py::object& owner, const py::object& value,
             const py::object& reference, const py::object& labels) {
            funnel.add_lever(lever_from(name, owner, value, reference, labels));
          },
          py::arg("name"), py::arg("owner"), py::arg("value"), py::arg("reference"), py::arg("labels"))
      .def(
          "replace_lever",
          [](fg::Funnel& funnel, const py::object& old, const py::object& name, const py::object& owner,
             const py::object& value, const py::object& reference, const py::object& labels) {
            funnel.replace_lever(text_of(old, "lever name"), lever_from(name, owner, value, reference, labels));
          },
          py::arg("old"), py::arg("name"), py::arg("owner"), py::arg("value"), py::arg("reference"),
          py::arg("labels"))
      .def(
          "add_influence",
          [](fg::Funnel& funnel, const py::object& lever, const py::object& source, const py::object& target,
             const py::object& elasticity) {
            funnel.add_influence({.lever = text_of(lever, "influence lever"),
                                  .from = text_of(source, "influence from"),
                                  .to = text_of(target, "influence to"),
                                  .elasticity = number_of(elasticity, "elasticity=")});
          },
          py::arg("lever"), py::arg("source"), py::arg("target"), py::arg("elasticity"))
      .def(
          "add_view",
          [](fg::Funnel& funnel, const py::object& name, const py::object& stages) {
            funnel.add_view({.name = text_of(name, "view name"), .stages = labels_of(stages, "stages=")});
          },
          py::arg("name"), py::arg("stages"))

      .def(
          "owner",
          [](const fg::Funnel& f, const py::object& name) {
            return owner_fields(f.owner(text_of(name, "owner name")));
          },
          py::arg("name"))
      .def(
          "stage",
          [](const fg::Funnel& f, const py::object& name) {
            return stage_fields(f.stage(text_of(name, "stage name")));
          },
          py::arg("name"))
      .def(
          "outcome",
          [](const fg::Funnel& f, const py::object& name) {
            return outcome_fields(f.outcome(text_of(name, "outcome name")));
          },
          py::arg("name"))
      .def(
          "lever",
          [](const fg::Funnel& f, const py::object& name) {
            return lever_fields(f.lever(text_of(name, "lever name")));
          },
          py::arg("name"))
      .def(
          "transition",
          [](const fg::Funnel& f, const py::object& source, const py::object& target) {
            return transition_fields(
                f.transition(text_of(source, "transition from"), text_of(target, "transition to")));
          },
          py::arg("source"), py::arg("target"))
      .def("owner_list", [](const fg::Funnel& f) { return all_fields(f.owners(), owner_fields); })
      .def("stage_list", [](const fg::Funnel& f) { return all_fields(f.stages(), stage_fields); })
      .def("outcome_list", [](const fg::Funnel& f) { return all_fields(f.outcomes(), outcome_fields); })
      .def(
          "transition_list",
          [](const fg::Funnel& f, const py::object& source, const py::object& target) {
            py::list result;
            for (const fg::Transition* t : chosen_transitions(f, source, target)) result.append(transition_fields(*t));
            return result;
          },
          py::arg("source"), py::arg("target"))
      .def("entry_list", [](const fg::Funnel& f) { return all_fields(f.entries(), entry_fields); })
      .def("lever_list", [](const fg::Funnel& f) { return all_fields(f.levers(), lever_fields); })
      .def("influence_list", [](const fg::Funnel& f) { return all_fields(f.influences(), influence_fields); })
      .def("view_dict",
           [](const fg::Funnel& f) {
             py::dict views;
             for (const fg::View& view : f.views()) views[py::str(view.name)] = labels_dict(view.stages);
             return views;
           })
      .def("sizes",
           [](const fg::Funnel& f) {
             return py::make_tuple(f.owners().size(), f.stages().size(), f.outcomes().size(),
                                   f.transitions().size(), f.entries().size(), f.levers().size());
           })

      .def("owners_table", &funnel_owners_table)
      .def("stages_table", &funnel_stages_table)
      .def("outcomes_table", &funnel_outcomes_table)
      .def("transitions_table", &funnel_transitions_table, py::arg("source"), py::arg("target"))
      .def("entries_table", &funnel_entries_table)
      .def("levers_table", &funnel_levers_table)
      .def("influences_table", &funnel_influences_table)

      .def(
          "rename_stage",
          [](fg::Funnel& f, const py::object& name, const py::object& new_name) {
            f.rename_stage(text_of(name, "stage name"), text_of(new_name, "new name"));
          },
          py::arg("name"), py::arg("new_name"))
      .def(
          "rename_outcome",
          [](fg::Funnel& f, const py::object& name, const py::object& new_name) {
            f.rename_outcome(text_of(name, "outcome name"), text_of(new_name, "new name"));
          },
          py::arg("name"), py::arg("new_name"))
      .def(
          "rename_owner",
          [](fg::Funnel& f, const py::object& name, const py::object& new_name) {
            f.rename_owner(text_of(name, "owner name"), text_of(new_name, "new name"));
          },
          py::arg("name"), py::arg("new_name"))
      .def(
          "set_owner",
          [](fg::Funnel& f, const py::object& name, const py::object& owner) {
            f.set_owner(text_of(name, "stage or outcome name"), ownership_of(owner, "owner"));
          },
          py::arg("stage_or_outcome"), py::arg("owner"))
      .def(
          "remove_stage",
          [](fg::Funnel& f, const py::object& name) { f.remove_stage(text_of(name, "stage name")); },
          py::arg("name"))
      .def(
          "remove_outcome",
          [](fg::Funnel& f, const py::object& name) { f.remove_outcome(text_of(name, "outcome name")); },
          py::arg("name"))
      .def(
          "rename_stages",
          [](fg::Funnel& f, const py::object& new_names) { f.rename_stages(labels_of(new_names, "rename_stages()")); },
          py::arg("new_names"))
      .def(
          "relabel",
          [](const fg::Funnel& f, const py::object& view) { return fg::relabel(f, text_of(view, "view name")); },
          py::arg("view"))
      .def(
          "rename_lever",
          [](fg::Funnel& f, const py::object& name, const py::object& new_name) {
            f.rename_lever(text_of(name, "lever name"), text_of(new_name, "new name"));
          },
          py::arg("name"), py::arg("new_name"))
      .def(
          "remove_owner",
          [](fg::Funnel& f, const py::object& name) { f.remove_owner(text_of(name, "owner name")); },
          py::arg("name"))
      .def(
          "remove_lever",
          [](fg::Funnel& f, const py::object& name) { f.remove_lever(text_of(name, "lever name")); },
          py::arg("name"))
      .def(
          "remove_influence",
          [](fg::Funnel& f, const py::object& lever, const py::object& source, const py::object& target) {
            f.remove_influence(text_of(lever, "influence lever"), text_of(source, "influence from"),
                               text_of(target, "influence to"));
          },
          py::arg("lever"), py::arg("source"), py::arg("target"))
      .def(
          "remove_entry",
          [](fg::Funnel& f, const py::object& stage, const py::object& channel) {
            f.remove_entry(text_of(stage, "entry stage"), text_of(channel, "channel="));
          },
          py::arg("stage"), py::arg("channel"))
      .def(
          "remove_view",
          [](fg::Funnel& f, const py::object& name) { f.remove_view(text_of(name, "view name")); },
          py::arg("name"))
      .def(
          "remove_transition",
          [](fg::Funnel& f, const py::object& source, const py::object& target) {
            f.remove_transition(text_of(source, "transition from"), text_of(target, "transition to"));
          },
          py::arg("source"), py::arg("target"))

      .def(
          "get",
          [](const fg::Funnel& f, const py::object& parameter) {
            return f.get(parameter_of(parameter, "get()"));
          },
          py::arg("parameter"))
      .def(
          "get_number",
          [](const fg::Funnel& f, const py::object& parameter) {
            return f.get_number(parameter_of(parameter, "get_number()"));
          },
          py::arg("parameter"))
      .def(
          "set",
          [](fg::Funnel& f, const py::object& parameter, const py::object& value) {
            const fg::Parameter& address = parameter_of(parameter, "set()");
            f.set(address, is_duration(address) ? number_of_days(value, "set(value)")
                                                : number_of(value, "set(value)"));
          },
          py::arg("parameter"), py::arg("value"))
      .def(
          "leaves",
          [](const fg::Funnel& f, const py::object& parameter) {
            return f.leaves(parameter_of(parameter, "leaves()"));
          },
          py::arg("parameter"))
      .def("parameters", &fg::Funnel::parameters)
      .def(
          "ownership",
          [](const fg::Funnel& f,
             const py::object&
                 parameter) { return ownership_dict(f.ownership(parameter_of(parameter, "ownership()"))); },
          py::arg("parameter"));

  module.def(
      "validate",
      [](const fg::Funnel& funnel) {
        const fg::Funnel snapshot(funnel);
        std::vector<fg::Issue> issues;
        {
          py::gil_scoped_release without_gil;
          issues = fg::validate(snapshot);
        }
        py::list result;
        for (const fg::Issue& issue : issues) {
          result.append(py::make_tuple(enum_name(issue.severity), issue.where, issue.message, issue.code,
                                       issue.value, issue.allowed));
        }
        return result;
      },
      py::arg("funnel"));
  module.def(
      "reference_funnel",
      [](const py::object& name) { return fg::reference::by_name(text_of(name, "by_name()")); },
      py::arg("name"));
}
