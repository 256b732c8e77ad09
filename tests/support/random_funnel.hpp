// Funnels made by a seeded generator: loops, skips, joint owners, levers, lags of all families, channels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/model/funnel.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// What a generated funnel may have beside stages, rates and entries.
struct RandomFunnelOptions {
  std::size_t most_stages = 12;
  bool unknown_lags = false;
  bool capacities = false;
  double discount_rate = 0;
};

/// The same seed gives the same funnel with every standard library.
class RandomFunnel {
 public:
  RandomFunnel(std::uint64_t seed, RandomFunnelOptions options) : bits_(seed), options_(options) {}

  funnelgraph::Funnel make() {
    funnelgraph::FunnelInfo info;
    info.name = "generated";
    info.discount_rate = options_.discount_rate;
    funnel_.set_info(std::move(info));
    stages_ = 1 + below(options_.most_stages);
    owners();
    stages();
    outcomes();
    for (std::size_t i = 0; i < stages_; ++i) row(i);
    entries();
    levers();
    return std::move(funnel_);
  }

 private:
  double uniform() { return static_cast<double>(bits_() >> 11U) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  bool chance(double probability) { return uniform() < probability; }
  std::size_t below(std::size_t n) {
    return std::min(n - 1, static_cast<std::size_t>(uniform() * double(n)));
  }
  static std::string stage(std::size_t i) { return "stage " + std::to_string(i); }
  static std::string outcome(std::size_t i) { return "outcome " + std::to_string(i); }
  static std::string owner(std::size_t i) { return "owner " + std::to_string(i); }

  void owners() {
    owners_ = 1 + below(4);
    for (std::size_t i = 0; i < owners_; ++i)
      funnel_.add_owner({.name = owner(i), .fixed_cost = chance(0.3) ? uniform(0, 500) : 0.0});
  }

  funnelgraph::Ownership ownership() {
    if (chance(0.1)) return {};
    std::vector<std::size_t> who(owners_);
    for (std::size_t i = 0; i < owners_; ++i) who[i] = i;
    for (std::size_t i = owners_; i > 1; --i) std::swap(who[i - 1], who[below(i)]);
    who.resize(1 + below(std::min<std::size_t>(3, owners_)));
    std::vector<funnelgraph::OwnerShare> shares;
    double left = 1;
    for (std::size_t k = 0; k < who.size(); ++k) {
      const double share = k + 1 == who.size() ? left : left * uniform(0.2, 0.8);
      shares.push_back({owner(who[k]), share});
      left -= share;
    }
    return funnelgraph::Ownership(std::move(shares));
  }

  void stages() {
    for (std::size_t i = 0; i < stages_; ++i) {
      funnelgraph::Stage made;
      made.name = stage(i);
      made.owner = ownership();
      if (chance(0.5)) made.cost = uniform(0, 20);
      if (chance(0.3)) made.value = uniform(0, 100);
      if (chance(0.2)) made.commission = uniform(0, 0.3);
      if (options_.capacities && chance(0.4)) made.capacity = uniform(0, 800);
      funnel_.add_stage(std::move(made));
    }
  }

  void outcomes() {
    using funnelgraph::OutcomeKind;
    const OutcomeKind kinds[] = {OutcomeKind::won, OutcomeKind::lost, OutcomeKind::screened,
                                 OutcomeKind::silent};
    outcomes_ = 1 + below(5);
    for (std::size_t i = 0; i < outcomes_; ++i) {
      funnelgraph::Outcome made;
      made.name = outcome(i);
      made.kind = i == 0 ? OutcomeKind::won : kinds[below(4)];
      made.owner = ownership();
      if (chance(0.5)) made.value = uniform(0, 1000);
      if (chance(0.2)) made.commission = uniform(0, 0.2);
      funnel_.add_outcome(std::move(made));
    }
  }

  funnelgraph::Lag lag() {
    using funnelgraph::Lag;
    if (options_.unknown_lags && chance(0.15)) return Lag::unknown();
    const double mean = uniform(0.1, 30);
    const double sd = mean * uniform(0.2, 1.5);
    switch (below(7)) {
      case 0:
        return Lag::zero();
      case 1:
        return Lag::deterministic(mean);
      case 2:
        return Lag::gamma({.mean = mean, .sd = sd});
      case 3:
        return Lag::lognormal({.mean = mean, .sd = sd});
      case 4:
        return Lag::weibull({.mean = mean, .sd = sd});
      case 5:
        return Lag::empirical({{0, 0}, {0.3, mean / 2}, {0.8, mean}, {1, 4 * mean}});
      default:
        return Lag::exponential(mean);
    }
  }

  /// One row: forward always, so that every stage is reached and has a way out.
  void row(std::size_t i) {
    std::vector<std::pair<std::string, double>> weights;
    const auto add = [&](std::string to, double weight) {
      for (const auto& [known, unused] : weights) {
        if (known == to) return;
      }
      weights.emplace_back(std::move(to), weight);
    };
    add(i + 1 < stages_ ? stage(i + 1) : outcome(0), uniform(0.2, 1));
    if (i + 2 < stages_ && chance(0.4)) add(stage(i + 2 + below(stages_ - i - 2)), uniform(0, 0.4));
    if (i > 0 && chance(0.5)) add(stage(below(i)), uniform(0, 0.5));
    if (chance(0.15)) add(stage(i), uniform(0, 0.5));
    for (std::size_t o = 0; o < outcomes_; ++o) {
      if (chance(0.35)) add(outcome(o), uniform(0, 0.5));
    }
    const double drop_off = chance(0.2) ? 0.0 : uniform(0, 0.6);
    double sum = drop_off;
    for (const auto& [to, weight] : weights) sum += weight;
    for (const auto& [to, weight] : weights) {
      funnelgraph::Transition made;
      made.from = stage(i);
      made.to = to;
      made.rate = weight / sum;
      made.lag = lag();
      if (chance(0.2)) made.cost = uniform(0, 5);
      if (chance(0.2)) made.value = uniform(0, 30);
      if (chance(0.3)) made.service_level = uniform(0, 20);
      funnel_.add_transition(std::move(made));
    }
    if (!chance(0.3)) return;
    funnelgraph::Stage exact = funnel_.stage(stage(i));
    exact.drop_off = drop_off / sum;
    funnel_.replace_stage(stage(i), std::move(exact));
  }

  void entries() {
    funnel_.add_entry(
        {.stage = stage(0), .volume = uniform(10, 1000), .cost = uniform(0, 3), .channel = "web"});
    if (chance(0.5))
      funnel_.add_entry(
          {.stage = stage(0), .volume = uniform(0, 500), .channel = "fair", .owner = ownership()});
    if (chance(0.5))
      funnel_.add_entry(
          {.stage = stage(below(stages_)), .volume = uniform(0, 200), .cost = 1, .channel = "other"});
  }

  void levers() {
    const std::size_t count = below(3);
    for (std::size_t k = 0; k < count; ++k) {
      const std::string name = "lever " + std::to_string(k);
      funnel_.add_lever(
          {.name = name, .owner = ownership(), .value = uniform(0.5, 2), .reference = uniform(0.5, 2)});
      const std::size_t at = below(funnel_.transitions().size());
      const auto& chosen = funnel_.transitions()[at];
      funnel_.add_influence(
          {.lever = name, .from = chosen.from, .to = chosen.to, .elasticity = uniform(-1, 1.5)});
    }
  }

  std::mt19937_64 bits_;
  RandomFunnelOptions options_;
  funnelgraph::Funnel funnel_;
  std::size_t stages_ = 0, outcomes_ = 0, owners_ = 0;
};

inline funnelgraph::Funnel random_funnel(std::uint64_t seed, RandomFunnelOptions options = {}) {
  return RandomFunnel(seed, options).make();
}

}  // namespace test
