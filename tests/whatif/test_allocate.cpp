// Allocation: closed forms by KKT, bounds, groups, capacities, S-shaped responses, levers, bad input.
#include <algorithm>
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Local searches stop at about 1e-10 of the budget; the metric is flat there.
constexpr double found = 1e-7;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Two channels with one worth a head each: profit = 8 facebook + 12 search.
fg::Funnel two_channels() {
  fg::Funnel shop{{.name = "two channels", .currency = "USD"}};
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  shop.add_owner({.name = "Sales", .role = fg::Role::sales});
  shop.add_stage({.name = "reached", .owner = "Marketing"});
  shop.add_stage({.name = "searched", .owner = "Marketing"});
  shop.add_stage({.name = "enquiry", .owner = "Sales"});
  shop.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = 40});
  shop.add_transition({.from = "reached", .to = "enquiry", .rate = 0.4});
  shop.add_transition({.from = "searched", .to = "enquiry", .rate = 0.6});
  shop.add_transition({.from = "enquiry", .to = "customer", .rate = 0.5});
  shop.add_entry({.stage = "reached", .volume = 100, .channel = "facebook"});
  shop.add_entry({.stage = "searched", .volume = 50, .channel = "google"});
  return shop;
}

const fg::Parameter reached = fg::volume("reached", "facebook");
const fg::Parameter searched = fg::volume("searched", "google");

fg::AllocateOptions split(double budget, const fg::Response& first, const fg::Response& second) {
  fg::AllocateOptions options;
  options.budget = budget;
  options.spending = {{.parameter = reached, .response = first}, {.parameter = searched, .response = second}};
  return options;
}

/// Equal, or both unknown.
bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// What every plan must keep, whatever it maximises.
void check_plan(const fg::Funnel& base, const fg::AllocateOptions& options, const fg::Allocation& plan) {
  double sum = 0;
  for (std::size_t i = 0; i < plan.spending.size(); ++i) {
    const fg::AllocationRow& row = plan.spending[i];
    CHECK(row.spend >= options.spending[i].bounds.low);
    CHECK(row.spend <= options.spending[i].bounds.high);
    CHECK(row.low == options.spending[i].bounds.low);
    CHECK(row.high == std::min(options.spending[i].bounds.high, options.budget));
    CHECK(same(row.before, base.get(row.parameter)));
    CHECK(same(row.elasticity, options.spending[i].response.elasticity(row.spend)));
    CHECK_THAT(row.after, WithinRel(options.spending[i].response.value(row.spend), 1e-14));
    sum += row.spend;
    if (row.limit == fg::SpendLimit::none)
      CHECK_THAT(row.net_marginal, WithinRel(plan.shadow_price, 1e-5) || WithinAbs(plan.shadow_price, 1e-7));
    if (row.limit == fg::SpendLimit::low && row.high > row.low)
      CHECK(row.net_marginal <= plan.shadow_price * (1 + 1e-5) + 1e-7);
    if (row.limit == fg::SpendLimit::high && row.high > row.low)
      CHECK(row.net_marginal >= plan.shadow_price * (1 - 1e-5) - 1e-7);
  }
  CHECK(sum <= options.budget * (1 + 1e-14));
  CHECK_THAT(plan.spent + plan.unspent, WithinRel(options.budget, 1e-12) || WithinAbs(options.budget, 1e-12));
  for (std::size_t g = 0; g < plan.groups.size(); ++g) {
    CHECK(plan.groups[g].spend >= options.groups[g].bounds.low - 1e-9 * options.budget);
    CHECK(plan.groups[g].spend <= options.groups[g].bounds.high + 1e-9 * options.budget);
  }
  const fg::Funnel under = fg::apply(base, plan.scenario);
  const fg::Analysis analysis = fg::analyze(under);
  for (const fg::PlanCapacityRow& row : plan.capacities) {
    CHECK_THAT(row.visits, WithinRel(analysis.visits(row.stage), 1e-9) || WithinAbs(0, 1e-9));
    CHECK_THAT(row.capacity, WithinRel(under.get(fg::capacity(row.stage)), 1e-12));
    CHECK_THAT(row.utilisation, WithinRel(row.visits / row.capacity, 1e-12));
  }
  CHECK_THAT(plan.metric_after, WithinRel(fg::evaluate(under, options.maximise, options.analysis), 1e-10));
  CHECK_THAT(plan.metric_before, WithinRel(fg::evaluate(base, options.maximise, options.analysis), 1e-10));
  CHECK(plan.bound >= plan.metric_after);
}

}  // namespace

TEST_CASE("two logarithmic responses split a budget as KKT says [44]", "[allocate]") {
  // 8 a ln(1 + x / u) + 12 b ln(1 + y / v), x + y = B: marginals 8 a / (u + x) = 12 b / (v + y).
  const fg::Funnel shop = two_channels();
  const double a = 1000, u = 300, b = 400, v = 900, budget = 5000;
  const fg::AllocateOptions options = split(budget, fg::LogResponse{a, u, 10}, fg::LogResponse{b, v, 20});
  const fg::Allocation plan = fg::allocate(shop, options);
  const double price = (8 * a + 12 * b) / (budget + u + v);
  CHECK_THAT(plan.spending[0].spend, WithinRel(8 * a / price - u, found));
  CHECK_THAT(plan.spending[1].spend, WithinRel(12 * b / price - v, found));
  CHECK_THAT(plan.shadow_price, WithinRel(price, found));
  CHECK_THAT(plan.spending[0].marginal, WithinRel(price, found));
  CHECK_THAT(plan.spending[1].marginal, WithinRel(price, found));
  CHECK(plan.guarantee == fg::PlanGuarantee::global);
  CHECK(plan.unspent == 0);
  CHECK(plan.spending[0].owner == "Marketing");
  check_plan(shop, options, plan);
}

