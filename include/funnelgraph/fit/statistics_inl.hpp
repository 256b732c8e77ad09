#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/fit/counting.hpp>
#include <funnelgraph/fit/event_reader_inl.hpp>
#include <funnelgraph/fit/merged_names.hpp>
#include <funnelgraph/fit/milestone_reader_inl.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/fit/tally.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

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
