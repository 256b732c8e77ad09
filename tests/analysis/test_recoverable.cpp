// What would be gained if a stage reached its reference.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "../support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

std::shared_ptr<const fg::Funnel> shared(fg::Funnel funnel) {
  return std::make_shared<const fg::Funnel>(std::move(funnel));
}

/// `funnel` with one stage's row as the reference has it: what recoverable asks, done by hand.
fg::Funnel with_row(fg::Funnel funnel, const fg::Funnel& reference, const std::string& stage) {
  fg::Stage row = funnel.stage(stage);
  row.drop_off = reference.get(fg::drop_off(stage));
  funnel.replace_stage(stage, row);
  for (const fg::TransitionId id : funnel.exits(stage)) {
    fg::Transition transition = funnel.transition(id);
    transition.rate = 0;
    funnel.replace_transition(transition.from, transition.to, transition);
  }
  for (const fg::TransitionId id : reference.exits(stage)) {
    const fg::Transition& there = reference.transition(id);
    if (!funnel.find_transition(stage, there.to)) {
      funnel.add_transition(there);
      continue;
    }
    fg::Transition transition = funnel.transition(stage, there.to);
    transition.rate = there.rate;
    funnel.replace_transition(stage, there.to, transition);
  }
  return funnel;
}

/// Another funnel over the same stages: rows mixed with those of the stage's own exits, some new edges.
fg::Funnel reference_for(const fg::Funnel& funnel, std::uint64_t seed) {
  std::mt19937_64 bits(seed);
  const auto uniform = [&] { return static_cast<double>(bits() >> 11U) * 0x1p-53; };
  fg::Funnel reference = funnel;
  for (const fg::Stage& stage : funnel.stages()) {
    if (uniform() < 0.3) continue;
    double sum = 0.05 + uniform();
    std::vector<fg::Transition> row;
    for (const fg::TransitionId id : funnel.exits(stage.name)) {
      row.push_back(funnel.transition(id));
      row.back().rate = uniform();
      sum += row.back().rate.value;
    }
    const std::string further = funnel.stages()[bits() % funnel.stages().size()].name;
    if (uniform() < 0.4 && !funnel.find_transition(stage.name, further)) {
      fg::Transition added{.from = stage.name, .to = further, .rate = uniform() * 0.3};
      added.lag = fg::Lag::deterministic(2.0);
      added.cost = 1.5;
      row.push_back(added);
      sum += added.rate.value;
    }
    fg::Stage changed = stage;
    changed.drop_off.reset();
    reference.replace_stage(stage.name, changed);
    for (fg::Transition& transition : row) {
      transition.rate = transition.rate.value / sum;
      if (reference.find_transition(transition.from, transition.to))
        reference.replace_transition(transition.from, transition.to, transition);
      else
        reference.add_transition(transition);
    }
  }
  return reference;
}

void compare_with_hand(const fg::Metric& metric, bool capacities, std::uint64_t first, std::uint64_t last) {
  std::size_t compared = 0;
  for (std::uint64_t seed = first; seed < last; ++seed) {
    const fg::Funnel funnel = test::random_funnel(
        seed, {.most_stages = 7, .capacities = capacities, .discount_rate = seed % 2 == 0 ? 0.3 : 0.0});
    const auto reference = shared(reference_for(funnel, seed));
    fg::AnalysisOptions options{.reference = reference, .metric = metric};
    if (capacities) options.capacity = fg::CapacityRule::cap;
    const fg::Analysis a = fg::analyze(funnel, options);
    const double now = fg::evaluate(funnel, metric, options);
    INFO("seed " << seed);
    for (const fg::StageRow& row : a.stages) {
      INFO(row.stage);
      const double then = fg::evaluate(with_row(funnel, *reference, row.stage), metric, options);
      if (std::isnan(then)) continue;
      // By hand the change is a difference of two large numbers.
      CHECK_THAT(row.recoverable, WithinRel(then - now, 1e-7) || WithinAbs(then - now, 1e-9 * std::abs(now)));
      if (row.recoverable != 0) ++compared;
    }
  }
  CHECK(compared > (last - first));
}

}  // namespace

