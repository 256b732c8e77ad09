#include <funnelgraph/io/json.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/reference.hpp>
#include <funnelgraph/model/validate.hpp>

#include "support/funnel_case.hpp"
#include "support/random_funnel.hpp"

using namespace funnelgraph;

namespace {

/// Every double of the funnel that `==` could take for equal though its bits differ (0 and -0).
std::vector<std::uint64_t> bits(const Funnel& funnel) {
  std::vector<std::uint64_t> all;
  const auto add = [&](const Number& number) {
    all.push_back(std::bit_cast<std::uint64_t>(number.value));
    all.push_back(std::bit_cast<std::uint64_t>(number.source.n()));
  };
  for (const Stage& stage : funnel.stages()) add(stage.cost), add(stage.value), add(stage.commission);
  for (const Transition& transition : funnel.transitions()) {
    add(transition.rate), add(transition.lag.mean), add(transition.lag.sd), add(transition.cost);
  }
  for (const Entry& entry : funnel.entries()) add(entry.volume), add(entry.cost);
  return all;
}

void check_round_trip(const Funnel& funnel) {
  for (const int indent : {0, 2, 4}) {
    const std::string text = to_json(funnel, {.indent = indent});
    const Funnel back = from_json(text);
    CHECK(back == funnel);
    CHECK(bits(back) == bits(funnel));
    CHECK(to_json(back, {.indent = indent}) == text);
    CHECK((indent > 0 || text.find('\n') == std::string::npos));
  }
}

/// A funnel that uses every key of the schema.
Funnel full_funnel() {
  Funnel funnel({.name = "Tiệm \"dép\" \\ ngõ",
                 .currency = "₫",
                 .period = "week",
                 .discount_rate = agreed(0.1, {"Company", "Sales"}),
                 .note = "tab\there, bell \a, nul \x01, line\r\nend, \u2028 and \U0001F45F",
                 .labels = {{"en", "Sandal shop"}, {"vi", "Tiệm dép"}}});
  funnel.add_owner(
      {.name = "Tiếp thị", .role = Role::marketing, .fixed_cost = 3e6, .labels = {{"en", "Marketing"}}});
  funnel.add_owner({.name = "Sales", .role = Role::sales});
  for (const Role role : {Role::care, Role::r_and_d, Role::company, Role::outside, Role::other}) {
    funnel.add_owner({.name = "owner " + std::to_string(static_cast<int>(role)), .role = role});
  }
  funnel.add_stage({.name = "reached",
                    .owner = "Tiếp thị",
                    .involved = {"Sales", "owner 2"},
                    .unit = "people",
                    .definition = "saw it",
                    .accept_if = "is \"awake\"",
                    .labels = {{"vi", "tiếp cận"}},
                    .cost = measured(0.1, {.n = 200000}),
                    .value = between(0.5, 1.5),
                    .commission = 0.02,
                    .capacity = 0,
                    .drop_off = 0});
  funnel.add_stage(
      {.name = "order", .owner = {{"Tiếp thị", 0.1}, {"Sales", 0.9}}, .cost = -0.0, .capacity = 12.5});
  funnel.add_stage({.name = "odd", .owner = {{"Sales", 0.5}, {"Sales", 0.25}}});
  funnel.add_stage({.name = "third", .owner = Ownership({{"Sales", 0.5}})});
  for (const OutcomeKind kind :
       {OutcomeKind::won, OutcomeKind::lost, OutcomeKind::screened, OutcomeKind::silent}) {
    funnel.add_outcome({.name = "outcome " + std::to_string(static_cast<int>(kind)),
                        .kind = kind,
                        .owner = "Sales",
                        .value = placeholder(-5),
                        .commission = 0.5,
                        .definition = "ends",
                        .labels = {{"vi", "hết"}}});
  }
  funnel.add_transition({.from = "reached",
                         .to = "order",
                         .rate = measured(1.0 / 3, {.n = 12, .interval = Interval{0.1, 0.6, 0.95}}),
                         .lag = Lag::gamma({.mean = estimated(2, {"Sales"}), .sd = 1.5}),
                         .cost = 1,
                         .value = 2,
                         .service_level = agreed(1, {"Sales"}),
                         .observed = Observed{.count = 4, .entered = 12, .open = 1}});
  funnel.add_transition({.from = "reached", .to = "odd", .rate = 1e-134, .lag = Lag::zero()});
  funnel.add_transition({.from = "reached", .to = "third", .rate = 5e-324, .lag = placeholder(1)});
  funnel.add_transition({.from = "order", .to = "odd", .rate = 0.1, .lag = Lag::exponential(0.1)});
  funnel.add_transition(
      {.from = "order", .to = "third", .rate = 0.1, .lag = Lag::lognormal({.mean = 1, .sd = 2})});
  funnel.add_transition(
      {.from = "order", .to = "order", .rate = 0.1, .lag = Lag::weibull({.mean = 1, .sd = 2})});
  funnel.add_transition(
      {.from = "odd", .to = "order", .rate = 0.1, .lag = Lag::empirical({{0, 0}, {0.1, 0.3}, {1, 1e9}})});
  funnel.add_transition({.from = "odd", .to = "odd", .rate = 0.1, .lag = Lag::unknown()});
  funnel.add_transition(
      {.from = "third", .to = "outcome 0", .rate = 1, .lag = Lag(placeholder(std::nan("")))});
  funnel.add_entry({.stage = "reached",
                    .volume = 123456789012345680.0,
                    .cost = 2,
                    .channel = "facebook",
                    .owner = "owner 4"});
  funnel.add_entry({.stage = "reached", .volume = std::numeric_limits<double>::max()});
  funnel.add_lever(
      {.name = "priming", .owner = "Sales", .value = 1.25, .reference = 2, .labels = {{"vi", "mồi"}}});
  funnel.add_lever({.name = "plain"});
  funnel.add_influence(
      {.lever = "priming", .from = "reached", .to = "order", .elasticity = estimated(-0.4, {"x"})});
  funnel.add_view({.name = "buyer", .stages = {{"order", "mua"}, {"reached", "nghe"}}});
  funnel.add_view({.name = "empty"});
  return funnel;
}

struct Broken {
  const char* what;
  std::string text;
  const char* path;
  const char* why;
  std::size_t line = 1;
};

/// A document with `members` beside schema and kind.
std::string funnel_with(const std::string& members) {
  return R"({"schema": 1, "kind": "funnel", )" + members + "}";
}
std::string stage_with(const std::string& members) {
  return funnel_with(R"("stages": [{"name": "a"}, {"name": "b", )" + members + "}]");
}
std::string transition_with(const std::string& members) {
  return funnel_with(R"("transitions": [{"from": "a", "to": "b", )" + members + "}]");
}
std::string metric_of(const std::string& text) {
  return R"({"schema": 1, "kind": "metric", "metric": )" + text + "}";
}
std::string parameter_of(const std::string& text) {
  return R"({"schema": 1, "kind": "parameter", "parameter": )" + text + "}";
}

template <class T>
void check_refused(const Broken& broken) {
  try {
    (void)from_json<T>(broken.text, {.source = "shop.json"});
    FAIL("was read without an error");
  } catch (const DataError& error) {
    INFO(error.what());
    CHECK(error.source() == "shop.json");
    CHECK(error.column() == broken.path);
    CHECK(error.row() == broken.line);
    CHECK_THAT(error.why(), Catch::Matchers::ContainsSubstring(broken.why));
  }
}

}  // namespace

