#pragma once

#include <algorithm>
#include <cmath>
#include <optional>

#include <funnelgraph/analysis/analyze.hpp>
#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/lag_distribution.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/fit/statistics.hpp>
#include <funnelgraph/kpi/agreement_report.hpp>
#include <funnelgraph/model/funnel.hpp>

namespace funnelgraph::inline v0 {

namespace detail {

class PromiseMeter {
 public:
  PromiseMeter(const Agreement& agreement, const AgreementActuals& actuals)
      : agreement_(agreement), actuals_(actuals) {
    if (!(actuals.periods > 0) || std::isinf(actuals.periods)) {
      throw InvalidValueError("measure(periods=)", shown(actuals.periods), "a finite number > 0");
    }
    if (!(actuals.near >= 0) || std::isinf(actuals.near)) {
      throw InvalidValueError("measure(near=)", shown(actuals.near), "a finite share >= 0");
    }
    if (actuals.funnel != nullptr) analysis_ = analyze(*actuals.funnel);
  }

  std::vector<PromiseRow> rows() {
    std::vector<PromiseRow> rows;
    for (const AgreedPromise& promise : agreement_.promises) {
      PromiseRow row{.promise = promise,
                     .actual = unknown_number,
                     .low = unknown_number,
                     .high = unknown_number,
                     .n = unknown_number,
                     .gap = unknown_number,
                     .measured_by = {}};
      fill(row);
      judge(row);
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  void fill(PromiseRow& row) {
    switch (row.promise.kind) {
      case PromiseKind::volume:
        return volume(row);
      case PromiseKind::quality:
        return quality(row);
      case PromiseKind::answer:
        return answer(row);
      case PromiseKind::feedback:
        if (!has_feedback()) return;
        return share(row, actuals_.record->total.feedback, actuals_.record->total.judged(),
                     "hand-off record");
      case PromiseKind::report:
        return (void)levels(row, Promise::report);
      case PromiseKind::wins:
        return wins(row);
    }
  }

  void judge(PromiseRow& row) const {
    if (std::isnan(row.actual)) {
      row.status = PromiseStatus::not_measured;
    } else if (std::isnan(row.promise.promised)) {
      row.status = PromiseStatus::not_agreed;
    } else {
      constexpr double rounding = 1e-12;
      row.gap =
          row.promise.promised == 0 ? row.actual : (row.actual - row.promise.promised) / row.promise.promised;
      row.status = !row.promise.agreed                    ? PromiseStatus::proposed
                   : row.gap >= -rounding                 ? PromiseStatus::kept
                   : row.gap >= -actuals_.near - rounding ? PromiseStatus::near
                                                          : PromiseStatus::missed;
    }
  }

  static void share(PromiseRow& row, std::uint64_t count, std::uint64_t of, const char* by) {
    if (of == 0) return;
    const Interval interval = fit::jeffreys_interval(count, of);
    row.actual = static_cast<double>(count) / static_cast<double>(of);
    row.low = interval.low;
    row.high = interval.high;
    row.n = static_cast<double>(of);
    row.measured_by = by;
  }

  [[nodiscard]] bool counted(const std::string& stage) const {
    if (actuals_.statistics == nullptr) return false;
    const std::vector<std::string> names = actuals_.statistics->stage_names();
    return std::ranges::find(names, stage) != names.end();
  }

  void volume(PromiseRow& row) {
    const std::string& from = row.promise.from;
    const std::string& into = row.promise.into;
    if (counted(from) && counted(into)) {
      row.actual = static_cast<double>(actuals_.statistics->count(from, into)) / actuals_.periods;
      row.measured_by = "statistics";
    } else if (analysis_ && actuals_.funnel->find_transition(from, into)) {
      row.actual = analysis_->visits(from) * analysis_->rate(from, into);
      row.measured_by = "funnel";
    } else if (actuals_.record != nullptr) {
      row.actual = static_cast<double>(actuals_.record->total.delivered) / actuals_.periods;
      row.measured_by = "hand-off record";
    }
  }

  [[nodiscard]] bool has_feedback() const {
    return actuals_.record != nullptr && actuals_.record->records_feedback;
  }

  void quality(PromiseRow& row) const {
    if (!has_feedback()) return;
    std::uint64_t against = 0;
    for (const HandOffReason& reason : actuals_.record->reasons)
      against += reason.against_definition ? reason.count : 0;
    const std::uint64_t feedback = actuals_.record->total.feedback;
    share(row, feedback - std::min(against, feedback), feedback, "hand-off record");
  }

  [[nodiscard]] bool levels(PromiseRow& row, Promise promise) const {
    if (actuals_.levels == nullptr) return false;
    std::uint64_t in_time = 0, late = 0;
    for (const ServiceLevelRow& level : actuals_.levels->rows) {
      if (level.rule.promise != promise || level.rule.within != row.promise.within) continue;
      if (promise == Promise::answer &&
          (level.rule.from != row.promise.from || level.rule.to != row.promise.into)) {
        continue;
      }
      in_time += level.in_time;
      late += level.late;
    }
    share(row, in_time, in_time + late, "service levels");
    return in_time + late > 0;
  }

  void answer(PromiseRow& row) const {
    if (levels(row, Promise::answer)) return;
    const bool hand_over = std::ranges::any_of(agreement_.promises, [&](const AgreedPromise& other) {
      return other.kind == PromiseKind::volume && other.from == row.promise.from &&
             other.into == row.promise.into;
    });
    if (hand_over && actuals_.record != nullptr && actuals_.record->within == row.promise.within) {
      const HandOffCounts& total = actuals_.record->total;
      return share(row, total.touched_in_time, total.judged(), "hand-off record");
    }
    if (actuals_.funnel == nullptr) return;
    const auto transition = actuals_.funnel->find_transition(row.promise.from, row.promise.into);
    if (!transition) return;
    row.actual =
        1 - exceedance(actuals_.funnel->transition(*transition).lag.distribution(), row.promise.within);
    if (!std::isnan(row.actual)) row.measured_by = "funnel's lags";
  }

  void wins(PromiseRow& row) const {
    if (counted(row.promise.into)) {
      row.actual = static_cast<double>(actuals_.statistics->entered(row.promise.into)) / actuals_.periods;
      row.measured_by = "statistics";
    } else if (analysis_ && actuals_.funnel->find_outcome(row.promise.into)) {
      row.actual = analysis_->count(row.promise.into);
      row.measured_by = "funnel";
    }
  }

  const Agreement& agreement_;
  const AgreementActuals& actuals_;
  std::optional<Analysis> analysis_;
};

}  // namespace detail

FUNNELGRAPH_INLINE std::string to_string(PromiseKind kind) {
  constexpr const char* names[] = {"volume", "quality", "answer", "feedback", "report", "wins"};
  return names[static_cast<std::size_t>(kind)];
}

FUNNELGRAPH_INLINE std::string to_string(PromiseStatus status) {
  constexpr const char* names[] = {"kept", "near", "missed", "proposed", "not_agreed", "not_measured"};
  return names[static_cast<std::size_t>(status)];
}

FUNNELGRAPH_INLINE std::vector<PromiseRow> measure(const Agreement& agreement,
                                                   const AgreementActuals& actuals) {
  return detail::PromiseMeter(agreement, actuals).rows();
}

}  // namespace funnelgraph::inline v0
