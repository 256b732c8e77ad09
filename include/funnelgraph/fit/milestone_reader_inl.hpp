#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unordered_set>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/fit/counting.hpp>
#include <funnelgraph/fit/merged_names.hpp>
#include <funnelgraph/fit/reader_options_inl.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/status_words.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

/// Adds (or takes back) all of a journey but how it stands at its end.
inline void count_path(StatisticsContent& content, const Journey& journey, bool add) {
  count_start(content, journey, journey.path.front().stage, journey.measures, add);
  for (std::size_t i = 0; i < journey.path.size(); ++i) {
    count_visit(content, journey, journey.path[i].stage, journey.measures, add);
    if (i > 0) count_move(content, journey, journey.path[i - 1], journey.path[i], nowhere, add);
  }
}

/// Reads one table on top of what is known. `content` carries the checked options.
class MilestoneReader {
 public:
  MilestoneReader(const Columns& table, StatisticsContent& content)
      : table_(table), content_(content), options_(content.milestones) {
    if (!options_.journey.empty()) ids_ = read_ids(table, options_.journey);
    StatisticsContent names;
    for (std::size_t k = 0; k < options_.stages.size(); ++k) {
      const StageColumn& stage = options_.stages[k];
      times_.push_back(read_times(table, stage.column));
      const auto outcome = options_.outcomes.find(stage.stage);
      const bool ends = outcome != options_.outcomes.end();
      names.stages.push_back(
          {stage.stage, static_cast<std::uint32_t>(k), ends ? std::optional(outcome->second) : std::nullopt});
      ends_.push_back(ends);
    }
    if (!options_.lost.empty()) {
      reasons_ = read_labels(table, options_.lost);
      refuse_flags();
    }
    if (!options_.status.empty()) {
      statuses_ = read_labels(table, options_.status);
      meanings_ = meanings(statuses_.names, options_.statuses);
    }
    if (!options_.lost_at.empty()) lost_at_ = read_times(table, options_.lost_at);
    if (!options_.segment.empty()) segments_ = read_labels(table, options_.segment);
    if (!options_.person.empty()) persons_ = read_labels(table, options_.person);
    for (const auto& [name, column] : measure_columns("milestones", options_)) {
      measures_.push_back(read_measure(table, name, column));
      names.measures.push_back(name);
    }
    names.segments = segments_.names;
    names.segments.push_back(options_.segment.empty() ? "" : no_segment);
    names.reasons = reasons_.names;
    names.persons = persons_.names;
    place(names);
  }

