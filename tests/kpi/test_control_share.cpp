#include <cmath>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/control_share.hpp>
#include <funnelgraph/model/funnel.hpp>

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;

namespace {

/// Revenue = volume * rate * rate * value: every elasticity is 1.
fg::Funnel product() {
  fg::Funnel shop;
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  shop.add_owner({.name = "Sales", .role = fg::Role::sales});
  shop.add_stage({.name = "lead", .owner = "Marketing"});
  shop.add_stage({.name = "offer", .owner = {{"Marketing", 0.25}, {"Sales", 0.75}}});
  shop.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .owner = "Sales", .value = 50});
  shop.add_transition({.from = "lead", .to = "offer", .rate = 0.4, .lag = 1});
  shop.add_transition({.from = "offer", .to = "won", .rate = 0.5, .lag = 2});
  shop.add_entry({.stage = "lead", .volume = 1000});
  return shop;
}

double share_of(const fg::Funnel& funnel, const std::string& owner) {
  return fg::control_share(funnel, fg::metric::revenue(), owner).share;
}

}  // namespace

TEST_CASE("control share: the part of a metric's elasticities that lies with an owner [22]") {
  const fg::Funnel shop = product();
  // Four elasticities of 1: volume and the first rate are Marketing's, a quarter of the second rate too.
  CHECK_THAT(share_of(shop, "Marketing"), WithinRel(2.25 / 4, 1e-12));  // sums of five numbers
  CHECK_THAT(share_of(shop, "Sales"), WithinRel(1.75 / 4, 1e-12));
  const fg::ControlShare sales = fg::control_share(shop, fg::metric::revenue(), "Sales");
  CHECK_FALSE(sales.enough());
  CHECK(sales.warning().find("43 %") != std::string::npos);
  CHECK(sales.warning("vi").find("43 %") != std::string::npos);
  CHECK(fg::control_share(shop, fg::metric::revenue(), "Marketing").warning().empty());
}

TEST_CASE("a lever moves control to whoever owns it [19, 20]") {
  fg::Funnel shop = product();
  const double before = share_of(shop, "Marketing");
  shop.add_lever({.name = "priming", .owner = "Marketing", .value = 1.2});
  shop.add_influence({.lever = "priming", .from = "offer", .to = "won", .elasticity = 0.8});
  CHECK(share_of(shop, "Marketing") > before);
}

TEST_CASE("control shares add up, with what nobody owns beside them") {
  fg::Funnel shop = product();
  shop.set_owner("won", {});
  double sum = 0;
  bool unowned = false;
  for (const fg::ControlShare& one : fg::control_shares(shop, fg::metric::profit())) {
    sum += one.share;
    unowned = unowned || one.owner == "unowned";
  }
  CHECK_THAT(sum, WithinAbs(1, 1e-12));
  CHECK(unowned);
}

TEST_CASE("control share of a metric that reacts to nothing is unknown") {
  fg::Funnel shop = product();
  shop.set(fg::value("won"), 0);
  const fg::ControlShare one = fg::control_share(shop, fg::metric::cost(), "Sales");
  CHECK(std::isnan(one.share));
  CHECK(one.warning().empty());
}

TEST_CASE("control share refuses unknown owners and names") {
  const fg::Funnel shop = product();
  try {
    (void)share_of(shop, "Sale");
    FAIL("an unknown owner was taken");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.nearest() == "Sales");
  }
  CHECK_THROWS_AS(fg::control_share(shop, fg::metric::count("wn"), "Sales"), fg::UnknownNameError);
}
