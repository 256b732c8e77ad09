// What an explanation rests on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/detail/difference_inl.hpp>
#include <funnelgraph/explain/detail/view.hpp>
#include <funnelgraph/explain/explanation.hpp>
#include <funnelgraph/model/number.hpp>

namespace funnelgraph::inline v0::detail {

/// What the rows rest on, who agreed to the plan, what only holds a place.
inline void say_sources(const Difference& difference, const PlayerView& view, Explanation& out) {
  std::vector<std::size_t> measured(out.rows.size(), 0), all(out.rows.size(), 0);
  std::optional<std::vector<std::string>> agreed;
  for (const bool actual : {false, true}) {
    for_each_number(difference, actual, [&](InputRef input, const Number& number, const std::string& name) {
      const SourceKind kind = number.source.kind();
      if (kind == SourceKind::placeholder)
        out.placeholders.push_back(name + (actual ? " of the actual" : " of the plan"));
      const std::uint32_t atom = atom_at(difference, input);
      if (atom == no_atom) return;
      // A number that one side lacks (rate 0, volume 0) is nobody's claim.
      if (number.value == 0 && number.source.empty()) return;
      if (actual) {
        for (const auto& [r, share] : view.players[view.player_of[atom]].rows) {
          ++all[r];
          measured[r] += kind == SourceKind::measured ? 1 : 0;
        }
        return;
      }
      const std::vector<std::string> by =
          kind == SourceKind::agreed ? number.source.by() : std::vector<std::string>{};
      if (!agreed) {
        agreed = by;
        return;
      }
      std::erase_if(*agreed,
                    [&](const std::string& who) { return std::find(by.begin(), by.end(), who) == by.end(); });
    });
  }
  if (agreed) out.agreed_by = std::move(*agreed);
  for (std::size_t r = 0; r < out.rows.size(); ++r)
    out.rows[r].source = all[r] == 0             ? ""
                         : measured[r] == all[r] ? "measured"
                         : measured[r] == 0      ? "not measured"
                                                 : "partly measured";
}

}  // namespace funnelgraph::inline v0::detail
