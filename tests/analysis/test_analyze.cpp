// Whole funnels against exact figures, and the rules of analyze.hpp.
#include <boost/json.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "../support/funnel_case.hpp"
#include "../support/oracle.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// The oracle's own rule: relative tolerance, an expected 0 within 1e-9, null is NaN.
void check_figure(double got, const boost::json::value& expected, double tolerance) {
  const double wanted = test::number(expected);
  if (std::isnan(wanted)) {
    CHECK(std::isnan(got));
  } else if (wanted == 0) {
    CHECK_THAT(got, WithinAbs(0, 1e-9));
  } else {
    CHECK_THAT(got, WithinRel(wanted, tolerance));
  }
}

fg::AnalysisOptions options_of(const boost::json::value& item) {
  fg::AnalysisOptions options;
  options.discount_rate = test::number(item.at("options").at("discount_rate"));
  if (item.as_object().contains("reference"))
    options.reference = std::make_shared<const fg::Funnel>(test::funnel_case(item.at("reference")));
  return options;
}

template <class Row>
const Row& row_of(const std::vector<Row>& rows, std::string Row::* key, const std::string& name) {
  for (const Row& row : rows) {
    if (row.*key == name) return row;
  }
  throw std::runtime_error("no row named " + name);
}

void check_stages(const fg::Analysis& a, const boost::json::object& expect, double tolerance) {
  const std::map<std::string, double fg::StageRow::*> columns{
      {"visits", &fg::StageRow::visits},           {"reach", &fg::StageRow::reach},
      {"conversion", &fg::StageRow::conversion},   {"lost", &fg::StageRow::lost},
      {"value_lost", &fg::StageRow::value_lost},   {"recoverable", &fg::StageRow::recoverable},
      {"utilisation", &fg::StageRow::utilisation},
  };
  for (const auto& [key, column] : columns) {
    if (!expect.contains(key)) continue;
    for (const auto& [stage, value] : expect.at(key).as_object()) {
      INFO(key << " of " << std::string_view(stage));
      check_figure(row_of(a.stages, &fg::StageRow::stage, std::string(stage)).*column, value, tolerance);
    }
  }
  for (const auto& [stage, row] : expect.at("rates").as_object()) {
    for (const auto& [to, value] : row.as_object()) {
      INFO("rate of " << std::string_view(stage) << " -> " << std::string_view(to));
      check_figure(a.rate(std::string(stage), std::string(to)), value, tolerance);
    }
  }
}

void check_time(const fg::TimeMoments& got, const boost::json::value& expected, double tolerance) {
  check_figure(got.mean, expected.at("mean"), tolerance);
  check_figure(got.sd, expected.at("sd"), tolerance);
}

void check_times(const fg::Analysis& a, const boost::json::value& expected, const std::string& start,
                 double tolerance) {
  for (const auto& [outcome, value] : expected.as_object()) {
    INFO("time to " << std::string_view(outcome) << " from " << start);
    check_time(outcome == "any exit" ? a.time_to({}, start) : a.time_to(std::string(outcome), start), value,
               tolerance);
  }
}

void check_owners(const std::vector<fg::OwnerRow>& rows, const boost::json::value& expected,
                  double tolerance) {
  const std::map<std::string, double fg::OwnerRow::*> columns{
      {"received", &fg::OwnerRow::received}, {"passed_on", &fg::OwnerRow::passed_on},
      {"screened", &fg::OwnerRow::screened}, {"lost", &fg::OwnerRow::lost},
      {"cost", &fg::OwnerRow::cost},         {"waiting_days", &fg::OwnerRow::waiting_days},
      {"value", &fg::OwnerRow::value},
  };
  CHECK(rows.size() == expected.as_object().size());
  for (const auto& [owner, figures] : expected.as_object()) {
    for (const auto& [column, value] : figures.as_object()) {
      INFO(std::string_view(column) << " of " << std::string_view(owner));
      check_figure(row_of(rows, &fg::OwnerRow::owner, std::string(owner)).*columns.at(std::string(column)),
                   value, tolerance);
    }
  }
}

