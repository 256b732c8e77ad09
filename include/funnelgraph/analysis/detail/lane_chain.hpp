// Figures of a chain, recorded on a tape.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <funnelgraph/analysis/detail/lane_solver.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/chain/tape.hpp>

namespace funnelgraph::inline v0::detail {

/// The varied inputs as values of a tape.
struct LaneInputs {
  std::vector<TapeValue> values;  ///< as `varied`; inside their ranges, or in doubt
  /// By stage: what its base rates and its drop-off add up to in every variant; NaN where that is not
  /// said. Empty = nowhere.
  std::vector<double> row_total;
};

/// Where a number of that kind must lie for a variant not to be in doubt. Unknown (NaN) is left to the
/// plain way. Rates have no upper end here: their row's sum has.
struct InputRange {
  double low;
  double high;
};
[[nodiscard]] InputRange input_range(Input input) noexcept;

/// The same equations as `solve_chain` and `figure_value`, each row as weights that are divided once.
/// Agrees with them to some ulps of the amounts that are added up (1e-13 of them).
class LaneChain {
 public:
  /// Whether the tape can tell these figures: no shedding, no horizon, no money beside an unknown value or,
  /// under a discount, an unknown lag.
  [[nodiscard]] static bool tells(const Chain& base, std::span<const InputRef> varied,
                                  std::span<const Figure> figures, CapacityRule rule);

  /// `base` is refreshed and outlives the tape's functions no more than this call.
  LaneChain(TapeBuilder& tape, const Chain& base, const Elimination& elimination,
            std::span<const InputRef> varied, const LaneInputs& inputs);
  [[nodiscard]] TapeValue figure(const Figure& figure);

 private:
  using Values = std::vector<TapeValue>;
  using Terms = std::vector<TapeTerm>;
  struct Lag {
    std::optional<TapeValue> mean, sd, derived_mean, discount, loss;
  };
  struct Cash {
    TapeValue revenue, journeys, other;  // other: what entries and owners cost
  };
  void read(std::span<const InputRef> varied, const LaneInputs& inputs);
  void bend(std::span<const InputRef> varied, const LaneInputs& inputs);
  void find_discounts();
  const LaneSolver& flow();
  const LaneSolver& discounted();
  [[nodiscard]] TapeValue mean_lag(std::uint32_t edge) const;
  [[nodiscard]] bool unknown_lag(std::uint32_t edge) const;
  [[nodiscard]] TapeValue passing(std::uint32_t edge);  // z w of the edge
  [[nodiscard]] TapeValue count(std::uint32_t outcome);
  [[nodiscard]] TapeValue visits(std::uint32_t stage);
  [[nodiscard]] TapeValue volume();
  const Cash& cash();
  [[nodiscard]] TapeValue time_to(std::uint32_t outcome);
  [[nodiscard]] TapeValue feasible();
  [[nodiscard]] std::uint32_t source(std::uint32_t edge) const { return source_[edge]; }

  TapeBuilder& tape_;
  const Chain& chain_;
  const Elimination& elimination_;
  std::vector<std::uint32_t> source_;
  Values weight_, drop_off_, total_;  // of the rows; a total of 1 where the row is normalised
  Values edge_cost_, edge_value_, stage_cost_, stage_value_, stage_commission_, capacity_;
  Values outcome_value_, outcome_commission_, entry_volume_, entry_cost_, lever_, elasticity_, fixed_;
  TapeValue discount_rate_;
  std::vector<Lag> lag_;
  bool discounts_ = false;
  Values factor_, loss_;
  std::optional<LaneSolver> flow_, discounted_;
  Values z_, discounted_z_;
  Values elapsed_, unknown_;  // z of elapsed days, of what came through an unknown lag
  std::vector<std::optional<TapeValue>> counts_, visits_, passing_;
  std::optional<TapeValue> volume_, feasible_;
  std::optional<Cash> cash_;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/lane_chain_figures_inl.hpp>
#include <funnelgraph/analysis/detail/lane_chain_inl.hpp>
#endif
