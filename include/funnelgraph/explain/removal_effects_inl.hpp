// Definitions of removal_effects.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include <funnelgraph/chain/detail/dense.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/solver.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/removal_effects.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Up to this many states a chain of order 1 is eliminated as one full block.
inline constexpr std::uint32_t dense_states_limit = 512;
/// Beyond this many states an elimination is planned only when the series does not converge.
inline constexpr std::uint32_t planned_states_limit = 4000;
/// Multiply-adds of all eliminations together that are preferred to the series (some tenths of a second).
inline constexpr double preferred_operations = 2e9;
/// What may still be under way, relative to the result, when the series stops.
inline constexpr double series_remainder = 1e-17;
inline constexpr std::size_t series_steps_limit = 100'000;

inline void check_chain(const JourneyChain& chain) {
  const std::size_t states = chain.state_count();
  const auto fits = [](const auto& begin, std::size_t rows, std::size_t items) {
    return begin.size() == rows + 1 && begin.front() == 0 && begin.back() == items &&
           std::is_sorted(begin.begin(), begin.end());
  };
  const auto below = [](const auto& values, std::size_t limit) {
    return std::all_of(values.begin(), values.end(), [&](std::uint32_t v) { return v < limit; });
  };
  if (chain.order == 0) throw InvalidValueError("order of a chain of journeys", "0", "a whole number >= 1");
  if (!fits(chain.row_begin, states, chain.target.size()) ||
      !fits(chain.touch_begin, states, chain.touches.size()) || !below(chain.target, states) ||
      !below(chain.touches, chain.channel_count) || chain.count.size() != chain.target.size() ||
      chain.converted.size() != states || chain.lost.size() != states)
    throw InvalidValueError("chain of journeys", "arrays that do not fit together",
                            "one row of edges and one list of touches a state, one count an edge");
  for (std::size_t s = 0; s < states; ++s) {
    if (chain.touch_begin[s] == chain.touch_begin[s + 1])
      throw InvalidValueError("chain of journeys", "a state without touches", "at least one touch a state");
  }
}

/// (I - L)(S - U) of a full block, and solutions with it.
struct DenseFactors {
  std::size_t size = 0;
  std::vector<double> block, pivot;

  void solve(std::vector<double>& c) const {
    for (std::size_t i = 0; i < size; ++i) {
      const double* row = block.data() + i * size;
      double sum = c[i];
      for (std::size_t k = 0; k < i; ++k) sum += row[k] * c[k];
      c[i] = sum;
    }
    for (std::size_t i = size; i-- > 0;) {
      const double* row = block.data() + i * size;
      double sum = c[i];
      for (std::size_t j = i + 1; j < size; ++j) sum += row[j] * c[j];
      c[i] = sum / pivot[i];
    }
  }
  void solve_transposed(std::vector<double>& a) const {
    for (std::size_t i = 0; i < size; ++i) {
      const double* row = block.data() + i * size;
      a[i] /= pivot[i];
      for (std::size_t j = i + 1; j < size; ++j) a[j] += a[i] * row[j];
    }
    for (std::size_t i = size; i-- > 0;) {
      const double* row = block.data() + i * size;
      for (std::size_t k = 0; k < i; ++k) a[k] += a[i] * row[k];
    }
  }
};

/// What leaves each state for good; 1 for a state without any journey, so that the equations have a solution.
inline std::vector<double> exits_of(const JourneyChain& chain) {
  std::vector<double> exits(chain.state_count());
  for (std::uint32_t s = 0; s < chain.state_count(); ++s) {
    exits[s] = chain.converted[s] + chain.lost[s];
    double all = exits[s];
    for (std::uint32_t e = chain.row_begin[s]; e < chain.row_begin[s + 1]; ++e) all += chain.count[e];
    if (all == 0) exits[s] = 1;
  }
  return exits;
}

inline DenseFactors dense_factors(const JourneyChain& chain) {
  DenseFactors factors;
  factors.size = chain.state_count();
  factors.block.assign(factors.size * factors.size, 0.0);
  factors.pivot.assign(factors.size, 0.0);
  for (std::uint32_t s = 0; s < chain.state_count(); ++s)
    for (std::uint32_t e = chain.row_begin[s]; e < chain.row_begin[s + 1]; ++e)
      factors.block[s * factors.size + chain.target[e]] += chain.count[e];
  std::vector<double> exits = exits_of(chain);
  eliminate_dense(factors.block.data(), factors.pivot.data(), exits.data(), factors.size, [](std::size_t) {});
  return factors;
}

