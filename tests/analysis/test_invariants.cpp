// What holds for every funnel, over generated ones.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/core/units.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "../support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr std::uint64_t funnels = 600;

/// Sums of the same positive numbers in another order.
void check_sum(double got, double wanted) {
  CHECK_THAT(got, WithinRel(wanted, 1e-9) || WithinAbs(wanted, 1e-9));
}

/// Apart by more than rounding of the same numbers.
bool differ(double x, double y) { return std::abs(x - y) > 1e-10 * std::max(std::abs(x), std::abs(y)); }

template <class Row>
double total(const std::vector<Row>& rows, double Row::* column) {
  double sum = 0;
  for (const Row& row : rows) sum += row.*column;
  return sum;
}

}  // namespace

TEST_CASE("outcomes and drop-off sum to one from every stage") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const fg::Funnel funnel = test::random_funnel(seed);
    const fg::Analysis a = fg::analyze(funnel);
    INFO("seed " << seed);
    for (const fg::Stage& stage : funnel.stages()) {
      double sum = a.probability("drop_off", stage.name);
      for (const fg::Outcome& outcome : funnel.outcomes()) {
        const double probability = a.probability(outcome.name, stage.name);
        CHECK((probability >= 0 && probability <= 1));
        sum += probability;
      }
      CHECK_THAT(sum, WithinAbs(1, 1e-12));
    }
    double sum = 0;
    for (const fg::OutcomeRow& row : a.outcomes) sum += row.probability;
    CHECK_THAT(sum, WithinAbs(1, 1e-12));
    for (const fg::StageRow& row : a.stages) CHECK((row.reach >= 0 && row.reach <= 1));
  }
}

TEST_CASE("the owner ledger adds up to the totals, with and without a cap [14,25,26,32]") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const bool cap = seed % 2 == 1;
    const fg::Funnel funnel =
        test::random_funnel(seed, {.capacities = cap, .discount_rate = seed % 3 == 0 ? 0.2 : 0.0});
    const fg::Analysis a =
        fg::analyze(funnel, {.capacity = cap ? fg::CapacityRule::cap : fg::CapacityRule::report});
    INFO("seed " << seed);
    for (const auto* rows : {&a.owners, &a.owners_by_visit}) {
      for (const fg::OwnerRow& row : *rows) {
        INFO(row.owner);
        check_sum(row.passed_on + row.screened + row.lost + row.open, row.received);
      }
      check_sum(total(*rows, &fg::OwnerRow::cost), a.cost);
      check_sum(total(*rows, &fg::OwnerRow::value), a.revenue);
    }
    check_sum(total(a.stages, &fg::StageRow::lost), total(a.owners, &fg::OwnerRow::lost));
    double counts = 0;
    for (const fg::OutcomeRow& row : a.outcomes) counts += row.count;
    check_sum(counts, a.entrants);
    double handed = 0;
    for (const fg::HandOffRow& row : a.hand_offs) {
      CHECK(row.giver != row.receiver);
      handed += row.volume;
    }
    double won = 0;
    for (const fg::OutcomeRow& row : a.outcomes) won += row.kind == "won" ? row.count : 0;
    check_sum(total(a.owners, &fg::OwnerRow::passed_on), handed + won);
    check_sum(total(a.owners, &fg::OwnerRow::received), handed + a.entrants);
  }
}

