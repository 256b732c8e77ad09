// Definitions of allocate.hpp.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/detail/named_chain.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/number.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <funnelgraph/whatif/detail/spend_bound_inl.hpp>
#include <funnelgraph/whatif/detail/spend_limits_inl.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>
#include <funnelgraph/whatif/detail/spend_search_inl.hpp>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

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

/// From the equal split to all on one and random splits over some.
class SpendStarts {
 public:
  SpendStarts(const SpendModel& model, const SpendLimits& limits) : model_(model), limits_(limits) {}

  [[nodiscard]] Eigen::VectorXd operator()(std::size_t start) const {
    const Eigen::Index n = limits_.low.size();
    const Eigen::VectorXd room = limits_.high - limits_.low;
    const double spare = std::max(0.0, limits_.budget - limits_.low.sum());
    const double all = room.sum();
    if (start == 0) return within_capacities(limits_.low + room * (all > 0 ? std::min(1.0, spare / all) : 0));
    Eigen::VectorXd today(n);
    bool known = true;
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto& current = model_.items()[static_cast<std::size_t>(i)].spending->current;
      known = known && current.has_value();
      today[i] = current.value_or(0);
    }
    if (start == 1 && known) return today;
    Eigen::VectorXd weight = Eigen::VectorXd::Zero(n);
    const auto whole = static_cast<std::size_t>(n);
    if (start >= 2 && start < 2 + whole) {
      weight[static_cast<Eigen::Index>(start - 2)] = 1;
    } else {
      const std::uint64_t seed = model_.options().seed;
      for (Eigen::Index i = 0; i < n; ++i) {
        const auto bits =
            philox4x64({start, static_cast<std::uint64_t>(i), 0, 0}, {seed, name_hash("allocate")});
        if (open_uniform(bits[0]) < 0.6) weight[i] = -std::log(open_uniform(bits[1]));
      }
    }
    if (weight.sum() > 0) weight *= spare / weight.sum();
    return within_capacities(limits_.low + weight.cwiseMin(room));
  }

 private:
  /// Less for the volumes, in proportion, until the capacities are kept: far out on a saturated curve no
  /// step sees the way back.
  [[nodiscard]] Eigen::VectorXd within_capacities(const Eigen::VectorXd& money) const {
    if (!model_.options().respect_capacity || model_.limited().empty()) return money;
    const auto part = [&](double share) {
      Eigen::VectorXd out = money;
      for (Eigen::Index i = 0; i < out.size(); ++i) {
        const Parameter& parameter = model_.items()[static_cast<std::size_t>(i)].spending->parameter;
        if (parameter.kind() != ParameterKind::capacity)
          out[i] = limits_.low[i] + share * (money[i] - limits_.low[i]);
      }
      return out;
    };
    const auto kept = [&](double share) {
      const Eigen::VectorXd some = part(share);
      return (model_.at(some, model_.numbers(some)).excess.array() <= 0).all();
    };
    if (kept(1)) return money;
    double low = 0;
    double high = 1;
    for (int round = 0; round < 30; ++round) {
      const double middle = low + (high - low) / 2;
      (kept(middle) ? low : high) = middle;
    }
    return part(low);
  }

  const SpendModel& model_;
  const SpendLimits& limits_;
};

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

/// Rows, totals, scenario and notes of a plan.
class PlanWriter {
 public:
  PlanWriter(const SpendModel& model, const SpendLimits& limits, const Eigen::VectorXd& money,
             const SpendValue& value)
      : model_(model), options_(model.options()), limits_(limits), money_(money), value_(value) {}

  /// Prices of the linear limits and of the limited stages.
  Allocation write(const Eigen::VectorXd& price, const Eigen::VectorXd& capacity_price) {
    out_.name = options_.name;
    out_.budget = limits_.budget;
    out_.spent = money_.sum();
    out_.unspent = std::max(0.0, limits_.budget - out_.spent);
    if (out_.unspent <= 1e-12 * limits_.budget) out_.unspent = 0;
    out_.metric_before = model_.metric_before();
    out_.metric_after = value_.metric;
    out_.evaluations = model_.evaluations();
    out_.shadow_price = price.size() > 0 ? price[0] : unknown_number;
    write_rows(price, capacity_price);
    write_groups(price);
    write_capacities(capacity_price);
    write_scenarios();
    write_notes();
    return std::move(out_);
  }