TEST_CASE("two power responses split a budget as KKT says", "[allocate]") {
  // c x^p + d y^p with x + y = B: x / y = (c / d)^(1 / (1 - p)).
  const fg::Funnel shop = two_channels();
  for (const double exponent : {0.1, 0.5, 0.9}) {
    const fg::AllocateOptions options = split(7000, fg::PowerResponse{.scale = 3, .exponent = exponent},
                                              fg::PowerResponse{.scale = 1.5, .exponent = exponent});
    const fg::Allocation plan = fg::allocate(shop, options);
    const double ratio = std::pow(8 * 3.0 / (12 * 1.5), 1 / (1 - exponent));
    CHECK_THAT(plan.spending[0].spend, WithinRel(7000 * ratio / (1 + ratio), found));
    CHECK(plan.guarantee == fg::PlanGuarantee::global);
    check_plan(shop, options, plan);
  }
  // A worth that is dwarfed still gets its little: an infinite slope at no money.
  const fg::AllocateOptions dwarfed = split(1e6, fg::PowerResponse{.scale = 1e3, .exponent = 0.5},
                                            fg::PowerResponse{.scale = 0.1, .exponent = 0.5});
  const fg::Allocation plan = fg::allocate(shop, dwarfed);
  const double ratio = std::pow(12 * 0.1 / (8 * 1e3), 2);
  CHECK_THAT(plan.spending[1].spend, WithinRel(1e6 * ratio / (1 + ratio), 1e-3));
  // Even where it is less than what a step of the search can tell from nothing.
  const fg::AllocateOptions tiny = split(1e6, fg::PowerResponse{.scale = 1e3, .exponent = 0.5},
                                         fg::PowerResponse{.scale = 1e-3, .exponent = 0.5});
  const double part = std::pow(12 * 1e-3 / (8 * 1e3), 2);
  CHECK_THAT(fg::allocate(shop, tiny).spending[1].spend, WithinRel(1e6 * part / (1 + part), 1e-3));
}

TEST_CASE("two concave Hill responses split a budget as KKT says", "[allocate]") {
  // w h / (h + x)^2 equal: (h1 + x) / (h2 + y) = sqrt(w1 h1 / (w2 h2)).
  const fg::Funnel shop = two_channels();
  const double h1 = 700, h2 = 2500, budget = 4000;
  const double w1 = 8 * 300, w2 = 12 * 500;
  const fg::AllocateOptions options = split(budget, fg::Hill{.half_saturation = h1, .maximum = 300},
                                            fg::Hill{.half_saturation = h2, .maximum = 500});
  const fg::Allocation plan = fg::allocate(shop, options);
  const double ratio = std::sqrt(w1 * h1 / (w2 * h2));
  const double second = (budget + h1 - ratio * h2) / (1 + ratio);
  CHECK_THAT(plan.spending[1].spend, WithinRel(second, found));
  CHECK_THAT(plan.shadow_price, WithinRel(w2 * h2 / ((h2 + second) * (h2 + second)), found));
  CHECK(plan.guarantee == fg::PlanGuarantee::global);
  check_plan(shop, options, plan);
}

TEST_CASE("ADBUDG and adstock in an allocation are the curves that they stand for", "[allocate]") {
  // ADBUDG is Hill with half_saturation = reference delta^(1 / gamma); money of every period counts as the
  // sum of its adstock: 1 + 1/2 + 1/4 + ... = 2.
  const fg::Funnel shop = two_channels();
  const fg::Adbudg judged{.minimum = 5, .maximum = 600, .gamma = 2, .delta = 4, .reference = 450};
  const fg::Adstock decaying(fg::AdstockShape{.retention = 0.5, .normalised = false});
  const fg::AllocateOptions options =
      split(2000, judged, fg::Response(fg::LogResponse{.scale = 150, .unit = 300}, decaying));
  const fg::AllocateOptions same =
      split(2000, fg::Hill{.half_saturation = 900, .slope = 2, .minimum = 5, .maximum = 600},
            fg::LogResponse{.scale = 150, .unit = 150});
  const fg::Allocation plan = fg::allocate(shop, options);
  const fg::Allocation other = fg::allocate(shop, same);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(plan.spending[i].spend > 300);
    CHECK_THAT(plan.spending[i].spend, WithinRel(other.spending[i].spend, found));
  }
  CHECK_THAT(plan.metric_after, WithinRel(other.metric_after, 1e-12));
  CHECK(plan.guarantee == fg::PlanGuarantee::global);
  check_plan(shop, options, plan);
}

TEST_CASE("linear responses: all to the better, bounds held", "[allocate]") {
  const fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(1000, fg::LinearResponse{.slope = 2}, fg::LinearResponse{.slope = 1});
  CHECK(fg::allocate(shop, options).spending[0].spend == 1000);  // 16 against 12 a unit
  options.spending[0].bounds = {100, 250};
  options.spending[1].bounds = {50, infinity};
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK(plan.spending[0].spend == 250);
  CHECK(plan.spending[0].limit == fg::SpendLimit::high);
  CHECK_THAT(plan.spending[1].spend, WithinRel(750, 1e-12));
  CHECK_THAT(plan.shadow_price, WithinRel(12, 1e-6));
  CHECK(plan.guarantee == fg::PlanGuarantee::global);
  check_plan(shop, options, plan);
}

TEST_CASE("money that brings nothing is left, and the least money is kept", "[allocate]") {
  const fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(1000, fg::LinearResponse{.slope = 2}, fg::LinearResponse{.slope = 1});
  options.maximise = -1.0 * fg::metric::visits("reached") + fg::metric::count("customer");  // reach is dear
  options.spending[0].bounds.low = 40;
  options.spending[1].bounds.high = 300;
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK(plan.spending[0].spend == 40);
  CHECK(plan.spending[1].spend == 300);
  CHECK_THAT(plan.unspent, WithinRel(660, 1e-12));
  CHECK(plan.shadow_price == 0);
  check_plan(shop, options, plan);
}