TEST_CASE("the order and the names of stages do not matter") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const fg::Funnel funnel = test::random_funnel(seed, {.discount_rate = 0.1});
    // Everything backwards, stages and outcomes under other names that sort the other way.
    fg::Funnel mirror(funnel.info());
    const auto other = [](const std::string& name) { return "x" + std::string(name.rbegin(), name.rend()); };
    for (std::size_t k = funnel.owners().size(); k-- > 0;) mirror.add_owner(funnel.owners()[k]);
    for (std::size_t k = funnel.levers().size(); k-- > 0;) mirror.add_lever(funnel.levers()[k]);
    for (std::size_t k = funnel.stages().size(); k-- > 0;) {
      fg::Stage stage = funnel.stages()[k];
      stage.name = other(stage.name);
      mirror.add_stage(stage);
    }
    for (std::size_t k = funnel.outcomes().size(); k-- > 0;) {
      fg::Outcome outcome = funnel.outcomes()[k];
      outcome.name = other(outcome.name);
      mirror.add_outcome(outcome);
    }
    for (std::size_t k = funnel.transitions().size(); k-- > 0;) {
      fg::Transition transition = funnel.transitions()[k];
      transition.from = other(transition.from);
      transition.to = other(transition.to);
      mirror.add_transition(transition);
    }
    for (std::size_t k = funnel.entries().size(); k-- > 0;) {
      fg::Entry entry = funnel.entries()[k];
      entry.stage = other(entry.stage);
      mirror.add_entry(entry);
    }
    for (std::size_t k = funnel.influences().size(); k-- > 0;) {
      fg::Influence influence = funnel.influences()[k];
      influence.from = other(influence.from);
      influence.to = other(influence.to);
      mirror.add_influence(influence);
    }
    const fg::Analysis a = fg::analyze(funnel);
    const fg::Analysis b = fg::analyze(mirror);
    INFO("seed " << seed);
    // Another order of elimination: rounding only.
    const auto same = [](double x, double y) { CHECK_THAT(y, WithinRel(x, 1e-10) || WithinAbs(x, 1e-10)); };
    same(a.revenue, b.revenue);
    same(a.cost, b.cost);
    for (const fg::Stage& stage : funnel.stages()) {
      same(a.visits(stage.name), b.visits(other(stage.name)));
      same(a.reach(stage.name), b.reach(other(stage.name)));
    }
    for (const fg::Outcome& outcome : funnel.outcomes()) {
      same(a.count(outcome.name), b.count(other(outcome.name)));
      if (a.count(outcome.name) == 0) continue;
      same(a.time_to(outcome.name).mean, b.time_to(other(outcome.name)).mean);
      same(a.time_to(outcome.name).sd, b.time_to(other(outcome.name)).sd);
    }
    std::map<std::string, const fg::OwnerRow*> rows;
    for (const fg::OwnerRow& row : b.owners) rows[row.owner] = &row;
    REQUIRE(a.owners.size() == rows.size());
    for (const fg::OwnerRow& row : a.owners) {
      same(row.received, rows.at(row.owner)->received);
      same(row.lost, rows.at(row.owner)->lost);
      same(row.value, rows.at(row.owner)->value);
      same(row.cost, rows.at(row.owner)->cost);
      same(row.waiting_days, rows.at(row.owner)->waiting_days);
    }
  }
}

namespace {

/// Journeys walked one by one over the compiled chain.
class Walker {
 public:
  Walker(const fg::Chain& chain, std::uint64_t seed) : chain_(chain), bits_(seed) {
    for (const fg::ChainEntry& entry : chain.entries) volumes_.push_back(entry.volume);
  }

  struct Journey {
    std::uint32_t exit = 0;  // outcome, or outcome_count for the drop-off
    double days = 0;
    double money = 0;  // discounted value - cost, entry cost included
  };

  Journey walk() {
    const std::size_t k = std::discrete_distribution<std::size_t>(volumes_.begin(), volumes_.end())(bits_);
    const double force = fg::discount_force(chain_.discount_rate);
    Journey journey;
    journey.money = -chain_.entries[k].cost;
    std::uint32_t i = chain_.entries[k].stage;
    while (true) {
      const double now = std::exp(-force * journey.days);
      journey.money +=
          now * (chain_.stage_value[i] * (1 - chain_.stage_commission[i]) - chain_.stage_cost[i]);
      double u = uniform();
      std::uint32_t e = chain_.row_begin[i];
      for (; e < chain_.row_begin[i + 1]; ++e) {
        if (u < chain_.rate[e]) break;
        u -= chain_.rate[e];
      }
      if (e == chain_.row_begin[i + 1]) {
        journey.exit = chain_.outcome_count;
        return journey;
      }
      journey.money -= now * chain_.edge_cost[e];
      journey.days += lag(chain_.lag[e]);
      const double then = std::exp(-force * journey.days);
      journey.money += then * chain_.edge_value[e];
      if (chain_.to_stage(e)) {
        i = chain_.target[e];
        continue;
      }
      journey.exit = chain_.target[e] - chain_.stage_count;
      journey.money +=
          then * chain_.outcome_value[journey.exit] * (1 - chain_.outcome_commission[journey.exit]);
      return journey;
    }
  }

 private:
  double uniform() { return std::uniform_real_distribution<double>()(bits_); }
  double lag(const fg::LagDistribution& lag) {
    if (lag.mean == 0) return 0;
    switch (lag.family) {
      case fg::LagFamily::deterministic:
        return lag.mean;
      case fg::LagFamily::exponential:
        return std::exponential_distribution<double>(1 / lag.mean)(bits_);
      case fg::LagFamily::gamma: {
        const double shape = lag.mean * lag.mean / (lag.sd * lag.sd);
        return std::gamma_distribution<double>(shape, lag.mean / shape)(bits_);
      }
      case fg::LagFamily::lognormal: {
        const double variance = std::log1p(lag.sd * lag.sd / (lag.mean * lag.mean));
        return std::lognormal_distribution<double>(std::log(lag.mean) - variance / 2,
                                                   std::sqrt(variance))(bits_);
      }
      default:
        return fg::quantile(lag, uniform());
    }
  }

  const fg::Chain& chain_;
  std::mt19937_64 bits_;
  std::vector<double> volumes_;
};

}  // namespace

