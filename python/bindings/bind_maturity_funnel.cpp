// What joins the maturity room to a funnel: effects and their break-even, friction, evidence.
#include <pybind11/stl.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/maturity/break_even.hpp>
#include <funnelgraph/maturity/effects.hpp>
#include <funnelgraph/maturity/efforts.hpp>
#include <funnelgraph/maturity/evidence.hpp>
#include <funnelgraph/maturity/friction.hpp>
#include <funnelgraph/maturity/funnel_figures.hpp>
#include <funnelgraph/maturity/money_uses.hpp>
#include <funnelgraph/scenario/change.hpp>

#include "analysis_options.hpp"
#include "bindings.hpp"
#include "convert.hpp"
#include "maturity_words.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using namespace funnelgraph_python;

double end_of(const fg::Number& number, bool high) {
  const auto range = number.source.interval();
  return range ? (high ? range->high : range->low) : fgm::EvidenceFigure::unknown;
}

// (low, high), or one number for both.
fgm::Range range_of(py::handle value, const char* where) {
  if (py::isinstance<py::tuple>(value) || py::isinstance<py::list>(value)) {
    const auto ends = py::cast<py::sequence>(value);
    if (ends.size() != 2) refuse(value, where, "a number, or a pair of low and high");
    return {double_of(ends[0], where), double_of(ends[1], where)};
  }
  if (is_number(value)) {
    const fg::Number number = number_from_object(value);
    if (const auto range = number.source.interval()) return {range->low, range->high};
  }
  const double number = double_of(value, where);
  return {number, number};
}

py::tuple range_tuple(const fgm::Range& range) { return py::make_tuple(range.low, range.high); }

std::optional<std::string> relationship_text(const std::optional<fgm::Relationship>& band) {
  if (!band) return std::nullopt;
  return std::string(fgm::to_string(*band));
}

py::object maybe_text(const std::optional<std::string>& text) {
  return text ? py::object(py::str(*text)) : py::object(py::none());
}

// The effects of a move on a funnel, with what made them.
struct MoveEffects {
  fg::Funnel funnel;
  fgm::EffectOptions options;
  fgm::Effects effects;
};

MoveEffects move_effects(const std::string& source, const std::string& target, const fg::Funnel& funnel,
                         const py::dict& multipliers, std::vector<std::string> actions,
                         const py::object& strength) {
  const fgm::Relationship from = fgm::relationship_named(source);
  const fgm::Relationship to = fgm::relationship_named(target);
  MoveEffects made{funnel, {}, {}};
  made.options.table = fgm::effect_table(from, to);
  made.options.actions = std::move(actions);
  made.options.strength = double_of(strength, "effects(strength=)");
  std::vector<std::string> known;
  for (const fgm::Effect& effect : made.options.table) known.push_back(effect.id);
  for (const auto& [key, value] : multipliers) {
    const std::string id = text_of(key, "effects(multipliers=)");
    bool found = false;
    for (fgm::Effect& effect : made.options.table) {
      if (effect.id != id) continue;
      effect.multiplier = number_of(value, "effects(multipliers=)");
      found = true;
    }
    if (!found) throw fg::UnknownNameError("effect of this move", id, fg::nearest_name(id, known));
  }
  made.effects = fgm::effects(from, to, funnel, made.options);
  return made;
}

py::object move_effects_table(const std::vector<fgm::Effect>& rows, const std::string& language,
                              const fgm::Effects* made) {
  using Row = fgm::Effect;
  TableBuilder builder(rows);
  builder.column("effect", &Row::id)
      .column("from", [](const Row& r) { return std::string(fgm::to_string(r.from)); })
      .column("name", [&](const Row& r) { return fgm::text_in(r.name, language); })
      .column("label", [](const Row& r) { return std::string(fgm::label_of(r)); })
      .column("multiplier", [](const Row& r) { return r.multiplier.value; })
      .column("low", [](const Row& r) { return end_of(r.multiplier, false); })
      .column("high", [](const Row& r) { return end_of(r.multiplier, true); })
      .column("actions", [](const Row& r) { return joined(r.actions); });
  if (made != nullptr) {
    builder.column("numbers", [&](const Row& r) {
      std::int64_t count = 0;
      for (const fgm::AddressedNumber& number : made->addressed) count += number.effect == r.id ? 1 : 0;
      return count;
    });
  }
  return table_object(builder.build());
}

