// Why two funnels differ: an exact, order-free accounting of the difference.
#pragma once

#include <optional>
#include <string>

#include <funnelgraph/explain/explanation.hpp>

namespace funnelgraph::inline v0 {

class Funnel;
class SegmentedFunnel;

/// "not distinguishable from chance", "more than chance", "no counts say whether it is more than chance".
[[nodiscard]] std::string reading(const std::optional<bool>& within_chance);

/// Splits metric(actual) - metric(plan) over the numbers that differ, by the rules of "Explaining a
/// difference": a (stage, factor) with one ownership moves as one; a row or attribute that one side lacks is
/// the other's on both; joint parts are split by shares. Beside each part its least and greatest over all
/// orders (those that keep an owner together for a pair with the owner; NaN for lmdi and sequential) and its
/// 95 % interval by the delta method: exact gradients of the coalitions, rows of measured rates as
/// multinomial shares of their n, measured volumes as Poisson counts, means of lags by their sd and n, other
/// numbers by the interval they state; what states neither has no error (parts of `lmdi` by central
/// differences, where 20 million steps along paths are enough, else only its total). `lmdi` moves all at
/// once and says so: no orders.
///
/// Throws InvalidFunnelError, UnknownNameError, InvalidValueError (a metric that is unknown on one side, no
/// common stage, ownership that differs, over 20 players with an exact method, a metric or a funnel that
/// `lmdi` cannot take), DataError (an immature side), UnsolvableError (a coalition in which rows of both
/// sides close a cycle; it names them). At most 2^20 coalitions through `Batch`, under 50 MB.
[[nodiscard]] Explanation explain(const Funnel& plan, const Funnel& actual,
                                  const ExplainOptions& options = {});
/// The same over segments: an atom is (segment, stage, factor), and the metric that of all together. The mix
/// of classes that a stage receives is then the giver's, the rate within a class the receiver's.
[[nodiscard]] Explanation explain(const SegmentedFunnel& plan, const SegmentedFunnel& actual,
                                  const ExplainOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/explain_inl.hpp>
#endif
