#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/kpi/detail/flags.hpp>
#include <funnelgraph/kpi/detail/hand_off_case.hpp>
#include <funnelgraph/kpi/detail/limits.hpp>

namespace funnelgraph::inline v0::detail {

FUNNELGRAPH_INLINE HandOffFinding judge(const HandOffCase& one, const HandOffCases& all) {
  using enum HandOffVerdict;
  using enum BetweenCause;
  constexpr fit::Tick none = fit::no_tick;
  if (all.until - one.delivered < std::max(all.within, all.reject_within)) return {young, {}};
  const bool accepted = one.accepted != none;
  const bool backwards = (accepted && one.accepted < one.delivered) ||
                         (one.rejected != none && one.rejected < one.delivered) ||
                         (one.touched != none && one.touched < one.delivered);
  if (backwards || (accepted && one.says_rejected) || (accepted && one.meets == false)) {
    return {between, contradiction};
  }
  if (one.says_rejected) {
    if (one.reason == 0) return {between, rejected_without_reason};
    if (!all.against_definition[one.reason]) return {between, other_reason};
    if (one.meets == true) return {between, contradiction};
    if (one.rejected == none) return {between, rejected_undated};
    if (one.rejected - one.delivered > all.reject_within) return {between, rejected_late};
    return {giver, {}};
  }
  if (one.touched != none && one.touched - one.delivered <= all.within) return {in_order, {}};
  if (accepted || one.meets == true) return {receiver, {}};
  return {between, one.meets == false ? unfit_not_rejected : not_recorded};
}

/// Reads a table or a log of hand-offs.
class HandOffReader {
 public:
  HandOffReader(const fit::Columns& table, const HandOffOptions& options) : table_(table), options_(options) {
    check();
  }

  HandOffCases read() {
    if (options_.event.empty()) {
      read_table();
    } else {
      read_log();
    }
    if (out_.cases.empty()) {
      throw DataError(table_.source(), 0, options_.delivered,
                      "nothing was delivered" + std::string(options_.until ? " by `until`" : ""));
    }
    name_reasons();
    return std::move(out_);
  }

 private:
  void check() {
    if (table_.rows() == 0) throw DataError(table_.source(), 0, "", "the table has no rows");
    out_.within = limit_ticks("hand_off_record(within=)", options_.within);
    out_.reject_within = options_.reject_within
                             ? limit_ticks("hand_off_record(reject_within=)", *options_.reject_within)
                             : out_.within;
    if (options_.until && (*options_.until < fit::earliest_tick || *options_.until > fit::latest_tick)) {
      throw InvalidValueError("hand_off_record(until=)", std::to_string(*options_.until) + " microseconds",
                              "the years 1 to 9999");
    }
    if (options_.delivered.empty()) {
      throw InvalidValueError("hand_off_record(delivered=)", "nothing", "the column or event of deliveries");
    }
    if (!options_.event.empty() && options_.journey.empty()) {
      throw InvalidValueError("hand_off_record(journey=)", "nothing",
                              "the column of ids, which a log of events needs");
    }
    giver_ = fit::detail::checked_name(options_.giver, "hand_off_record(giver=)");
    receiver_ = fit::detail::checked_name(options_.receiver, "hand_off_record(receiver=)");
    if (options_.giver_column.empty() && options_.receiver_column.empty() && giver_ == receiver_) {
      throw InvalidValueError("hand_off_record(receiver=)", "\"" + shown(receiver_) + "\", the giver itself",
                              "another owner");
    }
    for (const std::string& reason : options_.against_definition) against_.insert(normalise_name(reason));
    if (!options_.reason.empty()) reasons_ = fit::detail::read_labels(table_, options_.reason);
    if (!options_.meets.empty()) meets_ = read_flags(table_, options_.meets);
    if (!options_.giver_column.empty()) givers_ = fit::detail::read_labels(table_, options_.giver_column);
    if (!options_.receiver_column.empty())
      receivers_ = fit::detail::read_labels(table_, options_.receiver_column);
  }

