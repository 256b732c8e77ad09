// How journeys flow through a chain: visits per period, and what full stages shed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/chain/chain.hpp>

namespace funnelgraph::inline v0 {

class Elimination;
template <class T>
class Solver;

/// What happens to visits beyond a stage's capacity: reported as infeasible, or shed to the drop-off.
enum class CapacityRule : std::uint8_t { report, cap };

/// Visits may exceed a capacity by this relative amount before a funnel is called infeasible: rounding
/// of a solve, far below what anyone counts.
inline constexpr double capacity_tolerance = 1e-9;

/// The entrants of one period over their whole life. Where full stages shed, the rows are thinned:
/// `rate` holds what is served at the target and `drop_off` also what the targets shed, so that every
/// result follows from the same equations with and without a cap.
struct Flow {
  std::vector<double> rate;      ///< per edge
  std::vector<double> drop_off;  ///< per stage
  std::vector<double> entrants;  ///< per stage and period, served
  std::vector<double> visits;    ///< per stage and period, served
  std::vector<double> served;    ///< per stage: served / arrivals; empty where nothing is shed
  std::vector<double> arrivals;  ///< per stage and period; empty where nothing is shed
  double volume = 0;             ///< all entrants per period
  double turned_away = 0;        ///< of them, those whom a full stage sheds as they enter

  [[nodiscard]] bool sheds() const noexcept { return !served.empty(); }
  [[nodiscard]] double arrivals_at(std::uint32_t stage) const noexcept {
    return sheds() ? arrivals[stage] : visits[stage];
  }
  [[nodiscard]] double shed_at(std::uint32_t stage) const noexcept {
    return sheds() ? arrivals[stage] - visits[stage] : 0.0;
  }
};

/// Entrants per stage and period, over all channels. O(entries).
[[nodiscard]] std::vector<double> entrants(const Chain& chain);

/// Share of the arrivals at each stage that is served when capacities shed the excess: served =
/// min(arrivals, capacity), arrivals = entrants + flows of the served. Empty where nothing is shed.
/// Howard's policy iteration over the set of full stages, exact and finite since the equations are
/// monotone (Howard 1960); one factorisation per step, mostly two or three.
[[nodiscard]] std::vector<double> served_shares(const Chain& chain, const Elimination& plan);

/// The rows thinned by `served` (empty = nothing is shed), without visits. O(edges).
[[nodiscard]] Flow thinned(const Chain& chain, std::vector<double> served);

/// Fills in visits and arrivals: y = entrants + y P. O(solve).
void fill_visits(Flow& flow, const Chain& chain, const Solver<double>& solver);

/// No stage above its capacity (always true with CapacityRule::cap). O(stages).
[[nodiscard]] bool feasible(const Chain& chain, const Flow& flow);

/// Probability that an average entrant is ever in each stage: visits per entrant / expected visits from
/// itself. NaN without entrants. `self_visits` from the solver. O(stages).
[[nodiscard]] std::vector<double> reach(const Flow& flow, std::span<const double> self_visits);

/// Per stage 1 where some journey arrives through a transition of unknown lag; empty where no lag is
/// unknown. Only transitions that happen count. O(edges).
[[nodiscard]] std::vector<std::uint8_t> after_unknown_lag(const Chain& chain, const Flow& flow);

/// Adds to `marked` (one flag per stage) every stage from which a marked one can be reached with a rate
/// above zero. O(edges).
void mark_upstream(const Chain& chain, std::span<const double> rate, std::vector<std::uint8_t>& marked);

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/flow_inl.hpp>
#endif
