#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <funnelgraph/fit/lag_tally.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

/// The key of a lag in the histogram: itself, or its 8 leading bits.
inline Tick histogram_key(Tick lag, Durations durations) noexcept {
  const auto bits = static_cast<std::uint64_t>(lag);
  const int spare = static_cast<int>(std::bit_width(bits)) - 8;
  if (durations == Durations::exact || spare <= 0) return lag;
  return static_cast<Tick>((bits >> spare) << spare);
}

/// What stands for a key: itself, or the middle of the durations that share its 8 leading bits.
inline double histogram_ticks(Tick key, Durations durations) noexcept {
  const int spare = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(key))) - 8;
  if (durations == Durations::exact || spare <= 0) return static_cast<double>(key);
  return static_cast<double>(key) + std::ldexp(0.5, spare);
}

inline WideUnsigned square(Tick lag) noexcept {
  const WideUnsigned wide{static_cast<std::uint64_t>(lag)};
  return wide * wide;
}

}  // namespace detail

FUNNELGRAPH_INLINE void LagTally::add(Tick lag, Durations durations) {
  ++histogram[detail::histogram_key(lag, durations)];
  ++number;
  sum += WideUnsigned{static_cast<std::uint64_t>(lag)};
  squares += detail::square(lag);
}

FUNNELGRAPH_INLINE void LagTally::remove(Tick lag, Durations durations) {
  const auto at = histogram.find(detail::histogram_key(lag, durations));
  if (--at->second == 0) histogram.erase(at);
  --number;
  sum -= WideUnsigned{static_cast<std::uint64_t>(lag)};
  squares -= detail::square(lag);
}

FUNNELGRAPH_INLINE void LagTally::merge(const LagTally& other) {
  for (const auto& [lag, count] : other.histogram) histogram[lag] += count;
  number += other.number;
  sum += other.sum;
  squares += other.squares;
}

FUNNELGRAPH_INLINE double LagTally::mean() const {
  if (number == 0) return std::numeric_limits<double>::quiet_NaN();
  const WideUnsigned all = WideUnsigned{number} * WideUnsigned{static_cast<std::uint64_t>(ticks_per_day)};
  return sum.to_double() / all.to_double();
}

FUNNELGRAPH_INLINE double LagTally::sd() const {
  if (number < 2) return std::numeric_limits<double>::quiet_NaN();
  const WideUnsigned spread = WideUnsigned{number} * squares - sum * sum;
  const WideUnsigned pairs = WideUnsigned{number} * WideUnsigned{number - 1};
  return std::sqrt(spread.to_double() / pairs.to_double()) / static_cast<double>(ticks_per_day);
}

FUNNELGRAPH_INLINE double LagTally::quantile(double probability, Durations durations) const {
  if (number == 0) return std::numeric_limits<double>::quiet_NaN();
  const double place = probability * static_cast<double>(number - 1);
  const auto below = static_cast<std::uint64_t>(place);
  const double between = place - static_cast<double>(below);
  double low = 0, high = 0;
  std::uint64_t passed = 0;
  for (auto at = histogram.begin(); at != histogram.end(); ++at) {
    passed += at->second;
    if (passed <= below) continue;
    low = detail::histogram_ticks(at->first, durations);
    const auto next = std::next(at);
    high =
        passed > below + 1 || next == histogram.end() ? low : detail::histogram_ticks(next->first, durations);
    break;
  }
  return (low + between * (high - low)) / static_cast<double>(ticks_per_day);
}

FUNNELGRAPH_INLINE Lag fitted_lag(const LagTally& tally, LagFamily family, Durations durations) {
  if (tally.number == 0 || family == LagFamily::unknown) return Lag::unknown();
  const auto n = static_cast<double>(tally.number);
  const auto known = [&](double value) { return measured(value, {.n = n, .interval = {}}); };
  const Number mean = known(tally.mean());
  if (tally.histogram.size() == 1 || family == LagFamily::deterministic) return Lag::deterministic(mean);
  const double spread = tally.sd();
  switch (family) {
    case LagFamily::exponential:
      return Lag::exponential(mean);
    case LagFamily::gamma:
      return Lag::gamma({mean, known(spread)});
    case LagFamily::lognormal:
      return Lag::lognormal({mean, known(spread)});
    case LagFamily::weibull:
      return Lag::weibull({mean, known(spread)});
    default:
      break;
  }
  // Steps: duration in days and the share of journeys up to it.
  double all_squares = 0;
  for (const auto& [key, count] : tally.histogram) {
    const double ticks = detail::histogram_ticks(key, durations);
    all_squares += static_cast<double>(count) * ticks * ticks;
  }
  struct Step {
    double ticks = 0;
    std::uint64_t count = 0;
  };
  std::vector<Step> steps;
  const bool grouped = tally.histogram.size() > empirical_lag_steps;
  std::uint64_t passed = 0;
  double passed_squares = 0;
  std::size_t group = 0;
  for (const auto& [key, count] : tally.histogram) {
    const double ticks = detail::histogram_ticks(key, durations);
    const auto weight = static_cast<double>(count);
    // Where the middle of this duration lies, half by journeys and half by squared duration.
    const double at = 0.5 * (static_cast<double>(passed) + weight / 2) / n +
                      0.5 * (passed_squares + weight * ticks * ticks / 2) / all_squares;
    const auto own = static_cast<std::size_t>(at * static_cast<double>(empirical_lag_steps));
    if (steps.empty() || !grouped || own != group) {
      steps.push_back({ticks, count});
      group = own;
    } else {
      Step& last = steps.back();
      last.count += count;
      last.ticks += (ticks - last.ticks) * weight / static_cast<double>(last.count);
    }
    passed += count;
    passed_squares += weight * ticks * ticks;
  }
  std::vector<LagQuantile> quantiles;
  quantiles.reserve(2 * steps.size());
  std::uint64_t up_to = 0;
  double probability = 0;
  for (const Step& step : steps) {
    const double days = step.ticks / static_cast<double>(ticks_per_day);
    // A jump takes one unit in the last place, since probabilities must rise.
    quantiles.push_back({quantiles.empty() ? 0.0 : std::nextafter(probability, 2.0), days});
    up_to += step.count;
    probability = static_cast<double>(up_to) / n;
    quantiles.push_back({probability, days});
  }
  Lag lag = Lag::empirical(std::move(quantiles));
  lag.mean = mean;
  lag.sd = known(lag.sd.value);
  return lag;
}

}  // namespace funnelgraph::inline v0::fit
