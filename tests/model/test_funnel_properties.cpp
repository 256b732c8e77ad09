#include <cmath>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/relabel.hpp>
#include <funnelgraph/model/validate.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinRel;

namespace {

constexpr std::uint64_t funnels = 500;

fg::Funnel drawn(std::uint64_t seed) {
  return test::random_funnel(seed, {.unknown_lags = true, .capacities = true, .every_part = true});
}

/// A number inside the range of every parameter of that kind, other than the one it has.
double other_value(const fg::Parameter& parameter, double now) {
  switch (parameter.kind()) {
    case fg::ParameterKind::rate:
    case fg::ParameterKind::drop_off:
    case fg::ParameterKind::commission:
      return now / 2 + 0.1;
    case fg::ParameterKind::value:
    case fg::ParameterKind::transition_value:
    case fg::ParameterKind::elasticity:
      return -now - 1;
    default:
      return now * 1.25 + 0.5;
  }
}

/// The parameters of `before` that are another number in `after`, but for the last digits: a deviation that
/// followed its mean and came back was multiplied and divided twice.
std::vector<std::string> moved_numbers(const fg::Funnel& before, const fg::Funnel& after) {
  std::vector<std::string> moved;
  for (const fg::Parameter& parameter : before.parameters()) {
    const double was = before.get(parameter);
    if (std::abs(after.get(parameter) - was) > 1e-15 * std::abs(was))
      moved.push_back(fg::to_string(parameter));
  }
  return moved;
}

}  // namespace

TEST_CASE("drawn funnels are valid") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    for (const fg::Issue& issue : fg::validate(drawn(seed))) {
      INFO(seed << ' ' << issue.where << ": " << issue.message << ' ' << issue.value);
      CHECK(issue.severity == fg::Severity::warning);
    }
  }
}

TEST_CASE("equality does not depend on the order of insertion") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const fg::Funnel funnel = drawn(seed);
    const fg::Funnel other = test::shuffled(funnel, seed + 1);
    REQUIRE(funnel == other);
    REQUIRE(other == funnel);
    const std::vector<fg::Parameter> mine = funnel.parameters();
    const std::vector<fg::Parameter> others = other.parameters();
    REQUIRE(std::set(mine.begin(), mine.end()) == std::set(others.begin(), others.end()));
    for (const fg::Parameter& parameter : mine) {
      REQUIRE(funnel.get_number(parameter) == other.get_number(parameter));
      REQUIRE(funnel.ownership(parameter) == other.ownership(parameter));
    }
  }
}

TEST_CASE("every change of a number shows in the copy only, and comes back") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const fg::Funnel funnel = drawn(seed);
    for (const fg::Parameter& parameter : funnel.parameters()) {
      INFO(seed << ' ' << fg::to_string(parameter));
      const fg::Number before = funnel.get_number(parameter);
      REQUIRE_FALSE(std::isnan(before.value));
      REQUIRE(funnel.leaves(parameter) == std::vector{parameter});

      fg::Funnel copy = funnel;
      copy.set(parameter, before);
      if (parameter.kind() != fg::ParameterKind::rate) REQUIRE(copy == funnel);

      const double other = other_value(parameter, before.value);
      copy.set(parameter, fg::estimated(other, {"Sales"}));
      REQUIRE(copy.get_number(parameter) == fg::estimated(other, {"Sales"}));
      REQUIRE(funnel.get_number(parameter) == before);
      REQUIRE_FALSE(copy == funnel);

      copy.set(parameter, before);
      REQUIRE(copy.get_number(parameter) == before);
      if (seed % 10 == 0) REQUIRE(moved_numbers(funnel, copy).empty());
    }
  }
}

