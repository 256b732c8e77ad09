#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/delimited.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/oracle.hpp"

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace fit = funnelgraph::fit;
using Catch::Matchers::ContainsSubstring;
using funnelgraph::DataError;

namespace {

std::vector<std::string> column(const fit::DelimitedTable& table, std::string_view name) {
  const auto cells = table.text(name);
  return {cells.begin(), cells.end()};
}

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("a table is read by the rules of RFC 4180", "[delimited]") {
  const auto table = fit::parse_delimited(
      "id,name,note\r\n"
      "1,\"Nguy\xE1\xBB\x85n, An\",\"said \"\"yes\"\"\"\r\n"
      "2,\"two\r\nlines\",5\" pipe\r\n"
      "3,,\"\"\r\n");
  CHECK(table.rows() == 3);
  CHECK(table.delimiter() == ',');
  CHECK(table.names() == Cells{"id", "name", "note"});
  CHECK(column(table, "id") == Cells{"1", "2", "3"});
  CHECK(column(table, "name") == Cells{"Nguy\xE1\xBB\x85n, An", "two\r\nlines", ""});
  CHECK(column(table, "note") == Cells{"said \"yes\"", "5\" pipe", ""});
}

TEST_CASE("line ends, marks, blank lines and missing last line ends do not matter", "[delimited]") {
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    for (const std::string mark : {"", "\xEF\xBB\xBF"}) {
      for (const std::string last : {"", "x"}) {
        std::string text = mark + "a,b" + end + "1,2" + end + end + "3,4";
        if (last.empty()) text += end;
        const auto table = fit::parse_delimited(text);
        CHECK(table.names() == Cells{"a", "b"});
        CHECK(column(table, "b") == Cells{"2", "4"});
      }
    }
  }
  // A blank line is a missing cell where there is one column, but not at the end.
  CHECK(column(fit::parse_delimited("a\n1\n\n2\n\n"), "a") == Cells{"1", "", "2"});
  CHECK(fit::parse_delimited("a,b\n").rows() == 0);
  // Only spaces are missing too, and so is what the caller names.
  fit::DelimitedOptions options;
  options.missing = {"NA", "NULL"};
  CHECK(column(fit::parse_delimited("a,b\n NA,NULL\nNA,  \n", options), "b") == Cells{"", ""});
  CHECK(column(fit::parse_delimited("a,b\n NA,NULL\nNA,  \n", options), "a") == Cells{" NA", ""});
}

TEST_CASE("rows of empty cells below, above and within a table are no rows", "[delimited]") {
  const auto table = fit::parse_delimited(",,\na,b,c\n1,2,3\n,\t, \n4,5,6\n,,\n,,\n");
  CHECK(column(table, "a") == Cells{"1", "4"});
  CHECK(column(table, "c") == Cells{"3", "6"});
  // Nothing is known of a row that is too long, empty or not, and a table of one column has no such rows.
  CHECK(fit::parse_delimited("a,b\n1,2\n,,,\n").rows() == 1);
  CHECK(column(fit::parse_delimited("a\n1\n \n2\n", {.delimiter = ','}), "a") == Cells{"1", "", "2"});
}

TEST_CASE("the delimiter is found", "[delimited]") {
  CHECK(fit::parse_delimited("a;b;c\n1,5;2;3,5\n").delimiter() == ';');
  CHECK(fit::parse_delimited("a\tb\n1,5\t2,5\n").delimiter() == '\t');
  CHECK(fit::parse_delimited("a|b\n1;2|3\n").delimiter() == '|');
  CHECK(fit::parse_delimited("a,b\n\"x;y;z\",2\n").delimiter() == ',');
  CHECK(fit::parse_delimited("path;n\n\"a > b, c\";1\nd > e;2\n").delimiter() == ';');
  CHECK(fit::parse_delimited("alone\n1\n").names() == Cells{"alone"});
  CHECK_THROWS_AS(fit::parse_delimited("alone\n1,5\n"), DataError);  // a decimal comma, or a name too few?
  CHECK(column(fit::parse_delimited("alone\n1,5\n", {.delimiter = ';'}), "alone") == Cells{"1,5"});
  CHECK(fit::parse_delimited("sep=;\r\na;b\r\n1;2\r\n").names() == Cells{"a", "b"});
  CHECK(fit::parse_delimited("sep=\na\n").names() == Cells{"sep="});
  CHECK(fit::parse_delimited("a:b\n1:2\n", {.delimiter = ':'}).names() == Cells{"a", "b"});
  // More columns win where both fit; the rows decide where only one does.
  CHECK(fit::parse_delimited("a,b,c;d\n1,2,3;4\n").delimiter() == ',');
  CHECK(fit::parse_delimited("a,b,c;d\n1;4\n").delimiter() == ';');
  CHECK_THROWS_AS(fit::parse_delimited("a\n", {.delimiter = '"'}), funnelgraph::InvalidValueError);
  CHECK_THROWS_AS(fit::parse_delimited("a\n", {.delimiter = '\n'}), funnelgraph::InvalidValueError);
}

