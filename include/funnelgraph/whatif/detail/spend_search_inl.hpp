// Local search for the best split of a budget.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Core>
#include <Eigen/Eigenvalues>

#include <funnelgraph/whatif/detail/quadratic_program_inl.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// One linear limit, `coefficient` . money >= `least`. Row 0 is the budget; `group` and `is_low` say the
/// others.
struct SpendLimits {
  Eigen::MatrixXd coefficient;
  Eigen::VectorXd least;
  std::vector<std::size_t> group;  ///< per row after the budget's
  std::vector<bool> is_low;        ///< per row after the budget's
  Eigen::VectorXd low, high;       ///< per spending
  double budget = 0;
};

/// A box of money within the limits.
struct SpendBox {
  Eigen::VectorXd low, high;
};

/// Where a local search ended.
struct LocalPlan {
  Eigen::VectorXd money;
  SpendValue value;
  double violation = std::numeric_limits<double>::infinity();  ///< largest relative excess over a capacity
  Eigen::VectorXd price;                                       ///< metric per unit of each linear limit, >= 0
  Eigen::VectorXd capacity_price;  ///< metric per visit of each limited stage, >= 0
  bool found = false;              ///< false where the box has no split
};

/// Excess over a capacity, relative to it, that counts as none.
inline constexpr double kept_capacity = 1e-9;
/// A marginal return below this part of the greatest is nothing: such money is left.
inline constexpr double worthless = 1e-9;

/// The nearest split within limits and box; `found` false where there is none, `blocking` then is the row
/// that cannot be met.
struct Projection {
  Eigen::VectorXd money;
  bool found = true;
  int blocking = -1;
};

inline Projection project(const SpendLimits& limits, const SpendBox& box, const Eigen::VectorXd& money) {
  const Eigen::Index n = money.size();
  const Eigen::Index rows = limits.coefficient.rows();
  const double unit = limits.budget > 0 ? limits.budget : 1;
  QuadraticProgram program;
  program.H = Eigen::MatrixXd::Identity(n, n);
  program.g = -money / unit;
  program.A.resize(rows + 2 * n, n);
  program.b.resize(rows + 2 * n);
  program.A << limits.coefficient, Eigen::MatrixXd::Identity(n, n), -Eigen::MatrixXd::Identity(n, n);
  program.b << limits.least / unit, box.low / unit, -box.high / unit;
  const QuadraticSolution solution = solve_quadratic(program);
  Projection out;
  out.found = solution.feasible;
  out.blocking = solution.blocking;
  out.money = (unit * solution.x).cwiseMax(box.low).cwiseMin(box.high);
  return out;
}

/// Sequential quadratic programming with the l1 merit function. Money is in units of the budget, the
/// metric in units of its greatest marginal return, an excess in units of the stage's visits.
class SpendSearch {
 public:
  SpendSearch(const SpendModel& model, const SpendLimits& limits)
      : model_(model),
        limits_(limits),
        n_(static_cast<Eigen::Index>(model.items().size())),
        rows_(model.options().respect_capacity ? static_cast<Eigen::Index>(model.limited().size()) : 0),
        unit_(limits.budget > 0 ? limits.budget : 1) {
    find_scales();
  }

  [[nodiscard]] double metric_scale() const noexcept { return metric_scale_; }
  [[nodiscard]] const Eigen::VectorXd& excess_scale() const noexcept { return excess_scale_; }
  [[nodiscard]] double unit() const noexcept { return unit_; }

