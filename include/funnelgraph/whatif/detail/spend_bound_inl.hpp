// How good any split of a budget can be, where the problem is separable.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include <funnelgraph/whatif/detail/quadratic_program_inl.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>
#include <funnelgraph/whatif/detail/spend_search_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// A Lagrangian bound and what it was found at.
struct SpendBound {
  double value = std::numeric_limits<double>::infinity();
  Eigen::VectorXd multiplier;  ///< of the linear limits, then of the limited stages, >= 0
  Eigen::VectorXd money;       ///< best for these, spending by spending
  Eigen::VectorXd rivalry;     ///< by how much the far end beats the near end of an S; infinite without an S
};

/// For multipliers >= 0 the metric plus what the limits would pay falls apart into one maximum a spending,
/// w r(x) + q x over an interval, which is exact: the ends, and the place in the concave part (the convex
/// one for w < 0) where w r'(x) = -q. Every such sum is above every plan in the box; the least of them is
/// sought by a proximal bundle method (Lemarechal 1978; Kiwiel 1990).
class SpendBounding {
 public:
  SpendBounding(const SpendModel& model, const SpendLimits& limits, const SpendSearch& search)
      : model_(model),
        limits_(limits),
        search_(search),
        n_(static_cast<Eigen::Index>(model.items().size())),
        linear_(limits.coefficient.rows()),
        rows_(model.options().respect_capacity ? static_cast<Eigen::Index>(model.limited().size()) : 0) {
    const Eigen::VectorXd nothing = Eigen::VectorXd::Zero(n_);
    constant_ = model.at(nothing, nothing);
  }

  /// At given multipliers; `slope` receives a subgradient by them.
  [[nodiscard]] SpendBound at(const Eigen::VectorXd& multiplier, const SpendBox& box,
                              Eigen::VectorXd* slope = nullptr) const {
    SpendBound out;
    out.multiplier = multiplier;
    out.money.resize(n_);
    out.rivalry = Eigen::VectorXd::Constant(n_, std::numeric_limits<double>::infinity());
    Eigen::VectorXd number(n_);
    const Eigen::VectorXd by_limits = limits_.coefficient.transpose() * multiplier.head(linear_);
    out.value = constant_.metric - multiplier.head(linear_).dot(limits_.least) -
                multiplier.tail(rows_).dot(constant_.excess.head(rows_));
    for (Eigen::Index i = 0; i < n_; ++i) {
      double weight = constant_.by_number[i];
      for (Eigen::Index k = 0; k < rows_; ++k)
        weight -= multiplier[linear_ + k] * constant_.excess_by_number(k, i);
      const double price = constant_.by_money[i] + by_limits[i];
      const Best best = best_of(i, weight, price, box.low[i], box.high[i]);
      out.money[i] = best.money;
      out.rivalry[i] = best.rivalry;
      number[i] = model_.curve(i, best.money).value;
      out.value += best.value;
    }
    if (slope != nullptr) {
      slope->resize(linear_ + rows_);
      slope->head(linear_) = limits_.coefficient * out.money - limits_.least;
      slope->tail(rows_) = -(constant_.excess + constant_.excess_by_number * number).head(rows_);
    }
    return out;
  }

