// Definitions of least_change.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <Eigen/Dense>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/whatif/detail/crossing.hpp>
#include <funnelgraph/whatif/detail/moved_metric.hpp>
#include <funnelgraph/whatif/least_change.hpp>
#include <funnelgraph/whatif/scenario_metrics.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Steps of the quadratic programming; a handful as a rule.
inline constexpr int least_change_steps = 200;
/// A step shorter than this, relative to the distance gone, ends the search.
inline constexpr double least_change_precision = 1e-10;
/// The metric may miss the target by this, relative to it.
inline constexpr double least_change_miss = 1e-11;
/// Where a number has no upper end: a hundred million per cent.
inline constexpr double farthest_relative_change = 1e6;

/// Least 1/2 (d + u)' (d + u) in the metric of the Lagrangian: min g'd + 1/2 d'Hd, a'd = b, low <= d <= high,
/// by the active set method. H positive definite.
struct QuadraticStep {
  Eigen::VectorXd step;
  double multiplier = 0;  ///< of the equation
  bool found = false;     ///< false where the equation cannot hold within the bounds
};

[[nodiscard]] inline QuadraticStep quadratic_step(const Eigen::MatrixXd& h, const Eigen::VectorXd& g,
                                                  const Eigen::VectorXd& a, double b,
                                                  const Eigen::VectorXd& low, const Eigen::VectorXd& high) {
  const Eigen::Index n = g.size();
  std::vector<int> held(static_cast<std::size_t>(n), 0);  // -1 at low, 1 at high
  QuadraticStep out;
  out.step = Eigen::VectorXd::Zero(n);
  for (Eigen::Index round = 0; round < 6 * n + 6; ++round) {
    // The equation and the free coordinates, the held ones as given.
    Eigen::MatrixXd m = Eigen::MatrixXd::Zero(n + 1, n + 1);
    Eigen::VectorXd right(n + 1);
    for (Eigen::Index i = 0; i < n; ++i) {
      const int side = held[static_cast<std::size_t>(i)];
      if (side == 0) {
        m.row(i).head(n) = h.row(i);
        m(i, n) = a(i);
        right(i) = -g(i);
      } else {
        m(i, i) = 1;
        right(i) = side < 0 ? low(i) : high(i);
      }
    }
    m.row(n).head(n) = a.transpose();
    right(n) = b;
    const Eigen::FullPivLU<Eigen::MatrixXd> lu(m);
    if (!lu.isInvertible()) return out;
    const Eigen::VectorXd solved = lu.solve(right);
    // Hold what is farthest outside.
    Eigen::Index worst = -1;
    double by = 1e-12;
    for (Eigen::Index i = 0; i < n; ++i) {
      if (held[static_cast<std::size_t>(i)] != 0) continue;
      const double outside = std::max(low(i) - solved(i), solved(i) - high(i));
      if (outside > by * std::max(1.0, std::abs(solved(i)))) {
        by = outside;
        worst = i;
      }
    }
    if (worst >= 0) {
      held[static_cast<std::size_t>(worst)] = solved(worst) < low(worst) ? -1 : 1;
      continue;
    }
    // Let go of what would rather move inside.
    const Eigen::VectorXd slope = h * solved.head(n) + g + a * solved(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const int side = held[static_cast<std::size_t>(i)];
      const double wish = side < 0 ? -slope(i) : side > 0 ? slope(i) : 0.0;
      if (wish > by) {
        by = wish;
        worst = i;
      }
    }
    out.step = solved.head(n).cwiseMax(low).cwiseMin(high);
    out.multiplier = solved(n);
    out.found = true;
    if (worst < 0) return out;
    held[static_cast<std::size_t>(worst)] = 0;
  }
  return out;
}

/// The problem in relative changes u: x = before + u |before|.
class LeastChangeSearch {
 public:
  LeastChangeSearch(MovedMetric& metric, double target, std::vector<Bounds> bounds)
      : metric_(metric), target_(target) {
    const std::vector<double>& before = metric_.before();
    n_ = static_cast<Eigen::Index>(before.size());
    size_.resize(n_);
    low_.resize(n_);
    high_.resize(n_);
    for (Eigen::Index i = 0; i < n_; ++i) {
      const auto k = static_cast<std::size_t>(i);
      size_(i) = std::abs(before[k]);
      low_(i) = std::max((bounds[k].low - before[k]) / size_(i), -farthest_relative_change);
      high_(i) = std::min((bounds[k].high - before[k]) / size_(i), farthest_relative_change);
    }
  }