TEST_CASE("groups by owner, channel and members share their money [44]", "[allocate]") {
  const fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(5000, fg::LogResponse{1000, 300, 10}, fg::LogResponse{400, 900, 20});
  options.spending.push_back(
      {.parameter = fg::capacity("enquiry"), .response = fg::LinearResponse{0.5, 2000}});
  options.respect_capacity = false;  // it brings nothing, but Sales is to have its part
  options.groups = {{.name = "Sales", .bounds = {500, infinity}, .owner = "Sales"},
                    {.name = "social", .bounds = {0, 1500}, .channel = "facebook"},
                    {.name = "both", .bounds = {1000, 4000}, .members = {reached, searched}}};
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK_THAT(plan.groups[0].spend, WithinRel(500, 1e-9));
  CHECK(plan.groups[0].limit == fg::SpendLimit::low);
  CHECK_THAT(plan.groups[1].spend, WithinRel(1500, 1e-9));
  CHECK(plan.groups[1].limit == fg::SpendLimit::high);
  CHECK_THAT(plan.groups[2].spend, WithinRel(4000, 1e-9));
  CHECK_THAT(plan.spending[1].spend, WithinRel(2500, found));
  // The price of the group of both is what search brings; that of social the rest of what it would.
  CHECK_THAT(plan.groups[2].shadow_price, WithinRel(12 * 400 / (900 + 2500.0), 1e-5));
  CHECK_THAT(plan.groups[1].shadow_price,
             WithinRel(8 * 1000 / (300 + 1500.0) - 12 * 400 / (900 + 2500.0), 1e-5));
  CHECK_THAT(plan.unspent, WithinRel(500, 1e-6));  // 500 for Sales, 4,000 for the channels
  CHECK(plan.guarantee == fg::PlanGuarantee::global);
  check_plan(shop, options, plan);
}

TEST_CASE("what two owners share counts for each by its share", "[allocate]") {
  fg::Funnel shop = two_channels();
  shop.set_owner("searched", fg::Ownership({{"Marketing", 0.75}, {"Sales", 0.25}}));
  fg::AllocateOptions options = split(1000, fg::LinearResponse{1, 0}, fg::LinearResponse{2, 0});
  options.groups = {{.name = "Sales", .bounds = {0, 100}, .owner = "Sales"}};
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK_THAT(plan.spending[1].spend, WithinRel(400, 1e-9));  // a quarter of which is Sales'
  CHECK_THAT(plan.groups[0].spend, WithinRel(100, 1e-9));
  check_plan(shop, options, plan);
}

TEST_CASE("capacities are respected, and bought where that pays [51]", "[allocate]") {
  fg::Funnel shop = two_channels();
  fg::Stage enquiry = shop.stage("enquiry");
  enquiry.capacity = 300;
  shop.replace_stage("enquiry", enquiry);
  fg::AllocateOptions options = split(9000, fg::PowerResponse{.scale = 20, .exponent = 0.5},
                                      fg::PowerResponse{.scale = 10, .exponent = 0.5});
  const fg::Allocation held = fg::allocate(shop, options);
  CHECK(held.feasible);
  CHECK_THAT(held.capacities[0].visits, WithinRel(300, 1e-8));
  CHECK_THAT(held.metric_after, WithinRel(20 * 300, 1e-8));  // every enquiry is worth 20
  CHECK_THAT(held.capacities[0].shadow_price, WithinRel(20, 1e-5));
  CHECK(held.unspent > 0);
  check_plan(shop, options, held);

  // A seller makes 0.08 visits for a unit of money. Marginal money is worth the same everywhere.
  options.spending.push_back(
      {.parameter = fg::capacity("enquiry"), .response = fg::LinearResponse{0.08, 300}});
  const fg::Allocation both = fg::allocate(shop, options);
  CHECK(both.metric_after > held.metric_after);
  CHECK(both.spending[2].spend > 0);
  CHECK_THAT(both.capacities[0].utilisation, WithinRel(1, 1e-8));
  // Net of the price of a visit both channels bring what a seller brings.
  const double visit = both.capacities[0].shadow_price;
  CHECK_THAT(0.08 * visit, WithinRel(both.shadow_price, 1e-5));
  check_plan(shop, options, both);
  CHECK(both.guarantee == fg::PlanGuarantee::global);

  options.respect_capacity = false;
  const fg::Allocation unbound = fg::allocate(shop, options);
  CHECK_FALSE(unbound.feasible);
  CHECK(unbound.metric_after > both.metric_after);
  CHECK(unbound.spending[2].spend == 0);
  CHECK(std::any_of(unbound.notes.begin(), unbound.notes.end(),
                    [](const std::string& note) { return note.find("above its capacity: enquiry") == 0; }));
}

TEST_CASE("a capacity that cannot be kept is exceeded as little as can be", "[allocate]") {
  fg::Funnel shop = two_channels();
  fg::Stage enquiry = shop.stage("enquiry");
  enquiry.capacity = 30;
  shop.replace_stage("enquiry", enquiry);
  fg::AllocateOptions options = split(1000, fg::LinearResponse{1, 100}, fg::LinearResponse{1, 0});
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK_FALSE(plan.feasible);
  CHECK(plan.spending[0].spend + plan.spending[1].spend < 1e-6);
  CHECK_THAT(plan.capacities[0].visits, WithinRel(40, 1e-6));
  CHECK(plan.guarantee == fg::PlanGuarantee::local);  // no bound is known for what breaks a limit
}

namespace {

/// The least over prices >= 0, by thirds: `bound` is convex.
template <class Bound>
double least_over_prices(double most, Bound&& bound) {
  double low = 0;
  double high = most;
  for (int round = 0; round < 120; ++round) {
    const double first = low + (high - low) / 3;
    const double second = high - (high - low) / 3;
    (bound(first) < bound(second) ? high : low) = bound(first) < bound(second) ? second : first;
  }
  return bound(low);
}

/// The greatest of worth(x) for x on a fine grid over [0, most].
template <class Worth>
double greatest_on_a_grid(double most, Worth&& worth) {
  constexpr int steps = 20'000;
  double best = worth(0);
  for (int k = 1; k <= steps; ++k) best = std::max(best, worth(most * k / steps));
  return best;
}

}  // namespace