  /// The least bound over the box, from multipliers that are near; stops early once below `enough`.
  [[nodiscard]] SpendBound least(const SpendBox& box, const Eigen::VectorXd& near, double enough) const {
    const Eigen::Index m = linear_ + rows_;
    // In units in which money, metric and excess are about 1.
    Eigen::VectorXd unit(m);
    unit.head(linear_).setConstant(search_.metric_scale() / search_.unit());
    for (Eigen::Index k = 0; k < rows_; ++k)
      unit[linear_ + k] = search_.metric_scale() / search_.excess_scale()[k];
    Eigen::VectorXd center = near.cwiseQuotient(unit).cwiseMax(0);
    std::vector<Eigen::VectorXd> slopes;
    std::vector<double> offsets;  // cut: offset + slope . multiplier
    Eigen::VectorXd slope;
    SpendBound best = at(center.cwiseProduct(unit), box, &slope);
    double center_value = best.value / search_.metric_scale();
    const auto keep = [&](double value, const Eigen::VectorXd& place, const Eigen::VectorXd& raw) {
      slopes.push_back(raw.cwiseProduct(unit) / search_.metric_scale());
      offsets.push_back(value - slopes.back().dot(place));
    };
    keep(center_value, center, slope);
    double reach = 1;
    constexpr int most_cuts = 200;
    for (int round = 0; round < most_cuts && best.value > enough; ++round) {
      // min v + |u - center|^2 / (2 reach), v >= every cut; unknowns u and the fall of v below the center.
      QuadraticProgram program;
      program.H = Eigen::MatrixXd::Identity(m + 1, m + 1) / reach;
      program.H(m, m) = 1e-7;
      program.g = Eigen::VectorXd::Zero(m + 1);
      program.g.head(m) = -center / reach;
      program.g[m] = 1;
      const auto cuts = static_cast<Eigen::Index>(slopes.size());
      program.A = Eigen::MatrixXd::Zero(cuts + m, m + 1);
      program.b = Eigen::VectorXd::Zero(cuts + m);
      for (Eigen::Index k = 0; k < cuts; ++k) {
        const auto c = static_cast<std::size_t>(k);
        program.A.row(k).head(m) = -slopes[c].transpose();
        program.A(k, m) = 1;
        program.b[k] = offsets[c] - center_value;
      }
      program.A.block(cuts, 0, m, m) = Eigen::MatrixXd::Identity(m, m);
      const QuadraticSolution solution = solve_quadratic(program);
      const Eigen::VectorXd trial = solution.x.head(m).cwiseMax(0);
      const double promised = -solution.x[m];
      const double least_fall = 1e-12 * (1 + std::abs(center_value));
      if (!solution.feasible || (!(promised > least_fall) && reach > 1e3)) break;
      const SpendBound found = at(trial.cwiseProduct(unit), box, &slope);
      const double value = found.value / search_.metric_scale();
      keep(value, trial, slope);
      if (value < center_value - 0.1 * promised) {
        center = trial;
        center_value = value;
        reach = std::min(reach * 4, 1e6);
      } else if (!(promised > least_fall)) {
        reach *= 10;
      }
      if (found.value < best.value) best = found;
      if (slopes.size() > 60) {
        slopes.erase(slopes.begin());
        offsets.erase(offsets.begin());
      }
    }
    return best;
  }

 private:
  struct Best {
    double money, value, rivalry;
  };

  /// max w r(x) + q x over [low, high].
  [[nodiscard]] Best best_of(Eigen::Index item, double w, double q, double low, double high) const {
    const auto value = [&](double x) { return w * model_.curve(item, x).value + q * x; };
    const Best near{low, value(low), std::numeric_limits<double>::infinity()};
    Best far{high, value(high), near.rivalry};
    const double inflection = model_.items()[static_cast<std::size_t>(item)].spending->response.inflection();
    const bool s_shaped = inflection > low && w > 0;
    const double from = w > 0 ? std::max(low, std::min(inflection, high)) : low;
    const double to = w > 0 ? high : std::min(high, inflection);
    if (w != 0 && to > from) {
      const double wanted = -q / w;  // of the slope, which falls from `from` to `to` for w > 0, else rises
      const double sign = w > 0 ? 1 : -1;
      if (sign * (slope_at(item, from) - wanted) > 0 && sign * (slope_at(item, to) - wanted) < 0) {
        const double x = slope_root(item, wanted, sign, from, to);
        const double found = value(x);
        if (found > far.value) far = {x, found, near.rivalry};
      }
    }
    Best out = far.value > near.value ? far : near;
    if (s_shaped && far.money > near.money) out.rivalry = std::abs(far.value - near.value);
    return out;
  }

  [[nodiscard]] double slope_at(Eigen::Index item, double x) const { return model_.curve(item, x).first; }

  /// Where sign * (r'(x) - wanted) goes from above 0 to below: Newton's steps kept in a bracket.
  [[nodiscard]] double slope_root(Eigen::Index item, double wanted, double sign, double from,
                                  double to) const {
    double x = from + (to - from) / 2;
    for (int round = 0; round < 200; ++round) {
      const CurvePoint point = model_.curve(item, x);
      const double excess = sign * (point.first - wanted);
      if (excess == 0) break;
      (excess > 0 ? from : to) = x;
      double next = x - (point.first - wanted) / point.second;
      if (!(next > from && next < to))
        next = from > 0 && to > 4 * from ? std::sqrt(from * to) : from + (to - from) / 2;
      if (from == 0 && !(next > 0)) next = to / 1024;
      if (std::abs(next - x) <= 1e-15 * to) break;
      x = next;
    }
    return x;
  }

  const SpendModel& model_;
  const SpendLimits& limits_;
  const SpendSearch& search_;
  Eigen::Index n_, linear_, rows_;
  SpendValue constant_;
};

/// The best plan that was found, and a bound for all plans.
struct SearchedPlan {
  LocalPlan plan;
  double bound = std::numeric_limits<double>::infinity();
  std::size_t starts = 0;
};

/// Whether `a` is to be preferred: one that keeps the capacities, then the greater metric.
inline bool better_plan(const LocalPlan& a, const LocalPlan& b) {
  if (!a.found || !b.found) return a.found;
  const bool keeps_a = a.violation <= kept_capacity;
  const bool keeps_b = b.violation <= kept_capacity;
  if (keeps_a != keeps_b) return keeps_a;
  if (!keeps_a && std::abs(a.violation - b.violation) > kept_capacity) return a.violation < b.violation;
  return a.value.metric > b.value.metric;
}

