#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/metric.hpp>
#include <limits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace fg = funnelgraph;
namespace metric = funnelgraph::metric;

TEST_CASE("metrics read as they are written in code") {
  const std::vector<std::pair<fg::Metric, const char*>> all = {
      {metric::count("customer"), "count(customer)"},
      {metric::probability("customer"), "probability(customer)"},
      {metric::visits("order"), "visits(order)"},
      {metric::revenue(), "revenue()"},
      {metric::cost(), "cost()"},
      {metric::profit(), "profit()"},
      {metric::cost_per("customer"), "cost_per(customer)"},
      {metric::time_to("customer"), "time_to(customer)"},
      {metric::time_to(), "time_to()"},
      {metric::recoverable("Sales"), "recoverable(Sales)"},
      {metric::recoverable(), "recoverable()"},
      {metric::lifetime_value(365), "lifetime_value(365)"},
      {metric::lifetime_value(), "lifetime_value()"},
      {metric::ratio(metric::revenue(), metric::cost()), "ratio(revenue(), cost())"},
      {metric::revenue() - 2.5 * metric::cost(), "revenue() - 2.5 * cost()"},
      {-1 * metric::cost() - metric::revenue(), "-cost() - revenue()"},
      {metric::ratio(metric::revenue() + metric::cost(), metric::count("customer")),
       "ratio(cost() + revenue(), count(customer))"}};
  std::unordered_set<fg::Metric> hashed;
  for (const auto& [one, text] : all) {
    CHECK(fg::to_string(one) == text);
    hashed.insert(one);
  }
  CHECK(hashed.size() == all.size());
}

TEST_CASE("sums and multiples have one form") {
  const fg::Metric a = metric::count("customer");
  const fg::Metric b = metric::revenue();
  const fg::Metric c = metric::visits("order");
  CHECK(a + b == b + a);
  CHECK((a + b) + c == a + (c + b));
  CHECK(a + a == 2 * a);
  CHECK(2 * (a + 3 * b) == 6 * b + a * 2);
  CHECK(a - b + b == a);
  CHECK(1 * a == a);
  CHECK(a - a == b - b);
  CHECK((a - a).parts().empty());
  CHECK_FALSE(a - b == b - a);
  CHECK(fg::hash_value(a + b) == fg::hash_value(b + a));
  CHECK((a + b).kind() == fg::MetricKind::sum);
  CHECK((a + b).weights() == std::vector<double>{1, 1});
}

TEST_CASE("metrics are equal by content") {
  CHECK(metric::count("customer") == metric::count("customer"));
  CHECK_FALSE(metric::count("customer") == metric::probability("customer"));
  CHECK_FALSE(metric::count("customer") == metric::count("rival"));
  CHECK_FALSE(metric::lifetime_value(30) == metric::lifetime_value());
  CHECK(metric::lifetime_value(30).horizon() == 30);
  CHECK_FALSE(metric::ratio(metric::revenue(), metric::cost()) ==
              metric::ratio(metric::cost(), metric::revenue()));
  CHECK(metric::count("kha\u0301ch") == metric::count("khách"));
  CHECK(metric::time_to() == metric::time_to(std::nullopt));
}

TEST_CASE("metrics that mean nothing are refused") {
  CHECK_THROWS_AS(metric::lifetime_value(0), fg::InvalidValueError);
  CHECK_THROWS_AS(metric::lifetime_value(-3), fg::InvalidValueError);
  CHECK_THROWS_AS(metric::lifetime_value(std::numeric_limits<double>::infinity()), fg::InvalidValueError);
  CHECK_THROWS_AS(std::numeric_limits<double>::quiet_NaN() * metric::profit(), fg::InvalidValueError);
  CHECK_THROWS_AS(metric::count("\xFF"), fg::InvalidValueError);
}
