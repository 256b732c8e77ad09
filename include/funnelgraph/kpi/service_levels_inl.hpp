#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>
#include <tuple>
#include <utility>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/kpi/detail/calendar.hpp>
#include <funnelgraph/kpi/detail/limits.hpp>
#include <funnelgraph/kpi/detail/service_rules.hpp>
#include <funnelgraph/kpi/service_levels.hpp>
#include <funnelgraph/kpi/service_levels_clocks_inl.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

class ServiceLevelReader {
 public:
  ServiceLevelReader(const fit::Columns& table, std::span<const ServiceLevel> rules,
                     const ServiceLevelOptions& options)
      : table_(table), rules_(rules), options_(options) {
    check();
    read_columns();
  }

  ServiceLevels read() {
    out_.until = until_;
    for (const ServiceLevel& rule : rules_) {
      groups_.clear();
      if (rule.promise == Promise::report) {
        count_reports(rule);
      } else {
        count_clocks(rule);
      }
      if (groups_.empty() && options_.by.empty()) {
        groups_[{}].row.rule = rule;  // nothing to count is a row too
      }
      for (auto& [key, tally] : groups_) out_.rows.push_back(tally.finish());
    }
    out_.notes = notes_.table();
    for (fit::Note& note : out_.notes) {
      for (const auto& [code, message] : messages) {
        if (note.code == code) note.message = std::string(message) + ": " + std::to_string(note.count);
      }
    }
    return std::move(out_);
  }

 private:
  using Group = std::tuple<std::string, std::string, std::string, std::string, std::string>;

  static constexpr std::pair<std::string_view, std::string_view> messages[] = {
      {"after_until", "times after `until`; not known yet at that time, so left out"},
      {"backwards", "journeys that are answered before their clock began; left out"},
      {"duplicate_journey", "further rows of a journey; the first row counts"},
      {"no_time", "events without a time; left out"}};

  [[nodiscard]] bool by(ServiceLevelBy what) const {
    return std::ranges::find(options_.by, what) != options_.by.end();
  }

  void note(const char* code, std::size_t row) { notes_.add(code, table_.row_number(row)); }

  void check() {
    if (rules_.empty()) {
      throw InvalidValueError("service_levels(rules=)", "no rule", "at least one ServiceLevel");
    }
    for (const ServiceLevel& rule : rules_) check_rule(rule);
    if (table_.rows() == 0) throw DataError(table_.source(), 0, "", "the table has no rows");
    if (options_.until && (*options_.until < fit::earliest_tick || *options_.until > fit::latest_tick)) {
      throw InvalidValueError("service_levels(until=)", std::to_string(*options_.until) + " microseconds",
                              "the years 1 to 9999");
    }
    const auto need = [&](ServiceLevelBy what, const std::string& column, const char* option) {
      if (!by(what) || !column.empty() || !options_.owners.empty()) return;
      throw InvalidValueError(std::string("service_levels(by=)"), option,
                              std::string("owners= of stages, or the column ") + option + "_column=");
    };
    need(ServiceLevelBy::giver, options_.giver_column, "giver");
    need(ServiceLevelBy::receiver, options_.receiver_column, "receiver");
    if (by(ServiceLevelBy::segment) && options_.segment.empty()) {
      throw InvalidValueError("service_levels(by=)", "segment", "a column segment=");
    }
    for (const auto& [stage, owner] : options_.owners) owners_[normalise_name(stage)] = normalise_name(owner);
  }

  void read_columns() {
    const bool wide = !options_.stages.empty();
    bool needs_ids = false;
    for (const ServiceLevel& rule : rules_) needs_ids = needs_ids || rule.promise != Promise::report;
    if (needs_ids && !(wide && options_.journey.empty())) {
      if (options_.journey.empty()) {
        throw InvalidValueError("service_levels(journey=)", "nothing", "the column of ids");
      }
      ids_ = fit::detail::read_ids(table_, options_.journey);
    }
    if (wide) {
      for (const fit::StageColumn& stage : options_.stages) {
        names_.push_back(normalise_name(stage.stage));
        dates_.push_back(fit::detail::read_times(table_, stage.column));
      }
      if (!options_.closed_at.empty()) closed_at_ = fit::detail::read_times(table_, options_.closed_at);
    } else {
      events_ = fit::detail::read_labels(table_, options_.stage);
      names_ = events_.names;
      dates_.push_back(fit::detail::read_times(table_, options_.time));
    }
    if (options_.until) {
      until_ = *options_.until;
    } else {
      for (const auto& column : dates_) {
        for (const fit::Tick tick : column) until_ = std::max(until_, tick);
      }
      for (const fit::Tick tick : closed_at_) until_ = std::max(until_, tick);
      if (until_ == fit::no_tick) throw DataError(table_.source(), 0, "", "no row has a time");
    }
    if (!options_.giver_column.empty()) givers_ = fit::detail::read_labels(table_, options_.giver_column);
    if (!options_.receiver_column.empty())
      receivers_ = fit::detail::read_labels(table_, options_.receiver_column);
    if (!options_.segment.empty()) segments_ = fit::detail::read_labels(table_, options_.segment);
    for (const std::string& name : options_.closing) closing_.insert(place(name));
    check_owners();
    sort_rows();
  }

