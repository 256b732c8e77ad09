// Definitions of merged_names.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <funnelgraph/fit/merged_names.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// Special ends lie above every position and stay where they are.
inline std::uint32_t moved(const std::vector<std::uint32_t>& to, std::uint32_t position) noexcept {
  return position < to.size() ? to[position] : position;
}

inline bool stays(const std::vector<std::uint32_t>& to) noexcept {
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] != i) return false;
  }
  return true;
}

FUNNELGRAPH_INLINE void sort_names(std::vector<std::string>& names) {
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
}

FUNNELGRAPH_INLINE std::vector<std::uint32_t> places_of(const std::vector<std::string>& names,
                                                        const std::vector<std::string>& sorted) {
  std::vector<std::uint32_t> places;
  for (const std::string& name : names) {
    places.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(sorted, name) - sorted.begin()));
  }
  return places;
}

/// The sorted union of two sorted lists, and where each went.
inline std::vector<std::string> united(const std::vector<std::string>& a, const std::vector<std::string>& b,
                                       std::vector<std::uint32_t>& to_a, std::vector<std::uint32_t>& to_b) {
  std::vector<std::string> all;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    const auto position = static_cast<std::uint32_t>(all.size());
    const bool from_a = j == b.size() || (i < a.size() && a[i] <= b[j]);
    const bool from_b = i == a.size() || (j < b.size() && b[j] <= a[i]);
    all.push_back(from_a ? a[i] : b[j]);
    if (from_a) {
      to_a.push_back(position);
      ++i;
    }
    if (from_b) {
      to_b.push_back(position);
      ++j;
    }
  }
  return all;
}

template <class T>
void rearrange(std::vector<T>& items, const std::vector<std::uint32_t>& to, std::size_t size) {
  std::vector<T> arranged(size);
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (to[i] != nowhere) arranged[to[i]] = std::move(items[i]);
  }
  items = std::move(arranged);
}

inline void move_tally(Tally& tally, const Positions& to, std::size_t stages, std::size_t measures,
                       bool has_measures) {
  rearrange(tally.stages, to.stages, stages);
  for (StageTally& stage : tally.stages) {
    if (!has_measures) continue;
    stage.visited.resize(to.measures.size());
    stage.starting.resize(to.measures.size());
    rearrange(stage.visited, to.measures, measures);
    rearrange(stage.starting, to.measures, measures);
  }
  std::map<TransitionKey, TransitionTally> transitions;
  for (auto& [key, value] : tally.transitions) {
    transitions.emplace(
        TransitionKey{moved(to.stages, key.from), moved(to.stages, key.to), moved(to.reasons, key.reason)},
        std::move(value));
  }
  tally.transitions = std::move(transitions);
  std::map<std::uint32_t, LagTally> cycles;
  for (auto& [end, lags] : tally.cycles) cycles.emplace(moved(to.stages, end), std::move(lags));
  tally.cycles = std::move(cycles);
}

inline Tally empty_tally(const StatisticsContent& content, bool has_measures) {
  Tally tally;
  tally.stages.resize(content.stages.size());
  if (!has_measures) return tally;
  for (StageTally& stage : tally.stages) {
    stage.visited.resize(content.measures.size());
    stage.starting.resize(content.measures.size());
  }
  return tally;
}

FUNNELGRAPH_INLINE void move_positions(StatisticsContent& content, const Positions& to,
                                       const StatisticsContent& names) {
  const bool same =
      stays(to.stages) && stays(to.segments) && stays(to.persons) && stays(to.reasons) && stays(to.measures);
  const bool same_sizes =
      content.stages.size() == names.stages.size() && content.measures.size() == names.measures.size();
  if (!same || !same_sizes) {
    for (Tally& tally : content.tallies)
      move_tally(tally, to, names.stages.size(), names.measures.size(), true);
    for (Tally& tally : content.person_tallies) {
      move_tally(tally, to, names.stages.size(), names.measures.size(), false);
    }
    rearrange(content.tallies, to.segments, names.segments.size());
    rearrange(content.person_tallies, to.persons, names.persons.size());
    for (auto& [id, journey] : content.live) {
      journey.segment = moved(to.segments, journey.segment);
      journey.person = moved(to.persons, journey.person);
      journey.reason = moved(to.reasons, journey.reason);
      for (Visit& visit : journey.path) visit.stage = moved(to.stages, visit.stage);
      if (!journey.measures.empty()) {
        std::vector<double> arranged(names.measures.size(), std::nan(""));
        for (std::size_t i = 0; i < journey.measures.size(); ++i)
          arranged[to.measures[i]] = journey.measures[i];
        journey.measures = std::move(arranged);
      }
    }
  }
  content.stages = names.stages;
  content.segments = names.segments;
  content.persons = names.persons;
  content.reasons = names.reasons;
  content.measures = names.measures;
  content.tallies.resize(content.segments.size());
  content.person_tallies.resize(content.persons.size());
  for (Tally& tally : content.tallies) {
    if (tally.stages.empty()) tally = empty_tally(content, true);
  }
  for (Tally& tally : content.person_tallies) {
    if (tally.stages.empty()) tally = empty_tally(content, false);
  }
}

