// What would be gained if one stage's row reached a reference's.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/core/normal_interval.hpp>

namespace funnelgraph::inline v0 {

/// How sure a base rate is: observations of the row it was measured in (rates of one row with the same
/// `n` vary together, as multinomial shares do), or a variance of its own. NaN = not known.
struct RateUncertainty {
  double n = std::numeric_limits<double>::quiet_NaN();
  double variance = std::numeric_limits<double>::quiet_NaN();
};

/// The base row of one stage in a reference, laid out as the chain's row.
struct ReferenceRow {
  bool known = false;  ///< false: the reference has no such stage
  std::vector<double> rate;
  double drop_off = 0;
  std::vector<RateUncertainty> uncertainty;
};

/// Change of the figure, with its 95 % range (NaN where neither row says how sure it is).
struct Recovery {
  double value = unknown_number;
  double low = unknown_number;
  double high = unknown_number;
};

/// Per stage the change of the figure if its base rates and drop-off were the reference's and all else
/// stayed, sign kept; levers bend the new row as they bend the old. NaN without a reference row, and where
/// that row would close a cycle that nothing leaves. The range is the delta method over both rows: the
/// variance of the rates times the figure's derivatives at the row as it is and as it would be; what a rate
/// gains the drop-off loses. Exact: figures that are linear in visits by a rank-one update (one solve per
/// stage inside a loop, none outside), others, shedding ones and loops that hardly anything leaves by solving
/// again per stage. `uncertainty` has one number per edge.
[[nodiscard]] std::vector<Recovery> recoverable(const Chain& chain, const Elimination& plan,
                                                const Solution& solution, const Figure& figure,
                                                std::span<const ReferenceRow> reference,
                                                std::span<const RateUncertainty> uncertainty);

namespace detail {
/// Variance of sum g_k p_k over the rates of one row whose change the drop-off takes: `by[k]` the
/// derivative by base rate k less that by the drop-off. False where nothing is known.
[[nodiscard]] bool row_variance(std::span<const double> rate, std::span<const double> by,
                                std::span<const RateUncertainty> uncertainty, double& variance);
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/recoverable_inl.hpp>
#endif
