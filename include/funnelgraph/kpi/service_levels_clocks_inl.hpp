// The clocks of promises, counted; the share kept in time, with those that still run.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/kpi/detail/calendar.hpp>
#include <funnelgraph/kpi/detail/median_inl.hpp>
#include <funnelgraph/kpi/detail/service_rules.hpp>
#include <funnelgraph/kpi/service_levels.hpp>

namespace funnelgraph::inline v0::detail {

/// One clock: when it began, was answered, and was stopped otherwise.
struct Clock {
  fit::Tick begun = fit::no_tick, answered = fit::no_tick, closed = fit::no_tick;
  std::size_t row = 0;
};

/// 1 - S(limit) by Kaplan and Meier over (days, answered); NaN where nobody ran that long and not all were
/// answered. An answer at the time of a censoring comes first. O(n log n).
inline double answered_by(std::vector<std::pair<double, bool>>& waits, double limit) {
  std::ranges::sort(waits, [](const auto& a, const auto& b) {
    return a.first < b.first || (a.first == b.first && a.second && !b.second);
  });
  double open = 1;
  for (std::size_t i = 0; i < waits.size();) {
    const double time = waits[i].first;
    if (time > limit) break;
    const auto at_risk = static_cast<double>(waits.size() - i);
    std::size_t answered = 0;
    for (; i < waits.size() && waits[i].first == time; ++i) answered += waits[i].second ? 1 : 0;
    open *= 1 - static_cast<double>(answered) / at_risk;
  }
  const bool ran = open == 0 || (!waits.empty() && waits.back().first >= limit);
  return ran ? 1 - open : std::numeric_limits<double>::quiet_NaN();
}

/// The clocks of one group.
struct ClockTally {
  ServiceLevelRow row;
  std::vector<double> answers{};
  std::vector<std::pair<double, bool>> runs{};

  void add(const Clock& clock, fit::Tick limit, bool limited, fit::Tick until) {
    ++row.entered;
    const bool answered = clock.answered != fit::no_tick;
    const bool closed = clock.closed != fit::no_tick && (!answered || clock.closed < clock.answered);
    const fit::Tick end = closed ? clock.closed : answered ? clock.answered : until;
    runs.emplace_back(days_between(clock.begun, end), answered && !closed);
    if (limited && until - clock.begun < limit) {
      ++row.young;
      return;
    }
    if (answered && !closed) answers.push_back(days_between(clock.begun, clock.answered));
    if (closed && (!limited || clock.closed - clock.begun <= limit)) {
      ++row.closed;
    } else if (answered && !closed && (!limited || clock.answered - clock.begun <= limit)) {
      ++row.in_time;
    } else {
      ++row.late;
    }
  }

  ServiceLevelRow finish() {
    const std::uint64_t counted = row.in_time + row.late;
    const Interval interval = fit::jeffreys_interval(row.in_time, counted);
    row.share = counted == 0 ? std::numeric_limits<double>::quiet_NaN()
                             : static_cast<double>(row.in_time) / static_cast<double>(counted);
    row.low = interval.low;
    row.high = interval.high;
    row.wait_median = median_of(answers);
    const bool censored = row.rule.promise != Promise::report && !std::isinf(row.rule.within);
    row.share_censored =
        censored ? answered_by(runs, row.rule.within) : std::numeric_limits<double>::quiet_NaN();
    return row;
  }
};

}  // namespace funnelgraph::inline v0::detail
