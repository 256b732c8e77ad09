// Hand-off records, service levels, scorecards and agreements. Tables were copied and funnels are copied
// before the interpreter is let go.
#include <pybind11/stl.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/kpi/advice_quality.hpp>
#include <funnelgraph/kpi/agreement.hpp>
#include <funnelgraph/kpi/agreement_report.hpp>
#include <funnelgraph/kpi/control_share.hpp>
#include <funnelgraph/kpi/figures.hpp>
#include <funnelgraph/kpi/formula.hpp>
#include <funnelgraph/kpi/hand_off_record.hpp>
#include <funnelgraph/kpi/loss_reasons.hpp>
#include <funnelgraph/kpi/measurement_gaps.hpp>
#include <funnelgraph/kpi/scorecard.hpp>
#include <funnelgraph/kpi/service_levels.hpp>
#include <funnelgraph/model/funnel.hpp>

#include "bindings.hpp"
#include "convert.hpp"
#include "given_options.hpp"
#include "owned_columns.hpp"
#include "reader_notes.hpp"
#include "table.hpp"

namespace funnelgraph_python {

template <>
struct EnumNames<fg::KpiDirection> {
  static constexpr const char* kind = "direction";
  static constexpr const char* names[] = {"up", "down"};
};
template <>
struct EnumNames<fg::Card> {
  static constexpr const char* kind = "role";
  static constexpr const char* names[] = {"marketing",          "sales",    "care", "shared",
                                          "upstream_marketing", "economics"};
};
template <>
struct EnumNames<fg::Promise> {
  static constexpr const char* kind = "promise";
  static constexpr const char* names[] = {"answer", "feedback", "report"};
};
template <>
struct EnumNames<fg::ServiceLevelBy> {
  static constexpr const char* kind = "by";
  static constexpr const char* names[] = {"giver", "receiver", "week", "month", "segment"};
};

}  // namespace funnelgraph_python

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;
using namespace funnelgraph_python;

// ---- hand-off record -------------------------------------------------------------------------------

fg::HandOffOptions hand_off_options(const py::dict& given) {
  const GivenOptions read(given, "hand_off_record");
  fg::HandOffOptions options;
  options.accepted = options.rejected = options.touched = "";
  read.text("delivered", options.delivered);
  read.text("accepted", options.accepted);
  read.text("rejected", options.rejected);
  read.text("touched", options.touched);
  read.text("reason", options.reason);
  read.text("meets", options.meets);
  read.text("journey", options.journey);
  read.text("event", options.event);
  read.text("time", options.time);
  read.text("giver_column", options.giver_column);
  read.text("receiver_column", options.receiver_column);
  read.text("giver", options.giver);
  read.text("receiver", options.receiver);
  read.days("within", options.within);
  read.maybe_days("reject_within", options.reject_within);
  options.against_definition = read.names("against_definition");
  read.until(options.until);
  return options;
}

/// Columns of counts; `get` leads from a row to them.
template <class Rows, class Get>
py::object counts_table(TableBuilder<Rows>& table, Get get) {
  using Counts = fg::HandOffCounts;
  const auto count = [&](const char* name, std::uint64_t Counts::* field) {
    table.column(name, [=](const auto& row) { return get(row).*field; });
  };
  count("delivered", &Counts::delivered);
  count("young", &Counts::young);
  table.column("judged", [=](const auto& row) { return get(row).judged(); });
  count("in_order", &Counts::in_order);
  count("receivers", &Counts::receiver);
  count("givers", &Counts::giver);
  count("between", &Counts::between);
  count("accepted", &Counts::accepted);
  count("rejected", &Counts::rejected);
  count("feedback", &Counts::feedback);
  count("touched", &Counts::touched);
  count("touched_in_time", &Counts::touched_in_time);
  count("repeated", &Counts::repeated);
  table.column("breach", [=](const auto& row) { return get(row).breach(); });
  table.column("breach_low", [=](const auto& row) { return get(row).breach_interval().low; });
  table.column("breach_high", [=](const auto& row) { return get(row).breach_interval().high; });
  table.column("feedback_share", [=](const auto& row) { return get(row).feedback_share(); });
  table.column("repeated_share", [=](const auto& row) { return get(row).repeated_share(); });
  table.column("touch_mean", [=](const auto& row) { return get(row).touch_mean; });
  table.column("touch_median", [=](const auto& row) { return get(row).touch_median; });
  return table_object(table.build());
}

