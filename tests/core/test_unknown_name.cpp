#include <funnelgraph/core/unknown_name.hpp>

#include <catch2/catch_test_macros.hpp>

#include <string>
#include <vector>

namespace fg = funnelgraph;

TEST_CASE("an unknown name's error says the nearest, or else what there is", "[unknown_name]") {
  const std::vector<std::string> names = {"enquiry", "", "order", "enquiry"};
  const fg::UnknownNameError near = fg::unknown_name("stage", "ordr", names);
  CHECK(near.kind() == "stage");
  CHECK(near.given() == "ordr");
  CHECK(near.nearest() == "order");
  CHECK(std::string(near.what()) == "unknown stage 'ordr'; did you mean 'order'?");
  const fg::UnknownNameError far = fg::unknown_name("stage", "payment", names);
  CHECK(far.nearest().empty());
  CHECK(std::string(far.what()) == "unknown stage 'payment'; known: enquiry, order");
  CHECK(std::string(fg::unknown_name("stage", "payment", {}).what()) == "unknown stage 'payment'");
}

TEST_CASE("of many names the error lists the first twelve", "[unknown_name]") {
  std::vector<std::string> names;
  for (char letter = 'a'; letter <= 'l'; ++letter) names.emplace_back(9, letter);
  const std::string all = fg::unknown_name("stage", "payment", names).what();
  CHECK(all.ends_with("kkkkkkkkk, lllllllll"));
  names.emplace_back("order");
  CHECK(fg::unknown_name("stage", "payment", names).what() == all + " and more");
}
