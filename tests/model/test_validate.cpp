#include <funnelgraph/model/validate.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <funnelgraph/model/funnel.hpp>

using namespace funnelgraph;

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// The parts of a funnel that is well, to be broken one at a time.
struct Draft {
  FunnelInfo info{.name = "shop", .currency = "VND"};
  std::vector<Owner> owners{{.name = "Marketing", .role = Role::marketing},
                            {.name = "Sales", .role = Role::sales}};
  std::vector<Stage> stages{
      {.name = "reached", .owner = "Marketing"},
      {.name = "enquiry", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}, .involved = {"Sales"}, .cost = 5},
      {.name = "order", .owner = "Sales", .value = 100, .commission = 0.1, .capacity = 10}};
  std::vector<Outcome> outcomes{{.name = "customer", .kind = OutcomeKind::won, .owner = "Sales", .value = 5},
                                {.name = "competitor"}};
  std::vector<Transition> transitions{
      {.from = "reached", .to = "enquiry", .rate = 0.2, .lag = Lag::exponential(2)},
      {.from = "enquiry",
       .to = "order",
       .rate = 0.3,
       .lag = Lag::gamma({.mean = 2, .sd = 1}),
       .service_level = 1},
      {.from = "enquiry", .to = "competitor", .rate = 0.2},
      {.from = "order", .to = "customer", .rate = 0.9, .lag = 1},
      {.from = "order", .to = "enquiry", .rate = 0.05, .lag = Lag::empirical({{0, 1}, {0.5, 2}, {1, 9}})}};
  std::vector<Entry> entries{{.stage = "reached", .volume = 1000, .cost = 2, .channel = "paid"},
                             {.stage = "reached", .volume = 10, .channel = "owned", .owner = "Marketing"}};
  std::vector<Lever> levers{{.name = "priming", .owner = "Marketing"}};
  std::vector<Influence> influences{
      {.lever = "priming", .from = "enquiry", .to = "order", .elasticity = 0.4}};
  std::vector<View> views{{.name = "buyer", .stages = {{"order", "purchase"}}}};

  [[nodiscard]] Funnel build() const {
    Funnel funnel(info);
    for (const auto& part : owners) funnel.add_owner(part);
    for (const auto& part : stages) funnel.add_stage(part);
    for (const auto& part : outcomes) funnel.add_outcome(part);
    for (const auto& part : transitions) funnel.add_transition(part);
    for (const auto& part : entries) funnel.add_entry(part);
    for (const auto& part : levers) funnel.add_lever(part);
    for (const auto& part : influences) funnel.add_influence(part);
    for (const auto& part : views) funnel.add_view(part);
    return funnel;
  }
};

struct Broken {
  const char* what;
  std::function<void(Draft&)> breaks;
  const char* code;
  const char* where;
  const char* value = "";
  Severity severity = Severity::error;
};

Number with_interval(double value, double low, double high, double level = 0.9) {
  return {value, Source({.by = {}, .interval = Interval{low, high, level}})};
}