  /// Relative changes at the least distance. Throws UnreachableTargetError.
  [[nodiscard]] Eigen::VectorXd run() {
    Eigen::VectorXd u = start();
    double off = value(u) - target_;
    Eigen::VectorXd slope = gradient();
    Eigen::MatrixXd h = Eigen::MatrixXd::Identity(n_, n_);
    double weight = 0;
    for (int step = 0; step < least_change_steps; ++step) {
      const QuadraticStep next = quadratic_step(h, u, slope, -off, low_ - u, high_ - u);
      if (!next.found) break;
      weight = std::max(weight, 1.5 * std::abs(next.multiplier));
      const double length = next.step.norm();
      if (length <= least_change_precision * (1 + u.norm()) && std::abs(off) <= miss()) break;
      const double merit = 0.5 * u.squaredNorm() + weight * std::abs(off);
      const double promised = u.dot(next.step) - weight * std::abs(off);
      double part = 1;
      Eigen::VectorXd candidate;
      double candidate_off = unknown_number;
      const auto enough = [&] {
        candidate = u + part * next.step;
        candidate_off = value(candidate) - target_;
        const double reached = 0.5 * candidate.squaredNorm() + weight * std::abs(candidate_off);
        return !std::isnan(candidate_off) && reached <= merit + 1e-4 * part * std::min(promised, 0.0);
      };
      while (part > 1e-10 && !enough()) part /= 2;
      if (!(part > 1e-10)) break;
      const Eigen::VectorXd new_slope = gradient();
      update(h, candidate - u, (candidate + next.multiplier * new_slope) - (u + next.multiplier * slope));
      u = candidate;
      off = candidate_off;
      slope = new_slope;
    }
    return settled(u);
  }

  [[nodiscard]] std::vector<double> numbers(const Eigen::VectorXd& u) const {
    std::vector<double> x;
    for (Eigen::Index i = 0; i < n_; ++i)
      x.push_back(metric_.before()[static_cast<std::size_t>(i)] + u(i) * size_(i));
    return x;
  }
  [[nodiscard]] bool at_bound(const Eigen::VectorXd& u, Eigen::Index i) const {
    const double near = 1e-9 * std::max(1.0, std::abs(u(i)));
    return u(i) <= low_(i) + near || u(i) >= high_(i) - near;
  }

 private:
  [[nodiscard]] double miss() const { return least_change_miss * std::max(std::abs(target_), 1e-300); }
  [[nodiscard]] double value(const Eigen::VectorXd& u) { return metric_.value(numbers(u)); }

  [[nodiscard]] Eigen::VectorXd gradient() {
    const std::vector<double> by = metric_.gradient_there();
    Eigen::VectorXd out(n_);
    for (Eigen::Index i = 0; i < n_; ++i) {
      out(i) = by[static_cast<std::size_t>(i)] * size_(i);
      if (!std::isfinite(out(i)))
        throw InvalidValueError("gradient of the metric", "unknown", "a metric that needs no unknown number");
    }
    return out;
  }

  /// Damped BFGS (Powell 1978).
  static void update(Eigen::MatrixXd& h, const Eigen::VectorXd& s, Eigen::VectorXd y) {
    const Eigen::VectorXd hs = h * s;
    const double shs = s.dot(hs);
    if (!(shs > 0)) return;
    const double sy = s.dot(y);
    if (sy < 0.2 * shs) y = 0.8 * shs / (shs - sy) * y + (1 - 0.8 * shs / (shs - sy)) * hs;
    const double damped = s.dot(y);
    if (!(damped > 0)) return;
    h += y * y.transpose() / damped - hs * hs.transpose() / shs;
  }

  /// The corner in which the metric goes farthest that way, each number by the sign of its slope, and as much
  /// of the way to it as is possible.
  [[nodiscard]] Eigen::VectorXd corner(double way) {
    Eigen::VectorXd u = Eigen::VectorXd::Zero(n_);
    for (int round = 0; round < 4; ++round) {
      if (std::isnan(value(u))) break;
      const Eigen::VectorXd slope = gradient() * way;
      Eigen::VectorXd next = u;
      for (Eigen::Index i = 0; i < n_; ++i) {
        if (slope(i) != 0) next(i) = slope(i) > 0 ? high_(i) : low_(i);
      }
      double reach = 1;
      if (std::isnan(value(next))) {
        double beyond = 1;
        reach = 0;
        for (int k = 0; k < 50; ++k) {
          const double middle = (reach + beyond) / 2;
          (std::isnan(value(u + middle * (next - u))) ? beyond : reach) = middle;
        }
      }
      next = u + reach * (next - u);
      if ((next - u).norm() == 0) break;
      u = next;
    }
    return u;
  }

