// The bootstrap of means from counts of values, and the permutation test of many differences at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <funnelgraph/config.hpp>
#include <funnelgraph/core/parallel.hpp>

namespace funnelgraph::inline v0::maturity::detail {

/// Distinct values, ascending, and how often each came: all that the bootstrap of a mean needs.
struct Counted {
  std::vector<double> values;
  std::vector<std::uint64_t> counts;
  std::uint64_t n = 0;
  double mean = 0;      ///< NaN when n = 0
  double variance = 0;  ///< n - 1; NaN when n < 2
};

/// More distinct values than this are put into bins of equal width, each standing for its mean.
inline constexpr std::size_t most_distinct = 1024;

[[nodiscard]] Counted counted(std::vector<double> values);
[[nodiscard]] Counted counted(std::vector<double> values, std::vector<std::uint64_t> counts);

/// Means of `replications` resamples, their distance from the mean stretched by sqrt(n / (n - 1)) so that
/// they vary as much as the unbiased variance says. Needs n >= 2. The same bits at any thread count.
[[nodiscard]] std::vector<double> resampled_means(const Counted& sample, std::string_view name,
                                                  std::uint64_t seed, std::size_t replications,
                                                  const Execution& execution);

/// p-values of the difference of means of each column between the rows of two groups.
struct Permuted {
  std::vector<double> p;           ///< each column by itself
  std::vector<double> p_adjusted;  ///< against the largest of all columns (Westfall and Young 1993)
  bool normal_limit = false;       ///< drawn from the normal limit of the permutation distribution
};

/// Rows up to which rows are really permuted; above, the limit is used, from the correlations alone.
inline constexpr std::size_t most_permuted_rows = 2000;

/// Two-sided, by Welch's t, which keeps its level when the groups vary differently. `values` row after row,
/// NaN missing; `second` says which rows are of the second group; columns with `skip` get NaN and do not
/// count among the looks. The same bits at any thread count.
[[nodiscard]] Permuted permutation_test(std::span<const double> values, std::size_t columns,
                                        const std::vector<bool>& second, const std::vector<bool>& skip,
                                        std::uint64_t seed, std::size_t permutations,
                                        const Execution& execution);

}  // namespace funnelgraph::inline v0::maturity::detail

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/detail/resampling_inl.hpp>
#endif