const std::vector<Broken>& broken_funnels() {
  static const std::vector<Broken> table{
      {"no stage",
       [](Draft& d) {
         d = Draft{.owners = {},
                   .stages = {},
                   .outcomes = {},
                   .transitions = {},
                   .entries = {},
                   .levers = {},
                   .influences = {},
                   .views = {}};
       },
       "no_stage", "funnel"},
      {"owner twice", [](Draft& d) { d.owners.push_back({.name = "Sales"}); }, "duplicate_name",
       "owner Sales", "Sales"},
      {"stage twice", [](Draft& d) { d.stages.push_back({.name = "order", .owner = "Sales"}); },
       "duplicate_name", "stage order", "order"},
      {"outcome twice", [](Draft& d) { d.outcomes.push_back({.name = "competitor"}); }, "duplicate_name",
       "outcome competitor", "competitor"},
      {"an outcome named like a stage", [](Draft& d) { d.outcomes.push_back({.name = "order"}); },
       "duplicate_name", "outcome order", "order"},
      {"lever twice", [](Draft& d) { d.levers.push_back({.name = "priming"}); }, "duplicate_name",
       "lever priming", "priming"},
      {"view twice", [](Draft& d) { d.views.push_back({.name = "buyer"}); }, "duplicate_name", "view buyer"},
      {"transition twice",
       [](Draft& d) { d.transitions.push_back({.from = "enquiry", .to = "order", .rate = 0.1}); },
       "duplicate_transition", "transition enquiry -> order"},
      {"entry twice",
       [](Draft& d) { d.entries.push_back({.stage = "reached", .volume = 1, .channel = "paid"}); },
       "duplicate_entry", "entry reached, channel paid"},
      {"influence twice", [](Draft& d) { d.influences.push_back(d.influences[0]); }, "duplicate_influence",
       "influence of priming on enquiry -> order"},
      {"a lever named like a stage", [](Draft& d) { d.levers.push_back({.name = "order"}); },
       "ambiguous_name", "lever order", "order", Severity::warning},
      {"reserved stage", [](Draft& d) { d.stages.push_back({.name = "leak", .owner = "Sales"}); },
       "reserved_name", "stage leak", "leak"},
      {"reserved outcome", [](Draft& d) { d.outcomes.push_back({.name = "drop_off"}); }, "reserved_name",
       "outcome drop_off", "drop_off"},
      {"reserved owner", [](Draft& d) { d.owners.push_back({.name = "not assigned"}); }, "reserved_name",
       "owner not assigned", "not assigned"},
      {"reserved lever", [](Draft& d) { d.levers.push_back({.name = "siblings"}); }, "reserved_name",
       "lever siblings", "siblings"},
      {"empty stage name", [](Draft& d) { d.stages.push_back({.name = "", .owner = "Sales"}); }, "empty_name",
       "stage "},
      {"stage name of spaces", [](Draft& d) { d.stages.push_back({.name = "  ", .owner = "Sales"}); },
       "empty_name", "stage   "},
      {"empty owner name", [](Draft& d) { d.owners.push_back({.name = ""}); }, "empty_name", "owner "},
      {"empty name in a view", [](Draft& d) { d.views[0].stages["order"] = ""; }, "empty_name", "view buyer",
       "", Severity::warning},
      {"unknown owner of a stage", [](Draft& d) { d.stages[0].owner = "Marketting"; }, "unknown_owner",
       "stage reached", "Marketting"},
      {"unknown owner of an outcome", [](Draft& d) { d.outcomes[1].owner = "Outsider"; }, "unknown_owner",
       "outcome competitor", "Outsider"},
      {"unknown owner of an entry", [](Draft& d) { d.entries[0].owner = "Agency"; }, "unknown_owner",
       "entry reached, channel paid", "Agency"},
      {"unknown owner of a lever", [](Draft& d) { d.levers[0].owner = "Agency"; }, "unknown_owner",
       "lever priming", "Agency"},
      {"unknown owner involved", [](Draft& d) { d.stages[1].involved = {"Care"}; }, "unknown_owner",
       "stage enquiry", "Care"},
      {"involved twice", [](Draft& d) { d.stages[1].involved = {"Sales", "Sales"}; }, "duplicate_involved",
       "stage enquiry", "Sales", Severity::warning},
      {"share of zero", [](Draft& d) { d.stages[1].owner = {{"Marketing", 0}, {"Sales", 1}}; }, "share_range",
       "stage enquiry", "0"},
      {"share above one", [](Draft& d) { d.stages[1].owner = {{"Marketing", 1.5}}; }, "share_range",
       "stage enquiry", "1.5"},
      {"shares below one", [](Draft& d) { d.stages[1].owner = {{"Marketing", 0.5}, {"Sales", 0.25}}; },
       "share_sum", "stage enquiry", "0.75"},
      {"shares above one", [](Draft& d) { d.stages[1].owner = {{"Marketing", 0.75}, {"Sales", 0.75}}; },
       "share_sum", "stage enquiry", "1.5"},
      {"an owner's share twice", [](Draft& d) { d.stages[1].owner = {{"Sales", 0.5}, {"Sales", 0.5}}; },
       "duplicate_share", "stage enquiry", "Sales"},
      {"nobody owns a stage", [](Draft& d) { d.stages[1].owner = {}; }, "unowned_stage", "stage enquiry", "",
       Severity::warning},
      {"nobody owns a stage, and there is one owner",
       [](Draft& d) {
         d.owners.pop_back();
         for (Stage& stage : d.stages) stage.owner = "Marketing", stage.involved.clear();
         d.stages[1].owner = {};
         d.outcomes[0].owner = {};
       },
       "unowned_stage", "stage enquiry", "", Severity::warning},
      {"rate above one", [](Draft& d) { d.transitions[0].rate = 1.2; }, "rate_range",
       "transition reached -> enquiry", "1.2"},
      {"negative rate", [](Draft& d) { d.transitions[1].rate = -0.1; }, "rate_range",
       "transition enquiry -> order", "-0.1"},
      {"rate not a number", [](Draft& d) { d.transitions[1].rate = nan; }, "rate_range",
       "transition enquiry -> order", "nan"},
      {"row above one",
       [](Draft& d) {
         d.transitions[1].rate = 0.875;
         d.transitions[2].rate = 0.25;
       },
       "row_above_one", "stage enquiry", "1.125"},
      {"row above one by 2e-9",
       [](Draft& d) {
         d.transitions[0].rate = 1;
         d.transitions.push_back({.from = "reached", .to = "order", .rate = 2e-9});
       },
       "row_above_one", "stage reached", "1.000000002"},
      {"a drop-off that leaves a gap", [](Draft& d) { d.stages[1].drop_off = 0.25; }, "row_sum",
       "stage enquiry", "0.75"},
      {"drop-off above one", [](Draft& d) { d.stages[1].drop_off = 2; }, "drop_off_range", "stage enquiry",
       "2"},
      {"commission above one", [](Draft& d) { d.stages[2].commission = 1.5; }, "commission_range",
       "stage order", "1.5"},
      {"negative commission of an outcome", [](Draft& d) { d.outcomes[0].commission = -0.1; },
       "commission_range", "outcome customer", "-0.1"},
      {"unknown source",
       [](Draft& d) { d.transitions.push_back({.from = "enquirry", .to = "order", .rate = 0.1}); },
       "unknown_stage", "transition enquirry -> order", "enquirry"},
      {"unknown target",
       [](Draft& d) { d.transitions.push_back({.from = "reached", .to = "ordr", .rate = 0.1}); },
       "unknown_target", "transition reached -> ordr", "ordr"},
      {"leaving an outcome",
       [](Draft& d) { d.transitions.push_back({.from = "customer", .to = "order", .rate = 0.1}); },
       "from_outcome", "transition customer -> order", "customer"},
      {"entry into an unknown stage", [](Draft& d) { d.entries.push_back({.stage = "reach", .volume = 1}); },
       "unknown_stage", "entry reach", "reach"},
      {"view of an unknown stage", [](Draft& d) { d.views[0].stages["orders"] = "x"; }, "unknown_stage",
       "view buyer", "orders"},
      {"influence of an unknown lever", [](Draft& d) { d.influences[0].lever = "prime"; }, "unknown_lever",
       "influence of prime on enquiry -> order", "prime"},
      {"influence on a missing transition", [](Draft& d) { d.influences[0].from = "reached"; },
       "unknown_transition", "influence of priming on reached -> order", "reached -> order"},
      {"influence from an unknown stage", [](Draft& d) { d.influences[0].from = "enquires"; },
       "unknown_stage", "influence of priming on enquires -> order", "enquires"},
      {"influence to an unknown target", [](Draft& d) { d.influences[0].to = "orders"; }, "unknown_target",
       "influence of priming on enquiry -> orders", "orders"},
      {"elasticity not a number", [](Draft& d) { d.influences[0].elasticity = nan; }, "elasticity_range",
       "influence of priming on enquiry -> order", "nan"},
      {"lever at zero", [](Draft& d) { d.levers[0].value = 0; }, "lever_range", "lever priming", "0"},
      {"reference of a lever below zero", [](Draft& d) { d.levers[0].reference = -1; }, "lever_range",
       "lever priming", "-1"},
      {"no entry", [](Draft& d) { d.entries.clear(); }, "no_entry", "funnel", "", Severity::warning},
      {"every volume zero",
       [](Draft& d) {
         for (Entry& entry : d.entries) entry.volume = 0;
       },
       "no_volume", "funnel", "", Severity::warning},
      {"negative volume", [](Draft& d) { d.entries[0].volume = -1; }, "volume_range",
       "entry reached, channel paid", "-1"},
      {"negative entry cost", [](Draft& d) { d.entries[0].cost = -2; }, "cost_range",
       "entry reached, channel paid", "-2"},
      {"unreachable stage", [](Draft& d) { d.stages.push_back({.name = "island", .owner = "Sales"}); },
       "unreachable_stage", "stage island", "", Severity::warning},
      {"a stage behind a rate of zero",
       [](Draft& d) {
         d.stages.push_back({.name = "later", .owner = "Sales"});
         d.transitions.push_back({.from = "order", .to = "later", .rate = 0});
       },
       "unreachable_stage", "stage later", "", Severity::warning},
      {"unreachable outcome", [](Draft& d) { d.outcomes.push_back({.name = "silent"}); },
       "unreachable_outcome", "outcome silent", "", Severity::warning},
      {"a closed cycle",
       [](Draft& d) {
         d.stages.push_back({.name = "a", .owner = "Sales"});
         d.stages.push_back({.name = "b", .owner = "Sales"});
         d.transitions.push_back({.from = "reached", .to = "a", .rate = 0.1});
         d.transitions.push_back({.from = "a", .to = "b", .rate = 1});
         d.transitions.push_back({.from = "b", .to = "a", .rate = 1});
       },
       "closed_cycle", "stages a, b"},
      {"a stage that only leads to itself",
       [](Draft& d) {
         d.stages.push_back({.name = "a", .owner = "Sales"});
         d.stages.push_back({.name = "before", .owner = "Sales"});
         d.transitions.push_back({.from = "reached", .to = "before", .rate = 0.1});
         d.transitions.push_back({.from = "before", .to = "a", .rate = 1});
         d.transitions.push_back({.from = "a", .to = "a", .rate = 1});
       },
       "closed_cycle", "stage a"},
      {"negative cost of a stage", [](Draft& d) { d.stages[1].cost = -5; }, "cost_range", "stage enquiry",
       "-5"},
      {"negative cost of a transition", [](Draft& d) { d.transitions[1].cost = -5; }, "cost_range",
       "transition enquiry -> order", "-5"},
      {"infinite value of a stage", [](Draft& d) { d.stages[2].value = infinity; }, "value_range",
       "stage order", "inf"},
      {"value of an outcome not finite", [](Draft& d) { d.outcomes[0].value = infinity; }, "value_range",
       "outcome customer", "inf"},
      {"infinite value of a transition", [](Draft& d) { d.transitions[1].value = -infinity; }, "value_range",
       "transition enquiry -> order", "-inf"},
      {"negative fixed cost", [](Draft& d) { d.owners[1].fixed_cost = -1; }, "fixed_cost_range",
       "owner Sales", "-1"},
      {"negative capacity", [](Draft& d) { d.stages[2].capacity = -10; }, "capacity_range", "stage order",
       "-10"},
      {"capacity not a number", [](Draft& d) { d.stages[2].capacity = nan; }, "capacity_range", "stage order",
       "nan"},
      {"negative service level", [](Draft& d) { d.transitions[1].service_level = -1; }, "service_level_range",
       "transition enquiry -> order", "-1"},
      {"negative lag", [](Draft& d) { d.transitions[3].lag = Lag::deterministic(-1); }, "lag_range",
       "transition order -> customer", "-1"},
      {"infinite lag", [](Draft& d) { d.transitions[3].lag = Lag::deterministic(infinity); }, "lag_range",
       "transition order -> customer", "inf"},
      {"negative deviation", [](Draft& d) { d.transitions[1].lag = Lag::gamma({.mean = 2, .sd = -1}); },
       "lag_sd_range", "transition enquiry -> order", "-1"},
      {"a lag of mean zero that varies",
       [](Draft& d) { d.transitions[1].lag = Lag::gamma({.mean = 0, .sd = 1}); }, "lag_sd_range",
       "transition enquiry -> order", "1"},
      {"an exponential lag of another deviation", [](Draft& d) { d.transitions[0].lag.sd = 3; },
       "lag_sd_range", "transition reached -> enquiry", "3"},
      {"quantiles that do not start at probability 0",
       [](Draft& d) {
         d.transitions[4].lag.quantiles =
             std::make_shared<const std::vector<LagQuantile>>(std::vector<LagQuantile>{{0.1, 1}, {1, 2}});
       },
       "lag_quantiles", "transition order -> enquiry"},
      {"quantiles that fall",
       [](Draft& d) {
         d.transitions[4].lag.quantiles =
             std::make_shared<const std::vector<LagQuantile>>(std::vector<LagQuantile>{{0, 3}, {1, 2}});
       },
       "lag_quantiles", "transition order -> enquiry"},
      {"quantiles that stop before probability 1",
       [](Draft& d) {
         d.transitions[4].lag.quantiles =
             std::make_shared<const std::vector<LagQuantile>>(std::vector<LagQuantile>{{0, 1}, {0.9, 2}});
       },
       "lag_quantiles", "transition order -> enquiry"},
      {"quantiles of one probability twice",
       [](Draft& d) {
         d.transitions[4].lag.quantiles = std::make_shared<const std::vector<LagQuantile>>(
             std::vector<LagQuantile>{{0, 1}, {0.5, 2}, {0.5, 3}, {1, 9}});
       },
       "lag_quantiles", "transition order -> enquiry"},
      {"a mean without a family", [](Draft& d) { d.transitions[2].lag.mean = 3; }, "lag_family",
       "transition enquiry -> competitor", "3"},
      {"no quantiles", [](Draft& d) { d.transitions[4].lag.quantiles = nullptr; }, "lag_quantiles",
       "transition order -> enquiry"},
      {"a negative observed count",
       [](Draft& d) { d.transitions[0].observed = Observed{.count = -1, .entered = 5}; }, "observed_range",
       "transition reached -> enquiry", "-1"},
      {"more counted than entered",
       [](Draft& d) { d.transitions[0].observed = Observed{.count = 6, .entered = 5}; },
       "observed_above_entered", "transition reached -> enquiry", "6", Severity::warning},
      {"more counted than entered, some of them open",
       [](Draft& d) { d.transitions[0].observed = Observed{.count = 6, .entered = 5, .open = 2}; },
       "observed_above_entered", "transition reached -> enquiry", "6", Severity::warning},
      {"a change of unit",
       [](Draft& d) {
         d.stages[0].unit = "people";
         d.stages[2].unit = "deals";
         d.transitions.erase(d.transitions.begin() + 4);
       },
       "unit_change", "transition enquiry -> order", "people -> deals", Severity::warning},
      {"discount rate of -100 %", [](Draft& d) { d.info.discount_rate = -1; }, "discount_rate_range",
       "funnel", "-1"},
      {"an interval upside down", [](Draft& d) { d.transitions[1].rate = with_interval(0.3, 0.4, 0.2); },
       "interval_range", "transition enquiry -> order", "0.4 to 0.2"},
      {"a value outside its interval", [](Draft& d) { d.transitions[1].rate = with_interval(0.3, 0.4, 0.5); },
       "value_outside_interval", "transition enquiry -> order", "0.3", Severity::warning},
      {"a value above its interval", [](Draft& d) { d.transitions[1].rate = with_interval(0.6, 0.4, 0.5); },
       "value_outside_interval", "transition enquiry -> order", "0.6", Severity::warning},
      {"an interval that ends beyond the range",
       [](Draft& d) { d.transitions[1].rate = with_interval(0.3, 0.1, 1.5); }, "interval_outside_range",
       "transition enquiry -> order", "0.1 to 1.5", Severity::warning},
      {"an interval of level 1", [](Draft& d) { d.transitions[1].rate = with_interval(0.3, 0.1, 0.5, 1); },
       "interval_level", "transition enquiry -> order", "1"},
      {"an interval beyond the range",
       [](Draft& d) { d.transitions[1].rate = with_interval(0.3, -0.1, 0.5); }, "interval_outside_range",
       "transition enquiry -> order", "-0.1 to 0.5", Severity::warning},
      {"an interval of level 90", [](Draft& d) { d.transitions[1].rate = with_interval(0.3, 0.1, 0.5, 90); },
       "interval_level", "transition enquiry -> order", "90"},
      {"a negative n",
       [](Draft& d) {
         d.transitions[1].rate = {0.3,
                                  Source({.kind = SourceKind::measured, .n = -5, .by = {}, .interval = {}})};
       },
       "source_n_range", "transition enquiry -> order", "-5"},
      {"an estimate by nobody",
       [](Draft& d) {
         d.transitions[1].rate = {0.3, Source({.kind = SourceKind::estimated, .by = {}, .interval = {}})};
       },
       "source_by_nobody", "transition enquiry -> order", "", Severity::warning},
  };
  return table;
}

