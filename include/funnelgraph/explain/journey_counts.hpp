// Journeys counted for channel attribution, table by table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <funnelgraph/core/parallel.hpp>
#include <funnelgraph/explain/attribution_options.hpp>
#include <funnelgraph/explain/journey_chain.hpp>
#include <funnelgraph/explain/journey_tables.hpp>

namespace funnelgraph::inline v0 {

/// What the methods need to know, read in one pass: whole counts and exactly summed credits by channel, not
/// the journeys (unless intervals are asked for). Memory grows with channels and distinct transitions, not
/// with rows, so tables larger than memory can be added piece by piece. The result is the same, bit for bit,
/// at any thread count and in any order of rows and tables; intervals depend on the order of rows by rounding
/// only.
class JourneyCounts {
 public:
  /// Throws InvalidValueError: no method or one twice, an order outside 1 to 16, a half-life or position
  /// weights outside their ranges, fewer than 100 replications, a level outside (0, 1).
  explicit JourneyCounts(AttributionOptions options = {});
  ~JourneyCounts();
  JourneyCounts(JourneyCounts&&) noexcept;
  JourneyCounts& operator=(JourneyCounts&&) noexcept;

  // Count a table and return how many of its rows were counted: all, unless `execution` was stopped. A row
  // without any journey (no conversion, no null) is only checked. They throw DataError with the row: an empty
  // path, a touch without a name, a name that is not UTF-8 text, numbers of journeys that are missing,
  // negative or not whole, a value that is missing, infinite or without a conversion, columns of different
  // lengths, values in some tables only; and where no path has the separator but most have another one.
  // Nothing is counted then. O(length of the text) and O(touches).
  std::size_t add(const PathTable& table, const Execution& execution = {});
  std::size_t add(const CodedPaths& table, const Execution& execution = {});
  /// Adds what `other` counted under equal methods and rules (InvalidValueError).
  JourneyCounts& merge(const JourneyCounts& other);

  [[nodiscard]] const AttributionOptions& options() const noexcept;
  [[nodiscard]] std::uint64_t conversions() const noexcept;
  [[nodiscard]] std::uint64_t nulls() const noexcept;
  /// Channels of counted journeys, by name.
  [[nodiscard]] std::vector<std::string> channels() const;
  /// The chain of `channels()`; empty unless Markov was asked for.
  [[nodiscard]] JourneyChain chain() const;

  struct State;
  [[nodiscard]] const State& state() const noexcept { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/explain/journey_counts_inl.hpp>
#endif
