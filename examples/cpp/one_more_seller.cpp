// One more seller, or that money to Marketing? And what commission by quota does to the choice of product.
// Every number is made up: the rates are assumed, the response curves are placeholders for a company's own.
#include <array>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/scenario/apply.hpp>
#include <funnelgraph/whatif/allocate.hpp>
#include <funnelgraph/whatif/product_choice.hpp>
#include <iomanip>
#include <iostream>
#include <vector>

namespace fg = funnelgraph;

namespace {

constexpr double seller = 12e6;    // VND a week, with her desk
constexpr double enquiries = 120;  // that one seller can talk to in a week
constexpr double advertising_now = 20e6;
constexpr double sellers_now = 4 * seller;

const fg::Parameter reach = fg::volume("reached", "facebook");
const fg::Parameter seats = fg::capacity("talk");
// 20,000 people for 20 million.
const fg::Response people = fg::Hill{.half_saturation = 60e6, .maximum = 80'000};
const fg::Response talks = fg::LinearResponse{.slope = enquiries / seller};

/// The shop with four sellers; `enquiry_rate` of those reached ask.
fg::Funnel sandal_shop(double enquiry_rate) {
  fg::Funnel shop({.name = "Sandal shop", .currency = "VND", .period = "week"});
  shop.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  shop.add_owner({.name = "Sales", .role = fg::Role::sales});
  shop.add_stage({.name = "reached", .owner = "Marketing", .unit = "people"});
  shop.add_stage({.name = "talk", .owner = "Sales", .unit = "people", .capacity = 4 * enquiries});
  shop.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = 900'000});
  shop.add_transition({.from = "reached", .to = "talk", .rate = enquiry_rate});
  shop.add_transition({.from = "talk", .to = "customer", .rate = fg::placeholder(0.35)});
  shop.add_entry({.stage = "reached", .volume = 20'000, .channel = "facebook"});
  return shop;
}

/// The week's profit, the budget paid. Who is not talked to is lost: the capacity caps.
double profit_with(const fg::Funnel& shop, double advertising, double sellers) {
  const fg::Scenario plan =
      fg::Scenario("plan").set(reach, people.value(advertising)).set(seats, talks.value(sellers));
  const double profit =
      fg::evaluate(fg::apply(shop, plan), fg::metric::profit(), {.capacity = fg::CapacityRule::cap});
  return profit - advertising - sellers;
}

/// What one more seller brings beyond the same money in advertising.
double seller_less_marketing(double enquiry_rate) {
  const fg::Funnel shop = sandal_shop(enquiry_rate);
  return profit_with(shop, advertising_now, sellers_now + seller) -
         profit_with(shop, advertising_now + seller, sellers_now);
}

}  // namespace

int main() {
  std::cout << std::fixed << std::setprecision(0);

  // 1. The same money for one or the other.
  for (const double rate : {0.02, 0.03})
    std::cout << "at " << 100 * rate << " % asking: one more seller is worth " << std::showpos
              << seller_less_marketing(rate) << std::noshowpos << " VND more than advertising\n";

  // 2. The break-even: the share that asks from which the seller is the better use of the money.
  double low = 0.01;
  double high = 0.03;
  while (high - low > 1e-7) {
    const double middle = low + (high - low) / 2;
    (seller_less_marketing(middle) < 0 ? low : high) = middle;
  }
  std::cout << "break-even: " << std::setprecision(2) << 100 * high << " % of those reached ask\n"
            << std::setprecision(0);

  // 3. The best split of the same money, and what a further unit of it brings.
  const fg::Funnel shop = sandal_shop(0.02);
  fg::AllocateOptions options;
  options.budget = advertising_now + sellers_now;
  options.spending = {{.parameter = reach, .response = people, .current = advertising_now},
                      {.parameter = seats, .response = talks, .current = sellers_now}};
  options.name = "best split";
  const fg::Allocation plan = fg::allocate(shop, options);
  for (const fg::AllocationRow& row : plan.spending)
    std::cout << fg::to_string(row.parameter) << ": " << row.spend << ", now " << row.current << '\n';
  options.name = "today";
  const fg::Allocation today =
      fg::allocation_at(shop, options, std::array<double, 2>{advertising_now, sellers_now});
  for (const fg::PlanRow& row :
       fg::compare_plans(shop, std::vector{today, plan}, std::vector{fg::metric::profit()}))
    std::cout << row.plan << ": " << row.metrics[0] << (row.feasible ? "\n" : ", above a capacity\n");
  std::cout << "a further 1,000 VND a week is worth " << 1000 * plan.shadow_price << '\n';

  // 4. Sales has a quota on revenue, Marketing is judged by margin: what would each side push?
  const fg::ProductChoice choice =
      fg::product_choice({{.name = "sandal",
                           .list_price = 300'000,
                           .unit_cost = 200'000,
                           .list_closing = 0.15,
                           .list_hours = 0.5,
                           .deal_price = 220'000,
                           .deal_closing = 0.5},
                          {.name = "boot",
                           .list_price = 900'000,
                           .unit_cost = 400'000,
                           .list_closing = 0.1,
                           .list_hours = 1,
                           .deal_price = 700'000,
                           .deal_closing = 0.15}},
                         {.schemes = {{.side = "Sales", .quota = fg::Quota{.threshold = 30e6, .bonus = 1e6}},
                                      {.side = "Marketing",
                                       .basis = fg::RewardBasis::margin,
                                       .share = 1,
                                       .scarce = fg::Scarce::enquiries,
                                       .paid = false}},
                          .hours = 160});
  for (const fg::SideChoiceRow& row : choice.sides)
    std::cout << row.side << " pushes " << row.pushes << ": the company loses " << row.loss << '\n';
}
