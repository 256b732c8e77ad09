// A small funnel that every consumer builds and analyses.
#pragma once

#include <funnelgraph/funnelgraph.hpp>

namespace consumer {

/// 1,000 enquirers, 35 % of whom order, 98 % of whom become customers: 343.
inline funnelgraph::Funnel shop() {
  namespace fg = funnelgraph;
  fg::Funnel shop{{.name = "Sandal shop", .currency = "VND"}};
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  shop.add_owner({.name = "Sales", .role = fg::Role::sales});
  shop.add_stage({.name = "enquiry", .owner = "Marketing", .cost = 5'000});
  shop.add_stage({.name = "order", .owner = "Sales", .value = 2e6});
  shop.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  shop.add_transition(
      {.from = "enquiry", .to = "order", .rate = 0.35, .lag = fg::Lag::gamma({.mean = 2, .sd = 1.5})});
  shop.add_transition({.from = "order", .to = "customer", .rate = 0.98, .lag = 1});
  shop.add_entry({.stage = "enquiry", .volume = 1'000, .channel = "facebook"});
  return shop;
}

}  // namespace consumer
