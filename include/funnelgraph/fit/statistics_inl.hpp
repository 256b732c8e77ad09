#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/fit/counting.hpp>
#include <funnelgraph/fit/counting_inl.hpp>
#include <funnelgraph/fit/event_reader_inl.hpp>
#include <funnelgraph/fit/milestone_reader_inl.hpp>
#include <funnelgraph/fit/statistics.hpp>
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

inline void add_measures(std::vector<MeasureTally>& into, const std::vector<MeasureTally>& from) {
  for (std::size_t m = 0; m < from.size(); ++m) {
    into[m].merge(from[m]);
  }
}

inline void add_tally(Tally& into, const Tally& from) {
  for (std::size_t s = 0; s < from.stages.size(); ++s) {
    StageTally& stage = into.stages[s];
    const StageTally& other = from.stages[s];
    stage.entered += other.entered;
    stage.started += other.started;
    stage.open += other.open;
    stage.dropped += other.dropped;
    add_measures(stage.visited, other.visited);
    add_measures(stage.starting, other.starting);
  }
  for (const auto& [key, value] : from.transitions) {
    TransitionTally& transition = into.transitions[key];
    transition.count += value.count;
    transition.lag.merge(value.lag);
  }
  for (const auto& [end, lags] : from.cycles) into.cycles[end].merge(lags);
}

/// All segments together.
inline Tally total(const StatisticsContent& content) {
  Tally all = empty_tally(content, true);
  for (const Tally& tally : content.tallies) add_tally(all, tally);
  return all;
}

inline const char* reader_name(Reader reader) { return reader == Reader::events ? "events" : "milestones"; }

