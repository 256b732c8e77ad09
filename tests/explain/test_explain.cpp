// Differences explained: the published figures, brute force, and what has to hold for every pair of funnels.
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/explain.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>
#include <string>
#include <utility>
#include <vector>

#include "../support/funnel_case.hpp"
#include "../support/oracle.hpp"
#include "../support/random_funnel.hpp"

namespace fg = funnelgraph;
namespace metric = funnelgraph::metric;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

fg::By by_of(const std::string& name) {
  if (name == "owner") return fg::By::owner;
  if (name == "stage") return fg::By::stage;
  if (name == "factor") return fg::By::factor;
  throw std::runtime_error("unexpected view " + name);
}

fg::Metric metric_of(const boost::json::array& words) {
  const std::string kind = test::text(words.at(0));
  if (kind == "profit") return metric::profit();
  if (kind == "revenue") return metric::revenue();
  if (kind == "count") return metric::count(test::text(words.at(1)));
  throw std::runtime_error("unexpected metric " + kind);
}

double sum(const fg::Explanation& e) {
  double total = 0;
  for (const fg::ExplanationRow& row : e.rows) total += row.contribution;
  return total;
}

/// A chain of stages 's0' .. with given rates to the next, the rest dropping off, owned in turn.
fg::Funnel chain_funnel(double volume, const std::vector<double>& rates, double value,
                        const std::vector<std::string>& owners = {}) {
  fg::Funnel funnel;
  for (const std::string& owner : owners) {
    if (!funnel.find_owner(owner)) funnel.add_owner({.name = owner});
  }
  for (std::size_t k = 0; k < rates.size(); ++k) {
    fg::Stage stage{.name = "s" + std::to_string(k)};
    if (k < owners.size()) stage.owner = owners[k];
    funnel.add_stage(stage);
  }
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = value});
  for (std::size_t k = 0; k < rates.size(); ++k)
    funnel.add_transition({.from = "s" + std::to_string(k),
                           .to = k + 1 < rates.size() ? "s" + std::to_string(k + 1) : "won",
                           .rate = rates[k]});
  funnel.add_entry({.stage = "s0", .volume = volume});
  return funnel;
}

}  // namespace

TEST_CASE("every view of the published explanations, with least and greatest [19, 20]") {
  const boost::json::value document = test::oracle("funnels.json");
  for (const auto& item : document.as_object().at("explanations").as_array()) {
    const boost::json::object& example = item.as_object();
    INFO(test::text(example.at("name")));
    const fg::Funnel plan = test::funnel_case(example.at("plan"));
    const fg::Funnel actual = test::funnel_case(example.at("actual"));
    const double tolerance = test::number(example.at("relative_tolerance"));
    const boost::json::object& expected = example.at("expect").as_object();
    const double total = test::number(expected.at("total"));
    for (const auto& view : example.at("by").as_array()) {
      fg::ExplainOptions options{.metric = metric_of(example.at("metric").as_array())};
      options.by.clear();
      std::string name;
      if (view.is_string()) {
        name = test::text(view);
        options.by.push_back(by_of(name));
      } else {
        for (const auto& part : view.as_array()) {
          name += (name.empty() ? "" : ", ") + test::text(part);
          options.by.push_back(by_of(test::text(part)));
        }
      }
      options.analysis.discount_rate = test::number(example.at("options").as_object().at("discount_rate"));
      INFO("by " << name);
      const fg::Explanation e = fg::explain(plan, actual, options);
      CHECK_THAT(e.total, WithinRel(total, tolerance));
      CHECK(std::abs(e.residual) <= 1e-9 * std::abs(total));
      const boost::json::array& rows = expected.at(name).as_array();
      REQUIRE(e.rows.size() == rows.size());
      for (std::size_t r = 0; r < rows.size(); ++r) {
        const boost::json::object& wanted = rows.at(r).as_object();
        INFO("row " << r);
        if (wanted.contains("owner")) CHECK(e.rows[r].owner == test::text(wanted.at("owner")));
        if (wanted.contains("stage")) CHECK(e.rows[r].stage == test::text(wanted.at("stage")));
        if (wanted.contains("factor")) CHECK(e.rows[r].factor == test::text(wanted.at("factor")));
        // Least and greatest may be differences of sums of the size of the total.
        const double near = tolerance * std::abs(total);
        CHECK_THAT(e.rows[r].contribution, WithinAbs(test::number(wanted.at("contribution")), near));
        CHECK_THAT(e.rows[r].least, WithinAbs(test::number(wanted.at("least")), near));
        CHECK_THAT(e.rows[r].greatest, WithinAbs(test::number(wanted.at("greatest")), near));
      }
    }
  }
}

TEST_CASE("a product of five factors, by Shapley, LMDI and in sequence") {
  const boost::json::value document = test::oracle("decomposition.json");
  for (const auto& item : document.as_object().at("product").as_array()) {
    const boost::json::object& example = item.as_object();
    const auto numbers = [&](const boost::json::value& list) {
      std::vector<double> out;
      for (const auto& number : list.as_array()) out.push_back(test::number(number));
      return out;
    };
    const std::vector<double> before = numbers(example.at("before")), after = numbers(example.at("after"));
    const auto funnel = [](const std::vector<double>& x) {
      return chain_funnel(x[0], {1, x[1], x[2], x[3]}, x[4]);
    };
    const boost::json::object& expected = example.at("expect").as_object();
    const double tolerance = test::number(example.at("tolerance"));
    const std::pair<fg::ExplainMethod, const char*> methods[] = {
        {fg::ExplainMethod::shapley, "shapley"},
        {fg::ExplainMethod::lmdi, "lmdi"},
        {fg::ExplainMethod::sequential, "sequential_in_order"}};
    for (const auto& [method, name] : methods) {
      INFO(name);
      const fg::Explanation e = fg::explain(
          funnel(before), funnel(after), {.by = {fg::By::stage, fg::By::factor}, .method = method});
      const std::vector<double> wanted = numbers(expected.at(name));
      CHECK_THAT(e.total, WithinRel(test::number(expected.at("total")), tolerance));
      REQUIRE(e.rows.size() == wanted.size());
      for (std::size_t k = 0; k < wanted.size(); ++k)
        CHECK_THAT(e.rows[k].contribution, WithinRel(wanted[k], tolerance));
      CHECK(std::abs(e.residual) <= 1e-9 * std::abs(e.total));
    }
  }
}
