// Metrics of many variants of one funnel.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <funnelgraph/analysis/batch.hpp>
#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/metric.hpp>
#include <funnelgraph/whatif/varied.hpp>

namespace funnelgraph::inline v0 {

/// How many variants ended in which way.
struct VariantCounts {
  std::size_t done = 0;
  std::size_t fitted = 0;
  std::size_t impossible = 0;
  std::size_t out_of_range = 0;
  std::size_t unsolvable = 0;
};

/// The base with numbers changed by the rules of `apply`, without making a funnel of each: planned once
/// (which parameter feeds which input, what each row takes from what), then run in lanes. Agrees with
/// `evaluate(apply(base, scenario), metric)`; metrics with `recoverable` or a horizon go that way one by
/// one. Immutable; `run` is safe from many threads.
class Variants {
 public:
  /// Throws as `apply`: UnknownNameError, ConflictError (two of `varied` on one leaf, rows whose changes
  /// exclude each other), InvalidFunnelError.
  Variants(const Funnel& base, std::vector<Varied> varied, std::vector<Metric> metrics,
           VariantOptions options = {});
  ~Variants();
  Variants(Variants&&) noexcept;
  Variants& operator=(Variants&&) noexcept;

  /// `columns[k][v]`: the number of `varied[k]` in variant v (a null column changes nothing); `out[m][v]`
  /// receives metric m, NaN where the variant has none (a null column: not wanted); `status` may be empty.
  /// Never throws for a variant's numbers.
  VariantCounts run(std::span<const double* const> columns, std::size_t count, std::span<double* const> out,
                    std::span<VariantStatus> status = {}, const Execution& execution = {}) const;

  /// "avx512", "avx2" or "baseline": the kernels that run here.
  [[nodiscard]] static const char* instruction_set() noexcept;

  struct Plan;

 private:
  std::unique_ptr<const Plan> plan_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/whatif/variants_inl.hpp>
#endif
