// Who plays, and which rows of the table their parts go to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/explain/detail/difference.hpp>
#include <funnelgraph/explain/explanation.hpp>

namespace funnelgraph::inline v0::detail {

/// What moves as one: a set of atoms.
struct Player {
  std::string label;
  std::vector<std::uint32_t> atoms;
  std::size_t joined = 0;                              ///< which union it belongs to
  std::vector<std::pair<std::size_t, double>> rows{};  ///< where its part goes, by share
};

struct PlayerView {
  bool unions = false;  ///< orders keep the players of an ownership together
  std::vector<Player> players;
  std::vector<std::string> union_labels;
  std::vector<ExplanationRow> rows;    ///< named, no numbers yet
  std::vector<std::size_t> player_of;  ///< by atom

  [[nodiscard]] std::vector<std::vector<std::size_t>> members() const;
  /// By row, the share of each player in it.
  [[nodiscard]] std::vector<std::vector<double>> weights() const;
};

/// Throws InvalidValueError where `by` or `together` names nothing that there is.
[[nodiscard]] PlayerView view(const Difference& difference, const ExplainOptions& options);

/// "Sales", or "Marketing 40 %, Sales 60 %"; "unowned" where nobody owns it.
[[nodiscard]] std::string owner_or_unowned(const Ownership& owner);

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/detail/view_inl.hpp>
#endif