TEST_CASE("every key of a funnel comes back, bit for bit") { check_round_trip(full_funnel()); }

TEST_CASE("an empty funnel comes back") {
  check_round_trip(Funnel());
  CHECK(to_json(Funnel(), {.indent = 0}) == R"({"schema":1,"kind":"funnel"})");
}

TEST_CASE("a value that nobody knows comes back as unknown") {
  Funnel funnel;
  funnel.add_outcome(
      {.name = "sold", .kind = OutcomeKind::won, .value = std::numeric_limits<double>::quiet_NaN()});
  funnel.add_outcome({.name = "lent",
                      .kind = OutcomeKind::won,
                      .value = estimated(std::numeric_limits<double>::quiet_NaN(), {"Sales"})});
  check_round_trip(funnel);
  CHECK(to_json(funnel).find("\"value\": null") != std::string::npos);
}

TEST_CASE("the reference funnels come back") {
  for (const std::string& name : reference::names()) check_round_trip(reference::by_name(name));
}

TEST_CASE("the funnels of the oracles come back") {
  std::size_t count = 0;
  const auto document = test::oracle("funnels.json");
  for (const char* list : {"analyses", "operations", "explanations"}) {
    for (const auto& item : document.at(list).as_array()) {
      for (const char* key : {"funnel", "base funnel", "reference", "plan", "actual"}) {
        if (const auto* found = item.as_object().if_contains(key)) {
          const Funnel funnel = test::funnel_case(*found);
          CHECK(from_json(to_json(funnel)) == funnel);
          CHECK(bits(from_json(to_json(funnel))) == bits(funnel));
          ++count;
        }
      }
    }
  }
  CHECK(count == 36);
}

