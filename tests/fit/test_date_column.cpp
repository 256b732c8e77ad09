#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/date_column.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fit = funnelgraph::fit;
using Catch::Matchers::ContainsSubstring;
using Cells = std::vector<std::string>;
using fit::Tick;

namespace {

const fit::CellPlace place{"leads.csv", "Lead_Date", 1};
constexpr Tick day = fit::ticks_per_day;
constexpr Tick hour = day / 24;
constexpr Tick minute = hour / 60;
constexpr Tick second = minute / 60;
// (date(2024, 1, 31) - date(1970, 1, 1)).days in Python
constexpr Tick january_31 = 19753 * day;

std::vector<Tick> read(const Cells& cells, std::optional<bool> day_first = std::nullopt) {
  return fit::read_times(cells, place, {.day_first = day_first});
}

}  // namespace

TEST_CASE("dates are read in every order that is clear", "[dates]") {
  for (const char* cell : {"2024-01-31", "2024/1/31", "2024.01.31", "20240131", "31/01/2024", "31-1-2024",
                           "31.01.2024", "1/31/2024", "01-31-2024", " 2024-01-31 "}) {
    CAPTURE(cell);
    CHECK(read({cell}) == std::vector<Tick>{january_31});
  }
  CHECK(read({"1970-01-01", "1969-12-31", "2000-02-29", "2024-02-29"}) ==
        std::vector<Tick>{0, -day, 11016 * day, 19782 * day});
  CHECK(read({"0001-01-01"})[0] == fit::earliest_tick);
  CHECK(read({"9999-12-31T23:59:59.999999"})[0] == fit::latest_tick);
  CHECK(read({"", "  ", "2024-01-31"}) == std::vector<Tick>{fit::no_tick, fit::no_tick, january_31});
  CHECK(read({}).empty());
}

TEST_CASE("every day of four centuries is its place in the calendar", "[dates]") {
  const auto leap = [](int y) { return y % 4 == 0 && (y % 100 != 0 || y % 400 == 0); };
  constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  Cells cells;
  std::vector<Tick> expected;
  Tick tick = -135140 * day;  // (date(1600, 1, 1) - date(1970, 1, 1)).days
  for (int y = 1600; y < 2000; ++y) {
    for (int m = 1; m <= 12; ++m) {
      for (int d = 1; d <= lengths[m - 1] + (m == 2 && leap(y) ? 1 : 0); ++d, tick += day) {
        cells.push_back(std::to_string(y) + "-" + std::to_string(m) + "-" + std::to_string(d));
        expected.push_back(tick);
      }
    }
  }
  CHECK(read(cells) == expected);
}

TEST_CASE("times of day, fractions and offsets", "[dates]") {
  const Tick clock = january_31 + 14 * hour + 5 * minute;
  for (const char* cell :
       {"2024-01-31T14:05", "2024-01-31 14:05:00", "2024-01-31t14:05:00.0", "31/01/2024  14:05",
        "1/31/2024 2:05 PM", "1/31/2024 2:05:00pm", "20240131T14:05"}) {
    CAPTURE(cell);
    CHECK(read({cell}) == std::vector<Tick>{clock});
  }
  CHECK(read({"2024-01-31 14:05:09.123456789"})[0] == clock + 9 * second + 123456);
  CHECK(read({"2024-01-31 14:05:09,5"})[0] == clock + 9 * second + 500000);
  CHECK(read({"2024-01-31 12:00 AM", "2024-01-31 12:00 PM"}) ==
        std::vector<Tick>{january_31, january_31 + 12 * hour});
  CHECK(read({"2024-01-30T24:00"})[0] == january_31);
  CHECK(read({"2024-01-31T14:05Z", "2024-01-31T21:05+07:00", "2024-01-31T21:05+0700", "2024-01-31T09:05-05",
              "2024-01-31 14:05 UTC", "2024-01-31 14:05 GMT", "2024-01-31T08:35:00-05:30"}) ==
        std::vector<Tick>(7, clock));
}

