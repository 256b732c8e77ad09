#pragma once

#include <utility>

#include <funnelgraph/kpi/kpi.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline LabelsByLanguage both(const char* english, const char* vietnamese) {
  return {{"en", english}, {"vi", vietnamese}};
}

inline Kpi advice_quality_kpi() {
  return {.id = "advice_quality",
          .labels = both("Quality of advice, from sampled consultations",
                         "Chất lượng tư vấn, chấm trên mẫu cuộc tư vấn"),
          .unit = "points",
          .role = Role::sales};
}

inline std::vector<Kpi> marketing_kpis() {
  constexpr Role role = Role::marketing;
  return {
      {.id = "reached",
       .labels = both("People reached", "Số người tiếp cận được"),
       .funnel_formula = "entrants",
       .unit = "people",
       .role = role},
      {.id = "nurtured",
       .labels = both("Leads being nurtured", "Khách tiềm năng đang nuôi dưỡng"),
       .unit = "people",
       .role = role},
      {.id = "former_customers",
       .labels = both("Former customers to care for", "Khách cũ cần chăm sóc lại"),
       .unit = "people",
       .role = role},
      {.id = "new_customers",
       .labels = both("New customers", "Khách hàng mới"),
       .funnel_formula = "wins",
       .unit = "people",
       .role = role},
      {.id = "leads_that_fit",
       .labels = both("Share of leads that fit", "Tỷ lệ khách tiềm năng đạt tiêu chí"),
       .formula = "leads_accepted / leads_judged",
       .unit = "share",
       .role = role},
      advice_quality_kpi(),
  };
}

inline std::vector<Kpi> sales_kpis() {
  constexpr Role role = Role::sales;
  const auto orders = [&](const char* id, const char* english, const char* vietnamese) {
    return Kpi{.id = id, .labels = both(english, vietnamese), .unit = "orders", .role = role};
  };
  const auto money = [&](const char* id, const char* english, const char* vietnamese) {
    return Kpi{.id = id, .labels = both(english, vietnamese), .unit = "money", .role = role};
  };
  return {
      orders("orders_phone", "Orders by phone", "Đơn hàng qua điện thoại"),
      orders("orders_inbox", "Orders by inbox", "Đơn hàng qua tin nhắn"),
      orders("orders_from_leads", "Orders from Marketing's leads", "Đơn hàng từ khách Marketing chuyển sang"),
      orders("second_orders", "Second orders of a customer", "Đơn mua lại lần 2"),
      orders("third_orders", "Third orders of a customer", "Đơn mua lại lần 3"),
      money("revenue_promotional", "Revenue at promotional price", "Doanh thu theo giá khuyến mãi"),
      money("revenue_list", "Revenue at list price", "Doanh thu theo giá niêm yết"),
      money("revenue_net", "Revenue at net price", "Doanh thu theo giá thực thu"),
      {.id = "answered_in_time",
       .labels = both("Leads answered in time", "Khách được trả lời đúng hạn"),
       .formula = "answers_in_time / answers_due",
       .unit = "share",
       .role = role},
      {.id = "promise_fidelity",
       .labels = both("What Sales promised agrees with the campaign", "Lời hứa khi bán khớp với chiến dịch"),
       .formula = "promises_in_line / promises_checked",
       .unit = "share",
       .role = role},
      advice_quality_kpi(),
  };
}

inline std::vector<Kpi> care_kpis() {
  constexpr Role role = Role::care;
  const auto count = [&](const char* id, const char* english, const char* vietnamese) {
    return Kpi{.id = id, .labels = both(english, vietnamese), .unit = "count", .role = role};
  };
  Kpi bad = count("bad_feedback", "Bad feedback", "Phản hồi xấu");
  bad.direction = KpiDirection::down;
  return {
      count("good_feedback", "Good feedback", "Phản hồi tốt"),
      std::move(bad),
      {.id = "bad_feedback_share",
       .labels = both("Share of bad feedback", "Tỷ lệ phản hồi xấu"),
       .formula = "bad_feedback / (good_feedback + bad_feedback)",
       .unit = "share",
       .direction = KpiDirection::down,
       .role = role},
      count("feedback_to_marketing", "Feedback passed to Marketing", "Phản hồi chuyển cho Marketing"),
      count("feedback_to_sales", "Feedback passed to Sales", "Phản hồi chuyển cho Kinh doanh"),
      count("feedback_to_r_and_d", "Feedback passed to R&D",
            "Phản hồi chuyển cho bộ phận phát triển sản phẩm"),
  };
}