 private:
  /// At the corner of a steep curve a worth that rounding cannot tell from none is none.
  [[nodiscard]] double by_money(Eigen::Index i, double by_number, double direct) const {
    const double slope = model_.curve(i, money_[i]).first;
    const bool none =
        by_number == 0 || (std::isinf(slope) && std::abs(by_number) <= 1e-7 * std::abs(value_.by_number[i]));
    return (none ? 0 : by_number * slope) + direct;
  }

  void write_rows(const Eigen::VectorXd& price, const Eigen::VectorXd& capacity_price) {
    for (Eigen::Index i = 0; i < money_.size(); ++i) {
      const SpendItem& item = model_.items()[static_cast<std::size_t>(i)];
      const Spending& spending = *item.spending;
      AllocationRow row{.parameter = spending.parameter};
      row.segment = spending.segment;
      row.owner = ownership_text(model_.funnels()[item.segment].funnel->ownership(spending.parameter));
      row.spend = money_[i];
      row.current = spending.current.value_or(unknown_number);
      row.before = item.before;
      row.after = spending.response.value(money_[i]);
      row.elasticity = spending.response.elasticity(money_[i]);
      row.marginal = by_money(i, value_.by_number[i], value_.by_money[i]);
      Eigen::VectorXd net = value_.by_number;
      for (Eigen::Index k = 0; k < capacity_price.size(); ++k)
        net -= capacity_price[k] * value_.excess_by_number.row(k).transpose();
      double groups = 0;
      for (Eigen::Index k = 1; k < price.size(); ++k) groups += price[k] * limits_.coefficient(k, i);
      row.net_marginal = by_money(i, net[i], value_.by_money[i] + groups);
      row.low = limits_.low[i];
      row.high = limits_.high[i];
      if (money_[i] >= limits_.high[i]) row.limit = SpendLimit::high;
      if (money_[i] <= limits_.low[i]) row.limit = SpendLimit::low;
      out_.spending.push_back(std::move(row));
    }
  }

  void write_groups(const Eigen::VectorXd& price) {
    for (std::size_t g = 0; g < options_.groups.size(); ++g) {
      const SpendGroup& group = options_.groups[g];
      GroupRow row{group.name,       group_members(group, model_).dot(money_),
                   group.bounds.low, group.bounds.high,
                   SpendLimit::none, 0};
      const double near = 1e-9 * limits_.budget;
      if (row.spend >= row.high - near) row.limit = SpendLimit::high;
      if (row.spend <= row.low + near && row.low > 0) row.limit = SpendLimit::low;
      for (std::size_t k = 0; k < limits_.group.size(); ++k) {
        if (limits_.group[k] == g && static_cast<Eigen::Index>(k) + 1 < price.size())
          row.shadow_price = std::max(row.shadow_price, price[static_cast<Eigen::Index>(k) + 1]);
      }
      out_.groups.push_back(std::move(row));
    }
  }

  void write_capacities(const Eigen::VectorXd& capacity_price) {
    for (std::size_t k = 0; k < model_.limited().size(); ++k) {
      const LimitedStage& limited = model_.limited()[k];
      const auto at = static_cast<Eigen::Index>(k);
      PlanCapacityRow row;
      row.segment = model_.funnels()[limited.segment].name;
      row.stage = model_.stage_name(limited);
      row.capacity = limited.item == no_item ? limited.capacity : out_.spending[limited.item].after;
      row.visits = std::max(0.0, row.capacity + value_.excess[at]);
      row.utilisation = row.capacity > 0 ? row.visits / row.capacity : unknown_number;
      row.shadow_price = at < capacity_price.size() ? capacity_price[at] : 0;
      if (row.visits > row.capacity * (1 + kept_capacity)) {
        out_.feasible = false;
        out_.notes.push_back("above its capacity: " + (row.segment.empty() ? "" : row.segment + ": ") +
                             row.stage + ", " + shown(row.visits) + " visits for " + shown(row.capacity));
      }
      out_.capacities.push_back(std::move(row));
    }
  }

