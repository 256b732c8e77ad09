// Everything that is counted about journeys, by position; names live in StatisticsContent.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <funnelgraph/core/exact_sum.hpp>
#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/fingerprint.hpp>
#include <funnelgraph/fit/lag_tally.hpp>
#include <funnelgraph/fit/notes.hpp>
#include <funnelgraph/fit/options.hpp>

namespace funnelgraph::inline v0::fit {

/// Where a journey can go besides the stages. Positions of stages are below all of these.
inline constexpr std::uint32_t nowhere = 0xFFFFFFFFU;
inline constexpr std::uint32_t lost_end = 0xFFFFFFFEU;
inline constexpr std::uint32_t screened_end = 0xFFFFFFFDU;
inline constexpr std::uint32_t silent_end = 0xFFFFFFFCU;
inline constexpr std::uint32_t open_end = 0xFFFFFFFBU;
inline constexpr std::uint32_t dropped_end = 0xFFFFFFFAU;
inline constexpr std::uint32_t reached_end = 0xFFFFFFF9U;  ///< at a stage that ends journeys

/// Exact sums, so that merging in any order gives the same bits.
struct MeasureTally {
  ExactSum sum{};
  std::uint64_t number = 0;  ///< how many were not missing
  ExactSum squares{};
  std::uint64_t squared = 0;  ///< how many are in `squares`; not `number` where older bytes came without

  /// Counts a value, or takes it back.
  void count(double value, bool add);
  void merge(const MeasureTally& other);
  [[nodiscard]] double mean() const;  ///< NaN of none
  /// Sample standard deviation (n - 1), the sum of squares about the mean rounded once; NaN below two, and
  /// where the squares are not known.
  [[nodiscard]] double sd() const;
  bool operator==(const MeasureTally&) const = default;
};

struct StageTally {
  std::uint64_t entered = 0;             ///< visits
  std::uint64_t started = 0;             ///< journeys that began here
  std::uint64_t open = 0;                ///< visits not yet left
  std::uint64_t dropped = 0;             ///< journeys that ended here without any outcome
  std::vector<MeasureTally> visited{};   ///< by measure, over visits
  std::vector<MeasureTally> starting{};  ///< by measure, over journeys that began here
  bool operator==(const StageTally&) const = default;
};

struct TransitionKey {
  std::uint32_t from = nowhere;
  std::uint32_t to = nowhere;
  std::uint32_t reason = nowhere;  ///< only for losses
  auto operator<=>(const TransitionKey&) const = default;
};

struct TransitionTally {
  std::uint64_t count = 0;
  LagTally lag{};  ///< of those whose lag is known
  bool operator==(const TransitionTally&) const = default;
};

/// The counts of one segment, or of one person (without lags and money).
struct Tally {
  std::vector<StageTally> stages{};
  std::map<TransitionKey, TransitionTally> transitions{};
  std::map<std::uint32_t, LagTally> cycles{};  ///< from the first date to an end
  bool operator==(const Tally&) const = default;
};

struct Visit {
  std::uint32_t stage = nowhere;
  Tick tick = no_tick;
  bool operator==(const Visit&) const = default;
};

/// One journey: while it is read, and as long as it may go on.
struct Journey {
  std::uint32_t segment = 0;
  std::uint32_t person = nowhere;
  Tick first = no_tick;            ///< when it began
  std::vector<Visit> path{};       ///< milestones: all stages reached; events: the latest only
  std::vector<double> measures{};  ///< milestones: by measure, NaN = missing
  std::uint32_t end = open_end;
  std::uint32_t reason = nowhere;
  Tick end_tick = no_tick;
  std::vector<std::string> notes{};                            ///< codes of notes about it
  friend bool operator==(const Journey& a, const Journey& b);  ///< missing measures are equal
};

struct StageEntry {
  std::string name;
  std::uint32_t rank = 0xFFFFFFFFU;      ///< its place where an order was given
  std::optional<OutcomeKind> outcome{};  ///< set where it ends journeys
  bool operator==(const StageEntry&) const = default;
};

enum class Reader : std::uint8_t { none, milestones, events };

/// The sufficient statistic as plain data in canonical form: names sorted, nothing counted zero times.
/// Equality is by content: what was counted, not which columns it was read from.
struct StatisticsContent {
  Reader reader = Reader::none;
  MilestoneOptions milestones{};  ///< how it was read, for `update`
  EventOptions events{};
  Durations durations = Durations::exact;
  bool keeps_journeys = true;

  std::vector<StageEntry> stages{};     ///< by rank, then name
  std::vector<std::string> segments{};  ///< sorted; "" = a table without segments, "(none)" = missing
  std::vector<std::string> persons{};   ///< sorted
  std::vector<std::string> reasons{};   ///< sorted
  std::vector<std::string> measures{};  ///< sorted
  std::map<std::string, std::string> reason_owners{};

  std::vector<Tally> tallies{};                                      ///< by segment
  std::vector<Tally> person_tallies{};                               ///< by person
  std::unordered_map<Fingerprint, Journey, FingerprintHash> live{};  ///< journeys that may go on
  std::unordered_set<Fingerprint, FingerprintHash> closed{};         ///< journeys that have ended
  Notes notes{};
  Tick first = no_tick;  ///< the earliest start of a journey
  Tick last = no_tick;   ///< the latest time that was counted

  friend bool operator==(const StatisticsContent& a, const StatisticsContent& b);
};

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/tally_inl.hpp>
#endif