TEST_CASE("recoverable equals the metric with the row put in by hand") {
  compare_with_hand(fg::metric::profit(), false, 0, 200);
  compare_with_hand(2.0 * fg::metric::revenue() - 30.0 * fg::metric::count("drop_off"), false, 200, 250);
  compare_with_hand(fg::metric::cost_per("outcome 0"), false, 250, 300);
  compare_with_hand(fg::metric::time_to("outcome 0"), false, 300, 340);
  compare_with_hand(fg::metric::probability("outcome 0"), false, 400, 430);
  compare_with_hand(fg::metric::lifetime_value(), false, 430, 460);
  compare_with_hand(fg::metric::revenue() - 3.0 * fg::metric::cost_per("outcome 0"), false, 460, 490);
  compare_with_hand(fg::metric::visits("stage 0"), false, 490, 520);
  compare_with_hand(fg::metric::profit(), true, 340, 400);
}

namespace {

fg::Funnel one_stage(fg::Number rate) {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Sales"});
  funnel.add_owner({.name = "Care"});
  funnel.add_stage({.name = "offer", .owner = {{"Sales", 0.75}, {"Care", 0.25}}});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 20});
  funnel.add_transition({.from = "offer", .to = "won", .rate = std::move(rate)});
  funnel.add_entry({.stage = "offer", .volume = 1000});
  return funnel;
}

}  // namespace