TEST_CASE("generated funnels come back, bit for bit") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    INFO("seed " << seed);
    const Funnel funnel = test::random_funnel(seed, {.most_stages = 20,
                                                     .unknown_lags = true,
                                                     .capacities = true,
                                                     .discount_rate = seed % 2 == 0 ? 0.1 : 0.0,
                                                     .every_part = seed % 5 != 0});
    const Funnel back = from_json(to_json(funnel, {.indent = static_cast<int>(seed % 3)}));
    REQUIRE(back == funnel);
    REQUIRE(bits(back) == bits(funnel));
  }
}

TEST_CASE("numbers of any bits come back") {
  std::mt19937_64 random(20260101);  // any seed will do
  Funnel funnel;
  funnel.add_stage({.name = "a"});
  for (int i = 0; i < 20000; ++i) {
    double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) number = std::ldexp(static_cast<double>(i), i % 2000 - 1000);
    funnel.add_entry({.stage = "a", .volume = number, .channel = std::to_string(i)});
  }
  const Funnel back = from_json(to_json(funnel));
  CHECK(bits(back) == bits(funnel));
}

TEST_CASE("the text is short and for people") {
  Funnel funnel({.name = "shop"});
  funnel.add_stage({.name = "enquiry", .owner = "Sales", .cost = 5000});
  funnel.add_stage({.name = "order", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}, .value = 2e6});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = measured(0.35, {.n = 50}), .lag = 1});
  CHECK(to_json(funnel) == R"({
  "schema": 1,
  "kind": "funnel",
  "name": "shop",
  "stages": [
    {"name": "enquiry", "owner": "Sales", "cost": 5000},
    {"name": "order", "owner": {"Marketing": 0.5, "Sales": 0.5}, "value": 2000000}
  ],
  "transitions": [
    {"from": "enquiry", "to": "order", "rate": {"value": 0.35, "source": "measured", "n": 50}, "lag": 1}
  ]
}
)");
}

TEST_CASE("what a person writes is read") {
  SECTION("a byte order mark") {
    CHECK(from_json("\xEF\xBB\xBF" + funnel_with(R"("name": "x")")).info().name == "x");
  }
  SECTION("an interval alone is its middle, at 90 %") {
    const Funnel funnel = from_json(transition_with(R"("rate": {"interval": [0.1, 0.3]})"));
    CHECK(funnel.transitions()[0].rate == between(0.1, 0.3));
  }
  SECTION("an interval of a measured number is one of 95 %") {
    const Funnel funnel = from_json(
        transition_with(R"("rate": {"value": 0.2, "source": "measured", "n": 9, "interval": [0.1, 0.3]})"));
    CHECK(funnel.transitions()[0].rate.source.interval()->level == 0.95);
  }
  SECTION("one name in by") {
    const Funnel funnel =
        from_json(transition_with(R"("rate": {"value": 0.2, "source": "agreed", "by": "Sales"})"));
    CHECK(funnel.transitions()[0].rate == agreed(0.2, {"Sales"}));
  }
  SECTION("quantiles without their mean") {
    const Funnel funnel = from_json(
        transition_with(R"("rate": 1, "lag": {"family": "empirical", "quantiles": [[0, 0], [1, 2]]})"));
    CHECK(funnel.transitions()[0].lag == Lag::empirical({{0, 0}, {1, 2}}));
  }
  SECTION("names in another normal form are the same names") {
    const Funnel funnel = from_json(funnel_with("\"stages\": [{\"name\": \"tie\xCC\x82\xCC\x81p\"}]"));
    CHECK(funnel.find_stage("tiếp").has_value());
  }
  SECTION("what does not fit together is for validate to say") {
    const Funnel funnel = from_json(transition_with(R"("rate": 7)"));
    CHECK(validate(funnel).size() >= 3);
  }
}

