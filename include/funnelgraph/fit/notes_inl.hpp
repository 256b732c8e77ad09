#pragma once

#include <algorithm>

#include <funnelgraph/fit/notes.hpp>

namespace funnelgraph::inline v0::fit {

namespace detail {

struct NoteText {
  std::string_view code;
  std::string_view message;
};

inline constexpr NoteText note_texts[] = {
    {"after_outcome", "events or dates after the journey had ended; ignored"},
    {"after_until", "dates after `until`; not known yet at that time, so left out"},
    {"already_closed", "rows of journeys that had ended in an earlier slice; ignored"},
    {"duplicate_journey", "further rows of a journey of this table; the first row counts"},
    {"first_stage_missing", "journeys without a date for the first stage; they enter at their first date"},
    {"lost_after_until", "losses dated after `until`; open at that time"},
    {"lost_and_won", "journeys with a loss reason that reached a final milestone; the milestone counts"},
    {"lost_at_not_lost", "dates of loss on journeys that nothing else calls lost; not lost"},
    {"lost_before_stage", "losses dated before the last stage was reached; lost, the lag is unknown"},
    {"lost_undated", "lost journeys without a date of loss; the lag is unknown"},
    {"no_dates", "rows without any date (by `until`, where it is given); no journey"},
    {"no_stage", "events without a stage; left out"},
    {"no_time", "events without a time; left out"},
    {"open", "journeys that were still open"},
    {"out_of_order",
     "stages dated before the stage that precedes them; counted in order of the stages, lag unknown"},
    {"reason_missing", "lost journeys without a reason"},
    {"reason_unmapped", "lost journeys whose reason has no owner; not assigned"},
    {"segment_changed", "events in another segment than their journey's first; the first counts"},
    {"segment_missing", "journeys without a segment; counted under (none)"},
    {"silent", "journeys turned silent: nothing happened for as long as `silence`"},
    {"skipped_stage", "transitions past a stage that has no date; taken from the last stage reached"},
    {"status_other",
     "journeys whose status says neither lost, screened, silent, won nor open; their dates decide"},
    {"status_over_date", "final milestones dated although the status says otherwise; the status counts"},
    {"ties", "consecutive events of a journey at one time, ordered as asked"},
    {"ties_between_stages", "of the ties, those between different stages: another order is another log"},
    {"unordered", "rows that come before an earlier event of their journey; sorted by time"},
    {"without_outcome", "journeys that ended without an outcome; drop-off"},
    {"won_undated", "journeys that their status calls won without a date; the lag is unknown"},
};

}  // namespace detail

FUNNELGRAPH_INLINE std::string note_message(std::string_view code) {
  constexpr std::string_view missing = "missing:";
  if (code.starts_with(missing)) {
    return "journeys without \"" + std::string(code.substr(missing.size())) +
           "\"; left out of its mean, which is taken to hold for them";
  }
  for (const detail::NoteText& text : detail::note_texts) {
    if (text.code == code) return std::string(text.message);
  }
  return std::string(code);
}

FUNNELGRAPH_INLINE void Notes::add(std::string_view code, std::uint64_t row) { add(code, 1, {&row, 1}); }

FUNNELGRAPH_INLINE void Notes::add(std::string_view code, std::uint64_t count,
                                   std::span<const std::uint64_t> rows) {
  if (count == 0) return;
  auto at = entries_.find(code);
  if (at == entries_.end()) at = entries_.emplace(std::string(code), Entry{}).first;
  Entry& entry = at->second;
  entry.count += count;
  for (const std::uint64_t row : rows) {
    if (entry.rows.size() == note_rows && row >= entry.rows.back()) continue;
    entry.rows.insert(std::ranges::upper_bound(entry.rows, row), row);
    if (entry.rows.size() > note_rows) entry.rows.pop_back();
  }
}

FUNNELGRAPH_INLINE void Notes::take_back(std::string_view code, std::uint64_t count) {
  const auto at = entries_.find(code);
  if (at == entries_.end()) return;
  if (at->second.count <= count) {
    entries_.erase(at);
  } else {
    at->second.count -= count;
  }
}

FUNNELGRAPH_INLINE void Notes::merge(const Notes& other) {
  for (const auto& [code, entry] : other.entries_) add(code, entry.count, entry.rows);
}

FUNNELGRAPH_INLINE std::uint64_t Notes::count(std::string_view code) const noexcept {
  const auto at = entries_.find(code);
  return at == entries_.end() ? 0 : at->second.count;
}

FUNNELGRAPH_INLINE std::vector<Note> Notes::table() const {
  std::vector<Note> notes;
  notes.reserve(entries_.size());
  for (const auto& [code, entry] : entries_) {
    notes.push_back({code, note_message(code) + ": " + std::to_string(entry.count), entry.count, entry.rows});
  }
  return notes;
}

FUNNELGRAPH_INLINE bool operator==(const Notes& a, const Notes& b) {
  return std::ranges::equal(a.entries_, b.entries_, [](const auto& x, const auto& y) {
    return x.first == y.first && x.second.count == y.second.count;
  });
}

}  // namespace funnelgraph::inline v0::fit
