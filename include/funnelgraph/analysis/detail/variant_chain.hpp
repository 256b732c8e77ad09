// One variant of a chain at a time: the plain way, and what the lanes must agree with.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/analysis/variant_status.hpp>
#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/core/lag_distribution.hpp>

namespace funnelgraph::inline v0::detail {

/// How many numbers of that kind a chain has.
[[nodiscard]] std::size_t input_count(const Chain& chain, Input input);
/// The number at a place in the inputs of a chain (or, of a derived one, in its derived half).
[[nodiscard]] double input_value(const Chain& chain, InputRef ref);
/// Whether an input may have that value in a batch: rates are weights >= 0, a discount rate is >= 0, NaN
/// stands for an unknown lag, no capacity and no service level.
[[nodiscard]] bool input_allows(Input input, double value) noexcept;
/// The lag with another mean at the same coefficient of variation.
[[nodiscard]] LagDistribution lag_with_mean(const LagDistribution& lag, double mean);

/// A copy of the base whose varied inputs are written anew for each variant.
class VariantChain {
 public:
  VariantChain(const Chain& base, const Elimination& plan, std::span<const InputRef> varied,
               CapacityRule rule);
  /// `numbers[k]` belongs to `varied[k]`, all of which `input_allows`; `out[f]` receives figure f, NaN
  /// where the status is not `ok`. Never throws for numbers.
  VariantStatus evaluate(std::span<const double> numbers, std::span<const Figure> figures,
                         std::span<double> out);

 private:
  [[nodiscard]] bool write(InputRef ref, double number);

  const Chain& base_;
  const Elimination& plan_;
  std::vector<InputRef> varied_;
  std::vector<std::uint32_t> order_;  // deviations after means, derived numbers last
  std::size_t derived_ = 0;           // where they begin in `order_`
  CapacityRule rule_;
  Chain chain_;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/variant_chain_inl.hpp>
#endif
