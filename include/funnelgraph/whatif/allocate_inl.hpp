// Definitions of allocate.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <funnelgraph/whatif/detail/plan_writer_inl.hpp>
#include <funnelgraph/whatif/detail/spend_bound_inl.hpp>
#include <funnelgraph/whatif/detail/spend_limits_inl.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>
#include <funnelgraph/whatif/detail/spend_search_inl.hpp>
#include <funnelgraph/whatif/detail/spend_starts_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline void check_allocate_options(const AllocateOptions& options) {
  if (!(options.budget >= 0) || std::isinf(options.budget))
    throw InvalidValueError("budget", shown(options.budget), "a finite amount of money >= 0");
  if (!(options.tolerance > 0) || std::isinf(options.tolerance))
    throw InvalidValueError("tolerance", shown(options.tolerance), "a finite number > 0");
  if (options.starts == 0) throw InvalidValueError("starts", "0", "at least 1");
  if (options.spending.empty())
    throw InvalidValueError("responses", "none", "at least one parameter with a response");
  if (options.analysis.capacity != CapacityRule::report)
    throw InvalidValueError("capacity", "cap", "report: respect_capacity keeps every stage within its own");
  for (const Spending& spending : options.spending) {
    check_spend_bounds(spending.bounds, "bounds of " + spending_text(spending));
    if (spending.current && (!(*spending.current >= 0) || std::isinf(*spending.current)))
      throw InvalidValueError("current money of " + spending_text(spending), shown(*spending.current),
                              "a finite amount of money >= 0");
  }
  for (const SpendGroup& group : options.groups) check_spend_bounds(group.bounds, "group " + group.name);
}

/// A metric that may be summed over segments.
inline bool adds_up(const Metric& metric) {
  switch (metric.kind()) {
    case MetricKind::probability:
    case MetricKind::cost_per:
    case MetricKind::time_to:
    case MetricKind::lifetime_value:
    case MetricKind::ratio:
      return false;
    default:
      return std::all_of(metric.parts().begin(), metric.parts().end(), adds_up);
  }
}

inline void check_segments(const std::vector<NamedFunnel>& funnels, const AllocateOptions& options) {
  if (funnels.empty()) throw InvalidValueError("segments", "none", "at least one");
  if (funnels.size() > 1 && !adds_up(options.maximise))
    throw InvalidValueError("maximise", to_string(options.maximise), "a metric that adds up over segments");
}

/// Booked money less than today's must have been in the fixed costs.
inline void check_booking(const SpendModel& model) {
  if (!model.options().book_spend) return;
  std::map<std::pair<std::size_t, std::uint32_t>, double> least;
  for (const SpendItem& item : model.items()) {
    const double change = item.spending->bounds.low - item.spending->current.value_or(0);
    for (const auto& [owner, share] : item.owners) least[{item.segment, owner}] += share * change;
  }
  for (const auto& [place, change] : least) {
    const Funnel& funnel = *model.funnels()[place.first].funnel;
    const Owner& owner = funnel.owners()[place.second];
    if (owner.fixed_cost.value + change < -1e-9 * std::abs(change))
      throw InvalidValueError("book_spend, fixed_cost(" + owner.name + ")", shown(owner.fixed_cost.value),
                              "at least " + shown(-change) + ", today's money that can be taken away");
  }
}

inline SearchedPlan search_plan(const SpendModel& model, const SpendLimits& limits) {
  const AllocateOptions& options = model.options();
  const SpendSearch search(model, limits);
  const SpendStarts start(model, limits);
  const SpendBox whole{limits.low, limits.high};
  bool single = model.separable();
  for (const SpendItem& item : model.items()) single = single && item.spending->response.concave();
  SearchedPlan out;
  const std::size_t starts = single ? 1 : (model.items().size() == 1 ? 3 : options.starts);
  for (std::size_t k = 0; k < starts; ++k) {
    LocalPlan local = search.from(start(k), whole);
    ++out.starts;
    if (better_plan(local, out.plan)) out.plan = std::move(local);
  }
  const bool kept = out.plan.violation <= kept_capacity;
  if (model.separable() && kept) SpendBranching(model, limits, search).improve(out, options.branches);
  return out;
}

inline double scaled_gap(double bound, double metric) {
  const double above = std::max(0.0, bound - metric);
  return above == 0 ? 0 : above / std::abs(metric);
}

