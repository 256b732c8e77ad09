#pragma once

#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/kpi/card.hpp>

namespace funnelgraph::inline v0 {

FUNNELGRAPH_INLINE std::string to_string(Card card) {
  constexpr const char* names[] = {"marketing", "sales", "care", "shared", "upstream_marketing", "economics"};
  return names[static_cast<std::size_t>(card)];
}

FUNNELGRAPH_INLINE Card card_named(std::string_view name) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < card_count; ++c) {
    names.push_back(to_string(static_cast<Card>(c)));
    if (names.back() == name) return static_cast<Card>(c);
  }
  throw UnknownNameError("role", std::string(name), nearest_name(name, names),
                         "marketing, sales, care, shared, upstream_marketing or economics");
}

FUNNELGRAPH_INLINE Role role_of(Card card) noexcept {
  switch (card) {
    case Card::marketing:
    case Card::upstream_marketing:
      return Role::marketing;
    case Card::sales:
      return Role::sales;
    case Card::care:
      return Role::care;
    case Card::shared:
    case Card::economics:
      break;
  }
  return Role::other;
}

FUNNELGRAPH_INLINE std::string title_of(Card card, std::string_view language) {
  constexpr const char* english[] = {"Marketing's scorecard",
                                     "Sales' scorecard",
                                     "Care's scorecard",
                                     "What Marketing and Sales are measured by together",
                                     "Upstream Marketing's scorecard, softer and longer run",
                                     "Economics of the funnel"};
  constexpr const char* vietnamese[] = {"Bảng điểm Marketing",
                                        "Bảng điểm Kinh doanh",
                                        "Bảng điểm Chăm sóc khách hàng",
                                        "Chỉ số chung của Marketing và Kinh doanh",
                                        "Bảng điểm Marketing thượng nguồn, mềm và dài hạn",
                                        "Hiệu quả kinh tế của phễu"};
  return (language == "vi" ? vietnamese : english)[static_cast<std::size_t>(card)];
}

}  // namespace funnelgraph::inline v0