const Issue* find(const std::vector<Issue>& issues, const std::string& code, const std::string& where) {
  const auto found = std::find_if(issues.begin(), issues.end(), [&](const Issue& issue) {
    return issue.code == code && issue.where == where;
  });
  return found == issues.end() ? nullptr : &*found;
}

std::string all_of(const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) text += issue.code + " | " + issue.where + " | " + issue.message + "\n";
  return text;
}

/// What an issue of a kind says and allows, for one of the broken funnels at least.
struct Said {
  const char* code;
  const char* message;
  const char* allowed;
};

const std::vector<Said>& sentences() {
  static const std::vector<Said> table{
      {"ambiguous_name", "a stage or an outcome has this name too", ""},
      {"capacity_range", "the capacity is outside its range", "[0, inf)"},
      {"closed_cycle", "nothing ever leaves: a rate to another stage or an outcome, or a drop-off, is needed",
       ""},
      {"commission_range", "the commission is outside its range", "[0, 1]"},
      {"cost_range", "the cost is outside its range", "[0, inf)"},
      {"discount_rate_range", "the discount rate is outside its range", "(-1, inf)"},
      {"drop_off_range", "the drop-off is outside its range", "[0, 1]"},
      {"duplicate_entry", "the entry is there already", ""},
      {"duplicate_influence", "the influence is there already", ""},
      {"duplicate_involved", "an involved owner comes twice", ""},
      {"duplicate_name", "a stage has this name", ""},
      {"duplicate_name", "the name is there already", ""},
      {"duplicate_share", "an owner comes twice", ""},
      {"duplicate_transition", "the transition is there already", ""},
      {"elasticity_range", "the elasticity is outside its range", "a finite number"},
      {"empty_name", "the name is empty", ""},
      {"empty_name", "the name of order there is empty", ""},
      {"fixed_cost_range", "the fixed cost is outside its range", "[0, inf)"},
      {"from_outcome", "nothing leaves an outcome", "a stage"},
      {"interval_level", "the level of the interval of the rate is outside its range", "(0, 1)"},
      {"interval_outside_range", "the interval of the rate reaches beyond its range", "[0, 1]"},
      {"interval_range", "the interval of the rate is none", "two finite numbers, the lower one first"},
      {"lag_quantiles", "the quantiles of the lag are no distribution",
       "two points or more, probabilities ascending from 0 to 1, finite days >= 0 that never fall"},
      {"lag_family", "a mean without a family of lags", ""},
      {"lag_range", "the mean lag is outside its range", "[0, inf)"},
      {"lag_sd_range", "a lag of mean 0 does not vary", "0"},
      {"lag_sd_range", "the deviation of an exponential lag is its mean", "2"},
      {"lag_sd_range", "the standard deviation of the lag is outside its range", "[0, inf)"},
      {"lever_range", "the reference is outside its range", "(0, inf)"},
      {"lever_range", "the value is outside its range", "(0, inf)"},
      {"no_entry", "nobody enters: there is no entry", ""},
      {"no_stage", "there is no stage", ""},
      {"no_volume", "nobody enters: every volume is 0", ""},
      {"observed_above_entered", "more journeys took it than entered its source", "at most 5"},
      {"observed_range", "an observed count is outside its range", "[0, inf)"},
      {"rate_range", "the rate is outside its range", "[0, 1]"},
      {"reserved_name", "the name is reserved",
       "any name but drop_off, leak, siblings, not assigned, between"},
      {"row_above_one", "the rates that leave it add up to more than 1", "at most 1"},
      {"row_sum", "its rates and its drop-off do not add up to 1", "1"},
      {"service_level_range", "the service level is outside its range", "[0, inf)"},
      {"share_range", "the share of Marketing is outside its range", "(0, 1]"},
      {"share_sum", "the shares do not add up to 1", "1"},
      {"source_by_nobody", "the rate does not say by whom", ""},
      {"source_n_range", "the n behind the rate is outside its range", "[0, inf)"},
      {"unit_change", "the unit changes along it: its rate is no share of one and the same thing", ""},
      {"unknown_lever", "unknown lever 'prime'", ""},
      {"unknown_owner", "unknown owner 'Agency'", ""},
      {"unknown_owner", "unknown owner 'Marketting'; did you mean 'Marketing'?", ""},
      {"unknown_owner", "unknown owner 'Outsider'", ""},
      {"unknown_owner", "unknown owner involved, 'Care'", ""},
      {"unknown_stage", "unknown stage 'enquires'; did you mean 'enquiry'?", ""},
      {"unknown_stage", "unknown stage 'enquirry'; did you mean 'enquiry'?", ""},
      {"unknown_stage", "unknown stage 'orders'; did you mean 'order'?", ""},
      {"unknown_stage", "unknown stage 'reach'; did you mean 'reached'?", ""},
      {"unknown_target", "unknown stage or outcome 'orders'; did you mean 'order'?", ""},
      {"unknown_target", "unknown stage or outcome 'ordr'; did you mean 'order'?", ""},
      {"unknown_transition", "there is no such transition", ""},
      {"unowned_stage", "nobody owns the stage", ""},
      {"unreachable_outcome", "no entry leads here by rates above 0", ""},
      {"unreachable_stage", "no entry leads here by rates above 0", ""},
      {"value_outside_interval", "the rate lies outside its own interval", "0.4 to 0.5"},
      {"value_range", "the value is outside its range", "a finite number"},
      {"value_range", "the value is outside its range", "a finite number, or NaN for unknown"},
      {"volume_range", "the volume is outside its range", "[0, inf)"}};
  return table;
}

}  // namespace

