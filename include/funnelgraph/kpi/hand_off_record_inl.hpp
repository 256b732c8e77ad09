#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/kpi/detail/calendar.hpp>
#include <funnelgraph/kpi/detail/hand_off_case.hpp>
#include <funnelgraph/kpi/detail/median_inl.hpp>
#include <funnelgraph/kpi/hand_off_record.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

inline double count_share(std::uint64_t count, std::uint64_t of) noexcept {
  return of == 0 ? std::numeric_limits<double>::quiet_NaN()
                 : static_cast<double>(count) / static_cast<double>(of);
}

struct HandOffNote {
  std::string_view code, message;
};
inline constexpr HandOffNote hand_off_notes[] = {
    {"after_until", "dates after `until`; not known yet at that time, so left out"},
    {"before_delivery", "events before anything was delivered; left out"},
    {"giver_missing", "hand-offs without a giver; not assigned"},
    {"no_time", "events without a time; left out"},
    {"not_delivered", "rows without a date of delivery; no hand-off"},
    {"receiver_missing", "hand-offs without a receiver; not assigned"},
};

inline std::vector<fit::Note> hand_off_note_table(const fit::Notes& notes) {
  std::vector<fit::Note> table = notes.table();
  for (fit::Note& note : table) {
    for (const HandOffNote& text : hand_off_notes) {
      if (text.code == note.code)
        note.message = std::string(text.message) + ": " + std::to_string(note.count);
    }
  }
  return table;
}

/// Counts with the waits behind the median.
struct HandOffTally {
  HandOffCounts counts;
  std::vector<double> waits;

  void add(const HandOffCase& one, const HandOffFinding& finding, fit::Tick within) {
    ++counts.delivered;
    switch (finding.verdict) {
      case HandOffVerdict::young:
        ++counts.young;
        return;
      case HandOffVerdict::in_order:
        ++counts.in_order;
        break;
      case HandOffVerdict::receiver:
        ++counts.receiver;
        break;
      case HandOffVerdict::giver:
        ++counts.giver;
        break;
      case HandOffVerdict::between:
        ++counts.between;
        ++counts.causes[static_cast<std::size_t>(finding.cause)];
        break;
    }
    const bool accepted = one.accepted != fit::no_tick;
    counts.accepted += accepted ? 1 : 0;
    counts.rejected += one.says_rejected ? 1 : 0;
    counts.feedback += accepted || one.says_rejected ? 1 : 0;
    counts.repeated += one.repeated ? 1 : 0;
    if (one.touched == fit::no_tick) return;
    ++counts.touched;
    if (one.touched < one.delivered) return;
    counts.touched_in_time += one.touched - one.delivered <= within ? 1 : 0;
    waits.push_back(days_between(one.delivered, one.touched));
  }

  void finish() {
    double sum = 0;
    for (const double wait : waits) sum += wait;
    counts.touch_mean =
        waits.empty() ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(waits.size());
    counts.touch_median = median_of(waits);
  }
};

/// How much of a pair's `between` the giver bears; NaN = nobody does.
inline double giver_bears(HandOffPolicy policy, const HandOffCounts& counts) {
  switch (policy) {
    case HandOffPolicy::nobody:
      break;
    case HandOffPolicy::giver:
      return 1;
    case HandOffPolicy::receiver:
      return 0;
    case HandOffPolicy::halves:
      return 0.5;
    case HandOffPolicy::in_proportion: {
      const std::uint64_t decided = counts.giver + counts.receiver;
      return decided == 0 ? 0.5 : count_share(counts.giver, decided);
    }
  }
  return std::numeric_limits<double>::quiet_NaN();
}

inline std::vector<HandOffBurden> burdens_under(HandOffPolicy policy, const std::vector<HandOffPair>& pairs) {
  std::map<std::string, HandOffBurden> by_owner;
  for (const HandOffPair& pair : pairs) {
    const HandOffCounts& counts = pair.counts;
    const double to_giver = giver_bears(policy, counts);
    const auto between = static_cast<double>(std::isnan(to_giver) ? 0 : counts.between);
    const double given = std::isnan(to_giver) ? 0 : between * to_giver;
    HandOffBurden& giver = by_owner[pair.giver];
    giver.borne += static_cast<double>(counts.giver) + given;
    giver.part += counts.judged();
    HandOffBurden& receiver = by_owner[pair.receiver];
    receiver.borne += static_cast<double>(counts.receiver) + (between - given);
    if (pair.giver != pair.receiver) receiver.part += counts.judged();
  }
  std::vector<HandOffBurden> rows;
  for (auto& [owner, row] : by_owner) {
    row.policy = policy;
    row.owner = owner;
    const auto part = static_cast<double>(row.part);
    row.share = row.part == 0 ? std::numeric_limits<double>::quiet_NaN() : row.borne / part;
    row.low = row.high = row.share;
    if (row.part > 0) {
      const Interval interval = fit::beta_interval(row.borne + 0.5, part - row.borne + 0.5);
      row.low = row.borne > 0 ? interval.low : 0;
      row.high = row.borne < part ? interval.high : 1;
    }
    rows.push_back(std::move(row));
  }
  for (HandOffBurden& row : rows) {
    row.rank = 1;
    for (const HandOffBurden& other : rows) row.rank += other.share > row.share ? 1U : 0U;
  }
  return rows;
}