void check_case(const boost::json::value& item) {
  const double tolerance = test::number(item.at("relative_tolerance"));
  const boost::json::object& expect = item.at("expect").as_object();
  const fg::Funnel funnel = test::funnel_case(item.at("funnel"));
  const fg::AnalysisOptions options = options_of(item);
  const fg::Analysis a = fg::analyze(funnel, options);

  check_stages(a, expect, tolerance);
  check_figure(a.revenue, expect.at("revenue"), tolerance);
  check_figure(a.cost, expect.at("cost"), tolerance);
  check_figure(a.profit, expect.at("profit"), tolerance);
  for (const auto& [outcome, value] : expect.at("probability").as_object()) {
    INFO("probability of " << std::string_view(outcome));
    check_figure(a.probability(std::string(outcome)), value, tolerance);
    check_figure(row_of(a.outcomes, &fg::OutcomeRow::outcome, std::string(outcome)).probability, value,
                 tolerance);
    check_figure(fg::evaluate(funnel, fg::metric::probability(std::string(outcome)), options), value,
                 tolerance);
  }
  for (const auto& [outcome, value] : expect.at("count").as_object()) {
    INFO("count of " << std::string_view(outcome));
    check_figure(a.count(std::string(outcome)), value, tolerance);
    check_figure(fg::evaluate(funnel, fg::metric::count(std::string(outcome)), options), value, tolerance);
  }
  for (const auto& [outcome, value] : expect.at("cost_per").as_object()) {
    INFO("cost per " << std::string_view(outcome));
    check_figure(a.cost_per(std::string(outcome)), value, tolerance);
    check_figure(fg::evaluate(funnel, fg::metric::cost_per(std::string(outcome)), options), value, tolerance);
  }
  check_times(a, expect.at("time_to"), {}, tolerance);
  for (const auto& [outcome, value] : expect.at("time_to").as_object()) {
    if (outcome == "any exit") {
      check_figure(fg::evaluate(funnel, fg::metric::time_to(), options), value.at("mean"), tolerance);
      continue;
    }
    const fg::OutcomeRow& row = row_of(a.outcomes, &fg::OutcomeRow::outcome, std::string(outcome));
    check_time({row.time_mean, row.time_sd}, value, tolerance);
    check_figure(fg::evaluate(funnel, fg::metric::time_to(std::string(outcome)), options), value.at("mean"),
                 tolerance);
  }

  const auto& hand_offs = expect.at("hand_offs").as_array();
  REQUIRE(a.hand_offs.size() == hand_offs.size());
  for (std::size_t k = 0; k < hand_offs.size(); ++k) {
    INFO("hand-off " << boost::json::serialize(hand_offs[k]));
    CHECK(a.hand_offs[k].from == test::text(hand_offs[k].at("from")));
    CHECK(a.hand_offs[k].to == test::text(hand_offs[k].at("to")));
    CHECK(a.hand_offs[k].giver == test::text(hand_offs[k].at("giver")));
    CHECK(a.hand_offs[k].receiver == test::text(hand_offs[k].at("receiver")));
    check_figure(a.hand_offs[k].volume, hand_offs[k].at("volume"), tolerance);
  }
  {
    INFO("by journey");
    check_owners(a.owners, expect.at("owners"), tolerance);
  }
  {
    INFO("by visit");
    check_owners(a.owners_by_visit, expect.at("owners_by_visit"), tolerance);
  }
  if (expect.contains("from")) {
    for (const auto& [key, figures] : expect.at("from").as_object()) {
      const std::string start(key);
      INFO("from " << start);
      for (const auto& [stage, value] : figures.at("visits").as_object())
        check_figure(a.visits(std::string(stage), start), value, tolerance);
      for (const auto& [stage, value] : figures.at("reach").as_object())
        check_figure(a.reach(std::string(stage), start), value, tolerance);
      for (const auto& [outcome, value] : figures.at("probability").as_object())
        check_figure(a.probability(std::string(outcome), start), value, tolerance);
      check_times(a, figures.at("time_to"), start, tolerance);
    }
  }
  if (expect.contains("feasible")) CHECK(a.feasible == expect.at("feasible").as_bool());
  if (expect.contains("capped")) {
    fg::AnalysisOptions capped = options;
    capped.capacity = fg::CapacityRule::cap;
    const fg::Analysis c = fg::analyze(funnel, capped);
    const boost::json::value& wanted = expect.at("capped");
    for (const auto& [stage, value] : wanted.at("arrivals").as_object())
      check_figure(row_of(c.stages, &fg::StageRow::stage, std::string(stage)).arrivals, value, tolerance);
    for (const auto& [stage, value] : wanted.at("served").as_object())
      check_figure(row_of(c.stages, &fg::StageRow::stage, std::string(stage)).visits, value, tolerance);
    for (const auto& [stage, value] : wanted.at("shed").as_object())
      check_figure(row_of(c.stages, &fg::StageRow::stage, std::string(stage)).shed, value, tolerance);
    for (const auto& [outcome, value] : wanted.at("count").as_object())
      check_figure(c.count(std::string(outcome)), value, tolerance);
    CHECK(c.feasible);
  }
  if (expect.contains("sensitivity_of_revenue")) {
    const auto gradients = fg::gradients(funnel, fg::metric::revenue(), options);
    for (const auto& row : expect.at("sensitivity_of_revenue").as_array()) {
      const auto& address = row.at("parameter").as_array();
      std::string written = test::text(address[0]) + "(";
      for (std::size_t k = 1; k < address.size(); ++k)
        written += (k > 1 ? ", " : "") + test::text(address[k]);
      written += ")";
      INFO(written);
      bool found = false;
      for (const auto& gradient : gradients) {
        std::vector<std::string> key{fg::to_string(gradient.parameter.kind())};
        for (const auto& argument : gradient.parameter.arguments()) key.push_back(argument);
        std::vector<std::string> wanted;
        for (const auto& part : address) wanted.push_back(test::text(part));
        if (key != wanted) continue;
        found = true;
        check_figure(gradient.gradient, row.at("gradient"), tolerance);
        check_figure(gradient.elasticity, row.at("elasticity"), tolerance);
      }
      CHECK(found);
    }
  }
}

}  // namespace

TEST_CASE("whole funnels give the exact figures of the oracle [14,19,20,25,26,32,67]") {
  const boost::json::value all = test::oracle("funnels.json");
  for (const auto& item : all.at("analyses").as_array()) {
    DYNAMIC_SECTION(test::text(item.at("name"))) { check_case(item); }
  }
}
