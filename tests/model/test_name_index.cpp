#include <funnelgraph/model/name_index.hpp>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

namespace fg = funnelgraph;

namespace {

struct Names {
  std::vector<std::string> all;
  fg::NameIndex index;
  fg::NameGroups groups;

  void add(const std::string& name) {
    all.push_back(name);
    index.insert(fg::NameIndex::hash(name), static_cast<std::uint32_t>(all.size() - 1));
    groups.insert(fg::NameIndex::hash(name), [&](std::uint32_t i) { return all[i] == name; });
  }
  [[nodiscard]] std::uint32_t find(const std::string& name) const {
    return index.find(fg::NameIndex::hash(name), [&](std::uint32_t i) { return all[i] == name; });
  }
  [[nodiscard]] std::vector<std::uint32_t> group(const std::string& name) const {
    std::vector<std::uint32_t> found;
    const auto same = [&](std::uint32_t i) { return all[i] == name; };
    for (std::uint32_t i = groups.first(fg::NameIndex::hash(name), same); i != fg::NameIndex::none;
         i = groups.next(i)) {
      found.push_back(i);
    }
    return found;
  }
};

}  // namespace

TEST_CASE("an index finds what was put in, and nothing else") {
  Names names;
  CHECK(names.find("x") == fg::NameIndex::none);
  constexpr std::uint32_t count = 20'000;
  for (std::uint32_t i = 0; i < count; ++i) names.add("stage " + std::to_string(i));
  const Names copy = names;
  for (std::uint32_t i = 0; i < count; ++i) REQUIRE(copy.find("stage " + std::to_string(i)) == i);
  for (std::uint32_t i = 0; i < count; ++i)
    REQUIRE(copy.find("stagf " + std::to_string(i)) == fg::NameIndex::none);
  names.index.clear();
  CHECK(names.find("stage 1") == fg::NameIndex::none);
}

TEST_CASE("of equal names the first stays first, however much it grows") {
  Names names;
  for (std::uint32_t i = 0; i < 64; ++i) names.add("twice");
  CHECK(names.find("twice") == 0);
  for (std::uint32_t i = 0; i < 5000; ++i) {
    names.add("other " + std::to_string(i % 2500));
    REQUIRE(names.find("twice") == 0);
  }
  for (std::uint32_t i = 0; i < 2500; ++i) REQUIRE(names.find("other " + std::to_string(i)) == 64 + i);
}

TEST_CASE("groups keep the order of insertion") {
  Names names;
  for (const char* name : {"a", "b", "a", "c", "a", "b"}) names.add(name);
  CHECK(names.group("a") == std::vector<std::uint32_t>{0, 2, 4});
  CHECK(names.group("b") == std::vector<std::uint32_t>{1, 5});
  CHECK(names.group("c") == std::vector<std::uint32_t>{3});
  CHECK(names.group("d").empty());
  names.groups.clear();
  CHECK(names.group("a").empty());
}

TEST_CASE("hashes tell names, their lengths and their order apart") {
  using fg::NameIndex;
  CHECK(NameIndex::hash("") != NameIndex::hash(std::string_view("\0", 1)));
  CHECK(NameIndex::hash("12345678") != NameIndex::hash("123456780"));
  CHECK(NameIndex::hash("a", "bc") != NameIndex::hash("ab", "c"));
  CHECK(NameIndex::hash("a", "b") != NameIndex::hash("b", "a"));
  CHECK(NameIndex::hash("a", "b") == NameIndex::combine(NameIndex::hash("a"), NameIndex::hash("b")));
}
