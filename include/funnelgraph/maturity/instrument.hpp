// A questionnaire about the relationship of Marketing and Sales: statements, scale and bands, as data.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/problem.hpp>
#include <funnelgraph/maturity/texts.hpp>

namespace funnelgraph::inline v0::maturity {

/// Whether a statement is about how things are set up or about what people do.
enum class Aspect { structure, behaviour };

/// One statement to agree or disagree with.
struct Statement {
  std::string id;  ///< the column of its answers
  Texts topic;     ///< a few words
  Texts text;      ///< the statement itself
  Aspect aspect = Aspect::behaviour;
  std::vector<std::string> touches;  ///< kinds of numbers or parts of a funnel: "service_level", "definition"
  bool reversed = false;             ///< agreeing speaks against maturity
  double weight = 1;                 ///< above 0
  bool operator==(const Statement&) const = default;
};

/// A range of the score, from `from` up to but without the next band's `from`; the last one has the highest
/// score in it.
struct Band {
  std::string id;
  Texts name;
  Texts description;
  double from = 0;
  bool operator==(const Band&) const = default;
};

/// The instrument. Answers are whole numbers from `lowest` to `highest`. A score is the number of statements
/// times the weighted mean of the answers, so 20 statements from 1 to 5 give 20 to 100.
struct Instrument {
  std::string name;
  int lowest = 1;
  int highest = 5;
  std::vector<Texts> answers;  ///< what each answer means, from the lowest; may be empty
  std::vector<Statement> statements;
  std::vector<Band> bands;  ///< ascending; the first starts at the lowest score
  bool operator==(const Instrument&) const = default;

  [[nodiscard]] double lowest_score() const noexcept {
    return static_cast<double>(statements.size()) * static_cast<double>(lowest);
  }
  [[nodiscard]] double highest_score() const noexcept {
    return static_cast<double>(statements.size()) * static_cast<double>(highest);
  }
};

/// Most statements of an instrument, and most steps of its scale.
inline constexpr std::size_t most_statements = 200;
inline constexpr int most_steps = 101;

/// Every problem at once, empty when the instrument can be used. O(size).
[[nodiscard]] std::vector<Problem> validate(const Instrument& instrument);

/// The position of the band of a score; scores between two whole numbers belong to the band whose `from`
/// they have reached (39.99 is below 40). Throws InvalidValueError outside the instrument's range.
[[nodiscard]] std::size_t band_of(const Instrument& instrument, double score);

/// Codes of the languages in which every statement is written.
[[nodiscard]] std::vector<std::string> languages(const Instrument& instrument);

/// The project's own instrument: 20 statements from 1 to 5, English and Vietnamese, with the bands undefined
/// 20 to 39, defined 40 to 59, aligned 60 to 79, integrated 80 to 100.
[[nodiscard]] const Instrument& standard_instrument();

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/instrument_inl.hpp>
#include <funnelgraph/maturity/standard_instrument_inl.hpp>
#endif