TEST_CASE("the bound without branching is Lagrange's", "[allocate]") {
  // Of two S-shaped responses the best price leaves a gap. A grid of 20,000
  // steps sees the greatest of a smooth curve to about 1e-7 of it.
  const fg::Response first = fg::Hill{.half_saturation = 900, .slope = 4, .maximum = 500};
  const fg::Response second = fg::Hill{.half_saturation = 800, .slope = 3, .maximum = 400};
  fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(1500, first, second);
  options.branches = 0;
  const fg::Allocation plan = fg::allocate(shop, options);
  const double by_budget = least_over_prices(10, [&](double price) {
    return price * 1500 + greatest_on_a_grid(1500, [&](double x) { return 8 * first.value(x) - price * x; }) +
           greatest_on_a_grid(1500, [&](double x) { return 12 * second.value(x) - price * x; });
  });
  CHECK(plan.bound > plan.metric_after * 1.001);
  CHECK_THAT(plan.bound, WithinRel(by_budget, 1e-5));
  CHECK(plan.guarantee == fg::PlanGuarantee::bounded);

  // Beside a stage that is not quite wide enough the gap stays, where a visit is not worth the same from
  // both.
  fg::Stage enquiry = shop.stage("enquiry");
  enquiry.capacity = 0.97 * (0.4 * plan.spending[0].after + 0.6 * plan.spending[1].after);
  shop.replace_stage("enquiry", enquiry);
  options.maximise = fg::metric::profit() + 6.0 * fg::metric::visits("reached");
  const fg::Allocation tight = fg::allocate(shop, options);
  CHECK(tight.capacities[0].utilisation <= 1 + 1e-8);
  CHECK(tight.bound > tight.metric_after * 1.001);
  CHECK(tight.guarantee == fg::PlanGuarantee::bounded);
  // With money in plenty nothing but the stage holds, and there is no gap.
  options.budget = 1e5;
  options.maximise = fg::metric::profit();
  const fg::Allocation full = fg::allocate(shop, options);
  CHECK_THAT(full.metric_after, WithinRel(20 * enquiry.capacity->value, 1e-6));
  CHECK_THAT(full.bound, WithinRel(20 * enquiry.capacity->value, 1e-6));
}

TEST_CASE("S-shaped responses: no split of a fine grid is better than a plan called global", "[allocate]") {
  const fg::Funnel shop = two_channels();
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int round = 0; round < 40; ++round) {
    const auto curve = [&] {
      return fg::Response(fg::Hill{.half_saturation = 200 + 3000 * uniform(random),
                                   .slope = 1.2 + 5 * uniform(random),
                                   .minimum = 5 * uniform(random),
                                   .maximum = 100 + 900 * uniform(random)});
    };
    fg::AllocateOptions options = split(500 + 4000 * uniform(random), curve(), curve());
    if (round % 3 == 0) options.spending[0].bounds = {0.1 * options.budget, 0.6 * options.budget};
    const fg::Allocation plan = fg::allocate(shop, options);
    check_plan(shop, options, plan);
    CHECK(plan.guarantee == fg::PlanGuarantee::global);
    double best = 0;
    constexpr int steps = 4000;
    for (int k = 0; k <= steps; ++k) {
      const double x = options.budget * k / steps;
      if (x < options.spending[0].bounds.low || x > options.spending[0].bounds.high) continue;
      best = std::max(best, 8 * options.spending[0].response.value(x) +
                                12 * options.spending[1].response.value(options.budget - x));
    }
    CHECK(plan.metric_after >= best * (1 - 1e-12));
    CHECK(plan.bound >= best);
    CHECK(plan.metric_after <= best * (1 + 1e-3));  // as far as the grid can see
  }
}

namespace {

/// `count` campaigns into one stage, each a channel with its own response.
struct Campaigns {
  fg::Funnel funnel{{.name = "campaigns"}};
  fg::AllocateOptions options;
};

Campaigns campaigns(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  Campaigns out;
  out.funnel.add_owner({.name = "Marketing"});
  out.funnel.add_stage({.name = "reached", .owner = "Marketing"});
  out.funnel.add_stage({.name = "enquiry", .owner = "Marketing"});
  out.funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = 10});
  out.funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.3});
  out.funnel.add_transition({.from = "enquiry", .to = "customer", .rate = 0.2});
  out.options.budget = 400.0 * static_cast<double>(count);
  for (std::size_t k = 0; k < count; ++k) {
    const std::string channel = "c" + std::to_string(k);
    out.funnel.add_entry({.stage = "reached", .volume = 10, .channel = channel});
    const fg::Response response =
        k % 3 == 2 ? fg::Response(fg::LogResponse{30 + 200 * uniform(random), 100 + 500 * uniform(random), 0})
                   : fg::Response(fg::Hill{.half_saturation = 200 + 1500 * uniform(random),
                                           .slope = 1 + 4 * uniform(random),
                                           .maximum = 200 + 900 * uniform(random)});
    out.options.spending.push_back({.parameter = fg::volume("reached", channel), .response = response});
  }
  return out;
}

}  // namespace

TEST_CASE("many S-shaped responses: the bound holds against random splits", "[allocate]") {
  for (const std::size_t count : {3U, 6U, 12U}) {
    const Campaigns given = campaigns(count, count);
    const fg::Allocation plan = fg::allocate(given.funnel, given.options);
    check_plan(given.funnel, given.options, plan);
    CHECK(plan.guarantee == fg::PlanGuarantee::global);
    std::mt19937_64 random(5);
    std::exponential_distribution<double> weight;
    std::vector<double> spends(count);
    for (int round = 0; round < 3000; ++round) {
      double sum = 0;
      for (double& spend : spends) sum += spend = round % 2 == 0 || random() % 2 == 0 ? weight(random) : 0;
      if (sum == 0) continue;
      double metric = 0;
      for (std::size_t k = 0; k < count; ++k) {
        spends[k] *= given.options.budget / sum;
        metric += 0.6 * given.options.spending[k].response.value(spends[k]);
      }
      REQUIRE(metric <= plan.metric_after * (1 + 1e-9));
    }
    const fg::Allocation again = fg::allocate(given.funnel, given.options);
    for (std::size_t k = 0; k < count; ++k) CHECK(again.spending[k].spend == plan.spending[k].spend);
  }
}

TEST_CASE("without branching the plan is bounded, and the bound is honest", "[allocate]") {
  Campaigns given = campaigns(4, 21);
  const double best = fg::allocate(given.funnel, given.options).metric_after;
  given.options.branches = 0;
  const fg::Allocation plan = fg::allocate(given.funnel, given.options);
  CHECK(plan.bound >= best * (1 - 1e-12));
  CHECK((plan.guarantee == fg::PlanGuarantee::bounded || plan.gap <= given.options.tolerance));
}