  void write_scenarios() {
    std::vector<Scenario> scenarios(model_.funnels().size(),
                                    Scenario(options_.name, "a split of " + shown(limits_.budget)));
    std::vector<std::map<std::uint32_t, double>> booked(scenarios.size());
    for (std::size_t i = 0; i < out_.spending.size(); ++i) {
      const SpendItem& item = model_.items()[i];
      const AllocationRow& row = out_.spending[i];
      Scenario& scenario = scenarios[item.segment];
      scenario = scenario.set(row.parameter, estimated(row.after, {"response curve"}));
      if (!options_.book_spend) continue;
      for (const auto& [owner, share] : item.owners)
        booked[item.segment][owner] += share * (row.spend - item.spending->current.value_or(0));
    }
    for (std::size_t s = 0; s < scenarios.size(); ++s) {
      for (const auto& [position, change] : booked[s]) {
        const Owner& owner = model_.funnels()[s].funnel->owners()[position];
        const double cost = std::max(0.0, owner.fixed_cost.value + change);
        scenarios[s] = scenarios[s].set(fixed_cost(owner.name), estimated(cost, {"response curve"}));
      }
    }
    if (scenarios.size() == 1 && model_.funnels()[0].name.empty()) {
      out_.scenario = std::move(scenarios[0]);
      return;
    }
    for (const NamedFunnel& named : model_.funnels()) out_.segments.push_back(named.name);
    out_.scenarios = std::move(scenarios);
  }

  void write_notes() {
    const bool money_counts = counts_cost(options_.maximise);
    if (money_counts && !options_.book_spend)
      out_.notes.push_back("the metric does not count the money of the budget (book_spend books it)");
    for (const SpendItem& item : model_.items()) {
      const Spending& spending = *item.spending;
      const Funnel& funnel = *model_.funnels()[item.segment].funnel;
      const Parameter& parameter = spending.parameter;
      if (money_counts && parameter.kind() == ParameterKind::volume) {
        const double a_head = funnel.get(Parameter(ParameterKind::entry_cost, parameter.arguments()));
        if (a_head > 0)
          out_.notes.push_back(spending_text(spending) + " costs " + shown(a_head) +
                               " an entrant beside the money of the budget; 0 if the budget pays it");
      }
      if (!spending.current) continue;
      const double says = spending.response.value(*spending.current);
      if (std::abs(says - item.before) > 0.01 * std::max(std::abs(says), std::abs(item.before)))
        out_.notes.push_back(spending_text(spending) + ": the response to today's money is " + shown(says) +
                             ", the funnel has " + shown(item.before) + " (`through` makes them meet)");
    }
    write_unequal();
    if (out_.unspent > 0)
      out_.notes.push_back(shown(out_.unspent) +
                           " of the budget is left: more brings nothing within the bounds");
  }

  /// Where the search ended before the marginal returns of the free spendings met the price.
  void write_unequal() {
    constexpr double seen = 1e-3;  // relative
    if (std::isnan(out_.shadow_price) || !out_.feasible) return;
    double greatest = std::abs(out_.shadow_price);
    double apart = 0;
    for (const AllocationRow& row : out_.spending) {
      if (row.limit != SpendLimit::none || row.spend < 1e-6 * out_.budget) continue;
      greatest = std::max(greatest, seen * std::abs(row.marginal));
      apart = std::max(apart, std::abs(row.net_marginal - out_.shadow_price));
    }
    if (apart > seen * greatest)
      out_.notes.push_back("the search ended early: net marginal returns lie up to " + shown(apart) +
                           " from the shadow price; more `starts` may find a better plan");
  }

  const SpendModel& model_;
  const AllocateOptions& options_;
  const SpendLimits& limits_;
  const Eigen::VectorXd& money_;
  const SpendValue& value_;
  Allocation out_;
};

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