TEST_CASE("each broken document is refused with its path") {
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  const std::string lines =
      "{\n  \"schema\": 1,\n  \"kind\": \"funnel\",\n  \"stages\": [\n    {\"name\": \"a\"},\n"
      "    {\"name\": \"b\", \"cost\": \"five\"}\n  ]\n}\n";
  const std::vector<Broken> table{
      {"nothing", "", "$", "not JSON"},
      {"only spaces", " \n ", "$", "not JSON", 2},
      {"no JSON", "name = shop", "$", "not JSON"},
      {"cut short", R"({"schema": 1, "kind": "funnel", "stages": [{"name": "a")", "$.stages[0]", "not JSON"},
      {"text after the end", funnel_with(R"("name": "x")") + " x", "$", "after the end"},
      {"a trailing comma", funnel_with(R"("name": "x",)"), "$", "not JSON"},
      {"a comment", funnel_with(R"("name": /* shop */ "x")"), "$.name", "not JSON"},
      {"single quotes", "{'schema': 1}", "$", "not JSON"},
      {"NaN", stage_with(R"("cost": NaN)"), "$.stages[1].cost", "not JSON"},
      {"Infinity", stage_with(R"("cost": Infinity)"), "$.stages[1].cost", "not JSON"},
      {"a number without its first digit", stage_with(R"("cost": .5)"), "$.stages[1].cost", "not JSON"},
      {"a number with a leading zero", stage_with(R"("cost": 05)"), "$.stages[1]", "not JSON"},
      {"a number too large", stage_with(R"("cost": 1e400)"), "$.stages[1].cost", "a double cannot hold"},
      {"a number too small", stage_with(R"("cost": 1e-400)"), "$.stages[1].cost", "a double cannot hold"},
      {"an exponent too large", stage_with(R"("cost": 1e99999999999999999999)"), "$.stages[1].cost", ""},
      {"a number of many digits", stage_with("\"cost\": 1" + std::string(400, '0')), "$.stages[1].cost",
       "a double cannot hold"},
      {"bytes that are not UTF-8", funnel_with("\"name\": \"\xC3\x28\""), "$.name", "not JSON"},
      {"an overlong form", funnel_with("\"name\": \"\xC0\xAF\""), "$.name", "not JSON"},
      {"half a surrogate pair", funnel_with(R"("name": "\ud800 x")"), "$.name", "not JSON"},
      {"a raw line break in a text", funnel_with("\"name\": \"a\nb\""), "$.name", "not JSON"},
      {"too deep", deep,
       "$[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]"
       "[0]",
       "deeper than 32"},
      {"not an object", "[1, 2]", "$", "expected an object, found an array"},
      {"null", "null", "$", "expected an object, found null"},
      {"no schema", R"({"kind": "funnel"})", "$.schema", "missing"},
      {"a later schema", R"({"schema": 2, "kind": "funnel", "new": 1})", "$.schema", "reads schema 1"},
      {"a schema as a text", R"({"schema": "1", "kind": "funnel"})", "$.schema",
       "expected a number, found a text"},
      {"no kind", R"({"schema": 1})", "$.kind", "missing"},
      {"another kind", R"({"schema": 1, "kind": "metric"})", "$.kind", "expected \"funnel\""},
      {"an unknown key", funnel_with(R"("stagess": [])"), "$.stagess", "did you mean \"stages\""},
      {"an unknown key far from any", funnel_with(R"("zzzzzzzzzz": [])"), "$.zzzzzzzzzz", "unknown key"},
      {"a key twice", funnel_with(R"("name": "x", "name": "y")"), "$.name", "twice"},
      {"a key twice, once escaped", funnel_with(R"("name": "x", "n\u0061me": "y")"), "$.name", "twice"},
      {"an unknown key of a stage", stage_with(R"("owners": "x")"), "$.stages[1].owners",
       "did you mean \"owner\""},
      {"a stage without a name", funnel_with(R"("stages": [{"cost": 1}])"), "$.stages[0].name", "missing"},
      {"a stage that is a text", funnel_with(R"("stages": ["a"])"), "$.stages[0]",
       "expected an object, found a text"},
      {"stages as an object", funnel_with(R"("stages": {"a": 1})"), "$.stages",
       "expected an array, found an object"},
      {"a name that is a number", funnel_with(R"("stages": [{"name": 1}])"), "$.stages[0].name",
       "expected a text, found a number"},
      {"a name with a control character", funnel_with(R"("stages": [{"name": "a\u0007"}])"),
       "$.stages[0].name", "control characters"},
      {"a title with a control character", funnel_with(R"("name": "a\u0007")"), "$.name",
       "control characters"},
      {"a cost that is a text", lines, "$.stages[1].cost", "expected a number, found a text", 6},
      {"a cost that is true", stage_with(R"("cost": true)"), "$.stages[1].cost", "found true or false"},
      {"a cost of null", stage_with(R"("cost": null)"), "$.stages[1].cost", "found null"},
      {"a capacity of null", stage_with(R"("capacity": null)"), "$.stages[1].capacity", "found null"},
      {"a number without a value", stage_with(R"("cost": {"source": "measured"})"), "$.stages[1].cost.value",
       "missing"},
      {"an unknown source", stage_with(R"("cost": {"value": 1, "source": "mesured"})"),
       "$.stages[1].cost.source", "did you mean \"measured\""},
      {"an interval of three", stage_with(R"("cost": {"interval": [1, 2, 3]})"), "$.stages[1].cost.interval",
       "low and high"},
      {"a level without an interval", stage_with(R"("cost": {"value": 1, "level": 0.9})"),
       "$.stages[1].cost.level", "without an interval"},
      {"an n that is a text", stage_with(R"("cost": {"value": 1, "n": "many"})"), "$.stages[1].cost.n",
       "expected a number"},
      {"an owner that is a number", stage_with(R"("owner": 1)"), "$.stages[1].owner", "expected an owner"},
      {"a share that is a text", stage_with(R"("owner": {"two words": "half"})"),
       "$.stages[1].owner[\"two words\"]", "expected a number"},
      {"an owner twice", stage_with(R"("owner": {"A": 0.5, "A": 0.5})"), "$.stages[1].owner.A", "twice"},
      {"shares as pairs of one", stage_with(R"("owner": [["A"]])"), "$.stages[1].owner[0]",
       "an owner and a share"},
      {"a label that is a number", stage_with(R"("labels": {"vi": 1})"), "$.stages[1].labels.vi",
       "expected a text"},
      {"an unknown kind of outcome", funnel_with(R"("outcomes": [{"name": "x", "kind": "win"}])"),
       "$.outcomes[0].kind", "did you mean \"won\""},
      {"an outcome without a kind", funnel_with(R"("outcomes": [{"name": "x"}])"), "$.outcomes[0].kind",
       "missing"},
      {"an unknown role", funnel_with(R"("owners": [{"name": "x", "role": "seller"}])"), "$.owners[0].role",
       "unknown role"},
      {"a transition without a rate", funnel_with(R"("transitions": [{"from": "a", "to": "b"}])"),
       "$.transitions[0].rate", "missing"},
      {"an unknown family of lags", transition_with(R"("rate": 1, "lag": {"family": "gama", "mean": 1})"),
       "$.transitions[0].lag.family", "did you mean \"gamma\""},
      {"a gamma lag without a deviation",
       transition_with(R"("rate": 1, "lag": {"family": "gamma", "mean": 1})"), "$.transitions[0].lag.sd",
       "missing"},
      {"a lag without a mean", transition_with(R"("rate": 1, "lag": {"family": "exponential"})"),
       "$.transitions[0].lag.mean", "missing"},
      {"an empirical lag without quantiles", transition_with(R"("rate": 1, "lag": {"family": "empirical"})"),
       "$.transitions[0].lag.quantiles", "missing"},
      {"quantiles that fall",
       transition_with(R"("rate": 1, "lag": {"family": "empirical", "quantiles": [[0, 2], [1, 1]]})"),
       "$.transitions[0].lag.quantiles", "ascending"},
      {"a quantile of one number",
       transition_with(R"("rate": 1, "lag": {"family": "empirical", "quantiles": [[0], [1, 1]]})"),
       "$.transitions[0].lag.quantiles[0]", "a probability and days"},
      {"a lag that is a text", transition_with(R"("rate": 1, "lag": "2 days")"), "$.transitions[0].lag",
       "expected an object, found a text"},
      {"observed without entered", transition_with(R"("rate": 1, "observed": {"count": 1})"),
       "$.transitions[0].observed.entered", "missing"},
      {"an influence without a lever",
       funnel_with(R"("influences": [{"from": "a", "to": "b", "elasticity": 1}])"), "$.influences[0].lever",
       "missing"},
      {"a stage twice in a view, in two normal forms",
       funnel_with("\"views\": [{\"name\": \"v\", \"stages\": {\"\xC3\xA9\": \"x\", \"e\xCC\x81\": \"y\"}}]"),
       "$.views[0].stages[\"e\xCC\x81\"]", "twice"},
  };
  CHECK(table.size() >= 60);
  for (const Broken& broken : table) {
    DYNAMIC_SECTION(broken.what) { check_refused<Funnel>(broken); }
  }
}

