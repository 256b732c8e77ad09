// From names to a chain of numbers.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstdint>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/detail/parameter_place.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <string>
#include <vector>

#include "../support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

fg::Funnel shop() {
  fg::Funnel funnel{fg::FunnelInfo{.name = "Sandal shop", .discount_rate = 0.1}};
  funnel.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  funnel.add_owner({.name = "Sales", .role = fg::Role::sales, .fixed_cost = 70});
  // Transitions before the stages they name, and out of order of their sources.
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.9, .service_level = 3.0});
  funnel.add_transition({.from = "enquiry", .to = "competitor", .rate = 0.3, .lag = 2});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.4, .cost = 1.5, .value = 2.5});
  funnel.add_stage(
      {.name = "enquiry", .owner = {{"Marketing", 0.5}, {"Sales", 0.5}}, .unit = "people", .cost = 7});
  funnel.add_stage({.name = "order", .owner = "Sales", .value = 50, .commission = 0.1, .capacity = 40.0});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won, .value = 12, .commission = 0.02});
  funnel.add_outcome({.name = "competitor", .kind = fg::OutcomeKind::lost, .owner = "Marketing"});
  funnel.add_entry({.stage = "enquiry", .volume = 100, .cost = 2, .channel = "web"});
  funnel.add_entry({.stage = "enquiry", .volume = 30, .channel = "fair", .owner = "Sales"});
  funnel.add_lever({.name = "priming", .owner = "Marketing", .value = 2, .reference = 4});
  funnel.add_influence({.lever = "priming", .from = "enquiry", .to = "order", .elasticity = -1});
  return funnel;
}

}  // namespace

TEST_CASE("stages, outcomes and entries keep their order, transitions are sorted by source") {
  const fg::Compiled compiled = fg::compile(shop());
  const fg::Chain& chain = compiled.chain;
  CHECK(compiled.labels.stages == std::vector<std::string>{"enquiry", "order"});
  CHECK(compiled.labels.outcomes == std::vector<std::string>{"customer", "competitor"});
  CHECK(compiled.labels.stage_units == std::vector<std::string>{"people", ""});
  CHECK(compiled.labels.owner_roles == std::vector<fg::Role>{fg::Role::marketing, fg::Role::sales});
  CHECK(chain.row_begin == std::vector<std::uint32_t>{0, 2, 3});
  CHECK(chain.target == std::vector<std::uint32_t>{3, 1, 2});  // competitor, order, customer
  CHECK(compiled.layout.transition_of_edge == std::vector<std::uint32_t>{1, 2, 0});
  CHECK(compiled.layout.edge_of_transition == std::vector<std::uint32_t>{2, 0, 1});
  CHECK(chain.outcome_kind == std::vector<fg::ExitKind>{fg::ExitKind::won, fg::ExitKind::lost});
  CHECK(chain.lever_value == std::vector<double>{2});
  CHECK(chain.lever_reference == std::vector<double>{4});
  CHECK(chain.stage_owners.share == std::vector<double>{0.5, 0.5, 1});
  CHECK(chain.lag[0].mean == 2);
  CHECK_FALSE(chain.lag[1].known());
  CHECK((std::isnan(chain.service_level[0]) && chain.service_level[2] == 3));
  CHECK((std::isnan(chain.capacity[0]) && chain.capacity[1] == 40));
  CHECK(chain.fixed_cost == std::vector<double>{0, 70});
  CHECK(chain.discount_rate == 0.1);
  CHECK(chain.stage_owners.begin == std::vector<std::uint32_t>{0, 2, 3});
  CHECK(chain.stage_owners.owner == std::vector<std::uint32_t>{0, 1, 1});
  CHECK(chain.outcome_owners.begin == std::vector<std::uint32_t>{0, 0, 1});
  // An entry without an owner of its own has the stage's.
  CHECK(chain.entry_owners.begin == std::vector<std::uint32_t>{0, 2, 3});
  CHECK(chain.entry_owners.owner == std::vector<std::uint32_t>{0, 1, 1});
}

