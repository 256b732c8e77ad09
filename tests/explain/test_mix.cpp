// Volume, mix and rate of segments; lead quality; classes of enquirers.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/analysis/evaluate.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/lead_quality.hpp>
#include <funnelgraph/explain/mix.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <map>
#include <string>
#include <vector>

#include "../support/oracle.hpp"

namespace fg = funnelgraph;
namespace metric = funnelgraph::metric;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

fg::Funnel city(fg::Number volume, fg::Number rate, double value = 0) {
  fg::Funnel funnel;
  funnel.add_stage({.name = "lead"});
  funnel.add_outcome({.name = "sold", .kind = fg::OutcomeKind::won, .value = value});
  funnel.add_transition({.from = "lead", .to = "sold", .rate = rate});
  funnel.add_entry({.stage = "lead", .volume = volume});
  return funnel;
}

std::vector<double> numbers(const boost::json::value& list) {
  std::vector<double> out;
  for (const auto& number : list.as_array()) out.push_back(test::number(number));
  return out;
}

}  // namespace

TEST_CASE("published mix and rate with Simpson's reversal") {
  const boost::json::value document = test::oracle("decomposition.json");
  for (const auto& item : document.as_object().at("mix_rate").as_array()) {
    const boost::json::object& example = item.as_object();
    const auto sides = [&](const char* volumes, const char* rates) {
      const std::vector<double> volume = numbers(example.at(volumes)), rate = numbers(example.at(rates));
      std::map<std::string, fg::Funnel> out;
      for (std::size_t k = 0; k < volume.size(); ++k)
        out.emplace("segment " + std::to_string(k), city(volume[k], rate[k]));
      return fg::SegmentedFunnel(out);
    };
    const boost::json::object& expected = example.at("expect").as_object();
    const double tolerance = test::number(example.at("tolerance"));
    const fg::MixExplanation e =
        fg::explain_mix(sides("volume_before", "rate_before"), sides("volume_after", "rate_after"),
                        {.metric = metric::probability("sold")});
    CHECK_THAT(e.plan, WithinAbs(test::number(expected.at("overall_before")), tolerance));
    CHECK_THAT(e.actual, WithinAbs(test::number(expected.at("overall_after")), tolerance));
    CHECK_THAT(e.rate.value, WithinAbs(test::number(expected.at("rate_effect")), tolerance));
    CHECK_THAT(e.mix.value, WithinAbs(test::number(expected.at("mix_effect")), tolerance));
    CHECK_THAT(e.residual, WithinAbs(0, tolerance));
    REQUIRE(e.reversals.size() == 1);
    CHECK(e.reversals[0].all);
    CHECK(e.reversals[0].segments.size() == 2);
    CHECK_THAT(e.reversals[0].text, ContainsSubstring("rose from 0.08 to 0.15"));
  }
}

TEST_CASE("volume, mix and rate add up for money, for segments that come and go, and for ratios") {
  const fg::SegmentedFunnel plan(
      {{"a", city(1000, 0.2, 10)}, {"b", city(500, 0.3, 20)}, {"old", city(50, 0.5, 5)}});
  const fg::SegmentedFunnel actual(
      {{"a", city(900, 0.25, 10)}, {"b", city(800, 0.25, 22)}, {"new", city(100, 0.1, 9)}});
  const fg::MixExplanation e = fg::explain_mix(plan, actual, {.metric = metric::revenue()});
  CHECK_THAT(e.plan, WithinRel(1000 * 2.0 + 500 * 6 + 50 * 2.5, 1e-12));
  CHECK_THAT(e.actual, WithinRel(900 * 2.5 + 800 * 5.5 + 100 * 0.9, 1e-12));
  CHECK(std::abs(e.residual) <= 1e-9 * std::abs(e.total.value));
  double rows = 0;
  for (const fg::MixRow& row : e.rows) {
    rows += row.contribution;
    if (row.segment == "new" || row.segment == "old") CHECK(row.rate == 0);
  }
  CHECK_THAT(rows, WithinRel(e.total.value, 1e-9));
  const fg::MixExplanation per =
      fg::explain_mix(plan, actual, {.metric = metric::ratio(metric::revenue(), metric::count("sold"))});
  CHECK(per.per == "count(sold)");
  CHECK(per.volume.value == 0);
  CHECK_THAT(per.total.value, WithinRel(e.actual / (225 + 200 + 10) - e.plan / (200 + 150 + 25), 1e-12));
  CHECK(std::abs(per.residual) <= 1e-12);
}

