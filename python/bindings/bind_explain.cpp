// Explaining a difference, mix and rate, lead quality, and the summary of an explanation. Funnels are copied
// before the interpreter is let go.
#include <pybind11/stl.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/explain/explain.hpp>
#include <funnelgraph/explain/lead_quality.hpp>
#include <funnelgraph/explain/mix.hpp>
#include <funnelgraph/explain/summary.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

#include "analysis_options.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "interruptible.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
using namespace funnelgraph_python;

using Segments = std::map<std::string, fg::Funnel>;

const std::vector<std::string> by_names{"owner", "stage", "factor", "lever", "segment"};
const std::vector<std::string> method_names{"auto", "shapley", "owen", "sequential", "lmdi", "sampled"};

std::vector<std::string> names_by(const std::vector<fg::By>& by) {
  std::vector<std::string> out;
  for (const fg::By one : by) out.push_back(by_names[static_cast<std::size_t>(one)]);
  return out;
}

py::object explanation_table(const fg::Explanation& e) {
  using Row = fg::ExplanationRow;
  TableBuilder builder(e.rows);
  for (const fg::By by : e.by) {
    switch (by) {
      case fg::By::owner:
        builder.column("owner", &Row::owner);
        break;
      case fg::By::stage:
        builder.column("stage", &Row::stage);
        break;
      case fg::By::factor:
        builder.column("factor", &Row::factor);
        break;
      case fg::By::lever:
        builder.column("lever", &Row::lever);
        break;
      case fg::By::segment:
        builder.column("segment", &Row::segment);
        break;
    }
  }
  builder.column("contribution", &Row::contribution)
      .column("low", &Row::low)
      .column("high", &Row::high)
      .column("least", &Row::least)
      .column("greatest", &Row::greatest)
      .column("within_chance", &Row::within_chance);
  if (e.method == fg::ExplainMethod::sampled) builder.column("standard_error", &Row::standard_error);
  return table_object(builder.column("source", &Row::source).column("note", &Row::note).build());
}

py::object mix_table(const fg::MixExplanation& e) {
  using Row = fg::MixRow;
  return table_object(TableBuilder(e.rows)
                          .column("segment", &Row::segment)
                          .column("share_plan", &Row::share_plan)
                          .column("share_actual", &Row::share_actual)
                          .column("rate_plan", &Row::rate_plan)
                          .column("rate_actual", &Row::rate_actual)
                          .column("volume", &Row::volume)
                          .column("mix", &Row::mix)
                          .column("rate", &Row::rate)
                          .column("contribution", &Row::contribution)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .column("within_chance", &Row::within_chance)
                          .build());
}

py::object mix_effects_table(const fg::MixExplanation& e) {
  struct Line {
    const char* effect;
    const fg::MixEffect* of;
  };
  const std::vector<Line> lines{
      {"volume", &e.volume}, {"mix", &e.mix}, {"rate", &e.rate}, {"total", &e.total}};
  return table_object(TableBuilder(lines)
                          .column("effect", [](const Line& line) { return std::string(line.effect); })
                          .column("contribution", [](const Line& line) { return line.of->value; })
                          .column("low", [](const Line& line) { return line.of->low; })
                          .column("high", [](const Line& line) { return line.of->high; })
                          .column("within_chance", [](const Line& line) { return line.of->within_chance; })
                          .build());
}

py::tuple quality_tables(const fg::LeadQuality& quality) {
  using Row = fg::ReceivedRate;
  using Class = fg::ReceivedClass;
  return py::make_tuple(table_object(TableBuilder(quality.rows)
                                         .column("stage", &Row::stage)
                                         .column("giver", &Row::giver)
                                         .column("receiver", &Row::receiver)
                                         .column("rate_plan", &Row::rate_plan)
                                         .column("rate_actual", &Row::rate_actual)
                                         .column("change", &Row::change)
                                         .column("mix", &Row::mix)
                                         .column("within", &Row::within)
                                         .column("note", &Row::note)
                                         .build()),
                        table_object(TableBuilder(quality.classes)
                                         .column("stage", &Class::stage)
                                         .column("segment", &Class::segment)
                                         .column("share_plan", &Class::share_plan)
                                         .column("share_actual", &Class::share_actual)
                                         .column("rate_plan", &Class::rate_plan)
                                         .column("rate_actual", &Class::rate_actual)
                                         .column("mix", &Class::mix)
                                         .column("within", &Class::within)
                                         .build()));
}

