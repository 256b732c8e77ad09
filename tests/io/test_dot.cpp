#include <funnelgraph/io/dot.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include <funnelgraph/model/reference.hpp>

using namespace funnelgraph;
using Catch::Matchers::ContainsSubstring;

namespace {

/// The `dot` program's own reading of the text, or nothing when it is not installed.
std::string drawn(const std::string& text) {
  static const bool there = std::system("dot -V > /dev/null 2>&1") == 0;
  if (!there) SKIP("Graphviz (dot) is not installed");
  // Tests run beside each other: each process draws a folder of its own.
  static const auto folder = std::filesystem::temp_directory_path() /
                             ("funnelgraph_test_dot_" + std::to_string(std::random_device()()));
  std::filesystem::create_directories(folder);
  const auto in = folder / "funnel.dot";
  const auto out = folder / "funnel.svg";
  const auto messages = folder / "messages.txt";
  std::ofstream(in, std::ios::binary) << text;
  const std::string command =
      "dot -Tsvg \"" + in.string() + "\" -o \"" + out.string() + "\" 2> \"" + messages.string() + "\"";
  const bool worked = std::system(command.c_str()) == 0;
  std::ifstream said(messages);
  INFO(std::string(std::istreambuf_iterator<char>(said), {}));
  CHECK(worked);
  CHECK(std::filesystem::file_size(messages) == 0);
  std::ifstream svg(out);
  std::string picture{std::istreambuf_iterator<char>(svg), {}};
  svg.close();
  said.close();
  std::filesystem::remove_all(folder);
  return picture;
}

Funnel nasty() {
  Funnel funnel({.name = "a \"quoted\" \\ title \\N &lt; <b>"});
  funnel.add_owner({.name = "R&D \"x\"", .role = Role::r_and_d});
  funnel.add_owner({.name = "Sales", .role = Role::sales});
  funnel.add_stage(
      {.name = "\\N \"; } digraph {", .owner = "R&D \"x\"", .unit = "\\", .definition = "line\nbreak\\"});
  funnel.add_stage({.name = "tiếp cận", .owner = {{"R&D \"x\"", 0.25}, {"Sales", 0.75}}});
  funnel.add_stage({.name = "broken shares", .owner = {{"Sales", 0.75}, {"Nobody", 3}}});
  funnel.add_stage({.name = "unowned", .definition = "\xFF\x01"});
  funnel.add_outcome(
      {.name = "won", .kind = OutcomeKind::won, .owner = {{"R&D \"x\"", 0.5}, {"Sales", 0.5}}});
  funnel.add_outcome(
      {.name = "<b>bold</b>", .kind = OutcomeKind::lost, .owner = {{"R&D \"x\"", 0.5}, {"Sales", 0.5}}});
  funnel.add_outcome({.name = "screened", .kind = OutcomeKind::screened});
  funnel.add_outcome({.name = "silent", .kind = OutcomeKind::silent, .owner = "Sales"});
  const auto stages = funnel.stages();
  for (const char* to :
       {"tiếp cận", "won", "<b>bold</b>", "screened", "silent", "not there", "broken shares"}) {
    funnel.add_transition({.from = stages[0].name, .to = to, .rate = 1e-134, .lag = 2});
  }
  funnel.add_transition({.from = "tiếp cận", .to = "unowned", .rate = 0});
  funnel.add_transition({.from = "unowned", .to = "tiếp cận", .rate = std::nan(""), .lag = INFINITY});
  funnel.add_entry({.stage = "nowhere", .volume = 5, .channel = "\"paid\" \\"});
  return funnel;
}

}  // namespace

TEST_CASE("owners are colours, joint ones stripes, hand-offs red") {
  Funnel funnel({.name = "shop", .period = "week"});
  funnel.add_owner({.name = "Marketing", .role = Role::marketing});
  funnel.add_owner({.name = "Sales", .role = Role::sales});
  funnel.add_stage({.name = "reached", .owner = "Marketing"});
  funnel.add_stage(
      {.name = "enquiry", .owner = {{"Marketing", 0.25}, {"Sales", 0.75}}, .labels = {{"vi", "hỏi"}}});
  funnel.add_stage({.name = "again", .owner = {{"Sales", 0.75}, {"Marketing", 0.25}}});
  funnel.add_outcome({.name = "customer", .kind = OutcomeKind::won, .owner = "Sales"});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.28, .lag = Lag::exponential(1.5)});
  funnel.add_transition({.from = "enquiry", .to = "again", .rate = 0.1});
  funnel.add_transition({.from = "enquiry", .to = "customer", .rate = 0.5});
  funnel.add_entry({.stage = "reached", .volume = 100, .channel = "paid"});
  const std::string dot = to_dot(funnel);
  CHECK_THAT(dot,
             ContainsSubstring("s0 [shape=box, label=\"reached\", style=\"filled\", fillcolor=\"#9ecae1\""));
  CHECK_THAT(dot, ContainsSubstring("style=\"striped\", fillcolor=\"#9ecae1;0.25:#fdbe85\""));
  CHECK_THAT(dot, ContainsSubstring("s0 -> s1 [label=\"28 %\\n1.5 d\", color=\"#c0392b\""));
  CHECK_THAT(dot, ContainsSubstring("hand-off, Marketing gives 75 %, Sales receives 75 %"));
  // Shares in another order are the same owners, and an exit to an outcome is no hand-off.
  CHECK_THAT(dot, ContainsSubstring("s1 -> s2 [label=\"10 %\", color=\"#555555\"]"));
  CHECK_THAT(dot, ContainsSubstring("s1 -> o0 [label=\"50 %\", color=\"#555555\"]"));
  CHECK_THAT(dot, ContainsSubstring("label=\"paid\\n100 / week\""));
  CHECK_THAT(dot, ContainsSubstring("peripheries=2"));
  CHECK_THAT(to_dot(funnel, {.language = "vi"}), ContainsSubstring("label=\"hỏi\""));
  const std::string bare =
      to_dot(funnel, {.rates = false, .lags = false, .entries = false, .legend = false, .left_right = false});
  CHECK_THAT(bare, ContainsSubstring("rankdir=TB"));
  CHECK_THAT(bare, !ContainsSubstring("label=\"28 %") && !ContainsSubstring("paid") &&
                       !ContainsSubstring("cluster_owners"));
}

TEST_CASE("Graphviz draws the reference funnels without a word") {
  for (const std::string& name : reference::names()) {
    const std::string svg = drawn(to_dot(reference::by_name(name), {.language = "vi"}));
    CHECK_THAT(svg, ContainsSubstring("</svg>"));
  }
}

TEST_CASE("no name, text or broken funnel breaks the picture") {
  const std::string svg = drawn(to_dot(nasty()));
  CHECK_THAT(svg, ContainsSubstring("\\N &quot;; } digraph {"));
  CHECK_THAT(svg, ContainsSubstring("R&amp;D &quot;x&quot;"));
  CHECK_THAT(svg, ContainsSubstring("&amp;lt;"));
  CHECK_THAT(svg, ContainsSubstring("&lt;b&gt;bold&lt;/b&gt;"));
  CHECK_THAT(svg, ContainsSubstring("tiếp cận"));
  CHECK_THAT(svg, ContainsSubstring("not there"));
  CHECK_THAT(drawn(to_dot(Funnel())), ContainsSubstring("</svg>"));
}
