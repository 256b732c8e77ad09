#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <funnelgraph/compile/compile.hpp>
#include <funnelgraph/compile/paths.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/boost_graph.hpp>
#include <map>
#include <string>
#include <vector>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "support/random_funnel.hpp"

namespace fg = funnelgraph;
using Catch::Matchers::WithinRel;
using Names = std::vector<std::string>;

namespace {

fg::Funnel shop() {
  fg::Funnel funnel;
  for (const char* name : {"order", "enquiry", "reached", "engaged", "walk-in"})
    funnel.add_stage({.name = name});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "rival", .kind = fg::OutcomeKind::lost});
  funnel.add_transition({.from = "reached", .to = "engaged", .rate = 0.5, .lag = 1});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.1, .lag = 2});
  funnel.add_transition({.from = "engaged", .to = "enquiry", .rate = 0.4, .lag = 4});
  funnel.add_transition({.from = "enquiry", .to = "engaged", .rate = 0.2, .lag = 8});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.5, .lag = 16});
  funnel.add_transition({.from = "enquiry", .to = "rival", .rate = 0.1, .lag = 1});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 0.8, .lag = 32});
  funnel.add_transition({.from = "walk-in", .to = "order", .rate = 0.3});
  funnel.add_entry({.stage = "reached", .volume = 75});
  funnel.add_entry({.stage = "reached", .volume = 25, .channel = "facebook"});
  return funnel;
}

/// All loop-free paths to won outcomes by brute force.
std::vector<fg::ProbablePath> all_paths(const fg::Funnel& funnel) {
  const fg::Compiled compiled = fg::compile(funnel);
  const fg::Chain& chain = compiled.chain;
  double total = 0;
  std::vector<double> volume(chain.stage_count, 0);
  for (const fg::ChainEntry& entry : chain.entries) {
    volume[entry.stage] += entry.volume;
    total += entry.volume;
  }
  std::vector<fg::ProbablePath> found;
  std::vector<bool> on_path(chain.stage_count, false);
  Names stages;
  const std::function<void(std::uint32_t, double, double)> go = [&](std::uint32_t v, double p, double time) {
    on_path[v] = true;
    stages.push_back(compiled.labels.stages[v]);
    for (std::uint32_t e = chain.row_begin[v]; e < chain.row_begin[v + 1]; ++e) {
      const std::uint32_t to = chain.target[e];
      if (!(chain.rate[e] > 0)) continue;
      if (chain.to_stage(e)) {
        if (!on_path[to]) go(to, p * chain.rate[e], time + chain.lag_mean[e]);
      } else if (chain.outcome_kind[to - chain.stage_count] == fg::ExitKind::won) {
        found.push_back({stages, compiled.labels.outcomes[to - chain.stage_count], p * chain.rate[e],
                         time + chain.lag_mean[e]});
      }
    }
    stages.pop_back();
    on_path[v] = false;
  };
  for (std::uint32_t v = 0; v < chain.stage_count; ++v) {
    if (volume[v] > 0) go(v, volume[v] / total, 0);
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.probability > b.probability; });
  return found;
}

