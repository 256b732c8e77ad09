#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <funnelgraph/core/distribution_functions_inl.hpp>
#include <funnelgraph/core/quantile_table.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// Octaves of the tail probability that a table covers: from 1/2 down to 2^-14, beyond which lie 1.2e-4
/// of all draws.
inline constexpr int table_octaves = 13;
/// Cells of an octave, as powers of two: where a table starts, and where it gives up.
inline constexpr unsigned coarse_cell_bits = 4;
inline constexpr unsigned fine_cell_bits = 7;

/// A quantile with its first two derivatives by the probability of the tail on the lower side.
struct QuantileNode {
  double value, slope, bend;
};

/// One tail of a smooth distribution, seen from below: the upper tail is mirrored.
class TailWalk {
 public:
  TailWalk(const Distribution& distribution, bool upper) : distribution_(distribution), upper_(upper) {
    const std::array<double, 4>& p = distribution.parameters();
    switch (distribution.family()) {
      case DistributionFamily::beta:
        shape_ = {p[0], p[1]};
        break;
      case DistributionFamily::pert:
        shape_ = pert_shapes(p);
        origin_ = p[0];
        scale_ = p[2] - p[0];
        break;
      case DistributionFamily::gamma:
        shape_ = {p[0], 0};
        scale_ = p[1];
        break;
      default:
        break;
    }
    if (is_beta() && upper) {
      std::swap(shape_.a, shape_.b);
      origin_ += scale_;
      scale_ = -scale_;
    }
  }

  /// Walks to `tail`; the tails must be asked for in descending order, from 1/2.
  [[nodiscard]] QuantileNode at(double tail) {
    if (!is_beta() && distribution_.family() != DistributionFamily::gamma) return closed(tail);
    if (!started_) {
      x_ = start(tail);
      started_ = true;
    } else {
      const double step = tail - tail_;
      x_ = x_ + step * (slope_ + step / 2 * bend_);
    }
    polish(tail);
    tail_ = tail;
    return {origin_ + scale_ * x_, scale_ * slope_, scale_ * bend_};
  }

  /// Probability of the tail at a value.
  [[nodiscard]] double probability(double value) const {
    const QuietPolicy quiet;
    if (is_beta()) {
      return boost::math::ibeta(shape_.a, shape_.b, std::clamp((value - origin_) / scale_, 0.0, 1.0), quiet);
    }
    return upper_ ? distribution_.exceedance(value) : distribution_.cdf(value);
  }

  /// What the incomplete beta function itself leaves uncertain: powers of the shapes' size.
  [[nodiscard]] double noise() const noexcept { return 1e-16 * (shape_.a + shape_.b); }

 private:
  [[nodiscard]] bool is_beta() const noexcept { return shape_.b > 0; }

  [[nodiscard]] double start(double tail) const {
    const QuietPolicy quiet;
    if (is_beta()) return boost::math::ibeta_inv(shape_.a, shape_.b, tail, quiet);
    return upper_ ? boost::math::gamma_q_inv(shape_.a, tail, quiet)
                  : boost::math::gamma_p_inv(shape_.a, tail, quiet);
  }

  /// Halley's steps on the tail's probability in units of the table: three at most, since the start is
  /// within 1e-3 and each cubes the error; a start that went astray is replaced.
  void polish(double tail) {
    const QuietPolicy quiet;
    for (int step = 0; step < 5; ++step) {
      const bool inside = x_ > 0 && (!is_beta() || x_ < 1);
      if (!inside || step == 4) {
        x_ = start(tail);
        step = 4;
      }
      double density = 0;
      double slope_of_log = 0;
      double probability = 0;
      if (is_beta()) {
        density = boost::math::ibeta_derivative(shape_.a, shape_.b, x_, quiet);
        slope_of_log = (shape_.a - 1) / x_ - (shape_.b - 1) / (1 - x_);
        probability = step == 4 ? tail : boost::math::ibeta(shape_.a, shape_.b, x_, quiet);
      } else {
        density = boost::math::gamma_p_derivative(shape_.a, x_, quiet);
        slope_of_log = (shape_.a - 1) / x_ - 1;
        probability = step == 4 ? tail
                      : upper_  ? boost::math::gamma_q(shape_.a, x_, quiet)
                                : boost::math::gamma_p(shape_.a, x_, quiet);
        if (upper_) density = -density;
      }
      slope_ = 1 / density;
      bend_ = -slope_of_log / (density * density);
      const double newton = (probability - tail) / density;
      if (step == 4 || std::abs(probability - tail) <= 4e-16) return;
      const double next = x_ - newton / (1 - newton * slope_of_log / 2);
      const bool settled = std::abs(probability - tail) <= 1e-6 * tail;
      x_ = next;
      if (settled && x_ > 0 && (!is_beta() || x_ < 1)) {
        // The cube of a relative error of 1e-6 is below rounding; the derivatives follow to first order.
        const double moved = -newton;
        slope_ += moved * density * bend_;
        return;
      }
    }
  }