TEST_CASE("the column or the caller says whether the day comes first", "[dates]") {
  // (date(2024, 4, 3) - date(1970, 1, 1)).days = 19816; 2024-03-04 is 19786.
  CHECK(read({"03/04/2024", "13/04/2024"})[0] == 19816 * day);
  CHECK(read({"03/04/2024", "04/13/2024"})[0] == 19786 * day);
  CHECK(read({"03/04/2024"}, true)[0] == 19816 * day);
  CHECK(read({"03/04/2024"}, false)[0] == 19786 * day);
  CHECK(read({"03.04.2024"})[0] == 19816 * day);
  CHECK(read({"03.04.2024"}, false)[0] == 19786 * day);
  CHECK(read({"05/05/2024"})[0] == 19848 * day);  // the same either way
  CHECK(read({"03/04/2024", "2024-12-25", "25/12/2024"})[0] == 19816 * day);
}

TEST_CASE("dates that are none are refused with their place and not repeated", "[dates]") {
  std::set<std::string> reasons;
  const auto refuses = [&reasons](const Cells& cells, std::size_t row, const char* why,
                                  std::optional<bool> day_first = std::nullopt) {
    CAPTURE(cells);
    try {
      static_cast<void>(read(cells, day_first));
      FAIL_CHECK("no error");
    } catch (const funnelgraph::DataError& error) {
      CHECK(error.column() == "Lead_Date");
      CHECK(error.row() == row);
      CHECK_THAT(error.what(), ContainsSubstring(why));
      reasons.insert(error.why());
    }
  };
  for (const char* bad :
       {"31/02/2024", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "0000-01-01",
        "32/01/2024", "31/13/2024", "00/01/2024", "9999-12-31T24:00", "0001-01-01T00:00+01:00"}) {
    refuses({"", bad}, 2, "no such date");
  }
  for (const char* bad : {"46023", "45322", "46023.4375", "46023,4375"})
    refuses({"", bad}, 2, "as spreadsheets store dates");
  for (const char* bad : {"yesterday",
                          "4602",
                          "46023.4375.1",
                          "46023 4375",
                          "2024",
                          "2024-01",
                          "24-01-31",
                          "31/01/24",
                          "31 Jan 2024",
                          "2024-01-31T",
                          "2024-01-31x",
                          "2024-01-31T14",
                          "2024-01-31T14:5",
                          "2024-01-31T25:00",
                          "2024-01-31T14:60",
                          "2024-01-31T14:05:60",
                          "2024-01-31T14:05:",
                          "2024-01-31T14:05:09.",
                          "2024-01-31T13:00 PM",
                          "2024-01-31T0:30 AM",
                          "2024-01-31T14:05+7",
                          "2024-01-31T14:05+07:0",
                          "2024-01-31T14:05+24:00",
                          "2024-01-31T14:05 CET",
                          "2024-01/31",
                          "2024--31",
                          "-2024-01-31",
                          "202401311",
                          "31/001/2024",
                          "31/01/02024",
                          "2024-01-31T24:01",
                          "2024-01-31Z",
                          "\xFF",
                          "1e5"}) {
    refuses({"2024-01-30", bad}, 2, "expected a date");
  }
  CHECK(reasons.size() == 3);  // the same words for every cell: none is repeated
  refuses({"2024-12-25", "03/04/2024"}, 2, "day_first");
  refuses({"13/04/2024", "04/13/2024"}, 2, "another order");
  refuses({"13/04/2024"}, 1, "no such date", false);
  refuses({"04/13/2024"}, 1, "no such date", true);
  refuses({"2024-01-31T14:05Z", "2024-01-31T14:05"}, 2, "offset");
  refuses({"2024-01-31", "2024-01-31T14:05+07:00"}, 2, "offset");
}