py::object addressed_table(const MoveEffects& self) {
  using Row = fgm::AddressedNumber;
  return table_object(TableBuilder(self.effects.addressed)
                          .column("effect", &Row::effect)
                          .column("parameter", [](const Row& r) { return fg::to_string(r.parameter); })
                          .column("value", &Row::value)
                          .column("change", [](const Row& r) { return fg::to_string(r.kind); })
                          .column("factor", [](const Row& r) { return r.factor.value; })
                          .column("low", [](const Row& r) { return end_of(r.factor, false); })
                          .column("high", [](const Row& r) { return end_of(r.factor, true); })
                          .build());
}

py::object left_out_table(const MoveEffects& self, const std::string& language) {
  using Row = fgm::LeftOut;
  return table_object(TableBuilder(self.effects.left_out)
                          .column("effect", &Row::effect)
                          .column("code", &Row::code)
                          .column("where", &Row::where)
                          .column("why", [&](const Row& r) { return fgm::text_in(r.why, language); })
                          .build());
}

fgm::BreakEvenOptions money_options(const py::dict& given) {
  fgm::BreakEvenOptions money;
  for (const auto& [key, value] : given) {
    const auto name = py::cast<std::string>(key);
    if (value.is_none()) continue;
    const auto whole = [&] { return py::cast<std::uint64_t>(value); };
    if (name == "day_cost") {
      money.day_cost = double_of(value, "day_cost=");
    } else if (name == "cost") {
      money.cost = range_of(value, "cost=");
    } else if (name == "horizon") {
      money.horizon = days_of(value, "horizon=");
    } else if (name == "period_days") {
      money.period_days = days_of(value, "period_days=");
    } else if (name == "until_effect") {
      money.until_effect = range_of(value, "until_effect=");
    } else if (name == "efforts") {
      money.efforts = fgm::efforts();
      std::vector<std::string> known;
      for (const fgm::Effort& effort : money.efforts) known.push_back(effort.action);
      for (const auto& [action_key, ranges] : py::cast<py::dict>(value)) {
        const auto action = text_of(action_key, "efforts=");
        const auto row = std::find(known.begin(), known.end(), action);
        if (row == known.end()) throw fg::UnknownNameError("action", action, fg::nearest_name(action, known));
        const auto three = py::cast<py::sequence>(ranges);
        if (three.size() != 3) refuse(ranges, "efforts=", "once, yearly, until_effect");
        money.efforts[static_cast<std::size_t>(row - known.begin())] = {
            action, range_of(three[0], "efforts="), range_of(three[1], "efforts="),
            range_of(three[2], "efforts=")};
      }
    } else if (name == "draws") {
      money.draws = whole();
    } else if (name == "seed") {
      money.seed = whole();
    } else if (name == "independent") {
      money.independent = py::cast<bool>(value);
    } else if (name == "discount_rate") {
      money.analysis.discount_rate = double_of(value, "discount_rate=");
    } else if (name == "capacity") {
      money.analysis.capacity = capacity_rule_of(value);
    } else {
      throw fg::UnknownNameError("option", name, "");
    }
  }
  return money;
}

py::dict break_even_dict(const MoveEffects& self, const py::dict& given, const std::string& language) {
  const fgm::BreakEvenOptions money = money_options(given);
  const fgm::BreakEven b = unlocked(
      [&] { return fgm::break_even(self.effects.from, self.effects.to, self.funnel, self.options, money); });
  using Lone = fgm::LoneBreakEven;
  using Cost = fgm::ActionCost;
  py::dict result;
  result["text"] = fgm::text_in(b.text, language);
  result["strength"] = b.strength;
  result["strength_low"] = b.strength_low;
  result["strength_high"] = b.strength_high;
  result["cost"] = range_tuple(b.cost);
  result["until_effect"] = range_tuple(b.until_effect);
  result["periods"] = b.periods;
  result["placeholders"] = b.placeholders;
  result["alone"] =
      table_object(TableBuilder(b.alone)
                       .column("effect", &Lone::effect)
                       .column("text", [&](const Lone& r) { return fgm::text_in(r.text, language); })
                       .column("change", &Lone::change)
                       .column("needed", &Lone::needed)
                       .column("multiplier", &Lone::multiplier)
                       .column("within", &Lone::within)
                       .column("begins", &Lone::begins)
                       .column("gain", &Lone::gain)
                       .build());
  result["actions"] =
      table_object(TableBuilder(b.actions)
                       .column("action", &Cost::action)
                       .column("days_low", [](const Cost& r) { return r.person_days.low; })
                       .column("days_high", [](const Cost& r) { return r.person_days.high; })
                       .column("cost_low", [](const Cost& r) { return r.cost.low; })
                       .column("cost_high", [](const Cost& r) { return r.cost.high; })
                       .column("until_low", [](const Cost& r) { return r.until_effect.low; })
                       .column("until_high", [](const Cost& r) { return r.until_effect.high; })
                       .build());
  result["profit_before"] = b.profit_before;
  result["profit_after"] = b.profit_after;
  result["gain"] = b.gain;
  result["gain_low"] = b.gain_low;
  result["gain_high"] = b.gain_high;
  result["paying"] = b.paying;
  return result;
}

