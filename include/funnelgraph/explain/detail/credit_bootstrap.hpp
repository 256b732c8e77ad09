// Intervals of credits by resampling journeys. Internal.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/explain/attribution_options.hpp>
#include <funnelgraph/explain/channel_credit.hpp>
#include <funnelgraph/explain/detail/kept_paths.hpp>
#include <funnelgraph/explain/detail/poisson_draw.hpp>
#include <funnelgraph/explain/removal_effects.hpp>

namespace funnelgraph::inline v0::detail {

/// Replications of all credits of a result.
class CreditBootstrap {
 public:
  /// `place`: by code of the paths, the place in `channels`. The options and the chain must outlive this.
  CreditBootstrap(const AttributionOptions& options, const std::vector<std::string>& channels,
                  const JourneyChain& chain, const KeptPaths& paths, std::span<const std::uint32_t> place,
                  bool with_value)
      : options_(options), chain_(chain), with_value_(with_value), channels_(channels.size()) {
    TouchWeights weights(options.rules);
    std::vector<std::uint32_t> path;
    for (std::size_t p = 0; p < paths.size(); ++p) {
      const CountedPath row = paths[p];
      path.clear();
      std::string text;
      for (const std::uint32_t c : row.path) {
        path.push_back(place[c]);
        text += channels[place[c]];
        text += '\x1F';
      }
      if (!row.ages.empty()) text += std::to_string(p);  // journeys, which may have equal paths
      hash_.push_back(name_hash(text));
      conversions_.push_back(static_cast<double>(row.conversions));
      nulls_.push_back(static_cast<double>(row.nulls));
      values_.push_back(row.value);
      add_steps(path);
      for (const AttributionMethod method : options.methods) {
        if (row.conversions > 0) add_shares(method, path, row.ages, weights);
        share_begin_.push_back(shares_.size());
      }
    }
  }

  /// Fills the intervals in; returns the number of replications without any conversion, which are left out.
  std::size_t run(std::vector<ChannelCredit>& credits, const Execution& execution) const {
    const std::size_t replications = options_.intervals.replications;
    const std::size_t figures = credits.size();
    // One row of replications for each of conversions, share, value and removal effect of each credit.
    std::vector<double> drawn(4 * figures * replications);
    std::vector<char> empty(replications, 0);
    const RemovalSolver* removal = nullptr;
    std::optional<RemovalSolver> solver;
    if (chain_.state_count() > 0) removal = &solver.emplace(chain_);
    parallel_for(
        replications, 1,
        [&](std::size_t first, std::size_t last, std::size_t) {
          for (std::size_t r = first; r < last; ++r) {
            empty[r] = replicate(r, removal,
                                 [&](std::size_t which, std::size_t figure, double x) {
                                   drawn[(which * figures + figure) * replications + r] = x;
                                 })
                           ? 0
                           : 1;
          }
        },
        Execution{.threads = execution.threads});
    std::vector<double> sorted;
    const auto interval = [&](std::size_t which, std::size_t figure, CreditFigure& into) {
      if (std::isnan(into.value)) return;
      sorted.clear();
      const double* row = drawn.data() + (which * figures + figure) * replications;
      for (std::size_t r = 0; r < replications; ++r) {
        if (empty[r] == 0) sorted.push_back(row[r]);
      }
      if (sorted.empty()) return;
      std::sort(sorted.begin(), sorted.end());
      into.low = quantile(sorted, (1 - options_.intervals.level) / 2);
      into.high = quantile(sorted, (1 + options_.intervals.level) / 2);
    };
    for (std::size_t figure = 0; figure < figures; ++figure) {
      interval(0, figure, credits[figure].conversions);
      interval(1, figure, credits[figure].share);
      interval(2, figure, credits[figure].value);
      interval(3, figure, credits[figure].removal_effect);
    }
    return static_cast<std::size_t>(std::count(empty.begin(), empty.end(), char{1}));
  }

 private:
  struct Share {
    std::uint32_t channel;
    double share;
  };