  /// Where the straight way to the better corner meets the target.
  [[nodiscard]] Eigen::VectorXd start() {
    Eigen::VectorXd origin = Eigen::VectorXd::Zero(n_);
    const double here = value(origin);
    if (std::isnan(here))
      throw InvalidValueError("metric", "unknown for the base", "one that needs no unknown number");
    if (here == target_) return origin;
    const Eigen::VectorXd end = corner(target_ > here ? 1 : -1);
    std::vector<double> points{0};
    for (int k = -30; k <= 0; ++k) points.push_back(std::ldexp(1.0, k));
    const Crossing crossing =
        find_crossing([&](double part) { return value(part * end); }, target_, points, 0.0);
    if (!crossing.found) {
      const double other = value(corner(target_ > here ? -1 : 1));
      throw UnreachableTargetError(target_, std::fmin(crossing.low, other), std::fmax(crossing.high, other));
    }
    return crossing.at * end;
  }

  /// Newton's steps onto the target along the slope, within the bounds.
  [[nodiscard]] Eigen::VectorXd settled(Eigen::VectorXd u) {
    for (int k = 0; k < 20; ++k) {
      const double off = value(u) - target_;
      if (std::isnan(off) || std::abs(off) <= miss()) break;
      Eigen::VectorXd slope = gradient();
      for (Eigen::Index i = 0; i < n_; ++i) {
        const bool outwards = off * slope(i) > 0 ? u(i) <= low_(i) : u(i) >= high_(i);
        if (outwards) slope(i) = 0;
      }
      if (!(slope.squaredNorm() > 0)) break;
      u = (u - slope * (off / slope.squaredNorm())).cwiseMax(low_).cwiseMin(high_);
    }
    return u;
  }

  MovedMetric& metric_;
  double target_;
  Eigen::Index n_ = 0;
  Eigen::VectorXd size_, low_, high_;
};

}  // namespace detail

FUNNELGRAPH_INLINE LeastChange least_change(const Funnel& base, const Metric& metric,
                                            const LeastChangeOptions& options) {
  detail::check_target(options.target);
  if (options.vary.empty()) throw InvalidValueError("vary", "no number", "at least one");
  std::vector<TakeFrom> take_from;
  std::vector<Bounds> bounds;
  std::set<Parameter> seen;
  for (const auto& [parameter, bound] : options.bounds) {
    if (std::find(options.vary.begin(), options.vary.end(), parameter) == options.vary.end())
      throw InvalidValueError("bounds of " + to_string(parameter), "a number that is not varied",
                              "one of vary");
  }
  for (const Parameter& parameter : options.vary) {
    if (!seen.insert(parameter).second)
      throw InvalidValueError("vary", to_string(parameter) + " twice", "each number once");
    const double before = base.get(parameter);
    if (std::isnan(before) || before == 0)
      throw InvalidValueError(to_string(parameter), detail::shown(before),
                              "a number other than 0: a relative change has to start from one");
    const auto from = options.take_from.find(parameter);
    take_from.push_back(from == options.take_from.end() ? TakeFrom() : from->second);
    const auto bound = options.bounds.find(parameter);
    bounds.push_back(detail::possible_bounds(
        base, parameter, take_from.back(),
        bound == options.bounds.end() ? std::nullopt : std::optional<Bounds>(bound->second)));
    if (before < bounds.back().low || before > bounds.back().high)
      throw InvalidValueError("bounds of " + to_string(parameter),
                              detail::shown(bounds.back().low) + " to " + detail::shown(bounds.back().high),
                              "such that the present " + detail::shown(before) + " is inside");
  }
  detail::MovedMetric moved(base, metric, options.vary, std::move(take_from), options.analysis);
  detail::LeastChangeSearch search(moved, options.target, std::move(bounds));
  const Eigen::VectorXd u = search.run();
  const std::vector<double> x = search.numbers(u);
  LeastChange out;
  for (std::size_t k = 0; k < x.size(); ++k) {
    const auto i = static_cast<Eigen::Index>(k);
    out.numbers.push_back({options.vary[k], moved.before()[k], x[k], u(i), search.at_bound(u, i)});
  }
  out.distance = u.norm();
  out.target = options.target;
  out.scenario = moved.scenario(x);
  out.iterations = moved.evaluations();
  ScenarioMetrics under(base, {metric}, options.analysis);
  const Measured there = under.measure(out.scenario);
  out.reached = there.values[0];
  out.feasible = there.feasible;
  return out;
}

}  // namespace funnelgraph::inline v0