TEST_CASE("the range comes from the counts behind both rows") {
  const fg::Funnel funnel = one_stage(fg::measured(0.2, {.n = 400}));
  const auto at = [&](fg::Number rate) {
    return fg::analyze(funnel, {.reference = shared(one_stage(std::move(rate)))}).stages[0];
  };
  // profit = 1000 * 20 * rate: binomial variances, propagated exactly.
  const double sd_now = 20'000 * std::sqrt(0.2 * 0.8 / 400);
  const fg::StageRow plan = at(0.25);  // a plan is certain
  CHECK_THAT(plan.recoverable, WithinRel(1000.0, 1e-12));
  CHECK_THAT(plan.recoverable_high - plan.recoverable, WithinRel(1.959963984540054 * sd_now, 1e-12));
  const fg::StageRow earlier = at(fg::measured(0.25, {.n = 100}));
  const double sd_both = std::hypot(sd_now, 20'000 * std::sqrt(0.25 * 0.75 / 100));
  CHECK_THAT(earlier.recoverable - earlier.recoverable_low, WithinRel(1.959963984540054 * sd_both, 1e-12));
  const fg::StageRow guessed = at(fg::between(0.2, 0.3));  // 90 %
  const double sd_guess = std::hypot(sd_now, 20'000 * 0.05 / 1.6448536269514722);
  CHECK_THAT(guessed.recoverable_high - guessed.recoverable, WithinRel(1.959963984540054 * sd_guess, 1e-12));

  // Nothing known on either side: a number without a range.
  const fg::Analysis bare = fg::analyze(one_stage(0.2), {.reference = shared(one_stage(0.25))});
  CHECK_THAT(bare.stages[0].recoverable, WithinRel(1000.0, 1e-12));
  CHECK(std::isnan(bare.stages[0].recoverable_low));

  const fg::Analysis shares = fg::analyze(funnel, {.reference = shared(one_stage(0.25))});
  CHECK_THAT(shares.owners[0].recoverable, WithinRel(750.0, 1e-12));
  CHECK_THAT(shares.owners[1].recoverable, WithinRel(250.0, 1e-12));
  CHECK_THAT(shares.owners[1].recoverable_high - 250, WithinRel(0.25 * 1.959963984540054 * sd_now, 1e-12));
}

TEST_CASE("rates of one row vary together where their counts are those of one sample") {
  // profit = 1000 * (20 p + 8 q). Of one sample of 400: Var = g'Cov g with multinomial covariances; of two
  // samples each rate varies alone.
  const auto range = [](double n_won, double n_rented) {
    fg::Funnel funnel = one_stage(fg::measured(0.2, {.n = n_won}));
    funnel.add_outcome({.name = "rented", .kind = fg::OutcomeKind::won, .value = 8});
    funnel.add_transition({.from = "offer", .to = "rented", .rate = fg::measured(0.3, {.n = n_rented})});
    fg::Funnel plan = one_stage(0.25);
    plan.add_outcome({.name = "rented", .kind = fg::OutcomeKind::won, .value = 8});
    plan.add_transition({.from = "offer", .to = "rented", .rate = 0.25});
    const fg::StageRow row = fg::analyze(funnel, {.reference = shared(plan)}).stages[0];
    CHECK_THAT(row.recoverable, WithinRel(1000.0 - 400, 1e-12));
    return row.recoverable_high - row.recoverable;
  };
  const double of_won = 20'000 * 20'000 * 0.2 * 0.8;
  const double of_rented = 8'000 * 8'000 * 0.3 * 0.7;
  const double both = 2 * 20'000 * 8'000 * -0.2 * 0.3;
  constexpr double score = 1.959963984540054;
  CHECK_THAT(range(400, 400), WithinRel(score * std::sqrt((of_won + of_rented + both) / 400), 1e-12));
  CHECK_THAT(range(400, 100), WithinRel(score * std::sqrt(of_won / 400 + of_rented / 100), 1e-12));
}

TEST_CASE("the range knows the closed visits of a fit, an expert's interval, and the levers") {
  const auto half = [](const fg::Funnel& funnel, const fg::Funnel& plan) {
    const fg::StageRow row = fg::analyze(funnel, {.reference = shared(plan)}).stages[0];
    return row.recoverable_high - row.recoverable;
  };
  constexpr double score = 1.959963984540054;
  // 400 entered and 150 are still open: the rate is one of 250.
  fg::Funnel fitted = one_stage(0.2);
  fg::Transition step = fitted.transition("offer", "won");
  step.observed = fg::Observed{50, 400, 150};
  fitted.replace_transition("offer", "won", step);
  CHECK_THAT(half(fitted, one_stage(0.25)), WithinRel(score * 20'000 * std::sqrt(0.2 * 0.8 / 250), 1e-12));
  // An estimate that names a number of cases is no sample: its interval counts.
  const fg::Number guess{0.2, fg::Source({.kind = fg::SourceKind::estimated,
                                          .n = 5,
                                          .by = {"Lan"},
                                          .interval = fg::Interval{0.1, 0.3, 0.9}})};
  CHECK_THAT(half(one_stage(guess), one_stage(0.25)),
             WithinRel(score * 20'000 * 0.1 / 1.6448536269514722, 1e-12));
  // A lever at 3 triples the weight of the base rate b: rate = 3 b / (1 + 2 b), derivative 3 / (1 + 2 b)^2.
  const auto primed = [](fg::Number rate) {
    fg::Funnel funnel = one_stage(std::move(rate));
    funnel.add_lever({.name = "priming", .value = 3});
    funnel.add_influence({.lever = "priming", .from = "offer", .to = "won", .elasticity = 1});
    return funnel;
  };
  CHECK_THAT(half(primed(fg::measured(0.2, {.n = 400})), primed(0.25)),
             WithinRel(score * 20'000 * 3 / (1.4 * 1.4) * std::sqrt(0.2 * 0.8 / 400), 1e-12));
}

TEST_CASE("an owner's range is of all its stages, and none where one of them has none") {
  const auto make = [](fg::Number first, fg::Number second) {
    fg::Funnel funnel;
    funnel.add_owner({.name = "Sales"});
    for (const char* name : {"call", "visit"}) {
      funnel.add_stage({.name = name, .owner = "Sales"});
      funnel.add_entry({.stage = name, .volume = 1000});
    }
    funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 20});
    funnel.add_transition({.from = "call", .to = "won", .rate = std::move(first)});
    funnel.add_transition({.from = "visit", .to = "won", .rate = std::move(second)});
    return funnel;
  };
  const fg::Number counted = fg::measured(0.2, {.n = 400});
  const auto sales = [&](const fg::Funnel& funnel, const fg::Funnel& plan) {
    return fg::analyze(funnel, {.reference = shared(plan)}).owners[0];
  };
  // Two independent stages: variances add up.
  const double half = 1.959963984540054 * 20'000 * std::sqrt(0.2 * 0.8 / 400);
  const fg::OwnerRow both = sales(make(counted, counted), make(0.25, 0.3));
  CHECK_THAT(both.recoverable, WithinRel(3000.0, 1e-12));
  CHECK_THAT(both.recoverable_high - 3000, WithinRel(half * std::sqrt(2.0), 1e-12));
  CHECK_THAT(3000 - both.recoverable_low, WithinRel(half * std::sqrt(2.0), 1e-12));
  // One stage's gain without a range: no range of the sum. Without a gain it does not matter.
  CHECK(std::isnan(sales(make(counted, 0.2), make(0.25, 0.3)).recoverable_low));
  CHECK_THAT(sales(make(counted, 0.2), make(0.25, 0.2)).recoverable_high - 1000, WithinRel(half, 1e-12));
  // A stage that the reference does not have leaves the others' sum as it is.
  fg::Funnel partial = make(0.25, 0.3);
  partial.remove_stage("visit");
  CHECK_THAT(sales(make(counted, counted), partial).recoverable, WithinRel(1000.0, 1e-12));
}

TEST_CASE("stages are found by name, whatever their place in the reference") {
  const auto make = [](double call, double visit, bool turned) {
    fg::Funnel funnel;
    const auto stage = [&](const char* name, double rate) {
      funnel.add_stage({.name = name, .drop_off = 1 - rate});
      funnel.add_transition({.from = name, .to = "won", .rate = rate});
      funnel.add_entry({.stage = name, .volume = 100});
    };
    if (turned) stage("visit", visit);
    stage("call", call);
    if (!turned) stage("visit", visit);
    funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
    return funnel;
  };
  const fg::Analysis a = fg::analyze(make(0.5, 0.25, false), {.reference = shared(make(0.75, 0.125, true))});
  CHECK_THAT(a.stages[0].recoverable, WithinRel(250.0, 1e-12));
  CHECK_THAT(a.stages[1].recoverable, WithinRel(-125.0, 1e-12));
}

TEST_CASE("a way that only the reference has is taken as it is there") {
  // The plan sends a fifth to the outcome "rented", which the funnel has but does not reach from the offer.
  fg::Funnel funnel = one_stage(0.2);
  funnel.add_outcome({.name = "rented", .kind = fg::OutcomeKind::won, .value = 8});
  fg::Funnel plan = funnel;
  plan.add_transition({.from = "offer", .to = "rented", .rate = 0.2, .lag = 365, .cost = 3});
  fg::Transition sold = funnel.transition("offer", "won");
  sold.lag = 0;
  funnel.replace_transition("offer", "won", sold);
  CHECK_THAT(fg::analyze(funnel, {.reference = shared(plan)}).stages[0].recoverable,
             WithinRel(200.0 * (8 - 3), 1e-12));
  // Under the rate of the options, not that of the funnel.
  CHECK_THAT(fg::analyze(funnel, {.discount_rate = 0.25, .reference = shared(plan)}).stages[0].recoverable,
             WithinRel(200.0 * (8 / 1.25 - 3), 1e-12));
}

TEST_CASE("discounted money behind an unknown lag cannot be recovered in known numbers") {
  fg::Funnel funnel = one_stage(0.2);
  const fg::AnalysisOptions options{.discount_rate = 0.1, .reference = shared(one_stage(0.25))};
  CHECK(std::isnan(fg::analyze(funnel, options).stages[0].recoverable));
  funnel.set(fg::value("won"), 0);
  CHECK(fg::analyze(funnel, options).stages[0].recoverable == 0);
}

TEST_CASE("a row that would close a cycle gives no number, one that nearly does the right one") {
  const auto make = [](double on, std::optional<fg::Number> drop_off, double back) {
    fg::Funnel funnel;
    funnel.add_stage({.name = "talk", .cost = 1, .drop_off = std::move(drop_off)});
    funnel.add_stage({.name = "wait", .cost = 3});
    funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
    funnel.add_transition({.from = "talk", .to = "wait", .rate = on});
    funnel.add_transition({.from = "wait", .to = "talk", .rate = back});
    funnel.add_transition({.from = "wait", .to = "won", .rate = 1 - back});
    funnel.add_entry({.stage = "talk", .volume = 8});
    return funnel;
  };
  const fg::Metric profit = fg::metric::profit();
  const fg::Metric bent = fg::metric::ratio(profit, fg::metric::ratio(profit, profit));
  for (const fg::Metric& metric : {profit, bent}) {
    INFO(fg::to_string(metric));
    const auto talk = [&](const fg::Funnel& funnel, const fg::Funnel& plan) {
      return fg::analyze(funnel, {.reference = shared(plan), .metric = metric}).stages[0];
    };
    // Here all who wait come back; in the plan half of them win. With the plan's first row nobody would
    // leave.
    const fg::StageRow closed = talk(make(0.5, {}, 1), make(1, {}, 0.5));
    CHECK(std::isnan(closed.recoverable));
    CHECK(std::isnan(closed.recoverable_low));
    // A thousandth of a millionth leaves: 8e9 rounds of cost 4, less the 8 / 0.5 = 16 talks and 8 waits now.
    const fg::StageRow nearly = talk(make(0.5, {}, 1), make(1 - 1e-9, fg::Number(1e-9), 0.5));
    CHECK_THAT(nearly.recoverable, WithinRel(-(8e9 * (1 + 3 * (1 - 1e-9)) - (16 + 3 * 8)), 1e-12));
    // And still exact where doubles no longer hold what stays.
    const fg::StageRow hardly = talk(make(0.5, {}, 1), make(1, fg::Number(1e-134), 0.5));
    CHECK_THAT(hardly.recoverable, WithinRel(-8e134 * 4, 1e-12));
    // Where those who wait may win, the same row is no trap.
    const fg::StageRow open = talk(make(0.5, {}, 0.75), make(1, {}, 0.5));
    const double talks_now = 8 / (1 - 0.5 * 0.75);
    const double talks_then = 8 / (1 - 0.75);
    const auto worth = [](double talks, double on) { return talks * (on * (0.25 * 10 - 3) - 1); };
    CHECK_THAT(open.recoverable, WithinRel(worth(talks_then, 1) - worth(talks_now, 0.5), 1e-12));
  }
}

TEST_CASE("a row with a loop of its own is a trap only where nothing else leaves") {
  // In the plan half of the talks go on talking and half wait; here all who wait come back.
  const auto make = [](double again, double on, double sold, double back) {
    fg::Funnel funnel;
    for (const char* name : {"talk", "wait"}) funnel.add_stage({.name = name, .value = 1});
    funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 10});
    funnel.add_transition({.from = "talk", .to = "talk", .rate = again});
    funnel.add_transition({.from = "talk", .to = "wait", .rate = on});
    funnel.add_transition({.from = "talk", .to = "won", .rate = sold});
    funnel.add_transition({.from = "wait", .to = "talk", .rate = back});
    funnel.add_entry({.stage = "talk", .volume = 8});
    return funnel;
  };
  const fg::Funnel plan = make(0.5, 0.5, 0, 0.5);
  CHECK(std::isnan(fg::analyze(make(0.25, 0.5, 0.25, 1), {.reference = shared(plan)}).stages[0].recoverable));
  // With a drop-off where they wait they leave by that: 8 / (1 - 1/2 - 1/4) talks instead of 8 / (1 - 1/4 -
  // 1/4), half as many waits, no sales instead of a quarter.
  CHECK_THAT(fg::analyze(make(0.25, 0.5, 0.25, 0.5), {.reference = shared(plan)}).stages[0].recoverable,
             WithinRel((32 + 16) - (16 + 8 + 0.25 * 16 * 10.0), 1e-12));
}

TEST_CASE("what has no derivative has no recoverable part") {
  fg::Funnel funnel = one_stage(0.2);
  fg::Transition sold = funnel.transition("offer", "won");
  sold.lag = 5;
  funnel.replace_transition("offer", "won", sold);
  CHECK_THROWS_AS(
      fg::analyze(funnel, {.reference = shared(one_stage(0.25)), .metric = fg::metric::lifetime_value(3.0)}),
      fg::InvalidValueError);
}

TEST_CASE("the range of a row inside a loop agrees with rows drawn from their counts") {
  const auto make = [](double forward, double back, double on, double n) {
    fg::Funnel funnel;
    funnel.add_owner({.name = "Sales"});
    funnel.add_stage({.name = "lead", .owner = "Sales", .cost = 2});
    funnel.add_stage({.name = "offer", .owner = "Sales", .cost = 9});
    funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 300});
    funnel.add_lever({.name = "priming", .owner = "Sales", .value = 1.4});
    funnel.add_transition({.from = "lead", .to = "offer", .rate = fg::measured(forward, {.n = n})});
    funnel.add_transition({.from = "offer", .to = "lead", .rate = fg::measured(back, {.n = n})});
    funnel.add_transition({.from = "offer", .to = "won", .rate = fg::measured(on, {.n = n})});
    funnel.add_influence({.lever = "priming", .from = "offer", .to = "won", .elasticity = 0.5});
    funnel.add_entry({.stage = "lead", .volume = 1000});
    return funnel;
  };
  constexpr double n = 4000;
  const fg::Analysis a = fg::analyze(make(0.5, 0.3, 0.3, n), {.reference = shared(make(0.5, 0.2, 0.4, n))});
  std::mt19937_64 bits(5);
  const auto draw = [&](double back, double on) {
    // Multinomial counts by two binomials.
    const double backs = std::binomial_distribution<int>(static_cast<int>(n), back)(bits);
    const double ons = std::binomial_distribution<int>(static_cast<int>(n - backs), on / (1 - back))(bits);
    return std::pair{backs / n, ons / n};
  };
  double sum = 0;
  double squares = 0;
  constexpr int draws = 4000;
  for (int k = 0; k < draws; ++k) {
    const auto now = draw(0.3, 0.3);
    const auto then = draw(0.2, 0.4);
    const double change = fg::evaluate(make(0.5, then.first, then.second, n), fg::metric::profit()) -
                          fg::evaluate(make(0.5, now.first, now.second, n), fg::metric::profit());
    sum += change;
    squares += change * change;
  }
  const double mean = sum / draws;
  const double sd = std::sqrt(squares / draws - mean * mean);
  const fg::StageRow& offer = a.stages[1];
  // A standard deviation of 4000 draws is sure to about 1.1 %, the delta method's own error is of order 1/n.
  CHECK_THAT((offer.recoverable_high - offer.recoverable_low) / (2 * 1.959963984540054), WithinRel(sd, 0.05));
  CHECK(a.stages[0].recoverable == 0);  // the same row
}

TEST_CASE("the range by a rank-one update is that of solving again") {
  // Profit, and profit written so that it is no longer linear: the other road to the same derivatives.
  const fg::Metric profit = fg::metric::profit();
  const fg::Metric bent = fg::metric::ratio(profit, fg::metric::ratio(profit, profit));
  const auto counted = [](fg::Funnel funnel, double n) {
    const std::vector<fg::Transition> all(funnel.transitions().begin(), funnel.transitions().end());
    for (fg::Transition transition : all) {
      transition.rate = fg::measured(transition.rate.value, {.n = n});
      funnel.replace_transition(transition.from, transition.to, transition);
    }
    return funnel;
  };
  std::size_t compared = 0;
  for (std::uint64_t seed = 400; seed < 500; ++seed) {
    const fg::Funnel funnel = counted(
        test::random_funnel(seed, {.most_stages = 7, .discount_rate = seed % 2 == 0 ? 0.3 : 0.0}), 300);
    const auto reference = shared(counted(reference_for(funnel, seed), 500));
    const fg::Analysis a = fg::analyze(funnel, {.reference = reference, .metric = profit});
    const fg::Analysis b = fg::analyze(funnel, {.reference = reference, .metric = bent});
    INFO("seed " << seed);
    for (std::size_t i = 0; i < a.stages.size(); ++i) {
      INFO(a.stages[i].stage);
      // Solving again takes a difference of two large numbers.
      const double margin = 1e-9 * std::abs(a.profit);
      CHECK_THAT(b.stages[i].recoverable,
                 WithinRel(a.stages[i].recoverable, 1e-7) || WithinAbs(a.stages[i].recoverable, margin));
      const double half = a.stages[i].recoverable_high - a.stages[i].recoverable;
      CHECK_THAT(b.stages[i].recoverable_high - b.stages[i].recoverable,
                 WithinRel(half, 1e-7) || WithinAbs(half, margin));
      if (half > 0) ++compared;
    }
  }
  CHECK(compared > 200);
}

TEST_CASE("no reference, no number") {
  const fg::Funnel funnel = one_stage(0.2);
  CHECK(std::isnan(fg::analyze(funnel).stages[0].recoverable));
  CHECK(std::isnan(fg::evaluate(funnel, fg::metric::recoverable())));
  fg::Funnel other = one_stage(0.3);
  other.rename_stage("offer", "proposal");
  const fg::Analysis missing = fg::analyze(funnel, {.reference = shared(other)});
  CHECK(std::isnan(missing.stages[0].recoverable));
  CHECK(std::isnan(missing.owners[0].recoverable));

  // A row that leads to what the funnel does not have cannot be put in.
  fg::Funnel wider = one_stage(0.2);
  wider.add_outcome({.name = "rented", .kind = fg::OutcomeKind::won});
  wider.add_transition({.from = "offer", .to = "rented", .rate = 0.1});
  CHECK(std::isnan(fg::analyze(funnel, {.reference = shared(wider)}).stages[0].recoverable));
}

TEST_CASE("recoverable is a metric too, of all and of one owner") {
  const fg::Funnel funnel = one_stage(0.2);
  const fg::AnalysisOptions options{.reference = shared(one_stage(0.25))};
  CHECK_THAT(fg::evaluate(funnel, fg::metric::recoverable(), options), WithinRel(1000.0, 1e-12));
  CHECK_THAT(fg::evaluate(funnel, fg::metric::recoverable("Care"), options), WithinRel(250.0, 1e-12));
  CHECK_THAT(
      fg::evaluate(funnel, fg::metric::ratio(fg::metric::recoverable(), fg::metric::profit()), options),
      WithinRel(0.25, 1e-12));
  CHECK_THROWS_AS(fg::evaluate(funnel, fg::metric::recoverable("Car"), options), fg::UnknownNameError);
}

TEST_CASE("an invalid reference is refused") {
  fg::Funnel reference = one_stage(0.2);
  reference.add_transition({.from = "offer", .to = "offer", .rate = 0.9});
  CHECK_THROWS_AS(fg::analyze(one_stage(0.2), {.reference = shared(reference)}), fg::InvalidFunnelError);
}
