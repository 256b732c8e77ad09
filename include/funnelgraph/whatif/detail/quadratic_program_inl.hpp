// Strictly convex quadratic programs of a few dozen unknowns.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <tuple>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/QR>

namespace funnelgraph::inline v0::detail {

/// Minimise x'Hx / 2 + g'x subject to A x >= b, one row of A a constraint; H positive definite.
struct QuadraticProgram {
  Eigen::MatrixXd H;
  Eigen::VectorXd g;
  Eigen::MatrixXd A;
  Eigen::VectorXd b;
};

struct QuadraticSolution {
  bool feasible = true;
  Eigen::VectorXd x;
  Eigen::VectorXd multiplier;  ///< >= 0, one a constraint
  int blocking = -1;           ///< a constraint that cannot be met, where infeasible
};

/// Goldfarb and Idnani (1983), "A numerically stable dual method for solving strictly convex quadratic
/// programs": from the unconstrained minimum, one violated constraint after another enters the active
/// set. The set's factor is made anew at each step, O(n k^2) for k active constraints: n is small here.
class ActiveSet {
 public:
  explicit ActiveSet(const QuadraticProgram& program)
      : unit_(program.H.diagonal().cwiseSqrt().cwiseInverse()) {
    // In units in which every unknown has the curvature 1: theirs may differ by thirty powers of ten.
    program_.H = unit_.asDiagonal() * program.H * unit_.asDiagonal();
    program_.g = unit_.cwiseProduct(program.g);
    program_.A = program.A * unit_.asDiagonal();
    program_.b = program.b;
    size_ = program_.A.cwiseAbs();
    factor_.compute(program_.H);
  }

  QuadraticSolution solve() {
    QuadraticSolution out;
    x_ = factor_.solve(-program_.g);
    const Eigen::Index rows = program_.A.rows();
    const std::size_t most_steps = 50 * static_cast<std::size_t>(rows + program_.g.size()) + 200;
    bool refined = false;
    for (std::size_t step = 0; step < most_steps; ++step) {
      const Eigen::Index entering = most_violated();
      if (entering < 0 && refined) break;
      refined = entering < 0;
      if (refined) {
        refine();
        continue;
      }
      const State before{x_, active_, multiplier_};
      if (enter(entering)) continue;
      std::tie(x_, active_, multiplier_) = before;
      if (!is_rounding(entering)) {
        out.feasible = false;
        out.blocking = static_cast<int>(entering);
        break;
      }
      ignored_.push_back(entering);
    }
    out.x = unit_.cwiseProduct(x_);
    out.multiplier = Eigen::VectorXd::Zero(rows);
    for (std::size_t k = 0; k < active_.size(); ++k) out.multiplier[active_[k]] = multiplier_[k];
    return out;
  }

 private:
  static constexpr double feasibility = 1e-14;  ///< relative to the terms of a constraint
  static constexpr double nothing = 1e-18;
  static constexpr double dependence = 1e-11;  ///< a normal within this of the active ones' span

  /// Unknowns, active set and its multipliers.
  using State = std::tuple<Eigen::VectorXd, std::vector<Eigen::Index>, std::vector<double>>;

  /// Whether a constraint is violated by no more than the rounding of the whole: two that face each other, as
  /// the ends of a fixed unknown, cannot both be met exactly.
  [[nodiscard]] bool is_rounding(Eigen::Index row) const {
    const double whole = (size_ * x_.cwiseAbs() + program_.b.cwiseAbs()).maxCoeff();
    return slack(row) >= -1e-12 * whole;
  }

  [[nodiscard]] double slack(Eigen::Index row) const { return program_.A.row(row).dot(x_) - program_.b[row]; }

  [[nodiscard]] Eigen::Index most_violated() const {
    Eigen::Index worst = -1;
    double least = 0;
    const Eigen::VectorXd terms = size_ * x_.cwiseAbs() + program_.b.cwiseAbs();
    for (Eigen::Index k = 0; k < program_.A.rows(); ++k) {
      if (std::find(active_.begin(), active_.end(), k) != active_.end()) continue;
      if (std::find(ignored_.begin(), ignored_.end(), k) != ignored_.end()) continue;
      const double relative = slack(k) / (terms[k] + nothing);
      if (slack(k) < -nothing && relative < -feasibility && relative < least) {
        least = relative;
        worst = k;
      }
    }
    return worst;
  }