TEST_CASE("a lever that bends rates against more reach [19, 20, 51]", "[allocate]") {
  fg::Funnel shop = two_channels();
  shop.add_lever({.name = "training", .owner = "Sales"});
  shop.add_influence({.lever = "training", .from = "enquiry", .to = "customer", .elasticity = 0.7});
  fg::AllocateOptions options;
  options.budget = 2000;
  options.spending = {
      {.parameter = reached, .response = fg::Hill{.half_saturation = 900, .minimum = 20, .maximum = 600}},
      {.parameter = searched, .response = fg::LogResponse{60, 300, 10}},
      {.parameter = fg::lever("training"),
       .response = fg::Hill{.half_saturation = 500, .slope = 1.5, .minimum = 1, .maximum = 3}}};
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK(plan.spending[2].spend > 100);  // the training is bought
  CHECK(plan.guarantee == fg::PlanGuarantee::local);
  CHECK(std::isinf(plan.bound));
  check_plan(shop, options, plan);
  // A grid over the simplex, evaluated by whole funnels, finds nothing better.
  double best = 0;
  constexpr int steps = 40;
  for (int i = 0; i <= steps; ++i) {
    for (int j = 0; i + j <= steps; ++j) {
      const double x = options.budget * i / steps;
      const double y = options.budget * j / steps;
      const std::array<double, 3> spends{x, y, options.budget - x - y};
      best = std::max(best, fg::allocation_at(shop, options, spends).metric_after);
    }
  }
  CHECK(plan.metric_after >= best);
  CHECK(plan.metric_after <= best * 1.01);
}

TEST_CASE("budget and bounds are held beside a spending that is fixed", "[allocate]") {
  // The two ends of a fixed spending face each other: rounding alone puts one of them out of reach.
  std::mt19937_64 random(17);
  std::uniform_real_distribution<double> uniform(0, 1);
  fg::Funnel shop = two_channels();
  shop.add_lever({.name = "training", .owner = "Sales"});
  shop.add_influence({.lever = "training", .from = "enquiry", .to = "customer", .elasticity = 0.7});
  for (int round = 0; round < 60; ++round) {
    INFO("round " << round);
    fg::AllocateOptions options;
    options.budget = 400;
    const double fixed = 5 + 60 * uniform(random);
    options.spending = {
        {.parameter = reached,
         .response = fg::Hill{.half_saturation = 200 + 1500 * uniform(random),
                              .slope = 0.7 + 4 * uniform(random),
                              .maximum = 200 + 900 * uniform(random)},
         .bounds = {fixed, fixed}},
        {.parameter = fg::lever("training"),
         .response = fg::PowerResponse{
             .scale = 0.1 * uniform(random), .exponent = 0.3 + 0.5 * uniform(random), .minimum = 1}}};
    if (round % 2 == 1)
      options.spending.push_back({.parameter = searched,
                                  .response = fg::PowerResponse{.scale = 5 * uniform(random),
                                                                .exponent = 0.2 + 0.7 * uniform(random)}});
    if (round % 3 == 2) options.groups = {{.name = "Marketing", .bounds = {90, 90}, .owner = "Marketing"}};
    if (round % 2 == 0) options.groups.clear();  // nobody but the fixed one
    check_plan(shop, options, fg::allocate(shop, options));
  }
}

TEST_CASE("along a full stage the search goes round the bend, and far", "[allocate]") {
  fg::Funnel shop = two_channels();
  fg::Stage enquiry = shop.stage("enquiry");
  enquiry.capacity = 60;
  shop.replace_stage("enquiry", enquiry);
  // Two S that both can fill the stage. Steps that did not correct for the bend of its visits would take
  // 8,300 evaluations, not 2,100.
  const fg::AllocateOptions bent = split(800, fg::Hill{.half_saturation = 950, .slope = 4, .maximum = 650},
                                         fg::Hill{.half_saturation = 580, .slope = 4, .maximum = 600});
  const fg::Allocation round = fg::allocate(shop, bent);
  CHECK_THAT(round.metric_after, WithinRel(20 * 60.0, 1e-8));
  CHECK(round.guarantee == fg::PlanGuarantee::global);
  CHECK(round.evaluations < 6000);

  // A steep channel fills the stage, and the lever takes the rest. Whole steps that were not stretched would
  // take 8,600 evaluations, not 1,100.
  fg::Funnel levered;
  levered.add_owner({.name = "Marketing"});
  levered.add_stage({.name = "reached", .owner = "Marketing"});
  levered.add_stage({.name = "searched", .owner = "Marketing"});
  levered.add_stage({.name = "enquiry", .owner = "Marketing", .capacity = 95});
  levered.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = 10});
  levered.add_transition({.from = "reached", .to = "enquiry", .rate = 0.3});
  levered.add_transition({.from = "searched", .to = "enquiry", .rate = 0.6});
  levered.add_transition({.from = "enquiry", .to = "customer", .rate = 0.2});
  levered.add_entry({.stage = "reached", .volume = 10, .channel = "facebook"});
  levered.add_entry({.stage = "searched", .volume = 10, .channel = "google"});
  levered.add_lever({.name = "training", .owner = "Marketing"});
  levered.add_influence({.lever = "training", .from = "enquiry", .to = "customer", .elasticity = 0.7});
  fg::AllocateOptions steep = split(800, fg::Hill{.half_saturation = 1638, .slope = 1.188, .maximum = 647},
                                    fg::PowerResponse{.scale = 5, .exponent = 0.56});
  steep.spending.push_back({.parameter = fg::lever("training"),
                            .response = fg::PowerResponse{.scale = 0.02, .exponent = 0.493, .minimum = 1}});
  const fg::Allocation far = fg::allocate(levered, steep);
  const double fills = std::pow(95 / 0.6 / 5, 1 / 0.56);
  CHECK_THAT(far.spending[1].spend, WithinRel(fills, found));
  CHECK_THAT(far.spending[2].spend, WithinRel(800 - fills, found));
  CHECK(far.evaluations < 3000);
}

