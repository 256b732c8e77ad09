#include <funnelgraph/io/graphml.hpp>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <map>
#include <sstream>
#include <string>

#include <funnelgraph/model/reference.hpp>

using namespace funnelgraph;

namespace {

using Data = std::map<std::string, std::string>;

struct Graph {
  Data data;
  std::map<std::string, Data> nodes;  // by id
  std::map<std::pair<std::string, std::string>, Data> edges;
};

Data data_of(const boost::property_tree::ptree& element, const Data& keys) {
  Data data;
  for (const auto& [tag, child] : element) {
    if (tag == "data") data[keys.at(child.get<std::string>("<xmlattr>.key"))] = child.data();
  }
  return data;
}

/// Reads GraphML by another XML parser; throws on text that is not well formed.
Graph read(const std::string& text) {
  std::istringstream stream(text);
  boost::property_tree::ptree tree;
  boost::property_tree::read_xml(stream, tree);
  Data keys;
  Graph graph;
  for (const auto& [tag, child] : tree.get_child("graphml")) {
    if (tag != "key") continue;  // its attr.name holds a dot, which get() would take for a path
    const auto& attributes = child.get_child("<xmlattr>");
    for (const auto& [name, value] : attributes) {
      if (name == "attr.name") keys[attributes.get<std::string>("id")] = value.data();
    }
  }
  const auto& body = tree.get_child("graphml.graph");
  graph.data = data_of(body, keys);
  for (const auto& [tag, child] : body) {
    if (tag == "node") graph.nodes[child.get<std::string>("<xmlattr>.id")] = data_of(child, keys);
    if (tag == "edge") {
      graph.edges[{child.get<std::string>("<xmlattr>.source"), child.get<std::string>("<xmlattr>.target")}] =
          data_of(child, keys);
    }
  }
  return graph;
}

}  // namespace

TEST_CASE("GraphML says what the funnel says") {
  const Funnel funnel = reference::online_shop();
  const Graph graph = read(to_graphml(funnel));
  CHECK(graph.data.at("name") == "Online shop");
  CHECK(graph.nodes.size() == funnel.stages().size() + funnel.outcomes().size());
  CHECK(graph.edges.size() == funnel.transitions().size());
  CHECK(graph.nodes.at("s0").at("name") == "reached");
  CHECK(graph.nodes.at("s0").at("volume") == "200000");
  CHECK(graph.nodes.at("s3").at("owner") == "Marketing:0.5;Sales:0.5");
  CHECK(graph.nodes.at("o0").at("kind") == "won");
  const Data& edge = graph.edges.at({"s3", "s4"});  // enquiry -> order by phone
  CHECK(edge.at("rate") == "0.2");
  CHECK(edge.at("lag_family") == "gamma");
  CHECK(edge.at("hand_off") == "true");
  CHECK(edge.at("giver") == "Marketing:0.5");
  CHECK(edge.at("receiver") == "Sales:0.5");
  CHECK(edge.at("service_level") == "1");
  CHECK(!graph.edges.at({"s3", "o1"}).contains("hand_off"));
}

TEST_CASE("GraphML is well formed for every name and leaves out what is unknown") {
  Funnel funnel({.name = "<a> & \"b\" ]]>", .note = "bell \a, bytes \xFF, line\r\nend"});
  funnel.add_stage({.name = "</data>", .owner = "R&D", .cost = std::nan("")});
  funnel.add_stage({.name = "tiếp cận", .capacity = 5});
  funnel.add_transition({.from = "</data>", .to = "tiếp cận", .rate = 0.1});
  funnel.add_transition({.from = "</data>", .to = "not there", .rate = 0.1});
  const Graph graph = read(to_graphml(funnel));
  CHECK(graph.data.at("name") == "<a> & \"b\" ]]>");
  CHECK(graph.data.at("note") == "bell \xEF\xBF\xBD, bytes \xEF\xBF\xBD, line\r\nend");
  CHECK(graph.nodes.at("s0").at("name") == "</data>");
  CHECK(!graph.nodes.at("s0").contains("cost"));
  CHECK(!graph.nodes.at("s0").contains("capacity"));
  CHECK(graph.nodes.at("s1").at("capacity") == "5");
  CHECK(graph.edges.size() == 1);
  CHECK(!graph.edges.begin()->second.contains("lag_mean"));
  CHECK(read(to_graphml(Funnel())).nodes.empty());
}
