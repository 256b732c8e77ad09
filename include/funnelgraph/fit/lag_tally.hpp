// Waiting times, counted exactly.
#pragma once

#include <cstdint>
#include <map>

#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/wide_unsigned.hpp>
#include <funnelgraph/model/lag.hpp>

namespace funnelgraph::inline v0::fit {

/// How durations are kept: every one as it is, or its 8 leading bits (within 0.8 %; sums stay exact),
/// which bounds the memory of fine-grained logs.
enum class Durations : std::uint8_t { exact, log };

/// Number, sum and sum of squares of non-negative lags in whole ticks, and how often each occurred.
/// Adding in any order and any grouping gives the same bits.
struct LagTally {
  std::uint64_t number = 0;
  WideUnsigned sum{};
  WideUnsigned squares{};
  std::map<Tick, std::uint64_t> histogram{};  ///< lag (rounded down for Durations::log) -> how often

  /// Counts a lag of `lag` ticks >= 0. O(log distinct).
  void add(Tick lag, Durations durations);
  /// Takes back what `add` counted.
  void remove(Tick lag, Durations durations);
  void merge(const LagTally& other);

  /// Days; NaN when nothing was counted. The sums are exact, the one rounding is the last.
  [[nodiscard]] double mean() const;
  /// Standard deviation in days with n - 1, as pandas; NaN for fewer than two.
  [[nodiscard]] double sd() const;
  /// Linear between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default), in days. For
  /// Durations::log within 0.8 %. NaN when nothing was counted.
  [[nodiscard]] double quantile(double probability, Durations durations) const;
  [[nodiscard]] double median(Durations durations) const { return quantile(0.5, durations); }

  bool operator==(const LagTally&) const = default;
};

/// At most this many steps make an empirical lag.
inline constexpr std::size_t empirical_lag_steps = 128;

/// The lag of a transition: `unknown` when nothing was counted, deterministic when all lags were equal.
/// `empirical`: the observed durations as steps of the quantile function, its sd theirs (n, not n - 1);
/// beyond 128 distinct ones neighbours are grouped at their mean, finest where most journeys and most of
/// the variance lie. Other families match the mean and the sample sd (n - 1; 0 for a single lag). The mean
/// is always the exact one, measured with its n.
[[nodiscard]] Lag fitted_lag(const LagTally& tally, LagFamily family, Durations durations);

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/lag_tally_inl.hpp>
#endif
