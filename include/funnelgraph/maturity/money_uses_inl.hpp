#pragma once

#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/money_uses.hpp>

namespace funnelgraph::inline v0::maturity {

FUNNELGRAPH_INLINE std::array<MoneyUse, 4> money_uses(const MoneyFigures& figures, double sum) {
  if (!(sum > 0) || std::isinf(sum)) {
    throw InvalidValueError("sum", funnelgraph::detail::shown(sum), "a finite sum of money above 0");
  }
  constexpr double unknown = MoneyFigures::unknown;
  const auto above = [](double over, double under) { return under > 0 ? over / under : unknown; };
  const double needed = above(sum, figures.margin);
  const double cut = above(sum, figures.revenue);
  const double after_cut = above(sum, figures.margin - above(sum, figures.wins));
  const auto share = [&](double wins) { return above(wins, figures.wins); };
  return {{{"price", {{"en", "a lower price"}, {"vi", "giảm giá"}}, cut, -sum, after_cut, share(after_cut)},
           {"promotion",
            {{"en", "promotion"}, {"vi", "quảng bá"}},
            above(sum, figures.entry_cost),
            above(sum, figures.entry_cost) * figures.entrant,
            needed,
            share(needed)},
           {"product", {{"en", "the product"}, {"vi", "sản phẩm"}}, unknown, unknown, needed, share(needed)},
           {"head_count",
            {{"en", "more sellers"}, {"vi", "thêm người bán"}},
            above(sum, figures.seller),
            unknown,
            needed,
            share(needed)}}};
}

}  // namespace funnelgraph::inline v0::maturity