  void read() {
    std::unordered_set<std::uint32_t> seen;
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (ids_.rows.empty()) {
        read_row(row, {});
      } else if (seen.insert(ids_.rows[row]).second) {
        read_row(row, ids_.ids[ids_.rows[row]]);
      } else {
        note("duplicate_journey", row);
      }
    }
  }

 private:
  /// Any reason says that a journey was lost, so that "no" would say it too.
  void refuse_flags() const {
    if (!are_flags(reasons_.names)) return;
    throw DataError(table_.source(), 0, options_.lost,
                    "says yes or no, reasons of loss are wanted: name it as the status, with what its values "
                    "mean");
  }
  /// Gives the content all names of the table and finds where they stand.
  void place(StatisticsContent& names) {
    sort_names(names.segments);
    sort_names(names.reasons);
    sort_names(names.persons);
    adopt_names(content_, names);
    segment_places_ = places_of(segments_.names, content_.segments);
    reason_places_ = places_of(reasons_.names, content_.reasons);
    person_places_ = places_of(persons_.names, content_.persons);
    no_segment_place_ = places_of({options_.segment.empty() ? "" : no_segment}, content_.segments).front();
    for (const StageColumn& stage : options_.stages) {
      const auto at = std::ranges::find(content_.stages, stage.stage, &StageEntry::name);
      stage_places_.push_back(static_cast<std::uint32_t>(at - content_.stages.begin()));
    }
    for (const Measure& measure : measures_) {
      measure_places_.push_back(places_of({measure.name}, content_.measures).front());
    }
  }

  void note(const char* code, std::size_t row) { content_.notes.add(code, table_.row_number(row)); }
  /// A note that goes when a later slice replaces the journey.
  void note(Journey& journey, std::string code, std::size_t row) {
    content_.notes.add(code, table_.row_number(row));
    journey.notes.push_back(std::move(code));
  }

  void forget(const Fingerprint& id) {
    const auto at = content_.live.find(id);
    if (at == content_.live.end()) return;
    const Journey& known = at->second;
    unsettle(content_, known);
    count_path(content_, known, false);
    for (const std::string& code : known.notes) content_.notes.take_back(code, 1);
    content_.live.erase(at);
  }

  void read_row(std::size_t row, const Fingerprint& id) {
    if (content_.closed.contains(id)) {
      note("already_closed", row);
      return;
    }
    forget(id);
    Journey journey;
    read_path(journey, row);
    if (journey.path.empty()) {
      note(journey, "no_dates", row);
      return;
    }
    read_attributes(journey, row);
    count_path(content_, journey, true);
    const bool open = journey.end == open_end;
    if (open) {
      settle(content_, journey, table_.row_number(row));
    } else {
      count_end(content_, journey, true);
      for (const Tick tick : {journey.path.back().tick, journey.end_tick}) {
        if (tick != no_tick) content_.last = std::max(content_.last, tick);
      }
    }
    for (const Visit& visit : journey.path) {
      if (visit.tick != no_tick) content_.last = std::max(content_.last, visit.tick);
    }
    if (!content_.keeps_journeys) return;
    if (open) {
      content_.live.emplace(id, std::move(journey));
    } else {
      content_.closed.insert(id);
    }
  }

  /// Whether any of these columns is a stage and not an outcome: an outcome is not skipped by another.
  [[nodiscard]] bool any_stage(std::size_t begin, std::size_t end) const {
    for (std::size_t k = begin; k < end; ++k) {
      if (!ends_[k]) return true;
    }
    return false;
  }

  /// The stages with a date, in order, and what the row says about its end.
  void read_path(Journey& journey, std::size_t row) {
    const std::uint32_t word = statuses_.rows.empty() ? nowhere : statuses_.rows[row];
    const std::optional<Status> status = word == nowhere ? std::nullopt : meanings_[word];
    const bool overrides = status && *status != Status::won;
    bool ended = false;
    std::size_t latest = 0;
    for (std::size_t k = 0; k < times_.size(); ++k) {
      const Tick tick = times_[k][row];
      if (tick == no_tick) continue;
      if (ends_[k] && overrides) {
        note(journey, "status_over_date", row);
        if (journey.end_tick == no_tick && *status != Status::open) journey.end_tick = tick;
        continue;
      }
      if (options_.until && tick > *options_.until) {
        note(journey, "after_until", row);
        continue;
      }
      if (ended) {
        note(journey, "after_outcome", row);
        continue;
      }
      if (any_stage(journey.path.empty() ? 0 : latest + 1, k)) {
        note(journey, journey.path.empty() ? "first_stage_missing" : "skipped_stage", row);
      }
      if (!journey.path.empty() && tick < journey.path.back().tick) note(journey, "out_of_order", row);
      journey.path.push_back({stage_places_[k], tick});
      latest = k;
      ended = ends_[k];
    }
    if (journey.path.empty()) return;
    journey.first = journey.path.front().tick;
    read_end(journey, row, status, ended);
  }

  void read_end(Journey& journey, std::size_t row, std::optional<Status> status, bool ended) {
    const std::uint32_t reason = reasons_.rows.empty() ? nowhere : reasons_.rows[row];
    const std::uint32_t word = statuses_.rows.empty() ? nowhere : statuses_.rows[row];
    if (word != nowhere && !status) note(journey, "status_other", row);
    const Tick closing = journey.end_tick;  // of an outcome that the status overrides
    journey.end_tick = no_tick;
    const bool says_lost = reason != nowhere || (status && *status == Status::lost);
    if (ended) {
      journey.end = reached_end;
      if (says_lost) note(journey, "lost_and_won", row);
      return;
    }
    const Tick dated = lost_at_.empty() ? no_tick : lost_at_[row];
    if (status && *status == Status::won) {
      if (reason != nowhere) note(journey, "lost_and_won", row);
      note(journey, "won_undated", row);
      const auto won = std::ranges::find_if(
          options_.stages.rbegin(), options_.stages.rend(), [&](const StageColumn& stage) {
            const auto at = options_.outcomes.find(stage.stage);
            return at != options_.outcomes.end() && at->second == OutcomeKind::won;
          });
      if (won != options_.stages.rend()) {
        const auto k = static_cast<std::size_t>(options_.stages.rend() - won) - 1;
        journey.path.push_back({stage_places_[k], no_tick});
        journey.end = reached_end;
      }
      return;
    }
    const bool only_date = options_.lost.empty() && options_.status.empty() && dated != no_tick;
    const bool screened = status && *status == Status::screened;
    const bool silent = status && *status == Status::silent;
    if (!says_lost && !screened && !silent && !only_date) {
      if (dated != no_tick) note(journey, "lost_at_not_lost", row);
      return;
    }
    Tick at = dated != no_tick ? dated : closing;
    if (at != no_tick && options_.until && at > *options_.until) {
      note(journey, "lost_after_until", row);
      return;
    }
    if (at == no_tick) note(journey, "lost_undated", row);
    if (at != no_tick && at < journey.path.back().tick) {
      note(journey, "lost_before_stage", row);
      at = no_tick;
    }
    journey.end = screened ? screened_end : silent && !says_lost ? silent_end : lost_end;
    journey.end_tick = at;
    if (journey.end == silent_end) note(journey, "silent", row);
    if (journey.end != lost_end) return;
    if (reason == nowhere) {
      note(journey, "reason_missing", row);
      return;
    }
    journey.reason = reason_places_[reason];
    if (!options_.reasons.empty() && !options_.reasons.contains(content_.reasons[journey.reason])) {
      note(journey, "reason_unmapped", row);
    }
  }

  void read_attributes(Journey& journey, std::size_t row) {
    journey.segment = no_segment_place_;
    if (!segments_.rows.empty()) {
      if (segments_.rows[row] == nowhere) {
        note(journey, "segment_missing", row);
      } else {
        journey.segment = segment_places_[segments_.rows[row]];
      }
    }
    if (!persons_.rows.empty() && persons_.rows[row] != nowhere)
      journey.person = person_places_[persons_.rows[row]];
    journey.measures.assign(content_.measures.size(), std::nan(""));
    for (std::size_t m = 0; m < measures_.size(); ++m) {
      const double value = measures_[m].values[row];
      if (!std::isnan(value)) journey.measures[measure_places_[m]] = value;  // else the one NaN above
      if (std::isnan(value) && (measures_[m].name != "amount" || journey.end == reached_end)) {
        note(journey, "missing:" + measures_[m].name, row);
      }
    }
  }

  const Columns& table_;
  StatisticsContent& content_;
  const MilestoneOptions& options_;
  Ids ids_;
  std::vector<std::span<const Tick>> times_;
  std::vector<bool> ends_;
  Labels reasons_, statuses_, segments_, persons_;
  std::vector<std::optional<Status>> meanings_;
  std::span<const Tick> lost_at_;
  std::vector<Measure> measures_;
  std::vector<std::uint32_t> stage_places_, segment_places_, reason_places_, person_places_, measure_places_;
  std::uint32_t no_segment_place_ = 0;
};

/// Reads a slice on top of `content`, whose options are checked.
FUNNELGRAPH_INLINE void read_milestones(const Columns& table, StatisticsContent& content) {
  MilestoneReader(table, content).read();
  drop_unused_names(content);
}

}  // namespace detail

}  // namespace funnelgraph::inline v0::fit