inline double total_started(const JourneyChain& chain) {
  double total = 0;
  for (const double s : chain.started) total += s;
  return total;
}

inline double weighted(const std::vector<double>& weights, const std::vector<double>& values) {
  double sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * values[i];
  return sum;
}

}  // namespace detail

struct RemovalSolver::Plan {
  std::uint32_t states = 0, channels = 0;
  bool dense = false;               ///< order 1, one state a channel at most, few
  std::vector<std::uint32_t> last;  ///< per state: its last channel
  std::optional<Elimination> elimination;
  bool prefers_series = false;

  explicit Plan(const JourneyChain& chain)
      : states(chain.state_count()), channels(chain.channel_count), last(chain.state_count()) {
    detail::check_chain(chain);
    for (std::uint32_t s = 0; s < states; ++s) last[s] = chain.last_channel(s);
    dense = chain.order == 1 && states <= detail::dense_states_limit;
    if (dense) return;
    prefers_series = chain.order > 1 && states > detail::planned_states_limit;
    if (prefers_series) return;
    elimination.emplace(states, chain.row_begin, chain.target);
    prefers_series = chain.order > 1 && static_cast<double>(elimination->statistics().operations) *
                                                static_cast<double>(channels) >
                                            detail::preferred_operations;
  }

  [[nodiscard]] std::vector<double> conversion_from(const JourneyChain& n) const {
    std::vector<double> h = n.converted;
    if (dense) {
      detail::dense_factors(n).solve(h);
    } else if (elimination) {
      Solver<double>(*elimination, n.count, detail::exits_of(n)).solve(h);
    } else {
      Solver<double>(Elimination(states, n.row_begin, n.target), n.count, detail::exits_of(n)).solve(h);
    }
    for (double& p : h) p = std::min(1.0, p);
    return h;
  }

  /// Conversions (out of those started) whose journey meets a removed channel, by elimination.
  [[nodiscard]] double touched_by_elimination(const JourneyChain& n, const Elimination& plan,
                                              const std::vector<double>& h,
                                              const std::vector<char>& removed) const {
    std::vector<double> kept(n.count), exits = detail::exits_of(n), c(states, 0.0);
    for (std::uint32_t s = 0; s < states; ++s) {
      for (std::uint32_t e = n.row_begin[s]; e < n.row_begin[s + 1]; ++e) {
        const std::uint32_t to = n.target[e];
        if (removed[last[to]] == 0) continue;
        exits[s] += n.count[e];
        c[s] += n.count[e] * h[to];
        kept[e] = 0;
      }
    }
    Solver<double>(plan, kept, exits).solve(c);
    double touched = 0;
    for (std::uint32_t s = 0; s < states; ++s)
      touched += n.started[s] * (removed[last[s]] != 0 ? h[s] : c[s]);
    return touched;
  }

  /// The same step by step from the start; none when too much is still under way after the last step.
  [[nodiscard]] std::optional<double> touched_by_series(const JourneyChain& n, const std::vector<double>& h,
                                                        const std::vector<char>& removed) const {
    std::vector<double> leaving = detail::exits_of(n);  // without what stays in its state
    for (std::uint32_t s = 0; s < states; ++s)
      for (std::uint32_t e = n.row_begin[s]; e < n.row_begin[s + 1]; ++e)
        if (n.target[e] != s) leaving[s] += n.count[e];
    std::vector<double> here(states, 0.0), next(states, 0.0);
    double touched = 0;
    const auto arrive = [&](std::uint32_t s, double journeys, std::vector<double>& into) {
      if (removed[last[s]] != 0)
        touched += journeys * h[s];
      else
        into[s] += journeys;
    };
    for (std::uint32_t s = 0; s < states; ++s) arrive(s, n.started[s], here);
    const double least = std::numeric_limits<double>::min();
    for (std::size_t step = 0; step < detail::series_steps_limit; ++step) {
      double under_way = 0;
      for (std::uint32_t s = 0; s < states; ++s) {
        if (here[s] == 0) continue;
        const double scale = here[s] / leaving[s];
        here[s] = 0;
        for (std::uint32_t e = n.row_begin[s]; e < n.row_begin[s + 1]; ++e)
          if (n.target[e] != s && n.count[e] != 0) arrive(n.target[e], scale * n.count[e], next);
      }
      for (const double journeys : next) under_way += journeys;
      std::swap(here, next);
      if (under_way <= std::max(detail::series_remainder * touched, least)) return touched;
    }
    return std::nullopt;
  }