/// Best first over boxes of money: an interval of an S-shaped response is halved where the near and the
/// far end of its S rival each other, at the tangent from the near end first, which leaves a concave half.
class SpendBranching {
 public:
  SpendBranching(const SpendModel& model, const SpendLimits& limits, const SpendSearch& search)
      : model_(model), limits_(limits), search_(search), bounding_(model, limits, search) {}

  void improve(SearchedPlan& found, std::size_t most_branches) const {
    const double tolerance = model_.options().tolerance;
    const auto enough = [&] {
      return found.plan.value.metric + 0.5 * tolerance * std::abs(found.plan.value.metric);
    };
    Eigen::VectorXd near(found.plan.price.size() + rows());
    near << found.plan.price, found.plan.capacity_price.head(rows());
    std::vector<Node> open;
    const SpendBox whole{limits_.low, limits_.high};
    open.push_back({whole, bounding_.least(whole, near, enough())});
    const auto lower = [](const Node& a, const Node& b) { return a.bound.value < b.bound.value; };
    for (std::size_t branch = 0; branch < most_branches && !open.empty(); ++branch) {
      if (open.front().bound.value <= enough()) break;
      const Eigen::Index item = branching_item(open.front());
      if (item < 0) break;
      std::pop_heap(open.begin(), open.end(), lower);
      const Node node = std::move(open.back());
      open.pop_back();
      const double at = split(item, node.box);
      for (const bool upper : {false, true}) {
        SpendBox box = node.box;
        (upper ? box.low : box.high)[item] = at;
        const LocalPlan local = search_.from(node.bound.money, box);
        if (!local.found) continue;
        ++found.starts;
        if (better_plan(local, found.plan)) {
          // Its box may end where the hill goes on.
          found.plan = local;
          LocalPlan onward = search_.from(local.money, whole);
          if (better_plan(onward, local)) found.plan = std::move(onward);
        }
        open.push_back({box, bounding_.least(box, node.bound.multiplier, enough())});
        std::push_heap(open.begin(), open.end(), lower);
      }
    }
    found.bound = found.plan.value.metric;
    for (const Node& node : open) found.bound = std::max(found.bound, node.bound.value);
  }

 private:
  struct Node {
    SpendBox box;
    SpendBound bound;
  };

  [[nodiscard]] Eigen::Index rows() const {
    return model_.options().respect_capacity ? static_cast<Eigen::Index>(model_.limited().size()) : 0;
  }
  [[nodiscard]] double inflection(Eigen::Index item) const {
    return model_.items()[static_cast<std::size_t>(item)].spending->response.inflection();
  }

  /// The S whose two ends are nearest to each other in worth, else, where capacities bend the problem, the
  /// widest; none where nothing is left to halve.
  [[nodiscard]] Eigen::Index branching_item(const Node& node) const {
    Eigen::Index chosen = -1;
    for (Eigen::Index i = 0; i < node.bound.rivalry.size(); ++i) {
      const double rivalry = node.bound.rivalry[i];
      const bool wide = node.box.high[i] - node.box.low[i] > 1e-9 * search_.unit();
      if (std::isfinite(rivalry) && wide && (chosen < 0 || rivalry < node.bound.rivalry[chosen])) chosen = i;
    }
    if (chosen >= 0 || rows() == 0) return chosen;
    double widest = 1e-6 * search_.unit();
    for (Eigen::Index i = 0; i < node.box.low.size(); ++i) {
      const double bend = inflection(i);
      const double width = node.box.high[i] - node.box.low[i];
      const double weighed = width * (bend > node.box.low[i] ? 8 : 1);  // an S first
      if (weighed > widest) {
        widest = weighed;
        chosen = i;
      }
    }
    return chosen;
  }

  /// Where the tangent from the near end touches, else the inflection, else the middle.
  [[nodiscard]] double split(Eigen::Index item, const SpendBox& box) const {
    const double low = box.low[item];
    const double high = box.high[item];
    const double bend = inflection(item);
    if (high <= bend || low >= bend) return low + (high - low) / 2;
    const double base = model_.curve(item, low).value;
    const auto above = [&](double x) {  // the slope is still above the chord's
      const CurvePoint point = model_.curve(item, x);
      return point.first * (x - low) > point.value - base;
    };
    if (above(high)) return bend;
    double from = std::max(bend, low);
    double to = high;
    for (int round = 0; round < 60; ++round) {
      const double middle = from + (to - from) / 2;
      (above(middle) ? from : to) = middle;
    }
    return to < high ? to : bend;
  }

  const SpendModel& model_;
  const SpendLimits& limits_;
  const SpendSearch& search_;
  SpendBounding bounding_;
};

}  // namespace funnelgraph::inline v0::detail