TEST_CASE("columns are found by name in any normal form", "[delimited]") {
  const auto table = fit::parse_delimited(" Lead_ID ,nga\xCC\x80y\n1,2\n");
  CHECK(table.contains("Lead_ID"));
  CHECK(table.contains("ng\xC3\xA0y"));
  CHECK_FALSE(table.contains("bad\xFF\n"));
  CHECK(column(table, "nga\xCC\x80y") == Cells{"2"});
  try {
    static_cast<void>(table.text("Lead_Id2"));
    FAIL("no error");
  } catch (const funnelgraph::UnknownNameError& error) {
    CHECK(error.kind() == "column");
    CHECK(error.nearest() == "Lead_ID");
  }
}

TEST_CASE("tables that cannot be read say where and why, never what", "[delimited]") {
  struct Bad {
    std::string_view text;
    std::size_t row;
    const char* column;
    const char* why;
  };
  using namespace std::string_view_literals;
  const std::vector<Bad> table = {
      {"", 0, "", "is empty"},
      {"\n\n\r\n", 0, "", "is empty"},
      {"\xEF\xBB\xBF", 0, "", "is empty"},
      {"\xFF\xFE"
       "a\0,\0"sv,
       0, "", "UTF-16"},
      {"\xFE\xFF\0a"sv, 0, "", "UTF-16"},
      {"PK\x03\x04zipped", 0, "", "spreadsheet"},
      {"\xD0\xCF\x11\xE0old", 0, "", "spreadsheet"},
      {"a,b\n1,secret\xE9\n", 1, "b", "UTF-8"},
      {"a,b\xE9\n1,2\n", 0, "", "name of column 2"},
      {"a,b\n1,sec\0ret\n"sv, 1, "b", "zero byte"},
      {"a\0,b\n"sv, 0, "", "zero byte"},
      {"a,,c\n1,2,3\n", 0, "", "name of column 2 is empty: name it, or take the column out"},
      {"a, ,c\n1,2,3\n", 0, "", "name of column 2 is empty"},
      {"a,b,a\n1,2,3\n", 0, "", "name of column 3 is also that of column 1"},
      {"a,b, a \n1,2,3\n", 0, "", "column 3 is also that of column 1"},
      {"\xC3\xA0,a\xCC\x80\n1,2\n", 0, "", "column 2 is also that of column 1"},
      {"a,\"b\nc\"\n1,2\n", 0, "", "control characters"},
      {"a,b\n1,2\nsecret\n", 2, "", "has 1 cells, the header has 2 (line 3)"},
      {"a,b\n1,2,secret\n", 1, "", "has 3 cells, the header has 2 (line 2)"},
      {"a,b\n\n\n1,2\n1,2,3\n", 2, "", "(line 5)"},
      {"a,b\n\"1\n\n\",2\nsecret\n", 2, "", "(line 5)"},
      {"a,b\r\n1,2\r\nsecret\r\n", 2, "", "(line 3)"},
      {"a,b\r1,2\rsecret\r", 2, "", "(line 3)"},
      {"sep=;\na;b\nsecret\n", 1, "", "(line 3)"},
      {"a,b\n1,\"secret\n", 1, "", "not closed (line 2)"},
      {"a,\"b\n1,2\n", 0, "", "not closed (line 1)"},
      {"a,b\n1,\"sec\"ret\n", 1, "", "closing quote"},
      {"a,b\n\"1\" ,2\n", 1, "", "closing quote"},
      {"a,b;c\n1,2;3\n", 0, "", "comma and semicolon"},
      {"a|b\tc\n", 0, "", "tab and bar"},
  };
  CHECK(table.size() >= 25);
  for (const Bad& bad : table) {
    CAPTURE(bad.text);
    try {
      static_cast<void>(fit::parse_delimited(bad.text, {.source = "leads.csv"}));
      FAIL_CHECK("no error");
    } catch (const DataError& error) {
      CHECK(error.source() == "leads.csv");
      CHECK(error.row() == bad.row);
      CHECK(error.column() == bad.column);
      CHECK_THAT(error.what(), ContainsSubstring(bad.why));
      CHECK_THAT(error.what(), !ContainsSubstring("sec"));
    }
  }
}

