// Definitions of explain.hpp.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/explain/detail/explainer_inl.hpp>
#include <funnelgraph/explain/detail/explanation_state.hpp>
#include <funnelgraph/explain/explain.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Throws DataError where too many of a side's journeys are still open.
inline void require_mature(const std::vector<SegmentPair>& segments, const char* name,
                           const Funnel* SegmentPair::* side) {
  double open = 0, began = 0;
  for (const SegmentPair& segment : segments) {
    if (segment.*side == nullptr) continue;
    const Funnel& funnel = *(segment.*side);
    for (const Stage& stage : funnel.stages()) {
      for (const TransitionId id : funnel.exits(stage.name)) {
        const auto& observed = funnel.transition(id).observed;
        if (!observed) continue;
        open += observed->open;
        break;
      }
    }
    for (const Entry& entry : funnel.entries()) {
      const Source& source = entry.volume.source;
      if (source.kind() == SourceKind::measured && source.n() > 0) began += source.n();
    }
  }
  if (began > 0 && open > immature_share * began)
    throw DataError(
        name, 0, "",
        shown(std::round(1000 * open / began) / 10) +
            " % of its journeys are still open (over 10 %): compare cohorts that are closed, or at "
            "equal age, or say allow_immature=true");
}

/// "eventual results of one week's entrants: Plan against Actual".
inline std::string default_basis(const std::vector<SegmentPair>& segments, const Metric& metric) {
  const auto info = [&](const Funnel* SegmentPair::* side, bool segmented) {
    for (const SegmentPair& segment : segments) {
      if (segment.*side != nullptr)
        return segmented ? FunnelInfo{.period = (segment.*side)->info().period} : (segment.*side)->info();
    }
    return FunnelInfo{};
  };
  const bool segmented = segments.size() > 1 || !segments.front().name.empty();
  const FunnelInfo plan = info(&SegmentPair::plan, segmented), actual = info(&SegmentPair::actual, segmented);
  const auto named = [](const FunnelInfo& of, const char* fallback) {
    return of.name.empty() ? std::string(fallback) : of.name;
  };
  std::string first = named(plan, "plan"), second = named(actual, "actual");
  if (first == second) {
    first += " (plan)";
    second += " (actual)";
  }
  return to_string(metric) + ", eventual results of the entrants of one " + plan.period +
         (plan.period == actual.period ? "" : " against one " + actual.period) + ": " + second + " against " +
         first;
}

FUNNELGRAPH_INLINE Explanation explain_segments(const std::vector<SegmentPair>& segments, bool segmented,
                                                const ExplainOptions& options) {
  if (!options.allow_immature) {
    require_mature(segments, "plan", &SegmentPair::plan);
    require_mature(segments, "actual", &SegmentPair::actual);
  }
  Explanation out = Explainer(segments, segmented, options).explain();
  out.basis = options.basis.empty() ? default_basis(segments, options.metric) : options.basis;
  return out;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string reading(const std::optional<bool>& within_chance) {
  if (!within_chance) return "no counts say whether it is more than chance";
  return *within_chance ? "not distinguishable from chance" : "more than chance";
}

FUNNELGRAPH_INLINE Explanation explain(const Funnel& plan, const Funnel& actual,
                                       const ExplainOptions& options) {
  Explanation out = detail::explain_segments({{"", &plan, &actual}}, false, options);
  auto state = std::make_shared<Explanation::State>();
  state->plan.emplace("", plan);
  state->actual.emplace("", actual);
  state->options = options;
  out.state = std::move(state);
  return out;
}

FUNNELGRAPH_INLINE Explanation explain(const SegmentedFunnel& plan, const SegmentedFunnel& actual,
                                       const ExplainOptions& options) {
  if (plan.size() == 0 || actual.size() == 0)
    throw InvalidValueError(plan.size() == 0 ? "plan" : "actual", "no segments", "at least one segment");
  Explanation out =
      detail::explain_segments(detail::segment_pairs(plan.segments(), actual.segments()), true, options);
  auto state = std::make_shared<Explanation::State>();
  state->segmented = true;
  state->plan = plan.segments();
  state->actual = actual.segments();
  state->options = options;
  out.state = std::move(state);
  return out;
}

}  // namespace funnelgraph::inline v0