  /// Steps of x and of the multipliers of the active set along a normal.
  void directions(const Eigen::VectorXd& normal, Eigen::VectorXd& primal, Eigen::VectorXd& dual) const {
    const Eigen::VectorXd d = factor_.matrixL().solve(normal);
    const auto q = static_cast<Eigen::Index>(active_.size());
    if (q == 0) {
      primal = factor_.matrixU().solve(d);
      dual.resize(0);
      return;
    }
    Eigen::MatrixXd normals(normal.size(), q);
    for (Eigen::Index k = 0; k < q; ++k)
      normals.col(k) = program_.A.row(active_[static_cast<std::size_t>(k)]).transpose();
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(factor_.matrixL().solve(normals));
    Eigen::VectorXd rotated = qr.householderQ().transpose() * d;
    dual = qr.matrixQR().topRows(q).template triangularView<Eigen::Upper>().solve(rotated.head(q));
    rotated.head(q).setZero();
    const Eigen::VectorXd rest = qr.householderQ() * rotated;
    const bool spanned = rest.norm() <= dependence * d.norm() || q >= normal.size();
    if (spanned) {
      primal = Eigen::VectorXd::Zero(normal.size());
    } else {
      primal = factor_.matrixU().solve(rest);
    }
  }

  bool enter(Eigen::Index row) {
    const Eigen::VectorXd normal = program_.A.row(row).transpose();
    double entering = 0;
    while (true) {
      Eigen::VectorXd primal;
      Eigen::VectorXd dual;
      directions(normal, primal, dual);
      double longest = std::numeric_limits<double>::infinity();
      std::size_t leaving = active_.size();
      for (std::size_t k = 0; k < active_.size(); ++k) {
        const double by = dual[static_cast<Eigen::Index>(k)];
        if (by > 0 && multiplier_[k] / by < longest) {
          longest = multiplier_[k] / by;
          leaving = k;
        }
      }
      const double curvature = primal.dot(normal);
      const double full =
          curvature > 0 ? std::max(0.0, -slack(row) / curvature) : std::numeric_limits<double>::infinity();
      const double length = std::min(longest, full);
      if (std::isinf(length)) return false;
      if (!std::isinf(full)) x_ += length * primal;
      for (std::size_t k = 0; k < active_.size(); ++k)
        multiplier_[k] = std::max(0.0, multiplier_[k] - length * dual[static_cast<Eigen::Index>(k)]);
      entering += length;
      if (full <= longest) {
        active_.push_back(row);
        multiplier_.push_back(entering);
        return true;
      }
      active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(leaving));
      multiplier_.erase(multiplier_.begin() + static_cast<std::ptrdiff_t>(leaving));
    }
  }

  /// The minimum on the active constraints, found anew: a nearly flat H puts the unconstrained minimum, from
  /// which the steps came, so far away that they carry its rounding.
  void refine() {
    const auto q = static_cast<Eigen::Index>(active_.size());
    const Eigen::Index n = x_.size();
    if (q == 0) return;
    Eigen::MatrixXd normals(n, q);
    Eigen::VectorXd offsets(q);
    for (Eigen::Index k = 0; k < q; ++k) {
      const Eigen::Index row = active_[static_cast<std::size_t>(k)];
      normals.col(k) = program_.A.row(row).transpose();
      offsets[k] = program_.b[row];
    }
    const Eigen::HouseholderQR<Eigen::MatrixXd> qr(normals);
    const auto upper = qr.matrixQR().topRows(q).template triangularView<Eigen::Upper>();
    const Eigen::MatrixXd basis = qr.householderQ();
    Eigen::VectorXd exact = basis.leftCols(q) * upper.transpose().solve(offsets);
    if (q < n) {
      const auto free = basis.rightCols(n - q);
      const Eigen::VectorXd slope = free.transpose() * (program_.g + program_.H * exact);
      exact -= free * (free.transpose() * program_.H * free).llt().solve(slope);
    }
    const Eigen::VectorXd multiplier =
        upper.solve(basis.leftCols(q).transpose() * (program_.g + program_.H * exact));
    if (!exact.allFinite() || !multiplier.allFinite()) return;
    x_ = exact;
    for (Eigen::Index k = 0; k < q; ++k)
      multiplier_[static_cast<std::size_t>(k)] = std::max(0.0, multiplier[k]);
  }

  Eigen::VectorXd unit_;
  QuadraticProgram program_;
  Eigen::MatrixXd size_;
  Eigen::LLT<Eigen::MatrixXd> factor_;
  Eigen::VectorXd x_;
  std::vector<Eigen::Index> active_;
  std::vector<double> multiplier_;
  std::vector<Eigen::Index> ignored_;  ///< cannot be met, but for rounding are
};

inline QuadraticSolution solve_quadratic(const QuadraticProgram& program) {
  return ActiveSet(program).solve();
}

}  // namespace funnelgraph::inline v0::detail
