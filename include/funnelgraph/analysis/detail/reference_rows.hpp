// What is recoverable against another funnel, by stage and owner.
#pragma once

#include <vector>

#include <funnelgraph/analysis/detail/analysis_state.hpp>
#include <funnelgraph/analysis/recoverable.hpp>

namespace funnelgraph::inline v0 {
struct Interval;
struct Transition;
}  // namespace funnelgraph::inline v0

namespace funnelgraph::inline v0::detail {

/// Variance of a normal distribution that has the interval's probability between its ends.
[[nodiscard]] double interval_variance(const Interval& interval);
/// How sure a rate is: the n it was measured with, else its interval, else what a fit observed.
[[nodiscard]] RateUncertainty uncertainty_of(const Transition& transition);
/// Recovery per stage against the options' reference; NaN rows where it lacks the stage.
[[nodiscard]] std::vector<Recovery> recoveries(const AnalysisState& state);
/// Sums of the stages' recoveries by their owners' shares, the unowned ones last: over the stages that the
/// reference knows, NaN where it knows none of an owner's; the stages' ranges are taken as independent.
[[nodiscard]] std::vector<Recovery> recoveries_by_owner(const Chain& chain,
                                                        const std::vector<Recovery>& stages);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/reference_rows_inl.hpp>
#endif
