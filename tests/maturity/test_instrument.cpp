#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <functional>
#include <limits>
#include <set>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/io/instrument_json.hpp>
#include <funnelgraph/maturity/instrument.hpp>
#include <funnelgraph/maturity/questionnaire.hpp>

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("the instrument has twenty statements in two languages [54]") {
  const fgm::Instrument& instrument = fgm::standard_instrument();
  CHECK(fgm::validate(instrument).empty());
  REQUIRE(instrument.statements.size() == 20);
  CHECK(instrument.lowest == 1);
  CHECK(instrument.highest == 5);
  CHECK(fgm::languages(instrument) == std::vector<std::string>{"en", "vi"});
  std::set<std::string> ids, english, vietnamese;
  for (const fgm::Statement& statement : instrument.statements) {
    ids.insert(statement.id);
    english.insert(statement.text.at("en"));
    vietnamese.insert(statement.text.at("vi"));
    CHECK(statement.topic.size() == 2);
    CHECK_FALSE(statement.touches.empty());
  }
  CHECK(ids.size() == 20);
  CHECK(english.size() == 20);
  CHECK(vietnamese.size() == 20);
}

TEST_CASE("four types in order, each with its range and description [53, 55]") {
  const fgm::Instrument& instrument = fgm::standard_instrument();
  REQUIRE(instrument.bands.size() == 4);
  const std::vector<std::pair<double, std::string>> edges{
      {20, "undefined"},   {39, "undefined"},  {39.999, "undefined"}, {40, "defined"},
      {59, "defined"},     {59.99, "defined"}, {60, "aligned"},       {79, "aligned"},
      {79.999, "aligned"}, {80, "integrated"}, {100, "integrated"}};
  for (const auto& [score, id] : edges) {
    CAPTURE(score);
    CHECK(instrument.bands[fgm::band_of(instrument, score)].id == id);
  }
  for (const double outside : {19.99, 100.01, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_AS(fgm::band_of(instrument, outside), fg::InvalidValueError);
  }
  for (const fgm::Band& band : instrument.bands) {
    CHECK(band.name.size() == 2);
    CHECK(band.description.size() == 2);
  }
}

TEST_CASE("broken instruments: each problem with its row and field") {
  using Break = std::function<void(fgm::Instrument&)>;
  struct Case {
    Break damage;
    std::string code;
    std::size_t row;
    std::string column;
  };
  const std::vector<Case> cases{
      {[](auto& i) { i.statements[2].id = i.statements[1].id; }, "duplicate", 3, "id"},
      {[](auto& i) { i.statements[4].id.clear(); }, "id", 5, "id"},
      {[](auto& i) { i.statements[4].id = "a,b"; }, "id", 5, "id"},
      {[](auto& i) { i.statements[0].id = "department"; }, "duplicate", 1, "id"},
      {[](auto& i) { i.statements[6].weight = 0; }, "weight", 7, "weight"},
      {[](auto& i) { i.statements[6].weight = std::numeric_limits<double>::quiet_NaN(); }, "weight", 7,
       "weight"},
      {[](auto& i) { i.statements[9].text.clear(); }, "text", 10, "text"},
      {[](auto& i) { i.statements[9].text["en"] = "  "; }, "text", 10, "text.en"},
      {[](auto& i) { i.statements[9].text["vi"] = "\xff"; }, "text", 10, "text"},
      {[](auto& i) { i.statements[9].text.erase("vi"); }, "language", 10, "text.vi"},
      {[](auto& i) { i.statements.resize(1); }, "statements", 0, "statements"},
      {[](auto& i) { i.highest = 1; }, "scale", 0, "scale"},
      {[](auto& i) { i.answers.pop_back(); }, "answers", 0, "answers"},
      {[](auto& i) { i.bands.resize(1); }, "bands", 0, "bands"},
      {[](auto& i) { i.bands[0].from = 21; }, "band", 1, "from"},
      {[](auto& i) { i.bands[2].from = 40; }, "band", 3, "from"},
      {[](auto& i) { i.bands[3].from = 101; }, "band", 4, "from"},
      {[](auto& i) { i.bands[3].from = std::numeric_limits<double>::infinity(); }, "band", 4, "from"},
      {[](auto& i) { i.bands[1].id = "aligned"; }, "duplicate", 3, "id"},
  };
  for (const Case& one : cases) {
    fgm::Instrument instrument = fgm::standard_instrument();
    one.damage(instrument);
    const auto problems = fgm::validate(instrument);
    CAPTURE(one.code, one.row, one.column, problems.size());
    const bool found = std::any_of(problems.begin(), problems.end(), [&](const fgm::Problem& p) {
      return p.code == one.code && p.row == one.row && p.column == one.column && !p.why.empty();
    });
    CHECK(found);
  }
  fgm::Instrument two = fgm::standard_instrument();
  two.statements[2].weight = -1;
  two.statements[7].id.clear();
  CHECK(fgm::validate(two).size() == 2);
}

TEST_CASE("an own instrument survives JSON; what is wrong has a path") {
  fgm::Instrument own = fgm::standard_instrument();
  own.highest = 7;
  own.answers.clear();
  own.statements.resize(3);
  own.statements[1].reversed = true;
  own.statements[2].weight = 2.5;
  own.bands = {{"low", {{"en", "low"}}, {}, 3}, {"high", {{"en", "high"}}, {}, 12.5}};
  REQUIRE(fgm::validate(own).empty());
  CHECK(fg::from_json<fgm::Instrument>(fg::to_json(own)) == own);
  CHECK(fg::from_json<fgm::Instrument>(fg::to_json(fgm::standard_instrument(), {.indent = 0})) ==
        fgm::standard_instrument());

  const auto path_of = [](const std::string& text) {
    try {
      static_cast<void>(fg::from_json<fgm::Instrument>(text));
    } catch (const fg::DataError& error) {
      return error.column();
    }
    return std::string("no error");
  };
  const std::string head =
      R"({"schema": 1, "kind": "instrument", "scale": [1, 5], "bands": [], "statements": )";
  CHECK(path_of(head + R"([{"id": "a", "weight": "2"}]})") == "$.statements[0].weight");
  CHECK(path_of(head + R"([{"id": "a"}, {"id": "b", "reversed": 1}]})") == "$.statements[1].reversed");
  CHECK(path_of(head + R"([{"id": "a", "aspect": "structur"}]})") == "$.statements[0].aspect");
  CHECK(path_of(head + R"([{"text": {}}]})") == "$.statements[0].id");
  CHECK(path_of(R"({"schema": 1, "kind": "instrument", "scale": [1.5, 5], "bands": [], "statements": []})") ==
        "$.scale[0]");
  CHECK(path_of(R"({"schema": 1, "kind": "funnel", "bands": [], "statements": []})") == "$.kind");
}

TEST_CASE("the questionnaire is escaped and whole in both languages [54]") {
  fgm::Instrument instrument = fgm::standard_instrument();
  instrument.statements[0].text["en"] = "<script>alert('x')</script> & \"more\"";
  const std::string page = fgm::questionnaire_html(instrument, "en");
  CHECK_THAT(page, !ContainsSubstring("<script"));
  CHECK_THAT(page,
             ContainsSubstring("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"));
  const std::string vietnamese = fgm::questionnaire_html(instrument, "vi");
  for (const fgm::Statement& statement : instrument.statements) {
    CHECK_THAT(vietnamese, ContainsSubstring(statement.text.at("vi")));
  }
  CHECK_THROWS_AS(fgm::questionnaire_html(instrument, "v"), fg::UnknownNameError);
  const std::string form = fgm::answer_form_csv(instrument);
  CHECK(form.starts_with("respondent,department,level,forecast_met,no_blame,"));
  CHECK(std::count(form.begin(), form.end(), ',') == 22);
}
