// What `Batch` and `Variants` run: numbers of columns in, figures out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <funnelgraph/analysis/figure.hpp>
#include <funnelgraph/analysis/flow.hpp>
#include <funnelgraph/analysis/variant_status.hpp>
#include <funnelgraph/chain/chain.hpp>
#include <funnelgraph/chain/elimination.hpp>
#include <funnelgraph/chain/input.hpp>
#include <funnelgraph/core/parallel.hpp>
#include <span>
#include <vector>

namespace funnelgraph::inline v0::detail {

/// From the numbers of one variant, one a column, to the numbers of the varied inputs.
struct BatchPrologue {
  std::vector<double> neutral;  ///< by column: what a column that is not given stands for
  /// Numbers that no variant could have are `out_of_range`; the inputs are then not written. Must be
  /// safe from many threads.
  std::function<VariantStatus(std::span<const double> numbers, std::span<double> inputs)> inputs;
};

/// Variants of one thread's turn; the bits of a variant do not depend on it.
inline constexpr std::size_t batch_chunk = 2048;

class BatchProgram {
 public:
  /// Throws InvalidValueError for an input that is not there or stands twice, UnsolvableError where
  /// stages are closed whatever varies, and what the figures of the base throw.
  BatchProgram(const Chain& base, std::vector<InputRef> varied, std::vector<Figure> figures,
               CapacityRule rule, BatchPrologue prologue);

  /// As Batch::run.
  std::size_t run(std::span<const double* const> columns, std::size_t count, std::span<double* const> out,
                  std::span<VariantStatus> status, const Execution& execution) const;
  [[nodiscard]] const Chain& base() const noexcept { return base_; }

 private:
  void check() const;
  void run_one_by_one(std::span<const double* const> columns, std::size_t first, std::size_t last,
                      std::span<double* const> out, std::span<VariantStatus> status) const;

  Chain base_;
  Elimination plan_;
  std::vector<InputRef> varied_;
  std::vector<Figure> figures_;
  CapacityRule rule_;
  BatchPrologue prologue_;
};

}  // namespace funnelgraph::inline v0::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/analysis/detail/batch_program_inl.hpp>
#endif