/// The same by Boost's dominator tree, from a vertex before all entries to one after all wins. What is not
/// reached stays out: an edge from there into the rest leads that function astray (seen in Boost 1.81).
Names dominators(const fg::Funnel& funnel) {
  const fg::FunnelGraph graph(funnel);
  const std::uint32_t source = num_vertices(graph);
  boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS> all(source + 2);
  std::vector<std::uint32_t> todo;
  std::vector<bool> seen(source, false);
  const auto reach = [&](std::uint32_t from, std::uint32_t to) {
    add_edge(from, to, all);
    if (!seen[to]) todo.push_back(to);
    seen[to] = true;
  };
  for (const fg::Entry& entry : funnel.entries()) {
    if (entry.volume.value > 0) reach(source, graph.vertex(*funnel.find_stage(entry.stage)));
  }
  while (!todo.empty()) {
    const std::uint32_t v = todo.back();
    todo.pop_back();
    for (auto [e, end] = out_edges(v, graph); e != end; ++e) {
      if (graph.rate(*e) > 0) reach(v, (*e).target);
    }
    const bool is_win =
        !graph.is_stage(v) && funnel.outcomes()[v - graph.stage_count()].kind == fg::OutcomeKind::won;
    if (is_win) add_edge(v, source + 1, all);
  }
  const auto none = boost::graph_traits<decltype(all)>::null_vertex();
  std::vector<std::size_t> dominator(num_vertices(all), none);
  boost::lengauer_tarjan_dominator_tree(
      all, source, boost::make_iterator_property_map(dominator.begin(), get(boost::vertex_index, all)));
  Names names;
  for (std::size_t v = dominator[source + 1]; v != none && v != source; v = dominator[v]) {
    if (graph.is_stage(static_cast<std::uint32_t>(v))) names.push_back(funnel.stages()[v].name);
  }
  std::reverse(names.begin(), names.end());
  return names;
}

/// A funnel whose stages have few exits, so that some are passed by all.
fg::Funnel thin(std::uint64_t seed) {
  test::Draw draw(seed);
  fg::Funnel funnel;
  const std::size_t count = 3 + draw.below(12);
  const auto name = [](std::size_t i) { return "s" + std::to_string(i); };
  for (std::size_t i = 0; i < count; ++i) funnel.add_stage({.name = name(i)});
  funnel.add_outcome({.name = "a", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "b", .kind = fg::OutcomeKind::won});
  for (std::size_t i = 0; i < count; ++i) {
    const auto add = [&](const std::string& to, double rate) {
      if (to != name(i) && !funnel.find_transition(name(i), to))
        funnel.add_transition({.from = name(i), .to = to, .rate = rate});
    };
    if (i + 1 < count) add(name(i + 1), 0.3);
    if (draw.chance(0.35)) add(name(draw.below(count)), draw.chance(0.8) ? 0.2 : 0.0);
    if (draw.chance(0.2)) add(name(std::min(count - 1, i + 2)), 0.1);
    if (i + 2 >= count || draw.chance(0.05)) add(draw.chance(0.5) ? "a" : "b", 0.2);
  }
  funnel.add_entry({.stage = name(draw.below(2)), .volume = 5});
  if (draw.chance(0.4))
    funnel.add_entry({.stage = name(draw.below(3)), .volume = draw.chance(0.7) ? 5.0 : 0.0});
  return funnel;
}

}  // namespace

TEST_CASE("the stages that every win must pass") {
  fg::Funnel funnel = shop();
  CHECK(fg::must_pass(funnel) == Names{"reached", "enquiry", "order"});
  CHECK(fg::must_pass(funnel, fg::OutcomeKind::lost) == Names{"reached", "enquiry"});
  CHECK(fg::must_pass(funnel, fg::OutcomeKind::screened).empty());

  SECTION("an entry further on opens a way around") {
    funnel.add_entry({.stage = "walk-in", .volume = 1});
    CHECK(fg::must_pass(funnel) == Names{"order"});
  }
  SECTION("an entry that nobody takes opens none, unless there is no other") {
    funnel.add_entry({.stage = "walk-in", .volume = 0});
    CHECK(fg::must_pass(funnel) == Names{"reached", "enquiry", "order"});
    funnel.set(fg::volume("reached"), 0);
    CHECK(fg::must_pass(funnel) == Names{"order"});
  }
  SECTION("a transition that is never taken is no way") {
    funnel.set(fg::rate("reached", "enquiry"), 0);
    CHECK(fg::must_pass(funnel) == Names{"reached", "engaged", "enquiry", "order"});
  }
  SECTION("two won outcomes from one stage") {
    funnel.add_outcome({.name = "subscriber", .kind = fg::OutcomeKind::won});
    funnel.add_transition({.from = "order", .to = "subscriber", .rate = 0.1});
    CHECK(fg::must_pass(funnel) == Names{"reached", "enquiry", "order"});
    funnel.add_transition({.from = "reached", .to = "subscriber", .rate = 0.1});
    CHECK(fg::must_pass(funnel) == Names{"reached"});
  }
  SECTION("broken funnels are taken as far as they go") {
    CHECK(fg::must_pass(fg::Funnel{}).empty());
    funnel.add_transition({.from = "order", .to = "nowhere", .rate = 0.1});
    CHECK(fg::must_pass(funnel) == Names{"reached", "enquiry", "order"});
    funnel.remove_outcome("customer");
    CHECK(fg::must_pass(funnel).empty());
  }
}

