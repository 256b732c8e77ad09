#include <cmath>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

fg::Funnel shop() {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "enquiry", .owner = "Sales"});
  funnel.add_stage({.name = "order", .drop_off = 1e-134});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_transition({.from = "enquiry",
                         .to = "order",
                         .rate = 0.3,
                         .lag = fg::Lag::gamma({.mean = 2, .sd = 1.5}),
                         .observed = fg::Observed{30, 100, 4}});
  funnel.add_transition({.from = "enquiry", .to = "customer", .rate = 0.1});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 1, .lag = fg::Lag::exponential(4)});
  funnel.add_entry({.stage = "enquiry", .volume = 60, .cost = 2});
  funnel.add_entry({.stage = "enquiry", .volume = 20, .cost = 6, .channel = "fair"});
  funnel.add_entry({.stage = "order", .volume = 0, .cost = 5});
  funnel.add_lever({.name = "priming"});
  funnel.add_influence({.lever = "priming", .from = "enquiry", .to = "order", .elasticity = 0.4});
  return funnel;
}

void out_of_range(const fg::Parameter& parameter, double value) {
  fg::Funnel funnel = shop();
  try {
    funnel.set(parameter, value);
    FAIL(fg::to_string(parameter) << " took " << value);
  } catch (const fg::InvalidValueError& error) {
    CHECK(error.where() == fg::to_string(parameter));
    CHECK_FALSE(error.allowed().empty());
  }
  CHECK(funnel == shop());
}

}  // namespace

TEST_CASE("a drop-off that is not given is what is missing from the row") {
  fg::Funnel funnel = shop();
  CHECK_THAT(funnel.get(fg::drop_off("enquiry")), WithinRel(0.6, 1e-15));
  CHECK(funnel.get(fg::drop_off("order")) == 1e-134);

  fg::Funnel thirds;
  thirds.add_stage({.name = "a"});
  CHECK(thirds.get(fg::drop_off("a")) == 1);
  // 0.1 + 0.2 + 0.7 in doubles differs from 1 by less than 1e-12: rounding, not a drop-off.
  for (const auto& [to, rate] : {std::pair{"x", 0.1}, {"y", 0.2}, {"z", 0.7}}) {
    thirds.add_transition({.from = "a", .to = to, .rate = rate});
  }
  CHECK(thirds.get(fg::drop_off("a")) == 0);
  thirds.set(fg::rate("a", "z"), 0.7 - 2e-12);
  CHECK_THAT(thirds.get(fg::drop_off("a")), WithinRel(2e-12, 1e-3));
  thirds.set(fg::rate("a", "z"), 0.9);
  CHECK(thirds.get(fg::drop_off("a")) == 0);
}

TEST_CASE("a derived drop-off does not gather the rounding of a long row") {
  // fma rounds 1 - 100 r once: the exact remainder to the last digit. A plain sum is 40 ulps of it away.
  const double rate = 0.00999;
  fg::Funnel funnel;
  funnel.add_stage({.name = "a"});
  for (int i = 0; i < 100; ++i) {
    const std::string name = "o" + std::to_string(i);
    funnel.add_outcome({.name = name});
    funnel.add_transition({.from = "a", .to = name, .rate = rate});
  }
  CHECK(funnel.get(fg::drop_off("a")) == std::fma(-100.0, rate, 1.0));
}

TEST_CASE("a derived number is of the kind all its parts share") {
  fg::Funnel funnel = shop();
  CHECK(funnel.get_number(fg::drop_off("enquiry")).source.kind() == fg::SourceKind::assumed);
  funnel.set(fg::rate("enquiry", "order"), fg::measured(0.3, {.n = 50}));
  CHECK(funnel.get_number(fg::drop_off("enquiry")).source.kind() == fg::SourceKind::assumed);
  funnel.set(fg::rate("enquiry", "customer"), fg::measured(0.1, {.n = 50}));
  CHECK(funnel.get_number(fg::drop_off("enquiry")).source == fg::measured(0, {.n = 50}).source);
  funnel.set(fg::rate("enquiry", "customer"), fg::measured(0.1, {.n = 60}));
  CHECK(funnel.get_number(fg::drop_off("enquiry")).source == fg::Source());
  funnel.set(fg::rate("enquiry", "order"), fg::estimated(0.3, {"Lan"}));
  funnel.set(fg::rate("enquiry", "customer"), fg::estimated(0.1, {"An"}));
  CHECK(funnel.get_number(fg::drop_off("enquiry")).source == fg::Source());
  funnel.set(fg::rate("enquiry", "customer"), fg::estimated(0.1, {"Lan"}));
  CHECK(funnel.get_number(fg::drop_off("enquiry")).source == fg::estimated(0, {"Lan"}).source);
  funnel.remove_transition("enquiry", "customer");
  funnel.set(fg::rate("enquiry", "order"), fg::between(0.25, 0.5));
  CHECK(funnel.get_number(fg::drop_off("enquiry")).source.interval() == fg::Interval{0.5, 0.75, 0.9});

  funnel.set(fg::volume("enquiry", ""), fg::placeholder(60));
  CHECK(funnel.get_number(fg::volume("enquiry")) == fg::Number(80));
  funnel.set(fg::volume("enquiry", "fair"), fg::placeholder(20));
  CHECK(funnel.get_number(fg::volume("enquiry")) == fg::placeholder(80));
}

