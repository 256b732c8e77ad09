// A loop over chunks of fixed size, with the same results at any thread count.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <funnelgraph/config.hpp>

namespace funnelgraph::inline v0 {

/// Whether to stop early: from a `std::stop_token`, or anything else with `stop_requested()`, or from a
/// function that returns bool. Asked before each chunk, from any thread at the same time. Default: never.
class StopRequest {
 public:
  StopRequest() = default;
  template <class Token>
    requires requires(const Token& token) {
      { token.stop_requested() } -> std::convertible_to<bool>;
    }
  StopRequest(Token token)  // NOLINT(google-explicit-constructor)
      : asked_([token = std::move(token)] { return static_cast<bool>(token.stop_requested()); }) {}
  template <class Function>
    requires std::predicate<const Function&>
  StopRequest(Function function) : asked_(std::move(function)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool stop_requested() const { return asked_ && asked_(); }

 private:
  std::function<bool()> asked_;
};

/// How a long computation runs. None of it changes a result, save that a stop cuts it short.
struct Execution {
  /// Threads, the calling one included; 0 for as many as the machine has.
  unsigned threads = 0;
  StopRequest stop = {};
  /// Called with (done, total) on the calling thread only, after chunks and once at the end.
  std::function<void(std::size_t done, std::size_t total)> progress = {};
};

/// Runs `body(first, last, chunk)` over [0, count) in chunks of `chunk_size` (at least 1) items, the last one
/// shorter; chunks are begun in order, and the calling thread works too. Returns how many items were done:
/// `count`, or after a stop a smaller multiple of `chunk_size`, always the first ones. An exception of the
/// body (of the lowest chunk that threw) or of `progress` is passed on once all threads have ended.
std::size_t parallel_for(
    std::size_t count, std::size_t chunk_size,
    const std::function<void(std::size_t first, std::size_t last, std::size_t chunk)>& body,
    const Execution& execution = {});

/// What `parallel_reduce` made of the first `done` items.
template <class Result>
struct Reduced {
  Result value;
  std::size_t done = 0;
};

/// Folds `map(first, last)` of every chunk into `start` by `combine(start, chunk result)`, in order of
/// chunks: the same bits at any thread count, for a given `chunk_size`. Holds one result a chunk.
template <class Result, class Map, class Combine>
[[nodiscard]] Reduced<Result> parallel_reduce(std::size_t count, std::size_t chunk_size, Result start,
                                              Map map, Combine combine, const Execution& execution = {}) {
  using Part = decltype(map(count, count));
  const std::size_t size = chunk_size == 0 ? 1 : chunk_size;
  std::vector<std::optional<Part>> parts(count / size + (count % size != 0 ? 1 : 0));
  const std::size_t done = parallel_for(
      count, size,
      [&](std::size_t first, std::size_t last, std::size_t chunk) { parts[chunk].emplace(map(first, last)); },
      execution);
  for (std::optional<Part>& part : parts) {
    if (!part) break;
    combine(start, std::move(*part));
  }
  return {std::move(start), done};
}

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/core/parallel_inl.hpp>
#endif