TEST_CASE("limits are kept", "[delimited]") {
  const std::string text = "a,b,c\n1,2,3\n4,5,6\n";
  const auto refuses = [&](const fit::DelimitedOptions& options, const char* limit) {
    try {
      static_cast<void>(fit::parse_delimited(text, options));
      FAIL_CHECK("no error");
    } catch (const DataError& error) {
      CHECK_THAT(error.what(), ContainsSubstring(limit));
    }
  };
  refuses({.max_bytes = 17}, "max_bytes");
  refuses({.max_rows = 1}, "max_rows");
  refuses({.max_columns = 2}, "max_columns");
  refuses({.max_cell_bytes = 0}, "max_cell_bytes");
  CHECK(fit::parse_delimited(text, {.max_bytes = 18, .max_rows = 2, .max_columns = 3, .max_cell_bytes = 1})
            .rows() == 2);
  CHECK_THROWS_AS(fit::parse_delimited("a\n\"" + std::string(100, 'x') + "\"\n", {.max_cell_bytes = 99}),
                  DataError);
  CHECK(fit::parse_delimited("a\n\"" + std::string(100, 'x') + "\"\n", {.max_cell_bytes = 100}).rows() == 1);
}

TEST_CASE("files are read, and say why they are not", "[delimited]") {
  const auto folder = std::filesystem::temp_directory_path() / "funnelgraph_test_delimited";
  std::filesystem::create_directories(folder);
  const auto path = folder / "leads.csv";
  std::ofstream(path, std::ios::binary) << "a;b\r\n1;2,5\r\n";
  const auto table = fit::read_delimited(path.string());
  CHECK(table.source() == "leads.csv");
  CHECK(column(table, "b") == Cells{"2,5"});
  CHECK_THROWS_AS(fit::read_delimited(path.string(), {.max_bytes = 5}), DataError);
  CHECK_THROWS_AS(fit::read_delimited((folder / "none.csv").string()), DataError);
  CHECK_THROWS_AS(fit::read_delimited(folder.string()), DataError);
  CHECK_THROWS_AS(fit::read_delimited(""), DataError);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a typed table holds what its columns view", "[delimited]") {
  auto typed = [] {
    const auto table = fit::parse_delimited("id;on;price\nx;31/01/2024;1.000,5\ny;;\n");
    return fit::TypedTable(table, {.times = {"on"}, .numbers = {"price"}});
  }();
  const fit::TypedTable moved = std::move(typed);
  const fit::Columns& columns = moved.columns();
  CHECK(columns.rows() == 2);
  CHECK(columns.times("on").ticks[0] == 19753 * fit::ticks_per_day);
  CHECK(columns.times("on").ticks[1] == fit::no_tick);
  CHECK(columns.numbers("price").values[0] == 1000.5);
  CHECK(columns.categories("id").names[1] == "y");
  const auto table = fit::parse_delimited("a,b\n1,2\n");
  CHECK_THROWS_AS(fit::TypedTable(table, {.times = {}, .numbers = {"a", "a"}}),
                  funnelgraph::InvalidValueError);
  CHECK_THROWS_AS(fit::TypedTable(table, {.times = {"c"}, .numbers = {}}), funnelgraph::UnknownNameError);
}

TEST_CASE("the shared tables are read whole", "[delimited]") {
  const auto folder = test::data_dir();
  if (!folder) SKIP("no shared data: set FUNNELGRAPH_DATA");
  const auto leads = fit::read_delimited((*folder / "realestate_funnel" / "Leads.csv").string());
  CHECK(leads.rows() == 5000);
  CHECK(leads.times("Lead_Date").size() == 5000);
  const auto sales = fit::read_delimited((*folder / "realestate_funnel" / "Sales.csv").string());
  CHECK(sales.rows() == 813);
  CHECK(sales.times("Sale_Date")[0] == 19878 * fit::ticks_per_day);
  CHECK(sales.numbers("Commission_AED")[0] == 102592.32);
  const auto paths = fit::read_delimited((*folder / "channelattribution" / "Data.csv").string());
  CHECK(paths.delimiter() == ';');
  CHECK(paths.rows() == 10'000);
  CHECK(paths.numbers("total_conversion_value")[0] == 0.244);
}