py::object total_table(const fg::HandOffRecord& record) {
  const std::vector<fg::HandOffCounts> rows = {record.total};
  TableBuilder table(rows);
  return counts_table(table, [](const fg::HandOffCounts& row) -> const fg::HandOffCounts& { return row; });
}

py::object pairs_table(const fg::HandOffRecord& record) {
  TableBuilder table(record.pairs);
  table.column("giver", &fg::HandOffPair::giver).column("receiver", &fg::HandOffPair::receiver);
  return counts_table(table,
                      [](const fg::HandOffPair& row) -> const fg::HandOffCounts& { return row.counts; });
}

py::object causes_table(const fg::HandOffRecord& record) {
  std::vector<std::pair<std::string, std::uint64_t>> rows;
  for (std::size_t c = 0; c < fg::between_causes; ++c) {
    rows.emplace_back(fg::to_string(static_cast<fg::BetweenCause>(c)), record.total.causes[c]);
  }
  return table_object(TableBuilder(rows)
                          .column("cause", [](const auto& row) { return row.first; })
                          .column("count", [](const auto& row) { return row.second; })
                          .build());
}

py::object policies_table(const fg::HandOffRecord& record) {
  using Row = fg::HandOffBurden;
  return table_object(TableBuilder(record.burdens)
                          .column("policy", [](const Row& row) { return fg::to_string(row.policy); })
                          .column("owner", &Row::owner)
                          .column("borne", &Row::borne)
                          .column("part", &Row::part)
                          .column("share", &Row::share)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .column("rank", &Row::rank)
                          .build());
}

py::object record_reasons_table(const fg::HandOffRecord& record) {
  using Row = fg::HandOffReason;
  return table_object(TableBuilder(record.reasons)
                          .column("reason", [](const Row& row) { return unless_empty(row.reason); })
                          .column("against_definition", &Row::against_definition)
                          .column("count", &Row::count)
                          .column("in_time", &Row::in_time)
                          .build());
}

// ---- service levels --------------------------------------------------------------------------------

/// [(from, to, within, promise), ...]
std::vector<fg::ServiceLevel> rules_of(const py::handle& given, const std::string& where) {
  std::vector<fg::ServiceLevel> rules;
  for (const py::handle item : given) {
    const auto parts = py::cast<py::tuple>(item);
    rules.push_back({text_of(parts[0], where), text_of(parts[1], where), days_of(parts[2], where),
                     enum_of<fg::Promise>(parts[3], where)});
  }
  return rules;
}

fg::ServiceLevelOptions level_options(const py::dict& given) {
  const GivenOptions read(given, "service_levels");
  fg::ServiceLevelOptions options;
  options.journey = "";
  read.text("journey", options.journey);
  read.text("stage", options.stage);
  read.text("time", options.time);
  for (const auto& [stage, column] : read.mapping("stages")) {
    options.stages.push_back({text_of(stage, read.where("stages")), text_of(column, read.where("stages"))});
  }
  read.text("closed_at", options.closed_at);
  options.closing = read.names("closing");
  options.owners = read.texts("owners");
  read.text("giver_column", options.giver_column);
  read.text("receiver_column", options.receiver_column);
  read.text("segment", options.segment);
  for (const std::string& by : read.names("by")) {
    options.by.push_back(enum_of<fg::ServiceLevelBy>(py::str(by), read.where("by")));
  }
  read.until(options.until);
  if (!read.get("days_off").is_none()) {
    for (const py::handle day : read.get("days_off")) options.days_off.at(py::cast<std::size_t>(day)) = true;
  }
  return options;
}