TEST_CASE("a plan is no worse than what is spent today, nor than all on one", "[allocate]") {
  // Two starts only: the equal split, and today's. S-shaped responses beside a lever have many hills.
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  fg::Funnel shop = two_channels();
  shop.add_lever({.name = "training", .owner = "Sales"});
  shop.add_influence({.lever = "training", .from = "enquiry", .to = "customer", .elasticity = 0.7});
  for (int round = 0; round < 40; ++round) {
    INFO("round " << round);
    const auto curve = [&] {
      return fg::Hill{.half_saturation = 300 + 600 * uniform(random), .slope = 6, .maximum = 300};
    };
    fg::AllocateOptions options = split(1000, curve(), curve());
    options.spending.push_back(
        {.parameter = fg::lever("training"),
         .response = fg::Hill{.half_saturation = 600, .slope = 4, .minimum = 1, .maximum = 1.3}});
    const double first = round % 2 == 0 ? 950 : 50;
    const std::array<double, 3> today{first, 1000 - first, 0};
    for (std::size_t i = 0; i < 3; ++i) options.spending[i].current = today[i];
    options.starts = 2;
    CHECK(fg::allocate(shop, options).metric_after >=
          fg::allocation_at(shop, options, today).metric_after * (1 - 1e-9));
    // Three more: all on one.
    options.starts = 5;
    const double best = fg::allocate(shop, options).metric_after;
    for (std::size_t one = 0; one < 3; ++one) {
      std::array<double, 3> all{};
      all[one] = options.budget;
      CHECK(best >= fg::allocation_at(shop, options, all).metric_after * (1 - 1e-9));
    }
  }
}

TEST_CASE("a ratio can be maximised too", "[allocate]") {
  fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(2000, fg::LogResponse{100, 300, 20}, fg::LogResponse{60, 100, 10});
  options.maximise = fg::metric::probability("customer");  // the better mix: search alone
  options.spending[0].bounds.low = 150;
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK(plan.spending[0].spend == 150);
  CHECK_THAT(plan.spending[1].spend, WithinRel(1850, 1e-9));
  check_plan(shop, options, plan);
}

TEST_CASE("booked money is a fixed cost of the owner, and stops where it no longer pays", "[allocate]") {
  fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(1e6, fg::LogResponse{1000, 300, 10}, fg::LogResponse{400, 900, 20});
  options.book_spend = true;
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK_THAT(plan.spending[0].spend, WithinRel(8 * 1000 - 300.0, found));  // 8 a / (u + x) = 1
  CHECK_THAT(plan.spending[1].spend, WithinRel(12 * 400 - 900.0, found));
  CHECK(plan.shadow_price == 0);
  CHECK(plan.guarantee == fg::PlanGuarantee::global);
  check_plan(shop, options, plan);
  CHECK_THAT(fg::apply(shop, plan.scenario).get(fg::fixed_cost("Marketing")), WithinRel(plan.spent, 1e-12));
  CHECK(shop == two_channels());

  options.spending[0].current = 5000;  // not in the fixed costs, so it cannot be taken out of them
  CHECK_THROWS_AS(fg::allocate(shop, options), fg::InvalidValueError);
  fg::Owner marketing = shop.owner("Marketing");
  marketing.fixed_cost = 6000;
  shop.replace_owner("Marketing", marketing);
  const fg::Allocation moved = fg::allocate(shop, options);
  CHECK_THAT(fg::apply(shop, moved.scenario).get(fg::fixed_cost("Marketing")),
             WithinRel(1000 + moved.spent, 1e-12));
  check_plan(shop, options, moved);
}

TEST_CASE("a plan says what its figures leave open", "[allocate]") {
  fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(1000, fg::LogResponse{1000, 300, 10}, fg::LogResponse{400, 900, 20});
  const auto says = [](const fg::Allocation& plan, const std::string& what) {
    return std::any_of(plan.notes.begin(), plan.notes.end(),
                       [&](const std::string& note) { return note.find(what) != std::string::npos; });
  };
  const std::string booking = "does not count the money of the budget";
  const std::string a_head = "costs 2 an entrant";
  const std::string meet = "the funnel has 100 (`through` makes them meet)";
  const std::string left = "of the budget is left";
  fg::Allocation plan = fg::allocate(shop, options);
  CHECK(says(plan, booking));
  for (const std::string& other : {a_head, meet, left}) CHECK_FALSE(says(plan, other));
  shop.set(fg::entry_cost("reached", "facebook"), 2.0);
  options.spending[0].current = 500;  // the curve gives 991 for it
  CHECK(says(fg::allocate(shop, options), a_head));
  CHECK(says(fg::allocate(shop, options), meet));
  options.book_spend = true;
  options.spending[0].current.reset();
  CHECK_FALSE(says(fg::allocate(shop, options), booking));
  options.budget = 1e6;
  CHECK(says(fg::allocate(shop, options), left));
  options = split(1000, fg::LogResponse{1000, 300, 10}, fg::LogResponse{400, 900, 20});
  options.maximise = fg::metric::count("customer");
  CHECK_FALSE(says(fg::allocate(shop, options), booking));
  CHECK_FALSE(says(fg::allocate(shop, options), a_head));
}

TEST_CASE("a group volume moves its channels in proportion", "[allocate]") {
  fg::Funnel shop = two_channels();
  shop.add_entry({.stage = "reached", .volume = 300, .channel = "zalo"});
  fg::AllocateOptions options;
  options.budget = 100;
  options.spending = {{.parameter = fg::volume("reached"), .response = fg::LinearResponse{8, 0}}};
  options.groups = {{.name = "facebook", .bounds = {0, 20}, .channel = "facebook"}};  // a quarter of it
  const fg::Allocation plan = fg::allocate(shop, options);
  CHECK_THAT(plan.spending[0].spend, WithinRel(80, 1e-9));
  const fg::Funnel under = fg::apply(shop, plan.scenario);
  CHECK_THAT(under.get(fg::volume("reached", "zalo")), WithinRel(480, 1e-9));
  CHECK(under.get_number(fg::volume("reached", "zalo")).source.kind() == fg::SourceKind::estimated);
  check_plan(shop, options, plan);
}

