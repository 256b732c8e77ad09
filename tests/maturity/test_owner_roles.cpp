#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/maturity/owner_roles.hpp>
#include <funnelgraph/model/reference.hpp>

#include "maturity/two_sides.hpp"

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;

TEST_CASE("sides are found by role, or by name where nobody has the role [67]") {
  fg::Funnel funnel;
  funnel.add_owner({.name = "Kinh doanh"});
  funnel.add_owner({.name = "Tiếp thị"});
  funnel.add_owner({.name = "Sales", .role = fg::Role::outside});
  CHECK(fgm::owners_of(funnel, fgm::Side::sales) == std::vector<std::string>{"Kinh doanh"});
  CHECK(fgm::owners_of(funnel, fgm::Side::marketing) == std::vector<std::string>{"Tiếp thị"});
  funnel.add_owner({.name = "Telesales", .role = fg::Role::sales});
  CHECK(fgm::owners_of(funnel, fgm::Side::sales) == std::vector<std::string>{"Telesales"});
}

TEST_CASE("hand-offs between the sides move what the ledger says [67]") {
  const fg::Funnel shop = fg::reference::online_shop();
  const auto moves = fgm::hand_offs_between(shop, fgm::Side::marketing, fgm::Side::sales);
  REQUIRE_FALSE(moves.empty());
  // Volumes of the analysis over the flows: the same moved shares.
  const fg::Analysis a = fg::analyze(shop);
  std::size_t found = 0;
  for (const auto& row : a.hand_offs) {
    if (row.giver != "Marketing" || row.receiver != "Sales") continue;
    for (const auto& move : moves) {
      const fg::Transition& t = shop.transition(move.transition);
      if (t.from != row.from || t.to != row.to) continue;
      ++found;
      CHECK_THAT(a.visits(t.from) * a.rate(t.from, t.to) * move.moved,
                 Catch::Matchers::WithinRel(row.volume, 1e-12));
    }
  }
  CHECK(found == moves.size());
  CHECK(fgm::hand_offs_between(test::two_sides(), fgm::Side::sales, fgm::Side::marketing).empty());
}