TEST_CASE("limits of a document") {
  const std::string text = to_json(reference::online_shop());
  CHECK_THROWS_AS(from_json(text, {.max_bytes = text.size() - 1}), DataError);
  CHECK_NOTHROW(from_json(text, {.max_bytes = text.size()}));
  CHECK_THROWS_AS(from_json(text, {.max_values = 100}), DataError);
  CHECK_THROWS_AS(from_json(text, {.max_depth = 3}), DataError);
  CHECK_NOTHROW(from_json(std::string(100000, ' ') + text));
  const std::string bomb(10'000'000, '[');
  CHECK_THROWS_AS(from_json(bomb), DataError);
  const std::string long_key = funnel_with("\"" + std::string(1'000'000, 'k') + "\": 1");
  try {
    (void)from_json(long_key);
    FAIL("was read without an error");
  } catch (const DataError& error) {
    CHECK(error.column().size() < 200);
  }
}

TEST_CASE("what JSON cannot hold is refused with its path") {
  Funnel funnel;
  funnel.add_stage({.name = "a"});
  SECTION("a cost that is not a number") {
    funnel.add_stage({.name = "b", .cost = std::nan("")});
    try {
      (void)to_json(funnel);
      FAIL("was written");
    } catch (const InvalidValueError& error) {
      CHECK(error.where() == "$.stages[1].cost");
    }
  }
  SECTION("an infinite n") {
    funnel.add_entry({.stage = "a", .volume = {1, Source({.n = std::numeric_limits<double>::infinity()})}});
    try {
      (void)to_json(funnel);
      FAIL("was written");
    } catch (const InvalidValueError& error) {
      CHECK(error.where() == "$.entries[0].volume.n");
    }
  }
  SECTION("a text that is not UTF-8") {
    funnel.add_stage({.name = "b", .definition = "\xFF"});
    try {
      (void)to_json(funnel);
      FAIL("was written");
    } catch (const InvalidValueError& error) {
      CHECK(error.where() == "$.stages[1].definition");
    }
  }
}

