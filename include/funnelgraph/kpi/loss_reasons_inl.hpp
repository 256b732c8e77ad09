#pragma once

#include <algorithm>
#include <limits>
#include <tuple>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/names.hpp>
#include <funnelgraph/core/nearest_name.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/fit/reading.hpp>
#include <funnelgraph/fit/tally.hpp>
#include <funnelgraph/kpi/loss_reasons.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

/// Names by name, in NFC; what stands for in `what` is checked as a name of a part.
inline std::map<std::string, std::string> owners_by_name(const std::map<std::string, std::string>& given,
                                                         const std::string& what) {
  std::map<std::string, std::string> clean;
  for (const auto& [name, owner] : given)
    clean[normalise_name(name)] = fit::detail::checked_name(owner, what);
  return clean;
}

/// Throws UnknownNameError for a name that never occurs beside a near one.
inline void check_occurring(const std::map<std::string, std::string>& given,
                            const std::vector<std::string>& occurring, const char* kind) {
  for (const auto& [name, owner] : given) {
    if (std::ranges::find(occurring, name) != occurring.end()) continue;
    const std::string nearest = nearest_name(name, occurring);
    if (!nearest.empty()) throw UnknownNameError(kind, name, nearest);
  }
}

}  // namespace detail

FUNNELGRAPH_INLINE LossReasons loss_reasons(const fit::Columns& table, const LossReasonOptions& options) {
  if (table.rows() == 0) throw DataError(table.source(), 0, "", "the table has no rows");
  const std::string unassigned = "not assigned";
  const auto owner_of = detail::owners_by_name(options.owners, "loss_reasons(owners=)");
  const auto recorder_of = detail::owners_by_name(options.recorders, "loss_reasons(recorders=)");
  const fit::detail::Labels reasons = fit::detail::read_labels(table, options.reason);
  detail::check_occurring(owner_of, reasons.names, "reason");
  std::span<const fit::Tick> lost_at;
  if (!options.lost_at.empty()) lost_at = fit::detail::read_times(table, options.lost_at);
  fit::detail::Labels recorders;
  if (!options.recorded_by.empty()) {
    recorders = fit::detail::read_labels(table, options.recorded_by);
    detail::check_occurring(recorder_of, recorders.names, "recorder");
  } else if (!recorder_of.empty()) {
    throw InvalidValueError("loss_reasons(recorders=)", "sides of recorders",
                            "none without recorded_by=, their column");
  }
  std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t> counts;
  LossReasons out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::uint32_t label = reasons.rows[row];
    if (label == fit::nowhere && (lost_at.empty() || lost_at[row] == fit::no_tick)) continue;
    const std::string reason = label == fit::nowhere ? "" : reasons.names[label];
    const auto owner = owner_of.find(reason);
    std::string recorder;
    if (!recorders.rows.empty() && recorders.rows[row] != fit::nowhere) {
      recorder = recorders.names[recorders.rows[row]];
      if (const auto side = recorder_of.find(recorder); side != recorder_of.end()) recorder = side->second;
    }
    ++counts[{owner == owner_of.end() || reason.empty() ? unassigned : owner->second, reason, recorder}];
    ++out.losses;
  }
  if (out.losses == 0) throw DataError(table.source(), 0, options.reason, "has no losses");
  std::map<std::string, LossOwner> owners;
  std::uint64_t compared = 0, by_others = 0;
  for (const auto& [key, count] : counts) {
    const auto& [owner, reason, recorder] = key;
    out.reasons.push_back(
        {owner, reason, recorder, count, static_cast<double>(count) / static_cast<double>(out.losses)});
    LossOwner& total = owners[owner];
    total.owner = owner;
    total.count += count;
    (recorder.empty() ? total.by_unknown : recorder == owner ? total.by_itself : total.by_others) += count;
    if (recorder.empty() || owner == unassigned) continue;
    compared += count;
    by_others += recorder == owner ? 0 : count;
  }
  std::ranges::stable_sort(out.reasons, [](const LossReason& a, const LossReason& b) {
    return a.owner < b.owner || (a.owner == b.owner && a.count > b.count);
  });
  for (auto& [name, owner] : owners) {
    const Interval interval = fit::jeffreys_interval(owner.count, out.losses);
    owner.share = static_cast<double>(owner.count) / static_cast<double>(out.losses);
    owner.low = interval.low;
    owner.high = interval.high;
    out.owners.push_back(owner);
  }
  std::ranges::stable_sort(out.owners, [&](const LossOwner& a, const LossOwner& b) {
    if ((a.owner == unassigned) != (b.owner == unassigned)) return b.owner == unassigned;
    return a.count > b.count;
  });
  out.recorded_by_others = compared == 0 ? std::numeric_limits<double>::quiet_NaN()
                                         : static_cast<double>(by_others) / static_cast<double>(compared);
  return out;
}

}  // namespace funnelgraph::inline v0
