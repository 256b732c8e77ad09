#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <tuple>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/fit/counting.hpp>
#include <funnelgraph/fit/merged_names.hpp>
#include <funnelgraph/fit/reader_options_inl.hpp>
#include <funnelgraph/fit/reading.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

/// Reads one log on top of what is known. `content` carries the checked options.
class EventReader {
 public:
  EventReader(const Columns& log, StatisticsContent& content)
      : log_(log), content_(content), options_(content.events) {
    ids_ = read_ids(log, options_.journey);
    stages_ = read_labels(log, options_.stage);
    times_ = read_times(log, options_.time);
    if (!options_.segment.empty()) segments_ = read_labels(log, options_.segment);
    if (!options_.person.empty()) persons_ = read_labels(log, options_.person);
    if (!options_.tie_column.empty()) tie_ranks_ = read_ranks(log, options_.tie_column);
    StatisticsContent names;
    for (const auto& [name, column] : measure_columns("events", options_)) {
      measures_.push_back(read_measure(log, name, column));
      names.measures.push_back(name);
    }
    names.segments = segments_.names;
    names.segments.push_back(options_.segment.empty() ? "" : no_segment);
    names.persons = persons_.names;
    place(names);
  }

  void read() {
    const std::vector<std::uint32_t> order = sorted_rows();
    for (std::size_t i = 0; i < order.size();) {
      std::size_t end = i + 1;
      while (end < order.size() && ids_.rows[order[end]] == ids_.rows[order[i]]) ++end;
      read_journey(ids_.ids[ids_.rows[order[i]]], {order.data() + i, end - i});
      i = end;
    }
  }

 private:
  void place(StatisticsContent& names) {
    sort_names(names.segments);
    sort_names(names.persons);
    for (std::size_t k = 0; k < options_.stages.size(); ++k) {
      names.stages.push_back(
          {options_.stages[k], static_cast<std::uint32_t>(k), outcome_of(options_.stages[k])});
    }
    const auto listed = [&](const std::string& name) {
      return std::ranges::find(names.stages, name, &StageEntry::name) != names.stages.end();
    };
    for (const auto& [name, kind] : options_.outcomes) {
      if (!listed(name)) names.stages.push_back({name, StageEntry{}.rank, kind});
    }
    const std::size_t declared = names.stages.size();
    for (const std::string& name : stages_.names) {
      const auto end = names.stages.begin() + static_cast<std::ptrdiff_t>(declared);
      if (std::ranges::find(names.stages.begin(), end, name, &StageEntry::name) != end) continue;
      names.stages.push_back({checked_name(name, "stages of the log"), StageEntry{}.rank, std::nullopt});
    }
    adopt_names(content_, names);

    std::map<std::string_view, std::uint32_t> places;
    for (std::size_t i = 0; i < content_.stages.size(); ++i) {
      places[content_.stages[i].name] = static_cast<std::uint32_t>(i);
    }
    for (const std::string& name : stages_.names) stage_places_.push_back(places.at(name));
    segment_places_ = places_of(segments_.names, content_.segments);
    person_places_ = places_of(persons_.names, content_.persons);
    no_segment_place_ = places_of({options_.segment.empty() ? "" : no_segment}, content_.segments).front();
    for (const Measure& measure : measures_) {
      measure_places_.push_back(places_of({measure.name}, content_.measures).front());
    }
    row_measures_.assign(content_.measures.size(), std::nan(""));
    for (const StageEntry& stage : content_.stages) ends_.push_back(stage.outcome.has_value());
  }

  [[nodiscard]] std::optional<OutcomeKind> outcome_of(const std::string& name) const {
    const auto at = options_.outcomes.find(name);
    return at == options_.outcomes.end() ? std::nullopt : std::optional(at->second);
  }

  void note(const char* code, std::size_t row) { content_.notes.add(code, log_.row_number(row)); }

