// Figures of many variants of one chain.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <funnelgraph/analysis/batch_grid.hpp>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/analysis/variant_status.hpp>
#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/core/parallel.hpp>

namespace funnelgraph::inline v0 {

/// A chain whose structure stays and some of whose inputs vary. The inputs are those of a chain: a base
/// rate or a base drop-off is a weight >= 0 of its row, which is bent by its levers and divided by its sum
/// as `refresh` does it; a lag's mean moves at the same coefficient of variation. What no varied input
/// reaches is computed once. Ranges are those of a funnel, rates aside: NaN is an unknown lag, no capacity
/// or no service level, and a discount rate is >= 0. The derived inputs stand in the place of what lag
/// and discount rate would give; a discount factor counts only beside a discount rate above 0. Immutable
/// after construction; `run` is safe from many threads.
class Batch {
 public:
  /// Throws InvalidValueError for an input that is not there or named twice, and as `solve_chain` where
  /// the base cannot be solved whatever varies.
  Batch(const Chain& base, std::vector<InputRef> varied, std::vector<Figure> figures,
        CapacityRule rule = CapacityRule::report);
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;

  /// `columns[k][v]` is the number of varied input k in variant v (a null column: the base's number in
  /// all), `out[f][v]` receives figure f (a null column: not wanted), `status[v]` what became of it (may
  /// be empty). Never throws for the numbers of a variant. The same
  /// bits at any number of threads and whatever else is in the batch. Returns how many variants were
  /// done (all, save after a stop). InvalidValueError where the spans have another length.
  std::size_t run(std::span<const double* const> columns, std::size_t count, std::span<double* const> out,
                  std::span<VariantStatus> status = {}, const Execution& execution = {}) const;

  /// Which of some groups of varied inputs should vary from cell to cell (1) for the least work in a grid of
  /// `room` groups a cell; a group counts as many as `sizes` says.
  [[nodiscard]] std::vector<std::uint8_t> cell_groups(std::span<const std::vector<std::uint32_t>> groups,
                                                      std::span<const std::size_t> sizes,
                                                      std::size_t room) const;
  /// `out[f][row * cells + cell]` receives figure f of every pair, NaN where it has none: the same bits as
  /// `run` gives, but what rows or cells alone decide is worked out once. Errors as `run`.
  std::size_t run_grid(const BatchGrid& grid, std::span<double* const> out,
                       const Execution& execution = {}) const;

  struct Program;

 private:
  std::unique_ptr<const Program> program_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/batch_inl.hpp>
#endif