TEST_CASE("a funnel that is well has no issue") {
  const std::vector<Issue> issues = validate(Draft{}.build());
  INFO(all_of(issues));
  CHECK(issues.empty());
}

TEST_CASE("each broken funnel gives its issue, with place and value") {
  CHECK(broken_funnels().size() >= 60);
  for (const Broken& broken : broken_funnels()) {
    DYNAMIC_SECTION(broken.what) {
      Draft draft;
      broken.breaks(draft);
      const std::vector<Issue> issues = validate(draft.build());
      INFO(all_of(issues));
      const Issue* issue = find(issues, broken.code, broken.where);
      REQUIRE(issue != nullptr);
      CHECK(issue->value == broken.value);
      CHECK(issue->severity == broken.severity);
      const auto said = std::ranges::count_if(sentences(), [&](const Said& one) {
        return issue->code == one.code && issue->message == one.message && issue->allowed == one.allowed;
      });
      CHECK(said == 1);
      // One break, one error: nothing else is reported as an error on its account.
      const auto errors = std::count_if(issues.begin(), issues.end(),
                                        [](const Issue& one) { return one.severity == Severity::error; });
      CHECK(errors <= (broken.severity == Severity::error ? 1 : 0));
    }
  }
}

TEST_CASE("ranges and near names are said") {
  Draft draft;
  draft.transitions[0].rate = 1.2;
  draft.stages[0].owner = "Marketting";
  draft.transitions.push_back({.from = "reached", .to = "custmer", .rate = 0.1});
  const std::vector<Issue> issues = validate(draft.build());
  const Issue* rate = find(issues, "rate_range", "transition reached -> enquiry");
  REQUIRE(rate != nullptr);
  CHECK(rate->allowed == "[0, 1]");
  const Issue* owner = find(issues, "unknown_owner", "stage reached");
  REQUIRE(owner != nullptr);
  CHECK(owner->message.find("'Marketing'") != std::string::npos);
  const Issue* target = find(issues, "unknown_target", "transition reached -> custmer");
  REQUIRE(target != nullptr);
  CHECK(target->message.find("'customer'") != std::string::npos);
}

