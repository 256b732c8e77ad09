#include <functional>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

fg::Funnel shop() {
  fg::Funnel funnel{{.name = "Sandal shop", .currency = "VND", .period = "week"}};
  funnel.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  funnel.add_owner({.name = "Sales", .role = fg::Role::sales});
  funnel.add_stage({.name = "reached", .owner = "Marketing"});
  funnel.add_stage({.name = "enquiry", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}});
  funnel.add_stage({.name = "order", .owner = "Sales", .value = 2e6});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "competitor"});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.01});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.35, .lag = 2});
  funnel.add_transition({.from = "enquiry", .to = "competitor", .rate = 0.2});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.98, .lag = 1});
  funnel.add_entry({.stage = "reached", .volume = 150'000, .channel = "facebook"});
  funnel.add_entry({.stage = "reached", .volume = 50'000});
  funnel.add_lever({.name = "priming", .owner = "Marketing"});
  funnel.add_influence({.lever = "priming", .from = "enquiry", .to = "order", .elasticity = 0.4});
  funnel.add_view({.name = "buyer", .stages = {{"order", "purchase"}}});
  return funnel;
}

void check_unknown(const std::function<void()>& action, const std::string& kind, const std::string& given,
                   const std::string& nearest) {
  try {
    action();
    FAIL("nothing thrown for " << given);
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.kind() == kind);
    CHECK(error.given() == given);
    CHECK(error.nearest() == nearest);
  }
}

}  // namespace

TEST_CASE("parts are found by name, in the order they were added") {
  const fg::Funnel funnel = shop();
  CHECK(funnel.info().name == "Sandal shop");
  REQUIRE(funnel.stages().size() == 3);
  CHECK(funnel.find_stage("order") == fg::StageId{2});
  CHECK(funnel.find_outcome("competitor") == fg::OutcomeId{1});
  CHECK(funnel.find_owner("Sales") == fg::OwnerId{1});
  CHECK(funnel.find_lever("priming") == fg::LeverId{0});
  CHECK(funnel.find_transition("enquiry", "competitor") == fg::TransitionId{2});
  CHECK(funnel.find_entry("reached", "") == 1);
  CHECK(funnel.find_influence("priming", "enquiry", "order") == 0);
  CHECK_FALSE(funnel.find_stage("customer"));
  CHECK_FALSE(funnel.find_transition("order", "enquiry"));
  CHECK_FALSE(funnel.find_entry("reached", "tiktok"));
  CHECK_FALSE(funnel.find_influence("priming", "reached", "enquiry"));
  CHECK(funnel.stage("order").value == 2e6);
  CHECK(funnel.stage(fg::StageId{2}).name == "order");
  CHECK(funnel.transition(fg::TransitionId{1}).to == "order");
  CHECK(funnel.outcome("customer").kind == fg::OutcomeKind::won);
  CHECK(funnel.entry("reached").volume == 50'000);
  CHECK(funnel.entry("reached", "facebook").volume == 150'000);
  CHECK(funnel.view("buyer").stages.at("order") == "purchase");
  CHECK(funnel.exits("enquiry") == std::vector<fg::TransitionId>{{1}, {2}});
  CHECK(funnel.exits("customer").empty());
}

TEST_CASE("parts may come in any order, also before what they name") {
  fg::Funnel funnel;
  funnel.add_transition({.from = "a", .to = "b", .rate = 0.5});
  CHECK(funnel.transition("a", "b").rate == 0.5);
  CHECK(funnel.exits("a").size() == 1);
  funnel.add_stage({.name = "a"});
  CHECK(funnel.get(fg::drop_off("a")) == 0.5);
}

TEST_CASE("of parts with the same name the first is found") {
  fg::Funnel funnel = shop();
  CHECK(funnel.add_stage({.name = "order", .value = 1}) == fg::StageId{3});
  CHECK(funnel.stage("order").value == 2e6);
  CHECK(funnel.stages().size() == 4);
}

TEST_CASE("names are compared in normal form C") {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Cha\u0306m so\u0301c"});
  funnel.add_stage({.name = "tu\u031Bo\u031Bng ta\u0301c",
                    .owner = "Cha\u0306m so\u0301c",
                    .involved = {"Cha\u0306m so\u0301c"}});
  funnel.add_outcome({.name = "kha\u0301ch"});
  funnel.add_transition({.from = "tương tác", .to = "kha\u0301ch", .rate = 0.5});
  CHECK(funnel.stages()[0].name == "tương tác");
  CHECK(funnel.stages()[0].involved[0] == "Chăm sóc");
  CHECK(funnel.stages()[0].owner.share("Chăm sóc") == 1);
  CHECK(funnel.find_stage("tu\u031Bo\u031Bng ta\u0301c"));
  CHECK(funnel.find_stage("tương tác"));
  CHECK(funnel.transition("tu\u031Bo\u031Bng ta\u0301c", "khách").rate == 0.5);
  CHECK(funnel.get(fg::rate("tương tác", "khách")) == 0.5);
  CHECK_FALSE(funnel.find_stage("\xFF"));
}

TEST_CASE("text that is no name leaves the funnel as it was") {
  fg::Funnel funnel = shop();
  CHECK_THROWS_AS(funnel.add_stage({.name = "\xFF"}), fg::InvalidValueError);
  CHECK_THROWS_AS(funnel.add_stage({.name = "x", .involved = {"\x01"}}), fg::InvalidValueError);
  CHECK_THROWS_AS(funnel.add_transition({.from = "order", .to = "\xC0\x80"}), fg::InvalidValueError);
  CHECK_THROWS_AS(funnel.add_entry({.stage = "order", .channel = "\xED\xA0\x80"}), fg::InvalidValueError);
  CHECK_THROWS_AS(funnel.rename_stage("order", "a\nb"), fg::InvalidValueError);
  CHECK(funnel == shop());
}

TEST_CASE("an unknown name comes with the nearest one") {
  const fg::Funnel funnel = shop();
  check_unknown([&] { static_cast<void>(funnel.stage("ordr")); }, "stage", "ordr", "order");
  check_unknown([&] { static_cast<void>(funnel.owner("Sale")); }, "owner", "Sale", "Sales");
  check_unknown([&] { static_cast<void>(funnel.outcome("custmer")); }, "outcome", "custmer", "customer");
  check_unknown([&] { static_cast<void>(funnel.lever("prming")); }, "lever", "prming", "priming");
  check_unknown([&] { static_cast<void>(funnel.view("byer")); }, "view", "byer", "buyer");
  check_unknown([&] { static_cast<void>(funnel.transition("enqiry", "order")); }, "stage", "enqiry",
                "enquiry");
  check_unknown([&] { static_cast<void>(funnel.transition("enquiry", "competitr")); }, "stage or outcome",
                "competitr", "competitor");
  check_unknown([&] { static_cast<void>(funnel.entry("reached", "facebok")); }, "channel", "facebok",
                "facebook");
  check_unknown([&] { static_cast<void>(funnel.entry("reachd")); }, "stage", "reachd", "reached");
  check_unknown([&] { static_cast<void>(funnel.entry("order")); }, "entry at stage", "order", "");
  check_unknown([&] { static_cast<void>(funnel.get(fg::value("custome"))); }, "stage or outcome", "custome",
                "customer");
  check_unknown([&] { static_cast<void>(funnel.get(fg::elasticity("priming", "enquiry", "competitor"))); },
                "influence", "enquiry -> competitor", "");
}

TEST_CASE("a transition that is not there says where its source leads") {
  const fg::Funnel funnel = shop();
  CHECK_THROWS_WITH(
      funnel.transition("enquiry", "customer"),
      ContainsSubstring("enquiry -> customer") && ContainsSubstring("leads to order, competitor"));
  fg::Funnel empty;
  empty.add_stage({.name = "a"});
  empty.add_stage({.name = "b"});
  CHECK_THROWS_WITH(empty.transition("a", "b"), ContainsSubstring("nothing leaves a"));
}

TEST_CASE("Company and Outside are always there: whatever names them brings them") {
  using fg::Ownership;
  using fg::Role;
  const Ownership joint{{"Outside", 0.5}, {"Company", 0.5}};
  const std::vector<std::function<void(fg::Funnel&)>> ways{
      [&](fg::Funnel& f) { f.add_stage({.name = "new", .owner = joint}); },
      [&](fg::Funnel& f) { f.add_stage({.name = "new", .involved = {"Company", "Outside"}}); },
      [&](fg::Funnel& f) { f.add_outcome({.name = "new", .owner = joint}); },
      [&](fg::Funnel& f) { f.add_entry({.stage = "order", .owner = joint}); },
      [&](fg::Funnel& f) { f.add_lever({.name = "new", .owner = joint}); },
      [&](fg::Funnel& f) { f.replace_stage("order", {.name = "order", .owner = joint}); },
      [&](fg::Funnel& f) { f.replace_stage("order", {.name = "order", .involved = {"Company", "Outside"}}); },
      [&](fg::Funnel& f) { f.replace_outcome("competitor", {.name = "competitor", .owner = joint}); },
      [&](fg::Funnel& f) { f.replace_lever("priming", {.name = "priming", .owner = joint}); },
      [&](fg::Funnel& f) { f.replace_entry("reached", "", {.stage = "reached", .owner = joint}); },
      [&](fg::Funnel& f) { f.set_owner("order", joint); },
      [&](fg::Funnel& f) { f.set_owner("competitor", joint); }};
  for (const auto& name : ways) {
    fg::Funnel funnel = shop();
    const std::size_t owners = funnel.owners().size();
    name(funnel);
    REQUIRE(funnel.owners().size() == owners + 2);
    CHECK(funnel.owner("Company").role == Role::company);
    CHECK(funnel.owner("Outside").role == Role::outside);
    name(funnel);  // they are there already
    CHECK(funnel.owners().size() == owners + 2);
  }
}

TEST_CASE("what is said of Company or Outside counts, before or after a part names it") {
  const fg::Owner said{.name = "Company", .role = fg::Role::company, .fixed_cost = 7};
  fg::Funnel before = shop();
  before.add_owner(said);
  before.set_owner("competitor", "Company");
  fg::Funnel after = shop();
  after.set_owner("competitor", "Company");
  const fg::OwnerId there = *after.find_owner("Company");
  CHECK(after.add_owner(said) == there);
  CHECK(before == after);
  CHECK(after.owner("Company") == said);

  after.remove_owner("Company");  // it is still named
  CHECK(after.owner("Company") == fg::Owner{.name = "Company", .role = fg::Role::company});
  after.set_owner("competitor", {});
  after.remove_owner("Company");
  CHECK_FALSE(after.find_owner("Company"));
  CHECK(after == shop());
  CHECK_THROWS_AS(after.replace_outcome("competitor", {.name = "order", .owner = "Outside"}),
                  fg::InvalidValueError);
  CHECK(after == shop());  // nothing changes
}

TEST_CASE("a copy is independent") {
  const fg::Funnel funnel = shop();
  fg::Funnel copy = funnel;
  CHECK(copy == funnel);
  copy.add_stage({.name = "care"});
  copy.set(fg::rate("enquiry", "order"), 0.5);
  copy.rename_stage("reached", "seen");
  CHECK(funnel == shop());
  CHECK_FALSE(copy == funnel);
  CHECK_FALSE(funnel.find_stage("care"));
  fg::Funnel moved = std::move(copy);
  CHECK(moved.find_stage("seen"));
}

TEST_CASE("any difference of content is a difference") {
  const fg::Funnel funnel = shop();
  const auto differs = [&](const std::function<void(fg::Funnel&)>& change) {
    fg::Funnel other = funnel;
    change(other);
    CHECK_FALSE(other == funnel);
    CHECK_FALSE(funnel == other);
  };
  differs([](fg::Funnel& f) { f.set_info({.name = "another"}); });
  differs([](fg::Funnel& f) { f.add_owner({.name = "Care"}); });
  differs([](fg::Funnel& f) { f.add_stage({.name = "order"}); });
  differs([](fg::Funnel& f) {
    f.replace_stage("order", {.name = "order", .owner = "Sales", .unit = "deals", .value = 2e6});
  });
  differs([](fg::Funnel& f) {
    f.replace_stage("order", {.name = "order", .owner = "Sales", .value = fg::placeholder(2e6)});
  });
  differs([](fg::Funnel& f) { f.set(fg::capacity("order"), 10); });
  differs([](fg::Funnel& f) { f.set(fg::lag("enquiry", "order"), 3); });
  differs([](fg::Funnel& f) { f.remove_entry("reached"); });
  differs([](fg::Funnel& f) { f.remove_influence("priming", "enquiry", "order"); });
  differs([](fg::Funnel& f) { f.remove_view("buyer"); });
  differs([](fg::Funnel& f) {
    f.replace_transition(
        "order", "customer",
        {.from = "order", .to = "customer", .rate = 0.98, .lag = 1, .observed = fg::Observed{}});
  });
}

TEST_CASE("parts with equal names are compared as a set too") {
  fg::Funnel one;
  fg::Funnel other;
  one.add_stage({.name = "a", .cost = 1});
  one.add_stage({.name = "a", .cost = 2});
  one.add_stage({.name = "b"});
  other.add_stage({.name = "b"});
  other.add_stage({.name = "a", .cost = 2});
  other.add_stage({.name = "a", .cost = 1});
  CHECK(one == other);
  fg::Funnel third;
  third.add_stage({.name = "b"});
  third.add_stage({.name = "a", .cost = 2});
  third.add_stage({.name = "a", .cost = 2});
  CHECK_FALSE(one == third);
  CHECK_FALSE(third == one);
}

TEST_CASE("every name of a part is in one normal form") {
  const std::string composed = "ch\u1EC9";
  const std::string decomposed = "chi\u0309";
  fg::Funnel funnel;
  funnel.add_owner({.name = decomposed});
  funnel.add_stage({.name = decomposed, .involved = {decomposed}});
  funnel.add_outcome({.name = "o" + decomposed});
  funnel.add_transition({.from = decomposed, .to = "o" + decomposed, .rate = 0.5});
  funnel.add_entry({.stage = decomposed, .volume = 1, .channel = decomposed});
  funnel.add_lever({.name = decomposed});
  funnel.add_influence({.lever = decomposed, .from = decomposed, .to = "o" + decomposed, .elasticity = 1});
  CHECK(funnel.stages()[0].involved == std::vector<std::string>{composed});
  CHECK(funnel.transitions()[0].to == "o" + composed);
  CHECK(funnel.entries()[0].channel == composed);
  CHECK(funnel.influences()[0].to == "o" + composed);
  CHECK(funnel.find_influence(composed, composed, "o" + composed));
}