  /// The rows that count, by journey, time, tie column and tie rule. O(n log n).
  std::vector<std::uint32_t> sorted_rows() {
    if (log_.rows() >= std::numeric_limits<std::uint32_t>::max()) {
      throw DataError(log_.source(), 0, "",
                      "has more than 4294967294 rows; read it in slices and merge them");
    }
    std::vector<std::uint32_t> order;
    order.reserve(log_.rows());
    std::vector<Tick> latest(ids_.ids.size(), no_tick);
    for (std::uint32_t row = 0; row < log_.rows(); ++row) {
      const Tick tick = times_[row];
      if (tick == no_tick) {
        note("no_time", row);
      } else if (stages_.rows[row] == nowhere) {
        note("no_stage", row);
      } else if (options_.until && tick > *options_.until) {
        note("after_until", row);
      } else {
        Tick& before = latest[ids_.rows[row]];
        if (tick < before) note("unordered", row);
        before = std::max(before, tick);
        order.push_back(row);
      }
    }
    const auto key = [&](std::uint32_t row) {
      const std::uint64_t tie = tie_ranks_.empty() ? 0 : tie_ranks_[row];
      const std::uint32_t stage = options_.ties == Ties::stage ? stage_places_[stages_.rows[row]] : 0;
      return std::tuple(ids_.rows[row], times_[row], tie, stage);
    };
    // Stages stand in order of rank and name, so that ties="stage" does not depend on the log.
    std::ranges::stable_sort(order, [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    return order;
  }

  void read_journey(const Fingerprint& id, std::span<const std::uint32_t> rows) {
    if (content_.closed.contains(id)) {
      for (const std::uint32_t row : rows) note("after_outcome", row);
      return;
    }
    const auto known = content_.live.find(id);
    const bool goes_on = known != content_.live.end();
    Journey journey;
    if (goes_on) {
      if (times_[rows.front()] < known->second.path.back().tick) {
        throw DataError(
            log_.source(), log_.row_number(rows.front()), options_.time,
            "is earlier than what is counted of its journey already; add slices in order of time");
      }
      unsettle(content_, known->second);
      journey = std::move(known->second);
      content_.live.erase(known);
    } else {
      begin(journey, rows.front());
    }
    std::optional<std::uint32_t> before;
    bool ended = false;
    bool noted = goes_on;  // whether there is an event before that counted
    for (const std::uint32_t row : rows) {
      if (noted) note_changes(journey, before, row);
      before = row;
      noted = !ended;
      if (ended) {
        note("after_outcome", row);
        continue;
      }
      ended = visit(journey, row);
    }
    if (ended) {
      journey.end = reached_end;
      count_end(content_, journey, true);
      if (content_.keeps_journeys) content_.closed.insert(id);
      return;
    }
    settle(content_, journey, log_.row_number(rows.back()));
    if (content_.keeps_journeys) content_.live.emplace(id, std::move(journey));
  }

  void begin(Journey& journey, std::uint32_t row) {
    journey.first = times_[row];
    journey.segment = no_segment_place_;
    if (!segments_.rows.empty()) {
      if (segments_.rows[row] == nowhere) {
        note("segment_missing", row);
      } else {
        journey.segment = segment_places_[segments_.rows[row]];
      }
    }
    if (!persons_.rows.empty() && persons_.rows[row] != nowhere)
      journey.person = person_places_[persons_.rows[row]];
  }

  /// Ties and changes of segment against the event before, which may lie in an earlier slice.
  void note_changes(const Journey& journey, std::optional<std::uint32_t> before, std::uint32_t row) {
    const Tick earlier = before ? times_[*before] : journey.path.back().tick;
    const bool told_apart = before && !tie_ranks_.empty() && tie_ranks_[*before] != tie_ranks_[row];
    if (times_[row] == earlier && !told_apart) {
      note("ties", row);
      const std::uint32_t stage = before ? stage_places_[stages_.rows[*before]] : journey.path.back().stage;
      if (stage != stage_places_[stages_.rows[row]]) note("ties_between_stages", row);
    }
    if (!segments_.rows.empty() && segments_.rows[row] != nowhere &&
        segment_places_[segments_.rows[row]] != journey.segment) {
      note("segment_changed", row);
    }
  }

  /// Counts one event; true when it ends the journey.
  bool visit(Journey& journey, std::uint32_t row) {
    for (std::size_t m = 0; m < measures_.size(); ++m) {
      row_measures_[measure_places_[m]] = measures_[m].values[row];
      if (std::isnan(measures_[m].values[row]) && ends_[stage_places_[stages_.rows[row]]]) {
        content_.notes.add("missing:" + measures_[m].name, log_.row_number(row));
      }
    }
    const Visit now{stage_places_[stages_.rows[row]], times_[row]};
    if (journey.path.empty()) {
      count_start(content_, journey, now.stage, row_measures_, true);
    } else {
      count_move(content_, journey, journey.path.back(), now, nowhere, true);
    }
    count_visit(content_, journey, now.stage, row_measures_, true);
    journey.path.assign(1, now);
    content_.last = std::max(content_.last, now.tick);
    return ends_[now.stage];
  }

  const Columns& log_;
  StatisticsContent& content_;
  const EventOptions& options_;
  Ids ids_;
  Labels stages_, segments_, persons_;
  std::span<const Tick> times_;
  std::vector<std::uint64_t> tie_ranks_;
  std::vector<Measure> measures_;
  std::vector<double> row_measures_;
  std::vector<bool> ends_;
  std::vector<std::uint32_t> stage_places_, segment_places_, person_places_, measure_places_;
  std::uint32_t no_segment_place_ = 0;
};

/// Reads a slice on top of `content`, whose options are checked.
FUNNELGRAPH_INLINE void read_events(const Columns& log, StatisticsContent& content) {
  EventReader(log, content).read();
  drop_unused_names(content);
}

}  // namespace detail

}  // namespace funnelgraph::inline v0::fit
