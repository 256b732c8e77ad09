// Definitions of crossing.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <funnelgraph/whatif/detail/crossing.hpp>

namespace funnelgraph::inline v0::detail {

/// Evaluations of one closing in; TOMS 748 needs about ten.
inline constexpr std::uintmax_t crossing_evaluations = 200;
/// A function that is farther from the target than this at the place found, relative to the ends of the pair,
/// jumps over it.
inline constexpr double crossing_jump = 1e-6;

/// What the search has seen of the function.
class CrossingSearch {
 public:
  CrossingSearch(const std::function<double(double)>& function, double target)
      : function_(function), target_(target) {
    out_.low = out_.high = std::numeric_limits<double>::quiet_NaN();
  }

  [[nodiscard]] double off(double x) {
    const double value = function_(x);
    ++out_.evaluations;
    if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
    out_.low = std::fmin(out_.low, value);
    out_.high = std::fmax(out_.high, value);
    return value - target_;
  }

  /// Closes in between two points on different sides. False where the function jumps over the target.
  bool close_in(double a, double b, double off_a, double off_b) {
    if (off_a != 0 && off_b != 0) {
      std::uintmax_t evaluations = crossing_evaluations;
      bool lost = false;
      const auto [left, right] = boost::math::tools::toms748_solve(
          [&](double x) {
            const double value = off(x);
            lost = lost || std::isnan(value);
            return std::isnan(value) ? 0.0 : value;
          },
          a, b, off_a, off_b, boost::math::tools::eps_tolerance<double>(52), evaluations);
      if (lost) return false;
      const double jump = crossing_jump * (std::abs(off_a) + std::abs(off_b));
      a = left;
      b = right;
      off_a = off(a);
      off_b = off(b);
      if (std::min(std::abs(off_a), std::abs(off_b)) > jump) return false;
    }
    out_.found = true;
    out_.at = std::abs(off_a) <= std::abs(off_b) ? a : b;
    out_.value = target_ + (std::abs(off_a) <= std::abs(off_b) ? off_a : off_b);
    return true;
  }

  Crossing& result() { return out_; }

 private:
  const std::function<double(double)>& function_;
  double target_;
  Crossing out_;
};

FUNNELGRAPH_INLINE Crossing find_crossing(const std::function<double(double)>& function, double target,
                                          const std::vector<double>& points, double near) {
  CrossingSearch search(function, target);
  std::vector<double> off;
  for (const double x : points) off.push_back(search.off(x));
  struct Pair {
    std::size_t left, right;
    double distance;
  };
  std::vector<Pair> pairs;
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (off[k] == 0) {
      pairs.push_back({k, k, std::abs(points[k] - near)});
    } else if (k > 0 && off[k - 1] * off[k] < 0) {
      const double inside = std::clamp(near, points[k - 1], points[k]);
      pairs.push_back({k - 1, k, std::abs(inside - near)});
    }
  }
  search.result().count = pairs.size();
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& a, const Pair& b) { return a.distance < b.distance; });
  for (const Pair& pair : pairs) {
    if (search.close_in(points[pair.left], points[pair.right], off[pair.left], off[pair.right]))
      return search.result();
  }
  if (!pairs.empty()) return search.result();

  // All points are on one side: the nearest to the target may be the foot of a peak that reaches it.
  std::size_t best = points.size();
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (!std::isnan(off[k]) && (best == points.size() || std::abs(off[k]) < std::abs(off[best]))) best = k;
  }
  if (best == points.size() || best == 0 || best + 1 == points.size() || std::isnan(off[best - 1]) ||
      std::isnan(off[best + 1]))
    return search.result();
  const double side = off[best] > 0 ? 1 : -1;
  std::uintmax_t evaluations = crossing_evaluations;
  const auto [peak, distance] = boost::math::tools::brent_find_minima(
      [&](double x) {
        const double value = search.off(x);
        return std::isnan(value) ? std::numeric_limits<double>::max() : side * value;
      },
      points[best - 1], points[best + 1], 26, evaluations);
  if (distance <= 0) {
    search.result().count = distance < 0 ? 2 : 1;
    const double off_peak = side * distance;
    const bool left = std::abs(points[best - 1] - near) <= std::abs(points[best + 1] - near);
    static_cast<void>(left ? search.close_in(points[best - 1], peak, off[best - 1], off_peak)
                           : search.close_in(peak, points[best + 1], off_peak, off[best + 1]));
  }
  return search.result();
}

FUNNELGRAPH_INLINE std::vector<double> scan_points(double low, double high, double start) {
  constexpr int steps = 64;
  if (std::isnan(start)) start = std::isfinite(low) ? low : std::isfinite(high) ? high : 0;
  start = std::clamp(start, low, high);
  std::vector<double> points{start};
  if (std::isfinite(low) && std::isfinite(high)) {
    for (int k = 0; k <= steps; ++k) points.push_back(low + (high - low) * k / steps);
    points.back() = high;
  } else {
    const double size = start == 0 ? 1.0 : std::abs(start);
    for (int k = -20; k <= 40; ++k) {
      points.push_back(start + std::ldexp(size, k));
      points.push_back(start - std::ldexp(size, k));
    }
    // Towards an end that lies within reach, as far as it.
    if (std::isfinite(low)) points.push_back(low);
    if (std::isfinite(high)) points.push_back(high);
    if (std::isfinite(low)) {
      for (int k = 1; k < 16; ++k) points.push_back(low + (start - low) * k / 16);
    }
    if (std::isfinite(high)) {
      for (int k = 1; k < 16; ++k) points.push_back(start + (high - start) * k / 16);
    }
  }
  std::erase_if(points, [&](double x) { return x < low || x > high; });
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

}  // namespace funnelgraph::inline v0::detail
