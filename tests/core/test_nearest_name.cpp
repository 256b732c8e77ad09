#include <funnelgraph/core/nearest_name.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace fg = funnelgraph;

TEST_CASE("a mistyped name finds the one that was meant", "[nearest_name]") {
  const std::vector<std::string> names = {"reached", "engaged", "enquiry", "order", "b\xC3\xA1n"};
  CHECK(fg::nearest_name("enquiri", names) == "enquiry");  // substitution
  CHECK(fg::nearest_name("enqury", names) == "enquiry");   // deletion
  CHECK(fg::nearest_name("orderr", names) == "order");     // insertion
  CHECK(fg::nearest_name("oredr", names) == "order");      // swap of neighbours costs one
  CHECK(fg::nearest_name("ORDER", names) == "order");      // case is ignored
  CHECK(fg::nearest_name("ban", names) == "b\xC3\xA1n");   // one code point, not two bytes
}

TEST_CASE("a name that is far from all finds none", "[nearest_name]") {
  const std::vector<std::string> names = {"enquiry", "order"};
  CHECK(fg::nearest_name("payment", names).empty());
  CHECK(fg::nearest_name("", names).empty());
  CHECK(fg::nearest_name("order", {}).empty());
  // A third of the longer name: 2 of 7 are allowed, 3 are not.
  CHECK(fg::nearest_name("enquixx", names) == "enquiry");
  CHECK(fg::nearest_name("enquxxx", names).empty());
}

TEST_CASE("the first of equally near names wins, and hostile lengths cost nothing", "[nearest_name]") {
  const std::vector<std::string> names = {"stage a", "stage b"};
  CHECK(fg::nearest_name("stage c", names) == "stage a");
  CHECK(fg::nearest_name(std::string(10'000'000, 'x'), names).empty());
  const std::vector<std::string> bytes = {"\xFF\xFE", "ok"};
  CHECK(fg::nearest_name("\xFF\xFD", bytes) == "\xFF\xFE");
}
