// What the methods need to know of journeys, counted in any order. Internal.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <funnelgraph/core/exact_sum.hpp>
#include <funnelgraph/explain/attribution_method.hpp>
#include <funnelgraph/explain/detail/touch_weights.hpp>
#include <funnelgraph/explain/detail/transition_tally.hpp>

namespace funnelgraph::inline v0::detail {

/// One row: a path with what its journeys came to. `value` counts where there are conversions.
struct CountedPath {
  std::span<const std::uint32_t> path;
  std::uint64_t conversions = 0, nulls = 0;
  double value = 0;
  std::span<const double> ages{};
};

/// Which methods are counted.
class MethodSet {
 public:
  MethodSet() = default;
  explicit MethodSet(std::span<const AttributionMethod> methods) {
    for (const AttributionMethod method : methods) wanted_[static_cast<std::size_t>(method)] = true;
  }
  [[nodiscard]] bool has(AttributionMethod method) const noexcept {
    return wanted_[static_cast<std::size_t>(method)];
  }
  bool operator==(const MethodSet&) const = default;

 private:
  std::array<bool, std::size(attribution_methods)> wanted_{};
};

/// Credit by channel, exactly summed.
struct CreditTally {
  std::vector<ExactSum> conversions, values;
};

/// Whole counts and exact sums only, so the order of adding and merging changes nothing.
class JourneyTally {
 public:
  JourneyTally(const MethodSet& methods, const CreditRules& rules)
      : methods_(methods), weights_(rules), transitions_(rules.order) {
    for (const AttributionMethod method : attribution_methods) {
      if (method != AttributionMethod::markov && methods_.has(method)) credited_.push_back(method);
    }
  }

  /// Channels are below `channels`. `has_value`: whether values are summed.
  void add(const CountedPath& row, std::uint32_t channels, bool has_value) {
    const std::uint64_t journeys = row.conversions + row.nulls;
    conversions += row.conversions;
    nulls += row.nulls;
    if (channels > touched.size()) touched.resize(channels, 0);
    for (const std::uint32_t channel : row.path) touched[channel] += journeys;
    if (methods_.has(AttributionMethod::markov))
      transitions_.add(row.path, channels, journeys, row.conversions);
    if (row.conversions == 0) return;
    if (has_value) value += row.value;
    for (const AttributionMethod method : credited_) {
      CreditTally& tally = credit[static_cast<std::size_t>(method)];
      const auto give = [&](std::uint32_t channel, double share) {
        if (channels > tally.conversions.size()) {
          tally.conversions.resize(channels);
          tally.values.resize(channels);
        }
        tally.conversions[channel].add_product(static_cast<double>(row.conversions), share);
        if (has_value) tally.values[channel].add_product(row.value, share);
      };
      if (method == AttributionMethod::first) {
        give(row.path.front(), 1);
      } else if (method == AttributionMethod::last) {
        give(row.path.back(), 1);
      } else {
        weights_.each(method, row.path, row.ages, give);
      }
    }
  }

  /// Adds `other`, whose channel c is `channel_of[c]` here, below `channels`.
  void merge(const JourneyTally& other, std::span<const std::uint32_t> channel_of, std::uint32_t channels) {
    conversions += other.conversions;
    nulls += other.nulls;
    value += other.value;
    touched.resize(std::max<std::size_t>(touched.size(), channels), 0);
    for (std::size_t c = 0; c < other.touched.size(); ++c) {
      if (other.touched[c] > 0) touched[channel_of[c]] += other.touched[c];
    }
    if (methods_.has(AttributionMethod::markov)) transitions_.merge(other.transitions_, channel_of, channels);
    for (std::size_t m = 0; m < credit.size(); ++m) {
      CreditTally& mine = credit[m];
      const CreditTally& theirs = other.credit[m];
      if (theirs.conversions.empty()) continue;
      mine.conversions.resize(std::max<std::size_t>(mine.conversions.size(), channels));
      mine.values.resize(mine.conversions.size());
      for (std::size_t c = 0; c < theirs.conversions.size() && c < channel_of.size(); ++c) {
        mine.conversions[channel_of[c]] += theirs.conversions[c];
        mine.values[channel_of[c]] += theirs.values[c];
      }
    }
  }

  [[nodiscard]] const TransitionTally& transitions() const noexcept { return transitions_; }

  std::uint64_t conversions = 0, nulls = 0;
  ExactSum value;
  std::vector<std::uint64_t> touched;  ///< touches by channel
  std::array<CreditTally, std::size(attribution_methods)> credit;

 private:
  MethodSet methods_;
  std::vector<AttributionMethod> credited_;
  TouchWeights weights_;
  TransitionTally transitions_;
};

}  // namespace funnelgraph::inline v0::detail
