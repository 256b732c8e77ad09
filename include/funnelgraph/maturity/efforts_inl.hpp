#pragma once

#include <algorithm>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/efforts.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

inline void check_range(const std::string& where, const Range& range) {
  if (range.low >= 0 && range.low <= range.high && std::isfinite(range.high)) return;
  throw InvalidValueError(
      where, funnelgraph::detail::shown(range.low) + " to " + funnelgraph::detail::shown(range.high),
      "two finite numbers, 0 or more, the lower one first");
}

}  // namespace detail

FUNNELGRAPH_INLINE const std::vector<Effort>& efforts() {
  static const std::vector<Effort> table{
      {"rules_of_engagement", {2, 6}, {1, 3}, {14, 60}},  {"hand_off_points", {3, 10}, {6, 20}, {14, 45}},
      {"information_duty", {1, 3}, {5, 20}, {7, 30}},     {"regular_meeting", {0, 1}, {4, 16}, {60, 180}},
      {"deal_size_rule", {1, 2}, {12, 40}, {30, 120}},    {"collateral_review", {0, 1}, {4, 15}, {30, 90}},
      {"top_ten_review", {0, 1}, {6, 18}, {30, 90}},      {"joint_assignments", {1, 2}, {12, 40}, {90, 270}},
      {"rotation", {2, 5}, {40, 130}, {180, 540}},        {"liaison", {5, 15}, {60, 130}, {30, 120}},
      {"sit_together", {5, 20}, {0, 2}, {30, 90}},        {"easy_feedback", {3, 10}, {4, 12}, {14, 60}},
      {"revenue_officer", {20, 60}, {0, 220}, {90, 365}}, {"joint_funnel", {5, 20}, {4, 12}, {30, 120}},
      {"split_marketing", {10, 40}, {0, 20}, {90, 270}},  {"shared_targets", {5, 15}, {3, 8}, {90, 365}},
      {"shared_metrics", {4, 12}, {6, 18}, {30, 90}},
  };
  return table;
}

FUNNELGRAPH_INLINE Programme programme(std::span<const std::string> actions, double horizon,
                                       std::span<const Effort> table) {
  if (!(horizon > 0) || std::isinf(horizon)) {
    throw InvalidValueError("horizon", funnelgraph::detail::shown(horizon),
                            "a finite number of days above 0");
  }
  const double years = horizon / 365;
  Programme sum;
  const auto add = [&](const Effort& effort) {
    detail::check_range("once of " + effort.action, effort.once);
    detail::check_range("yearly of " + effort.action, effort.yearly);
    detail::check_range("until_effect of " + effort.action, effort.until_effect);
    sum.person_days.low += effort.once.low + effort.yearly.low * years;
    sum.person_days.high += effort.once.high + effort.yearly.high * years;
    sum.until_effect.low = std::max(sum.until_effect.low, effort.until_effect.low);
    sum.until_effect.high = std::max(sum.until_effect.high, effort.until_effect.high);
  };
  if (actions.empty()) {
    for (const Effort& effort : table) add(effort);
    return sum;
  }
  for (const std::string& action : actions) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const Effort& row) { return row.action == action; });
    if (found == table.end()) {
      std::vector<std::string> known;
      for (const Effort& row : table) known.push_back(row.action);
      throw UnknownNameError("action", action, nearest_name(action, known));
    }
    add(*found);
  }
  return sum;
}

}  // namespace funnelgraph::inline v0::maturity
