#include <funnelgraph/model/boost_graph.hpp>

#include <cmath>
#include <iterator>
#include <map>
#include <vector>

#include <boost/concept/assert.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

namespace fg = funnelgraph;
using Graph = fg::FunnelGraph;

BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<Graph>));
BOOST_CONCEPT_ASSERT((boost::ReadablePropertyMapConcept<Graph::VertexIndexMap, Graph::vertex_descriptor>));
BOOST_CONCEPT_ASSERT((boost::ReadablePropertyMapConcept<Graph::EdgeIndexMap, Graph::edge_descriptor>));
BOOST_CONCEPT_ASSERT((boost::ReadablePropertyMapConcept<Graph::EdgeWeightMap, Graph::edge_descriptor>));
BOOST_CONCEPT_ASSERT(
    (boost::ReadablePropertyGraphConcept<Graph, Graph::vertex_descriptor, boost::vertex_index_t>));
BOOST_CONCEPT_ASSERT(
    (boost::ReadablePropertyGraphConcept<Graph, Graph::edge_descriptor, boost::edge_weight_t>));

namespace {

fg::Funnel shop(bool with_loop) {
  fg::Funnel funnel;
  for (const char* name : {"order", "reached", "enquiry"}) funnel.add_stage({.name = name});
  funnel.add_outcome({.name = "customer", .kind = fg::OutcomeKind::won});
  funnel.add_outcome({.name = "rival"});
  funnel.add_transition({.from = "reached", .to = "enquiry", .rate = 0.25});
  funnel.add_transition({.from = "enquiry", .to = "order", .rate = 0.5});
  funnel.add_transition({.from = "enquiry", .to = "rival", .rate = 0});
  funnel.add_transition({.from = "order", .to = "customer", .rate = 1});
  funnel.add_transition({.from = "reached", .to = "order", .rate = 0.1});
  if (with_loop) funnel.add_transition({.from = "order", .to = "reached", .rate = 0});
  return funnel;
}

}  // namespace

TEST_CASE("a funnel is a graph of its stages, then its outcomes") {
  const Graph graph(shop(true));
  REQUIRE(num_vertices(graph) == 5);
  REQUIRE(num_edges(graph) == 6);
  CHECK(graph.stage_count() == 3);
  CHECK(graph.is_stage(2));
  CHECK_FALSE(graph.is_stage(3));
  const fg::Funnel funnel = shop(true);
  std::size_t seen = 0;
  for (auto [e, end] = edges(graph); e != end; ++e, ++seen) {
    const fg::Transition& transition = funnel.transition(graph.transition(*e));
    CHECK(funnel.find_stage(transition.from)->index == source(*e, graph));
    CHECK(graph.rate(*e) == transition.rate.value);
    CHECK((*e).index == seen);
  }
  CHECK(seen == 6);
  CHECK(out_degree(1, graph) == 2);
  CHECK(in_degree(0, graph) == 2);
  CHECK(degree(0, graph) == 4);
  std::vector<std::uint32_t> sources;
  for (auto [e, end] = in_edges(0, graph); e != end; ++e) {
    CHECK(target(*e, graph) == 0);
    sources.push_back(source(*e, graph));
  }
  CHECK(sources == std::vector<std::uint32_t>{1, 2});
  std::vector<std::uint32_t> targets;
  for (auto [v, end] = adjacent_vertices(2, graph); v != end; ++v) targets.push_back(*v);
  CHECK(targets == std::vector<std::uint32_t>{0, 4});
  CHECK(out_degree(4, graph) == 0);
}

TEST_CASE("transitions without an end are no edges") {
  fg::Funnel funnel = shop(false);
  funnel.add_transition({.from = "order", .to = "nowhere", .rate = 0.1});
  funnel.add_transition({.from = "nowhere", .to = "order", .rate = 0.1});
  CHECK(num_edges(Graph(funnel)) == 5);
  CHECK(num_vertices(Graph(fg::Funnel{})) == 0);
  CHECK(num_edges(Graph{}) == 0);
}

TEST_CASE("Boost.Graph sorts a funnel, finds its loops and its dominators") {
  const Graph straight(shop(false));
  std::vector<std::uint32_t> reversed;
  boost::topological_sort(straight, std::back_inserter(reversed));
  std::map<std::uint32_t, std::size_t> place;
  for (std::size_t i = 0; i < reversed.size(); ++i) place[reversed[i]] = i;
  for (auto [e, end] = edges(straight); e != end; ++e) {
    CHECK(place[source(*e, straight)] > place[target(*e, straight)]);
  }

  const Graph looped(shop(true));
  CHECK_THROWS_AS(boost::topological_sort(looped, std::back_inserter(reversed)), boost::not_a_dag);
  std::vector<std::uint32_t> component(num_vertices(looped));
  const auto count = boost::strong_components(
      looped, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, looped)));
  CHECK(count == 3);
  CHECK(component[0] == component[1]);
  CHECK(component[3] != component[4]);

  std::vector<std::uint32_t> dominator(num_vertices(straight), Graph::null_vertex());
  boost::lengauer_tarjan_dominator_tree(
      straight, 1U, boost::make_iterator_property_map(dominator.begin(), get(boost::vertex_index, straight)));
  CHECK(dominator[3] == 0);
  CHECK(dominator[0] == 1);
}

TEST_CASE("the shortest path by edge weight is the most probable one") {
  const Graph graph(shop(true));
  std::vector<double> distance(num_vertices(graph));
  std::vector<std::uint32_t> before(num_vertices(graph));
  boost::dijkstra_shortest_paths(graph, 1U,
                                 boost::distance_map(boost::make_iterator_property_map(
                                                         distance.begin(), get(boost::vertex_index, graph)))
                                     .predecessor_map(boost::make_iterator_property_map(
                                         before.begin(), get(boost::vertex_index, graph))));
  // log and exp each round once: a few ulp.
  CHECK_THAT(std::exp(-distance[3]), Catch::Matchers::WithinRel(0.125, 1e-15));
  CHECK(before[0] == 2);
  for (auto [e, end] = edges(graph); e != end; ++e) {
    const double weight = get(boost::edge_weight, graph, *e);
    CHECK(std::isinf(weight) == (graph.rate(*e) == 0));
    CHECK((weight == 0) == (graph.rate(*e) == 1));
  }
}
