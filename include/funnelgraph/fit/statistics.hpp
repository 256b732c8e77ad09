// The mergeable sufficient statistic between a table of journeys and a funnel.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/funnel_options.hpp>
#include <funnelgraph/fit/notes.hpp>
#include <funnelgraph/model/funnel.hpp>
#include <funnelgraph/model/segmented_funnel.hpp>

namespace funnelgraph::inline v0::fit {

/// One row a transition that was taken. `to` is a stage, "lost", "screened" or "silent".
struct TransitionRow {
  std::string from, to;
  std::uint64_t count = 0;
  std::uint64_t entered = 0;  ///< visits of `from`
  std::uint64_t open = 0;     ///< visits of `from` not yet left
  double rate = 0;            ///< count / entered
  double rate_closed = 0;     ///< count / (entered - open); NaN where all are open
  double low = 0;             ///< 95 % interval of rate_closed (Jeffreys)
  double high = 0;
  double lag_mean = 0;  ///< days, of those with a known lag; NaN without any
  double lag_sd = 0;    ///< sample sd (n - 1), days; NaN below two
  double lag_median = 0;
  std::uint64_t lag_number = 0;  ///< how many lags are known
};

/// One row a stage and segment.
struct StageCount {
  std::string segment;  ///< "" where no segment was asked for
  std::string stage;
  std::uint64_t entered = 0;  ///< visits
  std::uint64_t started = 0;  ///< journeys that began here
  std::uint64_t open = 0;     ///< visits not yet left
  std::uint64_t dropped = 0;  ///< journeys that ended here without any outcome
};

struct LossRow {
  std::string stage;
  std::string reason;  ///< "" where none was given
  std::string owner;   ///< "not assigned" where the reason has none
  std::uint64_t count = 0;
  double lag_mean = 0;  ///< days; NaN where undated
};

/// Money and other measures, by segment and stage.
struct MeasureRow {
  std::string segment, stage, measure;
  double sum = 0;            ///< the nearest double of the exact sum over visits
  std::uint64_t number = 0;  ///< visits where it was given
  double mean = 0;           ///< NaN where it never was
  double sd = 0;             ///< sample sd (n - 1); NaN below two, or from bytes of format 1
};

/// Days from the first date of a journey to its end.
struct CycleRow {
  std::string end;  ///< an outcome stage, "lost", "screened" or "silent"
  std::uint64_t number = 0;
  double mean = 0, sd = 0, median = 0;
};

/// One person's rate of one transition, shrunk towards everybody's.
struct PersonRow {
  std::string person;
  std::uint64_t count = 0, closed = 0;
  double rate = 0;  ///< posterior mean; low and high: its 95 % interval
  double low = 0, high = 0;
};

/// Below this many closed visits nothing is said about a person.
inline constexpr std::uint64_t least_visits_of_a_person = 30;

struct StatisticsContent;

/// A value: counts of journeys, exact, so that merging in any order and grouping is equal. Journeys that
/// may go on are kept by pseudonym so that time slices can be added.
class Statistics {
 public:
  Statistics();  ///< of no journey; merges with anything
  explicit Statistics(StatisticsContent content);
  Statistics(const Statistics& other);
  Statistics(Statistics&& other) noexcept;  ///< `other` can then only be assigned to or destroyed
  Statistics& operator=(const Statistics& other);
  Statistics& operator=(Statistics&& other) noexcept;
  ~Statistics();
  /// What is counted, as plain data (tally.hpp).
  [[nodiscard]] const StatisticsContent& content() const noexcept;

  /// Adds statistics of other journeys. Throws DataError when both hold a journey, InvalidValueError when
  /// they were read differently (milestones and events, durations, outcomes, what an end means),
  /// ConflictError when a reason has two owners. Unchanged after a throw. O(size of both).
  Statistics& merge(const Statistics& other);
  friend Statistics operator+(Statistics a, const Statistics& b) {
    a.merge(b);
    return a;
  }
  Statistics& operator+=(const Statistics& other) { return merge(other); }

  /// Adds a later slice of the same table or log, read with the same options; `until` moves the as-of time.
  /// Events: each journey goes on where it stood; a row earlier than what is counted of its journey is a
  /// DataError. Milestones: a row of an open journey replaces what was known of it, rows of ended ones are
  /// noted and ignored. Throws InvalidValueError where nothing was fitted, keep_journeys was off, or
  /// `until` moves back. Unchanged after a throw.
  void update(const Columns& slice, std::optional<Tick> until = {});

  [[nodiscard]] std::uint64_t journeys() const;
  /// Visits of a stage, over all segments. Throws UnknownNameError.
  [[nodiscard]] std::uint64_t entered(std::string_view stage) const;
  /// How often a transition was taken; 0 where never. Throws UnknownNameError for stages not seen.
  [[nodiscard]] std::uint64_t count(std::string_view from, std::string_view to) const;
  [[nodiscard]] std::vector<std::string> stage_names() const;
  [[nodiscard]] const std::vector<std::string>& segment_names() const noexcept;

  [[nodiscard]] std::vector<TransitionRow> transitions() const;  ///< in order of the stages
  [[nodiscard]] std::vector<StageCount> stages() const;          ///< over all segments
  [[nodiscard]] std::vector<StageCount> stages_by_segment() const;
  [[nodiscard]] std::vector<LossRow> losses() const;
  [[nodiscard]] std::vector<MeasureRow> measures() const;  ///< by segment
  [[nodiscard]] std::vector<CycleRow> cycles() const;
  [[nodiscard]] std::vector<Note> notes() const;
  /// How often a transition was taken by person, by name, never ranked: those with at least 30 closed
  /// visits, shrunk by a beta prior from the spread between persons (moments). Throws InvalidValueError
  /// unless the fit was asked for persons.
  [[nodiscard]] std::vector<PersonRow> persons(std::string_view from, std::string_view to) const;
  /// Share `probability` of the known lags of a transition is at most this many days.
  [[nodiscard]] double lag_quantile(std::string_view from, std::string_view to, double probability) const;

  /// One segment's counts, without its journeys (it cannot be updated). Throws UnknownNameError.
  [[nodiscard]] Statistics segment(std::string_view name) const;

  /// The funnel that these counts describe (funnel_options.hpp says how).
  [[nodiscard]] Funnel to_funnel(const FunnelOptions& options = {}) const;
  /// One funnel a segment. A value or cost that was never given in a segment is a placeholder: the mean over
  /// all. Throws InvalidValueError where the fit had no segments.
  [[nodiscard]] SegmentedFunnel to_segmented_funnel(const FunnelOptions& options = {}) const;

  /// All of it as bytes with a format number, the same on every machine; `load` reads it back, format 1
  /// too (without the spread of measures). Holds
  /// names of stages, segments and reasons, and pseudonyms of journeys.
  [[nodiscard]] std::string save() const;
  /// Throws DataError on anything that `save` did not write.
  [[nodiscard]] static Statistics load(std::string_view bytes);

  /// By content: everything counted and the journeys that may go on; row numbers of notes and names of
  /// columns do not count.
  bool operator==(const Statistics& other) const;

 private:
  std::unique_ptr<StatisticsContent> content_;
};

}  // namespace funnelgraph::inline v0::fit

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/fit/saving_inl.hpp>
#include <funnelgraph/fit/statistics_inl.hpp>
#include <funnelgraph/fit/statistics_tables_inl.hpp>
#include <funnelgraph/fit/to_funnel_inl.hpp>
#endif
