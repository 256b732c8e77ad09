// Credits of channels: published and computed figures, rules, and what may never change them.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/philox.hpp>
#include <funnelgraph/explain/channel_attribution.hpp>
#include <funnelgraph/fit/delimited.hpp>

#include "journey_rows.hpp"
#include "support/oracle.hpp"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;
using Method = fg::AttributionMethod;

namespace {

fg::AttributionOptions all_methods() {
  fg::AttributionOptions options;
  options.methods.assign(std::begin(fg::attribution_methods), std::end(fg::attribution_methods));
  return options;
}

const fg::ChannelCredit& credit(const fg::ChannelAttribution& result, Method method,
                                const std::string& channel) {
  for (const fg::ChannelCredit& row : result.credits) {
    if (row.method == method && row.channel == channel) return row;
  }
  FAIL("no credit of " << channel);
  return result.credits.front();
}

/// Every number of a result, to compare bit by bit.
std::vector<double> numbers(const fg::ChannelAttribution& result) {
  std::vector<double> all;
  for (const fg::ChannelCredit& row : result.credits) {
    for (const fg::CreditFigure& figure : {row.conversions, row.share, row.value, row.removal_effect}) {
      all.insert(all.end(), {figure.value, figure.low, figure.high});
    }
  }
  for (double& x : all) {
    if (std::isnan(x)) x = -1;
  }
  return all;
}

std::string why(const fg::PathTable& table, const fg::AttributionOptions& options = {}) {
  try {
    (void)fg::attribute_channels(table, options);
  } catch (const fg::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("published removal effects and credits") {
  const auto cases = test::oracle("attribution.json");
  for (const auto& entry : cases.as_array()) {
    const auto& oracle = entry.as_object();
    INFO(test::text(oracle.at("name")));
    const double tolerance = test::number(oracle.at("tolerance"));
    test::JourneyRows rows;
    for (const auto& path : oracle.at("paths").as_array()) {
      std::vector<std::string> channels;
      for (const auto& channel : path.at("path").as_array()) channels.push_back(test::text(channel));
      rows.add(channels, test::number(path.at("conversions")), test::number(path.at("nulls")));
    }
    const fg::ChannelAttribution result = fg::attribute_channels(test::TextRows(rows).table(false));
    const auto& expected = oracle.at("expect").as_object();
    if (expected.contains("conversion"))
      CHECK_THAT(result.conversion_rate, WithinRel(test::number(expected.at("conversion")), tolerance));
    if (expected.contains("removal_effect")) {
      for (const auto& [channel, effect] : expected.at("removal_effect").as_object())
        CHECK_THAT(credit(result, Method::markov, channel).removal_effect.value,
                   WithinRel(test::number(effect), tolerance));
    }
    for (const auto& [channel, conversions] : expected.at("credit").as_object())
      CHECK_THAT(credit(result, Method::markov, channel).conversions.value,
                 WithinRel(test::number(conversions), tolerance));
  }
}

TEST_CASE("ten thousand real paths agree with figures that were computed independently [44]") {
  const auto folder = test::data_dir();
  if (!folder || !std::filesystem::exists(*folder / "channelattribution" / "Data.csv"))
    SKIP("the shared data folder with channelattribution/Data.csv is not here");
  const auto reference = test::parse_json(test::read_text(*folder / "channelattribution" / "reference.json"));
  const auto paths = fg::fit::read_delimited((*folder / "channelattribution" / "Data.csv").string());
  const auto text = paths.text("path");
  const std::vector<std::string_view> views(text.begin(), text.end());
  const std::vector<double> conversions = paths.numbers("total_conversions");
  const std::vector<double> nulls = paths.numbers("total_null");
  const std::vector<double> values = paths.numbers("total_conversion_value");
  fg::PathTable table;
  table.paths = views;
  table.ends = {conversions, nulls, values};
  const fg::ChannelAttribution result = fg::attribute_channels(table, all_methods());
  CHECK(static_cast<double>(result.conversions) == test::number(reference.at("total_conversions")));
  CHECK(static_cast<double>(result.nulls) == test::number(reference.at("total_null")));
  // pandas adds with rounding at each step; ours are exact sums.
  CHECK_THAT(result.value, WithinRel(test::number(reference.at("total_value")), 1e-12));
  REQUIRE(result.channels.size() == reference.at("channels").as_array().size());
  const std::pair<const char*, Method> rules[] = {{"first", Method::first},
                                                  {"last", Method::last},
                                                  {"linear", Method::linear},
                                                  {"position_40_20_40", Method::position},
                                                  {"unique_equal(shapley)", Method::shapley}};
  for (const auto& [key, method] : rules) {
    INFO(key);
    for (const auto& [channel, expected] : reference.at(key).at("conversions").as_object())
      CHECK_THAT(credit(result, method, channel).conversions.value, WithinRel(test::number(expected), 1e-10));
    for (const auto& [channel, expected] : reference.at(key).at("value").as_object())
      CHECK_THAT(credit(result, method, channel).value.value, WithinRel(test::number(expected), 1e-10));
  }
  const auto& markov = reference.at("markov1").as_object();
  CHECK_THAT(result.conversion_rate, WithinRel(test::number(markov.at("p_conversion")), 1e-12));
  for (const auto& [channel, expected] : markov.at("removal_effect").as_object()) {
    // The reference subtracts two probabilities: 1e-16 / effect is what it can know.
    const fg::ChannelCredit& row = credit(result, Method::markov, channel);
    CHECK_THAT(row.removal_effect.value, WithinAbs(test::number(expected), 1e-13));
  }
  for (const auto& [channel, expected] : markov.at("attributed_conversions").as_object())
    CHECK_THAT(credit(result, Method::markov, channel).conversions.value,
               WithinAbs(test::number(expected), 1e-8));
  for (const auto& [channel, expected] : markov.at("attributed_value").as_object())
    CHECK_THAT(credit(result, Method::markov, channel).value.value, WithinAbs(test::number(expected), 1e-8));
  std::map<std::string, double> counts;
  for (const fg::JourneyTransition& step : result.transitions())
    counts[step.from + "->" + step.to] = step.count;
  for (const auto& [step, count] : reference.at("markov_counts").as_object())
    CHECK(counts[step] == test::number(count));
  CHECK(counts.size() == reference.at("markov_counts").as_object().size());

  fg::AttributionOptions halves;
  halves.methods = {Method::position};
  halves.rules.position = {0.5, 0, 0.5};
  const fg::ChannelAttribution u = fg::attribute_channels(table, halves);
  for (const auto& [channel, expected] : reference.at("u_50_50").at("conversions").as_object())
    CHECK_THAT(credit(u, Method::position, channel).conversions.value,
               WithinAbs(test::number(expected), 1e-9));
}

TEST_CASE("credits of every method sum to what was observed") {
  const test::JourneyRows rows = test::drawn_journeys(500, 9, 4);
  for (const std::uint32_t order : {1U, 2U, 4U}) {
    fg::AttributionOptions options = all_methods();
    options.rules.order = order;
    const fg::ChannelAttribution result = fg::attribute_channels(test::TextRows(rows).table(), options);
    for (const Method method : fg::attribution_methods) {
      double conversions = 0, value = 0, share = 0;
      for (const fg::ChannelCredit& row : result.credits) {
        if (row.method != method) continue;
        conversions += row.conversions.value;
        value += row.value.value;
        share += row.share.value;
        CHECK(row.conversions.value >= 0);
      }
      CHECK_THAT(conversions, WithinRel(static_cast<double>(result.conversions), 1e-12));
      CHECK_THAT(value, WithinRel(result.value, 1e-12));
      CHECK_THAT(share, WithinRel(1.0, 1e-12));
    }
  }
}

TEST_CASE("Shapley values equal an enumeration of all coalitions") {
  const test::JourneyRows rows = test::drawn_journeys(120, 6, 8);
  fg::AttributionOptions options;
  options.methods = {Method::shapley};
  const fg::ChannelAttribution result = fg::attribute_channels(test::TextRows(rows).table(), options);
  const std::size_t n = result.channels.size();
  REQUIRE(n == 6);
  const auto worth = [&](unsigned coalition) {
    double conversions = 0;
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const bool inside =
          std::all_of(rows.paths[r].begin(), rows.paths[r].end(), [&](const std::string& name) {
            const auto at = std::find(result.channels.begin(), result.channels.end(), name);
            return ((coalition >> static_cast<unsigned>(at - result.channels.begin())) & 1U) != 0;
          });
      if (inside) conversions += rows.conversions[r];
    }
    return conversions;
  };
  const auto factorial = [](std::size_t k) { return std::tgamma(static_cast<double>(k) + 1); };
  for (std::size_t c = 0; c < n; ++c) {
    double value = 0;
    for (unsigned coalition = 0; coalition < (1U << n); ++coalition) {
      if (((coalition >> c) & 1U) != 0) continue;
      const auto size = static_cast<std::size_t>(__builtin_popcount(coalition));
      value += factorial(size) * factorial(n - size - 1) / factorial(n) *
               (worth(coalition | (1U << c)) - worth(coalition));
    }
    // A sum of 32 rounded terms on their side.
    CHECK_THAT(result.credits[c].conversions.value, WithinRel(value, 1e-12));
  }
}

TEST_CASE("rules on one path, worked by hand") {
  test::JourneyRows rows;
  rows.add({"A", "B", "A", "C"}, 10, 0, 100);
  fg::AttributionOptions options = all_methods();
  options.rules.half_life = 1;
  const fg::ChannelAttribution result = fg::attribute_channels(test::TextRows(rows).table(), options);
  const auto conversions = [&](Method method, const char* channel) {
    return credit(result, method, channel).conversions.value;
  };
  CHECK(conversions(Method::first, "A") == 10);
  CHECK(conversions(Method::last, "C") == 10);
  CHECK(conversions(Method::linear, "A") == 5);
  CHECK_THAT(conversions(Method::shapley, "A"), WithinRel(10.0 / 3, 1e-15));
  CHECK_THAT(conversions(Method::position, "A"), WithinRel(5.0, 1e-14));
  CHECK_THAT(conversions(Method::position, "B"), WithinRel(1.0, 1e-14));
  // Weights 1/8, 1/4, 1/2, 1.
  CHECK_THAT(conversions(Method::time_decay, "A"), WithinRel(10 * 0.625 / 1.875, 1e-14));
  CHECK_THAT(conversions(Method::time_decay, "B"), WithinRel(10 * 0.25 / 1.875, 1e-14));
  CHECK_THAT(credit(result, Method::time_decay, "C").value.value, WithinRel(100 / 1.875, 1e-14));
  // From A half of the steps go to B and half to C: without A or C nothing converts, without B half does.
  CHECK_THAT(conversions(Method::markov, "A"), WithinRel(4.0, 1e-14));
  CHECK_THAT(conversions(Method::markov, "B"), WithinRel(2.0, 1e-14));
  CHECK(credit(result, Method::linear, "A").touches == 20);
}

TEST_CASE("position: two touches share the middle, one takes all") {
  test::JourneyRows rows;
  rows.add({"A", "B"}, 1, 0).add({"C"}, 1, 0);
  fg::AttributionOptions options;
  options.methods = {Method::position};
  options.rules.position = {3, 5, 1};
  const fg::ChannelAttribution result = fg::attribute_channels(test::TextRows(rows).table(false), options);
  CHECK_THAT(result.credits[0].conversions.value, WithinRel(0.75, 1e-14));
  CHECK_THAT(result.credits[1].conversions.value, WithinRel(0.25, 1e-14));
  CHECK(result.credits[2].conversions.value == 1);
  CHECK(std::isnan(result.credits[0].value.value));
  options.rules.position = {0, 1, 0};
  CHECK(fg::attribute_channels(test::TextRows(rows).table(false), options).credits[0].conversions.value ==
        0.5);
}

TEST_CASE("the same bits at any thread count, in any order of rows, from text and from codes, in pieces") {
  const test::JourneyRows rows = test::drawn_journeys(50'000, 40, 6);
  for (const std::uint32_t order : {1U, 2U}) {
    fg::AttributionOptions options = all_methods();
    options.rules.order = order;
    const test::TextRows text(rows);
    const test::CodedRows coded(rows);
    const std::vector<double> expected =
        numbers(fg::attribute_channels(text.table(), options, fg::Execution{.threads = 1}));
    CHECK(numbers(fg::attribute_channels(text.table(), options, fg::Execution{.threads = 2})) == expected);
    CHECK(numbers(fg::attribute_channels(text.table(), options, fg::Execution{.threads = 7})) == expected);
    CHECK(numbers(fg::attribute_channels(coded.table(), options, fg::Execution{.threads = 3})) == expected);

    test::JourneyRows turned;
    for (std::size_t r = rows.size(); r-- > 0;)
      turned.add(rows.paths[r], rows.conversions[r], rows.nulls[r], rows.values[r]);
    CHECK(numbers(fg::attribute_channels(test::TextRows(turned).table(), options)) == expected);

    test::JourneyRows left, right;
    for (std::size_t r = 0; r < rows.size(); ++r)
      (r % 3 == 0 ? left : right).add(rows.paths[r], rows.conversions[r], rows.nulls[r], rows.values[r]);
    fg::JourneyCounts counts(options), others(options);
    counts.add(test::TextRows(right).table());
    others.add(test::CodedRows(left).table());
    counts.merge(others);
    CHECK(numbers(fg::attribute_channels(counts)) == expected);
  }
}

TEST_CASE("more channels than the square of counts holds give the same counts") {
  // 1500 channels in one table, and in two of which one stays small.
  test::JourneyRows all, few;
  for (int i = 0; i < 1500; ++i)
    all.add({"c" + std::to_string(i), "c" + std::to_string((i * 7 + 1) % 1500), "c0"}, i % 2, 1);
  few.add({"c1", "c2"}, 1, 2).add({"c2", "c1", "c3"}, 0, 3);
  fg::JourneyCounts small, large, both;
  small.add(test::TextRows(few).table(false));
  large.add(test::TextRows(all).table(false));
  both.add(test::TextRows(all).table(false));
  both.add(test::TextRows(few).table(false));
  small.merge(large);
  const fg::JourneyChain a = small.chain(), b = both.chain();
  CHECK(a.target == b.target);
  CHECK(a.count == b.count);
  CHECK(a.started == b.started);
  CHECK(a.converted == b.converted);
  CHECK(a.lost == b.lost);
  CHECK(a.channel_count == 1500);
  double started = 0;
  for (const double journeys : b.started) started += journeys;
  CHECK(started == 750 + 1500 + 3 + 3);
}

TEST_CASE("a row of many journeys equals as many rows") {
  test::JourneyRows many, single;
  many.add({"A", "B"}, 3, 2, 30).add({"B", "C"}, 1, 0, 5);
  for (int i = 0; i < 3; ++i) single.add({"A", "B"}, 1, 0, 10);
  for (int i = 0; i < 2; ++i) single.add({"A", "B"}, 0, 1);
  single.add({"B", "C"}, 1, 0, 5);
  CHECK(numbers(fg::attribute_channels(test::TextRows(many).table(), all_methods())) ==
        numbers(fg::attribute_channels(test::TextRows(single).table(), all_methods())));
}

TEST_CASE("separators and spellings") {
  test::JourneyRows rows;
  rows.add({"a", "b"}, 1, 0).add({"b"}, 0, 1);
  const std::vector<double> expected = numbers(fg::attribute_channels(test::TextRows(rows).table(false)));
  for (const char* separator : {">", "  >  ", "|", "->", " \xE2\x86\x92 ", "\t", " "}) {
    INFO(separator);
    CHECK(numbers(fg::attribute_channels(test::TextRows(rows, separator).table(false))) == expected);
  }
  fg::PathTable table = test::TextRows(rows, ">").table(false);
  table.separator = " > ";  // blanks do not matter
  test::TextRows tight(rows, ">");
  fg::PathTable loose = tight.table(false);
  loose.separator = " > ";
  CHECK(numbers(fg::attribute_channels(loose)) == expected);
  // Two spellings of one name in Unicode: composed and decomposed.
  test::JourneyRows spelled;
  spelled.add({"qu\xE1\xBA\xA3ng c\xC3\xA1o"}, 1, 0).add({"qua\xCC\x89ng ca\xCC\x81o", "x"}, 1, 0);
  CHECK(fg::attribute_channels(test::TextRows(spelled).table(false)).channels.size() == 2);
}

TEST_CASE("credit by owner is shown with touches of Sales and of another only [19]") {
  test::JourneyRows rows;
  rows.add({"search", "mail", "call"}, 4, 2, 40).add({"search"}, 1, 5, 7).add({"call"}, 2, 1, 9);
  const test::TextRows text(rows);
  fg::AttributionOptions options;
  options.methods = {Method::markov, Method::linear};
  const auto notes = [&] {
    std::string all;
    for (const std::string& note : fg::attribute_channels(text.table(), options).notes) all += note + "\n";
    return all;
  };
  CHECK_THAT(notes(), ContainsSubstring("The touches have no owners: credit between owners is not shown."));
  options.owners = {{"search", "Marketing"}, {"mail", "Marketing"}};
  CHECK(fg::attribute_channels(text.table(), options).owners.empty());
  CHECK_THAT(notes(), ContainsSubstring(
                          "No touch of Sales is in these journeys: credit between owners is not shown."));
  options.owners = {{"call", "Sales"}};
  CHECK_THAT(notes(), ContainsSubstring("Only touches of Sales have an owner"));
  options.owners = {{"search", "Marketing"}, {"call", "Kinh doanh"}};
  CHECK(fg::attribute_channels(text.table(), options).owners.empty());
  options.roles = {{"Kinh doanh", fg::Role::sales}};
  options.owners["gone"] = "Marketing";
  const fg::ChannelAttribution result = fg::attribute_channels(text.table(), options);
  CHECK_THAT(notes(), ContainsSubstring("1 channel has no owner"));
  CHECK_THAT(notes(), ContainsSubstring("in no journey, the first: gone"));
  REQUIRE(result.owners.size() == 6);
  const fg::OwnerCredit& sales = result.owners[0];
  CHECK(sales.owner == "Kinh doanh");
  CHECK_THAT(sales.removal_effect,
             WithinRel(credit(result, Method::markov, "call").removal_effect.value, 1e-12));
  CHECK(result.owners[2].owner == fg::not_assigned);
  for (const std::size_t method : {std::size_t{0}, std::size_t{3}}) {
    double conversions = 0, value = 0;
    for (std::size_t o = 0; o < 3; ++o) {
      conversions += result.owners[method + o].conversions;
      value += result.owners[method + o].value;
    }
    CHECK_THAT(conversions, WithinRel(7.0, 1e-12));
    CHECK_THAT(value, WithinRel(56.0, 1e-12));
  }
  // A joint channel is split by its shares.
  options.owners["mail"] = fg::Ownership({{"Marketing", 0.25}, {"Kinh doanh", 0.75}});
  const fg::ChannelAttribution joint = fg::attribute_channels(text.table(), options);
  CHECK_THAT(joint.owners[2].conversions,
             WithinRel(credit(joint, Method::linear, "call").conversions.value +
                           0.75 * credit(joint, Method::linear, "mail").conversions.value,
                       1e-12));
  options.owners["mail"] = fg::Ownership({{"Marketing", 0.25}, {"Kinh doanh", 0.5}});
  CHECK_THAT(why(text.table(), options), ContainsSubstring("'mail'") && ContainsSubstring("sum"));
}

TEST_CASE("the header never calls credit incremental") {
  CHECK_THAT(std::string(fg::attribution_header), ContainsSubstring("Not incremental"));
  CHECK_THAT(std::string(fg::attribution_header), ContainsSubstring("experiment"));
}

TEST_CASE("intervals: seeded, the same at any thread count, around the credits") {
  const test::JourneyRows rows = test::drawn_journeys(800, 6, 2);
  fg::AttributionOptions options = all_methods();
  options.intervals = {.replications = 200, .seed = 7, .level = 0.9};
  const test::TextRows text(rows);
  const fg::ChannelAttribution result =
      fg::attribute_channels(text.table(), options, fg::Execution{.threads = 1});
  CHECK(numbers(fg::attribute_channels(text.table(), options, fg::Execution{.threads = 4})) ==
        numbers(result));
  for (const fg::ChannelCredit& row : result.credits) {
    CHECK(row.conversions.low < row.conversions.value);
    CHECK(row.conversions.value < row.conversions.high);
    CHECK(row.share.low < row.share.value);
    CHECK(row.share.value < row.share.high);
    CHECK(row.value.low < row.value.high);
    CHECK((row.method == Method::markov) == !std::isnan(row.removal_effect.low));
  }
  options.intervals.seed = 8;
  CHECK(numbers(fg::attribute_channels(text.table(), options)) != numbers(result));
  CHECK_THAT(result.notes.back(),
             ContainsSubstring("90 %") && ContainsSubstring("200") && ContainsSubstring("seed 7"));
}

TEST_CASE("intervals of a share have the width of a binomial share") {
  // 400 conversions of one touch each, 100 of them A: the share's deviation is sqrt(.25 .75 / 400) = .0217.
  test::JourneyRows rows;
  rows.add({"A"}, 100, 50).add({"B"}, 300, 20);
  fg::AttributionOptions options;
  options.methods = {Method::last};
  options.intervals = {.replications = 4000, .seed = 1};
  const fg::ChannelAttribution result = fg::attribute_channels(test::TextRows(rows).table(false), options);
  const fg::CreditFigure& share = result.credits[0].share;
  // 4000 replications know an end of the interval to about 3 % of its distance.
  CHECK_THAT(share.high - share.low, WithinRel(2 * 1.96 * 0.02165, 0.06));
  // Conversions vary as a Poisson number, deviation 10.
  const fg::CreditFigure& conversions = result.credits[0].conversions;
  CHECK_THAT(conversions.high - conversions.low, WithinRel(2 * 1.96 * 10, 0.06));
}

TEST_CASE("intervals cover the truth as often as they say") {
  // Journeys A > B converting with 0.3 and B with 0.1, half each: at order 1 the effect of A is known exactly
  // from the model's probabilities, and the effect is a smooth function of counts.
  constexpr int runs = 200, journeys = 600;
  const auto truth = [] {
    test::JourneyRows rows;
    rows.add({"A", "B"}, 300, 700).add({"B"}, 100, 900);
    return fg::attribute_channels(test::TextRows(rows).table(false)).credits[0].share.value;
  }();
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    fg::RandomStream stream(11, static_cast<std::uint64_t>(run), "coverage");
    double ends[2][2] = {{0, 0}, {0, 0}};
    for (int j = 0; j < journeys; ++j) {
      const int kind = stream.uniform() < 0.5 ? 0 : 1;
      ends[kind][stream.uniform() < (kind == 0 ? 0.3 : 0.1) ? 0 : 1] += 1;
    }
    test::JourneyRows rows;
    rows.add({"A", "B"}, ends[0][0], ends[0][1]).add({"B"}, ends[1][0], ends[1][1]);
    fg::AttributionOptions options;
    options.intervals = {.replications = 300, .seed = static_cast<std::uint64_t>(run)};
    const auto result = fg::attribute_channels(test::TextRows(rows).table(false), options);
    const fg::CreditFigure& share = result.credits[0].share;
    if (share.low <= truth && truth <= share.high) ++covered;
  }
  // 95 % nominal; below 90 % of 200 runs would be 3 standard deviations off.
  CHECK(covered >= 180);
}

TEST_CASE("bad tables are refused with the row") {
  test::JourneyRows good;
  good.add({"a", "b"}, 1, 0, 5).add({"b"}, 0, 2, 0).add({"c", "a"}, 2, 1, 8);
  const test::TextRows text(good);
  const std::vector<std::string_view> paths(text.table().paths.begin(), text.table().paths.end());
  fg::PathTable table = text.table();
  const auto with_path = [&](std::string_view path) {
    static std::vector<std::string_view> changed;
    changed = paths;
    changed[1] = path;
    fg::PathTable other = table;
    other.paths = changed;
    return why(other);
  };
  CHECK_THAT(with_path(""), ContainsSubstring("row 2") && ContainsSubstring("empty path"));
  CHECK_THAT(with_path("   "), ContainsSubstring("empty path"));
  CHECK_THAT(with_path("a >  > b"), ContainsSubstring("row 2") && ContainsSubstring("touch without a name"));
  CHECK_THAT(with_path("a > "), ContainsSubstring("touch without a name"));
  CHECK_THAT(with_path("a\xFF > b"), ContainsSubstring("row 2") && ContainsSubstring("UTF-8"));

  const auto with_number = [&](double number, std::span<const double> fg::JourneyEnds::* column) {
    static std::vector<double> changed;
    changed.assign((table.ends.*column).begin(), (table.ends.*column).end());
    changed[2] = number;
    fg::PathTable other = table;
    other.ends.*column = changed;
    return why(other);
  };
  CHECK_THAT(with_number(-1, &fg::JourneyEnds::conversions),
             ContainsSubstring("row 3, column 'conversions'") && ContainsSubstring("negative"));
  CHECK_THAT(with_number(1.5, &fg::JourneyEnds::conversions), ContainsSubstring("not a whole number"));
  CHECK_THAT(with_number(std::nan(""), &fg::JourneyEnds::nulls),
             ContainsSubstring("row 3, column 'nulls'") && ContainsSubstring("missing"));
  CHECK_THAT(with_number(1e300, &fg::JourneyEnds::nulls), ContainsSubstring("more than 2^53"));
  CHECK_THAT(with_number(std::nan(""), &fg::JourneyEnds::values),
             ContainsSubstring("row 3, column 'value'") && ContainsSubstring("missing"));
  CHECK_THAT(with_number(std::numeric_limits<double>::infinity(), &fg::JourneyEnds::values),
             ContainsSubstring("not finite"));
  const std::vector<double> unearned = {5, 1, 8};
  fg::PathTable other = table;
  other.ends.values = unearned;
  CHECK_THAT(why(other), ContainsSubstring("row 2") && ContainsSubstring("without a conversion"));
  const std::vector<double> unknown = {5, std::nan(""), 8};
  other.ends.values = unknown;
  CHECK(why(other).empty());
  const std::vector<double> short_column = {1, 2};
  other = table;
  other.ends.nulls = short_column;
  CHECK_THAT(why(other), ContainsSubstring("has 2 rows, there are 3 paths"));

  const std::vector<double> none = {0, 0, 0};
  other = table;
  other.ends.conversions = none;
  other.ends.values = {};
  CHECK_THAT(why(other), ContainsSubstring("no journey has a conversion"));
  other.ends.nulls = none;
  CHECK_THAT(why(other), ContainsSubstring("there are no journeys"));
  CHECK_THAT(why(fg::PathTable{}), ContainsSubstring("there are no journeys"));

  other = table;
  other.separator = " | ";
  CHECK_THAT(why(other),
             ContainsSubstring("row 1") && ContainsSubstring("\" | \"") && ContainsSubstring("\">\""));
  other.separator = "";
  CHECK_THAT(why(other), ContainsSubstring("separator="));
  // Single touches whose names have no other separator are fine.
  const std::vector<std::string_view> singles = {"a", "b", "c"};
  other = table;
  other.paths = singles;
  other.separator = " | ";
  CHECK(why(other).empty());
}

TEST_CASE("the first bad row is named at any thread count, and nothing of its table is counted") {
  test::JourneyRows rows = test::drawn_journeys(60'000, 5, 1);
  rows.conversions[55'000] = -1;
  rows.conversions[40'000] = 0.5;
  for (const unsigned threads : {1U, 2U, 5U}) {
    fg::JourneyCounts counts;
    counts.add(test::TextRows(test::drawn_journeys(10, 5, 1)).table(false));
    const auto before = counts.conversions();
    try {
      counts.add(test::TextRows(rows).table(false), fg::Execution{.threads = threads});
      FAIL("accepted");
    } catch (const fg::DataError& error) {
      CHECK(error.row() == 40'001);
      CHECK(error.column() == "conversions");
    }
    CHECK(counts.conversions() == before);
  }
}

TEST_CASE("bad codes are refused with the row") {
  test::JourneyRows rows;
  rows.add({"a", "b"}, 1, 0).add({"b"}, 0, 2);
  const test::CodedRows coded(rows);
  const auto message = [](const fg::CodedPaths& table) {
    try {
      (void)fg::attribute_channels(table);
    } catch (const fg::Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  fg::CodedPaths table = coded.table(false);
  const std::vector<std::uint32_t> wild = {0, 1, 9};
  table.codes = wild;
  CHECK_THAT(message(table), ContainsSubstring("row 2") && ContainsSubstring("code 9"));
  table = coded.table(false);
  const std::vector<std::uint64_t> empty = {0, 3, 3}, far = {0, 2, 99}, back = {2, 0, 3};
  table.begin = empty;
  CHECK_THAT(message(table), ContainsSubstring("row 2") && ContainsSubstring("empty path"));
  table.begin = far;
  CHECK_THAT(message(table), ContainsSubstring("ends behind its codes"));
  table.begin = back;
  CHECK_THAT(message(table), ContainsSubstring("row 1"));
  table = coded.table(false);
  const std::vector<double> ages = {1, 0, -1};
  table.ages = ages;
  CHECK(message(table).empty());  // nobody asks for ages
  fg::AttributionOptions decay;
  decay.methods = {Method::time_decay};
  CHECK_THROWS_AS(fg::attribute_channels(table, decay), fg::DataError);
}

TEST_CASE("options outside their ranges are refused") {
  const auto refused = [](auto change) {
    fg::AttributionOptions options;
    change(options);
    CHECK_THROWS_AS(fg::JourneyCounts(options), fg::InvalidValueError);
  };
  refused([](auto& o) { o.methods.clear(); });
  refused([](auto& o) { o.methods = {Method::linear, Method::linear}; });
  refused([](auto& o) { o.rules.order = 0; });
  refused([](auto& o) { o.rules.order = 17; });
  refused([](auto& o) { o.rules.half_life = 0; });
  refused([](auto& o) { o.rules.half_life = std::nan(""); });
  refused([](auto& o) { o.rules.position = {-1, 1, 1}; });
  refused([](auto& o) { o.rules.position = {0, 0, 0}; });
  refused([](auto& o) { o.intervals.replications = 99; });
  refused([](auto& o) { o.intervals.level = 1; });
  fg::JourneyCounts linear({.methods = {Method::linear}}), markov;
  CHECK_THROWS_AS(linear.merge(markov), fg::InvalidValueError);
}