  /// Owners may be those of a whole funnel; a stage beside a near name of the table is a typing error.
  void check_owners() const {
    std::vector<std::string> known = names_;
    for (const ServiceLevel& rule : rules_) {
      known.push_back(normalise_name(rule.from));
      known.push_back(normalise_name(rule.to));
    }
    for (const auto& [stage, owner] : owners_) {
      if (std::ranges::find(known, stage) != known.end()) continue;
      const std::string nearest = nearest_name(stage, known);
      if (!nearest.empty()) throw UnknownNameError("stage", stage, nearest);
    }
  }

  /// Rows of a log by journey and time.
  void sort_rows() {
    if (!options_.stages.empty()) {
      std::set<std::uint32_t> seen;
      for (std::size_t row = 0; row < table_.rows(); ++row) {
        if (ids_.rows.empty() || seen.insert(ids_.rows[row]).second) {
          rows_.push_back(row);
        } else {
          note("duplicate_journey", row);
        }
      }
      return;
    }
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (events_.rows[row] == fit::nowhere) continue;
      if (dates_[0][row] == fit::no_tick) {
        note("no_time", row);
      } else if (dates_[0][row] > until_) {
        note("after_until", row);
      } else {
        rows_.push_back(row);
      }
    }
    std::ranges::stable_sort(rows_, {}, [&](std::size_t row) {
      return std::pair(ids_.rows.empty() ? 0U : ids_.rows[row], dates_[0][row]);
    });
  }

  /// The position of a stage or event; `nowhere` for an event that never occurs and has no near name.
  [[nodiscard]] std::uint32_t place(const std::string& name) const {
    const std::string clean = normalise_name(name);
    const auto at = std::ranges::find(names_, clean);
    if (at != names_.end()) return static_cast<std::uint32_t>(at - names_.begin());
    const std::string nearest = nearest_name(clean, names_);
    if (!options_.stages.empty() || !nearest.empty()) throw UnknownNameError("stage", clean, nearest);
    return fit::nowhere;
  }

  [[nodiscard]] std::string owner_of(const fit::detail::Labels& labels, std::size_t row,
                                     const std::string& stage) const {
    if (!labels.rows.empty()) {
      return labels.rows[row] == fit::nowhere ? "not assigned" : labels.names[labels.rows[row]];
    }
    const auto at = owners_.find(normalise_name(stage));
    return at == owners_.end() || at->second.empty() ? "not assigned" : at->second;
  }

  ClockTally& group(const ServiceLevel& rule, std::size_t row, fit::Tick begun) {
    ServiceLevelRow key;
    key.rule = rule;
    if (by(ServiceLevelBy::giver)) key.giver = owner_of(givers_, row, rule.from);
    if (by(ServiceLevelBy::receiver)) key.receiver = owner_of(receivers_, row, rule.to);
    if (by(ServiceLevelBy::week)) key.week = week_text(begun);
    if (by(ServiceLevelBy::month)) key.month = month_text(begun);
    if (by(ServiceLevelBy::segment)) {
      key.segment = segments_.rows[row] == fit::nowhere ? "(none)" : segments_.names[segments_.rows[row]];
    }
    const Group place{key.giver, key.receiver, key.segment, key.month, key.week};
    auto at = groups_.find(place);
    if (at == groups_.end()) at = groups_.emplace(place, ClockTally{.row = std::move(key)}).first;
    return at->second;
  }

  void count_clocks(const ServiceLevel& rule) {
    const std::uint32_t from = place(rule.from), to = place(rule.to);
    const bool limited = !std::isinf(rule.within);
    const fit::Tick limit = limited ? limit_ticks("ServiceLevel", rule.within) : 0;
    const auto end = [&](const Clock& clock) {
      group(rule, clock.row, clock.begun).add(clock, limit, limited, until_);
    };
    if (!options_.stages.empty()) {
      for (const std::size_t row : rows_) {
        if (const auto clock = wide_clock(row, from, to)) end(*clock);
      }
      return;
    }
    Clock clock;
    bool runs = false;
    std::uint32_t journey = fit::nowhere;
    for (const std::size_t row : rows_) {
      const std::uint32_t event = events_.rows[row];
      if (ids_.rows[row] != journey) {
        if (runs) end(clock);
        runs = false;
        journey = ids_.rows[row];
      }
      if (!runs && event == from) {
        clock = {.begun = dates_[0][row], .row = row};
        runs = true;
      } else if (runs && (event == to || closing_.contains(event))) {
        (event == to ? clock.answered : clock.closed) = dates_[0][row];
        end(clock);
        runs = false;
      }
    }
    if (runs) end(clock);
  }

  [[nodiscard]] std::optional<Clock> wide_clock(std::size_t row, std::uint32_t from, std::uint32_t to) {
    const auto at = [&](fit::Tick tick) { return tick <= until_ ? tick : fit::no_tick; };
    Clock clock{.begun = at(dates_[from][row]), .answered = at(dates_[to][row]), .row = row};
    if (dates_[from][row] != fit::no_tick && clock.begun == fit::no_tick) note("after_until", row);
    if (clock.begun == fit::no_tick) return std::nullopt;
    if (clock.answered != fit::no_tick && clock.answered < clock.begun) {
      note("backwards", row);
      return std::nullopt;
    }
    const auto close = [&](fit::Tick tick) {
      if (tick == fit::no_tick || tick > until_ || tick < clock.begun) return;
      if (clock.closed == fit::no_tick || tick < clock.closed) clock.closed = tick;
    };
    if (!closed_at_.empty()) close(closed_at_[row]);
    for (const std::uint32_t stage : closing_) {
      if (stage != to && stage != from) close(dates_[stage][row]);
    }
    return clock;
  }

  /// Days from the first time in the table on, in periods of `within`; those that are all days off are not
  /// due.
  void count_reports(const ServiceLevel& rule) {
    const std::uint32_t event = place(rule.to);
    const auto every = static_cast<fit::Tick>(rule.within);
    // Reports of one owner: by who sends them and who gets them.
    std::map<std::pair<std::string, std::string>, std::set<fit::Tick>> reported;
    std::map<std::pair<std::string, std::string>, std::size_t> first_row;
    fit::Tick first = fit::no_tick;
    const auto visit = [&](std::size_t row, fit::Tick tick, bool is_report) {
      if (tick == fit::no_tick || tick > until_) return;
      if (first == fit::no_tick || tick < first) first = tick;
      if (!is_report) return;
      const std::pair owners(by(ServiceLevelBy::giver) ? owner_of(givers_, row, rule.to) : "",
                             by(ServiceLevelBy::receiver) ? owner_of(receivers_, row, rule.to) : "");
      reported[owners].insert(day_of(tick));
      first_row.try_emplace(owners, row);
    };
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      if (options_.stages.empty()) {
        visit(row, dates_[0][row], events_.rows[row] == event && event != fit::nowhere);
      } else {
        for (std::size_t s = 0; s < dates_.size(); ++s) visit(row, dates_[s][row], s == event);
      }
    }
    if (first == fit::no_tick) return;
    if (reported.empty()) {
      reported[{}];
      first_row[{}] = 0;
    }
    for (const auto& [owners, days] : reported) {
      for (fit::Tick start = day_of(first); start <= day_of(until_); start += every) {
        bool due = false, done = false;
        for (fit::Tick day = start; day < start + every; ++day) {
          due = due || !options_.days_off[weekday_of(day)];
          done = done || days.contains(day);
        }
        if (!due && !done) continue;
        ClockTally& tally = group(rule, first_row[owners], start * fit::ticks_per_day);
        ++tally.row.entered;
        // The last moment of the period has not come yet.
        const bool over = (start + every) * fit::ticks_per_day - 1 <= until_;
        ++(done ? (over ? tally.row.in_time : tally.row.young) : over ? tally.row.late : tally.row.young);
      }
    }
  }

  const fit::Columns& table_;
  std::span<const ServiceLevel> rules_;
  const ServiceLevelOptions& options_;
  ServiceLevels out_;
  fit::Notes notes_;
  fit::detail::Ids ids_;
  fit::detail::Labels events_, givers_, receivers_, segments_;
  std::vector<std::string> names_;
  std::vector<std::span<const fit::Tick>> dates_;
  std::span<const fit::Tick> closed_at_;
  std::set<std::uint32_t> closing_;
  std::map<std::string, std::string> owners_;
  std::vector<std::size_t> rows_;
  std::map<Group, ClockTally> groups_;
  fit::Tick until_ = fit::no_tick;
};

}  // namespace detail

FUNNELGRAPH_INLINE ServiceLevels service_levels(const fit::Columns& table,
                                                std::span<const ServiceLevel> rules,
                                                const ServiceLevelOptions& options) {
  return detail::ServiceLevelReader(table, rules, options).read();
}

}  // namespace funnelgraph::inline v0