inline Allocation allocate_over(const std::vector<NamedFunnel>& funnels, const AllocateOptions& options) {
  check_allocate_options(options);
  check_segments(funnels, options);
  const SpendModel model(funnels, options);
  check_booking(model);
  const SpendLimits limits = limits_of(model, options.budget);
  require_some_split(model, limits);
  const SearchedPlan found = search_plan(model, limits);
  Allocation out = PlanWriter(model, limits, found.plan.money, found.plan.value)
                       .write(found.plan.price, found.plan.capacity_price);
  out.starts = found.starts;
  out.bound = found.bound;
  out.gap = std::isinf(found.bound) ? found.bound : scaled_gap(found.bound, out.metric_after);
  out.guarantee = PlanGuarantee::local;
  if (std::isfinite(out.gap))
    out.guarantee = out.gap <= options.tolerance ? PlanGuarantee::global : PlanGuarantee::bounded;
  return out;
}

inline Allocation allocation_over(const std::vector<NamedFunnel>& funnels, AllocateOptions options,
                                  std::span<const double> spends) {
  if (spends.size() != options.spending.size())
    throw InvalidValueError("spends", std::to_string(spends.size()) + " amounts",
                            "one for each of " + std::to_string(options.spending.size()) + " responses");
  double sum = 0;
  for (const double spend : spends) {
    check_money(spend, "money of a plan");
    sum += spend;
  }
  options.budget = sum;
  check_allocate_options(options);
  check_segments(funnels, options);
  const SpendModel model(funnels, options);
  const SpendLimits limits = limits_of(model, sum);
  const Eigen::VectorXd money =
      Eigen::Map<const Eigen::VectorXd>(spends.data(), static_cast<Eigen::Index>(spends.size()));
  const SpendValue value = model.at(money, model.numbers(money));
  return PlanWriter(model, limits, money, value).write(Eigen::VectorXd(), Eigen::VectorXd());
}

inline std::vector<NamedFunnel> named_funnels(const SegmentedFunnel& funnels) {
  std::vector<NamedFunnel> out;
  for (const auto& [name, funnel] : funnels.segments()) out.push_back({name, &funnel});
  return out;
}

}  // namespace detail

FUNNELGRAPH_INLINE Allocation allocate(const Funnel& funnel, const AllocateOptions& options) {
  return detail::allocate_over({{"", &funnel}}, options);
}

FUNNELGRAPH_INLINE Allocation allocate(const SegmentedFunnel& funnels, const AllocateOptions& options) {
  return detail::allocate_over(detail::named_funnels(funnels), options);
}

FUNNELGRAPH_INLINE std::vector<Allocation> allocate(const Funnel& funnel, const AllocateOptions& options,
                                                    std::span<const double> budgets) {
  std::vector<Allocation> out;
  for (const double budget : budgets) {
    AllocateOptions one = options;
    one.budget = budget;
    one.name = options.name + " of " + detail::shown(budget);
    out.push_back(allocate(funnel, one));
  }
  return out;
}

FUNNELGRAPH_INLINE Allocation allocation_at(const Funnel& funnel, const AllocateOptions& options,
                                            std::span<const double> spends) {
  return detail::allocation_over({{"", &funnel}}, options, spends);
}

FUNNELGRAPH_INLINE Allocation allocation_at(const SegmentedFunnel& funnels, const AllocateOptions& options,
                                            std::span<const double> spends) {
  return detail::allocation_over(detail::named_funnels(funnels), options, spends);
}

FUNNELGRAPH_INLINE std::vector<PlanRow> compare_plans(const Funnel& funnel, std::span<const Allocation> plans,
                                                      std::span<const Metric> metrics,
                                                      const AnalysisOptions& options) {
  const auto row_of = [&](const Funnel& under, std::string name) {
    PlanRow row;
    row.plan = std::move(name);
    row.feasible = analyze(under, options).feasible;
    for (const Metric& metric : metrics) row.metrics.push_back(evaluate(under, metric, options));
    return row;
  };
  std::vector<PlanRow> out{row_of(funnel, "as it is")};
  out.front().budget = out.front().spent = out.front().shadow_price = unknown_number;
  for (const Allocation& plan : plans) {
    if (!plan.segments.empty())
      throw InvalidValueError("plan " + plan.name, "over segments", "plans of one funnel");
    PlanRow row = row_of(apply(funnel, plan.scenario), plan.name);
    row.budget = plan.budget;
    row.spent = plan.spent;
    row.shadow_price = plan.shadow_price;
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace funnelgraph::inline v0
