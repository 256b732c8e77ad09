// Journeys from a table with a row a touch.
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/touches.hpp>

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;
using Method = fg::AttributionMethod;

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A table of touches as literals.
struct Touches {
  std::vector<std::int64_t> journey;
  std::vector<std::string> channel;
  std::vector<double> day;
  std::vector<double> converted{}, value{};
  std::vector<std::string> owner{};

  [[nodiscard]] fg::fit::Columns columns() const {
    fg::fit::Columns table(journey.size(), "touches");
    table.add("user", fg::fit::Integers{journey});
    table.add_text("channel", channel);
    table.add("day", fg::fit::Numbers{day});
    if (!converted.empty()) table.add("converted", fg::fit::Numbers{converted});
    if (!value.empty()) table.add("value", fg::fit::Numbers{value});
    if (!owner.empty()) table.add_text("owner", owner);
    return table;
  }
  [[nodiscard]] fg::TouchOptions options() const {
    fg::TouchOptions names{.journey = "user", .channel = "channel", .time = "day"};
    if (!converted.empty()) names.converted = "converted";
    if (!value.empty()) names.value = "value";
    if (!owner.empty()) names.owner = "owner";
    return names;
  }
  [[nodiscard]] fg::Journeys read(fg::ConvertedPer per = fg::ConvertedPer::journey) const {
    fg::TouchOptions names = options();
    names.converted_per = per;
    return fg::read_touches(columns(), names);
  }
  [[nodiscard]] std::string why(fg::ConvertedPer per = fg::ConvertedPer::journey) const {
    try {
      (void)read(per);
    } catch (const fg::Error& error) {
      return error.what();
    }
    return "";
  }
};

std::vector<std::string> paths_of(const fg::Journeys& journeys) {
  std::vector<std::string> paths;
  for (std::size_t r = 0; r + 1 < journeys.begin.size(); ++r) {
    std::string text;
    for (std::uint64_t t = journeys.begin[r]; t < journeys.begin[r + 1]; ++t)
      text += (text.empty() ? "" : " > ") + journeys.channels[journeys.codes[t]];
    paths.push_back(text);
  }
  return paths;
}

}  // namespace

TEST_CASE("touches are sorted by journey and time; ties keep their order") {
  const Touches table{.journey = {2, 1, 2, 1, 1},
                      .channel = {"mail", "call", "search", "search", "mail"},
                      .day = {3, 5, 1, 2, 5},
                      .converted = {1, 0, 1, none, 0},
                      .value = {9, none, none, none, none}};
  const fg::Journeys journeys = table.read();
  CHECK(paths_of(journeys) == std::vector<std::string>{"search > call > mail", "search > mail"});
  CHECK(journeys.conversions == std::vector<double>{0, 1});
  CHECK(journeys.nulls == std::vector<double>{1, 0});
  CHECK(journeys.values == std::vector<double>{0, 9});
  CHECK(journeys.ages == std::vector<double>{3, 0, 0, 2, 0});
}

TEST_CASE("conversions of touches cut the path") {
  const Touches table{.journey = {1, 1, 1, 1, 2},
                      .channel = {"a", "b", "c", "d", "a"},
                      .day = {1, 2, 3, 4, 1},
                      .converted = {0, 1, 0, 0, 2},
                      .value = {none, 5, 0, none, 8}};
  const fg::Journeys journeys = table.read(fg::ConvertedPer::touch);
  CHECK(paths_of(journeys) == std::vector<std::string>{"a > b", "c > d", "a"});
  CHECK(journeys.conversions == std::vector<double>{1, 0, 2});
  CHECK(journeys.nulls == std::vector<double>{0, 1, 0});
  CHECK(journeys.values == std::vector<double>{5, 0, 8});
  // Taken as a fact of the journey the rows disagree, and the message says what to do.
  CHECK_THAT(table.why(),
             ContainsSubstring("row 2, column 'converted'") && ContainsSubstring("converted_per"));
}

