// How a table of milestones or a log of events is to be read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <funnelgraph/fit/columns.hpp>
#include <funnelgraph/fit/lag_tally.hpp>
#include <funnelgraph/model/parts.hpp>

namespace funnelgraph::inline v0::fit {

/// What a value of the status column says about a journey.
enum class Status : std::uint8_t { open, won, lost, screened, silent };

/// A journey without an outcome at the end of its events.
enum class JourneyEnd : std::uint8_t { drop_off, open, silent };

/// Events of one journey at one time: in order of the rows, or of the names of their stages.
enum class Ties : std::uint8_t { row, stage };

struct StageColumn {
  std::string stage;
  std::string column;
  bool operator==(const StageColumn&) const = default;
};

/// A wide table: a row a journey, a date a stage. Optional columns are "" where there are none.
struct MilestoneOptions {
  /// Id, never missing; the first row of an id counts. "": every row is a journey, and none is kept.
  std::string journey{"journey"};
  std::vector<StageColumn> stages{};  ///< in order of the funnel; at least one
  /// Stages that end a journey; empty: the last stage, won.
  std::map<std::string, OutcomeKind> outcomes{};
  std::string lost{};  ///< reason of loss; any reason says lost, so a column of yes and no is refused
  std::string status{};
  /// What the values of `status` mean; empty: the words open, won, lost, screened and silent, in upper or
  /// lower case. Other values say nothing: the dates decide.
  std::map<std::string, Status> statuses{};
  std::string lost_at{};                          ///< date of loss
  std::map<std::string, std::string> reasons{};   ///< reason -> the owner it belongs to
  std::string amount{};                           ///< money, >= 0: the measure "amount"
  std::string cost{};                             ///< money, >= 0: the measure "cost"
  std::map<std::string, std::string> measures{};  ///< further measures -> columns, >= 0
  std::string segment{};
  std::string person{};             ///< counted by person only when asked
  std::optional<Tick> until{};      ///< as-of time: dates after it are not known yet
  std::optional<double> silence{};  ///< days without news until an open journey is silent, > 0; wants `until`
  Durations durations = Durations::exact;
  bool keep_journeys = true;  ///< remember journeys by pseudonym: `update`, and merge sees overlaps
  bool operator==(const MilestoneOptions&) const = default;
};

/// A long log: a row an event, in any order.
struct EventOptions {
  std::string journey{"journey"};  ///< id, never missing
  std::string stage{"stage"};      ///< text
  std::string time{"time"};
  Ties ties = Ties::row;
  std::string tie_column{};  ///< orders events of one journey and time, ascending; then `ties`
  std::map<std::string, OutcomeKind> outcomes{};  ///< stages that end a journey
  std::optional<JourneyEnd> end{};                ///< none: drop_off, or open where `silence` is given
  std::vector<std::string> stages{};              ///< the order of stages in tables; others by name, after
  std::string amount{};                           ///< money of the event, >= 0: the measure "amount"
  std::string cost{};                             ///< money of the event, >= 0: the measure "cost"
  std::map<std::string, std::string> measures{};  ///< further measures -> columns, >= 0
  std::string segment{};                          ///< of a journey's first event
  std::string person{};                           ///< of a journey's first event; only when asked
  std::optional<Tick> until{};                    ///< as-of time: events after it are not known yet
  std::optional<double> silence{};                ///< days, > 0; wants `until` and end open
  Durations durations = Durations::exact;
  bool keep_journeys = true;  ///< remember journeys by pseudonym: `update`, and merge sees overlaps
  bool operator==(const EventOptions&) const = default;
};

}  // namespace funnelgraph::inline v0::fit