TEST_CASE("a funnel with many problems gives them all at once") {
  // Broken by every row of the table that leaves the others' places as they are.
  Draft draft;
  draft.owners.push_back({.name = "Sales", .fixed_cost = -1});
  draft.stages[0].owner = "Nobody";
  draft.stages[1].cost = -5;
  draft.stages[2].commission = 3;
  draft.stages.push_back({.name = "leak", .owner = "Sales"});
  draft.outcomes.push_back({.name = "order"});
  draft.transitions[0].rate = 1.2;
  draft.transitions[1].lag = Lag::deterministic(-1);
  draft.transitions.push_back({.from = "customer", .to = "order", .rate = 0.1});
  draft.transitions.push_back({.from = "reached", .to = "nowhere", .rate = 0.1});
  draft.entries[0].volume = -1;
  draft.levers[0].value = 0;
  draft.influences[0].to = "enquiry";
  draft.info.discount_rate = -2;
  const std::vector<Issue> issues = validate(draft.build());
  INFO(all_of(issues));
  const std::vector<std::pair<const char*, const char*>> expected{
      {"duplicate_name", "owner Sales"},
      {"fixed_cost_range", "owner Sales"},
      {"unknown_owner", "stage reached"},
      {"cost_range", "stage enquiry"},
      {"commission_range", "stage order"},
      {"reserved_name", "stage leak"},
      {"unreachable_stage", "stage leak"},
      {"duplicate_name", "outcome order"},
      {"rate_range", "transition reached -> enquiry"},
      {"lag_range", "transition enquiry -> order"},
      {"from_outcome", "transition customer -> order"},
      {"unknown_target", "transition reached -> nowhere"},
      {"volume_range", "entry reached, channel paid"},
      {"lever_range", "lever priming"},
      {"unknown_transition", "influence of priming on enquiry -> enquiry"},
      {"discount_rate_range", "funnel"}};
  for (const auto& [code, where] : expected) {
    INFO(code << " at " << where);
    CHECK(find(issues, code, where) != nullptr);
  }
}

