#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/maturity/detail/binomial_draw.hpp>
#include <funnelgraph/maturity/detail/resampling.hpp>

namespace funnelgraph::inline v0::maturity::detail {

/// Replications of one chunk of the parallel loop.
inline constexpr std::size_t resampling_chunk = 64;
/// Observations up to which each is drawn by itself.
inline constexpr std::uint64_t most_single_draws = 256;

FUNNELGRAPH_INLINE Counted counted(std::vector<double> values, std::vector<std::uint64_t> counts) {
  Counted result{std::move(values), std::move(counts)};
  double sum = 0;
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    result.n += result.counts[i];
    sum += result.values[i] * static_cast<double>(result.counts[i]);
  }
  const auto n = static_cast<double>(result.n);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  result.mean = result.n == 0 ? none : sum / n;
  double squares = 0;
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    const double distance = result.values[i] - result.mean;
    squares += distance * distance * static_cast<double>(result.counts[i]);
  }
  result.variance = result.n < 2 ? none : squares / (n - 1);
  return result;
}

FUNNELGRAPH_INLINE Counted counted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::vector<double> distinct;
  std::vector<std::uint64_t> counts;
  for (const double value : values) {
    if (distinct.empty() || distinct.back() != value) {
      distinct.push_back(value);
      counts.push_back(0);
    }
    ++counts.back();
  }
  if (distinct.size() <= most_distinct) return counted(std::move(distinct), std::move(counts));
  const double low = values.front();
  const double width = (values.back() - low) / static_cast<double>(most_distinct);
  std::vector<double> means(most_distinct, 0.0);
  std::vector<std::uint64_t> in_bin(most_distinct, 0);
  for (const double value : values) {
    const auto bin = std::min(static_cast<std::size_t>((value - low) / width), most_distinct - 1);
    means[bin] += value;
    ++in_bin[bin];
  }
  for (std::size_t bin = 0; bin < most_distinct; ++bin) {
    if (in_bin[bin] > 0) means[bin] /= static_cast<double>(in_bin[bin]);
  }
  return counted(std::move(means), std::move(in_bin));
}

/// Sum of one resample of the values.
[[nodiscard]] inline double resampled_sum(const Counted& sample, const std::vector<double>& unrolled,
                                          RandomStream& stream) {
  double sum = 0;
  if (!unrolled.empty()) {
    for (std::size_t i = 0; i < unrolled.size(); ++i) {
      sum += unrolled[static_cast<std::size_t>(
          funnelgraph::detail::multiply_wide(stream(), unrolled.size()).high)];
    }
    return sum;
  }
  std::uint64_t left = sample.n;
  std::uint64_t pool = sample.n;
  for (std::size_t i = 0; i < sample.values.size() && left > 0; ++i) {
    const std::uint64_t count = sample.counts[i];
    const std::uint64_t drawn =
        count == pool ? left
                      : binomial_draw(left, static_cast<double>(count) / static_cast<double>(pool), stream);
    sum += sample.values[i] * static_cast<double>(drawn);
    left -= drawn;
    pool -= count;
  }
  return sum;
}

FUNNELGRAPH_INLINE std::vector<double> resampled_means(const Counted& sample, std::string_view name,
                                                       std::uint64_t seed, std::size_t replications,
                                                       const Execution& execution) {
  std::vector<double> unrolled;
  if (sample.n <= most_single_draws) {
    for (std::size_t i = 0; i < sample.values.size(); ++i) {
      unrolled.insert(unrolled.end(), sample.counts[i], sample.values[i]);
    }
  }
  const auto n = static_cast<double>(sample.n);
  const double stretch = std::sqrt(n / (n - 1));
  const std::uint64_t hash = name_hash(name);
  std::vector<double> means(replications);
  parallel_for(
      replications, resampling_chunk,
      [&](std::size_t first, std::size_t last, std::size_t) {
        for (std::size_t i = first; i < last; ++i) {
          RandomStream stream(seed, i, hash);
          means[i] = sample.mean + (resampled_sum(sample, unrolled, stream) / n - sample.mean) * stretch;
        }
      },
      execution);
  return means;
}

