#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/shown.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace fg = funnelgraph;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;

namespace {
std::string message(const fg::Error& error) { return error.what(); }
}  // namespace

TEST_CASE("errors say what, where and what is allowed", "[error]") {
  const fg::UnknownNameError name("stage", "enquiri", "enquiry");
  CHECK_THAT(message(name), Equals("unknown stage 'enquiri'; did you mean 'enquiry'?"));
  CHECK(name.code() == "unknown_name");
  CHECK(name.kind() == "stage");
  CHECK(name.given() == "enquiri");
  CHECK(name.nearest() == "enquiry");
  CHECK_THAT(message(fg::UnknownNameError("owner", "Legal", "")), Equals("unknown owner 'Legal'"));

  const fg::InvalidValueError value("rate(a, b)", "1.2", "[0, 1]");
  CHECK_THAT(message(value), Equals("rate(a, b): given 1.2, allowed [0, 1]"));
  CHECK(value.code() == "invalid_value");
  CHECK(value.where() == "rate(a, b)");
  CHECK(value.given() == "1.2");
  CHECK(value.allowed() == "[0, 1]");
  CHECK_THAT(message(fg::InvalidValueError("name", "", "text")), Equals("name: allowed text"));
  CHECK_THAT(message(fg::InvalidValueError("", "-1", "")), Equals("value: given -1"));

  const fg::ConflictError conflict("Call early", "Call late", "rate(a, b)", "both set it");
  CHECK_THAT(message(conflict), Equals("'Call early' and 'Call late' conflict on rate(a, b): both set it"));
  CHECK(conflict.code() == "conflict");
  CHECK(conflict.first() == "Call early");
  CHECK(conflict.second() == "Call late");
  CHECK(conflict.number() == "rate(a, b)");

  const fg::DataError data("leads.csv", 3, "Lead_Date", "expected a date");
  CHECK_THAT(message(data), Equals("leads.csv, row 3, column 'Lead_Date': expected a date"));
  CHECK(data.code() == "data");
  CHECK(data.source() == "leads.csv");
  CHECK(data.row() == 3);
  CHECK(data.column() == "Lead_Date");
  CHECK(data.why() == "expected a date");
  CHECK_THAT(message(fg::DataError("", 0, "", "no rows")), Equals("no rows"));

  const fg::UnreachableTargetError target(1000, 0.1, 912.5);
  CHECK_THAT(message(target),
             Equals("the target 1000 cannot be reached: what is allowed gives from 0.1 to 912.5"));
  CHECK(target.code() == "unreachable_target");
  CHECK(target.low() == 0.1);
  CHECK(target.high() == 912.5);
  CHECK(target.target() == 1000);

  const fg::UnsolvableError one({"a"});
  CHECK_THAT(message(one), Equals("nothing leaves stage 'a': its equation has no solution"));
  CHECK_THAT(message(fg::UnsolvableError({"a", "b"})),
             Equals("nothing leaves the stages 'a', 'b': their equations have no solution"));
  CHECK(one.code() == "unsolvable");
  CHECK(one.stages() == std::vector<std::string>{"a"});
  CHECK_THAT(message(fg::UnsolvableError("own words", {"a"})), Equals("own words"));
}

TEST_CASE("an invalid funnel lists every issue, errors first", "[error]") {
  const fg::Issue warning{fg::Severity::warning, "no_owner", "stage a", "nobody owns it", "", ""};
  const fg::Issue error{fg::Severity::error, "range", "rate(a, b)", "not a probability", "1.2", "[0, 1]"};
  const fg::InvalidFunnelError two({warning, error});
  CHECK_THAT(message(two), Equals("the funnel cannot be computed: 1 error, 1 warning\n"
                                  "  error: rate(a, b): not a probability (given 1.2, allowed [0, 1])\n"
                                  "  warning: stage a: nobody owns it"));
  CHECK(two.code() == "invalid_funnel");
  CHECK(two.issues() == std::vector<fg::Issue>{warning, error});

  const fg::InvalidFunnelError many(std::vector<fg::Issue>(33, error));
  const std::string text = message(many);
  CHECK(std::count(text.begin(), text.end(), '\n') == 21);  // 20 issues and the count
  CHECK_THAT(text, ContainsSubstring("33 errors"));
  CHECK_THAT(text, ContainsSubstring("and 13 more"));
}

TEST_CASE("what a message shows is cut and escaped", "[error]") {
  CHECK_THAT(fg::detail::shown("a\nb\t\x1B[31m"), Equals("a\\nb\\t\\u{001B}[31m"));
  CHECK_THAT(fg::detail::shown("\xE2\x80\xAE"
                               "abc"),
             Equals("\\u{202E}abc"));  // reverses the writing direction
  CHECK_THAT(fg::detail::shown("\xFFz"), Equals("\\xFFz"));
  CHECK_THAT(fg::detail::shown("t\xC6\xB0\xC6\xA1ng"), Equals("t\xC6\xB0\xC6\xA1ng"));
  CHECK_THAT(fg::detail::shown("abcdef", 3), Equals("abc\xE2\x80\xA6"));
  CHECK_THAT(fg::detail::shown("abc", 3), Equals("abc"));

  const std::string flood(1'000'000, 'x');
  CHECK(message(fg::UnknownNameError("stage", flood, flood)).size() < 300);
  CHECK(message(fg::InvalidValueError(flood, flood, flood)).size() < 3000);
  CHECK(message(fg::DataError(flood, 1, flood, flood)).size() < 3000);
  CHECK(message(fg::ConflictError(flood, flood, flood, flood)).size() < 3000);
  CHECK(message(fg::UnsolvableError(std::vector<std::string>(1000, flood.substr(0, 1000)))).size() < 3000);
  CHECK(fg::UnknownNameError("stage", flood, "").given().size() == flood.size());  // the attribute is whole
}

TEST_CASE("numbers are shown as short as they read back", "[error]") {
  CHECK_THAT(fg::detail::shown(0.1), Equals("0.1"));
  CHECK_THAT(fg::detail::shown(1e-134), Equals("1e-134"));
  CHECK_THAT(fg::detail::shown(std::numeric_limits<double>::quiet_NaN()), Equals("unknown"));
}