TEST_CASE("what is allowed at the edge is allowed") {
  Draft draft;
  SECTION("a row of 1 + 1e-10, which compile normalises") {
    draft.transitions[0].rate = 0.5;
    draft.transitions.push_back({.from = "reached", .to = "order", .rate = 0.5 + 1e-10});
  }
  SECTION("an exact drop-off of 1e-134") {
    draft.transitions[0].rate = 1;
    draft.stages[0].drop_off = 1e-134;
  }
  SECTION("unknown lags") {
    for (Transition& transition : draft.transitions) transition.lag = Lag::unknown();
  }
  SECTION("a capacity of zero and a value below zero") {
    draft.stages[2].capacity = 0;
    draft.outcomes[0].value = -100;
  }
  SECTION("a stage that leads to itself for a while") {
    draft.transitions.push_back({.from = "reached", .to = "reached", .rate = 0.8});
  }
  SECTION("one unit all the way") { draft.stages[0].unit = "people"; }
  SECTION("a unit that is named from the second stage on") { draft.stages[1].unit = "people"; }
  SECTION("a lever that bends several transitions from one stage, or to one") {
    draft.transitions.push_back({.from = "reached", .to = "order", .rate = 0.1});
    draft.influences.push_back({.lever = "priming", .from = "reached", .to = "order", .elasticity = 0.2});
    draft.influences.push_back({.lever = "priming", .from = "reached", .to = "enquiry", .elasticity = 0.2});
  }
  SECTION("no owner at all") {
    draft.owners.clear();
    for (Stage& stage : draft.stages) stage.owner = {}, stage.involved.clear();
    for (Outcome& outcome : draft.outcomes) outcome.owner = {};
    for (Entry& entry : draft.entries) entry.owner = {};
    draft.levers[0].owner = {};
  }
  const std::vector<Issue> issues = validate(draft.build());
  INFO(all_of(issues));
  CHECK(issues.empty());
}

