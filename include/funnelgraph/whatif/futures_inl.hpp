// Definitions of futures.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/futures.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Shares of the futures, which sum to one.
[[nodiscard]] inline std::vector<double> future_shares(const std::vector<double>& weights,
                                                       std::size_t futures) {
  if (weights.empty()) return std::vector<double>(futures, 1.0 / static_cast<double>(futures));
  if (weights.size() != futures)
    throw InvalidValueError("weights", std::to_string(weights.size()),
                            std::to_string(futures) + ", one for each future");
  double sum = 0;
  for (const double weight : weights) {
    if (!(weight >= 0) || std::isinf(weight)) throw InvalidValueError("weights", shown(weight), "[0, inf)");
    sum += weight;
  }
  if (!(sum > 0) || std::isinf(sum)) throw InvalidValueError("weights", "a sum of " + shown(sum), "(0, inf)");
  std::vector<double> shares;
  for (const double weight : weights) shares.push_back(weight / sum);
  return shares;
}

/// Of the rows that may be chosen the first with the best number; "" where none has one.
template <class Number>
[[nodiscard]] std::string pick(const std::vector<StrategyRow>& rows, std::size_t first, bool feasible_only,
                               Direction direction, Number&& number) {
  const StrategyRow* best = nullptr;
  for (std::size_t k = first; k < rows.size(); ++k) {
    const StrategyRow& row = rows[k];
    if ((feasible_only && !row.feasible) || std::isnan(number(row))) continue;
    if (best == nullptr || is_better(number(row), number(*best), direction)) best = &row;
  }
  return best == nullptr ? std::string() : best->strategy;
}

}  // namespace detail

FUNNELGRAPH_INLINE Futures compare_futures(const Funnel& base, const std::vector<Scenario>& strategies,
                                           const std::vector<Scenario>& futures,
                                           const std::vector<Metric>& metrics,
                                           const FuturesOptions& options) {
  if (futures.empty()) throw InvalidValueError("futures", "none", "at least one");
  Futures out;
  out.strategies = detail::scenario_labels(strategies, "scenarios", base_scenario_name);
  out.futures = detail::scenario_labels(futures, "futures");
  const std::vector<Direction> directions = detail::stated_directions(base, metrics, options.directions);
  const std::vector<double> shares = detail::future_shares(options.weights, futures.size());

  ScenarioMetrics under(base, metrics, options.analysis, options.applying);
  std::vector<std::vector<Measured>> measured(out.strategies.size());
  for (std::size_t s = 0; s < measured.size(); ++s) {
    for (const Scenario& future : futures) {
      measured[s].push_back(under.measure(s == 0 ? future : future | strategies[s - 1]));
      std::vector<Clipped>& notes = measured[s].back().notes;
      std::move(notes.begin(), notes.end(), std::back_inserter(out.notes));
    }
  }
  under.require_known();

  const auto worse = [](double a, double b, Direction direction) {
    return detail::is_better(b, a, direction);
  };
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    const std::string name = to_string(metrics[m]);
    const Direction direction = directions[m];
    // The best of each future, among the feasible where there are any.
    std::vector<double> best(futures.size(), unknown_number);
    for (std::size_t f = 0; f < futures.size(); ++f) {
      const bool some_feasible = std::any_of(measured.begin(), measured.end(), [&](const auto& of_strategy) {
        return of_strategy[f].feasible && !std::isnan(of_strategy[f].values[m]);
      });
      for (const auto& of_strategy : measured) {
        const double value = of_strategy[f].values[m];
        if ((some_feasible && !of_strategy[f].feasible) || std::isnan(value)) continue;
        if (std::isnan(best[f]) || detail::is_better(value, best[f], direction)) best[f] = value;
      }
    }
    const std::size_t first = out.by_strategy.size();
    for (std::size_t s = 0; s < measured.size(); ++s) {
      StrategyRow row{name, out.strategies[s], 0, measured[s][0].values[m], out.futures[0], 0, 0, true};
      for (std::size_t f = 0; f < futures.size(); ++f) {
        const double value = measured[s][f].values[m];
        const double lost = direction == Direction::more_is_better ? best[f] - value : value - best[f];
        const double regret = std::isnan(value) ? unknown_number : std::max(lost, 0.0);
        out.rows.push_back({name, out.strategies[s], out.futures[f], value, regret, measured[s][f].feasible});
        row.mean += shares[f] * value;
        row.mean_regret += shares[f] * regret;
        row.most_regret = std::isnan(regret) ? regret : (regret > row.most_regret ? regret : row.most_regret);
        if (std::isnan(value) || worse(value, row.worst, direction)) {
          row.worst = value;
          row.worst_future = out.futures[f];
        }
        row.feasible = row.feasible && measured[s][f].feasible;
      }
      if (std::isnan(row.mean_regret)) row.worst = row.most_regret = unknown_number;
      out.by_strategy.push_back(std::move(row));
    }
    const bool feasible_only =
        std::any_of(out.by_strategy.begin() + static_cast<std::ptrdiff_t>(first), out.by_strategy.end(),
                    [](const StrategyRow& row) { return row.feasible; });
    const auto picked = [&](Direction way, double StrategyRow::* number) {
      return detail::pick(out.by_strategy, first, feasible_only, way,
                          [&](const StrategyRow& row) { return row.*number; });
    };
    out.picks.push_back({name, picked(direction, &StrategyRow::mean), picked(direction, &StrategyRow::worst),
                         picked(Direction::less_is_better, &StrategyRow::most_regret)});
  }
  return out;
}

}  // namespace funnelgraph::inline v0
