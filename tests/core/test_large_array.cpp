// Arrays of numbers that may be large.
#include <cstdint>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include <funnelgraph/core/large_array.hpp>

namespace {

using funnelgraph::LargeArray;

constexpr std::size_t huge_page = funnelgraph::detail::huge_page;

}  // namespace

TEST_CASE("a large array begins at a huge page, a small one anywhere, and both hold what is written") {
  for (const std::size_t bytes :
       {std::size_t{8}, huge_page - 8, huge_page, huge_page + 8, 5 * huge_page + 8}) {
    CAPTURE(bytes);
    LargeArray<std::uint64_t> numbers(bytes / 8);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = i * i;
    if (bytes >= huge_page) CHECK(reinterpret_cast<std::uintptr_t>(numbers.data()) % huge_page == 0);
    bool kept = true;
    LargeArray<std::uint64_t> copy = numbers;
    numbers.resize(2 * numbers.size() + 1);  // moves to another place
    for (std::size_t i = 0; i < copy.size(); ++i) kept = kept && numbers[i] == i * i && copy[i] == i * i;
    CHECK(kept);
    LargeArray<std::uint64_t> moved;
    moved = std::move(copy);
    CHECK(moved.size() == bytes / 8);
    CHECK(moved.back() == (moved.size() - 1) * (moved.size() - 1));
  }
}

TEST_CASE("a large array gives values where it is asked to, and to types that have some of their own") {
  const LargeArray<double> sevens(huge_page, 7.0);
  CHECK(sevens.front() == 7.0);
  CHECK(sevens.back() == 7.0);
  const LargeArray<std::string> texts(huge_page / sizeof(std::string) + 1);
  CHECK(texts.back().empty());
  CHECK(LargeArray<double>().empty());
}

TEST_CASE("a large array of more than there is throws") {
  LargeArray<double> numbers;
  CHECK_THROWS_AS(numbers.reserve(std::numeric_limits<std::size_t>::max() / 2), std::length_error);
  CHECK_THROWS_AS(funnelgraph::detail::LargeArrayAllocator<double>{}.allocate(
                      std::numeric_limits<std::size_t>::max() / 2),
                  std::bad_array_new_length);
}
