// Funnels made by a seeded generator: loops, skips, joint owners, levers, lags of all families, channels; and
// the same funnel with its parts in another order.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/model/funnel.hpp>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// Draws that are the same with every standard library: only the engine is of the standard library.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : bits_(seed) {}
  double uniform() { return static_cast<double>(bits_() >> 11U) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  bool chance(double probability) { return uniform() < probability; }
  std::size_t below(std::size_t n) {
    return std::min(n - 1, static_cast<std::size_t>(uniform() * double(n)));
  }

 private:
  std::mt19937_64 bits_;
};

/// What a generated funnel may have beside stages, rates and entries.
struct RandomFunnelOptions {
  std::size_t most_stages = 12;
  bool unknown_lags = false;
  bool capacities = false;
  double discount_rate = 0;
  /// Numbers of every source, some with an interval; roles, labels, definitions, a view "buyer", names beyond
  /// ASCII, counts of a fit, entries without a channel; exactly the outcomes 0 (won), 1 (lost), 2 (screened)
  /// and 3 (silent).
  bool every_part = false;
};

/// The same seed gives the same funnel. It has no errors, every stage is reached and has a way to a win.
class RandomFunnel {
 public:
  RandomFunnel(std::uint64_t seed, RandomFunnelOptions options) : draw_(seed), options_(options) {}

  funnelgraph::Funnel make() {
    funnelgraph::FunnelInfo info;
    info.name = "generated";
    info.discount_rate = options_.discount_rate;
    if (options_.every_part) {
      info.currency = "VND";
      info.period = "week";
      if (chance(0.5)) info.discount_rate = number(0, 0.3);
    }
    funnel_.set_info(std::move(info));
    stages_ = 1 + below(options_.most_stages);
    owners();
    stages();
    outcomes();
    for (std::size_t i = 0; i < stages_; ++i) row(i);
    entries();
    levers();
    if (options_.every_part) view();
    return std::move(funnel_);
  }

 private:
  double uniform(double low, double high) { return draw_.uniform(low, high); }
  bool chance(double probability) { return draw_.chance(probability); }
  std::size_t below(std::size_t n) { return draw_.below(n); }
  bool text(double probability) { return options_.every_part && chance(probability); }
  std::string stage(std::size_t i) const {
    return (options_.every_part && i % 3 == 2 ? "đơn " : "stage ") + std::to_string(i);
  }
  static std::string outcome(std::size_t i) { return "outcome " + std::to_string(i); }
  static std::string owner(std::size_t i) { return "owner " + std::to_string(i); }

  /// A number in [low, high], of any source where all are asked for.
  funnelgraph::Number number(double low, double high) {
    const double value = uniform(low, high);
    if (!options_.every_part) return value;
    switch (below(7)) {
      case 0:
        return funnelgraph::measured(value, {.n = static_cast<double>(below(1000))});
      case 1:
        return funnelgraph::measured(value, {.n = 40, .interval = funnelgraph::Interval{low, high, 0.95}});
      case 2:
        return funnelgraph::agreed(value, {"owner 0", "owner 1"});
      case 3:
        return funnelgraph::estimated(value, {"owner 0"});
      case 4:
        return funnelgraph::placeholder(value);
      case 5:
        return funnelgraph::between(value - (value - low) / 2, value + (high - value) / 2);
      default:
        return value;
    }
  }

