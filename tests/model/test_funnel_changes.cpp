#include <functional>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

namespace fg = funnelgraph;
using Catch::Matchers::WithinRel;

namespace {

fg::Funnel shop() {
  fg::Funnel funnel{{.name = "shop", .discount_rate = fg::agreed(0.1, {"Sales"})}};
  funnel.add_owner({.name = "Marketing", .fixed_cost = fg::estimated(5, {"Sales", "Lan"})});
  funnel.add_owner({.name = "Sales"});
  funnel.add_stage({.name = "enquiry", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}, .involved = {"Sales"}});
  funnel.add_stage({.name = "order", .owner = "Sales", .drop_off = fg::measured(0.02, {.n = 50})});
  funnel.add_stage({.name = "care"});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .owner = "Sales"});
  funnel.add_outcome({.name = "rival"});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = fg::agreed(0.3, {"Marketing", "Sales"})});
  funnel.add_transition({.from = "enquiry", .to = "rival", .rate = 0.2});
  funnel.add_transition({.from = "order", .to = "customer", .rate = fg::measured(0.9, {.n = 50})});
  funnel.add_transition({.from = "order", .to = "enquiry", .rate = fg::measured(0.08, {.n = 50})});
  funnel.add_transition({.from = "care", .to = "order", .rate = 0.4});
  funnel.add_entry({.stage = "enquiry", .volume = 100, .owner = "Sales"});
  funnel.add_entry({.stage = "order", .volume = 3});
  funnel.add_lever({.name = "priming", .owner = "Sales"});
  funnel.add_influence({.lever = "priming", .from = "enquiry", .to = "order", .elasticity = 0.4});
  funnel.add_influence({.lever = "priming", .from = "order", .to = "customer", .elasticity = 0.1});
  funnel.add_view({.name = "buyer", .stages = {{"order", "purchase"}, {"enquiry", "asking"}}});
  return funnel;
}

template <class Error>
void refused(const std::function<void(fg::Funnel&)>& change) {
  fg::Funnel funnel = shop();
  CHECK_THROWS_AS(change(funnel), Error);
  CHECK(funnel == shop());
}

}  // namespace

TEST_CASE("references follow a renamed stage") {
  fg::Funnel funnel = shop();
  funnel.rename_stage("order", "đơn hàng");
  CHECK_FALSE(funnel.find_stage("order"));
  CHECK(funnel.transition("enquiry", "đơn hàng").rate.value == 0.3);
  CHECK(funnel.transition("đơn hàng", "customer").rate.value == 0.9);
  CHECK(funnel.exits("đơn hàng").size() == 2);
  CHECK(funnel.entry("đơn hàng").volume == 3);
  CHECK(funnel.get(fg::elasticity("priming", "enquiry", "đơn hàng")) == 0.4);
  CHECK(funnel.get(fg::elasticity("priming", "đơn hàng", "customer")) == 0.1);
  CHECK(funnel.view("buyer").stages.at("đơn hàng") == "purchase");
  funnel.rename_stage("đơn hàng", "order");
  CHECK(funnel == shop());
  funnel.rename_stage("order", "order");
  CHECK(funnel == shop());
}

TEST_CASE("stages may swap their names") {
  fg::Funnel funnel = shop();
  funnel.rename_stages({{"order", "enquiry"}, {"enquiry", "order"}});
  CHECK(funnel.transition("order", "enquiry").rate.value == 0.3);
  CHECK(funnel.stage("order").involved.size() == 1);
  funnel.rename_stages({{"order", "enquiry"}, {"enquiry", "order"}});
  CHECK(funnel == shop());
}

TEST_CASE("references follow a renamed outcome, owner and lever") {
  fg::Funnel funnel = shop();
  funnel.rename_outcome("customer", "buyer");
  CHECK(funnel.transition("order", "buyer").rate.value == 0.9);
  CHECK(funnel.get(fg::elasticity("priming", "order", "buyer")) == 0.1);

  funnel.rename_owner("Sales", "Kinh doanh");
  CHECK(funnel.owner("Kinh doanh").name == "Kinh doanh");
  CHECK(funnel.stage("enquiry").owner == fg::Ownership{{"Marketing", 0.5}, {"Kinh doanh", 0.5}});
  CHECK(funnel.stage("enquiry").involved == std::vector<std::string>{"Kinh doanh"});
  CHECK(funnel.outcome("buyer").owner == fg::Ownership("Kinh doanh"));
  CHECK(funnel.entry("enquiry").owner == fg::Ownership("Kinh doanh"));
  CHECK(funnel.lever("priming").owner == fg::Ownership("Kinh doanh"));
  CHECK(funnel.get_number(fg::rate("enquiry", "order")) == fg::agreed(0.3, {"Marketing", "Kinh doanh"}));
  CHECK(funnel.owner("Marketing").fixed_cost == fg::estimated(5, {"Kinh doanh", "Lan"}));
  CHECK(funnel.info().discount_rate == fg::agreed(0.1, {"Kinh doanh"}));

  funnel.rename_lever("priming", "brand");
  CHECK(funnel.get(fg::elasticity("brand", "order", "buyer")) == 0.1);
}

