// A compiled funnel under one scenario after another, without making a funnel of each.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <funnelgraph/analysis/analysis_options.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/compile/compiled.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/scenario/scenario.hpp>

namespace funnelgraph::inline v0 {

struct NumberChange;

/// The chain of a base whose inputs are overwritten by a scenario that changes numbers only, by the rules
/// of `apply` and to the same bits as compiling `apply(base, scenario)`; the elimination is found once. What
/// it cannot do that way (structure, dates, changes that `apply` refuses, clips or notes) it leaves to
/// `apply`, so that there is one place for errors. Not safe from several threads at once; `base` must outlive
/// it and stay as it is.
class PatchedChain {
 public:
  /// Throws InvalidFunnelError, InvalidValueError (options).
  explicit PatchedChain(const Funnel& base, const AnalysisOptions& options = {});

  [[nodiscard]] const Funnel& base() const noexcept { return base_; }
  /// The base itself.
  [[nodiscard]] const Compiled& compiled() const noexcept { return compiled_; }
  [[nodiscard]] const Elimination& plan() const noexcept { return plan_; }
  /// What the last `patch` made, refreshed.
  [[nodiscard]] const Chain& chain() const noexcept { return chain_; }

  /// Makes `chain()` the base's under the scenario, whatever was patched before. False where that is left
  /// to `apply`; `chain()` is then the base's. Never throws but for want of memory.
  /// O(edges + changes).
  [[nodiscard]] bool patch(const Scenario& scenario, const ApplyOptions& options = {});

 private:
  struct RowItem;
  [[nodiscard]] bool put(const Scenario& scenario, const ApplyOptions& options);
  [[nodiscard]] bool put_number(const NumberChange& change, bool clip);
  [[nodiscard]] bool put_leaf(const Parameter& leaf, double value);
  [[nodiscard]] bool put_lag(std::uint32_t edge, double mean);
  [[nodiscard]] bool put_lag_sd(std::uint32_t edge, double sd);
  [[nodiscard]] bool put_row(std::vector<RowItem>& items);
  void refresh_chain();

  std::reference_wrapper<const Funnel> base_;
  bool own_discount_rate_;  // the options' stands instead of the funnel's
  Compiled compiled_;
  Elimination plan_;
  Chain chain_;
  bool rates_moved_ = false;
  bool all_lags_moved_ = false;
  std::vector<std::uint32_t> lags_moved_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/patched_chain_inl.hpp>
#endif