py::object service_levels_table(const fg::ServiceLevels& levels) {
  using Row = fg::ServiceLevelRow;
  return table_object(TableBuilder(levels.rows)
                          .column("from", [](const Row& row) { return unless_empty(row.rule.from); })
                          .column("to", [](const Row& row) { return row.rule.to; })
                          .column("promise", [](const Row& row) { return enum_name(row.rule.promise); })
                          .column("within", [](const Row& row) { return row.rule.within; })
                          .column("giver", [](const Row& row) { return unless_empty(row.giver); })
                          .column("receiver", [](const Row& row) { return unless_empty(row.receiver); })
                          .column("week", [](const Row& row) { return unless_empty(row.week); })
                          .column("month", [](const Row& row) { return unless_empty(row.month); })
                          .column("segment", [](const Row& row) { return unless_empty(row.segment); })
                          .column("entered", &Row::entered)
                          .column("young", &Row::young)
                          .column("closed", &Row::closed)
                          .column("in_time", &Row::in_time)
                          .column("late", &Row::late)
                          .column("share", &Row::share)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .column("share_censored", &Row::share_censored)
                          .column("wait_median", &Row::wait_median)
                          .build());
}

py::object transition_levels_table(const std::vector<fg::TransitionLevel>& rows) {
  using Row = fg::TransitionLevel;
  return table_object(TableBuilder(rows)
                          .column("from", &Row::from)
                          .column("to", &Row::to)
                          .column("giver", &Row::giver)
                          .column("receiver", &Row::receiver)
                          .column("within", &Row::within)
                          .column("flow", &Row::flow)
                          .column("share", &Row::share)
                          .column("breach", &Row::breach)
                          .column("late", &Row::late)
                          .build());
}

// ---- loss reasons ----------------------------------------------------------------------------------

py::dict loss_reasons(std::size_t rows, const py::dict& columns, const py::dict& given) {
  const GivenOptions read(given, "loss_reasons");
  fg::LossReasonOptions options;
  read.text("reason", options.reason);
  read.text("lost_at", options.lost_at);
  read.text("recorded_by", options.recorded_by);
  options.owners = read.texts("owners");
  options.recorders = read.texts("recorders");
  const OwnedColumns table(rows, columns);
  const fg::LossReasons found = unlocked([&] { return fg::loss_reasons(table.view(), options); });
  using Reason = fg::LossReason;
  using Owner = fg::LossOwner;
  py::dict result;
  result["losses"] = found.losses;
  result["recorded_by_others"] = found.recorded_by_others;
  result["reasons"] =
      table_object(TableBuilder(found.reasons)
                       .column("owner", &Reason::owner)
                       .column("reason", [](const Reason& row) { return unless_empty(row.reason); })
                       .column("recorded_by", [](const Reason& row) { return unless_empty(row.recorded_by); })
                       .column("count", &Reason::count)
                       .column("share", &Reason::share)
                       .build());
  result["owners"] = table_object(TableBuilder(found.owners)
                                      .column("owner", &Owner::owner)
                                      .column("count", &Owner::count)
                                      .column("share", &Owner::share)
                                      .column("low", &Owner::low)
                                      .column("high", &Owner::high)
                                      .column("by_itself", &Owner::by_itself)
                                      .column("by_others", &Owner::by_others)
                                      .column("by_unknown", &Owner::by_unknown)
                                      .build());
  return result;
}

// ---- key figures -----------------------------------------------------------------------------------

fg::Figures figures_of(const py::handle& value, const std::string& where) {
  fg::Figures figures;
  if (value.is_none()) return figures;
  if (!py::isinstance<py::dict>(value)) refuse(value, where, "a mapping of names to numbers");
  for (const auto& [name, number] : py::cast<py::dict>(value)) {
    figures[text_of(name, where)] = number.is_none()
                                        ? std::numeric_limits<double>::quiet_NaN()
                                        : double_of(number, where + " of " + text_of(name, where));
  }
  return figures;
}

fg::Kpi kpi_of(const py::dict& given) {
  const GivenOptions read(given, "Kpi");
  fg::Kpi kpi;
  read.text("id", kpi.id);
  kpi.labels = labels_of(read.get("labels"), read.where("labels"));
  read.text("formula", kpi.formula);
  read.text("funnel_formula", kpi.funnel_formula);
  read.text("unit", kpi.unit);
  if (!read.get("direction").is_none())
    kpi.direction = enum_of<fg::KpiDirection>(read.get("direction"), read.where("direction"));
  if (!read.get("role").is_none()) kpi.role = enum_of<fg::Role>(read.get("role"), read.where("role"));
  if (!read.get("soft").is_none()) kpi.soft = py::cast<bool>(read.get("soft"));
  return kpi;
}

