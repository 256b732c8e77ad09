#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/quantiles.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/maturity/reliability.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

inline constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// Sweeps of the least-squares fit of one factor, and the change of a loading at which it ends.
inline constexpr int most_sweeps = 20'000;
inline constexpr double loading_tolerance = 1e-13;

[[nodiscard]] inline double ratio(double a, double b) { return b > 0 || b < 0 ? a / b : unknown; }

[[nodiscard]] inline bool complete(Matrix matrix, std::size_t row) {
  for (std::size_t column = 0; column < matrix.columns; ++column) {
    if (std::isnan(matrix(row, column))) return false;
  }
  return true;
}

/// Variance (n - 1) of what is not missing in one column; NaN below two.
[[nodiscard]] inline double column_variance(Matrix matrix, std::size_t column) {
  double sum = 0;
  double n = 0;
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    if (std::isnan(matrix(row, column))) continue;
    sum += matrix(row, column);
    ++n;
  }
  if (n < 2) return unknown;
  const double mean = sum / n;
  double squares = 0;
  for (std::size_t row = 0; row < matrix.rows(); ++row) {
    if (std::isnan(matrix(row, column))) continue;
    squares += (matrix(row, column) - mean) * (matrix(row, column) - mean);
  }
  return squares / (n - 1);
}

[[nodiscard]] inline double trace(const Covariance& c) {
  double sum = 0;
  for (std::size_t i = 0; i < c.columns; ++i) sum += c(i, i);
  return sum;
}

[[nodiscard]] inline double total(const Covariance& c) {
  double sum = 0;
  for (const double value : c.values) sum += value;
  return sum;
}

[[nodiscard]] inline double alpha_of(double items, double variances, double variance_of_sum) {
  if (items < 2 || !(variance_of_sum > 0)) return unknown;
  return items / (items - 1) * (1 - variances / variance_of_sum);
}

/// Variance of a uniform spread over `options` answers.
[[nodiscard]] inline double uniform_variance(int options) {
  if (options < 2) {
    throw InvalidValueError("options", std::to_string(options), "2 or more answers to choose from");
  }
  const double count = options;
  return (count * count - 1) / 12;
}

/// rwg(j) from the variances of the items, NaN where unknown.
[[nodiscard]] inline double rwg_of_variances(std::span<const double> variances, int options) {
  double sum = 0;
  double items = 0;
  for (const double variance : variances) {
    if (std::isnan(variance)) continue;
    sum += variance;
    ++items;
  }
  if (items < 1) return unknown;
  const double share = sum / items / uniform_variance(options);
  if (share >= 1) return 0;
  return items * (1 - share) / (items * (1 - share) + share);
}

/// Krippendorff's squared difference of values c < k, whose totals stand in `totals` in ascending order.
[[nodiscard]] inline double difference(Scale scale, const std::vector<double>& values,
                                       const std::vector<double>& totals, std::size_t c, std::size_t k) {
  switch (scale) {
    case Scale::nominal:
      return 1;
    case Scale::ordinal: {
      double between = 0;
      for (std::size_t g = c; g <= k; ++g) between += totals[g];
      between -= (totals[c] + totals[k]) / 2;
      return between * between;
    }
    case Scale::interval:
      return (values[c] - values[k]) * (values[c] - values[k]);
    case Scale::ratio:
      break;
  }
  const double relative = (values[c] - values[k]) / (values[c] + values[k]);
  return relative * relative;
}

}  // namespace detail

FUNNELGRAPH_INLINE Covariance covariance(Matrix answers) {
  const std::size_t columns = answers.columns;
  Covariance result{std::vector<double>(columns * columns, detail::unknown), columns, 0};
  // Deviations from the first complete row: whole-number answers then add up without rounding.
  std::vector<double> origin, row(columns), sums(columns, 0.0), products(columns * columns, 0.0);
  for (std::size_t r = 0; r < answers.rows(); ++r) {
    if (!detail::complete(answers, r)) continue;
    if (origin.empty()) {
      for (std::size_t i = 0; i < columns; ++i) origin.push_back(answers(r, i));
    }
    ++result.n;
    for (std::size_t i = 0; i < columns; ++i) {
      row[i] = answers(r, i) - origin[i];
      sums[i] += row[i];
      for (std::size_t j = 0; j <= i; ++j) products[i * columns + j] += row[i] * row[j];
    }
  }
  if (result.n < 2) return result;
  const auto n = static_cast<double>(result.n);
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double value = (products[i * columns + j] - sums[i] * sums[j] / n) / (n - 1);
      result.values[i * columns + j] = result.values[j * columns + i] = value;
    }
  }
  return result;
}