  void owners() {
    using funnelgraph::Role;
    const Role roles[] = {Role::marketing, Role::sales, Role::care, Role::other};
    owners_ = 1 + below(4);
    for (std::size_t i = 0; i < owners_; ++i) {
      funnelgraph::Owner made;
      made.name = owner(i);
      made.fixed_cost = chance(0.3) ? number(0, 500) : 0.0;
      if (options_.every_part) made.role = roles[i];
      if (text(0.3)) made.labels = {{"vi", "Kinh doanh"}};
      funnel_.add_owner(std::move(made));
    }
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
      if (chance(0.5)) made.cost = number(0, 20);
      if (chance(0.3)) made.value = number(0, 100);
      if (chance(0.2)) made.commission = number(0, 0.3);
      if (options_.capacities && chance(0.4)) made.capacity = number(0, 800);
      if (text(0.3)) made.involved = {owner(below(owners_))};
      if (text(0.3)) made.labels = {{"vi", "giai đoạn"}, {"en", "a stage"}};
      if (text(0.2)) made.definition = "asked for a price,\nor for a size";
      funnel_.add_stage(std::move(made));
    }
  }

  void outcomes() {
    using funnelgraph::OutcomeKind;
    const OutcomeKind kinds[] = {OutcomeKind::won, OutcomeKind::lost, OutcomeKind::screened,
                                 OutcomeKind::silent};
    outcomes_ = options_.every_part ? 4 : 1 + below(5);
    for (std::size_t i = 0; i < outcomes_; ++i) {
      funnelgraph::Outcome made;
      made.name = outcome(i);
      made.kind = options_.every_part ? kinds[i] : i == 0 ? OutcomeKind::won : kinds[below(4)];
      made.owner = ownership();
      if (chance(0.5)) made.value = number(0, 1000);
      if (chance(0.2)) made.commission = number(0, 0.2);
      if (text(0.2)) made.definition = "no answer";
      funnel_.add_outcome(std::move(made));
    }
  }

  funnelgraph::Lag lag() {
    using funnelgraph::Lag;
    if (options_.unknown_lags && chance(0.15)) return Lag::unknown();
    const funnelgraph::Number mean = number(0.1, 30);
    const double sd = mean.value * uniform(0.2, 1.5);
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
        return Lag::empirical({{0, 0}, {0.3, mean.value / 2}, {0.8, mean.value}, {1, 4 * mean.value}});
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
      if (chance(0.2)) made.cost = number(0, 5);
      if (chance(0.2)) made.value = number(0, 30);
      if (chance(0.3)) made.service_level = number(0, 20);
      if (text(0.2)) made.observed = funnelgraph::Observed{12, 90, 3};
      if (text(0.5)) made.rate = funnelgraph::measured(made.rate.value, {.n = 90});
      funnel_.add_transition(std::move(made));
    }
    if (!chance(0.3)) return;
    funnelgraph::Stage exact = funnel_.stage(stage(i));
    exact.drop_off = drop_off / sum;
    if (options_.every_part) exact.drop_off = funnelgraph::measured(drop_off / sum, {.n = 80});
    funnel_.replace_stage(stage(i), std::move(exact));
  }

  void entries() {
    funnel_.add_entry(
        {.stage = stage(0), .volume = number(10, 1000), .cost = number(0, 3), .channel = "web"});
    if (chance(0.5))
      funnel_.add_entry(
          {.stage = stage(0), .volume = number(0, 500), .channel = "fair", .owner = ownership()});
    if (chance(0.5))
      funnel_.add_entry(
          {.stage = stage(below(stages_)), .volume = number(0, 200), .cost = 1, .channel = "other"});
    if (text(0.5)) funnel_.add_entry({.stage = stage(below(stages_)), .volume = number(1, 200)});
  }

  void levers() {
    const std::size_t count = below(3);
    for (std::size_t k = 0; k < count; ++k) {
      const std::string name = "lever " + std::to_string(k);
      funnel_.add_lever(
          {.name = name, .owner = ownership(), .value = number(0.5, 2), .reference = uniform(0.5, 2)});
      const std::size_t at = below(funnel_.transitions().size());
      const auto& chosen = funnel_.transitions()[at];
      funnel_.add_influence(
          {.lever = name, .from = chosen.from, .to = chosen.to, .elasticity = number(-1, 1.5)});
    }
  }

  void view() {
    funnelgraph::View made{.name = "buyer"};
    for (std::size_t i = 0; i < stages_; ++i) {
      if (chance(0.5)) made.stages[stage(i)] = "seen " + std::to_string(i);
    }
    funnel_.add_view(std::move(made));
  }

  Draw draw_;
  RandomFunnelOptions options_;
  funnelgraph::Funnel funnel_;
  std::size_t stages_ = 0, outcomes_ = 0, owners_ = 0;
};

inline funnelgraph::Funnel random_funnel(std::uint64_t seed, RandomFunnelOptions options = {}) {
  return RandomFunnel(seed, options).make();
}

template <class T>
std::vector<T> shuffled(std::span<const T> given, Draw& draw) {
  std::vector<T> all(given.begin(), given.end());
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[draw.below(i)]);
  return all;
}

/// The same funnel with its parts inserted in another order.
inline funnelgraph::Funnel shuffled(const funnelgraph::Funnel& funnel, std::uint64_t seed) {
  Draw draw(seed);
  funnelgraph::Funnel other(funnel.info());
  for (auto& part : shuffled(funnel.transitions(), draw)) other.add_transition(std::move(part));
  for (auto& part : shuffled(funnel.views(), draw)) other.add_view(std::move(part));
  for (auto& part : shuffled(funnel.influences(), draw)) other.add_influence(std::move(part));
  for (auto& part : shuffled(funnel.levers(), draw)) other.add_lever(std::move(part));
  for (auto& part : shuffled(funnel.entries(), draw)) other.add_entry(std::move(part));
  for (auto& part : shuffled(funnel.outcomes(), draw)) other.add_outcome(std::move(part));
  for (auto& part : shuffled(funnel.stages(), draw)) other.add_stage(std::move(part));
  for (auto& part : shuffled(funnel.owners(), draw)) other.add_owner(std::move(part));
  return other;
}

}  // namespace test