py::list standard_kpis(const py::object& card) {
  py::list kpis;
  for (const fg::Kpi& kpi : fg::standard_kpis(enum_of<fg::Card>(card, "standard_kpis(role)"))) {
    py::dict one;
    one["id"] = kpi.id;
    one["labels"] = labels_dict(kpi.labels);
    one["formula"] = kpi.formula;
    one["funnel_formula"] = kpi.funnel_formula;
    one["unit"] = kpi.unit;
    one["direction"] = enum_name(kpi.direction);
    one["role"] = enum_name(kpi.role);
    one["soft"] = kpi.soft;
    kpis.append(one);
  }
  return kpis;
}

py::dict scorecard(const fg::Funnel* funnel, const py::dict& given) {
  const GivenOptions read(given, "scorecard");
  fg::ScorecardOptions options;
  options.card = enum_of<fg::Card>(read.get("role"), read.where("role"));
  options.actual = figures_of(read.get("actual"), read.where("actual"));
  options.target = figures_of(read.get("target"), read.where("target"));
  for (const auto& [name, values] : read.mapping("previous")) {
    auto& series = options.previous[text_of(name, read.where("previous"))];
    for (const py::handle value : values) {
      series.push_back(value.is_none() ? std::numeric_limits<double>::quiet_NaN()
                                       : double_of(value, read.where("previous")));
    }
  }
  if (!read.get("plan").is_none()) {
    options.plan = std::make_shared<const fg::Funnel>(py::cast<const fg::Funnel&>(read.get("plan")));
  }
  if (!read.get("kpis").is_none()) {
    for (const py::handle kpi : read.get("kpis")) options.kpis.push_back(kpi_of(py::cast<py::dict>(kpi)));
  }
  if (!read.get("standard").is_none()) options.standard = py::cast<bool>(read.get("standard"));
  read.number("near", options.near);
  read.number("steady", options.steady);
  read.text("language", options.language);
  std::optional<fg::Funnel> snapshot;
  if (funnel != nullptr) snapshot = *funnel;
  const fg::Scorecard card =
      unlocked([&] { return snapshot ? fg::scorecard(*snapshot, options) : fg::scorecard(options); });
  using Row = fg::KpiRow;
  py::dict result;
  result["role"] = fg::to_string(card.card);
  result["title"] = card.title;
  result["basis"] = card.basis;
  result["near"] = card.near;
  result["steady"] = card.steady;
  result["rows"] = table_object(
      TableBuilder(card.rows)
          .column("kpi", [](const Row& row) { return row.kpi.id; })
          .column("label", &Row::label)
          .column("unit", [](const Row& row) { return row.kpi.unit; })
          .column("direction", [](const Row& row) { return fg::to_string(row.kpi.direction); })
          .column("actual", &Row::actual)
          .column("target", &Row::target)
          .column("gap", &Row::gap)
          .column("status", [](const Row& row) { return fg::to_string(row.status); })
          .column("previous", &Row::previous)
          .column("change", &Row::change)
          .column("trend", [](const Row& row) { return fg::to_string(row.trend); })
          .column("control_share", &Row::control_share)
          .column("numerator", &Row::numerator)
          .column("denominator", &Row::denominator)
          .column("source", [](const Row& row) { return fg::to_string(row.actual_source); })
          .column("formula",
                  [](const Row& row) { return row.kpi.formula.empty() ? row.kpi.id : row.kpi.formula; })
          .column("soft", [](const Row& row) { return row.kpi.soft; })
          .build());
  result["warnings"] = table_object(TableBuilder(card.warnings)
                                        .column("code", &fg::KpiWarning::code)
                                        .column("where", &fg::KpiWarning::where)
                                        .column("message", &fg::KpiWarning::message)
                                        .build());
  return result;
}

