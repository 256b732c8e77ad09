#pragma once

#include <cmath>
#include <cstddef>

#include <funnelgraph/fit/counting.hpp>

namespace funnelgraph::inline v0::fit::detail {

inline void bump(std::uint64_t& counter, bool add) noexcept { counter += add ? 1U : ~std::uint64_t{0}; }

/// Unknown where a time is missing or the difference is negative.
inline Tick lag_between(Tick from, Tick to) noexcept {
  if (from == no_tick || to == no_tick || to < from) return no_tick;
  return to - from;
}

inline void count_lag(LagTally& lags, Tick lag, Durations durations, bool add) {
  if (lag == no_tick) return;
  if (add) {
    lags.add(lag, durations);
  } else {
    lags.remove(lag, durations);
  }
}

inline void count_measures(std::vector<MeasureTally>& tallies, std::span<const double> measures, bool add) {
  for (std::size_t m = 0; m < measures.size(); ++m) {
    if (std::isnan(measures[m])) continue;
    tallies[m].count(measures[m], add);
  }
}

FUNNELGRAPH_INLINE void count_start(StatisticsContent& content, const Journey& journey, std::uint32_t stage,
                                    std::span<const double> measures, bool add) {
  StageTally& tally = content.tallies[journey.segment].stages[stage];
  bump(tally.started, add);
  count_measures(tally.starting, measures, add);
  if (journey.person != nowhere) bump(content.person_tallies[journey.person].stages[stage].started, add);
  if (add && journey.first != no_tick && (content.first == no_tick || journey.first < content.first)) {
    content.first = journey.first;
  }
}

FUNNELGRAPH_INLINE void count_visit(StatisticsContent& content, const Journey& journey, std::uint32_t stage,
                                    std::span<const double> measures, bool add) {
  StageTally& tally = content.tallies[journey.segment].stages[stage];
  bump(tally.entered, add);
  count_measures(tally.visited, measures, add);
  if (journey.person != nowhere) bump(content.person_tallies[journey.person].stages[stage].entered, add);
}

inline void count_transition(StatisticsContent& content, const Journey& journey, const TransitionKey& key,
                             Tick lag, bool add) {
  auto& transitions = content.tallies[journey.segment].transitions;
  const auto at = transitions.try_emplace(key).first;
  bump(at->second.count, add);
  count_lag(at->second.lag, lag, content.durations, add);
  if (at->second.count == 0) transitions.erase(at);
  if (journey.person == nowhere) return;
  auto& by_person = content.person_tallies[journey.person].transitions;
  const auto own = by_person.try_emplace(key).first;
  bump(own->second.count, add);
  if (own->second.count == 0) by_person.erase(own);
}

FUNNELGRAPH_INLINE void count_move(StatisticsContent& content, const Journey& journey, const Visit& from,
                                   const Visit& to, std::uint32_t reason, bool add) {
  count_transition(content, journey, {from.stage, to.stage, reason}, lag_between(from.tick, to.tick), add);
}

FUNNELGRAPH_INLINE void count_end(StatisticsContent& content, const Journey& journey, bool add) {
  const Visit& last = journey.path.back();
  const auto of_person = [&](std::uint64_t StageTally::* counter) {
    if (journey.person != nowhere)
      bump(content.person_tallies[journey.person].stages[last.stage].*counter, add);
  };
  if (journey.end == open_end) {
    bump(content.tallies[journey.segment].stages[last.stage].open, add);
    of_person(&StageTally::open);
    return;
  }
  if (journey.end == dropped_end) {
    bump(content.tallies[journey.segment].stages[last.stage].dropped, add);
    of_person(&StageTally::dropped);
    return;
  }
  const bool reached = journey.end == reached_end;
  if (!reached) count_move(content, journey, last, {journey.end, journey.end_tick}, journey.reason, add);
  const Tick lag = lag_between(journey.first, reached ? last.tick : journey.end_tick);
  if (lag == no_tick) return;
  auto& cycles = content.tallies[journey.segment].cycles;
  const auto at = cycles.try_emplace(reached ? last.stage : journey.end).first;
  count_lag(at->second, lag, content.durations, add);
  if (at->second.number == 0) cycles.erase(at);
}

FUNNELGRAPH_INLINE std::optional<Tick> until_of(const StatisticsContent& content) {
  return content.reader == Reader::events ? content.events.until : content.milestones.until;
}

FUNNELGRAPH_INLINE std::optional<double> silence_of(const StatisticsContent& content) {
  return content.reader == Reader::events ? content.events.silence : content.milestones.silence;
}

FUNNELGRAPH_INLINE JourneyEnd end_of(const StatisticsContent& content) {
  if (content.reader != Reader::events || content.events.silence) return JourneyEnd::open;
  return content.events.end.value_or(JourneyEnd::drop_off);
}

inline const char* note_of_end(const Journey& journey) noexcept {
  if (journey.end == open_end) return "open";
  return journey.end == silent_end ? "silent" : "without_outcome";
}

FUNNELGRAPH_INLINE void settle(StatisticsContent& content, Journey& journey,
                               std::optional<std::uint64_t> row) {
  const JourneyEnd end = end_of(content);
  journey.end_tick = no_tick;
  journey.end = end == JourneyEnd::open ? open_end : end == JourneyEnd::silent ? silent_end : dropped_end;
  const std::optional<Tick> until = until_of(content);
  const std::optional<double> silence = silence_of(content);
  const Tick latest = journey.path.back().tick;
  if (until && silence && latest != no_tick) {
    // `silence` is checked to be below the span of all times.
    const auto wait = static_cast<Tick>(std::llround(*silence * static_cast<double>(ticks_per_day)));
    if (*until - latest >= wait) {
      journey.end = silent_end;
      journey.end_tick = latest + wait;
    }
  }
  count_end(content, journey, true);
  if (row) {
    content.notes.add(note_of_end(journey), *row);
  } else {
    content.notes.add(note_of_end(journey), 1, {});
  }
}

FUNNELGRAPH_INLINE void unsettle(StatisticsContent& content, const Journey& journey) {
  count_end(content, journey, false);
  content.notes.take_back(note_of_end(journey), 1);
}

}  // namespace funnelgraph::inline v0::fit::detail