/// Sums over the rows of one group, column by column.
struct GroupSums {
  std::vector<double> n, sum, squares;
  explicit GroupSums(std::size_t columns) : n(columns), sum(columns), squares(columns) {}
};

/// |Welch's t| of one column from the sums of the second group and of everybody.
[[nodiscard]] inline double welch_t(const GroupSums& all, const GroupSums& second, std::size_t column) {
  const double n2 = second.n[column];
  const double n1 = all.n[column] - n2;
  if (n1 < 2 || n2 < 2) return 0;
  const double s2 = second.sum[column];
  const double s1 = all.sum[column] - s2;
  const double q2 = second.squares[column];
  const double q1 = all.squares[column] - q2;
  const double difference = std::abs(s1 / n1 - s2 / n2);
  const double v1 = std::max(q1 - s1 * s1 / n1, 0.0) / (n1 - 1) / n1;
  const double v2 = std::max(q2 - s2 * s2 / n2, 0.0) / (n2 - 1) / n2;
  const double scale = std::sqrt(v1 + v2);
  // Rounding of sums of small whole numbers stays far below this.
  if (difference < 1e-12) return 0;
  return scale < 1e-12 ? std::numeric_limits<double>::infinity() : difference / scale;
}

/// Values as deviations from a column's middle, 0 where missing, and 1 or 0 for being there.
struct Centred {
  std::vector<double> values, there;
  std::size_t columns;

  Centred(std::span<const double> given, std::size_t width)
      : values(given.size()), there(given.size()), columns(width) {
    std::vector<double> sum(columns), n(columns);
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (std::isnan(given[i])) continue;
      sum[i % columns] += given[i];
      n[i % columns] += 1;
    }
    for (std::size_t c = 0; c < columns; ++c) sum[c] = n[c] > 0 ? std::round(sum[c] / n[c]) : 0;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (std::isnan(given[i])) continue;
      values[i] = given[i] - sum[i % columns];
      there[i] = 1;
    }
  }
  void add(GroupSums& sums, std::size_t row) const {
    for (std::size_t c = 0; c < columns; ++c) {
      const double value = values[row * columns + c];
      sums.n[c] += there[row * columns + c];
      sums.sum[c] += value;
      sums.squares[c] += value * value;
    }
  }
};

/// Lower triangular L with L L' = the pairwise correlations of the columns; columns without variance, or
/// that follow from those before, get a zero on the diagonal.
[[nodiscard]] inline std::vector<double> correlation_root(const Centred& data, std::size_t rows) {
  const std::size_t m = data.columns;
  std::vector<double> n(m * m), x(m * m), y(m * m), xy(m * m);
  for (std::size_t row = 0; row < rows; ++row) {
    const double* v = &data.values[row * m];
    const double* t = &data.there[row * m];
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        n[i * m + j] += t[i] * t[j];
        x[i * m + j] += v[i] * t[j];
        y[i * m + j] += t[i] * v[j];
        xy[i * m + j] += v[i] * v[j];
      }
    }
  }
  const auto covariance = [&](std::size_t i, std::size_t j) {
    const std::size_t k = i * m + j;
    return n[k] > 0 ? xy[k] / n[k] - x[k] / n[k] * (y[k] / n[k]) : 0.0;
  };
  std::vector<double> root(m * m, 0.0);
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double scale = covariance(i, i) * covariance(j, j);
      double rest = scale > 0 ? covariance(i, j) / std::sqrt(scale) : 0;
      for (std::size_t k = 0; k < j; ++k) rest -= root[i * m + k] * root[j * m + k];
      if (i == j) {
        root[i * m + i] = rest > 1e-12 ? std::sqrt(rest) : 0;
      } else {
        root[i * m + j] = root[j * m + j] > 0 ? rest / root[j * m + j] : 0;
      }
    }
  }
  return root;
}