py::list control_shares(const fg::Funnel& funnel, const fg::Metric& metric, const py::object& discount_rate,
                        const std::string& language) {
  fg::AnalysisOptions options;
  if (!discount_rate.is_none()) options.discount_rate = double_of(discount_rate, "discount_rate=");
  const fg::Funnel snapshot(funnel);
  const auto found = unlocked([&] { return fg::control_shares(snapshot, metric, options); });
  py::list rows;
  for (const fg::ControlShare& one : found)
    rows.append(
        py::make_tuple(one.owner, one.share, one.weight, one.unknown, one.warning(language), one.enough()));
  return rows;
}

py::object gaps_table(const fg::Funnel& funnel, const std::string& language) {
  constexpr const char* kinds[] = {"stage", "owner", "side", "placeholder"};
  const auto rows = fg::measurement_gaps(funnel, language);
  using Row = fg::MeasurementGap;
  return table_object(
      TableBuilder(rows)
          .column("kind", [&](const Row& row) { return kinds[static_cast<std::size_t>(row.kind)]; })
          .column("name", &Row::name)
          .column("message", &Row::message)
          .build());
}

// ---- agreement -------------------------------------------------------------------------------------

std::map<std::string, std::vector<std::string>> lists_of(const GivenOptions& read, const char* key) {
  std::map<std::string, std::vector<std::string>> lists;
  for (const auto& [owner, texts] : read.mapping(key))
    lists[text_of(owner, read.where(key))] = names_of(texts, read.where(key));
  return lists;
}

fg::Agreement agreement(const fg::Funnel& funnel, const py::dict& given) {
  const GivenOptions read(given, "agreement");
  fg::AgreementOptions options;
  read.text("language", options.language);
  read.text("giver", options.giver);
  read.text("receiver", options.receiver);
  read.maybe_number("quality", options.quality);
  read.maybe_days("answer_within", options.answer_within);
  read.maybe_number("answered_share", options.answered_share);
  read.maybe_number("feedback_share", options.feedback_share);
  read.maybe_days("feedback_within", options.feedback_within);
  read.maybe_days("report_every", options.report_every);
  if (!read.get("service_levels").is_none())
    options.service_levels = rules_of(read.get("service_levels"), read.where("service_levels"));
  options.reasons = read.texts("reasons");
  options.definitions = read.texts("definitions");
  options.accept_if = read.texts("accept_if");
  options.gives = lists_of(read, "gives");
  options.needs = lists_of(read, "needs");
  read.text("review", options.review);
  read.text("review_date", options.review_date);
  read.text("date", options.date);
  options.signatories = read.texts("signatories");
  const fg::Funnel snapshot(funnel);
  return unlocked([&] { return fg::agreement(snapshot, options); });
}

py::object agreed_stages_table(const fg::Agreement& page) {
  using Row = fg::AgreedStage;
  return table_object(TableBuilder(page.stages)
                          .column("stage", &Row::stage)
                          .column("label", &Row::label)
                          .column("owner", &Row::owner)
                          .column("definition", [](const Row& row) { return unless_empty(row.definition); })
                          .column("accept_if", [](const Row& row) { return unless_empty(row.accept_if); })
                          .column("handed_over", &Row::handed_over)
                          .build());
}

/// The columns that a promise has in every table; `get` leads from a row to it.
template <class Rows, class Get>
void promise_columns(TableBuilder<Rows>& table, Get get) {
  table.column("kind", [=](const auto& row) { return fg::to_string(get(row).kind); })
      .column("by", [=](const auto& row) { return unless_empty(get(row).by); })
      .column("from", [=](const auto& row) { return unless_empty(get(row).from); })
      .column("to", [=](const auto& row) { return unless_empty(get(row).into); })
      .column("within", [=](const auto& row) { return get(row).within; })
      .column("promised", [=](const auto& row) { return get(row).promised; })
      .column("agreed", [=](const auto& row) { return get(row).agreed; });
}

py::object promises_table(const fg::Agreement& page) {
  TableBuilder table(page.promises);
  promise_columns(table, [](const fg::AgreedPromise& row) -> const fg::AgreedPromise& { return row; });
  table.column("text", &fg::AgreedPromise::text);
  return table_object(table.build());
}

