// Where the searches for a plan of money start.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <Eigen/Core>

#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/whatif/detail/spend_model_inl.hpp>
#include <funnelgraph/whatif/detail/spend_search_inl.hpp>

namespace funnelgraph::inline v0::detail {

/// From the equal split to all on one and random splits over some.
class SpendStarts {
 public:
  SpendStarts(const SpendModel& model, const SpendLimits& limits) : model_(model), limits_(limits) {}

  [[nodiscard]] Eigen::VectorXd operator()(std::size_t start) const {
    const Eigen::Index n = limits_.low.size();
    const Eigen::VectorXd room = limits_.high - limits_.low;
    const double spare = std::max(0.0, limits_.budget - limits_.low.sum());
    const double all = room.sum();
    if (start == 0) return within_capacities(limits_.low + room * (all > 0 ? std::min(1.0, spare / all) : 0));
    Eigen::VectorXd today(n);
    bool known = true;
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto& current = model_.items()[static_cast<std::size_t>(i)].spending->current;
      known = known && current.has_value();
      today[i] = current.value_or(0);
    }
    if (start == 1 && known) return today;
    Eigen::VectorXd weight = Eigen::VectorXd::Zero(n);
    const auto whole = static_cast<std::size_t>(n);
    if (start >= 2 && start < 2 + whole) {
      weight[static_cast<Eigen::Index>(start - 2)] = 1;
    } else {
      const std::uint64_t seed = model_.options().seed;
      for (Eigen::Index i = 0; i < n; ++i) {
        const auto bits =
            philox4x64({start, static_cast<std::uint64_t>(i), 0, 0}, {seed, name_hash("allocate")});
        if (open_uniform(bits[0]) < 0.6) weight[i] = -std::log(open_uniform(bits[1]));
      }
    }
    if (weight.sum() > 0) weight *= spare / weight.sum();
    return within_capacities(limits_.low + weight.cwiseMin(room));
  }

 private:
  /// Less for the volumes, in proportion, until the capacities are kept: far out on a saturated curve no
  /// step sees the way back.
  [[nodiscard]] Eigen::VectorXd within_capacities(const Eigen::VectorXd& money) const {
    if (!model_.options().respect_capacity || model_.limited().empty()) return money;
    const auto part = [&](double share) {
      Eigen::VectorXd out = money;
      for (Eigen::Index i = 0; i < out.size(); ++i) {
        const Parameter& parameter = model_.items()[static_cast<std::size_t>(i)].spending->parameter;
        if (parameter.kind() != ParameterKind::capacity)
          out[i] = limits_.low[i] + share * (money[i] - limits_.low[i]);
      }
      return out;
    };
    const auto kept = [&](double share) {
      const Eigen::VectorXd some = part(share);
      return (model_.at(some, model_.numbers(some)).excess.array() <= 0).all();
    };
    if (kept(1)) return money;
    double low = 0;
    double high = 1;
    for (int round = 0; round < 30; ++round) {
      const double middle = low + (high - low) / 2;
      (kept(middle) ? low : high) = middle;
    }
    return part(low);
  }

  const SpendModel& model_;
  const SpendLimits& limits_;
};

}  // namespace funnelgraph::inline v0::detail