TEST_CASE("a group sums its leaves and scales them in proportion") {
  std::size_t several = 0;
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const fg::Funnel funnel = drawn(seed);
    std::set<std::string> stages;
    for (const fg::Entry& entry : funnel.entries()) stages.insert(entry.stage);
    for (const std::string& stage : stages) {
      const std::vector<fg::Parameter> leaves = funnel.leaves(fg::volume(stage));
      several += leaves.size() > 1 ? 1 : 0;
      double sum = 0;
      for (const fg::Parameter& leaf : leaves) sum += funnel.get(leaf);
      REQUIRE_THAT(funnel.get(fg::volume(stage)), WithinRel(sum, 1e-15));
      fg::Funnel changed = funnel;
      changed.set(fg::volume(stage), 3 * sum);
      for (const fg::Parameter& leaf : leaves) {
        // Multiplied and divided once each.
        REQUIRE_THAT(changed.get(leaf), WithinRel(3 * funnel.get(leaf), 1e-15));
      }
      REQUIRE_THAT(changed.get(fg::volume(stage)), WithinRel(3 * sum, 1e-15));
      const double mean_cost = changed.get(fg::entry_cost(stage));
      changed.set(fg::entry_cost(stage), mean_cost / 2);
      REQUIRE_THAT(changed.get(fg::entry_cost(stage)), WithinRel(mean_cost / 2, 1e-14));
    }
  }
  CHECK(several > 100);
}

TEST_CASE("renaming there and back gives the same funnel") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    const fg::Funnel funnel = drawn(seed);
    const auto there_and_back = [&](auto&& there, auto&& back) {
      fg::Funnel copy = funnel;
      there(copy);
      REQUIRE_FALSE(copy == funnel);
      REQUIRE(fg::validate(copy).size() == fg::validate(funnel).size());
      back(copy);
      REQUIRE(copy == funnel);
    };
    for (const fg::Stage& stage : funnel.stages()) {
      there_and_back([&](fg::Funnel& f) { f.rename_stage(stage.name, "khác"); },
                     [&](fg::Funnel& f) { f.rename_stage("khác", stage.name); });
    }
    for (const fg::Outcome& outcome : funnel.outcomes()) {
      there_and_back([&](fg::Funnel& f) { f.rename_outcome(outcome.name, "other"); },
                     [&](fg::Funnel& f) { f.rename_outcome("other", outcome.name); });
    }
    for (const fg::Owner& owner : funnel.owners()) {
      there_and_back([&](fg::Funnel& f) { f.rename_owner(owner.name, "other"); },
                     [&](fg::Funnel& f) { f.rename_owner("other", owner.name); });
    }
    for (const fg::Lever& lever : funnel.levers()) {
      there_and_back([&](fg::Funnel& f) { f.rename_lever(lever.name, "other"); },
                     [&](fg::Funnel& f) { f.rename_lever("other", lever.name); });
    }
    if (!funnel.view("buyer").stages.empty()) {
      const fg::Funnel seen = fg::relabel(funnel, "buyer");
      REQUIRE_FALSE(seen == funnel);
      REQUIRE(fg::relabel(seen, "buyer") == funnel);
    }
  }
}

TEST_CASE("names decide nothing: all parts are found after every removal") {
  for (std::uint64_t seed = 0; seed < funnels; ++seed) {
    fg::Funnel funnel = drawn(seed);
    test::Draw draw(seed);
    while (!funnel.transitions().empty()) {
      const fg::Transition gone = funnel.transitions()[draw.below(funnel.transitions().size())];
      const double before = funnel.get(fg::drop_off(gone.from));
      funnel.remove_transition(gone.from, gone.to);
      // One addition beside one subtraction from 1: a few ulp of 1.
      REQUIRE(std::abs(funnel.get(fg::drop_off(gone.from)) - before - gone.rate.value) < 1e-15);
      REQUIRE_FALSE(funnel.find_transition(gone.from, gone.to));
      for (std::uint32_t i = 0; i < funnel.transitions().size(); ++i) {
        const fg::Transition& left = funnel.transitions()[i];
        REQUIRE(funnel.find_transition(left.from, left.to)->index == i);
      }
      for (const fg::Influence& influence : funnel.influences()) {
        REQUIRE(funnel.find_transition(influence.from, influence.to));
      }
      for (const fg::Stage& stage : funnel.stages()) {
        for (const fg::TransitionId id : funnel.exits(stage.name)) {
          REQUIRE(funnel.transition(id).from == stage.name);
        }
      }
    }
  }
}
