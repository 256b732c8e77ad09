#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/maturity/actions.hpp>
#include <funnelgraph/maturity/efforts.hpp>

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::WithinRel;

TEST_CASE("each action has its cost and the time it needs [47, 60]") {
  REQUIRE(fgm::efforts().size() == fgm::actions().size());
  for (std::size_t i = 0; i < fgm::actions().size(); ++i) {
    const fgm::Effort& effort = fgm::efforts()[i];
    CAPTURE(effort.action);
    CHECK(effort.action == fgm::actions()[i].id);
    for (const fgm::Range& range : {effort.once, effort.yearly, effort.until_effect}) {
      CHECK(range.low >= 0);
      CHECK(range.low < range.high);
    }
  }
}

TEST_CASE("a programme adds up days and waits for its slowest action [47]") {
  const std::vector<fgm::Effort> table{{"a", {1, 3}, {10, 20}, {30, 60}}, {"b", {2, 2}, {0, 1}, {40, 50}}};
  const auto both = fgm::programme({}, 182.5, table);
  CHECK_THAT(both.person_days.low, WithinRel(1 + 5 + 2.0, 1e-14));
  CHECK_THAT(both.person_days.high, WithinRel(3 + 10 + 2 + 0.5, 1e-14));
  CHECK(both.until_effect == fgm::Range{40, 60});
  const std::vector<std::string> only{"b"};
  CHECK(fgm::programme(only, 365, table).person_days == fgm::Range{2, 3});

  const std::vector<std::string> wrong{"aa"};
  try {
    static_cast<void>(fgm::programme(wrong, 365, table));
    FAIL("no error");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.nearest() == "a");
  }
  CHECK_THROWS_AS(fgm::programme({}, 0, table), fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::programme({}, 365, std::vector<fgm::Effort>{{"a", {3, 1}, {}, {}}}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fgm::programme({}, 365, std::vector<fgm::Effort>{{"a", {}, {-1, 1}, {}}}),
                  fg::InvalidValueError);
}