TEST_CASE("two closed cycles are told apart and a way out is seen through other stages") {
  Funnel funnel;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) funnel.add_stage({.name = name});
  funnel.add_outcome({.name = "out", .kind = OutcomeKind::won});
  funnel.add_entry({.stage = "a", .volume = 1});
  const auto flow = [&](const char* from, const char* to, double rate) {
    funnel.add_transition({.from = from, .to = to, .rate = rate});
  };
  flow("a", "b", 0.25), flow("a", "d", 0.25), flow("a", "f", 0.5);
  flow("b", "c", 1), flow("c", "b", 1);  // closed
  flow("d", "e", 1), flow("e", "d", 1);  // closed
  flow("f", "a", 0.5), flow("f", "out", 0.5);
  const std::vector<Issue> issues = validate(funnel);
  CHECK(find(issues, "closed_cycle", "stages b, c") != nullptr);
  CHECK(find(issues, "closed_cycle", "stages d, e") != nullptr);
  CHECK(issues.size() == 2);
}

TEST_CASE("what is never taken is no way out") {
  // a and b lead to each other by rates of 1 in all; beside them stands a transition of rate 0.
  const auto closed = [](double rate, const char* to) {
    Funnel funnel;
    for (const char* name : {"a", "b", "c"}) funnel.add_stage({.name = name});
    funnel.add_outcome({.name = "out", .kind = OutcomeKind::won});
    for (const char* name : {"a", "c"}) funnel.add_entry({.stage = name, .volume = 1});
    funnel.add_transition({.from = "a", .to = "b", .rate = 1});
    funnel.add_transition({.from = "b", .to = "a", .rate = 1 - rate});
    funnel.add_transition({.from = "b", .to = to, .rate = rate});
    funnel.add_transition({.from = "c", .to = "out", .rate = 1});
    const std::vector<Issue> issues = validate(funnel);
    return find(issues, "closed_cycle", "stages a, b") != nullptr;
  };
  for (const char* to : {"out", "c"}) {
    INFO("to " << to);
    CHECK(closed(0, to));
    CHECK_FALSE(closed(1e-9, to));
  }
}

