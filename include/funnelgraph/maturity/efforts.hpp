// What an action asks for and how long it needs, in days of people: assumptions to put own figures over.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::maturity {

/// A range that holds with 90 %; its point is the middle.
struct Range {
  double low = 0, high = 0;
  [[nodiscard]] double middle() const noexcept { return low + (high - low) / 2; }
  bool operator==(const Range&) const = default;
};

/// What one action asks of both sides together. All three are assumptions of the project; no study stands
/// behind them.
struct Effort {
  std::string action;  ///< an id of `actions()`
  Range once;          ///< person-days to set it up
  Range yearly;        ///< person-days a year to keep it going
  Range until_effect;  ///< days until the funnel can show it
  bool operator==(const Effort&) const = default;
};

/// One for each action, in the order of `actions()`.
[[nodiscard]] const std::vector<Effort>& efforts();

/// Several actions that begin on one day.
struct Programme {
  Range person_days;   ///< over the horizon: set up once, kept going from the first day
  Range until_effect;  ///< of the slowest action
};

/// Adds up the efforts of the actions named, all of `table` where none is. `horizon` in days, above 0. Throws
/// UnknownNameError with the nearest, InvalidValueError for a horizon or a range that cannot be (low above
/// high, below 0, not finite). Ranges add up end to end, as if all were low or all high together.
[[nodiscard]] Programme programme(std::span<const std::string> actions, double horizon,
                                  std::span<const Effort> table);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/efforts_inl.hpp>
#endif