inline std::vector<Kpi> shared_kpis() {
  return {
      {.id = "quota_attained",
       .labels = both("Quota attained", "Tỷ lệ đạt chỉ tiêu doanh số"),
       .formula = "revenue / quota",
       .unit = "share"},
      {.id = "new_customers",
       .labels = both("New customers", "Khách hàng mới"),
       .funnel_formula = "wins",
       .unit = "people"},
      {.id = "closings",
       .labels = both("Closings", "Số lần chốt đơn"),
       .funnel_formula = "wins",
       .unit = "orders"},
      {.id = "gross_profit_per_customer",
       .labels = both("Average gross profit per customer", "Lợi nhuận gộp bình quân mỗi khách"),
       .formula = "gross_profit / new_customers",
       .funnel_formula = "profit / wins",
       .unit = "money"},
      {.id = "selling_expense_to_sales",
       .labels = both("Selling expense to sales", "Chi phí bán hàng trên doanh thu"),
       .formula = "selling_expense / revenue",
       .unit = "share",
       .direction = KpiDirection::down},
  };
}

inline std::vector<Kpi> upstream_kpis() {
  constexpr Role role = Role::marketing;
  const auto count = [&](const char* id, const char* english, const char* vietnamese) {
    return Kpi{.id = id, .labels = both(english, vietnamese), .unit = "count", .role = role, .soft = true};
  };
  return {
      {.id = "forecast_accuracy",
       .labels = both("Forecast accuracy", "Độ chính xác của dự báo"),
       .formula = "1 - forecast_error",
       .unit = "share",
       .role = role,
       .soft = true},
      count("segments_found", "New segments found", "Phân khúc mới tìm được"),
      count("opportunities_found", "Opportunities brought to R&D and Sales",
            "Cơ hội đưa tới phát triển sản phẩm và Kinh doanh"),
      count("customers_heard", "Customers heard", "Khách hàng đã lắng nghe"),
  };
}

inline std::vector<Kpi> economics_kpis() {
  const auto kpi = [](const char* id, const char* english, const char* vietnamese, const char* formula,
                      const char* unit, KpiDirection direction) {
    return Kpi{.id = id,
               .labels = both(english, vietnamese),
               .formula = formula,
               .unit = unit,
               .direction = direction};
  };
  using enum KpiDirection;
  return {
      kpi("win_rate", "Win rate", "Tỷ lệ thắng", "wins / entrants", "share", up),
      kpi("cycle_time", "Days to a win", "Số ngày đến khi thắng", "cycle_time", "days", down),
      kpi("pipeline_velocity", "Pipeline velocity, revenue per day", "Tốc độ dòng cơ hội, doanh thu mỗi ngày",
          "revenue / cycle_time", "money", up),
      kpi("cost_per_win", "Cost per win", "Chi phí mỗi khách thắng được", "cost / wins", "money", down),
      kpi("cost_per_entrant", "Cost per entrant", "Chi phí mỗi người vào phễu", "cost / entrants", "money",
          down),
      kpi("margin", "Profit to revenue", "Lợi nhuận trên doanh thu", "profit / revenue", "share", up),
      kpi("lifetime_value", "Lifetime value per entrant", "Giá trị vòng đời mỗi người vào phễu",
          "lifetime_value", "money", up),
  };
}

}  // namespace detail

FUNNELGRAPH_INLINE std::vector<Kpi> standard_kpis(Card card) {
  switch (card) {
    case Card::marketing:
      return detail::marketing_kpis();
    case Card::sales:
      return detail::sales_kpis();
    case Card::care:
      return detail::care_kpis();
    case Card::shared:
      return detail::shared_kpis();
    case Card::upstream_marketing:
      return detail::upstream_kpis();
    case Card::economics:
      break;
  }
  return detail::economics_kpis();
}

FUNNELGRAPH_INLINE std::string label_of(const Kpi& kpi, std::string_view language) {
  for (const std::string& wanted : {std::string(language), std::string("en")}) {
    if (const auto at = kpi.labels.find(wanted); at != kpi.labels.end() && !at->second.empty())
      return at->second;
  }
  return kpi.id;
}

}  // namespace funnelgraph::inline v0