TEST_CASE("time decay goes by days") {
  const Touches table{.journey = {1, 1}, .channel = {"a", "b"}, .day = {0, 7}};
  fg::AttributionOptions options;
  options.methods = {Method::time_decay, Method::linear};
  const auto result = fg::attribute_channels(table.columns(), table.options(), options);
  CHECK_THAT(result.credits[0].conversions.value, WithinRel(1.0 / 3, 1e-14));
  options.rules.half_life = 3.5;
  const auto steeper = fg::attribute_channels(table.columns(), table.options(), options);
  CHECK_THAT(steeper.credits[0].conversions.value, WithinRel(0.2, 1e-14));
  // Intervals take every journey by itself there.
  options.intervals = {.replications = 100, .seed = 3};
  const auto drawn = fg::attribute_channels(table.columns(), table.options(), options);
  CHECK_THAT(drawn.credits[0].share.low, WithinRel(0.2, 1e-12));
}

TEST_CASE("dates, and journeys and channels as text or numbers, give the same paths") {
  const std::vector<fg::fit::Tick> ticks = {2 * fg::fit::ticks_per_day, fg::fit::ticks_per_day};
  const std::vector<std::string> journey = {"x", "x"};
  const std::vector<std::int64_t> channel = {7, 30};
  fg::fit::Columns table(2);
  table.add_text("user", journey);
  table.add("channel", fg::fit::Integers{channel});
  table.add("time", fg::fit::Times{ticks});
  const fg::Journeys journeys =
      fg::read_touches(table, {.journey = "user", .channel = "channel", .time = "time"});
  CHECK(paths_of(journeys) == std::vector<std::string>{"30 > 7"});
  CHECK(journeys.conversions == std::vector<double>{1});
  CHECK(journeys.ages == std::vector<double>{1, 0});
}

TEST_CASE("owners come with the touches [19]") {
  Touches table{.journey = {1, 1, 2},
                .channel = {"search", "call", "call"},
                .day = {1, 2, 1},
                .converted = {1, 1, 0},
                .value = {},
                .owner = {"Marketing", "Sales", ""}};
  const auto result = fg::attribute_channels(table.columns(), table.options());
  REQUIRE(result.owners.size() == 2);
  CHECK(result.owners[0].owner == "Marketing");
  fg::AttributionOptions options;
  options.owners = {{"call", "Care"}};
  CHECK(fg::attribute_channels(table.columns(), table.options(), options).owners.empty());
  table.owner[2] = "Marketing";
  CHECK_THAT(table.why(), ContainsSubstring("row 3, column 'owner'") && ContainsSubstring("second owner"));
}

TEST_CASE("bad touches are refused with the row") {
  const Touches good{.journey = {1, 1, 2},
                     .channel = {"a", "b", "a"},
                     .day = {1, 2, 3},
                     .converted = {1, none, 0},
                     .value = {4, none, none}};
  CHECK(good.why().empty());
  Touches bad = good;
  bad.channel[1] = "";
  CHECK_THAT(bad.why(), ContainsSubstring("row 2, column 'channel'") && ContainsSubstring("missing"));
  bad = good;
  bad.day[2] = none;
  CHECK_THAT(bad.why(), ContainsSubstring("row 3, column 'day'") && ContainsSubstring("missing"));
  bad = good;
  bad.journey[0] = std::numeric_limits<std::int64_t>::min();
  CHECK_THAT(bad.why(), ContainsSubstring("row 1, column 'user'"));
  bad = good;
  bad.converted = {-1, -1, 0};
  CHECK_THAT(bad.why(), ContainsSubstring("row 1, column 'converted'") && ContainsSubstring("negative"));
  bad.converted = {0.5, 0.5, 0};
  CHECK_THAT(bad.why(), ContainsSubstring("not a whole number"));
  bad = good;
  bad.value = {none, none, none};
  CHECK_THAT(bad.why(), ContainsSubstring("is missing, and the journey has conversions"));
  bad.value = {4, 4, 3};
  CHECK_THAT(bad.why(), ContainsSubstring("row 3") && ContainsSubstring("without a conversion"));
  bad.value = {4, 5, none};
  CHECK_THAT(bad.why(), ContainsSubstring("row 2, column 'value'") && ContainsSubstring("differs"));
  bad = good;
  bad.converted.clear();
  CHECK_THROWS_AS(bad.read(), fg::InvalidValueError);
  fg::TouchOptions names = good.options();
  names.time = "dya";
  CHECK_THROWS_AS(fg::read_touches(good.columns(), names), fg::UnknownNameError);
  names.time = "";
  CHECK_THROWS_AS(fg::read_touches(good.columns(), names), fg::InvalidValueError);
}
