// What price, promotion, product and head-count take from each other: one sum of money, spent four ways.
#pragma once

#include <array>
#include <limits>
#include <string>

#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/texts.hpp>

namespace funnelgraph::inline v0::maturity {

/// What the comparison needs of a funnel, per period; NaN = unknown. `funnel_figures.hpp` takes them from
/// one.
struct MoneyFigures {
  static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  double revenue = unknown;
  double wins = unknown;
  double margin = unknown;      ///< what one more win leaves, everything before it as it is
  double entry_cost = unknown;  ///< of one more entrant
  double entrant = unknown;     ///< what one more entrant leaves after its own cost
  double seller = unknown;      ///< what one more seller costs
};

/// One way to spend the sum. NaN where a figure is missing.
struct MoneyUse {
  std::string use;  ///< "price", "promotion", "product", "head_count"
  Texts name;
  double
      buys;  ///< price: cut of all prices as a share; promotion: entrants; head-count: sellers; product: NaN
  double brings;  ///< profit gained at today's rates: known of promotion alone, less the sum for a price cut
  double wins_needed;   ///< more wins that pay for it
  double share_needed;  ///< as a share of today's wins
};

/// The same sum as a lower price, as promotion, as work on the product, and as sellers. A price cut lowers
/// the margin of every win too, so it needs more wins than the others: sum / (margin - sum / wins), none
/// where nothing would be left. Throws InvalidValueError unless the sum is above 0 and finite. O(1).
[[nodiscard]] std::array<MoneyUse, 4> money_uses(const MoneyFigures& figures, double sum);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/money_uses_inl.hpp>
#endif
