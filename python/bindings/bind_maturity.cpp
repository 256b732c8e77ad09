// The maturity room: instruments, assessments, reliability, advice, actions, reviews.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/io/instrument_json.hpp>
#include <funnelgraph/maturity/actions.hpp>
#include <funnelgraph/maturity/advice.hpp>
#include <funnelgraph/maturity/assessment.hpp>
#include <funnelgraph/maturity/instrument.hpp>
#include <funnelgraph/maturity/questionnaire.hpp>
#include <funnelgraph/maturity/reliability.hpp>
#include <funnelgraph/maturity/review.hpp>

#include "bindings.hpp"
#include "convert.hpp"
#include "maturity_words.hpp"
#include "owned_columns.hpp"
#include "table.hpp"

namespace {

namespace py = pybind11;
namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using namespace funnelgraph_python;
using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;

std::string side_text(fgm::Side side) { return std::string(fgm::to_string(side)); }

// Cells and the number of columns of an array of two dimensions.
struct Grid {
  std::vector<double> cells;
  std::size_t columns;
  [[nodiscard]] fgm::Matrix view() const { return {cells, columns}; }
};
Grid grid_of(const Numbers& array) {
  if (array.ndim() != 2) {
    throw fg::InvalidValueError("rows", std::to_string(array.ndim()) + " dimensions",
                                "two: rows and columns");
  }
  return {copied<double>(array), static_cast<std::size_t>(array.shape(1))};
}

py::object maybe_band(const fgm::Instrument& instrument, const std::optional<std::size_t>& band) {
  if (!band) return py::none();
  return py::str(instrument.bands[*band].id);
}

std::optional<std::string> score_band(const fgm::Instrument& instrument, const fgm::Score& score) {
  if (!score.band) return std::nullopt;
  return instrument.bands[*score.band].id;
}

py::dict score_dict(const fgm::Instrument& instrument, const fgm::Score& score) {
  py::dict result;
  result["score"] = score.value;
  result["low"] = score.low;
  result["high"] = score.high;
  result["band"] = maybe_band(instrument, score.band);
  py::dict probability;
  for (std::size_t i = 0; i < score.band_probability.size(); ++i) {
    probability[py::str(instrument.bands[i].id)] = score.band_probability[i];
  }
  result["band_probability"] = probability;
  return result;
}

py::object problems_table(const std::vector<fgm::Problem>& problems) {
  using Row = fgm::Problem;
  return table_object(TableBuilder(problems)
                          .column("row", &Row::row)
                          .column("column", &Row::column)
                          .column("code", &Row::code)
                          .column("why", &Row::why)
                          .build());
}

py::list statements_list(const fgm::Instrument& instrument, const std::string& language) {
  py::list list;
  for (const fgm::Statement& s : instrument.statements) {
    list.append(py::make_tuple(s.id, fgm::text_in(s.topic, language), fgm::text_in(s.text, language),
                               s.aspect == fgm::Aspect::structure ? "structure" : "behaviour",
                               py::tuple(py::cast(s.touches)), s.reversed, s.weight));
  }
  return list;
}

py::list bands_list(const fgm::Instrument& instrument, const std::string& language) {
  py::list list;
  for (const fgm::Band& band : instrument.bands) {
    list.append(py::make_tuple(band.id, fgm::text_in(band.name, language),
                               fgm::text_in(band.description, language), band.from));
  }
  return list;
}

fgm::Answers answers_from(std::vector<std::string> respondents, std::vector<std::string> sides,
                          std::vector<std::string> levels, const Numbers& cells,
                          const std::optional<Numbers>& seconds, const std::vector<std::string>& names) {
  fgm::Answers answers;
  answers.respondents = std::move(respondents);
  answers.sides = std::move(sides);
  answers.levels = std::move(levels);
  answers.answers = copied<double>(cells);
  if (seconds) answers.seconds = copied<double>(*seconds);
  answers.source = names.at(0);
  answers.respondent_column = names.at(1);
  answers.side_column = names.at(2);
  answers.level_column = names.at(3);
  return answers;
}

fgm::AssessOptions assess_options(const py::dict& given) {
  fgm::AssessOptions options;
  for (const auto& [key, value] : given) {
    const auto name = py::cast<std::string>(key);
    const auto whole = [&] { return py::cast<std::uint64_t>(value); };
    if (name == "answered_share") {
      options.answered_share = double_of(value, "answered_share=");
    } else if (name == "head_consent") {
      options.head_consent = py::cast<bool>(value);
    } else if (name == "respondent_consent") {
      options.respondent_consent = py::cast<bool>(value);
    } else if (name == "marketing_weight") {
      options.marketing_weight = double_of(value, "marketing_weight=");
    } else if (name == "level_of_intervals") {
      options.level = double_of(value, "confidence=");
    } else if (name == "replications") {
      options.replications = whole();
    } else if (name == "permutations") {
      options.permutations = whole();
    } else if (name == "seed") {
      options.seed = whole();
    } else if (name == "fast_seconds") {
      options.fast_seconds = double_of(value, "fast_seconds=");
    } else if (name == "threads") {
      options.execution.threads = static_cast<unsigned>(whole());
    } else {
      throw fg::UnknownNameError("option", name, "");
    }
  }
  return options;
}

py::object gap_table(const fgm::Assessment& m, const std::string& language) {
  using Row = fgm::GapRow;
  const auto& statements = m.instrument.statements;
  return table_object(
      TableBuilder(m.gap)
          .column("statement", [&](const Row& r) { return statements[r.statement].id; })
          .column("topic",
                  [&](const Row& r) { return fgm::text_in(statements[r.statement].topic, language); })
          .column("marketing", &Row::marketing)
          .column("sales", &Row::sales)
          .column("gap", &Row::gap)
          .column("low", &Row::low)
          .column("high", &Row::high)
          .column("p", &Row::p)
          .column("p_adjusted", &Row::p_adjusted)
          .column("different", &Row::different)
          .column("marketing_answers", &Row::marketing_answers)
          .column("sales_answers", &Row::sales_answers)
          .build());
}

py::object reliability_table(const fgm::Assessment& m) {
  using Row = fgm::SideReliability;
  return table_object(TableBuilder(m.reliability)
                          .column("side", [](const Row& r) { return side_text(r.side); })
                          .column("complete", &Row::complete)
                          .column("alpha", [](const Row& r) { return r.alpha.value; })
                          .column("alpha_low", [](const Row& r) { return r.alpha.low; })
                          .column("alpha_high", [](const Row& r) { return r.alpha.high; })
                          .column("omega", &Row::omega)
                          .column("heywood", &Row::heywood)
                          .column("rwg_j", &Row::rwg_j)
                          .column("krippendorff_interval", &Row::krippendorff_interval)
                          .column("krippendorff_ordinal", &Row::krippendorff_ordinal)
                          .column("krippendorff_nominal", &Row::krippendorff_nominal)
                          .column("icc1", [](const Row& r) { return r.icc.icc1; })
                          .column("icc2", [](const Row& r) { return r.icc.icc2; })
                          .column("icc3", [](const Row& r) { return r.icc.icc3; })
                          .column("icc1k", [](const Row& r) { return r.icc.icc1k; })
                          .column("icc2k", [](const Row& r) { return r.icc.icc2k; })
                          .column("icc3k", [](const Row& r) { return r.icc.icc3k; })
                          .build());
}

py::object items_table(const fgm::Assessment& m, const std::string& language) {
  using Row = fgm::ItemReliability;
  const auto& statements = m.instrument.statements;
  return table_object(
      TableBuilder(m.items)
          .column("side", [](const Row& r) { return side_text(r.side); })
          .column("statement", [&](const Row& r) { return statements[r.statement].id; })
          .column("topic",
                  [&](const Row& r) { return fgm::text_in(statements[r.statement].topic, language); })
          .column("answers", &Row::answers)
          .column("mean", &Row::mean)
          .column("sd", &Row::sd)
          .column("item_total", &Row::item_total)
          .column("alpha_without", &Row::alpha_without)
          .column("rwg", &Row::rwg)
          .build());
}

py::object level_scores_table(const fgm::Assessment& m) {
  using Row = fgm::LevelScore;
  return table_object(TableBuilder(m.levels)
                          .column("side", [](const Row& r) { return side_text(r.side); })
                          .column("level", [](const Row& r) { return std::string(fgm::to_string(r.level)); })
                          .column("scored", &Row::scored)
                          .column("score", [](const Row& r) { return r.score.value; })
                          .column("low", [](const Row& r) { return r.score.low; })
                          .column("high", [](const Row& r) { return r.score.high; })
                          .column("band", [&](const Row& r) { return score_band(m.instrument, r.score); })
                          .column("hidden", &Row::hidden)
                          .build());
}

py::object respondents_table(const fgm::Assessment& m) {
  using Row = fgm::RespondentScore;
  return table_object(TableBuilder(m.respondents)
                          .column("respondent", &Row::respondent)
                          .column("side", [](const Row& r) { return side_text(r.side); })
                          .column("level", [](const Row& r) { return std::string(fgm::to_string(r.level)); })
                          .column("answered", &Row::answered)
                          .column("score", &Row::score)
                          .build());
}

py::object flags_table(const fgm::Assessment& m) {
  using Row = fgm::Flag;
  return table_object(TableBuilder(m.flags).column("row", &Row::row).column("kind", &Row::kind).build());
}

py::object assessment_notes_table(const fgm::Assessment& m, const std::string& language) {
  using Row = fgm::Note;
  return table_object(TableBuilder(m.notes)
                          .column("code", &Row::code)
                          .column("count", &Row::count)
                          .column("note", [&](const Row& r) { return fgm::text_in(r.text, language); })
                          .build());
}

py::object plan_table(const fgm::Assessment& m, const std::string& now, const std::string& language) {
  using Row = fgm::PlannedAction;
  const std::vector<Row> rows = fgm::plan(m, fgm::relationship_named(now));
  const auto text = [&](fgm::Texts fgm::Action::* field) {
    return [field, &language](const Row& r) { return fgm::text_in(r.action.*field, language); };
  };
  const auto maybe = [](const Row& r, std::string value) {
    return std::isnan(r.answer) ? std::optional<std::string>() : std::optional<std::string>(std::move(value));
  };
  return table_object(TableBuilder(rows)
                          .column("action", [](const Row& r) { return r.action.id; })
                          .column("name", text(&fgm::Action::name))
                          .column("owner", [](const Row& r) { return r.action.owner; })
                          .column("cadence", text(&fgm::Action::cadence))
                          .column("cost_to_other", text(&fgm::Action::cost_to_other))
                          .column("lifts", [](const Row& r) { return joined(r.action.lifts); })
                          .column("changes", [](const Row& r) { return joined(r.action.changes); })
                          .column("weakest", [&](const Row& r) { return maybe(r, r.weakest); })
                          .column("weakest_side", [&](const Row& r) { return maybe(r, side_text(r.side)); })
                          .column("weakest_answer", &Row::answer)
                          .column("need", &Row::need)
                          .column("text", text(&fgm::Action::text))
                          .build());
}

py::object actions_table(const std::vector<fgm::Action>& rows, const std::string& language) {
  using Row = fgm::Action;
  const auto text = [&](fgm::Texts Row::* field) {
    return [field, &language](const Row& r) { return fgm::text_in(r.*field, language); };
  };
  return table_object(TableBuilder(rows)
                          .column("action", &Row::id)
                          .column("from", [](const Row& r) { return std::string(fgm::to_string(r.from)); })
                          .column("name", text(&Row::name))
                          .column("owner", &Row::owner)
                          .column("cadence", text(&Row::cadence))
                          .column("cost_to_other", text(&Row::cost_to_other))
                          .column("lifts", [](const Row& r) { return joined(r.lifts); })
                          .column("changes", [](const Row& r) { return joined(r.changes); })
                          .column("text", text(&Row::text))
                          .build());
}

py::object reasons_table(const std::vector<fgm::Reason>& reasons, const std::string& language) {
  using Row = fgm::Reason;
  return table_object(
      TableBuilder(reasons)
          .column("condition", [](const Row& r) { return r.condition.id; })
          .column("text", [&](const Row& r) { return fgm::text_in(r.condition.text, language); })
          .column("reply", [](const Row& r) { return reply_text(r.reply); })
          .column("information", &Row::information)
          .build());
}

py::dict advice_dict(const std::string& now, const std::map<std::string, std::optional<bool>>& given,
                     const std::string& role, const std::string& language) {
  const fgm::Advice advice = fgm::advise(fgm::relationship_named(now), replies_of(given), role);
  py::dict result;
  result["now"] = std::string(fgm::to_string(advice.now));
  result["next"] = advice.now == fgm::Relationship::integrated
                       ? py::object(py::none())
                       : py::object(py::str(std::string(fgm::to_string(advice.next))));
  result["verdict"] = std::string(fgm::to_string(advice.verdict));
  result["conflict"] = advice.conflict;
  result["stay_if"] = reasons_table(advice.stay, language);
  result["tighten_if"] = reasons_table(advice.tighten, language);
  result["ask_next"] = py::tuple(py::cast(advice.ask_next));
  result["elsewhere"] = py::tuple(py::cast(advice.elsewhere));
  result["text"] = fgm::text_in(advice.text, language);
  result["frame"] = fgm::text_in(advice.frame, language);
  return result;
}

py::object conditions_table(const std::string& language) {
  using Row = fgm::Condition;
  return table_object(TableBuilder(fgm::conditions())
                          .column("condition", &Row::id)
                          .column("now", [](const Row& r) { return std::string(fgm::to_string(r.now)); })
                          .column("for",
                                  [](const Row& r) {
                                    return std::string(r.direction == fgm::Direction::stay ? "stay"
                                                                                           : "tighten");
                                  })
                          .column("text", [&](const Row& r) { return fgm::text_in(r.text, language); })
                          .build());
}

py::object roles_table(const std::string& language) {
  using Row = fgm::MarketingRole;
  return table_object(
      TableBuilder(fgm::marketing_roles())
          .column("role", &Row::id)
          .column("name", [&](const Row& r) { return fgm::text_in(r.name, language); })
          .column("kind", [](const Row& r) { return friction_text(r.kind); })
          .column("friction", [&](const Row& r) { return fgm::text_in(r.friction, language); })
          .column("ask_first", [](const Row& r) { return joined(r.ask_first); })
          .build());
}

py::tuple review_tables(const fgm::Instrument& instrument, const fgm::Answers& earlier,
                        const fgm::Answers& later, const py::dict& given, const std::string& language) {
  const fgm::AssessOptions options = assess_options(given);
  const fgm::Review review = [&] {
    py::gil_scoped_release without_gil;
    return fgm::review(instrument, earlier, later, options);
  }();
  using Change = fgm::ChangeRow;
  using Side = fgm::ScoreChange;
  const auto& statements = instrument.statements;
  return py::make_tuple(
      table_object(
          TableBuilder(review.statements)
              .column("side", [](const Change& r) { return side_text(r.side); })
              .column("statement", [&](const Change& r) { return statements[r.statement].id; })
              .column("topic",
                      [&](const Change& r) { return fgm::text_in(statements[r.statement].topic, language); })
              .column("earlier", &Change::earlier)
              .column("later", &Change::later)
              .column("change", &Change::change)
              .column("low", &Change::low)
              .column("high", &Change::high)
              .column("paired", &Change::paired)
              .column("answers", &Change::answers)
              .build()),
      table_object(TableBuilder(review.sides)
                       .column("side", [](const Side& r) { return side_text(r.side); })
                       .column("earlier", &Side::earlier)
                       .column("later", &Side::later)
                       .column("change", &Side::change)
                       .column("low", &Side::low)
                       .column("high", &Side::high)
                       .column("paired", &Side::paired)
                       .column("respondents", &Side::respondents)
                       .build()));
}

py::object series_table(const std::vector<std::string>& labels,
                        const std::vector<const fgm::Assessment*>& given) {
  std::vector<fgm::Assessment> assessments;
  for (const fgm::Assessment* one : given) assessments.push_back(*one);
  using Row = fgm::SeriesRow;
  const std::vector<Row> rows = fgm::series(labels, assessments);
  return table_object(
      TableBuilder(rows)
          .column("label", &Row::label)
          .column("side", [](const Row& r) { return side_text(r.side); })
          .column("score", [](const Row& r) { return r.score.value; })
          .column("low", [](const Row& r) { return r.score.low; })
          .column("high", [](const Row& r) { return r.score.high; })
          .column("band", [&](const Row& r) { return score_band(assessments.front().instrument, r.score); })
          .column("change", &Row::change)
          .column("scored", &Row::scored)
          .build());
}

void bind_statistics(py::module_& module) {
  module.def(
      "cronbach_alpha",
      [](const Numbers& rows, double level) {
        const fgm::Coefficient alpha = fgm::cronbach_alpha(fgm::covariance(grid_of(rows).view()), level);
        return py::make_tuple(alpha.value, alpha.low, alpha.high);
      },
      py::arg("rows"), py::arg("level"));
  module.def(
      "mcdonald_omega",
      [](const Numbers& rows) {
        const fgm::Omega omega = fgm::mcdonald_omega(fgm::covariance(grid_of(rows).view()));
        return py::make_tuple(omega.value, omega.heywood, omega.loadings);
      },
      py::arg("rows"));
  module.def(
      "item_total_correlations",
      [](const Numbers& rows) { return fgm::item_total_correlations(fgm::covariance(grid_of(rows).view())); },
      py::arg("rows"));
  module.def(
      "krippendorff_alpha",
      [](const Numbers& units, const py::object& scale) {
        const auto which = static_cast<fgm::Scale>(
            position_of("scale", text_of(scale, "scale="), {"nominal", "ordinal", "interval", "ratio"}));
        return fgm::krippendorff_alpha(grid_of(units).view(), which);
      },
      py::arg("units"), py::arg("scale"));
  module.def(
      "rwg",
      [](const Numbers& ratings, int options) {
        const std::vector<double> cells = copied<double>(ratings);
        return fgm::rwg(cells, options);
      },
      py::arg("ratings"), py::arg("options"));
  module.def(
      "rwg_j", [](const Numbers& rows, int options) { return fgm::rwg_j(grid_of(rows).view(), options); },
      py::arg("rows"), py::arg("options"));
  module.def(
      "intraclass_correlation",
      [](const Numbers& rows) {
        const fgm::IntraclassCorrelation icc = fgm::intraclass_correlation(grid_of(rows).view());
        return py::make_tuple(icc.icc1, icc.icc2, icc.icc3, icc.icc1k, icc.icc2k, icc.icc3k);
      },
      py::arg("rows"));
}

void bind_instrument(py::module_& module) {
  py::class_<fgm::Instrument>(module, "MaturityInstrument")
      .def_readonly("name", &fgm::Instrument::name)
      .def_readonly("lowest", &fgm::Instrument::lowest)
      .def_readonly("highest", &fgm::Instrument::highest)
      .def_property_readonly("languages", [](const fgm::Instrument& i) { return fgm::languages(i); })
      .def("statements", &statements_list, py::arg("language"))
      .def("bands", &bands_list, py::arg("language"))
      .def("problems", [](const fgm::Instrument& i) { return problems_table(fgm::validate(i)); })
      .def(
          "band_of",
          [](const fgm::Instrument& i, double score) { return i.bands[fgm::band_of(i, score)].id; },
          py::arg("score"))
      .def(
          "to_html",
          [](const fgm::Instrument& i, const std::string& language) {
            return fgm::questionnaire_html(i, language);
          },
          py::arg("language"))
      .def("to_csv", [](const fgm::Instrument& i) { return fgm::answer_form_csv(i); })
      .def(
          "to_json",
          [](const fgm::Instrument& i, int indent) {
            fg::JsonWriteOptions options;
            options.indent = indent;
            return fg::to_json(i, options);
          },
          py::arg("indent"))
      .def(
          "__eq__",
          [](const fgm::Instrument& a, const py::object& b) {
            return py::isinstance<fgm::Instrument>(b) && a == py::cast<const fgm::Instrument&>(b);
          },
          py::arg("other"));
  module.def("standard_instrument", [] { return fgm::standard_instrument(); });
  module.def(
      "instrument_from_json",
      [](const std::string& text, const std::string& source) {
        fg::JsonReadOptions options;
        options.source = source;
        return fg::from_json<fgm::Instrument>(text, options);
      },
      py::arg("text"), py::arg("source"));
}

void bind_assessment(py::module_& module) {
  py::class_<fgm::Answers>(module, "MaturityAnswers")
      .def(py::init(&answers_from), py::arg("respondents"), py::arg("sides"), py::arg("levels"),
           py::arg("answers"), py::arg("seconds"), py::arg("names"));
  module.def(
      "maturity_check_answers",
      [](const fgm::Instrument& i, const fgm::Answers& a) {
        return problems_table(fgm::check_answers(i, a));
      },
      py::arg("instrument"), py::arg("answers"));
  module.def(
      "maturity_statement_columns",
      [](const fgm::Instrument& i, const std::vector<std::string>& names) {
        return fgm::statement_columns(i, names);
      },
      py::arg("instrument"), py::arg("names"));
  py::class_<fgm::Assessment>(module, "MaturityAssessment")
      .def(
          "side",
          [](const fgm::Assessment& m, const std::string& which) {
            const fgm::SideScore& side = m.side(fgm::side_of(which).value());
            py::dict result = score_dict(m.instrument, side.score);
            result["respondents"] = side.respondents;
            result["scored"] = side.scored;
            result["hidden"] = side.hidden;
            result["structure"] = side.structure;
            result["behaviour"] = side.behaviour;
            return result;
          },
          py::arg("which"))
      .def(
          "overall",
          [](const fgm::Assessment& m, const std::string& language) {
            py::dict result = score_dict(m.instrument, m.overall.score);
            result["marketing_weight"] = m.overall.marketing_weight;
            result["method"] = fgm::text_in(m.overall.method, language);
            return result;
          },
          py::arg("language"))
      .def("score_gap",
           [](const fgm::Assessment& m) {
             return py::make_tuple(m.score_gap.value, m.score_gap.low, m.score_gap.high);
           })
      .def_readonly("normal_limit", &fgm::Assessment::normal_limit)
      .def("gap", &gap_table, py::arg("language"))
      .def("levels", &level_scores_table)
      .def("respondents", &respondents_table)
      .def("reliability", &reliability_table)
      .def("items", &items_table, py::arg("language"))
      .def("flags", &flags_table)
      .def("notes", &assessment_notes_table, py::arg("language"))
      .def("plan", &plan_table, py::arg("now"), py::arg("language"))
      .def(
          "benchmark",
          [](const fgm::Assessment& m, const std::string& which, const Numbers& others) {
            const fgm::Score& score =
                which == "overall" ? m.overall.score : m.side(fgm::side_of(which).value()).score;
            const fgm::Standing standing = fgm::benchmark(score, copied<double>(others));
            return py::make_tuple(standing.share_below, standing.low, standing.high, standing.others);
          },
          py::arg("which"), py::arg("others"));
  module.def(
      "maturity_assess",
      [](const fgm::Instrument& instrument, const fgm::Answers& answers, const py::dict& given) {
        const fgm::AssessOptions options = assess_options(given);
        py::gil_scoped_release without_gil;
        return fgm::assess(instrument, answers, options);
      },
      py::arg("instrument"), py::arg("answers"), py::arg("options"));
}

}  // namespace

void bind_maturity(py::module_& module) {
  bind_statistics(module);
  bind_instrument(module);
  bind_assessment(module);
  module.def("maturity_advise", &advice_dict, py::arg("now"), py::arg("replies"), py::arg("role"),
             py::arg("language"));
  module.def("maturity_conditions", &conditions_table, py::arg("language"));
  module.def("maturity_marketing_roles", &roles_table, py::arg("language"));
  module.def(
      "maturity_actions",
      [](const std::string& from, const std::string& to, const std::string& language) {
        return actions_table(fgm::actions(fgm::relationship_named(from), fgm::relationship_named(to)),
                             language);
      },
      py::arg("source"), py::arg("target"), py::arg("language"));
  module.def(
      "maturity_all_actions",
      [](const std::string& language) { return actions_table(fgm::actions(), language); },
      py::arg("language"));
  module.def("maturity_review", &review_tables, py::arg("instrument"), py::arg("earlier"), py::arg("later"),
             py::arg("options"), py::arg("language"));
  module.def("maturity_series", &series_table, py::arg("labels"), py::arg("assessments"));
}