  void note(const char* code, std::size_t row) { out_.notes.add(code, table_.row_number(row)); }

  [[nodiscard]] std::uint32_t owner(const fit::detail::Labels& labels, std::size_t row,
                                    const std::string& otherwise, const char* missing) {
    const std::string* name = &otherwise;
    static const std::string nobody = "not assigned";
    if (!labels.rows.empty()) {
      if (labels.rows[row] == fit::nowhere) {
        note(missing, row);
        name = &nobody;
      } else {
        name = &labels.names[labels.rows[row]];
      }
    }
    const auto [at, added] = owner_places_.try_emplace(*name, static_cast<std::uint32_t>(out_.owners.size()));
    if (added) out_.owners.push_back(*name);
    return at->second;
  }

  void begin(HandOffCase& one, std::size_t row, fit::Tick delivered) {
    one.delivered = delivered;
    one.giver = owner(givers_, row, giver_, "giver_missing");
    one.receiver = owner(receivers_, row, receiver_, "receiver_missing");
  }

  [[nodiscard]] std::uint32_t reason_at(std::size_t row) const {
    return reasons_.rows.empty() || reasons_.rows[row] == fit::nowhere ? 0 : reasons_.rows[row] + 1;
  }

  [[nodiscard]] bool known(fit::Tick tick) const { return tick != fit::no_tick && tick <= out_.until; }

  void set_until(std::span<const std::span<const fit::Tick>> columns) {
    out_.until = fit::no_tick;
    if (options_.until) {
      out_.until = *options_.until;
      return;
    }
    for (const auto& column : columns) {
      for (const fit::Tick tick : column) out_.until = std::max(out_.until, tick);
    }
  }

