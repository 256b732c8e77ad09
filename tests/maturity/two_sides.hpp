// A small funnel of Marketing and Sales whose figures can be worked out by hand.
#pragma once

#include <funnelgraph/model/funnel.hpp>

namespace test {

/// 1,000 leads a month at 10 each; 40 % are taken by Sales after 2 days, at a cost of 50; a quarter of these
/// buy for 2,000 after 10 days. Profit a month: 200,000 - 10,000 - 20,000 = 170,000.
inline funnelgraph::Funnel two_sides() {
  namespace fg = funnelgraph;
  fg::Funnel funnel{{.name = "two sides", .currency = "EUR", .period = "month"}};
  funnel.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  funnel.add_owner({.name = "Sales", .role = fg::Role::sales});
  funnel.add_stage({.name = "lead", .owner = "Marketing"});
  funnel.add_stage({.name = "qualified", .owner = "Sales", .cost = 50});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .owner = "Sales", .value = 2000});
  funnel.add_transition({.from = "lead", .to = "qualified", .rate = 0.4, .lag = 2});
  funnel.add_transition({.from = "qualified", .to = "won", .rate = 0.25, .lag = 10});
  funnel.add_entry({.stage = "lead", .volume = 1000, .cost = 10});
  return funnel;
}

}  // namespace test