FUNNELGRAPH_INLINE Coefficient cronbach_alpha(const Covariance& covariance, double level) {
  if (!(level > 0 && level < 1)) {
    throw InvalidValueError("level", funnelgraph::detail::shown(level), "above 0 and below 1");
  }
  const auto items = static_cast<double>(covariance.columns);
  const double alpha = detail::alpha_of(items, detail::trace(covariance), detail::total(covariance));
  if (covariance.n < 2 || std::isnan(alpha)) return {alpha, detail::unknown, detail::unknown};
  const double d1 = static_cast<double>(covariance.n) - 1;
  const double d2 = d1 * (items - 1);
  const double tail = (1 - level) / 2;
  using funnelgraph::detail::fisher_quantile;
  using funnelgraph::detail::Tail;
  return {alpha, 1 - (1 - alpha) * fisher_quantile(d1, d2, tail, Tail::upper),
          1 - (1 - alpha) * fisher_quantile(d1, d2, tail, Tail::lower)};
}

FUNNELGRAPH_INLINE Omega mcdonald_omega(const Covariance& covariance) {
  const std::size_t items = covariance.columns;
  Omega result{detail::unknown, false, std::vector<double>(items, detail::unknown)};
  if (items < 3 || covariance.n < 3) return result;
  std::vector<double> sd(items);
  for (std::size_t i = 0; i < items; ++i) {
    sd[i] = std::sqrt(covariance(i, i));
    if (!(sd[i] > 0)) return result;
  }
  std::vector<double> loadings(items, 0.7);
  double squares = 0.49 * static_cast<double>(items);
  bool heywood = false;
  for (int sweep = 0; sweep < detail::most_sweeps; ++sweep) {
    double change = 0;
    heywood = false;
    for (std::size_t i = 0; i < items; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < items; ++j) {
        if (j != i) sum += covariance(i, j) / (sd[i] * sd[j]) * loadings[j];
      }
      const double others = squares - loadings[i] * loadings[i];
      if (!(others > 0)) return result;
      const double fitted = sum / others;
      const double held = std::clamp(fitted, -1.0, 1.0);
      heywood = heywood || std::abs(fitted) > 1 + 1e-9;
      change = std::max(change, std::abs(held - loadings[i]));
      squares = others + held * held;
      loadings[i] = held;
    }
    if (change < detail::loading_tolerance) break;
  }
  double common = 0;
  double unique = 0;
  for (std::size_t i = 0; i < items; ++i) {
    common += sd[i] * loadings[i];
    unique += sd[i] * sd[i] * (1 - loadings[i] * loadings[i]);
  }
  result.value = detail::ratio(common * common, common * common + unique);
  result.heywood = heywood;
  result.loadings = std::move(loadings);
  return result;
}

FUNNELGRAPH_INLINE std::vector<double> item_total_correlations(const Covariance& covariance) {
  std::vector<double> result;
  const double everything = detail::total(covariance);
  for (std::size_t i = 0; i < covariance.columns; ++i) {
    double row = 0;
    for (std::size_t j = 0; j < covariance.columns; ++j) row += covariance(i, j);
    const double rest = everything - 2 * row + covariance(i, i);
    const double scale = covariance(i, i) * rest;
    result.push_back(scale > 0 ? (row - covariance(i, i)) / std::sqrt(scale) : detail::unknown);
  }
  return result;
}

FUNNELGRAPH_INLINE std::vector<double> alpha_without_item(const Covariance& covariance) {
  std::vector<double> result;
  const double everything = detail::total(covariance);
  const double variances = detail::trace(covariance);
  for (std::size_t i = 0; i < covariance.columns; ++i) {
    double row = 0;
    for (std::size_t j = 0; j < covariance.columns; ++j) row += covariance(i, j);
    result.push_back(detail::alpha_of(static_cast<double>(covariance.columns) - 1,
                                      variances - covariance(i, i), everything - 2 * row + covariance(i, i)));
  }
  return result;
}

FUNNELGRAPH_INLINE double krippendorff_alpha(Matrix units, Scale scale) {
  std::map<double, std::size_t> places;
  for (const double value : units.values) {
    if (!std::isnan(value)) places.emplace(value, 0);
  }
  RatingCounts ratings;
  for (auto& [value, place] : places) {
    place = ratings.values.size();
    ratings.values.push_back(value);
  }
  ratings.counts.assign(units.rows() * places.size(), 0.0);
  for (std::size_t unit = 0; unit < units.rows(); ++unit) {
    for (std::size_t rater = 0; rater < units.columns; ++rater) {
      if (std::isnan(units(unit, rater))) continue;
      ratings.counts[unit * places.size() + places.find(units(unit, rater))->second] += 1;
    }
  }
  return krippendorff_alpha(ratings, scale);
}

