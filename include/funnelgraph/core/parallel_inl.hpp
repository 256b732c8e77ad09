#pragma once

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>

#include <funnelgraph/core/parallel.hpp>

namespace funnelgraph::inline v0 {
namespace detail {

/// What the threads of one loop share. Chunks are claimed in ascending order and a claimed chunk is always
/// run, so that those done are the first ones and the lowest failure is the same on every run.
class ChunkQueue {
 public:
  explicit ChunkQueue(std::size_t chunks) : chunks_(chunks) {}

  [[nodiscard]] std::size_t finished() const noexcept { return finished_.load(std::memory_order_relaxed); }
  void halt() noexcept { halted_.store(true, std::memory_order_relaxed); }
  void record_failure(std::size_t chunk) {
    halt();
    const std::lock_guard lock(mutex_);
    if (!failure_ || chunk < failed_chunk_) {
      failure_ = std::current_exception();
      failed_chunk_ = chunk;
    }
  }
  void rethrow_failure() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  /// Claims and runs one chunk; false when there is none left or the loop was halted or stopped.
  template <class Run>
  bool run_next(const StopRequest& stop, Run run) {
    if (halted_.load(std::memory_order_relaxed)) return false;
    std::size_t chunk = chunks_;
    try {
      if (stop.stop_requested()) {
        halt();
        return false;
      }
      chunk = next_.fetch_add(1, std::memory_order_relaxed);
      if (chunk >= chunks_) return false;
      run(chunk);
      finished_.fetch_add(1, std::memory_order_relaxed);
    } catch (...) {
      record_failure(chunk);
      return false;
    }
    return true;
  }

 private:
  std::size_t chunks_;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> finished_{0};
  std::atomic<bool> halted_{false};
  std::mutex mutex_;
  std::exception_ptr failure_;
  std::size_t failed_chunk_ = 0;
};

/// Threads that are joined on every way out.
class JoinedThreads {
 public:
  JoinedThreads() = default;
  JoinedThreads(const JoinedThreads&) = delete;
  JoinedThreads& operator=(const JoinedThreads&) = delete;
  ~JoinedThreads() { join(); }
  /// False when the system gives no more threads.
  template <class Work>
  bool start(const Work& work) {
    try {
      threads_.emplace_back(work);
    } catch (const std::system_error&) {
      return false;
    }
    return true;
  }
  void join() {
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::size_t parallel_for(
    std::size_t count, std::size_t chunk_size,
    const std::function<void(std::size_t first, std::size_t last, std::size_t chunk)>& body,
    const Execution& execution) {
  const std::size_t size = std::max<std::size_t>(chunk_size, 1);
  const std::size_t chunks = count / size + (count % size != 0 ? 1 : 0);
  const std::size_t wanted =
      execution.threads != 0 ? execution.threads : std::max(1U, std::thread::hardware_concurrency());

  detail::ChunkQueue queue(chunks);
  const auto items = [&](std::size_t finished) { return finished == chunks ? count : finished * size; };
  const auto run = [&](std::size_t chunk) {
    const std::size_t first = chunk * size;
    body(first, first + std::min(size, count - first), chunk);
  };
  const auto work = [&] {
    while (queue.run_next(execution.stop, run)) {
    }
  };
  {
    detail::JoinedThreads helpers;
    for (std::size_t i = 1; i < std::min(wanted, chunks); ++i) {
      if (!helpers.start(work)) break;
    }
    if (!execution.progress) {
      work();
    } else {
      try {
        while (queue.run_next(execution.stop, run)) {
          if (const std::size_t finished = queue.finished(); finished < chunks) {
            execution.progress(items(finished), count);
          }
        }
      } catch (...) {
        queue.halt();
        throw;
      }
    }
  }
  queue.rethrow_failure();
  const std::size_t done = items(queue.finished());
  if (execution.progress) execution.progress(done, count);
  return done;
}

}  // namespace funnelgraph::inline v0
