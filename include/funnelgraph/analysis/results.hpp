// What an analysis says: rows of plain numbers with names.
#pragma once

#include <limits>
#include <string>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

inline constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();

/// Mean and standard deviation in days, of the journeys it is about.
struct TimeMoments {
  double mean = unknown_number;
  double sd = unknown_number;
};

/// One row a stage. Counts concern the entrants of one period over their whole life.
struct StageRow {
  std::string stage;
  std::string owner;  ///< "Sales", or "Marketing 50 %, Sales 50 %"; "" = unowned
  std::string unit;
  double visits = 0;      ///< repeats counted; with capacity="cap": served
  double reach = 0;       ///< probability that an average entrant is ever here
  double conversion = 0;  ///< probability of a won outcome from here
  double drop_off = 0;    ///< effective rate
  double lost = 0;        ///< visits * (drop-off + lost + silent)
  double value_lost = 0;  ///< upper bound: lost * revenue ahead of those who went on; NaN where nobody did
  double recoverable = unknown_number;       ///< against the reference; NaN without one
  double recoverable_low = unknown_number;   ///< 95 %
  double recoverable_high = unknown_number;  ///< 95 %
  double dwell_mean = unknown_number;        ///< mean lag of the exits that have one, days
  double utilisation = unknown_number;       ///< visits / capacity; NaN without a capacity
  double cost = 0;                           ///< with its outgoing transitions', discounted
  double value = 0;                          ///< with its outgoing transitions', discounted
  double arrivals = 0;                       ///< = visits unless capacity="cap"
  double shed = 0;                           ///< arrivals - served
};

struct OutcomeRow {
  std::string outcome;
  std::string kind;
  std::string owner;
  double probability = 0;
  double count = 0;
  double value = 0;  ///< discounted
  double time_mean = unknown_number;
  double time_sd = unknown_number;
};

/// received = passed_on + screened + lost + open. Rows add up to the totals.
struct OwnerRow {
  std::string owner;     ///< "unowned" for what nobody owns
  double received = 0;   ///< entrants of its stages + hand-offs taken
  double passed_on = 0;  ///< hand-offs given + wins
  double screened = 0;
  double lost = 0;  ///< drop-off, lost and silent
  double open = 0;
  double waiting_days = 0;  ///< over journeys, not discounted
  double cost = 0;          ///< discounted
  double value = 0;         ///< discounted
  double recoverable = unknown_number;
  double recoverable_low = unknown_number;
  double recoverable_high = unknown_number;
};

struct HandOffRow {
  std::string from, to, giver, receiver;
  double volume = 0;
  double lag_mean = unknown_number;
  double breach = unknown_number;  ///< share later than the service level; NaN without one
  double lost = 0;                 ///< of the volume, what the receiving stage loses on that visit
};

/// One number and what a metric owes to it.
struct SensitivityRow {
  std::string parameter;  ///< as written in code
  std::string owner;
  double value = 0;
  std::string source;
  double gradient = 0;
  double elasticity = 0;  ///< gradient * value / metric; NaN where the metric is 0
};

}  // namespace funnelgraph::inline v0
