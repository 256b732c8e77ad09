// Funnels drawn at random with every kind of part, source and lag, and the same funnel in another order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <funnelgraph/model/funnel.hpp>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace test {

struct DrawnFunnelOptions {
  std::uint32_t stages = 0;    ///< 0 = 1 to 9
  bool loops = true;           ///< transitions back to earlier stages
  bool levers = true;          ///< levers with influences
  bool unknown_lags = true;    ///< some transitions have no lag
  bool given_drop_off = true;  ///< some stages say their drop-off
};

/// Draws that are the same on every platform: only the engine is of the standard library.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}
  [[nodiscard]] std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(engine_() % n); }
  [[nodiscard]] double uniform(double low, double high) {
    return low + (high - low) * static_cast<double>(engine_() >> 11U) * 0x1p-53;
  }
  [[nodiscard]] bool chance(double probability) { return uniform(0, 1) < probability; }

 private:
  std::mt19937_64 engine_;
};

template <class T>
std::vector<T> shuffled(std::span<const T> given, Draw& draw) {
  std::vector<T> all(given.begin(), given.end());
  for (std::size_t i = all.size(); i > 1; --i) {
    std::swap(all[i - 1], all[draw.below(static_cast<std::uint32_t>(i))]);
  }
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

namespace drawn {

namespace fg = funnelgraph;

inline fg::Number number(Draw& draw, double low, double high) {
  const double value = draw.uniform(low, high);
  switch (draw.below(7)) {
    case 0:
      return fg::measured(value, {.n = static_cast<double>(draw.below(1000))});
    case 1:
      return fg::measured(value, {.n = 40, .interval = fg::Interval{low, high, 0.95}});
    case 2:
      return fg::agreed(value, {"Marketing", "Sales"});
    case 3:
      return fg::estimated(value, {"Sales"});
    case 4:
      return fg::placeholder(value);
    case 5:
      return fg::between(value - (value - low) / 2, value + (high - value) / 2);
    default:
      return value;
  }
}

inline fg::Ownership ownership(Draw& draw) {
  switch (draw.below(4)) {
    case 0:
      return "Marketing";
    case 1:
      return "Chăm sóc";
    case 2: {
      const double share = draw.uniform(0.1, 0.9);
      return {{"Marketing", share}, {"Sales", 1 - share}};
    }
    default:
      return "Sales";
  }
}

inline fg::Lag lag(Draw& draw, bool may_be_unknown) {
  const fg::Number mean = number(draw, 0.1, 20);
  const double sd = mean.value * draw.uniform(0.2, 1.5);
  switch (draw.below(may_be_unknown ? 8 : 7)) {
    case 0:
      return fg::Lag::zero();
    case 1:
      return mean;
    case 2:
      return fg::Lag::exponential(mean);
    case 3:
      return fg::Lag::gamma({.mean = mean, .sd = sd});
    case 4:
      return fg::Lag::lognormal({.mean = mean, .sd = fg::estimated(sd, {"Sales"})});
    case 5:
      return fg::Lag::weibull({.mean = mean, .sd = sd});
    case 6: {
      const double low = draw.uniform(0, 1);
      return fg::Lag::empirical({{0, low}, {0.5, low + sd}, {0.9, low + 2 * sd}, {1, low + 5 * sd}});
    }
    default:
      return fg::Lag::unknown();
  }
}

inline fg::Stage stage(Draw& draw, std::string name) {
  fg::Stage stage{.name = std::move(name), .owner = ownership(draw)};
  if (draw.chance(0.3)) stage.involved = {"Chăm sóc"};
  if (draw.chance(0.3)) stage.labels = {{"vi", "giai đoạn"}, {"en", "a stage"}};
  if (draw.chance(0.2)) stage.definition = "asked for a price,\nor for a size";
  stage.cost = number(draw, 0, 5);
  stage.value = draw.chance(0.3) ? number(draw, 0, 80) : fg::Number(0);
  stage.commission = draw.chance(0.3) ? number(draw, 0, 0.3) : fg::Number(0);
  if (draw.chance(0.3)) stage.capacity = number(draw, 10, 5000);
  return stage;
}

inline fg::Transition transition(Draw& draw, std::string from, std::string to, bool unknown_lags) {
  fg::Transition transition{.from = std::move(from), .to = std::move(to)};
  transition.rate = number(draw, 0.01, 1);
  transition.lag = lag(draw, unknown_lags);
  if (draw.chance(0.2)) transition.cost = number(draw, 0, 2);
  if (draw.chance(0.2)) transition.value = number(draw, 0, 9);
  if (draw.chance(0.3)) transition.service_level = number(draw, 0.5, 9);
  if (draw.chance(0.2)) transition.observed = fg::Observed{12, 90, 3};
  return transition;
}

}  // namespace drawn

/// The same seed gives the same funnel. It has no errors; the first stage and some others are entered,
/// every stage wins and loses some journeys. Outcomes: won, rival, misfit, im lặng (silent).
inline funnelgraph::Funnel drawn_funnel(std::uint64_t seed, const DrawnFunnelOptions& options = {}) {
  namespace fg = funnelgraph;
  Draw draw(seed);
  fg::FunnelInfo info{.name = "drawn", .currency = "VND", .period = "week"};
  if (draw.chance(0.5)) info.discount_rate = drawn::number(draw, 0, 0.3);
  fg::Funnel funnel(info);

  funnel.add_owner(
      {.name = "Marketing", .role = fg::Role::marketing, .fixed_cost = drawn::number(draw, 0, 50)});
  funnel.add_owner({.name = "Sales", .role = fg::Role::sales, .labels = {{"vi", "Kinh doanh"}}});
  funnel.add_owner({.name = "Chăm sóc", .role = fg::Role::care, .fixed_cost = 7});
  funnel.add_outcome({.name = "won",
                      .kind = fg::OutcomeKind::won,
                      .value = drawn::number(draw, 0, 900),
                      .commission = drawn::number(draw, 0, 0.2)});
  funnel.add_outcome({.name = "rival", .kind = fg::OutcomeKind::lost, .owner = "Sales"});
  funnel.add_outcome({.name = "misfit", .kind = fg::OutcomeKind::screened});
  funnel.add_outcome({.name = "im lặng", .kind = fg::OutcomeKind::silent, .definition = "no answer"});

  const std::uint32_t count = options.stages > 0 ? options.stages : 1 + draw.below(9);
  const auto name_of = [](std::uint32_t i) { return (i % 3 == 2 ? "đơn " : "stage ") + std::to_string(i); };
  const char* lost[] = {"rival", "misfit", "im lặng"};
  fg::View view{.name = "buyer"};
  for (std::uint32_t i = 0; i < count; ++i) {
    std::vector<std::string> targets{"won"};
    for (int k = 0; k < 3; ++k) {
      const std::uint32_t j = options.loops ? draw.below(count) : i + 1 + draw.below(3);
      if (j < count) targets.push_back(name_of(j));
      if (draw.chance(0.3)) targets.emplace_back(lost[draw.below(3)]);
    }
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    std::vector<fg::Transition> row;
    double total = 0;
    for (const std::string& to : targets) {
      row.push_back(drawn::transition(draw, name_of(i), to, options.unknown_lags));
      total += row.back().rate.value;
    }
    const double kept = draw.uniform(0.5, 0.95);
    double taken = 0;
    for (fg::Transition& transition : row) {
      const fg::Source source = transition.rate.source.interval() ? fg::Source() : transition.rate.source;
      transition.rate = {transition.rate.value / total * kept, source};
      taken += transition.rate.value;
      funnel.add_transition(std::move(transition));
    }
    fg::Stage stage = drawn::stage(draw, name_of(i));
    if (options.given_drop_off && draw.chance(0.3)) stage.drop_off = fg::measured(1 - taken, {.n = 80});
    if (draw.chance(0.5)) view.stages[stage.name] = "seen " + std::to_string(i);
    funnel.add_stage(std::move(stage));
  }
  funnel.add_view(std::move(view));

  for (std::uint32_t i = 0; i < count; ++i) {
    if (i > 0 && draw.chance(0.5)) continue;
    fg::Entry entry{.stage = name_of(i), .volume = drawn::number(draw, 1, 900)};
    entry.cost = drawn::number(draw, 0, 3);
    funnel.add_entry(entry);
    if (draw.chance(0.5)) continue;
    entry.channel = "facebook";
    entry.volume = drawn::number(draw, 1, 900);
    entry.owner = "Marketing";
    funnel.add_entry(entry);
  }
  if (options.levers && draw.chance(0.6)) {
    funnel.add_lever({.name = "priming", .owner = "Marketing", .value = drawn::number(draw, 0.5, 2)});
    funnel.add_lever({.name = "speed", .owner = "Sales", .value = 1.5, .reference = 2});
    funnel.add_influence(
        {.lever = "priming", .from = name_of(0), .to = "won", .elasticity = drawn::number(draw, -1, 1)});
    funnel.add_influence({.lever = "speed", .from = name_of(count - 1), .to = "won", .elasticity = 0.4});
  }
  return funnel;
}

}  // namespace test
