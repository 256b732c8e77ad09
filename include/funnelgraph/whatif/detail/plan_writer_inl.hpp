// What a plan of money is told as.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/number.hpp>
#include <funnelgraph/model/ownership.hpp>
#include <funnelgraph/scenario/scenario.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <funnelgraph/whatif/allocation.hpp>
#include <funnelgraph/whatif/detail/spend_limits_inl.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>

namespace funnelgraph::inline v0::detail {

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
      row.owner = to_string(model_.funnels()[item.segment].funnel->ownership(spending.parameter));
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

}  // namespace funnelgraph::inline v0::detail