TEST_CASE("moments agree with journeys walked one by one") {
  for (std::uint64_t seed = 1000; seed < 1500; ++seed) {
    const int journeys = seed < 1030 ? 20'000 : 3'000;  // some closely, all of them
    const fg::Funnel funnel = test::random_funnel(seed, {.discount_rate = seed % 2 == 0 ? 0.5 : 0.0});
    const fg::Analysis a = fg::analyze(funnel);
    Walker walker(a.compiled().chain, seed);
    INFO("seed " << seed);
    std::vector<std::vector<double>> days(funnel.outcomes().size() + 1);
    double sum = 0;
    double squares = 0;
    for (int k = 0; k < journeys; ++k) {
      const Walker::Journey journey = walker.walk();
      days[journey.exit].push_back(journey.days);
      sum += journey.money;
      squares += journey.money * journey.money;
    }
    // Six standard errors: a right figure fails one time in 500 million.
    const double mean = sum / journeys;
    const double error = std::sqrt(std::max(0.0, squares / journeys - mean * mean) / journeys);
    double fixed = 0;
    for (const fg::Owner& owner : funnel.owners()) fixed += owner.fixed_cost.value;
    CHECK_THAT((a.profit + fixed) / a.entrants, WithinAbs(mean, 6 * error + 1e-9));
    for (std::size_t exit = 0; exit < days.size(); ++exit) {
      const fg::OutcomeRow& row = a.outcomes[exit];
      INFO(row.outcome);
      const double n = static_cast<double>(days[exit].size());
      const double share_error = std::sqrt(row.probability * (1 - row.probability) / journeys);
      CHECK_THAT(row.probability, WithinAbs(n / journeys, 6 * share_error + 1e-9));
      if (n < 500) continue;
      double average = 0;
      for (const double d : days[exit]) average += d / n;
      double second = 0;
      double fourth = 0;
      for (const double d : days[exit]) {
        second += std::pow(d - average, 2) / n;
        fourth += std::pow(d - average, 4) / n;
      }
      CHECK_THAT(row.time_mean, WithinAbs(average, 6 * std::sqrt(second / n) + 1e-9));
      // The variance's own error is from the sample's fourth moment, which heavy tails underrate: the more
      // so the smaller the sample.
      if (journeys < 20'000) continue;
      CHECK_THAT(row.time_sd * row.time_sd,
                 WithinAbs(second, 8 * std::sqrt(std::max(0.0, fourth - second * second) / n) + 1e-9));
    }
  }
}

TEST_CASE("an unknown lag makes unknown what needs it and nothing else") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const fg::Funnel funnel = test::random_funnel(seed, {.unknown_lags = true});
    fg::Funnel known = funnel;
    for (const fg::Transition& transition : funnel.transitions()) {
      if (transition.lag.family != fg::LagFamily::unknown) continue;
      fg::Transition changed = transition;
      changed.lag = fg::Lag::deterministic(1.0);
      known.replace_transition(changed.from, changed.to, changed);
    }
    const fg::Analysis a = fg::analyze(funnel);
    const fg::Analysis b = fg::analyze(known);
    // What moves when the unknown lags move is what needs them.
    fg::Funnel later = known;
    for (const fg::Transition& transition : funnel.transitions()) {
      if (transition.lag.family == fg::LagFamily::unknown)
        later.set(fg::lag(transition.from, transition.to), 1000.0);
    }
    const fg::Analysis c = fg::analyze(later);
    INFO("seed " << seed);
    CHECK(a.profit == b.profit);
    for (std::size_t o = 0; o < a.outcomes.size(); ++o) {
      INFO(a.outcomes[o].outcome);
      CHECK(a.outcomes[o].count == b.outcomes[o].count);
      if (a.outcomes[o].count == 0) continue;
      const bool needs = differ(b.outcomes[o].time_mean, c.outcomes[o].time_mean);
      CHECK(std::isnan(a.outcomes[o].time_mean) == needs);
      if (!needs) CHECK(a.outcomes[o].time_mean == b.outcomes[o].time_mean);
    }
    for (std::size_t k = 0; k < a.owners.size(); ++k) {
      const bool needs = differ(b.owners[k].waiting_days, c.owners[k].waiting_days);
      CHECK(std::isnan(a.owners[k].waiting_days) == needs);
    }
    // Discounted money: unknown only where the lags matter to it.
    const fg::Analysis d = fg::analyze(funnel, {.discount_rate = 0.3});
    const fg::Analysis e = fg::analyze(known, {.discount_rate = 0.3});
    const fg::Analysis f = fg::analyze(later, {.discount_rate = 0.3});
    for (std::size_t k = 0; k < d.stages.size(); ++k) {
      CHECK(std::isnan(d.stages[k].value) == differ(e.stages[k].value, f.stages[k].value));
      CHECK(std::isnan(d.stages[k].cost) == differ(e.stages[k].cost, f.stages[k].cost));
      CHECK(std::isnan(d.lifetime_value(d.stages[k].stage)) ==
            differ(e.lifetime_value(d.stages[k].stage), f.lifetime_value(d.stages[k].stage)));
    }
  }
}