FUNNELGRAPH_INLINE Positions adopt_names(StatisticsContent& content, const StatisticsContent& names) {
  Positions own, others;
  StatisticsContent all;
  all.segments = united(content.segments, names.segments, own.segments, others.segments);
  all.persons = united(content.persons, names.persons, own.persons, others.persons);
  all.reasons = united(content.reasons, names.reasons, own.reasons, others.reasons);
  all.measures = united(content.measures, names.measures, own.measures, others.measures);

  std::map<std::string_view, StageEntry> stages;
  for (const StatisticsContent* side : std::initializer_list<const StatisticsContent*>{&content, &names}) {
    for (const StageEntry& stage : side->stages) {
      const auto [at, added] = stages.try_emplace(stage.name, stage);
      if (added) continue;
      at->second.rank = std::min(at->second.rank, stage.rank);
      if (!at->second.outcome) at->second.outcome = stage.outcome;
    }
  }
  for (const auto& [name, stage] : stages) all.stages.push_back(stage);
  std::ranges::sort(all.stages, [](const StageEntry& a, const StageEntry& b) {
    return std::tie(a.rank, a.name) < std::tie(b.rank, b.name);
  });
  std::map<std::string_view, std::uint32_t> places;
  for (std::size_t i = 0; i < all.stages.size(); ++i)
    places[all.stages[i].name] = static_cast<std::uint32_t>(i);
  for (const StageEntry& stage : content.stages) own.stages.push_back(places.at(stage.name));
  for (const StageEntry& stage : names.stages) others.stages.push_back(places.at(stage.name));
  move_positions(content, own, all);
  return others;
}

FUNNELGRAPH_INLINE void drop_unused_names(StatisticsContent& content) {
  const std::size_t stages = content.stages.size();
  std::vector<bool> stage_used(stages, false), reason_used(content.reasons.size(), false);
  std::vector<bool> person_used(content.persons.size(), false), segment_used(content.segments.size(), false);
  for (std::size_t s = 0; s < stages; ++s) {
    stage_used[s] = content.stages[s].rank != StageEntry{}.rank || content.stages[s].outcome.has_value();
  }
  const auto look = [&](const Tally& tally) {
    bool any = false;
    for (std::size_t s = 0; s < stages; ++s) {
      if (tally.stages[s].entered == 0) continue;
      stage_used[s] = any = true;
    }
    for (const auto& [key, value] : tally.transitions) {
      if (key.reason != nowhere) reason_used[key.reason] = true;
    }
    return any;
  };
  for (std::size_t i = 0; i < content.segments.size(); ++i) segment_used[i] = look(content.tallies[i]);
  for (std::size_t i = 0; i < content.persons.size(); ++i) person_used[i] = look(content.person_tallies[i]);

  StatisticsContent kept;
  const auto keep = [](const auto& items, const std::vector<bool>& used, auto& into) {
    std::vector<std::uint32_t> to(items.size(), nowhere);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!used[i]) continue;
      to[i] = static_cast<std::uint32_t>(into.size());
      into.push_back(items[i]);
    }
    return to;
  };
  Positions to;
  to.stages = keep(content.stages, stage_used, kept.stages);
  to.segments = keep(content.segments, segment_used, kept.segments);
  to.persons = keep(content.persons, person_used, kept.persons);
  to.reasons = keep(content.reasons, reason_used, kept.reasons);
  for (std::uint32_t m = 0; m < content.measures.size(); ++m) to.measures.push_back(m);
  kept.measures = content.measures;
  if (kept.stages.size() == stages && kept.segments.size() == content.segments.size() &&
      kept.persons.size() == content.persons.size() && kept.reasons.size() == content.reasons.size()) {
    return;
  }
  move_positions(content, to, kept);
}

}  // namespace funnelgraph::inline v0::fit::detail
