#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <string>
#include <vector>

#include "support/funnel_case.hpp"
#include "support/oracle.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

fg::Parameter parameter_of(const boost::json::value& words) {
  std::vector<std::string> names;
  for (const auto& word : words.as_array()) names.push_back(test::text(word));
  const std::string wanted = names.front();
  names.erase(names.begin());
  for (int kind = 0; kind <= static_cast<int>(fg::ParameterKind::discount_rate); ++kind) {
    if (fg::to_string(static_cast<fg::ParameterKind>(kind)) == wanted) {
      return {static_cast<fg::ParameterKind>(kind), names};
    }
  }
  throw std::runtime_error("no parameter " + wanted);
}

/// One change alone, as a scenario with a name of its own.
fg::Scenario scenario_of(const boost::json::object& change, std::size_t number) {
  const fg::Scenario empty("change " + std::to_string(number));
  const fg::Parameter parameter = parameter_of(change.at("parameter"));
  const double value = test::number(change.at("value"));
  fg::ChangeOptions options;
  if (change.contains("take_from")) options.take_from = test::text(change.at("take_from"));
  const std::string kind = test::text(change.at("change"));
  if (kind == "set") return empty.set(parameter, value, options);
  if (kind == "scale") return empty.scale(parameter, value, options);
  if (kind == "shift") return empty.shift(parameter, value, options);
  if (kind == "scale_odds") return empty.scale_odds(parameter, value, options);
  throw std::runtime_error("no change " + kind);
}

fg::Scenario all_of(const boost::json::array& changes, bool backwards) {
  fg::Scenario all("all");
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const std::size_t k = backwards ? changes.size() - 1 - i : i;
    all = all | scenario_of(changes[k].as_object(), k);
  }
  return all;
}

void check(double given, const boost::json::value& expected, double tolerance) {
  const double figure = test::number(expected);
  if (figure == 0) {
    CHECK_THAT(given, WithinAbs(0, 1e-9));  // the oracle's note
  } else {
    CHECK_THAT(given, WithinRel(figure, tolerance));
  }
}

void check_rates(const fg::Funnel& funnel, const boost::json::object& rows, double tolerance) {
  for (const auto& row : rows) {
    const std::string stage(row.key());
    for (const auto& exit : row.value().as_object()) {
      INFO(stage << " -> " << std::string(exit.key()));
      const fg::Parameter number =
          exit.key() == "drop_off" ? fg::drop_off(stage) : fg::rate(stage, std::string(exit.key()));
      check(funnel.get(number), exit.value(), tolerance);
    }
  }
}

}  // namespace

TEST_CASE("every operation of the oracle, in both orders") {
  const boost::json::value oracle = test::oracle("funnels.json");
  const boost::json::array& operations = oracle.at("operations").as_array();
  REQUIRE(operations.size() == 21);
  for (const auto& item : operations) {
    const boost::json::object& operation = item.as_object();
    for (const bool backwards : {false, true}) {
      INFO(test::text(operation.at("name")) << (backwards ? ", backwards" : ""));
      const fg::Funnel base = test::funnel_case(operation.at("base funnel"));
      const fg::Funnel before = base;
      const boost::json::array& changes = operation.at("changes").as_array();
      const boost::json::object& expect = operation.at("expect").as_object();
      const double tolerance = test::number(operation.at("relative_tolerance"));
      if (expect.contains("error")) {
        if (expect.at("error") == "conflict") {
          CHECK_THROWS_AS(fg::apply(base, all_of(changes, backwards)), fg::ConflictError);
        } else {
          try {
            static_cast<void>(fg::apply(base, all_of(changes, backwards)));
            FAIL("an impossible change was applied");
          } catch (const fg::ImpossibleChangeError& error) {
            check(error.largest(), expect.at("largest"), tolerance);
          }
        }
        CHECK(base == before);
        continue;
      }
      const fg::Funnel changed = fg::apply(base, all_of(changes, backwards));
      CHECK(base == before);
      if (expect.contains("rates")) check_rates(changed, expect.at("rates").as_object(), tolerance);
      for (const auto& figure : expect.at("parameters").as_array()) {
        check(changed.get(parameter_of(figure.at("parameter"))), figure.at("value"), tolerance);
      }
      const fg::Analysis analysis = fg::analyze(changed);
      for (const auto& count : expect.at("count").as_object()) {
        check(analysis.count(std::string(count.key())), count.value(), tolerance);
      }
      check(analysis.revenue, expect.at("revenue"), tolerance);
      check(analysis.cost, expect.at("cost"), tolerance);
      for (const auto& time : expect.at("time_to").as_object()) {
        INFO("time to " << std::string(time.key()));
        const auto moments =
            time.key() == "any exit" ? analysis.time_to() : analysis.time_to(std::string(time.key()));
        check(moments.mean, time.value().at("mean"), tolerance);
        check(moments.sd, time.value().at("sd"), tolerance);
      }
      if (expect.contains("effective rates")) {
        for (const auto& row : expect.at("effective rates").as_object()) {
          for (const auto& exit : row.value().as_object()) {
            INFO("effective " << std::string(row.key()) << " -> " << std::string(exit.key()));
            check(analysis.rate(std::string(row.key()), std::string(exit.key())), exit.value(), tolerance);
          }
        }
      }
    }
  }
}
