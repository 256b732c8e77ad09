#include <cmath>
#include <limits>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/figures.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/reference.hpp>

#include "../fit/table.hpp"

using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;

TEST_CASE("figures of a funnel are its metrics by name") {
  const fg::Funnel funnel = fg::reference::online_shop();
  const auto value = [&](const char* name) { return fg::evaluate(funnel, *fg::figure_metric(funnel, name)); };
  CHECK(value("revenue") == fg::evaluate(funnel, fg::metric::revenue()));
  const std::string stage = funnel.stages()[1].name;
  CHECK(fg::figure_metric(funnel, stage) == fg::metric::visits(stage));
  CHECK(fg::figure_metric(funnel, "visits(" + stage + ")") == fg::metric::visits(stage));
  double entrants = 0;
  for (const fg::Entry& entry : funnel.entries()) entrants += entry.volume.value;
  CHECK_THAT(value("entrants"), WithinRel(entrants, 1e-9));  // a sum over all ends of a chain with loops
  CHECK_THAT(value("win_rate"), WithinRel(value("wins") / entrants, 1e-9));
  CHECK_FALSE(fg::figure_metric(funnel, "orders_phone"));
  CHECK_FALSE(fg::figure_metric(funnel, "sum(amount)"));
  CHECK_THROWS_AS(fg::figure_metric(funnel, "count(nobody)"), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::figure_metric(funnel, "visits(nowhere)"), fg::UnknownNameError);
}

TEST_CASE("figures of a table are counts, sums and means of its columns") {
  test::Table table(4);
  table.numbers("amount", {1, std::nan(""), 2, 6}).text("who", {"a", "", "b", "a"});
  table.integers("pairs", {1, 2, std::numeric_limits<std::int64_t>::min(), 4});
  table.times("day", {"2026-01-01", "", "", ""}).numbers("none", {std::nan(""), NAN, NAN, NAN});
  const fg::Figures figures = fg::table_figures(table);
  CHECK(figures.at("rows") == 4);
  CHECK(figures.at("count(amount)") == 3);
  CHECK(figures.at("sum(amount)") == 9);
  CHECK(figures.at("mean(amount)") == 3);
  CHECK(figures.at("least(amount)") == 1);
  CHECK(figures.at("greatest(amount)") == 6);
  CHECK(figures.at("count(who)") == 3);
  CHECK(figures.at("sum(pairs)") == 7);
  CHECK(figures.at("count(day)") == 1);
  CHECK(std::isnan(figures.at("sum(none)")));
  CHECK(fg::Formula("sum(amount) / count(day)").evaluate(figures).value == 9);
}
