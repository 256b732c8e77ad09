#include <funnelgraph/core/error.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace fg = funnelgraph;

namespace {
fg::Funnel named(const char* name) { return fg::Funnel{{.name = name}}; }
}  // namespace

TEST_CASE("funnels by segment, ordered by name") {
  fg::SegmentedFunnel cities({{"Huế", named("b")}, {"Hà Nội", named("a")}});
  CHECK(cities.size() == 2);
  CHECK(cities.names() == std::vector<std::string>{"Huế", "Hà Nội"});
  CHECK(cities.segment("Hu\u00EA\u0301").info().name == "b");
  cities.set_segment("Huế", named("c"));
  CHECK(cities.size() == 2);
  CHECK(cities.segment("Huế").info().name == "c");
  CHECK(cities == fg::SegmentedFunnel({{"Hà Nội", named("a")}, {"Huế", named("c")}}));
  cities.remove_segment("Huế");
  CHECK_FALSE(cities == fg::SegmentedFunnel({{"Hà Nội", named("a")}, {"Huế", named("c")}}));
  CHECK(cities.names() == std::vector<std::string>{"Hà Nội"});
}

TEST_CASE("an unknown segment names the nearest") {
  fg::SegmentedFunnel cities({{"north", named("a")}, {"south", named("b")}});
  try {
    static_cast<void>(cities.segment("nroth"));
    FAIL("no error");
  } catch (const fg::UnknownNameError& error) {
    CHECK(error.kind() == "segment");
    CHECK(error.nearest() == "north");
  }
  CHECK_THROWS_AS(cities.remove_segment("west"), fg::UnknownNameError);
  CHECK(cities.size() == 2);
}

TEST_CASE("two segments whose names are the same text are refused") {
  CHECK_THROWS_AS(fg::SegmentedFunnel({{"Huế", named("a")}, {"Hu\u00EA\u0301", named("b")}}),
                  fg::InvalidValueError);
}