  [[nodiscard]] double touched(const JourneyChain& n, const std::vector<double>& h,
                               const std::vector<char>& removed) const {
    if (prefers_series) {
      if (const auto sum = touched_by_series(n, h, removed)) return *sum;
    }
    if (elimination) return touched_by_elimination(n, *elimination, h, removed);
    return touched_by_elimination(n, Elimination(states, n.row_begin, n.target), h, removed);
  }
};

FUNNELGRAPH_INLINE RemovalSolver::RemovalSolver(const JourneyChain& chain)
    : plan_(std::make_unique<const Plan>(chain)) {}
FUNNELGRAPH_INLINE RemovalSolver::~RemovalSolver() = default;
FUNNELGRAPH_INLINE RemovalSolver::RemovalSolver(RemovalSolver&&) noexcept = default;
FUNNELGRAPH_INLINE RemovalSolver& RemovalSolver::operator=(RemovalSolver&&) noexcept = default;

FUNNELGRAPH_INLINE RemovalEffects RemovalSolver::effects(const JourneyChain& numbers,
                                                         const Execution& execution) const {
  const Plan& plan = *plan_;
  RemovalEffects result;
  result.effect.assign(plan.channels, 0.0);
  const double started = detail::total_started(numbers);
  const auto nothing_converts = [&] {
    result.effect.assign(plan.channels, std::numeric_limits<double>::quiet_NaN());
    return result;
  };
  if (numbers.order == 1) {
    // reach = visits from the start over visits counted from a visit of itself; the scale of rows cancels.
    std::vector<double> h = numbers.converted, visits = numbers.started, self;
    if (plan.dense) {
      const detail::DenseFactors factors = detail::dense_factors(numbers);
      factors.solve(h);
      factors.solve_transposed(visits);
      self = detail::dense_inverse_diagonal(factors.block.data(), factors.pivot.data(), factors.size);
    } else {
      const std::vector<double> exits = detail::exits_of(numbers);
      const Solver<double> solver(*plan.elimination, numbers.count, exits);
      solver.solve(h);
      solver.solve_transposed(visits);
      self = solver.self_visits();
    }
    const double converts = detail::weighted(numbers.started, h);
    result.conversion = started > 0 ? std::min(1.0, converts / started) : 0.0;
    if (!(converts > 0)) return nothing_converts();
    for (std::uint32_t s = 0; s < plan.states; ++s)
      result.effect[plan.last[s]] = std::min(1.0, visits[s] / self[s] * h[s] / converts);
    return result;
  }
  const std::vector<double> h = plan.conversion_from(numbers);
  const double converts = detail::weighted(numbers.started, h);
  result.conversion = started > 0 ? std::min(1.0, converts / started) : 0.0;
  if (!(converts > 0)) return nothing_converts();
  parallel_for(
      plan.channels, 1,
      [&](std::size_t first, std::size_t last, std::size_t) {
        std::vector<char> removed(plan.channels, 0);
        for (std::size_t c = first; c < last; ++c) {
          removed[c] = 1;
          result.effect[c] = std::min(1.0, plan.touched(numbers, h, removed) / converts);
          removed[c] = 0;
        }
      },
      Execution{.threads = execution.threads});
  return result;
}

FUNNELGRAPH_INLINE double RemovalSolver::effect(const JourneyChain& numbers,
                                                std::span<const std::uint32_t> channels) const {
  const Plan& plan = *plan_;
  std::vector<char> removed(plan.channels, 0);
  for (const std::uint32_t channel : channels) {
    if (channel >= plan.channels)
      throw InvalidValueError("removal_effect(channels=)", std::to_string(channel),
                              "numbers below " + std::to_string(plan.channels));
    removed[channel] = 1;
  }
  const std::vector<double> h = plan.conversion_from(numbers);
  const double converts = detail::weighted(numbers.started, h);
  if (!(converts > 0)) return std::numeric_limits<double>::quiet_NaN();
  return std::min(1.0, plan.touched(numbers, h, removed) / converts);
}

FUNNELGRAPH_INLINE RemovalEffects removal_effects(const JourneyChain& chain, const Execution& execution) {
  return RemovalSolver(chain).effects(chain, execution);
}

FUNNELGRAPH_INLINE double removal_effect(const JourneyChain& chain, std::span<const std::uint32_t> channels) {
  return RemovalSolver(chain).effect(chain, channels);
}

}  // namespace funnelgraph::inline v0