py::object efforts_table() {
  using Row = fgm::Effort;
  return table_object(TableBuilder(fgm::efforts())
                          .column("action", &Row::action)
                          .column("once_low", [](const Row& r) { return r.once.low; })
                          .column("once_high", [](const Row& r) { return r.once.high; })
                          .column("yearly_low", [](const Row& r) { return r.yearly.low; })
                          .column("yearly_high", [](const Row& r) { return r.yearly.high; })
                          .column("until_low", [](const Row& r) { return r.until_effect.low; })
                          .column("until_high", [](const Row& r) { return r.until_effect.high; })
                          .column("label", [](const Row&) { return std::string("assumption"); })
                          .build());
}

// ---- friction ----------------------------------------------------------------------------------------

constexpr std::size_t friction_figure_count = 10;

double* figure_slot(fgm::FrictionFigures& figures, const std::string& name) {
  double* slots[friction_figure_count] = {&figures.commission, &figures.price_losses, &figures.promotion,
                                          &figures.unfit,      &figures.budget,       &figures.load,
                                          &figures.horizon,    &figures.undefined,    &figures.unmeasured,
                                          &figures.unanswered};
  std::vector<std::string> names;
  for (std::size_t i = 0; i < friction_figure_count; ++i) {
    names.emplace_back(fgm::to_string(static_cast<fgm::FrictionFigure>(i)));
  }
  return slots[position_of("figure of friction", name, names)];
}

py::dict friction_figures_dict(const fgm::FrictionFigures& figures) {
  py::dict result;
  for (std::size_t i = 0; i < friction_figure_count; ++i) {
    const auto figure = static_cast<fgm::FrictionFigure>(i);
    result[py::str(std::string(fgm::to_string(figure)))] = fgm::figure_of(figures, figure);
  }
  return result;
}

py::dict friction_dict(const fgm::Assessment* assessment, const fg::Funnel* funnel, const py::dict& figures,
                       const std::map<std::string, std::optional<bool>>& replies, const std::string& role,
                       double low_answer, const std::string& language) {
  fgm::FrictionOptions options;
  if (funnel != nullptr) {
    options.figures = unlocked([&] { return fgm::friction_figures(fg::Funnel(*funnel)); });
  }
  for (const auto& [key, value] : figures) {
    *figure_slot(options.figures, text_of(key, "friction(figures=)")) =
        double_of(value, "friction(figures=)");
  }
  options.replies = replies_of(replies);
  options.marketing_role = role;
  options.low_answer = low_answer;
  const fgm::FrictionReport report = fgm::friction(assessment, options);
  using Row = fgm::FrictionRow;
  const auto answered = [](const Row& r, std::string text) {
    return std::isnan(r.answer) ? std::optional<std::string>() : std::optional<std::string>(std::move(text));
  };
  py::dict result;
  result["rows"] = table_object(
      TableBuilder(report.rows)
          .column("indicator", [](const Row& r) { return r.indicator.id; })
          .column("topic", [&](const Row& r) { return fgm::text_in(r.indicator.topic, language); })
          .column("kind", [](const Row& r) { return friction_text(r.indicator.kind); })
          .column("shows", [](const Row& r) { return reply_text(r.shows); })
          .column("expected", &Row::expected)
          .column("statement", [&](const Row& r) { return answered(r, r.statement); })
          .column("side", [&](const Row& r) { return answered(r, std::string(fgm::to_string(r.side))); })
          .column("answer", &Row::answer)
          .column("figure_of", [](const Row& r) { return std::string(fgm::to_string(r.indicator.figure)); })
          .column("figure", &Row::figure)
          .column("threshold",
                  [](const Row& r) {
                    return r.indicator.figure == fgm::FrictionFigure::none ? fgm::FrictionFigures::unknown
                                                                           : r.indicator.threshold;
                  })
          .column("condition", [](const Row& r) { return r.indicator.condition; })
          .column("by_answers", [](const Row& r) { return reply_text(r.by_answers); })
          .column("by_figure", [](const Row& r) { return reply_text(r.by_figure); })
          .column("by_condition", [](const Row& r) { return reply_text(r.by_condition); })
          .column("text", [&](const Row& r) { return fgm::text_in(r.indicator.text, language); })
          .build());
  result["economic"] = report.economic;
  result["cultural"] = report.cultural;
  result["unknown"] = report.unknown;
  result["text"] = fgm::text_in(report.text, language);
  result["frame"] = fgm::text_in(report.frame, language);
  return result;
}

