// How strong the effect of a move must be before it pays for the actions that bring it about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/effects.hpp>
#include <funnelgraph/maturity/efforts.hpp>

namespace funnelgraph::inline v0::maturity {

struct BreakEvenOptions {
  double day_cost = 0;  ///< money for a person's day, above 0: needed unless `cost` is given
  /// Money that the actions cost over the horizon, instead of their person-days times `day_cost`.
  std::optional<Range> cost{};
  double horizon = 365;                 ///< days looked at, from the day on which the actions begin, above 0
  std::optional<double> period_days{};  ///< days of one period of the funnel; else as its label says
  std::optional<Range> until_effect{};  ///< days until the funnel shows it; else of the slowest action
  std::vector<Effort> efforts{};        ///< empty = those of `efforts()`
  std::size_t draws = 500;              ///< of multipliers, for the range of the gain; 0 to 100,000
  std::uint64_t seed = 1;
  bool independent = false;  ///< draw each effect by itself; else all turn out well or badly together
  AnalysisOptions analysis{};
};

/// One effect by itself, all others without effect.
struct LoneBreakEven {
  std::string effect;
  double begins = 0;      ///< days from the start of the actions on which it is there
  double multiplier = 0;  ///< the assumed one
  double needed = 0;      ///< the one closest to 1 at which it alone pays; NaN where none does
  double change = 0;      ///< needed - 1, as a share: -0.04 is 4 % less; NaN where none does
  bool within = false;    ///< `needed` lies in the assumed range
  double gain = 0;        ///< money over the horizon at the assumed multiplier, before the actions' cost
  Texts text;             ///< "pays if waiting ... falls by 4 %"
};

/// What one action asks for over the horizon, and how long it needs.
struct ActionCost {
  std::string action;
  Range person_days;
  Range cost;          ///< money; NaN ends where no `day_cost` was given
  Range until_effect;  ///< days
};

/// First what would have to be true, then what it would be worth. Money over the horizon.
struct BreakEven {
  Range cost;          ///< of the actions
  Range until_effect;  ///< days, of the slowest action
  double periods = 0;  ///< periods of the funnel in the horizon
  /// Smallest strength (effect table = 1) at which the gain covers the cost; for the low and the high cost
  /// too. NaN where no strength up to `most_strength` does.
  double strength = 0, strength_low = 0, strength_high = 0;
  Texts text;  ///< "pays from 43 % of the assumed effects on"; no verdict where there are placeholders
  std::size_t placeholders = 0;      ///< numbers of the funnel that only hold a place
  std::vector<LoneBreakEven> alone;  ///< in the order of the table
  std::vector<ActionCost> actions;
  double profit_before = 0;            ///< per period
  double profit_after = 0;             ///< per period at strength 1
  double gain = 0;                     ///< over the horizon at strength 1, before the actions' cost
  double gain_low = 0, gain_high = 0;  ///< 90 % of draws of the multipliers; NaN without draws
  double paying = 0;                   ///< share of the draws in which the gain covers the cost; NaN without
};

/// Strengths that are tried: ten times the effect table in powers of the multipliers.
inline constexpr double most_strength = 10;

/// The break-even of a move on a funnel, by its profit. The gain is (profit with - profit without) per
/// period, summed over the periods of the horizon: each effect comes all at once when the slowest of its
/// actions has had its time (the middle of the range), and money is not discounted beyond what the analysis
/// does. The smallest strength is found on a grid and refined by bisection to 1e-9. Draws: one multiplier for
/// each effect, log-normal through the ends of its range (one without a range stays), so all numbers of an
/// effect move together; and, since it is one move that succeeds or fails, all effects do unless
/// `independent`.
///
/// Throws as `effects`, `programme` and `analyze`; InvalidValueError where neither `day_cost` nor `cost` is
/// given, for a horizon or period that is not above 0, a period that the funnel's label does not tell, draws
/// out of range. NaN, and a text that says so, where the funnel's profit is unknown.
/// O((100 + draws) analyses) and as many for each effect.
[[nodiscard]] BreakEven break_even(Relationship from, Relationship to, const Funnel& funnel,
                                   const EffectOptions& options = {}, const BreakEvenOptions& money = {});

/// Days of a period by its label: day, week, month (30.4375 days), quarter, year; nothing for others.
[[nodiscard]] std::optional<double> days_of_period(std::string_view label);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/break_even_inl.hpp>
#endif
