// How service levels are kept: counted from a log or a table, or told from a funnel's lags.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/notes.hpp>
#include <funnelgraph/fit/options.hpp>
#include <funnelgraph/kpi/service_level.hpp>

namespace funnelgraph::inline v0 {

class Funnel;

/// What rows are split by; a week is that of ISO 8601 ("2026-W10") in which the clock began.
enum class ServiceLevelBy : std::uint8_t { giver, receiver, week, month, segment };

struct ServiceLevelOptions {
  std::string journey{"journey"};               ///< column of ids; only reports do without
  std::string stage{"stage"};                   ///< column of a log: the event
  std::string time{"time"};                     ///< column of a log
  std::vector<fit::StageColumn> stages{};       ///< given: a wide table, a row a journey, a date a stage
  std::string closed_at{};                      ///< of a wide table: date on which a journey ended otherwise
  std::vector<std::string> closing{};           ///< events or stages that end a journey: lost, sold, ...
  std::map<std::string, std::string> owners{};  ///< of stages; the giver is `from`'s, the receiver `to`'s
  std::string giver_column{};                   ///< or by row, where the clock begins
  std::string receiver_column{};
  std::string segment{};
  std::vector<ServiceLevelBy> by{};
  std::optional<fit::Tick> until{};  ///< as-of time; none = the latest time in the table
  std::array<bool, 7> days_off{};    ///< Monday first: days on which no report is due
};

/// One row a rule and group. Every arrival at `from` starts a clock (a further one while it runs does not),
/// which the next `to` stops. entered = young + closed + in_time + late.
struct ServiceLevelRow {
  ServiceLevel rule;
  std::string giver{}, receiver{}, week{}, month{}, segment{};  ///< "" where rows are not split by it
  std::uint64_t entered = 0;                                    ///< clocks; of a report: days or periods due
  /// The limit is not over by `until`. They count neither way, answered or not: of the same age only the
  /// answered ones could be counted, and the share would be too high.
  std::uint64_t young = 0;
  std::uint64_t closed = 0;  ///< ended otherwise before the limit; neither way
  std::uint64_t in_time = 0;
  std::uint64_t late = 0;    ///< later, or not at all
  double share = 0;          ///< in_time / (in_time + late); NaN where there are none
  double low = 0, high = 0;  ///< its 95 % interval (Jeffreys)
  /// Kaplan and Meier's estimate from all clocks, the young and the closed ones as far as they ran; NaN
  /// without a finite limit, for reports, and where the clocks end before the limit.
  double share_censored = 0;
  double wait_median = 0;  ///< days of the answered ones that are not young; NaN without any
};

struct ServiceLevels {
  std::vector<ServiceLevelRow> rows;  ///< by rule, then group
  fit::Tick until = fit::no_tick;
  std::vector<fit::Note> notes;
};

/// Counts from a log or a wide table. Throws UnknownNameError (a column; an event or stage that never occurs
/// beside a near name, or that a wide table does not have; an owner of another stage), InvalidValueError (no
/// rule, a limit that is not above 0, by owner without owners), DataError (no rows, a missing id, a date
/// outside the years 1 to 9999). O(rules * rows log rows).
[[nodiscard]] ServiceLevels service_levels(const fit::Columns& table, std::span<const ServiceLevel> rules,
                                           const ServiceLevelOptions& options = {});

/// A service level of a funnel's transition, from its lag: of those who take it.
struct TransitionLevel {
  std::string from, to;
  std::string giver, receiver;  ///< owners of the two ends as text, "" = nobody
  double within = 0;            ///< days
  double flow = 0;              ///< per period
  double share = 0;             ///< P(lag <= within); NaN where the lag is unknown
  double breach = 0;            ///< P(lag > within)
  double late = 0;              ///< flow * breach, per period
};

/// Of every transition with a service level, or of the given rules (their promise must be an answer).
/// Throws UnknownNameError for a transition that is not there, InvalidValueError, and as `analyze`.
[[nodiscard]] std::vector<TransitionLevel> service_levels(const Funnel& funnel,
                                                          std::span<const ServiceLevel> rules = {});

}  // namespace funnelgraph::inline v0

#ifdef FUNNELGRAPH_HEADER_ONLY
#include <funnelgraph/kpi/service_levels_inl.hpp>
#include <funnelgraph/kpi/transition_levels_inl.hpp>
#endif