TEST_CASE("a budget over cities [44]", "[allocate]") {
  fg::Funnel hanoi = two_channels();
  fg::Funnel hue = two_channels();
  hue.set(fg::rate("enquiry", "customer"), 0.25);
  const fg::SegmentedFunnel cities({{"Hanoi", hanoi}, {"Hue", hue}});
  fg::AllocateOptions options;
  options.budget = 3000;
  const fg::Response response = fg::LogResponse{100, 500, 0};
  options.spending = {{.parameter = reached, .response = response, .segment = "Hanoi"},
                      {.parameter = reached, .response = response, .segment = "Hue"}};
  const fg::Allocation plan = fg::allocate(cities, options);
  CHECK_THAT((500 + plan.spending[0].spend) / (500 + plan.spending[1].spend), WithinRel(2, found));
  CHECK(plan.guarantee == fg::PlanGuarantee::global);
  REQUIRE(plan.scenarios.size() == 2);
  const double sum = fg::evaluate(fg::apply(hanoi, plan.scenarios[0]), options.maximise) +
                     fg::evaluate(fg::apply(hue, plan.scenarios[1]), options.maximise);
  CHECK_THAT(plan.metric_after, WithinRel(sum, 1e-10));
  CHECK_THAT(plan.metric_before,
             WithinRel(fg::evaluate(hanoi, options.maximise) + fg::evaluate(hue, options.maximise), 1e-12));
  CHECK_THROWS_AS(fg::compare_plans(hanoi, std::vector{plan}, std::vector{fg::metric::profit()}),
                  fg::InvalidValueError);
  options.groups = {{.name = "Hue", .bounds = {2000, infinity}, .segment = "Hue"}};
  CHECK_THAT(fg::allocate(cities, options).spending[1].spend, WithinRel(2000, 1e-9));

  options.maximise = fg::metric::cost_per("customer");
  CHECK_THROWS_AS(fg::allocate(cities, options), fg::InvalidValueError);
  options.maximise = fg::metric::profit();
  options.spending[0].segment = "Hanoy";
  CHECK_THROWS_WITH(fg::allocate(cities, options), ContainsSubstring("'Hanoi'"));
  options.spending[0].segment = "";
  CHECK_THROWS_AS(fg::allocate(cities, options), fg::InvalidValueError);
}

TEST_CASE("each city buys its own capacity", "[allocate]") {
  fg::Funnel city = two_channels();
  fg::Stage enquiry = city.stage("enquiry");
  enquiry.capacity = 80;
  city.replace_stage("enquiry", enquiry);
  const fg::SegmentedFunnel cities({{"Hanoi", city}, {"Hue", city}});
  fg::AllocateOptions options;
  options.budget = 1000;
  options.spending = {
      {.parameter = reached, .response = fg::LinearResponse{1, 100}, .segment = "Hanoi"},
      {.parameter = fg::capacity("enquiry"), .response = fg::LinearResponse{0.4, 80}, .segment = "Hanoi"},
      {.parameter = reached, .response = fg::LinearResponse{1, 100}, .segment = "Hue"}};
  const fg::Allocation plan = fg::allocate(cities, options);
  // 70 of the 80 visits are taken: 25 more reached fill the stage, which only Hanoi can widen, by half of
  // what is left.
  CHECK_THAT(plan.spending[2].spend, WithinRel(25, 1e-6));
  CHECK_THAT(plan.spending[0].spend, WithinRel(25 + 475, 1e-6));
  CHECK_THAT(plan.spending[1].spend, WithinRel(475, 1e-6));
  REQUIRE(plan.capacities.size() == 2);
  CHECK_THAT(plan.capacities[0].capacity, WithinRel(80 + 190, 1e-6));
  CHECK(plan.capacities[1].capacity == 80);
  CHECK(plan.feasible);
}

TEST_CASE("plans side by side", "[allocate]") {
  const fg::Funnel shop = two_channels();
  const fg::AllocateOptions options = split(0, fg::LogResponse{1000, 300, 10}, fg::LogResponse{400, 900, 20});
  std::vector<fg::Allocation> plans =
      fg::allocate(shop, options, std::array<double, 3>{1000.0, 2000.0, 4000.0});
  CHECK(plans[0].shadow_price > plans[1].shadow_price);
  CHECK(plans[1].shadow_price > plans[2].shadow_price);
  // The shadow price is the slope of the best metric by the budget.
  const std::vector<fg::Allocation> around =
      fg::allocate(shop, options, std::array<double, 2>{1999.0, 2001.0});
  CHECK_THAT((around[1].metric_after - around[0].metric_after) / 2, WithinRel(plans[1].shadow_price, 1e-6));
  fg::AllocateOptions naive = options;
  naive.name = "half each";
  plans.push_back(fg::allocation_at(shop, naive, std::array<double, 2>{1000.0, 1000.0}));
  CHECK(plans[3].guarantee == fg::PlanGuarantee::none);
  CHECK(plans[3].metric_after < plans[1].metric_after);
  const std::vector<fg::Metric> metrics{fg::metric::profit(), fg::metric::count("customer")};
  const std::vector<fg::PlanRow> rows = fg::compare_plans(shop, plans, metrics);
  REQUIRE(rows.size() == 5);
  CHECK(rows[0].plan == "as it is");
  CHECK(rows[4].plan == "half each");
  CHECK(rows[1].plan == "allocation of 1000");
  for (std::size_t k = 0; k < plans.size(); ++k) {
    CHECK(rows[k + 1].budget == plans[k].budget);
    CHECK(rows[k + 1].spent == plans[k].spent);
    CHECK(same(rows[k + 1].shadow_price, plans[k].shadow_price));
    CHECK(rows[k + 1].feasible);
  }
  fg::Funnel tight = shop;
  fg::Stage enquiry = tight.stage("enquiry");
  enquiry.capacity = 80;
  tight.replace_stage("enquiry", enquiry);
  CHECK(fg::compare_plans(tight, plans, metrics)[0].feasible);
  CHECK_FALSE(fg::compare_plans(tight, plans, metrics)[1].feasible);
  CHECK_THAT(rows[2].metrics[0], WithinRel(plans[1].metric_after, 1e-10));
  CHECK_THAT(rows[0].metrics[0], WithinRel(fg::evaluate(shop, metrics[0]), 1e-12));
}