TEST_CASE("outcomes keep their kind") {
  fg::Funnel funnel;
  funnel.add_stage({.name = "s"});
  funnel.add_outcome({.name = "w", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "l", .kind = fg::OutcomeKind::lost});
  funnel.add_outcome({.name = "r", .kind = fg::OutcomeKind::screened});
  funnel.add_outcome({.name = "q", .kind = fg::OutcomeKind::silent});
  funnel.add_entry({.stage = "s", .volume = 1});
  CHECK(fg::compile(funnel).chain.outcome_kind ==
        std::vector<fg::ExitKind>{fg::ExitKind::won, fg::ExitKind::lost, fg::ExitKind::screened,
                                  fg::ExitKind::silent});
}

TEST_CASE("levers bend the effective rates, the base rates stay [19,20]") {
  const fg::Chain chain = fg::compile(shop()).chain;
  // The weight of enquiry -> order is 0.4 * (2 / 4)^-1 = 0.8, the row's sum 0.3 + 0.8 + 0.3.
  CHECK(chain.base_rate[1] == 0.4);
  CHECK_THAT(chain.rate[1], WithinRel(0.8 / 1.4, 1e-15));
  CHECK_THAT(chain.rate[0], WithinRel(0.3 / 1.4, 1e-15));
  CHECK_THAT(chain.drop_off[0], WithinRel(0.3 / 1.4, 1e-14));
}

TEST_CASE("the drop-off is as given, else what is missing; rounding is none") {
  const auto drop_off = [](std::vector<double> rates, std::optional<fg::Number> given = {}) {
    fg::Funnel funnel;
    funnel.add_stage({.name = "s", .drop_off = std::move(given)});
    for (std::size_t k = 0; k < rates.size(); ++k) {
      const std::string name = "o" + std::to_string(k);
      funnel.add_outcome({.name = name});
      funnel.add_transition({.from = "s", .to = name, .rate = rates[k]});
    }
    funnel.add_entry({.stage = "s", .volume = 1});
    const fg::Compiled compiled = fg::compile(funnel);
    CHECK(compiled.layout.drop_off_given[0] == funnel.stages()[0].drop_off.has_value());
    double sum = compiled.chain.drop_off[0];
    for (const double rate : compiled.chain.rate) sum += rate;
    // Each addition above rounds by half an ulp of 1 at most.
    CHECK_THAT(sum, WithinAbs(1, 1e-15 + 1.2e-16 * static_cast<double>(rates.size())));
    return compiled.chain.drop_off[0];
  };
  CHECK_THAT(drop_off({0.25, 0.5}), WithinRel(0.25, 1e-15));
  CHECK(drop_off(std::vector<double>(10, 0.1)) == 0);  // ten tenths miss 1e-16
  CHECK(drop_off({0.5, 0.5 - 1e-13}) == 0);
  CHECK_THAT(drop_off({0.5, 0.5 - 1e-11}), WithinRel(1e-11, 1e-4));
  CHECK(drop_off({1.0}, fg::Number(1e-134)) == 1e-134);
  // fma rounds 1 - 100 r once: the exact remainder to the last digit, whatever the sum of the row lost.
  CHECK(drop_off(std::vector<double>(100, 0.00999)) == std::fma(-100.0, 0.00999, 1.0));
  // A small rate before a large one: 0.5 - last is exact, so this rounds once as well.
  const double first = 1e-10 / 3, last = 0.5 - 1e-10;
  CHECK(drop_off({first, 0.5, last}) == (0.5 - last) - first);
  CHECK(drop_off({0.5, 0.5 + 5e-10}) == 0);  // above 1 by less than the tolerance: normalised
}

