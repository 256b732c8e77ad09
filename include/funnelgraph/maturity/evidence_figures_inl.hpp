#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <funnelgraph/core/error.hpp>
#include <funnelgraph/core/normal_interval.hpp>
#include <funnelgraph/core/shown.hpp>
#include <funnelgraph/fit/binomial_interval.hpp>
#include <funnelgraph/maturity/evidence.hpp>
#include <funnelgraph/maturity/owner_roles_inl.hpp>
#include <funnelgraph/maturity/reliability_inl.hpp>

namespace funnelgraph::inline v0::maturity {
namespace detail {

inline constexpr std::array<std::string_view, evidence_kinds> evidence_words{
    "wait", "loss", "breach", "recycled", "feedback", "definitions", "joint_ownership", "shared_measures"};

/// A share with its interval where its n is known.
[[nodiscard]] inline EvidenceFigure share_figure(double share, double n, std::string from) {
  if (std::isnan(share)) return {};
  EvidenceFigure figure{share, n, unknown, unknown, std::move(from)};
  if (n > 0) {
    const double hits = share * n;
    const Interval interval = fit::beta_interval(hits + 0.5, n - hits + 0.5);
    figure.low = hits > 0 ? interval.low : 0;
    figure.high = hits < n ? interval.high : 1;
  }
  return figure;
}

/// Adds up hand-offs weighted by volume.
struct HandOffSums {
  double volume = 0, lost = 0;
  double timed = 0, days = 0, squares = 0;  // of those with a known lag
  double promised = 0, breached = 0;        // of those with a service level
  double seen = 0, seen_timed = 0;          // journeys a fit counted
};

[[nodiscard]] inline HandOffSums sum_hand_offs(const Funnel& funnel, const Analysis& analysis,
                                               const std::vector<std::string>& givers,
                                               const std::vector<std::string>& receivers) {
  const auto is_in = [](const std::vector<std::string>& owners, const std::string& owner) {
    return std::find(owners.begin(), owners.end(), owner) != owners.end();
  };
  HandOffSums sums;
  std::vector<std::pair<std::string, std::string>> counted;
  for (const HandOffRow& row : analysis.hand_offs) {
    if (!is_in(givers, row.giver) || !is_in(receivers, row.receiver) || !(row.volume > 0)) continue;
    const Transition& transition = funnel.transition(row.from, row.to);
    sums.volume += row.volume;
    sums.lost += row.lost;
    if (!std::isnan(row.lag_mean)) {
      const double sd = transition.lag.sd.value;
      sums.timed += row.volume;
      sums.days += row.volume * row.lag_mean;
      sums.squares += row.volume * (row.lag_mean * row.lag_mean + sd * sd);
    }
    if (!std::isnan(row.breach)) {
      sums.promised += row.volume;
      sums.breached += row.volume * row.breach;
    }
    const std::pair<std::string, std::string> edge{row.from, row.to};
    if (!transition.observed || std::find(counted.begin(), counted.end(), edge) != counted.end()) continue;
    counted.push_back(edge);
    sums.seen += transition.observed->count;
    if (!std::isnan(row.lag_mean)) sums.seen_timed += transition.observed->count;
  }
  return sums;
}

/// Share of the stages of either side that both own or in which the other side is involved.
[[nodiscard]] inline double joint_share(const Funnel& funnel, const std::vector<std::string>& marketers,
                                        const std::vector<std::string>& sellers) {
  double joint = 0;
  double all = 0;
  const auto involved = [](const Stage& stage, const std::vector<std::string>& owners) {
    return std::any_of(stage.involved.begin(), stage.involved.end(), [&](const std::string& owner) {
      return std::find(owners.begin(), owners.end(), owner) != owners.end();
    });
  };
  for (const Stage& stage : funnel.stages()) {
    const bool marketing = share_of(stage.owner, marketers) > 0;
    const bool sales = share_of(stage.owner, sellers) > 0;
    if (!marketing && !sales) continue;
    all += 1;
    if ((marketing || involved(stage, marketers)) && (sales || involved(stage, sellers))) joint += 1;
  }
  return ratio(joint, all);
}

[[nodiscard]] inline EvidenceFigure& at(EvidenceFigures& figures, EvidenceKind kind) {
  return figures[static_cast<std::size_t>(kind)];
}

}  // namespace detail

FUNNELGRAPH_INLINE std::string_view to_string(EvidenceKind kind) noexcept {
  return detail::evidence_words[static_cast<std::size_t>(kind)];
}

FUNNELGRAPH_INLINE EvidenceFigures evidence_figures(const Funnel& funnel, const AnalysisOptions& options) {
  const Analysis analysis = analyze(funnel, options);
  const std::vector<std::string> marketers = owners_of(funnel, Side::marketing);
  const std::vector<std::string> sellers = owners_of(funnel, Side::sales);
  EvidenceFigures figures;
  if (marketers.empty() || sellers.empty()) return figures;
  const detail::HandOffSums given = detail::sum_hand_offs(funnel, analysis, marketers, sellers);
  const detail::HandOffSums back = detail::sum_hand_offs(funnel, analysis, sellers, marketers);
  const auto seen = [](double count) { return count > 0 ? count : detail::unknown; };

  if (given.timed > 0) {
    const double mean = given.days / given.timed;
    EvidenceFigure wait{mean, seen(given.seen_timed), detail::unknown, detail::unknown, "funnel"};
    if (given.seen_timed > 1) {
      const double variance = std::max(given.squares / given.timed - mean * mean, 0.0);
      const double error = two_sided_95 * std::sqrt(variance / given.seen_timed);
      wait.low = std::max(mean - error, 0.0);
      wait.high = mean + error;
    }
    detail::at(figures, EvidenceKind::wait) = wait;
  }
  detail::at(figures, EvidenceKind::loss) =
      detail::share_figure(detail::ratio(given.lost, given.volume), seen(given.seen), "funnel");
  detail::at(figures, EvidenceKind::breach) =
      detail::share_figure(detail::ratio(given.breached, given.promised), detail::unknown, "funnel");
  double lost = 0;
  for (const OwnerRow& row : analysis.owners) {
    if (std::find(sellers.begin(), sellers.end(), row.owner) != sellers.end()) lost += row.lost;
  }
  if (given.volume > 0) {
    detail::at(figures, EvidenceKind::recycled) =
        detail::share_figure(detail::ratio(back.volume, back.volume + lost), detail::unknown, "funnel");
  }
  detail::at(figures, EvidenceKind::definitions) =
      detail::share_figure(defined_share(funnel), detail::unknown, "funnel");
  detail::at(figures, EvidenceKind::joint_ownership) =
      detail::share_figure(detail::joint_share(funnel, marketers, sellers), detail::unknown, "funnel");
  return figures;
}

FUNNELGRAPH_INLINE void put_record(EvidenceFigures& figures, const HandOffRecord& record) {
  const HandOffCounts& counts = record.total;
  if (counts.judged() == 0) return;
  const auto judged = static_cast<double>(counts.judged());
  detail::at(figures, EvidenceKind::breach) = detail::share_figure(counts.breach(), judged, "record");
  detail::at(figures, EvidenceKind::feedback) =
      detail::share_figure(counts.feedback_share(), judged, "record");
  if (!std::isnan(counts.touch_mean)) {
    detail::at(figures, EvidenceKind::wait) = {counts.touch_mean, static_cast<double>(counts.touched),
                                               detail::unknown, detail::unknown, "record"};
  }
}

FUNNELGRAPH_INLINE void put_figure(EvidenceFigures& figures, EvidenceKind kind, double value, double n) {
  const std::string where(to_string(kind));
  const bool is_share = kind != EvidenceKind::wait;
  if (!(value >= 0) || std::isinf(value) || (is_share && value > 1)) {
    throw InvalidValueError(where, funnelgraph::detail::shown(value),
                            is_share ? "a share from 0 to 1" : "a finite number of days, 0 or more");
  }
  if (n < 0 || std::isinf(n)) {
    throw InvalidValueError("n of " + where, funnelgraph::detail::shown(n), "a finite number, 0 or more");
  }
  detail::at(figures, kind) = is_share ? detail::share_figure(value, n, "given")
                                       : EvidenceFigure{value, n, detail::unknown, detail::unknown, "given"};
}

}  // namespace funnelgraph::inline v0::maturity
