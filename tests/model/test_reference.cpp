#include <funnelgraph/model/reference.hpp>

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/validate.hpp>

using namespace funnelgraph;

namespace {

bool says(const std::string& text, const char* word) { return text.find(word) != std::string::npos; }

bool involves(const Stage& stage, const char* owner) {
  return std::find(stage.involved.begin(), stage.involved.end(), owner) != stage.involved.end();
}

/// The first roles along a chain of stages, each connected to the next.
void check_chain(const Funnel& funnel, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    INFO(names[i]);
    CHECK((funnel.find_stage(names[i]).has_value() || funnel.find_outcome(names[i]).has_value()));
    if (i > 0) CHECK(funnel.find_transition(names[i - 1], names[i]).has_value());
  }
}

}  // namespace

TEST_CASE("every reference funnel is well, compiles and is named [14, 25, 26]") {
  CHECK(reference::names().size() == 4);
  for (const std::string& name : reference::names()) {
    DYNAMIC_SECTION(name) {
      const Funnel funnel = reference::by_name(name);
      for (const Issue& issue : validate(funnel)) FAIL_CHECK(issue.code << " at " << issue.where);
      CHECK_NOTHROW(compile(funnel));
      CHECK(says(funnel.info().note, "Shape:"));
      CHECK(says(funnel.info().note, "From: "));
      CHECK(says(funnel.info().note, "placeholders"));
      std::set<Role> roles;
      for (const Owner& owner : funnel.owners()) roles.insert(owner.role);
      CHECK(roles == std::set<Role>{Role::marketing, Role::sales, Role::care, Role::r_and_d, Role::company,
                                    Role::outside});
      // Marketing makes the first contact where people are reached; a won and a lost end are there.
      const auto outcomes = funnel.outcomes();
      CHECK(std::any_of(outcomes.begin(), outcomes.end(),
                        [](const Outcome& o) { return o.kind == OutcomeKind::won; }));
      CHECK(std::any_of(outcomes.begin(), outcomes.end(),
                        [](const Outcome& o) { return o.kind == OutcomeKind::screened; }));
      CHECK(std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) {
        return o.kind == OutcomeKind::lost && o.owner == Ownership("Outside");
      }));
      CHECK(std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) {
        return o.kind == OutcomeKind::lost && o.owner == Ownership("Company");
      }));
    }
  }
}

TEST_CASE("every given number of a reference funnel is a placeholder") {
  for (const std::string& name : reference::names()) {
    const Funnel funnel = reference::by_name(name);
    std::size_t count = 0;
    for (const Parameter& parameter : funnel.parameters()) {
      const Number number = funnel.get_number(parameter);
      const bool usual = number.value == 0 || std::isnan(number.value);
      const bool derived = parameter.kind() == ParameterKind::drop_off;
      bool follows = false;  // from the mean
      if (parameter.kind() == ParameterKind::lag_sd) {
        follows = !funnel.transition(parameter.argument(0), parameter.argument(1)).lag.has_free_sd();
      }
      if (usual || derived || follows) continue;
      INFO(name << ": " << to_string(parameter));
      CHECK(number.source.kind() == SourceKind::placeholder);
      ++count;
    }
    CHECK(count > 25);
  }
}

TEST_CASE("every part has a Vietnamese label") {
  for (const std::string& name : reference::names()) {
    const Funnel funnel = reference::by_name(name);
    CHECK(funnel.info().labels.contains("vi"));
    for (const Owner& owner : funnel.owners()) CHECK(owner.labels.contains("vi"));
    for (const Stage& stage : funnel.stages()) CHECK(stage.labels.contains("vi"));
    for (const Outcome& outcome : funnel.outcomes()) CHECK(outcome.labels.contains("vi"));
    for (const Lever& lever : funnel.levers()) CHECK(lever.labels.contains("vi"));
  }
}

