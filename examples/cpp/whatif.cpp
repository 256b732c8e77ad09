// What if: scenarios beside each other, strategies under futures, and what a target needs.
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/whatif/back_propagate.hpp>
#include <funnelgraph/whatif/break_even.hpp>
#include <funnelgraph/whatif/compare.hpp>
#include <funnelgraph/whatif/futures.hpp>
#include <funnelgraph/whatif/goal_seek.hpp>
#include <iostream>

namespace fg = funnelgraph;

namespace {

fg::Funnel sandal_shop() {
  fg::Funnel shop({.name = "Sandal shop", .currency = "VND", .period = "week"});
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  shop.add_owner({.name = "Sales", .role = fg::Role::sales});
  shop.add_stage({.name = "reached", .owner = "Marketing", .unit = "people"});
  shop.add_stage({.name = "enquiry", .owner = "Sales", .unit = "people", .capacity = 3000});
  shop.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .owner = "Sales", .value = 2e6});
  shop.add_transition({.from = "reached", .to = "enquiry", .rate = 0.01});
  shop.add_transition({.from = "enquiry", .to = "customer", .rate = 0.4});
  shop.add_entry({.stage = "reached", .volume = 200000, .cost = 150});
  return shop;
}

}  // namespace

int main() {
  const fg::Funnel shop = sandal_shop();
  const fg::Parameter closing = fg::rate("enquiry", "customer");
  const fg::Scenario quick = fg::Scenario("Call within a day").scale_odds(closing, 1.3);
  const fg::Scenario advert = fg::Scenario("More advertising").scale(fg::volume("reached"), 1.2);

  for (const fg::ComparisonRow& row : fg::compare(shop, {quick, advert}, {fg::metric::profit()}).rows)
    std::cout << row.scenario << ": " << row.value << ", rank " << row.rank
              << (row.feasible ? "\n" : ", above a capacity\n");

  const fg::Scenario slump = fg::Scenario("Slump").scale(fg::rate("reached", "enquiry"), 0.7);
  const fg::Scenario boom = fg::Scenario("Boom").scale(fg::rate("reached", "enquiry"), 1.2);
  const fg::Futures futures =
      fg::compare_futures(shop, {quick, advert}, {slump, boom}, {fg::metric::profit()});
  std::cout << "least regret: " << futures.picks[0].minimax_regret << '\n';

  const fg::BackPropagation back = fg::back_propagate(shop, fg::metric::revenue(), {.target = 2e9});
  for (const fg::NeededRow& row : back.rows)
    std::cout << row.place << ' ' << row.name << ": " << row.now << " now, " << row.needed << " needed\n";
  std::cout << "or a closing rate of "
            << fg::goal_seek(shop, fg::metric::revenue(), {.target = 2e9, .vary = closing}).value << '\n';

  const fg::Scenario seller = fg::Scenario("One more seller").shift(fg::fixed_cost("Sales"), 4e7);
  std::cout << fg::break_even(shop, seller, {.vary = closing}).text << '\n';
  try {
    static_cast<void>(fg::goal_seek(shop, fg::metric::revenue(), {.target = 9e9, .vary = closing}));
  } catch (const fg::UnreachableTargetError& error) {
    std::cout << "at most " << error.high() << '\n';
  }
}
