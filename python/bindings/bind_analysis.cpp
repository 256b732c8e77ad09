// Analysis, evaluate, sensitivity. The funnel is copied before the interpreter is let go, so a thread that
// changes it meanwhile changes nothing here.
#include <pybind11/stl.h>

#include <map>
#include <memory>
#include <string>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>

#include "analysis_options.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

py::object analysed_stages_table(const fg::Analysis& analysis) {
  using Row = fg::StageRow;
  return table_object(TableBuilder(analysis.stages)
                          .column("stage", &Row::stage)
                          .column("owner", &Row::owner)
                          .column("unit", &Row::unit)
                          .column("visits", &Row::visits)
                          .column("reach", &Row::reach)
                          .column("conversion", &Row::conversion)
                          .column("drop_off", &Row::drop_off)
                          .column("lost", &Row::lost)
                          .column("value_lost", &Row::value_lost)
                          .column("recoverable", &Row::recoverable)
                          .column("recoverable_low", &Row::recoverable_low)
                          .column("recoverable_high", &Row::recoverable_high)
                          .column("dwell_mean", &Row::dwell_mean)
                          .column("utilisation", &Row::utilisation)
                          .column("cost", &Row::cost)
                          .column("value", &Row::value)
                          .column("arrivals", &Row::arrivals)
                          .column("shed", &Row::shed)
                          .build());
}

py::object analysed_outcomes_table(const fg::Analysis& analysis) {
  using Row = fg::OutcomeRow;
  return table_object(TableBuilder(analysis.outcomes)
                          .column("outcome", &Row::outcome)
                          .column("kind", &Row::kind)
                          .column("owner", &Row::owner)
                          .column("probability", &Row::probability)
                          .column("count", &Row::count)
                          .column("value", &Row::value)
                          .column("time_mean", &Row::time_mean)
                          .column("time_sd", &Row::time_sd)
                          .build());
}

py::object owner_ledger_table(const std::vector<fg::OwnerRow>& owners) {
  using Row = fg::OwnerRow;
  return table_object(TableBuilder(owners)
                          .column("owner", &Row::owner)
                          .column("received", &Row::received)
                          .column("passed_on", &Row::passed_on)
                          .column("screened", &Row::screened)
                          .column("lost", &Row::lost)
                          .column("open", &Row::open)
                          .column("waiting_days", &Row::waiting_days)
                          .column("cost", &Row::cost)
                          .column("value", &Row::value)
                          .column("recoverable", &Row::recoverable)
                          .column("recoverable_low", &Row::recoverable_low)
                          .column("recoverable_high", &Row::recoverable_high)
                          .build());
}

py::object hand_offs_table(const fg::Analysis& analysis) {
  using Row = fg::HandOffRow;
  return table_object(TableBuilder(analysis.hand_offs)
                          .column("from", &Row::from)
                          .column("to", &Row::to)
                          .column("giver", &Row::giver)
                          .column("receiver", &Row::receiver)
                          .column("volume", &Row::volume)
                          .column("lag_mean", &Row::lag_mean)
                          .column("breach", &Row::breach)
                          .column("lost", &Row::lost)
                          .build());
}

py::object sensitivity_table(const std::vector<fg::SensitivityRow>& rows) {
  using Row = fg::SensitivityRow;
  return table_object(TableBuilder(rows)
                          .column("parameter", &Row::parameter)
                          .column("owner", &Row::owner)
                          .column("value", &Row::value)
                          .column("source", &Row::source)
                          .column("gradient", &Row::gradient)
                          .column("elasticity", &Row::elasticity)
                          .build());
}

}  // namespace