TEST_CASE("setting a rate keeps the row and clears what was observed") {
  fg::Funnel funnel = shop();
  funnel.set(fg::rate("enquiry", "order"), 0.5);
  CHECK(funnel.get(fg::rate("enquiry", "order")) == 0.5);
  CHECK(funnel.get(fg::rate("enquiry", "customer")) == 0.1);
  CHECK_FALSE(funnel.transition("enquiry", "order").observed);
  CHECK_THAT(funnel.get(fg::drop_off("enquiry")), WithinRel(0.4, 1e-15));
  funnel.set(fg::drop_off("enquiry"), 0.25);
  CHECK(funnel.get(fg::drop_off("enquiry")) == 0.25);
  CHECK(funnel.get(fg::rate("enquiry", "order")) == 0.5);
  funnel.set(fg::lag("enquiry", "order"), 3);
  CHECK(shop().transition("enquiry", "order").observed);
}

TEST_CASE("a group of volumes sums and scales in proportion") {
  fg::Funnel funnel = shop();
  CHECK(funnel.get(fg::volume("enquiry")) == 80);
  CHECK(funnel.leaves(fg::volume("enquiry")) ==
        std::vector<fg::Parameter>{fg::volume("enquiry", ""), fg::volume("enquiry", "fair")});
  CHECK(funnel.leaves(fg::volume("enquiry", "fair")) ==
        std::vector<fg::Parameter>{fg::volume("enquiry", "fair")});
  funnel.set(fg::volume("enquiry"), fg::between(150, 170));
  CHECK(funnel.get(fg::volume("enquiry", "")) == 120);
  CHECK(funnel.get(fg::volume("enquiry", "fair")) == 40);
  REQUIRE(funnel.get_number(fg::volume("enquiry", "fair")).source.interval());
  CHECK(funnel.get_number(fg::volume("enquiry", "fair")).source.interval()->low == 150 * 0.25);

  // (120 * 2 + 40 * 6) / 160
  CHECK(funnel.get(fg::entry_cost("enquiry")) == 3);
  funnel.set(fg::entry_cost("enquiry"), 1.5);
  CHECK(funnel.get(fg::entry_cost("enquiry", "")) == 1);
  CHECK(funnel.get(fg::entry_cost("enquiry", "fair")) == 3);
}

TEST_CASE("of two entries of one channel, which no valid funnel has, the first counts") {
  fg::Funnel funnel = shop();
  funnel.add_entry({.stage = "enquiry", .volume = 5, .channel = "fair"});
  CHECK(funnel.get(fg::volume("enquiry")) == 80);
  CHECK(funnel.leaves(fg::volume("enquiry")).size() == 2);
}

TEST_CASE("a group that sums to nothing cannot be scaled") {
  fg::Funnel funnel = shop();
  funnel.set(fg::volume("order"), 7);
  CHECK(funnel.get(fg::volume("order")) == 7);
  funnel.set(fg::volume("enquiry"), 0);
  CHECK(funnel.get(fg::volume("enquiry", "fair")) == 0);
  funnel.set(fg::volume("enquiry"), 0);
  const fg::Funnel before = funnel;
  CHECK_THROWS_WITH(funnel.set(fg::volume("enquiry"), 80),
                    ContainsSubstring("volume(enquiry, channel=\"\")"));
  CHECK_THROWS_AS(funnel.set(fg::volume("enquiry"), 80), fg::InvalidValueError);
  CHECK(funnel == before);
  // Without volume the mean cost is the plain mean.
  CHECK(funnel.get(fg::entry_cost("enquiry")) == 4);
}

TEST_CASE("lags keep their family") {
  fg::Funnel funnel = shop();
  funnel.set(fg::lag("enquiry", "order"), 4);
  CHECK(funnel.get(fg::lag_sd("enquiry", "order")) == 3);
  funnel.set(fg::lag_sd("enquiry", "order"), 1);
  CHECK(funnel.transition("enquiry", "order").lag == fg::Lag::gamma({.mean = 4, .sd = 1}));
  funnel.set(fg::lag("order", "customer"), 2);
  CHECK(funnel.get(fg::lag_sd("order", "customer")) == 2);

  CHECK(std::isnan(funnel.get(fg::lag("enquiry", "customer"))));
  CHECK(std::isnan(funnel.get(fg::lag_sd("enquiry", "customer"))));
  funnel.set(fg::lag("enquiry", "customer"), 5);
  CHECK(funnel.transition("enquiry", "customer").lag == fg::Lag(5));
  funnel.set(fg::lag("enquiry", "customer"), unknown);
  CHECK(funnel.transition("enquiry", "customer").lag.family == fg::LagFamily::unknown);
}