FUNNELGRAPH_INLINE double krippendorff_alpha(const RatingCounts& ratings, Scale scale) {
  const std::size_t kinds = ratings.values.size();
  if (kinds == 0) return detail::unknown;
  std::vector<double> coincidences(kinds * kinds, 0.0), totals(kinds, 0.0);
  for (std::size_t unit = 0; unit < ratings.counts.size() / kinds; ++unit) {
    const std::span<const double> counts(&ratings.counts[unit * kinds], kinds);
    double given = 0;
    for (const double count : counts) given += count;
    if (given < 2) continue;
    for (std::size_t c = 0; c < kinds; ++c) {
      totals[c] += counts[c];
      for (std::size_t k = c + 1; k < kinds; ++k) {
        coincidences[c * kinds + k] += counts[c] * counts[k] / (given - 1);
      }
    }
  }
  double all = 0;
  for (const double count : totals) all += count;
  double observed = 0;
  double expected = 0;
  for (std::size_t c = 0; c < kinds; ++c) {
    for (std::size_t k = c + 1; k < kinds; ++k) {
      const double weight = detail::difference(scale, ratings.values, totals, c, k);
      observed += coincidences[c * kinds + k] * weight;
      expected += totals[c] * totals[k] * weight;
    }
  }
  return expected > 0 ? 1 - (all - 1) * observed / expected : detail::unknown;
}

FUNNELGRAPH_INLINE double rwg(std::span<const double> ratings, int options) {
  const double variance = detail::column_variance({ratings, 1}, 0);
  const double agreement = 1 - variance / detail::uniform_variance(options);
  return std::isnan(agreement) ? agreement : std::max(agreement, 0.0);
}

FUNNELGRAPH_INLINE double rwg_j(Matrix ratings, int options) {
  std::vector<double> variances;
  for (std::size_t item = 0; item < ratings.columns; ++item) {
    variances.push_back(detail::column_variance(ratings, item));
  }
  return detail::rwg_of_variances(variances, options);
}

FUNNELGRAPH_INLINE IntraclassCorrelation intraclass_correlation(Matrix ratings) {
  const std::size_t judges = ratings.columns;
  std::vector<double> of_judge(judges, 0.0), of_target;
  double sum = 0;
  for (std::size_t row = 0; row < ratings.rows(); ++row) {
    if (!detail::complete(ratings, row)) continue;
    double target = 0;
    for (std::size_t judge = 0; judge < judges; ++judge) {
      of_judge[judge] += ratings(row, judge);
      target += ratings(row, judge);
    }
    of_target.push_back(target);
    sum += target;
  }
  const auto n = static_cast<double>(of_target.size());
  const auto k = static_cast<double>(judges);
  constexpr double none = detail::unknown;
  if (n < 2 || k < 2) return {none, none, none, none, none, none};
  const double mean = sum / (n * k);
  double between_targets = 0;
  double between_judges = 0;
  double residual = 0;
  std::size_t target = 0;
  for (const double judge : of_judge) between_judges += n * (judge / n - mean) * (judge / n - mean);
  for (std::size_t row = 0; row < ratings.rows(); ++row) {
    if (!detail::complete(ratings, row)) continue;
    const double own = of_target[target++] / k;
    between_targets += k * (own - mean) * (own - mean);
    for (std::size_t judge = 0; judge < judges; ++judge) {
      const double rest = ratings(row, judge) - own - of_judge[judge] / n + mean;
      residual += rest * rest;
    }
  }
  const double targets = between_targets / (n - 1);
  const double within = (between_judges + residual) / (n * (k - 1));
  const double raters = between_judges / (k - 1);
  const double error = residual / ((n - 1) * (k - 1));
  return {detail::ratio(targets - within, targets + (k - 1) * within),
          detail::ratio(targets - error, targets + (k - 1) * error + k * (raters - error) / n),
          detail::ratio(targets - error, targets + (k - 1) * error),
          detail::ratio(targets - within, targets),
          detail::ratio(targets - error, targets + (raters - error) / n),
          detail::ratio(targets - error, targets)};
}

}  // namespace funnelgraph::inline v0::maturity
