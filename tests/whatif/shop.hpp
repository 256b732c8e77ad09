// A small shop with every kind of number, for the tests of this room.
#pragma once

#include <funnelgraph/model/funnel.hpp>

namespace test {

inline funnelgraph::Funnel shop() {
  namespace fg = funnelgraph;
  fg::Funnel funnel({.name = "shop", .currency = "VND", .period = "week"});
  funnel.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  funnel.add_owner({.name = "Sales", .role = fg::Role::sales, .fixed_cost = 3000});
  funnel.add_stage({.name = "reached", .owner = "Marketing", .unit = "people"});
  funnel.add_stage({.name = "enquiry", .owner = "Sales", .unit = "people", .cost = 2, .capacity = 1500});
  funnel.add_stage({.name = "order", .owner = "Sales", .unit = "people", .commission = 0.1});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .owner = "Sales", .value = 50});
  funnel.add_outcome({.name = "rival", .kind = fg::OutcomeKind::lost});
  funnel.add_transition(
      {.from = "reached", .to = "enquiry", .rate = fg::measured(0.02, {.n = 4000}), .lag = 1});
  funnel.add_transition({.from = "enquiry",
                         .to = "order",
                         .rate = fg::estimated(0.35, {"Sales"}),
                         .lag = fg::Lag::gamma({.mean = 2, .sd = 1})});
  funnel.add_transition({.from = "enquiry", .to = "rival", .rate = fg::between(0.1, 0.3), .lag = 3});
  funnel.add_transition({.from = "enquiry", .to = "enquiry", .rate = 0.05, .lag = 7});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.96, .lag = 4});
  funnel.add_entry({.stage = "reached", .volume = 40000, .cost = 0.1, .channel = "facebook"});
  funnel.add_entry({.stage = "reached", .volume = 10000, .cost = 0.2, .channel = "zalo"});
  return funnel;
}

}  // namespace test