TEST_CASE("intervals of the effects are those of the counts") {
  const auto counted = [](double n, double rate) {
    return city(fg::measured(n, {.n = n}), fg::measured(rate, {.n = n}));
  };
  const fg::SegmentedFunnel plan({{"a", counted(2000, 0.17)}}), actual({{"a", counted(1900, 0.18)}});
  const fg::MixExplanation e = fg::explain_mix(plan, actual, {.metric = metric::count("sold")});
  const double sd = std::sqrt(2000 * 0.17 + 1900 * 0.18);
  CHECK_THAT(e.total.high - e.total.low, WithinRel(2 * 1.959963984540054 * sd, 1e-6));  // central differences
  REQUIRE(e.total.within_chance.has_value());
  CHECK(*e.total.within_chance);
}

TEST_CASE("segments that cannot be compared say what to do") {
  const fg::SegmentedFunnel plan({{"a", city(1000, 0.2)}, {"b", city(0, 0.3)}});
  CHECK_THROWS_WITH(fg::explain_mix(plan, plan, {.metric = metric::count("sold")}),
                    ContainsSubstring("segment b") && ContainsSubstring("empty on both sides"));
  CHECK_THROWS_WITH(
      fg::explain_mix(fg::SegmentedFunnel({{"a", city(1, 0.2)}}), fg::SegmentedFunnel({{"b", city(1, 0.2)}}),
                      {.metric = metric::count("sold")}),
      ContainsSubstring("no common segment"));
  CHECK_THROWS_AS(fg::explain_mix(fg::SegmentedFunnel{}, plan), fg::InvalidValueError);
  const fg::SegmentedFunnel one({{"a", city(1, 0.2)}});
  CHECK_THROWS_AS(fg::explain_mix(one, one, {.metric = metric::count("slod")}), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::explain_mix(one, one, {.metric = metric::count("sold") + metric::probability("sold")}),
                  fg::InvalidValueError);
  CHECK_THROWS_AS(fg::explain_mix(one, one, {.metric = metric::recoverable()}), fg::InvalidValueError);
}

namespace {

fg::Funnel enquirers(double volume, double fit, double win, double silent = 0.1) {
  fg::Funnel f;
  f.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  f.add_owner({.name = "Sales", .role = fg::Role::sales});
  f.add_stage({.name = "lead", .owner = "Marketing"});
  f.add_stage({.name = "call", .owner = "Sales"});
  f.add_stage({.name = "offer", .owner = "Sales"});
  f.add_outcome({.name = "won", .kind = fg::OutcomeKind::won, .value = 100});
  f.add_outcome({.name = "unfit", .kind = fg::OutcomeKind::screened});
  f.add_outcome({.name = "no answer", .kind = fg::OutcomeKind::silent});
  f.add_transition({.from = "lead", .to = "call", .rate = 0.8});
  f.add_transition({.from = "call", .to = "offer", .rate = fit * (1 - silent)});
  f.add_transition({.from = "call", .to = "unfit", .rate = (1 - fit) * (1 - silent)});
  f.add_transition({.from = "call", .to = "no answer", .rate = silent});
  f.add_transition({.from = "offer", .to = "won", .rate = win});
  f.add_entry({.stage = "lead", .volume = fg::measured(volume, {.n = volume})});
  return f;
}

}  // namespace

