// How the effect of money spreads over the periods after it is spent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

enum class AdstockKind : std::uint8_t {
  geometric,  ///< w_l = retention^l
  delayed,    ///< w_l = retention^((l - peak)^2): the effect is greatest `peak` periods later
  weibull     ///< w_l = exp(-(l / scale)^shape): the share of the effect that lives after l periods
};

/// The weights w_0, w_1, ... of a period's money in its own and the following periods. `normalised`
/// divides them by their sum: the same money in every period then counts as that money. Jin, Wang, Sun,
/// Chan and Koehler (2017), "Bayesian methods for media mix modeling with carryover and shape effects";
/// Broadbent (1979), "One way TV advertisements work".
struct AdstockShape {
  AdstockKind kind = AdstockKind::geometric;
  double retention = 0;  ///< [0, 1): of geometric and delayed; (0, 1) of delayed
  double peak = 0;       ///< periods, >= 0 and below `lags`: of delayed
  double shape = 1;      ///< > 0: of weibull
  double scale = 1;      ///< periods, > 0: of weibull
  std::size_t lags = 0;  ///< weights in all, the own period's included, at most 10,000; 0 = without end
  bool normalised = true;
  bool operator==(const AdstockShape&) const = default;
};

/// A checked shape. Immutable.
class Adstock {
 public:
  /// Throws InvalidValueError on a number out of its range, and where only a geometric shape may be without
  /// end.
  explicit Adstock(AdstockShape shape);
  [[nodiscard]] const AdstockShape& shape() const noexcept { return shape_; }
  /// The weights; of a geometric shape without end, those above 1e-16 of the first.
  [[nodiscard]] std::vector<double> weights() const;
  /// What one unit of money in every period counts as, once it has gone on long enough: 1 where normalised,
  /// else the sum of the weights.
  [[nodiscard]] double steady_state() const noexcept { return steady_state_; }
  /// Mean number of periods that the effect comes after the money.
  [[nodiscard]] double mean_lag() const;
  /// Money per period as it counts in each, nothing having been spent before. O(periods * lags), O(periods)
  /// for a geometric shape without end. Throws InvalidValueError on money that is not finite and >= 0.
  [[nodiscard]] std::vector<double> transform(std::span<const double> spend) const;
  bool operator==(const Adstock&) const = default;

 private:
  AdstockShape shape_;
  double steady_state_ = 1;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/adstock_inl.hpp>
#endif
