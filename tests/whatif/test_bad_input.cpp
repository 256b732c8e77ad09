// Every question of this room, asked badly: a typed error that says what is allowed, and the base as it was.
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <funnelgraph/analysis/sensitivity.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <funnelgraph/whatif/back_propagate.hpp>
#include <funnelgraph/whatif/break_even.hpp>
#include <funnelgraph/whatif/compare.hpp>
#include <funnelgraph/whatif/disagree.hpp>
#include <funnelgraph/whatif/futures.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
#include <funnelgraph/whatif/least_change.hpp>
#include <funnelgraph/whatif/monte_carlo.hpp>
#include <funnelgraph/whatif/product_choice.hpp>
#include <funnelgraph/whatif/sobol.hpp>
#include <funnelgraph/whatif/sweep.hpp>
#include <funnelgraph/whatif/tornado.hpp>
#include <funnelgraph/whatif/variants.hpp>
#include <limits>
#include <string>
#include <vector>

#include "whatif/shop.hpp"

namespace fg = funnelgraph;

namespace {

enum class Is { name, value, conflict, impossible, unreachable };

bool is(const fg::Error& error, Is kind) {
  switch (kind) {
    case Is::name:
      return dynamic_cast<const fg::UnknownNameError*>(&error) != nullptr;
    case Is::value:
      return dynamic_cast<const fg::InvalidValueError*>(&error) != nullptr;
    case Is::conflict:
      return dynamic_cast<const fg::ConflictError*>(&error) != nullptr;
    case Is::impossible:
      return dynamic_cast<const fg::ImpossibleChangeError*>(&error) != nullptr;
    case Is::unreachable:
      break;
  }
  return dynamic_cast<const fg::UnreachableTargetError*>(&error) != nullptr;
}

struct Bad {
  const char* what;
  Is kind;
  std::string says;  ///< what is allowed, or the nearest name
  std::function<void(const fg::Funnel&)> ask;
};

/// The answer is not wanted.
template <class Answer>
void drop(const Answer&) {}

}  // namespace