TEST_CASE("an invalid funnel is refused with every issue") {
  fg::Funnel funnel = shop();
  funnel.add_transition({.from = "order", .to = "nowhere", .rate = 1.5});
  try {
    (void)fg::compile(funnel);
    FAIL("compiled");
  } catch (const fg::InvalidFunnelError& error) {
    CHECK(error.issues().size() >= 2);
  }
}

TEST_CASE("every leaf parameter has its place, and the number is there") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    // The shop's transitions are out of order of their sources.
    const fg::Funnel funnel =
        seed == 0 ? shop() : test::random_funnel(seed, {.capacities = true, .discount_rate = 0.1});
    const fg::Compiled compiled = fg::compile(funnel);
    const fg::Chain& chain = compiled.chain;
    fg::detail::each_parameter_place(funnel, [&](const fg::detail::ParameterPlace& place) {
      const fg::Parameter leaf = fg::detail::parameter_at(funnel, place);
      INFO("seed " << seed << ", " << fg::to_string(leaf));
      CHECK(fg::detail::input_at(compiled, place) == fg::input_of(compiled, funnel, leaf));
    });
    for (const fg::Parameter& leaf : funnel.parameters()) {
      const fg::InputRef at = fg::input_of(compiled, funnel, leaf);
      const auto number = [&]() -> double {
        switch (at.input) {
          case fg::Input::base_rate:
            return chain.base_rate.at(at.index);
          case fg::Input::base_drop_off:
            return chain.base_drop_off.at(at.index);
          case fg::Input::lag_mean:
            return chain.lag.at(at.index).mean;
          case fg::Input::lag_sd:
            return chain.lag.at(at.index).sd;
          case fg::Input::edge_cost:
            return chain.edge_cost.at(at.index);
          case fg::Input::edge_value:
            return chain.edge_value.at(at.index);
          case fg::Input::service_level:
            return chain.service_level.at(at.index);
          case fg::Input::stage_cost:
            return chain.stage_cost.at(at.index);
          case fg::Input::stage_value:
            return chain.stage_value.at(at.index);
          case fg::Input::stage_commission:
            return chain.stage_commission.at(at.index);
          case fg::Input::capacity:
            return chain.capacity.at(at.index);
          case fg::Input::outcome_value:
            return chain.outcome_value.at(at.index);
          case fg::Input::outcome_commission:
            return chain.outcome_commission.at(at.index);
          case fg::Input::entry_volume:
            return chain.entries.at(at.index).volume;
          case fg::Input::entry_cost:
            return chain.entries.at(at.index).cost;
          case fg::Input::lever_value:
            return chain.lever_value.at(at.index);
          case fg::Input::elasticity:
            return chain.influences.at(at.index).elasticity;
          case fg::Input::fixed_cost:
            return chain.fixed_cost.at(at.index);
          case fg::Input::discount_rate:
            return chain.discount_rate;
          default:
            FAIL("no parameter leads to a derived number");
        }
        return 0;
      };
      INFO("seed " << seed << ", " << fg::to_string(leaf));
      CHECK(number() == funnel.get(leaf));
    }
  }
}

TEST_CASE("what has no single place is refused") {
  const fg::Funnel funnel = shop();
  const fg::Compiled compiled = fg::compile(funnel);
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::volume("enquiry")), fg::InvalidValueError);
  CHECK(fg::input_of(compiled, funnel, fg::volume("enquiry", "fair")) ==
        fg::InputRef{fg::Input::entry_volume, 1});
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::volume("enquiry", "far")), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::cost("enqiry")), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::value("custmer")), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::rate("order", "enquiry")), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::elasticity("priming", "order", "customer")),
                  fg::UnknownNameError);
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::lever("primin")), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::input_of(compiled, funnel, fg::fixed_cost("Sale")), fg::UnknownNameError);
  CHECK(fg::input_of(compiled, funnel, fg::value("customer")) == fg::InputRef{fg::Input::outcome_value, 0});
}
