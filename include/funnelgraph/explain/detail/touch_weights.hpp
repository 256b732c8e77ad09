// The share of each touch in the conversions of its journey. Internal.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/explain/attribution_method.hpp>

namespace funnelgraph::inline v0::detail {

/// Sums the weights of a journey's touches by channel. Reused from journey to journey.
class TouchWeights {
 public:
  explicit TouchWeights(const CreditRules& rules) : rules_(rules) {
    const PositionWeights& p = rules.position;
    const double sum = p.first + p.middle + p.last;
    first_ = p.first / sum;
    middle_ = p.middle / sum;
    last_ = p.last / sum;
    const double ends = first_ + last_;
    first_of_two_ = ends > 0 ? first_ / ends : 0.5;
  }

  /// Calls credit(channel, share) once for each channel of the path that has a share, in order of first
  /// touch. Shares sum to 1. `method` is linear, time_decay, position or shapley.
  template <class Credit>
  void each(AttributionMethod method, std::span<const std::uint32_t> path, std::span<const double> ages,
            const Credit& credit) {
    const std::size_t n = path.size();
    slots_.clear();
    switch (method) {
      case AttributionMethod::shapley:
        for (const std::uint32_t channel : path) slot(channel) = 1;
        break;
      case AttributionMethod::time_decay: {
        const double half_life =
            rules_.half_life.value_or(ages.empty() ? default_half_life_touches : default_half_life_days);
        for (std::size_t i = 0; i < n; ++i) {
          const double age = ages.empty() ? static_cast<double>(n - 1 - i) : ages[i];
          slot(path[i]) += std::exp2(-age / half_life);
        }
        break;
      }
      case AttributionMethod::position:
        if (n == 1) {
          slot(path[0]) += 1;
        } else if (n == 2) {
          slot(path[0]) += first_of_two_;
          slot(path[1]) += 1 - first_of_two_;
        } else {
          slot(path[0]) += first_;
          for (std::size_t i = 1; i + 1 < n; ++i) slot(path[i]) += middle_ / static_cast<double>(n - 2);
          slot(path[n - 1]) += last_;
        }
        break;
      default:
        for (const std::uint32_t channel : path) slot(channel) += 1;
        break;
    }
    double sum = 0;
    for (const Slot& s : slots_) sum += s.weight;
    for (const Slot& s : slots_) {
      place_[s.channel] = 0;
      if (s.weight > 0) credit(s.channel, s.weight / sum);
    }
  }

 private:
  struct Slot {
    std::uint32_t channel;
    double weight;
  };
  double& slot(std::uint32_t channel) {
    if (channel >= place_.size()) place_.resize(std::size_t{channel} + 1, 0);
    if (place_[channel] == 0) {
      slots_.push_back({channel, 0});
      place_[channel] = static_cast<std::uint32_t>(slots_.size());
    }
    return slots_[place_[channel] - 1].weight;
  }

  CreditRules rules_;
  double first_ = 0, middle_ = 0, last_ = 0, first_of_two_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> place_;  // by channel: place in slots_ + 1
};

}  // namespace funnelgraph::inline v0::detail