TEST_CASE("must_pass is the dominators of the wins, as Boost.Graph finds them") {
  std::size_t some = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const fg::Funnel funnel = thin(seed);
    const Names expected = dominators(funnel);
    some += expected.size() > 1 ? 1 : 0;
    INFO(seed);
    REQUIRE(fg::must_pass(funnel) == expected);
  }
  CHECK(some > 500);
}

TEST_CASE("a ring of 100,000 stages is passed whole, without deep recursion") {
  fg::Funnel funnel;
  constexpr std::uint32_t count = 100'000;
  const auto name = [](std::size_t i) { return "s" + std::to_string(i); };
  funnel.reserve(count, 2 * count);
  for (std::size_t i = 0; i < count; ++i) funnel.add_stage({.name = name(i)});
  funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
  for (std::uint32_t i = 0; i + 1 < count; ++i)
    funnel.add_transition({.from = name(i), .to = name(i + 1), .rate = 0.9});
  funnel.add_transition({.from = name(count - 1), .to = name(1), .rate = 0.5});
  funnel.add_transition({.from = name(count - 1), .to = "won", .rate = 0.4});
  funnel.add_entry({.stage = name(0), .volume = 1});
  CHECK(fg::must_pass(funnel).size() == count);
  const auto paths = fg::most_probable_paths(funnel, {.count = 3});
  REQUIRE(paths.size() == 1);
  CHECK(paths[0].stages.size() == count);
}

TEST_CASE("the most probable paths, with their times") {
  const fg::Funnel funnel = shop();
  const auto paths = fg::most_probable_paths(funnel);
  REQUIRE(paths.size() == 2);
  CHECK(paths[0].stages == Names{"reached", "engaged", "enquiry", "order"});
  CHECK(paths[0].outcome == "customer");
  // Products of a few rates: a few ulp.
  CHECK_THAT(paths[0].probability, WithinRel(0.5 * 0.4 * 0.5 * 0.8, 1e-15));
  CHECK(paths[0].mean_time == 1 + 4 + 16 + 32);
  CHECK(paths[1].stages == Names{"reached", "enquiry", "order"});
  CHECK_THAT(paths[1].probability, WithinRel(0.1 * 0.5 * 0.8, 1e-15));
  CHECK(fg::most_probable_paths(funnel, {.count = 1}).size() == 1);

  const auto lost = fg::most_probable_paths(funnel, {.outcome = "rival", .start = "enquiry"});
  REQUIRE(lost.size() == 1);
  CHECK(lost[0] == fg::ProbablePath{{"enquiry"}, "rival", 0.1, 1});

  const auto walked_in = fg::most_probable_paths(funnel, {.start = "walk-in"});
  REQUIRE(walked_in.size() == 1);
  CHECK(std::isnan(walked_in[0].mean_time));
}

