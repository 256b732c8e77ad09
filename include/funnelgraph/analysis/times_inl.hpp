// Definitions of times.hpp.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <funnelgraph/analysis/times.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Mean and variance of a mixture, gathered in two passes over the same parts.
struct MixtureMoments {
  double weight = 0;
  double sum = 0;
  double spread = 0;
  bool unknown = false;

  [[nodiscard]] double mean() const noexcept { return weight > 0 ? sum / weight : 0; }
  [[nodiscard]] TimeMoments moments() const noexcept {
    if (!(weight > 0) || unknown) return {};
    return {sum / weight, std::sqrt(spread / weight)};
  }
};

}  // namespace detail

FUNNELGRAPH_INLINE ArrivalTimes arrival_times(const Chain& chain, const Flow& flow,
                                              const Solver<double>& solver) {
  using detail::known_or_zero;
  const std::uint32_t n = chain.stage_count;
  ArrivalTimes out;
  out.unknown = after_unknown_lag(chain, flow);
  std::vector<double> elapsed(n, 0.0);
  for (std::uint32_t i = 0; i < n; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (chain.to_stage(e))
        elapsed[chain.target[e]] += flow.visits[i] * flow.rate[e] * known_or_zero(chain.lag_mean[e]);
    }
  }
  solver.solve_transposed(elapsed);
  out.mean.assign(n, 0.0);
  for (std::uint32_t i = 0; i < n; ++i) {
    if (flow.visits[i] > 0) out.mean[i] = elapsed[i] / flow.visits[i];
  }
  std::vector<double> spread(n, 0.0);
  for (std::uint32_t i = 0; i < n; ++i) {
    spread[i] += flow.entrants[i] * out.mean[i] * out.mean[i];
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (!chain.to_stage(e)) continue;
      const double off = out.mean[i] + known_or_zero(chain.lag_mean[e]) - out.mean[chain.target[e]];
      spread[chain.target[e]] +=
          flow.visits[i] * flow.rate[e] * (known_or_zero(chain.lag_variance[e]) + off * off);
    }
  }
  solver.solve_transposed(spread);
  out.variance.assign(n, 0.0);
  for (std::uint32_t i = 0; i < n; ++i) {
    if (flow.visits[i] > 0) out.variance[i] = spread[i] / flow.visits[i];
  }
  return out;
}

FUNNELGRAPH_INLINE ExitTimes exit_times(const Chain& chain, const Flow& flow, const ArrivalTimes& arrivals) {
  using detail::known_or_zero;
  const std::uint32_t n = chain.stage_count;
  // Positions: the outcomes, then the drop-off, then any exit.
  std::vector<detail::MixtureMoments> exits(chain.outcome_count + 2);
  const std::size_t dropped = chain.outcome_count;
  const std::size_t any = dropped + 1;
  const bool flagged = !arrivals.unknown.empty();
  const auto each_exit = [&](auto&& take) {
    for (std::uint32_t i = 0; i < n; ++i) {
      const bool late = flagged && arrivals.unknown[i] != 0;
      for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
        const double flowing = flow.visits[i] * chain.rate[e];
        const double mean = arrivals.mean[i] + known_or_zero(chain.lag_mean[e]);
        const double variance = arrivals.variance[i] + known_or_zero(chain.lag_variance[e]);
        const bool unknown = late || std::isnan(chain.lag_mean[e]);
        if (!chain.to_stage(e))
          take(chain.target[e] - n, flowing, mean, variance, unknown);
        else if (flow.sheds())
          take(dropped, flowing * (1 - flow.served[chain.target[e]]), mean, variance, unknown);
      }
      take(dropped, flow.visits[i] * chain.drop_off[i], arrivals.mean[i], arrivals.variance[i], late);
    }
    take(dropped, flow.turned_away, 0.0, 0.0, false);
  };
  each_exit([&](std::size_t exit, double flowing, double mean, double, bool unknown) {
    if (!(flowing > 0)) return;
    for (detail::MixtureMoments* part : {&exits[exit], &exits[any]}) {
      part->weight += flowing;
      part->sum += flowing * mean;
      part->unknown = part->unknown || unknown;
    }
  });
  each_exit([&](std::size_t exit, double flowing, double mean, double variance, bool) {
    if (!(flowing > 0)) return;
    for (detail::MixtureMoments* part : {&exits[exit], &exits[any]}) {
      const double off = mean - part->mean();
      part->spread += flowing * (variance + off * off);
    }
  });
  ExitTimes out;
  out.outcomes.reserve(chain.outcome_count);
  for (std::uint32_t o = 0; o < chain.outcome_count; ++o) out.outcomes.push_back(exits[o].moments());
  out.drop_off = exits[dropped].moments();
  out.any = exits[any].moments();
  return out;
}

FUNNELGRAPH_INLINE std::vector<double> dwell_means(const Chain& chain) {
  std::vector<double> out(chain.stage_count, unknown_number);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    double weight = 0;
    double sum = 0;
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      if (std::isnan(chain.lag_mean[e])) continue;
      weight += chain.rate[e];
      sum += chain.rate[e] * chain.lag_mean[e];
    }
    if (weight > 0) out[i] = sum / weight;
  }
  return out;
}

FUNNELGRAPH_INLINE std::vector<double> waiting_days(const Chain& chain, const Flow& flow) {
  std::vector<double> out(chain.stage_count, 0.0);
  for (std::uint32_t i = 0; i < chain.stage_count; ++i) {
    for (std::uint32_t e = chain.row_begin[i]; e < chain.row_begin[i + 1]; ++e) {
      const double flowing = flow.visits[i] * chain.rate[e];
      if (flowing > 0) out[i] += flowing * chain.lag_mean[e];
    }
  }
  return out;
}

}  // namespace funnelgraph::inline v0
