// Volume, mix and rate: what segments explain of a difference, without residual.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0 {

struct MixOptions {
  Metric metric = metric::revenue();
  std::string basis{};  ///< what is compared, in words
  AnalysisOptions analysis{};
};

/// One segment. Shares are of what the metric is per (entrants, unless `MixExplanation::per` says
/// otherwise); a rate is the metric per one of these. A side without the segment has share 0 and the other's
/// rate.
struct MixRow {
  std::string segment;
  double share_plan = 0, share_actual = 0;
  double rate_plan = 0, rate_actual = 0;
  double volume = 0;  ///< part of the change in the number of all; 0 where the metric is per one of them
  double mix = 0;     ///< part of the change of its share, against the overall rate
  double rate = 0;    ///< part of the change of its rate
  double contribution = 0;
  double low = unknown_number, high = unknown_number;  ///< of the contribution, 95 % from the counts
  std::optional<bool> within_chance{};
};

/// A reversal: the overall rate moved against that of its segments.
struct Reversal {
  bool all = false;                   ///< every segment moved against it; else on balance
  std::vector<std::string> segments;  ///< those that moved against it
  std::string text;
};

/// One of volume, mix, rate and total, with its 95 % interval from the counts.
struct MixEffect {
  double value = 0;
  double low = unknown_number, high = unknown_number;
  std::optional<bool> within_chance{};
};

struct MixExplanation {
  std::string metric, basis;
  std::string per;     ///< what shares and rates are of: "entrant", or the denominator's metric
  std::string method;  ///< how the effects are defined
  double plan = 0, actual = 0;
  double overall_rate_plan = 0, overall_rate_actual = 0;
  MixEffect total, volume, mix, rate;
  double residual = 0;
  std::vector<MixRow> rows;
  std::vector<Reversal> reversals;
};

/// metric = N * sum over segments of share * rate. The difference is the Shapley value of the three factors
/// N (volume), shares (mix) and rates, for every segment by itself, so that effects add up exactly; a
/// segment's mix is counted against the overall rate, by which a segment that is below it and grows reads as
/// a loss (the sum over segments stays as it is). Metrics per one of something (probability, cost_per,
/// time_to, lifetime_value, ratio) have no volume: shares are of their denominator. Intervals where that is
/// entrants, from Poisson counts of entrants and multinomial rows.
///
/// Throws InvalidFunnelError, UnknownNameError, InvalidValueError: a segment without entrants on both
/// sides, no segment on both sides, a metric that is unknown for a segment, a sum of metrics per different
/// things.
[[nodiscard]] MixExplanation explain_mix(const SegmentedFunnel& plan, const SegmentedFunnel& actual,
                                         const MixOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/mix_inl.hpp>
#endif
