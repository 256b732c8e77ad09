#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/kpi/formula.hpp>

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;
namespace fg = funnelgraph;

namespace {

const fg::Figures figures = {{"a", 6}, {"b", 3}, {"zero", 0}, {"doanh_thu", 8}, {"unknown", std::nan("")}};

double value_of(const std::string& text) { return fg::Formula(text).evaluate(figures).value; }

std::string refused(const std::string& text) {
  try {
    const fg::Formula formula(text);
    return "taken: " + formula.text();
  } catch (const fg::InvalidValueError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("formulas follow the rules of arithmetic") {
  CHECK(value_of("1 + 2 * 3") == 7);
  CHECK(value_of("(1 + 2) * 3") == 9);
  CHECK(value_of("a - b - 1") == 2);
  CHECK(value_of("a / b / 2") == 1);
  CHECK(value_of("-a + +b") == -3);
  CHECK(value_of("--a") == 6);
  CHECK(value_of("2e3*.5") == 1000);
  CHECK(value_of("  a\t*\n b ") == 18);
  CHECK(value_of("doanh_thu") == 8);
  CHECK(std::isnan(value_of("unknown + 1")));
}

TEST_CASE("figures can be words of any script, quoted, or a word with one argument") {
  const fg::Formula formula(
      "count( site visit ) / \"đơn hàng (2)\" + visits(\"a+b\") - revenue() * giá_niêm_yết");
  CHECK(formula.names() == std::vector<std::string>{"count(site visit)", "đơn hàng (2)", "visits(a+b)",
                                                    "revenue", "giá_niêm_yết"});
  CHECK(fg::Formula("x + x * y").names() == std::vector<std::string>{"x", "y"});
}

TEST_CASE("a division by zero is unknown, with numerator and denominator") {
  const fg::FormulaValue value = fg::Formula("1 + a / (zero * 2)").evaluate(figures);
  CHECK(std::isnan(value.value));
  CHECK(value.divided_by_zero);
  CHECK(value.numerator == 6);
  CHECK(value.denominator == 0);
  const fg::FormulaValue quotient = fg::Formula("(a + 1) / b").evaluate(figures);
  CHECK(quotient.numerator == 7);
  CHECK(quotient.denominator == 3);
  CHECK_FALSE(quotient.divided_by_zero);
  CHECK(std::isnan(fg::Formula("a + b").evaluate(figures).numerator));
}

TEST_CASE("the gradient of a formula agrees with differences") {
  const fg::Formula formula("(a - 2 * b) / (a * b + 1) - -b");
  const auto at = [&](double a, double b) { return formula.evaluate({{"a", a}, {"b", b}}).value; };
  const double h = 1e-6;
  const std::vector<double> slopes = formula.gradient({{"a", 6}, {"b", 3}});
  // Central differences: h^2 of truncation and 1e-16 / h of rounding, about 1e-10.
  CHECK_THAT(slopes.at(0), WithinRel((at(6 + h, 3) - at(6 - h, 3)) / (2 * h), 1e-7));
  CHECK_THAT(slopes.at(1), WithinRel((at(6, 3 + h) - at(6, 3 - h)) / (2 * h), 1e-7));
  CHECK(std::isnan(fg::Formula("a / zero").gradient(figures).at(0)));
}

TEST_CASE("what is no formula is refused with its place") {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "nothing"},
      {"   ", "nothing"},
      {"(a + b", "at character 7: given the end, allowed a closing parenthesis for the one at character 1"},
      {"a + b)", "at character 6"},
      {"a b", "at character 3"},
      {"a +", "at character 4"},
      {"* a", "at character 1"},
      {"a + / b", "at character 5"},
      {"()", "at character 2"},
      {"1..2", "at character 1"},
      {"2x", "at character 1"},
      {"1e999", "range of doubles"},
      {"a ^ 2", "at character 3"},
      {"a × b", "at character 3"},
      {"đơn ; x", "at character 5"},
      {"\"open", "a closing quote"},
      {"\"\"", "a name between the quotes"},
      {"count(a", "a closing parenthesis for the one at character 6"},
      {"count(a + b)", "at character 9"},
      {"import os", "at character 8"},
      {"__import__('os')", "at character 12"},
      {std::string(65, '(') + "1" + std::string(65, ')'), "at most 64"},
      {std::string(70, '-') + "1", "at most 64"},
      {std::string(5000, '1'), "at most 4096 bytes"},
      {"a\xFF", "UTF-8"},
      {"\"a\nb\"", "control"}};
  for (const auto& [text, wanted] : cases) {
    INFO(text);
    CHECK_THAT(refused(text), ContainsSubstring(wanted));
  }
}

TEST_CASE("an unknown figure is named with the nearest one and its place") {
  try {
    (void)fg::Formula("a / doanh_tu").evaluate(figures);
    FAIL("an unknown figure was taken");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.nearest() == "doanh_thu");
    CHECK_THAT(error.what(), ContainsSubstring("character 5"));
  }
}