/// Whether two rankings of the same owners, in the same order, place some pair differently.
inline bool ranked_differently(std::span<const HandOffBurden> a, std::span<const HandOffBurden> b) {
  const auto order = [](const HandOffBurden& x, const HandOffBurden& y) {
    return x.rank < y.rank ? -1 : x.rank > y.rank ? 1 : 0;
  };
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      if (order(a[i], a[j]) != order(b[i], b[j])) return true;
    }
  }
  return false;
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string to_string(HandOffPolicy policy) {
  constexpr const char* names[] = {"nobody", "giver", "receiver", "halves", "in_proportion"};
  return names[static_cast<std::size_t>(policy)];
}

FUNNELGRAPH_INLINE double HandOffCounts::breach() const noexcept {
  return detail::count_share(judged() - touched_in_time, judged());
}

FUNNELGRAPH_INLINE Interval HandOffCounts::breach_interval() const {
  return fit::jeffreys_interval(judged() - touched_in_time, judged());
}

FUNNELGRAPH_INLINE double HandOffCounts::feedback_share() const noexcept {
  return detail::count_share(feedback, judged());
}

FUNNELGRAPH_INLINE double HandOffCounts::repeated_share() const noexcept {
  return detail::count_share(repeated, judged());
}

FUNNELGRAPH_INLINE HandOffRecord hand_off_record(const fit::Columns& table, const HandOffOptions& options) {
  const detail::HandOffCases all = detail::read_hand_offs(table, options);
  HandOffRecord record;
  record.within = options.within;
  record.reject_within = options.reject_within.value_or(options.within);
  record.until = all.until;
  record.records_feedback = !options.accepted.empty() || !options.rejected.empty() || !options.reason.empty();
  detail::HandOffTally total;
  std::map<std::pair<std::string, std::string>, detail::HandOffTally> pairs;
  std::vector<HandOffReason> reasons(all.reasons.size());
  for (const detail::HandOffCase& one : all.cases) {
    const detail::HandOffFinding finding = detail::judge(one, all);
    total.add(one, finding, all.within);
    pairs[{all.owners[one.giver], all.owners[one.receiver]}].add(one, finding, all.within);
    if (!one.says_rejected || finding.verdict == HandOffVerdict::young) continue;
    ++reasons[one.reason].count;
    const bool in_time = one.rejected != fit::no_tick && one.rejected >= one.delivered &&
                         one.rejected - one.delivered <= all.reject_within;
    reasons[one.reason].in_time += in_time ? 1 : 0;
  }
  total.finish();
  record.total = total.counts;
  for (auto& [owners, tally] : pairs) {
    tally.finish();
    record.pairs.push_back({owners.first, owners.second, tally.counts});
  }
  std::size_t owners = 0;
  for (std::size_t p = 0; p < hand_off_policies; ++p) {
    const auto rows = detail::burdens_under(static_cast<HandOffPolicy>(p), record.pairs);
    owners = rows.size();
    record.burdens.insert(record.burdens.end(), rows.begin(), rows.end());
    const std::span<const HandOffBurden> burdens(record.burdens);
    record.ranking_changes =
        record.ranking_changes || detail::ranked_differently(burdens.first(owners), burdens.last(owners));
  }
  for (std::size_t r = 0; r < reasons.size(); ++r) {
    if (reasons[r].count == 0) continue;
    reasons[r].reason = all.reasons[r];
    reasons[r].against_definition = all.against_definition[r];
    record.reasons.push_back(std::move(reasons[r]));
  }
  std::ranges::stable_sort(record.reasons, std::ranges::greater{}, &HandOffReason::count);
  record.notes = detail::hand_off_note_table(all.notes);
  return record;
}

}  // namespace funnelgraph::inline v0
