// Definitions of statistics.hpp: what the counts say, as numbers and tables.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/fit/merged_names_inl.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/fit/statistics_inl.hpp>
#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

inline double ratio(std::uint64_t count, std::uint64_t of) {
  return of == 0 ? no_number : static_cast<double>(count) / static_cast<double>(of);
}

inline std::string end_name(const StatisticsContent& content, std::uint32_t end) {
  if (end == lost_end) return "lost";
  if (end == screened_end) return "screened";
  if (end == silent_end) return "silent";
  return content.stages[end].name;
}

/// Where `name` stands among stages and, where asked, ends. Throws UnknownNameError.
inline std::uint32_t place_of(const StatisticsContent& content, std::string_view name, bool ends_too) {
  const std::string clean = normalise_name(name);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < content.stages.size(); ++i) {
    if (content.stages[i].name == clean) return static_cast<std::uint32_t>(i);
    names.push_back(content.stages[i].name);
  }
  for (const std::uint32_t end : {lost_end, screened_end, silent_end}) {
    if (ends_too && end_name(content, end) == clean) return end;
    if (ends_too) names.push_back(end_name(content, end));
  }
  throw UnknownNameError("stage", clean, nearest_name(clean, names));
}

/// All segments together.
inline Tally total(const StatisticsContent& content) {
  Tally all = empty_tally(content, true);
  for (const Tally& tally : content.tallies) add_tally(all, tally);
  return all;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::uint64_t Statistics::journeys() const {
  std::uint64_t number = 0;
  for (const Tally& tally : content_->tallies) {
    for (const StageTally& stage : tally.stages) number += stage.started;
  }
  return number;
}

FUNNELGRAPH_INLINE std::uint64_t Statistics::entered(std::string_view stage) const {
  const std::uint32_t place = detail::place_of(*content_, stage, false);
  std::uint64_t number = 0;
  for (const Tally& tally : content_->tallies) number += tally.stages[place].entered;
  return number;
}

FUNNELGRAPH_INLINE std::uint64_t Statistics::count(std::string_view from, std::string_view to) const {
  const std::uint32_t source = detail::place_of(*content_, from, false);
  const std::uint32_t target = detail::place_of(*content_, to, true);
  std::uint64_t number = 0;
  for (const Tally& tally : content_->tallies) {
    for (auto at = tally.transitions.lower_bound({source, target, 0});
         at != tally.transitions.end() && at->first.from == source && at->first.to == target; ++at) {
      number += at->second.count;
    }
  }
  return number;
}

FUNNELGRAPH_INLINE std::vector<std::string> Statistics::stage_names() const {
  std::vector<std::string> names;
  for (const StageEntry& stage : content_->stages) names.push_back(stage.name);
  return names;
}

FUNNELGRAPH_INLINE std::vector<TransitionRow> Statistics::transitions() const {
  std::vector<TransitionRow> rows;
  const Tally all = detail::total(*content_);
  for (auto at = all.transitions.begin(); at != all.transitions.end();) {
    const TransitionKey key = at->first;
    TransitionTally joined = at->second;
    for (++at; at != all.transitions.end() && at->first.from == key.from && at->first.to == key.to; ++at) {
      joined.count += at->second.count;
      joined.lag.merge(at->second.lag);
    }
    const StageTally& stage = all.stages[key.from];
    const std::uint64_t closed = stage.entered - stage.open;
    const Interval interval = jeffreys_interval(joined.count, closed);
    rows.push_back({.from = content_->stages[key.from].name,
                    .to = detail::end_name(*content_, key.to),
                    .count = joined.count,
                    .entered = stage.entered,
                    .open = stage.open,
                    .rate = detail::ratio(joined.count, stage.entered),
                    .rate_closed = detail::ratio(joined.count, closed),
                    .low = interval.low,
                    .high = interval.high,
                    .lag_mean = joined.lag.mean(),
                    .lag_sd = joined.lag.sd(),
                    .lag_median = joined.lag.median(content_->durations),
                    .lag_number = joined.lag.number});
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<StageCount> Statistics::stages_by_segment() const {
  std::vector<StageCount> rows;
  for (std::size_t i = 0; i < content_->tallies.size(); ++i) {
    for (std::size_t s = 0; s < content_->stages.size(); ++s) {
      const StageTally& stage = content_->tallies[i].stages[s];
      rows.push_back({content_->segments[i], content_->stages[s].name, stage.entered, stage.started,
                      stage.open, stage.dropped});
    }
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<StageCount> Statistics::stages() const {
  std::vector<StageCount> rows;
  const Tally all = detail::total(*content_);
  for (std::size_t s = 0; s < content_->stages.size(); ++s) {
    const StageTally& stage = all.stages[s];
    rows.push_back({"", content_->stages[s].name, stage.entered, stage.started, stage.open, stage.dropped});
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<LossRow> Statistics::losses() const {
  std::vector<LossRow> rows;
  for (const auto& [key, value] : detail::total(*content_).transitions) {
    if (key.to != lost_end) continue;
    LossRow row{.stage = content_->stages[key.from].name,
                .reason = key.reason == nowhere ? "" : content_->reasons[key.reason],
                .owner = "not assigned",
                .count = value.count,
                .lag_mean = value.lag.mean()};
    const auto owner = content_->reason_owners.find(row.reason);
    if (key.reason != nowhere && owner != content_->reason_owners.end()) row.owner = owner->second;
    rows.push_back(std::move(row));
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<MeasureRow> Statistics::measures() const {
  std::vector<MeasureRow> rows;
  for (std::size_t i = 0; i < content_->tallies.size(); ++i) {
    for (std::size_t s = 0; s < content_->stages.size(); ++s) {
      const StageTally& stage = content_->tallies[i].stages[s];
      for (std::size_t m = 0; m < content_->measures.size(); ++m) {
        const MeasureTally& measure = stage.visited[m];
        rows.push_back({content_->segments[i], content_->stages[s].name, content_->measures[m],
                        measure.sum.value(), measure.number, measure.mean(), measure.sd()});
      }
    }
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<CycleRow> Statistics::cycles() const {
  std::vector<CycleRow> rows;
  for (const auto& [end, lags] : detail::total(*content_).cycles) {
    rows.push_back({detail::end_name(*content_, end), lags.number, lags.mean(), lags.sd(),
                    lags.median(content_->durations)});
  }
  return rows;
}

FUNNELGRAPH_INLINE std::vector<Note> Statistics::notes() const { return content_->notes.table(); }

FUNNELGRAPH_INLINE double Statistics::lag_quantile(std::string_view from, std::string_view to,
                                                   double probability) const {
  if (!(probability >= 0 && probability <= 1)) {
    throw InvalidValueError("lag_quantile(probability=)", v0::detail::shown(probability), "[0, 1]");
  }
  const std::uint32_t source = detail::place_of(*content_, from, false);
  const std::uint32_t target = detail::place_of(*content_, to, true);
  LagTally lags;
  for (const Tally& tally : content_->tallies) {
    for (const auto& [key, value] : tally.transitions) {
      if (key.from == source && key.to == target) lags.merge(value.lag);
    }
  }
  return lags.quantile(probability, content_->durations);
}

FUNNELGRAPH_INLINE std::vector<PersonRow> Statistics::persons(std::string_view from,
                                                              std::string_view to) const {
  if (content_->persons.empty()) {
    throw InvalidValueError("persons", "statistics without persons",
                            "a fit with person=, which is off unless asked");
  }
  const std::uint32_t source = detail::place_of(*content_, from, false);
  const std::uint32_t target = detail::place_of(*content_, to, true);
  std::vector<PersonRow> rows;
  double all_count = 0, all_closed = 0;
  for (std::size_t i = 0; i < content_->persons.size(); ++i) {
    const Tally& tally = content_->person_tallies[i];
    PersonRow row;
    row.person = content_->persons[i];
    row.closed = tally.stages[source].entered - tally.stages[source].open;
    for (const auto& [key, value] : tally.transitions) {
      if (key.from == source && key.to == target) row.count += value.count;
    }
    if (row.closed < least_visits_of_a_person) continue;
    all_count += static_cast<double>(row.count);
    all_closed += static_cast<double>(row.closed);
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return rows;
  // Beta prior by moments (Kleinman 1973): its mean is the pooled rate, its weight comes from how far the
  // persons' rates spread beyond binomial chance; no spread beyond chance = everybody is the pooled rate.
  const double pooled = all_count / all_closed;
  double spread = 0, squares = 0;
  for (const PersonRow& row : rows) {
    const auto n = static_cast<double>(row.closed);
    const double off = static_cast<double>(row.count) / n - pooled;
    spread += n * off * off;
    squares += n * n;
  }
  const double chance = pooled * (1 - pooled);
  const auto k = static_cast<double>(rows.size());
  const double room = all_closed - squares / all_closed;
  const double correlation =
      chance > 0 && room > 0 ? std::clamp((spread - (k - 1) * chance) / (chance * (room - (k - 1))), 0.0, 1.0)
                             : 0.0;
  constexpr double most_weight = 1e6;  // visits: what a prior without any spread counts as
  const double weight = correlation > 1 / most_weight ? 1 / correlation - 1 : most_weight;
  for (PersonRow& row : rows) {
    const double a = static_cast<double>(row.count) + weight * pooled;
    const double b = static_cast<double>(row.closed - row.count) + weight * (1 - pooled);
    row.rate = a / (a + b);
    if (a > 0 && b > 0) {
      const Interval interval = beta_interval(a, b);
      row.low = interval.low;
      row.high = interval.high;
    } else {
      row.low = row.high = row.rate;
    }
  }
  return rows;
}

}  // namespace funnelgraph::inline v0::fit
