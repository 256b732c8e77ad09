#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/columns.hpp>

namespace fg = funnelgraph;
namespace fit = funnelgraph::fit;

TEST_CASE("columns are views: nothing is copied") {
  const std::vector<fit::Tick> ticks = {1, fit::no_tick};
  const std::vector<double> numbers = {1, 2};
  fit::Columns table(2, "leads.csv", 101);
  table.add("when", fit::Times{ticks});
  table.add("price", fit::Numbers{numbers});
  CHECK(table.times("when").ticks.data() == ticks.data());
  CHECK(table.numbers("price").values.data() == numbers.data());
  CHECK(table.names() == std::vector<std::string>{"when", "price"});
  CHECK(table.row_number(1) == 102);
}

TEST_CASE("text is coded once and shared by copies") {
  fit::Columns copy(0);
  const std::vector<std::string> cells = {"b", "", "a", "b"};
  {
    fit::Columns table(4);
    table.add_text("channel", cells);
    copy = table;
  }
  const fit::Categories channel = copy.categories("channel");
  CHECK(std::vector<std::int32_t>(channel.codes.begin(), channel.codes.end()) ==
        std::vector<std::int32_t>{0, -1, 1, 0});
  CHECK(std::vector<std::string>(channel.names.begin(), channel.names.end()) ==
        std::vector<std::string>{"b", "a"});
}

TEST_CASE("a column that does not fit the table says which and why") {
  const std::vector<double> three = {1, 2, 3};
  const std::vector<std::int32_t> codes = {0, 1, 2};
  const std::vector<std::string> names = {"a", "b"};
  fit::Columns table(3, "leads.csv");
  table.add("price", fit::Numbers{three});
  const auto add = [&](const char* name, fit::Column column) { table.add(name, column); };
  CHECK_THROWS_AS(add("price", fit::Numbers{three}), fg::DataError);
  CHECK_THROWS_AS(add("short", fit::Numbers{std::span(three).first(2)}), fg::DataError);
  try {
    add("coded", fit::Categories{codes, names});
    FAIL("a code without a name was taken");
  } catch (const fg::DataError& error) {
    CHECK(error.source() == "leads.csv");
    CHECK(error.row() == 3);
    CHECK(error.column() == "coded");
  }
  try {
    (void)table.column("prise");
    FAIL("a column that is not there was found");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.kind() == "column");
    CHECK(error.nearest() == "price");
  }
  CHECK_THROWS_AS(table.times("price"), fg::DataError);
  CHECK_THROWS_AS(table.categories("price"), fg::DataError);
  CHECK(table.names().size() == 1);
}
