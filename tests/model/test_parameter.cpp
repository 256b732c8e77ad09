#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/parameter.hpp>
#include <map>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace fg = funnelgraph;

TEST_CASE("parameters read as they are written in code") {
  const std::vector<std::pair<fg::Parameter, const char*>> all = {
      {fg::rate("enquiry", "order"), "rate(enquiry, order)"},
      {fg::drop_off("enquiry"), "drop_off(enquiry)"},
      {fg::lag("enquiry", "order"), "lag(enquiry, order)"},
      {fg::lag_sd("enquiry", "order"), "lag_sd(enquiry, order)"},
      {fg::cost("order"), "cost(order)"},
      {fg::value("order"), "value(order)"},
      {fg::commission("order"), "commission(order)"},
      {fg::transition_cost("enquiry", "order"), "transition_cost(enquiry, order)"},
      {fg::transition_value("enquiry", "order"), "transition_value(enquiry, order)"},
      {fg::volume("reached"), "volume(reached)"},
      {fg::volume("reached", "facebook"), "volume(reached, channel=facebook)"},
      {fg::volume("reached", ""), "volume(reached, channel=\"\")"},
      {fg::entry_cost("reached"), "entry_cost(reached)"},
      {fg::entry_cost("reached", "facebook"), "entry_cost(reached, channel=facebook)"},
      {fg::capacity("order"), "capacity(order)"},
      {fg::service_level("enquiry", "order"), "service_level(enquiry, order)"},
      {fg::lever("priming"), "lever(priming)"},
      {fg::elasticity("priming", "enquiry", "order"), "elasticity(priming, enquiry, order)"},
      {fg::fixed_cost("Care"), "fixed_cost(Care)"},
      {fg::discount_rate(), "discount_rate()"}};
  std::set<fg::Parameter> ordered;
  std::unordered_set<fg::Parameter> hashed;
  for (const auto& [parameter, text] : all) {
    CHECK(fg::to_string(parameter) == text);
    CHECK(fg::Parameter(parameter.kind(), parameter.arguments(), parameter.without_channel()) == parameter);
    ordered.insert(parameter);
    hashed.insert(parameter);
  }
  CHECK(ordered.size() == all.size());
  CHECK(hashed.size() == all.size());
  CHECK(hashed.contains(fg::volume("reached", "facebook")));
}

TEST_CASE("a volume without a channel is a group") {
  CHECK(fg::volume("reached").without_channel());
  CHECK_FALSE(fg::volume("reached", "").without_channel());
  CHECK_FALSE(fg::rate("a", "b").without_channel());
  CHECK(fg::Parameter(fg::ParameterKind::volume, {"reached"}).without_channel());
  CHECK_FALSE(fg::volume("reached") == fg::volume("reached", ""));
}

TEST_CASE("names of parameters are in normal form C") {
  CHECK(fg::cost("tu\u031Bo\u031Bng ta\u0301c") == fg::cost("tương tác"));
  const std::hash<fg::Parameter> hash;
  CHECK(hash(fg::cost("tu\u031Bo\u031Bng ta\u0301c")) == hash(fg::cost("tương tác")));
  CHECK_THROWS_AS(fg::cost("\xC3"), fg::InvalidValueError);
}

TEST_CASE("parameters with the wrong number of names are refused") {
  using Kind = fg::ParameterKind;
  CHECK_THROWS_AS(fg::Parameter(Kind::rate, {"a"}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Parameter(Kind::rate, {"a", "b", "c"}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Parameter(Kind::rate, {"a", "b"}, true), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Parameter(Kind::volume, {}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Parameter(Kind::volume, {"a", "b"}, true), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::Parameter(Kind::discount_rate, {"a"}), fg::InvalidValueError);
}
