// Customers in a chain with loops: what is still ahead of them [40,41,43].
#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <string>
#include <vector>

#include "../support/oracle.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

constexpr double year = 365;

/// Stage k: bought k periods ago. A purchase leads back to stage 0; the payoff is the stage's.
fg::Funnel recency_chain(const boost::json::value& item) {
  const auto& purchase = item.at("purchase").as_array();
  const auto& payoff = item.at("payoff").as_array();
  fg::Funnel funnel;
  const auto name = [](std::size_t k) { return "recency " + std::to_string(k + 1); };
  for (std::size_t k = 0; k < payoff.size(); ++k) {
    const double amount = test::number(payoff[k]);
    funnel.add_stage(
        {.name = name(k), .cost = amount < 0 ? -amount : 0.0, .value = amount > 0 ? amount : 0.0});
  }
  for (std::size_t k = 0; k < purchase.size(); ++k) {
    const double rate = test::number(purchase[k]);
    funnel.add_transition({.from = name(k), .to = name(0), .rate = rate, .lag = year});
    funnel.add_transition({.from = name(k), .to = name(k + 1), .rate = 1 - rate, .lag = year});
  }
  funnel.add_entry({.stage = name(0), .volume = 10});
  return funnel;
}

}  // namespace

TEST_CASE("the lifetime value of customers in a recency chain [40,41,43]") {
  const boost::json::value all = test::oracle("lifetime_value.json");
  for (const auto& item : all.as_array()) {
    DYNAMIC_SECTION(test::text(item.at("name"))) {
      const double tolerance = test::number(item.at("tolerance"));
      const fg::Funnel funnel = recency_chain(item);
      const fg::AnalysisOptions options{.discount_rate = test::number(item.at("discount"))};
      const fg::Analysis a = fg::analyze(funnel, options);
      for (const auto& [key, figures] : item.at("expect").as_object()) {
        const auto horizon = key == "horizon_4" ? std::optional<double>(4 * year) : std::nullopt;
        for (std::size_t k = 0; k < figures.as_array().size(); ++k) {
          INFO(std::string_view(key) << ", stage " << k + 1);
          const double wanted = test::number(figures.as_array()[k]);
          const double got = a.lifetime_value(funnel.stages()[k].name, horizon);
          CHECK_THAT(got, WithinRel(wanted, tolerance) || WithinAbs(wanted, tolerance));
        }
        // All entrants start in the first stage.
        CHECK_THAT(fg::evaluate(funnel, fg::metric::lifetime_value(horizon), options),
                   WithinRel(test::number(figures.as_array()[0]), tolerance));
      }
      // A horizon beyond which hardly anyone is left says the same as none.
      CHECK_THAT(a.lifetime_value("recency 1", 300 * year), WithinRel(a.lifetime_value("recency 1"), 1e-9));
    }
  }
}

TEST_CASE("money counts up to the horizon, at its own moment") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "a", .cost = 1});
  funnel.add_stage({.name = "b", .value = 10, .commission = 0.5});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  funnel.add_transition({.from = "a", .to = "b", .rate = 0.5, .lag = 0.1, .cost = 4, .value = 7});
  funnel.add_transition({.from = "b", .to = "b", .rate = 0.25, .lag = 0.1});
  funnel.add_transition({.from = "b", .to = "won", .rate = 0.5, .lag = 0});
  funnel.add_entry({.stage = "a", .volume = 1});
  const fg::Analysis a = fg::analyze(funnel);
  // At 0: cost 1 and half of 4. At 0.1: half of 7 + (10 - 5) + half of 100, then a quarter of b again ...
  const double arrival_at_b = 5 + 50;
  CHECK_THAT(a.lifetime_value("a", 0.0), WithinRel(-3.0, 1e-12));
  CHECK_THAT(a.lifetime_value("a", 0.09), WithinRel(-3.0, 1e-12));
  CHECK_THAT(a.lifetime_value("a", 0.1), WithinRel(-3 + 0.5 * (7 + arrival_at_b), 1e-12));
  // 0.1 + 0.1 + 0.1 is more than 0.3 by rounding, and still on time.
  CHECK_THAT(a.lifetime_value("a", 0.3),
             WithinRel(-3 + 0.5 * (7 + arrival_at_b * (1 + 0.25 + 0.0625)), 1e-12));
}