py::object money_uses_table(const fg::Funnel& funnel, double sum, double seller,
                            const std::string& language) {
  fgm::MoneyFigures figures = unlocked([&] { return fgm::money_figures(fg::Funnel(funnel)); });
  figures.seller = seller;
  const auto uses = fgm::money_uses(figures, sum);
  using Row = fgm::MoneyUse;
  return table_object(TableBuilder(uses)
                          .column("use", &Row::use)
                          .column("name", [&](const Row& r) { return fgm::text_in(r.name, language); })
                          .column("buys", &Row::buys)
                          .column("brings", &Row::brings)
                          .column("wins_needed", &Row::wins_needed)
                          .column("share_needed", &Row::share_needed)
                          .build());
}

// ---- evidence ----------------------------------------------------------------------------------------

fgm::EvidenceKind kind_of(const py::handle& key, const char* where) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < fgm::evidence_kinds; ++i) {
    names.emplace_back(fgm::to_string(static_cast<fgm::EvidenceKind>(i)));
  }
  return static_cast<fgm::EvidenceKind>(position_of("indicator", text_of(key, where), names));
}

fgm::Evidence evidence_of(const fg::Funnel* funnel, const py::object& record, const py::dict& figures,
                          const py::dict& thresholds) {
  fgm::EvidenceFigures read;
  if (funnel != nullptr) read = unlocked([&] { return fgm::evidence_figures(fg::Funnel(*funnel)); });
  if (!record.is_none()) fgm::put_record(read, py::cast<const fg::HandOffRecord&>(record));
  for (const auto& [key, value] : figures) {
    const fg::Number number = number_of(value, "evidence(figures=)");
    fgm::put_figure(read, kind_of(key, "evidence(figures=)"), number.value, number.source.n());
  }
  fgm::EvidenceOptions options;
  options.table = fgm::evidence_indicators();
  for (const auto& [key, value] : thresholds) {
    fgm::EvidenceIndicator& row =
        options.table[static_cast<std::size_t>(kind_of(key, "evidence(thresholds=)"))];
    const auto three = py::cast<py::sequence>(value);
    if (three.size() != 3) refuse(value, "evidence(thresholds=)", "three numbers, from worst to best");
    for (std::size_t i = 0; i < 3; ++i) row.thresholds[i] = double_of(three[i], "evidence(thresholds=)");
    row.basis = {{"en", "given"}, {"vi", "được cung cấp"}};
  }
  return fgm::evidence(read, options);
}

py::object evidence_rows(const fgm::Evidence& self, const std::string& language) {
  using Row = fgm::EvidenceRow;
  const auto threshold = [](std::size_t i) {
    return [i](const Row& r) { return r.indicator.thresholds[i]; };
  };
  return table_object(
      TableBuilder(self.rows)
          .column("indicator", [](const Row& r) { return std::string(fgm::to_string(r.indicator.kind)); })
          .column("name", [&](const Row& r) { return fgm::text_in(r.indicator.name, language); })
          .column("value", [](const Row& r) { return r.figure.value; })
          .column("low", [](const Row& r) { return r.figure.low; })
          .column("high", [](const Row& r) { return r.figure.high; })
          .column("n", [](const Row& r) { return r.figure.n; })
          .column("from", [](const Row& r) { return r.figure.from; })
          .column("score", &Row::score)
          .column("band", [](const Row& r) { return relationship_text(r.band); })
          .column("defined", threshold(0))
          .column("aligned", threshold(1))
          .column("integrated", threshold(2))
          .column("basis", [&](const Row& r) { return fgm::text_in(r.indicator.basis, language); })
          .build());
}