py::object sources_table(const std::vector<fg::LeadSource>& rows) {
  using Row = fg::LeadSource;
  return table_object(TableBuilder(rows)
                          .column("source", &Row::source)
                          .column("entrants", &Row::entrants)
                          .column("fitting", &Row::fitting)
                          .column("share", &Row::share)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .column("visits", &Row::visits)
                          .column("visits_unfit", &Row::visits_unfit)
                          .column("hours", &Row::hours)
                          .column("hours_unfit", &Row::hours_unfit)
                          .build());
}

py::object classes_table(const std::vector<fg::ClassRow>& rows) {
  using Row = fg::ClassRow;
  return table_object(TableBuilder(rows)
                          .column("segment", &Row::segment)
                          .column("entrants", &Row::entrants)
                          .column("share", &Row::share)
                          .column("won", &Row::won)
                          .column("lost", &Row::lost)
                          .column("screened", &Row::screened)
                          .column("silent", &Row::silent)
                          .column("drop_off", &Row::drop_off)
                          .column("value", &Row::value)
                          .build());
}

py::object flag(const std::optional<bool>& value) {
  if (!value) return py::none();
  return py::bool_(*value);
}

}  // namespace

void bind_explain(py::module_& module) {
  module.attr("explanation_heading") = fg::explanation_heading;
  module.attr("enquirer_classes") =
      std::vector<std::string>(std::begin(fg::enquirer_classes), std::end(fg::enquirer_classes));

  py::class_<fg::Explanation>(module, "Explanation",
                              "Parts of a difference; funnelgraph.Explanation presents it.")
      .def_property_readonly("by", [](const fg::Explanation& e) { return names_by(e.by); })
      .def_property_readonly(
          "method", [](const fg::Explanation& e) { return method_names[static_cast<std::size_t>(e.method)]; })
      .def_readonly("metric", &fg::Explanation::metric)
      .def_readonly("basis", &fg::Explanation::basis)
      .def_readonly("plan", &fg::Explanation::plan)
      .def_readonly("actual", &fg::Explanation::actual)
      .def_readonly("total", &fg::Explanation::total)
      .def_readonly("low", &fg::Explanation::low)
      .def_readonly("high", &fg::Explanation::high)
      .def_property_readonly("within_chance", [](const fg::Explanation& e) { return flag(e.within_chance); })
      .def_property_readonly("reading", [](const fg::Explanation& e) { return fg::reading(e.within_chance); })
      .def_readonly("residual", &fg::Explanation::residual)
      .def_readonly("players", &fg::Explanation::players)
      .def_readonly("coalitions", &fg::Explanation::coalitions)
      .def_readonly("notes", &fg::Explanation::notes)
      .def_readonly("agreed_by", &fg::Explanation::agreed_by)
      .def_readonly("placeholders", &fg::Explanation::placeholders)
      .def("table", &explanation_table)
      .def(
          "summary",
          [](const fg::Explanation& e, const std::string& language) {
            fg::Summary made = unlocked([&] { return fg::summary(e, language); });
            py::list sentences;
            for (const fg::Sentence& sentence : made.sentences)
              sentences.append(py::make_tuple(sentence.about, sentence.text, sentence.rows));
            return py::make_tuple(std::move(made.explanation), sentences);
          },
          py::arg("language"));

  module.def(
      "explain",
      [](const Segments& plan, const Segments& actual, bool segmented, const fg::Metric& metric,
         const std::vector<std::string>& by, const std::string& method,
         const std::optional<std::string>& owners, const std::string& basis,
         const std::vector<std::vector<std::string>>& together, const std::vector<std::string>& order,
         std::size_t samples, std::uint64_t seed, bool allow_immature, const py::object& discount_rate,
         const py::object& capacity, const py::object& threads) {
        fg::ExplainOptions options{.metric = metric};
        options.by.names.clear();
        for (const std::string& name : by)
          options.by.names.push_back(static_cast<fg::By>(position_of("name of rows", name, by_names)));
        options.method = static_cast<fg::ExplainMethod>(position_of("method", method, method_names));
        if (owners) options.owners = static_cast<fg::Side>(position_of("side", *owners, {"plan", "actual"}));
        options.basis = basis;
        options.together = together;
        options.order = order;
        options.samples = samples;
        options.seed = seed;
        options.allow_immature = allow_immature;
        options.analysis = analysis_options_of(discount_rate, capacity);
        options.execution.threads = threads_of(threads, "explain(threads=)");
        return unlocked([&] {
          if (!segmented) return fg::explain(plan.at(""), actual.at(""), options);
          return fg::explain(fg::SegmentedFunnel(plan), fg::SegmentedFunnel(actual), options);
        });
      },
      py::arg("plan"), py::arg("actual"), py::arg("segmented"), py::arg("metric"), py::arg("by"),
      py::arg("method"), py::arg("owners"), py::arg("basis"), py::arg("together"), py::arg("order"),
      py::arg("samples"), py::arg("seed"), py::arg("allow_immature"), py::arg("discount_rate"),
      py::arg("capacity"), py::arg("threads"));

  py::class_<fg::MixExplanation>(module, "MixExplanation", "funnelgraph.MixExplanation presents it.")
      .def_readonly("metric", &fg::MixExplanation::metric)
      .def_readonly("basis", &fg::MixExplanation::basis)
      .def_readonly("per", &fg::MixExplanation::per)
      .def_readonly("method", &fg::MixExplanation::method)
      .def_readonly("plan", &fg::MixExplanation::plan)
      .def_readonly("actual", &fg::MixExplanation::actual)
      .def_readonly("overall_rate_plan", &fg::MixExplanation::overall_rate_plan)
      .def_readonly("overall_rate_actual", &fg::MixExplanation::overall_rate_actual)
      .def_property_readonly("total", [](const fg::MixExplanation& e) { return e.total.value; })
      .def_property_readonly("volume", [](const fg::MixExplanation& e) { return e.volume.value; })
      .def_property_readonly("mix", [](const fg::MixExplanation& e) { return e.mix.value; })
      .def_property_readonly("rate", [](const fg::MixExplanation& e) { return e.rate.value; })
      .def_property_readonly("within_chance",
                             [](const fg::MixExplanation& e) { return flag(e.total.within_chance); })
      .def_property_readonly("reading",
                             [](const fg::MixExplanation& e) { return fg::reading(e.total.within_chance); })
      .def_readonly("residual", &fg::MixExplanation::residual)
      .def_property_readonly("reversals",
                             [](const fg::MixExplanation& e) {
                               py::list out;
                               for (const fg::Reversal& found : e.reversals)
                                 out.append(py::make_tuple(found.all, found.segments, found.text));
                               return out;
                             })
      .def("table", &mix_table)
      .def("effects", &mix_effects_table);

  module.def(
      "explain_mix",
      [](const Segments& plan, const Segments& actual, const fg::Metric& metric, const std::string& basis,
         const py::object& discount_rate, const py::object& capacity) {
        const fg::MixOptions options{
            .metric = metric, .basis = basis, .analysis = analysis_options_of(discount_rate, capacity)};
        return unlocked(
            [&] { return fg::explain_mix(fg::SegmentedFunnel(plan), fg::SegmentedFunnel(actual), options); });
      },
      py::arg("plan"), py::arg("actual"), py::arg("metric"), py::arg("basis"), py::arg("discount_rate"),
      py::arg("capacity"));

  module.def(
      "lead_quality",
      [](const Segments& plan, const Segments& actual, bool segmented) {
        return quality_tables(unlocked([&] {
          if (!segmented) return fg::lead_quality(plan.at(""), actual.at(""));
          return fg::lead_quality(fg::SegmentedFunnel(plan), fg::SegmentedFunnel(actual));
        }));
      },
      py::arg("plan"), py::arg("actual"), py::arg("segmented"));
  module.def(
      "lead_sources",
      [](const Segments& sources, const std::optional<std::string>& fits_at, const std::string& receiver,
         const std::map<std::string, double>& minutes) {
        const fg::LeadSourceOptions options{.fits_at = fits_at, .receiver = receiver, .minutes = minutes};
        return sources_table(
            unlocked([&] { return fg::lead_sources(fg::SegmentedFunnel(sources), options); }));
      },
      py::arg("sources"), py::arg("fits_at"), py::arg("receiver"), py::arg("minutes"));
  module.def(
      "class_rates",
      [](const Segments& classes) {
        return classes_table(unlocked([&] { return fg::class_rates(fg::SegmentedFunnel(classes)); }));
      },
      py::arg("classes"));
}
