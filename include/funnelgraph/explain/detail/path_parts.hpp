// The logarithmic mean Divisia index over the paths of an acyclic funnel.
#pragma once

#include <cstddef>
#include <vector>

#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/detail/view.hpp>
#include <funnelgraph/explain/explanation.hpp>

namespace funnelgraph::inline v0::detail {

/// Stages that the walk over paths may visit before it gives up.
inline constexpr std::size_t path_step_limit = 5'000'000;

/// Part of each player, and how many stages the walk came by.
struct PathParts {
  std::vector<double> parts;
  std::size_t steps = 0;
};

/// Part of each player (the factors of the view): the metric is a sum over paths of products, and each
/// product's difference y_B - y_A is split by L(y_A, y_B) ln(x_B / x_A) over its factors x, L the
/// logarithmic mean; where a product is 0 on one side, equally over the factors that are 0 there (the limit).
/// Adds up without residual. Throws InvalidValueError for loops, ratios and times, levers or a discount
/// rate that differ, capacities that shed, terms of two signs. Ang (2015).
[[nodiscard]] PathParts path_parts(const Difference& difference, const PlayerView& view, const Chain& plan,
                                   const Chain& actual, const ExplainOptions& options);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/detail/path_parts_inl.hpp>
#endif
