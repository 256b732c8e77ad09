// The verdict in sentences: traceable, in two languages, by owner only when agreed, never on placeholders.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/explain/explain.hpp>
#include <funnelgraph/explain/summary.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <string>
#include <vector>

namespace fg = funnelgraph;
namespace metric = funnelgraph::metric;
using Catch::Matchers::ContainsSubstring;

namespace {

fg::Funnel shop(fg::Number volume, fg::Number qualified, fg::Number won) {
  fg::Funnel f;
  f.add_owner({.name = "Marketing", .role = fg::Role::marketing});
  f.add_owner({.name = "Sales", .role = fg::Role::sales});
  f.add_stage({.name = "lead", .owner = "Marketing", .labels = {{"vi", "khách tiềm năng"}}});
  f.add_stage({.name = "offer", .owner = "Sales", .accept_if = "phone known"});
  f.add_outcome({.name = "sold", .kind = fg::OutcomeKind::won});
  f.add_transition({.from = "lead", .to = "offer", .rate = qualified, .service_level = 1});
  f.add_transition({.from = "offer", .to = "sold", .rate = won});
  f.add_entry({.stage = "lead", .volume = volume});
  return f;
}

fg::Number both(double x) { return fg::agreed(x, {"Marketing", "Sales"}); }
fg::Number counted(double x, double n) { return fg::measured(x, {.n = n}); }

const fg::ExplainOptions wins{.metric = metric::count("sold"), .basis = "leads of March against the plan"};

}  // namespace

TEST_CASE(
    "a summary says what was missed, how sure, what lies between, what is not measured, what is needed [13, "
    "31]") {
  const fg::Funnel plan = shop(both(2000), both(0.5), both(0.3));
  const fg::Funnel actual = shop(counted(2100, 2100), counted(0.4, 2100), counted(0.27, 840));
  const fg::Summary said = fg::summary(fg::explain(plan, actual, wins));
  CHECK(said.explanation.by == std::vector<fg::By>{fg::By::owner});
  const std::string text = said.text();
  CHECK_THAT(text, ContainsSubstring("not proof of cause"));
  CHECK_THAT(text, ContainsSubstring("leads of March against the plan"));
  CHECK_THAT(text, ContainsSubstring("227 against 300, 73.2 less (24.4 %)"));
  CHECK_THAT(text, ContainsSubstring("more than chance"));
  CHECK_THAT(text, ContainsSubstring("Number that ends in \"sold\""));
  CHECK_THAT(text, ContainsSubstring("What is Marketing's"));
  CHECK_THAT(text, ContainsSubstring("What is Sales' (") || ContainsSubstring("What is Sales':"));
  CHECK_THAT(text, ContainsSubstring("Every number behind the rows was measured"));
  CHECK_THAT(text,
             ContainsSubstring("At \"offer\", Sales needs from Marketing: what meets \"phone known\"."));
  CHECK_THAT(text, ContainsSubstring("Marketing needs from Sales: a first answer within 1 day,"));
  for (const char* word : {"fault", "blame", "guilt"}) CHECK(text.find(word) == std::string::npos);
  for (const fg::Sentence& sentence : said.sentences) {
    INFO(sentence.text);
    const bool of_all = sentence.about == "heading" || sentence.about == "basis" || sentence.about == "total";
    CHECK(sentence.rows.empty() == of_all);
    for (const std::size_t row : sentence.rows) CHECK(row < said.explanation.rows.size());
  }
  const fg::Summary vietnamese = fg::summary(fg::explain(plan, actual, wins), "vi");
  CHECK(vietnamese.sentences.size() == said.sentences.size());
  CHECK_THAT(vietnamese.text(), ContainsSubstring("không phải bằng chứng về nguyên nhân"));
  CHECK_THAT(vietnamese.text(), ContainsSubstring("thấp hơn 73,2 (24,4 %)"));
  CHECK_THAT(vietnamese.text(), ContainsSubstring("vượt quá mức ngẫu nhiên"));
}

TEST_CASE("without a plan that both agreed the verdict is by stage") {
  const fg::Funnel actual = shop(counted(2100, 2100), counted(0.4, 2100), counted(0.27, 840));
  const fg::Funnel one_sided = shop(both(2000), fg::agreed(0.5, {"Marketing"}), both(0.3));
  const fg::Summary said = fg::summary(fg::explain(one_sided, actual, wins), "vi");
  CHECK(said.explanation.by == std::vector<fg::By>{fg::By::stage});
  CHECK_THAT(said.text(), ContainsSubstring("khách tiềm năng"));
  const fg::Summary years = fg::summary(
      fg::explain(shop(counted(2021, 2021), counted(0.5, 2021), counted(0.34, 1010)), actual, wins));
  CHECK(years.explanation.by == std::vector<fg::By>{fg::By::stage});
  // Asked by stage it stays by stage, agreed or not.
  fg::ExplainOptions stages = wins;
  stages.by = {fg::By::stage, fg::By::factor};
  CHECK(fg::summary(fg::explain(one_sided, actual, stages)).explanation.by == stages.by.names);
}

TEST_CASE("a difference within chance is called that, and what is assumed is not measured") {
  const fg::Summary said = fg::summary(fg::explain(
      shop(both(2000), both(0.4), both(0.3)), shop(counted(2010, 2010), counted(0.41, 2010), 0.29), wins));
  CHECK_THAT(said.text(), ContainsSubstring("not distinguishable from chance"));
  CHECK_THAT(said.text(), ContainsSubstring("Not measured: "));
}

TEST_CASE("placeholders and other languages are refused") {
  const fg::Funnel actual = shop(counted(2100, 2100), counted(0.4, 2100), counted(0.27, 840));
  const fg::Explanation e = fg::explain(shop(fg::placeholder(1), both(0.5), both(0.3)), actual, wins);
  CHECK_THROWS_WITH(fg::summary(e), ContainsSubstring("placeholders: volume(lead) of the plan"));
  const fg::Explanation fine = fg::explain(shop(both(1), both(0.5), both(0.3)), actual, wins);
  CHECK_THROWS_WITH(fg::summary(fine, "fr"), ContainsSubstring("en or vi"));
  CHECK_THROWS_AS(fg::summary(fg::Explanation{}), fg::InvalidValueError);
}
