// Numbers, times and periods as a reader of English or Vietnamese writes them. Internal.
#pragma once

#include <string>
#include <string_view>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::detail {

/// Throws InvalidValueError unless "en" or "vi".
void check_language(const std::string& where, const std::string& language);

/// 1234.5 -> "1,235" ("1.235" in Vietnamese); below 100 with one decimal where it is not whole.
[[nodiscard]] std::string count_text(double number, std::string_view language);
/// 0.875 -> "87.5 %" ("87,5 %").
[[nodiscard]] std::string percent_text(double share, std::string_view language);
/// 1 -> "1 day" ("1 ngày"), 0.5 -> "12 hours" ("12 giờ"), 2.5 -> "2.5 days" ("2,5 ngày").
[[nodiscard]] std::string days_text(double days, std::string_view language);
/// The usual periods in Vietnamese: "week" -> "tuần"; others as they are.
[[nodiscard]] std::string period_text(const std::string& period, std::string_view language);
/// The usual units in Vietnamese: "people" -> "người"; others as they are; "" -> "journeys", "lượt".
[[nodiscard]] std::string unit_text(const std::string& unit, std::string_view language);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/detail/words_inl.hpp>
#endif