TEST_CASE("a deviation that the family does not have cannot be set") {
  out_of_range(fg::lag_sd("order", "customer"), 3);
  out_of_range(fg::lag_sd("enquiry", "customer"), 3);
  fg::Funnel funnel = shop();
  funnel.set(fg::lag_sd("order", "customer"), 4);
  CHECK(funnel == shop());
  funnel.set(fg::lag("enquiry", "order"), 0);
  CHECK_THROWS_AS(funnel.set(fg::lag_sd("enquiry", "order"), 1), fg::InvalidValueError);
}

TEST_CASE("capacities and service levels can be taken away") {
  fg::Funnel funnel = shop();
  CHECK(std::isnan(funnel.get(fg::capacity("order"))));
  CHECK(std::isnan(funnel.get(fg::service_level("enquiry", "order"))));
  funnel.set(fg::capacity("order"), 10);
  funnel.set(fg::service_level("enquiry", "order"), 1);
  CHECK(funnel.get(fg::capacity("order")) == 10);
  CHECK(funnel.get(fg::service_level("enquiry", "order")) == 1);
  funnel.set(fg::capacity("order"), unknown);
  funnel.set(fg::service_level("enquiry", "order"), unknown);
  CHECK(funnel == shop());
}

TEST_CASE("values outside their range are refused, and nothing changes") {
  for (const double value : {-0.1, 1.1, unknown, infinity}) {
    out_of_range(fg::rate("enquiry", "order"), value);
    out_of_range(fg::drop_off("enquiry"), value);
    out_of_range(fg::commission("order"), value);
    out_of_range(fg::commission("customer"), value);
  }
  for (const double value : {-1.0, infinity}) {
    out_of_range(fg::lag("enquiry", "order"), value);
    out_of_range(fg::lag_sd("enquiry", "order"), value);
    out_of_range(fg::cost("order"), value);
    out_of_range(fg::transition_cost("enquiry", "order"), value);
    out_of_range(fg::volume("enquiry"), value);
    out_of_range(fg::volume("enquiry", "fair"), value);
    out_of_range(fg::entry_cost("enquiry"), value);
    out_of_range(fg::capacity("order"), value);
    out_of_range(fg::service_level("enquiry", "order"), value);
    out_of_range(fg::fixed_cost("Sales"), value);
    out_of_range(fg::lever("priming"), value);
    out_of_range(fg::discount_rate(), value);
  }
  for (const double value : {unknown, infinity}) {
    out_of_range(fg::value("order"), value);
    out_of_range(fg::value("customer"), value);
    out_of_range(fg::transition_value("enquiry", "order"), value);
    out_of_range(fg::elasticity("priming", "enquiry", "order"), value);
    out_of_range(fg::volume("enquiry"), value);
    out_of_range(fg::discount_rate(), value);
  }
  out_of_range(fg::lever("priming"), 0);
  fg::Funnel funnel = shop();
  funnel.set(fg::value("order"), -5);
  funnel.set(fg::elasticity("priming", "enquiry", "order"), -2);
  funnel.set(fg::discount_rate(), -0.5);
  CHECK(funnel.info().discount_rate == -0.5);
}

TEST_CASE("all parameters that have a number") {
  std::vector<std::string> names;
  for (const fg::Parameter& parameter : shop().parameters()) names.push_back(fg::to_string(parameter));
  CHECK(names == std::vector<std::string>{"cost(enquiry)",
                                          "value(enquiry)",
                                          "commission(enquiry)",
                                          "cost(order)",
                                          "value(order)",
                                          "commission(order)",
                                          "drop_off(order)",
                                          "value(customer)",
                                          "commission(customer)",
                                          "rate(enquiry, order)",
                                          "lag(enquiry, order)",
                                          "lag_sd(enquiry, order)",
                                          "transition_cost(enquiry, order)",
                                          "transition_value(enquiry, order)",
                                          "rate(enquiry, customer)",
                                          "transition_cost(enquiry, customer)",
                                          "transition_value(enquiry, customer)",
                                          "rate(order, customer)",
                                          "lag(order, customer)",
                                          "transition_cost(order, customer)",
                                          "transition_value(order, customer)",
                                          "volume(enquiry, channel=\"\")",
                                          "entry_cost(enquiry, channel=\"\")",
                                          "volume(enquiry, channel=fair)",
                                          "entry_cost(enquiry, channel=fair)",
                                          "volume(order, channel=\"\")",
                                          "entry_cost(order, channel=\"\")",
                                          "lever(priming)",
                                          "elasticity(priming, enquiry, order)",
                                          "fixed_cost(Sales)",
                                          "discount_rate()"});
}
