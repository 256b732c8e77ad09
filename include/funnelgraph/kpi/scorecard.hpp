// A role's key figures: actual, target, status, trend, and what is not measured.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <funnelgraph/kpi/formula.hpp>
#include <funnelgraph/kpi/kpi.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

enum class KpiStatus : std::uint8_t { on, near, off, no_target, not_measured };
enum class KpiTrend : std::uint8_t { better, steady, worse, unknown };
/// Where a value comes from: given by the KPI's name, by its formula from given figures, from a funnel.
enum class KpiSource : std::uint8_t { none, given, formula, funnel };

[[nodiscard]] std::string to_string(KpiStatus status);
[[nodiscard]] std::string to_string(KpiTrend trend);
[[nodiscard]] std::string to_string(KpiSource source);
[[nodiscard]] std::string to_string(KpiDirection direction);

struct ScorecardOptions {
  Card card = Card::sales;
  Figures actual{};  ///< KPIs by id, or figures of their formulas; NaN = unknown
  Figures target{};
  std::map<std::string, std::vector<double>> previous{};  ///< of KPIs by id: earlier values, oldest first
  std::shared_ptr<const Funnel> plan{};  ///< targets from a funnel's figures, where none is given
  std::vector<Kpi> kpis{};               ///< beside the standard ones; one of the same id replaces it
  bool standard = true;                  ///< whether the standard ones are in
  double near = 0.10;    ///< how far on the wrong side of the target is still near, as a share of it; >= 0
  double steady = 0.01;  ///< a change per step below this share is none; >= 0
  std::string language = "en";
};

struct KpiRow {
  Kpi kpi;
  std::string label;
  double actual = 0;  ///< NaN = not measured
  double target = 0;  ///< NaN = none
  KpiSource actual_source = KpiSource::none, target_source = KpiSource::none;
  /// How far the actual lies on the good side of the target, as a share of it (negative = on the wrong side);
  /// of a target of 0 the plain difference; NaN without both.
  double gap = 0;
  KpiStatus status = KpiStatus::not_measured;
  double numerator = 0, denominator = 0;  ///< of the actual's formula, where it is a quotient; else NaN
  double previous = 0;                    ///< the latest earlier value; NaN = none
  double change = 0;                      ///< (actual - previous) / |previous|; NaN without both, or from 0
  /// By the median of the slopes between all pairs of the earlier values and the actual (Theil and Sen), per
  /// step, as a share of the latest earlier value.
  KpiTrend trend = KpiTrend::unknown;
  double control_share = 0;  ///< of the role's owners, where the actual comes from the funnel alone; else NaN
};

struct KpiWarning {
  std::string code;  ///< not_measured, no_figure, zero_denominator, not_controlled, stage, owner, side, ...
  std::string where;
  std::string message;  ///< in the language asked for
};

struct Scorecard {
  Card card = Card::sales;
  std::string title;
  double near = 0, steady = 0;  ///< the thresholds that status and trend were told by
  std::string basis{};          ///< in a sentence, what the actual figures and the thresholds are
  std::vector<KpiRow> rows{};
  std::vector<KpiWarning> warnings{};
};

/// The card of a role for a funnel. An actual is, in this order: given by the KPI's id; its formula over
/// given figures and the funnel's; its funnel_formula. Targets alike from `target` and `plan`. on: the gap is
/// >= 0; near: >= -near; else off. Throws UnknownNameError (a key of actual, target or previous that neither
/// names a KPI nor stands in a formula, with the nearest; a stage or outcome in a formula that the funnel
/// lacks), InvalidValueError (a threshold, infinite figures, a formula, an id twice among `kpis`), and as
/// `analyze`.
[[nodiscard]] Scorecard scorecard(const Funnel& funnel, const ScorecardOptions& options);
/// Without a funnel: from given figures alone.
[[nodiscard]] Scorecard scorecard(const ScorecardOptions& options);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/scorecard_inl.hpp>
#endif
