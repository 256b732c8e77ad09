// Named figures for formulas, out of a funnel or a table.
#pragma once

#include <optional>
#include <string_view>

#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/kpi/formula.hpp>
#include <funnelgraph/model/metric.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

/// The metric that a figure's name means in a funnel, or none. Names: revenue, cost, profit, entrants, wins
/// and win_rate (over all won outcomes), cycle_time (days to the won outcome, where there is one only),
/// lifetime_value, time_to; count(outcome), probability(outcome), cost_per(outcome), time_to(outcome),
/// visits(stage); a stage's own name (its visits) and an outcome's (its count). Throws UnknownNameError with
/// the nearest where the argument is no such stage or outcome. O(outcomes).
[[nodiscard]] std::optional<Metric> figure_metric(const Funnel& funnel, std::string_view name);

/// Figures of a table: rows; of every column count(column) (cells that are not missing) and of numbers also
/// sum(column), mean(column), least(column) and greatest(column), NaN where all are missing. O(cells).
[[nodiscard]] Figures table_figures(const fit::Columns& table);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/figures_inl.hpp>
#endif
