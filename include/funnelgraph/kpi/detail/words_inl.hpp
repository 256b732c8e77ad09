#pragma once

#include <cmath>
#include <cstddef>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/kpi/detail/words.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE void check_language(const std::string& where, const std::string& language) {
  if (language != "en" && language != "vi") throw InvalidValueError(where, shown(language), "en or vi");
}

/// With the decimal mark of the language.
inline std::string marked(double number, std::string_view language) {
  std::string text = shown(number);
  if (language != "vi") return text;
  for (char& c : text) c = c == '.' ? ',' : c;
  return text;
}

FUNNELGRAPH_INLINE std::string count_text(double number, std::string_view language) {
  const double magnitude = std::abs(number);
  if (!(magnitude < 1e15)) return marked(number, language);
  const double tenths = std::round(number * 10) / 10;
  if (magnitude < 100 && tenths != std::round(tenths)) return marked(tenths, language);
  std::string digits = std::to_string(std::llround(magnitude));
  for (std::size_t end = digits.size(); end > 3; end -= 3)
    digits.insert(end - 3, language == "vi" ? "." : ",");
  return (number < 0 ? "-" : "") + digits;
}

FUNNELGRAPH_INLINE std::string percent_text(double share, std::string_view language) {
  return marked(std::round(share * 1000) / 10, language) + " %";
}

FUNNELGRAPH_INLINE std::string days_text(double days, std::string_view language) {
  const bool vi = language == "vi";
  const double hours = days * 24;
  if (days < 1) {
    const std::string number = marked(std::round(hours * 10) / 10, language);
    return number + (vi ? " giờ" : number == "1" ? " hour" : " hours");
  }
  const std::string number = marked(std::round(days * 10) / 10, language);
  return number + (vi ? " ngày" : number == "1" ? " day" : " days");
}

FUNNELGRAPH_INLINE std::string period_text(const std::string& period, std::string_view language) {
  constexpr std::pair<std::string_view, std::string_view> words[] = {{"day", "ngày"},    {"week", "tuần"},
                                                                     {"month", "tháng"}, {"quarter", "quý"},
                                                                     {"year", "năm"},    {"period", "kỳ"}};
  if (language == "vi") {
    for (const auto& [english, vietnamese] : words) {
      if (period == english) return std::string(vietnamese);
    }
  }
  return period;
}

FUNNELGRAPH_INLINE std::string unit_text(const std::string& unit, std::string_view language) {
  if (unit.empty()) return language == "vi" ? "lượt" : "journeys";
  constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"people", "người"},    {"interactions", "lượt tương tác"},
      {"deals", "thương vụ"}, {"leads", "khách tiềm năng"},
      {"orders", "đơn hàng"}, {"outlets", "điểm bán"},
      {"visits", "lượt ghé"}};
  if (language == "vi") {
    for (const auto& [english, vietnamese] : words) {
      if (unit == english) return std::string(vietnamese);
    }
  }
  return unit;
}

}  // namespace funnelgraph::inline v0::detail
