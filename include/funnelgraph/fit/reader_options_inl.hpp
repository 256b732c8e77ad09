#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/options.hpp>
#include <funnelgraph/fit/reading.hpp>

namespace funnelgraph::inline v0::fit::detail {

/// `silence` of both readers: positive, shorter than the span of all times, with an as-of time.
inline void check_silence(const std::string& reader, const std::optional<double>& silence, bool has_until) {
  if (!silence) return;
  constexpr double most = 3'652'058;  // days in the years 1 to 9999
  if (!(*silence > 0) || *silence > most) {
    throw InvalidValueError(reader + "(silence=)", v0::detail::shown(*silence), "days in (0, 3652058]");
  }
  if (!has_until) {
    throw InvalidValueError(reader + "(until=)", "none", "an as-of time, since silence is measured up to it");
  }
}

inline void check_until(const std::string& reader, const std::optional<Tick>& until) {
  if (until && (*until < earliest_tick || *until > latest_tick)) {
    throw InvalidValueError(reader + "(until=)", std::to_string(*until) + " microseconds",
                            "the years 1 to 9999");
  }
}

/// The measures of either reader: "amount" and "cost" where given, and the named ones, sorted by name.
template <class Options>
std::map<std::string, std::string> measure_columns(const std::string& reader, const Options& options) {
  std::map<std::string, std::string> columns = options.measures;
  const auto put = [&](const char* name, const std::string& column) {
    if (column.empty()) return;
    if (!columns.emplace(name, column).second) {
      throw InvalidValueError(reader + "(measures=)", name,
                              std::string("measures other than ") + name + ", which is given apart");
    }
  };
  put("amount", options.amount);
  put("cost", options.cost);
  return columns;
}

/// Options with names in NFC, the outcomes filled in, all checked.
inline MilestoneOptions checked(MilestoneOptions options) {
  const std::string reader = "milestones";
  if (options.stages.empty())
    throw InvalidValueError("milestones(stages=)", "no stage", "at least one stage with its column");
  std::vector<std::string> names;
  for (StageColumn& stage : options.stages) {
    stage.stage = checked_name(stage.stage, "milestones(stages=)");
    for (const char* taken : {"lost", "screened", "silent"}) {
      if (stage.stage == taken) {
        throw InvalidValueError("milestones(stages=)", "\"" + stage.stage + "\"",
                                "a stage; an end that is not won goes by lost=, status= and lost_at=");
      }
    }
    if (std::ranges::find(names, stage.stage) != names.end()) {
      throw InvalidValueError("milestones(stages=)", "\"" + stage.stage + "\" twice", "each stage once");
    }
    names.push_back(stage.stage);
  }
  if (options.outcomes.empty()) options.outcomes = {{names.back(), OutcomeKind::won}};
  std::map<std::string, OutcomeKind> outcomes;
  for (const auto& [name, kind] : options.outcomes) {
    const std::string clean = normalise_name(name);
    if (std::ranges::find(names, clean) == names.end())
      throw UnknownNameError("stage", clean, nearest_name(clean, names));
    outcomes[clean] = kind;
  }
  options.outcomes = std::move(outcomes);
  std::map<std::string, std::string> reasons;
  for (const auto& [reason, owner] : options.reasons) {
    reasons[normalise_name(reason)] = checked_name(owner, "milestones(reasons=)");
  }
  options.reasons = std::move(reasons);
  if (!options.reasons.empty() && options.lost.empty()) {
    throw InvalidValueError("milestones(reasons=)", "reasons with owners",
                            "none without lost=, the column of reasons");
  }
  if (!options.statuses.empty() && options.status.empty()) {
    throw InvalidValueError("milestones(statuses=)", "meanings of statuses",
                            "none without status=, their column");
  }
  check_until(reader, options.until);
  check_silence(reader, options.silence, options.until.has_value());
  return options;
}

/// Options with names in NFC, all checked.
inline EventOptions checked(EventOptions options) {
  const std::string reader = "events";
  std::map<std::string, OutcomeKind> outcomes;
  for (const auto& [name, kind] : options.outcomes) outcomes[checked_name(name, "events(outcomes=)")] = kind;
  options.outcomes = std::move(outcomes);
  std::vector<std::string> stages;
  for (const std::string& stage : options.stages) {
    std::string clean = checked_name(stage, "events(stages=)");
    if (std::ranges::find(stages, clean) != stages.end()) {
      throw InvalidValueError("events(stages=)", "\"" + clean + "\" twice", "each stage once");
    }
    stages.push_back(std::move(clean));
  }
  options.stages = std::move(stages);
  check_until(reader, options.until);
  check_silence(reader, options.silence, options.until.has_value());
  if (options.silence && options.end && *options.end != JourneyEnd::open) {
    throw InvalidValueError("events(end=)", *options.end == JourneyEnd::silent ? "silent" : "drop_off",
                            "open where silence= is given: it turns open journeys silent");
  }
  return options;
}

}  // namespace funnelgraph::inline v0::fit::detail
