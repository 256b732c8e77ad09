// A key figure as data: a formula over named figures, which way is good, and who answers for it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/kpi/card.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0 {

enum class KpiDirection : std::uint8_t { up, down };

struct Kpi {
  std::string id;
  LabelsByLanguage labels{};
  std::string formula{};         ///< over figures that are given, or a funnel's; "" = the figure `id` itself
  std::string funnel_formula{};  ///< over a funnel's figures, where those of `formula` are not given
  std::string unit{};            ///< "people", "orders", "money", "share", "days", "points", "count"
  KpiDirection direction = KpiDirection::up;
  Role role = Role::other;  ///< who answers for it; other = both sides
  bool soft = false;        ///< of the longer run: judged by its trend rather than month by month
  bool operator==(const Kpi&) const = default;
};

/// The key figures of a card, in order; editable copies.
[[nodiscard]] std::vector<Kpi> standard_kpis(Card card);

/// The label in `language`, else in English, else the id.
[[nodiscard]] std::string label_of(const Kpi& kpi, std::string_view language);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/kpi_inl.hpp>
#endif
