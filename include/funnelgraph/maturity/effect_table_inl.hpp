#pragma once

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/actions_inl.hpp>
#include <funnelgraph/maturity/effects.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

/// What each kind of effect is called.
[[nodiscard]] inline Texts effect_name(Addresses addresses) {
  switch (addresses) {
    case Addresses::hand_off_lag:
      return {{"en", "waiting between Marketing and Sales"},
              {"vi", "thời gian chờ giữa Marketing và Bán hàng"}};
    case Addresses::sales_lag:
      return {{"en", "the time that Sales' own steps take"}, {"vi", "thời gian các bước riêng của Bán hàng"}};
    case Addresses::acceptance:
      return {{"en", "Sales' readiness to take what Marketing hands over (odds)"},
              {"vi", "mức sẵn sàng nhận khách do Marketing bàn giao (tỷ số khả năng)"}};
    case Addresses::lead_quality:
      return {{"en", "the quality of what was handed over (odds of moving on)"},
              {"vi", "chất lượng khách đã bàn giao (tỷ số khả năng đi tiếp)"}};
    case Addresses::sales_cost:
      return {{"en", "the cost of selling"}, {"vi", "chi phí bán hàng"}};
    case Addresses::entry_cost:
      break;
  }
  return {{"en", "what it costs to reach somebody"}, {"vi", "chi phí tiếp cận một người"}};
}

}  // namespace detail

FUNNELGRAPH_INLINE const std::vector<Effect>& effect_table() {
  using enum Relationship;
  using enum Addresses;
  static const std::vector<Effect> table = [] {
    struct Row {
      Relationship from;
      Addresses addresses;
      double low, high;
      std::vector<std::string> actions;
    };
    const std::vector<Row> rows{
        {undefined, hand_off_lag, 0.60, 1.05, {"hand_off_points", "information_duty"}},
        {undefined, acceptance, 0.95, 1.35, {"hand_off_points", "rules_of_engagement"}},
        {undefined, lead_quality, 0.95, 1.25, {"hand_off_points"}},
        {undefined, sales_cost, 0.90, 1.05, {"hand_off_points", "rules_of_engagement"}},
        {defined, hand_off_lag, 0.60, 1.05, {"regular_meeting", "liaison", "sit_together"}},
        {defined, sales_lag, 0.85, 1.05, {"top_ten_review", "collateral_review"}},
        {defined, acceptance, 0.95, 1.45, {"joint_assignments", "easy_feedback", "liaison"}},
        {defined,
         lead_quality,
         0.95,
         1.35,
         {"collateral_review", "deal_size_rule", "easy_feedback", "joint_assignments", "top_ten_review"}},
        {defined, sales_cost, 0.85, 1.05, {"collateral_review", "easy_feedback", "rotation"}},
        {defined, entry_cost, 0.90, 1.05, {"easy_feedback", "joint_assignments"}},
        {aligned, hand_off_lag, 0.60, 1.05, {"joint_funnel", "revenue_officer"}},
        {aligned, sales_lag, 0.80, 1.05, {"joint_funnel", "split_marketing"}},
        {aligned, acceptance, 0.95, 1.25, {"joint_funnel", "shared_targets"}},
        {aligned, lead_quality, 0.95, 1.35, {"joint_funnel", "shared_metrics", "split_marketing"}},
        {aligned, sales_cost, 0.80, 1.05, {"revenue_officer", "shared_targets", "split_marketing"}},
        {aligned, entry_cost, 0.85, 1.05, {"shared_metrics", "shared_targets"}},
    };
    std::vector<Effect> made;
    for (const Row& row : rows) {
      made.push_back({std::string(to_string(row.addresses)), row.from, detail::effect_name(row.addresses),
                      row.addresses, between(row.low, row.high), row.actions});
    }
    return made;
  }();
  return table;
}

FUNNELGRAPH_INLINE std::vector<Effect> effect_table(Relationship from, Relationship to) {
  static_cast<void>(actions(from, to));  // throws for what is no move
  std::vector<Effect> chosen;
  for (const Effect& effect : effect_table()) {
    if (effect.from == from) chosen.push_back(effect);
  }
  return chosen;
}

}  // namespace funnelgraph::inline v0::maturity
