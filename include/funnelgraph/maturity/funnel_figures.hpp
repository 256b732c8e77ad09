// The plain figures of a funnel that friction and the uses of money read.
#pragma once

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/config.hpp>
#include <funnelgraph/maturity/friction.hpp>
#include <funnelgraph/maturity/money_uses.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0::maturity {

/// What a funnel says of friction; NaN where it does not (no owner with the role, no cost, nothing measured
/// on either side). `price_losses` and `unanswered` are never in a funnel. Throws what `analyze` throws.
/// O(analyze + parameters).
[[nodiscard]] FrictionFigures friction_figures(const Funnel& funnel, const AnalysisOptions& options = {});

/// What a funnel says of the uses of money: `margin` is revenue less commissions by win, `entrant` the gain
/// of profit by one more entrant, spread over the entries as they are, `entry_cost` its cost; `seller` is
/// never in a funnel. Throws what `analyze` throws.
[[nodiscard]] MoneyFigures money_figures(const Funnel& funnel, const AnalysisOptions& options = {});

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/funnel_figures_inl.hpp>
#endif
