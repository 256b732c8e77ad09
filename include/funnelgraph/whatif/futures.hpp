// Strategies, which one chooses, under futures, which one does not.
#pragma once

#include <string>
#include <vector>

#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/compare.hpp>

namespace funnelgraph::inline v0 {

struct FuturesOptions {
  AnalysisOptions analysis{};
  ApplyOptions applying{};
  /// Which way each metric is better, by metric; empty = as `direction_of` says.
  std::vector<Direction> directions{};
  /// Of the futures, for the means: >= 0, not all 0, taken in proportion. Empty = all alike.
  std::vector<double> weights{};
};

/// One strategy in one future.
struct FutureRow {
  std::string metric;
  std::string strategy;
  std::string future;
  double value = 0;
  double regret = 0;  ///< what the best feasible strategy of that future has more, >= 0
  bool feasible = true;
};

/// One strategy over all futures. NaN where a value is.
struct StrategyRow {
  std::string metric;
  std::string strategy;
  double mean = 0;  ///< weighted
  double worst = 0;
  std::string worst_future;
  double mean_regret = 0;  ///< weighted
  double most_regret = 0;
  bool feasible = true;  ///< in every future
};

/// The strategy that a rule would choose for a metric, among those that are feasible in every future (all,
/// where none is); "" where no value is known. Of equals the first.
struct StrategyPicks {
  std::string metric;
  std::string best_mean;
  std::string maximin;         ///< the best worst case (Wald)
  std::string minimax_regret;  ///< the least greatest regret (Savage)
};

struct Futures {
  std::vector<std::string> strategies;  ///< the base, doing nothing, first
  std::vector<std::string> futures;
  std::vector<FutureRow> rows;           ///< by metric, strategy, future
  std::vector<StrategyRow> by_strategy;  ///< by metric, strategy
  std::vector<StrategyPicks> picks;      ///< by metric
  std::vector<Clipped> notes;
};

/// Every strategy in every future: the funnel under `future | strategy`. Throws ConflictError naming both
/// where they touch one number, InvalidValueError for no future, and as `compare`.
/// O(solve) a pair that changes numbers only.
[[nodiscard]] Futures compare_futures(const Funnel& base, const std::vector<Scenario>& strategies,
                                      const std::vector<Scenario>& futures,
                                      const std::vector<Metric>& metrics, const FuturesOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/futures_inl.hpp>
#endif
