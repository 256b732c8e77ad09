#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/io/answers.hpp>
#include <funnelgraph/maturity/assessment.hpp>
#include <funnelgraph/maturity/questionnaire.hpp>

namespace fg = funnelgraph;
namespace fgm = funnelgraph::maturity;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string row(const std::string& who, const std::string& side, const std::string& level,
                const std::string& answer, const std::string& first = "") {
  std::string text = who + "," + side + "," + level;
  for (int i = 0; i < 20; ++i) text += "," + (i == 0 && !first.empty() ? first : answer);
  return text + "\n";
}

std::string form() { return fgm::answer_form_csv(fgm::standard_instrument()); }

}  // namespace

TEST_CASE("the form filled in, read and scored [54, 56]") {
  const std::string text = "\xEF\xBB\xBF" + form() + row("an", "Bán hàng", "nhân viên", "2") +
                           row("bình", "Marketing", "trưởng phòng", "4", " ");
  const auto answers = fg::parse_answers(text, fgm::standard_instrument());
  REQUIRE(answers.rows() == 2);
  CHECK(answers.respondents[1] == "bình");
  CHECK(std::isnan(answers.answers[20]));
  const auto m = fgm::assess(fgm::standard_instrument(), answers, {.head_consent = true});
  CHECK(m.side(fgm::Side::sales).score.value == 40.0);
  CHECK(m.side(fgm::Side::marketing).score.value == 80.0);
}

TEST_CASE("numbered columns, semicolons, own names, no level, times and words for nothing [54]") {
  std::string header = "id;dept;t";
  std::string line = "1;Sales;44";
  std::string other = "2;Marketing;NA";
  for (int i = 1; i <= 20; ++i) {
    header += ";q" + std::string(i < 10 ? "0" : "") + std::to_string(i);
    line += ";3";
    other += i == 3 ? ";NA" : ";5";
  }
  const auto answers =
      fg::parse_answers(header + "\n" + line + "\n" + other + "\n", fgm::standard_instrument(),
                        {.respondent = "id", .side = "dept", .level = "", .seconds = "t", .missing = {"NA"}});
  CHECK(answers.levels == std::vector<std::string>{"staff", "staff"});
  CHECK(answers.seconds[0] == 44.0);
  CHECK(std::isnan(answers.seconds[1]));
  CHECK(std::isnan(answers.answers[22]));
  CHECK(answers.answers[23] == 5.0);
}

TEST_CASE("a file names itself in errors") {
  const auto path = std::filesystem::temp_directory_path() / "funnelgraph_answers_test.csv";
  std::ofstream(path) << form() << row("a", "Sales", "staff", "x");
  try {
    static_cast<void>(fg::read_answers(path.string(), fgm::standard_instrument()));
    FAIL("no error");
  } catch (const fg::DataError& error) {
    CHECK_THAT(error.source(), ContainsSubstring("funnelgraph_answers_test.csv"));
  }
  std::filesystem::remove(path);
  CHECK_THROWS_AS(fg::read_answers(path.string(), fgm::standard_instrument()), fg::DataError);
}

TEST_CASE("broken tables of answers: the error, its row and its column") {
  const std::string good = row("a", "Sales", "staff", "3") + row("b", "Marketing", "staff", "4");
  struct Case {
    std::string text;
    std::size_t row;
    std::string column;
  };
  const std::vector<Case> cases{
      {"", 0, ""},
      {"\n\n", 0, ""},
      {form(), 0, ""},
      {form() + good + row("c", "Sales", "staff", "x"), 3, "forecast_met"},
      {form() + good + row("c", "Sales", "staff", "3", "three"), 3, "forecast_met"},
      {form() + good + row("c", "Sales", "staff", "3", "0"), 3, "forecast_met"},
      {form() + good + row("c", "Sales", "staff", "3", "6"), 3, "forecast_met"},
      {form() + good + row("c", "Sales", "staff", "3", "2.5"), 3, "forecast_met"},
      {form() + good + row("c", "Sales", "staff", "3", "-1"), 3, "forecast_met"},
      {form() + good + row("c", "Sales", "staff", "3", "1e9"), 3, "forecast_met"},
      {form() + good + row("a", "Sales", "staff", "3"), 3, "respondent"},
      {form() + good + row("", "Sales", "staff", "3"), 3, "respondent"},
      {form() + good + row("c", "Care", "staff", "3"), 3, "department"},
      {form() + good + row("c", "", "staff", "3"), 3, "department"},
      {form() + good + row("c", "Sales", "chief", "3"), 3, "level"},
      {form() + good + row("c", "Sales", "", "3"), 3, "level"},
      {form() + good + "c,Sales,staff,3\n", 3, ""},
      {form() + good + row("c", "Sales", "staff", "3,3"), 3, ""},
      {form() + good + row("\"c", "Sales", "staff", "3"), 3, ""},
      {form() + good + row("\"c\"x", "Sales", "staff", "3"), 3, ""},
      {form() + good + row("\xff\xfe", "Sales", "staff", "3"), 3, "respondent"},
      {form() + good + row("c\xC3", "Sales", "staff", "3"), 3, "respondent"},
      {"respondent,respondent,level\na,b,c\n", 0, ""},
      {"respondent,,level\na,b,c\n", 0, ""},
  };
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CAPTURE(i);
    try {
      static_cast<void>(fgm::assess(fgm::standard_instrument(),
                                    fg::parse_answers(cases[i].text, fgm::standard_instrument())));
      FAIL_CHECK("no error");
    } catch (const fg::DataError& error) {
      CAPTURE(error.what());
      CHECK(error.row() == cases[i].row);
      CHECK(error.column() == cases[i].column);
    }
  }
}

TEST_CASE("columns that are missing bring the nearest name") {
  const auto nearest = [](const std::string& text, const fg::AnswerTableOptions& options = {}) {
    try {
      static_cast<void>(fg::parse_answers(text, fgm::standard_instrument(), options));
    } catch (const fg::UnknownNameError& error) {
      return error.given() + " -> " + error.nearest();
    }
    return std::string("no error");
  };
  std::string header = form();
  header.replace(header.find("department"), 10, "departmant");
  CHECK(nearest(header + row("a", "Sales", "staff", "3")) == "department -> departmant");
  header = form();
  header.replace(header.find("no_blame"), 8, "no_blam");
  CHECK(nearest(header + row("a", "Sales", "staff", "3")) == "no_blame -> no_blam");
  CHECK(nearest(form() + row("a", "Sales", "staff", "3"), {.seconds = "levl"}) == "levl -> level");
}
