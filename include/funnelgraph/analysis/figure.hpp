// A result of a chain by position: a metric whose names have been looked up.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <funnelgraph/analysis/absorption.hpp>
#include <funnelgraph/analysis/results.hpp>
#include <funnelgraph/analysis/solution.hpp>

namespace funnelgraph::inline v0 {

enum class FigureKind : std::uint8_t {
  count,        // position: outcome or drop_off_outcome
  probability,  // position: outcome or drop_off_outcome
  visits,       // position: stage
  revenue,
  cost,
  profit,
  cost_per,        // position: outcome or drop_off_outcome
  time_to,         // position: outcome, drop_off_outcome or any_exit
  lifetime_value,  // of an average entrant; horizon in days or none
  ratio,           // parts[0] / parts[1]
  sum,             // weights[i] * parts[i]
  feasible         // 1 where no stage is above its capacity, else 0
};

/// Stands for "whatever the exit" where an outcome's position is asked for.
inline constexpr std::uint32_t any_exit = 0xFFFFFFFEU;

struct Figure {
  FigureKind kind = FigureKind::profit;
  std::uint32_t position = 0;
  std::optional<double> horizon{};
  std::vector<Figure> parts{};
  std::vector<double> weights{};
};

/// Its value; NaN where it depends on an unknown number or divides by nothing. O(solve) per part.
[[nodiscard]] double figure_value(const Chain& chain, const Elimination& plan, const Solution& solution,
                                  const Figure& figure);

namespace detail {
/// Journeys per period that end in an outcome or the drop-off.
[[nodiscard]] double exit_count(const Chain& chain, const Flow& flow, std::uint32_t outcome);
/// Time to an outcome, the drop-off or any exit.
[[nodiscard]] TimeMoments time_of(const Chain& chain, const Flow& flow, const Solver<double>& solver,
                                  std::uint32_t outcome);
}  // namespace detail

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/figure_inl.hpp>
#endif