py::object measured_table(const fg::Agreement& page, const fg::Funnel* funnel,
                          const fit::Statistics* statistics, const fg::HandOffRecord* record,
                          const fg::ServiceLevels* levels, const py::object& periods,
                          const py::object& near) {
  fg::AgreementActuals actuals;
  std::optional<fg::Funnel> snapshot;
  if (funnel != nullptr) {
    snapshot = *funnel;
    actuals.funnel = &*snapshot;
  }
  actuals.statistics = statistics;
  actuals.record = record;
  actuals.levels = levels;
  actuals.periods = double_of(periods, "measure(periods=)");
  actuals.near = double_of(near, "measure(near=)");
  const auto rows = unlocked([&] { return fg::measure(page, actuals); });
  using Row = fg::PromiseRow;
  TableBuilder table(rows);
  promise_columns(table, [](const Row& row) -> const fg::AgreedPromise& { return row.promise; });
  return table_object(table.column("actual", &Row::actual)
                          .column("low", &Row::low)
                          .column("high", &Row::high)
                          .column("n", &Row::n)
                          .column("gap", &Row::gap)
                          .column("status", [](const Row& row) { return fg::to_string(row.status); })
                          .column("measured_by", [](const Row& row) { return unless_empty(row.measured_by); })
                          .build());
}

void bind_records(py::module_& module) {
  py::class_<fg::HandOffRecord>(module, "HandOffRecord")
      .def_readonly("within", &fg::HandOffRecord::within)
      .def_readonly("reject_within", &fg::HandOffRecord::reject_within)
      .def_readonly("until", &fg::HandOffRecord::until)
      .def_readonly("ranking_changes", &fg::HandOffRecord::ranking_changes)
      .def("total", &total_table)
      .def("pairs", &pairs_table)
      .def("causes", &causes_table)
      .def("policies", &policies_table)
      .def("reasons", &record_reasons_table)
      .def("notes", [](const fg::HandOffRecord& self) { return reader_notes_table(self.notes); });
  module.def(
      "hand_off_record",
      [](std::size_t rows, const py::dict& columns, const py::dict& given) {
        const fg::HandOffOptions options = hand_off_options(given);
        const OwnedColumns table(rows, columns);
        return unlocked([&] { return fg::hand_off_record(table.view(), options); });
      },
      py::arg("rows"), py::arg("columns"), py::arg("options"));
  py::class_<fg::ServiceLevels>(module, "ServiceLevels")
      .def_readonly("until", &fg::ServiceLevels::until)
      .def("rows", &service_levels_table)
      .def("notes", [](const fg::ServiceLevels& self) { return reader_notes_table(self.notes); });
  module.def(
      "service_levels",
      [](std::size_t rows, const py::dict& columns, const py::object& given, const py::dict& how) {
        const auto rules = rules_of(given, "service_levels(rules=)");
        const fg::ServiceLevelOptions options = level_options(how);
        const OwnedColumns table(rows, columns);
        return unlocked([&] { return fg::service_levels(table.view(), rules, options); });
      },
      py::arg("rows"), py::arg("columns"), py::arg("rules"), py::arg("options"));
  module.def(
      "transition_levels",
      [](const fg::Funnel& funnel, const py::object& given) {
        const auto rules = rules_of(given, "service_levels(rules=)");
        const fg::Funnel snapshot(funnel);
        return transition_levels_table(unlocked([&] { return fg::service_levels(snapshot, rules); }));
      },
      py::arg("funnel"), py::arg("rules"));
  module.def("loss_reasons", &loss_reasons, py::arg("rows"), py::arg("columns"), py::arg("options"));
}

