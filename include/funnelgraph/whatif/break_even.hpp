// How far one number, or a scenario, must go before it pays.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>

namespace funnelgraph::inline v0 {

/// What goes from nothing to all: a number (`vary`), another scenario's strength (`effect`), or, where
/// neither is given, the strength of the scenario itself. Giving both throws InvalidValueError.
struct BreakEvenOptions {
  Metric metric = metric::profit();
  std::optional<Parameter> vary{};
  std::optional<Scenario> effect{};
  std::optional<Bounds> bounds{};  ///< of `vary`, beside what the scenario says
  TakeFrom take_from{};            ///< of `vary` where the scenario does not change it
  AnalysisOptions analysis{};
};

struct BreakEven {
  double value = 0;      ///< of the number, or the strength in [0, 1]
  double before = 0;     ///< the number in the base; 0 for a strength
  double relative = 0;   ///< (value - before) / |before|, for a strength the strength; NaN where before is 0
  double stated = 0;     ///< what the scenario makes of the number (NaN: nothing); 1 for a strength
  double reference = 0;  ///< the metric of the base
  double reached = 0;    ///< the metric at the break-even, no worse
  bool always = false;   ///< no worse from the outset: `value` is then `before`
  bool feasible = true;  ///< no stage above its capacity there
  std::size_t iterations = 0;
  /// "pays if lag(enquiry, order) falls by 4 % (from 2 to 1.92)", "pays from the outset", or "pays at first,
  /// but not in full" where the end of the way is worse than the base again.
  std::string text;
};

/// The first point on the way at which the metric is no worse than the base's, the rest of the scenario fully
/// there: a number goes from its value in the base to what the scenario makes of it, or through `bounds`
/// (without either, both ways through all that is possible; the point nearest to the base counts). A
/// strength goes from 0 to 1 (`at_strength`). The way is scanned in 64 steps.
///
/// Throws UnreachableTargetError where it never pays, with the range seen on the way; ConflictError where
/// scenario and effect touch one number; and as `goal_seek`.
[[nodiscard]] BreakEven break_even(const Funnel& base, const Scenario& scenario,
                                   const BreakEvenOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/break_even_inl.hpp>
#endif