TEST_CASE("after every failure the base is equal to its copy, and the error says what is allowed") {
  constexpr double no_number = std::numeric_limits<double>::quiet_NaN();
  const fg::Parameter closing = fg::rate("enquiry", "order");
  const fg::Parameter reach = fg::volume("reached");
  const fg::Parameter misspelt = fg::rate("enquiry", "ordr");
  const fg::Metric wins = fg::metric::count("customer");
  const fg::Metric misspelt_wins = fg::metric::count("custmer");
  const fg::Metric profit = fg::metric::profit();
  const fg::Scenario quick = fg::Scenario("quick").scale(closing, 1.2);
  const fg::Scenario slow = fg::Scenario("slow").scale(closing, 0.9);
  const fg::Scenario too_much = fg::Scenario("too much").set(closing, 0.99);
  const fg::Scenario negative = fg::Scenario("negative").set(fg::cost("order"), -1);
  const fg::Scenario nowhere = fg::Scenario("nowhere").scale(misspelt, 2);
  const fg::Uncertainty two{.numbers = {{closing, fg::Distribution::uniform(0.3, 0.4), {}},
                                        {reach, fg::Distribution::uniform(4e4, 6e4), {}}}};
  const fg::Uncertainty lost{.numbers = {{misspelt, fg::Distribution::uniform(0.3, 0.4), {}}}};
  const auto split = [&](double budget, const fg::Parameter& parameter) {
    fg::AllocateOptions options;
    options.budget = budget;
    options.spending = {{.parameter = parameter, .response = fg::LogResponse{1000, 300, 10}}};
    return options;
  };
  const std::vector<Bad> table{
      {"apply: an unknown name", Is::name, "order", [&](auto& f) { drop(fg::apply(f, nowhere)); }},
      {"apply: a name like no other", Is::name, "known: reached, enquiry, order",
       [&](auto& f) { drop(fg::apply(f, fg::Scenario("far").set(fg::capacity("xyzzy"), 1))); }},
      {"apply: a donor like no other", Is::name, "known: leak, siblings, drop_off, order, rival",
       [&](auto& f) { drop(fg::apply(f, fg::Scenario("far").scale(closing, 1.1, {.take_from = "xyzzy"}))); }},
      {"apply: outside its bounds", Is::value, "[0, inf)", [&](auto& f) { drop(fg::apply(f, negative)); }},
      {"apply: more than the row holds", Is::impossible, "0.95",
       [&](auto& f) { drop(fg::apply(f, too_much)); }},
      {"apply: a conflict", Is::conflict, "slow", [&](auto& f) { drop(fg::apply(f, quick | slow)); }},
      {"compare: an unknown name", Is::name, "order",
       [&](auto& f) { drop(fg::compare(f, {nowhere}, {wins})); }},
      {"compare: an unknown metric", Is::name, "customer",
       [&](auto& f) { drop(fg::compare(f, {quick}, {misspelt_wins})); }},
      {"compare: impossible", Is::impossible, "0.95",
       [&](auto& f) { drop(fg::compare(f, {too_much}, {wins})); }},
      {"compare: an unknown reference", Is::name, "known: base, quick",
       [&](auto& f) { drop(fg::compare(f, {quick}, {wins}, {.reference = "xyzzy"})); }},
      {"compare: a metric of an outcome like no other", Is::name, "known: customer, rival, drop_off",
       [&](auto& f) { drop(fg::compare(f, {quick}, {fg::metric::count("xyzzy")})); }},
      {"compare: a day that is none", Is::value, "finite number of days",
       [&](auto& f) { drop(fg::compare(f, {quick}, {wins}, {.applying = {.at = no_number}})); }},
      {"compare: no metric", Is::value, "at least one", [&](auto& f) { drop(fg::compare(f, {quick}, {})); }},
      {"futures: a conflict", Is::conflict, "slow",
       [&](auto& f) { drop(fg::compare_futures(f, {quick}, {slow}, {wins})); }},
      {"futures: a weight below 0", Is::value, "0",
       [&](auto& f) { drop(fg::compare_futures(f, {}, {slow}, {wins}, {.weights = {-1}})); }},
      {"sweep: an empty grid", Is::value, "at least",
       [&](auto& f) { drop(fg::sweep(f, {{closing, {}}}, {wins})); }},
      {"sweep: NaN in a grid", Is::value, "finite",
       [&](auto& f) { drop(fg::sweep(f, {{closing, {0.3, no_number}}}, {wins})); }},
      {"sweep: an unknown name", Is::name, "order",
       [&](auto& f) { drop(fg::sweep(f, {{misspelt, {0.3}}}, {wins})); }},
      {"sweep: a group and its leaf", Is::conflict, "zalo",
       [&](auto& f) { drop(fg::sweep(f, {{reach, {1}}, {fg::volume("reached", "zalo"), {1}}}, {wins})); }},
      {"gradients: no smooth metric", Is::value, "recoverable",
       [&](auto& f) { drop(fg::gradients(f, fg::metric::recoverable())); }},
      {"gradients: an unknown metric", Is::name, "customer",
       [&](auto& f) { drop(fg::gradients(f, misspelt_wins)); }},
      {"sensitivity: an unknown counterpart", Is::value, "siblings",
       [&](auto& f) { drop(fg::sensitivity(f, wins, fg::SensitivityOptions{.take_from = "leek"})); }},
      {"gradient: an unknown name", Is::name, "order",
       [&](auto& f) { drop(fg::gradient_by(f, wins, misspelt)); }},
      {"tornado: low above high", Is::value, "low",
       [&](auto& f) { drop(fg::tornado(f, wins, {.low_high = {{closing, {0.5, 0.2}}}})); }},
      {"tornado: an unknown name", Is::name, "order",
       [&](auto& f) { drop(fg::tornado(f, wins, {.low_high = {{misspelt, {0.2, 0.5}}}})); }},
      {"Sobol: no power of two", Is::value, "power of two",
       [&](auto& f) { drop(fg::sobol(f, two, {.metrics = {wins}, .points = 100})); }},
      {"Sobol: an unknown name", Is::name, "order",
       [&](auto& f) { drop(fg::sobol(f, lost, {.metrics = {wins}, .points = 64})); }},
      {"goal seek: out of reach", Is::unreachable, "reach",
       [&](auto& f) { drop(fg::goal_seek(f, wins, {.target = 1e9, .vary = closing})); }},
      {"goal seek: a target of NaN", Is::value, "finite",
       [&](auto& f) { drop(fg::goal_seek(f, wins, {.target = no_number, .vary = closing})); }},
      {"goal seek: bounds turned", Is::value, "low",
       [&](auto& f) {
         drop(fg::goal_seek(f, wins, {.target = 1, .vary = reach, .bounds = fg::Bounds{2, 1}}));
       }},
      {"least change: out of reach", Is::unreachable, "reach",
       [&](auto& f) { drop(fg::least_change(f, wins, {.target = 1e9, .vary = {closing}})); }},
      {"least change: nothing to vary", Is::value, "at least one",
       [&](auto& f) { drop(fg::least_change(f, wins, {.target = 400, .vary = {}})); }},
      {"break-even: what never pays", Is::unreachable, "",
       [&](auto& f) { drop(fg::break_even(f, fg::Scenario("dear").shift(fg::fixed_cost("Sales"), 1))); }},
      {"break-even: an unknown name", Is::name, "order", [&](auto& f) { drop(fg::break_even(f, nowhere)); }},
      {"back: an unknown outcome", Is::name, "customer",
       [&](auto& f) { drop(fg::back_propagate(f, misspelt_wins, {.target = 400})); }},
      {"back: a target of NaN", Is::value, "finite",
       [&](auto& f) { drop(fg::back_propagate(f, wins, {.target = no_number})); }},
      {"Monte Carlo: no draws", Is::value, "at least",
       [&](auto& f) { drop(fg::monte_carlo(f, two, {.metrics = {wins}, .draws = 0})); }},
      {"Monte Carlo: an unknown name", Is::name, "order",
       [&](auto& f) { drop(fg::monte_carlo(f, lost, {.metrics = {wins}, .draws = 10})); }},
      {"Monte Carlo: NaN in what is drawn", Is::value, "finite",
       [&](auto& f) {
         drop(fg::monte_carlo(f, {.numbers = {{closing, fg::Distribution::empirical({0.3, no_number}), {}}}},
                              {.metrics = {wins}, .draws = 10}));
       }},
      {"disagree: one side", Is::value, "at least 2",
       [&](auto& f) { drop(fg::disagree({{"a", f}}, profit)); }},
      {"disagree: an unknown metric", Is::name, "customer",
       [&](auto& f) { drop(fg::disagree({{"a", f}, {"b", fg::apply(f, quick)}}, misspelt_wins)); }},
      {"allocate: a negative budget", Is::value, ">= 0",
       [&](auto& f) { drop(fg::allocate(f, split(-1, reach))); }},
      {"allocate: what money cannot move", Is::value, "a volume, a lever or a capacity",
       [&](auto& f) { drop(fg::allocate(f, split(100, closing))); }},
      {"allocate: an unknown name", Is::name, "reached",
       [&](auto& f) { drop(fg::allocate(f, split(100, fg::volume("reachd")))); }},
      {"products: hours of an unknown stage", Is::name, "enquiry",
       [&](auto& f) {
         fg::ProductsFromFunnels options;
         options.hours = {{"enquir", 1}};
         drop(fg::products_of(fg::SegmentedFunnel({{"sandal", f}}), options));
       }},
      {"variants: an unknown name", Is::name, "order",
       [&](auto& f) { drop(fg::Variants(f, {{misspelt}}, {wins})); }},
      {"variants: one number twice", Is::conflict, "order",
       [&](auto& f) { drop(fg::Variants(f, {{closing}, {closing}}, {wins})); }},
      {"variants: an unknown metric", Is::name, "customer",
       [&](auto& f) { drop(fg::Variants(f, {{closing}}, {misspelt_wins})); }},
  };
  const fg::Funnel base = test::shop();
  const fg::Funnel copy = base;
  for (const Bad& bad : table) {
    INFO(bad.what);
    try {
      bad.ask(base);
      FAIL_CHECK("went through");
    } catch (const fg::Error& error) {
      const std::string text = error.what();
      INFO(text);
      CHECK(is(error, bad.kind));
      CHECK(text.find(bad.says) != std::string::npos);
    }
    CHECK(base == copy);
  }
}