TEST_CASE("a budget of nothing, and one that is spoken for", "[allocate]") {
  const fg::Funnel shop = two_channels();
  fg::AllocateOptions options = split(0, fg::LogResponse{1000, 300, 10}, fg::PowerResponse{.scale = 2});
  const fg::Allocation nothing = fg::allocate(shop, options);
  CHECK(nothing.spent == 0);
  CHECK_THAT(nothing.metric_after, WithinRel(80, 1e-12));
  options.budget = 100;
  options.spending[0].bounds = {60, 60};
  options.spending[1].bounds = {40, 40};
  const fg::Allocation fixed = fg::allocate(shop, options);
  CHECK(fixed.spending[0].spend == 60);
  CHECK(fixed.spending[1].spend == 40);
}

TEST_CASE("bad allocations say what is allowed and leave the base alone", "[allocate]") {
  const fg::Funnel shop = two_channels();
  const fg::AllocateOptions good = split(1000, fg::LogResponse{1000, 300, 10}, fg::LogResponse{400, 900, 20});
  const auto refused = [&](auto&& spoil, const std::string& says) {
    fg::AllocateOptions bad = good;
    spoil(bad);
    CHECK_THROWS_WITH(fg::allocate(shop, bad), ContainsSubstring(says));
    try {
      (void)fg::allocate(shop, bad);
    } catch (const fg::Error&) {
      CHECK(shop == two_channels());
    }
  };
  for (const double budget : {-1.0, not_a_number, infinity})
    refused([&](auto& o) { o.budget = budget; }, "budget");
  refused([](auto& o) { o.spending.clear(); }, "response");
  refused([](auto& o) { o.spending[0].bounds = {700, 600}; }, "at least low, 700");
  refused([](auto& o) { o.spending[0].bounds = {-1, 600}; }, ">= 0");
  refused([](auto& o) { o.spending[0].bounds.low = not_a_number; },
          "bounds of volume(reached, channel=facebook), low");
  refused([](auto& o) { o.spending[0].bounds = {0, not_a_number}; }, "high");
  refused([](auto& o) { o.spending[0].bounds.low = 1001; }, "at most the budget, 1000");
  refused([](auto& o) { o.spending[0].bounds.low = o.spending[1].bounds.low = 501; }, "1002");
  refused([](auto& o) { o.spending[0].parameter = fg::volume("reached", "facebok"); }, "facebook");
  refused([](auto& o) { o.spending[0].parameter = fg::rate("reached", "enquiry"); },
          "a volume, a lever or a capacity");
  refused([](auto& o) { o.spending[1].parameter = fg::volume("reached"); }, "money can move a number once");
  refused([](auto& o) { o.spending[0].current = -3; }, "current money");
  refused([](auto& o) { o.spending[0].segment = "Hue"; }, "segment");
  refused([](auto& o) { o.tolerance = 0; }, "tolerance");
  refused([](auto& o) { o.starts = 0; }, "starts");
  refused([](auto& o) { o.analysis.capacity = fg::CapacityRule::cap; }, "respect_capacity");
  refused([](auto& o) { o.maximise = fg::metric::count("custmer"); }, "customer");
  refused([](auto& o) { o.maximise = fg::metric::recoverable(); }, "recoverable");
  refused([](auto& o) { o.groups = {{.name = "S", .owner = "Sale"}}; }, "Sales");
  refused([](auto& o) { o.groups = {{.name = "S", .channel = "googel"}}; }, "google");
  refused([](auto& o) { o.groups = {{.name = "S", .members = {fg::volume("searched", "googel")}}}; },
          "google");
  refused([](auto& o) { o.groups = {{.name = "S", .owner = "Sales"}}; }, "no spending in it");
  refused([](auto& o) { o.groups = {{.name = "S"}}; }, "no members");
  refused([](auto& o) { o.groups = {{.name = "S", .bounds = {3, 2}, .owner = "Marketing"}}; }, "group S");
  refused([](auto& o) { o.groups = {{.name = "S", .bounds = {1001, infinity}, .owner = "Marketing"}}; },
          "group S, low");
  refused(
      [](auto& o) {
        o.spending[0].bounds.low = 500;
        o.groups = {{.name = "few", .bounds = {0, 400}, .members = {reached}}};
      },
      "group few, high");
  fg::Funnel levered = shop;
  levered.add_lever({.name = "priming", .owner = "Marketing"});
  fg::AllocateOptions lever = good;
  lever.spending[0] = {.parameter = fg::lever("priming"), .response = fg::LogResponse{}};
  CHECK_THROWS_WITH(fg::allocate(levered, lever), ContainsSubstring("give the response a minimum"));
  CHECK_THROWS_AS(fg::allocation_at(shop, good, std::vector<double>{3.0}), fg::InvalidValueError);
  CHECK_THROWS_WITH(fg::allocation_at(shop, good, std::vector<double>{3.0, not_a_number}),
                    ContainsSubstring("money of a plan"));
  // What only another funnel can have wrong.
  fg::Funnel unknown_value = shop;
  fg::Outcome customer = shop.outcome("customer");
  customer.value = not_a_number;
  unknown_value.replace_outcome("customer", customer);
  const fg::Funnel as_it_was = unknown_value;
  CHECK_THROWS_AS(fg::allocate(unknown_value, good), fg::InvalidValueError);
  CHECK(unknown_value == as_it_was);
  fg::Funnel nobodys = shop;
  nobodys.set_owner("reached", {});
  fg::AllocateOptions booked = good;
  booked.book_spend = true;
  CHECK_THROWS_WITH(fg::allocate(nobodys, booked), ContainsSubstring("a parameter that somebody owns"));
  fg::Funnel silent = shop;
  silent.add_entry({.stage = "reached", .volume = 0, .channel = "zalo"});
  silent.set(reached, 0.0);
  fg::AllocateOptions group = good;
  group.spending[0].parameter = fg::volume("reached");
  CHECK_THROWS_WITH(fg::allocate(silent, group), ContainsSubstring("0 over several channels"));
}