void bind_analysis(py::module_& module) {
  // Methods solve on demand and may wait for each other: the interpreter lock is let go in all of them.
  py::class_<fg::Analysis>(module, "Analysis", "Results; funnelgraph.Analysis presents them.")
      .def_readonly("revenue", &fg::Analysis::revenue)
      .def_readonly("cost", &fg::Analysis::cost)
      .def_readonly("profit", &fg::Analysis::profit)
      .def_readonly("unknown_values", &fg::Analysis::unknown_values)
      .def_readonly("entrants", &fg::Analysis::entrants)
      .def_readonly("feasible", &fg::Analysis::feasible)
      .def("stages", &analysed_stages_table)
      .def("outcomes", &analysed_outcomes_table)
      .def("owners", [](const fg::Analysis& a) { return owner_ledger_table(a.owners); })
      .def("owners_by_visit", [](const fg::Analysis& a) { return owner_ledger_table(a.owners_by_visit); })
      .def("hand_offs", &hand_offs_table)
      .def(
          "probability",
          [](const fg::Analysis& a, const py::object& outcome, const py::object& start) {
            const std::string to = text_of(outcome, "probability(outcome)");
            const std::string from = maybe_text_of(start, "probability(start=)").value_or("");
            return unlocked([&] { return a.probability(to, from); });
          },
          py::arg("outcome"), py::arg("start"))
      .def(
          "count",
          [](const fg::Analysis& a, const py::object& outcome) {
            const std::string to = text_of(outcome, "count(outcome)");
            return unlocked([&] { return a.count(to); });
          },
          py::arg("outcome"))
      .def(
          "visits",
          [](const fg::Analysis& a, const py::object& stage, const py::object& start) {
            const std::string to = text_of(stage, "visits(stage)");
            const std::string from = maybe_text_of(start, "visits(start=)").value_or("");
            return unlocked([&] { return a.visits(to, from); });
          },
          py::arg("stage"), py::arg("start"))
      .def(
          "reach",
          [](const fg::Analysis& a, const py::object& stage, const py::object& start) {
            const std::string to = text_of(stage, "reach(stage)");
            const std::string from = maybe_text_of(start, "reach(start=)").value_or("");
            return unlocked([&] { return a.reach(to, from); });
          },
          py::arg("stage"), py::arg("start"))
      .def(
          "time_to",
          [](const fg::Analysis& a, const py::object& outcome, const py::object& start) {
            const std::string to = maybe_text_of(outcome, "time_to(outcome)").value_or("");
            const std::string from = maybe_text_of(start, "time_to(start=)").value_or("");
            const fg::TimeMoments moments = unlocked([&] { return a.time_to(to, from); });
            return py::make_tuple(moments.mean, moments.sd);
          },
          py::arg("outcome"), py::arg("start"))
      .def(
          "cost_per",
          [](const fg::Analysis& a, const py::object& outcome) {
            const std::string to = text_of(outcome, "cost_per(outcome)");
            return unlocked([&] { return a.cost_per(to); });
          },
          py::arg("outcome"))
      .def(
          "rate",
          [](const fg::Analysis& a, const py::object& source, const py::object& target) {
            const std::string from = text_of(source, "rate(source)");
            const std::string to = text_of(target, "rate(target)");
            return unlocked([&] { return a.rate(from, to); });
          },
          py::arg("source"), py::arg("target"))
      .def("assumed_share", [](const fg::Analysis& a) { return unlocked([&] { return a.assumed_share(); }); })
      .def(
          "lifetime_value",
          [](const fg::Analysis& a, const py::object& start, const py::object& horizon) {
            const std::string from = text_of(start, "lifetime_value(start)");
            const std::optional<double> days = maybe_days_of(horizon, "lifetime_value(horizon=)");
            return unlocked([&] { return a.lifetime_value(from, days); });
          },
          py::arg("start"), py::arg("horizon"));

  module.def(
      "analyze",
      [](const fg::Funnel& funnel, const py::object& discount_rate, const py::object& capacity,
         const fg::Funnel* reference, const std::optional<fg::Metric>& metric) {
        const fg::AnalysisOptions options = analysis_options_of(discount_rate, capacity, reference, metric);
        const fg::Funnel snapshot(funnel);
        return unlocked([&] { return fg::analyze(snapshot, options); });
      },
      py::arg("funnel"), py::arg("discount_rate"), py::arg("capacity"), py::arg("reference").none(true),
      py::arg("metric"));
  module.def(
      "evaluate",
      [](const fg::Funnel& funnel, const fg::Metric& of, const py::object& discount_rate,
         const py::object& capacity, const fg::Funnel* reference, const std::optional<fg::Metric>& metric) {
        const fg::AnalysisOptions options = analysis_options_of(discount_rate, capacity, reference, metric);
        const fg::Funnel snapshot(funnel);
        return unlocked([&] { return fg::evaluate(snapshot, of, options); });
      },
      py::arg("funnel"), py::arg("of"), py::arg("discount_rate"), py::arg("capacity"),
      py::arg("reference").none(true), py::arg("metric"));
  module.def(
      "sensitivity",
      [](const fg::Funnel& funnel, const fg::Metric& of, const std::string& take_from,
         const std::map<fg::Parameter, std::string>& take_from_of, const py::object& discount_rate,
         const py::object& capacity, const fg::Funnel* reference, const std::optional<fg::Metric>& metric) {
        const fg::SensitivityOptions options{analysis_options_of(discount_rate, capacity, reference, metric),
                                             take_from, take_from_of};
        const fg::Funnel snapshot(funnel);
        return sensitivity_table(unlocked([&] { return fg::sensitivity(snapshot, of, options); }));
      },
      py::arg("funnel"), py::arg("of"), py::arg("take_from"), py::arg("take_from_of"),
      py::arg("discount_rate"), py::arg("capacity"), py::arg("reference").none(true), py::arg("metric"));
  module.def(
      "gradients",
      [](const fg::Funnel& funnel, const fg::Metric& of, const std::string& take_from,
         const std::map<fg::Parameter, std::string>& take_from_of, const py::object& discount_rate,
         const py::object& capacity, const fg::Funnel* reference, const std::optional<fg::Metric>& metric) {
        const fg::SensitivityOptions options{analysis_options_of(discount_rate, capacity, reference, metric),
                                             take_from, take_from_of};
        const fg::Funnel snapshot(funnel);
        const auto found = unlocked([&] { return fg::gradients(snapshot, of, options); });
        py::list result;
        for (const fg::Gradient& g : found) {
          result.append(py::make_tuple(g.parameter, g.value, g.gradient, g.elasticity));
        }
        return result;
      },
      py::arg("funnel"), py::arg("of"), py::arg("take_from"), py::arg("take_from_of"),
      py::arg("discount_rate"), py::arg("capacity"), py::arg("reference").none(true), py::arg("metric"));
}