TEST_CASE("the receiver's change of rate is split into the mix it was given and its own [12, 23, 39]") {
  const fg::SegmentedFunnel plan(
      {{"buyer", enquirers(600, 0.9, 0.5)}, {"price-asker", enquirers(400, 0.3, 0.1)}});
  const fg::SegmentedFunnel worse(
      {{"buyer", enquirers(300, 0.9, 0.5)}, {"price-asker", enquirers(700, 0.3, 0.1)}});
  const fg::LeadQuality mix = fg::lead_quality(plan, worse);
  REQUIRE(mix.rows.size() == 1);
  CHECK(mix.rows[0].stage == "call");
  CHECK(mix.rows[0].giver == "Marketing");
  CHECK(mix.rows[0].receiver == "Sales");
  CHECK_THAT(mix.rows[0].rate_plan, WithinRel(0.9 * (0.6 * 0.9 + 0.4 * 0.3), 1e-12));
  CHECK_THAT(mix.rows[0].mix, WithinRel(mix.rows[0].change, 1e-12));
  CHECK_THAT(mix.rows[0].within, WithinAbs(0, 1e-15));
  const fg::SegmentedFunnel slower(
      {{"buyer", enquirers(600, 0.8, 0.5)}, {"price-asker", enquirers(400, 0.25, 0.1)}});
  const fg::LeadQuality own = fg::lead_quality(plan, slower);
  CHECK_THAT(own.rows[0].within, WithinRel(own.rows[0].change, 1e-12));
  CHECK_THAT(own.rows[0].mix, WithinAbs(0, 1e-15));
  CHECK(own.classes.size() == 2);
  const fg::LeadQuality unknown = fg::lead_quality(plan.segment("buyer"), slower.segment("buyer"));
  CHECK(unknown.rows[0].note == "rate, including lead quality");
  CHECK(unknown.classes.empty());
}

TEST_CASE("the share of fitting leads by source and the time that others take [12, 39]") {
  const fg::SegmentedFunnel sources(
      {{"fair", enquirers(200, 0.9, 0.5)}, {"portal", enquirers(800, 0.25, 0.3)}});
  const std::vector<fg::LeadSource> rows =
      fg::lead_sources(sources, {.minutes = {{"call", 15}, {"offer", 40}}});
  REQUIRE(rows.size() == 2);
  const fg::LeadSource& portal = rows[1];
  CHECK(portal.source == "portal");
  // Of 800, 640 are called; 0.9 * 0.75 of these end screened, all in the call.
  CHECK_THAT(portal.fitting, WithinRel(800 - 640 * 0.9 * 0.75, 1e-12));
  CHECK_THAT(portal.visits_unfit, WithinRel(640 * 0.675, 1e-12));
  CHECK_THAT(portal.hours_unfit, WithinRel(640 * 0.675 * 0.25, 1e-12));
  CHECK(portal.low < portal.share);
  CHECK(portal.high > portal.share);
  // A lead that fits is one that comes to an offer.
  const std::vector<fg::LeadSource> offers =
      fg::lead_sources(sources, {.fits_at = "offer", .minutes = {{"call", 15}}});
  CHECK_THAT(offers[1].fitting, WithinRel(640 * 0.9 * 0.25, 1e-12));
  CHECK_THAT(offers[1].visits_unfit, WithinRel(640 * (1 - 0.225), 1e-12));
  CHECK_THROWS_AS(fg::lead_sources(sources, {.fits_at = "ofer"}), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::lead_sources(sources, {.receiver = "Slaes"}), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::lead_sources(sources, {.minutes = {{"call", -1}}}), fg::InvalidValueError);
}

TEST_CASE("classes of enquirers have their own rates, and silence is counted [42]") {
  std::map<std::string, fg::Funnel> classes;
  double silent = 0.05;
  for (const char* name : fg::enquirer_classes) {
    classes.emplace(name, enquirers(100, 0.5, 0.4, silent));
    silent += 0.1;
  }
  const std::vector<fg::ClassRow> rows = fg::class_rates(fg::SegmentedFunnel(classes));
  REQUIRE(rows.size() == 6);
  for (const fg::ClassRow& row : rows)
    CHECK_THAT(row.won + row.lost + row.screened + row.silent + row.drop_off, WithinRel(1.0, 1e-12));
  CHECK(rows.back().segment == "all");
  CHECK_THAT(rows.back().silent, WithinRel(0.8 * 0.25, 1e-12));
  CHECK(rows.back().entrants == 500);
}