/// A standard normal number by Box and Muller's formula.
[[nodiscard]] inline double normal_draw(RandomStream& stream) {
  constexpr double circle = 6.283185307179586;
  const double radius = std::sqrt(-2 * std::log(stream.uniform()));
  return radius * std::cos(circle * stream.uniform());
}

FUNNELGRAPH_INLINE Permuted permutation_test(std::span<const double> values, std::size_t columns,
                                             const std::vector<bool>& second, const std::vector<bool>& skip,
                                             std::uint64_t seed, std::size_t permutations,
                                             const Execution& execution) {
  const std::size_t rows = second.size();
  const Centred data(values, columns);
  GroupSums all(columns), seconds(columns);
  std::size_t taken = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    data.add(all, row);
    if (!second[row]) continue;
    data.add(seconds, row);
    ++taken;
  }
  std::vector<double> observed(columns);
  for (std::size_t c = 0; c < columns; ++c) observed[c] = skip[c] ? 0 : welch_t(all, seconds, c);

  const bool limit = rows > most_permuted_rows;
  const std::vector<double> root = limit ? correlation_root(data, rows) : std::vector<double>();
  const std::uint64_t hash = name_hash("permutation");
  // Statistics of one replication, for its own random numbers.
  const auto statistics = [&](RandomStream& stream, std::vector<double>& t,
                              std::vector<std::uint32_t>& order) {
    if (limit) {
      std::vector<double> z(columns);
      for (double& draw : z) draw = normal_draw(stream);
      for (std::size_t c = 0; c < columns; ++c) {
        double sum = 0;
        for (std::size_t k = 0; k <= c; ++k) sum += root[c * columns + k] * z[k];
        t[c] = skip[c] ? 0 : std::abs(sum);
      }
      return;
    }
    std::iota(order.begin(), order.end(), 0U);
    GroupSums drawn(columns);
    for (std::size_t i = 0; i < taken; ++i) {
      const auto j =
          i + static_cast<std::size_t>(funnelgraph::detail::multiply_wide(stream(), rows - i).high);
      std::swap(order[i], order[j]);
      data.add(drawn, order[i]);
    }
    for (std::size_t c = 0; c < columns; ++c) t[c] = skip[c] ? 0 : welch_t(all, drawn, c);
  };
  struct Beaten {
    std::vector<std::size_t> alone, largest;
  };
  const auto beaten = parallel_reduce(
      permutations, resampling_chunk,
      Beaten{std::vector<std::size_t>(columns), std::vector<std::size_t>(columns)},
      [&](std::size_t first, std::size_t last) {
        Beaten part{std::vector<std::size_t>(columns), std::vector<std::size_t>(columns)};
        std::vector<double> t(columns);
        std::vector<std::uint32_t> order(limit ? 0 : rows);
        for (std::size_t i = first; i < last; ++i) {
          RandomStream stream(seed, i, hash);
          statistics(stream, t, order);
          const double largest = *std::max_element(t.begin(), t.end());
          for (std::size_t c = 0; c < columns; ++c) {
            // The same split, added up in another order, must count as equal.
            const double bound = observed[c] * (1 - 1e-9);
            if (t[c] >= bound) ++part.alone[c];
            if (largest >= bound) ++part.largest[c];
          }
        }
        return part;
      },
      [&](Beaten& sum, const Beaten& part) {
        for (std::size_t c = 0; c < columns; ++c) {
          sum.alone[c] += part.alone[c];
          sum.largest[c] += part.largest[c];
        }
      },
      execution);
  Permuted result{std::vector<double>(columns), std::vector<double>(columns), limit};
  const double drawn = static_cast<double>(beaten.done) + 1;
  for (std::size_t c = 0; c < columns; ++c) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    result.p[c] = skip[c] ? none : (static_cast<double>(beaten.value.alone[c]) + 1) / drawn;
    result.p_adjusted[c] = skip[c] ? none : (static_cast<double>(beaten.value.largest[c]) + 1) / drawn;
  }
  return result;
}

}  // namespace funnelgraph::inline v0::maturity::detail