  void read_table() {
    const auto times = [&](const std::string& column) {
      return column.empty() ? std::span<const fit::Tick>() : fit::detail::read_times(table_, column);
    };
    const std::span<const fit::Tick> delivered = times(options_.delivered),
                                     accepted = times(options_.accepted), rejected = times(options_.rejected),
                                     touched = times(options_.touched);
    const std::span<const fit::Tick> all[] = {delivered, accepted, rejected, touched};
    set_until(all);
    fit::detail::Ids ids;
    if (!options_.journey.empty()) ids = fit::detail::read_ids(table_, options_.journey);
    const auto at = [&](std::span<const fit::Tick> column, std::size_t row) {
      if (column.empty() || column[row] == fit::no_tick) return fit::no_tick;
      if (column[row] <= out_.until) return column[row];
      note("after_until", row);
      return fit::no_tick;
    };
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (delivered[row] == fit::no_tick) {
        note("not_delivered", row);
      } else if (delivered[row] > out_.until) {
        note("after_until", row);
      } else {
        rows.push_back(row);
      }
    }
    // The earliest delivery of a journey is its first, wherever it stands in the table.
    std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return delivered[row]; });
    std::unordered_set<std::uint32_t> seen;
    for (const std::size_t row : rows) {
      HandOffCase one;
      begin(one, row, delivered[row]);
      one.accepted = at(accepted, row);
      one.rejected = at(rejected, row);
      one.touched = at(touched, row);
      one.reason = reason_at(row);
      const bool later = !rejected.empty() && rejected[row] != fit::no_tick && one.rejected == fit::no_tick;
      one.says_rejected = one.rejected != fit::no_tick || (one.reason != 0 && !later);
      if (!one.says_rejected) one.reason = 0;
      if (!meets_.empty()) one.meets = meets_[row];
      if (!ids.rows.empty()) one.repeated = !seen.insert(ids.rows[row]).second;
      out_.cases.push_back(one);
    }
  }

  enum class Step : std::uint8_t { other, delivered, accepted, rejected, touched };

  [[nodiscard]] std::vector<Step> steps(const std::vector<std::string>& names) const {
    std::vector<Step> steps(names.size(), Step::other);
    const auto place = [&](const std::string& event, Step step) {
      if (event.empty()) return;
      const std::string clean = normalise_name(event);
      const auto at = std::ranges::find(names, clean);
      if (at == names.end()) {
        const std::string nearest = nearest_name(clean, names);
        if (step == Step::delivered || !nearest.empty()) throw UnknownNameError("event", clean, nearest);
        return;
      }
      Step& known = steps[static_cast<std::size_t>(at - names.begin())];
      if (known != Step::other) {
        throw InvalidValueError("hand_off_record", "event \"" + shown(clean) + "\" for two steps",
                                "another event for each step");
      }
      known = step;
    };
    place(options_.delivered, Step::delivered);
    place(options_.accepted, Step::accepted);
    place(options_.rejected, Step::rejected);
    place(options_.touched, Step::touched);
    return steps;
  }

  void read_log() {
    const fit::detail::Ids ids = fit::detail::read_ids(table_, options_.journey);
    const fit::detail::Labels events = fit::detail::read_labels(table_, options_.event);
    const std::vector<Step> step_of = steps(events.names);
    const std::span<const fit::Tick> times = fit::detail::read_times(table_, options_.time);
    const std::span<const fit::Tick> all[] = {times};
    set_until(all);
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (events.rows[row] == fit::nowhere || step_of[events.rows[row]] == Step::other) continue;
      if (times[row] == fit::no_tick) {
        note("no_time", row);
      } else if (times[row] > out_.until) {
        note("after_until", row);
      } else {
        rows.push_back(row);
      }
    }
    std::ranges::stable_sort(rows, {}, [&](std::size_t row) { return std::pair(ids.rows[row], times[row]); });
    std::uint32_t journey = fit::nowhere;
    bool open = false;
    for (const std::size_t row : rows) {
      const Step step = step_of[events.rows[row]];
      if (ids.rows[row] != journey) open = false;
      if (step == Step::delivered) {
        HandOffCase one;
        begin(one, row, times[row]);
        one.repeated = open;
        if (!meets_.empty()) one.meets = meets_[row];
        out_.cases.push_back(one);
        open = true;
        journey = ids.rows[row];
        continue;
      }
      if (!open) {
        note("before_delivery", row);
        continue;
      }
      take(out_.cases.back(), step, row, times[row]);
    }
  }

  void take(HandOffCase& one, Step step, std::size_t row, fit::Tick tick) {
    const auto first = [&](fit::Tick& known) {
      if (known == fit::no_tick) known = tick;
    };
    if (!one.meets && !meets_.empty()) one.meets = meets_[row];
    if (step == Step::accepted) first(one.accepted);
    if (step == Step::touched) first(one.touched);
    if (step != Step::rejected) return;
    first(one.rejected);
    if (!one.says_rejected || one.reason == 0) one.reason = reason_at(row);
    one.says_rejected = true;
  }

  void name_reasons() {
    out_.reasons.emplace_back();
    out_.against_definition.push_back(false);
    for (const std::string& name : reasons_.names) {
      out_.reasons.push_back(name);
      out_.against_definition.push_back(against_.contains(name));
    }
    for (const std::string& reason : against_) {
      if (std::ranges::find(reasons_.names, reason) != reasons_.names.end()) continue;
      const std::string nearest = nearest_name(reason, reasons_.names);
      if (!nearest.empty()) throw UnknownNameError("reason", reason, nearest);
    }
  }

  const fit::Columns& table_;
  const HandOffOptions& options_;
  HandOffCases out_;
  std::string giver_, receiver_;
  std::unordered_set<std::string> against_;
  std::unordered_map<std::string, std::uint32_t> owner_places_;
  fit::detail::Labels reasons_, givers_, receivers_;
  std::vector<std::optional<bool>> meets_;
};

FUNNELGRAPH_INLINE HandOffCases read_hand_offs(const fit::Columns& table, const HandOffOptions& options) {
  return HandOffReader(table, options).read();
}

}  // namespace funnelgraph::inline v0::detail
