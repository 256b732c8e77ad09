#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/number_column.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace fit = funnelgraph::fit;
using Catch::Matchers::ContainsSubstring;
using Cells = std::vector<std::string>;
using fit::DecimalMark;

namespace {

const fit::CellPlace price{"leads.csv", "Price", 1};

std::vector<double> read(const Cells& cells, DecimalMark mark = DecimalMark::detect) {
  return fit::read_numbers(cells, price, {.decimal_mark = mark});
}

}  // namespace

// Equality below is exact: a decimal is read to the nearest double.

TEST_CASE("numbers are read under either decimal mark", "[numbers]") {
  CHECK(read({"1,234.56", "7", "1,234"}) == std::vector<double>{1234.56, 7, 1234});
  CHECK(read({"1.234,56", "7", "1.234"}) == std::vector<double>{1234.56, 7, 1234});
  CHECK(read({"1 234,5",
              "1\xC2\xA0"
              "234,5",
              "1\xE2\x80\xAF"
              "234\xE2\x80\xAF"
              "567,5"}) == std::vector<double>{1234.5, 1234.5, 1234567.5});
  CHECK(read({"1'234.5",
              "12\xE2\x80\x99"
              "345"}) == std::vector<double>{1234.5, 12345});
  CHECK(read({"-5", "+5",
              "\xE2\x88\x92"
              "5",
              " 5 ", "5.", ".5", "005"}) == std::vector<double>{-5, 5, -5, 5, 5, 0.5, 5});
  CHECK(read({"2e6", "1.5E-3", "1e+2"}) == std::vector<double>{2e6, 1.5e-3, 100});
  CHECK(read({"0.1", "1e-308", "123456789012345678"}) ==
        std::vector<double>{0.1, 1e-308, 123456789012345678.0});
  CHECK(read({"1 234 567", "12"}) == std::vector<double>{1234567, 12});
  const auto missing = read({"", "  ", "1"});
  CHECK(std::isnan(missing[0]));
  CHECK(std::isnan(missing[1]));
  CHECK(read({}).empty());
}

TEST_CASE("one cell decides for its column", "[numbers]") {
  CHECK(read({"1.234", "0.5"})[0] == 1.234);       // nobody groups after a zero
  CHECK(read({"1.234", "1.5"})[0] == 1.234);       // no group of one digit
  CHECK(read({"1.234", "1234.567"})[0] == 1.234);  // no group of four
  CHECK(read({"1.234", "1,234.5"})[0] == 1.234);   // the last mark is the decimal one
  CHECK(read({"1.234", "1.234.567"})[0] == 1234);  // a decimal mark stands once
  CHECK(read({"1.234", "12,5"})[0] == 1234);
  CHECK(read({"1.234", "1.5e3"})[0] == 1.234);
  CHECK(read({"1,234e5"})[0] == 123400);            // nobody groups before an exponent
  CHECK(read({"1,234", "2 500,125"})[0] == 1.234);  // groups set apart by spaces, so this comma is none
  CHECK(read({"1.234"}, DecimalMark::point)[0] == 1.234);
  CHECK(read({"1.234"}, DecimalMark::comma)[0] == 1234);
  CHECK(read({"1,234"}, DecimalMark::point)[0] == 1234);
  CHECK(read({"1,234"}, DecimalMark::comma)[0] == 1.234);
}

TEST_CASE("what is no number is refused with its place and not repeated", "[numbers]") {
  std::set<std::string> reasons;
  const auto refuses = [&reasons](const Cells& cells, std::size_t row, const char* why,
                                  DecimalMark mark = DecimalMark::detect) {
    CAPTURE(cells);
    try {
      static_cast<void>(read(cells, mark));
      FAIL_CHECK("no error");
    } catch (const funnelgraph::DataError& error) {
      CHECK(error.source() == "leads.csv");
      CHECK(error.column() == "Price");
      CHECK(error.row() == row);
      CHECK_THAT(error.what(), ContainsSubstring(why));
      reasons.insert(error.why());
    }
  };
  for (const char* bad :
       {"twelve",   "$12",     "12 USD",    "12%",       "1..2",  "1,,2",      "1.2.3",
        "1,23,456", "12,34.5", "1.234,5.6", "1 23",      "12 34", "1'23",      "- 5",
        "--5",      "5-",      "(500)",     "e5",        "1e",    "1e+",       "1e5.5",
        "1,234e5,", "inf",     "nan",       "NaN",       "0x1F",  "1_000",     ".",
        ",",        "-",       "1.5 000",   "1,234 567", "\xFF",  "1e9999999", "\xD9\xA1\xD9\xA2"}) {
    refuses({"3.5", bad}, 2, "expected a number");
  }
  CHECK(reasons.size() == 1);  // the same words for every cell: none is repeated
  refuses({"1", "1.234", "5"}, 2, "decimal_mark");
  refuses({"1,234", "5,678"}, 1, "decimal_mark");
  refuses({"1.5", "2,5"}, 2, "differs");
  refuses({"1.234,5", "", "2.5"}, 3, "differs");
  refuses({"1e999"}, 1, "range of a double");
  refuses({"12,5"}, 1, "expected a number", DecimalMark::point);
  refuses({"12.5"}, 1, "expected a number", DecimalMark::comma);
  refuses({"1,234e5"}, 1, "expected a number", DecimalMark::point);
  refuses({"0,123"}, 1, "expected a number", DecimalMark::point);
}
