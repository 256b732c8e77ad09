// What the answers say: scores of both sides, how sure they are, and where the two see different companies.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/maturity/answers.hpp>
#include <funnelgraph/maturity/instrument.hpp>
#include <funnelgraph/maturity/reliability.hpp>

namespace funnelgraph::inline v0::maturity {

/// Respondents of a group below which there is no interval, p-value or probability of a band, and below
/// which a part of a side is not shown. A rule, not an option.
inline constexpr std::size_t least_group = 5;

struct AssessOptions {
  /// Share of the statements that a respondent must have answered to be scored, in (0, 1]; what is missing
  /// counts as the mean of that respondent's own answers.
  double answered_share = 0.8;
  bool head_consent = false;        ///< the heads agreed to be shown apart from their staff
  bool respondent_consent = false;  ///< every respondent agreed to be shown; needs head_consent too
  double marketing_weight = 0.5;    ///< of Marketing's score in the overall one, 0 to 1
  double level = 0.95;              ///< of intervals
  std::size_t replications = 2000;  ///< of the bootstrap of bands, 200 to 1,000,000
  std::size_t permutations = 4999;  ///< 99 to 1,000,000
  std::uint64_t seed = 1;
  /// Seconds a statement below which a respondent is flagged as too fast (Huang and others 2012: 2).
  double fast_seconds = 2;
  Execution execution = {};
};

/// A score with its interval; NaN where unknown or withheld.
struct Score {
  double value, low, high;
  std::optional<std::size_t> band;       ///< position among the instrument's bands
  std::vector<double> band_probability;  ///< share of bootstrap scores in each band; empty when withheld
};

/// One side. The score is the mean of its respondents' scores.
struct SideScore {
  Side side;
  std::size_t respondents;  ///< rows of the table
  std::size_t scored;       ///< those that answered enough
  bool hidden;              ///< only heads answered and they did not agree to be shown
  Score score;
  double structure, behaviour;  ///< mean answers to the statements about how things are set up, and done
};

/// Heads or staff of one side. Hidden where the heads did not agree, where the staff are fewer than
/// `least_group`, and where the one would give the other away.
struct LevelScore {
  Side side;
  Level level;
  std::size_t scored;
  bool hidden;
  Score score;
};

/// One respondent; only made when everybody agreed.
struct RespondentScore {
  std::string respondent;
  Side side;
  Level level;
  std::size_t answered;
  double score;
};

/// One statement as the two sides see it, reversed statements turned round. `gap` is Marketing less Sales.
struct GapRow {
  std::size_t statement;
  std::size_t marketing_answers, sales_answers;
  double marketing, sales;  ///< mean answers
  double gap, low, high;
  double p, p_adjusted;  ///< permutation test; adjusted for looking at every statement
  bool different;        ///< p_adjusted below 1 - level
};

/// How one number was made of two scores. Never shown without both.
struct Overall {
  Score score;
  double marketing_weight;
  Texts method;
};

/// How well one side's answers hang together. Over respondents without a missing answer (`complete`).
struct SideReliability {
  Side side;
  std::size_t complete;
  Coefficient alpha;
  double omega;
  bool heywood;
  double krippendorff_nominal, krippendorff_ordinal, krippendorff_interval;
  double rwg_j;
  IntraclassCorrelation icc;  ///< statements as targets, respondents as judges
};

/// One statement within one side.
struct ItemReliability {
  Side side;
  std::size_t statement;
  std::size_t answers;
  double mean, sd, item_total, alpha_without, rwg;
};

/// A pattern to look at; the respondent still counts. `row` counts from 1 in the table.
struct Flag {
  std::size_t row;
  std::string kind;  ///< "straight_line", "too_fast"
};

/// What was left out or withheld, and why.
struct Note {
  std::string code;
  std::size_t count;
  Texts text;
};

struct Assessment {
  Instrument instrument;
  AssessOptions options;
  std::array<SideScore, 2> sides;
  std::vector<LevelScore> levels;
  std::vector<RespondentScore> respondents;
  std::vector<GapRow> gap;  ///< the most different statements first
  Score score_gap;          ///< Marketing's score less Sales'; no band
  bool normal_limit;        ///< p-values from the limit of the permutation distribution (over 2,000 rows)
  Overall overall;
  std::array<SideReliability, 2> reliability;
  std::vector<ItemReliability> items;
  std::vector<Flag> flags;
  std::vector<Note> notes;

  [[nodiscard]] const SideScore& side(Side which) const { return sides[static_cast<std::size_t>(which)]; }
};

/// Scores a table of answers. Throws DataError for an instrument or a table with problems (the first one,
/// with row and column), InvalidValueError for an option out of range. Intervals are Student's t moved by the
/// skewness (Johnson 1978), probabilities of bands are bootstrapped; nothing depends on the number of
/// threads. O(respondents * statements^2 + replications * scores + permutations * rows * statements).
[[nodiscard]] Assessment assess(const Instrument& instrument, const Answers& answers,
                                const AssessOptions& options = {});

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/assessment_inl.hpp>
#endif