  [[nodiscard]] QuantileNode closed(double tail) const {
    const std::array<double, 4>& p = distribution_.parameters();
    const double value = quantile_of(distribution_, tail, upper_);
    double density = 0;
    double slope_of_log = 0;
    if (distribution_.family() == DistributionFamily::lognormal) {
      const double z = (std::log(value) - p[0]) / p[1];
      density = normal_peak * std::exp(-z * z / 2) / (p[1] * value);
      slope_of_log = -(1 + z / p[1]) / value;
    } else {
      const double z = (value - p[0]) / p[1];
      density = normal_peak * std::exp(-z * z / 2) / (p[1] * cut_normal(p).inside);
      slope_of_log = -z / p[1];
    }
    if (upper_) density = -density;
    return {value, 1 / density, -slope_of_log / (density * density)};
  }

  const Distribution& distribution_;
  bool upper_;
  BetaShapes shape_{0, 0};
  double origin_ = 0;
  double scale_ = 1;
  bool started_ = false;
  double tail_ = 0.5;
  double x_ = 0, slope_ = 0, bend_ = 0;
};

[[nodiscard]] inline bool has_smooth_quantiles(DistributionFamily family) noexcept {
  return family == DistributionFamily::beta || family == DistributionFamily::pert ||
         family == DistributionFamily::gamma || family == DistributionFamily::lognormal ||
         family == DistributionFamily::normal;
}

/// The polynomial of degree 5 with these values and derivatives at 0 and, `width` away, at 1.
inline void hermite(const QuantileNode& left, const QuantileNode& right, double width, double* c) noexcept {
  const double slope = width * left.slope;
  const double bend = width * width * left.bend;
  const double rise = right.value - left.value - slope - bend / 2;
  const double turn = width * right.slope - slope - bend;
  const double twist = width * width * right.bend - bend;
  c[0] = left.value;
  c[1] = slope;
  c[2] = bend / 2;
  c[3] = 10 * rise - 4 * turn + twist / 2;
  c[4] = -15 * rise + 7 * turn - twist;
  c[5] = 6 * rise - 3 * turn + twist / 2;
}

/// Chunks of this many draws let four counters run side by side.
inline constexpr std::size_t words_of_counter = 4;

}  // namespace detail

FUNNELGRAPH_INLINE QuantileTable::QuantileTable(const Distribution& distribution)
    : distribution_(distribution) {
  if (!detail::has_smooth_quantiles(distribution.family())) return;
  for (unsigned bits = detail::coarse_cell_bits;; ++bits) {
    const bool last = bits == detail::fine_cell_bits;
    if (build(bits, last) || last) return;
  }
}

FUNNELGRAPH_INLINE bool QuantileTable::build(unsigned cell_bits, bool last) {
  const std::size_t in_octave = std::size_t{1} << cell_bits;
  const std::size_t side = in_octave * detail::table_octaves;
  cell_bits_ = cell_bits;
  cells_ = 2 * side;
  first_cell_ = std::bit_cast<std::uint64_t>(std::ldexp(1.0, -detail::table_octaves - 1)) >>
                (mantissa_bits - cell_bits);
  coefficients_.resize(degree_and_one * cells_);
  for (int upper = 0; upper < 2; ++upper) {
    detail::TailWalk tail(distribution_, upper != 0);
    detail::QuantileNode right = tail.at(0.5);
    for (std::size_t cell = side; cell-- > 0;) {
      const std::size_t octave = cell / in_octave;
      const double low = std::ldexp(1.0, static_cast<int>(octave) - detail::table_octaves - 1);
      const double width = low / static_cast<double>(in_octave);
      const double start = low + width * static_cast<double>(cell % in_octave);
      const detail::QuantileNode left = tail.at(start);
      double* c = coefficients_.data() + degree_and_one * (cell + (upper != 0 ? side : 0));
      detail::hermite(left, right, width, c);
      right = left;
      if (!last && cell % 4 != 0) continue;
      // The error is the largest in the middle.
      const double middle = c[0] + (c[1] + (c[2] + (c[3] + (c[4] + c[5] / 2) / 2) / 2) / 2) / 2;
      const double error = std::abs(tail.probability(middle) - (start + width / 2));
      if (error <= accuracy / 4 + tail.noise()) continue;
      if (!last) return false;
      c[0] = std::numeric_limits<double>::quiet_NaN();
    }
  }
  return true;
}

FUNNELGRAPH_INLINE double QuantileTable::beyond(double tail, bool upper) const {
  return detail::quantile_of(distribution_, tail, upper);
}

FUNNELGRAPH_INLINE double QuantileTable::at_score(double score) const {
  // The largest number below 1/2 stands for it: there the cells end.
  constexpr double half = 0.5 - 0x1p-54;
  return at(std::min(detail::upper_normal(std::abs(score)), half), score > 0);
}

FUNNELGRAPH_INLINE void QuantileTable::fill(DrawAddress address, std::size_t first,
                                            std::span<double> out) const {
  constexpr std::size_t words = detail::words_of_counter;
  const auto block = [&](std::size_t k) { return philox4x64({k, address.name, 0, 1}, {address.seed, 0}); };
  std::size_t done = 0;
  while (done < out.size()) {
    const std::size_t index = first + done;
    const auto bits = block(index / words);
    const std::size_t from = index % words;
    const std::size_t count = std::min(words - from, out.size() - done);
    if (count == words) {
      for (std::size_t i = 0; i < words; ++i) out[done + i] = from_bits(bits[i]);
    } else {
      for (std::size_t i = 0; i < count; ++i) out[done + i] = from_bits(bits[from + i]);
    }
    done += count;
  }
}

}  // namespace funnelgraph::inline v0