TEST_CASE("of equally probable paths the shorter comes first") {
  // Powers of 2 multiply exactly, while their logarithms, by which paths are searched, add up with rounding.
  for (int whole = 2; whole <= 20; ++whole) {
    for (int part = 1; part < whole; ++part) {
      fg::Funnel funnel;
      for (const char* name : {"a", "b", "c"}) funnel.add_stage({.name = name});
      funnel.add_outcome({.name = "won", .kind = fg::OutcomeKind::won});
      funnel.add_transition({.from = "a", .to = "b", .rate = std::ldexp(1, -part)});
      funnel.add_transition({.from = "a", .to = "won", .rate = std::ldexp(1, -whole)});
      funnel.add_transition({.from = "b", .to = "c", .rate = std::ldexp(1, part - whole)});
      funnel.add_transition({.from = "c", .to = "won", .rate = 1});
      funnel.add_entry({.stage = "a", .volume = 1});
      const auto paths = fg::most_probable_paths(funnel);
      REQUIRE(paths.size() == 2);
      CHECK(paths[0].probability == paths[1].probability);
      CHECK(paths[0].stages == Names{"a"});
    }
  }
}

TEST_CASE("a path that is never taken is none") {
  fg::Funnel funnel = shop();
  funnel.set(fg::rate("reached", "enquiry"), 0);
  CHECK(fg::most_probable_paths(funnel).size() == 1);
  funnel.set(fg::rate("order", "customer"), 0);
  CHECK(fg::most_probable_paths(funnel).empty());
}

TEST_CASE("paths go by effective rates") {
  fg::Funnel funnel = shop();
  funnel.add_lever({.name = "priming", .value = 9});
  funnel.add_influence({.lever = "priming", .from = "reached", .to = "enquiry", .elasticity = 1});
  const auto paths = fg::most_probable_paths(funnel);
  REQUIRE(paths.size() == 2);
  CHECK(paths[0].stages == Names{"reached", "enquiry", "order"});
  // Weights 0.5, 0.9 and the drop-off 0.4.
  CHECK_THAT(paths[0].probability, WithinRel(0.9 / 1.8 * 0.5 * 0.8, 1e-14));
}

TEST_CASE("the most probable paths are the first of all paths") {
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const fg::Funnel funnel = test::random_funnel(seed, {.most_stages = 1 + seed % 7, .unknown_lags = true});
    const auto expected = all_paths(funnel);
    const auto found = fg::most_probable_paths(funnel, {.count = fg::path_count_limit});
    INFO(seed);
    REQUIRE(found.size() == std::min(expected.size(), fg::path_count_limit));
    for (std::size_t i = 0; i < found.size(); ++i) {
      // Paths of nearly equal probability may stand in another order; times are sums in the same order.
      REQUIRE_THAT(found[i].probability, WithinRel(expected[i].probability, 1e-13));
      const auto same = std::find_if(expected.begin(), expected.end(), [&](const fg::ProbablePath& path) {
        return path.stages == found[i].stages && path.outcome == found[i].outcome;
      });
      REQUIRE(same != expected.end());
      REQUIRE((same->mean_time == found[i].mean_time || std::isnan(same->mean_time)));
    }
    const auto few = fg::most_probable_paths(funnel, {.count = 3});
    for (std::size_t i = 0; i < few.size(); ++i) REQUIRE(few[i].probability == found[i].probability);
  }
}

TEST_CASE("options of paths are checked") {
  const fg::Funnel funnel = shop();
  CHECK_THROWS_AS(fg::most_probable_paths(funnel, {.count = 0}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::most_probable_paths(funnel, {.count = 1001}), fg::InvalidValueError);
  CHECK_THROWS_AS(fg::most_probable_paths(funnel, {.outcome = "custmer"}), fg::UnknownNameError);
  CHECK_THROWS_AS(fg::most_probable_paths(funnel, {.start = "ordr"}), fg::UnknownNameError);
  fg::Funnel broken = funnel;
  broken.add_entry({.stage = "nowhere", .volume = 1});
  CHECK_THROWS_AS(fg::most_probable_paths(broken), fg::InvalidFunnelError);
}
