// What each side pushes under its own reward, by hand and against an enumeration.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <cstddef>
#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/whatif/product_choice.hpp>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

/// Sums of a handful of exact products.
constexpr double exact = 1e-9;

/// A cheap product that sells itself at the deal price, and a dear one with the margin.
std::vector<fg::Product> two_products() {
  return {{.name = "sandal",
           .list_price = 300,
           .unit_cost = 200,
           .list_closing = 0.15,
           .list_hours = 0.5,
           .deal_price = 220,
           .deal_closing = 0.5},
          {.name = "boot",
           .list_price = 900,
           .unit_cost = 400,
           .list_closing = 0.1,
           .list_hours = 1,
           .deal_price = 700,
           .deal_closing = 0.15}};
}

const fg::SideChoiceRow& side(const fg::ProductChoice& choice, const std::string& name) {
  return *std::find_if(choice.sides.begin(), choice.sides.end(),
                       [&](const fg::SideChoiceRow& row) { return row.side == name; });
}

std::string first_of(const fg::ProductChoice& choice, const std::string& name) {
  for (const fg::ProductOfferRow& row : choice.ranking) {
    if (row.side == name && row.rank == 1) return row.product + " " + std::string(to_string(row.price_kind));
  }
  return "";
}

}  // namespace

TEST_CASE("a quota on revenue pushes the deal, a goal by margin the list price [51, 48]",
          "[product_choice]") {
  // An hour at a sandal's deal price: 2 enquiries * 0.5 * 220 = 220 of revenue and 20 of margin; a boot's
  // list price: 0.1 * 900 = 90 and 50; a boot's deal: 105 and 45; a sandal's list: 90 and 30.
  fg::ProductChoiceOptions options;
  options.hours = 100;
  options.schemes = {{.side = "Sales", .quota = fg::Quota{.threshold = 15'000, .bonus = 500}},
                     {.side = "Marketing",
                      .basis = fg::RewardBasis::margin,
                      .share = 1,
                      .scarce = fg::Scarce::enquiries,
                      .paid = false}};
  const fg::ProductChoice choice = fg::product_choice(two_products(), options);
  CHECK(first_of(choice, "Sales") == "sandal deal");
  CHECK(first_of(choice, "Marketing") == "boot list");
  CHECK(first_of(choice, "Company") == "boot list");
  const fg::SideChoiceRow& sales = side(choice, "Sales");
  CHECK(sales.pushes == "sandal at deal price");
  CHECK(sales.quota_reached);
  CHECK_THAT(sales.revenue, WithinRel(22'000, exact));
  CHECK_THAT(sales.margin, WithinRel(2'000, exact));
  CHECK_THAT(sales.net, WithinRel(1'500, exact));
  const fg::SideChoiceRow& company = side(choice, "Company");
  CHECK_THAT(company.net, WithinRel(5'000, exact));  // the quota is not reached, so not paid
  CHECK_THAT(sales.loss, WithinRel(3'500, exact));
  CHECK_THAT(side(choice, "Marketing").loss, WithinAbs(0, exact));
  CHECK(company.loss == 0);
}

TEST_CASE("a commission with a quota: what reaches it is mixed in [51]", "[product_choice]") {
  // Ten per cent of margin: boots at list bring 5 an hour. The quota of units wants sandals at the deal
  // price (1 an hour against 0.1): 46 of them in 40 hours and 60 hours of boots, 6 units.
  fg::ProductChoiceOptions options;
  options.hours = 100;
  options.schemes = {{.side = "Sales",
                      .basis = fg::RewardBasis::margin,
                      .share = 0.1,
                      .quota = fg::Quota{fg::RewardBasis::units, 46, 150}}};
  const fg::ProductChoice choice = fg::product_choice(two_products(), options);
  const fg::SideChoiceRow& sales = side(choice, "Sales");
  CHECK(sales.quota_reached);
  CHECK_THAT(sales.margin, WithinRel(40 * 20 + 60 * 50, exact));
  CHECK_THAT(sales.reward, WithinRel(380 + 150, exact));
  CHECK(sales.pushes == "boot at list price");
  double hours = 0;
  for (const fg::ChosenMixRow& row : choice.mixes) hours += row.side == "Sales" ? row.hours : 0;
  CHECK_THAT(hours, WithinRel(100, exact));
  // A bonus that does not make up for the margin lost is let go.
  options.schemes[0].quota->bonus = 100;
  CHECK_FALSE(side(fg::product_choice(two_products(), options), "Sales").quota_reached);
}

TEST_CASE("no mix of a grid is better for who chooses it [51]", "[product_choice]") {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int round = 0; round < 30; ++round) {
    std::vector<fg::Product> products;
    for (const char* name : {"a", "b"}) {
      products.push_back({.name = name,
                          .list_price = 50 + 100 * uniform(random),
                          .unit_cost = 60 * uniform(random),
                          .list_closing = uniform(random),
                          .list_hours = 0.2 + uniform(random)});
      products.back().deal_price = 40 + 60 * uniform(random);
      products.back().deal_closing = uniform(random);
      if (uniform(random) < 0.5) products.back().enquiries = 60 * uniform(random);
    }
    fg::ProductChoiceOptions options;
    options.hours = 40;
    if (round % 2 == 0) options.enquiries = 50;
    options.schemes = {{.side = "Sales",
                        .basis = fg::RewardBasis::revenue,
                        .share = 0.05,
                        .quota = fg::Quota{fg::RewardBasis::units, 5 + 20 * uniform(random), 60}}};
    const fg::ProductChoice choice = fg::product_choice(products, options);
    double best = 0;
    double best_net = -1e9;
    constexpr int steps = 14;
    for (int i = 0; i <= steps; ++i)
      for (int j = 0; i + j <= steps; ++j)
        for (int k = 0; i + j + k <= steps; ++k)
          for (int l = 0; i + j + k + l <= steps; ++l) {
            const double part = options.hours / steps;
            double a[4] = {i * part / products[0].list_hours, j * part / products[0].list_hours,
                           k * part / products[1].list_hours, l * part / products[1].list_hours};
            if (a[0] + a[1] > products[0].enquiries || a[2] + a[3] > products[1].enquiries) continue;
            if (a[0] + a[1] + a[2] + a[3] > options.enquiries) continue;
            double units = 0, revenue = 0, margin = 0;
            for (int o = 0; o < 4; ++o) {
              const fg::Product& product = products[static_cast<std::size_t>(o / 2)];
              const double sold = a[o] * (o % 2 == 0 ? product.list_closing : *product.deal_closing);
              const double price = o % 2 == 0 ? product.list_price : *product.deal_price;
              units += sold;
              revenue += sold * price;
              margin += sold * (price - product.unit_cost);
            }
            const double bonus = units >= options.schemes[0].quota->threshold ? 60 : 0;
            best = std::max(best, 0.05 * revenue + bonus);
            best_net = std::max(best_net, margin - 0.05 * revenue - bonus);
          }
    CHECK(side(choice, "Sales").reward >= best * (1 - 1e-6));  // ties are broken by the margin
    CHECK(side(choice, "Company").net >= best_net * (1 - 1e-6) - 1e-6);
    CHECK_THAT(side(choice, "Sales").loss,
               WithinAbs(side(choice, "Company").net - side(choice, "Sales").net, 1e-9));
  }
}

TEST_CASE("products from funnels: closing, price, cost and hours of an enquiry [51]", "[product_choice]") {
  const auto funnel = [](double price, double rate) {
    fg::Funnel shop{{.name = "shop"}};
    shop.add_owner({.name = "Sales", .role = fg::Role::sales, .fixed_cost = 900});
    shop.add_stage({.name = "enquiry", .owner = "Sales", .cost = 3});
    shop.add_stage({.name = "offer", .owner = "Sales", .cost = 10});
    shop.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = price, .commission = 0.1});
    shop.add_transition({.from = "enquiry", .to = "offer", .rate = 0.5});
    shop.add_transition({.from = "offer", .to = "customer", .rate = rate});
    shop.add_entry({.stage = "enquiry", .volume = 40, .cost = 7});
    return shop;
  };
  const fg::SegmentedFunnel list({{"boot", funnel(900, 0.2)}, {"sandal", funnel(300, 0.4)}});
  const fg::SegmentedFunnel deal({{"sandal", funnel(220, 0.8)}});
  fg::ProductsFromFunnels options;
  options.hours = {{"enquiry", 0.25}, {"offer", 1}};
  const std::vector<fg::Product> products = fg::products_of(list, options, deal);
  REQUIRE(products.size() == 2);
  CHECK(products[1].name == "sandal");
  CHECK_THAT(products[1].list_closing, WithinRel(0.2, exact));
  CHECK_THAT(products[1].list_price, WithinRel(300, exact));
  CHECK_THAT(products[1].unit_cost, WithinRel((3 + 5 + 0.2 * 30) / 0.2, exact));
  CHECK_THAT(products[1].list_hours, WithinRel(0.25 + 0.5, exact));
  CHECK_THAT(*products[1].deal_closing, WithinRel(0.4, exact));
  CHECK_THAT(*products[1].deal_price, WithinRel(220, exact));
  CHECK_FALSE(products[0].deal_price.has_value());
  fg::ProductChoiceOptions reward;
  reward.schemes = {{.side = "Sales", .share = 0.05}};
  CHECK(fg::product_choice(products, reward).sides.size() == 2);

  options.start = "offer";
  CHECK_THAT(fg::products_of(list, options)[0].list_closing, WithinRel(0.2, exact));
  options.start = "ofer";
  CHECK_THROWS_AS(fg::products_of(list, options), fg::UnknownNameError);
  options.start = "";
  options.hours = {{"ofer", 1}};
  CHECK_THROWS_WITH(fg::products_of(list, options), ContainsSubstring("'offer'"));
  options.hours = {};
  CHECK_THROWS_WITH(fg::products_of(list, options), ContainsSubstring("hours"));
  options.hours = {{"enquiry", 1}};
  CHECK_THROWS_AS(fg::products_of(list, options, fg::SegmentedFunnel({{"shoe", funnel(1, 0.5)}})),
                  fg::UnknownNameError);
}

TEST_CASE("bad products and rewards say what is allowed", "[product_choice]") {
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  fg::ProductChoiceOptions good;
  good.schemes = {{.side = "Sales", .share = 0.05}};
  const auto refused = [&](auto&& spoil, const std::string& says) {
    std::vector<fg::Product> products = two_products();
    fg::ProductChoiceOptions options = good;
    spoil(products, options);
    CHECK_THROWS_AS(fg::product_choice(products, options), fg::InvalidValueError);
    CHECK_THROWS_WITH(fg::product_choice(products, options), ContainsSubstring(says));
  };
  refused([](auto& p, auto&) { p.clear(); }, "products");
  refused([](auto& p, auto&) { p[1].name = "sandal"; }, "twice");
  refused([&](auto& p, auto&) { p[0].list_price = unknown; }, "list_price");
  refused([](auto& p, auto&) { p[0].list_closing = 1.2; }, "[0, 1]");
  refused([](auto& p, auto&) { p[0].list_hours = 0; }, "list_hours");
  refused([](auto& p, auto&) { p[0].deal_price = -1; }, "deal_price");
  refused([&](auto& p, auto&) { p[0].enquiries = unknown; }, "enquiries");
  refused([](auto&, auto& o) { o.schemes.clear(); }, "schemes");
  refused([](auto&, auto& o) { o.schemes[0].side = "Company"; }, "another name");
  refused([](auto&, auto& o) { o.schemes.push_back(o.schemes[0]); }, "twice");
  refused([](auto&, auto& o) { o.schemes[0].share = 0; }, "neither a share nor a quota");
  refused([](auto&, auto& o) { o.schemes[0].share = 1.5; }, "[0, 1]");
  refused([](auto&, auto& o) { o.schemes[0].quota = fg::Quota{fg::RewardBasis::units, 0, 5}; }, "threshold");
  refused([](auto&, auto& o) { o.schemes[0].quota = fg::Quota{fg::RewardBasis::units, 3, 0}; }, "bonus");
  refused([](auto&, auto& o) { o.hours = 0; }, "hours");
  refused([](auto&, auto& o) { o.enquiries = 0; }, "enquiries");
}