TEST_CASE("a part is replaced, name included") {
  fg::Funnel funnel = shop();
  funnel.replace_stage("order", {.name = "purchase", .cost = 4});
  CHECK(funnel.stage("purchase").cost == 4);
  CHECK(funnel.transition("enquiry", "purchase").rate.value == 0.3);
  funnel.replace_outcome("rival", {.name = "lost", .kind = fg::OutcomeKind::lost});
  CHECK(funnel.transition("enquiry", "lost").rate == 0.2);
  funnel.replace_owner("Sales", {.name = "Trade", .role = fg::Role::sales});
  CHECK(funnel.entry("enquiry").owner == fg::Ownership("Trade"));
  CHECK(funnel.owner("Trade").role == fg::Role::sales);
  funnel.replace_lever("priming", {.name = "brand", .value = 2});
  CHECK(funnel.get(fg::lever("brand")) == 2);
  CHECK(funnel.get(fg::elasticity("brand", "purchase", "customer")) == 0.1);
  funnel.replace_transition("purchase", "customer", {.from = "care", .to = "customer", .rate = 0.5});
  CHECK(funnel.get(fg::rate("care", "customer")) == 0.5);
  CHECK(funnel.get(fg::elasticity("brand", "care", "customer")) == 0.1);
  CHECK_FALSE(funnel.find_transition("purchase", "customer"));
  CHECK(funnel.exits("care").size() == 2);
  funnel.replace_entry("enquiry", "", {.stage = "enquiry", .volume = 7, .channel = "fair"});
  CHECK(funnel.entry("enquiry", "fair").volume == 7);
  funnel.replace_view("buyer", {.name = "client", .stages = {}});
  CHECK(funnel.view("client").stages.empty());
}

TEST_CASE("a replaced transition takes its own influences along and no others") {
  fg::Funnel funnel = shop();
  funnel.add_influence({.lever = "priming", .from = "care", .to = "order", .elasticity = 0.7});
  funnel.replace_transition("enquiry", "order", {.from = "enquiry", .to = "care", .rate = 0.3});
  CHECK(funnel.get(fg::elasticity("priming", "enquiry", "care")) == 0.4);
  CHECK(funnel.get(fg::elasticity("priming", "care", "order")) == 0.7);
  CHECK(funnel.get(fg::elasticity("priming", "order", "customer")) == 0.1);
}

TEST_CASE("a removed transition's rate goes to the drop-off") {
  fg::Funnel funnel = shop();
  funnel.remove_transition("enquiry", "rival");
  CHECK_FALSE(funnel.stage("enquiry").drop_off);
  // What is missing from the row: 1 - 0.3.
  CHECK_THAT(funnel.get(fg::drop_off("enquiry")), WithinRel(0.7, 1e-15));

  funnel.remove_transition("order", "enquiry");
  REQUIRE(funnel.stage("order").drop_off);
  CHECK_THAT(funnel.stage("order").drop_off->value, WithinRel(0.1, 1e-15));
  CHECK(funnel.stage("order").drop_off->source == fg::measured(0, {.n = 50}).source);
  funnel.remove_transition("order", "customer");
  CHECK(funnel.stage("order").drop_off->value == 1);
  CHECK(funnel.influences().size() == 1);
}

TEST_CASE("what a removal leaves is valid and keeps what it knows") {
  // A row above 1 by less than the tolerance: the drop-off is all of it, not more.
  fg::Funnel funnel = shop();
  funnel.set(fg::drop_off("order"), fg::measured(0.1 + 5e-10, {.n = 50}));
  funnel.set(fg::rate("order", "enquiry"), 0);
  funnel.remove_transition("order", "enquiry");
  // Nothing came over: still measured.
  CHECK(funnel.stage("order").drop_off == fg::measured(0.1 + 5e-10, {.n = 50}));
  funnel.remove_transition("order", "customer");
  CHECK(funnel.stage("order").drop_off->value == 1);
}

TEST_CASE("a removal takes along its own influences, those without a transition too, and no others") {
  fg::Funnel funnel = shop();
  funnel.add_lever({.name = "brand"});
  funnel.add_influence({.lever = "brand", .from = "enquiry", .to = "order", .elasticity = 0.2});
  funnel.add_influence({.lever = "brand", .from = "care", .to = "rival", .elasticity = 0.3});
  fg::Funnel without = funnel;
  without.remove_lever("priming");
  CHECK(without.influences().size() == 2);
  CHECK(without.get(fg::elasticity("brand", "enquiry", "order")) == 0.2);
  without = funnel;
  without.remove_outcome("rival");
  CHECK(without.influences().size() == 3);
  without = funnel;
  without.remove_stage("care");
  CHECK(without.influences().size() == 3);
}

