#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/core/philox.hpp>

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace fg = funnelgraph;

TEST_CASE("every item is visited once, in chunks of fixed size", "[parallel]") {
  for (const unsigned threads : {0U, 1U, 2U, 5U}) {
    for (const std::size_t count : {0U, 1U, 7U, 8U, 9U, 1000U}) {
      std::vector<int> visits(count, 0);
      const std::size_t done = fg::parallel_for(count, 8,
                                                [&](std::size_t first, std::size_t last, std::size_t chunk) {
                                                  if (first != chunk * 8 || last > count || last - first > 8)
                                                    throw std::logic_error("wrong chunk");
                                                  for (std::size_t i = first; i < last; ++i) ++visits[i];
                                                },
                                                {.threads = threads});
      CHECK(done == count);
      CHECK(visits == std::vector<int>(count, 1));
    }
  }
  CHECK(fg::parallel_for(3, 0, [](std::size_t, std::size_t, std::size_t) {}) ==
        3);  // a chunk has at least one
}

TEST_CASE("a reduction gives the same bits at any thread count", "[parallel]") {
  const auto sum_with = [](unsigned threads) {
    return fg::parallel_reduce(
        20'000, 64, 0.0,
        [](std::size_t first, std::size_t last) {
          double sum = 0;
          for (std::size_t i = first; i < last; ++i) sum += fg::RandomStream(42, i, "value").uniform();
          return sum;
        },
        [](double& total, double part) { total += part; }, {.threads = threads});
  };
  const double one = sum_with(1).value;
  CHECK(sum_with(1).done == 20'000);
  for (const unsigned threads : {2U, 3U, 8U}) CHECK(sum_with(threads).value == one);  // the same bits

  // The order of chunks shows in a result that does not commute.
  const auto text = fg::parallel_reduce(
      26, 1, std::string{},
      [](std::size_t first, std::size_t) { return std::string(1, static_cast<char>('a' + first)); },
      [](std::string& whole, const std::string& part) { whole += part; }, {.threads = 4});
  CHECK(text.value == "abcdefghijklmnopqrstuvwxyz");
}

TEST_CASE("the failure of the lowest chunk is passed on", "[parallel]") {
  for (const unsigned threads : {1U, 2U, 4U}) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::string seen;
      try {
        fg::parallel_for(100, 1,
                         [](std::size_t first, std::size_t, std::size_t) {
                           if (first >= 10) throw std::runtime_error(std::to_string(first));
                         },
                         {.threads = threads});
      } catch (const std::runtime_error& error) {
        seen = error.what();
      }
      REQUIRE(seen == "10");
    }
  }
}

TEST_CASE("of two failures the lower chunk's counts, though it came later", "[parallel]") {
  std::atomic<bool> higher_failed{false};
  std::string seen;
  try {
    fg::parallel_for(2, 1,
                     [&](std::size_t first, std::size_t, std::size_t) {
                       const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
                       while (first == 0 && !higher_failed && std::chrono::steady_clock::now() < give_up) {
                         std::this_thread::yield();
                       }
                       if (first == 1) higher_failed = true;
                       throw std::runtime_error(std::to_string(first));
                     },
                     {.threads = 2});
  } catch (const std::runtime_error& error) {
    seen = error.what();
  }
  CHECK(higher_failed);
  CHECK(seen == "0");
}

TEST_CASE("a stop leaves the first chunks done and nothing half done", "[parallel]") {
  for (const unsigned threads : {1U, 3U}) {
    std::stop_source source;
    std::vector<int> visits(1000, 0);
    const std::size_t done = fg::parallel_for(visits.size(), 10,
                                              [&](std::size_t first, std::size_t last, std::size_t chunk) {
                                                for (std::size_t i = first; i < last; ++i) visits[i] = 1;
                                                if (chunk == 20) source.request_stop();
                                              },
                                              {.threads = threads, .stop = source.get_token()});
    CHECK(done >= 210);
    CHECK(done < 1000);
    CHECK(done % 10 == 0);
    for (std::size_t i = 0; i < visits.size(); ++i) REQUIRE(visits[i] == (i < done ? 1 : 0));
  }
  // Any function that returns bool stops too; a reduction then holds what was done.
  const auto none = fg::parallel_reduce(
      10, 1, 0, [](std::size_t, std::size_t) { return 1; }, [](int& sum, int part) { sum += part; },
      {.stop = [] { return true; }});
  CHECK(none.value == 0);
  CHECK(none.done == 0);
}

TEST_CASE("progress is told on the calling thread, ascending, up to the end", "[parallel]") {
  const auto caller = std::this_thread::get_id();
  std::vector<std::size_t> told;
  bool elsewhere = false;
  fg::parallel_for(95, 10, [](std::size_t, std::size_t, std::size_t) {},
                   {.threads = 3, .progress = [&](std::size_t done, std::size_t total) {
                      elsewhere = elsewhere || std::this_thread::get_id() != caller || total != 95;
                      told.push_back(done);
                    }});
  CHECK_FALSE(elsewhere);
  REQUIRE_FALSE(told.empty());
  CHECK(told.back() == 95);
  for (std::size_t i = 1; i < told.size(); ++i) CHECK(told[i] >= told[i - 1]);

  // What progress throws ends the loop.
  std::atomic<int> chunks{0};
  CHECK_THROWS_AS(
      fg::parallel_for(
          1000, 1, [&](std::size_t, std::size_t, std::size_t) { ++chunks; },
          {.threads = 1, .progress = [](std::size_t, std::size_t) { throw std::runtime_error("no"); }}),
      std::runtime_error);
  CHECK(chunks == 1);
}