  [[nodiscard]] LocalPlan from(const Eigen::VectorXd& start, const SpendBox& box) const {
    LocalPlan out;
    const Projection first = project(limits_, box, start);
    if (!first.found) return out;
    State state = at(lifted(first.money / unit_, box));
    double penalty = 10;
    Eigen::VectorXd price = Eigen::VectorXd::Zero(limits_.coefficient.rows());
    Eigen::VectorXd capacity_price = Eigen::VectorXd::Zero(rows_);
    constexpr int most_steps = 300;
    int small_steps = 0;
    int flat_steps = 0;
    for (int step = 0; step < most_steps; ++step) {
      const Eigen::MatrixXd curvature = hessian(state, capacity_price);
      Step next = quadratic_step(state, box, curvature, state.excess, penalty);
      for (int raise = 0; raise < 6 && next.slack > 1e-9 && penalty < 1e7; ++raise) {
        penalty *= 10;
        next = quadratic_step(state, box, curvature, state.excess, penalty);
      }
      price = next.price;
      capacity_price = next.capacity_price;
      const double length = next.move.cwiseAbs().maxCoeff();
      if (!(length > 1e-14)) break;
      const double promised =
          state.gradient.dot(next.move) + penalty * (state.over() - next.slack);  // fall of the merit
      State moved = at(state.money + next.move);
      const double noise = 1e-14 * (std::abs(state.metric) + penalty * state.over() + 1);
      if (moved.merit(penalty) > state.merit(penalty) - 1e-4 * promised + noise && rows_ > 0) {
        // The curvature of a capacity can spoil a full step: correct for it once.
        const Eigen::VectorXd corrected = moved.excess - state.excess_by * next.move;
        const Step second = quadratic_step(state, box, curvature, corrected, penalty);
        State better = at(state.money + second.move);
        if (better.merit(penalty) < moved.merit(penalty)) moved = std::move(better);
      }
      double share = 1;
      while (moved.merit(penalty) > state.merit(penalty) - 1e-4 * share * promised + noise && share > 1e-8) {
        share /= 2;
        moved = at(state.money + share * next.move);
      }
      if (share <= 1e-8) break;
      if (share == 1 && length > 1e-9) stretch(state, moved, next.move, box, penalty);
      flat_steps = state.merit(penalty) - moved.merit(penalty) <= noise ? flat_steps + 1 : 0;
      state = std::move(moved);
      small_steps = length < 1e-11 ? small_steps + 1 : 0;
      if (small_steps >= 4 || flat_steps >= 12) break;
    }
    out.found = true;
    out.money = (unit_ * state.money).cwiseMax(box.low).cwiseMin(box.high);
    settle_steep(out.money, state, price, capacity_price, box);
    settle(out.money, box, price[0] > 0);
    out.value = model_.at(out.money, model_.numbers(out.money));
    out.violation = 0;
    for (Eigen::Index k = 0; k < rows_; ++k)
      out.violation = std::max(out.violation, out.value.excess[k] / excess_scale_[k]);
    out.price = price * metric_scale_ / unit_;
    if (out.price[0] > 0) out.price[0] += worthless * metric_scale_ / unit_;
    out.capacity_price = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(model_.limited().size()));
    for (Eigen::Index k = 0; k < rows_; ++k)
      out.capacity_price[k] = capacity_price[k] * metric_scale_ / excess_scale_[k];
    return out;
  }

 private:
  /// Everything at some money, in scaled units.
  struct State {
    Eigen::VectorXd money;
    double metric = 0;
    Eigen::VectorXd gradient;
    Eigen::VectorXd excess;
    Eigen::MatrixXd excess_by;
    // By the numbers, unscaled, for second derivatives.
    Eigen::VectorXd number, slope, bend;
    SpendValue value;

    [[nodiscard]] double over() const { return excess.cwiseMax(0).sum(); }
    [[nodiscard]] double merit(double penalty) const { return -metric + penalty * over(); }
  };

  struct Step {
    Eigen::VectorXd move;
    double slack = 0;
    Eigen::VectorXd price, capacity_price;
  };

  void find_scales() {
    const Eigen::VectorXd middle = (limits_.low + (limits_.high.cwiseMin(unit_) - limits_.low) /
                                                      std::max<double>(1, static_cast<double>(n_)))
                                       .cwiseMax(1e-6 * unit_);
    const SpendValue value = model_.at(middle, model_.numbers(middle));
    excess_scale_ = Eigen::VectorXd::Ones(static_cast<Eigen::Index>(model_.limited().size()));
    for (Eigen::Index k = 0; k < excess_scale_.size(); ++k) {
      const LimitedStage& limited = model_.limited()[static_cast<std::size_t>(k)];
      const double capacity = limited.item == no_item
                                  ? limited.capacity
                                  : model_
                                        .curve(static_cast<Eigen::Index>(limited.item),
                                               middle[static_cast<Eigen::Index>(limited.item)])
                                        .value;
      excess_scale_[k] = capacity > 0 ? capacity : std::max(1e-12, std::abs(value.excess[k]));
    }
    for (Eigen::Index i = 0; i < n_; ++i) {
      const double by = value.by_number[i] * model_.curve(i, middle[i]).first + value.by_money[i];
      if (std::isfinite(by)) metric_scale_ = std::max(metric_scale_, std::abs(by) * unit_);
    }
    if (metric_scale_ == 0) metric_scale_ = std::max(std::abs(value.metric), 1e-300);
  }

  /// Off the corner where a steep curve has no bounded slope.
  [[nodiscard]] Eigen::VectorXd lifted(Eigen::VectorXd money, const SpendBox& box) const {
    for (Eigen::Index i = 0; i < n_; ++i) {
      if (!model_.items()[static_cast<std::size_t>(i)].steep) continue;
      const double room = box.high[i] / unit_;
      if (money[i] > 0 || room == 0) continue;
      // The money comes from the others, in proportion to what they have above their least.
      const double wanted = std::min(1e-4 / static_cast<double>(n_), room);
      const Eigen::VectorXd spare = (money - box.low / unit_).cwiseMax(0);
      if (spare.sum() > 0) money -= spare * std::min(0.5, wanted / spare.sum());
      money[i] += std::min(wanted, 0.5 * spare.sum());
    }
    const Projection back = project(limits_, box, unit_ * money);
    return back.found ? Eigen::VectorXd(back.money / unit_) : money;
  }

  [[nodiscard]] CurvePoint curve(Eigen::Index i, double money) const {
    constexpr double corner = 1e-15;  // of the budget: where a steep curve is read instead of at 0
    CurvePoint point = model_.curve(i, unit_ * money);
    if (!std::isfinite(point.first) || !std::isfinite(point.second)) {
      const double value = point.value;
      point = model_.curve(i, unit_ * std::max(money, corner));
      point.value = value;
    }
    point.first *= unit_;
    point.second *= unit_ * unit_;
    return point;
  }

  [[nodiscard]] State at(const Eigen::VectorXd& money) const {
    State out;
    out.money = money.cwiseMax(0);
    out.number.resize(n_);
    out.slope.resize(n_);
    out.bend.resize(n_);
    for (Eigen::Index i = 0; i < n_; ++i) {
      const CurvePoint point = curve(i, out.money[i]);
      out.number[i] = point.value;
      out.slope[i] = point.first;
      out.bend[i] = point.second;
    }
    out.value = model_.at(unit_ * out.money, out.number);
    out.metric = out.value.metric / metric_scale_ - worthless * out.money.sum();
    out.gradient = (out.value.by_number.cwiseProduct(out.slope) + unit_ * out.value.by_money) / metric_scale_;
    out.gradient.array() -= worthless;
    out.excess.resize(rows_);
    out.excess_by.resize(rows_, n_);
    for (Eigen::Index k = 0; k < rows_; ++k) {
      out.excess[k] = out.value.excess[k] / excess_scale_[k];
      out.excess_by.row(k) =
          out.value.excess_by_number.row(k).cwiseProduct(out.slope.transpose()) / excess_scale_[k];
    }
    return out;
  }

  /// Minus the second derivatives of the Lagrangian, made positive definite.
  [[nodiscard]] Eigen::MatrixXd hessian(const State& state, const Eigen::VectorXd& capacity_price) const {
    const auto weighted = [&](const SpendValue& value) {
      Eigen::VectorXd out = value.by_number / metric_scale_;
      for (Eigen::Index k = 0; k < rows_; ++k)
        out -= capacity_price[k] / excess_scale_[k] * value.excess_by_number.row(k).transpose();
      return out;
    };
    const Eigen::VectorXd by = weighted(state.value);
    Eigen::MatrixXd curvature = (-by.cwiseProduct(state.bend)).asDiagonal();
    if (!model_.separable()) {
      // Differences of exact gradients by the numbers.
      for (Eigen::Index j = 0; j < n_; ++j) {
        Eigen::VectorXd moved = state.number;
        const double step = 1e-6 * std::max(std::abs(moved[j]), 1e-3);
        moved[j] += step;
        const Eigen::VectorXd change = (weighted(model_.at(unit_ * state.money, moved)) - by) / step;
        curvature.col(j) -= 0.5 * change.cwiseProduct(state.slope) * state.slope[j];
        curvature.row(j) -= (0.5 * change.cwiseProduct(state.slope) * state.slope[j]).transpose();
      }
    }
    constexpr double least = 1e-8;  // a linear direction: the step goes as far as the limits let it
    if (model_.separable()) {
      for (Eigen::Index i = 0; i < n_; ++i) curvature(i, i) = std::max(std::abs(curvature(i, i)), least);
      return curvature;
    }
    // In units in which every spending has the curvature 1, then back.
    const Eigen::VectorXd own = curvature.diagonal().cwiseAbs().cwiseMax(least).cwiseSqrt();
    const Eigen::MatrixXd even =
        own.cwiseInverse().asDiagonal() * curvature * own.cwiseInverse().asDiagonal();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(even);
    const Eigen::MatrixXd positive = eigen.eigenvectors() *
                                     eigen.eigenvalues().cwiseAbs().cwiseMax(1e-6).asDiagonal() *
                                     eigen.eigenvectors().transpose();
    return own.asDiagonal() * positive * own.asDiagonal();
  }

  [[nodiscard]] Step quadratic_step(const State& state, const SpendBox& box, const Eigen::MatrixXd& curvature,
                                    const Eigen::VectorXd& excess, double penalty) const {
    const Eigen::Index linear = limits_.coefficient.rows();
    const Eigen::Index size = n_ + rows_;
    QuadraticProgram program;
    program.H = Eigen::MatrixXd::Zero(size, size);
    program.H.topLeftCorner(n_, n_) = curvature;
    program.H.bottomRightCorner(rows_, rows_) = 1e-4 * Eigen::MatrixXd::Identity(rows_, rows_);
    program.g.resize(size);
    program.g << -state.gradient, Eigen::VectorXd::Constant(rows_, penalty);
    program.A = Eigen::MatrixXd::Zero(linear + 2 * rows_ + 2 * n_, size);
    program.b.resize(program.A.rows());
    program.A.topLeftCorner(linear, n_) = limits_.coefficient;
    program.b.head(linear) = (limits_.least / unit_ - limits_.coefficient * state.money).cwiseMin(0);
    program.A.block(linear, 0, rows_, n_) = -state.excess_by;
    program.A.block(linear, n_, rows_, rows_) = Eigen::MatrixXd::Identity(rows_, rows_);
    program.b.segment(linear, rows_) = excess;
    program.A.block(linear + rows_, n_, rows_, rows_) = Eigen::MatrixXd::Identity(rows_, rows_);
    program.b.segment(linear + rows_, rows_).setZero();
    const Eigen::Index bounds = linear + 2 * rows_;
    program.A.block(bounds, 0, n_, n_) = Eigen::MatrixXd::Identity(n_, n_);
    program.A.block(bounds + n_, 0, n_, n_) = -Eigen::MatrixXd::Identity(n_, n_);
    for (Eigen::Index i = 0; i < n_; ++i) {
      double least = std::min(0.0, box.low[i] / unit_ - state.money[i]);
      if (model_.items()[static_cast<std::size_t>(i)].steep && box.low[i] == 0) least *= 0.95;
      program.b[bounds + i] = least;
      program.b[bounds + n_ + i] = -std::max(0.0, box.high[i] / unit_ - state.money[i]);
    }
    const QuadraticSolution solution = solve_quadratic(program);
    Step out;
    out.move = solution.feasible ? Eigen::VectorXd(solution.x.head(n_)) : Eigen::VectorXd::Zero(n_);
    out.price = solution.multiplier.head(linear);
    out.capacity_price = solution.multiplier.segment(linear, rows_);
    out.slack = rows_ > 0 ? solution.x.tail(rows_).cwiseMax(0).sum() : 0;
    return out;
  }

  /// Further along a whole step while that pays: along a bent valley the model's steps are short.
  void stretch(const State& state, State& moved, const Eigen::VectorXd& move, const SpendBox& box,
               double penalty) const {
    double most = 1e6;
    const auto limit = [&](double room, double by) {
      if (by < 0) most = std::min(most, room / -by);
    };
    for (Eigen::Index i = 0; i < n_; ++i) {
      limit(state.money[i] - box.low[i] / unit_, move[i]);
      limit(box.high[i] / unit_ - state.money[i], -move[i]);
    }
    for (Eigen::Index k = 0; k < limits_.coefficient.rows(); ++k) {
      const double by = limits_.coefficient.row(k).dot(move);
      if (by < -1e-15) limit(limits_.coefficient.row(k).dot(state.money) - limits_.least[k] / unit_, by);
    }
    double share = 2;
    while (share < most) {
      State further = at(state.money + share * move);
      if (!(further.merit(penalty) < moved.merit(penalty))) break;
      moved = std::move(further);
      share *= 2;
    }
  }

  /// Small money on a steep curve: exactly where its slope is worth the prices, none where it is worth
  /// nothing. Newton's steps need long to tell such places from 0.
  void settle_steep(Eigen::VectorXd& money, const State& state, const Eigen::VectorXd& price,
                    const Eigen::VectorXd& capacity_price, const SpendBox& box) const {
    constexpr double small = 1e-6;  // of the budget
    for (Eigen::Index i = 0; i < n_; ++i) {
      if (!model_.items()[static_cast<std::size_t>(i)].steep || box.low[i] > 0 || box.high[i] <= 0) continue;
      if (money[i] > small * unit_) continue;
      double weight = state.value.by_number[i] / metric_scale_;
      for (Eigen::Index k = 0; k < rows_; ++k)
        weight -= capacity_price[k] / excess_scale_[k] * state.value.excess_by_number(k, i);
      const double paid =
          worthless - unit_ * state.value.by_money[i] / metric_scale_ - limits_.coefficient.col(i).dot(price);
      if (!(weight > 1e-12 * std::abs(state.value.by_number[i]) / metric_scale_)) {
        money[i] = 0;
        continue;
      }
      double low = std::log(std::numeric_limits<double>::min());
      double high = std::log(std::min(small * unit_, box.high[i]));
      const auto worth = [&](double at) {
        return weight * unit_ * model_.curve(i, std::exp(at)).first > paid;
      };
      if (worth(high)) continue;
      if (!worth(low)) {
        money[i] = 0;
        continue;
      }
      for (int round = 0; round < 100; ++round) {
        const double middle = low + (high - low) / 2;
        (worth(middle) ? low : high) = middle;
      }
      money[i] = std::exp(low);
    }
  }

  /// Rounding away: to a bound where it is within it, and to the budget where all is to be spent.
  void settle(Eigen::VectorXd& money, const SpendBox& box, bool all) const {
    const double near = 1e-12 * unit_;
    for (Eigen::Index i = 0; i < n_; ++i) {
      const bool steep = model_.items()[static_cast<std::size_t>(i)].steep && box.low[i] == 0;
      if (!steep && money[i] - box.low[i] < near) money[i] = box.low[i];
      if (box.high[i] - money[i] < near) money[i] = box.high[i];
    }
    const double left = limits_.budget - money.sum();
    if (left == 0 || (left > 0 && !all)) return;
    Eigen::Index widest = -1;
    for (Eigen::Index i = 0; i < n_; ++i) {
      const double lesser = std::min(money[i], money[i] + left);
      const bool free = lesser > box.low[i] && std::max(money[i], money[i] + left) < box.high[i];
      if (free && (widest < 0 || money[i] > money[widest])) widest = i;
    }
    if (widest >= 0) {
      money[widest] += left;
      return;
    }
    // None can take it alone and stay free: what is beyond the budget is given by whoever can.
    for (Eigen::Index i = 0; i < n_; ++i) {
      const double beyond = money.sum() - limits_.budget;
      if (beyond > 1e-14 * limits_.budget) money[i] = std::max(box.low[i], money[i] - beyond);
    }
  }

  const SpendModel& model_;
  const SpendLimits& limits_;
  Eigen::Index n_, rows_;
  double unit_;
  double metric_scale_ = 0;
  Eigen::VectorXd excess_scale_;
};

}  // namespace funnelgraph::inline v0::detail
