#pragma once

#include <algorithm>
#include <cmath>
#include <set>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/instrument.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

/// Collects what is wrong with an instrument.
class InstrumentCheck {
 public:
  explicit InstrumentCheck(const Instrument& instrument) : instrument_(instrument) {}

  [[nodiscard]] std::vector<Problem> run() {
    check_scale();
    check_statements();
    check_bands();
    return std::move(problems_);
  }

 private:
  void add(std::string code, std::size_t row, std::string column, std::string why) {
    problems_.push_back({std::move(code), row, std::move(column), std::move(why)});
  }
  void check_scale() {
    if (instrument_.lowest < -1000 || instrument_.highest > 1000 ||
        instrument_.highest <= instrument_.lowest || instrument_.highest - instrument_.lowest >= most_steps) {
      add("scale", 0, "scale", "the scale must go up by 1 to 100 whole steps between -1000 and 1000");
      scale_is_well_ = false;
    } else if (!instrument_.answers.empty() &&
               instrument_.answers.size() !=
                   static_cast<std::size_t>(instrument_.highest - instrument_.lowest) + 1) {
      add("answers", 0, "answers", "there must be one text for each step of the scale, or none at all");
    }
    for (std::size_t i = 0; i < instrument_.answers.size(); ++i) {
      check_texts(instrument_.answers[i], i + 1, "answers", false);
    }
  }
  void check_texts(const Texts& texts, std::size_t row, const std::string& column, bool needed) {
    if (needed && texts.empty()) add("text", row, column, "is missing");
    for (const auto& [language, text] : texts) {
      if (language.empty()) add("text", row, column, "has a text without a language");
      if (!is_utf8(text) || !is_utf8(language)) {
        add("text", row, column, "is not UTF-8");
      } else if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
        add("text", row, column + "." + funnelgraph::detail::shown(language), "is empty");
      }
    }
  }
  /// Ids become columns: nothing that breaks a line, no comma or quote, and not one of the table's own names.
  void check_id(const std::string& id, std::size_t row, std::set<std::string>& known) {
    if (id.empty()) {
      add("id", row, "id", "is missing");
      return;
    }
    const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
             c == '-';
    });
    if (!plain) {
      add("id", row, "id", "may hold letters without accents, digits, _ and - only");
    } else if (!known.insert(id).second) {
      add("duplicate", row, "id", "is there twice");
    }
  }
  void check_statements() {
    const auto& statements = instrument_.statements;
    if (statements.size() < 2 || statements.size() > most_statements) {
      add("statements", 0, "statements", "there must be 2 to 200 statements");
    }
    std::set<std::string> known{"respondent", "department", "level", "seconds"};
    std::set<std::string> languages;
    for (const Statement& statement : statements) {
      for (const auto& [language, text] : statement.text) languages.insert(language);
    }
    for (std::size_t i = 0; i < statements.size(); ++i) {
      const Statement& statement = statements[i];
      check_id(statement.id, i + 1, known);
      check_texts(statement.text, i + 1, "text", true);
      check_texts(statement.topic, i + 1, "topic", false);
      for (const std::string& language : languages) {
        if (!statement.text.empty() && !statement.text.contains(language)) {
          add("language", i + 1, "text." + funnelgraph::detail::shown(language),
              "is missing, while other statements have it");
        }
      }
      if (!(statement.weight > 0 && statement.weight <= 1e6)) {
        add("weight", i + 1, "weight", "must be above 0 and at most 1000000");
      }
    }
  }
  void check_bands() {
    const auto& bands = instrument_.bands;
    if (bands.size() < 2) add("bands", 0, "bands", "there must be at least two bands");
    std::set<std::string> known;
    for (std::size_t i = 0; i < bands.size(); ++i) {
      check_id(bands[i].id, i + 1, known);
      check_texts(bands[i].name, i + 1, "name", false);
      if (!std::isfinite(bands[i].from)) {
        add("band", i + 1, "from", "must be a finite number");
      } else if (i == 0 && scale_is_well_ && bands[0].from != instrument_.lowest_score()) {
        add("band", 1, "from",
            "the first band must start at the lowest score, " +
                funnelgraph::detail::shown(instrument_.lowest_score()));
      } else if (i > 0 && !(bands[i].from > bands[i - 1].from)) {
        add("band", i + 1, "from", "must be above the start of the band before");
      } else if (scale_is_well_ && bands[i].from > instrument_.highest_score()) {
        add("band", i + 1, "from",
            "is above the highest score, " + funnelgraph::detail::shown(instrument_.highest_score()));
      }
    }
  }

  const Instrument& instrument_;
  bool scale_is_well_ = true;
  std::vector<Problem> problems_;
};

/// Band of a score that is known to be in range, save for rounding.
[[nodiscard]] inline std::size_t band_index(const Instrument& instrument, double score) {
  std::size_t band = 0;
  while (band + 1 < instrument.bands.size() && score >= instrument.bands[band + 1].from) ++band;
  return band;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Problem> validate(const Instrument& instrument) {
  return detail::InstrumentCheck(instrument).run();
}

FUNNELGRAPH_INLINE std::size_t band_of(const Instrument& instrument, double score) {
  if (instrument.bands.empty() ||
      !(score >= instrument.lowest_score() && score <= instrument.highest_score())) {
    throw InvalidValueError("score", funnelgraph::detail::shown(score),
                            funnelgraph::detail::shown(instrument.lowest_score()) + " to " +
                                funnelgraph::detail::shown(instrument.highest_score()));
  }
  return detail::band_index(instrument, score);
}

FUNNELGRAPH_INLINE std::vector<std::string> languages(const Instrument& instrument) {
  std::vector<std::string> found;
  if (instrument.statements.empty()) return found;
  for (const auto& [language, text] : instrument.statements.front().text) {
    const bool everywhere = std::all_of(instrument.statements.begin(), instrument.statements.end(),
                                        [&](const Statement& s) { return s.text.contains(language); });
    if (everywhere) found.push_back(language);
  }
  return found;
}

}  // namespace funnelgraph::inline v0::maturity
