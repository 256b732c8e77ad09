// Definitions of removal_effects.hpp.
#pragma once

#include <algorithm>
#include <array>
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
/// Probabilities to convert that the series does not tell from 0.
inline constexpr double least_conversion = 1e-40;
/// Channels whose series run side by side.
inline constexpr std::size_t series_lanes = 8;

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

/// Rates between states, without those that stay in their state.
struct StepRates {
  std::vector<std::uint32_t> begin{0}, target;
  std::vector<double> rate;
  std::vector<double> leaving;  ///< per state: what leaves it
};
inline StepRates step_rates(const JourneyChain& chain) {
  StepRates rates;
  const std::vector<double> exits = exits_of(chain);
  for (std::uint32_t s = 0; s < chain.state_count(); ++s) {
    const auto each = [&](const auto& step) {
      for (std::uint32_t e = chain.row_begin[s]; e < chain.row_begin[s + 1]; ++e)
        if (chain.target[e] != s && chain.count[e] != 0) step(chain.target[e], chain.count[e]);
    };
    double leaving = exits[s];
    each([&](std::uint32_t, double count) { leaving += count; });
    each([&](std::uint32_t to, double count) {
      rates.target.push_back(to);
      rates.rate.push_back(count / leaving);
    });
    rates.begin.push_back(static_cast<std::uint32_t>(rates.target.size()));
    rates.leaving.push_back(leaving);
  }
  return rates;
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

  [[nodiscard]] std::vector<double> conversion_from(const JourneyChain& n,
                                                    const detail::StepRates& rates) const {
    if (prefers_series) {
      if (auto h = conversion_by_series(n, rates)) return *std::move(h);
    }
    std::vector<double> h = n.converted;
    if (dense) {
      detail::dense_factors(n).solve(h);
    } else if (elimination) {
      Solver<double>(*elimination, n.count, detail::exits_of(n)).solve(h);
    } else {
      const Elimination own(states, n.row_begin, n.target);
      Solver<double>(own, n.count, detail::exits_of(n)).solve(h);
    }
    for (double& p : h) p = std::min(1.0, p);
    return h;
  }

  /// P(convert from each state) as the sum over steps; none when too much is still under way after the last.
  [[nodiscard]] std::optional<std::vector<double>> conversion_by_series(
      const JourneyChain& n, const detail::StepRates& rates) const {
    // What converts after exactly so many steps, and what is still under way then.
    struct Term {
      double converts = 0, under_way = 0;
    };
    std::vector<double> h(states);
    std::vector<Term> term(states), next(states);
    for (std::uint32_t s = 0; s < states; ++s) {
      h[s] = n.converted[s] > 0 ? n.converted[s] / rates.leaving[s] : 0;
      term[s] = {h[s], 1};
    }
    for (std::size_t step = 0; step < detail::series_steps_limit; ++step) {
      bool done = true;
      for (std::uint32_t s = 0; s < states; ++s) {
        Term sum;
        for (std::uint32_t e = rates.begin[s]; e < rates.begin[s + 1]; ++e) {
          sum.converts += rates.rate[e] * term[rates.target[e]].converts;
          sum.under_way += rates.rate[e] * term[rates.target[e]].under_way;
        }
        next[s] = sum;
        h[s] += sum.converts;
        done = done && sum.under_way <= std::max(detail::series_remainder * h[s], detail::least_conversion);
      }
      term.swap(next);
      if (done) return h;
    }
    return std::nullopt;
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

  /// The same step by step from the start, for each of up to `series_lanes` groups of channels; none when too
  /// much is still under way after the last step.
  [[nodiscard]] std::optional<std::array<double, detail::series_lanes>> touched_by_series(
      const JourneyChain& n, const detail::StepRates& rates, const std::vector<double>& h,
      std::span<const std::vector<char>> groups) const {
    constexpr std::size_t lanes = detail::series_lanes;
    std::array<std::vector<std::uint32_t>, lanes> gone;  // states that end in a channel of the group
    for (std::size_t k = 0; k < groups.size(); ++k) {
      for (std::uint32_t s = 0; s < states; ++s) {
        if (groups[k][last[s]] != 0) gone[k].push_back(s);
      }
    }
    std::array<double, lanes> touched{}, under_way{};
    const auto take_out = [&](std::vector<double>& at) {
      for (std::size_t k = 0; k < groups.size(); ++k) {
        for (const std::uint32_t s : gone[k]) {
          touched[k] += at[s * lanes + k] * h[s];
          at[s * lanes + k] = 0;
        }
      }
    };
    std::vector<double> here(states * lanes, 0.0), next(states * lanes, 0.0);
    for (std::uint32_t s = 0; s < states; ++s)
      std::fill_n(here.begin() + static_cast<std::ptrdiff_t>(s * lanes), groups.size(), n.started[s]);
    take_out(here);
    for (std::size_t step = 0; step < detail::series_steps_limit; ++step) {
      for (std::uint32_t s = 0; s < states; ++s) {
        double* from = here.data() + s * lanes;
        for (std::uint32_t e = rates.begin[s]; e < rates.begin[s + 1]; ++e) {
          double* to = next.data() + std::size_t{rates.target[e]} * lanes;
          const double rate = rates.rate[e];
          for (std::size_t k = 0; k < lanes; ++k) to[k] += rate * from[k];
        }
        std::fill_n(from, lanes, 0.0);
      }
      take_out(next);
      under_way.fill(0.0);
      for (std::uint32_t s = 0; s < states; ++s)
        for (std::size_t k = 0; k < lanes; ++k) under_way[k] += next[s * lanes + k];
      here.swap(next);
      bool done = true;
      for (std::size_t k = 0; k < groups.size(); ++k)
        done = done && under_way[k] <= std::max(detail::series_remainder * touched[k],
                                                std::numeric_limits<double>::min());
      if (done) return touched;
    }
    return std::nullopt;
  }

  /// Conversions whose journey meets a channel of the group, for each group.
  void touched(const JourneyChain& n, const detail::StepRates& rates, const std::vector<double>& h,
               std::span<const std::vector<char>> groups, std::span<double> result) const {
    if (prefers_series) {
      if (const auto sums = touched_by_series(n, rates, h, groups)) {
        std::copy_n(sums->begin(), groups.size(), result.begin());
        return;
      }
    }
    std::optional<Elimination> own;
    if (!elimination) own.emplace(states, n.row_begin, n.target);
    for (std::size_t k = 0; k < groups.size(); ++k)
      result[k] = touched_by_elimination(n, elimination ? *elimination : *own, h, groups[k]);
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
  const detail::StepRates rates = plan.prefers_series ? detail::step_rates(numbers) : detail::StepRates();
  const std::vector<double> h = plan.conversion_from(numbers, rates);
  const double converts = detail::weighted(numbers.started, h);
  result.conversion = started > 0 ? std::min(1.0, converts / started) : 0.0;
  if (!(converts > 0)) return nothing_converts();
  parallel_for(
      plan.channels, detail::series_lanes,
      [&](std::size_t first, std::size_t last, std::size_t) {
        std::vector<std::vector<char>> groups(last - first, std::vector<char>(plan.channels, 0));
        for (std::size_t c = first; c < last; ++c) groups[c - first][c] = 1;
        const std::span<double> effects = std::span(result.effect).subspan(first, last - first);
        plan.touched(numbers, rates, h, groups, effects);
        for (double& effect : effects) effect = std::min(1.0, effect / converts);
      },
      Execution{.threads = execution.threads});
  return result;
}

FUNNELGRAPH_INLINE double RemovalSolver::effect(const JourneyChain& numbers,
                                                std::span<const std::uint32_t> channels) const {
  const Plan& plan = *plan_;
  std::vector<std::vector<char>> group(1, std::vector<char>(plan.channels, 0));
  for (const std::uint32_t channel : channels) {
    if (channel >= plan.channels)
      throw InvalidValueError("removal_effect(channels=)", std::to_string(channel),
                              "numbers below " + std::to_string(plan.channels));
    group[0][channel] = 1;
  }
  const detail::StepRates rates = plan.prefers_series ? detail::step_rates(numbers) : detail::StepRates();
  const std::vector<double> h = plan.conversion_from(numbers, rates);
  const double converts = detail::weighted(numbers.started, h);
  if (!(converts > 0)) return std::numeric_limits<double>::quiet_NaN();
  double touched = 0;
  plan.touched(numbers, rates, h, group, std::span(&touched, 1));
  return std::min(1.0, touched / converts);
}

FUNNELGRAPH_INLINE RemovalEffects removal_effects(const JourneyChain& chain, const Execution& execution) {
  return RemovalSolver(chain).effects(chain, execution);
}

FUNNELGRAPH_INLINE double removal_effect(const JourneyChain& chain, std::span<const std::uint32_t> channels) {
  return RemovalSolver(chain).effect(chain, channels);
}

}  // namespace funnelgraph::inline v0
