#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/ownership.hpp>

#include <catch2/catch_test_macros.hpp>

namespace fg = funnelgraph;

TEST_CASE("a number is owned by nobody, by one, or jointly with shares [68, 69]") {
  const fg::Ownership nobody;
  CHECK(nobody.empty());
  CHECK(nobody.shares().empty());
  CHECK(fg::Ownership("").empty());

  const fg::Ownership sales = "Sales";
  CHECK_FALSE(sales.empty());
  CHECK(sales.share("Sales") == 1);
  CHECK(sales.share("Marketing") == 0);

  const fg::Ownership joint = {{"Marketing", 0.25}, {"Sales", 0.75}};
  CHECK(joint.share("Marketing") == 0.25);
  CHECK(joint.share("Sales") == 0.75);
  CHECK(joint.shares().size() == 2);
}

TEST_CASE("ownership is equal whatever the order of the shares") {
  const fg::Ownership one = {{"Marketing", 0.25}, {"Sales", 0.75}};
  CHECK(one == fg::Ownership{{"Sales", 0.75}, {"Marketing", 0.25}});
  CHECK_FALSE(one == fg::Ownership{{"Sales", 0.25}, {"Marketing", 0.75}});
  CHECK_FALSE(one == fg::Ownership{{"Sales", 0.75}, {"Sales", 0.75}});
  CHECK_FALSE(fg::Ownership{{"Sales", 0.75}, {"Sales", 0.75}} == one);
  CHECK_FALSE(fg::Ownership{{"Sales", 0.75}} == one);
  CHECK_FALSE(one == fg::Ownership{{"Sales", 0.75}});
  CHECK_FALSE(one == fg::Ownership("Sales"));
  CHECK(fg::Ownership() == fg::Ownership(""));
  CHECK(fg::Ownership("Cha\u0306m so\u0301c") == fg::Ownership("Chăm sóc"));
  CHECK(fg::Ownership{{"Cha\u0306m so\u0301c", 0.5}, {"Sales", 0.5}} ==
        fg::Ownership{{"Chăm sóc", 0.5}, {"Sales", 0.5}});
  CHECK_THROWS_AS(fg::Ownership("\xFF"), fg::InvalidValueError);
}

TEST_CASE("every number of a stage and its transitions is its owners' [67]") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "enquiry", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}, .involved = {"Care"}});
  funnel.add_stage({.name = "order", .owner = "Sales"});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .owner = "Care"});
  funnel.add_outcome({.name = "rival"});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.3, .lag = 2});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.9});
  funnel.add_entry({.stage = "enquiry", .volume = 30});
  funnel.add_entry({.stage = "enquiry", .volume = 90, .channel = "fair", .owner = "Sales"});
  funnel.add_lever({.name = "priming", .owner = "Marketing"});
  funnel.add_influence({.lever = "priming", .from = "order", .to = "customer", .elasticity = 0.4});
  funnel.add_owner({.name = "Sales"});

  const fg::Ownership joint = funnel.stage("enquiry").owner;
  for (const auto& parameter :
       {fg::rate("enquiry", "order"), fg::lag("enquiry", "order"), fg::transition_cost("enquiry", "order"),
        fg::transition_value("enquiry", "order"), fg::service_level("enquiry", "order"), fg::cost("enquiry"),
        fg::value("enquiry"), fg::commission("enquiry"), fg::capacity("enquiry"), fg::drop_off("enquiry"),
        fg::volume("enquiry", ""), fg::entry_cost("enquiry", "")}) {
    INFO(fg::to_string(parameter));
    CHECK(funnel.ownership(parameter) == joint);
  }
  CHECK(funnel.ownership(fg::rate("order", "customer")) == fg::Ownership("Sales"));
  CHECK(funnel.ownership(fg::lever("priming")) == fg::Ownership("Marketing"));
  CHECK(funnel.ownership(fg::elasticity("priming", "order", "customer")) == fg::Ownership("Marketing"));
  CHECK(funnel.ownership(fg::volume("enquiry", "fair")) == fg::Ownership("Sales"));
  CHECK(funnel.ownership(fg::value("customer")) == fg::Ownership("Care"));
  CHECK(funnel.ownership(fg::value("rival")).empty());
  CHECK(funnel.ownership(fg::fixed_cost("Sales")) == fg::Ownership("Sales"));
  CHECK(funnel.ownership(fg::discount_rate()).empty());
  // A quarter of the volume is owned half and half, the rest by Sales.
  const fg::Ownership group = funnel.ownership(fg::volume("enquiry"));
  CHECK(group.share("Marketing") == 0.125);
  CHECK(group.share("Sales") == 0.875);
  CHECK_THROWS_AS(funnel.ownership(fg::rate("order", "rival")), fg::UnknownNameError);
}

TEST_CASE("owners have roles, and one person in two roles stays two owners [14, 25, 26, 32, 36]") {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Lan, campaigns", .role = fg::Role::marketing, .labels = {{"vi", "Lan"}}});
  funnel.add_owner({.name = "Lan, phone", .role = fg::Role::sales, .labels = {{"vi", "Lan"}}});
  funnel.add_owner({.name = "Care", .role = fg::Role::care});
  funnel.add_owner({.name = "R&D", .role = fg::Role::r_and_d});
  funnel.add_owner({.name = "Company", .role = fg::Role::company});
  funnel.add_owner({.name = "Season", .role = fg::Role::outside});
  CHECK(funnel.owners().size() == 6);
  CHECK(funnel.owner("Lan, campaigns").role == fg::Role::marketing);
  CHECK(funnel.owner("Lan, phone").role == fg::Role::sales);
  CHECK(funnel.owner("Season").role == fg::Role::outside);
  funnel.rename_owner("Care", "Chăm sóc khách hàng");
  CHECK(funnel.owner("Chăm sóc khách hàng").role == fg::Role::care);
}

TEST_CASE("an ownership says itself in one way, for tables and messages [68, 69]") {
  CHECK(to_string(fg::Ownership()).empty());
  CHECK(to_string(fg::Ownership("Sales")) == "Sales");
  CHECK(to_string(fg::Ownership{{"Marketing", 0.5}, {"Sales", 0.5}}) == "Marketing 50 %, Sales 50 %");
  CHECK(to_string(fg::Ownership{{"A", 1.0 / 3}, {"B", 2.0 / 3}}) == "A 33.3 %, B 66.7 %");
  CHECK(to_string(fg::Ownership{{"Sales", 0.5}}) == "Sales 50 %");  // what validate refuses is told
}
