#include <boost/json.hpp>
#include <string>

#include <funnelgraph/io/json.hpp>

#include "check.hpp"
#include "shop.hpp"

int main() {
  const std::string text = funnelgraph::to_json(consumer::shop());
  const boost::json::value read = boost::json::parse(text);  // by the program's own copy
  consumer::expect("stages", read.at("stages").as_array().size() == 2);
  consumer::expect("JSON round trip", funnelgraph::from_json(text) == consumer::shop());
  return 0;
}
