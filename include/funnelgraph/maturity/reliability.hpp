// How far answers can be relied on: consistency of the statements, agreement of those who answer.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0::maturity {

/// Numbers in rows of `columns`, a view: respondents by items, or units by raters. NaN = missing.
struct Matrix {
  std::span<const double> values;
  std::size_t columns = 0;

  [[nodiscard]] std::size_t rows() const noexcept { return columns == 0 ? 0 : values.size() / columns; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const {
    return values[row * columns + column];
  }
};

/// Covariances (n - 1) of the columns over the `n` rows without a missing cell; NaN when n < 2.
struct Covariance {
  std::vector<double> values;  ///< columns * columns
  std::size_t columns = 0;
  std::size_t n = 0;
  [[nodiscard]] double operator()(std::size_t i, std::size_t j) const { return values[i * columns + j]; }
};
[[nodiscard]] Covariance covariance(Matrix answers);

/// A coefficient with its interval; NaN where it cannot be known.
struct Coefficient {
  double value, low, high;
};

/// Cronbach's (1951) alpha; the interval is Feldt's (1965), from F with n - 1 and (n - 1)(items - 1) degrees
/// of freedom. Needs two items and two complete rows that differ.
[[nodiscard]] Coefficient cronbach_alpha(const Covariance& covariance, double level = 0.95);

/// McDonald's (1999) omega of one common factor, loadings by least squares off the diagonal (Harman and Jones
/// 1966). `heywood` says that a loading had to be held at 1: do not trust omega then.
struct Omega {
  double value;
  bool heywood;
  std::vector<double> loadings;  ///< standardised
};
[[nodiscard]] Omega mcdonald_omega(const Covariance& covariance);

/// Correlation of an item with the sum of the others, for each item; and alpha without it.
[[nodiscard]] std::vector<double> item_total_correlations(const Covariance& covariance);
[[nodiscard]] std::vector<double> alpha_without_item(const Covariance& covariance);

/// What a difference between two ratings weighs.
enum class Scale { nominal, ordinal, interval, ratio };

/// How often each of the ascending `values` was given to each unit: units * values.size() counts.
struct RatingCounts {
  std::vector<double> values;
  std::vector<double> counts;
};

/// Krippendorff's (2011) alpha of `units` in rows and raters in columns. Units with fewer than two ratings
/// do not count. NaN when all ratings are the same. O(cells + units * values^2).
[[nodiscard]] double krippendorff_alpha(Matrix units, Scale scale);
[[nodiscard]] double krippendorff_alpha(const RatingCounts& ratings, Scale scale);

/// rwg of James, Demaree and Wolf (1984): agreement of raters on one item with `options` answers, against a
/// uniform spread; 0 where they agree less than that, as these authors advise. NaN below two ratings.
[[nodiscard]] double rwg(std::span<const double> ratings, int options);
/// rwg(j) over several items, raters in rows, from the mean of the items' variances.
[[nodiscard]] double rwg_j(Matrix ratings, int options);

/// Intraclass correlations of Shrout and Fleiss (1979): targets in rows, judges in columns, rows with a
/// missing cell left out. 1: each target has its own judges; 2: judges are a sample; 3: these judges only;
/// `k`: of the mean of all judges.
struct IntraclassCorrelation {
  double icc1, icc2, icc3, icc1k, icc2k, icc3k;
};
[[nodiscard]] IntraclassCorrelation intraclass_correlation(Matrix ratings);

}  // namespace funnelgraph::inline v0::maturity

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/maturity/reliability_inl.hpp>
#endif