py::object beside_table(const fgm::Evidence& self, const fgm::Assessment& assessment, double least,
                        const std::string& language) {
  const auto rows = fgm::compare_with(self, assessment, least);
  using Row = fgm::EvidenceOpinion;
  return table_object(
      TableBuilder(rows)
          .column("indicator", &Row::indicator)
          .column("side", [](const Row& r) { return std::string(fgm::to_string(r.side)); })
          .column("finding", [](const Row& r) { return std::string(fgm::to_string(r.finding)); })
          .column("opinion", &Row::opinion)
          .column("evidence", &Row::evidence)
          .column("difference", &Row::difference)
          .column("text", [&](const Row& r) { return fgm::text_in(r.text, language); })
          .build());
}

}  // namespace

void bind_maturity_funnel(py::module_& module) {
  py::class_<MoveEffects>(module, "MaturityEffects")
      .def("scenario", [](const MoveEffects& self) { return self.effects.scenario; })
      .def(
          "table",
          [](const MoveEffects& self, const std::string& language) {
            return move_effects_table(self.effects.table, language, &self.effects);
          },
          py::arg("language"))
      .def("addressed", &addressed_table)
      .def("left_out", &left_out_table, py::arg("language"))
      .def("break_even", &break_even_dict, py::arg("options"), py::arg("language"));
  module.def("maturity_effects", &move_effects, py::arg("source"), py::arg("target"), py::arg("funnel"),
             py::arg("multipliers"), py::arg("actions"), py::arg("strength"));
  module.def(
      "maturity_effect_table",
      [](const std::string& source, const std::string& target, const std::string& language) {
        const auto rows = source.empty() ? fgm::effect_table()
                                         : fgm::effect_table(fgm::relationship_named(source),
                                                             fgm::relationship_named(target));
        return move_effects_table(rows, language, nullptr);
      },
      py::arg("source"), py::arg("target"), py::arg("language"));
  module.def("maturity_efforts", &efforts_table);
  module.def("maturity_friction", &friction_dict, py::arg("assessment").none(true),
             py::arg("funnel").none(true), py::arg("figures"), py::arg("replies"), py::arg("role"),
             py::arg("low_answer"), py::arg("language"));
  module.def(
      "maturity_friction_figures",
      [](const fg::Funnel& funnel) { return friction_figures_dict(fgm::friction_figures(funnel)); },
      py::arg("funnel"));
  module.def("maturity_money_uses", &money_uses_table, py::arg("funnel"), py::arg("amount"),
             py::arg("seller"), py::arg("language"));
  py::class_<fgm::Evidence>(module, "MaturityEvidence")
      .def_readonly("known", &fgm::Evidence::known)
      .def_readonly("score", &fgm::Evidence::score)
      .def_readonly("low", &fgm::Evidence::low)
      .def_readonly("high", &fgm::Evidence::high)
      .def_property_readonly("band",
                             [](const fgm::Evidence& e) { return maybe_text(relationship_text(e.band)); })
      .def_property_readonly("band_low",
                             [](const fgm::Evidence& e) { return maybe_text(relationship_text(e.band_low)); })
      .def_property_readonly(
          "band_high", [](const fgm::Evidence& e) { return maybe_text(relationship_text(e.band_high)); })
      .def_property_readonly("unknown", [](const fgm::Evidence& e) { return py::tuple(py::cast(e.unknown)); })
      .def(
          "text",
          [](const fgm::Evidence& e, const std::string& language) { return fgm::text_in(e.text, language); },
          py::arg("language"))
      .def("rows", &evidence_rows, py::arg("language"))
      .def("beside", &beside_table, py::arg("assessment"), py::arg("least_difference"), py::arg("language"));
  module.def("maturity_evidence", &evidence_of, py::arg("funnel").none(true), py::arg("record"),
             py::arg("figures"), py::arg("thresholds"));
}