  /// Linear between order statistics (type 7 of Hyndman and Fan 1996).
  static double quantile(const std::vector<double>& sorted, double probability) {
    const double at = probability * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    if (below + 1 >= sorted.size()) return sorted.back();
    return sorted[below] + (at - static_cast<double>(below)) * (sorted[below + 1] - sorted[below]);
  }
  /// The state of the last touches of `path` up to and with `end`.
  [[nodiscard]] std::uint32_t state_of(std::span<const std::uint32_t> path, std::size_t end) const {
    const std::size_t length = std::min<std::size_t>(chain_.order, end + 1);
    const auto wanted = path.subspan(end + 1 - length, length);
    std::uint32_t low = 0, high = chain_.state_count();
    while (low < high) {
      const std::uint32_t middle = low + (high - low) / 2;
      const auto touches = std::span(chain_.touches)
                               .subspan(chain_.touch_begin[middle],
                                        chain_.touch_begin[middle + 1] - chain_.touch_begin[middle]);
      if (std::ranges::lexicographical_compare(touches, wanted)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
  void add_steps(std::span<const std::uint32_t> path) {
    if (chain_.state_count() == 0) return;
    std::uint32_t state = state_of(path, 0);
    start_.push_back(state);
    for (std::size_t i = 1; i < path.size(); ++i) {
      const std::uint32_t next = state_of(path, i);
      const auto row = chain_.target.begin();
      const auto at =
          std::lower_bound(row + chain_.row_begin[state], row + chain_.row_begin[state + 1], next);
      steps_.push_back(static_cast<std::uint32_t>(at - row));
      state = next;
    }
    end_.push_back(state);
    step_begin_.push_back(steps_.size());
  }
  void add_shares(AttributionMethod method, std::span<const std::uint32_t> path, std::span<const double> ages,
                  TouchWeights& weights) {
    const auto give = [&](std::uint32_t channel, double share) { shares_.push_back({channel, share}); };
    switch (method) {
      case AttributionMethod::markov:
        return;
      case AttributionMethod::first:
        return give(path.front(), 1);
      case AttributionMethod::last:
        return give(path.back(), 1);
      default:
        weights.each(method, path, ages, give);
    }
  }

  /// put(0 conversions, 1 share, 2 value or 3 removal effect; figure; number). False without a conversion.
  template <class Put>
  bool replicate(std::size_t r, const RemovalSolver* removal, const Put& put) const {
    const std::size_t methods = options_.methods.size();
    JourneyChain numbers;
    if (removal != nullptr) {
      numbers = chain_;
      for (auto* each : {&numbers.count, &numbers.started, &numbers.converted, &numbers.lost})
        std::fill(each->begin(), each->end(), 0.0);
    }
    std::vector<double> conversions(methods * channels_, 0.0), values(methods * channels_, 0.0);
    double all = 0, all_value = 0;
    for (std::size_t p = 0; p < hash_.size(); ++p) {
      RandomStream stream(options_.intervals.seed, r, hash_[p]);
      const double converted = poisson_draw(conversions_[p], stream);
      const double lost = poisson_draw(nulls_[p], stream);
      if (removal != nullptr && converted + lost > 0) {
        numbers.started[start_[p]] += converted + lost;
        for (std::size_t s = step_begin_[p]; s < step_begin_[p + 1]; ++s)
          numbers.count[steps_[s]] += converted + lost;
        numbers.converted[end_[p]] += converted;
        numbers.lost[end_[p]] += lost;
      }
      if (converted == 0) continue;
      const double value = with_value_ ? values_[p] * (converted / conversions_[p]) : 0;
      all += converted;
      all_value += value;
      for (std::size_t m = 0; m < methods; ++m) {
        for (std::size_t s = share_begin_[p * methods + m]; s < share_begin_[p * methods + m + 1]; ++s) {
          conversions[m * channels_ + shares_[s].channel] += converted * shares_[s].share;
          values[m * channels_ + shares_[s].channel] += value * shares_[s].share;
        }
      }
    }
    if (!(all > 0)) return false;
    for (std::size_t m = 0; m < methods; ++m) {
      if (options_.methods[m] == AttributionMethod::markov) {
        const RemovalEffects effects = removal->effects(numbers, Execution{.threads = 1});
        double sum = 0;
        for (const double effect : effects.effect) sum += effect;
        for (std::size_t c = 0; c < channels_; ++c) {
          put(0, m * channels_ + c, effects.effect[c] / sum * all);
          put(1, m * channels_ + c, effects.effect[c] / sum);
          put(2, m * channels_ + c, effects.effect[c] / sum * all_value);
          put(3, m * channels_ + c, effects.effect[c]);
        }
        continue;
      }
      for (std::size_t c = 0; c < channels_; ++c) {
        const std::size_t figure = m * channels_ + c;
        put(0, figure, conversions[figure]);
        put(1, figure, conversions[figure] / all);
        put(2, figure, values[figure]);
        put(3, figure, 0);
      }
    }
    return true;
  }

  const AttributionOptions& options_;
  const JourneyChain& chain_;
  bool with_value_;
  std::size_t channels_;
  std::vector<std::uint64_t> hash_;
  std::vector<double> conversions_, nulls_, values_;
  std::vector<std::uint32_t> start_, end_, steps_;  // states and edges of the chain
  std::vector<std::size_t> step_begin_{0};
  std::vector<Share> shares_;
  std::vector<std::size_t> share_begin_{0};  // by path, then method
};

}  // namespace funnelgraph::inline v0::detail
