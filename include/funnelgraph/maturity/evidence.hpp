// The maturity that the data shows: the same four bands, estimated from a funnel and its hand-off record,
// beside what the two sides say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/config.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/kpi/hand_off_record.hpp>
#include <funnelgraph/maturity/advice.hpp>
#include <funnelgraph/maturity/assessment.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::maturity {

/// One figure with how many observations it rests on and its 95 % interval; NaN = unknown.
struct EvidenceFigure {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  double value = unknown;
  double n = unknown;
  double low = unknown, high = unknown;
  std::string from{};  ///< "funnel", "record", "given"; "" = unknown
};

/// What evidence looks at.
enum class EvidenceKind : std::uint8_t {
  wait,             ///< days from Marketing's hand-over to Sales' first answer
  loss,             ///< share of what was handed over that the receiving stage loses
  breach,           ///< share answered later than the service level
  recycled,         ///< of what Sales neither wins nor passes on, the share given back to Marketing, not lost
  feedback,         ///< share of the hand-offs that were accepted or rejected on record
  definitions,      ///< share of the stages next to hand-offs that have a definition or an acceptance rule
  joint_ownership,  ///< share of the two sides' stages that both own, or in which the other is involved
  shared_measures   ///< share of the measures in use by which both sides are measured
};
inline constexpr std::size_t evidence_kinds = 8;
/// "wait", as it is written in code.
[[nodiscard]] std::string_view to_string(EvidenceKind kind) noexcept;

/// By kind.
using EvidenceFigures = std::array<EvidenceFigure, evidence_kinds>;

/// How a figure is read: a row of the table. Editable.
struct EvidenceIndicator {
  EvidenceKind kind;
  Texts name;
  bool lower_is_better;
  double worst, best;                   ///< where the score is 20 and 100
  std::array<double, 3> thresholds;     ///< where it is 40, 60 and 80: from worst to best
  Texts basis;                          ///< where the thresholds come from; "assumption"
  std::vector<std::string> statements;  ///< of the instrument, which ask for an opinion on the same thing
};
[[nodiscard]] const std::vector<EvidenceIndicator>& evidence_indicators();

/// What a funnel shows. `wait` is the mean lag of the hand-offs from Marketing to Sales whose lag is known,
/// weighted by volume. Counts come from what a fit observed. `feedback` and `shared_measures` are never in a
/// funnel. Throws what `analyze` throws. O(analyze).
[[nodiscard]] EvidenceFigures evidence_figures(const Funnel& funnel, const AnalysisOptions& options = {});
/// Replaces `wait`, `breach` and `feedback` by those of a record where it has them: they rest on single
/// hand-offs.
void put_record(EvidenceFigures& figures, const HandOffRecord& record);
/// A share or a number from elsewhere: with n, a share gets its interval (Jeffreys). Throws InvalidValueError
/// for a share outside 0 to 1, days below 0, and n below 0.
void put_figure(EvidenceFigures& figures, EvidenceKind kind, double value,
                double n = EvidenceFigure::unknown);

struct EvidenceOptions {
  std::vector<EvidenceIndicator> table{};  ///< empty = `evidence_indicators()`
};

/// One indicator read. The score runs from 20 to 100, straight between the thresholds; NaN where unknown.
struct EvidenceRow {
  EvidenceIndicator indicator;
  EvidenceFigure figure;
  double score = EvidenceFigure::unknown;
  std::optional<Relationship> band{};
};

/// Indicators below which there is no overall score: fewer are no picture.
inline constexpr std::size_t least_indicators = 3;

struct Evidence {
  std::vector<EvidenceRow> rows;  ///< in the order of the table, unknown ones too
  std::size_t known = 0;
  double score = EvidenceFigure::unknown;  ///< mean of the known indicators' scores
  /// If every unknown indicator were at its worst or best, and the known ones at the ends of their intervals.
  double low = EvidenceFigure::unknown, high = EvidenceFigure::unknown;
  std::optional<Relationship> band{}, band_low{}, band_high{};
  std::vector<std::string> unknown;  ///< ids of what is not known
  Texts text;                        ///< band, how sure, and what is missing
};

/// Reads the figures. Throws InvalidValueError for thresholds that do not run from worst to best.
[[nodiscard]] Evidence evidence(const EvidenceFigures& figures, const EvidenceOptions& options = {});
/// From counts: the funnel that they describe (owners= must say whose the stages are), then its figures.
[[nodiscard]] Evidence evidence(const fit::Statistics& statistics, const fit::FunnelOptions& funnel = {},
                                const EvidenceOptions& options = {});

/// What a side says about an indicator's statements against what the data shows.
enum class Finding : std::uint8_t { agree, opinion_higher, opinion_lower, unknown };
[[nodiscard]] std::string_view to_string(Finding finding) noexcept;

/// `opinion` is the side's mean answer to the statements, from 20 to 100 as the evidence's score.
struct EvidenceOpinion {
  std::string indicator;  ///< "score" for the whole
  Side side;
  double opinion, evidence, difference;  ///< opinion less evidence; NaN where either is unknown
  Finding finding;
  Texts text;
};

/// Difference from which opinion and evidence are said to disagree: one band. An assumption.
inline constexpr double disagreement = 20;

/// Opinion beside evidence, for each side and indicator and for the whole; the widest disagreement first,
/// then what agrees, then what is unknown. What the assessment withholds stays unknown. Throws
/// InvalidValueError unless `least_difference` is above 0.
[[nodiscard]] std::vector<EvidenceOpinion> compare_with(const Evidence& evidence,
                                                        const Assessment& assessment,
                                                        double least_difference = disagreement);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/evidence_figures_inl.hpp>
#include <funnelgraph/maturity/evidence_inl.hpp>
#include <funnelgraph/maturity/evidence_table_inl.hpp>
#endif