/// Throws unless counts of the two mean the same.
inline void check_mergeable(const StatisticsContent& a, const StatisticsContent& b) {
  if (a.reader != b.reader) {
    throw InvalidValueError("merge", std::string("statistics of ") + reader_name(b.reader),
                            std::string("statistics of ") + reader_name(a.reader));
  }
  if (a.durations != b.durations) {
    throw InvalidValueError("merge", "other durations (exact, log)", "statistics that keep durations alike");
  }
  if (silence_of(a) != silence_of(b)) {
    throw InvalidValueError("merge", "another silence", "statistics with the same days of silence");
  }
  if (end_of(a) != end_of(b)) {
    throw InvalidValueError("merge", "another meaning of an end without outcome",
                            "statistics with the same end=");
  }
  for (const StageEntry& stage : b.stages) {
    const auto own = std::ranges::find(a.stages, stage.name, &StageEntry::name);
    if (own == a.stages.end() || own->outcome == stage.outcome) continue;
    throw InvalidValueError("merge", "stage \"" + stage.name + "\" with another meaning",
                            "a stage that ends journeys the same way in both");
  }
  for (const auto& [reason, owner] : b.reason_owners) {
    const auto own = a.reason_owners.find(reason);
    if (own == a.reason_owners.end() || own->second == owner) continue;
    throw ConflictError(own->second, owner, "owner of the reason \"" + reason + "\"",
                        "a reason has one owner");
  }
  const StatisticsContent& fewer = a.live.size() + a.closed.size() < b.live.size() + b.closed.size() ? a : b;
  const StatisticsContent& more = &fewer == &a ? b : a;
  std::size_t shared = 0;
  const auto look = [&](const Fingerprint& id) {
    if (more.closed.contains(id) || more.live.contains(id)) ++shared;
  };
  for (const auto& [id, journey] : fewer.live) look(id);
  for (const Fingerprint& id : fewer.closed) look(id);
  if (shared > 0) {
    throw DataError(
        "statistics", 0, "",
        std::to_string(shared) +
            " journeys are in both; merge wants different journeys, later slices go through update");
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE Statistics::Statistics() : content_(std::make_unique<StatisticsContent>()) {}
FUNNELGRAPH_INLINE Statistics::Statistics(StatisticsContent content)
    : content_(std::make_unique<StatisticsContent>(std::move(content))) {}
FUNNELGRAPH_INLINE Statistics::Statistics(const Statistics& other) : Statistics(*other.content_) {}
FUNNELGRAPH_INLINE Statistics::Statistics(Statistics&& other) noexcept = default;
FUNNELGRAPH_INLINE Statistics& Statistics::operator=(const Statistics& other) {
  return *this = Statistics(other);
}
FUNNELGRAPH_INLINE Statistics& Statistics::operator=(Statistics&& other) noexcept = default;
FUNNELGRAPH_INLINE Statistics::~Statistics() = default;

FUNNELGRAPH_INLINE const StatisticsContent& Statistics::content() const noexcept { return *content_; }
FUNNELGRAPH_INLINE const std::vector<std::string>& Statistics::segment_names() const noexcept {
  return content_->segments;
}
FUNNELGRAPH_INLINE bool Statistics::operator==(const Statistics& other) const {
  return *content_ == *other.content_;
}

FUNNELGRAPH_INLINE Statistics& Statistics::merge(const Statistics& other) {
  if (other.content_->reader == Reader::none) return *this;
  if (content_->reader == Reader::none) {
    *this = other;
    return *this;
  }
  detail::check_mergeable(*content_, *other.content_);
  StatisticsContent from = *other.content_;
  detail::adopt_names(*content_, from);
  detail::adopt_names(from, *content_);  // now both have the same names in the same places
  for (std::size_t i = 0; i < from.tallies.size(); ++i)
    detail::add_tally(content_->tallies[i], from.tallies[i]);
  for (std::size_t i = 0; i < from.person_tallies.size(); ++i) {
    detail::add_tally(content_->person_tallies[i], from.person_tallies[i]);
  }
  content_->live.merge(from.live);
  content_->closed.merge(from.closed);
  content_->notes.merge(from.notes);
  content_->reason_owners.merge(from.reason_owners);
  content_->keeps_journeys = content_->keeps_journeys && from.keeps_journeys;
  if (from.first != no_tick)
    content_->first = content_->first == no_tick ? from.first : std::min(content_->first, from.first);
  content_->last = std::max(content_->last, from.last);
  const auto later = [](std::optional<Tick>& until, const std::optional<Tick>& others) {
    if (others && (!until || *others > *until)) until = others;
  };
  later(content_->milestones.until, from.milestones.until);
  later(content_->events.until, from.events.until);
  return *this;
}

FUNNELGRAPH_INLINE void Statistics::update(const Columns& slice, std::optional<Tick> until) {
  if (content_->reader == Reader::none) {
    throw InvalidValueError("update", "statistics of nothing", "statistics that milestones or events made");
  }
  if (!content_->keeps_journeys) {
    throw InvalidValueError("update", "statistics without journeys", "statistics fitted with keep_journeys");
  }
  StatisticsContent next = *content_;
  std::optional<Tick>& as_of = next.reader == Reader::events ? next.events.until : next.milestones.until;
  if (until) {
    detail::check_until("update", until);
    if (as_of && *until < *as_of)
      throw InvalidValueError("update(until=)", "an earlier time", "the as-of time so far, or later");
    // What was open may be silent by now.
    for (auto& [id, journey] : next.live) detail::unsettle(next, journey);
    as_of = until;
    for (auto& [id, journey] : next.live) detail::settle(next, journey, std::nullopt);
  }
  if (next.reader == Reader::events) {
    detail::read_events(slice, next);
  } else {
    detail::read_milestones(slice, next);
  }
  *content_ = std::move(next);
}

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

FUNNELGRAPH_INLINE Statistics Statistics::segment(std::string_view name) const {
  const std::string clean = normalise_name(name);
  const auto at = std::ranges::find(content_->segments, clean);
  if (at == content_->segments.end())
    throw UnknownNameError("segment", clean, nearest_name(clean, content_->segments));
  const auto place = static_cast<std::size_t>(at - content_->segments.begin());
  StatisticsContent part = *content_;
  part.segments = {clean};
  part.tallies = {content_->tallies[place]};
  part.persons.clear();
  part.person_tallies.clear();
  part.live.clear();
  part.closed.clear();
  part.keeps_journeys = false;
  part.notes = {};
  return Statistics(std::move(part));
}

}  // namespace funnelgraph::inline v0::fit