void bind_figures(py::module_& module) {
  py::class_<fg::Formula>(module, "Formula")
      .def(py::init([](const py::object& text) { return fg::Formula(text_of(text, "Formula(text)")); }),
           py::arg("text"))
      .def_property_readonly("text", &fg::Formula::text)
      .def_property_readonly("names", &fg::Formula::names)
      .def(
          "evaluate",
          [](const fg::Formula& self, const py::dict& figures) {
            const fg::FormulaValue found = self.evaluate(figures_of(figures, "Formula.evaluate(figures)"));
            return py::make_tuple(found.value, found.numerator, found.denominator, found.divided_by_zero);
          },
          py::arg("figures"))
      .def(
          "gradient",
          [](const fg::Formula& self, const py::dict& figures) {
            return self.gradient(figures_of(figures, "Formula.gradient(figures)"));
          },
          py::arg("figures"))
      .def(
          "__eq__", [](const fg::Formula& self, const fg::Formula& other) { return self == other; },
          py::arg("other"));
  module.def("standard_kpis", &standard_kpis, py::arg("role"));
  module.def("scorecard", &scorecard, py::arg("funnel").none(true), py::arg("options"));
  module.def("control_shares", &control_shares, py::arg("funnel"), py::arg("metric"),
             py::arg("discount_rate"), py::arg("language"));
  module.def(
      "owner_name",
      [](const fg::Funnel& funnel, const py::object& owner) {
        return funnel.owner(text_of(owner, "control_share(owner=)")).name;
      },
      py::arg("funnel"), py::arg("owner"));
  module.def(
      "stage_owners",
      [](const fg::Funnel& funnel) {
        py::dict owners;
        for (const fg::Stage& stage : funnel.stages())
          if (!stage.owner.empty()) owners[py::str(stage.name)] = to_string(stage.owner);
        for (const fg::Outcome& outcome : funnel.outcomes())
          if (!outcome.owner.empty()) owners[py::str(outcome.name)] = to_string(outcome.owner);
        return owners;
      },
      py::arg("funnel"));
  module.def("measurement_gaps", &gaps_table, py::arg("funnel"), py::arg("language"));
  module.def(
      "table_figures",
      [](std::size_t rows, const py::dict& columns) {
        const OwnedColumns table(rows, columns);
        py::dict figures;
        for (const auto& [name, value] : fg::table_figures(table.view())) figures[py::str(name)] = value;
        return figures;
      },
      py::arg("rows"), py::arg("columns"));
  module.def(
      "funnel_figure",
      [](const fg::Funnel& funnel, const std::string& name) -> std::optional<double> {
        const auto metric = fg::figure_metric(funnel, name);
        if (!metric) return std::nullopt;
        return fg::evaluate(funnel, *metric);
      },
      py::arg("funnel"), py::arg("name"));
  module.def(
      "advice_quality",
      [](const std::vector<double>& scores, std::size_t stock, double lowest, double highest) {
        const fg::AdviceQuality found = fg::advice_quality(scores, stock, lowest, highest);
        return py::make_tuple(found.mean, found.low, found.high, found.scored);
      },
      py::arg("scores"), py::arg("stock"), py::arg("lowest"), py::arg("highest"));
  module.def("sample_recordings", &fg::sample_recordings, py::arg("stock"), py::arg("wanted"),
             py::arg("seed"));
}

}  // namespace

void bind_kpi(py::module_& module) {
  bind_records(module);
  bind_figures(module);
  py::class_<fg::Agreement>(module, "Agreement")
      .def_readonly("language", &fg::Agreement::language)
      .def_readonly("funnel", &fg::Agreement::funnel)
      .def_readonly("giver", &fg::Agreement::giver)
      .def_readonly("receiver", &fg::Agreement::receiver)
      .def_readonly("gives", &fg::Agreement::gives)
      .def_readonly("needs", &fg::Agreement::needs)
      .def_readonly("reasons", &fg::Agreement::reasons)
      .def_readonly("review", &fg::Agreement::review)
      .def_readonly("review_date", &fg::Agreement::review_date)
      .def_readonly("date", &fg::Agreement::date)
      .def_readonly("missing", &fg::Agreement::missing)
      .def_readonly("signatures", &fg::Agreement::signatures)
      .def("stages", &agreed_stages_table)
      .def("promises", &promises_table)
      .def("to_text", [](const fg::Agreement& self) { return fg::to_text(self); })
      .def("to_html", [](const fg::Agreement& self) { return fg::to_html(self); })
      .def("measure", &measured_table, py::arg("funnel").none(true), py::arg("statistics").none(true),
           py::arg("record").none(true), py::arg("levels").none(true), py::arg("periods"), py::arg("near"));
  module.def("agreement", &agreement, py::arg("funnel"), py::arg("options"));
}