TEST_CASE("segmented funnels come back") {
  const SegmentedFunnel funnels(
      {{"city A", full_funnel()}, {"thành phố B", reference::demand_waterfall()}, {"", Funnel()}});
  for (const int indent : {0, 2}) {
    const std::string text = to_json(funnels, {.indent = indent});
    CHECK(from_json<SegmentedFunnel>(text) == funnels);
    CHECK(to_json(from_json<SegmentedFunnel>(text), {.indent = indent}) == text);
  }
  CHECK(from_json<SegmentedFunnel>(to_json(SegmentedFunnel())) == SegmentedFunnel());
  const std::string head = R"({"schema": 1, "kind": "segmented_funnel", "segments": )";
  check_refused<SegmentedFunnel>({"a list", head + "[]}", "$.segments", "expected an object"});
  check_refused<SegmentedFunnel>(
      {"a segment twice", head + R"({"a": {}, "a": {}}})", "$.segments.a", "twice"});
  check_refused<SegmentedFunnel>(
      {"a schema inside", head + R"({"a": {"schema": 1}}})", "$.segments.a.schema", "unknown key"});
  check_refused<SegmentedFunnel>({"a bad stage", head + R"({"a b": {"stages": [{}]}}})",
                                  "$.segments[\"a b\"].stages[0].name", "missing"});
  check_refused<SegmentedFunnel>(
      {"a funnel", to_json(Funnel(), {.indent = 0}), "$.kind", "segmented_funnel"});
}