TEST_CASE("of an outcome and a stage of one name, which no valid funnel has, the stage has the transitions") {
  fg::Funnel funnel = shop();
  funnel.add_outcome({.name = "order"});
  funnel.remove_outcome("order");
  CHECK(funnel == shop());
}

TEST_CASE("a drop-off that takes a number of another source is assumed") {
  fg::Funnel funnel = shop();
  funnel.set(fg::rate("order", "enquiry"), fg::placeholder(0.08));
  funnel.remove_transition("order", "enquiry");
  CHECK(funnel.stage("order").drop_off->source == fg::Source());
}

TEST_CASE("a removed stage takes along what refers to it") {
  fg::Funnel funnel = shop();
  funnel.remove_stage("enquiry");
  CHECK(funnel.stages().size() == 2);
  CHECK(funnel.transitions().size() == 2);
  CHECK_THAT(funnel.stage("order").drop_off->value, WithinRel(0.1, 1e-15));
  CHECK(funnel.entries().size() == 1);
  CHECK(funnel.influences().size() == 1);
  CHECK(funnel.view("buyer").stages.size() == 1);
  CHECK(funnel.find_stage("care") == fg::StageId{1});
  CHECK(funnel.get(fg::rate("order", "customer")) == 0.9);
}

TEST_CASE("removed outcomes, levers, influences, entries, views and owners") {
  fg::Funnel funnel = shop();
  funnel.remove_outcome("customer");
  CHECK_FALSE(funnel.find_transition("order", "customer"));
  CHECK_THAT(funnel.stage("order").drop_off->value, WithinRel(0.92, 1e-15));
  CHECK(funnel.influences().size() == 1);
  funnel.remove_lever("priming");
  CHECK(funnel.levers().empty());
  CHECK(funnel.influences().empty());
  funnel.remove_entry("order");
  CHECK(funnel.entries().size() == 1);
  funnel.remove_view("buyer");
  CHECK(funnel.views().empty());
  funnel.remove_owner("Sales");
  CHECK_FALSE(funnel.find_owner("Sales"));
  CHECK(funnel.stage("order").owner == fg::Ownership("Sales"));
}

TEST_CASE("an owner is set for a stage or an outcome") {
  fg::Funnel funnel = shop();
  funnel.set_owner("order", {{"Marketing", 0.1}, {"Sales", 0.9}});
  funnel.set_owner("rival", "Sales");
  CHECK(funnel.stage("order").owner.share("Marketing") == 0.1);
  CHECK(funnel.outcome("rival").owner == fg::Ownership("Sales"));
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.set_owner("oder", "Sales"); });
}

TEST_CASE("a name that is taken is refused, and nothing changes") {
  refused<fg::InvalidValueError>([](fg::Funnel& f) { f.rename_stage("order", "enquiry"); });
  refused<fg::InvalidValueError>([](fg::Funnel& f) { f.rename_stage("order", "rival"); });
  refused<fg::InvalidValueError>([](fg::Funnel& f) { f.rename_outcome("rival", "order"); });
  refused<fg::InvalidValueError>([](fg::Funnel& f) { f.rename_owner("Sales", "Marketing"); });
  refused<fg::InvalidValueError>([](fg::Funnel& f) { f.replace_stage("order", {.name = "care"}); });
  refused<fg::InvalidValueError>(
      [](fg::Funnel& f) { f.replace_transition("order", "customer", {.from = "order", .to = "enquiry"}); });
  refused<fg::InvalidValueError>([](fg::Funnel& f) { f.replace_entry("order", "", {.stage = "enquiry"}); });
  refused<fg::InvalidValueError>([](fg::Funnel& f) { f.rename_stages({{"order", "x"}, {"care", "x"}}); });
  refused<fg::InvalidValueError>(
      [](fg::Funnel& f) { f.rename_stages({{"order", "care"}, {"care", "enquiry"}}); });
}

TEST_CASE("unknown names are refused, and nothing changes") {
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.rename_stage("oder", "x"); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.rename_stages({{"order", "x"}, {"cre", "y"}}); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.rename_outcome("order", "x"); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.rename_owner("Sale", "x"); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.remove_stage("rival"); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.remove_transition("order", "rival"); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.remove_entry("order", "fair"); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.remove_influence("priming", "enquiry", "rival"); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.replace_lever("prime", {.name = "x"}); });
  refused<fg::UnknownNameError>([](fg::Funnel& f) { f.replace_view("byer", {.name = "x"}); });
}