TEST_CASE("two closed cycles with a transition of rate 0 from one to the other are two") {
  Funnel funnel;
  for (const char* name : {"a", "b", "c", "d"}) funnel.add_stage({.name = name});
  for (const char* name : {"a", "c"}) funnel.add_entry({.stage = name, .volume = 1});
  for (const auto& [from, to] : {std::pair{"a", "b"}, {"b", "a"}, {"c", "d"}, {"d", "c"}}) {
    funnel.add_transition({.from = from, .to = to, .rate = 1});
  }
  funnel.add_transition({.from = "b", .to = "c", .rate = 0});
  const std::vector<Issue> issues = validate(funnel);
  CHECK(find(issues, "closed_cycle", "stages a, b") != nullptr);
  CHECK(find(issues, "closed_cycle", "stages c, d") != nullptr);
}

TEST_CASE("what rounding leaves of a row is no way out") {
  // Ten tenths add up to 1 - 1.1e-16 in doubles.
  Funnel funnel;
  funnel.add_stage({.name = "hub"});
  funnel.add_entry({.stage = "hub", .volume = 1});
  for (int i = 0; i < 10; ++i) {
    const std::string name = "spoke " + std::to_string(i);
    funnel.add_stage({.name = name});
    funnel.add_transition({.from = "hub", .to = name, .rate = 0.1});
    funnel.add_transition({.from = name, .to = "hub", .rate = 1});
  }
  const std::vector<Issue> issues = validate(funnel);
  CHECK(std::ranges::count(issues, "closed_cycle", &Issue::code) == 1);
}

TEST_CASE("a given drop-off is a way out however small, and none when it is 0") {
  for (const double drop_off : {1e-134, 0.0}) {
    Funnel funnel;
    funnel.add_stage({.name = "a", .drop_off = drop_off});
    funnel.add_stage({.name = "b"});
    funnel.add_entry({.stage = "a", .volume = 1});
    funnel.add_transition({.from = "a", .to = "b", .rate = 1});
    funnel.add_transition({.from = "b", .to = "a", .rate = 1});
    CHECK(validate(funnel).empty() == (drop_off > 0));
  }
}

TEST_CASE("a funnel of thousands of unknown names is still listed quickly and whole") {
  Funnel funnel;
  for (int i = 0; i < 2000; ++i) funnel.add_stage({.name = "stage " + std::to_string(i)});
  funnel.add_entry({.stage = "stage 0", .volume = 1});
  for (int i = 0; i < 2000; ++i) {
    funnel.add_transition(
        {.from = "stage " + std::to_string(i), .to = "there " + std::to_string(i), .rate = 0.5});
  }
  const std::vector<Issue> issues = validate(funnel);
  CHECK(std::count_if(issues.begin(), issues.end(),
                      [](const Issue& issue) { return issue.code == "unknown_target"; }) == 2000);
}