TEST_CASE("parameters come back") {
  const std::vector<Parameter> parameters{rate("a", "b"),
                                          drop_off("a"),
                                          lag("a", "b"),
                                          lag_sd("a", "b"),
                                          cost("a"),
                                          value("a"),
                                          commission("a"),
                                          transition_cost("a", "b"),
                                          transition_value("a", "b"),
                                          volume("a"),
                                          volume("a", ""),
                                          volume("a", "facebook"),
                                          entry_cost("a"),
                                          entry_cost("a", "x"),
                                          capacity("a"),
                                          service_level("a", "b"),
                                          lever("tiếp"),
                                          elasticity("l", "a", "b"),
                                          fixed_cost("Sales"),
                                          discount_rate()};
  for (const Parameter& parameter : parameters) CHECK(from_json<Parameter>(to_json(parameter)) == parameter);
  CHECK(to_json(rate("a", "b"), {.indent = 0}) ==
        R"({"schema":1,"kind":"parameter","parameter":["rate","a","b"]})");
  const std::vector<Broken> table{
      {"nothing", parameter_of("[]"), "$.parameter", "the kind of a parameter"},
      {"an unknown kind", parameter_of(R"(["rates", "a", "b"])"), "$.parameter[0]", "did you mean \"rate\""},
      {"too few names", parameter_of(R"(["rate", "a"])"), "$.parameter", "1 names"},
      {"too many names", parameter_of(R"(["cost", "a", "b"])"), "$.parameter", "2 names"},
      {"a name that is a number", parameter_of(R"(["cost", 1])"), "$.parameter[1]", "expected a text"},
      {"a text", parameter_of("\"rate(a, b)\""), "$.parameter", "expected an array"}};
  for (const Broken& broken : table) {
    DYNAMIC_SECTION(broken.what) { check_refused<Parameter>(broken); }
  }
}

TEST_CASE("metrics come back") {
  using namespace funnelgraph::metric;
  const std::vector<Metric> metrics{count("customer"),
                                    probability("customer"),
                                    visits("order"),
                                    revenue(),
                                    metric::cost(),
                                    profit(),
                                    cost_per("customer"),
                                    time_to(),
                                    time_to("customer"),
                                    recoverable(),
                                    recoverable("Sales"),
                                    lifetime_value(),
                                    lifetime_value(365.25),
                                    ratio(profit(), revenue()),
                                    revenue() - 0.3 * metric::cost(),
                                    0.1 * ratio(count("a") + 3 * count("b"), visits("c")) - time_to("a"),
                                    profit() - profit()};
  for (const Metric& metric : metrics) {
    INFO(to_string(metric));
    CHECK(from_json<Metric>(to_json(metric)) == metric);
    CHECK(to_json(from_json<Metric>(to_json(metric))) == to_json(metric));
  }
  CHECK(from_json<Metric>(metric_of(R"(["sum", [1, ["revenue"]], [-1, ["cost"]]])")) ==
        revenue() - metric::cost());
  const std::vector<Broken> table{
      {"nothing", metric_of("[]"), "$.metric", "the kind of a metric"},
      {"an unknown kind", metric_of(R"(["profits"])"), "$.metric[0]", "did you mean \"profit\""},
      {"a count of nothing", metric_of(R"(["count"])"), "$.metric", "one name"},
      {"a profit of something", metric_of(R"(["profit", "a"])"), "$.metric", "nothing after"},
      {"a ratio of one", metric_of(R"(["ratio", ["profit"]])"), "$.metric", "two metrics"},
      {"a bad part", metric_of(R"(["ratio", ["profit"], ["count", 1]])"), "$.metric[2][1]",
       "expected a text"},
      {"a sum without weights", metric_of(R"(["sum", ["profit"]])"), "$.metric[1]", "a weight and a metric"},
      {"a horizon of zero", metric_of(R"(["lifetime_value", 0])"), "$.metric", "days > 0"}};
  for (const Broken& broken : table) {
    DYNAMIC_SECTION(broken.what) { check_refused<Metric>(broken); }
  }
}

TEST_CASE("any part of a document cut off or changed is read or refused, never worse") {
  const std::string text = to_json(full_funnel(), {.indent = 0});
  for (std::size_t length = 0; length < text.size(); ++length) {
    CHECK_THROWS_AS(from_json(std::string_view(text).substr(0, length)), DataError);
  }
  std::mt19937_64 random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string changed = text;
    changed[random() % changed.size()] = static_cast<char>(random() & 0xFFU);
    try {
      const Funnel funnel = from_json(changed);
      CHECK(from_json(to_json(funnel)) == funnel);
    } catch (const DataError& error) {
      CHECK(error.column().starts_with("$"));
    }
  }
}
