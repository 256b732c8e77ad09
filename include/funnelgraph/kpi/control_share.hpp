// How much of a result lies in the hands of who answers for it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/analysis/analyze.hpp>

namespace funnelgraph::inline v0 {

/// Below this share an owner answers for what mostly others decide.
inline constexpr double least_control_share = 0.5;
/// Rounding of the sums behind a share.
inline constexpr double control_tolerance = 1e-9;

/// What an owner's own numbers weigh in a metric.
struct ControlShare {
  std::string owner;        ///< "unowned" for numbers that nobody owns
  double share = 0;         ///< weight / total; NaN where the metric reacts to no number
  double weight = 0;        ///< sum of |gradient * value| over its numbers, joint ones by its share
  double total = 0;         ///< the same over all numbers
  std::size_t unknown = 0;  ///< numbers whose effect is unknown (NaN): they are in neither sum
  [[nodiscard]] bool enough() const noexcept { return share >= least_control_share - control_tolerance; }
  /// A sentence where the share is below one half, else empty; "en" or "vi".
  [[nodiscard]] std::string warning(std::string_view language = "en") const;
};

/// The part of the metric's sensitivity, the sum of absolute elasticities over all leaf parameters, that lies
/// in parameters of `owner`, by the shares of their ownership (semantics: whoever owns a stage owns its
/// rates, lags and costs; a lever and its elasticities are its owner's). Groups are left out, so nothing
/// counts twice. Throws UnknownNameError (owner, names in the metric), and as `gradients`.
[[nodiscard]] ControlShare control_share(const Funnel& funnel, const Metric& metric, std::string_view owner,
                                         const AnalysisOptions& options = {});

/// Of every owner, the largest share first, and of what nobody owns where that is not 0. Shares sum to 1.
[[nodiscard]] std::vector<ControlShare> control_shares(const Funnel& funnel, const Metric& metric,
                                                       const AnalysisOptions& options = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/control_share_inl.hpp>
#endif