TEST_CASE("a horizon discounts each sum to the entry") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "a", .cost = 1});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  // A deviation of 0 is a certain lag too, whatever the family.
  funnel.add_transition(
      {.from = "a", .to = "won", .rate = 0.5, .lag = fg::Lag::gamma({.mean = 365, .sd = 0}), .value = 20});
  funnel.add_entry({.stage = "a", .volume = 1});
  const fg::Analysis a = fg::analyze(funnel, {.discount_rate = 0.25});
  CHECK_THAT(a.lifetime_value("a", 364.0), WithinRel(-1.0, 1e-12));
  CHECK_THAT(a.lifetime_value("a", 365.0), WithinRel(-1 + 0.5 * 120 / 1.25, 1e-12));
}

TEST_CASE("loops without waiting are solved within their moment") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "a", .value = 1});
  funnel.add_stage({.name = "b"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_transition({.from = "a", .to = "b", .rate = 0.5, .lag = fg::Lag::zero()});
  funnel.add_transition({.from = "b", .to = "a", .rate = 0.5, .lag = fg::Lag::zero()});
  funnel.add_transition({.from = "b", .to = "won", .rate = 0.5, .lag = 5});
  funnel.add_entry({.stage = "a", .volume = 1});
  CHECK_THAT(fg::analyze(funnel).lifetime_value("a", 1.0), WithinRel(1 / (1 - 0.25), 1e-12));
}

TEST_CASE("a horizon needs lags of one certain length") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "a", .value = 1});
  funnel.add_stage({.name = "b"});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  funnel.add_transition({.from = "a", .to = "b", .rate = 0.5, .lag = 1});
  funnel.add_transition({.from = "b", .to = "won", .rate = 0.5, .lag = fg::Lag::exponential(3)});
  funnel.add_entry({.stage = "a", .volume = 1});
  const fg::Analysis a = fg::analyze(funnel);
  CHECK_THROWS_AS(a.lifetime_value("a", 10.0), fg::InvalidValueError);
  CHECK_THROWS_AS(a.lifetime_value("a", -1.0), fg::InvalidValueError);
  CHECK_THROWS_AS(a.lifetime_value("a", std::nan("")), fg::InvalidValueError);
  CHECK_THAT(a.lifetime_value("a", 0.5), WithinRel(1.0, 1e-12));  // b is not reached by then
}

TEST_CASE("a horizon with too many moments is refused, not computed for ever") {
  // Within one moment all stages are solved: 20,000 stages count as that many arrivals, day after day.
  constexpr std::size_t count = 20'000;
  fg::Funnel funnel;
  const auto name = [](std::size_t i) { return "s" + std::to_string(i); };
  funnel.reserve(count, count + 2);
  for (std::size_t i = 0; i < count; ++i) funnel.add_stage({.name = name(i)});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 1});
  funnel.add_transition({.from = name(0), .to = name(0), .rate = 0.999, .lag = 1});
  for (std::size_t i = 0; i + 1 < count; ++i)
    funnel.add_transition({.from = name(i), .to = name(i + 1), .rate = 0.001, .lag = fg::Lag::zero()});
  funnel.add_transition({.from = name(count - 1), .to = "won", .rate = 0.5, .lag = 1});
  funnel.add_entry({.stage = name(0), .volume = 1});
  const fg::Analysis a = fg::analyze(funnel);
  CHECK_NOTHROW(a.lifetime_value(name(0), 20.0));
  CHECK_THROWS_AS(a.lifetime_value(name(0), 1e6), fg::InvalidValueError);
}