TEST_CASE(
    "the buying funnel has eight stages, a hand-off in the middle and the sale inside [67, 68, 69, 70]") {
  const Funnel funnel = reference::buying_funnel();
  check_chain(funnel, {"customer awareness", "brand awareness", "brand consideration", "brand preference",
                       "purchase intention"});
  check_chain(funnel,
              {"purchase intention", "prospecting and qualifying", "defining needs", "presenting proposals",
               "negotiating", "purchase", "implementing", "loyalty", "advocacy"});
  // The receiver of preference -> intention is Sales.
  CHECK(funnel.stage("brand preference").owner == Ownership("Marketing"));
  CHECK(funnel.stage("purchase intention").owner.share("Sales") >
        funnel.stage("brand preference").owner.share("Sales"));
  // The buyer sees eight stages.
  std::set<std::string> seen;
  for (const auto& [stage, there] : funnel.view("buyer").stages) seen.insert(there);
  CHECK(seen.size() == 8);
  CHECK(funnel.view("buyer").stages.size() == funnel.stages().size());
  CHECK(funnel.view("buyer").stages.at("negotiating") == "purchase");
  CHECK(funnel.view("buyer").stages.at("defining needs") == "purchase intention");
  // Marketing's task at each selling stage.
  const std::vector<std::pair<const char*, const char*>> tasks{{"prospecting and qualifying", "standards"},
                                                               {"defining needs", "value propositions"},
                                                               {"presenting proposals", "success stories"},
                                                               {"negotiating", "pricing"},
                                                               {"implementing", "success story"}};
  for (const auto& [stage, task] : tasks) {
    INFO(stage);
    CHECK(says(funnel.stage(stage).definition, "Marketing's task"));
    CHECK(says(funnel.stage(stage).definition, task));
    CHECK(involves(funnel.stage(stage), "Marketing"));
  }
  // In return Sales and R&D join in segments, offer and positioning.
  for (const char* stage : {"customer awareness", "brand awareness", "brand consideration"}) {
    CHECK(involves(funnel.stage(stage), "Sales"));
    CHECK(involves(funnel.stage(stage), "R&D"));
  }
  // Marketing is split upstream and downstream.
  CHECK(funnel.owner("Upstream Marketing").role == Role::marketing);
  CHECK(funnel.stage("customer awareness").owner.share("Upstream Marketing") == 0.5);
}

TEST_CASE("the demand waterfall goes back to Marketing instead of losing what is too early") {
  const Funnel funnel = reference::demand_waterfall();
  check_chain(funnel, {"inquiry", "MQL", "SAL", "SQL", "won"});
  for (const char* stage : {"MQL", "SAL", "SQL"}) CHECK(funnel.find_transition(stage, "inquiry").has_value());
  CHECK(funnel.transition("MQL", "SAL").service_level.value().value == 1);  // called within 24 hours
}

TEST_CASE("the online shop has a nurture pool and feedback to R&D and back [36, 37]") {
  const Funnel funnel = reference::online_shop();
  check_chain(funnel, {"reached", "engaged", "enquiry", "order by phone", "care", "repeat order", "loyal",
                       "customer"});
  check_chain(funnel, {"enquiry", "order by inbox", "care"});
  check_chain(funnel, {"engaged", "nurture pool", "enquiry", "nurture pool"});
  check_chain(funnel, {"care", "feedback", "care"});
  CHECK(funnel.stage("feedback").owner == Ownership("R&D"));
  CHECK(funnel.get(volume("reached")) == 200000);
}

TEST_CASE(
    "in the pharmacy channel stock that does not sell out is challenged after two to three months [2, 5]") {
  const Funnel funnel = reference::pharmacy_channel();
  check_chain(funnel, {"rep visit", "listed", "stocked", "sell-out", "reorder"});
  check_chain(funnel, {"stocked", "unsold stock", "returned"});
  check_chain(funnel, {"unsold stock", "stocked"});
  const double days = funnel.get(lag("stocked", "unsold stock"));
  CHECK(days >= 60);
  CHECK(days <= 92);
  CHECK(funnel.outcome("returned").value.value == -funnel.stage("stocked").value.value);  // refunded
  CHECK(funnel.find_transition("listed", "rival at the counter").has_value());
  CHECK(funnel.find_influence("advertising", "listed", "rival at the counter").has_value());
}

TEST_CASE("a reference funnel by name") {
  CHECK(reference::by_name("online_shop") == reference::online_shop());
  try {
    (void)reference::by_name("onlineshop");
    FAIL("was found");
  } catch (const UnknownNameError& error) {
    CHECK(error.nearest() == "online_shop");
  }
}
